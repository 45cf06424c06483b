"""What releasing certificates asks of an invoice: which one stands, and what it made visible."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select

from calibra_app.core.access import within_deed
from calibra_app.core.ids import SrfId
from calibra_app.models.certificate import Certificate, CertificateState
from calibra_app.models.invoice import Invoice, InvoiceState
from calibra_app.models.srf import Srf
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.services.certificates.release import release_certificates


@within_deed
def standing_invoice(work: UnitOfWork, srf_id: UUID) -> Invoice | None:
    """Return the invoice of a request that was not credited, or None."""
    found: Invoice | None = work.exec(
        select(Invoice).where(Invoice.srf_id == srf_id, Invoice.state != InvoiceState.CREDITED)
    ).first()
    return found


@within_deed
def release_if_due(work: UnitOfWork, srf: Srf, *, because: str) -> tuple[str, ...]:
    """Let the customer have the certificates once the rule is met; return their numbers."""
    work.session.flush()
    released = release_certificates(work, SrfId(srf.id), because=because)
    return tuple(sorted(work.peek(Certificate, each).number for each in released))


@within_deed
def certificate_numbers(work: UnitOfWork, line_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Return the number of the valid certificate of each line that has one."""
    rows = work.exec(
        select(Certificate.line_id, Certificate.number)
        .where(
            col(Certificate.line_id).in_(list(line_ids)),
            Certificate.state == CertificateState.ISSUED,
        )
        .order_by(col(Certificate.number))
    ).all()
    return {row[0]: str(row[1]) for row in rows}
