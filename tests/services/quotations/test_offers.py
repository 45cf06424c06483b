"""Offers from reviewed requests: the sample sums to the cent, editing, approval, sending."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlmodel import select

from calibra_app.core.errors import CalibraError, Conflict, Forbidden, Invalid, NotFound
from calibra_app.core.ids import new_id
from calibra_app.models.document import Document
from calibra_app.models.journal import OutboxJob
from calibra_app.models.quotation import QuotationLineKind, QuotationRevision, QuotationState
from calibra_app.models.scope import Price
from calibra_app.models.srf import HeaderState, Srf
from calibra_app.models.tenant import PublicCode
from calibra_app.persistence.outbox import Job
from calibra_app.services.laboratory import today_of
from calibra_app.services.quotations.editing import (
    Change,
    Field,
    FieldTaken,
    NewLine,
    add_line,
    change_line,
    duplicate_line,
    remove_line,
    set_conditions,
    set_discount,
)
from calibra_app.services.quotations.offers import back_to_review, create_offer
from calibra_app.services.quotations.queries import get_quotation
from calibra_app.services.quotations.register import (
    QuotationFilter,
    find_quotation,
    list_quotations,
    list_unanswered,
)
from calibra_app.services.quotations.sending import (
    approve,
    ask_approval,
    back_to_draft,
    send_again,
    send_offer,
)
from calibra_app.services.quotations.sums import NotInDraft
from calibra_app.services.srf.guards import GuardFailed
from calibra_app.services.srf.moves import lines_of, take_line
from calibra_app.services.srf.review import reopen_questions
from tests.builders import PASSWORD
from tests.services.quotations.offers_of_the_week import (
    money_of,
    offered,
    reviewed_request,
    sent,
    shown,
)
from tests.stages import papers, state_of

WHY = "A large customer who brings four items every month"


@pytest.mark.parametrize(
    ("code", "sums"),
    [
        ("K1", ("704.25", "140.85", "845.10")),
        ("K2", ("352.75", "0.00", "352.75")),
        ("K3", ("443.50", "88.70", "532.20")),
    ],
)
def test_the_sample_offers_come_out_to_the_cent(house, code, sums):
    assert money_of(shown(house, offered(house, code))) == sums


def test_an_offer_moves_the_request_and_prints_its_review(house):
    srf_id = reviewed_request(house)
    with house.work() as work:
        quotation_id = create_offer(work, srf_id, work.peek(Srf, srf_id).version)
    assert state_of(house, srf_id) is HeaderState.QUOTED
    with house.work() as work:
        assert "contract_review" in papers(work, srf_id)
        assert find_quotation(work, srf_id) == quotation_id
        assert get_quotation(work, quotation_id).number.startswith("Q-")


def test_urgency_handling_and_travel_stand_with_their_reasons(house):
    multimeter = shown(house, offered(house, "K2")).lines[3]
    assert (multimeter.surcharge_reason, multimeter.net) == ("Urgency 25 %", Decimal("193.75"))
    k3 = shown(house, offered(house, "K3"))
    assert k3.lines[3].surcharge_reason == "Handling 15 %"
    assert [line.kind for line in k3.lines].count(QuotationLineKind.TRAVEL) == 1


def test_reverse_charge_says_why_there_is_no_tax(house):
    assert "recipient is liable" in shown(house, offered(house, "K2")).tax_reason


def test_a_request_that_is_not_reviewed_gets_no_offer(house):
    srf_id = reviewed_request(house)
    with house.work("Ruth Okoye") as work:
        reopen_questions(work, take_line(work, lines_of(work, srf_id)[0].id))
    with pytest.raises(GuardFailed, match="Line 1"), house.work() as work:
        create_offer(work, srf_id, work.peek(Srf, srf_id).version)


def test_a_line_without_a_price_is_named_and_keeps_the_offer_from_being_sent(house):
    with house.work("Grace Liu") as work:
        work.exec(select(Price).where(Price.procedure_code == "MP-DIM-01")).one().archived = True
    quotation_id = offered(house)
    detail = shown(house, quotation_id)
    assert "no calibration price for MP-DIM-01" in detail.lines[1].detail
    assert detail.problems[0].startswith("Line 2 has no price")
    with pytest.raises(Invalid, match="Line 2 has no price"), house.work() as work:
        send_offer(work, quotation_id, detail.version)


def test_two_people_fill_different_fields_of_one_line(house):
    quotation_id = offered(house)
    line = shown(house, quotation_id).lines[0]
    with house.work() as work:
        change_line(work, quotation_id, Change(line.id, Field.UNIT_PRICE, Decimal("50.00"), 1))
    with house.work("Grace Liu") as work:
        change_line(work, quotation_id, Change(line.id, Field.QUANTITY, Decimal(2), 1))
    assert shown(house, quotation_id).lines[0].net == Decimal("100.00")
    assert money_of(shown(house, quotation_id))[0] == "404.75"


def test_for_one_field_the_first_wins_and_the_second_is_told(house):
    quotation_id = offered(house)
    line = shown(house, quotation_id).lines[0]
    change = Change(line.id, Field.UNIT_PRICE, Decimal("50.00"), 1)
    with house.work() as work:
        assert change_line(work, quotation_id, change) == 2
    with house.work() as work:
        assert change_line(work, quotation_id, change) == 2
    late = Change(line.id, Field.UNIT_PRICE, Decimal("51.00"), 1)
    with pytest.raises(FieldTaken, match=r"50\.00") as refusal, house.work("Grace Liu") as work:
        change_line(work, quotation_id, late)
    assert refusal.value.version == 2


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (Field.UNIT_PRICE, Decimal(-1)),
        (Field.UNIT_PRICE, Decimal("1.005")),
        (Field.UNIT_PRICE, Decimal("NaN")),
        (Field.UNIT_PRICE, Decimal("1e30")),
        (Field.QUANTITY, Decimal(0)),
        (Field.SURCHARGE_PERCENT, Decimal(501)),
        (Field.DESCRIPTION, "  "),
        (Field.DESCRIPTION, "x" * 500),
        (Field.QUANTITY, "two"),
    ],
)
def test_a_value_that_cannot_stand_there_is_refused_beside_its_field(house, field, value):
    quotation_id = offered(house, items=(5,))
    line = shown(house, quotation_id).lines[0]
    with pytest.raises(Invalid) as refusal, house.work() as work:
        change_line(work, quotation_id, Change(line.id, field, value, 1))
    assert refusal.value.field == field.value


def test_a_line_of_another_quotation_is_not_changed_here(house):
    mine, other = offered(house, "K2", (5,)), offered(house, "K3", (9,))
    stray = shown(house, other).lines[0].id
    with pytest.raises(NotFound), house.work() as work:
        change_line(work, mine, Change(stray, Field.UNIT_PRICE, Decimal(1), 1))


def test_lines_are_added_copied_taken_off_and_put_back(house):
    quotation_id = offered(house, items=(5, 6))
    with house.work() as work:
        add_line(work, quotation_id, NewLine(QuotationLineKind.OTHER, "Case", Decimal("12.50")))
        first = get_quotation(work, quotation_id).lines[0]
        duplicate_line(work, quotation_id, first.id)
        remove_line(work, quotation_id, first.id)
    assert money_of(shown(house, quotation_id))[0] == "96.50"
    with house.work() as work:
        remove_line(work, quotation_id, first.id, removed=False)
    assert money_of(shown(house, quotation_id))[0] == "144.50"


def test_a_copy_of_a_calibration_belongs_to_no_item(house):
    quotation_id = offered(house, items=(5,))
    with house.work() as work:
        duplicate_line(work, quotation_id, get_quotation(work, quotation_id).lines[0].id)
        assert get_quotation(work, quotation_id).lines[1].kind is QuotationLineKind.OTHER


def test_a_contract_discount_is_within_the_limit(house):
    assert shown(house, offered(house, "K1", discount_percent=Decimal(18))).excess == ""


def test_a_discount_above_the_limit_needs_the_manager(house):
    quotation_id = offered(house)
    with house.work() as work:
        set_discount(work, quotation_id, Decimal(18))
    detail = shown(house, quotation_id)
    assert detail.excess == "Discount 18 %"
    with pytest.raises(GuardFailed, match="Discount 18 % needs"), house.work() as work:
        send_offer(work, quotation_id, detail.version)
    with house.work() as work:
        ask_approval(work, quotation_id, WHY)
    with pytest.raises(CalibraError, match="not your password"), house.work("Priya Menon") as work:
        approve(work, quotation_id, "wrong")
    with house.work("Priya Menon") as work:
        approve(work, quotation_id, PASSWORD)
    with house.work() as work:
        send_offer(work, quotation_id, get_quotation(work, quotation_id).version)
    done = shown(house, quotation_id)
    assert (done.state, done.approved_by) == (QuotationState.SENT, "Priya Menon")


@pytest.mark.parametrize("asking", ["Priya Menon", "Asha Rao"])
def test_nobody_approves_an_own_price_whoever_asks(house, asking):
    quotation_id = offered(house)
    with house.work("Priya Menon") as work:
        set_discount(work, quotation_id, Decimal(18))
    with house.work(asking) as work:
        ask_approval(work, quotation_id, WHY)
    with pytest.raises(Forbidden, match="You proposed"), house.work("Priya Menon") as work:
        approve(work, quotation_id, PASSWORD)


def test_a_colleagues_later_edit_makes_nobodys_price_anothers(house):
    quotation_id = offered(house)
    with house.work("Priya Menon") as work:
        set_discount(work, quotation_id, Decimal(18))
    with house.work("Asha Rao") as work:
        duplicate_line(work, quotation_id, get_quotation(work, quotation_id).lines[0].id)
        ask_approval(work, quotation_id, WHY)
    with pytest.raises(Forbidden, match="You proposed"), house.work("Priya Menon") as work:
        approve(work, quotation_id, PASSWORD)


@pytest.mark.parametrize("name", ["Asha Rao", "Grace Liu"])
def test_estimators_approve_nothing_above_the_limit(house, name):
    quotation_id = offered(house)
    with house.work("Priya Menon") as work:
        set_discount(work, quotation_id, Decimal(18))
        ask_approval(work, quotation_id, WHY)
    with pytest.raises(Forbidden, match="manager approves"), house.work(name) as work:
        approve(work, quotation_id, PASSWORD)


def test_what_waits_for_approval_is_not_changed_and_taking_it_back_voids_the_approval(house):
    quotation_id = offered(house)
    with house.work() as work:
        set_discount(work, quotation_id, Decimal(18))
        ask_approval(work, quotation_id, WHY)
    with pytest.raises(NotInDraft, match="waits for approval"), house.work() as work:
        set_discount(work, quotation_id, Decimal(19))
    with house.work("Priya Menon") as work:
        approve(work, quotation_id, PASSWORD)
        back_to_draft(work, quotation_id)
    detail = shown(house, quotation_id)
    assert (detail.state, detail.approved_by) == (QuotationState.DRAFT, "")


def test_nothing_above_the_limit_needs_no_approval(house):
    quotation_id = offered(house)
    with pytest.raises(Conflict, match="Nothing is above"), house.work() as work:
        ask_approval(work, quotation_id, WHY)


def test_a_manager_approves_with_the_sending(house):
    quotation_id = offered(house)
    with house.work() as work:
        set_discount(work, quotation_id, Decimal(18))
    with house.work("Priya Menon") as work:
        seen = get_quotation(work, quotation_id).version
        send_offer(work, quotation_id, seen, password=PASSWORD)
    assert shown(house, quotation_id).state is QuotationState.SENT


def test_sending_freezes_prints_and_mails_a_link_that_is_kept_as_digest(house):
    quotation_id = sent(house)
    detail = shown(house, quotation_id)
    assert detail.srf_state is HeaderState.AWAITING_APPROVAL
    with house.work() as work:
        revision = work.peek(QuotationRevision, detail.revision_id)
        paper = work.peek(Document, revision.document_id)
        mail = work.exec(
            select(OutboxJob).where(
                OutboxJob.job == Job.SEND_MAIL, OutboxJob.subject_id == quotation_id
            )
        ).one()
        token = mail.payload["path"].split("/")[2]
        codes = work.exec(select(PublicCode.code)).all()
    assert paper.content["total"] == {"amount": "352.75", "currency": "EUR"}
    assert paper.content["lines"][3]["points"]
    # Whoever sees the paper, or the table of codes, cannot answer in the approver's name.
    assert token not in str(paper.content)
    assert codes == [revision.link_digest]
    assert token not in codes


def test_who_sends_must_have_seen_the_last_change(house):
    quotation_id = offered(house)
    seen = shown(house, quotation_id).version
    with house.work("Grace Liu") as work:
        set_discount(work, quotation_id, Decimal(1))
    with pytest.raises(Conflict, match="in the meantime"), house.work() as work:
        send_offer(work, quotation_id, seen)


def test_what_was_sent_stays_as_it_was(house):
    quotation_id = sent(house)
    line = shown(house, quotation_id).lines[0]
    for deed in (
        lambda work: change_line(
            work, quotation_id, Change(line.id, Field.UNIT_PRICE, Decimal(1), 1)
        ),
        lambda work: set_discount(work, quotation_id, Decimal(1)),
        lambda work: remove_line(work, quotation_id, line.id),
        lambda work: set_conditions(
            work, quotation_id, today_of(work) + timedelta(days=400), "None"
        ),
    ):
        with pytest.raises(NotInDraft), house.work() as work:
            deed(work)


def test_a_fresh_link_ends_the_one_before(house):
    quotation_id = sent(house)
    with house.work() as work:
        before = work.peek(QuotationRevision, shown(house, quotation_id).revision_id).link_digest
        send_again(work, quotation_id, "somebody@customer.example")
    with house.work() as work:
        revision = work.peek(QuotationRevision, shown(house, quotation_id).revision_id)
    assert revision.link_digest != before
    assert revision.sent_to == "somebody@customer.example"


def test_an_offer_taken_back_into_review_becomes_the_next_revision(house):
    quotation_id = offered(house)
    detail = shown(house, quotation_id)
    with house.work() as work:
        back_to_review(work, quotation_id, detail.srf_version, WHY)
    with house.work() as work:
        create_offer(work, detail.srf_id, work.peek(Srf, detail.srf_id).version)
    again = shown(house, quotation_id)
    assert (again.revision, again.number) == (1, detail.number)
    assert shown(house, quotation_id, 0).state is QuotationState.SUPERSEDED


def test_the_list_finds_by_word_and_state_and_the_follow_up_by_age(house):
    one, two = sent(house, "K2", (5,)), offered(house, "K3", (9,))
    with house.work() as work:
        every = list_quotations(work, QuotationFilter())
        drafts = list_quotations(work, QuotationFilter((QuotationState.DRAFT,)))
        named = list_quotations(work, QuotationFilter(words="customer k3"))
        waiting = list_unanswered(work)
    assert [row.id for row in every.rows] == [two, one]
    assert [row.id for row in drafts.rows] == [two]
    assert [row.id for row in named.rows] == [two]
    assert [(row.id, row.age_days) for row in waiting] == [(one, 0)]


def test_a_customer_sees_own_sent_offers_and_neither_limits_nor_reasons(house):
    draft = offered(house, "K2", (5,))
    with pytest.raises(NotFound), house.work("Yara Haddad") as work:
        get_quotation(work, draft)
    other = sent(house, "K3", (9,))
    with pytest.raises(NotFound), house.work("Yara Haddad") as work:
        get_quotation(work, other)
    with house.work() as work:
        send_offer(work, draft, get_quotation(work, draft).version)
    seen = shown(house, draft, name="Yara Haddad")
    assert (seen.net_limit, seen.excess, seen.problems) == (Decimal(0), "", ())
    with house.work("Yara Haddad") as work:
        assert [row.id for row in list_quotations(work, QuotationFilter()).rows] == [draft]


@pytest.mark.parametrize("name", ["Daniel Ortiz", "Ingrid Solberg", "Yara Haddad"])
def test_who_does_not_write_quotations_changes_none(house, name):
    quotation_id = offered(house, items=(5,))
    with pytest.raises(Forbidden), house.work(name) as work:
        set_discount(work, quotation_id, Decimal(1))


def test_an_unknown_quotation_is_not_found(house):
    with pytest.raises(NotFound), house.work() as work:
        get_quotation(work, new_id())
