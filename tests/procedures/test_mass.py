"""Balances and scales: three tests that feed one budget."""

from decimal import Decimal

import pytest

from calibra_app.demo.cmc import cmc_of
from calibra_app.demo.instruments import decimals, instrument
from calibra_app.demo.standards import BY_ASSET
from calibra_app.metrology.conformity import GUARDED_ACCEPTANCE
from calibra_app.procedures.registry import evaluate_point

BALANCE = instrument(1)
TEN = decimals("0.2 0.1 0.3 0.2 0.1 0.2 0.3 0.2 0.1 0.2")


def evaluated(key, sheet):
    return evaluate_point(
        BALANCE.procedure,
        BALANCE.version,
        BALANCE.point(key),
        sheet.get(key, ()),
        [BY_ASSET["STD-M-002"].as_reference()],
        {},
        BALANCE.parameters,
        GUARDED_ACCEPTANCE,
        cmc_of(BALANCE.procedure),
        sheet,
    )


def row(found, title):
    return next(one for one in found.rows if one.title == title)


def test_a_single_weighing_borrows_the_scatter_of_the_repeatability_test():
    found = evaluated("linearity-100-g", {"repeatability": TEN, "linearity-100-g": decimals("0.1")})
    scatter = row(found, "Repeatability")
    assert scatter.standard_uncertainty == pytest.approx(0.0738, abs=5e-5)
    assert scatter.degrees_of_freedom == 9


def test_without_the_repeatability_test_a_single_weighing_has_no_uncertainty_yet():
    found = evaluated("linearity-100-g", {"linearity-100-g": decimals("0.1")})
    assert found.error_of_indication == pytest.approx(0.1)
    assert (found.uncertainty_text, found.statement) == ("", None)


def test_a_measured_eccentricity_replaces_the_allowance():
    corners = {
        "eccentricity-centre": decimals("0.0"),
        "eccentricity-back-left": decimals("-0.4"),
    }
    calm = evaluated("repeatability", {"repeatability": TEN})
    tilted = evaluated("repeatability", {"repeatability": TEN, **corners})
    # A difference at 100 g counts double at 200 g.
    assert row(calm, "Eccentricity").spread == pytest.approx(0.1)
    assert row(tilted, "Eccentricity").spread == pytest.approx(0.4)
    assert tilted.expanded_uncertainty > calm.expanded_uncertainty


def test_a_corner_is_compared_with_the_centre():
    found = evaluated(
        "eccentricity-back-left",
        {
            "repeatability": TEN,
            "eccentricity-centre": decimals("0.1"),
            "eccentricity-back-left": decimals("-0.2"),
        },
    )
    assert found.error_text == "−0.30"
    assert {one.title for one in found.rows} == {
        "Repeatability",
        "Resolution at load",
        "Resolution at zero",
    }


def test_weights_are_known_within_the_limits_of_their_class():
    found = evaluated("repeatability", {"repeatability": TEN})
    weight = row(found, "Weight")
    assert weight.distribution == "rectangular"
    assert weight.standard_uncertainty == pytest.approx(0.1732, abs=5e-5)


def test_the_plan_has_repeatability_linearity_and_five_places():
    groups = [point.group for point in BALANCE.points]
    assert groups.count("Linearity") == 6
    assert groups.count("Eccentricity at 100 g") == 5
    assert BALANCE.point("repeatability").repeats == 10
    assert BALANCE.point("repeatability").nominal == Decimal(200)
