"""The pages of requests before real services: what is shown, what is refused, nothing is lost."""

import pytest
import reflex as rx

from calibra_app.models.equipment import Instrument
from calibra_app.models.srf import HeaderState, LineState, Srf, SrfLine
from calibra_app.persistence.search import enter_words
from calibra_app.services.srf.custody import note_custody
from calibra_app.services.srf.decisions import Inquiry, ask_decision
from calibra_app.services.srf.header_transitions import HEADER_TRANSITIONS
from calibra_app.services.srf.moves import lines_of
from calibra_app.services.srf.whereabouts import SHIPPED
from calibra_app.ui import typed
from calibra_app.ui.live import LIVE
from calibra_app.ui.pages.requests import acting, intake, register, reviewing, state
from calibra_app.ui.pages.requests.acting import PLAIN, TOLD, DeedState
from calibra_app.ui.pages.requests.deeds import LOOKS, DeedRow, primary_of
from calibra_app.ui.pages.requests.intake import IntakeState
from calibra_app.ui.pages.requests.page import PAGES
from calibra_app.ui.pages.requests.register import RequestsState
from calibra_app.ui.pages.requests.reviewing import ReceiptState, ReviewState
from calibra_app.ui.pages.requests.state import RequestState
from tests.builders import PASSWORD, a_house
from tests.stages import accepted, received, submitted, under_review

WHY = "The customer asked for it by phone"


@pytest.fixture
def house(work_in):
    """A staffed laboratory with customer K2 and two instruments that the search finds."""
    staffed = a_house(work_in)
    with staffed.work("Priya Menon") as work:
        for instrument_id in staffed.instrument_ids:
            row = work.peek(Instrument, instrument_id)
            enter_words(work, "instrument", row.id, (row.tag, row.serial, row.description))
    return staffed


@pytest.fixture
def at_desk(house, monkeypatch):
    """Sit down as somebody before a page: `at_desk(RequestState, "Asha Rao")`.

    The session alone is put in place of a browser's; services and database are the real ones.
    """

    def sit(page, name="Asha Rao", srf_id=None):
        async def ask(_state, service, /, *args, **named):
            with house.work(name) as work:
                return service(work, *args, **named)

        async def current_actor(_state):
            return house.actor(name)

        async def join(*_args, **_named):
            return None

        for module in (acting, intake, register, reviewing, state):
            monkeypatch.setattr(module, "ask", ask)
            if hasattr(module, "current_actor"):
                monkeypatch.setattr(module, "current_actor", current_actor)
        monkeypatch.setattr(LIVE, "join", join)
        monkeypatch.setattr(typed, "path_argument", lambda _state, _name: srf_id)
        root = rx.State(init_substates=True, _reflex_internal_init=True)
        return root.get_substate(page.get_full_name().split("."))

    return sit


async def opened(at_desk, page, srf_id, name="Asha Rao"):
    seated = at_desk(page, name, srf_id)
    await RequestState.load.fn(seated)
    return seated


def state_of(house, srf_id):
    with house.work("Priya Menon") as work:
        return work.peek(Srf, srf_id).state


def test_every_page_can_be_drawn():
    assert [path for path, _, _ in PAGES] == ["/requests/", "/requests/new/", "/requests/[srf_id]"]
    for _, page, _ in PAGES:
        assert page().render()


def test_every_transition_of_the_header_has_its_words_and_its_way_to_be_done():
    # Made by another deed, by the system alone, or with the certificates.
    elsewhere = {"T01", "T17", "T18", "T49", "T55", "T57"}
    assert {each.number for each in HEADER_TRANSITIONS} - elsewhere == set(LOOKS)
    done_here = {*PLAIN, *TOLD, "T09", "T11", "T19", "T45", "T48", "T50", "T52", "T54", "T56"}
    assert {number for number, look in LOOKS.items() if not look.place} == done_here


def test_what_is_open_comes_before_what_waits():
    offer = DeedRow("T09", refusal="Line 1 is not reviewed.")
    assert primary_of([offer]) is offer
    assert primary_of([offer, DeedRow("T10")]).number == "T10"
    assert primary_of([]) == DeedRow()


async def test_the_register_shows_a_request_with_its_state_and_way(house, at_desk):
    srf_id = submitted(house)
    page = at_desk(RequestsState)
    await RequestsState.load.fn(page)
    (row,) = page.rows
    assert (row.customer, row.state, row.lines) == ("Customer K2", "Submitted", "2")
    assert row.path == f"/requests/{srf_id}/"
    assert page.shown == "1 request"


async def test_a_phase_narrows_the_register_and_a_second_press_widens_it(house, at_desk):
    submitted(house)
    page = at_desk(RequestsState)
    await RequestsState.choose_phase.fn(page, "release")
    assert page.rows == []
    await RequestsState.choose_phase.fn(page, "release")
    assert len(page.rows) == 1


async def test_the_page_shows_lines_timeline_and_what_leads_on(house, at_desk):
    page = await opened(at_desk, RequestState, submitted(house))
    assert [row.tag for row in page.lines] == ["KA-MIC-0007", "KA-CAL-0044"]
    assert [row.sequence for row in page.records] == [2, 1]
    assert page.records[0].way == "Draft → Submitted"
    assert (page.primary.number, page.primary.words) == ("T04", "Start review")
    assert [paper.title for paper in page.papers] == ["Service request"]


async def test_somebody_elses_request_shows_that_nothing_is_there(house, at_desk):
    page = at_desk(RequestState, "Mei Lin", submitted(house))
    assert await RequestState.load.fn(page) is None
    assert (page.found, page.absent) == (False, True)


async def test_what_stands_in_the_way_is_told_before_the_deed(house, at_desk):
    page = await opened(at_desk, RequestState, under_review(house))
    assert (page.primary.number, page.waits.number) == ("review", "T09")
    assert "Line 1 is not reviewed." in page.waits.refusal


async def test_a_plain_deed_is_done_at_once(house, at_desk):
    srf_id = submitted(house)
    page = await opened(at_desk, DeedState, srf_id)
    await DeedState.begin.fn(page, "T04")
    assert state_of(house, srf_id) is HeaderState.CONTRACT_REVIEW
    assert (page.state_words, page.asking) == ("Contract review", False)


async def test_a_deed_with_a_reason_asks_first_and_a_short_one_is_refused(house, at_desk):
    srf_id = submitted(house)
    page = await opened(at_desk, DeedState, srf_id)
    await DeedState.begin.fn(page, "T05")
    assert page.asking
    await DeedState.do.fn(page, {"told": "no"})
    assert page.errors == {"told": "Give a reason of at least 10 characters."}
    assert page.asking
    await DeedState.do.fn(page, {"told": WHY})
    assert (state_of(house, srf_id), page.asking) == (HeaderState.DRAFT, False)


async def test_a_deed_that_is_not_offered_does_nothing(house, at_desk):
    srf_id = submitted(house)
    page = await opened(at_desk, DeedState, srf_id)
    event = await DeedState.begin.fn(page, "T10")
    assert "not possible" in str(event)
    assert state_of(house, srf_id) is HeaderState.SUBMITTED


async def test_a_signed_deed_shows_a_wrong_password_beside_its_field(house, at_desk):
    srf_id = under_review(house)
    page = await opened(at_desk, DeedState, srf_id, "Priya Menon")
    await DeedState.begin.fn(page, "T11")
    assert page.deed.meaning == "declined"
    await DeedState.do.fn(page, {"told": WHY, "password": "wrong"})
    assert list(page.errors) == ["password"]
    await DeedState.do.fn(page, {"told": WHY, "password": PASSWORD})
    assert state_of(house, srf_id) is HeaderState.REJECTED


async def test_a_stale_page_is_told_who_changed_what(house, at_desk):
    srf_id = submitted(house)
    page = await opened(at_desk, DeedState, srf_id)
    with house.work("Priya Menon") as work:
        acting.start_review(work, srf_id, work.peek(Srf, srf_id).version)
    event = await DeedState.begin.fn(page, "T04")
    assert "Changed by Priya Menon" in str(event)


async def test_a_question_and_its_answer_stand_on_the_page(house, at_desk):
    srf_id = under_review(house)
    page = await opened(at_desk, DeedState, srf_id)
    await DeedState.begin.fn(page, "T06")
    await DeedState.do.fn(page, {"told": "Which ranges are wanted?"})
    assert (page.question, page.primary.number) == ("Which ranges are wanted?", "T07")
    await DeedState.begin.fn(page, "T07")
    await DeedState.do.fn(page, {"told": "Up to 25 mm"})
    assert (page.answer, page.state_name) == ("Up to 25 mm", "contract_review")


async def test_proposals_are_confirmed_for_the_own_part(house, at_desk):
    page = await opened(at_desk, ReviewState, under_review(house), "Ruth Okoye")
    assert page.open_proposals == 6
    await ReviewState.confirm.fn(page)
    assert page.open_proposals == 0
    answered = {row.key: row.answer for row in page.reviews[0].questions}
    assert (answered["method"], answered["capability"]) == ("yes", "")


async def test_a_no_without_a_note_is_refused_beside_its_question(house, at_desk):
    page = await opened(at_desk, ReviewState, under_review(house))
    await ReviewState.open_answers.fn(page, page.reviews[0].key)
    await ReviewState.save_answers.fn(page, {"differences": "no", "note-differences": ""})
    assert list(page.errors) == ["differences"]
    assert page.answering


async def test_a_line_is_marked_as_not_accredited(house, at_desk):
    page = await opened(at_desk, ReviewState, under_review(house))
    await ReviewState.open_marking.fn(page, page.reviews[0].key)
    await ReviewState.mark.fn(page, {"way": "provider", "provider": ""})
    assert list(page.errors) == ["provider"]
    await ReviewState.mark.fn(page, {"way": "unaccredited", "provider": ""})
    assert not page.reviews[0].accredited


async def test_items_are_received_and_leave_custody_and_papers(house, at_desk):
    srf_id = accepted(house)
    page = await opened(at_desk, ReceiptState, srf_id)
    assert page.primary.number == "T18"
    form = {"here-1": "on", "condition-1": "ok", "scanned-1": "KA-MIC-0007", "place": "A3"}
    await ReceiptState.receive.fn(page, form)
    assert (page.lines[0].state, page.to_receive) == ("Received", 1)
    assert page.custody[0].what == "Received: A3"
    assert {paper.title for paper in page.papers} >= {"Item labels", "Receipt of items"}


async def test_a_damaged_item_without_a_photo_is_refused_beside_its_line(house, at_desk):
    page = await opened(at_desk, ReceiptState, accepted(house))
    await ReceiptState.open_receipt.fn(page)
    form = {"here-2": "on", "condition-2": "damaged", "note-2": "A dent at the jaw"}
    await ReceiptState.receive.fn(page, form)
    assert (list(page.errors), page.unfolded) == (["photo-2"], ["2"])
    assert page.receiving


async def test_a_record_is_shown_as_it_was_and_one_comes_back_to_now(house, at_desk):
    page = await opened(at_desk, RequestState, accepted(house))
    await RequestState.look_back.fn(page, 1)
    assert (page.past.state, page.past.first, page.past.last) == ("Draft", True, False)
    assert [row.state for row in page.past_rows] == ["Pending", "Pending"]
    await RequestState.back_to_now.fn(page)
    assert page.past.sequence == 0


async def test_a_manager_restores_a_heading_from_the_timeline(house, at_desk):
    srf_id = submitted(house)
    page = await opened(at_desk, DeedState, srf_id, "Priya Menon")
    await DeedState.begin_restoring.fn(page, 1)
    await DeedState.do.fn(page, {"told": WHY, "password": PASSWORD})
    assert page.records[0].what == "Restore from a record"


async def test_a_scan_begins_the_draft_and_the_next_one_joins_it(house, at_desk):
    page = at_desk(IntakeState)
    await IntakeState.choose_customer.fn(page, str(house.customer_id))
    assert (page.customer, page.contacts[0][1]) == ("Customer K2", "Yara Haddad")
    await IntakeState.scan.fn(page, {"label": "ka-mic-0007"})
    key = page.key
    await IntakeState.scan.fn(page, {"label": "C9013"})
    assert (page.key, [row.tag for row in page.lines]) == (key, ["KA-MIC-0007", "KA-CAL-0044"])


async def test_a_label_before_the_customer_and_an_unknown_label_are_refused(house, at_desk):
    page = at_desk(IntakeState)
    await IntakeState.scan.fn(page, {"label": "KA-MIC-0007"})
    assert list(page.errors) == ["customer"]
    await IntakeState.choose_customer.fn(page, str(house.customer_id))
    await IntakeState.scan.fn(page, {"label": "XX-1"})
    assert "XX-1" in page.errors["label"]
    assert page.key == ""


async def test_the_same_instrument_twice_is_refused_beside_the_label(house, at_desk):
    page = at_desk(IntakeState)
    await IntakeState.choose_customer.fn(page, str(house.customer_id))
    await IntakeState.scan.fn(page, {"label": "KA-MIC-0007"})
    await IntakeState.scan.fn(page, {"label": "KA-MIC-0007"})
    assert "already" in page.errors["label"]


async def test_an_urgent_line_misses_its_promise_until_a_day_is_given(house, at_desk):
    page = at_desk(IntakeState)
    await IntakeState.choose_customer.fn(page, str(house.customer_id))
    await IntakeState.scan.fn(page, {"label": "KA-MIC-0007"})
    await IntakeState.set_urgency.fn(page, page.lines[0].key, "urgent")
    assert page.lines[0].missing == "urgent, promise date"
    await IntakeState.set_promise.fn(page, page.lines[0].key, "2001-01-01")
    assert page.errors == {"promised-1": "The promise date has passed already."}
    await IntakeState.set_promise.fn(page, page.lines[0].key, "2099-12-03")
    assert (page.lines[0].percent, page.missing_lines) == ("100", 0)


async def test_open_answers_are_filled_as_usual_and_the_request_is_submitted(house, at_desk):
    page = at_desk(IntakeState)
    with house.work("Priya Menon") as work:
        work.get(Instrument, house.instrument_ids[0]).agreement = {}
    await IntakeState.choose_customer.fn(page, str(house.customer_id))
    await IntakeState.scan.fn(page, {"label": "KA-MIC-0007"})
    assert page.lines[0].percent == "43"
    await IntakeState.fill_as_usual.fn(page)
    assert page.lines[0].percent == "100"
    events = await IntakeState.submit.fn(page)
    assert f"/requests/{page.key}/" in str(events)
    assert state_of(house, page.key) is HeaderState.SUBMITTED


async def test_a_change_of_one_item_is_kept_and_letters_in_a_day_are_refused(house, at_desk):
    page = at_desk(IntakeState)
    await IntakeState.choose_customer.fn(page, str(house.customer_id))
    await IntakeState.scan.fn(page, {"label": "KA-MIC-0007"})
    await IntakeState.open_line.fn(page, page.lines[0].key)
    form = {
        "procedure_code": "MP-DIM-02",
        "decision_rule": "guard_band_u",
        "adjustment": "allowed",
        "as_found": "yes",
        "due_on_label": "no",
        "urgency": "standard",
        "promised_on": "tomorrow",
    }
    await IntakeState.save_line.fn(page, form)
    assert list(page.errors) == ["promised_on"]
    assert page.changing
    await IntakeState.save_line.fn(page, form | {"promised_on": ""})
    assert (page.changing, page.lines[0].adjustment) == (False, "allowed")
    assert not page.lines[0].accredited


async def test_a_decision_is_recorded_with_evidence(house, at_desk):
    srf_id = accepted(house)
    with house.work() as work:
        line = lines_of(work, srf_id)[0]
        reviewing.receive_items(work, srf_id, [reviewing.Arrival(line.id)])
    with house.work("Mei Lin") as work:
        row = work.get(SrfLine, line.id)
        row.state, row.started, row.assignee_id = LineState.IN_PROGRESS, True, work.actor.person_id
    with house.work("Mei Lin") as work:
        ask_decision(work, line.id, row.version, Inquiry("Adjust the micrometer?"))
    page = await opened(at_desk, DeedState, srf_id)
    (asked,) = page.decisions
    await DeedState.begin_decision.fn(page, asked.key)
    form = {"decision": "proceed", "evidence": "", "remark": "", "done_work": "billed"}
    await DeedState.decide.fn(page, form)
    assert list(page.errors) == ["evidence"]
    await DeedState.decide.fn(page, form | {"evidence": "Phone, Yara Haddad, 13:10"})
    assert (page.decisions, page.lines[0].state) == ([], "In progress")


async def test_chosen_lines_are_split_off_and_none_chosen_is_told_at_the_field(house, at_desk):
    srf_id = received(house)
    page = await opened(at_desk, DeedState, srf_id)
    await DeedState.begin.fn(page, "T56")
    assert page.asking
    await DeedState.do.fn(page, {"told": WHY})
    assert list(page.errors) == ["lines"]
    told = await DeedState.do.fn(page, {"told": WHY, "line-2": "on"})
    assert not page.asking
    assert "go on as SRF-" in str(told)
    assert [row.tag for row in page.lines] == ["KA-MIC-0007"]


async def test_items_of_a_reopened_request_come_back_and_are_measured_again(house, at_desk):
    srf_id = received(house)
    with house.work("Priya Menon") as work:
        work.get(Srf, srf_id).state = HeaderState.DELIVERED
        for line in lines_of(work, srf_id):
            line.state = LineState.RETURNED
        note_custody(work, line, SHIPPED)
    with house.work("Priya Menon") as work:
        acting.reopen_srf(work, srf_id, work.peek(Srf, srf_id).version, WHY, PASSWORD)
    page = await opened(at_desk, DeedState, srf_id, "Priya Menon")
    assert {"back", "T50", "T51"} <= {deed.number for deed in page.deeds}
    await DeedState.begin.fn(page, "back")
    await DeedState.do.fn(page, {"line-2": "on", "place": "A3"})
    assert page.custody[0].what.startswith("Received: A3")
    await DeedState.begin.fn(page, "T50")
    assert "Mei Lin" in {name for _, name in page.people}
    mei = str(house.people["Mei Lin"])
    await DeedState.do.fn(page, {"line-2": "on", "person": mei})
    assert list(page.errors) == ["planned_on"]
    await DeedState.do.fn(page, {"line-2": "on", "person": mei, "planned_on": "2099-01-05"})
    assert state_of(house, srf_id) is HeaderState.IN_PROGRESS


async def test_nothing_comes_back_before_the_request_is_reopened(house, at_desk):
    page = await opened(at_desk, DeedState, received(house))
    assert "not possible" in str(await DeedState.begin.fn(page, "back"))
