"""The template for balances and scales: three tests, one budget for each load."""

import pytest

from tests.procedures.template_peers import Peer, certificate, mean_of, rectangle
from tests.procedures.template_runs import (
    evaluated,
    inputs_turned,
    parameter,
    reading,
    row_of,
    told_by,
)

BALANCES = "mass-balances"
REPEATED = [2, 1, 2, 3, 1, 2, 2, 1, 3, 2]
"""Tenths of a milligram above 100 g."""
WEIGHTS = {
    10: (10000.0, 0.02, 0.06, 0.03),
    50: (50000.1, -0.05, 0.10, 0.05),
    100: (100000.2, 0.08, 0.16, 0.08),
    150: (150000.2, 0.03, 0.26, 0.13),
    200: (200000.4, 0.11, 0.30, 0.15),
}
NOMINALS = tuple(WEIGHTS)


def balance_peer(nominal):
    """Return the budget of one load of the example in milligrams."""
    read, correction, expanded, drift = WEIGHTS[nominal]
    scatter = mean_of([0.1 * each for each in REPEATED])
    spread = scatter.uncertainty * len(REPEATED) ** 0.5

    def error(i, at_load, at_zero, ecc, weight, drift, air, convection):  # noqa: PLR0917
        return i + at_load + ecc - at_zero - weight - drift - air - convection

    return Peer(
        error,
        {
            "i": mean_of([read], scatter=spread, freedom=9),
            "at_load": rectangle(0.05),
            "at_zero": rectangle(0.05),
            "ecc": rectangle(0.2 / (2 * 100) * nominal),
            "weight": certificate(expanded, value=1000 * nominal + correction),
            "drift": rectangle(drift),
            "air": rectangle(1000 * nominal * 5e-6 / 4),
            "convection": rectangle(0.02),
        },
    )


def error_at(nominal, **changes):
    return evaluated(BALANCES, **changes)[f"errors-{nominal}-g-up"]


@pytest.mark.parametrize("nominal", NOMINALS)
def test_gtc_and_trials_give_the_same_budget_at_each_load(nominal):
    found = error_at(nominal)
    value, u, freedom = balance_peer(nominal).by_gtc()
    assert found.error_of_indication == pytest.approx(value, abs=1e-8)
    assert found.combined_standard_uncertainty == pytest.approx(u, rel=1e-9)
    assert found.degrees_of_freedom == pytest.approx(freedom, rel=1e-9)
    mean, half = balance_peer(nominal).by_trials()
    assert found.error_of_indication == pytest.approx(mean, abs=0.01 * half)
    assert found.expanded_uncertainty == pytest.approx(half, rel=0.06)


def test_the_order_of_the_input_quantities_leaves_the_result():
    one, other = error_at(200), error_at(200, design=inputs_turned)
    assert one.expanded_uncertainty == pytest.approx(other.expanded_uncertainty, rel=1e-13)


def test_the_repeatability_of_one_load_serves_all_others():
    wider = reading(repeatability_100_g="100.0000 100.0004 100.0000 100.0004")
    for nominal in NOMINALS:
        row = row_of(error_at(nominal, example=wider), "Repeatability")
        assert row.spread == pytest.approx(0.4 / 3**0.5)
        assert row.degrees_of_freedom == 3


def test_without_its_repeatability_a_balance_waits():
    def unread(example):
        del example["readings"]["repeatability-100-g"]

    found = error_at(100, example=unread)
    assert found.uncertainty_text == ""
    assert any("Repeatability" in each for each in found.warnings)


def test_a_balance_that_was_not_adjusted_has_more_buoyancy():
    found = error_at(200, example=parameter(buoyancy_share="0.1"))
    half = 200_000 * (0.1 * 1.2 / 8000 + 5e-6 / 4)
    assert row_of(found, "Air buoyancy").spread == pytest.approx(half)


def test_each_step_of_a_class_has_its_limit():
    fine = parameter(accuracy_class="I", verification_step="0.001")
    assert error_at(200, example=fine).limit_text == "±1 mg"
    assert error_at(50, example=fine).limit_text == "±0.5 mg"
    assert "not checked against the source" in error_at(50, example=fine).limit_trace
    assert error_at(200, example=parameter(accuracy_class="agreed", limit="0.0004")).limit_text == (
        "±0.4 mg"
    )


def test_falling_loads_are_planned_only_where_they_are_asked_for():
    assert not any(key.endswith("down") for key in evaluated(BALANCES))
    asked = evaluated(BALANCES, example=parameter(falling="yes"))
    assert sum(key.endswith("down") for key in asked) == 5


def test_the_slope_of_the_errors_is_told():
    # Off the nominal loads: 0, 0.1, 0.2, 0.2, 0.4 mg; by hand 43.2 mg·g / 23080 g².
    assert "Errors, slope of the straight line: 0.001872 mg/g." in told_by(error_at(100))


def test_a_smallest_weight_that_is_too_small_is_told():
    # 2·s/0.1 % with s = 0.0000738 g is 0.148 g.
    assert "Smallest weight for the accuracy wanted: 0.1476 g, at most 1: holds." in told_by(
        error_at(100)
    )
    found = error_at(100, example=parameter(smallest_weight="0.1"))
    assert any(each.startswith("Smallest weight") for each in found.warnings)
