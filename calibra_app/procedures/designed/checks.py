"""What is looked at before a design is kept: names, references, units; every fault at its place.

Reading a design finds what has not the form, and stops there. These checks go on, so that the
designer page can mark all faults together.
"""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final, cast

from calibra_app.metrology.dimensions import check_units
from calibra_app.metrology.quantity import MetrologyError, unit
from calibra_app.procedures.designed.budget import RESULT, UNCERTAINTY
from calibra_app.procedures.designed.columns import ROOM, SPREADS
from calibra_app.procedures.designed.design import Design
from calibra_app.procedures.designed.form import Block, Column, ColumnKind, ParameterKind, Table
from calibra_app.procedures.designed.formula import (
    FUNCTIONS,
    NAME,
    formula,
    places_of,
    refused,
)
from calibra_app.procedures.designed.plain import DesignError
from calibra_app.procedures.designed.plan import READ, words_of
from calibra_app.procedures.designed.terms import Input, Scatter, SourceKind
from calibra_app.procedures.parameters import PlainData

POINT_NAMES: Final = frozenset({"nominal", "expected", "low", "high", "span", "resolution"})


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that has to be mended before a design can be used."""

    path: str
    sentence: str
    start: int = 0
    end: int = 0

    @classmethod
    def of(cls, error: DesignError) -> "Fault":
        """Return the fault that a refusal names."""
        return cls(error.path, error.sentence, error.start, error.end)


# What each source needs, and what else it may say; all others are a misunderstanding.
_NEEDS: Final[Mapping[SourceKind, tuple[str, ...]]] = {
    SourceKind.READINGS: ("column",),
    SourceKind.STANDARD: (),
    SourceKind.SPECIFICATION: ("terms",),
    SourceKind.RESOLUTION: (),
    SourceKind.ROOM: ("quantity",),
    SourceKind.CONSTANT: ("value",),
    SourceKind.FORMULA: (),
}
_SPREADS: Final = ("half_width", "width", "standard_uncertainty", "expanded_uncertainty")
_MAY: Final[Mapping[SourceKind, tuple[str, ...]]] = {
    SourceKind.READINGS: ("standard_deviation", "degrees_of_freedom", "reliability"),
    SourceKind.STANDARD: ("function", "at", "at_unit"),
    SourceKind.SPECIFICATION: ("value", "coverage_factor", "degrees_of_freedom", "reliability"),
    SourceKind.RESOLUTION: ("column", "step", "value"),
    SourceKind.ROOM: ("about", "value", "at_least", "degrees_of_freedom", "reliability"),
    SourceKind.CONSTANT: (),
    SourceKind.FORMULA: (
        "value", *_SPREADS, "coverage_factor", "at_least", "degrees_of_freedom", "reliability",
    ),
}  # fmt: skip
_SOURCE_FIELDS: Final = tuple(
    dict.fromkeys(
        name for table in (_NEEDS, _MAY) for names in table.values() for name in names
    )
)  # fmt: skip


def faults_of(design: Design, parameters: PlainData | None = None) -> tuple[Fault, ...]:
    """Return all faults of a design; none if it can be used.

    Args:
        design: The design.
        parameters: Those of a sample instrument, by which units in braces are known.
    """
    words = words_of({**design.defaults, **(parameters or {})})
    found = [
        Fault(name, "is missing")
        for name in ("key", "title", "discipline")
        if not getattr(design, name)
    ]
    spoken = {ParameterKind.TEXT, ParameterKind.CHOICE}
    # What is no number stands in no formula, and may be called class.
    names = [
        f"{each.name}_" if each.kind in spoken and each.name in FUNCTIONS else each.name
        for each in design.parameters
    ]
    found += _names("parameters", names)
    if not design.tables:
        found.append(Fault("tables", "expected at least one table"))
    keys = [table.key for table in design.tables]
    for at, table in enumerate(design.tables):
        path = f"tables[{at}]"
        if not table.key or keys.index(table.key) != at:
            found.append(Fault(f"{path}.key", "expected a key that no other table has"))
        found += _Reader(design, table, path, words).faults()
    if not any(table.result for table in design.tables):
        found.append(Fault("tables", "none of them has a result"))
    figures = [figure.name for table in design.tables for figure in table.figures]
    for name in sorted({name for name in figures if figures.count(name) > 1}):
        found.append(Fault("tables", f"the figure {name} is there twice"))
    return tuple(dict.fromkeys(found))


def _names(path: str, names: Sequence[str]) -> Iterator[Fault]:
    for at, name in enumerate(names):
        here = f"{path}[{at}].name"
        if not NAME.fullmatch(name):
            yield Fault(here, "expected a name of letters, digits and _, such as d_res")
        elif name in FUNCTIONS:
            yield Fault(here, f"{name} means something else in formulas")
        elif names.index(name) != at:
            yield Fault(here, f"{name} is there already")


@dataclass(frozen=True, slots=True)
class _Reader:
    """Looks at one table of a design."""

    design: Design
    table: Table
    path: str
    words: Mapping[str, str]

    def faults(self) -> Iterator[Fault]:
        table, path = self.table, self.path
        for part in ("columns", "figures", "inputs"):
            yield from _names(f"{path}.{part}", [each.name for each in getattr(table, part)])
        if not table.blocks:
            yield Fault(f"{path}.blocks", "expected at least one block of points")
        if not any(each.kind in READ for each in table.columns):
            yield Fault(f"{path}.columns", "expected a column in which something is typed")
        for at, block in enumerate(table.blocks):
            yield from self._block(block, f"{path}.blocks[{at}]")
        for at, column in enumerate(table.columns):
            yield from self._column(column, f"{path}.columns[{at}]")
        yield from self._result()
        for at, quantity in enumerate(table.inputs):
            yield from self._input(quantity, f"{path}.inputs[{at}]")
        yield from self._others()

    def _others(self) -> Iterator[Fault]:
        table, path = self.table, self.path
        for at, figure in enumerate(table.figures):
            yield from self._refers(figure.column, f"{path}.figures[{at}].column")
        inputs = {each.name for each in table.inputs}
        for at, pair in enumerate(table.correlations):
            for name, wanted in (("one", pair.one), ("other", pair.other)):
                if wanted not in inputs:
                    here = f"{path}.correlations[{at}].{name}"
                    yield Fault(here, f"{wanted} is not an input quantity")
        for at, check in enumerate(table.checks):
            for name in ("formula", "at_least", "at_most"):
                text = getattr(check, name)
                if text or name == "formula":
                    here = f"{path}.checks[{at}].{name}"
                    yield from self._formula(text, here, {RESULT, UNCERTAINTY})
        for at, limit in enumerate(table.limits):
            for number, term in enumerate(limit.terms):
                here = f"{path}.limits[{at}].terms[{number}].amount"
                yield from self._formula(term.amount, here)

    def _block(self, block: Block, path: str) -> Iterator[Fault]:
        if not (block.nominals or block.percents):
            yield Fault(f"{path}.nominals", "expected nominals or percents")
        yield from self._unit(block.unit, f"{path}.unit")
        if block.each and not any(
            each.name == block.each and each.kind is ParameterKind.RECORDS
            for each in self.design.parameters
        ):
            yield Fault(f"{path}.each", f"{block.each} is not a parameter of records")

    def _column(self, column: Column, path: str) -> Iterator[Fault]:
        yield from self._unit(column.unit, f"{path}.unit")
        if column.kind is ColumnKind.DERIVED:
            yield from self._formula(column.formula, f"{path}.formula")
            if not column.empirical:
                yield from self._fits(column.formula, column.unit, f"{path}.formula", {})
        elif column.kind is ColumnKind.CORRECTED:
            yield from self._refers(column.of, f"{path}.of")
        elif column.kind is ColumnKind.FIT:
            yield from self._refers(column.x, f"{path}.x")
            yield from self._refers(column.y, f"{path}.y")
        elif column.kind is ColumnKind.CHOICE and not column.options:
            yield Fault(f"{path}.options", "expected what can be chosen")

    def _result(self) -> Iterator[Fault]:
        result, path = self.table.result, f"{self.path}.result"
        if result is None:
            return
        yield from self._unit(result.unit, f"{path}.unit")
        yield from self._refers(result.indication, f"{path}.indication")
        typed = [each.name for each in self.table.columns if each.kind in READ]
        if result.row and result.row not in typed:
            yield Fault(f"{path}.row", f"{result.row} is not a typed column")
        try:
            named = formula(result.model).names
        except MetrologyError as error:
            yield Fault.of(refused(f"{path}.model", error))
            return
        inputs = [each.name for each in self.table.inputs]
        for name in sorted(named - set(inputs)):
            place = result.model.find(name)
            yield Fault(
                f"{path}.model", f"{name} is not an input quantity", place, place + len(name)
            )
        for at, name in enumerate(inputs):
            if name not in named:
                here = f"{self.path}.inputs[{at}].name"
                yield Fault(here, f"{name} is not in the measurement function")
        if not result.empirical and named <= set(inputs):
            units = {each.name: each.unit for each in self.table.inputs}
            yield from self._fits(result.model, result.unit, f"{path}.model", units)

    def _input(self, quantity: Input, path: str) -> Iterator[Fault]:
        yield from self._unit(quantity.unit, f"{path}.unit")
        needs, may = _NEEDS[quantity.source], _MAY[quantity.source]
        for name in _SOURCE_FIELDS:
            given = bool(getattr(quantity, name))
            if name in needs and not given:
                yield Fault(f"{path}.{name}", f"is needed for {quantity.source.value}")
            elif given and name not in {*needs, *may}:
                yield Fault(f"{path}.{name}", f"says nothing for {quantity.source.value}")
        if quantity.source is SourceKind.READINGS:
            yield from self._refers(quantity.column, f"{path}.column")
            if quantity.scatter is not Scatter.OWN and not quantity.standard_deviation:
                yield Fault(f"{path}.standard_deviation", "expected the s that is given")
        stated = [name for name in _SPREADS if getattr(quantity, name)]
        if len(stated) > 1:
            yield Fault(f"{path}.{stated[1]}", f"{stated[0]} is stated already")
        for name in (*_SPREADS, "value", "standard_deviation", "degrees_of_freedom", "at",
                     "at_least", "coverage_factor", "reliability", "step", "about"):  # fmt: skip
            text = getattr(quantity, name)
            if text:
                yield from self._formula(text, f"{path}.{name}")

    def _refers(self, name: str, path: str) -> Iterator[Fault]:
        if name not in {each.name for each in self.table.columns}:
            yield Fault(path, f"{name or 'nothing'} is not a column of this table")

    def _formula(
        self, text: str, path: str, stated: AbstractSet[str] = frozenset()
    ) -> Iterator[Fault]:
        try:
            named = formula(text).names
        except MetrologyError as error:
            yield Fault.of(refused(path, error))
            return
        for name in sorted(named - self._known() - stated):
            place = text.find(name)
            yield Fault(path, f"{name} is not known here", place, place + len(name))

    def _known(self) -> set[str]:
        known = {each.name for each in self.design.parameters} | POINT_NAMES | set(ROOM)
        columns = {each.name for each in self.table.columns}
        known |= columns | {f"{prefix}{name}" for prefix in SPREADS for name in columns}
        known |= {figure.name for table in self.design.tables for figure in table.figures}
        known |= {name for block in self.table.blocks for name in block.values}
        for block in self.table.blocks:
            for record in self._records(block.each):
                known |= set(record)
        return known

    def _records(self, name: str) -> list[Mapping[str, object]]:
        """Return the records of a parameter's default, whose fields formulas may name."""
        for each in self.design.parameters:
            default: object = each.default
            if each.name == name and isinstance(default, list):
                records = cast("list[object]", default)
                return [
                    cast("Mapping[str, object]", one) for one in records if isinstance(one, Mapping)
                ]
        return []

    def _unit(self, written: str, path: str) -> Iterator[Fault]:
        filled = self._filled(written)
        if filled is None:
            return
        try:
            unit(filled)
        except MetrologyError as error:
            yield Fault(path, str(error))

    def _filled(self, written: str) -> str | None:
        """Return a unit with its places filled in, or None where they are not known yet."""
        places = places_of(written)
        if any(name not in self.words for name in places):
            return None
        for name in places:
            written = written.replace(f"{{{name}}}", self.words[name])
        return written

    def _fits(
        self, text: str, result_unit: str, path: str, units: Mapping[str, str]
    ) -> Iterator[Fault]:
        """Hold a formula against its units, where all of them are known."""
        try:
            named = formula(text).names
        except MetrologyError:
            return
        known = {**self._units(), **units}
        filled = {name: self._filled(known[name]) for name in named if name in known}
        wanted = self._filled(result_unit)
        if wanted is None or len(filled) < len(named) or None in filled.values():
            return
        told = {name: written for name, written in filled.items() if written is not None}
        try:
            check_units(text, told, wanted)
        except MetrologyError as error:
            yield Fault.of(refused(path, error))

    def _units(self) -> dict[str, str]:
        units = {each.name: each.unit for each in self.design.parameters}
        units |= {
            figure.name: figure.unit for table in self.design.tables for figure in table.figures
        }
        blocks = {block.unit for block in self.table.blocks}
        if len(blocks) == 1:
            units |= dict.fromkeys(POINT_NAMES - {"resolution"}, blocks.pop())
        units |= {each.name: each.unit for each in self.table.columns}
        return units
