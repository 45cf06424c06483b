"""What is found in a design before it is kept: every fault, each at its place."""

import json

import pytest

from calibra_app.procedures.designed.checks import faults_of
from calibra_app.procedures.designed.design import Design
from tests.procedures.designs import BALANCE, HYGROMETER, MULTIMETER, TORQUE_TOOL
from tests.procedures.test_designed import DEW_POINT, WEIGHT

INPUTS = ["tables", 0, "inputs"]


def faults(*changes, design=HYGROMETER):
    copy = json.loads(json.dumps(design))
    for path, value in changes:
        at = copy
        for step in path[:-1]:
            at = at[step]
        at[path[-1]] = value
    return faults_of(Design.from_json(copy), {"unit": "%RH"})


@pytest.mark.parametrize("design", [HYGROMETER, TORQUE_TOOL, BALANCE, WEIGHT, DEW_POINT])
def test_a_sound_design_has_no_faults(design):
    assert faults_of(Design.from_json(design)) == ()


def test_a_design_that_runs_over_the_ranges_of_an_instrument_is_sound():
    ranges = [{"function": "DC voltage", "range": "20 V", "unit": "V", "resolution": "0.001",
               "points": ["10"]}]  # fmt: skip
    assert faults_of(Design.from_json(MULTIMETER), {"ranges": ranges}) == ()


@pytest.mark.parametrize(
    ("path", "value", "place", "says"),
    [
        (["title"], "", "title", "is missing"),
        (["tables"], [], "tables", "at least one table"),
        ([*INPUTS, 0, "name"], "d res", "tables[0].inputs[0].name", "expected a name of letters"),
        ([*INPUTS, 0, "name"], "sqrt", "tables[0].inputs[0].name", "something else"),
        ([*INPUTS, 0, "name"], "lambda", "tables[0].inputs[0].name", "something else"),
        ([*INPUTS, 0, "name"], "d_res", "tables[0].inputs[1].name", "is there already"),
        ([*INPUTS, 0, "column"], "j", "tables[0].inputs[0].column", "not a column"),
        ([*INPUTS, 6, "width"], "uniformity", "tables[0].inputs[6].width", "not known here"),
        ([*INPUTS, 6, "half_width"], "1", "tables[0].inputs[6].width", "stated already"),
        ([*INPUTS, 6, "column"], "i", "tables[0].inputs[6].column", "says nothing for formula"),
        ([*INPUTS, 2, "value"], "", "tables[0].inputs[2].value", "is needed for constant"),
        ([*INPUTS, 8, "unit"], "kelvins", "tables[0].inputs[8].unit", "not a unit"),
        (["tables", 0, "result", "indication"], "k", "tables[0].result.indication", "not a column"),
        (["tables", 0, "blocks", 0, "nominals"], [], "tables[0].blocks[0].nominals", "expected"),
        (["tables", 0, "columns", 0, "kind"], "fit", "tables[0].columns", "typed"),
        (["tables", 0, "correlations"], [{"one": "d_res", "other": "x", "coefficient": "1"}],
         "tables[0].correlations[0].other", "x is not an input quantity"),
    ],
)  # fmt: skip
def test_a_fault_is_found_at_its_place(path, value, place, says):
    found = faults((path, value))
    assert any(one.path == place and says in one.sentence for one in found), found


def test_an_unknown_name_in_the_measurement_function_is_enclosed():
    model = "d_rep + d_res + d_hom + d_stab - s_S - d_D - c_t*h*d_t + wind"
    (found,) = faults((["tables", 0, "result", "model"], model))
    assert found.path == "tables[0].result.model"
    assert model[found.start : found.end] == "wind"


def test_a_formula_that_does_more_than_compute_is_refused_where_it_does():
    (found,) = faults((["tables", 0, "result", "model"], "().__class__"))
    assert found.path == "tables[0].result.model"


def test_units_that_do_not_fit_are_refused_at_their_place():
    found = faults(([*INPUTS, 6, "unit"], "K"))
    assert [one.path for one in found] == ["tables[0].result.model"]
    assert found[0].end > found[0].start


def test_grams_and_milligrams_are_not_added():
    found = faults((["tables", 0, "inputs", 4, "unit"], "g"), design=WEIGHT_WITH_SPARE)
    assert [one.path for one in found] == ["tables[0].result.model"]


WEIGHT_WITH_SPARE = json.loads(json.dumps(WEIGHT))
WEIGHT_WITH_SPARE["tables"][0]["result"]["model"] = "m_R + d + b + e + f"
WEIGHT_WITH_SPARE["tables"][0]["inputs"] += [
    {"name": name, "title": name, "source": "formula", "half_width": "1", "unit": "mg"}
    for name in ("e", "f")
]


def test_all_faults_are_told_together():
    found = faults(
        (["title"], ""), ([*INPUTS, 6, "width"], "uniformity"), ([*INPUTS, 8, "unit"], "kelvins")
    )
    assert len(found) >= 3
