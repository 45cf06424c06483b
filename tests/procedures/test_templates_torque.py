"""The template for hand torque tools: variations measured or known, limits by kind of tool."""

import pytest

from tests.procedures.template_peers import Peer, certificate, mean_of, rectangle
from tests.procedures.template_runs import (
    evaluated,
    inputs_turned,
    parameter,
    row_of,
    told_by,
)

TOOLS = "torque-hand-tools"
VARIATIONS = ("Remounting", "Output drive", "Drive interface", "Loading point")


def at(torque, **changes):
    return evaluated(TOOLS, **changes)[f"torque-{torque}-n-m"]


def deviations(nominal, readings, low, high):
    """Return what a setting is off, in per cent; the certificate is interpolated by hand.

    `low` and `high` are the calibrated torques around the readings, with their corrections.
    """
    slope = (high[1] - low[1]) / (high[0] - low[0])
    corrected = [each + low[1] + slope * (each - low[0]) for each in readings]
    return [(nominal - each) / each * 100 for each in corrected]


PEERS = {
    20: Peer(
        lambda a, r, rep, od, interface, arm, md, drift, step: (
            a + 100 * r / 20 + 100 * (rep + od + interface + arm) / 20
            - 100 * (md + drift + step) / 20
        ),
        {
            "a": mean_of(deviations(
                20, [20.21, 20.18, 20.25, 20.16, 20.22], (10, 0.01), (30, 0.02)
            )),
            "r": rectangle(0.25), "rep": rectangle(0.07 / 2), "od": rectangle(0.05 / 2),
            "interface": rectangle(0.04 / 2), "arm": rectangle(0.08 / 2),
            "md": certificate(0.08), "drift": rectangle(0.03), "step": rectangle(0.005),
        },
    ),
    100: Peer(
        lambda a, r, rep, od, interface, arm, md, drift, step: (
            a + r + 100 * (rep + od + interface + arm) / 20 - (md + drift + step)
        ),
        {
            "a": mean_of(deviations(
                100, [100.63, 100.55, 100.70, 100.58, 100.66], (70, 0.03), (120, 0.06)
            )),
            "r": rectangle(0.25), "rep": rectangle(0.07 / 2), "od": rectangle(0.05 / 2),
            "interface": rectangle(0.04 / 2), "arm": rectangle(0.08 / 2),
            "md": certificate(0.30), "drift": rectangle(0.12), "step": rectangle(0.005),
        },
    ),
}  # fmt: skip


@pytest.mark.parametrize("torque", PEERS)
def test_gtc_and_trials_find_the_same_deviation_and_uncertainty(torque):
    found, peer = at(torque), PEERS[torque]
    value, uncertainty, freedom = peer.by_gtc()
    assert found.error_of_indication == pytest.approx(value, abs=1e-6)
    assert found.combined_standard_uncertainty == pytest.approx(uncertainty, rel=1e-6)
    assert found.degrees_of_freedom == pytest.approx(freedom, rel=1e-5)
    mean, scatter = peer.scatter_of_trials()
    assert mean == pytest.approx(value, abs=0.01 * uncertainty)
    assert scatter == pytest.approx(uncertainty, rel=0.01)


def test_the_order_of_the_input_quantities_leaves_the_result():
    for torque in (20, 60, 100):
        one, other = at(torque), at(torque, design=inputs_turned)
        assert one.error_of_indication == other.error_of_indication
        assert one.expanded_uncertainty == pytest.approx(other.expanded_uncertainty, rel=1e-14)


def test_the_deviation_is_positive_where_the_tool_gives_less_than_it_is_set_to():
    def weak(example):
        example["readings"]["torque-60-n-m"] = "59.00 59.02 58.98 59.01 58.99"

    # The transducer's correction of 0.0275 N·m makes 59.00 a torque of 59.0275 N·m.
    assert at(60, example=weak).error_of_indication == pytest.approx(
        (60 - 59.02725) / 59.02725 * 100, abs=1e-4
    )


def test_variations_of_the_type_test_replace_those_that_are_not_measured():
    known = parameter(
        variations="known", b_rep_known="0.07", b_od_known="0.05", b_int_known="0.04",
        b_l_known="0.08",
    )  # fmt: skip
    assert not any(key.startswith("remounting") for key in evaluated(TOOLS, example=known))
    measured, stated = at(20), at(20, example=known)
    for title in VARIATIONS:
        assert row_of(stated, title).contribution == pytest.approx(
            row_of(measured, title).contribution
        )
    assert stated.combined_standard_uncertainty == measured.combined_standard_uncertainty


def test_a_variation_counts_in_per_cent_of_the_torque_at_which_it_is_measured():
    shares = {
        torque: [row_of(at(torque), title).contribution for title in VARIATIONS]
        for torque in (20, 100)
    }
    assert shares[20] == pytest.approx(shares[100])


@pytest.mark.parametrize(
    ("tool", "largest", "percent"),
    [
        ("setting wrench", "100", 4),
        ("indicating wrench", "10.5", 4),
        ("setting wrench", "10", 6),
        ("screwdriver or beam", "100", 6),
    ],
)
def test_the_limit_goes_by_the_kind_of_tool_and_its_largest_torque(tool, largest, percent):
    found = at(20, example=parameter(tool=tool, range_max=largest))
    assert (found.lower_limit, found.upper_limit) == (-percent, percent)
    assert found.limit_trace.endswith("not at hand, not checked against the source)")


def test_a_room_that_warms_up_meanwhile_is_told():
    def warm(example):
        example["environment"]["temperature"] = ["20.0", "21.5"]

    assert "Temperature changed by more than 1 °C." in told_by(at(20, example=warm))


def test_a_room_that_changes_too_fast_is_told():
    def hasty(example):
        example["environment"]["temperature per hour"] = ["1.4"]

    assert "Temperature changed by more than 1 °C an hour." in told_by(at(20, example=hasty))


def test_the_interval_of_iso_6789_adds_deviation_uncertainty_and_device():
    found = at(100, example=parameter(device_error="-0.2"))
    interval = abs(found.error_of_indication) + found.expanded_uncertainty + 0.2
    (said,) = [each for each in found.explanations if each.startswith("Interval")]
    assert said.endswith(f": {interval:.4g} %.")
