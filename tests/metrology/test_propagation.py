"""Propagation: what must hold for every budget, whatever its numbers."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calibra_app.metrology.budget import BudgetRow, evaluate_budget
from calibra_app.metrology.coverage import Contribution, effective_degrees_of_freedom
from calibra_app.metrology.distributions import Shape
from calibra_app.metrology.expression import parse
from calibra_app.metrology.monte_carlo import simulate
from calibra_app.metrology.probability import t_factor, t_probability
from calibra_app.metrology.propagation import Correlations, InputQuantity, propagate
from calibra_app.metrology.quantity import MetrologyError

uncertainties = st.floats(1e-6, 1e3)
degrees = st.one_of(st.just(math.inf), st.integers(1, 200).map(float))
rows = st.lists(
    st.builds(
        lambda spread, dof: BudgetRow("x", "x", "", "B", "normal", spread, 1.0, "V", 1.0, dof),
        uncertainties,
        degrees,
    ),
    min_size=1,
    max_size=8,
)


def scaled(row, factor):
    return BudgetRow(
        row.symbol, row.title, "", "B", "normal", row.spread * factor, 1.0, "mV", 1.0,
        row.degrees_of_freedom,
    )  # fmt: skip


@given(rows, st.integers(-9, 9))
def test_the_unit_changes_nothing_but_the_scale(found, power):
    factor = 10.0**power
    one = evaluate_budget(found, "V")
    other = evaluate_budget([scaled(row, factor) for row in found], "mV")
    assert other.expanded_uncertainty == pytest.approx(one.expanded_uncertainty * factor, rel=1e-9)


@given(rows)
def test_the_order_of_the_rows_does_not_matter(found):
    one = evaluate_budget(found, "V")
    other = evaluate_budget(found[::-1], "V")
    assert other.expanded_uncertainty == pytest.approx(one.expanded_uncertainty, rel=1e-12)


@given(rows)
def test_the_shares_of_a_budget_are_the_whole(found):
    budget = evaluate_budget(found, "V")
    assert sum(budget.share(row) for row in found) == pytest.approx(1.0)


@given(rows, uncertainties)
def test_one_more_contribution_never_makes_the_combined_uncertainty_smaller(found, spread):
    more = BudgetRow("x", "x", "", "B", "normal", spread, 1.0, "V")
    before = evaluate_budget(found, "V").combined_standard_uncertainty
    after = evaluate_budget([*found, more], "V").combined_standard_uncertainty
    assert after >= before


@given(st.lists(st.builds(Contribution, uncertainties, degrees), min_size=1, max_size=8))
def test_effective_freedom_lies_between_the_smallest_and_the_sum(terms):
    found = effective_degrees_of_freedom(terms)
    smallest = min(term.degrees_of_freedom for term in terms)
    largest = sum(term.degrees_of_freedom for term in terms)
    assert smallest * (1 - 1e-9) <= found <= largest * (1 + 1e-9)


def test_exactly_known_terms_leave_the_degrees_infinite():
    assert effective_degrees_of_freedom([Contribution(1.0), Contribution(2.0)]) == math.inf


def test_contributions_of_nanometres_in_metres_do_not_underflow():
    terms = [Contribution(3e-90, 4), Contribution(4e-90)]
    assert effective_degrees_of_freedom(terms) == pytest.approx(30.86, abs=0.01)


@pytest.mark.parametrize("terms", [[], [Contribution(-1.0)], [Contribution(1.0, 0)]])
def test_what_is_not_a_set_of_contributions_is_refused(terms):
    with pytest.raises(MetrologyError):
        effective_degrees_of_freedom(terms)


@settings(max_examples=20, deadline=None)
@given(st.floats(0.1, 2), st.floats(0.1, 2), st.floats(-3, 3))
def test_a_linear_model_agrees_with_monte_carlo(first, second, factor):
    inputs = [
        InputQuantity("a", 1.0, first),
        InputQuantity("b", 2.0, second / 3**0.5, shape=Shape.RECTANGULAR, half_width=second),
    ]
    model = parse(f"a + ({factor!r})*b")
    linear = propagate(model, inputs)
    drawn = simulate(model, inputs, trials=20_000)
    allowed = 5 * linear.combined_standard_uncertainty / math.sqrt(20_000)
    assert drawn.mean == pytest.approx(linear.value, abs=allowed)
    assert drawn.standard_deviation == pytest.approx(linear.combined_standard_uncertainty, rel=0.04)


def test_a_difference_of_fully_correlated_quantities_is_certain():
    inputs = [InputQuantity("a", 5.0, 0.2), InputQuantity("b", 4.0, 0.2)]
    result = propagate(parse("a - b"), inputs, Correlations({("a", "b"): 1.0}))
    assert result.combined_standard_uncertainty == pytest.approx(0.0, abs=1e-9)


def test_a_simulation_can_be_repeated_from_its_seed():
    inputs = [InputQuantity("a", 0.0, 1.0)]
    one, other = (simulate(parse("a"), inputs, trials=2000, seed=5) for _ in range(2))
    assert one == other


def test_contradictory_correlations_are_refused():
    inputs = [InputQuantity(name, 0.0, 1.0) for name in "abc"]
    pairs = Correlations({("a", "b"): 0.9, ("b", "c"): 0.9, ("a", "c"): -0.9})
    with pytest.raises(MetrologyError, match="contradict"):
        simulate(parse("a+b+c"), inputs, pairs, trials=1000)


def test_an_unknown_name_is_refused():
    with pytest.raises(MetrologyError, match="b is not an input"):
        propagate(parse("a+b"), [InputQuantity("a", 0.0, 1.0)])


@pytest.mark.parametrize(
    ("t", "degrees", "probability"),
    [(2.0, 1.0001e5, 0.97724851840621197), (-1.0, 1e6, 0.15865537491678906),
     (0.5, 1e7, 0.69146245577299246), (-3.0, 1e9, 0.0013498980648689578)],
)  # fmt: skip
def test_very_many_degrees_of_freedom_cost_no_digits(t, degrees, probability):
    """Expected: the density, integrated with 60 digits."""
    assert t_probability(t, degrees) == pytest.approx(probability, rel=1e-13)
    inside = abs(1 - 2 * probability)
    assert t_factor(inside, degrees) == pytest.approx(abs(t), rel=1e-12)
