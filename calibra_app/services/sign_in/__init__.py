"""Signing in and out: passwords, sessions, links that work once."""

from calibra_app.services.sign_in.api_sessions import (
    actor_of_api_session,
    open_api_session,
    renew_api_session,
)
from calibra_app.services.sign_in.links import (
    LinkFacts,
    Promise,
    accept_invitation,
    find_link,
    invite,
    request_reset,
    visitor_with,
)
from calibra_app.services.sign_in.passwords import WeakPassword, hash_password
from calibra_app.services.sign_in.sessions import (
    ABSOLUTE,
    LOCKED_FOR,
    ApiSession,
    OpenedSession,
    Self,
    WrongPassword,
    WrongSignIn,
    actor_of_session,
    confirm_password,
    describe_self,
    end_sessions_of,
    locked,
    sign_in,
    sign_out,
)

__all__ = [
    "ABSOLUTE",
    "LOCKED_FOR",
    "ApiSession",
    "LinkFacts",
    "OpenedSession",
    "Promise",
    "Self",
    "WeakPassword",
    "WrongPassword",
    "WrongSignIn",
    "accept_invitation",
    "actor_of_api_session",
    "actor_of_session",
    "confirm_password",
    "describe_self",
    "end_sessions_of",
    "find_link",
    "hash_password",
    "invite",
    "locked",
    "open_api_session",
    "renew_api_session",
    "request_reset",
    "sign_in",
    "sign_out",
    "visitor_with",
]
