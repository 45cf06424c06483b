"""Templates for temperature: thermocouples in a furnace, block calibrators."""

import pytest

from calibra_app.procedures.designed_plain import DesignError
from tests.procedures.template_runs import (
    evaluated,
    inputs_turned,
    parameter,
    reading,
    result_of,
    row_of,
    told_by,
)

COUPLES = "temperature-thermocouples"
BLOCKS = "temperature-block-calibrators"


@pytest.mark.parametrize("key", [COUPLES, BLOCKS])
def test_the_order_of_the_input_quantities_leaves_the_result(key):
    one, other = result_of(key), result_of(key, design=inputs_turned)
    assert one.error_of_indication == other.error_of_indication
    assert one.expanded_uncertainty == pytest.approx(other.expanded_uncertainty, rel=1e-14)


def test_the_furnace_has_the_published_uncertainty():
    found = result_of(COUPLES)
    slope = 38.5
    furnace = [
        "Repeatability of the furnace",
        "Reference thermocouples",
        "Reference thermocouples: drift",
        "Furnace: uniformity",
        "Voltmeter at the references",
        "Resolution at the references",
        "Switch at the references",
        "Ice point of the references",
    ]
    squares = sum(row_of(found, title).contribution ** 2 for title in furnace)
    assert squares**0.5 / slope == pytest.approx(0.641, abs=5e-4)


def test_a_voltage_of_the_leads_cancels_by_reversing():
    offset = reading(temperature_1000_c_ep="36251", temperature_1000_c="-36245")
    assert (
        result_of(COUPLES, example=offset).error_of_indication
        == result_of(COUPLES).error_of_indication
    )


def test_a_furnace_at_the_nominal_temperature_needs_no_correction():
    right = reading(temperature_1000_c_t1="1000.5", temperature_1000_c_t2="999.5")
    assert result_of(COUPLES, example=right).mean == 36248


def test_the_axial_gradient_of_a_block_dominates():
    found = result_of(BLOCKS)
    assert max(found.rows, key=lambda row: row.share).title == "Along the bore"
    assert "Along the bore and Between the bores dominate" in told_by(found)
    assert found.coverage_factor_text == "1.80"


def test_by_the_stricter_share_a_block_has_the_usual_coverage_factor():
    def stricter(design):
        del design["coverage_choice"]["negligible"]

    found = result_of(BLOCKS, design=stricter)
    assert found.coverage_factor == pytest.approx(1.96, abs=0.001)


def test_what_the_separate_tests_show_replaces_a_smaller_allowance():
    seen = reading(axial_bottom="180.10", axial_20_mm_above="179.90", axial_40_mm_above="179.50")
    found = evaluated(BLOCKS, example=seen)["main-180-c-up"]
    assert row_of(found, "Along the bore").spread == pytest.approx(0.3)
    assert "Along the bore: 0.6 K, at most 0.50: does not hold." in found.warnings
    assert "Loading is not measured yet" in told_by(found)


def test_hysteresis_is_half_of_rise_against_fall_and_at_least_the_allowance():
    def fallen(example):
        reading(main_180_c_down_t="180.10", main_180_c_down="180.2")(example)

    found = evaluated(BLOCKS, example=fallen)["main-180-c-up"]
    assert row_of(found, "Hysteresis").spread == pytest.approx(0.1)
    assert row_of(result_of(BLOCKS), "Hysteresis").spread == 0.05


def test_a_negligible_share_that_is_no_number_is_refused_with_its_place():
    def wrong(design):
        design["coverage_choice"]["negligible"] = "a third"

    with pytest.raises(DesignError, match=r"coverage_choice\.negligible"):
        result_of(BLOCKS, design=wrong, example=parameter())
