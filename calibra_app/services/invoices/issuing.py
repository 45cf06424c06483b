"""Issuing an invoice (T40) and taking it back with a credit note (T43)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from calibra_app.core.access import Grant, Permission, permitted
from calibra_app.core.errors import Conflict, Forbidden, Invalid
from calibra_app.core.ids import InvoiceId, SrfId
from calibra_app.core.money import CENT, Money
from calibra_app.models.customer import Customer, ReleaseRule
from calibra_app.models.invoice import Invoice, InvoiceState
from calibra_app.models.quotation import QuotationLineKind
from calibra_app.models.srf import Srf
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.services.invoices.offer import Bill, Charge, bill_for
from calibra_app.services.invoices.paper import print_credit_note, print_invoice
from calibra_app.services.invoices.release import release_if_due
from calibra_app.services.laboratory import draw_number, settings_of, today_of
from calibra_app.services.srf.facts import Facts, InvoiceFacts
from calibra_app.services.srf.letters import write_to_contact
from calibra_app.services.srf.moves import Move, Stale, move_header, switched_off
from calibra_app.services.srf.workflow import TRANSITIONS, header_target

FORM = "calibra-invoice-lines/1"


@dataclass(frozen=True, slots=True)
class Change:
    """What is charged for one line instead of what is proposed, and why."""

    amount: Decimal
    explanation: str = ""


@dataclass(frozen=True, slots=True)
class InvoicePreview:
    """An invoice before it is issued.

    Attributes:
        bill: The lines, each with what was offered and what is charged.
        unexplained: The sum of the differences that still ask for an explanation (G25).
    """

    srf_id: SrfId
    srf_version: int
    srf_number: str
    customer_id: UUID
    customer: str
    customer_reference: str
    release_rule: ReleaseRule
    due_on: date
    bill: Bill
    unexplained: Money


@permitted(Permission.INVOICE_ISSUE, reading=True)
def preview_invoice(
    work: UnitOfWork, srf_id: SrfId, changes: Mapping[str, Change] | None = None
) -> InvoicePreview:
    """Return what an invoice would say now, with the differences to the accepted offer.

    Raises:
        NotInThisState: The request is not approved, or has its invoice already.
    """
    srf = work.peek(Srf, srf_id)
    if work.actor.customer_id is not None:
        raise Forbidden("An invoice is shown to its customer once it is issued.")
    _require_due(work, srf)
    customer = work.peek(Customer, srf.customer_id)
    bill = _changed(bill_for(work, srf), changes or {})
    return InvoicePreview(
        srf_id=srf_id,
        srf_version=srf.version,
        srf_number=srf.number,
        customer_id=customer.id,
        customer=customer.name,
        customer_reference=srf.customer_reference,
        release_rule=customer.release_rule,
        due_on=_due_on(work, today_of(work)),
        bill=bill,
        unexplained=bill.unexplained(),
    )


@permitted(Permission.INVOICE_ISSUE)
def issue_invoice(
    work: UnitOfWork,
    srf_id: SrfId,
    seen: int,
    changes: Mapping[str, Change] | None = None,
    password: str = "",
) -> InvoiceId:
    """Issue the invoice of an approved request (T40); what waits for it is released at once.

    Args:
        work: The transaction.
        srf_id: The request.
        seen: The version that the actor saw.
        changes: What is charged otherwise than proposed, by the keys of the preview's lines.
        password: Of the laboratory manager, who signs; finance does not.

    Raises:
        GuardFailed: A difference from the accepted offer is not explained (G25).
    """
    srf = work.get(Srf, srf_id)
    _require_due(work, srf)
    bill = _changed(bill_for(work, srf), changes or {})
    facts = Facts(
        invoice=InvoiceFacts(difference=bill.unexplained(), explained=not bill.unexplained().amount)
    )
    invoice = _entered(work, srf, bill)
    # The record of the transition holds the invoice, so it stands first.
    move_header(work, srf, Move("T40", seen, password=password), facts)
    invoice.document_id = print_invoice(work, srf, invoice, bill)
    write_to_contact(
        work,
        srf,
        "invoice",
        number=invoice.number,
        total=f"{invoice.total:.2f} {invoice.currency}",
        due_on=invoice.due_on.isoformat(),
    )
    release_if_due(work, srf, because="the invoice was issued")
    _tell(work, invoice)
    return InvoiceId(invoice.id)


@permitted(Permission.INVOICE_ISSUE)
def credit_invoice(
    work: UnitOfWork, invoice_id: InvoiceId, seen: int, reason: str, password: str = ""
) -> None:
    """Take an invoice back with a credit note (T43); the request waits for a new one.

    Raises:
        Forbidden: It is above the limit, and the actor is not the laboratory manager.
        NotInThisState: Items have left already.
    """
    srf = work.get(Srf, work.peek(Invoice, invoice_id).srf_id)
    invoice = work.get(Invoice, invoice_id)
    if invoice.state is InvoiceState.CREDITED:
        raise Conflict(f"{invoice.number} is credited already.")
    if seen != work.taken.get(invoice.id, invoice.version):
        raise Stale("Somebody changed this invoice in the meantime. Look at it again.")
    limit = settings_of(work).net_limit
    if invoice.net > limit and Grant.SIGN not in work.actor.grants(Permission.INVOICE_ISSUE):
        raise Forbidden(
            f"A credit note above {limit:.2f} {invoice.currency} is for the laboratory manager."
        )
    invoice.state = InvoiceState.CREDITED
    invoice.credit_reason = reason.strip()
    move_header(work, srf, Move("T43", reason=reason, password=password))
    print_credit_note(work, srf, invoice)
    write_to_contact(work, srf, "credited", number=invoice.number, reason=invoice.credit_reason)
    _tell(work, invoice)


def charges_of(invoice: Invoice) -> tuple[Charge, ...]:
    """Return the lines of an issued invoice as they were frozen."""
    rows = invoice.lines.get("charges", [])
    if not isinstance(rows, list):
        return ()
    return tuple(_charge(row) for row in rows)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]


def _charge(row: dict[str, str]) -> Charge:
    return Charge(
        key=row["key"],
        description=row["description"],
        detail=row["detail"],
        kind=QuotationLineKind(row["kind"]),
        line_id=UUID(row["line_id"]) if row["line_id"] else None,
        offered=Decimal(row["offered"]),
        amount=Decimal(row["amount"]),
        why=row["why"],
    )


def _entered(work: UnitOfWork, srf: Srf, bill: Bill) -> Invoice:
    today = today_of(work)
    sums = bill.sums
    invoice = Invoice(
        number=draw_number(work, "invoice"),
        srf_id=srf.id,
        revision_id=bill.revision_id,
        customer_id=srf.customer_id,
        currency=bill.currency,
        net=sums.net.amount,
        tax=sums.tax.amount,
        total=sums.total.amount,
        issued_on=today,
        due_on=_due_on(work, today),
        lines={
            "form": FORM,
            "reference": bill.reference,
            "discount_percent": str(bill.discount_percent),
            "tax_rate": str(bill.tax_rate),
            "treatment": bill.treatment.value,
            "charges": [_row(charge) for charge in bill.charges],
        },
        differences={
            charge.key: {"amount": str(charge.difference), "why": charge.why}
            for charge in bill.charges
            if charge.difference
        },
    )
    work.add(invoice)
    return invoice


def _row(charge: Charge) -> dict[str, str]:
    return {
        "key": charge.key,
        "description": charge.description,
        "detail": charge.detail,
        "kind": charge.kind.value,
        "line_id": str(charge.line_id or ""),
        "offered": str(charge.offered),
        "amount": str(charge.amount),
        "why": charge.why,
    }


def _changed(bill: Bill, changes: Mapping[str, Change]) -> Bill:
    known = {charge.key for charge in bill.charges}
    for key, change in changes.items():
        if key not in known:
            raise Conflict("The offer has changed in the meantime. Look at the draft again.")
        if change.amount < 0 or change.amount != change.amount.quantize(CENT):
            raise Invalid("An amount is zero or more, in whole cents.", field=f"amount-{key}")
    return bill.with_changes(
        {key: (change.amount, change.explanation) for key, change in changes.items()}
    )


def _require_due(work: UnitOfWork, srf: Srf) -> None:
    header_target(TRANSITIONS["T40"], srf.state, without=switched_off(work))


def _due_on(work: UnitOfWork, today: date) -> date:
    return today + timedelta(days=settings_of(work).payment_days)


def _tell(work: UnitOfWork, invoice: Invoice) -> None:
    work.session.flush()
    patch = {"kind": "invoice", "id": str(invoice.id), "version": invoice.version}
    work.publish(f"t:{work.actor.tenant_id}:invoices", patch)
