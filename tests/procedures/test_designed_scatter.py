"""Scatter of one point in a formula, and figures of a test that an instrument is spared."""

import json

import pytest

from calibra_app.procedures.designed.checks import faults_of
from calibra_app.procedures.designed.design import Design
from calibra_app.procedures.templates import Bench

DESIGN = {
    "form": "calibra-procedure/1", "key": "P", "title": "Pipettes", "discipline": "volume",
    "parameters": [
        {"name": "test", "title": "Test", "kind": "choice", "choices": ["done", "known"]},
        {"name": "known", "title": "From the type test", "default": "0.6"},
    ],
    "tables": [
        {
            "key": "volume", "title": "Volume",
            "blocks": [{"unit": "µL", "nominals": ["10"], "repeats": "3"}],
            "columns": [{"name": "v", "title": "v", "unit": "µL", "resolution": "0.01"}],
            "result": {"title": "Error", "unit": "µL", "indication": "v", "model": "v + d - n"},
            "inputs": [
                {"name": "v", "title": "Scatter", "source": "readings", "column": "v",
                 "unit": "µL"},
                {"name": "n", "title": "Nominal", "source": "constant", "value": "nominal",
                 "unit": "µL"},
                {"name": "d", "title": "Place", "source": "formula", "width": "place",
                 "unit": "µL"},
            ],
            "checks": [
                {"title": "Random error", "formula": "s_v", "unit": "µL", "at_most": "0.05"},
                {"title": "Range", "formula": "span_v", "unit": "µL", "at_least": "0.15"},
            ],
        },
        {
            "key": "places", "title": "Places",
            "blocks": [{"unit": "µL", "nominals": ["10"], "positions": ["left", "right"],
                        "when": {"parameter": "test", "equals": ["done"]}}],
            "columns": [{"name": "w", "title": "w", "unit": "µL", "resolution": "0.01"}],
            "figures": [{"name": "place", "title": "Place", "take": "span", "column": "w",
                         "unit": "µL", "otherwise": "known"}],
        },
    ],
}  # fmt: skip


def evaluated(test, design=DESIGN, **readings):
    sample = {"volume-10-ul": "10.0 10.1 9.9", **readings}
    bench = Bench.of(sample, {"test": test}, (), {}, "none")
    return {one.key: one for one in bench.evaluate(Design.from_json(design))}


def test_a_check_asks_how_far_the_indications_of_its_point_scatter():
    found = evaluated("known")["volume-10-ul"]
    assert "Random error: 0.1 µL, at most 0.05: does not hold." in found.warnings
    assert "Range: 0.2 µL, at least 0.15: holds." in found.explanations
    assert faults_of(Design.from_json(DESIGN)) == ()


def test_a_single_indication_has_no_scatter_to_check():
    found = evaluated("known", **{"volume-10-ul": "10.0"})["volume-10-ul"]
    assert found.warnings == ("Scatter needs at least two indications",)


def test_where_a_test_is_not_planned_what_is_known_of_it_counts():
    rows = {row.title: row.spread for row in evaluated("known")["volume-10-ul"].rows}
    assert rows["Place"] == pytest.approx(0.3)


def test_where_the_test_is_made_its_readings_count():
    found = evaluated("done", **{"places-left": "10.2", "places-right": "10.0"})
    rows = {row.title: row.spread for row in found["volume-10-ul"].rows}
    assert rows["Place"] == pytest.approx(0.1)


def test_a_test_that_is_neither_planned_nor_known_is_missed():
    without = json.loads(json.dumps(DESIGN))
    del without["tables"][1]["figures"][0]["otherwise"]
    found = evaluated("known", without)["volume-10-ul"]
    assert found.uncertainty_text == ""
    assert found.warnings == ("Place is not measured for this instrument",)


def test_a_figure_of_result_and_uncertainty_is_told_without_a_verdict():
    design = json.loads(json.dumps(DESIGN))
    design["tables"][0]["checks"] = [
        {"title": "Interval", "formula": "abs(result) + expanded_uncertainty", "unit": "µL"}
    ]
    assert faults_of(Design.from_json(design)) == ()
    found = evaluated("known", design)["volume-10-ul"]
    interval = abs(found.error_of_indication) + found.computed_uncertainty
    assert f"Interval: {interval:.4g} µL." in found.explanations


def test_a_method_that_is_too_coarse_for_its_limit_is_told():
    design = json.loads(json.dumps(DESIGN))
    design["tables"][0]["checks"] = [
        {"title": "U", "formula": "expanded_uncertainty", "unit": "µL", "at_most": "known/3"}
    ]
    found = evaluated("known", design)["volume-10-ul"]
    assert any(each.startswith("U: ") and "does not hold" in each for each in found.warnings)


def test_a_limit_of_a_check_that_names_nothing_known_is_found():
    design = json.loads(json.dumps(DESIGN))
    design["tables"][0]["checks"][0]["at_most"] = "limit_of_nobody"
    (fault,) = faults_of(Design.from_json(design))
    assert fault.path == "tables[0].checks[0].at_most"
