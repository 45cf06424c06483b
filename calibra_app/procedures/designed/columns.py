"""The columns of a designed sheet: what was read, what is derived from it, what tables tell."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Final, TypeVar

from calibra_app.metrology.polynomial import Polynomial, fit_polynomial
from calibra_app.metrology.quantity import MetrologyError
from calibra_app.metrology.reference_standard import ReferenceStandard, find_standard
from calibra_app.metrology.rounding import exact
from calibra_app.metrology.type_a import mean_of, standard_deviation_of
from calibra_app.procedures.base import Indications, Run, Sheet
from calibra_app.procedures.designed.form import (
    Column,
    ColumnKind,
    Figure,
    Give,
    Table,
    Take,
)
from calibra_app.procedures.designed.formula import (
    exact_value,
    filled_in,
    formula,
    refused,
    value_of,
)
from calibra_app.procedures.designed.memory import Memory
from calibra_app.procedures.designed.plain import DesignError
from calibra_app.procedures.designed.plan import READ, Spot
from calibra_app.procedures.parameters import PlainData

ROOM: Final = ("temperature", "humidity", "pressure")
# What may stand before the name of a column where a formula means its scatter at the point.
SPREADS: Final[Mapping[str, Callable[[Indications], Decimal]]] = {
    "s_": lambda values: exact(standard_deviation_of(values)),
    "span_": lambda values: max(values) - min(values),
}


Computed = TypeVar("Computed")


class NotYet(MetrologyError):
    """Something is not read yet; what needs it waits."""


@dataclass(slots=True)
class Notebook:
    """Everything read on a sheet so far, and what follows from it, computed once when asked for.

    One notebook belongs to one set of readings; the next one takes over what they do not change.
    """

    spots: tuple[Spot, ...]
    sheet: Sheet
    standards: Sequence[ReferenceStandard] = ()
    environment: PlainData = field(default_factory=dict[str, object])
    tables: tuple[Table, ...] = ()
    memory: Memory = field(default_factory=Memory)
    _open: list[str] = field(default_factory=list, init=False)  # pyright: ignore[reportUnknownVariableType]

    def serves(self, spots: tuple[Spot, ...], run: Run) -> bool:
        """Tell whether a run looks at the same points, standards and room."""
        return (
            self.spots is spots
            and tuple(self.standards) == tuple(run.standards)
            and self.environment == run.environment
        )

    def turned(self, sheet: Sheet) -> "Notebook":
        """Return the notebook of other readings on the same sheet; this one where they agree."""
        changed = {
            key for key in {*self.sheet, *sheet} if self.sheet.get(key, ()) != sheet.get(key, ())
        }
        if not changed:
            return self
        return replace(self, sheet=dict(sheet), memory=self.memory.after(changed))

    def series(self, spot: Spot, name: str) -> Indications:
        """Return the values of a column at a point, one a repeat; none while nothing is read."""
        return self.memory.result(("series", id(spot), name), lambda: self._series(spot, name))

    def _series(self, spot: Spot, name: str) -> Indications:
        column = next((each for each in spot.table.columns if each.name == name), None)
        if column is None:
            raise MetrologyError(f"{name} is not a column of {spot.table.title}")
        if column.kind in READ:
            self.memory.reads((spot.rows[name].key,))
            return tuple(self.sheet.get(spot.rows[name].key, ()))
        return self._once(f"{name} at {spot.label}", lambda: self._computed(spot, column))

    def mean(self, spot: Spot, name: str) -> Decimal:
        """Return the mean of a column at a point.

        Raises:
            NotYet: Nothing is read.
        """
        values = self.series(spot, name)
        if not values:
            column = next(each for each in spot.table.columns if each.name == name)
            raise NotYet(f"{column.title} is not read yet")
        return mean_of(values)

    def values(self, spot: Spot, names: frozenset[str]) -> dict[str, Decimal]:
        """Return the values that a formula at a point names, as far as there are any."""
        found: dict[str, Decimal] = {}
        columns = {column.name for column in spot.table.columns}
        for name in names:
            if name in columns:
                found[name] = self.mean(spot, name)
            elif name in spot.values:
                found[name] = spot.values[name]
            else:
                value = self._elsewhere(name)
                value = self._spread(spot, name) if value is None else value
                if value is not None:
                    found[name] = value
        return found

    def evaluate(
        self, text: str, spot: Spot, path: str, stated: Mapping[str, Decimal] | None = None
    ) -> Decimal:
        """Return the value of a formula at a point.

        Raises:
            NotYet: It needs what is not read yet.
            DesignError: It cannot be evaluated.
        """
        try:
            names = formula(text).names
        except MetrologyError as error:
            raise refused(path, error) from None
        return value_of(text, {**(stated or {}), **self.values(spot, names)}, path)

    def figure(self, name: str) -> Decimal:
        """Return a figure of any table.

        Raises:
            NotYet: Not enough is read for it.
        """
        value = self._elsewhere(name)
        if value is None:
            raise MetrologyError(f"{name} is not a figure of this sheet")
        return value

    def room(self, quantity: str) -> tuple[Decimal, Decimal] | None:
        """Return lowest and highest reading of a quantity of the room, if it was read."""
        ends = self.environment.get(quantity)
        if not isinstance(ends, list | tuple) or not ends:
            return None
        numbers = [Decimal(str(end)) for end in ends]  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
        return min(numbers), max(numbers)

    def _elsewhere(self, name: str) -> Decimal | None:
        found = next(
            (
                (spot, figure)
                for spot in self.spots
                for figure in spot.table.figures
                if figure.name == name
            ),
            None,
        )
        if found is not None:
            spot, figure = found
            return self.memory.result(
                ("figure", name), lambda: self._once(name, lambda: self._figure(spot, figure))
            )
        unplanned = next(
            (each for table in self.tables for each in table.figures if each.name == name), None
        )
        if unplanned is not None:
            # Its test is not planned for this instrument: what is known from elsewhere counts.
            if not unplanned.otherwise:
                raise NotYet(f"{unplanned.title} is not measured for this instrument")
            return value_of(unplanned.otherwise, self.spots[0].values, f"{name}.otherwise")
        if name in ROOM:
            ends = self.room(name)
            if ends is None:
                raise NotYet(f"the room's {name} is not read yet")
            return (ends[0] + ends[1]) / 2
        return None

    def _spread(self, spot: Spot, name: str) -> Decimal | None:
        """Return how far the indications of one point scatter, where `s_i` or `span_i` asks."""
        for prefix, measure in SPREADS.items():
            column = name.removeprefix(prefix)
            if column != name and any(each.name == column for each in spot.table.columns):
                values = self.series(spot, column)
                if len(values) < 2:  # noqa: PLR2004
                    raise NotYet(f"{column} needs at least two indications")
                return measure(values)
        return None

    def _once(self, what: str, compute: Callable[[], Computed]) -> Computed:
        if what in self._open:
            raise MetrologyError(f"{what} is needed to compute itself")
        self._open.append(what)
        try:
            return compute()
        finally:
            self._open.pop()

    def _computed(self, spot: Spot, column: Column) -> Indications:
        path = f"{spot.path}.columns[{spot.table.columns.index(column)}]"
        if column.kind is ColumnKind.CORRECTED:
            return self._corrected(spot, column, path)
        if column.kind is ColumnKind.FIT:
            return self._fitted(spot, column)
        return self._derived(spot, column, path)

    def _corrected(self, spot: Spot, column: Column, path: str) -> Indications:
        function = filled_in(column.function or spot.function, spot.words, f"{path}.function")
        standard = find_standard(self.standards, function)
        if standard is None:
            raise MetrologyError(f"Choose a reference standard for {function}.")
        unit = filled_in(column.unit, spot.words, f"{path}.unit")
        return tuple(
            reading + exact(standard.at(function, float(reading), unit, unit).correction)
            for reading in self.series(spot, column.of)
        )

    def _derived(self, spot: Spot, column: Column, path: str) -> Indications:
        """Return a derived column: for each repeat where a column it names has several."""
        try:
            expression = formula(column.formula)
        except MetrologyError as error:
            raise refused(f"{path}.formula", error) from None
        columns = {each.name for each in spot.table.columns}
        own = {name: self.series(spot, name) for name in expression.names & columns}
        if any(not values for values in own.values()):
            return ()
        several = [len(values) for values in own.values() if len(values) > 1]
        number = min(several, default=1)
        others = self.values(spot, frozenset(expression.names - columns))
        values: list[Decimal] = []
        for at in range(number):
            here = {name: read[at if len(read) > 1 else 0] for name, read in own.items()}
            try:
                values.append(exact_value(expression, {**others, **here}))
            except MetrologyError as error:
                raise refused(f"{path}.formula", error) from None
        return tuple(values)

    def _fitted(self, spot: Spot, column: Column) -> Indications:
        if not self.series(spot, column.x):
            return ()
        try:
            curve = self.curve(spot, column)
        except MetrologyError:
            # A curve that has too few points yet says nothing; it is no fault of the point.
            return ()
        predicted = exact(curve.at(float(self.mean(spot, column.x))))
        if column.give is Give.PREDICTED:
            return (predicted,)
        return (self.mean(spot, column.y) - predicted,) if self.series(spot, column.y) else ()

    def curve(self, spot: Spot, column: Column) -> Polynomial:
        """Return the curve of a fitted column through the points read so far."""
        return self.memory.result(
            ("curve", spot.table.key, column.name), lambda: self._curve(spot, column)
        )

    def _curve(self, spot: Spot, column: Column) -> Polynomial:
        read = [
            (float(self.mean(each, column.x)), float(self.mean(each, column.y)))
            for each in self._of_table(spot)
            if self.series(each, column.x) and self.series(each, column.y)
        ]
        degree = int(value_of(column.degree, spot.values, "degree"))
        return fit_polynomial([x for x, _ in read], [y for _, y in read], degree)

    def _of_table(self, spot: Spot) -> list[Spot]:
        return [each for each in self.spots if each.table.key == spot.table.key]

    def _figure(self, spot: Spot, figure: Figure) -> Decimal:
        path = f"{spot.path}.figures[{spot.table.figures.index(figure)}]"
        try:
            return _taken(self, spot, figure, path)
        except NotYet:
            if not figure.otherwise:
                raise
            return value_of(figure.otherwise, spot.values, f"{path}.otherwise")


def _taken(book: Notebook, spot: Spot, figure: Figure, path: str) -> Decimal:
    spots = [each for each in book.spots if each.table.key == spot.table.key]
    column = next((each for each in spot.table.columns if each.name == figure.column), None)
    if column is None:
        raise DesignError(f"{path}.column", f"{figure.column} is not a column of this table")
    if figure.take in {Take.COEFFICIENT, Take.RESIDUAL_SCATTER}:
        return _of_curve(book, spot, figure, column, path)
    read = [(each, book.series(each, figure.column)) for each in spots]
    read = [(each, values) for each, values in read if values]
    if not read:
        raise NotYet(f"{figure.title} is not measured yet")
    if figure.take in _SCATTERS:
        return _SCATTERS[figure.take](figure, [values for _, values in read])
    means = [(each, mean_of(values)) for each, values in read]
    if figure.take in {Take.AT, Take.DIFFERENCE}:
        return _beside(figure, means, path)
    if figure.take in {Take.HYSTERESIS, Take.SERIES}:
        return _between(figure, means)
    return _OVER_MEANS[figure.take]([mean for _, mean in means])


def _of_curve(book: Notebook, spot: Spot, figure: Figure, column: Column, path: str) -> Decimal:
    if column.kind is not ColumnKind.FIT:
        raise DesignError(f"{path}.column", f"{figure.column} is not a fitted column")
    try:
        curve = book.curve(spot, column)
    except DesignError:
        raise
    except MetrologyError as error:
        raise NotYet(f"{figure.title}: {error}") from None
    if figure.take is Take.RESIDUAL_SCATTER:
        if curve.scatter is None:
            raise NotYet(f"{figure.title}: more points are needed")
        return exact(curve.scatter)
    number = int(value_of(figure.number, spot.values, f"{path}.number"))
    if not 0 <= number < len(curve.coefficients):
        raise DesignError(f"{path}.number", f"expected 0 to {len(curve.coefficients) - 1}")
    return exact(curve.coefficients[number])


def _most_read(figure: Figure, read: Sequence[Indications]) -> Indications:
    longest = max(read, key=len)
    if len(longest) < 2:  # noqa: PLR2004
        raise NotYet(f"{figure.title} needs at least two indications")
    return longest


def _pooled(figure: Figure, read: Sequence[Indications]) -> tuple[Decimal, Decimal]:
    several = [values for values in read if len(values) > 1]
    freedom = sum(len(values) - 1 for values in several)
    if not freedom:
        raise NotYet(f"{figure.title} needs at least two indications")
    total = math.fsum((len(values) - 1) * standard_deviation_of(values) ** 2 for values in several)
    return exact(math.sqrt(total / freedom)), Decimal(freedom)


_SCATTERS: Final[Mapping[Take, Callable[[Figure, Sequence[Indications]], Decimal]]] = {
    Take.SCATTER: lambda figure, read: exact(standard_deviation_of(_most_read(figure, read))),
    Take.FREEDOM: lambda figure, read: Decimal(len(_most_read(figure, read)) - 1),
    Take.POOLED: lambda figure, read: _pooled(figure, read)[0],
    Take.POOLED_FREEDOM: lambda figure, read: _pooled(figure, read)[1],
}

_OVER_MEANS: Final[Mapping[Take, Callable[[Sequence[Decimal]], Decimal]]] = {
    Take.MEAN: mean_of,
    Take.LARGEST: max,
    Take.SMALLEST: min,
    Take.LARGEST_ABSOLUTE: lambda means: max(abs(mean) for mean in means),
    Take.SPAN: lambda means: max(means) - min(means),
}


def _beside(figure: Figure, means: Sequence[tuple[Spot, Decimal]], path: str) -> Decimal:
    """Return the value at a place of the table, or the largest difference to it."""
    spot = means[0][0]
    if any(figure.at in block.positions for block in spot.table.blocks):
        place = [mean for each, mean in means if each.position == figure.at]
    else:
        nominal = value_of(figure.at, spot.values, f"{path}.at")
        place = [mean for each, mean in means if each.nominal == nominal]
    if not place:
        raise NotYet(f"{figure.title}: {figure.at} is not read yet")
    if figure.take is Take.AT:
        return mean_of(place)
    return max(abs(mean - mean_of(place)) for _, mean in means)


def _between(figure: Figure, means: Sequence[tuple[Spot, Decimal]]) -> Decimal:
    """Return the largest difference between two ways to the same point."""
    held: dict[tuple[object, ...], dict[object, Decimal]] = {}
    for spot, mean in means:
        if figure.take is Take.HYSTERESIS:
            place, way = (spot.nominal, spot.position, spot.series), spot.direction
        else:
            place, way = (spot.nominal, spot.position, spot.direction), spot.series
        held.setdefault(place, {})[way] = mean
    differences = [
        max(ways.values()) - min(ways.values()) for ways in held.values() if len(ways) > 1
    ]
    if not differences:
        what = "rising and falling" if figure.take is Take.HYSTERESIS else "two series"
        raise NotYet(f"{figure.title} needs a point read in {what}")
    return max(differences)
