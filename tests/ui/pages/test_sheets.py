"""The observation sheet and My work, event by event through the gate."""

from decimal import Decimal
from types import SimpleNamespace

import pytest

from calibra_app.core.access import Role, visitor
from calibra_app.demo.sheets import complete_sheet
from calibra_app.models.calibration import Sheet
from calibra_app.models.srf import SrfLine
from calibra_app.services.calibrations import ConditionDraft, get_sheet, record_condition
from calibra_app.services.calibrations.departures import stated_departures
from calibra_app.services.sign_in import sign_in
from calibra_app.services.srf.states import LineState
from calibra_app.ui.format import Region
from calibra_app.ui.live import LIVE
from calibra_app.ui.pages.sheets.deeds import SheetDeeds
from calibra_app.ui.pages.sheets.page import sheet_page
from calibra_app.ui.pages.sheets.rows import head_of
from calibra_app.ui.pages.sheets.state import SheetState
from calibra_app.ui.pages.work import WorkState, work_page
from tests.builders import PASSWORD
from tests.services.calibrations.conftest import a_bench

ROW = "as_found-dc-voltage-200-v-10"


@pytest.fixture
def rooms(monkeypatch):
    """Remember which rooms of the bus a tab joined, and where it said it stands."""
    seen = SimpleNamespace(joined=[], left=[], where=[])

    async def join(state, topic, cls, var="", **options):
        seen.joined.append(topic)

    async def leave(state, topic):
        seen.left.append(topic)

    async def be_present(state, topic, actor, *, initials="", where=""):
        seen.where.append(where)

    monkeypatch.setattr(LIVE, "join", join)
    monkeypatch.setattr(LIVE, "leave", leave)
    monkeypatch.setattr(LIVE, "join_presence", join)
    monkeypatch.setattr(LIVE, "be_present", be_present)
    return seen


@pytest.fixture
def at(work_in):
    """Return the session of one of the people of a bench."""

    def open_session(made, name):
        with work_in(actor=visitor(made.house.tenant_id)) as work:
            email = f"{name.lower().replace(' ', '.')}@laboratory.example"
            return sign_in(work, email, PASSWORD).token

    return open_session


def shown(answer, state, name):
    """Return what a var became."""
    found = [
        delta[state.get_full_name()][f"{name}_rx_state_"]
        for kind, delta in answer
        if kind == "delta"
        and state.get_full_name() in delta
        and f"{name}_rx_state_" in delta[state.get_full_name()]
    ]
    return found[-1] if found else None


async def opened(tab, sheet_id, monkeypatch):
    """Open a sheet in a tab."""
    monkeypatch.setattr(
        "calibra_app.ui.typed.path_argument", lambda state, name: sheet_id, raising=True
    )
    return await tab.send(SheetState.load)


@pytest.fixture
def meter(work_in):
    """The multimeter on Daniel's bench, begun."""
    made = a_bench(work_in, (8,))
    return made, made.started(8)


async def test_a_sheet_joins_its_rooms_and_shows_every_point(site, meter, at, rooms, monkeypatch):
    made, sheet_id = meter
    async with site() as open_tab:
        answer = await opened(open_tab(cookie=at(made, "Daniel Ortiz")), sheet_id, monkeypatch)
    rows = shown(answer, SheetState, "rows")
    assert sum(1 for row in rows if row.get("kind") != "group") == 28
    assert shown(answer, SheetState, "head").tag == "KA-DMM-031"
    topic = f"t:{made.house.tenant_id}:sheet:{sheet_id}"
    assert rooms.joined[:3] == [topic, f"{topic}/about", topic]
    limits = shown(answer, SheetState, "results")
    assert limits[ROW]["limit"] == "±0.015 V"


async def test_a_stranger_to_the_field_reads_why_not_and_is_not_shown_there(
    site, meter, at, rooms, monkeypatch
):
    made, sheet_id = meter
    async with site() as open_tab:
        tab = open_tab(cookie=at(made, "Mei Lin"))
        answer = await opened(tab, sheet_id, monkeypatch)
        await tab.send(SheetState.focus, row="", column="1")
    assert "not yours" in shown(answer, SheetState, "trouble")
    assert rooms.joined == rooms.where == []


async def test_a_draft_fills_panel_and_row_and_stores_nothing(site, meter, at, rooms, monkeypatch):
    made, sheet_id = meter
    async with site() as open_tab:
        tab = open_tab(cookie=at(made, "Daniel Ortiz"))
        await opened(tab, sheet_id, monkeypatch)
        await tab.send(SheetState.focus, row=ROW, column="1")
        answer = await tab.send(SheetState.draft, row=ROW, column="1", text="10.00")
    assert shown(answer, SheetState, "preview_row")["row"] == ROW
    assert shown(answer, SheetState, "point").count == "1 of 5"
    # There is no U yet, so no rule can be asked.
    assert shown(answer, SheetState, "point").figures == ""
    assert rooms.where[-1] == f"{ROW}:1"


async def test_a_value_that_arrives_before_the_page_has_loaded_anew_is_stored(
    site, meter, at, rooms, monkeypatch
):
    made, sheet_id = meter
    monkeypatch.setattr("calibra_app.ui.typed.path_argument", lambda state, name: sheet_id)
    cell = {"row": ROW, "column": "1", "text": "10.00", "base": 0, "reason": ""}
    async with site() as open_tab:
        # As after a restart of the server: nothing is known of the tab but its address.
        tab = open_tab(cookie=at(made, "Daniel Ortiz"))
        await tab.send(SheetState.focus, row=ROW, column="1")
        await tab.send(SheetState.commit, **cell)
        answer = await tab.send(SheetState.load)
    assert shown(answer, SheetState, "cells")[f"{ROW}:1"]["value"] == "10.00"


async def test_a_slip_is_asked_beside_its_cell_and_a_second_commit_takes_it_away(
    site, meter, at, rooms, monkeypatch
):
    made, sheet_id = meter
    cell = {"row": ROW, "column": "1", "base": 0, "reason": ""}
    async with site() as open_tab:
        tab = open_tab(cookie=at(made, "Daniel Ortiz"))
        await opened(tab, sheet_id, monkeypatch)
        asked = await tab.send(SheetState.commit, text="100.1", **cell)
        stored = await tab.send(SheetState.commit, text="10.01", **cell)
    question = shown(asked, SheetState, "asks")[f"{ROW}:1"]
    assert (question["meant"], question["text"]) == ("10.01", "100.1")
    assert shown(stored, SheetState, "asks") == {}


async def test_letters_are_refused_beside_the_cell(site, meter, at, rooms, monkeypatch):
    made, sheet_id = meter
    async with site() as open_tab:
        tab = open_tab(cookie=at(made, "Daniel Ortiz"))
        await opened(tab, sheet_id, monkeypatch)
        answer = await tab.send(
            SheetState.commit, row=ROW, column="1", text="1O", base=0, reason=""
        )
    refused = shown(answer, SheetState, "asks")[f"{ROW}:1"]
    assert refused["refused"]
    assert "not a number" in refused["said"]


async def test_who_comes_second_sees_both_values(site, work_in, at, rooms, monkeypatch):
    made = a_bench(work_in, (6,))
    sheet_id = made.started(6)
    row = "as_found-outside-100-mm"
    cell = {"row": row, "column": "1", "base": 0, "reason": ""}
    async with site() as open_tab:
        first = open_tab(cookie=at(made, "Mei Lin"))
        await opened(first, sheet_id, monkeypatch)
        second = open_tab(cookie=at(made, "Ruth Okoye"))
        await opened(second, sheet_id, monkeypatch)
        await first.send(SheetState.commit, text="100.01", **cell)
        answer = await second.send(SheetState.commit, text="100.02", **cell)
        clash = shown(answer, SheetState, "clashes")[f"{row}:1"]
        assert (clash["theirs"], clash["mine"], clash["by"]) == ("100.01", "100.02", "Mei Lin")
        answered = await second.send(SheetState.resolve, row=row, column="1")
    assert shown(answered, SheetState, "clashes") == {}


async def test_another_sheet_in_the_same_tab_begins_as_found(site, work_in, at, rooms, monkeypatch):
    made = a_bench(work_in, (5, 6))
    first, second = made.started(5), made.started(6)
    async with site() as open_tab:
        tab = open_tab(cookie=at(made, "Mei Lin"))
        await opened(tab, first, monkeypatch)
        turned = await tab.send(SheetState.show, phase="adjustment")
        assert shown(turned, SheetState, "phase") == "adjustment"
        answer = await opened(tab, second, monkeypatch)
    assert shown(answer, SheetState, "phase") == "as_found"
    assert shown(answer, SheetState, "selected").startswith("as_found-")
    assert rooms.left == [f"t:{made.house.tenant_id}:sheet:{first}"]


async def test_submitting_an_empty_sheet_lists_what_is_missing(site, meter, at, rooms, monkeypatch):
    made, sheet_id = meter
    async with site() as open_tab:
        tab = open_tab(cookie=at(made, "Daniel Ortiz"))
        await opened(tab, sheet_id, monkeypatch)
        answer = await tab.send(SheetDeeds.open_submit)
        assert shown(answer, SheetDeeds, "dialog") == "findings"
        guards = {row.guard for row in shown(answer, SheetDeeds, "findings")}
        jumped = await tab.send(SheetDeeds.jump, target=ROW)
    assert {"G13", "G14", "G15", "G16"} <= guards
    assert shown(jumped, SheetDeeds, "goal") == f"{ROW}#1"


async def test_a_complete_sheet_is_signed_and_a_wrong_password_stays_beside_its_field(
    site, meter, at, rooms, monkeypatch
):
    made, sheet_id = meter
    with made.work(8) as work:
        complete_sheet(work, sheet_id)
    async with site() as open_tab:
        tab = open_tab(cookie=at(made, "Daniel Ortiz"))
        await opened(tab, sheet_id, monkeypatch)
        answer = await tab.send(SheetDeeds.open_submit)
        assert shown(answer, SheetDeeds, "dialog") == "sign"
        wrong = await tab.send(SheetDeeds.submit, form={"password": "wrong"})
        assert "password" in shown(wrong, SheetState, "errors")
        done = await tab.send(SheetDeeds.submit, form={"password": PASSWORD})
    assert shown(done, SheetDeeds, "dialog") == ""
    with made.house.work("Priya Menon") as work:
        assert work.peek(SrfLine, made.lines[8]).state is LineState.QC


async def test_an_unknown_standard_is_refused_beside_the_field(site, meter, at, rooms, monkeypatch):
    made, sheet_id = meter
    async with site() as open_tab:
        tab = open_tab(cookie=at(made, "Daniel Ortiz"))
        await opened(tab, sheet_id, monkeypatch)
        answer = await tab.send(SheetDeeds.scan, form={"standard": "STD-X-999"})
    assert "standard" in shown(answer, SheetState, "errors")


async def test_my_work_starts_a_line_and_opens_its_sheet(site, work_in, at, rooms):
    made = a_bench(work_in, (8,))
    async with site() as open_tab:
        tab = open_tab(cookie=at(made, "Daniel Ortiz"))
        answer = await tab.send(WorkState.load)
        (row,) = shown(answer, WorkState, "mine")
        assert row.may_start
        started = await tab.send(WorkState.start, key=row.key, version=row.version)
    assert any(name == "_redirect" and "/sheets/" in payload["path"] for name, payload in started)


async def test_an_arrival_at_nothing_is_no_fault_of_the_form(site, work_in, at, rooms):
    made = a_bench(work_in, (8,))
    async with site() as open_tab:
        tab = open_tab(cookie=at(made, "Daniel Ortiz"))
        answer = await tab.send(WorkState.arrive, form={"condition": "ok"})
    assert not shown(answer, WorkState, "form_error")
    assert any(name == "_set_value" for name, _ in answer)


async def test_who_may_not_measure_does_not_even_reach_the_commit(
    site, meter, at, rooms, monkeypatch
):
    made, sheet_id = meter
    assert made.house.roles["Jonas Weber"] == frozenset({Role.TR})
    async with site() as open_tab:
        tab = open_tab(cookie=at(made, "Jonas Weber"))
        await opened(tab, sheet_id, monkeypatch)
        await tab.send(SheetState.commit, row=ROW, column="1", text="10", base=0, reason="")
        again = await opened(tab, sheet_id, monkeypatch)
    assert shown(again, SheetState, "cells") in (None, {})


def test_both_pages_can_be_drawn():
    assert "CellGrid" in str(sheet_page())
    assert "My work" in str(work_page())


async def test_quality_accepts_a_room_outside_its_limits_with_a_signature(
    site, meter, at, rooms, monkeypatch
):
    made, sheet_id = meter
    with made.work(8) as work:
        record_condition(work, sheet_id, ConditionDraft("temperature", Decimal("32.1"), "TH-E1"))
    async with site() as open_tab:
        tab = open_tab(cookie=at(made, "Samuel Okafor"))
        await opened(tab, sheet_id, monkeypatch)
        form = {"cause": "The meter was warm for an hour", "password": "wrong"}
        wrong = await tab.send(SheetDeeds.sign_conditions, form=form)
        assert "password" in shown(wrong, SheetState, "errors")
        short = {"cause": "warm", "password": PASSWORD}
        refused = await tab.send(SheetDeeds.sign_conditions, form=short)
        assert "at least 10" in shown(refused, SheetState, "errors")["cause"]
        signed = await tab.send(SheetDeeds.sign_conditions, form={**form, "password": PASSWORD})
        assert "32.1 °C" in shown(signed, SheetState, "head").climate_accepted
    with made.work(8) as work:
        assert "32.1 °C" in stated_departures(work, work.peek(Sheet, sheet_id))


async def test_an_exception_for_a_standard_that_is_not_known_is_refused_beside_its_field(
    site, meter, at, rooms, monkeypatch
):
    made, sheet_id = meter
    form = {"excepted": "STD-X-9", "cause": "It was fine yesterday", "password": PASSWORD}
    async with site() as open_tab:
        tab = open_tab(cookie=at(made, "Samuel Okafor"))
        await opened(tab, sheet_id, monkeypatch)
        for code in ("STD-X-9", ""):
            told = await tab.send(SheetDeeds.sign_exception, form={**form, "excepted": code})
            assert list(shown(told, SheetState, "errors")) == ["excepted"]


async def test_who_measures_signs_no_departure_of_the_own_work(site, meter, at, rooms, monkeypatch):
    made, sheet_id = meter
    form = {"excepted": "STD-E-001", "cause": "It was fine yesterday", "password": PASSWORD}
    async with site() as open_tab:
        tab = open_tab(cookie=at(made, "Daniel Ortiz"))
        await opened(tab, sheet_id, monkeypatch)
        for deed in (SheetDeeds.sign_exception, SheetDeeds.sign_conditions):
            assert "do not include" in str(await tab.send(deed, form=form))
    with made.work(8) as work:
        assert stated_departures(work, work.peek(Sheet, sheet_id)) == "None."


def test_a_sheet_offers_its_result_once_something_is_computed(work_in):
    made = a_bench(work_in, (8,))
    sheet_id = made.started(8)

    def path():
        with made.work(8) as work:
            return head_of(get_sheet(work, sheet_id), Region(), work.now).result_path

    assert path() == ""
    with made.work(8) as work:
        complete_sheet(work, sheet_id)
    assert path() == f"/api/v1/sheets/{sheet_id}/result"
