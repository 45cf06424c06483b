"""Each guard, once where it lets pass and once where it refuses, with its sentence."""

from dataclasses import fields
from datetime import date
from decimal import Decimal

import pytest

from calibra_app.core.errors import Conflict
from calibra_app.core.money import Money
from calibra_app.services.srf.facts import (
    AdjustmentFacts,
    AssignmentFacts,
    CertificateFacts,
    EnvironmentFacts,
    Facts,
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
from calibra_app.services.srf.guards import (
    GUARDS,
    GuardFailed,
    check,
    refuse,
    require_guards,
)
from calibra_app.services.srf.states import LineState
from calibra_app.services.srf.workflow import TRANSITIONS

TODAY = date(2026, 11, 30)
EUR = Money.of("0", "EUR")


def offer(**changed):
    sent = {"revision": "R1", "totals_valid": True, "tax_determined": True} | changed
    return Facts(offer=OfferFacts(**sent), today=TODAY)


def line(number=1, **known):
    return Facts(lines=(LineFacts(number, **known),))


def standard(**known):
    return Facts(standards=(StandardFacts("STD-P-001", **known),))


PASSES = [
    ("G01", Facts(heading_missing=())),
    ("G02", line()),
    ("G03", line(reviewed=True)),
    ("G04", line(checked=True)),
    ("G04", line(checked=True, outside="600 A", marked=True)),
    ("G05", offer()),
    ("G05", offer(excess="Discount 18 %", excess_approved=True)),
    ("G06", offer(valid_until=TODAY)),
    ("G07", offer(accepted=True)),
    ("G08", Facts(open_differences=())),
    ("G09", line(in_custody=True, identified=True, condition_recorded=True)),
    ("G10", line(condition_abnormal=True, condition_decided=True)),
    ("G11", Facts(assignment=AssignmentFacts("MP-DIM-02", authorized=True))),
    ("G12", Facts(unapproved=())),
    ("G13", standard()),
    ("G13", standard(expired_on=TODAY, exception_signed=True)),
    ("G14", Facts(environment=EnvironmentFacts("D1", within_limits=True))),
    (
        "G14",
        Facts(environment=EnvironmentFacts("D1", within_limits=False, decision_signed=True)),
    ),
    ("G15", Facts(missing_points=())),
    ("G15", Facts(missing_points=(MissingPoint("150 mm", omission_accepted=True),))),
    ("G16", Facts(adjustment=AdjustmentFacts(as_found=True, adjusted=True, as_left=True))),
    (
        "G16",
        Facts(
            adjustment=AdjustmentFacts(
                as_found=False, as_found_reason="arrived broken", no_adjustment_declared=True
            )
        ),
    ),
    ("G17", Facts(points_without_uncertainty=())),
    ("G18", Facts(signed_as_performed=True)),
    ("G19", Facts(reviewer=ReviewerFacts(False, True, "dimensional"))),
    ("G20", Facts(open_items=OpenItems())),
    ("G21", Facts(certificate=CertificateFacts(symbol_decided=True))),
    ("G22", Facts(signatory=SignatoryFacts(True, "dimensional"))),
    (
        "G22",
        Facts(
            signatory=SignatoryFacts(
                True, "dimensional", reviewed=True, reviewer_may_authorize=True
            )
        ),
    ),
    ("G23", Facts(step_up_fresh=True)),
    ("G24", line(state=LineState.APPROVED)),
    ("G24", line(state=LineState.CANCELLED)),
    ("G25", Facts(invoice=InvoiceFacts(EUR))),
    ("G25", Facts(invoice=InvoiceFacts(Money.of("40", "EUR"), explained=True))),
    ("G26", Facts(release=ReleaseFacts(ReleaseRule.APPROVAL))),
    ("G26", Facts(release=ReleaseFacts(ReleaseRule.INVOICE, invoiced=True))),
    ("G26", Facts(release=ReleaseFacts(ReleaseRule.PAYMENT, paid=True))),
    ("G27", Facts(unscanned_items=())),
    ("G28", Facts(delivery_evidence=True)),
    ("G29", Facts(open_matters=())),
    ("G30", Facts(reason=Reason("too late anyway"))),
    ("G30", Facts(reason=Reason("bent", listed="damage"))),
    ("G31", Facts(provider=ProviderFacts(approved=True, customer_agreed=True))),
    ("G32", Facts(provider_result=ProviderResult(True, reviewed=True, checked_twice=True))),
    ("G33", Facts(version=VersionFacts(4, 4))),
    ("G34", line()),
    ("G35", Facts(settlement=Settlement(work_done=False))),
    (
        "G35",
        Facts(settlement=Settlement(True, work_settled=True, items_here=True, return_listed=True)),
    ),
    ("LAPSE", Facts(question_lapsed=True)),
    ("EXPIRY", offer(valid_until=date(2026, 11, 14))),
    ("PHOTO", Facts(photo=True)),
    ("PRICE", Facts(price_settled=True)),
    ("SHIP_FIRST", Facts(may_ship_before_invoice=True)),
]

REFUSES = [
    ("G01", Facts(heading_missing=("customer", "contact", "channel")), "customer, contact and"),
    ("G01", Facts(heading_missing=("contact",)), "Still needed: contact."),
    ("G02", line(3, missing=("decision rule",)), "Line 3: decision rule missing."),
    ("G03", line(2), "Line 2 is not reviewed."),
    ("G04", line(4, checked=True, outside="600 A"), "Line 4: 600 A is outside the scope."),
    ("G04", line(4), "Line 4: scope and capability are not checked."),
    ("G05", offer(excess="Discount 18 %"), "Discount 18 % needs the laboratory manager."),
    ("G05", offer(totals_valid=False), "The totals of R1 do not add up."),
    ("G05", offer(tax_determined=False), "The tax of R1 is not determined."),
    ("G06", offer(valid_until=date(2026, 11, 14)), "The offer expired on 14 Nov."),
    ("G07", offer(), "R1 is not accepted."),
    ("G08", Facts(open_differences=("Points differ: 10 asked, 5 offered",)), "5 offered."),
    ("G09", line(), "Line 1 is not received."),
    ("G09", line(in_custody=True), "not identified"),
    ("G09", line(in_custody=True, identified=True), "condition is not recorded"),
    ("G10", line(condition_abnormal=True), "decision on the damage is open"),
    (
        "G11",
        Facts(assignment=AssignmentFacts("MP-DIM-02", authorized=False)),
        "No valid authorization MP-DIM-02.",
    ),
    (
        "G11",
        Facts(assignment=AssignmentFacts("X", authorized=True, conflict_of_interest=True)),
        "conflict of interest",
    ),
    ("G11", Facts(assignment=AssignmentFacts("X", authorized=True, absent=True)), "absent"),
    ("G12", Facts(unapproved=("Budget v4",)), "Budget v4 is not approved."),
    ("G13", standard(expired_on=TODAY), "STD-P-001 expired on 30 Nov."),
    ("G13", standard(in_range=False), "does not cover the range"),
    ("G13", standard(quarantined=True, exception_signed=True), "is in quarantine"),
    ("G13", standard(booked_by="Mei Lin"), "is booked by Mei Lin"),
    (
        "G13",
        standard(expired_on=TODAY, exception_signed=True, in_range=False),
        "does not cover the range",
    ),
    (
        "G14",
        Facts(environment=EnvironmentFacts("D1", within_limits=True, gap_minutes=12)),
        "A gap of 12 min in D1 is unexplained.",
    ),
    ("G14", Facts(environment=EnvironmentFacts("D1", within_limits=False)), "outside its limits"),
    ("G15", Facts(missing_points=(MissingPoint("150 mm"),)), "Point 150 mm is missing."),
    ("G16", Facts(adjustment=AdjustmentFacts(as_found=True, adjusted=True)), "As-left is missing."),
    (
        "G16",
        Facts(adjustment=AdjustmentFacts(as_found=False, no_adjustment_declared=True)),
        "As-found is missing",
    ),
    ("G16", Facts(adjustment=AdjustmentFacts(as_found=True)), "nothing was adjusted"),
    ("G17", Facts(points_without_uncertainty=("20.2 mm",)), "U is missing at 20.2 mm."),
    ("G18", Facts(signed_as_performed=False), "Sign as performed."),
    ("G19", Facts(reviewer=ReviewerFacts(True, True, "mass")), "You performed this work"),
    ("G19", Facts(reviewer=ReviewerFacts(False, False, "mass")), "Not authorized to review: mass"),
    ("G20", Facts(open_items=OpenItems(remarks=2)), "2 remarks open."),
    ("G20", Facts(open_items=OpenItems(deviations=1)), "1 deviation open."),
    ("G20", Facts(open_items=OpenItems(holds=1)), "1 hold open."),
    (
        "G21",
        Facts(certificate=CertificateFacts(("Traceability statement missing",), True)),
        "Traceability statement missing.",
    ),
    ("G21", Facts(certificate=CertificateFacts()), "accreditation symbol"),
    ("G22", Facts(signatory=SignatoryFacts(False, "dimensional")), "Not authorized: dimensional."),
    ("G22", Facts(signatory=SignatoryFacts(True, "mass", performed=True)), "You performed"),
    ("G22", Facts(signatory=SignatoryFacts(True, "mass", reviewed=True)), "You reviewed"),
    ("G23", Facts(step_up_fresh=False), "Confirm with your password."),
    ("G24", line(2, state=LineState.QC), "Line 2 is still QC."),
    (
        "G25",
        Facts(invoice=InvoiceFacts(Money(Decimal(40), "EUR"))),
        "A difference of 40.00 EUR is not explained.",
    ),
    ("G26", Facts(release=ReleaseFacts(ReleaseRule.PAYMENT, invoiced=True)), "Waiting for payment"),
    ("G26", Facts(release=ReleaseFacts(ReleaseRule.INVOICE)), "Waiting for the invoice"),
    ("G27", Facts(unscanned_items=("KA-TRQ-012",)), "Item KA-TRQ-012 is not scanned."),
    ("G28", Facts(delivery_evidence=False), "courier's proof is missing"),
    ("G29", Facts(open_matters=("Complaint C-2026-021",)), "Complaint C-2026-021 is open."),
    ("G30", Facts(reason=Reason("because   ")), "at least 10 characters"),
    ("G30", Facts(reason=Reason("  ", listed="damage")), "Give a reason"),
    ("G31", Facts(provider=ProviderFacts(True, False)), "has not agreed to the subcontract"),
    ("G31", Facts(provider=ProviderFacts(False, True)), "provider is not approved"),
    ("G32", Facts(provider_result=ProviderResult(False)), "provider's certificate is missing"),
    ("G32", Facts(provider_result=ProviderResult(True)), "not reviewed"),
    ("G32", Facts(provider_result=ProviderResult(True, reviewed=True)), "second check"),
    ("G33", Facts(version=VersionFacts(4, 5, "Mei", 10)), "Changed by Mei 10 s ago"),
    ("G34", Facts(lines=()), "Add an instrument."),
    ("G35", Facts(settlement=Settlement(work_done=True)), "Decide on the work already done"),
    ("G35", Facts(settlement=Settlement(False, items_here=True)), "List the items that go back."),
    ("LAPSE", Facts(question_lapsed=False), "still has time"),
    ("EXPIRY", offer(valid_until=TODAY), "still valid"),
    ("PHOTO", Facts(photo=False), "photo"),
    ("PRICE", Facts(price_settled=False), "price is not agreed"),
    ("SHIP_FIRST", Facts(may_ship_before_invoice=False), "invoiced before"),
]


@pytest.mark.parametrize(("guard", "facts"), PASSES)
def test_a_guard_lets_pass(guard, facts):
    assert check((guard,), facts) == []


@pytest.mark.parametrize(("guard", "facts", "sentence"), REFUSES)
def test_a_guard_refuses_with_its_sentence(guard, facts, sentence):
    (refusal,) = check((guard,), facts)
    assert refusal.guard == guard
    assert sentence in refusal.message
    assert refusal.message.endswith(".")


def test_there_are_35_guards_and_each_has_a_case_on_both_sides():
    numbered = {guard for guard in GUARDS if guard.startswith("G")}
    assert numbered == {f"G{n:02}" for n in range(1, 36)}
    assert {guard for guard, _ in PASSES} == {guard for guard, *_ in REFUSES} == set(GUARDS)


@pytest.mark.parametrize("guard", sorted(GUARDS))
def test_what_nobody_looked_at_is_refused(guard):
    (refusal,) = check((guard,), Facts())
    assert refusal.message == f"Not looked at yet: {GUARDS[guard].rule}."


def test_every_fact_starts_as_not_looked_at():
    assert {field.default for field in fields(Facts)} == {None}


def test_every_guard_of_a_transition_exists():
    named = {guard for transition in TRANSITIONS.values() for guard in transition.guards}
    assert named <= set(GUARDS)
    # G24 speaks for the header, which the roll-up settles.
    assert set(GUARDS) - named == {"G24"}


def test_a_transition_with_objections_tells_all_of_them_and_the_first_guard():
    facts = Facts(heading_missing=("contact",), lines=())
    with pytest.raises(GuardFailed) as refused:
        require_guards(TRANSITIONS["T02"], facts)
    error = refused.value
    assert isinstance(error, Conflict)
    assert (error.guard, error.code) == ("G01", "guard_G01")
    assert error.message == "Still needed: contact. Add an instrument."
    assert [refusal.guard for refusal in error.refusals] == ["G01", "G34"]


def test_each_guard_fails_with_a_code_of_its_own():
    with pytest.raises(GuardFailed) as refused:
        refuse(check(("G15",), Facts(missing_points=(MissingPoint("150 mm"),))))
    assert refused.value.code == "guard_G15"


def test_a_transition_without_objections_passes():
    require_guards(TRANSITIONS["T02"], Facts(heading_missing=(), lines=(LineFacts(1),)))
    refuse(())
