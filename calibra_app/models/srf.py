"""Service request and its lines: one line for each item under calibration."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from sqlalchemy import Text
from sqlmodel import Field

from calibra_app.models.base import (
    TenantOwned,
    TenantRow,
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
from calibra_app.models.customer import DecisionRule


class HeaderState(StrEnum):
    """The 24 states of a request."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    CONTRACT_REVIEW = "contract_review"
    INFO_REQUIRED = "info_required"
    QUOTED = "quoted"
    AWAITING_APPROVAL = "awaiting_approval"
    ACCEPTED = "accepted"
    RECEIVED = "received"
    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    ON_HOLD = "on_hold"
    AWAITING_CUSTOMER = "awaiting_customer"
    AWAITING_PARTS = "awaiting_parts"
    SUBCONTRACTED = "subcontracted"
    QC = "qc"
    REWORK = "rework"
    APPROVED = "approved"
    INVOICED = "invoiced"
    DISPATCHED = "dispatched"
    DELIVERED = "delivered"
    CLOSED = "closed"
    REOPENED = "reopened"
    REJECTED = "rejected"
    CANCELLED = "cancelled"


class LineState(StrEnum):
    """The 15 states of a line."""

    PENDING = "pending"
    RECEIVED = "received"
    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    ON_HOLD = "on_hold"
    AWAITING_CUSTOMER = "awaiting_customer"
    AWAITING_PARTS = "awaiting_parts"
    SUBCONTRACTED = "subcontracted"
    QC = "qc"
    REWORK = "rework"
    APPROVED = "approved"
    RELEASED = "released"
    RETURNED = "returned"
    REJECTED = "rejected"
    CANCELLED = "cancelled"


class HoldKind(StrEnum):
    """Why a line is on hold; it decides who may release it."""

    CUSTOMER = "customer"
    CAPACITY = "capacity"
    EQUIPMENT = "equipment"
    ENVIRONMENT = "environment"
    NONCONFORMITY = "nonconformity"
    CREDIT = "credit"


class ItemCondition(StrEnum):
    """What an item looked like when it arrived."""

    OK = "ok"
    DAMAGED = "damaged"
    INCOMPLETE = "incomplete"


class Srf(TenantOwned, Versioned, table=True):
    """A service request (SRF) with its commercial life."""

    __tablename__ = "srf"
    __table_args__ = (
        reference("customer", "customer_id"),
        reference("contact", "contact_id"),
        reference("person", "created_by"),
        one_of("state", HeaderState),
        unique("number", where="number <> ''"),
        index("state", "created_at DESC", "id DESC", name="ix_srf_by_state"),
        index("created_at DESC", "id DESC", name="ix_srf_recent"),
        index("customer_id", "created_at DESC", name="ix_srf_by_customer"),
        index("split_from", where="split_from IS NOT NULL"),
        index("revived_from", where="revived_from IS NOT NULL"),
    )

    # Empty while a draft: the number is drawn at submission, without gaps.
    number: str = Field(default="", sa_column_kwargs={"server_default": ""})
    customer_id: UUID
    contact_id: UUID | None = None
    state: HeaderState = word(HeaderState, default=HeaderState.DRAFT)
    channel: str = Field(default="desk", sa_column_kwargs={"server_default": "desk"})
    customer_reference: str = Field(default="", sa_column_kwargs={"server_default": ""})
    languages: str = Field(default="en", sa_column_kwargs={"server_default": "en"})
    remarks: str = Field(default="", sa_column_kwargs={"server_default": ""})
    created_by: UUID
    submitted_at: datetime | None = instant()
    received_at: datetime | None = instant()
    approved_at: datetime | None = instant()
    closed_at: datetime | None = instant()
    state_since: datetime = instant()
    promised_on: date | None = None
    info_question: str = Field(default="", sa_column_kwargs={"server_default": ""})
    info_answer: str = Field(default="", sa_column_kwargs={"server_default": ""})
    revived_from: UUID | None = None
    # The request whose accepted offer covers these lines, where they were split off it.
    split_from: UUID | None = None


class SrfLine(TenantOwned, Versioned, table=True):
    """One item of a request with its technical life."""

    __tablename__ = "srf_line"
    __table_args__ = (
        reference("srf", "srf_id"),
        reference("instrument", "instrument_id"),
        reference("person", "assignee_id"),
        reference("room", "room_id"),
        reference("provider", "provider_id"),
        one_of("state", LineState),
        one_of("decision_rule", DecisionRule),
        unique("srf_id", "position"),
        index("state", "promised_on", "id"),
        index("assignee_id", "state"),
        index("instrument_id"),
        index("approved_at", where="(approved_at IS NOT NULL)"),
    )

    srf_id: UUID
    # Counts from 1 on its own request; it stands on labels and certificates.
    position: int
    instrument_id: UUID
    state: LineState = word(LineState, default=LineState.PENDING)
    procedure_code: str
    # What was asked: {"points": [...], "parameters": {...}}.
    order: dict[str, object] = document()
    decision_rule: DecisionRule = word(DecisionRule)
    accredited: bool = Field(default=True, sa_column_kwargs={"server_default": "true"})
    on_site: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
    urgent: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
    promised_on: date | None = None
    assignee_id: UUID | None = None
    planned_on: date | None = None
    room_id: UUID | None = None
    provider_id: UUID | None = None
    hold_kind: HoldKind | None = word(HoldKind, default=None, nullable=True)
    hold_reason: str = Field(default="", sa_column_kwargs={"server_default": ""})
    hold_by: UUID | None = None
    started: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
    reviewed: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
    state_since: datetime = instant()
    received_at: datetime | None = instant()
    approved_at: datetime | None = instant()
    condition: ItemCondition | None = word(ItemCondition, default=None, nullable=True)
    accessories: str = Field(default="", sa_column_kwargs={"server_default": ""})
    # Time spent waiting for the customer, kept for the turnaround clock.
    paused_seconds: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    paused_since: datetime | None = instant()


class ContractReview(TenantOwned, Versioned, table=True):
    """The answers of contract review for one line (ISO/IEC 17025, 7.1)."""

    __tablename__ = "contract_review"
    __table_args__ = (
        reference("srf_line", "line_id"),
        reference("person", "answered_by"),
        unique("line_id"),
    )

    line_id: UUID
    # Question key → {"answer": "yes" | "no" | "n/a", "note": "..."}.
    answers: dict[str, object] = document()
    # Scope, competence and capacity as found that minute.
    evidence: dict[str, object] = document()
    scope_verdict: str = Field(default="", sa_column_kwargs={"server_default": ""})
    complete: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
    answered_by: UUID | None = None
    answered_at: datetime | None = instant()


class SrfRecord(TenantOwned, table=True):
    """The frozen record of one transition; each names the hash of the one before."""

    __tablename__ = "srf_record"
    __append_only__: ClassVar[bool] = True
    __audited__: ClassVar[bool] = False
    __table_args__ = (
        reference("srf", "srf_id"),
        reference("srf_line", "line_id"),
        unique("srf_id", "sequence"),
        unique("srf_id", "previous_sha256"),
        index("srf_id", "at"),
    )

    srf_id: UUID
    sequence: int
    # The line that a transition of one line concerns.
    line_id: UUID | None = None
    transition: str
    action: str
    from_state: str
    to_state: str
    actor_id: UUID
    actor_name: str
    reason: str = Field(default="", sa_column_kwargs={"server_default": ""})
    at: datetime = instant()
    body: dict[str, object] = document()
    sha256: str
    previous_sha256: str
    document_id: UUID | None = None


class CustodyEvent(TenantOwned, table=True):
    """Where an item went: arrival, shelf, bench, provider, return."""

    __tablename__ = "custody_event"
    __append_only__: ClassVar[bool] = True
    __table_args__ = (
        reference("srf_line", "line_id"),
        reference("person", "person_id"),
        index("line_id", "at"),
    )

    line_id: UUID
    at: datetime = instant()
    kind: str
    place: str = Field(default="", sa_column_kwargs={"server_default": ""})
    note: str = Field(default="", sa_column_kwargs={"server_default": ""})
    photo_id: UUID | None = None
    person_id: UUID


class CustomerDecision(TenantOwned, Versioned, table=True):
    """A question that only the customer can decide: damage, adjustment, repair."""

    __tablename__ = "customer_decision"
    __table_args__ = (
        reference("srf_line", "line_id"),
        reference("person", "asked_by"),
        index("line_id"),
    )

    line_id: UUID
    kind: str
    question: str
    price: Decimal | None = exact(default=None, nullable=True)
    asked_by: UUID
    asked_at: datetime = instant()
    decided_at: datetime | None = instant()
    decision: str = Field(default="", sa_column_kwargs={"server_default": ""})
    decided_by_name: str = Field(default="", sa_column_kwargs={"server_default": ""})
    evidence: str = Field(default="", sa_column_kwargs={"server_default": ""})


class ProviderResult(TenantOwned, Versioned, table=True):
    """An external provider's certificate with the values taken over from it."""

    __tablename__ = "provider_result"
    __table_args__ = (reference("srf_line", "line_id"), unique("line_id"))

    line_id: UUID
    certificate_number: str
    issued_on: date
    file_id: UUID | None = None
    # [{"label", "nominal", "unit", "indication", "error", "expanded_uncertainty", "k"}], as text.
    results: dict[str, object] = document()
    entered_by: UUID
    checked_by: UUID | None = None


class AnsweredRequest(TenantRow, table=True):
    """The answer to a deed that was asked with an idempotency key; a repeat gets it again."""

    __tablename__ = "answered_request"
    __audited__: ClassVar[bool] = False

    key: str = Field(primary_key=True, sa_type=Text)
    at: datetime = instant()
    answer: dict[str, object] = document()
