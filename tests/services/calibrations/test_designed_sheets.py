"""A designed procedure on the bench: sheet, review of what it gives, and the what-if beside it."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import partial
from operator import add

import pytest
from sqlmodel import func, select

from calibra_app.core.clock import system_clock
from calibra_app.core.errors import Forbidden, NotFound
from calibra_app.models.calibration import PointResult, Sheet
from calibra_app.models.equipment import Instrument
from calibra_app.models.scope import Procedure, ProcedureStatus, ProcedureVersion
from calibra_app.procedures.registry import hold_design
from calibra_app.services.calibrations import (
    Change,
    ConditionDraft,
    Phase,
    Typed,
    enter_indication,
    get_point,
    get_sheet,
    pick_standard,
    record_condition,
    revisions_to_try,
    sheets_of_version,
    what_if,
)
from calibra_app.services.calibrations.evaluation import climate_of, preview
from calibra_app.services.calibrations.prereview import findings_of
from calibra_app.services.calibrations.sheets import points_of
from calibra_app.services.certificates.results import outcomes_in_order
from calibra_app.services.srf.agreement import Agreement, can_be_planned
from calibra_app.services.srf.lookups import versions_in_force
from tests.procedures.designs import HYGROMETER

READ = ("50.1", "50.0", "50.1", "50.0", "50.2")


def revised(design, **parameters):
    """Return the design with other defaults."""
    kept = [
        {**each, "default": parameters.get(each["name"], each.get("default", ""))}
        for each in design["parameters"]
    ]
    return {**design, "parameters": kept}


def revision_of(work, procedure, number, design, status):
    row = ProcedureVersion(
        procedure_id=procedure.id, revision=number, status=status, design=design,
        model_version=hold_design(design),
    )  # fmt: skip
    work.add(row)
    return row.id


@pytest.fixture
def hygrometer(bench, work_in):
    """The hygrometer of the sample, whose procedure the laboratory has designed itself."""
    made = bench(3)
    with work_in() as work:
        code = "MP-TEM-05"
        procedure = work.exec(select(Procedure).where(Procedure.code == code)).one()
        coded = work.exec(select(ProcedureVersion)).first()
        coded.status = ProcedureStatus.SUPERSEDED
        work.add(coded)
        work.session.flush()
        procedure.model_key = "designed"
        work.add(procedure)
        made.version_id = revision_of(work, procedure, 4, HYGROMETER, ProcedureStatus.EFFECTIVE)
        other = revised(HYGROMETER, chamber_uniformity="1.6")
        made.other_id = revision_of(work, procedure, 5, other, ProcedureStatus.APPROVED)
    made.sheet_id = made.started(3)
    with made.work(3) as work:
        pick_standard(work, made.sheet_id, "STD-T-004")
        record_condition(work, made.sheet_id, ConditionDraft("temperature", Decimal(23), "TH-1"))
        for repeat, raw in enumerate(READ, 1):
            enter_indication(work, made.sheet_id, Typed("50-rh", Phase.AS_FOUND, repeat, raw, 0))
    return made


def read_room(made, minutes, value):
    clock = partial(add, system_clock(), timedelta(minutes=minutes))
    with made.house.work(made.people[3], clock=clock) as work:
        record_condition(work, made.sheet_id, ConditionDraft("temperature", Decimal(value), "TH-1"))


def climate(made):
    with made.work(3) as work:
        return climate_of(work, made.sheet_id)


def test_a_single_reading_of_the_room_tells_of_no_change(hygrometer):
    assert climate(hygrometer) == {"temperature": [23.0, 23.0]}


def test_the_room_is_told_with_how_fast_it_changed(hygrometer):
    # Half a kelvin in two hours, then as much within minutes.
    read_room(hygrometer, 120, "23.5")
    assert climate(hygrometer)["temperature per hour"] == [pytest.approx(0.25, rel=1e-3)]
    read_room(hygrometer, 123, "23.0")
    assert climate(hygrometer)["temperature per hour"] == [0.5]


def result_of(made):
    with made.work(3) as work:
        return get_point(work, made.sheet_id, "50-rh", Phase.AS_FOUND).result


def test_the_sheet_of_a_design_gives_the_figures_of_the_coded_procedure(hygrometer):
    found = result_of(hygrometer)
    assert (found["error_text"], found["uncertainty_text"]) == ("+0.08", "0.64")
    assert found["budget_name"] == "BUD-TEM-05 v2"
    assert {row["title"] for row in found["rows"]} >= {"Chamber uniformity", "Dew-point mirror"}


def test_the_sheet_keeps_the_design_that_it_was_begun_with(hygrometer, work_in):
    with work_in() as work:
        version = work.get(ProcedureVersion, hygrometer.version_id)
        version.status = ProcedureStatus.SUPERSEDED
        # Whatever becomes of the revision's row, the sheet has its own copy.
        version.design = {}
        work.add(version)
        work.session.flush()
        other = work.get(ProcedureVersion, hygrometer.other_id)
        other.status = ProcedureStatus.EFFECTIVE
        work.add(other)
    with hygrometer.work(3) as work:
        enter_indication(work, hygrometer.sheet_id, Typed("33-rh", Phase.AS_FOUND, 1, "33.0", 0))
        tried = preview(work, hygrometer.sheet_id, "50-rh", Phase.AS_FOUND, {5: "50.2"})
    assert tried["uncertainty_text"] == "0.64"


def test_a_request_knows_when_its_design_can_be_planned(hygrometer, work_in):
    with work_in() as work:
        versions = versions_in_force(work)
        item = work.peek(Instrument, hygrometer.house.instrument_ids[0])
        agreed = replace(Agreement(), procedure_code="MP-TEM-05", parameters=dict(item.parameters))
        assert can_be_planned(agreed, versions["MP-TEM-05"])
        assert not can_be_planned(replace(agreed, parameters={}), versions["MP-TEM-05"])


def test_the_sheets_of_a_revision_are_listed(hygrometer):
    with hygrometer.house.work("Samuel Okafor") as work:
        (row,) = sheets_of_version(work, hygrometer.version_id)
        assert sheets_of_version(work, hygrometer.other_id) == ()
    assert (row.id, row.performer) == (hygrometer.sheet_id, "Daniel Ortiz")


def test_a_what_if_stands_beside_the_stored_result_and_leaves_it(hygrometer, work_in):
    before = result_of(hygrometer)
    with hygrometer.work(3) as work:
        assert next(each.words for each in revisions_to_try(work, hygrometer.sheet_id)) == (
            "Revision 5, approved"
        )
        change = Change(version_id=hygrometer.other_id)
        found = what_if(work, hygrometer.sheet_id, Phase.AS_FOUND, change)
    (row,) = found.rows
    assert (row.stored["uncertainty_text"], row.tried["uncertainty_text"]) == ("0.64", "1.1")
    assert row.differs
    assert (found.different, found.stored_by.split(",")[0]) == (1, "MP-TEM-05 rev. 4")
    assert found.tried_by.startswith("MP-TEM-05 rev. 5")
    assert result_of(hygrometer) == before
    with work_in() as work:
        sheet = work.peek(Sheet, hygrometer.sheet_id)
        assert sheet.procedure_version_id == hygrometer.version_id


def test_a_what_if_with_another_input_and_nothing_changed(hygrometer):
    with hygrometer.work(3) as work:
        same = what_if(work, hygrometer.sheet_id, Phase.AS_FOUND, Change())
        finer = what_if(
            work, hygrometer.sheet_id, Phase.AS_FOUND, Change(parameters={"resolution": "1"})
        )
        left = what_if(work, hygrometer.sheet_id, Phase.AS_LEFT, Change())
    assert (same.different, left.rows) == (0, ())
    assert finer.rows[0].tried["expanded_uncertainty"] > same.rows[0].tried["expanded_uncertainty"]


def test_a_what_if_that_cannot_be_computed_says_why(hygrometer):
    with hygrometer.work(3) as work:
        bad = Change(parameters={"resolution": "fine"})
        (row,) = what_if(work, hygrometer.sheet_id, Phase.AS_FOUND, bad).rows
    assert row.tried["uncertainty_text"] == ""
    assert "resolution" in row.why


def test_rows_that_are_read_for_another_keep_no_sheet_back_and_stand_on_no_certificate(
    hygrometer, work_in
):
    with work_in() as work:
        rows = points_of(work, hygrometer.sheet_id)
        for row in rows:
            if row.key != "50-rh":
                # As a column that is read for the point at 50 %RH would be planned.
                row.plan = {**row.plan, "reported": False}
                row.repeats = 1
                work.add(row)
    with hygrometer.work(3) as work:
        for key in ("33-rh", "75-rh"):
            enter_indication(work, hygrometer.sheet_id, Typed(key, Phase.AS_FOUND, 1, "50.0", 0))
        sheet = work.peek(Sheet, hygrometer.sheet_id)
        found = {each.guard for each in findings_of(work, sheet)}
        assert "G17" not in found
        results = {(row.point_id, row.phase): row.result for row in work.exec(select(PointResult))}
        (outcome,) = outcomes_in_order(points_of(work, sheet.id), results)
    assert outcome.point.key == "50-rh"


def test_others_neither_list_nor_try(hygrometer, work_in):
    with hygrometer.house.work("Yara Haddad") as work:
        with pytest.raises(Forbidden):
            sheets_of_version(work, hygrometer.version_id)
        with pytest.raises(Forbidden):
            what_if(work, hygrometer.sheet_id, Phase.AS_FOUND, Change())
        with pytest.raises(Forbidden):
            revisions_to_try(work, hygrometer.sheet_id)
    with work_in(laboratory=2) as work:
        with pytest.raises(NotFound):
            sheets_of_version(work, hygrometer.version_id)
        with pytest.raises(NotFound):
            what_if(work, hygrometer.sheet_id, Phase.AS_FOUND, Change())


def test_nothing_of_a_what_if_is_written(hygrometer, work_in):
    with work_in() as work:
        count = work.exec(select(func.count()).select_from(PointResult)).one()
    with hygrometer.work(3) as work:
        what_if(work, hygrometer.sheet_id, Phase.AS_FOUND, Change(version_id=hygrometer.other_id))
    with work_in() as work:
        assert work.exec(select(func.count()).select_from(PointResult)).one() == count
        assert get_sheet(work, hygrometer.sheet_id).points
