"""What each guard objects to its fact, in sentences that name the thing and the way out."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from calibra_app.services.srf.facts import (
    AdjustmentFacts,
    AssignmentFacts,
    CertificateFacts,
    EnvironmentFacts,
    InvoiceFacts,
    LineFacts,
    MissingPoint,
    OfferFacts,
    OpenItems,
    ProviderFacts,
    ProviderResult,
    Reason,
    ReleaseFacts,
    ReleaseRule,
    ReviewerFacts,
    Settlement,
    SignatoryFacts,
    StandardFacts,
    VersionFacts,
)
from calibra_app.services.srf.states import ENDED, LineState, words

# Shorter than this, a reason explains nothing.
SHORTEST_REASON = 10

Lines = Sequence[LineFacts]


def heading(missing: Sequence[str]) -> Iterator[str]:
    """G01."""
    if missing:
        *first, last = missing
        named = f"{', '.join(first)} and {last}" if first else last
        yield f"Still needed: {named}."


def incomplete_lines(lines: Lines) -> Iterator[str]:
    """G02."""
    for line in lines:
        if line.missing:
            yield f"Line {line.number}: {', '.join(line.missing)} missing."


def unreviewed_lines(lines: Lines) -> Iterator[str]:
    """G03."""
    for line in lines:
        if not line.reviewed:
            yield f"Line {line.number} is not reviewed."


def lines_outside_scope(lines: Lines) -> Iterator[str]:
    """G04."""
    for line in lines:
        if not line.checked:
            yield f"Line {line.number}: scope and capability are not checked."
        elif line.outside and not line.marked:
            yield f"Line {line.number}: {line.outside} is outside the scope."


def offer_not_sendable(offer: OfferFacts) -> Iterator[str]:
    """G05."""
    if not offer.totals_valid:
        yield f"The totals of {offer.revision} do not add up."
    if not offer.tax_determined:
        yield f"The tax of {offer.revision} is not determined."
    if offer.excess and not offer.excess_approved:
        yield f"{offer.excess} needs the laboratory manager."


def offer_expired(dated: tuple[OfferFacts, date]) -> Iterator[str]:
    """G06."""
    offer, today = dated
    if offer.valid_until and today > offer.valid_until:
        yield f"The offer expired on {_day(offer.valid_until)}."


def offer_not_accepted(offer: OfferFacts) -> Iterator[str]:
    """G07."""
    if not offer.accepted:
        yield f"{offer.revision} is not accepted."


def open_differences(differences: Iterable[str]) -> Iterator[str]:
    """G08."""
    for difference in differences:
        yield f"{difference}."


def lines_not_received(lines: Lines) -> Iterator[str]:
    """G09."""
    for line in lines:
        if not line.in_custody:
            yield f"Line {line.number} is not received."
        elif not line.identified:
            yield f"Line {line.number}: the item is not identified."
        elif not line.condition_recorded:
            yield f"Line {line.number}: the condition is not recorded."


def conditions_open(lines: Lines) -> Iterator[str]:
    """G10."""
    for line in lines:
        if line.condition_abnormal and not line.condition_decided:
            yield f"Line {line.number}: the customer's decision on the damage is open."


def person_not_fit(assignment: AssignmentFacts) -> Iterator[str]:
    """G11."""
    if not assignment.authorized:
        yield f"No valid authorization {assignment.procedure}."
    if assignment.conflict_of_interest:
        yield "A conflict of interest with this customer is registered."
    if assignment.absent:
        yield "The person is absent on that date."


def unapproved(versions: Iterable[str]) -> Iterator[str]:
    """G12."""
    for version in versions:
        yield f"{version} is not approved."


def standards_not_fit(standards: Iterable[StandardFacts]) -> Iterator[str]:
    """G13."""
    for standard in standards:
        if standard.quarantined:
            yield f"{standard.name} is in quarantine."
        elif standard.expired_on and not standard.exception_signed:
            yield f"{standard.name} expired on {_day(standard.expired_on)}."
        elif not standard.in_range:
            yield f"{standard.name} does not cover the range."
        elif standard.booked_by:
            yield f"{standard.name} is booked by {standard.booked_by}."


def environment_not_fit(environment: EnvironmentFacts) -> Iterator[str]:
    """G14."""
    if not environment.within_limits and not environment.decision_signed:
        yield f"{environment.room} was outside its limits."
    if environment.gap_minutes:
        yield f"A gap of {environment.gap_minutes} min in {environment.room} is unexplained."


def points_missing(points: Iterable[MissingPoint]) -> Iterator[str]:
    """G15."""
    for point in points:
        if not point.omission_accepted:
            yield f"Point {point.name} is missing."


def adjustment_incomplete(adjustment: AdjustmentFacts) -> Iterator[str]:
    """G16."""
    if not adjustment.as_found and not adjustment.as_found_reason.strip():
        yield "As-found is missing; enter it or give the reason."
    if adjustment.adjusted and not adjustment.as_left:
        yield "As-left is missing."
    if not adjustment.adjusted and not adjustment.no_adjustment_declared:
        yield "Declare that nothing was adjusted."


def uncertainty_missing(points: Iterable[str]) -> Iterator[str]:
    """G17."""
    for point in points:
        yield f"U is missing at {point}."


def not_signed(signed: bool) -> Iterator[str]:
    """G18."""
    if not signed:
        yield "Sign as performed."


def reviewer_not_fit(reviewer: ReviewerFacts) -> Iterator[str]:
    """G19."""
    if reviewer.performed:
        yield "You performed this work; somebody else reviews it."
    if not reviewer.authorized:
        yield f"Not authorized to review: {reviewer.discipline}."


def open_items(items: OpenItems) -> Iterator[str]:
    """G20."""
    for count, name in (
        (items.remarks, "remark"),
        (items.deviations, "deviation"),
        (items.holds, "hold"),
    ):
        if count:
            yield f"{count} {name}{'s' if count > 1 else ''} open."


def certificate_not_fit(certificate: CertificateFacts) -> Iterator[str]:
    """G21."""
    for error in certificate.errors:
        yield f"{error}."
    if not certificate.symbol_decided:
        yield "The scope has not decided on the accreditation symbol."


def signatory_not_fit(signatory: SignatoryFacts) -> Iterator[str]:
    """G22."""
    if not signatory.authorized:
        yield f"Not authorized: {signatory.discipline}."
    if signatory.performed:
        yield "You performed this work; somebody else authorizes it."
    if signatory.reviewed and not signatory.reviewer_may_authorize:
        yield "You reviewed this work; somebody else authorizes it."


def not_confirmed(fresh: bool) -> Iterator[str]:
    """G23."""
    if not fresh:
        yield "Confirm with your password."


def lines_not_approved(lines: Lines) -> Iterator[str]:
    """G24."""
    done = {LineState.APPROVED, LineState.RELEASED} | ENDED
    for line in lines:
        if line.state not in done:
            yield f"Line {line.number} is still {words(line.state)}."


def invoice_differs(invoice: InvoiceFacts) -> Iterator[str]:
    """G25."""
    difference = invoice.difference.rounded()
    if difference.amount and not invoice.explained:
        yield f"A difference of {difference.amount} {difference.currency} is not explained."


def not_released(release: ReleaseFacts) -> Iterator[str]:
    """G26."""
    if release.rule is ReleaseRule.PAYMENT and not release.paid:
        yield "Waiting for payment."
    if release.rule is ReleaseRule.INVOICE and not release.invoiced:
        yield "Waiting for the invoice."


def not_packed(items: Iterable[str]) -> Iterator[str]:
    """G27."""
    for item in items:
        yield f"Item {item} is not scanned."


def no_evidence(evidence: bool) -> Iterator[str]:
    """G28."""
    if not evidence:
        yield "A signature or the courier's proof is missing."


def open_matters(matters: Iterable[str]) -> Iterator[str]:
    """G29."""
    for matter in matters:
        yield f"{matter} is open."


def no_reason(reason: Reason) -> Iterator[str]:
    """G30."""
    text = reason.text.strip()
    if len(text) < SHORTEST_REASON and not (reason.listed and text):
        yield f"Give a reason of at least {SHORTEST_REASON} characters."


def provider_not_fit(provider: ProviderFacts) -> Iterator[str]:
    """G31."""
    if not provider.approved:
        yield "The provider is not approved for this scope."
    if not provider.customer_agreed:
        yield "The customer has not agreed to the subcontract."


def provider_result_not_fit(result: ProviderResult) -> Iterator[str]:
    """G32."""
    if not result.attached:
        yield "The provider's certificate is missing."
    elif not result.reviewed:
        yield "The provider's certificate is not reviewed."
    elif not result.checked_twice:
        yield "The provider's values need a second check."


def version_stale(version: VersionFacts) -> Iterator[str]:
    """G33."""
    if version.seen != version.current:
        by = f" by {version.changed_by}" if version.changed_by else ""
        yield f"Changed{by} {version.seconds_ago} s ago; look at it again."


def no_lines(lines: Lines) -> Iterator[str]:
    """G34."""
    if not lines:
        yield "Add an instrument."


def not_settled(settlement: Settlement) -> Iterator[str]:
    """G35."""
    if settlement.work_done and not settlement.work_settled:
        yield "Decide on the work already done: bill it or waive it."
    if settlement.items_here and not settlement.return_listed:
        yield "List the items that go back."


def not_lapsed(lapsed: bool) -> Iterator[str]:
    """LAPSE: T08 waits for the days that the laboratory's policy allows."""
    if not lapsed:
        yield "The customer still has time to answer."


def not_expired(dated: tuple[OfferFacts, date]) -> Iterator[str]:
    """EXPIRY: T17 waits for the offer's date."""
    offer, today = dated
    if offer.valid_until is None or today <= offer.valid_until:
        yield "The offer is still valid."


def no_photo(photo: bool) -> Iterator[str]:
    """PHOTO: T20 shows the customer what is wrong."""
    if not photo:
        yield "Add a photo of the condition."


def price_open(settled: bool) -> Iterator[str]:
    """PRICE: what a decision, a repair or parts cost is named and agreed first."""
    if not settled:
        yield "The price is not agreed."


def invoice_first(allowed: bool) -> Iterator[str]:
    """SHIP_FIRST: T41 is for customers who may receive before the invoice."""
    if not allowed:
        yield "This customer is invoiced before items are shipped."


def _day(day: date) -> str:
    return f"{day.day} {day:%b}"
