"""The linear result judged by trials (JCGM 101, clause 8), with the standard's own examples."""

import math

import pytest

from calibra_app.metrology.distributions import Shape
from calibra_app.metrology.expression import parse
from calibra_app.metrology.linear_validation import validate_linear
from calibra_app.metrology.propagation import InputQuantity
from calibra_app.metrology.quantity import MetrologyError

SUM = parse("a + b + c + d")


def rectangular(name, u=1.0):
    return InputQuantity(name, 0.0, u, shape=Shape.RECTANGULAR, half_width=u * math.sqrt(3.0))


def test_a_sum_of_normal_quantities_is_validated():
    # JCGM 101, 9.2.2: both ways ± 3.92.
    found = validate_linear(SUM, [InputQuantity(name, 0.0, 1.0) for name in "abcd"])
    assert found.validated
    assert found.expanded_uncertainty == pytest.approx(3.92, abs=0.005)
    assert found.trials.simulation.symmetric == pytest.approx((-3.92, 3.92), abs=0.02)


def test_a_sum_that_one_rectangle_rules_is_not_validated():
    # JCGM 101, 9.2.4: ± 19.9 by the linear law, ± 17.0 by trials.
    found = validate_linear(SUM, [*map(rectangular, "abc"), rectangular("d", 10.0)])
    assert not found.validated
    assert found.trials.stable
    assert found.expanded_uncertainty == pytest.approx(19.9, abs=0.05)
    assert found.trials.simulation.symmetric == pytest.approx((-17.0, 17.0), abs=0.1)
    assert float(found.validation.low) == pytest.approx(2.9, abs=0.15)


@pytest.mark.parametrize("second_order", [False, True])
def test_a_comparison_loss_near_zero_is_not_validated_by_either_order(second_order):
    # JCGM 101, 9.4, x1 = 0.010: a loss is never negative, y ± U is.
    quantities = [InputQuantity("x", 0.010, 0.005), InputQuantity("y", 0.0, 0.005)]
    found = validate_linear(parse("x**2 + y**2"), quantities, second_order=second_order)
    assert not found.validated
    assert (
        found.linear.value - found.expanded_uncertainty < 0 < found.trials.simulation.symmetric[0]
    )


def test_the_judgement_is_repeated_from_its_seed():
    quantities = [InputQuantity("a", 1.0, 0.1, 9.0), rectangular("b", 0.2)]
    one, other = (validate_linear(parse("a*exp(b)"), quantities, seed=8) for _ in range(2))
    assert one == other


def test_without_uncertainty_there_is_nothing_to_compare():
    for u in (0.0, 0.005):
        with pytest.raises(MetrologyError, match="no uncertainty to compare"):
            validate_linear(parse("x**2"), [InputQuantity("x", 0.0, u)])
