"""Publishing: an authorized certificate is printed, stored and issued, all or nothing.

Between signature and file lies the worker. If it dies there, the certificate stays authorized and
the job is offered again; the one commit that attaches the file also issues the certificate and
ends the job, so there is never a second one.
"""

from uuid import UUID

from calibra_app.adapters import storage
from calibra_app.core.ids import DocumentId
from calibra_app.jobs.runner import Desk
from calibra_app.rendering.pdf import to_pdf
from calibra_app.services.certificates.issue import publish_issued
from calibra_app.services.documents import attach_file, report_failure, take_print_order


def publish_certificate(desk: Desk, subject_id: UUID) -> None:
    """Print the original of a certificate and issue it with its file."""
    topic = str(desk.payload.get("topic", ""))
    document_id = DocumentId(subject_id)
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
        publish_issued(work, document_id)
