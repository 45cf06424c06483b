"""The Procedure protocol: what is planned, what is allowed, what a point's indications mean."""

import dataclasses
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Final, Protocol, Self, TypeAlias, cast

from calibra_app.metrology.budget import BudgetRow
from calibra_app.metrology.cmc import Cmc
from calibra_app.metrology.conformity import DecisionRule, Limits, Statement
from calibra_app.metrology.coverage import Coverage
from calibra_app.metrology.reference_standard import ReferenceStandard
from calibra_app.metrology.rounding import decimal_of
from calibra_app.procedures.parameters import Parameters, PlainData

Indications: TypeAlias = Sequence[Decimal]
# Behind the name of a quantity of the room: how fast it changed at most, in its unit an hour.
PER_HOUR: Final = " per hour"
Sheet: TypeAlias = Mapping[str, Indications]


class Direction(StrEnum):
    """From which side a point is approached."""

    NONE = ""
    UP = "up"
    DOWN = "down"


class Entry(StrEnum):
    """What is typed into a cell: what the item shows, or how far off it shows."""

    INDICATION = "indication"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class PlannedPoint:
    """One point of an observation sheet, before anything is read.

    `nominal` is the value of the measurand that is realized, in `nominal_unit`; `expected` is
    what an ideal item would show, in `unit`; the error is reported in `result_unit`, which is
    the unit of a difference of indications (K for °C). A point that is not `reported` is read
    for another one (the standard's indication, a test's auxiliary reading) and has no result.
    """

    key: str
    group: str
    label: str
    function: str
    nominal: Decimal
    nominal_unit: str
    expected: Decimal
    unit: str
    result_unit: str
    resolution: Decimal
    repeats: int
    direction: Direction = Direction.NONE
    position: str = ""
    entry: Entry = Entry.INDICATION
    span: Decimal = Decimal(0)
    reported: bool = True

    @property
    def decimals(self) -> int:
        """Return how many decimal places an indication has."""
        return max(0, -cast("int", self.resolution.as_tuple().exponent))

    def as_json(self) -> dict[str, object]:
        """Return the point as plain data; decimals as text."""
        return {
            name: str(value) if isinstance(value, Decimal | StrEnum) else value
            for name, value in (
                (column.name, getattr(self, column.name)) for column in dataclasses.fields(self)
            )
        }

    @classmethod
    def from_json(cls, data: PlainData) -> Self:
        """Read a point back from plain data."""
        values = Parameters(data)
        return cls(
            key=values.text("key"),
            group=values.text("group"),
            label=values.text("label"),
            function=values.text("function"),
            nominal=values.decimal("nominal"),
            nominal_unit=values.text("nominal_unit"),
            expected=values.decimal("expected"),
            unit=values.text("unit"),
            result_unit=values.text("result_unit"),
            resolution=values.decimal("resolution"),
            repeats=values.whole("repeats"),
            direction=Direction(values.text("direction", "")),
            position=values.text("position", ""),
            entry=Entry(values.text("entry", "indication")),
            span=decimal_of(values.text("span", "0"), "span"),
            reported=values.text("reported", "True") == "True",
        )


@dataclass(frozen=True, slots=True)
class MaximumPermissibleError:
    """The limits of the error at one point, with the trace of where they come from."""

    limits: Limits
    unit: str
    trace: str


@dataclass(frozen=True, slots=True)
class Run:
    """Everything that the evaluation of one point may look at."""

    point: PlannedPoint
    readings: Indications
    parameters: Parameters
    standards: Sequence[ReferenceStandard] = ()
    environment: PlainData = field(default_factory=dict[str, object])
    rule: DecisionRule = field(default_factory=DecisionRule)
    cmc: Sequence[Cmc] = ()
    sheet: Sheet = field(default_factory=dict[str, Indications])


@dataclass(frozen=True, slots=True)
class ReferenceUse:
    """What the reference standard brings to a point: its correction and its budget rows."""

    correction: Decimal = Decimal(0)
    rows: tuple[BudgetRow, ...] = ()
    asset: str = ""


@dataclass(frozen=True, slots=True)
class EvaluatedRow:
    """One row of an evaluated budget, as plain data."""

    symbol: str
    title: str
    source: str
    evaluation: str
    distribution: str
    spread: float
    divisor: float
    unit: str
    standard_uncertainty: float
    sensitivity_coefficient: float
    contribution: float
    degrees_of_freedom: float
    share: float


@dataclass(frozen=True, slots=True)
class PointEvaluation:
    """What a point's indications amount to. None where there are not enough of them yet.

    Numbers are not rounded; every `…_text` is as it stands on paper.
    """

    key: str
    procedure: str
    procedure_version: str
    engine_version: str
    budget_name: str
    number: int
    repeats: int
    unit: str
    result_unit: str
    mean: float | None = None
    standard_deviation: float | None = None
    error_of_indication: float | None = None
    reference_value: float | None = None
    combined_standard_uncertainty: float | None = None
    degrees_of_freedom: float | None = None
    coverage_factor: float | None = None
    coverage_probability: float | None = None
    computed_uncertainty: float | None = None
    expanded_uncertainty: float | None = None
    cmc: float | None = None
    floored: bool = False
    in_scope: bool = False
    lower_limit: float | None = None
    upper_limit: float | None = None
    lower_acceptance: float | None = None
    upper_acceptance: float | None = None
    guard_band: float | None = None
    tur: float | None = None
    probability_of_conformity: float | None = None
    statement: Statement | None = None
    rule_text: str = ""
    mean_text: str = ""
    standard_deviation_text: str = ""
    error_text: str = ""
    uncertainty_text: str = ""
    coverage_factor_text: str = ""
    degrees_of_freedom_text: str = ""
    limit_text: str = ""
    limit_trace: str = ""
    tur_text: str = ""
    probability_text: str = ""
    statement_text: str = ""
    standard: str = ""
    outlier: int | None = None
    rows: tuple[EvaluatedRow, ...] = ()
    explanations: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Tell whether as many indications are there as were planned."""
        return self.number >= self.repeats

    def as_json(self) -> dict[str, object]:
        """Return the evaluation as plain data; an infinite number is the text "inf"."""
        plain = cast("dict[str, object]", _plain(self))
        plain["complete"] = self.complete
        return plain


_AS_THEY_ARE: Final = frozenset({str, int, bool, type(None)})


def _plain(value: object) -> object:  # noqa: PLR0911 - one line for each kind of value
    kind = type(value)
    if kind in _AS_THEY_ARE:
        return value
    if kind is float:
        return "inf" if math.isinf(cast("float", value)) else value
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, tuple | list):
        return [_plain(item) for item in cast("Sequence[object]", value)]
    if isinstance(value, dict):
        items = cast("dict[str, object]", value)
        return {name: _plain(item) for name, item in items.items()}
    if dataclasses.is_dataclass(kind):
        return {name: _plain(getattr(value, name)) for name in _names_of(kind)}
    return value


@cache
def _names_of(kind: type) -> tuple[str, ...]:
    return tuple(column.name for column in dataclasses.fields(kind))


@dataclass(frozen=True, slots=True)
class EnvironmentLimit:
    """A limit of the room's climate that a procedure asks for."""

    quantity: str
    low: float
    high: float
    unit: str


class Procedure(Protocol):
    """A measurement procedure: pure, without memory, found by key and version."""

    @property
    def key(self) -> str:
        """Return the laboratory's number of the procedure, such as MP-ELE-04."""
        ...

    @property
    def version(self) -> str:
        """Return the revision."""
        ...

    @property
    def title(self) -> str:
        """Return the title as it stands on a certificate."""
        ...

    @property
    def discipline(self) -> str:
        """Return the discipline, as competence and scope name it."""
        ...

    @property
    def budget_name(self) -> str:
        """Return name and version of the uncertainty budget."""
        ...

    @property
    def method(self) -> str:
        """Return the method in a sentence with its guide."""
        ...

    @property
    def environment_limits(self) -> tuple[EnvironmentLimit, ...]:
        """Return the limits of the room's climate."""
        ...

    @property
    def defaults(self) -> PlainData:
        """Return the parameters that hold where an instrument states nothing else."""
        ...

    @property
    def coverage(self) -> Coverage:
        """Return how the coverage factor is found."""
        ...

    def plan(self, parameters: Parameters) -> tuple[PlannedPoint, ...]:
        """Return the points of the sheet for an instrument."""
        ...

    def limit(self, point: PlannedPoint, parameters: Parameters) -> MaximumPermissibleError:
        """Return the maximum permissible error at a point, with its trace."""
        ...

    def evaluate(self, run: Run) -> PointEvaluation:
        """Return what the indications of one point amount to."""
        ...
