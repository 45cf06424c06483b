"""The pages of instruments, standards and rooms."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from calibra_app.core.errors import Conflict, Invalid
from calibra_app.core.paging import Page
from calibra_app.services.equipment import (
    CertificateDraft,
    CertificateRecord,
    InstrumentDetail,
    InstrumentDraft,
    InstrumentSummary,
    PointDraft,
    RoomLimit,
    RoomRecord,
    StandardCondition,
    StandardDetail,
    StandardDraft,
    StandardStatus,
    StandardSummary,
)
from calibra_app.ui.format import Region
from calibra_app.ui.pages.instruments.page import instruments_page
from calibra_app.ui.pages.instruments.state import InstrumentsState
from calibra_app.ui.pages.rooms import RoomsState, rooms_page, told
from calibra_app.ui.pages.standards.page import standard_page, standards_page
from calibra_app.ui.pages.standards.rows import drift_figure, drift_sentence, left
from calibra_app.ui.pages.standards.state import StandardsState, StandardState

ONE, TWO = UUID(int=1), UUID(int=2)
STAMP = datetime(2026, 6, 21, tzinfo=UTC)
MICROMETER = InstrumentSummary(
    ONE, "KA-MIC-0007", "Micrometer", "Mituro", "293-25", "M5521", TWO, "K2", "Kestrel",
    "dimensional", "MP-DIM-02", date(2026, 12, 9), False,
)  # fmt: skip
MICROMETER_DETAIL = InstrumentDetail(
    ONE, 4, False, "K2", "Kestrel",
    InstrumentDraft(
        TWO, "KA-MIC-0007", "Micrometer", procedure_code="MP-DIM-02",
        parameters={"unit": "mm", "points": ["0", "25"]}, due_on=date(2026, 12, 9),
    ),
    "",
)  # fmt: skip
NO_PROCEDURES = {"list_procedures": Page(())}


async def test_the_registry_shows_each_instrument_as_text(answering):
    answering(InstrumentsState, list_instruments=Page((MICROMETER,)))
    state = InstrumentsState()
    await InstrumentsState.load.fn(state)
    (row,) = state.rows
    assert (row.tag, row.made, row.customer) == ("KA-MIC-0007", "Mituro 293-25", "Kestrel")
    assert row.customer_path == f"/customers/{TWO}/"


async def test_the_filter_asks_for_what_is_due_within_thirty_days(answering):
    calls = answering(InstrumentsState, list_instruments=Page(()))
    state = InstrumentsState()
    await InstrumentsState.show_due.fn(state)
    await InstrumentsState.show_due.fn(state)
    assert calls[0][2]["due_by"] is not None
    assert calls[1][2]["due_by"] is None


async def test_an_opened_instrument_is_saved_with_its_version_and_owner(answering):
    answers = {"get_instrument": MICROMETER_DETAIL, "list_instruments": Page(())}
    calls = answering(InstrumentsState, change_instrument=None, **answers, **NO_PROCEDURES)
    state = InstrumentsState()
    await InstrumentsState.open_one.fn(state, str(ONE))
    assert (state.open, state.instrument.due_on) == (True, "2026-12-09")
    assert state.instrument.parameters == "unit: mm\npoints: 0; 25"
    form = {"tag": "KA-8", "description": "x", "parameters": "unit: mm", "interval_months": "6"}
    await InstrumentsState.save.fn(state, form)
    name, (instrument_id, version, draft), _ = calls[2]
    assert (name, instrument_id, version) == ("change_instrument", ONE, 4)
    assert (draft.customer_id, draft.interval_months, draft.agreement) == (TWO, 6, None)
    assert not state.open


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({}, "customer_id"),
        ({"customer_id": str(TWO), "parameters": "garbage"}, "parameters"),
        ({"customer_id": str(TWO), "due_on": "soon"}, "due_on"),
        ({"customer_id": str(TWO), "interval_months": "x"}, "interval_months"),
    ],
)
async def test_a_new_instrument_is_refused_beside_the_field(answering, form, field):
    calls = answering(InstrumentsState, **NO_PROCEDURES)
    state = InstrumentsState()
    await InstrumentsState.open_new.fn(state)
    await InstrumentsState.save.fn(state, form)
    assert list(state.errors) == [field]
    assert state.open
    assert [name for name, _, _ in calls] == ["list_procedures"]


async def test_the_same_serial_number_elsewhere_is_told(answering):
    answering(InstrumentsState, same_serial=(MICROMETER,))
    state = InstrumentsState()
    await InstrumentsState.check_serial.fn(state, "M5521")
    assert state.duplicate == "The same serial number: KA-MIC-0007 (Kestrel)."


def point(nominal, correction, expanded="1.4"):
    return PointDraft(
        "gauge pressure", Decimal(nominal), "bar", Decimal(correction), Decimal(expanded),
        drift=Decimal("0.5"), uncertainty_unit="mbar",
    )  # fmt: skip


def certificate(key, issued, *points, accepted=True):
    draft = CertificateDraft(f"C-{key}", "PLB", issued, date(2027, 6, 20), tuple(points))
    return CertificateRecord(UUID(int=key), draft, STAMP if accepted else None, None)


NEWEST = certificate(11, date(2026, 6, 20), point(0, "0.0"), point(10, "0.2"))
BEFORE = certificate(12, date(2025, 6, 20), point(0, "0.0"), point(10, "0.6"))
STANDARD = StandardDetail(
    ONE, 2, StandardDraft("STD-P-001", "Pressure calibrator", "pressure"),
    StandardStatus.IN_SERVICE, date(2026, 11, 30), StandardCondition.EXPIRED, -2,
)  # fmt: skip


def test_the_time_that_is_left_is_said_in_days():
    assert [left(days) for days in (-2, 0, 13)] == ["2 d over", "last day", "13 d left"]


async def test_the_register_shows_how_each_standard_stands(answering):
    row = StandardSummary(
        ONE, "STD-P-001", "Calibrator", "pressure", "P1", date(2026, 11, 30),
        StandardCondition.EXPIRED, -2,
    )  # fmt: skip
    calls = answering(StandardsState, list_standards=Page((row,)))
    state = StandardsState()
    await StandardsState.show_condition.fn(state, "expired")
    (shown,) = state.rows
    assert (shown.condition, shown.tone, shown.due) == ("Expired", "red", "30 Nov 2026")
    assert calls[0][2]["condition"] is StandardCondition.EXPIRED
    await StandardsState.show_condition.fn(state, "expired")
    assert calls[1][2]["condition"] is None


@pytest.fixture
async def standard(answering, at_address):
    answering(StandardState, get_standard=STANDARD, list_certificates=(NEWEST, BEFORE))
    at_address(ONE)
    state = StandardState()
    await StandardState.load.fn(state)
    return state


async def test_a_standard_is_shown_with_the_points_of_its_newest_certificate(standard):
    assert [row.number for row in standard.certificates] == ["C-11", "C-12"]
    assert standard.certificate == str(UUID(int=11))
    assert [row.correction for row in standard.points] == ["0.0", "+0.2"]
    assert {row.unit for row in standard.points} == {"mbar"}
    assert len(standard.figure["data"]) == 2


def test_the_sentence_above_the_picture_names_the_largest_change():
    told_so = drift_sentence((NEWEST, BEFORE), "gauge pressure")
    assert told_so == "Largest change since Jun 2025: 0.4 mbar at 10 bar, 29 % of U."
    assert "at each point" in drift_sentence((NEWEST,), "gauge pressure")


def test_the_picture_draws_a_series_for_each_certificate():
    figure = drift_figure((NEWEST, BEFORE), "gauge pressure")
    first = figure.data[0]
    assert (list(first.x), list(first.y)) == ([0.0, 10.0], [0.0, 0.2])
    assert list(first.error_y.array) == [1.4, 1.4]
    assert len(drift_figure((NEWEST,), "loop current").data) == 0


async def test_points_that_cannot_be_read_are_refused_and_the_form_stays(answering, standard):
    calls = answering(StandardState)
    standard.form = "certificate"
    form = {"issued_on": "2026-01-01", "due_on": "2027-01-01", "points": "gauge pressure; ten"}
    await StandardState.save_certificate.fn(standard, form)
    assert list(standard.errors) == ["points"]
    assert (standard.form, calls) == ("certificate", [])


async def test_a_refused_quarantine_keeps_its_form_open(answering, standard):
    answering(StandardState, quarantine_standard=Invalid("Give the reason.", field="reason"))
    standard.form = "quarantine"
    await StandardState.quarantine.fn(standard, {"reason": ""})
    assert (standard.errors, standard.form) == ({"reason": "Give the reason."}, "quarantine")


ROOM = RoomRecord(
    ONE, 1, False, "E1", "Electrical", "electrical", "TH-E1",
    (
        RoomLimit("gradient", None, Decimal("0.3"), "K/h"),
        RoomLimit("temperature", Decimal("22.0"), Decimal(24), "°C"),
    ),
)  # fmt: skip


def test_limits_are_said_as_people_say_them():
    region = Region()
    said = [told(limit, region).replace("\N{NARROW NO-BREAK SPACE}", " ") for limit in ROOM.limits]
    assert said == ["≤ 0.3 K/h", "22.0–24 °C"]


async def test_a_room_is_changed_with_its_limits_as_typed(answering):
    calls = answering(RoomsState, list_rooms=(ROOM,), change_room=None)
    state = RoomsState()
    await RoomsState.load.fn(state)
    await RoomsState.open_form.fn(state, str(ONE))
    assert state.room.limits["temperature_low"] == "22.0"
    form = {"code": "E1", "name": "Electrical", "temperature_low": "21,50"}
    await RoomsState.save.fn(state, form)
    draft = calls[1][1][2]
    assert str(draft.limits[0].low) == "21.50"
    assert not state.open


async def test_a_stale_room_is_told(answering):
    answering(RoomsState, list_rooms=(ROOM,), change_room=Conflict("Somebody else has changed."))
    state = RoomsState()
    await RoomsState.load.fn(state)
    await RoomsState.open_form.fn(state, str(ONE))
    event = await RoomsState.save.fn(state, {"code": "E1", "name": "x"})
    assert "Somebody else" in str(event)
    assert state.open


@pytest.mark.parametrize("page", [instruments_page, standards_page, standard_page, rooms_page])
def test_the_pages_build(page):
    assert page().render()
