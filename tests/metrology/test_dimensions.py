"""Measurement functions against the units of their quantities, before they are kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibra_app.metrology.dimensions import check_units
from calibra_app.metrology.expression import parse
from calibra_app.metrology.grammar import FormulaError
from calibra_app.metrology.quantity import UNITS, MetrologyError

GAS = {"p": "Pa", "V": r"\metre\tothe{3}", "R": r"\joule\per\mole\per\kelvin"}
CALIPER = {"l_i": "mm", "l_S": "mm", "L": "mm", "alpha": r"\kelvin\tothe{-1}", "Dt": "K"}


@pytest.mark.parametrize(
    ("model", "units", "result"),
    [
        ("V/I", {"V": "V", "I": "A"}, "Ω"),
        ("1000*V/I", {"V": "mV", "I": "A"}, "Ω"),
        ("l_i - l_S + L*alpha*Dt", CALIPER, "mm"),
        ("l + d/1000", {"l": "mm", "d": "µm"}, "mm"),
        ("t - t0", {"t": "°C", "t0": "°C"}, "K"),
        ("t - t0", {"t": "°C", "t0": "°C"}, "°C"),
        ("t + dt", {"t": "°C", "dt": "K"}, "°C"),
        ("(t1 + t2)/2", {"t1": "°C", "t2": "°C"}, "°C"),
        ("0.25*t1 + 0.75*t2", {"t1": "°C", "t2": "°C"}, "°C"),
        ("p*V/(R*T)", GAS | {"T": "K"}, r"\mole"),
        ("p*V/(R*(t - t0))", GAS | {"t": "°C", "t0": "°C"}, r"\mole"),
        ("R0*(1 + A*(t - t0) + B*(t - t0)**2)",
         {"R0": "Ω", "A": r"\kelvin\tothe{-1}", "B": r"\kelvin\tothe{-2}", "t": "°C", "t0": "°C"},
         "Ω"),
        ("sin(phi*pi/180)", {"phi": "°"}, ""),
        ("sin(phi)", {"phi": r"\radian"}, "1"),
        ("2*pi*sqrt(L/g)", {"L": "m", "g": r"\metre\per\second\tothe{2}"}, "s"),
        ("sqrt(a**2 + b**2)", {"a": "V", "b": "V"}, "V"),
        ("a**(1/2)", {"a": r"\metre\tothe{2}"}, "m"),
        ("x**y", {"x": "", "y": ""}, ""),
        ("atan2(x, y)", {"x": "mm", "y": "mm"}, r"\radian"),
        ("10*log10(P/Q)", {"P": "W", "Q": "W"}, r"\decibel"),
        ("1 + r/100", {"r": "%"}, ""),
        ("-abs(d)", {"d": "mm"}, "mm"),
        ("1/f", {"f": "Hz"}, "s"),
    ],
)  # fmt: skip
def test_a_function_that_fits_its_units_is_taken(model, units, result):
    check_units(model, units, result)


@pytest.mark.parametrize(
    ("model", "units", "result", "part", "words"),
    [
        ("l_i + V", {"l_i": "mm", "V": "V"}, "mm", "l_i + V", "different kinds"),
        ("2*(l + d)", {"l": "mm", "d": "µm"}, "mm", "l + d", "one unit first"),
        ("1 + r", {"r": "%"}, "", "1 + r", "one unit first"),
        ("1 + a*(t - 20)", {"t": "°C", "a": "m"}, "", "t - 20", "input quantity with its unit"),
        ("p*V/(R*T)", GAS | {"T": "°C"}, r"\mole", "T", "kelvin"),
        ("t1 + t2", {"t1": "°C", "t2": "°C"}, "°C", "t1 + t2", "do not cancel"),
        ("t + dt", {"t": "°C", "dt": "K"}, "K", "t + dt", "its own zero"),
        ("abs(t)", {"t": "°C"}, "°C", "t", "not an amount"),
        ("x + sin(phi)", {"x": "", "phi": "°"}, "", "phi", "radian"),
        ("exp(l)", {"l": "mm"}, "", "l", "plain number"),
        ("log(p/q)", {"p": "kPa", "q": "Pa"}, "", "p/q", "units of 1000"),
        ("m**n", {"m": "kg", "n": ""}, "kg", "m", "exponent"),
        ("m**l", {"m": "", "l": "mm"}, "", "l", "exponent"),
        ("atan2(x, y)", {"x": "mm", "y": "V"}, "", "atan2(x, y)", "one unit"),
        ("V/I", {"V": "mV", "I": "A"}, "Ω", "V/I", "0.001 Ω"),
        ("V*I", {"V": "V", "I": "A"}, "Ω", "V*I", "not Ω"),
        ("V + W", {"V": "V"}, "V", "W", "not an input quantity"),
        ("V + x[0]", {"V": "V"}, "V", "[", "not allowed"),
        ("V/0", {"V": "V"}, "V", "V/0", "zero"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_at_its_place(model, units, result, part, words):
    with pytest.raises(FormulaError, match=words) as refusal:
        check_units(model, units, result)
    assert model[refusal.value.start : refusal.value.end] == part
    assert f"position {refusal.value.start + 1}" in str(refusal.value)


def test_an_unknown_unit_names_its_quantity():
    with pytest.raises(MetrologyError, match=r"unit of a: unknown unit \\furlong"):
        check_units("a", {"a": r"\furlong"}, "m")


@pytest.mark.parametrize(
    ("text", "start"),
    [("  x[0]", 3), ("x +", 3), ("a + b)", 5), ("x\n + foo(y)", 5), ("x + 0x10", 4),
     ("x + y.z", 4), ("sqrt(x, y) + 1", 0), ("\t x y", 4)],
)  # fmt: skip
def test_what_is_not_in_the_grammar_is_refused_at_its_place(text, start):
    with pytest.raises(FormulaError) as refusal:
        parse(text)
    assert refusal.value.start == start


@given(st.sampled_from(sorted(UNITS)), st.sampled_from(sorted(UNITS)))
def test_a_product_over_one_of_its_factors_has_the_unit_of_the_other(one, other):
    units = {"a": f"\\{one}", "b": f"\\{other}"}
    if UNITS[one].offset or UNITS[other].offset:
        return
    check_units("a*b/b", units, units["a"])
    check_units("(a*b)**2/(b*a)", units, units["a"] + units["b"])
