"""Who works here or for a customer: entering, changing, roles and invitations."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlmodel import col, or_, select

from calibra_app.core.access import Permission, Role, conflicts_of, permitted, within_deed
from calibra_app.core.entry import email_address, filled, limited
from calibra_app.core.errors import Conflict, Invalid
from calibra_app.core.ids import PersonId
from calibra_app.core.paging import Page
from calibra_app.models.person import (
    LinkPurpose,
    OneTimeLink,
    Person,
    PersonRole,
    PersonStatus,
    PortalProfile,
)
from calibra_app.persistence.listing import Key, page_of
from calibra_app.persistence.search import enter_words, found_by
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.persistence.versions import amend
from calibra_app.services.sign_in import Promise, end_sessions_of, invite

KIND = "person"


class AddressTaken(Conflict):
    """Somebody else signs in with this address."""

    code: ClassVar[str] = "address_taken"


class RolesConflict(Invalid):
    """One person may not hold these roles together."""

    code: ClassVar[str] = "roles_conflict"


class LastAdmin(Conflict):
    """Without this person nobody could manage people."""

    code: ClassVar[str] = "last_admin"


@dataclass(frozen=True, slots=True)
class PersonDraft:
    """What is entered of a person."""

    name: str
    email: str
    initials: str = ""
    job_title: str = ""
    team: str = ""
    locale: str = "en"
    valid_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class PersonSummary:
    """One line of the list of people."""

    id: PersonId
    name: str
    initials: str
    email: str
    job_title: str
    status: PersonStatus
    roles: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class PersonDetail:
    """One person with roles."""

    id: PersonId
    version: int
    name: str
    initials: str
    email: str
    job_title: str
    team: str
    locale: str
    status: PersonStatus
    valid_until: datetime | None
    roles: tuple[Role, ...]
    customer_id: UUID | None
    portal_profile: PortalProfile | None


@dataclass(frozen=True, slots=True)
class Invitation:
    """A person who has not chosen a password yet."""

    person_id: PersonId
    name: str
    email: str
    expires_at: datetime | None
    expired: bool


@permitted(Permission.LABORATORY_SEE, reading=True)
def list_people(
    work: UnitOfWork,
    search: str = "",
    *,
    role: Role | None = None,
    status: PersonStatus | None = None,
    cursor: str = "",
) -> Page[PersonSummary]:
    """List the laboratory's personnel by name; portal contacts stand with their customers."""
    query = select(Person).where(col(Person.customer_id).is_(None))
    if search.strip():
        query = query.where(col(Person.id).in_(found_by(KIND, search)))
    if role is not None:
        holders = select(PersonRole.person_id).where(
            PersonRole.role == role, col(PersonRole.ended_at).is_(None)
        )
        query = query.where(col(Person.id).in_(holders))
    if status is None:
        query = query.where(Person.status != PersonStatus.LEFT)
    else:
        query = query.where(Person.status == status)
    page = page_of(work, query, _itself, Key(Person.name), Key(Person.id), cursor=cursor)
    roles = _roles_by_person(work, [person.id for person in page.rows])
    return page.of(lambda person: _summary(person, roles.get(person.id, ())))


@permitted(Permission.LABORATORY_SEE, reading=True)
def get_person(work: UnitOfWork, person_id: UUID) -> PersonDetail:
    """Return one person."""
    person = work.peek(Person, person_id)
    return PersonDetail(
        id=PersonId(person.id),
        version=person.version,
        name=person.name,
        initials=person.initials,
        email=person.email,
        job_title=person.job_title,
        team=person.team,
        locale=person.locale,
        status=person.status,
        valid_until=person.valid_until,
        roles=roles_of(work, person_id),
        customer_id=person.customer_id,
        portal_profile=person.portal_profile,
    )


@permitted(Permission.PERSON_MANAGE)
def add_person(work: UnitOfWork, draft: PersonDraft, roles: Iterable[Role] = ()) -> PersonId:
    """Enter a person who does not sign in yet.

    Raises:
        AddressTaken: The address is somebody else's.
        RolesConflict: The roles do not go together.
    """
    return enter_person(work, draft, roles)


@within_deed
def enter_person(
    work: UnitOfWork,
    draft: PersonDraft,
    roles: Iterable[Role] = (),
    *,
    customer_id: UUID | None = None,
    profile: PortalProfile | None = None,
) -> PersonId:
    """Enter a person of the laboratory or, with a customer, a contact with portal access."""
    fields = _checked(draft)
    held = _agreeing(roles)
    _refuse_taken(work, fields["email"])
    person = Person(**fields, customer_id=customer_id, portal_profile=profile)
    work.add(person)
    for role in held:
        work.add(PersonRole(person_id=person.id, role=role))
    _enter_words(work, person)
    return PersonId(person.id)


@permitted(Permission.PERSON_MANAGE)
def change_person(work: UnitOfWork, person_id: UUID, seen: int, draft: PersonDraft) -> None:
    """Change what is entered of a person.

    Raises:
        Stale: Somebody else has changed it meanwhile.
    """
    person = work.get(Person, person_id)
    fields = _checked(draft)
    if fields["email"] != person.email:
        _refuse_taken(work, fields["email"])
    if amend(work, person, seen, fields):
        _enter_words(work, person)


@permitted(Permission.PERSON_MANAGE)
def set_roles(work: UnitOfWork, person_id: UUID, roles: Iterable[Role]) -> tuple[Role, ...]:
    """Let a person hold exactly these roles; what is taken away ends open sessions at once.

    Raises:
        RolesConflict: The roles do not go together.
        LastAdmin: Nobody else could manage people.
    """
    person = work.get(Person, person_id)
    wanted = frozenset(_agreeing(roles))
    if person.customer_id is not None and wanted != frozenset({Role.CU}):
        raise RolesConflict("A customer's contact holds the role Customer alone.", field="roles")
    held = _held(work, person_id)
    if Role.TA in held and Role.TA not in wanted:
        _refuse_last_admin(work, person_id)
    for role in wanted - held.keys():
        work.add(_renewed(work, person_id, role))
    for role in held.keys() - wanted:
        held[role].ended_at = work.now
        work.add(held[role])
    if held.keys() - wanted:
        end_sessions_of(work, person_id)
    return tuple(role for role in Role if role in wanted)


@permitted(Permission.PERSON_MANAGE)
def set_status(work: UnitOfWork, person_id: UUID, seen: int, status: PersonStatus) -> None:
    """Suspend a person, let them in again, or note that they have left.

    Raises:
        LastAdmin: Nobody else could manage people.
        Conflict: A person who has left does not come back under the same entry.
    """
    person = work.get(Person, person_id)
    if person.status is PersonStatus.LEFT and status is not PersonStatus.LEFT:
        raise Conflict(f"{person.name} has left. Enter the person anew.")
    if status in {PersonStatus.SUSPENDED, PersonStatus.LEFT}:
        if Role.TA in _held(work, person_id):
            _refuse_last_admin(work, person_id)
        end_sessions_of(work, person_id)
    if status is PersonStatus.ACTIVE and not person.password_hash:
        status = PersonStatus.INVITED
    amend(work, person, seen, {"status": status})


@permitted(Permission.PERSON_MANAGE)
def invite_person(work: UnitOfWork, draft: PersonDraft, roles: Iterable[Role]) -> Promise:
    """Enter a person and mail the link with which they choose a password."""
    return invite(work, enter_person(work, draft, roles))


@permitted(Permission.PERSON_MANAGE, reading=True)
def list_invitations(work: UnitOfWork) -> tuple[Invitation, ...]:
    """List whoever has been entered and has not chosen a password yet."""
    found = work.exec(
        select(Person, OneTimeLink.expires_at)
        .outerjoin(
            OneTimeLink,
            (col(OneTimeLink.person_id) == Person.id)
            & (col(OneTimeLink.purpose) == LinkPurpose.WELCOME)
            & col(OneTimeLink.used_at).is_(None),
        )
        .where(Person.status == PersonStatus.INVITED)
        .order_by(col(Person.name))
    ).all()
    return tuple(
        Invitation(
            PersonId(person.id),
            person.name,
            person.email,
            expires_at,
            expires_at is None or expires_at <= work.now,
        )
        for person, expires_at in found
    )


@within_deed
def admit_person(work: UnitOfWork, person_id: UUID, password_hash: str) -> None:
    """Let a person of the sample in with a password that was chosen for them."""
    person = work.get(Person, person_id)
    amend(
        work,
        person,
        person.version,
        {"password_hash": password_hash, "status": PersonStatus.ACTIVE},
    )


@within_deed
def roles_of(work: UnitOfWork, person_id: UUID) -> tuple[Role, ...]:
    """Return the roles a person holds now, in the order of the permission table."""
    return _roles_by_person(work, [person_id]).get(person_id, ())


def _itself(person: Person) -> Person:
    return person


def _summary(person: Person, roles: tuple[Role, ...]) -> PersonSummary:
    return PersonSummary(
        PersonId(person.id),
        person.name,
        person.initials,
        person.email,
        person.job_title,
        person.status,
        roles,
    )


def _checked(draft: PersonDraft) -> dict[str, Any]:
    name = filled(draft.name, "name", "the person's name")
    words = name.split()
    made = "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()
    return {
        "name": name,
        "email": email_address(draft.email),
        "initials": limited(draft.initials, "initials", most=4) or made,
        "job_title": limited(draft.job_title, "job_title"),
        "team": limited(draft.team, "team"),
        "locale": draft.locale,
        "valid_until": draft.valid_until,
    }


def _agreeing(roles: Iterable[Role]) -> tuple[Role, ...]:
    held = tuple(dict.fromkeys(roles))
    if conflicts := conflicts_of(held):
        raise RolesConflict(" ".join(conflicts), field="roles")
    return held


def _refuse_taken(work: UnitOfWork, email: object) -> None:
    if work.exec(select(Person.id).where(Person.email == email)).first() is not None:
        raise AddressTaken(f"Somebody signs in with {email} already.", field="email")


def _refuse_last_admin(work: UnitOfWork, person_id: UUID) -> None:
    other = work.exec(
        select(Person.id)
        .join(PersonRole, col(PersonRole.person_id) == Person.id)
        .where(
            PersonRole.role == Role.TA,
            col(PersonRole.ended_at).is_(None),
            Person.id != person_id,
            Person.status == PersonStatus.ACTIVE,
        )
        .limit(1)
    ).first()
    if other is None:
        raise LastAdmin("Nobody else could manage people. Make somebody else tenant admin first.")


def _held(work: UnitOfWork, person_id: UUID) -> dict[Role, PersonRole]:
    found = work.exec(
        select(PersonRole).where(
            PersonRole.person_id == person_id, col(PersonRole.ended_at).is_(None)
        )
    ).all()
    return {row.role: row for row in found}


def _renewed(work: UnitOfWork, person_id: UUID, role: Role) -> PersonRole:
    # One row for each person and role: a role given again ends no longer.
    ended = work.exec(
        select(PersonRole).where(PersonRole.person_id == person_id, PersonRole.role == role)
    ).first()
    if ended is None:
        return PersonRole(person_id=person_id, role=role)
    ended.ended_at = None
    return ended


def _roles_by_person(work: UnitOfWork, ids: list[UUID]) -> dict[UUID, tuple[Role, ...]]:
    if not ids:
        return {}
    found = work.exec(
        select(PersonRole.person_id, PersonRole.role).where(
            col(PersonRole.person_id).in_(ids),
            or_(col(PersonRole.ended_at).is_(None), col(PersonRole.ended_at) > work.now),
        )
    ).all()
    held: dict[UUID, set[Role]] = {}
    for person_id, role in found:
        held.setdefault(person_id, set()).add(role)
    return {
        person_id: tuple(role for role in Role if role in roles)
        for person_id, roles in held.items()
    }


def _enter_words(work: UnitOfWork, person: Person) -> None:
    enter_words(work, KIND, person.id, (person.name, person.email, person.job_title, person.team))
