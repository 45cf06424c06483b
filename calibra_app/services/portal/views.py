"""What a customer is shown: no staff, no internal remarks."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from calibra_app.core.ids import (
    CertificateId,
    DocumentId,
    InvoiceId,
    LineId,
    QuotationId,
    RevisionId,
    ShipmentId,
    SrfId,
)
from calibra_app.core.money import Money
from calibra_app.models.certificate import CertificateState
from calibra_app.models.dispatch import ShipmentState
from calibra_app.models.invoice import InvoiceState
from calibra_app.services.documents import DocumentSummary
from calibra_app.services.srf.states import HeaderState, LineState


@dataclass(frozen=True, slots=True)
class PortalQuestion:
    """A decision that the laboratory waits for; `price` is None where it costs nothing more."""

    id: UUID
    line_id: LineId
    line_version: int
    srf_id: SrfId
    srf_number: str
    tag: str
    item: str
    kind: str
    question: str
    price: Money | None
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class PortalInquiry:
    """What the laboratory asks about a request before it can go on."""

    srf_id: SrfId
    version: int
    srf_number: str
    question: str
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class PortalOffer:
    """A quotation that waits for an answer."""

    quotation_id: QuotationId
    revision_id: RevisionId
    title: str
    srf_number: str
    total: Money
    valid_until: date | None
    document_id: DocumentId | None


@dataclass(frozen=True, slots=True)
class PortalItem:
    """One item of an own request.

    Attributes:
        waits_for: "invoice" or "payment" where an approved item waits for it; else empty.
    """

    line_id: LineId
    position: int
    tag: str
    item: str
    serial: str
    state: LineState
    waits_for: str
    promised_on: date | None


@dataclass(frozen=True, slots=True)
class PortalRequest:
    """One own request with its items."""

    id: SrfId
    version: int
    number: str
    state: HeaderState
    reference: str
    created_at: datetime
    items: tuple[PortalItem, ...]


@dataclass(frozen=True, slots=True)
class DueItem:
    """An own instrument that falls due and is not with the laboratory."""

    id: UUID
    tag: str
    item: str
    due_on: date


@dataclass(frozen=True, slots=True)
class PortalShipment:
    """Items on their way home."""

    id: ShipmentId
    courier: str
    tracking_number: str
    state: ShipmentState
    dispatched_at: datetime | None


@dataclass(frozen=True, slots=True)
class PortalInvoice:
    """An own invoice."""

    id: InvoiceId
    number: str
    total: Money
    due_on: date
    state: InvoiceState
    document_id: DocumentId | None


@dataclass(frozen=True, slots=True)
class PortalHome:
    """What stands on the first page.

    Attributes:
        may_decide: The actor signs decisions and offers for the company.
    """

    customer: str
    may_decide: bool
    questions: tuple[PortalQuestion, ...]
    offers: tuple[PortalOffer, ...]
    requests: tuple[PortalRequest, ...]
    due: tuple[DueItem, ...]
    inquiries: tuple[PortalInquiry, ...] = ()


@dataclass(frozen=True, slots=True)
class PortalRequestDetail:
    """One own request with what belongs to it."""

    request: PortalRequest
    questions: tuple[PortalQuestion, ...]
    shipments: tuple[PortalShipment, ...]
    invoices: tuple[PortalInvoice, ...]
    documents: tuple[DocumentSummary, ...]
    inquiries: tuple[PortalInquiry, ...] = ()


@dataclass(frozen=True, slots=True)
class PortalCertificate:
    """A released certificate; `code` leads to its public page."""

    id: CertificateId
    number: str
    state: CertificateState
    code: str
    tag: str
    item: str
    issued_on: date | None
    document_id: DocumentId | None
