"""The measurement engine beside GTC and bare numpy: tables, one point, a function, Monte Carlo.

Both sides of a row run in this process, in turns and in random order, on the same figures, and
have to agree before they are timed. A row's ratio is the median over blocks of the ratio within a
block: a machine that slows down halfway slows down both sides of a block. Times are those of the
processor: a long deed is interrupted by others more often than a short one, and they are not its.
"""

import math
import statistics
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import count
from typing import Any

import GTC
import numpy as np

from benches.engine_models import MODELS, TableModel
from benches.engine_rows import Row, in_blocks, milliseconds, row, row_of_limit
from benches.engine_trials import NOTE as NOTE_OF_TRIALS
from benches.engine_trials import monte_carlo_rows
from calibra_app.demo.cmc import cmc_of
from calibra_app.demo.instruments import instrument
from calibra_app.demo.readings import observation, sheet_of
from calibra_app.demo.standards import BY_ASSET
from calibra_app.metrology.compilation import compile_functions
from calibra_app.metrology.coverage import Coverage, Method, coverage_factor
from calibra_app.metrology.expression import parse
from calibra_app.metrology.probability import t_factor
from calibra_app.metrology.propagation import InputQuantity, propagate
from calibra_app.metrology.table import Column, PropagatedTable, evaluate_table
from calibra_app.procedures.base import Run
from calibra_app.procedures.registry import evaluate_point, plan_points
from calibra_app.procedures.templates import Template, templates

POINTS = 1000
BLOCKS, ROUNDS = 15, 20
PROBABILITY = 0.9545
GTC_AT_LEAST, NUMPY_AT_MOST = 100.0, 3.0
POINT_MS, COMPILE_MS = 1.0, 2.0
COVERAGE = Coverage(Method.T, PROBABILITY)
NOTE = (
    f"Times of the processor. Tables of {POINTS:,} points; value and u differ from point to point,"
    " degrees of freedom from input to input. Calibra: from the formula as text (read before, as in"
    " a sheet) and arrays to y, sensitivities, contributions, u_c, nu_eff, k by Student's t of"
    " whole nu_eff, U, with all figures checked. GTC, point by point: ureal for each input, the"
    " same formula, y, u, df, k_factor(df), U and component() of each input. Bare numpy: partial"
    " derivatives written out by hand with shared terms, contributions, u_c, nu_eff, k looked up in"
    " a list of factors made beforehand, U; nothing checked. Medians of"
    f" {BLOCKS} blocks: a block is {ROUNDS} tables by Calibra and {ROUNDS} by numpy, or one by GTC,"
    " in random order. One point: everything anew after a figure was typed, formula known. A"
    " function: from text never seen before to the steps that compute it with all its derivatives."
    f" {NOTE_OF_TRIALS}"
)


@dataclass(frozen=True)
class Given:
    """The figures of a table: values and u by point, degrees of freedom by input."""

    values: Mapping[str, Any]
    uncertainties: Mapping[str, Any]
    degrees: Mapping[str, float]


def run() -> list[Row]:
    """Measure everything; return one row for each comparison."""
    rows = [found for name, model in MODELS.items() for found in _table_rows(name, model)]
    return [*rows, *_point_rows(), *_compile_rows(), *monte_carlo_rows()]


def _given(model: TableModel) -> Given:
    generator = np.random.default_rng(17025)
    return Given(
        {
            name: value + 3 * u * generator.uniform(-1, 1, POINTS)
            for name, (value, u, _) in model.inputs.items()
        },
        {name: u * generator.uniform(0.8, 1.2, POINTS) for name, (_, u, _) in model.inputs.items()},
        {name: degrees for name, (_, _, degrees) in model.inputs.items()},
    )


def _table_rows(name: str, model: TableModel) -> list[Row]:
    at = _given(model)
    factors = np.array([math.inf, *(t_factor(PROBABILITY, nu) for nu in range(1, 5000))])
    _agree(model, at, factors)
    numpy_side = in_blocks(
        lambda: _by_calibra(model, at), lambda: _by_numpy(model, at, factors), BLOCKS, ROUNDS
    )
    gtc_side = in_blocks(
        lambda: _by_calibra(model, at),
        lambda: [_by_gtc(model, at, index) for index in range(POINTS)],
        BLOCKS,
        ROUNDS,
        1,
    )
    return [
        row(name, "GTC, point by point", gtc_side, at_least=GTC_AT_LEAST),
        row(name, "bare numpy by hand", numpy_side, at_most=NUMPY_AT_MOST),
    ]


def _by_calibra(model: TableModel, at: Given) -> PropagatedTable:
    columns = [
        Column(name, at.values[name], at.uncertainties[name], at.degrees[name])
        for name in model.inputs
    ]
    return evaluate_table(parse(model.text), columns, coverage=COVERAGE)


def _by_gtc(model: TableModel, at: Given, index: int) -> tuple[float, ...]:
    inputs = [
        GTC.ureal(
            float(at.values[name][index]), float(at.uncertainties[name][index]), at.degrees[name]
        )
        for name in model.inputs
    ]
    y = model.by_gtc(*inputs)
    k = GTC.reporting.k_factor(y.df, 100 * PROBABILITY)
    return (y.x, y.u, y.df, k, k * y.u, *(GTC.component(y, each) for each in inputs))


def _by_numpy(model: TableModel, at: Given, factors: Any) -> tuple[Any, ...]:
    y, slopes = model.by_numpy(**at.values)
    contributions = [
        slope * at.uncertainties[name] for name, slope in zip(model.inputs, slopes, strict=True)
    ]
    squares = [each * each for each in contributions]
    variance = squares[0]
    for square in squares[1:]:
        variance = variance + square
    u = np.sqrt(variance)
    penalty = 0.0
    for degrees, square in zip(at.degrees.values(), squares, strict=True):
        if degrees < math.inf:
            penalty = penalty + square * square / degrees
    nu = variance * variance / penalty
    k = factors[nu.astype(int)]
    return y, u, nu, k, k * u, contributions


def _agree(model: TableModel, at: Given, factors: Any) -> None:
    """Compare all three sides before they are timed.

    Raises:
        ValueError: They differ.
    """
    table, by_hand = _by_calibra(model, at), _by_numpy(model, at, factors)
    for one, other in (
        (table.values, by_hand[0]),
        (table.combined_standard_uncertainties, by_hand[1]),
        (table.degrees_of_freedom, by_hand[2]),
        (table.expanded_uncertainties, by_hand[4]),
    ):
        if not np.allclose(one, other, rtol=1e-11, atol=0):
            raise ValueError(f"{model.text}: Calibra and numpy differ")
    for index in range(0, POINTS, POINTS // 10):
        y, u, nu, *_ = _by_gtc(model, at, index)
        ours = (
            table.values[index],
            table.combined_standard_uncertainties[index],
            table.degrees_of_freedom[index],
        )
        if not np.allclose((y, u, nu), ours, rtol=1e-11, atol=0):
            raise ValueError(f"{model.text}: Calibra and GTC differ")


def _point_rows() -> list[Row]:
    rows: list[Row] = []
    for name, model in MODELS.items():
        expression = parse(model.text)
        typed = count()

        def budget(
            model: TableModel = model, expression: Any = expression, typed: Any = typed
        ) -> float:
            inputs = [
                InputQuantity(one, value + 1e-9 * next(typed) * u, u, degrees)
                for one, (value, u, degrees) in model.inputs.items()
            ]
            result = propagate(expression, inputs)
            k = coverage_factor(COVERAGE, result.degrees_of_freedom)
            return k * result.combined_standard_uncertainty

        rows.append(row_of_limit(f"one point, {name}", milliseconds(budget), POINT_MS))
    sheet = milliseconds(_sheet_point())
    rows.append(row_of_limit("one point of a multimeter's sheet", sheet, POINT_MS))
    designed = sorted(
        ((milliseconds(_designed(each)), each.key) for each in templates()),
        key=lambda found: statistics.median(found[0]),
    )
    for which, (found, key) in (
        ("median", designed[len(designed) // 2]),
        ("slowest", designed[-1]),
    ):
        what = f"one point, {which} of {len(designed)} designed sheets: {key}"
        rows.append(row_of_limit(what, found, POINT_MS))
    return rows


def _sheet_point() -> Callable[[], object]:
    """Return the evaluation of a sheet's point, as it is asked for at every key."""
    item, seen = instrument(8), observation(8)
    sheet = sheet_of(seen.as_found)
    standards = [BY_ASSET[asset].as_reference() for asset in item.standards]
    point = plan_points(item.procedure, item.version, item.parameters)[0]
    cmc, typed = cmc_of(item.procedure), count()

    def evaluated() -> object:
        first, *others = sheet[point.key]
        readings = (first + Decimal(next(typed) % 7) * point.resolution, *others)
        return evaluate_point(
            item.procedure,
            item.version,
            point,
            readings,
            standards,
            dict(seen.environment),
            item.parameters,
            item.rule,
            cmc,
            {**sheet, point.key: readings},
        ).as_json()

    return evaluated


def _designed(template: Template) -> Callable[[], object]:
    """Return the evaluation of the point of a designed sheet after one of its readings changed."""
    bench = template.example.run_values()
    design = template.design
    key = next(iter(template.example.expected))
    point = next(each for each in design.plan(bench.parameters) if each.key == key)
    typed = count()

    def evaluated() -> object:
        first, *others = bench.sheet[point.key]
        readings = (first + Decimal(next(typed) % 7) * point.resolution, *others)
        return design.evaluate(
            Run(
                point=point,
                readings=readings,
                parameters=bench.parameters,
                standards=bench.standards,
                environment=bench.environment,
                rule=bench.rule,
                sheet={**bench.sheet, point.key: readings},
            )
        ).as_json()

    return evaluated


def _compile_rows() -> list[Row]:
    rows: list[Row] = []
    for name, model in MODELS.items():
        number = count()

        def compiled(model: TableModel = model, number: Any = number) -> object:
            # A text that was never seen: nothing of it can be remembered.
            expression = parse(f"{model.text} + 1e-30*{next(number)}.5")
            return compile_functions([expression, *expression.derivatives().values()])

        rows.append(
            row_of_limit(f"a function never seen, {name}", milliseconds(compiled), COMPILE_MS)
        )
    return rows
