"""Publishing: an authorized certificate is printed, stored and issued, all or nothing.

Between signature and file lies the worker. If it dies there, the certificate stays authorized and
the job is offered again; the one commit that attaches the file also issues the certificate and
ends the job, so there is never a second one.
"""

from uuid import UUID

from calibra_app.core.ids import DocumentId
from calibra_app.jobs.documents import print_and_attach
from calibra_app.jobs.runner import Desk
from calibra_app.services.certificates.issue import publish_issued


def publish_certificate(desk: Desk, subject_id: UUID) -> None:
    """Print the original of a certificate and issue it with its file."""
    print_and_attach(desk, DocumentId(subject_id), publish_issued)
