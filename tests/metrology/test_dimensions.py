"""Measurement functions against the units of their quantities, before they are kept."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calibra_app.metrology.dimensions import check_units
from calibra_app.metrology.expression import parse
from calibra_app.metrology.grammar import FormulaError
from calibra_app.metrology.quantity import UNITS, MetrologyError, convert

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
        ("pi*d**2/4", {"d": "mm"}, "mm²"),
        ("(tf - t0)*5/9", {"tf": r"\degreefahrenheit", "t0": r"\degreefahrenheit"}, "K"),
        ("60*v", {"v": "m/s"}, "m/min"),
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
        ("atan2(t, s)", {"t": "K", "s": "°C"}, "", "s", "not an amount"),
        ("pi*d", {"d": "mm"}, "m", "pi*d", "0.001 m"),
        ("0.75*a + b", {"a": "mm", "b": "µm"}, "mm", "0.75*a + b", "one unit first"),
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


LENGTHS = ("m", "mm", "µm", r"\inch")
SHARES = ("1", "%", "ppm")
TEMPERATURES = ("K", "mK", "°C", r"\degreefahrenheit")
RESULTS = (*LENGTHS, *SHARES, *TEMPERATURES, "mm²", "1/m", "mm·K", "µm/K", "mm/mm", "°")
COHERENT = dict.fromkeys(LENGTHS, "m") | dict.fromkeys(SHARES, "1")
COHERENT |= dict.fromkeys(TEMPERATURES, "K") | {"mm²": "m²", "1/m": "1/m", "mm·K": "m·K"}
COHERENT |= {"µm/K": "m/K", "mm/mm": "1", "°": "1"}

# Without numbers as factors: they may be meant to convert, and are taken as such.
formulas = st.recursive(
    st.sampled_from([*"abcdts", "0"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*", "/"]), inner).map(
            lambda parts: f"({parts[0]} {parts[1]} {parts[2]})"
        ),
        st.tuples(st.sampled_from(["sqrt", "abs", "exp", "sin", "log"]), inner).map(
            lambda parts: f"{parts[0]}({parts[1]})"
        ),
        inner.map(lambda part: f"({part})**2"),
        inner.map(lambda part: f"(-{part})"),
    ),
    max_leaves=6,
)
chosen = st.fixed_dictionaries({
    "a": st.sampled_from(LENGTHS), "b": st.sampled_from(LENGTHS), "c": st.sampled_from(SHARES),
    "d": st.sampled_from(SHARES), "t": st.sampled_from(TEMPERATURES),
    "s": st.sampled_from(TEMPERATURES),
})  # fmt: skip


def accepted_units(model, units):
    for result in RESULTS:
        try:
            check_units(model, units, result)
        except FormulaError:
            continue
        yield result


@settings(max_examples=800)
@given(formulas, chosen)
def test_what_is_taken_computes_the_same_in_coherent_units(model, units):
    values = {"a": 3.0, "b": 1.7, "c": 0.6, "d": 1.3, "t": 35.0, "s": 21.5}
    coherent = {name: convert(values[name], units[name], COHERENT[units[name]]) for name in values}
    formula = parse(model)
    for result in accepted_units(model, units):
        try:
            typed, known = formula(values), formula(coherent)
        except MetrologyError:
            continue  # a root of a negative number, a division by zero
        # In °C a difference is stated as well as a temperature.
        stated = [
            convert(typed, result, COHERENT[result], difference=difference)
            for difference in (True, False)
        ]
        assert any(known == pytest.approx(each, rel=1e-6, abs=1e-9) for each in stated), result


@given(st.text(alphabet="ab+-*/()., 012.5epiqrstx", max_size=30), chosen)
def test_any_text_is_checked_or_refused_at_a_place_within_it(text, units):
    refusal = refusal_of(text, units)
    assert refusal is None or 0 <= refusal.start <= refusal.end <= len(text)


def refusal_of(text, units):
    try:
        check_units(text, units, "mm")
    except FormulaError as refusal:
        return refusal
    return None
