"""A table of points at once: the figures of each point alone, and nothing but those."""

import math

import GTC
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benches.engine_models import MODELS
from calibra_app.metrology.coverage import Coverage, Method, coverage_factor
from calibra_app.metrology.expression import parse
from calibra_app.metrology.propagation import Correlations, InputQuantity, propagate
from calibra_app.metrology.quantity import MetrologyError
from calibra_app.metrology.table import Column, evaluate_table

NAMES = ("a", "b", "c")
numbers = st.floats(-50, 50).map(lambda value: round(value, 3))
uncertainties = st.one_of(st.just(0.0), st.floats(1e-6, 2))
degrees = st.one_of(st.just(math.inf), st.floats(1, 200))
points = st.lists(
    st.tuples(*(st.tuples(numbers, uncertainties, degrees) for _ in NAMES)), min_size=1, max_size=9
)
COVERAGES = [
    Coverage(Method.FIXED, factor=2.5),
    Coverage(Method.NORMAL, 0.95),
    Coverage(Method.T, 0.95),
    Coverage(Method.T, 0.9545, truncate=False),
    Coverage(Method.RECTANGULAR, 0.95),
    Coverage(Method.TRAPEZOIDAL, 0.95, half_widths=(2.0, 1.0)),
]


def texts(operators, functions):
    """Return formulas over a, b and c."""
    leaves = st.one_of(st.sampled_from(NAMES), st.sampled_from(["0.5", "2", "pi", "3.25"]))
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.tuples(inner, st.sampled_from(operators), inner).map(lambda t: f"({''.join(t)})"),
            st.tuples(st.sampled_from(functions), inner).map(lambda t: f"{t[0]}({t[1]})"),
        ),
        max_leaves=9,
    )


arithmetic = texts(["+", "-", "*", "/"], ["sqrt", "abs", "-"])
anything = texts(
    ["+", "-", "*", "/", "**"],
    ["sqrt", "abs", "-", "exp", "log", "log10", "sin", "cos", "tan", "atan"],
)


def columns_of(rows):
    """Return the columns of a table from its points."""
    return [
        Column(name, *(np.array([row[place][part] for row in rows]) for part in range(3)))
        for place, name in enumerate(NAMES)
    ]


def alone(model, row, correlations=None, **choices):
    """Return the figures of one point by itself, or the sentence that refuses it."""
    inputs = [InputQuantity(name, *figures) for name, figures in zip(NAMES, row, strict=True)]
    try:
        return propagate(model, inputs, correlations, **choices)
    except MetrologyError as error:
        return str(error)


@settings(max_examples=200, deadline=None)
@given(arithmetic, points)
def test_values_and_slopes_of_a_table_are_those_of_each_point_to_the_last_bit(text, rows):
    model = parse(text)
    table = evaluate_table(model, columns_of(rows), leave_out=True)
    for index, row in enumerate(rows):
        point = alone(model, row)
        if isinstance(point, str):
            assert table.refusals[index] == point
            assert math.isnan(table.expanded_uncertainties[index])
            continue
        assert table.values[index] == point.value
        for name in NAMES:
            assert table.sensitivities[name][index] == point.sensitivities[name]
            assert table.contributions[name][index] == point.contributions[name]


def shaken(row, part):
    """Return a point whose values are moved in their last digits."""
    return [(value * (1 + part), u, freedom) for value, u, freedom in row]


def is_steady(model, row):
    """Tell whether the last digits of the inputs do not decide: a sine of 1e20 has none left."""
    found = [alone(model, shaken(row, part)) for part in (-2e-15, 0.0, 2e-15)]
    if any(isinstance(one, str) for one in found):
        return all(isinstance(one, str) for one in found)
    spreads = [one.combined_standard_uncertainty for one in found]
    return max(spreads) - min(spreads) <= 1e-10 * max(spreads)


@settings(max_examples=200, deadline=None)
@given(anything, points, st.sampled_from(COVERAGES))
def test_uncertainties_of_a_table_are_those_of_each_point(text, rows, coverage):
    model = parse(text)
    table = evaluate_table(model, columns_of(rows), coverage=coverage, leave_out=True)
    for index, row in enumerate(rows):
        if not is_steady(model, row):
            continue
        point = alone(model, row)
        assert (index in table.refusals) == isinstance(point, str)
        if isinstance(point, str):
            continue
        assert table.combined_standard_uncertainties[index] == pytest.approx(
            point.combined_standard_uncertainty, rel=1e-7
        )
        freedom = table.degrees_of_freedom[index]
        assert freedom == pytest.approx(point.degrees_of_freedom, rel=1e-5)
        assert table.coverage_factors[index] == pytest.approx(
            coverage_factor(coverage, freedom), rel=1e-12
        )
        assert table.expanded_uncertainties[index] == pytest.approx(
            table.coverage_factors[index] * table.combined_standard_uncertainties[index], rel=1e-15
        )


@pytest.mark.parametrize("name", MODELS)
def test_a_table_agrees_with_gtc_at_every_point(name):
    model, size = MODELS[name], 40
    generator = np.random.default_rng(5)
    columns = [
        Column(one, value + u * generator.uniform(-3, 3, size), np.full(size, u), freedom)
        for one, (value, u, freedom) in model.inputs.items()
    ]
    coverage = Coverage(Method.T, 0.95, truncate=False)
    table = evaluate_table(parse(model.text), columns, coverage=coverage)
    for index in range(size):
        inputs = [
            GTC.ureal(float(one.values[index]), float(one.standard_uncertainties[index]), freedom)
            for one, (_, _, freedom) in zip(columns, model.inputs.values(), strict=True)
        ]
        y = model.by_gtc(*inputs)
        assert table.values[index] == pytest.approx(y.x, rel=1e-13)
        assert table.combined_standard_uncertainties[index] == pytest.approx(y.u, rel=1e-12)
        assert table.degrees_of_freedom[index] == pytest.approx(y.df, rel=1e-11)
        assert table.coverage_factors[index] == pytest.approx(
            GTC.reporting.k_factor(y.df, 95), rel=1e-11
        )
        for column, one in zip(columns, inputs, strict=True):
            assert abs(table.contributions[column.name][index]) == pytest.approx(
                GTC.component(y, one), rel=1e-11
            )


@pytest.mark.parametrize("name", MODELS)
def test_the_hand_written_slopes_of_the_benchmark_are_those_of_the_engine(name):
    model = MODELS[name]
    values = {one: np.array([value]) for one, (value, _, _) in model.inputs.items()}
    y, slopes = model.by_numpy(**values)
    expression = parse(model.text)
    at = {one: float(value[0]) for one, value in values.items()}
    assert y[0] == pytest.approx(expression(at), rel=1e-13)
    for one, slope in zip(model.inputs, slopes, strict=True):
        assert slope[0] == pytest.approx(expression.derivative(one)(at), rel=1e-11)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["a*b - c", "a - b", "a/b + b/c", "a + b + c"]),
    points,
    st.sampled_from([-1.0, -0.5, 0.3, 1.0]),
)
def test_correlated_columns_give_the_figures_of_each_point(text, rows, coefficient):
    model, pairs = parse(text), Correlations({("a", "b"): coefficient})
    table = evaluate_table(model, columns_of(rows), pairs, leave_out=True)
    for index, row in enumerate(rows):
        point = alone(model, row, pairs)
        if isinstance(point, str):
            assert table.refusals[index] == point
            continue
        assert table.combined_standard_uncertainties[index] == pytest.approx(
            point.combined_standard_uncertainty, rel=1e-9
        )
        assert table.degrees_of_freedom[index] == pytest.approx(point.degrees_of_freedom, rel=1e-8)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(["a**2", "a*b", "a**2.5 + b", "exp(a/20)*b - c", "a/b", "3*c"]), points)
def test_the_second_order_of_a_table_is_that_of_each_point(text, rows):
    model = parse(text)
    table = evaluate_table(model, columns_of(rows), second_order=True, leave_out=True)
    for index, row in enumerate(rows):
        point = alone(model, row, second_order=True)
        if isinstance(point, str):
            assert table.refusals[index] == point
        else:
            assert table.combined_standard_uncertainties[index] == pytest.approx(
                point.combined_standard_uncertainty, rel=1e-7
            )


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 17, 64, 1000])
@pytest.mark.parametrize(
    ("text", "outside"),
    [
        ("sqrt(x)", -1.0), ("log(x)", 0.0), ("log(x)", -2.0), ("log10(x)", 0.0), ("1/x", 0.0),
        ("asin(x)", 1.5), ("acos(x)", -1.5), ("exp(x)", 800.0), ("x**0.5", -1.0),
        ("x**-1", 0.0), ("(x - 3)**0.3", 1.0), ("x*1e-200*1e300", 1e210), ("x**400", 10.0),
        # The infinite step hides behind a finite result.
        ("atan(1/x)", 0.0), ("1/(1/x)", 0.0), ("exp(-1/x**2)", 0.0), ("atan2(1, exp(x))", 800.0),
        ("sqrt(abs(x))", 0.0), ("1/exp(x)", 800.0),
    ],
)  # fmt: skip
def test_a_point_outside_the_domain_is_named_wherever_it_stands(text, outside, size):
    inside = 3.5 if "x - 3" in text else 0.25
    for place in {0, size // 2, size - 1}:
        values = np.full(size, inside)
        values[place] = outside
        columns = [Column("x", values, 0.01)]
        table = evaluate_table(parse(text), columns, leave_out=True)
        assert list(table.refusals) == [place]
        assert np.isnan(table.values[place])
        assert np.isfinite(np.delete(table.expanded_uncertainties, place)).all()
        with pytest.raises(MetrologyError, match=rf"point {place + 1}: model: not defined"):
            evaluate_table(parse(text), columns)


def test_a_table_says_how_many_points_are_outside():
    with pytest.raises(MetrologyError, match=r"point 2 \(and 1 more\): model: not defined"):
        evaluate_table(parse("sqrt(x)"), [Column("x", np.array([1.0, -1.0, 4.0, -9.0]), 0.1)])


@pytest.mark.parametrize(
    ("column", "sentence"),
    [
        (Column("x", np.array([1.0, math.nan]), 0.1), "point 2: x: expected a number"),
        (Column("x", np.array([math.inf, 1.0]), 0.1), "point 1: x: expected a number"),
        (Column("x", math.nan, 0.1), "x: expected a number"),
        (Column("x", np.array([1.0, 2.0]), np.array([0.1, -0.1])), "point 2: x: u is"),
        (Column("x", np.array([1.0, 2.0]), np.array([math.nan, 0.1])), "point 1: x: u is"),
        (Column("x", np.array([1.0, 2.0]), np.array([0.1, math.inf])), "point 2: x: u is"),
        (Column("x", np.array([1.0, 2.0]), -0.1), "x: u is"),
        (Column("x", 1.0, 0.1, 0.0), "x: degrees of freedom are positive"),
        (Column("x", np.ones(2), 0.1, np.array([3.0, -1.0])), "point 2: x: degrees"),
        (Column("x", np.ones((2, 2)), 0.1), "x: expected one number for each point"),
        (Column("x", np.ones(2), np.ones(3)), "x: expected 2 points"),
        (Column("x", np.ones(0), 0.1), "a table has 1 to"),
        (Column("x", ["one"], 0.1), "x: expected numbers"),
        (Column("z", 1.0, 0.1), "model: x is not an input quantity"),
    ],
)
def test_a_column_that_is_not_one_of_numbers_is_refused_by_name_and_point(column, sentence):
    for text in ("x + 1", "1/x"):
        with pytest.raises(MetrologyError, match=sentence):
            evaluate_table(parse(text), [column])


def test_a_name_given_twice_is_refused():
    with pytest.raises(MetrologyError, match="given twice"):
        evaluate_table(parse("x"), [Column("x", 1.0), Column("x", 2.0)])


def test_numbers_stand_for_whole_columns():
    table = evaluate_table(parse("V/I"), [Column("V", [1, 2, 4], 0.01), Column("I", 2)])
    assert table.values.tolist() == [0.5, 1.0, 2.0]
    assert table.combined_standard_uncertainties.tolist() == [0.005] * 3
    assert table.sensitivities["I"].tolist() == [0.0] * 3


def test_a_table_of_numbers_alone_has_one_point():
    table = evaluate_table(parse("V/I"), [Column("V", 3.0, 0.1, 9.0), Column("I", 2.0, 0.0)])
    assert table.values.tolist() == [1.5]
    assert table.degrees_of_freedom.tolist() == [pytest.approx(9.0)]


@given(points, st.integers(-6, 6))
def test_the_unit_of_an_input_changes_nothing_but_the_scale(rows, power):
    factor = 10.0**power
    one = evaluate_table(parse("a*b + c"), columns_of(rows))
    scaled = [
        tuple((value * factor, u * factor, freedom) if name != "b" else (value, u, freedom)
              for name, (value, u, freedom) in zip(NAMES, row, strict=True))
        for row in rows
    ]  # fmt: skip
    other = evaluate_table(parse("a*b + c"), columns_of(scaled))
    np.testing.assert_allclose(
        other.expanded_uncertainties, one.expanded_uncertainties * factor, rtol=1e-6
    )


@given(points)
def test_the_order_of_the_columns_does_not_matter(rows):
    columns = columns_of(rows)
    one, other = (evaluate_table(parse("a*b + c"), way) for way in (columns, columns[::-1]))
    np.testing.assert_allclose(other.expanded_uncertainties, one.expanded_uncertainties, rtol=1e-6)


def test_contributions_of_a_lost_size_are_still_added():
    columns = [Column("a", np.zeros(3), 3e-200, 4.0), Column("b", np.zeros(3), 4e-200)]
    table = evaluate_table(parse("a + b"), columns)
    assert table.combined_standard_uncertainties.tolist() == [pytest.approx(5e-200, abs=0)] * 3
    assert table.degrees_of_freedom.tolist() == [pytest.approx(30.864, rel=1e-4)] * 3


def test_contributions_too_large_to_be_added_are_refused():
    columns = [Column("a", np.array([1.0, 1e150]), 1.0), Column("b", 1.0, 1e200)]
    with pytest.raises(MetrologyError, match=r"point 2: u_c: the contributions are too large"):
        evaluate_table(parse("a*b"), columns)


def test_a_fully_compensated_point_has_no_uncertainty_and_endless_freedom():
    columns = [Column("a", np.array([5.0, 6.0]), 0.2, 9.0), Column("b", 4.0, 0.2, 9.0)]
    table = evaluate_table(parse("a - b"), columns, Correlations({("a", "b"): 1.0}))
    assert table.combined_standard_uncertainties.tolist() == [0.0, 0.0]
    assert table.degrees_of_freedom.tolist() == [math.inf, math.inf]


def test_a_table_too_large_for_the_machine_is_refused():
    names = [f"x{number}" for number in range(31)]
    columns = [Column(name, 1.0, 0.1) for name in names]
    assert evaluate_table(parse("+".join(names[:20])), columns).values.tolist() == [20.0]
    left, right = "+".join(names[:16]), "+".join(names[16:])
    with pytest.raises(MetrologyError, match="at most 30 input quantities"):
        evaluate_table(parse(f"({left})*({right})"), columns, second_order=True)
    with pytest.raises(MetrologyError, match="1 to 100000 points"):
        evaluate_table(parse("x"), [Column("x", np.zeros(100_001), 0.1)])


def test_second_order_of_absurd_sizes_is_refused_with_a_sentence():
    with pytest.raises(MetrologyError, match="too large"):
        evaluate_table(parse("a**2"), [Column("a", 1e100, 1e200)], second_order=True)


def test_second_order_with_correlation_is_refused():
    with pytest.raises(MetrologyError, match="uncorrelated"):
        evaluate_table(
            parse("a*b"),
            [Column("a", 1.0, 0.1), Column("b", 1.0, 0.1)],
            Correlations({("a", "b"): 0.5}),
            second_order=True,
        )
