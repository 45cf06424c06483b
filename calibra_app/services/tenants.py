"""The laboratory itself: founding one, finding the one that an address names, its look."""

import time
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from sqlmodel import col, select

from calibra_app.core.access import Permission, Role, operator_actor, permitted
from calibra_app.core.errors import Conflict, Invalid, NotFound
from calibra_app.models.laboratory import Branding, LaboratorySettings
from calibra_app.models.person import LinkPurpose, Person, PersonRole
from calibra_app.models.tenant import Tenant
from calibra_app.persistence.addresses import origin_of
from calibra_app.persistence.bootstrap import found_laboratory
from calibra_app.persistence.bootstrap import list_laboratories as entered_laboratories
from calibra_app.persistence.unit_of_work import UnitOfWork, lobby, unit_of_work
from calibra_app.services.laboratory import own_tenant, settings_of
from calibra_app.services.sign_in.links import Promise, make_link

KNOWN_SECONDS = 30.0
MOST_KNOWN = 2_000


class NameTaken(Conflict):
    """Another laboratory has this name."""

    code: ClassVar[str] = "name_taken"


@dataclass(frozen=True, slots=True)
class Laboratory:
    """One laboratory, as the operator lists it."""

    id: int
    slug: str
    name: str
    status: str


@dataclass(frozen=True, slots=True)
class Founded:
    """A new laboratory and the way in for its first admin."""

    tenant_id: int
    slug: str
    admin_id: UUID
    welcome: Promise


@dataclass(frozen=True, slots=True)
class Face:
    """How a laboratory shows itself, as far as anybody at its door may see it."""

    name: str = ""
    colour: str = ""
    logo_data_uri: str = ""
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """What an address says of the laboratory: one, none yet, or an address that is not ours."""

    known: bool
    tenant_id: int | None = None


@dataclass(slots=True)
class _Remembered:
    whereabouts: Whereabouts
    until: float


_remembered: dict[str, _Remembered] = {}


def open_laboratory(name: str, email: str, *, slug: str = "", admin: str = "") -> Founded:
    """Found a laboratory and make the link with which its first admin chooses a password.

    Args:
        name: What the laboratory is called, on paper as well.
        email: The address of its first admin.
        slug: Its short name in addresses; made of the name unless given.
        admin: The admin's name; made of the address unless given.

    Raises:
        NameTaken: Another laboratory with people in it has this short name.
        Invalid: The name or the address cannot be used.
    """
    name, email = name.strip(), email.strip().lower()
    if not name:
        raise Invalid("Give the laboratory a name.", field="name")
    if email.count("@") != 1 or email.startswith("@") or email.endswith("@"):
        raise Invalid(f"“{email}” is no email address.", field="email")
    slug = slug or slug_of(name)
    tenant_id = _enter_in_the_list(name, slug)
    with unit_of_work(operator_actor(tenant_id), reason="Laboratory founded") as work:
        return furnish_laboratory(work, slug, email, admin or _name_of(email))


def slug_of(name: str) -> str:
    """Return the short name that an address takes of a laboratory's name."""
    kept = "".join(letter if letter.isascii() and letter.isalnum() else " " for letter in name)
    slug = "-".join(kept.lower().split())[:63].strip("-")
    shortest = 2
    if len(slug) < shortest or not slug[0].isalpha():
        raise Invalid(f"“{name}” makes no short name; add some Latin letters.", field="name")
    return slug


def _enter_in_the_list(name: str, slug: str) -> int:
    with lobby() as desk:
        there = desk.tenant_by_slug(slug)
    return there if there is not None else found_laboratory(slug, name)


@permitted(Permission.TENANT_FOUND)
def furnish_laboratory(work: UnitOfWork, slug: str, email: str, admin: str) -> Founded:
    """Give a new laboratory its settings, its look and its first admin."""
    if work.exec(select(Person.id).limit(1)).first() is not None:
        raise NameTaken(f"There is already a laboratory “{slug}”. Choose another name.")
    if work.exec(select(LaboratorySettings.id).limit(1)).first() is None:
        work.add(LaboratorySettings(email=email))
    person = Person(email=email, name=admin, initials=initials_of(admin))
    work.add(person)
    work.add(PersonRole(person_id=person.id, role=Role.TA))
    welcome = make_link(work, person, LinkPurpose.WELCOME)
    return Founded(work.actor.tenant_id, slug, person.id, welcome)


def initials_of(name: str) -> str:
    """Return at most two letters that stand for a name."""
    words = name.split()
    chosen = (words[0], words[-1]) if len(words) > 1 else words[:1]
    return "".join(word[0] for word in chosen).upper() or "?"


def _name_of(email: str) -> str:
    local = email.partition("@")[0]
    return " ".join(part.capitalize() for part in local.replace("_", ".").split(".") if part)


def list_laboratories() -> tuple[Laboratory, ...]:
    """Return every laboratory, for the operator; nothing of what is in them."""
    return tuple(Laboratory(*row) for row in entered_laboratories())


def laboratory_at(host: str, site_hosts: frozenset[str]) -> Whereabouts:
    """Return the laboratory that an address names.

    Args:
        host: The Host header as the browser sent it.
        site_hosts: The site's own names, under which a laboratory is chosen on the page; a
            name in front of one of them, as in `meridian.localhost`, chooses it.
    """
    wanted = bare_host(host)
    if wanted in site_hosts:
        return Whereabouts(known=True)
    remembered = _remembered.get(wanted)
    if remembered and remembered.until > time.monotonic():
        return remembered.whereabouts
    front, _, rest = wanted.partition(".")
    with lobby() as desk:
        found = desk.tenant_by_slug(front) if rest in site_hosts else desk.tenant_by_host(wanted)
    whereabouts = Whereabouts(known=found is not None, tenant_id=found)
    if len(_remembered) >= MOST_KNOWN:
        _remembered.clear()
    _remembered[wanted] = _Remembered(whereabouts, time.monotonic() + KNOWN_SECONDS)
    return whereabouts


def bare_host(header: str) -> str:
    """Return a Host header without its port; empty where it is no host name."""
    host = header.strip().lower()
    if host.startswith("["):
        return host.partition("]")[0].removeprefix("[")
    host = host.partition(":")[0]
    allowed = frozenset("abcdefghijklmnopqrstuvwxyz0123456789.-")
    return host if host and set(host) <= allowed and not host.endswith(".") else ""


def find_laboratory(slug: str) -> int:
    """Return the number of the laboratory with a short name, as typed at the door.

    Raises:
        NotFound: There is none.
    """
    with lobby() as desk:
        found = desk.tenant_by_slug(slug.strip().lower())
    if found is None:
        raise NotFound("There is no such laboratory.")
    return found


@permitted(Permission.SESSION_OPEN)
def face_of_laboratory(work: UnitOfWork) -> Face:
    """Return name, colour and logo, as anybody at the laboratory's address may see them."""
    laboratory = work.session.get(Tenant, work.actor.tenant_id)
    branding = work.exec(select(Branding).order_by(col(Branding.revision).desc()).limit(1)).first()
    return Face(
        name=laboratory.name if laboratory else "",
        colour=branding.colour if branding else "",
        logo_data_uri=branding.logo_data_uri if branding else "",
        revision=branding.revision if branding else 0,
    )


@dataclass(frozen=True, slots=True)
class Sender:
    """Who a laboratory's letters come from, and where its pages are."""

    name: str
    reply_to: str
    origin: str


@permitted(Permission.NOTICE_SEND)
def sender_of_letters(work: UnitOfWork) -> Sender:
    """Return what a letter says of its sender."""
    laboratory = own_tenant(work)
    branding: Branding | None = work.exec(
        select(Branding).order_by(col(Branding.revision).desc()).limit(1)
    ).first()
    settings = settings_of(work)
    return Sender(
        name=(branding.sender_name if branding else "") or laboratory.name,
        reply_to=(branding.sender_email if branding else "") or settings.email,
        origin=origin_of(work),
    )
