"""Templates for gauges of length: dial gauges, rings and plugs."""

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

DIALS = "dimensional-dial-gauges"
RINGS = "dimensional-ring-and-plug-gauges"
BENCH = {1: (2, 0.02, 0.3), 2.5: (3, 0.05, 0.3), 5: (5, 0.1, 0.3), 10: (-2, -0.1, 0.4)}
"""Error that was read, correction and U of the bench, in micrometres."""
MIDDLE = {
    "x": ([0.00, 0.01, 0.00], [0.35, 0.42, 0.38], [0.02, 0.01, 0.02]),
    "y": ([0.01, 0.00, 0.01], [0.55, 0.51, 0.58], [0.01, 0.00, 0.03]),
}


def dial_peer(nominal):
    """Return the budget of one position of the plunger in micrometres."""
    read, correction, expanded = BENCH[nominal]

    def error(e, axes, own, drift, warmth):
        return e + axes - own - drift + 1000 * nominal * 1.15e-5 * warmth

    return Peer(
        error,
        {
            # The pooled scatter is above the step, which then does not count.
            "e": mean_of([read], scatter=0.6, freedom=60),
            "axes": rectangle(0.3),
            "own": certificate(expanded, value=correction),
            "drift": rectangle(0.1),
            "warmth": rectangle(1),
        },
    )


def ring_peer(direction):
    """Return the budget of the middle of the ring in micrometres."""
    first, item, second = MIDDLE[direction]
    differences = [x - (a + b) / 2 for a, x, b in zip(first, item, second, strict=True)]
    product = rectangle(1e-6 * 0.5 / 3**0.5)

    def diameter(own, drift, d, machine, flat, turn, warmth, product):  # noqa: PLR0917
        warm = 40_000 * (1.15e-5 * warmth + product)
        return own + drift + d + machine + flat + turn - warm

    return Peer(
        diameter,
        {
            "own": certificate(0.2, value=0.7),
            "drift": rectangle(0.1),
            "d": mean_of(differences, scatter=0.1, freedom=60),
            "machine": rectangle(0.1),
            "flat": rectangle(0.05),
            "turn": rectangle(0.1),
            "warmth": rectangle(0.1),
            "product": product,
        },
    )


CASES = {
    (DIALS, "travel-1-mm"): dial_peer(1),
    (DIALS, "travel-2p5-mm"): dial_peer(2.5),
    (DIALS, "travel-5-mm"): dial_peer(5),
    (DIALS, "travel-10-mm"): dial_peer(10),
    (RINGS, "middle-x"): ring_peer("x"),
    (RINGS, "middle-y"): ring_peer("y"),
}


@pytest.mark.parametrize(("key", "row"), CASES)
def test_gtc_and_trials_give_the_same_budget(key, row):
    found, peer = evaluated(key)[row], CASES[key, row]
    value, u, _ = peer.by_gtc()
    assert found.error_of_indication == pytest.approx(value, abs=1e-8)
    assert found.combined_standard_uncertainty == pytest.approx(u, rel=1e-8)
    mean, half = peer.by_trials()
    assert found.error_of_indication == pytest.approx(mean, abs=0.01 * half)
    assert found.expanded_uncertainty == pytest.approx(half, rel=0.03)


@pytest.mark.parametrize(("key", "row"), CASES)
def test_the_order_of_the_input_quantities_leaves_the_result(key, row):
    one, other = evaluated(key)[row], evaluated(key, design=inputs_turned)[row]
    assert one.error_of_indication == other.error_of_indication
    assert one.expanded_uncertainty == pytest.approx(other.expanded_uncertainty, rel=1e-13)


@pytest.mark.parametrize(
    "line",
    [
        # Going in: errors 0, 2, 3, 5, −2 µm; coming out: 1, 4, 5, 7, −2 µm.
        "f_e: 7 µm, at most 15: holds.",
        "f_ges: 9 µm, at most 17: holds.",
        "f_u: 2 µm, at most 3: holds.",
        "f_w: 2 µm, at most 3: holds.",
        "f_t: 3 µm, at most 5: holds.",
    ],
)
def test_the_figures_of_a_dial_gauge_are_told_beside_its_results(line):
    assert line in told_by(evaluated(DIALS)["travel-5-mm"])


def test_a_plunger_that_sticks_is_told_and_hides_no_result():
    found = evaluated(DIALS, example=reading(travel_5_mm="5.012"))["travel-5-mm"]
    assert "f_u: 7 µm, at most 3: does not hold." in found.warnings
    assert found.complete


def test_before_its_repeats_are_read_a_dial_gauge_has_results_without_f_w():
    def unread(example):
        del example["readings"]["repeat-5-mm"]

    found = evaluated(DIALS, example=unread)["travel-5-mm"]
    assert found.complete
    assert "f_w: w needs at least two indications" in told_by(found)


def test_all_steps_of_a_whole_travel_are_planned_where_none_are_chosen():
    def whole(example):
        del example["parameters"]["points"]

    keys = evaluated(DIALS, example=whole)
    assert sum(key.startswith("travel") for key in keys) == 2 * 22


def test_a_ring_is_read_in_two_directions_at_three_heights():
    keys = set(evaluated(RINGS))
    assert {"top-x", "top-y", "middle-x", "middle-y", "bottom-x", "bottom-y"} <= keys


def test_the_form_of_a_ring_is_told():
    found = evaluated(RINGS, example=parameter(form_limit="0.1"))["middle-x"]
    assert any(each.startswith("Form: 0.1633 µm") for each in found.warnings)


def test_a_drift_of_the_length_machine_cancels():
    drifting = reading(middle_x_s1="0 0 0", middle_x="0.5 0.5 0.5", middle_x_s2="0.2 0.2 0.2")
    found = evaluated(RINGS, example=drifting)["middle-x"]
    assert found.error_of_indication == pytest.approx(0.7 + 0.4)


def test_a_small_gauge_suffers_less_from_temperature():
    def small(example):
        example["parameters"]["diameter"] = "4"
        example["standards"][0]["points"][0]["nominal"] = 4

    found = evaluated(RINGS, example=small)["middle-x"]
    warm = row_of(evaluated(RINGS)["middle-x"], "Difference of temperature")
    assert row_of(found, "Difference of temperature").contribution == pytest.approx(
        warm.contribution / 10
    )
