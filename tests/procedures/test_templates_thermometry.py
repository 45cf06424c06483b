"""Templates for temperature: thermocouples, block calibrators, resistance thermometers."""

import pytest

from calibra_app.procedures.designed.plain import DesignError
from tests.procedures.template_peers import Known, Peer, certificate, mean_of, rectangle
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
RESISTORS = "temperature-resistance-thermometers"
BATHS = {
    -40: (
        [-39.992, -39.990, -39.991, -39.989, -39.993],
        [84.2928, 84.2936, 84.2931, 84.2939, 84.2924],
        (0.0018, 0.008, 0.004),
    ),
    0: (
        [0.002, 0.003, 0.001, 0.002, 0.002],
        [100.0131, 100.0136, 100.0127, 100.0132, 100.0130],
        (0.001, 0.006, 0.003),
    ),
    50: (
        [50.011, 50.012, 50.010, 50.013, 50.011],
        [119.4163, 119.4168, 119.4160, 119.4172, 119.4165],
        (-0.001, 0.008, 0.004),
    ),
    100: (
        [99.987, 99.989, 99.988, 99.986, 99.988],
        [138.5251, 138.5258, 138.5254, 138.5247, 138.5255],
        (-0.003, 0.008, 0.004),
    ),
}
ROWS = {-40: "bath-minus-40-c", 0: "bath-0-c", 50: "bath-50-c", 100: "bath-100-c"}


def platinum(t):
    """Return the resistance of a Pt100 by IEC 60751."""
    quartic = -4.183e-12 if t < 0 else 0.0
    return 100 * (1 + 3.9083e-3 * t - 5.775e-7 * t**2 + quartic * (t - 100) * t**3)


def prt_peer(nominal):
    """Return the budget of one bath in kelvin."""
    temperatures, ohms, (correction, expanded, drift) = BATHS[nominal]
    slope = (platinum(nominal + 1e-3) - platinum(nominal - 1e-3)) / 2e-3
    if nominal == 0:
        slope = 0.39083
    off = [(r - platinum(t)) / slope for t, r in zip(temperatures, ohms, strict=True)]

    def deviation(e, ohm1, ohm2, ohm3, ohm4, step, heat, stem, *rest, **named):  # noqa: PLR0917
        return e + (ohm1 + ohm2 + ohm3 + ohm4 + step) / slope + heat + stem - sum(named.values())

    return Peer(
        deviation,
        {
            "e": mean_of(off),
            "ohm1": certificate(0.001),
            "ohm2": rectangle(0.0002),
            "ohm3": rectangle(0.0001),
            "ohm4": rectangle(0.0006 / 2),
            "step": rectangle(0.00005),
            "heat": rectangle(0.002),
            "stem": rectangle(0.003),
            "reference": certificate(expanded, value=correction),
            "drift": rectangle(drift),
            "bridge": certificate(0.002),
            "places": rectangle(0.005),
            "time": Known(0.0, 0.002),
            "reference_step": rectangle(0.0005),
        },
    )


@pytest.mark.parametrize("nominal", ROWS)
def test_gtc_and_trials_give_the_same_budget_in_each_bath(nominal):
    found = evaluated(RESISTORS)[ROWS[nominal]]
    peer = prt_peer(nominal)
    value, u, freedom = peer.by_gtc()
    assert found.error_of_indication == pytest.approx(value, abs=1e-7)
    assert found.combined_standard_uncertainty == pytest.approx(u, rel=1e-6)
    assert found.degrees_of_freedom == pytest.approx(freedom, rel=1e-5)
    mean, half = peer.by_trials()
    assert found.error_of_indication == pytest.approx(mean, abs=0.01 * half)
    assert found.expanded_uncertainty == pytest.approx(half, rel=0.03)


def test_a_pt100_that_follows_the_function_has_no_deviation():
    def exact(example):
        point = {"correction": 0, "expanded_uncertainty": 0.008, "unit": "°C"}
        point |= {"function": "temperature", "coverage_factor": 2, "uncertainty_unit": "K"}
        example["standards"][0]["points"] = [{**point, "nominal": n} for n in (-50, 150)]
        for nominal, row in ROWS.items():
            example["readings"][f"{row}-t"] = " ".join([str(nominal)] * 5)
            example["readings"][row] = " ".join([f"{platinum(nominal):.6f}"] * 5)

    found = evaluated(RESISTORS, example=exact)
    for row in ROWS.values():
        assert found[row].error_of_indication == pytest.approx(0, abs=2e-6)


@pytest.mark.parametrize(("name", "limit"), [("AA", "0.27"), ("A", "0.35"), ("B", "0.8")])
def test_a_class_of_platinum_widens_with_the_temperature(name, limit):
    found = evaluated(RESISTORS, example=parameter(accuracy_class=name))["bath-100-c"]
    assert found.limit_text == f"±{limit} K"


def test_a_thermometer_that_changed_at_the_ice_point_is_told():
    changed = reading(ice_end="100.0321")
    found = evaluated(RESISTORS, example=changed)["bath-50-c"]
    assert row_of(found, "Hysteresis").spread == pytest.approx(0.01)
    assert "Change at the ice point: 0.02 Ω, at most 0.0100: does not hold." in found.warnings


@pytest.mark.parametrize("key", [COUPLES, BLOCKS, RESISTORS])
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
