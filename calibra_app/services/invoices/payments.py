"""Money that came in: recorded against an invoice, which is paid once the sum is reached."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlmodel import col, func, select

from calibra_app.core.access import Permission, permitted, within_deed
from calibra_app.core.errors import Conflict, Invalid
from calibra_app.core.ids import InvoiceId
from calibra_app.core.money import CENT, Money
from calibra_app.models.invoice import Invoice, InvoiceState, Payment
from calibra_app.models.srf import Srf
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.services.invoices.release import release_if_due
from calibra_app.services.srf.moves import announce


@dataclass(frozen=True, slots=True)
class PaymentEntry:
    """One payment as it was recorded."""

    amount: Money
    received_at: datetime
    reference: str


@dataclass(frozen=True, slots=True)
class Received:
    """What a payment brought about.

    Attributes:
        left: What is still open.
        released: The certificates that the customer may have from now on.
    """

    left: Money
    released: tuple[str, ...]


@permitted(Permission.PAYMENT_RECORD)
def record_payment(
    work: UnitOfWork, invoice_id: InvoiceId, amount: Decimal, reference: str = ""
) -> Received:
    """Record money received; with the whole sum, certificates that waited for it are released.

    Raises:
        Invalid: The amount is not above zero, not in whole cents, or more than is open.
        Conflict: The invoice is paid or credited.
    """
    srf = work.get(Srf, work.peek(Invoice, invoice_id).srf_id)
    invoice = work.get(Invoice, invoice_id)
    if invoice.state is not InvoiceState.ISSUED:
        raise Conflict(f"{invoice.number} is {invoice.state.value} already.")
    left = invoice.total - paid_of(work, invoice.id)
    if amount <= 0 or amount != amount.quantize(CENT):
        raise Invalid("Give an amount above zero, in whole cents.", field="amount")
    if amount > left:
        raise Invalid(f"Only {left:.2f} {invoice.currency} is open.", field="amount")
    work.add(
        Payment(
            invoice_id=invoice.id,
            amount=amount,
            currency=invoice.currency,
            received_at=work.now,
            reference_text=reference.strip(),
            recorded_by=work.actor.person_id,
        )
    )
    released: tuple[str, ...] = ()
    if amount == left:
        invoice.state = InvoiceState.PAID
        released = release_if_due(work, srf, because="the invoice was paid")
    work.session.flush()
    patch = {"kind": "invoice", "id": str(invoice.id), "version": invoice.version}
    work.publish(f"t:{work.actor.tenant_id}:invoices", patch)
    announce(work, srf, ())
    return Received(Money(left - amount, invoice.currency), released)


@within_deed
def paid_of(work: UnitOfWork, invoice_id: UUID) -> Decimal:
    """Return what was paid on an invoice so far."""
    found = work.exec(
        select(func.coalesce(func.sum(Payment.amount), 0)).where(Payment.invoice_id == invoice_id)
    ).one()
    return Decimal(found)


@within_deed
def payments_of(work: UnitOfWork, invoice_id: UUID) -> tuple[PaymentEntry, ...]:
    """Return the payments on an invoice, oldest first."""
    rows = work.exec(
        select(Payment)
        .where(Payment.invoice_id == invoice_id)
        .order_by(col(Payment.received_at), col(Payment.id))
    ).all()
    return tuple(
        PaymentEntry(Money(row.amount, row.currency), row.received_at, row.reference_text)
        for row in rows
    )
