"""The template for oscilloscopes: gain, time base, rise time."""

import pytest

from tests.procedures.template_peers import Known, Peer, certificate, mean_of, rectangle
from tests.procedures.template_runs import evaluated, inputs_turned, parameter, reading, row_of

SCOPES = "electrical-oscilloscopes"
HIGH, LOW = [3.02, 3.04, 3.02], [-3.00, -3.02, -3.02]
MARKS = [10.002, 10.004, 10.002]
EDGE = [3.40, 3.42, 3.40]
READINGS = {
    "gain-dc-voltage-1-v-div-3-v-high": "3.02 3.04 3.02",
    "gain-dc-voltage-1-v-div-3-v": "-3.00 -3.02 -3.02",
    "time-time-interval-1-us-div-10-us": "10.002 10.004 10.002",
    "edge-rise-time-1-v-div-3p5-ns": "3.40 3.42 3.40",
}


def gain_peer():
    def error(d, top, top_drift, low, low_drift, since):  # noqa: PLR0917
        return d - (top + top_drift - low - low_drift) - since

    return Peer(
        error,
        {
            # The scatter of the difference is above one step, which then does not count.
            "d": mean_of([a - b for a, b in zip(HIGH, LOW, strict=True)]),
            "top": certificate(0.001, value=3.0004),
            "top_drift": rectangle(0.0003),
            "low": certificate(0.001, value=-3.0003),
            "low_drift": rectangle(0.0003),
            "since": rectangle(500e-6 * 6 + 0.0005),
        },
    )


def time_peer():
    def error(t, own, drift, since):
        return t - own - drift - since

    return Peer(
        error,
        {
            "t": mean_of(MARKS),
            "own": certificate(0.00002, value=10.00001),
            "drift": rectangle(0.00001),
            "since": rectangle(5e-6 * 10),
        },
    )


def rise_peer():
    def rise(r, ring, edge):
        return ((r + ring) ** 2 - edge**2) ** 0.5

    return Peer(
        rise,
        {
            "r": mean_of(EDGE),
            "ring": rectangle(0.015),
            "edge": certificate(0.06, value=0.5),
        },
    )


CASES = {
    "gain-dc-voltage-1-v-div-3-v": gain_peer(),
    "time-time-interval-1-us-div-10-us": time_peer(),
    "edge-rise-time-1-v-div-3p5-ns": rise_peer(),
}


@pytest.mark.parametrize("row", CASES)
def test_gtc_gives_the_same_budget(row):
    found = evaluated(SCOPES)[row]
    value, u, freedom = CASES[row].by_gtc()
    assert found.error_of_indication == pytest.approx(value, abs=1e-9)
    assert found.combined_standard_uncertainty == pytest.approx(u, rel=1e-8)
    assert found.degrees_of_freedom == pytest.approx(freedom, rel=1e-7)


@pytest.mark.parametrize("row", CASES)
def test_trials_with_a_known_scatter_give_the_same_interval(row):
    # Three readings alone have no useful tail; with a scatter that is known both ways agree.
    peer = CASES[row]
    settled = {name: Known(one.value, one.uncertainty, shape=one.shape)
               for name, one in peer.inputs.items()}  # fmt: skip
    known = Peer(peer.function, settled)
    mean, half = known.by_trials()
    value, u, _ = known.by_gtc()
    assert value == pytest.approx(mean, abs=0.01 * half)
    assert 2 * u == pytest.approx(half, rel=0.05)
    assert evaluated(SCOPES)[row].combined_standard_uncertainty == pytest.approx(u, rel=1e-8)


@pytest.mark.parametrize("row", CASES)
def test_the_order_of_the_input_quantities_leaves_the_result(row):
    one, other = (evaluated(SCOPES, design=each)[row] for each in (None, inputs_turned))
    assert one.expanded_uncertainty == pytest.approx(other.expanded_uncertainty, rel=1e-13)


def test_an_offset_of_the_trace_cancels_in_the_difference():
    row = "gain-dc-voltage-1-v-div-3-v"
    shifted = reading(
        gain_dc_voltage_1_v_div_3_v_high="3.12 3.14 3.12",
        gain_dc_voltage_1_v_div_3_v="-2.90 -2.92 -2.92",
    )
    one, other = evaluated(SCOPES)[row], evaluated(SCOPES, example=shifted)[row]
    assert other.error_of_indication == pytest.approx(one.error_of_indication, abs=1e-12)


def test_a_faster_edge_leaves_the_rise_time_as_it_is_seen():
    row = "edge-rise-time-1-v-div-3p5-ns"
    found = evaluated(SCOPES, example=parameter(edge="0.001", edge_u="0.0001"))[row]
    assert found.error_of_indication == pytest.approx(sum(EDGE) / 3, abs=1e-5)


def test_a_rise_time_has_a_limit_on_one_side_only():
    found = evaluated(SCOPES)["edge-rise-time-1-v-div-3p5-ns"]
    assert (found.lower_limit, found.upper_limit) == (None, 3.6)
    assert found.statement == "pass"


def test_a_coarse_reading_counts_at_both_ends():
    def coarse(example):
        example["parameters"]["deflections"] = [
            {"range": "1 V/div", "top": "3", "bottom": "-3", "step": "0.2", "limit_volts": "0.2"}
        ]

    found = evaluated(SCOPES, example=coarse)["gain-dc-voltage-1-v-div-3-v"]
    ends = [row_of(found, f"Resolution, {end} end").contribution for end in ("upper", "lower")]
    assert ends == pytest.approx([0.1 / 3**0.5] * 2)
