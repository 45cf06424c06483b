"""Measurement functions laid out for columns: what is computed, and how little is."""

import numpy as np
import pytest

from calibra_app.metrology.compilation import compile_functions
from calibra_app.metrology.expression import parse


def computed(functions, values):
    """Return the rows of some functions at columns of values."""
    columns = {name: np.asarray(value, dtype=float) for name, value in values.items()}
    points = max((column.size for column in columns.values()), default=1)
    into = np.full((len(functions), points), np.nan)
    compile_functions(functions).fill(columns, into)
    return into


def test_every_function_of_the_grammar_is_computed_as_for_one_point():
    text = (
        "sqrt(x) + exp(y) + log(x) + log10(y) + sin(x) + cos(y) + tan(x) + asin(x) + acos(y)"
        " + atan(x) + atan2(x, y) + abs(-y) + x**2 + x**0.5 + y**-1 + x**y - x/y*pi"
    )
    model, x, y = parse(text), [0.2, 0.5, 0.9], [0.3, 0.6, 0.1]
    functions = [model, model.derivative("x"), model.derivative("y")]
    rows = computed(functions, {"x": x, "y": y})
    for row, function in zip(rows, functions, strict=True):
        for index, value in enumerate(row):
            assert value == pytest.approx(function({"x": x[index], "y": y[index]}), rel=1e-14)


def test_what_is_equal_is_computed_once():
    model = parse("exp(a*b) + (b*a)**2 + exp(a*b)*3")
    steps = compile_functions([model, *model.derivatives().values()]).steps
    assert [step.function for step in steps].count(np.exp) == 1
    assert len(steps) == len({(step.function, step.one, step.other) for step in steps})


def test_a_function_that_is_an_input_or_a_number_is_copied():
    rows = computed([parse("x"), parse("2*pi"), parse("x")], {"x": [1.0, 2.0]})
    assert rows.tolist() == [[1.0, 2.0], [2 * np.pi] * 2, [1.0, 2.0]]


def test_constants_among_the_inputs_are_computed_once_for_all_points():
    functions = [parse("sqrt(c)*x + c"), parse("sqrt(c)"), parse("x*sqrt(c)")]
    for c, x in ((4.0, [1.0, 2.0]), ([4.0, 9.0], 2.0), ([4.0, 9.0], [1.0, 2.0]), (4.0, 2.0)):
        rows = computed(functions, {"c": c, "x": x})
        both, other = np.broadcast_arrays(np.sqrt(c) * np.asarray(x), np.sqrt(c))
        np.testing.assert_array_equal(rows[2], np.atleast_1d(both))
        np.testing.assert_array_equal(rows[1], np.atleast_1d(other))
        np.testing.assert_array_equal(rows[0], np.atleast_1d(both + c))


def test_memory_is_lent_from_step_to_step():
    model = parse("+".join(f"sqrt(x+{number})" for number in range(12)))
    ready = compile_functions([model])
    into = np.empty((1, 5))
    ready.fill({"x": np.arange(5.0)}, into)
    expected = sum(np.sqrt(np.arange(5.0) + number) for number in range(12))
    np.testing.assert_allclose(into[0], expected, rtol=1e-15)


def test_a_step_that_is_not_finite_is_found_behind_a_finite_result():
    ready = compile_functions([parse("atan(1/x)")])
    into, suspects = np.empty((1, 3)), np.zeros(3, dtype=bool)
    with np.errstate(all="ignore"):
        ready.fill({"x": np.array([1.0, 0.0, 2.0])}, into, suspects)
    assert suspects.tolist() == [False, True, False]


def test_a_minus_zero_keeps_its_sign():
    rows = computed([parse("atan2(x*0, -1)"), parse("atan2(x*(-0.0), -1)")], {"x": [1.0, 3.0]})
    assert rows[0].tolist() == [np.pi] * 2
    assert rows[1].tolist() == [-np.pi] * 2
