"""Templates for weights: the cycle, its pooled scatter, the classes, buoyancy by air density."""

from math import exp

import pytest

from tests.procedures.template_peers import Known, Peer, certificate, mean_of, rectangle
from tests.procedures.template_runs import (
    evaluated,
    inputs_turned,
    parameter,
    result_of,
    row_of,
    told_by,
)

WEIGHTS = "mass-weights-comparison"
IN_AIR = "mass-weights-air-density"


def air_density(t, h, p):
    return (0.34848 * p - 0.009 * h * exp(0.061 * t)) / (273.15 + t)


def weight_peer(t=21.3, h=45.0, p=955.0):
    """Return the budget of the kilogram of the example in milligrams."""
    relative = (0.0002**2 + (0.001 * 0.5) ** 2 + (0.0034 * 0.1) ** 2 + (0.0001 * 2.5) ** 2) ** 0.5

    def mass(reference, drift, d, step1, step2, air, item, standard, ecc, mag):  # noqa: PLR0917
        buoyancy = 1e6 * (air - 1.2) * (1 / item - 1 / standard)
        return reference + drift + d + step1 + step2 + buoyancy + ecc + mag

    return Peer(
        mass,
        {
            "reference": certificate(0.5, value=0.35),
            "drift": rectangle(0.25),
            "d": mean_of([2.09, 2.13, 2.065], scatter=0.08, freedom=50),
            "step1": rectangle(0.005),
            "step2": rectangle(0.005),
            "air": Known(air_density(t, h, p), 1.2 * relative),
            "item": certificate(140, value=7950),
            "standard": certificate(30, value=8000),
            "ecc": rectangle(0.05),
            "mag": rectangle(0.03),
        },
    )


def test_the_weight_of_10_kg_has_the_published_budget():
    found = result_of(WEIGHTS)
    published = {
        "Reference weight": 22.5,
        "Difference": 14.4,
        "Eccentricity and magnetism": 5.77,
        "Air buoyancy": 5.77,
    }
    for title, contribution in published.items():
        assert row_of(found, title).contribution == pytest.approx(contribution, rel=3e-3)
    assert (found.error_text, found.uncertainty_text, found.result_unit) == ("+25", "59", "mg")


def test_the_order_of_the_input_quantities_leaves_the_result():
    one, other = result_of(WEIGHTS), result_of(WEIGHTS, design=inputs_turned)
    assert one.error_of_indication == other.error_of_indication
    assert one.expanded_uncertainty == pytest.approx(other.expanded_uncertainty, rel=1e-14)


def test_a_drift_of_the_comparator_within_a_cycle_cancels():
    drift = {"a1": 0, "b1": 3, "b2": 6, "a2": 9}

    def drifting(example):
        for key, text in example["readings"].items():
            by = drift.get(key.rsplit("-", 1)[-1], drift["b2"])
            example["readings"][key] = " ".join(str(int(one) + by) for one in text.split())

    assert result_of(WEIGHTS, example=drifting).error_of_indication == 25


@pytest.mark.parametrize(
    ("accuracy_class", "limit"),
    [("F2", "±160 mg"), ("M1", "±500 mg"), ("M2", "±1600 mg"), ("M3", "±5000 mg")],
)
def test_the_class_of_a_weight_gives_its_limit_and_the_trace_says_it_was_not_checked(
    accuracy_class, limit
):
    found = result_of(WEIGHTS, example=parameter(accuracy_class=accuracy_class))
    assert found.limit_text == limit
    assert f"class {accuracy_class}" in found.limit_trace
    assert "not checked against the source" in found.limit_trace


@pytest.mark.parametrize(
    ("key", "accuracy_class", "grams", "limit"),
    [
        (WEIGHTS, "M1", "0.02", "±0.3 mg"),
        (WEIGHTS, "F2", "0.5", "±0.25 mg"),
        (IN_AIR, "E2", "0.001", "±0.006 mg"),
        (IN_AIR, "F1", "0.1", "±0.05 mg"),
        (IN_AIR, "E1", "50000", "±25 mg"),
    ],
)
def test_milligram_weights_have_their_own_limits(key, accuracy_class, grams, limit):
    def light(example):
        example["parameters"] |= {"points": [grams], "accuracy_class": accuracy_class}
        example["standards"][0]["points"][0]["nominal"] = float(grams)
        example["readings"] = {
            key.replace("10000-g", f"{grams}-g")
            .replace("1000-g", f"{grams}-g")
            .replace(".", "p"): text
            for key, text in example["readings"].items()
        }

    assert result_of(key, example=light).limit_text == limit


def test_a_coarse_comparator_counts_instead_of_the_scatter():
    found = result_of(WEIGHTS, example=parameter(resolution="200"))
    titles = [row.title for row in found.rows]
    assert "Difference" not in titles
    assert row_of(found, "Resolution, item").contribution == pytest.approx(100 / 3**0.5)
    assert "Difference: left out" in told_by(found)


def test_a_scatter_that_is_far_above_the_pooled_one_is_told():
    found = result_of(WEIGHTS, example=parameter(pooled_s="2"))
    assert any(one.startswith("Scatter of the differences") for one in found.warnings)


def test_a_cycle_without_its_last_reading_waits():
    def without(example):
        del example["readings"]["10000-g-a2"]

    found = evaluated(WEIGHTS, example=without)["10000-g"]
    assert found.uncertainty_text == ""
    assert any("not read yet" in one for one in found.warnings)


def test_gtc_and_trials_give_the_same_budget_for_a_kilogram_in_air():
    found = result_of(IN_AIR)
    value, u, freedom = weight_peer().by_gtc()
    assert found.error_of_indication == pytest.approx(value, rel=1e-9)
    assert found.combined_standard_uncertainty == pytest.approx(u, rel=1e-9)
    assert found.degrees_of_freedom == pytest.approx(freedom, rel=1e-9)
    mean, half = weight_peer().by_trials()
    assert found.error_of_indication == pytest.approx(mean, abs=0.01 * half)
    assert found.expanded_uncertainty == pytest.approx(half, rel=0.02)


def test_air_of_the_conventional_density_needs_no_correction():
    def conventional(example):
        # 20 °C, 50 %RH and about 1016 hPa make 1.2 kg/m³.
        pressure = (1.2 * 293.15 + 0.009 * 50 * exp(0.061 * 20)) / 0.34848
        example["environment"] = {
            "temperature": ["20", "20"],
            "humidity": ["50", "50"],
            "pressure": [str(pressure), str(pressure)],
        }

    found = result_of(IN_AIR, example=conventional)
    assert found.error_of_indication == pytest.approx(0.35 + 2.095, abs=1e-7)
    assert row_of(found, "Density of the item").contribution == pytest.approx(0, abs=1e-7)


def test_thin_air_makes_a_light_item_seem_heavier_than_it_is():
    def mountain(example):
        example["environment"]["pressure"] = ["804", "806"]

    thin, usual = result_of(IN_AIR, example=mountain), result_of(IN_AIR)
    assert thin.error_of_indication < usual.error_of_indication
    expected = weight_peer(p=805.0).by_gtc()[0]
    assert thin.error_of_indication == pytest.approx(expected, rel=1e-9)


def test_without_the_pressure_of_the_air_a_weight_waits():
    def unread(example):
        del example["environment"]["pressure"]

    found = evaluated(IN_AIR, example=unread)["1000-g"]
    assert found.uncertainty_text == ""
    assert "the room's pressure is not read yet" in found.warnings


def test_the_order_of_the_inputs_leaves_the_kilogram():
    one, other = result_of(IN_AIR), result_of(IN_AIR, design=inputs_turned)
    assert one.expanded_uncertainty == pytest.approx(other.expanded_uncertainty, rel=1e-14)
