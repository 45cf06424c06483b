"""The points of a designed procedure: blocks spread over ranges, directions, series, positions."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, cast

from calibra_app.metrology.quantity import MetrologyError
from calibra_app.metrology.rounding import decimal_of, plain
from calibra_app.procedures.base import Direction, Entry, PlannedPoint
from calibra_app.procedures.designed.form import Block, Column, ColumnKind, Table
from calibra_app.procedures.designed.formula import NAME, filled_in, value_of
from calibra_app.procedures.designed.plain import DesignError
from calibra_app.procedures.designed.terms import When
from calibra_app.procedures.method import slug
from calibra_app.procedures.parameters import Parameters

MOST_POINTS: Final = 2000
MOST_REPEATS: Final = 100
READ: Final = frozenset({ColumnKind.TYPED, ColumnKind.CHOICE, ColumnKind.CHECK})
ARROWS: Final = {Direction.UP: " ↑", Direction.DOWN: " ↓", Direction.NONE: ""}
GROUPS: Final = {Direction.UP: "rising", Direction.DOWN: "falling", Direction.NONE: ""}
HUNDRED: Final = Decimal(100)


@dataclass(frozen=True, slots=True)
class Spot:
    """One point of a table with all that is known of it before anything is read.

    `rows` are its typed columns as rows of the sheet, by the column's name.
    """

    table: Table
    path: str
    function: str
    unit: str
    nominal: Decimal
    direction: Direction
    series: int
    position: str
    values: Mapping[str, Decimal]
    words: Mapping[str, str]
    rows: Mapping[str, PlannedPoint]

    @property
    def label(self) -> str:
        """Return what the point is called where something is said about it."""
        words = f"{plain(self.nominal)} {self.unit}".strip()
        return " ".join(part for part in (words, self.position, self.direction.value) if part)

    @property
    def result_row(self) -> str:
        """Return the name of the column beside which the result stands."""
        return result_row_of(self.table)


def result_row_of(table: Table) -> str:
    """Return the typed column beside which a table's result stands; empty without a result."""
    result = table.result
    if result is None:
        return ""
    if result.row:
        return result.row
    typed = [column.name for column in table.columns if column.kind in READ]
    return result.indication if result.indication in typed else typed[-1] if typed else ""


def spots_of(tables: tuple[Table, ...], parameters: Parameters) -> tuple[Spot, ...]:
    """Return all points in the order of the sheet.

    Raises:
        DesignError: A parameter is missing, or a formula has no value.
    """
    spots: list[Spot] = []
    taken: set[str] = set()
    for at, table in enumerate(tables):
        path = f"tables[{at}]"
        for spot in _of_table(table, path, parameters, alone=len(tables) == 1):
            spots.append(_unique(spot, taken))
            if len(spots) > MOST_POINTS:
                raise DesignError(f"{path}.blocks", f"more than {MOST_POINTS} points")
    return tuple(spots)


def numbers_of(values: Mapping[str, object]) -> dict[str, Decimal]:
    """Return what among parameters is a number, by name."""
    found: dict[str, Decimal] = {}
    for name, value in values.items():
        if isinstance(value, str | int | float | Decimal) and NAME.fullmatch(name):
            try:
                found[name] = decimal_of(str(value), name)
            except MetrologyError:
                continue
    return found


def words_of(values: Mapping[str, object]) -> dict[str, str]:
    """Return what among parameters is a text, by name."""
    return {
        name: str(value)
        for name, value in values.items()
        if isinstance(value, str | int | float | Decimal)
    }


def holds(when: When | None, words: Mapping[str, str]) -> bool:
    """Tell whether a condition holds for an instrument."""
    return when is None or words.get(when.parameter, "") in when.equals


def _unique(spot: Spot, taken: set[str]) -> Spot:
    """Return the spot; two points that would have one key are told apart by a number."""
    rows: dict[str, PlannedPoint] = {}
    for name, row in spot.rows.items():
        key, number = row.key, 2
        while key in taken:
            key, number = f"{row.key}-{number}", number + 1
        taken.add(key)
        rows[name] = row if key == row.key else _renamed(row, key)
    return _with_rows(spot, rows)


def _renamed(row: PlannedPoint, key: str) -> PlannedPoint:
    return PlannedPoint.from_json({**row.as_json(), "key": key})


def _with_rows(spot: Spot, rows: Mapping[str, PlannedPoint]) -> Spot:
    return Spot(
        spot.table, spot.path, spot.function, spot.unit, spot.nominal, spot.direction,
        spot.series, spot.position, spot.values, spot.words, rows,
    )  # fmt: skip


def _of_table(table: Table, path: str, parameters: Parameters, *, alone: bool) -> Iterator[Spot]:
    for at, block in enumerate(table.blocks):
        here = f"{path}.blocks[{at}]"
        if not holds(block.when, words_of(parameters.values)):
            continue
        records = [Parameters({})]
        if block.each:
            records = _records(parameters, block.each, here)
        for record in records:
            merged = Parameters({**parameters.values, **record.values})
            yield from _of_block(_Place(table, block, path, here, merged, alone))


def _records(parameters: Parameters, name: str, path: str) -> list[Parameters]:
    try:
        return list(parameters.records(name))
    except MetrologyError as error:
        raise DesignError(f"{path}.each", str(error)) from None


@dataclass(frozen=True, slots=True)
class _Place:
    """A block being planned, for one record of what it runs over."""

    table: Table
    block: Block
    table_path: str
    path: str
    parameters: Parameters
    alone: bool

    def number(self, text: str, values: Mapping[str, Decimal], name: str) -> Decimal:
        return value_of(text, values, f"{self.path}.{name}")

    def whole(self, text: str, values: Mapping[str, Decimal], name: str, most: int) -> int:
        number = self.number(text, values, name)
        if number != number.to_integral_value() or not 1 <= number <= most:
            raise DesignError(f"{self.path}.{name}", f"expected a whole number from 1 to {most}")
        return int(number)


def _of_block(place: _Place) -> Iterator[Spot]:
    block = place.block
    values = numbers_of(place.parameters.values)
    words = words_of(place.parameters.values)
    if block.low or block.high:
        values["low"] = place.number(block.low or "0", values, "low")
        values["high"] = place.number(block.high, values, "high")
        values["span"] = values["high"] - values["low"]
    nominals = _nominals(place, values)
    more = [_values_at(place, values, at, len(nominals)) for at in range(len(nominals))]
    repeated = {
        nominal
        for at, text in enumerate(block.repeated_at)
        for nominal in _listed(place, text, values, f"repeated_at[{at}]")
    }
    series = place.whole(block.series, values, "series", MOST_REPEATS)
    for number in range(1, series + 1):
        for direction in block.directions or (Direction.NONE,):
            walk = list(zip(nominals, more, strict=True))
            for nominal, extra in reversed(walk) if direction is Direction.DOWN else walk:
                for position in block.positions or ("",):
                    here = {**values, **extra, "nominal": nominal}
                    once = bool(repeated) and nominal not in repeated
                    visit = _Visit(direction, number if series > 1 else 0, position, once)
                    yield _spot(place, visit, here, words)


@dataclass(frozen=True, slots=True)
class _Visit:
    """How a point is approached this time."""

    direction: Direction
    series: int
    position: str
    once: bool


def _nominals(place: _Place, values: Mapping[str, Decimal]) -> list[Decimal]:
    block = place.block
    found = [
        nominal
        for at, text in enumerate(block.nominals)
        for nominal in _listed(place, text, values, f"nominals[{at}]")
    ]
    for at, text in enumerate(block.percents):
        if "span" not in values:
            raise DesignError(f"{place.path}.percents[{at}]", "percentages need low and high")
        share = place.number(text, values, f"percents[{at}]") / HUNDRED
        found.append((values["low"] + share * values["span"]).normalize() + Decimal(0))
    return found


def _listed(place: _Place, text: str, values: Mapping[str, Decimal], name: str) -> list[Decimal]:
    """Return the numbers that an entry stands for: those of a list parameter, or one."""
    given = place.parameters.values.get(text)
    if isinstance(given, list | tuple):
        items = cast("list[object]", given)
        return [decimal_of(str(item), f"{place.path}.{name}") for item in items]
    if NAME.fullmatch(text) and text not in values:
        raise DesignError(f"{place.path}.{name}", f"enter {text} for the instrument")
    return [place.number(text, values, name)]


def _values_at(
    place: _Place, values: Mapping[str, Decimal], at: int, number: int
) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for name, texts in place.block.values.items():
        if len(texts) not in {1, number}:
            raise DesignError(
                f"{place.path}.values.{name}", f"expected 1 or {number} values, one a point"
            )
        text = texts[0] if len(texts) == 1 else texts[at]
        found[name] = place.number(text, values, f"values.{name}")
    return found


def _spot(place: _Place, visit: _Visit, values: dict[str, Decimal], words: dict[str, str]) -> Spot:
    block, table = place.block, place.table
    nominal = values["nominal"]

    def text(template: str, name: str) -> str:
        return filled_in(template, words, f"{place.path}.{name}")

    unit = text(block.unit, "unit")
    function = text(block.function or table.function, "function")
    words = {
        **words,
        **{name: plain(number) for name, number in values.items()},
        "position": visit.position,
        "series": str(visit.series or 1),
    }
    range_name = text(block.range, "range")
    words["range_name"] = range_name
    label = text(block.label, "label") or visit.position or f"{plain(nominal)} {unit}".strip()
    group = text(block.group, "group") or ", ".join(
        part for part in (table.title, range_name, GROUPS[visit.direction]) if part
    )
    if visit.series:
        group = f"{group}, series {visit.series}"
    key = slug(
        "" if place.alone else table.key,
        function if block.each else "",
        range_name,
        visit.position,
        "" if visit.position and len(set(block.nominals)) == 1 else _named(nominal, unit),
        ", ".join(plain(values[name]) for name in block.values),
        visit.direction.value,
        visit.series or "",
    )
    rows: dict[str, PlannedPoint] = {}
    several = sum(column.kind in READ for column in table.columns) > 1
    for at, column in enumerate(table.columns):
        if column.kind in READ:
            shape = _Row(place, visit, column, f"{place.table_path}.columns[{at}]")
            suffix = "" if column.name == result_row_of(table) or not several else column.name
            names = (
                f"{key}-{slug(suffix.replace('_', '-'))}" if suffix else key,
                label,
                group,
                function,
                unit,
            )
            rows[column.name] = shape.planned(names, values, words, several=several)
    resolution = rows[result_row_of(table)].resolution if result_row_of(table) in rows else None
    if resolution is None and rows:
        resolution = next(iter(rows.values())).resolution
    if resolution is not None:
        values["resolution"] = resolution
    values["expected"] = next(
        (row.expected for name, row in rows.items() if name == result_row_of(table)), nominal
    )
    return Spot(
        table, place.table_path, function, unit, nominal, visit.direction, visit.series,
        visit.position, values, words, rows,
    )  # fmt: skip


def _named(nominal: Decimal, unit: str) -> str:
    return f"{plain(nominal)} {unit}".replace("·", " ").replace("%RH", "RH").strip()


@dataclass(frozen=True, slots=True)
class _Row:
    """A typed column of a point, becoming a row of the sheet."""

    place: _Place
    visit: _Visit
    column: Column
    path: str

    def planned(
        self,
        names: tuple[str, str, str, str, str],
        values: Mapping[str, Decimal],
        words: Mapping[str, str],
        *,
        several: bool,
    ) -> PlannedPoint:
        key, label, group, function, nominal_unit = names
        column, result = self.column, self.place.table.result
        reported = result is not None and column.name == result_row_of(self.place.table)
        unit = filled_in(column.unit, words, f"{self.path}.unit")
        title = filled_in(column.title, words, f"{self.path}.title")
        if column.kind is ColumnKind.CHOICE:
            told = ", ".join(f"{option.value} {option.text}" for option in column.options)
            title = f"{title} ({told})"
        elif column.kind is ColumnKind.CHECK:
            title = f"{title} (1 passed, 0 failed)"
        resolution = Decimal(1)
        if column.kind is ColumnKind.TYPED:
            resolution = value_of(column.resolution, values, f"{self.path}.resolution")
        if resolution <= 0:
            raise DesignError(f"{self.path}.resolution", "expected a number above zero")
        error = column.entry is Entry.ERROR
        text = column.expected or ("0" if error or not reported else "nominal")
        return PlannedPoint(
            key=key,
            group=group,
            label=f"{label}{ARROWS[self.visit.direction]}" + (f" · {title}" if several else ""),
            function=function,
            nominal=values["nominal"],
            nominal_unit=nominal_unit,
            expected=value_of(text, values, f"{self.path}.expected"),
            unit=unit,
            result_unit=self._result_unit(words) if reported else unit,
            resolution=resolution,
            repeats=self._repeats(values),
            direction=self.visit.direction,
            position=self.visit.position,
            entry=column.entry,
            span=values.get("span", Decimal(0)),
            reported=reported,
        )

    def _repeats(self, values: Mapping[str, Decimal]) -> int:
        if self.column.repeats:
            return self.place.whole(self.column.repeats, values, "repeats", MOST_REPEATS)
        if self.visit.once or self.column.kind is not ColumnKind.TYPED:
            return 1
        return self.place.whole(self.place.block.repeats, values, "repeats", MOST_REPEATS)

    def _result_unit(self, words: Mapping[str, str]) -> str:
        result = self.place.table.result
        path = f"{self.place.table_path}.result.unit"
        return "" if result is None else filled_in(result.unit, words, path)
