"""When a customer may see a certificate: by the rule agreed with them, never before (G26)."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select

from calibra_app.core.access import within_deed
from calibra_app.core.ids import CertificateId, DocumentId, SrfId
from calibra_app.models import customer
from calibra_app.models.certificate import Certificate, CertificateState
from calibra_app.models.equipment import Instrument
from calibra_app.models.invoice import Invoice, InvoiceState
from calibra_app.models.srf import Srf, SrfLine
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.services.documents import release_document
from calibra_app.services.srf.facts import Facts, ReleaseFacts, ReleaseRule
from calibra_app.services.srf.guards import check
from calibra_app.services.srf.letters import write_to_contact
from calibra_app.services.srf.moves import announce, follow_release, take_line

_RULES = {
    customer.ReleaseRule.ON_APPROVAL: ReleaseRule.APPROVAL,
    customer.ReleaseRule.ON_INVOICE: ReleaseRule.INVOICE,
    customer.ReleaseRule.ON_PAYMENT: ReleaseRule.PAYMENT,
}
AUTHORIZED = (CertificateState.AUTHORIZED, CertificateState.ISSUED)


@within_deed
def release_certificates(
    work: UnitOfWork, srf_id: SrfId, *, because: str
) -> tuple[CertificateId, ...]:
    """Release the authorized certificates of a request, if the customer's rule is satisfied.

    Called with every deed that may satisfy it: authorization, invoice, payment.

    Args:
        work: The transaction of that deed.
        srf_id: The request.
        because: What happened, for the audit trail: "the invoice was issued".

    Returns:
        What was released now; nothing while the rule is not satisfied, or all is released.
    """
    srf = work.get(Srf, srf_id)
    if check(("G26",), Facts(release=release_facts(work, srf))):
        return ()
    waiting: Sequence[Certificate] = work.exec(
        select(Certificate)
        .join(SrfLine, col(SrfLine.id) == Certificate.line_id)
        .where(
            SrfLine.srf_id == srf_id,
            col(Certificate.state).in_(AUTHORIZED),
            col(Certificate.released_at).is_(None),
        )
        .order_by(col(Certificate.number))
    ).all()
    if waiting:
        work.give_reason(f"Released: {because}.")
    for row in waiting:
        _release(work, srf, row)
    if waiting:
        announce(work, srf, ())
    return tuple(CertificateId(row.id) for row in waiting)


@within_deed
def release_facts(work: UnitOfWork, srf: Srf) -> ReleaseFacts:
    """Return what guard G26 looks at for a request."""
    rule = work.peek(customer.Customer, srf.customer_id).release_rule
    states = work.exec(
        select(Invoice.state).where(
            Invoice.srf_id == srf.id, Invoice.state != InvoiceState.CREDITED
        )
    ).all()
    return ReleaseFacts(_RULES[rule], invoiced=bool(states), paid=InvoiceState.PAID in states)


@within_deed
def tell_customer(work: UnitOfWork, srf: Srf, row: Certificate) -> None:
    """Write that a certificate is ready, once it is both released and printed."""
    if row.released_at is None or row.state is not CertificateState.ISSUED:
        return
    line = work.peek(SrfLine, row.line_id)
    item = work.peek(Instrument, line.instrument_id)
    write_to_contact(
        work, srf, "certificate", number=row.number, item=f"{item.description} {item.tag}".strip()
    )


def _release(work: UnitOfWork, srf: Srf, row: Certificate) -> None:
    row.released_at = work.now
    if row.document_id is not None:
        release_document(work, DocumentId(row.document_id))
    work.add(row)
    follow_release(work, take_line(work, row.line_id))
    tell_customer(work, srf, row)


@within_deed
def certificate_of_document(work: UnitOfWork, document_id: UUID) -> Certificate | None:
    """Return the certificate whose original is printed as this document, locked."""
    found: Certificate | None = work.exec(
        select(Certificate).where(Certificate.document_id == document_id).with_for_update()
    ).first()
    return found
