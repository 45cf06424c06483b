"""What a customer sees: own requests in plain words, decisions, the library, what falls due."""

from datetime import timedelta
from decimal import Decimal

import pytest

from calibra_app.core.errors import Forbidden
from calibra_app.models.equipment import Instrument
from calibra_app.models.person import Person, PortalProfile
from calibra_app.models.srf import HeaderState, LineState, Srf, SrfLine
from calibra_app.services.invoices.issuing import issue_invoice
from calibra_app.services.laboratory import today_of
from calibra_app.services.portal.home import (
    list_portal_requests,
    portal_home,
    portal_request,
    request_calibration,
)
from calibra_app.services.portal.library import (
    list_portal_certificates,
)
from calibra_app.services.quotations.answers import Reaction, accept_offer, decide_with_price
from calibra_app.services.sign_in.sessions import WrongPassword
from calibra_app.services.srf.decisions import Decision, Inquiry, Reply, ask_decision
from calibra_app.services.srf.drafts import Heading, create_srf, submit_srf
from calibra_app.services.srf.inquiry import answer_question, ask_customer, start_review
from calibra_app.services.srf.moves import lines_of
from tests.builders import PASSWORD, an_instrument
from tests.services.approved import approved, ordered
from tests.services.quotations.offers_of_the_week import enter_prices, sent
from tests.stages import state_of

YARA = "Yara Haddad"


def home(house):
    """Return the first page as Yara sees it."""
    with house.work(YARA) as work:
        return portal_home(work)


def asked(house):
    """Let the bench ask whether the micrometer is to be adjusted for 40.00."""
    srf_id = ordered(house, "K2", (5, 6))
    with house.work("Priya Menon") as work:
        line = lines_of(work, srf_id)[0]
        row = work.get(SrfLine, line.id)
        row.state, row.started = LineState.IN_PROGRESS, True
        work.get(Srf, srf_id).state = HeaderState.IN_PROGRESS
    with house.work("Priya Menon") as work:
        inquiry = Inquiry("Out of tolerance: +3.2 µm at 15 mm. Adjust?", Decimal("40.00"))
        ask_decision(work, line.id, work.peek(SrfLine, line.id).version, inquiry)
    return srf_id


def test_a_decision_stands_on_top_with_its_price_and_is_signed(house):
    asked(house)
    (question,) = home(house).questions
    assert (question.tag, str(question.price.amount)) == ("KA-MIC-0007", "40.00")
    reply = Reply(Decision.PROCEED, password="wrong")
    with pytest.raises(WrongPassword) as refused, house.work(YARA) as work:
        decide_with_price(work, question.id, reply, seen=question.line_version)
    assert refused.value.field == "password"
    with house.work(YARA) as work:
        reply = Reply(Decision.PROCEED, password=PASSWORD)
        decide_with_price(work, question.id, reply, seen=question.line_version)
    assert home(house).questions == ()


def test_a_question_of_the_review_is_answered_in_the_portal(house):
    srf_id = under_review_of_k2(house)
    with house.work("Ruth Okoye") as work:
        ask_customer(work, srf_id, work.peek(Srf, srf_id).version, "Up to which current?")
    (inquiry,) = home(house).inquiries
    assert (inquiry.srf_id, inquiry.question) == (srf_id, "Up to which current?")
    with house.work(YARA) as work:
        assert portal_request(work, srf_id).inquiries == (inquiry,)
        answer_question(work, srf_id, inquiry.version, "Up to 600 A")
    assert home(house).inquiries == ()
    assert state_of(house, srf_id) is HeaderState.CONTRACT_REVIEW


def under_review_of_k2(house):
    """Hand a request of K2 in and begin its review."""
    with house.work("Priya Menon") as work:
        ids = [an_instrument(work, house.customer_id, number).id for number in (5, 6)]
    with house.work() as work:
        srf_id = create_srf(work, Heading(house.customer_id, house.contact_id), ids)
        submit_srf(work, srf_id, work.peek(Srf, srf_id).version)
    with house.work("Ruth Okoye") as work:
        start_review(work, srf_id, work.peek(Srf, srf_id).version)
    return srf_id


def test_only_an_approver_decides(house):
    asked(house)
    (question,) = home(house).questions
    with house.work("Victor Hale") as work:
        person = work.get(Person, house.people[YARA])
        person.portal_profile = PortalProfile.REQUESTER
    assert not home(house).may_decide
    reply = Reply(Decision.PROCEED, password=PASSWORD)
    with pytest.raises(Forbidden, match="approver"), house.work(YARA) as work:
        decide_with_price(work, question.id, reply)


def test_an_offer_is_accepted_with_a_signature(house):
    enter_prices(house)
    sent(house, "K2", (5,))
    (offer,) = home(house).offers
    assert str(offer.total.amount) == "48.00"
    with house.work(YARA) as work:
        accept_offer(work, offer.revision_id, Reaction(password=PASSWORD))
    assert home(house).offers == ()


def test_what_was_approved_says_what_it_waits_for(house):
    srf_id = approved(house, "K2", (5,))
    (request,) = home(house).requests
    assert request.items[0].waits_for == "invoice"
    with house.work(YARA) as work:
        assert list_portal_certificates(work).rows == ()
    with house.work("Grace Liu") as work:
        issue_invoice(work, srf_id, work.peek(Srf, srf_id).version)
    assert home(house).requests[0].items[0].waits_for == ""
    with house.work(YARA) as work:
        (certificate,) = list_portal_certificates(work).rows
        assert certificate.document_id is not None
        assert list_portal_certificates(work, "KA-MIC").rows == (certificate,)
        assert list_portal_certificates(work, "%").rows == ()
        (bill,) = portal_request(work, srf_id).invoices
        assert str(bill.total.amount) == "48.00"


def test_nothing_of_the_personnel_shows(house):
    srf_id = ordered(house, "K2", (5,))
    with house.work("Priya Menon") as work:
        row = work.get(SrfLine, lines_of(work, srf_id)[0].id)
        row.assignee_id = house.people["Mei Lin"]
        row.hold_reason = "internal remark"
    with house.work(YARA) as work:
        told = repr((portal_home(work), portal_request(work, srf_id)))
    assert "internal remark" not in told
    assert not [name for name in house.people if name != YARA and name in told]
    assert str(house.people["Mei Lin"]) not in told


def test_what_falls_due_is_requested_at_once_with_the_last_agreement(house):
    with house.work() as work:
        day = today_of(work) + timedelta(days=20)
        ids = [an_instrument(work, house.customer_id, number).id for number in (5, 6)]
        for each in ids:
            work.get(Instrument, each).due_on = day
    due = home(house).due
    assert [item.tag for item in due] == ["KA-CAL-0044", "KA-MIC-0007"]
    with house.work(YARA) as work:
        srf_id = request_calibration(work, [item.id for item in due])
    assert home(house).due == ()
    with house.work(YARA) as work:
        assert portal_request(work, srf_id).request.state is HeaderState.DRAFT
        submit_srf(work, srf_id, work.peek(Srf, srf_id).version)
    assert state_of(house, srf_id) is HeaderState.SUBMITTED


def test_all_requests_stand_in_the_list_with_closed_ones(house):
    srf_id = ordered(house, "K2", (5,))
    with house.work("Priya Menon") as work:
        work.get(Srf, srf_id).state = HeaderState.CLOSED
    assert home(house).requests == ()
    with house.work(YARA) as work:
        assert [row.id for row in list_portal_requests(work).rows] == [srf_id]


def test_personnel_finds_requests_elsewhere(house):
    with pytest.raises(Forbidden), house.work() as work:
        portal_home(work)
