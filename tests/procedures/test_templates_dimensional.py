"""Templates for lengths: gauge blocks by comparison, calipers."""

import pytest

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


@pytest.mark.parametrize("key", [BLOCKS, CALIPERS])
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
