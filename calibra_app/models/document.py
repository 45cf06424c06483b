"""Issued documents and uploaded files: content, file by digest, state of its printing."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar
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
    word,
)


class DocumentState(StrEnum):
    """Where the printing of a document stands."""

    QUEUED = "queued"
    PRINTING = "printing"
    DONE = "done"
    FAILED = "failed"


class Document(TenantOwned, Versioned, table=True):
    """A document whose content is frozen; the PDF is a rendering of it."""

    __tablename__ = "document"
    __table_args__ = (
        one_of("state", DocumentState),
        index("subject_kind", "subject_id"),
        index("sha256"),
    )

    # A kind of `rendering/pdf.py`.
    kind: str
    number: str
    title: str
    subject_kind: str
    subject_id: UUID
    # The customer who may see it in the portal, once released.
    customer_id: UUID | None = None
    released_at: datetime | None = instant()
    content: dict[str, object] = document()
    content_sha256: str
    # What is written across its pages: "Superseded", "Withdrawn"; the content does not hold it.
    mark: str = Field(default="", sa_column_kwargs={"server_default": ""})
    # The marked copy that is handed out in its place once the original no longer holds.
    copy_id: UUID | None = None
    state: DocumentState = word(DocumentState, default=DocumentState.QUEUED)
    step: str = Field(default="", sa_column_kwargs={"server_default": ""})
    error: str = Field(default="", sa_column_kwargs={"server_default": ""})
    sha256: str = Field(default="", sa_column_kwargs={"server_default": ""})
    size: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    printed_at: datetime | None = instant()


class StoredFile(TenantOwned, table=True):
    """An uploaded file that was checked: a photo, a logo, a provider's certificate."""

    __tablename__ = "stored_file"
    __append_only__: ClassVar[bool] = True
    __table_args__ = (reference("person", "uploaded_by"), index("subject_kind", "subject_id"))

    purpose: str
    subject_kind: str
    subject_id: UUID
    name: str
    media_type: str
    size: int
    sha256: str
    uploaded_by: UUID


class Download(TenantOwned, table=True):
    """Who downloaded which document."""

    __tablename__ = "download"
    __append_only__: ClassVar[bool] = True
    __audited__: ClassVar[bool] = False
    __table_args__ = (reference("document", "document_id"), index("document_id"))

    document_id: UUID
    person_id: UUID | None = None
    at: datetime = instant()
    purpose: str = Field(default="", sa_column_kwargs={"server_default": ""})
