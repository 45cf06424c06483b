"""Invoices as text: the lines of lists, drafts and issued invoices."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from calibra_app.core.money import Money
from calibra_app.services.invoices.issuing import InvoicePreview
from calibra_app.services.invoices.offer import Charge
from calibra_app.services.invoices.payments import PaymentEntry
from calibra_app.services.invoices.register import (
    InvoiceDetail,
    InvoiceState,
    InvoiceSummary,
    ReadySummary,
    ReleaseRule,
)
from calibra_app.ui import format as shown
from calibra_app.ui import routes
from calibra_app.ui.format import Region
from calibra_app.ui.words import say, say_number

STATES: Mapping[InvoiceState, tuple[str, str, str]] = {
    InvoiceState.ISSUED: (say("Open"), "amber", "hourglass"),
    InvoiceState.PAID: (say("Paid"), "green", "check"),
    InvoiceState.CREDITED: (say("Credited"), "gray", "undo-2"),
}
RELEASES: Mapping[ReleaseRule, str] = {
    ReleaseRule.ON_APPROVAL: say("with approval"),
    ReleaseRule.ON_INVOICE: say("with the invoice"),
    ReleaseRule.ON_PAYMENT: say("with payment"),
}


@dataclass(frozen=True, slots=True)
class ReadyRow:
    """A request that is ready to be charged."""

    key: str
    number: str
    customer: str
    release: str
    since: str

    @classmethod
    def of(cls, row: ReadySummary, region: Region) -> Self:
        """Return the line of one request."""
        return cls(
            str(row.srf_id),
            row.number,
            row.customer,
            RELEASES[row.release_rule],
            shown.day(row.approved_at, region=region),
        )


@dataclass(frozen=True, slots=True)
class InvoiceRow:
    """One invoice in the list."""

    number: str = ""
    path: str = ""
    srf: str = ""
    srf_path: str = ""
    customer: str = ""
    total: str = ""
    paid: str = ""
    issued: str = ""
    due: str = ""
    late: str = ""
    words: str = ""
    tone: str = "gray"
    icon: str = "receipt"

    @classmethod
    def of(cls, row: InvoiceSummary, region: Region) -> Self:
        """Return the line of one invoice."""
        words, tone, icon = STATES[row.state]
        late = say_number("{count} day late", "{count} days late", row.days_late)
        return cls(
            row.number,
            routes.invoice(row.id),
            row.srf_number,
            routes.srf(row.srf_id),
            row.customer,
            shown.money(row.total, region=region),
            shown.money(row.paid.rounded(), region=region),
            shown.day(row.issued_on, region=region),
            shown.day(row.due_on, region=region),
            late if row.days_late else "",
            words,
            "red" if row.days_late else tone,
            "clock-alert" if row.days_late else icon,
        )


@dataclass(frozen=True, slots=True)
class ChargeRow:
    """One line of a draft or of an invoice."""

    key: str
    description: str
    detail: str
    offered: str
    amount: str
    typed: str
    difference: str
    why: str
    differs: bool

    @classmethod
    def of(cls, charge: Charge, currency: str, region: Region) -> Self:
        """Return one line as text; `typed` is the amount as it stands in the field."""
        return cls(
            charge.key,
            charge.description,
            charge.detail,
            shown.money(Money(charge.offered, currency), region=region),
            shown.money(Money(charge.amount, currency), region=region),
            f"{charge.amount:.2f}",
            shown.number(charge.difference, region=region, signed=True),
            charge.why,
            charge.difference != 0,
        )


@dataclass(frozen=True, slots=True)
class DraftView:
    """An invoice before it is issued."""

    key: str = ""
    version: int = 0
    title: str = ""
    customer: str = ""
    basis: str = ""
    due: str = ""
    net: str = ""
    tax: str = ""
    total: str = ""
    tax_reason: str = ""
    discount: str = ""
    unexplained: str = ""
    release: str = ""

    @classmethod
    def of(cls, preview: InvoicePreview, region: Region) -> Self:
        """Return the draft as text."""
        sums = preview.bill.sums
        open_one = preview.unexplained.rounded()
        return cls(
            key=str(preview.srf_id),
            version=preview.srf_version,
            title=preview.srf_number,
            customer=preview.customer,
            basis=preview.bill.reference or say("price book (standing agreement)"),
            due=shown.day(preview.due_on, region=region),
            net=shown.money(sums.net, region=region),
            tax=shown.money(sums.tax, region=region),
            total=shown.money(sums.total, region=region),
            tax_reason=preview.bill.tax_reason,
            discount=shown.money(sums.discount * -1, region=region) if sums.discount.amount else "",
            unexplained=shown.money(open_one, region=region) if open_one.amount else "",
            release=RELEASES[preview.release_rule],
        )


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """One payment."""

    amount: str
    at: str
    reference: str

    @classmethod
    def of(cls, entry: PaymentEntry, region: Region) -> Self:
        """Return one payment as text."""
        return cls(
            shown.money(entry.amount, region=region),
            shown.day(entry.received_at, region=region),
            entry.reference,
        )


@dataclass(frozen=True, slots=True)
class PaperRow:
    """One printed paper; without a path it is not printed yet."""

    title: str
    path: str
    words: str


@dataclass(frozen=True, slots=True)
class SumsView:
    """The sums of one invoice."""

    net: str = ""
    tax: str = ""
    tax_reason: str = ""
    left: str = ""
    left_typed: str = ""
    reference: str = ""
    credit_reason: str = ""

    @classmethod
    def of(cls, detail: InvoiceDetail, region: Region) -> Self:
        """Return the sums as text."""
        left = detail.summary.total - detail.summary.paid
        return cls(
            shown.money(detail.net, region=region),
            shown.money(detail.tax, region=region),
            detail.tax_reason,
            shown.money(left.rounded(), region=region),
            f"{left.amount:.2f}",
            detail.reference or say("price book (standing agreement)"),
            detail.credit_reason,
        )


def papers_of(detail: InvoiceDetail) -> list[PaperRow]:
    """Return the papers of an invoice."""
    return [
        PaperRow(
            each.title,
            f"/api/v1/documents/{each.id}?inline=true" if each.state == "done" else "",
            {
                "queued": say("waits for the printer"),
                "printing": say("is being printed"),
                "failed": say("could not be printed"),
            }.get(each.state, ""),
        )
        for each in detail.documents
    ]
