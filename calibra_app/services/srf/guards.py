"""The guards of the transitions, G01 to G35: pure questions to facts, each with its sentence.

Five conditions of the table of transitions have no number; they stand at the end under a word in
capitals. A guard with nothing to object returns no sentence.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Generic, TypeVar

from calibra_app.core.errors import Conflict
from calibra_app.services.srf import objections
from calibra_app.services.srf.facts import Facts, OfferFacts
from calibra_app.services.srf.transition import Transition

F = TypeVar("F")


@dataclass(frozen=True, slots=True)
class Refusal:
    """One sentence of one guard."""

    guard: str
    message: str


class GuardFailed(Conflict):
    """A guard stands in the way; `refusals` holds every sentence, `guard` the first one's id.

    Raised as a subclass of its own for each guard, whose code is `guard_G15` and the like.
    """

    code: ClassVar[str] = "guard"

    def __init__(self, refusals: tuple[Refusal, ...]) -> None:
        """Keep all refusals; the message holds their sentences."""
        super().__init__(" ".join(refusal.message for refusal in refusals))
        self.refusals = refusals
        self.guard = refusals[0].guard


@dataclass(frozen=True, slots=True)
class Guard(Generic[F]):
    """A guard: its id, the rule in words, the fact it looks at and what it may object."""

    number: str
    rule: str
    fact: Callable[[Facts], F | None]
    objections: Callable[[F], Iterable[str]]

    def refusals(self, facts: Facts) -> list[Refusal]:
        """Return what the guard objects to these facts."""
        fact = self.fact(facts)
        if fact is None:
            return [Refusal(self.number, f"Not looked at yet: {self.rule}.")]
        return [Refusal(self.number, sentence) for sentence in self.objections(fact)]


def check(guards: Iterable[str], facts: Facts) -> list[Refusal]:
    """Return every objection of the guards named, in their order."""
    return [refusal for number in guards for refusal in GUARDS[number].refusals(facts)]


def require_guards(transition: Transition, facts: Facts) -> None:
    """Raise GuardFailed with every objection, unless the transition's guards have none."""
    refuse(check(transition.guards, facts))


def refuse(refusals: Iterable[Refusal]) -> None:
    """Raise GuardFailed where there is a refusal, with the code of the first one's guard."""
    found = tuple(refusals)
    if found:
        raise _FAILURES[found[0].guard](found)


def _dated_offer(facts: Facts) -> tuple[OfferFacts, date] | None:
    return (facts.offer, facts.today) if facts.offer and facts.today else None


GUARDS: Mapping[str, Guard[Any]] = {
    guard.number: guard
    for guard in (
        Guard(
            "G01",
            "mandatory header fields present",
            lambda facts: facts.heading_missing,
            objections.heading,
        ),
        Guard(
            "G02",
            "every line complete for its procedure",
            lambda facts: facts.lines,
            objections.incomplete_lines,
        ),
        Guard(
            "G03",
            "contract review answered for every line",
            lambda facts: facts.lines,
            objections.unreviewed_lines,
        ),
        Guard(
            "G04",
            "scope, capability and provider checked for every line",
            lambda facts: facts.lines,
            objections.lines_outside_scope,
        ),
        Guard(
            "G05",
            "quotation valid and within the approval limit",
            lambda facts: facts.offer,
            objections.offer_not_sendable,
        ),
        Guard("G06", "quotation not expired", _dated_offer, objections.offer_expired),
        Guard(
            "G07",
            "the customer's acceptance of the current revision",
            lambda facts: facts.offer,
            objections.offer_not_accepted,
        ),
        Guard(
            "G08",
            "no open difference between request, offer and acceptance",
            lambda facts: facts.open_differences,
            objections.open_differences,
        ),
        Guard(
            "G09",
            "item in custody, identified, its condition recorded",
            lambda facts: facts.lines,
            objections.lines_not_received,
        ),
        Guard(
            "G10",
            "abnormal condition decided by the customer",
            lambda facts: facts.lines,
            objections.conditions_open,
        ),
        Guard(
            "G11",
            "person authorized, without conflict of interest, not absent",
            lambda facts: facts.assignment,
            objections.person_not_fit,
        ),
        Guard(
            "G12",
            "procedure, budget, rule and template in approved version",
            lambda facts: facts.unapproved,
            objections.unapproved,
        ),
        Guard(
            "G13",
            "standards valid, in range, not quarantined, not booked twice",
            lambda facts: facts.standards,
            objections.standards_not_fit,
        ),
        Guard(
            "G14",
            "environment within limits, without unexplained gap",
            lambda facts: facts.environment,
            objections.environment_not_fit,
        ),
        Guard(
            "G15",
            "all required points and repeats present",
            lambda facts: facts.missing_points,
            objections.points_missing,
        ),
        Guard(
            "G16",
            "as-found and as-left present, or their reason",
            lambda facts: facts.adjustment,
            objections.adjustment_incomplete,
        ),
        Guard(
            "G17",
            "uncertainty computed for each reported point",
            lambda facts: facts.points_without_uncertainty,
            objections.uncertainty_missing,
        ),
        Guard(
            "G18",
            "performer's signature given",
            lambda facts: facts.signed_as_performed,
            objections.not_signed,
        ),
        Guard(
            "G19",
            "reviewer independent and authorized",
            lambda facts: facts.reviewer,
            objections.reviewer_not_fit,
        ),
        Guard(
            "G20",
            "no open remark, deviation or hold",
            lambda facts: facts.open_items,
            objections.open_items,
        ),
        Guard(
            "G21",
            "certificate without error, its symbol decided",
            lambda facts: facts.certificate,
            objections.certificate_not_fit,
        ),
        Guard(
            "G22",
            "signatory independent and authorized",
            lambda facts: facts.signatory,
            objections.signatory_not_fit,
        ),
        Guard(
            "G23",
            "identity confirmed just now",
            lambda facts: facts.step_up_fresh,
            objections.not_confirmed,
        ),
        Guard(
            "G24",
            "all active lines Approved",
            lambda facts: facts.lines,
            objections.lines_not_approved,
        ),
        Guard(
            "G25",
            "invoice equal to the accepted offer, or explained",
            lambda facts: facts.invoice,
            objections.invoice_differs,
        ),
        Guard(
            "G26", "release rule satisfied", lambda facts: facts.release, objections.not_released
        ),
        Guard(
            "G27",
            "packing list complete",
            lambda facts: facts.unscanned_items,
            objections.not_packed,
        ),
        Guard(
            "G28",
            "delivery evidence present",
            lambda facts: facts.delivery_evidence,
            objections.no_evidence,
        ),
        Guard(
            "G29",
            "nothing open on the request",
            lambda facts: facts.open_matters,
            objections.open_matters,
        ),
        Guard("G30", "reason given", lambda facts: facts.reason, objections.no_reason),
        Guard(
            "G31",
            "provider approved, customer agreed",
            lambda facts: facts.provider,
            objections.provider_not_fit,
        ),
        Guard(
            "G32",
            "provider's certificate attached, reviewed, checked twice",
            lambda facts: facts.provider_result,
            objections.provider_result_not_fit,
        ),
        Guard(
            "G33",
            "nothing changed since it was opened",
            lambda facts: facts.version,
            objections.version_stale,
        ),
        Guard("G34", "at least one line", lambda facts: facts.lines, objections.no_lines),
        Guard(
            "G35",
            "effects of the cancellation settled",
            lambda facts: facts.settlement,
            objections.not_settled,
        ),
        Guard(
            "LAPSE",
            "the days for an answer have passed",
            lambda facts: facts.question_lapsed,
            objections.not_lapsed,
        ),
        Guard("EXPIRY", "the offer's date has passed", _dated_offer, objections.not_expired),
        Guard("PHOTO", "a photo of the condition", lambda facts: facts.photo, objections.no_photo),
        Guard(
            "PRICE",
            "the price agreed, if there is one",
            lambda facts: facts.price_settled,
            objections.price_open,
        ),
        Guard(
            "SHIP_FIRST",
            "the customer may receive before the invoice",
            lambda facts: facts.may_ship_before_invoice,
            objections.invoice_first,
        ),
    )
}
_FAILURES: Mapping[str, type[GuardFailed]] = {
    number: type(f"GuardFailed{number}", (GuardFailed,), {"code": f"guard_{number}"})
    for number in GUARDS
}
