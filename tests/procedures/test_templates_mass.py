"""Templates for weights: the cycle, its pooled scatter, the classes and what the rule drops."""

import pytest

from tests.procedures.template_runs import (
    evaluated,
    inputs_turned,
    parameter,
    result_of,
    row_of,
    told_by,
)

WEIGHTS = "mass-weights-comparison"


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
