"""Departures that somebody answers for: an expired standard, a room outside its limits."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlmodel import select

from calibra_app.core.clock import system_clock
from calibra_app.core.errors import Conflict, Forbidden, Invalid, NotFound
from calibra_app.demo.sheets import complete_sheet
from calibra_app.models.calibration import Sheet
from calibra_app.models.document import Document
from calibra_app.models.equipment import ReferenceStandard, StandardStatus
from calibra_app.models.person import Signature
from calibra_app.services.calibrations import (
    ConditionDraft,
    accept_conditions,
    except_standard,
    get_sheet,
    prereview,
    record_condition,
    submit_sheet,
)
from calibra_app.services.calibrations.departures import stated_departures
from calibra_app.services.calibrations.sheets import SheetClosed
from calibra_app.services.equipment import StandardNotFit
from calibra_app.services.sign_in.sessions import WrongPassword
from calibra_app.services.srf.agreement import Adjustment
from calibra_app.services.srf.guards import GuardFailed
from calibra_app.services.srf.moves import take_line
from tests.builders import PASSWORD
from tests.services.calibrations.conftest import a_standard

WHY = "Checked against STD-P-002 this morning, within 0.002 bar"
GONE = timedelta(days=3)


@pytest.fixture
def gauge(bench):
    """A gauge on the bench, and a standard for it that has expired."""
    made = bench(9)
    made.sheet_id = made.started(9)
    with made.house.work("Priya Menon") as work:
        line = take_line(work, made.lines[9])
        line.order = {**line.order, "adjustment": Adjustment.ALLOWED.value}
        due_on = system_clock().date() - GONE
        a_standard(work, "STD-P-001", asset="STD-P-002", due_on=due_on)
    return made


def grant(made, *, code="STD-P-001", by="Samuel Okafor", reason=WHY, password=PASSWORD):
    with made.house.work(by) as work:
        return except_standard(work, made.sheet_id, code, reason, password)


def read_room(made, value):
    with made.work(9) as work:
        draft = ConditionDraft("temperature", Decimal(value), "TH-P1")
        assert not record_condition(work, made.sheet_id, draft)


def accept(made, *, by="Samuel Okafor", reason=WHY, password=PASSWORD):
    with made.house.work(by) as work:
        accept_conditions(work, made.sheet_id, reason, password)


def departures(made):
    with made.work(9) as work:
        return stated_departures(work, work.peek(Sheet, made.sheet_id))


def submit(made):
    with made.work(9) as work:
        line = take_line(work, made.lines[9])
        return submit_sheet(work, made.sheet_id, line.version, PASSWORD)


def signatures(made):
    with made.house.work("Samuel Okafor") as work:
        return [(row.person_name, row.meaning) for row in work.exec(select(Signature)).all()]


def test_quality_signs_that_an_expired_standard_is_used(gauge):
    grant(gauge)
    with gauge.work(9) as work:
        assert [each.code for each in get_sheet(work, gauge.sheet_id).standards] == ["STD-P-001"]
        assert "G13" not in {finding.guard for finding in prereview(work, gauge.sheet_id)}
    assert signatures(gauge) == [("Samuel Okafor", "exception granted")]
    assert WHY in departures(gauge)


def test_what_is_departed_from_stands_on_the_papers(gauge):
    grant(gauge)
    with gauge.work(9) as work:
        complete_sheet(work, gauge.sheet_id)
    submit(gauge)
    with gauge.house.work() as work:
        paper = work.exec(select(Document).where(Document.kind == "sheet")).one()
    assert "STD-P-001, due on" in paper.content["method"]["deviations"]
    assert WHY in paper.content["method"]["deviations"]


@pytest.mark.parametrize("name", ["Tomasz Nowak", "Ruth Okoye", "Priya Menon", "Yara Haddad"])
def test_others_grant_no_exception(gauge, name):
    with pytest.raises(Forbidden):
        grant(gauge, by=name)


def test_an_exception_takes_a_reason_and_the_right_password(gauge):
    with pytest.raises(GuardFailed, match="reason"):
        grant(gauge, reason="so")
    for wrong, kind in (("", Invalid), ("wrong", WrongPassword)):
        with pytest.raises(kind):
            grant(gauge, password=wrong)
    assert signatures(gauge) == []
    assert departures(gauge) == "None."


def test_what_needs_no_exception_or_cannot_have_one_is_refused(gauge):
    with pytest.raises(Conflict, match="as it is"):
        grant(gauge, code="STD-P-002")
    with pytest.raises(NotFound):
        grant(gauge, code="STD-P-009")
    with gauge.house.work("Priya Menon") as work:
        row = work.exec(select(ReferenceStandard).where(ReferenceStandard.code == "STD-P-001"))
        row.one().status = StandardStatus.QUARANTINED
    with pytest.raises(StandardNotFit, match="quarantine"):
        grant(gauge)


def test_on_a_submitted_sheet_nothing_is_decided_any_more(gauge):
    with gauge.work(9) as work:
        complete_sheet(work, gauge.sheet_id)
    submit(gauge)
    with pytest.raises(SheetClosed):
        grant(gauge)
    with pytest.raises(SheetClosed):
        accept(gauge)


def test_a_room_outside_its_limits_is_accepted_by_signature_and_stated(gauge):
    with gauge.work(9) as work:
        complete_sheet(work, gauge.sheet_id)
    read_room(gauge, "32.1")
    with pytest.raises(GuardFailed, match="outside its limits"):
        submit(gauge)
    accept(gauge)
    assert signatures(gauge) == [("Samuel Okafor", "conditions accepted")]
    told = departures(gauge)
    assert "temperature 32.1 °C instead of" in told
    assert WHY in told
    assert submit(gauge)


def test_a_room_outside_its_limits_keeps_a_sheet_back_until_the_slip_is_replaced(gauge):
    made, sheet_id = gauge, gauge.sheet_id
    with made.work(9) as work:
        complete_sheet(work, sheet_id)
        assert not record_condition(
            work, sheet_id, ConditionDraft("temperature", Decimal("32.1"), "TH-P1")
        )
    with pytest.raises(GuardFailed, match="outside its limits"):
        submit(made)
    with made.work(9) as work:
        slip = next(each for each in get_sheet(work, sheet_id).conditions if not each.within_limits)
    with pytest.raises(Invalid) as refused, made.work(9) as work:
        record_condition(
            work, sheet_id, ConditionDraft("temperature", Decimal("21.1"), "TH-P1", slip.id)
        )
    assert refused.value.field == "reason"
    with made.work(9) as work:
        draft = ConditionDraft("temperature", Decimal("21.1"), "TH-P1", slip.id, "Typed wrongly")
        assert record_condition(work, sheet_id, draft)
    assert submit(made)


def test_a_reading_after_the_decision_asks_for_another_one(gauge):
    with gauge.work(9) as work:
        complete_sheet(work, gauge.sheet_id)
    read_room(gauge, "32.1")
    accept(gauge)
    read_room(gauge, "33.7")
    assert departures(gauge) == "None."
    with pytest.raises(GuardFailed, match="outside its limits"):
        submit(gauge)
    accept(gauge)
    assert submit(gauge)


def test_papers_state_no_accepted_reading_that_turned_out_to_be_a_slip(gauge):
    with gauge.work(9) as work:
        complete_sheet(work, gauge.sheet_id)
    for value in ("32.1", "52.1"):
        read_room(gauge, value)
    accept(gauge)
    with gauge.work(9) as work:
        slip = next(
            each
            for each in get_sheet(work, gauge.sheet_id).conditions
            if each.value == Decimal("52.1")
        )
        draft = ConditionDraft("temperature", Decimal("21.1"), "TH-P1", slip.id, "Typed wrongly")
        record_condition(work, gauge.sheet_id, draft)
    with pytest.raises(GuardFailed, match="outside its limits"):
        submit(gauge)
    accept(gauge)
    assert "32.1 °C" in departures(gauge)
    assert "52.1" not in departures(gauge)


def test_where_the_limits_are_kept_there_is_nothing_to_accept(gauge):
    with pytest.raises(Conflict, match="within its limits"):
        accept(gauge)


@pytest.mark.parametrize("name", ["Tomasz Nowak", "Jonas Weber", "Asha Rao", "Yara Haddad"])
def test_others_accept_no_conditions(gauge, name):
    read_room(gauge, "32.1")
    with pytest.raises(Forbidden):
        accept(gauge, by=name)
