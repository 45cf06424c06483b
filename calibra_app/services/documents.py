"""Documents: their content is frozen with the deed, the worker prints it after the commit."""

import hashlib
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from calibra_app.core.access import Grant, Permission, permitted, within_deed
from calibra_app.core.errors import Conflict, Forbidden, NotFound
from calibra_app.core.ids import DocumentId
from calibra_app.models.document import Document, DocumentState, Download
from calibra_app.persistence.dead_letters import close_letters_about
from calibra_app.persistence.outbox import Job
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.rendering.blocks import Mark
from calibra_app.rendering.content import Content
from calibra_app.rendering.html import DocumentKind

# What somebody of the personnel must be allowed to see to download a paper of that kind.
_SEEN_BY: dict[DocumentKind, Permission] = {
    DocumentKind.QUOTATION: Permission.QUOTATION_SEE,
    DocumentKind.INVOICE: Permission.INVOICE_ISSUE,
    DocumentKind.CERTIFICATE: Permission.CERTIFICATE_DOWNLOAD,
    DocumentKind.SHEET: Permission.SHEET_SEE,
    DocumentKind.VALIDATION: Permission.SOFTWARE_VALIDATE,
}
# Papers that a customer sees only once they are released.
_HELD_BACK = frozenset({DocumentKind.CERTIFICATE})
# Papers that a customer never sees in the portal.
_INTERNAL = frozenset(
    {
        DocumentKind.SHEET,
        DocumentKind.LABELS,
        DocumentKind.CONTRACT_REVIEW,
        DocumentKind.VALIDATION,
    }
)


@dataclass(frozen=True, slots=True)
class DocumentDraft:
    """A document to be printed: its kind, its content, and the record it belongs to."""

    kind: DocumentKind
    number: str
    title: str
    content: Content
    subject_kind: str
    subject_id: UUID
    customer_id: UUID | None = None
    topic: str = ""
    mark: Mark = Mark.NONE


@dataclass(frozen=True, slots=True)
class PrintOrder:
    """What the worker needs to print a document."""

    id: DocumentId
    kind: str
    content: dict[str, Any]
    mark: Mark
    printed: bool


@dataclass(frozen=True, slots=True)
class DocumentSummary:
    """A document as lists show it."""

    id: DocumentId
    kind: str
    number: str
    title: str
    state: DocumentState
    step: str
    error: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class FileOfDocument:
    """Where the printed file of a document lies, and what to call it."""

    id: DocumentId
    name: str
    sha256: str
    size: int


@within_deed
def request_document(work: UnitOfWork, draft: DocumentDraft) -> DocumentId:
    """Freeze a document's content and ask the worker to print it after the commit."""
    row = Document(
        kind=draft.kind,
        number=draft.number,
        title=draft.title,
        subject_kind=draft.subject_kind,
        subject_id=draft.subject_id,
        customer_id=draft.customer_id,
        content=draft.content.to_json(),
        content_sha256=hashlib.sha256(draft.content.canonical()).hexdigest(),
        mark=draft.mark.value,
    )
    work.add(row)
    work.hand_over(_printer_of(row), row.id, {"topic": draft.topic})
    return DocumentId(row.id)


@within_deed
def release_document(work: UnitOfWork, document_id: DocumentId) -> None:
    """Let the customer see a document that was held back."""
    row = work.get(Document, document_id)
    if row.released_at is None:
        row.released_at = work.now


@permitted(Permission.DOCUMENT_PRINT)
def take_print_order(work: UnitOfWork, document_id: DocumentId, topic: str = "") -> PrintOrder:
    """Return what is to be printed, and show that it is being printed."""
    row = work.get(Document, document_id)
    printed = row.state is DocumentState.DONE
    if not printed:
        row.state, row.step, row.error = DocumentState.PRINTING, "Printing", ""
        _tell(work, row, topic)
    return PrintOrder(document_id, row.kind, row.content, Mark(row.mark), printed)


@permitted(Permission.DOCUMENT_PRINT)
def attach_file(
    work: UnitOfWork, document_id: DocumentId, sha256: str, size: int, topic: str = ""
) -> None:
    """Record the printed file of a document."""
    row = work.get(Document, document_id)
    row.state, row.step, row.error = DocumentState.DONE, "", ""
    row.sha256, row.size, row.printed_at = sha256, size, work.now
    _tell(work, row, topic)


@permitted(Permission.DOCUMENT_PRINT)
def report_failure(work: UnitOfWork, document_id: DocumentId, why: str, topic: str = "") -> None:
    """Record why a document could not be printed; the page offers to try again."""
    row = work.get(Document, document_id)
    if row.state is not DocumentState.DONE:
        row.state, row.error = DocumentState.FAILED, why[:500]
        _tell(work, row, topic)


@permitted(Permission.JOB_RETRY, Permission.SRF_SEE)
def print_again(work: UnitOfWork, document_id: DocumentId, topic: str = "") -> None:
    """Ask the worker once more for a document whose printing failed.

    Raises:
        Conflict: It is printed, or still being printed.
    """
    row = work.get(Document, document_id)
    if row.state is not DocumentState.FAILED:
        raise Conflict(f"{row.title} is not a failed print; there is nothing to repeat.")
    queue_again(work, row, topic)


@within_deed
def queue_again(work: UnitOfWork, row: Document, topic: str = "") -> None:
    """Hand a document over to the worker once more, unless it is printed by now.

    The print that was given up is thereby repeated, from whichever page that was asked for.

    Args:
        work: The transaction.
        row: The document, locked: the worker may be at it.
        topic: Where open pages hear of it.
    """
    close_letters_about(work, row.id)
    if row.state is not DocumentState.DONE:
        row.state, row.error = DocumentState.QUEUED, ""
        work.hand_over(_printer_of(row), row.id, {"topic": topic})
        _tell(work, row, topic)


@permitted(Permission.SRF_SEE, Permission.PORTAL_SEE, reading=True)
def list_documents(
    work: UnitOfWork, subject_kind: str, subject_id: UUID
) -> tuple[DocumentSummary, ...]:
    """List the documents of one record, oldest first, as far as the actor may see them."""
    rows = work.exec(
        select(Document)
        .where(Document.subject_kind == subject_kind, Document.subject_id == subject_id)
        .order_by(col(Document.created_at), col(Document.id))
    ).all()
    return tuple(_summary(row) for row in rows if _may_see(work, row))


@permitted(Permission.SRF_SEE, Permission.PORTAL_SEE, Permission.CERTIFICATE_DOWNLOAD, reading=True)
def open_document(work: UnitOfWork, document_id: DocumentId) -> FileOfDocument:
    """Return the file of a document for download, and keep who took it.

    Raises:
        NotFound: There is no such document for this actor.
        Conflict: It is not printed yet.
    """
    row = work.peek(Document, document_id)
    if not _may_see(work, row):
        if work.actor.customer_id is not None:
            # A customer learns nothing of papers of others, not even that they are there.
            raise NotFound("There is no such document.")
        raise Forbidden(f"{work.actor.name} may not see {row.title}.")
    if row.copy_id is not None:
        # What no longer holds leaves the house marked; the issued file stays as it was.
        row = work.peek(Document, row.copy_id)
    if row.state is not DocumentState.DONE:
        raise Conflict(f"{row.title} is not printed yet.")
    work.add(Download(document_id=row.id, person_id=work.actor.person_id, at=work.now))
    return FileOfDocument(DocumentId(row.id), f"{row.number}.pdf", row.sha256, row.size)


def _printer_of(row: Document) -> Job:
    """Return the job that prints a document: an original certificate is published with it."""
    original = row.kind == DocumentKind.CERTIFICATE and not row.mark
    return Job.PUBLISH_CERTIFICATE if original else Job.RENDER_DOCUMENT


def _may_see(work: UnitOfWork, row: Document) -> bool:
    kind = DocumentKind(row.kind)
    actor = work.actor
    if actor.customer_id is not None:
        if row.customer_id != actor.customer_id or kind in _INTERNAL:
            return False
        return kind not in _HELD_BACK or row.released_at is not None
    wanted = _SEEN_BY.get(kind, Permission.SRF_SEE)
    return bool(actor.grants(wanted) - {Grant.AGREE, Grant.PROPOSE})


def _summary(row: Document) -> DocumentSummary:
    return DocumentSummary(
        DocumentId(row.id),
        row.kind,
        row.number,
        row.title,
        row.state,
        row.step,
        row.error,
        row.size,
        row.sha256,
    )


def _tell(work: UnitOfWork, row: Document, topic: str) -> None:
    if topic:
        work.publish(
            topic,
            {
                "kind": "document",
                "id": str(row.id),
                "version": row.version,
                "state": row.state,
                "title": row.title,
                "error": row.error,
            },
        )
