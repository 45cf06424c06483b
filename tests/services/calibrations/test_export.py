"""A result leaves the laboratory with all it was computed from, and is computed again elsewhere."""

import json
import os
import subprocess
import sys

import pytest

from calibra_app.config import PROJECT
from calibra_app.core.access import Role
from calibra_app.core.errors import Conflict, Forbidden, NotFound
from calibra_app.demo.sheets import complete_sheet, fill_sheet, prepare_sheet
from calibra_app.metrology.budget import ENGINE_VERSION
from calibra_app.procedures.recomputation import recompute
from calibra_app.services.calibrations import (
    AdjustmentDraft,
    Phase,
    export_result,
    get_point,
    record_adjustment,
)
from tests.services.calibrations.test_vectors import TEN_VOLTS, allow_adjustment


def exported(made, number, sheet_id):
    with made.work(number) as work:
        return export_result(work, sheet_id)


def elsewhere(path):
    """Evaluate a file in a process that has no database, as on a machine that never had one."""
    keep = ("PATH", "HOME", "LANG", "TMPDIR")
    bare = {name: value for name in keep if (value := os.getenv(name))}
    return subprocess.run(
        [sys.executable, "-m", "calibra_app.cli", "evaluate", str(path)],
        cwd=PROJECT,
        env=bare | {"PYTHONPATH": str(PROJECT), "DATABASE_URL": "postgresql://127.0.0.1:1/none"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.fixture
def multimeter(bench):
    """The multimeter of the sample week, measured as found."""
    made = bench(8)
    sheet_id = made.started(8)
    with made.work(8) as work:
        prepare_sheet(work, sheet_id)
        fill_sheet(work, sheet_id)
    return made, sheet_id


def test_a_result_is_computed_again_without_a_database_to_identical_figures(multimeter, tmp_path):
    made, sheet_id = multimeter
    file = exported(made, 8, sheet_id)
    assert file.name == "SRF-2026-0414-01-result.json"
    path = tmp_path / file.name
    path.write_text(file.text, encoding="utf-8")
    answer = elsewhere(path)
    assert (answer.returncode, answer.stderr) == (0, "")
    told = json.loads(answer.stdout)
    assert told["identical"] is True
    with made.work(8) as work:
        kept = get_point(work, sheet_id, TEN_VOLTS, Phase.AS_FOUND).result
    (point,) = [each for each in told["results"] if each["id"] == f"as_found/{TEN_VOLTS}"]
    figures = {each["figure"]: each["computed"] for each in point["figures"]}
    assert figures["expanded_uncertainty"] == kept["expanded_uncertainty"]
    assert figures["uncertainty_text"] == kept["uncertainty_text"] == "0.0080"
    assert figures["engine_version"] == ENGINE_VERSION


def test_one_changed_byte_is_named_with_the_figures_that_differ(multimeter, tmp_path):
    made, sheet_id = multimeter
    text = exported(made, 8, sheet_id).text
    document = json.loads(text)
    assert document["readings"]["as_found"][TEN_VOLTS][0] == "10.00"
    at = text.index('"10.00"', text.index(f'"{TEN_VOLTS}"', text.index('"readings"')))
    path = tmp_path / "result.json"
    path.write_text(text[: at + 5] + "3" + text[at + 6 :], encoding="utf-8")
    answer = elsewhere(path)
    assert answer.returncode == 1
    assert "Altered since the export: readings. 1 of" in answer.stderr
    assert f"as_found/{TEN_VOLTS}" in answer.stderr
    told = json.loads(answer.stdout)
    (point,) = [each for each in told["results"] if not each["identical"]]
    assert {"mean", "error_of_indication", "error_text"} <= set(point["differences"])


@pytest.mark.parametrize("number", [1, 3, 5, 7, 11])
def test_a_whole_sheet_of_every_discipline_is_identical(bench, number):
    made = bench(number)
    sheet_id = made.started(number)
    allow_adjustment(made, number)
    with made.work(number) as work:
        complete_sheet(work, sheet_id)
    answer = recompute(json.loads(exported(made, number, sheet_id).text))
    assert (answer["identical"], answer["altered"]) == (True, [])


def test_as_found_and_as_left_both_travel(bench):
    made = bench(9)
    sheet_id = made.started(9)
    allow_adjustment(made, 9)
    with made.work(9) as work:
        prepare_sheet(work, sheet_id)
        fill_sheet(work, sheet_id)
        record_adjustment(work, sheet_id, AdjustmentDraft("Linkage adjusted", "Outside its limits"))
        fill_sheet(work, sheet_id, Phase.AS_LEFT)
    document = json.loads(exported(made, 9, sheet_id).text)
    assert set(document["results"]) == set(document["readings"]) == {"as_found", "as_left"}
    assert document["standards"]
    assert document["environment"]
    assert recompute(document)["identical"]


def test_before_the_first_indication_there_is_nothing_to_take_away(bench):
    made = bench(8)
    sheet_id = made.started(8)
    with pytest.raises(Conflict, match="no result on this sheet yet"), made.work(8) as work:
        export_result(work, sheet_id)


def test_only_who_may_see_the_sheet_takes_its_result(multimeter, work_in):
    made, sheet_id = multimeter
    with made.work(name="Priya Menon") as work:
        assert export_result(work, sheet_id).text
    with pytest.raises(Forbidden), work_in(roles={Role.FI}) as work:
        export_result(work, sheet_id)
    with pytest.raises(NotFound), work_in(laboratory=2) as work:
        export_result(work, sheet_id)
