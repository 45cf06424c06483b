"""Items at the desk: custody, condition and photo, labels, and what the customer decides."""

from decimal import Decimal

import pytest
from sqlmodel import select

from calibra_app.core.errors import Conflict, Forbidden, Invalid
from calibra_app.models.document import Document
from calibra_app.models.srf import CustomerDecision, HeaderState, ItemCondition, LineState, SrfLine
from calibra_app.services.srf.custody import custody_of_srf
from calibra_app.services.srf.decisions import (
    Decision,
    Inquiry,
    Reply,
    agreed_prices,
    answer_decision,
    ask_decision,
)
from calibra_app.services.srf.guards import GuardFailed
from calibra_app.services.srf.moves import lines_of
from calibra_app.services.srf.receipt import Arrival, Damage, receive_items, report_condition
from calibra_app.services.srf.register import find_by_label
from tests.builders import PASSWORD
from tests.stages import (
    a_photo,
    accepted,
    letters,
    line_ids,
    papers,
    received,
    seen,
    state_of,
    submitted,
)

DENT = "A dent at the ratchet of the wrench"


def damaged_arrival(house, srf_id):
    first, second = line_ids(house, srf_id)
    with house.work() as work:
        photo = a_photo(work, first)
        receive_items(
            work,
            srf_id,
            [
                Arrival(first, ItemCondition.DAMAGED, "case", note=DENT, photo_id=photo),
                Arrival(second),
            ],
        )
    return first, second


def line_state(house, line_id):
    with house.work() as work:
        return work.peek(SrfLine, line_id).state


def open_decision(house, line_id):
    with house.work() as work:
        return (
            work.exec(select(CustomerDecision).where(CustomerDecision.line_id == line_id)).one().id
        )


def on_the_bench(house):
    """Put the first line into work, as planning and the bench do."""
    srf_id = received(house)
    first = line_ids(house, srf_id)[0]
    with house.work("Mei Lin") as work:
        line = work.get(SrfLine, first)
        line.state, line.started = LineState.IN_PROGRESS, True
        line.assignee_id = work.actor.person_id
    return srf_id, first


def test_received_items_get_a_receipt_and_labels_whose_code_opens_the_request(house):
    srf_id = received(house)
    assert state_of(house, srf_id) is HeaderState.RECEIVED
    with house.work() as work:
        assert papers(work, srf_id)[-2:] == ["receipt", "labels"]
        labels = work.exec(
            select(Document).where(Document.subject_id == srf_id, Document.kind == "labels")
        ).one()
        first = labels.content["labels"][0]
        assert first["headline"].endswith(" / 1")
        assert find_by_label(work, first["code_url"]) == srf_id
        assert "receipt" in letters(work)


def test_items_that_arrive_before_acceptance_wait_for_it(house):
    srf_id = submitted(house)
    with house.work() as work:
        receive_items(work, srf_id, [Arrival(line.id) for line in lines_of(work, srf_id)])
    with house.work() as work:
        assert {line.state for line in lines_of(work, srf_id)} == {LineState.PENDING}
        assert [entry.kind for entry in custody_of_srf(work, srf_id)] == ["received"] * 2


def test_a_damaged_item_needs_a_note_and_a_photo(house):
    srf_id = accepted(house)
    first, _ = line_ids(house, srf_id)
    with pytest.raises(Invalid) as refusal, house.work() as work:
        receive_items(work, srf_id, [Arrival(first, ItemCondition.DAMAGED)])
    assert refusal.value.field == "note-1"
    with pytest.raises(Invalid, match="photo") as refusal, house.work() as work:
        receive_items(work, srf_id, [Arrival(first, ItemCondition.DAMAGED, note=DENT)])
    assert refusal.value.field == "photo-1"


def test_a_damaged_item_waits_for_the_customer_at_once(house):
    srf_id = accepted(house)
    first, second = damaged_arrival(house, srf_id)
    assert line_state(house, first) is LineState.AWAITING_CUSTOMER
    assert line_state(house, second) is LineState.RECEIVED
    with house.work() as work:
        assert "decision" in letters(work)
        assert custody_of_srf(work, srf_id)[0].photo_id is not None


def test_a_scanned_label_of_another_item_is_refused(house):
    srf_id = accepted(house)
    first, second = line_ids(house, srf_id)
    with pytest.raises(Invalid, match="KA-CAL-0044") as refusal, house.work() as work:
        receive_items(work, srf_id, [Arrival(second, scanned="KA-MIC-0007")])
    assert refusal.value.field == "scanned-2"
    with house.work() as work:
        receive_items(work, srf_id, [Arrival(first, scanned="M5521")])
    assert line_state(house, first) is LineState.RECEIVED


def test_an_item_is_received_once(house):
    srf_id = received(house)
    with pytest.raises(Conflict, match="already"), house.work() as work:
        receive_items(work, srf_id, [Arrival(line_ids(house, srf_id)[0])])


def test_damage_found_later_is_asked_with_a_photo_only(house):
    srf_id = received(house)
    first = line_ids(house, srf_id)[0]
    version = seen(house, SrfLine, first)
    with pytest.raises(GuardFailed, match="photo") as refusal, house.work() as work:
        report_condition(work, first, version, Damage(DENT))
    assert refusal.value.guard == "PHOTO"
    with house.work() as work:
        a_photo(work, first)
        report_condition(work, first, version, Damage(DENT))
    assert line_state(house, first) is LineState.AWAITING_CUSTOMER


def test_the_approver_signs_to_go_on_and_the_item_is_received_again(house):
    srf_id = accepted(house)
    first, _ = damaged_arrival(house, srf_id)
    decision_id = open_decision(house, first)
    with pytest.raises(Invalid) as refusal, house.work("Yara Haddad") as work:
        answer_decision(work, decision_id, Reply(Decision.PROCEED))
    assert refusal.value.field == "password"
    with house.work("Yara Haddad") as work:
        answer_decision(work, decision_id, Reply(Decision.PROCEED, password=PASSWORD))
    assert line_state(house, first) is LineState.RECEIVED
    with house.work() as work:
        receipt = work.exec(
            select(Document)
            .where(Document.subject_id == srf_id, Document.kind == "receipt")
            .order_by(Document.created_at.desc())
        ).first()
        assert receipt.content["lines"][0]["decision"] == "Go on (Yara Haddad)"


def test_the_front_desk_decides_with_evidence_only(house):
    srf_id = accepted(house)
    decision_id = open_decision(house, damaged_arrival(house, srf_id)[0])
    with pytest.raises(Invalid) as refusal, house.work() as work:
        answer_decision(work, decision_id, Reply(Decision.PROCEED))
    assert refusal.value.field == "evidence"
    with house.work() as work:
        answer_decision(work, decision_id, Reply(Decision.PROCEED, evidence="Phone, 13:10"))
    with pytest.raises(Conflict, match="Asha Rao"), house.work() as work:
        answer_decision(work, decision_id, Reply(Decision.RETURN, evidence="Phone, 13:12"))


def test_an_item_that_goes_back_uncalibrated_gives_its_reason_and_is_listed(house):
    srf_id = accepted(house)
    first, _ = damaged_arrival(house, srf_id)
    decision_id = open_decision(house, first)
    with pytest.raises(GuardFailed, match="reason"), house.work() as work:
        answer_decision(work, decision_id, Reply(Decision.RETURN, evidence="Phone, 13:10"))
    with house.work() as work:
        reply = Reply(Decision.RETURN, "Repair costs more than a new one", evidence="Phone, 13:10")
        answer_decision(work, decision_id, reply)
    assert line_state(house, first) is LineState.REJECTED
    with house.work() as work:
        assert custody_of_srf(work, srf_id)[-1].kind == "to return"


def test_the_bench_asks_for_an_adjustment_and_the_agreed_price_is_kept(house):
    srf_id, first = on_the_bench(house)
    version = seen(house, SrfLine, first)
    with house.work("Mei Lin") as work:
        decision_id = ask_decision(
            work, first, version, Inquiry("Adjust the micrometer?", Decimal("40.00"))
        )
    assert line_state(house, first) is LineState.AWAITING_CUSTOMER
    with house.work("Yara Haddad") as work:
        decided = answer_decision(work, decision_id, Reply(Decision.PROCEED, password=PASSWORD))
    assert (decided.kind, decided.price) == ("adjustment", Decimal("40.00"))
    assert line_state(house, first) is LineState.IN_PROGRESS
    with house.work() as work:
        assert agreed_prices(work, srf_id) == (decided,)
        paper = work.exec(
            select(Document)
            .where(Document.subject_id == srf_id, Document.kind == "contract_review")
            .order_by(Document.created_at.desc())
        ).first()
        assert "Agreed for 40.00 by Yara Haddad" in paper.content["deviations"][0]


def test_only_who_works_on_a_line_asks_about_it(house):
    _, first = on_the_bench(house)
    version = seen(house, SrfLine, first)
    with pytest.raises(Forbidden, match="assigned"), house.work("Daniel Ortiz") as work:
        ask_decision(work, first, version, Inquiry("Adjust the micrometer?"))


def test_a_negative_price_is_refused_beside_its_field(house):
    _, first = on_the_bench(house)
    version = seen(house, SrfLine, first)
    with pytest.raises(Invalid) as refusal, house.work("Mei Lin") as work:
        ask_decision(work, first, version, Inquiry("Adjust the micrometer?", Decimal(-1)))
    assert refusal.value.field == "price"


def test_finance_may_not_receive_items(house):
    srf_id = accepted(house)
    with pytest.raises(Forbidden), house.work("Grace Liu") as work:
        receive_items(work, srf_id, [Arrival(line_ids(house, srf_id)[0])])
