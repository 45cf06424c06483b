"""Contract review: evidence looked up, questions answered by who may, touched lines reopened."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlmodel import select

from calibra_app.core.access import system_actor
from calibra_app.core.clock import system_clock
from calibra_app.core.errors import CalibraError, Forbidden, Invalid
from calibra_app.models.customer import Customer
from calibra_app.models.equipment import Instrument
from calibra_app.models.scope import Cmc
from calibra_app.models.srf import HeaderState, LineState, Srf, SrfLine, SrfRecord
from calibra_app.persistence.unit_of_work import unit_of_work
from calibra_app.services.scope import Approval, ProviderDraft, ProviderNotApproved, add_provider
from calibra_app.services.srf.acceptance import accept_under_agreement, change_order, decline_srf
from calibra_app.services.srf.agreement import Adjustment, Agreement
from calibra_app.services.srf.cancellation import (
    DoneWork,
    Effects,
    cancel_srf,
    restore_heading,
)
from calibra_app.services.srf.drafts import (
    Heading,
    add_instruments,
    change_agreement,
    change_heading,
    revive_srf,
)
from calibra_app.services.srf.evidence import grouped
from calibra_app.services.srf.guards import GuardFailed
from calibra_app.services.srf.inquiry import (
    answer_question,
    ask_customer,
    let_lapse,
    list_unanswered,
    return_to_customer,
    start_review,
)
from calibra_app.services.srf.moves import Stale, lines_of
from calibra_app.services.srf.past import srf_at
from calibra_app.services.srf.queries import get_srf
from calibra_app.services.srf.review import (
    Answer,
    Given,
    Marking,
    answer_review,
    confirm_proposals,
    mark_line,
    reviews_of,
)
from tests.builders import PASSWORD, an_instrument
from tests.stages import (
    COMMERCIAL,
    TECHNICAL,
    accepted,
    letters,
    line_ids,
    papers,
    received,
    reviewed,
    seen,
    state_of,
    submitted,
    under_review,
)

WHY = "The customer asked for it by phone"


def first_review(house, srf_id, name="Ruth Okoye"):
    with house.work(name) as work:
        return reviews_of(work, srf_id)[0]


def a_scope_row(work, procedure, measurand, high, unit):
    work.add(
        Cmc(
            discipline="electrical",
            procedure_code=procedure,
            measurand=measurand,
            low=Decimal(0),
            high=Decimal(high),
            unit=unit,
            absolute=Decimal("0.1"),
            absolute_unit=unit,
            valid_from=date(2020, 1, 1),
        )
    )


def with_clamp(house):
    """Review a request that holds the clamp meter, whose scope ends at 100 A."""
    with house.work("Priya Menon") as work:
        clamp = an_instrument(work, house.customer_id, 12).id
        a_scope_row(work, "MP-ELE-09", "AC current by clamp", 100, "A")
    srf_id = submitted(house)
    with house.work() as work:
        (line_id,) = add_instruments(work, srf_id, [clamp])
    with house.work("Ruth Okoye") as work:
        start_review(work, srf_id, work.peek(Srf, srf_id).version)
    return srf_id, line_id


def test_starting_the_review_looks_up_people_and_procedure_for_every_line(house):
    evidence = first_review(house, under_review(house)).evidence
    assert evidence.people == ("Mei Lin", "Ruth Okoye")
    assert evidence.procedure.startswith("MP-DIM-02 rev.")
    assert evidence.sentence == "outside the scope"


def test_values_of_one_unit_are_told_together():
    assert grouped(["200 A", "400 A", "600 A"]) == "200, 400, 600 A"
    assert grouped(["-18 °C", "75 °C", "1 kHz"]) == "-18, 75 °C, 1 kHz"
    assert grouped([]) == ""


def test_a_clamp_beyond_the_scope_is_partly_in_scope_with_the_row_shown(house):
    srf_id, line_id = with_clamp(house)
    with house.work() as work:
        review = next(each for each in reviews_of(work, srf_id) if each.line_id == line_id)
    assert review.evidence.sentence == "partly: 200, 400, 600 A outside"
    assert review.evidence.rows == ("AC current by clamp, 0 to 100 A: U = 0.1 A",)


def test_a_provider_is_refused_for_points_that_it_is_not_approved_for(house):
    srf_id, line_id = with_clamp(house)
    with house.work("Samuel Okafor") as work:
        approved = work.now.date() + timedelta(days=300)
        small, large = (
            add_provider(
                work,
                ProviderDraft(name, "", (Approval("MP-ELE-09", Decimal(high), "A"),), approved),
            )
            for name, high in (("Small Power Lab", 100), ("Nordic Power Lab", 1000))
        )
    version = seen(house, SrfLine, line_id)
    with pytest.raises(ProviderNotApproved, match="200 A"), house.work() as work:
        mark_line(work, line_id, version, Marking(provider_id=small))
    with house.work() as work:
        mark_line(work, line_id, version, Marking(provider_id=large))
        review = next(each for each in reviews_of(work, srf_id) if each.line_id == line_id)
    assert review.provider == "Nordic Power Lab"
    # The customer's consent to the provider is nothing that evidence could propose.
    proposals = {asked.key: asked.proposal for asked in review.asked}
    assert proposals["subcontract"] is None
    assert proposals["differences"] is Answer.YES


def test_an_unmarked_line_outside_the_scope_is_refused_by_g04(house):
    with house.work("Priya Menon") as work:
        work.get(Customer, house.customer_id).standing_agreement = True
    srf_id = reviewed(house, outside_is_unaccredited=False)
    with pytest.raises(GuardFailed, match="outside the scope") as refusal, house.work() as work:
        accept_under_agreement(work, srf_id, work.peek(Srf, srf_id).version)
    assert {each.guard for each in refusal.value.refusals} == {"G04"}


def test_the_front_desk_may_not_answer_a_technical_question(house):
    review = first_review(house, under_review(house))
    with pytest.raises(Forbidden, match="method"), house.work("Asha Rao") as work:
        answer_review(work, review.line_id, review.version, TECHNICAL)


def test_a_no_says_how_it_is_settled(house):
    review = first_review(house, under_review(house))
    with pytest.raises(Invalid) as refusal, house.work("Asha Rao") as work:
        answer_review(work, review.line_id, review.version, {"differences": Given(Answer.NO)})
    assert refusal.value.field == "differences"


def test_a_line_is_reviewed_when_both_parts_have_answered(house):
    srf_id = under_review(house)
    review = first_review(house, srf_id)
    with house.work("Ruth Okoye") as work:
        answer_review(work, review.line_id, review.version, TECHNICAL)
    assert not first_review(house, srf_id).complete
    with house.work() as work:
        now = reviews_of(work, srf_id)[0]
        answer_review(work, now.line_id, now.version, COMMERCIAL)
    after = first_review(house, srf_id)
    assert after.complete
    assert [asked.by for asked in after.asked] == ["Ruth Okoye"] * 4 + ["Asha Rao"] * 2


def test_two_people_who_answer_for_one_line_at_once_do_not_overwrite_each_other(house):
    review = first_review(house, under_review(house))
    with house.work("Ruth Okoye") as work:
        answer_review(work, review.line_id, review.version, TECHNICAL)
    with pytest.raises(Stale), house.work("Priya Menon") as work:
        answer_review(work, review.line_id, review.version, TECHNICAL)


def test_proposals_are_confirmed_for_the_own_part_and_only_where_evidence_speaks(house):
    srf_id = under_review(house)
    with house.work("Ruth Okoye") as work:
        # No scope and no standard in this house: capability stays open for a person.
        assert confirm_proposals(work, srf_id) == 6
    answered = {asked.key: asked.answer for asked in first_review(house, srf_id).asked}
    assert answered["method"] is Answer.YES
    assert answered["capability"] is None
    assert answered["subcontract"] is None


def test_a_technical_change_reopens_the_review_of_its_line_alone(house):
    srf_id = reviewed(house)
    with house.work() as work:
        line = lines_of(work, srf_id)[0]
        changed = replace(Agreement.of_line(line), adjustment=Adjustment.ALLOWED)
        change_agreement(work, line.id, line.version, changed)
    with house.work() as work:
        assert [each.complete for each in reviews_of(work, srf_id)] == [False, True]


def test_a_remark_does_not_reopen_the_review(house):
    srf_id = reviewed(house)
    with house.work() as work:
        line = lines_of(work, srf_id)[0]
        change_agreement(
            work, line.id, line.version, replace(Agreement.of_line(line), remarks="Handle gently")
        )
        srf = work.peek(Srf, srf_id)
        heading = Heading(srf.customer_id, srf.contact_id, languages="en,de")
        change_heading(work, srf_id, srf.version, heading)
    with house.work() as work:
        assert all(each.complete for each in reviews_of(work, srf_id))


def test_an_unreviewed_request_is_not_accepted_and_each_guard_says_why(house):
    srf_id = under_review(house)
    with pytest.raises(GuardFailed) as refusal, house.work() as work:
        accept_under_agreement(work, srf_id, work.peek(Srf, srf_id).version)
    assert {each.guard for each in refusal.value.refusals} >= {"G03", "G07"}
    assert "Line 1 is not reviewed." in refusal.value.message


def test_a_reviewed_request_is_accepted_under_a_standing_agreement_with_its_paper(house):
    srf_id = accepted(house)
    assert state_of(house, srf_id) is HeaderState.ACCEPTED
    with house.work() as work:
        assert papers(work, srf_id) == ["srf", "contract_review"]
        assert "confirmed" in letters(work)


def test_declining_is_signed_by_who_manages_and_tells_the_customer_why(house):
    srf_id = under_review(house)
    version = seen(house, Srf, srf_id)
    with pytest.raises(Forbidden), house.work("Asha Rao") as work:
        decline_srf(work, srf_id, version, WHY, PASSWORD)
    with pytest.raises(CalibraError) as wrong, house.work("Priya Menon") as work:
        decline_srf(work, srf_id, version, WHY, "wrong")
    assert wrong.value.field == "password"
    with house.work("Priya Menon") as work:
        decline_srf(work, srf_id, version, WHY, PASSWORD)
    assert state_of(house, srf_id) is HeaderState.REJECTED
    with house.work() as work:
        assert {line.state for line in lines_of(work, srf_id)} == {LineState.REJECTED}
        assert letters(work) == ["declined"]


def test_a_question_goes_to_the_contact_and_the_answer_brings_the_review_back(house):
    srf_id = under_review(house)
    with house.work("Ruth Okoye") as work:
        ask_customer(work, srf_id, work.peek(Srf, srf_id).version, "Which ranges of the clamp?")
        assert letters(work) == ["question"]
    assert state_of(house, srf_id) is HeaderState.INFO_REQUIRED
    with house.work("Yara Haddad") as work:
        answer_question(work, srf_id, work.peek(Srf, srf_id).version, "Up to 400 A")
    with house.work() as work:
        srf = work.peek(Srf, srf_id)
        assert (srf.state, srf.info_answer) == (HeaderState.CONTRACT_REVIEW, "Up to 400 A")


def test_a_question_lapses_only_after_the_agreed_days(house):
    srf_id = under_review(house)
    with house.work() as work:
        ask_customer(work, srf_id, work.peek(Srf, srf_id).version, "Which ranges of the clamp?")
    with pytest.raises(GuardFailed, match="still has time"), house.work() as work:
        let_lapse(work, srf_id)

    def later():
        return system_clock() + timedelta(days=31)

    # By the clock, as nobody in particular.
    with unit_of_work(system_actor(house.tenant_id), clock=later) as work:
        assert list_unanswered(work) == (srf_id,)
        let_lapse(work, srf_id)
        assert list_unanswered(work) == ()
    assert state_of(house, srf_id) is HeaderState.CANCELLED


def test_a_request_goes_back_to_the_customer_with_a_reason(house):
    srf_id = submitted(house)
    with pytest.raises(GuardFailed) as refusal, house.work() as work:
        return_to_customer(work, srf_id, work.peek(Srf, srf_id).version, "no")
    assert refusal.value.guard == "G30"
    with house.work() as work:
        return_to_customer(work, srf_id, work.peek(Srf, srf_id).version, WHY)
    assert state_of(house, srf_id) is HeaderState.DRAFT


def test_a_change_order_reviews_the_touched_lines_anew(house):
    srf_id = accepted(house)
    with house.work() as work:
        second = lines_of(work, srf_id)[1].id
        change_order(work, srf_id, work.peek(Srf, srf_id).version, WHY, [second])
    with house.work() as work:
        assert [each.complete for each in reviews_of(work, srf_id)] == [True, False]
        assert work.peek(Srf, srf_id).state is HeaderState.CONTRACT_REVIEW


def test_cancelling_with_items_here_lists_what_goes_back(house):
    srf_id = received(house)
    version = seen(house, Srf, srf_id)
    with pytest.raises(GuardFailed, match="List the items") as refusal, house.work() as work:
        cancel_srf(work, srf_id, version, WHY, Effects())
    assert refusal.value.guard == "G35"
    with house.work() as work:
        cancel_srf(work, srf_id, version, WHY, Effects(return_listed=True))
    with house.work() as work:
        assert {line.state for line in lines_of(work, srf_id)} == {LineState.CANCELLED}
        assert papers(work, srf_id)[-1] == "srf"


def test_cancelling_begun_work_decides_who_pays(house):
    srf_id = received(house)
    with house.work("Priya Menon") as work:
        work.get(SrfLine, lines_of(work, srf_id)[0].id).started = True
    version = seen(house, Srf, srf_id)
    with pytest.raises(GuardFailed, match="bill it or waive it"), house.work() as work:
        cancel_srf(work, srf_id, version, WHY, Effects(return_listed=True))
    with house.work() as work:
        cancel_srf(work, srf_id, version, WHY, Effects(DoneWork.WAIVED, return_listed=True))
        last = work.exec(
            select(SrfRecord).where(SrfRecord.srf_id == srf_id, SrfRecord.transition == "T52")
        ).one()
    assert "waived" in last.reason


def test_a_revived_request_takes_over_what_was_agreed(house):
    srf_id = submitted(house)
    with house.work() as work:
        cancel_srf(work, srf_id, work.peek(Srf, srf_id).version, WHY, Effects())
        before = [Agreement.of_line(line).urgency for line in lines_of(work, srf_id)]
    with house.work() as work:
        new_id = revive_srf(work, srf_id)
    with house.work() as work:
        assert [Agreement.of_line(line).urgency for line in lines_of(work, new_id)] == before
        revived = work.peek(Srf, new_id)
        assert (revived.state, revived.number, revived.revived_from) == ("draft", "", srf_id)
        assert [each.relation for each in get_srf(work, new_id).relatives] == ["revived_from"]
        assert [each.relation for each in get_srf(work, srf_id).relatives] == ["revived_as"]


def test_a_heading_is_restored_from_a_record_by_a_new_signed_record(house):
    srf_id = submitted(house)
    with house.work() as work:
        srf = work.peek(Srf, srf_id)
        other = Heading(srf.customer_id, srf.contact_id, customer_reference="PO-2", remarks="x")
        change_heading(work, srf_id, srf.version, other)
    version = seen(house, Srf, srf_id)
    with house.work("Priya Menon") as work:
        restore_heading(work, srf_id, version, 2, reason=WHY, password=PASSWORD)
    with house.work() as work:
        srf = work.peek(Srf, srf_id)
        assert (srf.customer_reference, srf.state) == ("", HeaderState.SUBMITTED)
        assert srf_at(work, srf_id, 3).action == "restore from a record"


def test_a_request_is_shown_as_a_record_froze_it(house):
    srf_id = accepted(house)
    with house.work() as work:
        then = srf_at(work, srf_id, 2)
    assert (then.state, then.count, len(then.lines)) == ("submitted", 4, 2)
    assert then.lines[0].tag == "KA-MIC-0007"


def test_a_dispatcher_may_not_review(house):
    review = first_review(house, under_review(house))
    with pytest.raises(Forbidden), house.work("Marco Bellini") as work:
        answer_review(work, review.line_id, review.version, COMMERCIAL)


def test_the_line_count_of_a_review_is_that_of_the_active_lines(house):
    srf_id = under_review(house)
    with house.work() as work:
        assert [each.line_id for each in reviews_of(work, srf_id)] == line_ids(house, srf_id)
        assert work.peek(Instrument, house.instrument_ids[0]).tag == "KA-MIC-0007"
