"""Links that work once: the welcome of a new person, a forgotten password."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

from sqlmodel import col, select

from calibra_app.core.access import Actor, Permission, permitted, visitor, within_deed
from calibra_app.core.errors import NotFound
from calibra_app.core.ids import new_secret
from calibra_app.models.person import LinkPurpose, OneTimeLink, Person, PersonStatus
from calibra_app.models.tenant import Tenant
from calibra_app.persistence.outbox import Job
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.services.sign_in.passwords import hash_password, require_strength
from calibra_app.services.sign_in.sessions import digest_of, end_all_sessions, split_token

VALID_FOR = {
    LinkPurpose.WELCOME: timedelta(days=7),
    LinkPurpose.PASSWORD: timedelta(minutes=30),
}


class LinkUnusable(NotFound):
    """The link is unknown, used or too old; which of these is not said."""

    code: ClassVar[str] = "link_unusable"


@dataclass(frozen=True, slots=True)
class LinkFacts:
    """What the page behind a link shows."""

    name: str
    email: str
    laboratory_name: str
    laboratory_slug: str
    purpose: str


@dataclass(frozen=True, slots=True)
class Promise:
    """A link that has been made: its token, shown or mailed once, and how long it works."""

    token: str
    expires_at: datetime


def visitor_with(token: str) -> Actor:
    """Return the visitor of the laboratory that a link's token names.

    Raises:
        LinkUnusable: It is no such token.
    """
    try:
        tenant_id, _ = split_token(token)
    except Exception as error:
        raise _unusable() from error
    return visitor(tenant_id)


@permitted(Permission.PERSON_MANAGE)
def invite(work: UnitOfWork, person_id: UUID) -> Promise:
    """Make the welcome link of a person who has not yet chosen a password, and mail it."""
    person = work.get(Person, person_id)
    promise = make_link(work, person, LinkPurpose.WELCOME)
    mail_link(work, person, LinkPurpose.WELCOME, promise)
    return promise


@permitted(Permission.SESSION_OPEN)
def request_reset(work: UnitOfWork, email: str) -> None:
    """Mail a link for a new password, if the address is known; the asker is told nothing."""
    person = work.exec(select(Person).where(Person.email == email.strip().lower())).first()
    if person is None or person.status is not PersonStatus.ACTIVE:
        return
    promise = make_link(work, person, LinkPurpose.PASSWORD)
    mail_link(work, person, LinkPurpose.PASSWORD, promise)


@within_deed
def make_link(work: UnitOfWork, person: Person, purpose: LinkPurpose) -> Promise:
    """Make a link; those made before for the same purpose stop working."""
    earlier = work.exec(
        select(OneTimeLink).where(
            OneTimeLink.person_id == person.id,
            OneTimeLink.purpose == purpose,
            col(OneTimeLink.used_at).is_(None),
        )
    ).all()
    for link in earlier:
        link.used_at = work.now
        work.add(link)
    secret = new_secret()
    expires_at = work.now + VALID_FOR[purpose]
    work.add(
        OneTimeLink(
            person_id=person.id, purpose=purpose, digest=digest_of(secret), expires_at=expires_at
        )
    )
    return Promise(f"{work.actor.tenant_id}.{secret}", expires_at)


@within_deed
def mail_link(work: UnitOfWork, person: Person, purpose: LinkPurpose, promise: Promise) -> None:
    """Hand the letter with the link to the worker."""
    work.hand_over(
        Job.SEND_MAIL,
        person.id,
        {
            "kind": str(purpose),
            "to": person.email,
            "name": person.name,
            "path": f"/welcome/{promise.token}",
            "expires_at": promise.expires_at.isoformat(),
        },
    )


@permitted(Permission.SESSION_OPEN)
def find_link(work: UnitOfWork, token: str) -> LinkFacts:
    """Return whom a link welcomes.

    Raises:
        LinkUnusable: It is unknown, used or too old.
    """
    link, person = _live(work, token)
    laboratory = work.session.get(Tenant, work.actor.tenant_id)
    if laboratory is None:
        raise _unusable()
    return LinkFacts(person.name, person.email, laboratory.name, laboratory.slug, str(link.purpose))


@permitted(Permission.SESSION_OPEN)
def accept_invitation(work: UnitOfWork, token: str, password: str) -> UUID:
    """Take the password that a person chose behind their link; the link is used up.

    Raises:
        LinkUnusable: The link is unknown, used or too old.
        WeakPassword: The password would be guessed; the link still works.
    """
    link, person = _live(work, token)
    laboratory = work.session.get(Tenant, work.actor.tenant_id)
    require_strength(password, person.name, person.email, laboratory.name if laboratory else "")
    link.used_at = work.now
    work.add(link)
    person.password_hash = hash_password(password)
    person.failed_sign_ins = 0
    person.locked_until = None
    if person.status in {PersonStatus.INVITED, PersonStatus.LOCKED}:
        person.status = PersonStatus.ACTIVE
    work.add(person)
    end_all_sessions(work, person.id)
    return person.id


def _live(work: UnitOfWork, token: str) -> tuple[OneTimeLink, Person]:
    tenant_id, secret = split_token(token)
    if tenant_id != work.actor.tenant_id:
        raise _unusable()
    found = work.exec(
        select(OneTimeLink, Person)
        .join(Person, col(Person.id) == OneTimeLink.person_id)
        .where(OneTimeLink.digest == digest_of(secret))
        .with_for_update()
    ).first()
    if found is None:
        raise _unusable()
    link, person = found
    barred = {PersonStatus.SUSPENDED, PersonStatus.LEFT}
    if link.used_at or link.expires_at <= work.now or person.status in barred:
        raise _unusable()
    return link, person


def _unusable() -> LinkUnusable:
    return LinkUnusable(
        "This link does not work, or no longer does. Ask for a new one; each works once."
    )
