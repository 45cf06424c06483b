"""Student's t: against an independent library, and whole columns against single figures."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

from calibra_app.metrology.probability import t_factor, t_probability
from calibra_app.metrology.quantity import MetrologyError
from calibra_app.metrology.student import t_factors, whole_t_factors

PROBABILITIES = (0.05, 0.5, 0.6827, 0.9, 0.95, 0.9545, 0.99, 0.9973, 0.9999)


@pytest.mark.parametrize("probability", PROBABILITIES)
@pytest.mark.parametrize(
    "degrees",
    [0.05, 0.5, 1, 1.5, 2, 3, 4, 4.1, 9, 18.999, 39, 41, 100, 999.5, 3000, 8000, 1e5, 1e7, 1e8],
)
def test_k_agrees_with_an_independent_library_to_twelve_digits(probability, degrees):
    expected = -special.stdtrit(degrees, (1.0 - probability) / 2)
    assert t_factor(probability, degrees) == pytest.approx(expected, rel=2e-12)


@pytest.mark.parametrize("degrees", [0.5, 1, 3.7, 30, 1000, 1e6])
@pytest.mark.parametrize("t", [-40.0, -3.0, -0.01, 1e-5, 0.4, 2.0, 17.0])
def test_the_distribution_agrees_with_an_independent_library(t, degrees):
    assert t_probability(t, degrees) == pytest.approx(special.stdtr(degrees, t), rel=1e-11)


@settings(deadline=None)
@given(st.sampled_from(PROBABILITIES), st.floats(0.1, 1e12))
def test_k_holds_the_probability_that_was_asked_for(probability, degrees):
    k = t_factor(probability, degrees)
    held = t_probability(k, degrees) - t_probability(-k, degrees)
    assert held == pytest.approx(probability, rel=1e-11)


@settings(max_examples=50, deadline=None)
@given(
    st.sampled_from(PROBABILITIES),
    st.lists(
        st.one_of(st.floats(0.3, 2e4), st.floats(1, 50), st.sampled_from([1.0, 5.0, 32.0, 1e300])),
        min_size=1,
        max_size=20,
    ),
)
def test_a_column_of_factors_holds_those_of_each_point(probability, degrees):
    given_degrees = np.array([*degrees, math.inf])
    expected = [t_factor(probability, each) for each in given_degrees.tolist()]
    np.testing.assert_allclose(t_factors(probability, given_degrees), expected, rtol=1e-12)
    whole = np.floor(np.maximum(given_degrees, 1.0))
    looked_up = whole_t_factors(probability, whole).tolist()
    assert looked_up == [pytest.approx(t_factor(probability, each), rel=1e-15) for each in whole]


def test_freedom_so_small_that_k_is_beyond_all_bounds_is_refused():
    with pytest.raises(MetrologyError, match="no value"):
        t_factor(0.95, 1e-4)
