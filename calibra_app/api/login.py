"""Signing in and out over HTTP, links that work once, and tokens for programs."""

from contextlib import suppress
from html import escape
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from calibra_app.adapters import attempts, metrics, session_cookie
from calibra_app.api.dependencies import (
    Caller,
    Place,
    address_of,
    ask,
    caller,
    require_own_page,
)
from calibra_app.api.plain_page import complaint, page, sentence
from calibra_app.api.tokens import issue
from calibra_app.core.access import visitor
from calibra_app.core.errors import CalibraError, NotFound, Unauthenticated
from calibra_app.services.sign_in import (
    ABSOLUTE,
    LOCKED_FOR,
    ApiSession,
    LinkFacts,
    OpenedSession,
    WrongSignIn,
    accept_invitation,
    find_link,
    locked,
    open_api_session,
    renew_api_session,
    request_reset,
    sign_in,
    sign_out,
    visitor_with,
)
from calibra_app.services.tenants import (
    Whereabouts,
    face_of_laboratory,
    find_laboratory,
)

router = APIRouter()

SIGN_IN_PAGE = "/sign-in/"
PORTAL_PAGE = "/portal/"
# Where a customer may go on to; everything else of the site is the laboratory's own.
CUSTOMERS_PAGES = (PORTAL_PAGE, "/q/", "/verify/")
# Browsers send this password field; longer ones are no passwords.
LONGEST_TYPED = 512


class SignInIn(BaseModel):
    """What the sign-in page sends."""

    model_config = ConfigDict(extra="forbid", str_max_length=LONGEST_TYPED)

    laboratory: str = ""
    email: str = Field(min_length=1)
    password: SecretStr = Field(max_length=LONGEST_TYPED)
    next: str = "/"


class TokenIn(BaseModel):
    """What a program sends for its first token."""

    model_config = ConfigDict(extra="forbid", str_max_length=LONGEST_TYPED)

    tenant: str
    email: str
    password: SecretStr = Field(max_length=LONGEST_TYPED)
    otp: str = ""


class RefreshIn(BaseModel):
    """What a program sends for its next token."""

    model_config = ConfigDict(extra="forbid", str_max_length=LONGEST_TYPED)

    refresh_token: str


class TokenOut(BaseModel):
    """An access token, and the value that buys the next one, once."""

    access_token: str
    token_type: str = "bearer"  # noqa: S105 (the name of a scheme)
    expires_in: int
    refresh_token: str


@router.get("/api/v1/session/place")
def get_place(place: Place) -> dict[str, Any]:
    """Say which laboratory this address belongs to, for the sign-in page."""
    if place.tenant_id is None:
        return {"chosen": False, "name": ""}
    return {"chosen": True, "name": ask(visitor(place.tenant_id), face_of_laboratory).name}


@router.post("/api/v1/session", dependencies=[Depends(require_own_page)])
def post_session(
    typed: SignInIn, request: Request, response: Response, place: Place
) -> dict[str, str]:
    """Sign in; the session goes into an HttpOnly cookie, never into the page."""
    opened = _try(
        request,
        place,
        typed.laboratory,
        typed.email,
        typed.password.get_secret_value(),
        agent=request.headers.get("user-agent", ""),
    )
    _set_cookie(response, opened.token)
    wanted = _own_path(typed.next)
    if opened.customer_id is not None and not wanted.startswith(CUSTOMERS_PAGES):
        wanted = PORTAL_PAGE
    return {"next": wanted}


@router.post("/api/v1/auth/sign-out", dependencies=[Depends(require_own_page)])
@router.delete("/api/v1/session", dependencies=[Depends(require_own_page)])
def post_sign_out(request: Request, place: Place) -> Response:
    """End the session; also where it has ended already."""
    # Whoever is signed out already wants the same.
    with suppress(CalibraError):
        ask(caller(request, place), sign_out)
    response = RedirectResponse(SIGN_IN_PAGE, status_code=303)
    _set_cookie(response, "")
    return response


@router.post("/api/v1/auth/token")
def post_token(typed: TokenIn, request: Request, place: Place) -> TokenOut:
    """Give a program its first pair of tokens, for a person's password."""
    opened = _try(
        request, place, typed.tenant, typed.email, typed.password.get_secret_value(), program=True
    )
    if opened.api is None:
        raise WrongSignIn("Laboratory, email and password do not belong together.")
    return _pair(opened.api)


@router.post("/api/v1/auth/refresh")
def post_refresh(typed: RefreshIn, place: Place) -> TokenOut:
    """Exchange a refresh token for a new pair; the old one is spent."""
    guest = visitor_with(typed.refresh_token)
    if place.tenant_id not in {None, guest.tenant_id}:
        raise Unauthenticated("This token is not valid here.")
    return _pair(ask(guest, renew_api_session, typed.refresh_token))


@router.delete("/api/v1/auth/token", status_code=204)
def delete_token(actor: Caller) -> None:
    """End the session of the token with which this is asked."""
    ask(actor, sign_out)


@router.get("/welcome/{token}", response_class=HTMLResponse)
def get_welcome(token: str) -> HTMLResponse:
    """Show whom a one-time link welcomes, and ask for a password."""
    return _welcome(ask(visitor_with(token), find_link, token))


@router.post(
    "/welcome/{token}", response_class=HTMLResponse, dependencies=[Depends(require_own_page)]
)
def post_welcome(
    token: str,
    password: Annotated[str, Form(max_length=LONGEST_TYPED)],
    again: Annotated[str, Form(max_length=LONGEST_TYPED)] = "",
) -> HTMLResponse:
    """Take the password; the link is used up."""
    guest = visitor_with(token)
    facts = ask(guest, find_link, token)
    if password != again:
        return _welcome(facts, "The two passwords differ. Type them once more.")
    try:
        ask(guest, accept_invitation, token, password)
    except NotFound:
        raise
    except CalibraError as error:
        return _welcome(facts, error.message)
    body = (
        f"<p>Your password is set, {escape(facts.name)}. Sign in to "
        f"{escape(facts.laboratory_name)} with {escape(facts.email)}.</p>"
        f'<a class="button" href="{SIGN_IN_PAGE}?laboratory={escape(facts.laboratory_slug)}">'
        "Sign in</a>"
    )
    return page("You are all set", body)


@router.get("/forgot", response_class=HTMLResponse)
def get_forgot(place: Place, laboratory: str = "") -> HTMLResponse:
    """Ask for the address to which a link for a new password shall go."""
    return _forgot(place, laboratory=laboratory)


@router.post("/forgot", response_class=HTMLResponse, dependencies=[Depends(require_own_page)])
def post_forgot(
    request: Request,
    place: Place,
    email: Annotated[str, Form(max_length=LONGEST_TYPED)],
    laboratory: Annotated[str, Form(max_length=LONGEST_TYPED)] = "",
) -> HTMLResponse:
    """Mail a link if the address is known; the page says the same in either case."""
    try:
        tenant_id = place.tenant_id or find_laboratory(laboratory)
    except NotFound:
        tenant_id = None
    if tenant_id and attempts.may_ask_for_link(tenant_id, email, address_of(request)):
        ask(visitor(tenant_id), request_reset, email)
    return sentence(
        "Look into your mail",
        "If this address is known here, a link is on its way. It works once, for 30 minutes.",
    )


def _try(
    request: Request,
    place: Whereabouts,
    laboratory: str,
    email: str,
    password: str,
    *,
    agent: str = "",
    program: bool = False,
) -> OpenedSession:
    """Try a password once, counted; raise what the person is to read."""
    address = address_of(request)
    try:
        tenant_id = place.tenant_id or find_laboratory(laboratory)
    except NotFound:
        # Counted like a wrong password of an account, and told in the same words.
        tenant_id = 0
    if not attempts.may_try(tenant_id, email, address):
        metrics.AUTH_FAILURES.labels("locked").inc()
        raise locked(LOCKED_FOR)
    deed = open_api_session if program else sign_in
    opened = (
        ask(visitor(tenant_id), deed, email, password, address=address, agent=agent)
        if tenant_id
        else OpenedSession(refusal=_wrong())
    )
    if opened.refusal is not None:
        metrics.AUTH_FAILURES.labels(opened.refusal.code).inc()
        attempts.remember_failure(tenant_id, email, address)
        raise opened.refusal
    attempts.forget_failures(tenant_id, email)
    return opened


def _wrong() -> WrongSignIn:
    return WrongSignIn("Laboratory, email and password do not belong together. Try again.")


def _pair(session: ApiSession) -> TokenOut:
    access, seconds = issue(session)
    return TokenOut(access_token=access, expires_in=seconds, refresh_token=session.refresh_token)


def _set_cookie(response: Response, token: str) -> None:
    order = session_cookie.order_for(token, int(ABSOLUTE.total_seconds()))
    response.set_cookie(
        order.name,
        order.value,
        max_age=order.max_age_seconds,
        path="/",
        secure=order.secure,
        httponly=True,
        samesite="lax",
    )


def _own_path(wanted: str) -> str:
    """Return where to go after the sign-in: a path of this site, or its first page."""
    single = wanted.startswith("/") and not wanted.startswith(("//", "/\\"))
    plain = all(sign.isprintable() and sign != "\\" for sign in wanted)
    return wanted if single and plain and not wanted.startswith(SIGN_IN_PAGE) else "/"


def _welcome(facts: LinkFacts, refusal: str = "") -> HTMLResponse:
    asked = "Choose a password" if facts.purpose == "welcome" else "Choose a new password"
    body = (
        f"<p>{escape(facts.name)}, this is {escape(facts.laboratory_name)}. "
        f"You sign in as {escape(facts.email)}.</p>{complaint(refusal)}"
        '<form method="post"><input type="hidden" name="username" autocomplete="username" '
        f'value="{escape(facts.email)}">'
        '<label for="password">Password</label><input id="password" name="password" '
        'type="password" autocomplete="new-password" minlength="12" required autofocus '
        'aria-describedby="rule">'
        '<p class="hint" id="rule">At least 12 characters; three or four words do well.</p>'
        '<label for="again">Once more</label><input id="again" name="again" type="password" '
        'autocomplete="new-password" required><button>Set password</button></form>'
    )
    return page(asked, body, status=422 if refusal else 200)


def _forgot(place: Whereabouts, *, laboratory: str) -> HTMLResponse:
    chosen = (
        ""
        if place.tenant_id
        else '<label for="laboratory">Laboratory</label><input id="laboratory" '
        f'name="laboratory" value="{escape(laboratory)}" required>'
    )
    body = (
        "<p>We mail you a link with which you choose a new one.</p>"
        f'<form method="post">{chosen}<label for="email">Email</label>'
        '<input id="email" name="email" type="email" autocomplete="username" required>'
        "<button>Mail me a link</button></form>"
    )
    return page("Forgot your password?", body)
