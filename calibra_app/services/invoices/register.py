"""Looking at invoices: what is ready to be charged, what is open, one invoice with its payments."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import col, func, select

from calibra_app.core.access import Permission, permitted
from calibra_app.core.errors import Forbidden, NotFound
from calibra_app.core.ids import InvoiceId, SrfId
from calibra_app.core.money import Money
from calibra_app.core.paging import Page
from calibra_app.models.customer import Customer, ReleaseRule, TaxTreatment
from calibra_app.models.invoice import Invoice, InvoiceState, Payment
from calibra_app.models.srf import Srf
from calibra_app.persistence.listing import Key, page_of
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.services.documents import DocumentSummary, list_documents
from calibra_app.services.invoices.issuing import charges_of
from calibra_app.services.invoices.offer import Charge
from calibra_app.services.invoices.payments import PaymentEntry, payments_of
from calibra_app.services.laboratory import today_of
from calibra_app.services.quotations.pricing import TAX_REASONS
from calibra_app.services.srf.register import names_of
from calibra_app.services.srf.states import HeaderState

__all__ = [
    "InvoiceDetail",
    "InvoiceState",
    "InvoiceSummary",
    "ReadySummary",
    "ReleaseRule",
    "get_invoice",
    "list_invoices",
    "list_ready",
]


@dataclass(frozen=True, slots=True)
class ReadySummary:
    """A request whose work is approved and not charged yet."""

    srf_id: SrfId
    number: str
    customer: str
    release_rule: ReleaseRule
    approved_at: datetime


@dataclass(frozen=True, slots=True)
class InvoiceSummary:
    """One invoice in a list; `days_late` counts from the day it was due."""

    id: InvoiceId
    number: str
    srf_id: SrfId
    srf_number: str
    customer: str
    state: InvoiceState
    total: Money
    paid: Money
    issued_on: date
    due_on: date
    days_late: int


@dataclass(frozen=True, slots=True)
class InvoiceDetail:
    """One invoice as its page shows it."""

    summary: InvoiceSummary
    version: int
    net: Money
    tax: Money
    tax_reason: str
    reference: str
    credit_reason: str
    charges: tuple[Charge, ...]
    payments: tuple[PaymentEntry, ...]
    documents: tuple[DocumentSummary, ...]


@permitted(Permission.INVOICE_ISSUE, reading=True)
def list_ready(work: UnitOfWork, cursor: str = "") -> Page[ReadySummary]:
    """List what is approved and not charged yet, the longest waiting first."""
    if work.actor.customer_id is not None:
        raise Forbidden("What is not charged yet is the laboratory's own matter.")
    statement = (
        select(Srf, Customer.name, Customer.release_rule)
        .join(Customer, col(Customer.id) == Srf.customer_id)
        .where(Srf.state == HeaderState.APPROVED)
    )
    return page_of(work, statement, _ready, Key(Srf.created_at), Key(Srf.id), cursor=cursor)


@permitted(Permission.INVOICE_ISSUE, reading=True)
def list_invoices(
    work: UnitOfWork, states: Sequence[InvoiceState] = (), cursor: str = ""
) -> Page[InvoiceSummary]:
    """List invoices, the newest first; a customer sees the own ones."""
    statement = select(Invoice)
    if work.actor.customer_id is not None:
        statement = statement.where(Invoice.customer_id == work.actor.customer_id)
    if states:
        statement = statement.where(col(Invoice.state).in_([*states]))
    keys = (Key(Invoice.issued_on, descending=True), Key(Invoice.id, descending=True))
    page: Page[Invoice] = page_of(work, statement, _itself, *keys, cursor=cursor)
    return Page(_summaries(work, page.rows), page.next_cursor)


@permitted(Permission.INVOICE_ISSUE, reading=True)
def get_invoice(work: UnitOfWork, invoice_id: InvoiceId) -> InvoiceDetail:
    """Return one invoice with its lines, payments and papers.

    Raises:
        NotFound: There is none that the actor may see.
    """
    row = work.peek(Invoice, invoice_id)
    mine = work.actor.customer_id
    if mine is not None and row.customer_id != mine:
        # The words of a row that is not there: a customer learns nothing of others.
        raise NotFound("There is no such invoice.")
    (summary,) = _summaries(work, (row,))
    treatment = TaxTreatment(str(row.lines.get("treatment", TaxTreatment.STANDARD.value)))
    return InvoiceDetail(
        summary=summary,
        version=row.version,
        net=Money(row.net, row.currency),
        tax=Money(row.tax, row.currency),
        tax_reason=TAX_REASONS[treatment],
        reference=str(row.lines.get("reference", "")),
        credit_reason=row.credit_reason,
        charges=charges_of(row),
        payments=payments_of(work, row.id),
        documents=list_documents(work, "invoice", row.id),
    )


def _ready(srf: Srf, customer: str, rule: ReleaseRule) -> ReadySummary:
    return ReadySummary(
        SrfId(srf.id), srf.number, customer, rule, srf.approved_at or srf.created_at
    )


def _summaries(work: UnitOfWork, rows: Sequence[Invoice]) -> tuple[InvoiceSummary, ...]:
    customers = names_of(work, Customer, {row.customer_id for row in rows})
    numbers = _numbers(work, {row.srf_id for row in rows})
    paid = _paid(work, [row.id for row in rows])
    today = today_of(work)
    return tuple(
        InvoiceSummary(
            id=InvoiceId(row.id),
            number=row.number,
            srf_id=SrfId(row.srf_id),
            srf_number=numbers[row.srf_id],
            customer=customers[row.customer_id],
            state=row.state,
            total=Money(row.total, row.currency),
            paid=paid.get(row.id, Money.of(0, row.currency)),
            issued_on=row.issued_on,
            due_on=row.due_on,
            days_late=max(0, (today - row.due_on).days) if row.state is InvoiceState.ISSUED else 0,
        )
        for row in rows
    )


def _numbers(work: UnitOfWork, ids: set[UUID]) -> dict[UUID, str]:
    rows = work.exec(select(Srf.id, Srf.number).where(col(Srf.id).in_(ids))).all()
    return {row[0]: str(row[1]) for row in rows}


def _paid(work: UnitOfWork, ids: Sequence[UUID]) -> dict[UUID, Money]:
    rows = work.exec(
        select(Payment.invoice_id, Payment.currency, func.sum(Payment.amount))
        .where(col(Payment.invoice_id).in_(list(ids)))
        .group_by(col(Payment.invoice_id), col(Payment.currency))
    ).all()
    return {row[0]: Money(row[2], str(row[1])) for row in rows}


def _itself(row: Invoice) -> Invoice:
    return row
