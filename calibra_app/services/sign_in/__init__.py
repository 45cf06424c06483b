"""Signing in and out: passwords, sessions, links that work once."""

from calibra_app.services.sign_in.links import (
    LinkFacts,
    Promise,
    accept_invitation,
    find_link,
    invite,
    request_reset,
)
from calibra_app.services.sign_in.passwords import WeakPassword, hash_password
from calibra_app.services.sign_in.sessions import (
    OpenedSession,
    Self,
    actor_of_session,
    confirm_password,
    describe_self,
    end_sessions_of,
    sign_in,
    sign_out,
)

__all__ = [
    "LinkFacts",
    "OpenedSession",
    "Promise",
    "Self",
    "WeakPassword",
    "accept_invitation",
    "actor_of_session",
    "confirm_password",
    "describe_self",
    "end_sessions_of",
    "find_link",
    "hash_password",
    "invite",
    "request_reset",
    "sign_in",
    "sign_out",
]
