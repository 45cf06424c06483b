"""What the guards look at, as plain values that a service has gathered.

Every fact starts as None, "not looked at", and a guard refuses what was not looked at: forgetting
to gather a fact closes the door instead of opening it.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from calibra_app.core.money import Money
from calibra_app.services.srf.states import LineState


class ReleaseRule(StrEnum):
    """When a customer may see the certificates."""

    APPROVAL = "approval"
    INVOICE = "invoice"
    PAYMENT = "payment"


@dataclass(frozen=True, slots=True)
class LineFacts:
    """One line, by its number on the request.

    Attributes:
        missing: What its procedure still asks for.
        reviewed: The contract review is answered by somebody with the right.
        checked: Scope, capability and provider were looked up and stored.
        outside: What of it is outside the scope; empty where nothing is.
        marked: What is outside is marked non-accredited or subcontracted.
    """

    number: int
    state: LineState = LineState.PENDING
    missing: tuple[str, ...] = ()
    reviewed: bool = False
    checked: bool = False
    outside: str = ""
    marked: bool = False
    in_custody: bool = False
    identified: bool = False
    condition_recorded: bool = False
    condition_abnormal: bool = False
    condition_decided: bool = False


@dataclass(frozen=True, slots=True)
class OfferFacts:
    """The current revision of the quotation.

    Attributes:
        excess: What is above the limit, such as "Discount 18 %"; empty where nothing is.
        accepted: The customer accepted this revision, or a standing agreement covers it.
    """

    revision: str
    totals_valid: bool
    tax_determined: bool
    excess: str = ""
    excess_approved: bool = False
    valid_until: date | None = None
    accepted: bool = False


@dataclass(frozen=True, slots=True)
class AssignmentFacts:
    """The person who is to do the work."""

    procedure: str
    authorized: bool
    conflict_of_interest: bool = False
    absent: bool = False


@dataclass(frozen=True, slots=True)
class StandardFacts:
    """One reference standard that the work needs."""

    name: str
    expired_on: date | None = None
    in_range: bool = True
    quarantined: bool = False
    booked_by: str = ""
    exception_signed: bool = False


@dataclass(frozen=True, slots=True)
class EnvironmentFacts:
    """The room during the work; `gap_minutes` is the longest gap that nobody explained."""

    room: str
    within_limits: bool
    decision_signed: bool = False
    gap_minutes: int = 0


@dataclass(frozen=True, slots=True)
class MissingPoint:
    """A required point or repeat that is not there."""

    name: str
    omission_accepted: bool = False


@dataclass(frozen=True, slots=True)
class AdjustmentFacts:
    """Whether the indications before and after an adjustment are there."""

    as_found: bool
    as_found_reason: str = ""
    adjusted: bool = False
    as_left: bool = False
    no_adjustment_declared: bool = False


@dataclass(frozen=True, slots=True)
class ReviewerFacts:
    """The person who reviews."""

    performed: bool
    authorized: bool
    discipline: str


@dataclass(frozen=True, slots=True)
class OpenItems:
    """What still stands open on a sheet."""

    remarks: int = 0
    deviations: int = 0
    holds: int = 0


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """What the certificate's linter found, and whether the scope decided on the symbol."""

    errors: tuple[str, ...] = ()
    symbol_decided: bool = False


@dataclass(frozen=True, slots=True)
class SignatoryFacts:
    """The person who authorizes."""

    authorized: bool
    discipline: str
    performed: bool = False
    reviewed: bool = False
    reviewer_may_authorize: bool = False


@dataclass(frozen=True, slots=True)
class InvoiceFacts:
    """How far the invoice is from the accepted offer."""

    difference: Money
    explained: bool = False


@dataclass(frozen=True, slots=True)
class ReleaseFacts:
    """The customer's release rule and what has happened."""

    rule: ReleaseRule
    invoiced: bool = False
    paid: bool = False


@dataclass(frozen=True, slots=True)
class ProviderFacts:
    """The provider that a line is sent to."""

    approved: bool
    customer_agreed: bool


@dataclass(frozen=True, slots=True)
class ProviderResult:
    """The certificate that the provider sent back."""

    attached: bool
    reviewed: bool = False
    checked_twice: bool = False


@dataclass(frozen=True, slots=True)
class VersionFacts:
    """The version that the person saw and the one that stands now."""

    seen: int
    current: int
    changed_by: str = ""
    seconds_ago: int = 0


@dataclass(frozen=True, slots=True)
class Settlement:
    """What a cancellation leaves behind."""

    work_done: bool
    work_settled: bool = False
    items_here: bool = False
    return_listed: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """A typed reason, and the entry of the list it goes with, if any."""

    text: str
    listed: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a transition's guards may look at; None is what nobody looked at."""

    heading_missing: tuple[str, ...] | None = None
    lines: tuple[LineFacts, ...] | None = None
    offer: OfferFacts | None = None
    today: date | None = None
    open_differences: tuple[str, ...] | None = None
    assignment: AssignmentFacts | None = None
    unapproved: tuple[str, ...] | None = None
    standards: tuple[StandardFacts, ...] | None = None
    environment: EnvironmentFacts | None = None
    missing_points: tuple[MissingPoint, ...] | None = None
    adjustment: AdjustmentFacts | None = None
    points_without_uncertainty: tuple[str, ...] | None = None
    signed_as_performed: bool | None = None
    reviewer: ReviewerFacts | None = None
    open_items: OpenItems | None = None
    certificate: CertificateFacts | None = None
    signatory: SignatoryFacts | None = None
    step_up_fresh: bool | None = None
    invoice: InvoiceFacts | None = None
    release: ReleaseFacts | None = None
    unscanned_items: tuple[str, ...] | None = None
    delivery_evidence: bool | None = None
    open_matters: tuple[str, ...] | None = None
    reason: Reason | None = None
    provider: ProviderFacts | None = None
    provider_result: ProviderResult | None = None
    version: VersionFacts | None = None
    settlement: Settlement | None = None
    question_lapsed: bool | None = None
    photo: bool | None = None
    price_settled: bool | None = None
    may_ship_before_invoice: bool | None = None
