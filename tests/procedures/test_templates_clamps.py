"""The template for clamp meters: a small current through many turns."""

import pytest

from tests.procedures.template_peers import Known, Peer, certificate, mean_of, rectangle
from tests.procedures.template_runs import (
    evaluated,
    inputs_turned,
    parameter,
    row_of,
    told_by,
)

CLAMPS = "electrical-clamp-meters"
READ = {50: ([50.3, 50.3, 50.3], 0.0002, 0.0004), 200: ([200.9, 201.0, 200.9], 0.0006, 0.0016)}


def clamp_peer(nominal):
    """Return the budget of one current in ampere."""
    readings, correction, expanded = READ[nominal]
    small = nominal / 50
    repeated, step = mean_of(readings), rectangle(0.05)
    if repeated.uncertainty < step.uncertainty:
        repeated = Known(repeated.value)
    else:
        step = rectangle(0)

    def error(i, step, place, coil, own, drift, since):  # noqa: PLR0917
        return i + step + place - coil * 50 * (own + drift + since)

    return Peer(
        error,
        {
            "i": repeated,
            "step": step,
            "place": rectangle(0.002 * nominal),
            "coil": certificate(0.003, value=1),
            "own": certificate(expanded, value=small + correction),
            "drift": rectangle(0.0002),
            "since": rectangle(600e-6 * small + 0.0003),
        },
    )


def current(nominal, **changes):
    return evaluated(CLAMPS, **changes)[f"ac-current-400-a-{nominal}-a"]


@pytest.mark.parametrize("nominal", READ)
def test_gtc_and_trials_give_the_same_budget(nominal):
    found, peer = current(nominal), clamp_peer(nominal)
    value, u, _ = peer.by_gtc()
    assert found.error_of_indication == pytest.approx(value, abs=1e-9)
    assert found.combined_standard_uncertainty == pytest.approx(u, rel=1e-9)
    mean, half = peer.by_trials(0.95)
    assert found.error_of_indication == pytest.approx(mean, abs=0.01 * half)
    assert found.expanded_uncertainty == pytest.approx(half, rel=0.03)


def test_the_order_of_the_input_quantities_leaves_the_result():
    one, other = current(200), current(200, design=inputs_turned)
    assert one.expanded_uncertainty == pytest.approx(other.expanded_uncertainty, rel=1e-13)


def test_the_certificate_of_the_calibrator_is_read_at_the_current_of_one_turn():
    found = current(200)
    assert row_of(found, "Calibrator").spread == 0.0016
    assert row_of(found, "Calibrator").sensitivity_coefficient == pytest.approx(-50)


def test_without_a_coil_the_whole_current_comes_from_the_calibrator():
    def straight(example):
        example["parameters"] |= {"turns": "1", "turns_u": "0"}
        for point in example["standards"][0]["points"]:
            point["nominal"] = 50 * point["nominal"]
            point["correction"] = 0

    found = current(50, example=straight)
    assert found.error_of_indication == pytest.approx(0.3)
    assert row_of(found, "Calibrator since its calibration").spread == pytest.approx(0.0303)


def test_a_coarse_clamp_has_a_rectangle():
    def coarse(example):
        example["parameters"]["turns_u"] = "0.001"
        example["parameters"]["ranges"] = [
            {
                "range": "400 A", "resolution": "1", "points": ["50"],
                "limit_percent": "1.5", "limit_digits": "5",
            }
        ]  # fmt: skip
        example["readings"] = {"ac-current-400-a-50-a": "50 50 50"}

    found = current(50, example=coarse)
    assert found.coverage_factor_text == "1.65"
    assert "Resolution dominates" in told_by(found)
    assert found.limit_text == "±5.75 A"


def test_a_conductor_beside_the_middle_widens_the_budget():
    wide = current(200, example=parameter(place_percent="2"))
    assert row_of(wide, "Place in the jaws").spread == pytest.approx(4)
