"""Templates for lengths: gauge blocks by comparison, calipers, micrometers."""

import pytest

from tests.procedures.template_peers import Peer, certificate, mean_of, rectangle
from tests.procedures.template_runs import (
    evaluated,
    inputs_turned,
    parameter,
    reading,
    result_of,
    row_of,
    told_by,
)

BLOCKS = "dimensional-gauge-blocks"
CALIPERS = "dimensional-calipers"
MICROMETERS = "dimensional-micrometers"
LENGTHS = {
    2.5: [2.500, 2.501, 2.500],
    12.9: [12.901, 12.902, 12.901],
    25: [25.002, 25.002, 25.003],
}
CORRECTIONS = {2.5: 0.04, 12.9: -0.06, 25: 0.11}


def micrometer_peer(nominal, readings):
    """Return the budget of one length in micrometres."""
    length = 1000 * nominal
    # The pooled scatter of a mean of three is above the step of 1 µm, which then does not count.
    repeated = mean_of([1000 * each for each in readings], scatter=0.6, freedom=60)
    # A product of two rectangles about zero has the product of their standard uncertainties.
    product = rectangle(1e-6 * 2 / 3**0.5)

    def error(i, force, parallel, flat, block, drift, warmth, product):  # noqa: PLR0917
        error = i + force + parallel + flat - block - drift
        return error + length * (1.15e-5 * warmth + product)

    return Peer(
        error,
        {
            "i": repeated,
            "force": rectangle(0.2),
            "parallel": rectangle(1.2 / 2),
            "flat": rectangle(0.6 / 2),
            "block": certificate(0.10, value=length + CORRECTIONS[nominal]),
            "drift": rectangle(0.05),
            "warmth": rectangle(0.5),
            "product": product,
        },
    )


@pytest.mark.parametrize("key", [BLOCKS, CALIPERS, MICROMETERS])
def test_the_order_of_the_input_quantities_leaves_the_result(key):
    one, other = result_of(key), result_of(key, design=inputs_turned)
    assert one.error_of_indication == other.error_of_indication
    assert one.expanded_uncertainty == pytest.approx(other.expanded_uncertainty, rel=1e-14)


def test_the_gauge_block_of_50_mm_has_the_published_budget():
    found = result_of(BLOCKS)
    published = {
        "Reference gauge block": 15.0,
        "Reference gauge block: drift": 17.3,
        "Difference": 5.37,
        "Comparator": 18.5,
        "Difference of temperature": 16.6,
        "Variation in length": 3.87,
    }
    for title, nanometres in published.items():
        contribution = row_of(found, title).contribution * 1000
        assert contribution == pytest.approx(nanometres, rel=3e-3), title


def test_a_product_of_two_deviations_that_are_zero_counts_by_second_order():
    def first_order(design):
        design["tables"][0]["result"]["second_order"] = False

    whole, without = result_of(BLOCKS), result_of(BLOCKS, design=first_order)
    product = (
        whole.combined_standard_uncertainty**2 - without.combined_standard_uncertainty**2
    ) ** 0.5
    assert product * 1000 == pytest.approx(11.8, abs=0.05)
    assert "choose second order" in told_by(without)


def test_a_longer_block_is_more_uncertain():
    def longer(example):
        example["parameters"]["points"] = ["100"]
        example["standards"][0]["points"][0]["nominal"] = 100
        example["readings"] = {
            key.replace("50", "100"): text for key, text in example["readings"].items()
        }

    assert (
        result_of(BLOCKS, example=longer).expanded_uncertainty
        > result_of(BLOCKS).expanded_uncertainty
    )


def test_a_drift_of_the_comparator_cancels_in_the_order_s_x_x_s():
    fallen = reading(_50_mm_s1="0", _50_mm_x1="-0.095", _50_mm="-0.090", _50_mm_s2="0.015")
    assert result_of(BLOCKS, example=fallen).error_of_indication == pytest.approx(-0.08)


def test_the_caliper_at_150_mm_has_a_trapezium():
    found = result_of(CALIPERS)
    assert found.coverage_factor_text == "1.83"
    assert "Mechanical effects and Resolution dominate" in told_by(found)


def test_a_finer_scale_brings_the_caliper_back_to_one_rectangle():
    found = result_of(CALIPERS, example=parameter(resolution="0.01", mechanical_limit="0.03"))
    assert found.coverage_factor_text == "1.65"
    assert "Mechanical effects dominates" in told_by(found)


def test_jaws_that_open_along_their_length_are_told():
    assert "Jaws, parallel is not measured yet" in told_by(result_of(CALIPERS))
    opened = reading(jaws_root="50.00", jaws_middle="50.05", jaws_tip="50.10")
    found = evaluated(CALIPERS, example=opened)["outside-150-mm"]
    assert "Jaws, parallel: 0.1 mm, at most 0.05: does not hold." in found.warnings


@pytest.mark.parametrize(("row", "nominal"), [("2p5", 2.5), ("12p9", 12.9), ("25", 25)])
def test_gtc_and_trials_give_the_same_budget_at_each_length_of_a_micrometer(row, nominal):
    found = evaluated(MICROMETERS)[f"error-{row}-mm"]
    peer = micrometer_peer(nominal, LENGTHS[nominal])
    value, u, _ = peer.by_gtc()
    assert found.error_of_indication == pytest.approx(value, abs=1e-7)
    assert found.combined_standard_uncertainty == pytest.approx(u, rel=1e-8)
    mean, half = peer.by_trials()
    assert found.error_of_indication == pytest.approx(mean, abs=0.01 * half)
    assert found.expanded_uncertainty == pytest.approx(half, rel=0.06)


def test_faces_that_are_not_parallel_widen_every_length():
    tilted = reading(parallel_parallel_3="2.4")
    for row in ("2p5", "25"):
        found = evaluated(MICROMETERS, example=tilted)[f"error-{row}-mm"]
        assert row_of(found, "Parallelism").spread == pytest.approx(1.2)
        assert "Parallelism: 2.4 µm, at most 2: does not hold." in found.warnings


def test_lengths_are_counted_from_the_lower_limit_of_the_range():
    keys = evaluated(MICROMETERS, example=parameter(range_low="25"))
    assert {"error-27p5-mm", "error-50-mm"} <= set(keys)


def test_a_micrometer_beyond_50_mm_has_a_wider_limit():
    assert evaluated(MICROMETERS)["error-25-mm"].limit_text == "±4 µm"

    def larger(example):
        example["parameters"]["range_low"] = "50"
        known = example["standards"][0]["points"][0]
        example["standards"][0]["points"] = [{**known, "nominal": 75}]
        example["readings"]["error-75-mm"] = "75.001 75.002 75.001"

    found = evaluated(MICROMETERS, example=larger)["error-75-mm"]
    assert found.limit_text == "±5 µm"
    assert found.complete
