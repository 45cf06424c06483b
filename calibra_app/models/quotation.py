"""Quotation, its revisions and priced lines, and what the customer answered."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from sqlmodel import Field

from calibra_app.models.base import (
    TenantOwned,
    Versioned,
    document,
    exact,
    index,
    instant,
    one_of,
    reference,
    unique,
    word,
)
from calibra_app.models.customer import TaxTreatment


class QuotationState(StrEnum):
    """Where a revision of a quotation stands."""

    DRAFT = "draft"
    INTERNAL_APPROVAL = "internal_approval"
    SENT = "sent"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"


class QuotationLineKind(StrEnum):
    """What a priced line is for; discount applies to calibration alone."""

    CALIBRATION = "calibration"
    ADJUSTMENT = "adjustment"
    HANDLING = "handling"
    TRAVEL = "travel"
    OTHER = "other"


class Quotation(TenantOwned, Versioned, table=True):
    """The offer for a request; its revisions carry the prices."""

    __tablename__ = "quotation"
    __table_args__ = (
        reference("srf", "srf_id"),
        unique("number"),
        unique("srf_id"),
        index("created_at DESC", "id DESC", name="ix_quotation_recent"),
    )

    number: str
    srf_id: UUID


class QuotationRevision(TenantOwned, Versioned, table=True):
    """R0, R1, …: once sent it is never changed, the next one replaces it."""

    __tablename__ = "quotation_revision"
    __redacted__: ClassVar[frozenset[str]] = frozenset({"link_digest"})
    __table_args__ = (
        reference("quotation", "quotation_id"),
        reference("person", "proposed_by"),
        unique("quotation_id", "revision"),
        one_of("state", QuotationState),
        one_of("tax_treatment", TaxTreatment),
        index("state", "created_at DESC", "id DESC", name="ix_quotation_revision_by_state"),
    )

    quotation_id: UUID
    revision: int
    state: QuotationState = word(QuotationState, default=QuotationState.DRAFT)
    currency: str
    discount_percent: Decimal = exact(default=Decimal(0), sa_column_kwargs={"server_default": "0"})
    tax_rate: Decimal = exact(default=Decimal(0), sa_column_kwargs={"server_default": "0"})
    tax_treatment: TaxTreatment = word(TaxTreatment, default=TaxTreatment.STANDARD)
    net: Decimal = exact(default=Decimal(0), sa_column_kwargs={"server_default": "0"})
    tax: Decimal = exact(default=Decimal(0), sa_column_kwargs={"server_default": "0"})
    total: Decimal = exact(default=Decimal(0), sa_column_kwargs={"server_default": "0"})
    valid_until: date | None = None
    terms: str = Field(default="", sa_column_kwargs={"server_default": ""})
    reason: str = Field(default="", sa_column_kwargs={"server_default": ""})
    proposed_by: UUID
    # Everyone who wrote a price of this revision, or of those it came from, and when they last did.
    writers: dict[str, object] = document()
    approved_by: UUID | None = None
    approved_at: datetime | None = instant()
    sent_at: datetime | None = instant()
    sent_to: str = Field(default="", sa_column_kwargs={"server_default": ""})
    link_digest: str = Field(default="", sa_column_kwargs={"server_default": ""})
    document_id: UUID | None = None


class QuotationLine(TenantOwned, Versioned, table=True):
    """One priced line of a revision."""

    __tablename__ = "quotation_line"
    __table_args__ = (
        reference("quotation_revision", "revision_id"),
        reference("srf_line", "srf_line_id"),
        one_of("kind", QuotationLineKind),
        unique("revision_id", "position"),
    )

    revision_id: UUID
    position: int
    kind: QuotationLineKind = word(QuotationLineKind)
    srf_line_id: UUID | None = None
    description: str
    detail: str = Field(default="", sa_column_kwargs={"server_default": ""})
    accredited: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
    quantity: Decimal = exact(default=Decimal(1), sa_column_kwargs={"server_default": "1"})
    unit_price: Decimal = exact()
    surcharge_percent: Decimal = exact(default=Decimal(0), sa_column_kwargs={"server_default": "0"})
    surcharge_reason: str = Field(default="", sa_column_kwargs={"server_default": ""})
    net: Decimal = exact()
    removed: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
    # How often each field was changed, so that two people can edit one line without a clash.
    field_versions: dict[str, object] = document()


class QuotationAnswer(TenantOwned, table=True):
    """What the customer answered to a revision, with the evidence of it."""

    __tablename__ = "quotation_answer"
    __append_only__: ClassVar[bool] = True
    __table_args__ = (reference("quotation_revision", "revision_id"), index("revision_id"))

    revision_id: UUID
    # accepted, rejected, change_asked
    answer: str
    name: str
    at: datetime = instant()
    address: str = Field(default="", sa_column_kwargs={"server_default": ""})
    terms_version: str = Field(default="", sa_column_kwargs={"server_default": ""})
    remark: str = Field(default="", sa_column_kwargs={"server_default": ""})
    # {"lines": {line id: "accepted" | "change"}, "evidence": "..."}
    detail: dict[str, object] = document()
    person_id: UUID | None = None
