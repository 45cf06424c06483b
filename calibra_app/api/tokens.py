"""Access tokens of the HTTP interface: signed, short-lived, and void once their session ends."""

from datetime import timedelta
from functools import cache
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from calibra_app.config import settings
from calibra_app.core.access import Actor
from calibra_app.core.clock import system_clock
from calibra_app.core.errors import Unauthenticated
from calibra_app.core.ids import new_id
from calibra_app.services.sign_in import ApiSession, actor_of_api_session

ALGORITHM = "HS256"
AUDIENCE = "calibra"
ACCESS = timedelta(minutes=180)
PRIVILEGED_ACCESS = timedelta(minutes=15)
LEEWAY_SECONDS = 30
LONGEST_TOKEN = 4_096


@cache
def _key() -> OctKey:
    return OctKey.import_key(bytes.fromhex(settings().derived("access token")))


def issue(session: ApiSession) -> tuple[str, int]:
    """Return an access token for a session, and for how many seconds it is good."""
    lifetime = PRIVILEGED_ACCESS if session.privileged else ACCESS
    now = int(system_clock().timestamp())
    claims = {
        "iss": settings().origin,
        "aud": AUDIENCE,
        "sub": str(session.person_id),
        "tid": session.tenant_id,
        "sid": str(session.session_id),
        "jti": str(new_id()),
        "iat": now,
        "nbf": now,
        "exp": now + int(lifetime.total_seconds()),
    }
    header = {"alg": ALGORITHM, "typ": "at+jwt"}
    return jwt.encode(header, claims, _key()), int(lifetime.total_seconds())


def actor_of_bearer(token: str, *, only_in: int | None, request_id: str) -> Actor:
    """Return who holds a token, having looked up that its session still lives.

    Raises:
        Unauthenticated: The token is not ours, too old, for another laboratory, or its session
            has ended.
    """
    refusal = Unauthenticated("This token is not valid, or no longer is. Ask for a new one.")
    if len(token) > LONGEST_TOKEN:
        raise refusal
    try:
        decoded = jwt.decode(token, _key(), algorithms=[ALGORITHM])
        registry = jwt.JWTClaimsRegistry(
            now=int(system_clock().timestamp()),
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": settings().origin},
            aud={"essential": True, "value": AUDIENCE},
            exp={"essential": True},
            sub={"essential": True},
        )
        # Decoding alone accepts an expired token.
        registry.validate(decoded.claims)
        if decoded.header.get("typ") != "at+jwt":
            raise refusal
        tenant_id = int(decoded.claims["tid"])
        session_id = UUID(str(decoded.claims["sid"]))
    except (JoseError, KeyError, TypeError, ValueError) as error:
        raise refusal from error
    if only_in is not None and only_in != tenant_id:
        raise refusal
    return actor_of_api_session(tenant_id, session_id, request_id=request_id)
