"""The grammar of measurement functions: what it computes, and everything it refuses."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calibra_app.metrology.expression import parse
from calibra_app.metrology.quantity import MetrologyError


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("-x**2", -4.0),
        ("2**3**2", 512.0),
        ("x/y/2", 1 / 3),
        ("atan2(x, y)", math.atan2(2, 3)),
        ("abs(-x) + sqrt(y*y)", 5.0),
        ("2*pi", 2 * math.pi),
        ("1e-3*x", 0.002),
        ("log10(100) + log(exp(1))", 3.0),
    ],
)
def test_the_grammar_computes(text, value):
    assert parse(text)({"x": 2.0, "y": 3.0}) == pytest.approx(value)


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('id')", "x.__class__", "x[0]", "lambda: x", "(x for x in y)",
        "[x]", "{x}", "x if y else z", "x and y", "not x", "x == y", "x < y", "open('f')",
        "exec('1')", "eval('1')", "globals()", "x := 1", "x; y", "x = 1", "import os",
        "f'{x}'", "'text'", "b'x'", "1j", "True", "None", "...", "sqrt", "sqrt()", "sqrt(x, y)",
        "sqrt(*x)", "sqrt(x=1)", "atan2(x)", "x // y", "x % y", "x @ y", "x & y", "~x", "x << 2",
        "", "   ", "(", "x +", "#", "x\x00", "\u03c0", "x\u200b", "\uff58", "\\", "x!", "$x",
        "__builtins__", "getattr(x, y)", "await x", "yield x", "1" * 2000, "(" * 400 + ")" * 400,
        "-" * 900 + "x", "+".join(["x"] * 400), "sqrt(" * 100 + "x" + ")" * 100, "1e999",
    ],
)  # fmt: skip
def test_what_is_not_in_the_grammar_is_refused(text):
    with pytest.raises(MetrologyError, match="model"):
        parse(text)


@pytest.mark.parametrize(
    "text", ["9**9**9**9", "exp(1e9)", "1/0", "sqrt(-1)", "(-8)**0.5", "log(0)"]
)
def test_what_is_not_defined_is_refused_when_it_is_evaluated(text):
    with pytest.raises(MetrologyError, match="not defined"):
        parse(text)({})


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="xy()+-*/. ,0123456789sqrtloge_[]'\"", max_size=60))
def test_any_text_is_a_formula_or_a_refusal(text):
    try:
        expression = parse(text)
        expression(dict.fromkeys(expression.names, 1.5))
    except MetrologyError:
        pass


@pytest.mark.parametrize(
    "text",
    [
        "x*y + x/y", "x**3*y**-2", "x**y", "sqrt(x) + exp(-x*y)", "sin(x)*cos(y) + tan(x/4)",
        "asin(x/9) + acos(y/9) + atan(x*y)", "atan2(x, y)", "log(x) + log10(y)", "abs(x - y)*x",
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["x", "y"])
def test_a_derivative_agrees_with_its_difference_quotient(text, name):
    expression, step = parse(text), 1e-5
    at = {"x": 1.3, "y": 2.1}
    low, high = at | {name: at[name] - step}, at | {name: at[name] + step}
    quotient = (expression(high) - expression(low)) / (2 * step)
    assert expression.derivative(name)(at) == pytest.approx(quotient, rel=1e-7, abs=1e-9)


def test_a_derivative_at_zero_of_a_square_exists():
    assert parse("x**2").derivative("x").derivative("x")({"x": 0.0}) == 2.0
