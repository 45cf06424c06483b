"""What a designed procedure is made of: the records of the form `calibra-procedure/1`.

Every number in a design is a formula of the closed grammar (`metrology/expression.py`), written
as text: "5", "0.5*range_high", "repeats". A formula may name, where it stands for a point:

- the instrument's parameters that are numbers, and the fields of the record a block runs over;
- `nominal`, `expected`, `low`, `high`, `span` (of the block's range), `resolution`;
- the block's own `values`;

and where indications are there (derived columns, input quantities, checks) also

- the columns of the point's table (their mean, or within a derived column each repeat's value);
- `s_` and `span_` before a column's name: the scatter and the span of its values at the point;
- the `figures` of every table of the sheet;
- `temperature`, `humidity`, `pressure` of the room (the middle of what was read).

In texts `{name}` stands for a parameter: "Relative humidity at {chamber_temperature} °C".
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from calibra_app.metrology.coverage import Method
from calibra_app.procedures.base import Direction, Entry
from calibra_app.procedures.designed.terms import Input, Limit, When


class ParameterKind(StrEnum):
    """What is entered for a parameter of the instrument."""

    NUMBER = "number"
    TEXT = "text"
    CHOICE = "choice"
    LIST = "list"
    RECORDS = "records"


@dataclass(frozen=True, slots=True)
class Parameter:
    """What has to be known of an instrument; without a default it must be given."""

    name: str
    title: str
    kind: ParameterKind = ParameterKind.NUMBER
    unit: str = ""
    default: object = None
    choices: tuple[str, ...] = ()
    hint: str = ""


@dataclass(frozen=True, slots=True)
class RoomLimit:
    """Between which values a quantity of the room stays, and how fast it may change."""

    quantity: str
    low: str
    high: str
    unit: str
    change: str = ""
    change_per_hour: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """Points of a table that are planned together.

    `nominals` are formulas or names of list parameters; `percents` are percentages of the range
    from `low` to `high` (those of the range's span, counted from its low end). Each point is
    repeated for each direction (a falling series runs backwards), series and position. `each`
    names a parameter of records: the block is planned once for each record.
    """

    unit: str
    nominals: tuple[str, ...] = ()
    percents: tuple[str, ...] = ()
    low: str = ""
    high: str = ""
    group: str = ""
    label: str = ""
    function: str = ""
    range: str = ""
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    directions: tuple[Direction, ...] = ()
    series: str = "1"
    positions: tuple[str, ...] = ()
    repeats: str = "1"
    repeated_at: tuple[str, ...] = ()
    each: str = ""
    when: When | None = None


class ColumnKind(StrEnum):
    """Where the values of a column come from."""

    TYPED = "typed"
    CHOICE = "choice"
    CHECK = "check"
    CORRECTED = "corrected"
    DERIVED = "derived"
    FIT = "fit"


class Give(StrEnum):
    """What a fitted curve gives at a point."""

    PREDICTED = "predicted"
    RESIDUAL = "residual"


@dataclass(frozen=True, slots=True)
class Option:
    """One entry of a selected column, with the number that stands for it in formulas."""

    text: str
    value: str


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the sheet.

    typed: read and typed, `repeats` times if that differs from the point's. choice: one of
    `options`. check: 1 passed, 0 failed. corrected: the column `of` plus the correction of the
    standard for `function`. derived: `formula`, for each repeat where its columns have several.
    fit: a polynomial of `degree` of `y` over `x` through the points of the table.
    """

    name: str
    title: str
    kind: ColumnKind = ColumnKind.TYPED
    unit: str = ""
    resolution: str = "resolution"
    expected: str = ""
    repeats: str = ""
    entry: Entry = Entry.INDICATION
    options: tuple[Option, ...] = ()
    formula: str = ""
    empirical: bool = False
    of: str = ""
    function: str = ""
    x: str = ""
    y: str = ""
    degree: str = "1"
    give: Give = Give.PREDICTED


class Take(StrEnum):
    """What a figure takes from a whole table."""

    MEAN = "mean"
    SCATTER = "s"
    FREEDOM = "degrees of freedom"
    POOLED = "pooled s"
    POOLED_FREEDOM = "pooled degrees of freedom"
    LARGEST = "largest"
    SMALLEST = "smallest"
    LARGEST_ABSOLUTE = "largest absolute"
    SPAN = "span"
    DIFFERENCE = "largest difference"
    HYSTERESIS = "hysteresis"
    SERIES = "series difference"
    AT = "value at"
    COEFFICIENT = "coefficient"
    RESIDUAL_SCATTER = "residual s"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that one table gives to all formulas of the sheet.

    Over the means of the column at the table's points: mean, largest, smallest, largest
    absolute, span, largest difference (to the point at `at`), hysteresis (largest fall minus
    rise), series difference (largest span between series of one point), value at (`at` is a
    position or a nominal). s and degrees of freedom: of the point with most indications; pooled:
    over all points. coefficient and residual s: of the fitted column. `otherwise` holds while
    nothing is measured, and where the table is not planned for the instrument.
    """

    name: str
    title: str
    take: Take
    column: str
    unit: str = ""
    at: str = ""
    number: str = "0"
    otherwise: str = ""


@dataclass(frozen=True, slots=True)
class Correlation:
    """Two input quantities that are not independent."""

    one: str
    other: str
    coefficient: str


@dataclass(frozen=True, slots=True)
class Result:
    """What a table is for: the measurement function, and where its result stands.

    `indication` is the column whose mean is shown as the indication; `row` the typed column
    beside which the result stands, where the indication is not typed itself.
    """

    title: str
    unit: str
    model: str
    indication: str
    row: str = ""
    reference: str = ""
    empirical: bool = False
    second_order: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """A condition on figures of the sheet that is told beside the result; never hides it.

    It may also name `result` and `expanded_uncertainty`. Without limits it is a figure that is
    told, such as the interval that a guide computes of both.
    """

    title: str
    formula: str
    unit: str = ""
    at_least: str = ""
    at_most: str = ""


@dataclass(frozen=True, slots=True)
class CapabilityFormula:
    """A smallest uncertainty by formula, between two values (both belong to it)."""

    uncertainty: str
    unit: str
    low: str = ""
    high: str = ""
    function: str = ""


@dataclass(frozen=True, slots=True)
class CoverageChoice:
    """How k is found; `dominant` takes the rectangle or trapezium where one or two dominate.

    They dominate where all others together reach at most the share `negligible` of them.
    """

    method: Method = Method.T
    probability: str = "0.9545"
    factor: str = "2"
    truncate: bool = True
    dominant: bool = False
    negligible: str = "0.3"


@dataclass(frozen=True, slots=True)
class Table:
    """One test of the sheet: its points, its columns, and what becomes of them."""

    key: str
    title: str
    blocks: tuple[Block, ...]
    columns: tuple[Column, ...]
    function: str = ""
    figures: tuple[Figure, ...] = ()
    result: Result | None = None
    inputs: tuple[Input, ...] = ()
    correlations: tuple[Correlation, ...] = ()
    limits: tuple[Limit, ...] = ()
    checks: tuple[Check, ...] = ()
    cmc: tuple[CapabilityFormula, ...] = ()


class ResolutionRule(StrEnum):
    """Whether repeatability and resolution both count, or the larger of the two."""

    BOTH = "both"
    LARGER = "larger"
