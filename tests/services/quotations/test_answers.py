"""What customers answer: by link, in the portal, by the front desk; and what becomes of it."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlmodel import select

from calibra_app.core.access import NOBODY, link_actor, system_actor
from calibra_app.core.clock import system_clock
from calibra_app.core.errors import CalibraError, Conflict, Forbidden, Invalid, NotFound
from calibra_app.core.ids import new_id
from calibra_app.jobs.notices import compose
from calibra_app.models.document import Document
from calibra_app.models.journal import OutboxJob
from calibra_app.models.person import Person, PortalProfile, Signature
from calibra_app.models.quotation import QuotationAnswer, QuotationState
from calibra_app.models.srf import HeaderState, LineState, Srf, SrfLine
from calibra_app.persistence.outbox import Job
from calibra_app.persistence.unit_of_work import unit_of_work
from calibra_app.services.quotations.answers import (
    Answered,
    Reaction,
    accept_offer,
    ask_change,
    expire_offer,
    list_expired,
    reject_offer,
)
from calibra_app.services.quotations.editing import Change, Field, change_line
from calibra_app.services.quotations.links import (
    OfferUnknown,
    find_holder,
    open_offer,
)
from calibra_app.services.quotations.queries import get_quotation
from calibra_app.services.quotations.revisions import (
    accepted_revision,
    differences,
    renew,
)
from calibra_app.services.quotations.sending import send_offer
from calibra_app.services.quotations.sums import lines_of_revision
from calibra_app.services.srf.agreement import Adjustment, Agreement, Urgency
from calibra_app.services.srf.drafts import Heading, create_srf
from calibra_app.services.srf.guards import GuardFailed
from calibra_app.services.srf.moves import lines_of
from calibra_app.services.srf.receipt import Arrival, receive_items
from calibra_app.services.tenants import Sender
from tests.builders import PASSWORD
from tests.services.quotations.offers_of_the_week import (
    money_of,
    sent,
    shown,
    token_of,
)
from tests.stages import state_of

WISH = "Please without urgency, next week is early enough"
BY_PHONE = "phone, Yara Haddad, 13:10"


def by_link(house, quotation_id):
    """Return the holder of the newest link to a quotation."""
    return find_holder(token_of(house, quotation_id))


def later(days):
    """Return a clock that is ahead."""
    return lambda: system_clock() + timedelta(days=days)


def line_states(house, srf_id):
    with house.work("Priya Menon") as work:
        return [line.state for line in lines_of(work, srf_id)]


def accepted(house, code="K2", items=None):
    """Bring an offer to its acceptance by link."""
    quotation_id = sent(house, code, items)
    holder = by_link(house, quotation_id)
    with unit_of_work(holder.actor) as work:
        accept_offer(work, holder.revision_id, Reaction(name="Yara Haddad"))
    return quotation_id


def test_by_link_all_lines_are_accepted_with_name_time_address_and_terms(house):
    quotation_id = sent(house)
    holder = by_link(house, quotation_id)
    with unit_of_work(holder.actor) as work:
        accept_offer(work, holder.revision_id, Reaction(name="Yara Haddad", address="192.0.2.7"))
    detail = shown(house, quotation_id)
    assert detail.state is QuotationState.ACCEPTED
    assert state_of(house, detail.srf_id) is HeaderState.ACCEPTED
    with house.work() as work:
        answer = work.exec(select(QuotationAnswer)).one()
        paper = work.exec(select(Document).where(Document.kind == "quotation")).one()
    assert (answer.name, answer.address, answer.at) != ("", "", None)
    assert answer.terms_version
    assert answer.detail["paper_sha256"] == paper.content_sha256


def test_the_next_request_begins_with_what_was_agreed_for_the_instrument(house):
    srf_id = shown(house, accepted(house, items=(5,))).srf_id
    with house.work() as work:
        (before,) = lines_of(work, srf_id)
        agreed = replace(Agreement.of_line(before), urgency=Urgency.STANDARD)
        assert agreed.adjustment is not Adjustment.OPEN
        heading = Heading(work.peek(Srf, srf_id).customer_id, house.contact_id)
        again = create_srf(work, heading, [before.instrument_id])
        (line,) = lines_of(work, again)
        assert Agreement.of_line(line).as_terms() == agreed.as_terms()


def test_haste_is_not_kept_for_the_next_request():
    hurried = Agreement(urgency=Urgency.URGENT, adjustment=Adjustment.ALLOWED)
    assert hurried.as_terms()["urgency"] == ""
    assert hurried.as_terms()["adjustment"] == "allowed"


def told_of(house, kind):
    """Return by name who gets a letter of a kind, and one of the letters."""
    with house.work() as work:
        rows = work.exec(select(OutboxJob).where(OutboxJob.job == Job.SEND_MAIL)).all()
    found = [row.payload for row in rows if row.payload["kind"] == kind]
    return sorted(letter["name"] for letter in found), found[0] if found else {}


def test_an_accepted_offer_is_told_to_those_who_go_on_with_it(house):
    srf_id = shown(house, accepted(house, items=(5,))).srf_id
    names, letter = told_of(house, "offer_accepted")
    assert names == ["Asha Rao", "Grace Liu", "Marco Bellini"]
    assert letter["path"] == f"/requests/{srf_id}/"
    text = compose(letter, Sender("Meridian", "lab@meridian.example", ""), key="1").text
    assert "Yara Haddad has accepted quotation" in text


@pytest.mark.parametrize(
    ("deed", "kind", "names"),
    [
        (reject_offer, "offer_rejected", ["Asha Rao", "Priya Menon"]),
        (ask_change, "offer_change", ["Asha Rao"]),
    ],
)
def test_a_no_and_a_wish_are_told_with_their_words(house, deed, kind, names):
    holder = by_link(house, sent(house, items=(5,)))
    with unit_of_work(holder.actor) as work:
        deed(work, holder.revision_id, Reaction(name="Yara Haddad", remark=WISH))
    told, letter = told_of(house, kind)
    assert (told, letter["reason"]) == (names, WISH)
    assert WISH in compose(letter, Sender("Meridian", "", ""), key="1").text


def test_who_writes_the_answer_down_gets_no_letter_about_it(house):
    detail = shown(house, sent(house, items=(5,)))
    with house.work("Asha Rao") as work:
        accept_offer(work, detail.revision_id, Reaction(evidence=BY_PHONE))
    assert told_of(house, "offer_accepted")[0] == ["Grace Liu", "Marco Bellini"]


def test_without_a_name_nobody_accepts_by_link(house):
    holder = by_link(house, sent(house, items=(5,)))
    with pytest.raises(Invalid) as refusal, unit_of_work(holder.actor) as work:
        accept_offer(work, holder.revision_id, Reaction())
    assert refusal.value.field == "name"


def test_accepting_twice_changes_nothing(house):
    quotation_id = sent(house, items=(5,))
    holder = by_link(house, quotation_id)
    for _ in range(2):
        with unit_of_work(holder.actor) as work:
            accept_offer(work, holder.revision_id, Reaction(name="Yara Haddad"))
    with house.work() as work:
        assert len(work.exec(select(QuotationAnswer)).all()) == 1


def test_what_was_accepted_is_not_rejected_after_all(house):
    holder = by_link(house, accepted(house, items=(5,)))
    with pytest.raises(Answered, match="accepted"), unit_of_work(holder.actor) as work:
        reject_offer(work, holder.revision_id, Reaction(name="Yara", remark=WISH))


def test_some_lines_are_accepted_and_the_others_cancelled(house):
    quotation_id = sent(house)
    holder = by_link(house, quotation_id)
    with unit_of_work(holder.actor) as work:
        offer = open_offer(work, holder.revision_id)
        chosen = frozenset(choice.id for choice in offer.choices[:3])
        accept_offer(work, holder.revision_id, Reaction(name="Yara", lines=chosen))
    detail = shown(house, quotation_id)
    assert line_states(house, detail.srf_id) == [LineState.PENDING] * 3 + [LineState.CANCELLED]
    assert (detail.revision, detail.state) == (1, QuotationState.ACCEPTED)
    assert money_of(detail)[0] == "159.00"
    assert money_of(shown(house, quotation_id, 0))[0] == "352.75"
    with house.work() as work:
        lines = lines_of_revision(work, accepted_revision(work, detail.srf_id).id)
    assert [line.removed for line in lines].count(False) == 3


def test_travel_goes_where_no_line_on_site_is_left(house):
    quotation_id = sent(house, "K3")
    holder = by_link(house, quotation_id)
    with unit_of_work(holder.actor) as work:
        first = open_offer(work, holder.revision_id).choices[0].id
        accept_offer(work, holder.revision_id, Reaction(name="O", lines=frozenset({first})))
    assert money_of(shown(house, quotation_id)) == ("65.00", "13.00", "78.00")


@pytest.mark.parametrize("lines", [frozenset(), frozenset({new_id()})])
def test_no_line_or_a_stray_one_is_refused(house, lines):
    holder = by_link(house, sent(house, items=(5,)))
    with pytest.raises(Invalid) as refusal, unit_of_work(holder.actor) as work:
        accept_offer(work, holder.revision_id, Reaction(name="Yara", lines=lines))
    assert refusal.value.field == "lines"


def test_items_that_are_here_already_become_received_with_the_acceptance(house):
    quotation_id = sent(house, items=(5, 6))
    srf_id = shown(house, quotation_id).srf_id
    with house.work() as work:
        receive_items(work, srf_id, [Arrival(lines_of(work, srf_id)[0].id)])
    holder = by_link(house, quotation_id)
    with unit_of_work(holder.actor) as work:
        accept_offer(work, holder.revision_id, Reaction(name="Yara"))
    assert line_states(house, srf_id) == [LineState.RECEIVED, LineState.PENDING]
    assert state_of(house, srf_id) is HeaderState.RECEIVED


def test_an_approver_accepts_in_the_portal_and_signs(house):
    quotation_id = sent(house, items=(5,))
    revision_id = shown(house, quotation_id).revision_id
    with pytest.raises(Invalid, match="password"), house.work("Yara Haddad") as work:
        accept_offer(work, revision_id, Reaction())
    with house.work("Yara Haddad") as work:
        accept_offer(work, revision_id, Reaction(password=PASSWORD))
    with house.work() as work:
        assert work.exec(select(Signature.meaning)).all() == ["accepted"]
        assert work.exec(select(QuotationAnswer.name)).all() == ["Yara Haddad"]


def test_a_requester_who_is_no_approver_accepts_nothing(house):
    quotation_id = sent(house, items=(5,))
    with house.work("Priya Menon") as work:
        yara = work.get(Person, house.people["Yara Haddad"])
        yara.portal_profile = PortalProfile.REQUESTER
    revision_id = shown(house, quotation_id).revision_id
    with pytest.raises(Forbidden, match="approver"), house.work("Yara Haddad") as work:
        accept_offer(work, revision_id, Reaction(password=PASSWORD))


def test_the_front_desk_says_how_it_knows(house):
    quotation_id = sent(house, items=(5,))
    revision_id = shown(house, quotation_id).revision_id
    with pytest.raises(Invalid) as refusal, house.work() as work:
        accept_offer(work, revision_id, Reaction())
    assert refusal.value.field == "evidence"
    with house.work() as work:
        accept_offer(work, revision_id, Reaction(evidence=BY_PHONE))
    assert shown(house, quotation_id).state is QuotationState.ACCEPTED


def test_another_customer_answers_nothing_of_ours(house):
    revision_id = shown(house, sent(house, "K3", (9,))).revision_id
    for deed in (accept_offer, reject_offer, ask_change):
        with pytest.raises(NotFound), house.work("Yara Haddad") as work:
            deed(work, revision_id, Reaction(remark=WISH, password=PASSWORD))
    with (
        pytest.raises(OfferUnknown),
        unit_of_work(link_actor(house.tenant_id, NOBODY, "")) as work,
    ):
        open_offer(work, revision_id)


def test_a_rejection_ends_the_request_with_its_reason(house):
    quotation_id = sent(house, items=(5,))
    holder = by_link(house, quotation_id)
    with pytest.raises(GuardFailed, match="at least 10"), unit_of_work(holder.actor) as work:
        reject_offer(work, holder.revision_id, Reaction(name="Yara", remark="no"))
    for _ in range(2):
        with unit_of_work(holder.actor) as work:
            reject_offer(work, holder.revision_id, Reaction(name="Yara", remark=WISH))
    detail = shown(house, quotation_id)
    assert detail.state is QuotationState.REJECTED
    assert state_of(house, detail.srf_id) is HeaderState.REJECTED
    assert line_states(house, detail.srf_id) == [LineState.REJECTED]


def test_a_wish_makes_the_next_revision_and_keeps_the_one_that_was_sent(house):
    quotation_id = sent(house)
    holder = by_link(house, quotation_id)
    with unit_of_work(holder.actor) as work:
        ask_change(work, holder.revision_id, Reaction(name="Yara", remark=WISH))
    detail = shown(house, quotation_id)
    assert (detail.revision, detail.state) == (1, QuotationState.DRAFT)
    assert WISH in detail.reason
    with house.work() as work:
        line = detail.lines[3]
        change_line(work, quotation_id, Change(line.id, Field.SURCHARGE_PERCENT, Decimal(0), 1))
        found = differences(work, quotation_id, 0, 1)
    assert ("changed", 4, "net", "193.75", "155.00") in [
        (each.kind, each.position, each.field, each.old, each.new) for each in found
    ]
    assert money_of(shown(house, quotation_id, 0))[2] == "352.75"
    with pytest.raises(Answered, match="replaced by R1"), unit_of_work(holder.actor) as work:
        accept_offer(work, holder.revision_id, Reaction(name="Yara"))
    with house.work() as work:
        send_offer(work, quotation_id, get_quotation(work, quotation_id).version)
        paper = work.exec(
            select(Document).where(Document.kind == "quotation").order_by(Document.created_at)
        ).all()[-1]
    assert any("193.75 → 155.00" in each for each in paper.content["changes"])


def test_an_expired_offer_is_refused_with_its_date(house):
    quotation_id = sent(house, items=(5,))
    holder = by_link(house, quotation_id)
    with (
        pytest.raises(GuardFailed, match="expired on"),
        unit_of_work(holder.actor, clock=later(40)) as work,
    ):
        accept_offer(work, holder.revision_id, Reaction(name="Yara"))
    assert shown(house, quotation_id).state is QuotationState.SENT


def test_by_the_clock_an_offer_expires_and_is_renewed_at_todays_prices(house):
    quotation_id = sent(house, items=(5,))
    clockwork = system_actor(house.tenant_id)
    with unit_of_work(clockwork) as work:
        assert list_expired(work) == ()
    for _ in range(2):
        with unit_of_work(clockwork, clock=later(40)) as work:
            for revision_id in list_expired(work):
                expire_offer(work, revision_id)
    detail = shown(house, quotation_id)
    assert (detail.state, detail.srf_state) == (QuotationState.EXPIRED, HeaderState.QUOTED)
    holder = by_link(house, quotation_id)
    with pytest.raises(Answered, match="has expired"), unit_of_work(holder.actor) as work:
        accept_offer(work, holder.revision_id, Reaction(name="Yara"))
    with house.work(clock=later(40)) as work:
        assert renew(work, quotation_id) == 1
        again = get_quotation(work, quotation_id)
        assert again.valid_until > detail.valid_until
        send_offer(work, quotation_id, again.version)
    assert shown(house, quotation_id, 0).state is QuotationState.SUPERSEDED


def test_only_what_expired_is_renewed(house):
    quotation_id = sent(house, items=(5,))
    with pytest.raises(Conflict, match="only what expired"), house.work() as work:
        renew(work, quotation_id)


def test_what_changed_in_the_request_since_the_offer_keeps_it_from_being_accepted(house):
    quotation_id = sent(house, items=(5,))
    srf_id = shown(house, quotation_id).srf_id
    with house.work("Priya Menon") as work:
        line = work.get(SrfLine, lines_of(work, srf_id)[0].id)
        parameters = {**Agreement.of_line(line).parameters, "points": ["0", "25"]}
        line.order = {**line.order, "parameters": parameters}
    holder = by_link(house, quotation_id)
    with pytest.raises(GuardFailed, match="Line 1, points"), unit_of_work(holder.actor) as work:
        accept_offer(work, holder.revision_id, Reaction(name="Yara"))


def test_a_cancelled_request_is_not_accepted_any_more(house):
    quotation_id = sent(house, items=(5,))
    with house.work("Priya Menon") as work:
        work.get(Srf, shown(house, quotation_id).srf_id).state = HeaderState.CANCELLED
    holder = by_link(house, quotation_id)
    with pytest.raises(CalibraError, match="does not wait"), unit_of_work(holder.actor) as work:
        accept_offer(work, holder.revision_id, Reaction(name="Yara"))
