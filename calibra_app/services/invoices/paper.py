"""The papers of money: the invoice, and the credit note that takes one back."""

from decimal import Decimal

from calibra_app.core.access import within_deed
from calibra_app.core.ids import DocumentId
from calibra_app.core.money import Money
from calibra_app.models.customer import TaxTreatment
from calibra_app.models.invoice import Invoice
from calibra_app.models.srf import Srf
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.rendering.html import DocumentKind
from calibra_app.rendering.invoice import InvoiceContent, InvoiceLine
from calibra_app.rendering.quotation import SumLine
from calibra_app.services.documents import DocumentDraft, request_document
from calibra_app.services.invoices.offer import Bill
from calibra_app.services.invoices.release import certificate_numbers
from calibra_app.services.laboratory import settings_of, today_of
from calibra_app.services.letterhead import letterhead, party
from calibra_app.services.quotations.pricing import TAX_REASONS


@within_deed
def print_invoice(work: UnitOfWork, srf: Srf, invoice: Invoice, bill: Bill) -> DocumentId:
    """Freeze an invoice's content and have it printed."""
    certificates = certificate_numbers(
        work, [charge.line_id for charge in bill.charges if charge.line_id]
    )
    currency = bill.currency
    content = InvoiceContent(
        branding=letterhead(work),
        number=invoice.number,
        customer=party(work, srf.customer_id, srf.contact_id),
        lines=tuple(
            InvoiceLine(
                position=at,
                description=charge.description,
                detail=charge.detail,
                certificate=certificates.get(charge.line_id, "") if charge.line_id else "",
                net=Money(charge.amount, currency).rounded(),
            )
            for at, charge in enumerate(bill.charges, 1)
        ),
        net=bill.sums.net,
        tax=bill.sums.tax,
        total=bill.sums.total,
        tax_rate=bill.tax_rate,
        tax_reason=bill.tax_reason,
        sums=_sum_lines(bill),
        srf_number=srf.number,
        quotation_number=bill.reference,
        customer_reference=srf.customer_reference,
        issued_on=invoice.issued_on,
        performed_to=srf.approved_at.date() if srf.approved_at else None,
        due_on=invoice.due_on,
        differences=tuple(
            f"{charge.description}: {charge.difference:+.2f} {currency}. {charge.why}"
            for charge in bill.charges
            if charge.difference
        ),
        payment=_payment(work, invoice),
    )
    return _print(work, srf, invoice, content, title=f"Invoice {invoice.number}")


@within_deed
def print_credit_note(work: UnitOfWork, srf: Srf, invoice: Invoice) -> DocumentId:
    """Freeze the credit note that takes an invoice back, and have it printed."""
    treatment = TaxTreatment(str(invoice.lines.get("treatment", TaxTreatment.STANDARD.value)))
    net, tax, total = (
        Money(-amount, invoice.currency) for amount in (invoice.net, invoice.tax, invoice.total)
    )
    number = f"{invoice.number}-C"
    content = InvoiceContent(
        branding=letterhead(work),
        number=number,
        customer=party(work, srf.customer_id, srf.contact_id),
        lines=(
            InvoiceLine(
                position=1,
                description=f"Invoice {invoice.number} of {invoice.issued_on} is taken back",
                detail=invoice.credit_reason,
                net=net,
            ),
        ),
        net=net,
        tax=tax,
        total=total,
        tax_rate=Decimal(str(invoice.lines.get("tax_rate", "0"))),
        tax_reason=TAX_REASONS[treatment],
        title="Credit note",
        srf_number=srf.number,
        customer_reference=srf.customer_reference,
        issued_on=today_of(work),
    )
    return _print(work, srf, invoice, content, title=f"Credit note {number}")


def _print(
    work: UnitOfWork, srf: Srf, invoice: Invoice, content: InvoiceContent, *, title: str
) -> DocumentId:
    return request_document(
        work,
        DocumentDraft(
            kind=DocumentKind.INVOICE,
            number=content.number,
            title=title,
            content=content,
            subject_kind="invoice",
            subject_id=invoice.id,
            customer_id=srf.customer_id,
            topic=f"t:{work.actor.tenant_id}:invoice:{invoice.id}",
        ),
    )


def _sum_lines(bill: Bill) -> tuple[SumLine, ...]:
    discount = bill.sums.discount
    if not discount.amount:
        return ()
    percent = f"{bill.discount_percent.normalize():f}"
    return (
        SumLine(title="Calibration", amount=bill.sums.discountable),
        SumLine(title=f"Discount {percent} % on calibration", amount=discount * -1),
    )


def _payment(work: UnitOfWork, invoice: Invoice) -> tuple[str, ...]:
    bank = settings_of(work).bank
    told = (f"Please pay by {invoice.due_on.isoformat()} and name {invoice.number}.",)
    return (*told, bank) if bank else told
