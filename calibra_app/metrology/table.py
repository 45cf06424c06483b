"""A measurement function for a whole table of points at once, by the law of propagation.

Every point gets the figures of `propagation.propagate`; only the arithmetic runs column by column.
A point that is not ordinary (not defined, overflowing, fully compensated) is handed to
`propagate` itself, so that there is one opinion about it and one sentence.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from calibra_app.metrology.compilation import Mask, Steps, compile_functions
from calibra_app.metrology.coverage import Coverage, coverage_factors
from calibra_app.metrology.expression import Array, Expression
from calibra_app.metrology.grammar import ZERO
from calibra_app.metrology.propagation import (
    Correlations,
    InputQuantity,
    Propagation,
    derivatives_of,
    propagate,
)
from calibra_app.metrology.quantity import MetrologyError

MOST_POINTS: Final = 100_000
MOST_OF_SECOND_ORDER: Final = 30
# Fourth powers of contributions beyond these lose digits, or all of themselves.
_SMALLEST_VARIANCE: Final = 1e-140
_LARGEST_VARIANCE: Final = 1e140
# Where correlation leaves so little of the squares, rounding is left to the exact sum.
_COMPENSATED: Final = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One input quantity at all points; a single number holds for all of them."""

    name: str
    values: Array | float
    standard_uncertainties: Array | float = 0.0
    degrees_of_freedom: Array | float = math.inf


@dataclass(frozen=True, slots=True, eq=False)
class PropagatedTable:
    """One output quantity at all points; columns of equal length.

    Where a point was refused (`refusals`, by its index from 0), its figures are nan.
    """

    values: Array
    combined_standard_uncertainties: Array
    degrees_of_freedom: Array
    coverage_factors: Array
    expanded_uncertainties: Array
    sensitivities: Mapping[str, Array]
    contributions: Mapping[str, Array]
    refusals: Mapping[int, str]


@dataclass(frozen=True, slots=True, eq=False)
class _Ready:
    """The steps for a function, its sensitivities in the order of names, and second-order terms.

    A term of second order has the indices of two inputs and those of f_ij and f_ijj among the
    rows that follow the sensitivities; f_ijj is missing where it is zero everywhere.
    """

    steps: Steps
    rows: int
    terms: tuple[tuple[int, int, int, int | None], ...]


def evaluate_table(
    model: Expression,
    columns: Sequence[Column],
    correlations: Correlations | None = None,
    *,
    coverage: Coverage | None = None,
    second_order: bool = False,
    leave_out: bool = False,
) -> PropagatedTable:
    """Return values and uncertainties of a measurement function at all points of a table.

    Args:
        model: The measurement function.
        columns: Its input quantities.
        correlations: What is not independent; the same at all points.
        coverage: How k is found; 95.45 % by Student's t where nothing is said.
        second_order: Add the terms of second order.
        leave_out: Mark a point at which the model is not defined, rather than refuse the table.

    Raises:
        MetrologyError: The model names an unknown quantity, a column is not one of numbers, or
            a point is refused; the message names the point, counted from 1.

    Source:
        JCGM 100:2008 (GUM), 5.1.2, 5.2.2, G.4.

    Example:
        >>> from calibra_app.metrology.expression import parse
        >>> columns = [Column("V", np.array([1.0, 2.0]), 0.003), Column("I", 0.5, 0.002)]
        >>> evaluate_table(parse("V/I"), columns).expanded_uncertainties.round(4).tolist()
        [0.02, 0.0342]
    """
    table = _Table(model, columns, correlations or Correlations(), second_order=second_order)
    return table.evaluated(coverage or Coverage(), leave_out=leave_out)


@lru_cache(maxsize=64)
def _ready_for(model: Expression, names: tuple[str, ...], second_order: bool) -> _Ready:
    known = derivatives_of(model)
    functions = [model, *(known[name] for name in names)]
    terms: list[tuple[int, int, int, int | None]] = []
    for first, name in enumerate(names if second_order else ()):
        for second_name, mixed in known[name].derivatives().items():
            if second_name not in names:
                continue
            row_of_third = None
            functions.append(mixed)
            row = len(functions) - 1
            third = mixed.derivative(second_name)
            if third.root is not ZERO:
                functions.append(third)
                row_of_third = len(functions) - 1
            terms.append((first, names.index(second_name), row, row_of_third))
    return _Ready(compile_functions(functions), len(functions), tuple(terms))


class _Table:
    """The columns of one evaluation, checked."""

    def __init__(
        self,
        model: Expression,
        columns: Sequence[Column],
        correlations: Correlations,
        *,
        second_order: bool,
    ) -> None:
        if second_order and correlations:
            raise MetrologyError("second_order: only for uncorrelated input quantities")
        self.model, self.columns = model, columns
        self.correlations, self.second_order = correlations, second_order
        self.values = {
            column.name: np.asarray(_numbers(column.values, column.name)) for column in columns
        }
        if len(self.values) != len(columns):
            raise MetrologyError("inputs: a name is given twice")
        missing = sorted(model.names - self.values.keys())
        if missing:
            raise MetrologyError(f"model: {', '.join(missing)} is not an input quantity")
        self.uncertainties = [_numbers(one.standard_uncertainties, one.name) for one in columns]
        self.degrees = [_numbers(one.degrees_of_freedom, one.name) for one in columns]
        self.points = self._counted()
        known = derivatives_of(model)
        self.uncertain = [
            index
            for index, column in enumerate(columns)
            if column.name in known and _may_be_positive(self.uncertainties[index])
        ]
        self._check()
        self.names = tuple(columns[index].name for index in self.uncertain)
        if second_order and len(self.names) > MOST_OF_SECOND_ORDER:
            raise MetrologyError(
                f"second_order: at most {MOST_OF_SECOND_ORDER} input quantities in a table"
            )
        self.ready = _ready_for(model, self.names, second_order)

    def _counted(self) -> int:
        points = 1
        for column, *parts in zip(
            self.columns, self.values.values(), self.uncertainties, self.degrees, strict=True
        ):
            for part in parts:
                if isinstance(part, np.ndarray) and part.ndim and len(part) != points:
                    # A column of a single number became a number: it holds for all points.
                    if points != 1:
                        raise MetrologyError(f"{column.name}: expected {points} points")
                    points = len(part)
        if not 1 <= points <= MOST_POINTS:
            raise MetrologyError(f"a table has 1 to {MOST_POINTS} points")
        return points

    def _check(self) -> None:
        with np.errstate(all="ignore"):
            for name, values in self.values.items():
                # The sum of squares tells in one go whether anything is not finite.
                if not math.isfinite(np.vdot(values, values)):
                    _refuse(np.isfinite(values), f"{name}: expected a number")
        for index, column in enumerate(self.columns):
            if index not in self.uncertain:
                self._check_uncertainty(index)
            degrees = self.degrees[index]
            if not (degrees.min() if isinstance(degrees, np.ndarray) else degrees) > 0:
                _refuse(np.asarray(degrees) > 0, f"{column.name}: degrees of freedom are positive")

    def _check_uncertainty(self, index: int) -> None:
        u = np.asarray(self.uncertainties[index])
        name = self.columns[index].name
        _refuse((u >= 0) & np.isfinite(u), f"{name}: u is a number, not negative")

    def evaluated(self, coverage: Coverage, *, leave_out: bool) -> PropagatedTable:
        """Return the figures of all points."""
        into = np.empty((self.ready.rows, self.points))
        suspects: Mask | None = None
        try:
            with np.errstate(divide="raise", over="raise", invalid="raise", under="ignore"):
                self.ready.steps.fill(self.values, into)
                contributions, squares, variance = self._variance(into)
        except FloatingPointError:
            # Some step at some point was not finite; which point is asked only now.
            suspects = np.zeros(self.points, dtype=bool)
            with np.errstate(all="ignore"):
                self.ready.steps.fill(self.values, into, suspects)
                contributions, squares, variance = self._variance(into)
        suspects = self._doubted(squares, variance, suspects)
        with np.errstate(all="ignore"):
            combined = np.sqrt(variance)
            degrees = self._degrees(squares, variance)
        sensitivities = into[1 : len(self.uncertain) + 1]
        refusals: dict[int, str] = {}
        for index in map(int, np.flatnonzero(suspects)) if suspects is not None else ():
            try:
                point = self._alone(index)
            except MetrologyError as error:
                refusals[index] = str(error)
                into[:, index] = contributions[:, index] = combined[index] = math.nan
                degrees[index] = math.inf
                continue
            into[0, index] = point.value
            combined[index] = point.combined_standard_uncertainty
            degrees[index] = point.degrees_of_freedom
            sensitivities[:, index] = [point.sensitivities[name] for name in self.names]
            contributions[:, index] = [point.contributions[name] for name in self.names]
        if refusals and not leave_out:
            first = min(refusals)
            more = f" (and {len(refusals) - 1} more)" if len(refusals) > 1 else ""
            raise MetrologyError(f"point {first + 1}{more}: {refusals[first]}")
        factors = coverage_factors(coverage, degrees)
        for index in refusals:
            degrees[index] = factors[index] = math.nan
        return PropagatedTable(
            into[0],
            combined,
            degrees,
            factors,
            factors * combined,
            self._by_name(sensitivities),
            self._by_name(contributions),
            refusals,
        )

    def _variance(self, into: Array) -> tuple[Array, Array, Array]:
        spreads = np.empty((len(self.uncertain), self.points))
        for row, index in enumerate(self.uncertain):
            spreads[row] = self.uncertainties[index]
        sensitivities = into[1 : len(self.uncertain) + 1]
        least = spreads.min(initial=math.inf)
        if not least > 0.0:
            for index in self.uncertain:
                self._check_uncertainty(index)
            # As for a constant: without an uncertainty there, nothing is asked of the slope.
            sensitivities[spreads == 0.0] = 0.0
        contributions = sensitivities * spreads
        variances = np.multiply(spreads, spreads) if self.ready.terms else spreads
        squares = np.multiply(contributions, contributions, None if self.ready.terms else spreads)
        variance = np.add.reduce(squares, axis=0)
        for one, other in self.correlations.pairs if self.correlations else ():
            if one in self.names and other in self.names:
                first, second = self.names.index(one), self.names.index(other)
                product = contributions[first] * contributions[second]
                variance += 2.0 * self.correlations.between(one, other) * product
        for first, second, mixed, third in self.ready.terms:
            weight = 0.5 * into[mixed] * into[mixed]
            if third is not None:
                weight += into[first + 1] * into[third]
            variance += weight * variances[first] * variances[second]
        return contributions, squares, variance

    def _doubted(self, squares: Array, variance: Array, suspects: Mask | None) -> Mask | None:
        """Return which points are to be asked one by one: None where all are ordinary."""
        ordinary: Mask | None = None
        # Written so that nan is not ordinary.
        if not (variance.min() > _SMALLEST_VARIANCE and variance.max() < _LARGEST_VARIANCE):
            ordinary = (variance > _SMALLEST_VARIANCE) & (variance < _LARGEST_VARIANCE)
        if self.correlations or self.second_order:
            left = variance > _COMPENSATED * np.add.reduce(squares, axis=0)
            ordinary = left if ordinary is None else ordinary & left
        if ordinary is None or ordinary.all():
            return suspects
        for index in self.uncertain:
            self._check_uncertainty(index)
        return ~ordinary if suspects is None else suspects | ~ordinary

    def _degrees(self, squares: Array, variance: Array) -> Array:
        penalty: Array | None = None
        for row, index in zip(squares, self.uncertain, strict=True):
            degrees = self.degrees[index]
            if not isinstance(degrees, np.ndarray) and math.isinf(degrees):
                continue
            np.multiply(row, row, row)
            np.multiply(row, 1.0 / degrees, row)
            penalty = row if penalty is None else np.add(penalty, row, penalty)
        if penalty is None:
            return np.full(self.points, math.inf)
        return np.divide(variance * variance, penalty, penalty)

    def _alone(self, index: int) -> Propagation:
        quantities = [
            InputQuantity(
                column.name,
                float(values[index] if values.ndim else values),
                _at(u, index),
                _at(degrees, index),
            )
            for column, values, u, degrees in zip(
                self.columns, self.values.values(), self.uncertainties, self.degrees, strict=True
            )
        ]
        return propagate(self.model, quantities, self.correlations, second_order=self.second_order)

    def _by_name(self, rows: Array) -> dict[str, Array]:
        found = dict(zip(self.names, rows, strict=True))
        if len(found) < len(self.columns):
            zeros = np.zeros(self.points)
            return {column.name: found.get(column.name, zeros) for column in self.columns}
        return found


def _numbers(given: Array | float, name: str) -> Array | float:
    if isinstance(given, float):
        return given
    try:
        numbers = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError):
        raise MetrologyError(f"{name}: expected numbers") from None
    if numbers.ndim > 1:
        raise MetrologyError(f"{name}: expected one number for each point")
    return numbers if numbers.size != 1 else float(numbers.item())


def _may_be_positive(numbers: Array | float) -> bool:
    return isinstance(numbers, np.ndarray) or numbers > 0


def _at(numbers: Array | float, index: int) -> float:
    return float(numbers[index]) if isinstance(numbers, np.ndarray) else numbers


def _refuse(fitting: Mask, sentence: str) -> None:
    """Refuse the first number that does not fit, by its point."""
    misfits = np.flatnonzero(~np.atleast_1d(fitting))
    if len(misfits):
        raise MetrologyError(f"point {misfits[0] + 1}: {sentence}" if fitting.ndim else sentence)
