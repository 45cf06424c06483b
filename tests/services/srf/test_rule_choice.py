"""Agreeing on a decision rule with its figures in view: who may, when, and what stays of it."""

from dataclasses import replace
from decimal import Decimal

import pytest
from sqlmodel import select

from calibra_app.core.errors import Forbidden, Invalid, NotFound
from calibra_app.metrology.conformity import (
    FOUR_OUTCOMES,
    GUARDED_ACCEPTANCE,
    SIMPLE_ACCEPTANCE,
    DecisionRule,
    RuleName,
)
from calibra_app.models.customer import DecisionRule as Entry
from calibra_app.models.journal import AuditEvent
from calibra_app.models.srf import SrfLine
from calibra_app.services.customers import CustomerDraft, add_customer
from calibra_app.services.srf.agreement import Agreement
from calibra_app.services.srf.drafts import NotOpenForWriting, change_agreement
from calibra_app.services.srf.moves import Stale, lines_of
from calibra_app.services.srf.review import answer_review, reviews_of
from calibra_app.services.srf.rule_choice import (
    RuleIsFixed,
    agree_rule,
    figures_of_line,
    list_rule_targets,
)
from calibra_app.services.srf.rules import CATALOGUE, ChosenRule, entry_of, explanation
from tests.builders import a_house
from tests.stages import COMMERCIAL, TECHNICAL, accepted, line_ids, submitted, under_review

PART = DecisionRule(RuleName.GUARD_BAND, 0.83, least_tur=1.0)
NOTE = "The limits are drawn in by 0.83 U: a pass is wrong in no more than 5 % of all cases."
CHOSEN = ChosenRule(PART, NOTE, "y=0.9&U=0.25&lower=-1&upper=1&rule=guard_band&r=0.83")


def agree(house, line_id, chosen=CHOSEN, name="Ruth Okoye", seen=None):
    with house.work(name) as work:
        version = work.peek(SrfLine, line_id).version if seen is None else seen
        agree_rule(work, line_id, version, chosen)


def agreement_of(house, line_id):
    with house.work("Priya Menon") as work:
        return Agreement.of_line(work.peek(SrfLine, line_id))


def test_a_rule_with_its_own_figure_stands_on_the_line_with_its_explanation(house):
    line_id, other = line_ids(house, under_review(house))
    agree(house, line_id)
    agreed = agreement_of(house, line_id)
    assert (agreed.decision_rule, agreed.rule, agreed.chosen_rule) == (Entry.OWN, PART, CHOSEN)
    assert agreed.rule_words == "Guard band w = 0.83·U"
    assert agreement_of(house, other).decision_rule is Entry.SIMPLE_OR_FOUR_OUTCOMES


def test_a_rule_of_the_catalogue_is_agreed_under_its_name(house):
    line_id, _ = line_ids(house, under_review(house))
    agree(house, line_id, ChosenRule(GUARDED_ACCEPTANCE, NOTE))
    agreed = agreement_of(house, line_id)
    assert (agreed.decision_rule, agreed.rule) == (Entry.GUARD_BAND_U, GUARDED_ACCEPTANCE)
    assert agreed.chosen_rule.note == NOTE


def test_the_review_proposes_the_rule_with_its_note_and_asks_anew(house):
    srf_id = under_review(house)
    line_id, _ = line_ids(house, srf_id)
    with house.work("Ruth Okoye") as work:
        version = next(r for r in reviews_of(work, srf_id) if r.line_id == line_id).version
        answer_review(work, line_id, version, TECHNICAL)
    agree(house, line_id)
    with house.work("Ruth Okoye") as work:
        review = next(r for r in reviews_of(work, srf_id) if r.line_id == line_id)
        asked = {each.key: each for each in review.asked}
    assert asked["decision_rule"].answer is None
    assert asked["decision_rule"].ground == f"Guard band w = 0.83·U. {NOTE}"
    assert COMMERCIAL.keys() <= asked.keys()


def test_the_audit_trail_says_why_the_line_changed(house):
    line_id, _ = line_ids(house, under_review(house))
    agree(house, line_id)
    with house.work("Ingrid Solberg") as work:
        events = work.exec(select(AuditEvent).where(AuditEvent.table_name == "srf_line")).all()
    assert any("0.83·U" in event.reason for event in events)


def test_only_who_reviews_or_writes_requests_agrees_on_a_rule(house):
    line_id, _ = line_ids(house, under_review(house))
    for name in ("Mei Lin", "Jonas Weber", "Ingrid Solberg"):
        with pytest.raises(Forbidden):
            agree(house, line_id, name=name)
    with pytest.raises(Forbidden, match="The laboratory enters"):
        agree(house, line_id, name="Yara Haddad")
    assert agreement_of(house, line_id).chosen_rule is None


def test_a_note_is_asked_for_and_a_stale_line_is_refused(house):
    line_id, _ = line_ids(house, under_review(house))
    with pytest.raises(Invalid) as refused:
        agree(house, line_id, replace(CHOSEN, note="  "))
    assert refused.value.field == "note"
    with pytest.raises(Stale):
        agree(house, line_id, seen=99)


def test_after_the_review_the_rule_stays(house):
    line_id, _ = line_ids(house, accepted(house))
    with pytest.raises(NotOpenForWriting):
        agree(house, line_id)


def test_what_was_measured_keeps_the_rule_that_it_was_measured_by(house):
    line_id, _ = line_ids(house, accepted(house))
    with house.work("Priya Menon") as work:
        work.get(SrfLine, line_id).started = True
    with pytest.raises(RuleIsFixed, match="customer's consent"):
        agree(house, line_id)
    assert agreement_of(house, line_id).chosen_rule is None


def test_another_rule_takes_the_explanation_of_the_old_one_away(house):
    line_id, _ = line_ids(house, under_review(house))
    agree(house, line_id)
    with house.work() as work:
        line = work.peek(SrfLine, line_id)
        known = Agreement.of_line(line)
        change_agreement(work, line_id, line.version, replace(known, decision_rule=Entry.SIMPLE))
    agreed = agreement_of(house, line_id)
    assert (agreed.rule, agreed.chosen_rule) == (SIMPLE_ACCEPTANCE, None)


def test_a_line_cannot_be_said_to_have_a_rule_of_its_own_without_one(house):
    line_id, _ = line_ids(house, under_review(house))
    own = replace(agreement_of(house, line_id), decision_rule=Entry.OWN)
    with house.work() as work, pytest.raises(Invalid):
        change_agreement(work, line_id, work.peek(SrfLine, line_id).version, own)
    with house.work("Priya Menon") as work, pytest.raises(Invalid):
        add_customer(work, CustomerDraft(code="K9", name="K9", decision_rule=Entry.OWN))


def test_the_instrument_remembers_the_rule_for_its_next_request(house):
    line_id, _ = line_ids(house, under_review(house))
    agree(house, line_id)
    agreed = agreement_of(house, line_id)
    again = Agreement().with_terms(agreed.as_terms())
    assert (again.rule, again.chosen_rule) == (PART, CHOSEN)


def test_the_lines_of_open_requests_are_offered_and_found_by_words(house):
    srf_id = submitted(house)
    with house.work("Ruth Okoye") as work:
        tags = [each.tag for each in list_rule_targets(work)]
        assert tags == ["KA-MIC-0007", "KA-CAL-0044"]
        assert list_rule_targets(work, "no such thing") == ()
        (first, _) = list_rule_targets(work, "KA-MIC-0007")
        assert (first.srf_id, first.customer, first.position) == (srf_id, "Customer K2", 1)
    with house.work("Mei Lin") as work, pytest.raises(Forbidden):
        list_rule_targets(work)


def test_a_request_past_its_review_is_not_offered(house):
    accepted(house)
    with house.work("Ruth Okoye") as work:
        assert list_rule_targets(work) == ()


def test_a_line_brings_the_limits_of_its_points(house):
    line_id, _ = line_ids(house, submitted(house))
    with house.work("Jonas Weber") as work:
        found = figures_of_line(work, line_id)
    assert found.open
    assert found.points
    assert all(point.limits.upper > 0 and point.unit for point in found.points)
    # The house of these tests has no scope of its own, so nobody promises an uncertainty.
    assert {point.expanded_uncertainty for point in found.points} == {None}


def test_a_line_without_parameters_brings_no_points(house):
    line_id, _ = line_ids(house, submitted(house))
    with house.work("Priya Menon") as work:
        line = work.get(SrfLine, line_id)
        line.procedure_code = "MP-NONE"
    with house.work("Jonas Weber") as work:
        assert figures_of_line(work, line_id).points == ()


def test_a_line_of_another_laboratory_is_not_there(house, work_in):
    line_id, _ = line_ids(house, submitted(house))
    with work_in(laboratory=2) as work, pytest.raises(NotFound):
        figures_of_line(work, line_id)


def test_a_technician_sees_the_lines_assigned_to_them_alone(house):
    line_id, _ = line_ids(house, submitted(house))
    with house.work("Mei Lin") as work, pytest.raises(NotFound):
        figures_of_line(work, line_id)


def test_every_rule_of_the_catalogue_is_found_again_and_explained():
    for entry, rule in CATALOGUE.items():
        assert entry_of(rule) is entry
    assert entry_of(PART) is Entry.OWN
    own = [DecisionRule(name) for name in RuleName]
    for rule in (*CATALOGUE.values(), PART, *own):
        told = explanation(rule)
        assert told.sentence.endswith(".")
        assert told.source
    assert "0.83 U" in explanation(PART).sentence
    assert "condition" in explanation(FOUR_OUTCOMES).sentence
    assert Decimal("2.5") == Decimal(
        explanation(DecisionRule(RuleName.SPECIFIC_PFA)).sentence.split()[-2]
    )


def test_two_houses_know_nothing_of_each_other(work_in):
    one = a_house(work_in)
    srf_id = submitted(one)
    with one.work("Ruth Okoye") as work:
        assert {each.srf_id for each in list_rule_targets(work)} == {srf_id}
        assert len(lines_of(work, srf_id)) == 2
