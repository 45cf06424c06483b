"""Units: D-SI texts, symbols, prefixes, points of zero."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibra_app.metrology.quantity import SYMBOLS, MetrologyError, compatible, convert, unit


@pytest.mark.parametrize(
    ("value", "source", "target", "found"),
    [
        (1.0, r"\kilo\metre\per\hour", r"\metre\per\second", 1 / 3.6),
        (20.0, r"\degreecelsius", r"\kelvin", 293.15),
        (68.0, r"\degreefahrenheit", r"\degreecelsius", 20.0),
        (1.0, r"\bar", r"\kilo\pascal", 100.0),
        (5.0, "mV", "µV", 5000.0),
        (1.0, r"\metre\tothe{2}", r"\milli\metre\tothe{2}", 1e6),
        (1.0, r"\newton\metre", r"\joule", 1.0),
        (180.0, r"\degree", r"\radian", 3.141592653589793),
    ],
)
def test_a_value_is_converted(value, source, target, found):
    assert convert(value, source, target) == pytest.approx(found, rel=1e-12)


def test_a_difference_has_no_point_of_zero():
    assert convert(1.0, "°C", "K", difference=True) == 1.0
    assert convert(9.0, r"\degreefahrenheit", "K", difference=True) == pytest.approx(5.0)


def test_units_of_different_dimension_are_refused():
    assert not compatible("V", "A")
    with pytest.raises(MetrologyError, match="dimension"):
        convert(1.0, "V", "A")


@pytest.mark.parametrize(
    "text", [r"\furlong", r"\kilo", r"\per", "metre", r"\metre\per", r"\tothe{2}", "x" * 300,
             r"\metre\tothe{99}", r"\kilo\kilo\metre"]
)  # fmt: skip
def test_what_is_no_unit_is_refused(text):
    with pytest.raises(MetrologyError):
        unit(text)


@pytest.mark.parametrize("symbol", sorted(SYMBOLS))
def test_every_symbol_names_a_unit(symbol):
    assert unit(symbol).factor > 0


@given(st.floats(-1e6, 1e6), st.sampled_from([("mm", "µm"), ("°C", "K"), ("bar", "psi")]))
def test_there_and_back_is_the_same_value(value, pair):
    there = convert(value, *pair)
    assert convert(there, *reversed(pair)) == pytest.approx(value, rel=1e-9, abs=1e-9)
