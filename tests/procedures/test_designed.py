"""Designed procedures: the same figures as the coded ones, and what only a design can say."""

import json
from decimal import Decimal

import pytest

from calibra_app.demo.cmc import cmc_of
from calibra_app.demo.instruments import instrument
from calibra_app.demo.readings import evaluate_observation, observation, sheet_of
from calibra_app.demo.standards import BY_ASSET
from calibra_app.metrology.conformity import SIMPLE_ACCEPTANCE
from calibra_app.metrology.quantity import MetrologyError
from calibra_app.metrology.reference_standard import CertificatePoint, ReferenceStandard
from calibra_app.procedures.designed.design import Design
from calibra_app.procedures.designed.plain import DesignError
from calibra_app.procedures.parameters import Parameters
from calibra_app.procedures.registry import (
    DESIGNED,
    evaluate_sheet,
    hold_design,
    plan_points,
    plausibility_of,
    procedure_of,
)
from tests.procedures.designs import BALANCE, HYGROMETER, MULTIMETER, TORQUE_TOOL

SAME = (
    "mean_text", "error_text", "uncertainty_text", "coverage_factor_text", "statement",
    "degrees_of_freedom_text", "standard", "probability_text", "tur_text", "limit_text",
    "standard_deviation_text", "floored", "in_scope", "complete",
)  # fmt: skip


def evaluated(design, readings, *, parameters=None, standards=(), environment=None, rule=None):
    sheet = {key: tuple(Decimal(one) for one in text.split()) for key, text in readings.items()}
    found = evaluate_sheet(
        DESIGNED, hold_design(design), sheet, standards, environment or {}, parameters or {},
        rule or SIMPLE_ACCEPTANCE, (),
    )  # fmt: skip
    return {one.key: one for one in found}


def both_ways(number, design):
    """Return each result of a sheet of the sample with that of the coded procedure."""
    item, seen = instrument(number), observation(number)
    coded = {one.key: one for one in evaluate_observation(number)}
    version = hold_design(design)
    planned = plan_points(DESIGNED, version, item.parameters)
    names = dict(zip((row.key for row in planned), (row.key for row in item.points), strict=True))
    read = sheet_of(seen.as_found)
    designed = evaluate_sheet(
        DESIGNED, version, {key: read[name] for key, name in names.items()},
        [BY_ASSET[asset].as_reference() for asset in item.standards],
        dict(seen.environment), item.parameters, item.rule, cmc_of(item.procedure),
    )  # fmt: skip
    return [(one, coded[names[one.key]]) for one in designed]


@pytest.mark.parametrize(
    ("number", "design"), [(1, BALANCE), (3, HYGROMETER), (7, TORQUE_TOOL), (8, MULTIMETER)]
)
def test_a_design_gives_the_figures_of_the_coded_procedure(number, design):
    compared = 0
    for designed, coded in both_ways(number, design):
        if designed.uncertainty_text == "":
            assert designed.key.startswith("eccentricity")
            continue
        compared += 1
        for name in SAME:
            assert getattr(designed, name) == getattr(coded, name), (designed.key, name)
        for name in ("combined_standard_uncertainty", "degrees_of_freedom", "error_of_indication"):
            assert getattr(designed, name) == pytest.approx(getattr(coded, name), rel=1e-11)
        rows = {row.title: row.contribution for row in coded.rows}
        assert {row.title.split(":")[0] for row in designed.rows} <= {
            title.split(":")[0] for title in [*rows, "Calibrator", "Weight", "Torque transducer"]
        }
        assert sum(row.share for row in designed.rows) == pytest.approx(1.0)
    assert compared >= 3


def test_the_trace_of_a_limit_names_range_value_percentage_and_counts():
    ranges = [{"function": "DC voltage", "range": "200 V", "unit": "V", "resolution": "0.01",
               "points": ["10"], "high": "200"}]  # fmt: skip
    table = {
        **MULTIMETER["tables"][0],
        "limits": [{"terms": [{"kind": "% of value", "amount": "0.05"},
                              {"kind": "ppm of range", "amount": "100", "of": "high"},
                              {"kind": "digits", "amount": "1"}]}],
    }  # fmt: skip
    version = hold_design({**MULTIMETER, "tables": [table]})
    (point,) = plan_points(DESIGNED, version, {"ranges": ranges})
    limit = procedure_of(DESIGNED, version).limit(point, Parameters({"ranges": ranges}))
    assert limit.trace == (
        "200 V range: 0.05 % of 10 V + 100 ppm of range 200 V + 1 × 0.01 V = ±0.035 V"
    )


def test_a_design_reads_back_as_it_was_written():
    design = Design.from_json(BALANCE)
    again = Design.from_text(design.text)
    assert again == design
    assert again.digest == design.digest
    assert len(design.digest) == 64


def test_the_order_of_fields_and_spelt_out_defaults_leave_the_digest():
    turned = json.loads(json.dumps(HYGROMETER))
    turned["resolution_rule"] = "both"
    turned["tables"][0]["inputs"][0]["scatter"] = "own"
    turned = dict(reversed(turned.items()))
    assert Design.from_json(turned).digest == Design.from_json(HYGROMETER).digest


def changed(path, value, design=HYGROMETER):
    copy = json.loads(json.dumps(design))
    at = copy
    for step in path[:-1]:
        at = at[step]
    if value is None:
        del at[path[-1]]
    else:
        at[path[-1]] = value
    return copy


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        (["form"], "calibra-procedure/9", "form: expected calibra-procedure/1"),
        (["title"], None, "title: is missing"),
        (["colour"], "red", "colour: no such field"),
        (["tables", 0, "inputs", 1, "source"], "hearsay", r"tables\[0\].inputs\[1\].source: "),
        (["tables", 0, "blocks"], "all", r"tables\[0\].blocks: expected a list"),
        (["tables", 0, "result"], "x", r"tables\[0\].result: expected a record"),
        (["tables", 0, "inputs", 0, "single"], "yes", "expected true or false"),
        (["tables", 0, "columns"], [{}] * 600, "at most 500 entries"),
        (["note"], "n" * 3000, "note: at most 2000 characters"),
    ],
)
def test_what_is_no_design_is_refused_with_the_place(path, value, says):
    with pytest.raises(DesignError, match=says):
        Design.from_json(changed(path, value))


@pytest.mark.parametrize("text", ["", "[", "[]", '{"form": 1}', "{" * 2000, "null"])
def test_a_file_that_holds_no_design_is_refused(text):
    with pytest.raises(DesignError):
        Design.from_text(text)


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        (["tables", 0, "blocks", 0, "nominals"], ["ponts"], r"nominals\[0\]: enter ponts"),
        (["tables", 0, "blocks", 0, "repeats"], "0", "whole number from 1 to 100"),
        (["tables", 0, "blocks", 0, "repeats"], "x.__class__", r"blocks\[0\].repeats: "),
        (["tables", 0, "blocks", 0, "group"], "at {where}", r"\{where\} is not known"),
        (["tables", 0, "blocks", 0, "percents"], ["50"], "percentages need low and high"),
        (["tables", 0, "columns", 0, "resolution"], "0", "expected a number above zero"),
    ],
)
def test_a_plan_that_cannot_be_made_names_the_place(path, value, says):
    design = changed(path, value)
    with pytest.raises(DesignError, match=says):
        Design.from_json(design).plan(Parameters({"resolution": "0.1", "points": ["20"]}))


def test_a_procedure_that_was_never_held_is_not_found():
    with pytest.raises(MetrologyError, match="no procedure"):
        procedure_of(DESIGNED, "0" * 64)


MIRROR = ReferenceStandard(
    "STD-H-1", "Mirror", "H-1",
    (CertificatePoint("dew point", -20.0, "°C", 0.02, 0.10, uncertainty_unit="K"),
     CertificatePoint("dew point", 40.0, "°C", 0.02, 0.10, uncertainty_unit="K"),
     CertificatePoint("air temperature", 0.0, "°C", -0.01, 0.05, uncertainty_unit="K"),
     CertificatePoint("air temperature", 50.0, "°C", -0.01, 0.05, uncertainty_unit="K")),
)  # fmt: skip
MAGNUS = "100*exp(17.62*t_d/(243.12+t_d))/exp(17.62*t/(243.12+t))"
DEW_POINT = {
    "form": "calibra-procedure/1", "key": "H", "title": "Hygrometers", "discipline": "humidity",
    "tables": [{
        "key": "rh", "title": "Humidity", "function": "relative humidity",
        "blocks": [{"unit": "%RH", "nominals": ["20", "80"], "directions": ["up", "down"],
                    "repeats": "3"}],
        "columns": [
            {"name": "td_read", "title": "Dew point", "unit": "°C", "resolution": "0.01"},
            {"name": "t_read", "title": "Air", "unit": "°C", "resolution": "0.01"},
            {"name": "i", "title": "Item", "unit": "%RH", "resolution": "0.1"},
            {"name": "t_d", "title": "Dew point, corrected", "kind": "corrected",
             "of": "td_read", "function": "dew point", "unit": "°C"},
            {"name": "t", "title": "Air, corrected", "kind": "corrected", "of": "t_read",
             "function": "air temperature", "unit": "°C"},
            {"name": "ref", "title": "Reference", "kind": "derived", "unit": "%RH",
             "formula": MAGNUS, "empirical": True},
            {"name": "e", "title": "Error", "kind": "derived", "unit": "%RH",
             "formula": "i - ref"},
        ],
        "figures": [{"name": "h_max", "title": "Hysteresis", "take": "hysteresis", "column": "e",
                     "unit": "%RH", "otherwise": "0"}],
        "result": {"title": "Error", "unit": "%RH", "indication": "i", "empirical": True,
                   "reference": "ref", "model": f"i + d_res + d_h - {MAGNUS}"},
        "inputs": [
            {"name": "i", "title": "Repeatability", "source": "readings", "column": "i",
             "unit": "%RH"},
            {"name": "d_res", "title": "Resolution", "source": "resolution", "unit": "%RH"},
            {"name": "t_d", "title": "Dew point", "source": "standard", "function": "dew point",
             "at": "td_read", "unit": "°C"},
            {"name": "t", "title": "Air", "source": "standard", "function": "air temperature",
             "at": "t_read", "unit": "°C"},
            {"name": "d_h", "symbol": "δ_h", "title": "Hysteresis", "source": "formula",
             "width": "h_max", "unit": "%RH"},
        ],
        "limits": [{"terms": [{"kind": "constant", "amount": "2"},
                              {"kind": "% of value", "amount": "1", "of": "nominal"}],
                    "combine": "larger", "source": "maker", "checked": False}],
        "checks": [{"title": "Hysteresis", "formula": "h_max", "unit": "%RH", "at_most": "0.5"}],
    }],
}  # fmt: skip
HUMID = {
    "20-rh-up-td-read": "-2.22 -2.22 -2.22", "20-rh-up-t-read": "22.01 22.01 22.01",
    "20-rh-up": "19.6 19.8 19.7",
    "20-rh-down-td-read": "-2.22 -2.22 -2.22", "20-rh-down-t-read": "22.01 22.01 22.01",
    "20-rh-down": "20.5 20.6 20.7",
}  # fmt: skip


def test_each_typed_column_is_a_row_and_one_of_them_bears_the_result():
    rows = plan_points(DESIGNED, hold_design(DEW_POINT), {})
    assert [row.key for row in rows[:3]] == ["20-rh-up-td-read", "20-rh-up-t-read", "20-rh-up"]
    assert [row.reported for row in rows[:3]] == [False, False, True]
    assert [row.unit for row in rows[:3]] == ["°C", "°C", "%RH"]
    assert rows[2].label == "20 %RH ↑ · Item"
    # Falling, the points come in the order in which they are approached.
    assert [row.nominal for row in rows[6:]] == [Decimal(80)] * 3 + [Decimal(20)] * 3


def test_corrected_readings_and_a_saturation_formula_give_the_reference_value():
    found = evaluated(DEW_POINT, HUMID, standards=[MIRROR])["20-rh-up"]
    assert found.complete
    assert found.reference_value == pytest.approx(19.7300, abs=0.0001)
    assert found.error_of_indication == pytest.approx(19.7 - found.reference_value)
    rows = {row.title: row for row in found.rows}
    # 0.05 K of dew point and of air, through the exact derivative of the Magnus formula.
    assert rows["Dew point"].sensitivity_coefficient == pytest.approx(
        -found.reference_value * 17.62 * 243.12 / (243.12 - 2.20) ** 2
    )
    assert rows["Air"].contribution == pytest.approx(
        found.reference_value * 17.62 * 243.12 / (243.12 + 22.0) ** 2 * 0.025
    )
    assert found.limit_trace == (
        "2 %RH or, if larger, 1 % of 20 %RH = ±2 %RH (maker, not checked against the source)"
    )


def test_hysteresis_of_the_whole_sheet_feeds_each_budget_and_a_check_tells_of_it():
    alone = {key: text for key, text in HUMID.items() if "down" not in key}
    before = evaluated(DEW_POINT, alone, standards=[MIRROR])["20-rh-up"]
    after = evaluated(DEW_POINT, HUMID, standards=[MIRROR])["20-rh-up"]
    spread = {row.title: row.spread for row in after.rows}["Hysteresis"]
    assert spread == pytest.approx(0.9 / 2)
    assert {row.title: row.spread for row in before.rows}["Hysteresis"] == 0
    assert "Hysteresis: 0.9 %RH, at most 0.5: does not hold." in after.warnings
    assert before.warnings == ()


def test_a_row_that_is_read_for_another_has_no_result_and_no_limits():
    found = evaluated(DEW_POINT, HUMID, standards=[MIRROR])["20-rh-up-td-read"]
    assert (found.mean_text, found.error_text, found.uncertainty_text) == ("−2.220", "", "")
    assert (found.complete, found.statement, found.limit_text) == (True, None, "")


def test_a_point_waits_for_its_other_column_and_says_for_which():
    some = {key: text for key, text in HUMID.items() if not key.endswith("t-read")}
    found = evaluated(DEW_POINT, some, standards=[MIRROR])["20-rh-up"]
    assert found.uncertainty_text == ""
    assert found.warnings == ("Air is not read yet",)


def test_without_a_standard_mean_and_scatter_stand_on_the_sheet():
    found = evaluated(DEW_POINT, HUMID)["20-rh-up"]
    assert (found.mean_text, found.standard_deviation_text) == ("19.70", "0.10")
    assert found.warnings == ("Choose a reference standard for dew point.",)


def test_a_slip_of_the_finger_is_asked_about_as_for_any_procedure():
    version = hold_design(DEW_POINT)
    rows = plan_points(DESIGNED, version, {})
    asked = plausibility_of(DESIGNED, version, rows[2], {}, Decimal(197))
    assert asked.text == "×10?"
    assert plausibility_of(DESIGNED, version, rows[0], {}, Decimal("-2.2")) is None


WEIGHT = {
    "form": "calibra-procedure/1", "key": "W", "title": "Weights", "discipline": "mass",
    "parameters": [
        {"name": "class", "title": "Class", "kind": "choice", "choices": ["F1", "F2"]},
        {"name": "cycles", "title": "Cycles", "default": "3"},
    ],
    "tables": [{
        "key": "abba", "title": "Comparison", "function": "mass",
        "blocks": [{"unit": "g", "nominals": ["100"], "repeats": "cycles"}],
        "columns": [
            *({"name": name, "title": name, "unit": "mg", "resolution": "0.01"}
              for name in ("A1", "B1", "B2", "A2")),
            {"name": "d", "title": "Difference", "kind": "derived", "unit": "mg",
             "formula": "(B1 + B2 - A1 - A2)/2"},
        ],
        "result": {"title": "Deviation from nominal", "unit": "mg", "indication": "d",
                   "model": "m_R + d + b"},
        "inputs": [
            {"name": "m_R", "title": "Reference weight", "source": "standard", "unit": "mg",
             "take": "correction"},
            {"name": "d", "title": "Difference", "source": "readings", "column": "d",
             "unit": "mg", "scatter": "own or given", "standard_deviation": "0.02"},
            {"name": "b", "title": "Buoyancy", "source": "constant", "value": "0",
             "unit": "mg"},
        ],
        "limits": [
            {"when": {"parameter": "class", "equals": ["F1"]}, "source": "OIML R 111-1",
             "steps": [{"up_to": "50", "amount": "0.3"}, {"up_to": "100", "amount": "0.5"}]},
            {"when": {"parameter": "class", "equals": ["F2"]},
             "terms": [{"kind": "formula", "amount": "0.6 + 0.01*nominal"}]},
        ],
    }],
}  # fmt: skip
KILOGRAM = ReferenceStandard(
    "W-1", "Weight", "M-1",
    (CertificatePoint("mass", 100.0, "g", 0.05, 0.10, uncertainty_unit="mg"),),
)  # fmt: skip


def test_substitution_weighing_takes_the_scatter_of_its_differences():
    read = {"100-g-a1": "0.00 0.01 0.00", "100-g-b1": "0.20 0.22 0.21",
            "100-g-b2": "0.21 0.22 0.20", "100-g": "0.01 0.00 0.02"}  # fmt: skip
    found = evaluated(WEIGHT, read, parameters={"class": "F1"}, standards=[KILOGRAM])["100-g"]
    # Differences 0.200, 0.215, 0.195 mg.
    assert found.error_of_indication == pytest.approx(0.05 + 0.61 / 3)
    assert found.standard_deviation == pytest.approx(0.0104083, rel=1e-5)
    assert found.rows[1].contribution == pytest.approx(0.0104083 / 3**0.5, rel=1e-5)
    assert found.rows[1].degrees_of_freedom == 2
    assert found.limit_trace == "step up to 100 g: 0.5 mg = ±0.5 mg (class F1, OIML R 111-1)"


def test_one_cycle_takes_the_pooled_scatter():
    read = {"100-g-a1": "0.00", "100-g-b1": "0.20", "100-g-b2": "0.20", "100-g": "0.00"}
    parameters = {"class": "F2", "cycles": "1"}
    found = evaluated(WEIGHT, read, parameters=parameters, standards=[KILOGRAM])["100-g"]
    assert found.rows[1].spread == 0.02
    assert found.limit_trace == "0.6 + 0.01*nominal at 100 g: 1.6 mg = ±1.6 mg (class F2)"


def test_an_instrument_for_which_no_limit_is_given_is_told_so():
    read = {"100-g": "0.00"}
    with pytest.raises(DesignError, match="limits: none of them is for 100 g"):
        evaluated(WEIGHT, read, parameters={"class": "M1"}, standards=[KILOGRAM])
