"""The pages of the portal: plain words, signatures, what stays when a reading fails."""

from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from uuid import UUID

import pytest

from calibra_app.core.errors import Invalid, NotFound, Unavailable
from calibra_app.core.money import Money
from calibra_app.core.paging import Page
from calibra_app.models.certificate import CertificateState
from calibra_app.models.srf import HeaderState, LineState
from calibra_app.services.portal.views import (
    DueItem,
    PortalCertificate,
    PortalHome,
    PortalInquiry,
    PortalItem,
    PortalOffer,
    PortalQuestion,
    PortalRequest,
    PortalRequestDetail,
)
from calibra_app.services.srf.decisions import Decision
from calibra_app.ui.base import _in_portal
from calibra_app.ui.live import LIVE
from calibra_app.ui.pages.portal.page import PAGES
from calibra_app.ui.pages.portal.state import (
    PortalCertificatesState,
    PortalRequestsState,
    PortalRequestState,
    PortalState,
)

KEY = UUID(int=9)
NOW = datetime(2026, 12, 2, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def joined(monkeypatch):
    """Keep the topics that pages join; the actor is of customer 5 in laboratory 1."""
    topics = []

    async def join(_state, topic, *_arguments, **_named):
        topics.append(topic)

    async def actor(_state):
        return SimpleNamespace(tenant_id=1, customer_id=UUID(int=5))

    monkeypatch.setattr(LIVE, "join", join)
    monkeypatch.setattr("calibra_app.ui.pages.portal.state.current_actor", actor)
    return topics


ITEM = PortalItem(
    KEY, 1, "BF-PG-009", "Pressure gauge", "G0091", LineState.IN_PROGRESS, "", date(2026, 12, 4)
)
REQUEST = PortalRequest(KEY, 7, "SRF-2026-0414", HeaderState.IN_PROGRESS, "PO 4", NOW, (ITEM,))
QUESTION = PortalQuestion(
    KEY,
    KEY,
    11,
    KEY,
    "SRF-2026-0414",
    "BF-PG-009",
    "Pressure gauge",
    "adjustment",
    "0.240 bar too high. Adjust?",
    Money(Decimal("40.00"), "EUR"),
    NOW,
)
OFFER = PortalOffer(
    KEY, KEY, "Q-2026-0307 R0", "SRF-2026-0414", Money(Decimal("532.20"), "EUR"), None, None
)
HOME = PortalHome(
    "Bluewater Foods",
    may_decide=True,
    questions=(QUESTION,),
    offers=(OFFER,),
    requests=(REQUEST,),
    due=(DueItem(KEY, "BF-SCL-002", "Scale", date(2026, 12, 20)),),
    inquiries=(PortalInquiry(KEY, 3, "SRF-2026-0414", "Up to which current?", NOW),),
)


async def test_the_first_page_listens_to_the_own_customer_alone(answering, joined):
    answering(PortalState, portal_home=HOME)
    state = PortalState()
    await state.load()
    assert joined == [f"t:1:customer:{UUID(int=5)}"]
    assert (state.customer, state.may_decide, state.found) == ("Bluewater Foods", True, True)


async def test_states_are_told_in_the_customers_words(answering):
    answering(PortalState, portal_home=HOME)
    state = PortalState()
    await state.load()
    (request,) = state.requests
    assert (request.words, request.step) == ("Being calibrated", 3)
    assert request.things[0].words == "Being calibrated"
    assert request.things[0].promised == "4 Dec 2026"
    assert state.questions[0].proceed.startswith("Adjust for 40.00")


async def test_what_the_laboratory_has_to_know_is_answered(answering):
    calls = answering(PortalState, portal_home=HOME, answer_question=None)
    state = PortalState()
    await state.load()
    assert state.inquiries[0].question == "Up to which current?"
    await state.begin_informing(str(KEY))
    assert state.deed == "inform"
    await state.inform({"answer": "Up to 600 A"})
    (_, given, _) = next(call for call in calls if call[0] == "answer_question")
    assert (given, state.deed) == ((KEY, 3, "Up to 600 A"), "")


async def test_a_decision_is_signed_with_what_was_seen(answering):
    calls = answering(PortalState, portal_home=HOME, decide_with_price=None)
    state = PortalState()
    await state.load()
    await state.begin_decision(str(KEY), "proceed")
    assert state.deed == "proceed"
    await state.decide({"password": "mine"})
    (_, (key, reply), named) = next(call for call in calls if call[0] == "decide_with_price")
    assert (key, reply.decision, reply.password) == (KEY, Decision.PROCEED, "mine")
    assert (named, state.deed) == ({"seen": 11}, "")


async def test_a_wrong_password_stands_beside_its_field_and_the_dialog_stays(answering):
    error = Invalid("This is not your password.", field="password")
    answering(PortalState, portal_home=HOME, decide_with_price=error)
    state = PortalState()
    await state.load()
    await state.begin_decision(str(KEY), "return")
    await state.decide({"password": "x", "reason": "too dear"})
    assert state.errors == {"password": "This is not your password."}
    assert state.deed == "return"


async def test_a_deed_that_is_not_offered_opens_no_dialog(answering):
    answering(PortalState, portal_home=HOME)
    state = PortalState()
    await state.load()
    await state.begin_decision(str(UUID(int=1)), "proceed")
    assert state.deed == ""
    await state.begin_answer(str(KEY), "proceed")
    assert state.deed == ""


@pytest.mark.parametrize(
    ("deed", "service"),
    [("accept", "accept_offer"), ("reject", "reject_offer"), ("change", "ask_change")],
)
async def test_an_offer_is_answered_by_its_own_service(answering, deed, service):
    calls = answering(PortalState, portal_home=HOME, **{service: None})
    state = PortalState()
    await state.load()
    await state.begin_answer(str(KEY), deed)
    await state.answer({"password": "mine", "reason": "because of this"})
    assert [call[0] for call in calls if call[0] != "portal_home"] == [service]


async def test_the_last_known_list_stays_with_its_time_when_a_reading_fails(answering):
    answering(PortalState, portal_home=HOME)
    state = PortalState()
    await state.load()
    answering(PortalState, portal_home=Unavailable("The database does not answer."))
    await state.refresh()
    assert state.stale
    assert state.read_at
    assert len(state.requests) == 1


async def test_all_that_falls_due_becomes_one_request(answering):
    calls = answering(PortalState, portal_home=HOME, request_calibration=KEY)
    state = PortalState()
    await state.load()
    order = await state.request_due()
    assert calls[-1][1] == ([KEY],)
    assert str(KEY) in str(order)


async def test_a_draft_is_handed_in_from_its_page(answering, at_address):
    at_address(KEY)
    draft = PortalRequest(KEY, 2, "", HeaderState.DRAFT, "", NOW, (ITEM,))
    detail = PortalRequestDetail(draft, (), (), (), ())
    calls = answering(
        PortalRequestState, portal_home=HOME, portal_request=detail, submit_srf="SRF-2026-0420"
    )
    state = PortalRequestState()
    await state.load_request()
    assert (state.there, state.request.draft, state.request.number) == (True, True, "Draft")
    await state.hand_in()
    assert next(call for call in calls if call[0] == "submit_srf")[1] == (KEY, 2)


async def test_a_request_of_somebody_else_shows_nothing(answering, at_address):
    at_address(KEY)
    answering(PortalRequestState, portal_home=HOME, portal_request=NotFound("none"))
    state = PortalRequestState()
    assert await state.load_request() is None
    assert (state.there, state.absent) == (False, True)


async def test_the_library_leads_to_paper_and_public_page(answering):
    row = PortalCertificate(
        KEY,
        "MM-26-0414-01",
        CertificateState.SUPERSEDED,
        "a-code",
        "BF-PG-009",
        "Gauge",
        date(2026, 12, 4),
        KEY,
    )
    answering(PortalCertificatesState, list_portal_certificates=Page((row,), ""))
    state = PortalCertificatesState()
    await state.load()
    (shown,) = state.rows
    assert (shown.public, shown.words) == ("/verify/a-code", "replaced by a newer one")
    assert str(KEY) in shown.path


async def test_a_list_that_cannot_be_read_stops_waiting(answering):
    answering(PortalRequestsState, list_portal_requests=Unavailable("no"))
    state = PortalRequestsState()
    await state.load()
    assert not state.loading


@pytest.mark.parametrize(
    ("path", "inside"),
    [("/portal", True), ("/portal/requests/[srf_id]", True), ("/", False), ("/portals/", False)],
)
def test_only_the_portal_is_a_customers_place(path, inside):
    assert _in_portal(path) is inside


@pytest.mark.parametrize("entry", PAGES, ids=lambda entry: entry[0])
def test_each_page_renders(entry):
    assert entry[1]().render()
