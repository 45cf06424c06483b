"""Certificates and their amendments."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import Field

from calibra_app.models.base import (
    TenantOwned,
    Versioned,
    document,
    index,
    instant,
    one_of,
    reference,
    unique,
    word,
)


class CertificateState(StrEnum):
    """Where a certificate stands; the public page knows the last three."""

    DRAFT = "draft"
    RENDERED = "rendered"
    REVIEWED = "reviewed"
    AUTHORIZED = "authorized"
    ISSUED = "issued"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


class Certificate(TenantOwned, Versioned, table=True):
    """A certificate; what it states is frozen when it is authorized."""

    __tablename__ = "certificate"
    __table_args__ = (
        reference("srf_line", "line_id"),
        reference("document", "document_id"),
        reference("person", "authorized_by"),
        reference("certificate", "replaces_id"),
        one_of("state", CertificateState),
        unique("number"),
        unique("code"),
        index("state", "created_at DESC", "id DESC", name="ix_certificate_by_state"),
        index("created_at DESC", "id DESC", name="ix_certificate_recent"),
        index("line_id"),
    )

    line_id: UUID
    number: str
    # What the QR code names on the public page; random, so it cannot be guessed.
    code: str
    state: CertificateState = word(CertificateState, default=CertificateState.DRAFT)
    content: dict[str, object] = document()
    content_sha256: str = Field(default="", sa_column_kwargs={"server_default": ""})
    accredited: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
    amendment: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    replaces_id: UUID | None = None
    amendment_reason: str = Field(default="", sa_column_kwargs={"server_default": ""})
    # By field, the old and the new value.
    amendment_changes: dict[str, object] = document()
    # What the public page may say of a withdrawal; the reason itself stays in the laboratory.
    withdrawn_cause: str = Field(default="", sa_column_kwargs={"server_default": ""})
    withdrawn_reason: str = Field(default="", sa_column_kwargs={"server_default": ""})
    authorized_by: UUID | None = None
    authorized_at: datetime | None = instant()
    issued_on: date | None = None
    issued_at: datetime | None = instant()
    ended_at: datetime | None = instant()
    document_id: UUID | None = None
    released_at: datetime | None = instant()
