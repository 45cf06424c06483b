"""The session cookie: its name, how it is read from a header and how it is written.

The value is `TENANT.SECRET`. The number is public and only says behind which wall to look; the
secret is known to the browser alone, the database keeps its digest.
"""

from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie

from calibra_app.config import settings

PLAIN_NAME = "calibra_session"


@dataclass(frozen=True, slots=True)
class CookieOrder:
    """What a door tells the browser to keep."""

    name: str
    value: str
    max_age_seconds: int
    secure: bool


def cookie_name() -> str:
    """Return the cookie's name; over https it is bound to the exact host by its prefix."""
    return f"__Host-{PLAIN_NAME}" if settings().over_tls else PLAIN_NAME


def session_token(cookie_header: str) -> str:
    """Return the session token of a Cookie header, or an empty text."""
    cookies: SimpleCookie = SimpleCookie()
    try:
        cookies.load(cookie_header)
    except CookieError:
        return ""
    morsel = cookies.get(cookie_name())
    return morsel.value if morsel else ""


def order_for(token: str, max_age_seconds: int) -> CookieOrder:
    """Return the cookie that carries a session; an empty token takes the cookie away."""
    return CookieOrder(
        name=cookie_name(),
        value=token,
        max_age_seconds=max_age_seconds if token else 0,
        secure=settings().over_tls,
    )
