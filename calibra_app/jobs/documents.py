"""Printing: a document's frozen content becomes a file in the storage, then a link on the page."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from calibra_app.adapters import storage
from calibra_app.core.ids import DocumentId
from calibra_app.jobs.runner import Desk
from calibra_app.rendering.pdf import to_pdf
from calibra_app.services.documents import attach_file, report_failure, take_print_order

# Called with the unit of work that the desk opened.
Follow = Callable[[Any, DocumentId], None]


def render_document(desk: Desk, subject_id: UUID) -> None:
    """Print a document from its stored content and attach the file."""
    print_and_attach(desk, DocumentId(subject_id))


def print_and_attach(desk: Desk, document_id: DocumentId, follow: Follow | None = None) -> None:
    """Print a document, attach its file and do what follows, in the one commit that ends the job.

    Printing takes time and the storage may be far, so both stand between two transactions, in
    none.

    Args:
        desk: The job's door.
        document_id: The document.
        follow: What the file makes possible; left out where it was printed before.
    """
    topic = str(desk.payload.get("topic", ""))
    tenant_id = desk.actor.tenant_id
    with desk.work() as work:
        order = take_print_order(work, document_id, topic)
    if order.printed:
        return
    try:
        printed = to_pdf(
            order.kind, order.content, order.mark, lambda sha256: storage.get(tenant_id, sha256)
        )
        digest = storage.put(tenant_id, printed)
    # Told beside the document before the worker's door writes the failure down.
    except Exception as error:
        with desk.work() as work:
            report_failure(work, document_id, str(error) or type(error).__name__, topic)
        raise
    with desk.last_work() as work:
        attach_file(work, document_id, digest, len(printed), topic)
        if follow is not None:
            follow(work, document_id)
