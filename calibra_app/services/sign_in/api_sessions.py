"""Sessions of programs: opened with a password, renewed with a value that works once."""

from datetime import timedelta
from uuid import UUID

from sqlmodel import col, select

from calibra_app.core.access import Actor, Permission, permitted, visitor
from calibra_app.core.errors import Unauthenticated
from calibra_app.core.ids import new_secret
from calibra_app.models.person import Person, SignInSession
from calibra_app.persistence.unit_of_work import UnitOfWork, unit_of_work
from calibra_app.services.sign_in.sessions import (
    API_AGENT,
    PRIVILEGED,
    ApiSession,
    OpenedSession,
    actor_of_row,
    digest_of,
    prove_password,
    roles_of,
    split_token,
)

RENEWABLE = timedelta(days=7)


@permitted(Permission.SESSION_OPEN)
def open_api_session(
    work: UnitOfWork, email: str, password: str, *, address: str = "", agent: str = ""
) -> OpenedSession:
    """Open a session for a program that acts for a person; remember a failure."""
    del agent
    person, refusal = prove_password(work, email, password)
    if person is None:
        return OpenedSession(refusal=refusal)
    secret = new_secret()
    session = SignInSession(
        person_id=person.id,
        digest=digest_of(secret),
        last_seen_at=work.now,
        expires_at=work.now + RENEWABLE,
        address=address[:64],
        agent=API_AGENT,
    )
    work.add(session)
    return OpenedSession(person_id=person.id, api=_described(work, session, person.id, secret))


@permitted(Permission.SESSION_OPEN)
def renew_api_session(work: UnitOfWork, refresh_token: str) -> ApiSession:
    """Spend a refresh token; return the session with the next one.

    Raises:
        Unauthenticated: It is unknown, spent or too old, or its session has ended.
    """
    _, secret = split_token(refresh_token)
    session = work.exec(
        select(SignInSession)
        .where(SignInSession.digest == digest_of(secret), SignInSession.agent == API_AGENT)
        .with_for_update()
    ).first()
    if session is None or session.ended_at or session.expires_at <= work.now:
        raise Unauthenticated("This token is not valid, or no longer is. Sign in again.")
    actor_of_row(work, session, work.peek(Person, session.person_id), "")
    following = new_secret()
    session.digest = digest_of(following)
    session.last_seen_at = work.now
    session.expires_at = work.now + RENEWABLE
    work.add(session)
    return _described(work, session, session.person_id, following)


def actor_of_api_session(tenant_id: int, session_id: UUID, *, request_id: str = "") -> Actor:
    """Return for whom a program acts.

    Raises:
        Unauthenticated: There is no such session, or it has ended.
    """
    with unit_of_work(visitor(tenant_id)) as work:
        found = work.exec(
            select(SignInSession, Person)
            .join(Person, col(Person.id) == SignInSession.person_id)
            .where(SignInSession.id == session_id, SignInSession.agent == API_AGENT)
        ).first()
        if found is None:
            raise Unauthenticated("This token is not valid, or no longer is. Sign in again.")
        session, person = found
        return actor_of_row(work, session, person, request_id)


def _described(
    work: UnitOfWork, session: SignInSession, person_id: UUID, secret: str
) -> ApiSession:
    return ApiSession(
        tenant_id=work.actor.tenant_id,
        session_id=session.id,
        person_id=person_id,
        privileged=bool(roles_of(work, person_id) & PRIVILEGED),
        refresh_token=f"{work.actor.tenant_id}.{secret}",
    )
