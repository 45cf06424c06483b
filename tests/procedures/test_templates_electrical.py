"""Templates for electrical instruments: multimeters range by range, resistors."""

import pytest

from tests.procedures.template_runs import data_of, evaluated, inputs_turned, result_of, row_of

METERS = "electrical-multimeters"
RESISTORS = "electrical-resistors"


def ranges(**changes):
    """Return a change of the range that the example measures."""

    def change(example):
        (known,) = next(
            each["default"]
            for each in data_of(METERS)["design"]["parameters"]
            if each["name"] == "ranges"
        )
        example["parameters"]["ranges"] = [{**known, **changes}]

    return change


def test_the_order_of_the_input_quantities_leaves_the_result():
    one, other = result_of(METERS), result_of(METERS, design=inputs_turned)
    assert one.error_of_indication == other.error_of_indication
    assert one.expanded_uncertainty == pytest.approx(other.expanded_uncertainty, rel=1e-14)


def test_the_hand_held_meter_at_100_v_has_the_published_budget():
    found = result_of(METERS)
    assert row_of(found, "Resolution").contribution == pytest.approx(0.029, abs=5e-4)
    assert row_of(found, "Calibrator").contribution == pytest.approx(0.001)
    since = row_of(found, "Calibrator since its calibration")
    assert since.contribution == pytest.approx(0.0064, abs=5e-5)
    assert found.coverage_factor_text == "1.65"


def test_a_bench_meter_with_many_digits_has_the_usual_coverage_factor():
    found = result_of(METERS, example=ranges(resolution="0.001", calibrator_floor="0.001"))
    assert found.coverage_factor == pytest.approx(1.96, abs=0.001)


def test_ppm_of_output_and_floor_stand_together_in_the_trace():
    found = result_of(METERS, example=ranges(calibrator_ppm="50", calibrator_floor="0.006"))
    since = row_of(found, "Calibrator since its calibration")
    assert since.spread == pytest.approx(0.011)
    assert since.source == "50 ppm of 100 V + 0.006 V = ±0.011 V"


def test_a_negative_point_has_the_same_uncertainty():
    def negative(example):
        ranges(points=["-100"], calibrator_ppm="50")(example)
        example["standards"][0]["points"][0]["nominal"] = -100
        example["readings"] = {"dc-voltage-400-v-minus-100-v": "-100.1 -100.1 -100.1"}

    (found,) = [one for one in evaluated(METERS, example=negative).values() if one.rows]
    mirror = result_of(METERS, example=ranges(calibrator_ppm="50"))
    assert found.error_of_indication == -mirror.error_of_indication
    assert found.expanded_uncertainty == mirror.expanded_uncertainty


def test_thermal_voltage_and_leads_enter_where_they_are_stated():
    found = result_of(METERS, example=ranges(thermal="0.03", effect="0.06"))
    assert row_of(found, "Thermal voltage").contribution == pytest.approx(0.03 / 3**0.5)
    assert row_of(found, "Leads and loading").contribution == pytest.approx(0.06 / 3**0.5)


def test_the_resistor_of_10_kilohm_has_the_published_budget():
    found = result_of(RESISTORS)
    published = {
        "Reference resistor": 2.5,
        "Reference resistor: drift": 5.8,
        "Reference, temperature": 1.6,
        "Leakage and resolution of the ratio": 4.1,
        "Ratio": 0.7,
        "Item, temperature": 3.2,
    }
    for title, milliohms in published.items():
        assert row_of(found, title).contribution * 1000 == pytest.approx(milliohms, abs=0.05)


def test_a_multimeter_that_reads_wrong_compares_right():
    def wrong(example):
        for key, text in example["readings"].items():
            example["readings"][key] = " ".join(str(float(one) * 1.001) for one in text.split())

    one, other = result_of(RESISTORS), result_of(RESISTORS, example=wrong)
    assert other.error_of_indication == pytest.approx(one.error_of_indication, abs=1e-6)
    assert other.expanded_uncertainty == pytest.approx(one.expanded_uncertainty, rel=1e-6)


def test_the_order_of_the_inputs_leaves_the_resistor():
    one, other = result_of(RESISTORS), result_of(RESISTORS, design=inputs_turned)
    assert one.expanded_uncertainty == pytest.approx(other.expanded_uncertainty, rel=1e-13)
