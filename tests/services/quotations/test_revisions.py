"""Prices agreed during the work become the next revision, accepted as it is made."""

from decimal import Decimal

from calibra_app.models.quotation import QuotationState
from calibra_app.models.srf import HeaderState, LineState, Srf, SrfLine
from calibra_app.persistence.unit_of_work import unit_of_work
from calibra_app.services.quotations.answers import (
    Reaction,
    accept_offer,
    decide_with_price,
)
from calibra_app.services.quotations.links import (
    find_holder,
    open_offer,
)
from calibra_app.services.quotations.revisions import (
    accepted_revision,
    differences,
)
from calibra_app.services.srf.decisions import Decision, Inquiry, Reply, ask_decision
from calibra_app.services.srf.moves import lines_of
from tests.builders import an_instrument
from tests.services.quotations.offers_of_the_week import (
    money_of,
    sent,
    shown,
    token_of,
)
from tests.stages import line_ids, received

WISH = "Please without urgency, next week is early enough"
BY_PHONE = "phone, Yara Haddad, 13:10"


def by_link(house, quotation_id):
    """Return the holder of the newest link to a quotation."""
    return find_holder(token_of(house, quotation_id))


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


def on_the_bench(house, srf_id, position):
    """Put a line in progress as the bench would."""
    line_id = line_ids(house, srf_id)[position]
    with house.work("Priya Menon") as work:
        line = work.get(SrfLine, line_id)
        line.state, line.started = LineState.IN_PROGRESS, True
        line.assignee_id = house.people["Tomasz Nowak"]
        work.get(Srf, srf_id).state = HeaderState.IN_PROGRESS
    return line_id


def asked_about_adjustment(house, quotation_id, price="40.00"):
    srf_id = shown(house, quotation_id).srf_id
    line_id = on_the_bench(house, srf_id, 0)
    with house.work("Tomasz Nowak") as work:
        inquiry = Inquiry("The gauge is out of tolerance at 10 bar. Adjust?", Decimal(price))
        return ask_decision(work, line_id, work.peek(SrfLine, line_id).version, inquiry)


def test_an_agreed_adjustment_makes_r1_of_580_20(house):
    quotation_id = accepted(house, "K3")
    decision_id = asked_about_adjustment(house, quotation_id)
    reply = Reply(Decision.PROCEED, evidence="phone, Olaf Berg, 13:10")
    with house.work() as work:
        decide_with_price(work, decision_id, reply)
    detail = shown(house, quotation_id)
    assert (detail.revision, detail.state) == (1, QuotationState.ACCEPTED)
    assert money_of(detail) == ("483.50", "96.70", "580.20")
    assert shown(house, quotation_id, 0).state is QuotationState.SUPERSEDED
    assert line_states(house, detail.srf_id)[0] is LineState.IN_PROGRESS
    with house.work() as work:
        assert accepted_revision(work, detail.srf_id).revision == 1
        found = differences(work, quotation_id, 0, 1)
    assert found[0].sentence.startswith("Adjustment: ")
    assert found[0].new == "40.00 EUR"


def test_taking_an_item_back_adds_no_price(house):
    quotation_id = accepted(house, "K3")
    decision_id = asked_about_adjustment(house, quotation_id)
    reply = Reply(Decision.RETURN, reason="We buy a new one instead", evidence="phone, Olaf Berg")
    with house.work() as work:
        decide_with_price(work, decision_id, reply)
    assert shown(house, quotation_id).revision == 0


def test_a_decision_without_an_offer_is_agreed_without_a_revision(house):
    with house.work("Priya Menon") as work:
        house.instrument_ids = (an_instrument(work, house.customer_id, 5).id,)
    srf_id = received(house)
    line_id = on_the_bench(house, srf_id, 0)
    with house.work("Tomasz Nowak") as work:
        inquiry = Inquiry("The jaws are worn. Replace them?", Decimal(40))
        seen = work.peek(SrfLine, line_id).version
        decision_id = ask_decision(work, line_id, seen, inquiry)
    with house.work() as work:
        decide_with_price(work, decision_id, Reply(Decision.PROCEED, evidence=BY_PHONE))
        assert accepted_revision(work, srf_id) is None


def test_the_page_shows_what_was_frozen_even_after_the_price_changed(house):
    quotation_id = accepted(house, "K3")
    holder = by_link(house, quotation_id)
    decision_id = asked_about_adjustment(house, quotation_id)
    with house.work() as work:
        decide_with_price(work, decision_id, Reply(Decision.PROCEED, evidence=BY_PHONE))
    with unit_of_work(holder.actor) as work:
        offer = open_offer(work, holder.revision_id)
    assert (offer.content.total.amount, offer.answerable) == (Decimal("532.20"), False)
    assert offer.response.answer == "accepted"
