"""Own requests, offers, questions and certificates in the customer's words."""

from dataclasses import dataclass, field
from typing import Self

from calibra_app.services.portal.views import (
    DueItem,
    PortalCertificate,
    PortalInquiry,
    PortalInvoice,
    PortalItem,
    PortalOffer,
    PortalQuestion,
    PortalRequest,
    PortalShipment,
)
from calibra_app.ui import format as shown
from calibra_app.ui import routes
from calibra_app.ui.components.status import look_of
from calibra_app.ui.format import Region
from calibra_app.ui.words import say, say_number

# Where a request stands on its way, in five steps that a customer follows.
_STEPS = (
    frozenset({"draft", "submitted", "contract_review", "info_required"}),
    frozenset({"quoted", "awaiting_approval", "accepted"}),
    frozenset(
        {
            "received",
            "assigned",
            "in_progress",
            "on_hold",
            "awaiting_customer",
            "awaiting_parts",
            "subcontracted",
            "qc",
            "rework",
            "reopened",
        }
    ),
    frozenset({"approved", "invoiced"}),
    frozenset({"dispatched", "delivered", "closed"}),
)
# What was promised is done, or is not done at all.
_DONE = frozenset({"approved", "released", "returned", "rejected", "cancelled"})
_CERTIFICATES = {
    "issued": (say("valid"), "green", "circle-check"),
    "superseded": (say("replaced by a newer one"), "amber", "file-clock"),
    "withdrawn": (say("withdrawn"), "red", "circle-x"),
}
_INVOICES = {
    "issued": (say("open"), "amber"),
    "paid": (say("paid"), "green"),
    "credited": (say("taken back"), "gray"),
}
_ARRIVALS = {
    "dispatched": say("on its way"),
    "delivered": say("delivered"),
    "returned": say("came back to us"),
}


def paper_path(document_id: object) -> str:
    """Return where a printed paper is fetched; empty where there is none yet."""
    return f"/api/v1/documents/{document_id}?inline=true" if document_id else ""


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A decision that the laboratory waits for."""

    key: str = ""
    version: int = 0
    title: str = ""
    question: str = ""
    price: str = ""
    proceed: str = ""
    asked: str = ""

    @classmethod
    def of(cls, row: PortalQuestion, region: Region) -> Self:
        """Return the card of one question."""
        price = shown.money(row.price, region=region) if row.price is not None else ""
        adjust = say("Adjust for {price}", price=price) if price else say("Go on")
        return cls(
            str(row.id),
            row.line_version,
            f"{row.item} {row.tag}".strip(),
            row.question,
            price,
            adjust if row.kind == "adjustment" else say("Go on"),
            f"{row.srf_number} · {shown.day(row.asked_at, region=region)}",
        )


@dataclass(frozen=True, slots=True)
class InquiryRow:
    """Something that the laboratory has to know before it can go on."""

    key: str = ""
    version: int = 0
    number: str = ""
    question: str = ""
    asked: str = ""

    @classmethod
    def of(cls, row: PortalInquiry, region: Region) -> Self:
        """Return the card of one question."""
        asked = say("Asked {day}", day=shown.day(row.asked_at, region=region))
        return cls(str(row.srf_id), row.version, row.srf_number, row.question, asked)


@dataclass(frozen=True, slots=True)
class OfferRow:
    """An offer that waits for an answer."""

    key: str = ""
    title: str = ""
    note: str = ""
    total: str = ""
    path: str = ""

    @classmethod
    def of(cls, row: PortalOffer, region: Region) -> Self:
        """Return the card of one offer."""
        until = shown.day(row.valid_until, region=region)
        return cls(
            str(row.revision_id),
            row.title,
            say("{number}, valid until {day}", number=row.srf_number, day=until),
            shown.money(row.total, region=region),
            paper_path(row.document_id),
        )


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One item and where it stands."""

    key: str
    tag: str
    about: str
    words: str
    tone: str
    icon: str
    promised: str

    @classmethod
    def of(cls, item: PortalItem, region: Region) -> Self:
        """Return the line of one item."""
        look = look_of(item.state.value, line=True)
        waits = {
            "invoice": say("Approved, waiting for the invoice"),
            "payment": say("Approved, waiting for payment"),
        }.get(item.waits_for, "")
        serial = say("serial number {serial}", serial=item.serial) if item.serial else ""
        kept = item.state.value in _DONE or item.promised_on is None
        promised = "" if kept else shown.day(item.promised_on, region=region)
        return cls(
            str(item.line_id),
            item.tag,
            " · ".join(part for part in (item.item, serial) if part),
            waits or look.customer_words,
            "amber" if waits else look.tone,
            "hourglass" if waits else look.icon,
            promised,
        )


@dataclass(frozen=True, slots=True)
class RequestRow:
    """One own request."""

    key: str = ""
    version: int = 0
    number: str = ""
    path: str = ""
    words: str = ""
    tone: str = "gray"
    icon: str = "clipboard-list"
    note: str = ""
    step: int = 0
    draft: bool = False
    things: list[ItemRow] = field(default_factory=list[ItemRow])

    @classmethod
    def of(cls, row: PortalRequest, region: Region) -> Self:
        """Return one request with its items."""
        look = look_of(row.state.value)
        count = say_number("{count} item", "{count} items", len(row.items))
        day = shown.day(row.created_at, region=region)
        step = next((at for at, some in enumerate(_STEPS, 1) if row.state.value in some), 0)
        return cls(
            str(row.id),
            row.version,
            row.number or say("Draft"),
            routes.portal_request(row.id),
            look.customer_words,
            look.tone,
            look.icon,
            " · ".join(part for part in (count, day, row.reference) if part),
            step,
            row.state.value == "draft",
            [ItemRow.of(item, region) for item in row.items],
        )


@dataclass(frozen=True, slots=True)
class DueRow:
    """An own instrument that falls due."""

    key: str
    tag: str
    about: str
    due: str

    @classmethod
    def of(cls, item: DueItem, region: Region) -> Self:
        """Return the line of one instrument."""
        return cls(str(item.id), item.tag, item.item, shown.day(item.due_on, region=region))


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A paper of a request, a certificate or an invoice."""

    title: str
    note: str
    path: str
    words: str = ""
    tone: str = "gray"
    icon: str = "file-text"
    public: str = ""

    @classmethod
    def of_certificate(cls, row: PortalCertificate, region: Region) -> Self:
        """Return the line of one certificate."""
        words, tone, icon = _CERTIFICATES[row.state.value]
        day = shown.day(row.issued_on, region=region)
        return cls(
            row.number,
            f"{row.tag} · {row.item} · {day}",
            paper_path(row.document_id),
            words,
            tone,
            icon,
            f"/verify/{row.code}",
        )

    @classmethod
    def of_invoice(cls, row: PortalInvoice, region: Region) -> Self:
        """Return the line of one invoice."""
        words, tone = _INVOICES[row.state.value]
        due = say("due {day}", day=shown.day(row.due_on, region=region))
        return cls(
            row.number,
            f"{shown.money(row.total, region=region)} · {due}",
            paper_path(row.document_id),
            words,
            tone,
            "receipt",
        )


@dataclass(frozen=True, slots=True)
class ParcelRow:
    """Items on their way home."""

    key: str
    title: str
    note: str
    words: str
    under_way: bool

    @classmethod
    def of(cls, row: PortalShipment, region: Region) -> Self:
        """Return the line of one shipment."""
        when = shown.day(row.dispatched_at, region=region) if row.dispatched_at else ""
        return cls(
            str(row.id),
            f"{row.courier} {row.tracking_number}".strip(),
            when,
            _ARRIVALS.get(row.state.value, ""),
            row.state.value == "dispatched",
        )
