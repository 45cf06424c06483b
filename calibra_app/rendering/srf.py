"""Papers of a service request: the form, the record of contract review and the receipt of items."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from calibra_app.rendering.blocks import (
    BrandingContent,
    ItemContent,
    PartyContent,
    SignatureContent,
)
from calibra_app.rendering.content import Content


@dataclass(frozen=True, slots=True, kw_only=True)
class SrfLineContent(Content):
    """What a customer asks for one item; an empty text means that it was left open."""

    position: int
    item: ItemContent
    procedure: str = ""
    points: str = ""
    specification: str = ""
    decision_rule: str = ""
    is_accredited: bool = False
    wants_as_found: bool = True
    may_adjust: bool = False
    wants_due_date: bool = False
    is_urgent: bool = False
    wanted_by: date | None = None
    remarks: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SrfContent(Content):
    """A service request as submitted."""

    branding: BrandingContent
    number: str
    customer: PartyContent
    lines: tuple[SrfLineContent, ...]
    title: str = "Service request"
    language: str = "en"
    submitted_at: datetime | None = None
    requested_by: str = ""
    order_reference: str = ""
    channel: str = ""
    return_address: tuple[str, ...] = ()
    remarks: str = ""
    issued_on: date | None = None


class Finding(StrEnum):
    """What contract review found on one question."""

    MET = "met"
    PARTLY = "partly"
    NOT_MET = "not_met"
    NOT_APPLICABLE = "not_applicable"

    @property
    def words(self) -> str:
        """Return the finding as printed."""
        return self.value.replace("_", " ").capitalize()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewAnswerContent(Content):
    """One question of contract review: what was found, and by what evidence (17025, 7.1)."""

    question: str
    finding: Finding
    evidence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewLineContent(Content):
    """The answers for one line of a request."""

    position: int
    item: ItemContent
    answers: tuple[ReviewAnswerContent, ...]
    decision: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractReviewContent(Content):
    """The record of contract review, as found that minute."""

    branding: BrandingContent
    number: str
    customer: PartyContent
    lines: tuple[ReviewLineContent, ...]
    title: str = "Contract review"
    language: str = "en"
    srf_number: str = ""
    conclusion: str = ""
    deviations: tuple[str, ...] = ()
    """Each difference and how the customer agreed to it."""
    signatures: tuple[SignatureContent, ...] = ()
    issued_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptLineContent(Content):
    """One item as it arrived (17025, 7.4)."""

    position: int
    item: ItemContent
    condition: str
    is_abnormal: bool = False
    accessories: str = ""
    packaging: str = ""
    photographs: int = 0
    decision: str = ""
    """What the customer decided about an abnormal condition."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptContent(Content):
    """The receipt that a customer gets for items handed over."""

    branding: BrandingContent
    number: str
    customer: PartyContent
    lines: tuple[ReceiptLineContent, ...]
    title: str = "Receipt of items"
    language: str = "en"
    srf_number: str = ""
    received_at: datetime | None = None
    received_by: str = ""
    delivered_by: str = ""
    remarks: str = ""
    issued_on: date | None = None
