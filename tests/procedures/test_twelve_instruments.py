"""The twelve instruments of the sample week, evaluated whole, with the published figures."""

import json

import pytest

from calibra_app.demo.cmc import cmc_of
from calibra_app.demo.instruments import INSTRUMENTS, instrument
from calibra_app.demo.readings import OBSERVATIONS, evaluate_observation, observation, sheet_of
from calibra_app.demo.standards import BY_ASSET, STANDARDS
from calibra_app.metrology.conformity import (
    FOUR_OUTCOMES,
    GUARDED_ACCEPTANCE,
    SIMPLE_ACCEPTANCE,
    Statement,
    worst_statement,
)
from calibra_app.procedures.base import PlannedPoint
from calibra_app.procedures.registry import evaluate_point

SHEETS = [(seen.number, False) for seen in OBSERVATIONS] + [(9, True)]
NUMBERS = [item.number for item in INSTRUMENTS]


def point_of(number, key, **kwargs):
    return next(one for one in evaluate_observation(number, **kwargs) if one.key == key)


def paper(found):
    return found.mean_text, found.error_text, found.uncertainty_text, found.coverage_factor_text


def shares(found):
    return {row.title: round(100 * row.share, 1) for row in found.rows}


@pytest.mark.parametrize(("number", "as_left"), SHEETS)
def test_every_point_of_every_sheet_has_its_figures(number, as_left):
    for found in evaluate_observation(number, as_left=as_left):
        assert found.complete, found.key
        assert found.statement not in (None, Statement.UNDECIDED, Statement.NO_STATEMENT), found.key
        assert found.uncertainty_text, found.key
        assert found.limit_trace, found.key
        assert sum(row.share for row in found.rows) == pytest.approx(1.0)
        assert found.outlier is None
        assert found.cmc is None or found.expanded_uncertainty >= found.cmc


@pytest.mark.parametrize(("number", "as_left"), SHEETS)
def test_the_readings_of_a_sheet_are_exactly_those_planned(number, as_left):
    item, seen = instrument(number), observation(number)
    sheet = sheet_of(seen.as_left if as_left else seen.as_found)
    planned = {point.key: point.repeats for point in item.points}
    assert {key: len(readings) for key, readings in sheet.items()} == planned


@pytest.mark.parametrize("number", NUMBERS)
def test_an_indication_lies_on_a_step_of_its_display(number):
    sheet = sheet_of(observation(number).as_found)
    for point in instrument(number).points:
        for reading in sheet[point.key]:
            assert reading % point.resolution == 0, point.key
            assert -reading.as_tuple().exponent == point.decimals, point.key


def test_the_multimeter_at_ten_volt():
    """Vector A1: 10.0040 V, U 8.0 mV, k 2.120, nu_eff 22; w = U accepts within 0.0070 V."""
    found = point_of(8, "dc-voltage-200-v-10")
    assert paper(found) == ("10.0040", "+0.0040", "0.0080", "2.12")
    assert found.combined_standard_uncertainty == pytest.approx(3.787e-3, abs=5e-7)
    assert found.degrees_of_freedom == pytest.approx(22.85, abs=0.005)
    assert found.coverage_factor == pytest.approx(2.120, abs=5e-4)
    assert found.computed_uncertainty == pytest.approx(8.029e-3, abs=5e-7)
    assert found.degrees_of_freedom_text == "22"
    assert shares(found)["Repeatability"] == 41.8
    assert shares(found)["Resolution"] == 58.1
    assert found.lower_acceptance == pytest.approx(-0.0070, abs=5e-5)
    assert found.limit_trace.startswith("0.05 % of 10 V + 1 × 0.01 V = ±0.015 V")
    assert found.explanations[0] == "Biggest contribution: Resolution, 58 %."
    assert (found.statement, found.probability_text) == ("pass", "99.8 %")


def test_the_multimeter_has_twenty_eight_points():
    assert len(instrument(8).points) == 28


def test_the_larger_of_repeatability_and_resolution_alone():
    """Vector A1, second rule: u_c = 2.888 mV, k = 2.000, U = 5.8 mV."""
    item = instrument(8)
    found = evaluate_point(
        item.procedure,
        item.version,
        item.point("dc-voltage-200-v-10"),
        sheet_of(observation(8).as_found)["dc-voltage-200-v-10"],
        [BY_ASSET["STD-E-001"].as_reference()],
        {},
        {**item.parameters, "resolution_rule": "larger"},
        GUARDED_ACCEPTANCE,
        cmc_of(item.procedure),
    )
    assert found.combined_standard_uncertainty == pytest.approx(2.888e-3, abs=5e-7)
    assert (found.uncertainty_text, round(found.coverage_factor, 3)) == ("0.0058", 2.0)


def test_the_gauge_as_found_fails_and_as_left_passes():
    """Vector A2: +0.240 bar, U 22 mbar; after adjustment +0.023 bar, U 18 mbar."""
    before, after = (point_of(9, "10-bar-up", as_left=left) for left in (False, True))
    assert paper(before) == ("10.240", "+0.240", "0.022", "2.14")
    assert before.combined_standard_uncertainty == pytest.approx(10.216e-3, abs=5e-7)
    assert before.degrees_of_freedom == pytest.approx(19.6, abs=0.05)
    assert (before.statement, before.limit_text) == ("fail", "±0.16 bar")
    assert paper(after) == ("10.023", "+0.023", "0.018", "2.02")
    assert after.combined_standard_uncertainty == pytest.approx(9.063e-3, abs=5e-7)
    assert after.degrees_of_freedom == pytest.approx(109.3, abs=0.05)
    assert after.statement == "pass"


def test_the_micrometer_passes_conditionally_because_its_tur_is_below_three():
    """Vectors A3 and B2: +1.40 um, U 0.84 um, TUR 2.38, p_c 93.2 %."""
    found = point_of(5, "25-mm")
    assert paper(found) == ("+1.40", "+1.40", "0.84", "2.09")
    assert found.combined_standard_uncertainty == pytest.approx(0.4016, abs=5e-5)
    assert found.degrees_of_freedom == pytest.approx(28.9, abs=0.05)
    assert found.coverage_factor == pytest.approx(2.093, abs=5e-4)
    assert (found.statement_text, found.tur_text) == ("conditional pass", "2.38")
    assert found.probability_text == "93.2 %"
    assert found.upper_acceptance == pytest.approx(1.16, abs=5e-3)


def test_the_micrometer_by_other_rules():
    said = [
        point_of(5, "25-mm", rule=rule).statement
        for rule in (SIMPLE_ACCEPTANCE, GUARDED_ACCEPTANCE, FOUR_OUTCOMES)
    ]
    assert said == ["pass", "fail", "conditional_pass"]


def test_the_balance_at_two_hundred_gram():
    """Vector A4: mean +0.19 mg, U 0.42 mg, k 2.0045; the weight brings 69.9 %."""
    found = point_of(1, "repeatability")
    assert paper(found) == ("+0.19", "+0.19", "0.42", "2.00")
    assert found.standard_deviation == pytest.approx(0.0738, abs=5e-5)
    assert found.combined_standard_uncertainty == pytest.approx(0.2072, abs=5e-5)
    assert found.degrees_of_freedom == pytest.approx(559.95, abs=0.02)
    assert found.coverage_factor == pytest.approx(2.0045, abs=5e-5)
    assert shares(found)["Weight"] == 69.9
    assert found.statement == "pass"


def test_the_resistance_thermometer_at_hundred_degrees():
    """Vector A5: +0.120 K, U 0.026 K, nu_eff 1071, k 2.002."""
    found = point_of(2, "100-c")
    assert paper(found) == ("100.120", "+0.120", "0.026", "2.00")
    assert found.combined_standard_uncertainty == pytest.approx(0.01279, abs=5e-6)
    assert found.degrees_of_freedom == pytest.approx(1071, abs=1)
    assert found.coverage_factor == pytest.approx(2.002, abs=5e-4)
    assert found.statement == "pass"


def test_the_torque_wrench_at_hundred_newton_metres():
    """Vector A6: +1.22 N·m, U 0.39 N·m, nu_eff 101, k 2.025."""
    found = point_of(7, "100-n-m")
    assert paper(found) == ("101.22", "+1.22", "0.39", "2.03")
    assert found.combined_standard_uncertainty == pytest.approx(0.1929, abs=5e-5)
    assert found.degrees_of_freedom == pytest.approx(101, abs=1)
    assert found.coverage_factor == pytest.approx(2.025, abs=5e-4)
    assert (found.statement, found.limit_text) == ("pass", "±4 N·m")


def test_the_corner_of_the_scale_lies_exactly_on_its_limit_and_is_accepted():
    """Vector B4: the limit itself counts as accepted."""
    found = point_of(10, "eccentricity-back-left")
    assert (found.error_of_indication, found.lower_limit) == (-20.0, -20.0)
    assert found.statement == "pass"


def test_the_clamp_lies_outside_the_scope_above_hundred_ampere():
    found = {one.key.split("-")[-3]: one.in_scope for one in evaluate_observation(12)}
    assert found == {"50": True, "200": False, "400": False, "600": False}


@pytest.mark.parametrize(
    ("number", "as_left", "statement"),
    [(number, False, "pass") for number in (1, 2, 3, 4, 6, 7, 8, 10, 11, 12)]
    + [(5, False, "conditional_pass"), (9, False, "fail"), (9, True, "pass")],
)
def test_the_statement_about_each_instrument(number, as_left, statement):
    found = evaluate_observation(number, as_left=as_left)
    assert worst_statement(one.statement for one in found) == statement


@pytest.mark.parametrize("number", NUMBERS)
def test_everything_stored_is_plain_data(number):
    for found in evaluate_observation(number):
        stored = json.loads(json.dumps(found.as_json(), allow_nan=False))
        assert stored["uncertainty_text"] == found.uncertainty_text
        assert stored["engine_version"]
    for point in instrument(number).points:
        assert PlannedPoint.from_json(json.loads(json.dumps(point.as_json()))) == point


@pytest.mark.parametrize("number", NUMBERS)
def test_keys_of_points_are_unique_on_a_sheet(number):
    keys = [point.key for point in instrument(number).points]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("number", NUMBERS)
def test_a_sheet_can_be_filled_in_any_order_without_an_error(number):
    item, sheet = instrument(number), sheet_of(observation(number).as_found)
    standards = [BY_ASSET[asset].as_reference() for asset in item.standards]
    typed = {}
    for point in reversed(item.points):
        for count in range(len(sheet[point.key]) + 1):
            typed[point.key] = sheet[point.key][:count]
            found = evaluate_point(
                item.procedure, item.version, point, typed[point.key], standards, {},
                item.parameters, item.rule, cmc_of(item.procedure), typed,
            )  # fmt: skip
            assert found.number == count
            assert (found.statement is None) == (not found.uncertainty_text)
            if count >= 2:
                assert found.uncertainty_text


def test_the_nine_standards_are_due_on_their_days():
    days = {standard.asset: standard.due_day for standard in STANDARDS}
    assert days == {
        "STD-E-001": 72,
        "STD-D-003": 152,
        "STD-M-002": 15,
        "STD-P-001": 0,
        "STD-P-002": 202,
        "STD-T-001": 93,
        "STD-T-004": 49,
        "STD-Q-001": 283,
        "STD-MW-01": 143,
    }
    assert all(standard.calibrated_day < 0 for standard in STANDARDS)


def test_the_gauge_blocks_have_twenty_points():
    assert len(BY_ASSET["STD-D-003"].points) == 20
