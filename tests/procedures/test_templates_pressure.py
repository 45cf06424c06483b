"""Templates for pressure: gauges by series, transmitters with a current loop."""

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

GAUGES = "pressure-gauges"
TRANSMITTERS = "pressure-transmitters"
SERIES = {
    0: (0.00, 0.02, 0.02, 0.02),
    2.5: (2.50, 2.54, 2.52, 2.56),
    5: (5.02, 5.06, 5.04, 5.06),
    7.5: (7.52, 7.58, 7.54, 7.56),
    10: (10.04, 10.04, 10.06, 10.06),
}
CERTIFICATE = {
    0: (0, 0.001, 0.0005),
    2.5: (0.0004, 0.0012, 0.0005),
    5: (0.0006, 0.0015, 0.0008),
    7.5: (0.0008, 0.0018, 0.001),
    10: (0.0011, 0.002, 0.001),
}
CONTROLLER = {0: (0, 0.0008, 0.0004), 8: (0.0012, 0.0016, 0.0008), 16: (0.002, 0.0024, 0.001)}


def gauge_peer(nominal):
    """Return the budget of one point of the dial gauge in bar."""
    m1, m2, m3, m4 = SERIES[nominal]
    z1, z2, z3, z4 = SERIES[0]
    correction, expanded, drift = CERTIFICATE[nominal]
    again = max(abs((m3 - z3) - (m1 - z1)), abs((m4 - z3) - (m2 - z1)))
    per_metre = (870 - 1.2) * 9.81 * 1e-5

    def error(mean, step, zero, again, turn, warmth, reference, drift, head):  # noqa: PLR0917
        return mean + step + zero + again + turn + warmth - reference - drift - head

    return Peer(
        error,
        {
            "mean": mean_of([m1, m2, m3, m4], scatter=0.0),
            "step": rectangle(0.01),
            "zero": rectangle(max(abs(z2 - z1), abs(z4 - z3)) / 2),
            "again": rectangle(again / 2),
            "turn": rectangle((abs(m2 - m1) + abs(m4 - m3)) / 4),
            "warmth": rectangle(0.4 / 100 * 10 * 2 / 10),
            "reference": certificate(expanded, value=nominal + correction),
            "drift": rectangle(drift),
            "head": rectangle(per_metre * 0.005, value=-per_metre * 0.2),
        },
    )


def transmitter_peer(nominal, readings):
    """Return the budget of one rising point of the transmitter in milliampere."""
    correction, expanded, drift = CONTROLLER[nominal]
    hysteresis = abs((12.0071 + 12.0074 + 12.0070) / 3 - (12.0050 + 12.0056 + 12.0053) / 3)
    ideal = 4 + nominal
    several = len(readings) > 1
    repeated = mean_of(readings) if several else mean_of(readings, scatter=0.0005, freedom=1e9)

    def error(i, ammeter, since, turn, supply, pressure, drift):  # noqa: PLR0917
        return i + ammeter + since + turn + supply - 4 - (pressure + drift) * 1.0

    return Peer(
        error,
        {
            "i": repeated,
            "ammeter": certificate(0.0004),
            "since": rectangle(20e-6 * ideal + 0.0002),
            "turn": rectangle(hysteresis / 2),
            "supply": rectangle(0.0002),
            "pressure": certificate(expanded, value=nominal + correction),
            "drift": rectangle(drift),
        },
    )


GAUGE_POINTS = {"0": 0, "2p5": 2.5, "5": 5, "7p5": 7.5, "10": 10}
RISING = {
    "0-bar-up": (0, [4.0010]),
    "8-bar-up": (8, [12.0050, 12.0056, 12.0053]),
    "16-bar-up": (16, [20.0061, 20.0066, 20.0062]),
}


def agrees(found, peer, *, rel):
    value, u, _ = peer.by_gtc()
    assert found.error_of_indication == pytest.approx(value, abs=1e-9)
    assert found.combined_standard_uncertainty == pytest.approx(u, rel=1e-9)
    mean, half = peer.by_trials()
    assert found.error_of_indication == pytest.approx(mean, abs=0.01 * half)
    assert found.expanded_uncertainty == pytest.approx(half, rel=rel)


@pytest.mark.parametrize("name", GAUGE_POINTS)
def test_gtc_and_trials_give_the_same_budget_at_each_point_of_a_gauge(name):
    found = evaluated(GAUGES)[f"{name}-bar"]
    agrees(found, gauge_peer(GAUGE_POINTS[name]), rel=0.06)


@pytest.mark.parametrize("name", RISING)
def test_gtc_and_trials_give_the_same_budget_at_each_point_of_a_transmitter(name):
    agrees(evaluated(TRANSMITTERS)[name], transmitter_peer(*RISING[name]), rel=0.05)


@pytest.mark.parametrize(("key", "row"), [(GAUGES, "5-bar"), (TRANSMITTERS, "8-bar-up")])
def test_the_order_of_the_input_quantities_leaves_the_result(key, row):
    one, other = evaluated(key)[row], evaluated(key, design=inputs_turned)[row]
    assert one.error_of_indication == other.error_of_indication
    assert one.expanded_uncertainty == pytest.approx(other.expanded_uncertainty, rel=1e-13)


def test_a_sequence_has_its_points_and_each_of_them_four_readings():
    for sequence, points in (("5 points", 5), ("6 points", 6), ("9 points", 9), ("11 points", 11)):
        planned = evaluated(GAUGES, example=parameter(sequence=sequence))
        assert len(planned) == 4 * points


def test_a_gauge_that_is_shifted_as_a_whole_has_the_same_uncertainty():
    def shifted(example):
        for key, text in example["readings"].items():
            example["readings"][key] = f"{float(text) + 0.04:.2f}"

    one, other = evaluated(GAUGES)["5-bar"], evaluated(GAUGES, example=shifted)["5-bar"]
    assert other.error_of_indication - one.error_of_indication == pytest.approx(0.04)
    assert other.expanded_uncertainty == pytest.approx(one.expanded_uncertainty, rel=1e-12)


def test_hysteresis_stands_in_the_budget_of_its_point_and_is_told_where_it_is_too_wide():
    wide = evaluated(GAUGES, example=reading(_5_bar_m2="5.30"))["5-bar"]
    # Rising and falling differ by 0.28 and 0.02 bar: 0.15 bar on average.
    assert row_of(wide, "Hysteresis").spread == pytest.approx(0.075)
    assert any(each.startswith("Hysteresis: 0.15") for each in wide.warnings)
    assert "Hysteresis: 0.03 bar, at most 0.10: holds." in told_by(evaluated(GAUGES)["5-bar"])


def test_error_and_uncertainty_are_told_together():
    found = evaluated(GAUGES)["5-bar"]
    both = abs(found.error_of_indication) + found.expanded_uncertainty
    assert f"Error and uncertainty together: {both:.4g} bar." in told_by(found)


def test_oil_above_the_standard_is_corrected():
    level = evaluated(GAUGES, example=parameter(head="0"))["5-bar"]
    found = evaluated(GAUGES)["5-bar"]
    # 0.2 m of oil of 870 kg/m³ presses with 0.017 bar less on the item that stands higher.
    assert found.error_of_indication - level.error_of_indication == pytest.approx(
        (870 - 1.2) * 9.81 * 0.2e-5
    )


def test_a_gauge_without_its_readings_at_zero_waits():
    def unread(example):
        for name in ("0-bar-m1", "0-bar-m2", "0-bar-m3", "0-bar"):
            del example["readings"][name]

    assert evaluated(GAUGES, example=unread)["5-bar"].uncertainty_text == ""


def test_the_class_of_a_gauge_is_a_share_of_its_span():
    found = evaluated(GAUGES, example=parameter(accuracy_class="1.6"))["5-bar"]
    assert found.limit_text == "±0.16 bar"
    assert "EN 837-1" in found.limit_trace


def test_a_transmitter_on_its_ideal_line_has_no_error():
    def ideal(example):
        for point in example["standards"][0]["points"]:
            point["correction"] = 0
        example["readings"] = {"8-bar-up": "12.0001 12.0000 11.9999"}

    found = evaluated(TRANSMITTERS, example=ideal)["8-bar-up"]
    assert found.error_of_indication == 0
    assert (found.reference_value, found.limit_text) == (12, "±0.016 mA")


def test_only_some_points_of_a_transmitter_are_repeated():
    repeats = {key: one.repeats for key, one in evaluated(TRANSMITTERS).items()}
    assert repeats["8-bar-up"] == repeats["16-bar-down"] == 3
    assert repeats["1p6-bar-up"] == repeats["0-bar-up"] == 1
