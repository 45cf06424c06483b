"""Sessions: opened with a password, known by a secret, ended by time or by hand."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar
from uuid import UUID

from sqlmodel import col, select

from calibra_app.core.access import Actor, Permission, Role, permitted, visitor, within_deed
from calibra_app.core.errors import CalibraError, Forbidden, NotFound, Unauthenticated
from calibra_app.core.ids import new_secret
from calibra_app.models.person import Person, PersonRole, PersonStatus, SignInSession
from calibra_app.models.tenant import Tenant, TenantStatus
from calibra_app.persistence.unit_of_work import UnitOfWork, unit_of_work
from calibra_app.services.sign_in.passwords import check_password

IDLE = timedelta(minutes=30)
PRIVILEGED_IDLE = timedelta(minutes=15)
ABSOLUTE = timedelta(hours=12)
SESSIONS_AT_ONCE = 5
# The instant of the last use is written at most this often.
SEEN_EVERY = timedelta(seconds=60)

# What a program's session has in place of a browser's name; it is no good as a cookie.
API_AGENT = "api"

FAILURES = 5
LOCKED_FOR = timedelta(minutes=15)

PRIVILEGED = frozenset({Role.TA, Role.LM, Role.QM, Role.AS, Role.FI})


class WrongSignIn(Unauthenticated):
    """The address, the password or the laboratory is not right; which of them is not said."""

    code: ClassVar[str] = "wrong_sign_in"


class SignInLocked(Unauthenticated):
    """Too many failed attempts; trying again is possible after some minutes."""

    code: ClassVar[str] = "sign_in_locked"


class WrongPassword(Forbidden):
    """The password typed again for a signature is not right."""

    code: ClassVar[str] = "wrong_password"


@dataclass(frozen=True, slots=True)
class ApiSession:
    """A program's session, and the value that renews it once."""

    tenant_id: int
    session_id: UUID
    person_id: UUID
    privileged: bool
    refresh_token: str


@dataclass(frozen=True, slots=True)
class OpenedSession:
    """The outcome of an attempt: a token for the cookie, or a refusal.

    The refusal is returned and not raised, because the failed attempt has to be remembered.
    """

    token: str = ""
    person_id: UUID | None = None
    # The customer for whom the person acts; None for the laboratory's own people.
    customer_id: UUID | None = None
    api: ApiSession | None = None
    refusal: CalibraError | None = None


@dataclass(frozen=True, slots=True)
class Self:
    """What somebody is shown of their own account."""

    id: UUID
    name: str
    initials: str
    email: str
    role_titles: tuple[str, ...]
    laboratory_name: str
    laboratory_slug: str
    locale: str
    zone: str
    permissions: tuple[str, ...]
    readable: tuple[str, ...]
    customer_id: UUID | None


def digest_of(secret: str) -> str:
    """Return what the database keeps of a secret of 256 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()


def split_token(token: str) -> tuple[int, str]:
    """Return the laboratory's number and the secret; raise Unauthenticated for another form."""
    number, _, secret = token.partition(".")
    most_digits = 9
    if not (number.isascii() and number.isdecimal() and len(number) <= most_digits and secret):
        raise Unauthenticated("Sign in first.")
    if int(number) <= 0:
        raise Unauthenticated("Sign in first.")
    return int(number), secret


@permitted(Permission.SESSION_OPEN)
def sign_in(
    work: UnitOfWork, email: str, password: str, *, address: str = "", agent: str = ""
) -> OpenedSession:
    """Open a session for whoever knows the password of the account; remember a failure."""
    person, refusal = prove_password(work, email, password)
    if person is None:
        return OpenedSession(refusal=refusal)
    token = _open(work, person, address, agent)
    return OpenedSession(token, person.id, person.customer_id)


@within_deed
def prove_password(
    work: UnitOfWork, email: str, password: str
) -> tuple[Person | None, CalibraError | None]:
    """Return the person who knows the password, or the refusal; a failure is counted."""
    person = work.exec(
        select(Person).where(Person.email == email.strip().lower()).with_for_update()
    ).first()
    if person and person.locked_until and person.locked_until > work.now:
        return None, locked(person.locked_until - work.now)
    right, better = check_password(password, person.password_hash if person else "")
    if not person or not right or not _may_enter(work, person):
        return None, _remember_failure(work, person)
    if person.failed_sign_ins or person.locked_until or better:
        person.failed_sign_ins = 0
        person.locked_until = None
        person.password_hash = better or person.password_hash
        work.add(person)
    return person, None


def _may_enter(work: UnitOfWork, person: Person) -> bool:
    laboratory = _laboratory(work)
    return (
        person.status is PersonStatus.ACTIVE
        and laboratory.status is not TenantStatus.SUSPENDED
        and (person.valid_until is None or person.valid_until > work.now)
    )


def _remember_failure(work: UnitOfWork, person: Person | None) -> CalibraError:
    if person is not None:
        person.failed_sign_ins += 1
        if person.failed_sign_ins >= FAILURES:
            person.failed_sign_ins = 0
            person.locked_until = work.now + LOCKED_FOR
        work.add(person)
        if person.locked_until and person.locked_until > work.now:
            return locked(LOCKED_FOR)
    return WrongSignIn("Laboratory, email and password do not belong together. Try again.")


def locked(left: timedelta) -> SignInLocked:
    """Return the refusal of someone who has tried too often."""
    minutes = max(1, -(-int(left.total_seconds()) // 60))
    unit = "minute" if minutes == 1 else "minutes"
    return SignInLocked(
        f"Too many attempts. Try again in {minutes} {unit}, or use “Forgot password?”; "
        "your laboratory's admin can unlock the account at once."
    )


def _open(work: UnitOfWork, person: Person, address: str, agent: str) -> str:
    live = work.exec(
        select(SignInSession)
        .where(SignInSession.person_id == person.id, col(SignInSession.ended_at).is_(None))
        .order_by(col(SignInSession.last_seen_at).desc())
    ).all()
    for surplus in live[SESSIONS_AT_ONCE - 1 :]:
        surplus.ended_at = work.now
        work.add(surplus)
    secret = new_secret()
    work.add(
        SignInSession(
            person_id=person.id,
            digest=digest_of(secret),
            last_seen_at=work.now,
            expires_at=work.now + ABSOLUTE,
            address=address[:64],
            agent=agent[:200],
        )
    )
    return f"{work.actor.tenant_id}.{secret}"


def actor_of_session(token: str, *, only_in: int | None = None, request_id: str = "") -> Actor:
    """Return who holds this session.

    Args:
        token: The value of the session cookie.
        only_in: The laboratory whose address the browser asked, where the address names one.
        request_id: What the log calls this request.

    Raises:
        Unauthenticated: There is no such session, or it has ended.
    """
    tenant_id, secret = split_token(token)
    if only_in is not None and only_in != tenant_id:
        raise Unauthenticated("Sign in to this laboratory first.")
    with unit_of_work(visitor(tenant_id)) as work:
        return _actor(work, digest_of(secret), request_id)


def _actor(work: UnitOfWork, digest: str, request_id: str) -> Actor:
    found = work.exec(
        select(SignInSession, Person)
        .join(Person, col(Person.id) == SignInSession.person_id)
        .where(SignInSession.digest == digest)
    ).first()
    if found is None:
        raise _ended()
    session, person = found
    if session.agent == API_AGENT:
        raise _ended()
    return actor_of_row(work, session, person, request_id)


@within_deed
def actor_of_row(
    work: UnitOfWork, session: SignInSession, person: Person, request_id: str
) -> Actor:
    """Return who holds a session that was found; raise Unauthenticated where it has ended."""
    if session.ended_at or session.expires_at <= work.now or not _may_enter(work, person):
        raise _ended()
    roles = roles_of(work, person.id)
    idle = PRIVILEGED_IDLE if roles & PRIVILEGED else IDLE
    if session.agent != API_AGENT and session.last_seen_at + idle <= work.now:
        raise _ended()
    if work.now - session.last_seen_at >= SEEN_EVERY:
        session.last_seen_at = work.now
        work.add(session)
    return Actor(
        tenant_id=work.actor.tenant_id,
        person_id=person.id,
        name=person.name,
        roles=roles,
        customer_id=person.customer_id,
        session_id=str(session.id),
        request_id=request_id,
        zone=_laboratory(work).time_zone,
    )


def _ended() -> Unauthenticated:
    return Unauthenticated("Your session has ended. Sign in again.")


@within_deed
def roles_of(work: UnitOfWork, person_id: UUID) -> frozenset[Role]:
    """Return the roles that a person holds now."""
    return frozenset(
        work.exec(
            select(PersonRole.role).where(
                PersonRole.person_id == person_id,
                (col(PersonRole.ended_at).is_(None)) | (col(PersonRole.ended_at) > work.now),
            )
        ).all()
    )


@permitted(Permission.PROFILE_KEEP)
def sign_out(work: UnitOfWork) -> None:
    """End the session in which this is asked."""
    if work.actor.session_id:
        session = work.get(SignInSession, UUID(work.actor.session_id))
        session.ended_at = work.now
        work.add(session)


@permitted(Permission.PERSON_MANAGE)
def end_sessions_of(work: UnitOfWork, person_id: UUID) -> int:
    """End every session of a person, for example when a role is taken away; say how many."""
    return end_all_sessions(work, person_id)


@within_deed
def end_all_sessions(work: UnitOfWork, person_id: UUID) -> int:
    """End every session of a person without asking who does it; for deeds that have asked."""
    live = work.exec(
        select(SignInSession).where(
            SignInSession.person_id == person_id,
            col(SignInSession.ended_at).is_(None),
        )
    ).all()
    for session in live:
        session.ended_at = work.now
        work.add(session)
    return len(live)


@permitted(Permission.PROFILE_KEEP)
def confirm_password(work: UnitOfWork, password: str) -> None:
    """Make sure that the person who signs is the one who signed in.

    Raises:
        WrongPassword: The password is not theirs. Nothing else of the transaction is kept.
    """
    person = work.peek(Person, work.actor.person_id)
    right, _ = check_password(password, person.password_hash)
    if not right:
        raise WrongPassword("This is not your password. Nothing has been signed.", field="password")


@permitted(Permission.PROFILE_KEEP)
def describe_self(work: UnitOfWork) -> Self:
    """Return what the frame of every page shows of the person signed in."""
    person = work.peek(Person, work.actor.person_id)
    laboratory = _laboratory(work)
    actor = work.actor
    return Self(
        id=person.id,
        name=person.name,
        initials=person.initials,
        email=person.email,
        role_titles=tuple(role.label for role in Role if role in actor.roles),
        laboratory_name=laboratory.name,
        laboratory_slug=laboratory.slug,
        locale=person.locale,
        zone=laboratory.time_zone,
        permissions=tuple(str(each) for each in Permission if actor.may(each)),
        readable=tuple(str(each) for each in Permission if actor.may(each, reading=True)),
        customer_id=person.customer_id,
    )


def _laboratory(work: UnitOfWork) -> Tenant:
    laboratory = work.session.get(Tenant, work.actor.tenant_id)
    if laboratory is None:
        raise NotFound("There is no such laboratory.")
    return laboratory
