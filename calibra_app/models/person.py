"""Personnel and portal contacts: who may sign in, as what, and for which procedures."""

from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from sqlmodel import Field

from calibra_app.core.access import Role
from calibra_app.models.base import (
    TenantOwned,
    Versioned,
    check,
    document,
    index,
    instant,
    one_of,
    reference,
    unique,
    word,
)


class PersonStatus(StrEnum):
    """Where a person's account stands; a name that has left is never used again."""

    INVITED = "invited"
    ACTIVE = "active"
    LOCKED = "locked"
    SUSPENDED = "suspended"
    LEFT = "left"


class PortalProfile(StrEnum):
    """What a customer's contact may do in the portal."""

    REQUESTER = "requester"
    APPROVER = "approver"
    QUALITY = "quality"
    VIEWER = "viewer"


class Deed(StrEnum):
    """What a competence allows under a procedure (ISO/IEC 17025, 6.2.6)."""

    PERFORM = "perform"
    REVIEW = "review"
    AUTHORIZE = "authorize"


class LinkPurpose(StrEnum):
    """What a link that works once is for."""

    WELCOME = "welcome"
    PASSWORD = "password"  # noqa: S105 - the purpose of a link, no secret


class Person(TenantOwned, Versioned, table=True):
    """Someone who signs in: personnel, or a contact of a customer."""

    __tablename__ = "person"
    __redacted__: ClassVar[frozenset[str]] = frozenset({"password_hash"})
    __table_args__ = (
        unique("email"),
        one_of("status", PersonStatus),
        check("email_lower", "email = lower(email)"),
        reference("customer", "customer_id", use_alter=True),
        index("name", "id"),
    )

    email: str
    name: str
    initials: str
    status: PersonStatus = word(PersonStatus, default=PersonStatus.INVITED)
    job_title: str = Field(default="", sa_column_kwargs={"server_default": ""})
    locale: str = Field(default="en", sa_column_kwargs={"server_default": "en"})
    team: str = Field(default="", sa_column_kwargs={"server_default": ""})
    password_hash: str = Field(default="", sa_column_kwargs={"server_default": ""})
    failed_sign_ins: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    locked_until: datetime | None = instant()
    valid_until: datetime | None = instant()
    customer_id: UUID | None = None
    portal_profile: PortalProfile | None = word(PortalProfile, default=None, nullable=True)
    preferences: dict[str, object] = document()


class PersonRole(TenantOwned, table=True):
    """A role that a person holds."""

    __tablename__ = "person_role"
    __table_args__ = (
        unique("person_id", "role"),
        one_of("role", Role),
        reference("person", "person_id"),
    )

    person_id: UUID
    role: Role = word(Role)
    ended_at: datetime | None = instant()


class Competence(TenantOwned, Versioned, table=True):
    """The laboratory's decision that a person may do a deed under a procedure or discipline."""

    __tablename__ = "competence"
    __table_args__ = (
        one_of("deed", Deed),
        reference("person", "person_id"),
        index("person_id"),
        index("discipline"),
    )

    person_id: UUID
    deed: Deed = word(Deed)
    discipline: str
    # Empty: every procedure of the discipline.
    procedure_code: str = Field(default="", sa_column_kwargs={"server_default": ""})
    valid_from: date
    valid_to: date | None = None
    evidence: str = Field(default="", sa_column_kwargs={"server_default": ""})
    granted_by: UUID | None = None


class Absence(TenantOwned, table=True):
    """Days on which a person is not at work."""

    __tablename__ = "absence"
    __table_args__ = (reference("person", "person_id"), index("person_id", "starts_on"))

    person_id: UUID
    starts_on: date
    ends_on: date
    reason: str = Field(default="", sa_column_kwargs={"server_default": ""})


class SignInSession(TenantOwned, table=True):
    """One signed-in browser; the cookie holds the secret, this row its digest."""

    __tablename__ = "sign_in_session"
    # At each use of the session the instant moves on; the audit trail would drown in it.
    __audited__: ClassVar[bool] = False
    __redacted__: ClassVar[frozenset[str]] = frozenset({"digest"})
    __table_args__ = (unique("digest"), reference("person", "person_id"), index("person_id"))

    person_id: UUID
    digest: str
    last_seen_at: datetime = instant()
    expires_at: datetime = instant()
    ended_at: datetime | None = instant()
    address: str = Field(default="", sa_column_kwargs={"server_default": ""})
    agent: str = Field(default="", sa_column_kwargs={"server_default": ""})


class OneTimeLink(TenantOwned, table=True):
    """A link by mail that works once and for a limited time."""

    __tablename__ = "one_time_link"
    __redacted__: ClassVar[frozenset[str]] = frozenset({"digest"})
    __table_args__ = (
        unique("digest"),
        one_of("purpose", LinkPurpose),
        reference("person", "person_id"),
    )

    person_id: UUID
    purpose: LinkPurpose = word(LinkPurpose)
    digest: str
    expires_at: datetime = instant()
    used_at: datetime | None = instant()


class Signature(TenantOwned, table=True):
    """An electronic signature: who, with which meaning, over which content, when."""

    __tablename__ = "signature"
    __append_only__: ClassVar[bool] = True
    __table_args__ = (
        reference("person", "person_id"),
        index("subject_kind", "subject_id"),
    )

    person_id: UUID
    person_name: str
    meaning: str
    subject_kind: str
    subject_id: UUID
    content_sha256: str
    statement: str = Field(default="", sa_column_kwargs={"server_default": ""})
    signed_at: datetime = instant()
