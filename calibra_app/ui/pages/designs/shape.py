"""What each record of a design is edited by: its fields, their words, for which kind they stand.

The designer page is made from these lists; a field that a kind of column or source does not use
is not shown for it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from calibra_app.metrology.coverage import Method
from calibra_app.metrology.distributions import Shape
from calibra_app.procedures.base import Entry
from calibra_app.procedures.designed.form import (
    ColumnKind,
    Give,
    ParameterKind,
    ResolutionRule,
    Take,
)
from calibra_app.procedures.designed.terms import (
    Certificate,
    Combine,
    Scatter,
    Side,
    SourceKind,
)
from calibra_app.ui.words import say


class Control(StrEnum):
    """How a field is edited; `function` and `note` take the whole width."""

    TEXT = "text"
    FUNCTION = "function"
    FORMULA = "formula"
    CHOICE = "choice"
    FLAG = "flag"
    LIST = "list"
    LINES = "lines"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a record.

    `only` names the kinds (of column, of source, of term) for which it stands; empty for all.
    `first` is what holds where nothing is chosen.
    """

    name: str
    label: str
    control: Control = Control.TEXT
    hint: str = ""
    options: tuple[tuple[str, str], ...] = ()
    only: tuple[str, ...] = ()
    first: str = ""


def _words(words: type[StrEnum]) -> tuple[tuple[str, str], ...]:
    return tuple((each.value, SAID.get(each.value, each.value.capitalize())) for each in words)


SAID: Final = {
    "t": say("Student's t"),
    "arcsine": say("U-shaped"),
    "ctrap": say("Trapezoidal, inexact"),
    "s": "s",
    "pooled s": say("Pooled s"),
    "": say("None"),
}


def _choice(
    name: str, label: str, words: type[StrEnum], *, only: tuple[str, ...] = (), first: str = ""
) -> Field:
    chosen = first or next(iter(words)).value
    return Field(name, label, Control.CHOICE, "", _words(words), only, chosen)


def _formula(
    name: str, label: str, hint: str = "", *, only: tuple[str, ...] = (), first: str = ""
) -> Field:
    return Field(name, label, Control.FORMULA, hint, (), only, first)


NAME: Final = say("Letters, digits and _; formulas use it")
GENERAL: Final = (
    Field("method", say("Method"), Control.NOTE),
    Field("guide", say("Guide")),
    Field("budget", say("Name of the budget"), hint=say("Such as BUD-TEM-05 v3")),
    _choice("resolution_rule", say("Repeatability and resolution"), ResolutionRule),
    Field("note", say("Note"), Control.NOTE),
)
COVERAGE: Final = (
    _choice("method", say("Coverage factor by"), Method, first="t"),
    _formula("probability", say("Coverage probability"), first="0.9545"),
    _formula("factor", say("k, where it is fixed"), first="2"),
    Field("truncate", say("Truncate degrees of freedom"), Control.FLAG),
    Field("dominant", say("Shape of one or two dominant rectangles"), Control.FLAG),
)
PARAMETER: Final = (
    Field("name", say("Name"), hint=NAME),
    Field("title", say("Title")),
    _choice("kind", say("Kind"), ParameterKind),
    Field("unit", say("Unit")),
    Field("default", say("Where nothing is stated"), Control.LIST, say("A list with semicolons")),
    Field("choices", say("Choices"), Control.LIST, say("With semicolons"), only=("choice",)),
    Field("hint", say("Hint")),
)
ROOM: Final = (
    Field("quantity", say("Quantity"), hint=say("temperature, humidity or pressure")),
    _formula("low", say("From")),
    _formula("high", say("To")),
    Field("unit", say("Unit")),
    _formula("change", say("Most change during the work")),
    _formula("change_per_hour", say("Most change an hour")),
)
TABLE: Final = (
    Field("key", say("Key")),
    Field("title", say("Title")),
    Field("function", say("Function of the standard"), hint=say("As its certificate names it")),
)
BLOCK: Final = (
    Field("nominals", say("Nominal values"), Control.LIST, say("Formulas, or list parameters")),
    Field("percents", say("Per cent of the range"), Control.LIST, say("Needs low and high")),
    Field("unit", say("Unit")),
    _formula("low", say("Range from")),
    _formula("high", say("Range to")),
    _formula("repeats", say("Readings a point"), first="1"),
    Field("repeated_at", say("Read so often only at"), Control.LIST),
    Field("directions", say("Directions"), Control.LIST, say("up; down")),
    _formula("series", say("Series"), first="1"),
    Field("positions", say("Positions"), Control.LIST, say("centre; front left; …")),
    Field("function", say("Function of the standard")),
    Field("range", say("Name of the range")),
    Field("group", say("Heading")),
    Field("label", say("Name of each point")),
    Field("values", say("Further values"), Control.LINES, say("name: 1; 2; 3")),
    Field("each", say("Once for each record of")),
    Field("when", say("Only when"), Control.LINES, say("parameter: value; value")),
)
COLUMN: Final = (
    Field("name", say("Name"), hint=NAME),
    Field("title", say("Title")),
    _choice("kind", say("Kind"), ColumnKind),
    Field("unit", say("Unit")),
    _formula("resolution", say("Resolution"), only=("typed",), first="resolution"),
    _formula("expected", say("An ideal item shows"), only=("typed",)),
    _formula("repeats", say("Readings, if others"), only=("typed",)),
    _choice("entry", say("Typed as"), Entry, only=("typed",)),
    Field("options", say("Options"), Control.LINES, say("text: number"), only=("choice",)),
    _formula("formula", say("Formula"), say("Over columns and figures"), only=("derived",)),
    Field("empirical", say("Formula between bare numbers"), Control.FLAG, only=("derived",)),
    Field("of", say("Reading to correct"), only=("corrected",)),
    Field("function", say("Function of the standard"), only=("corrected",)),
    Field("x", say("Over the column"), only=("fit",)),
    Field("y", say("Values of the column"), only=("fit",)),
    _formula("degree", say("Degree"), only=("fit",), first="1"),
    _choice("give", say("Gives"), Give, only=("fit",)),
)
_SPREAD: Final = ("formula",)
INPUT: Final = (
    Field("name", say("Name"), hint=NAME),
    Field("title", say("Title")),
    Field("symbol", say("Symbol")),
    _choice("source", say("Source"), SourceKind),
    Field("unit", say("Unit")),
    Field("column", say("Column"), only=("readings", "resolution")),
    _choice("scatter", say("Scatter"), Scatter, only=("readings",)),
    _formula("standard_deviation", say("s, where it is given"), only=("readings",)),
    Field("single", say("Of one indication in use"), Control.FLAG, only=("readings",)),
    _choice("take", say("Of the certificate"), Certificate, only=("standard",)),
    Field("function", say("Function of the standard"), only=("standard",)),
    _formula("at", say("At"), say("The nominal value, else a column"), only=("standard",)),
    Field("at_unit", say("Unit of that value"), only=("standard",)),
    Field(
        "terms", say("Terms"), Control.LINES, say("ppm of value: 15"), only=("specification",)
    ),
    _formula("step", say("Step of the display"), only=("resolution",)),
    Field("quantity", say("Quantity of the room"), only=("room",)),
    _formula("about", say("Distance from"), only=("room",)),
    _formula("value", say("Value"), only=("constant", "formula", "specification", "room")),
    _formula("half_width", say("Half-width"), only=_SPREAD),
    _formula("width", say("Full width"), only=_SPREAD),
    _formula("standard_uncertainty", say("Standard uncertainty"), only=_SPREAD),
    _formula("expanded_uncertainty", say("Expanded uncertainty"), only=_SPREAD),
    _formula("coverage_factor", say("Its k"), only=("formula", "specification")),
    _formula("at_least", say("Not less than"), only=("formula", "room")),
    _choice(
        "distribution", say("Distribution"), Shape, first="rectangular",
        only=("formula", "specification", "room", "resolution"),
    ),
    _formula("beta", say("Top to base of the trapezium"), only=("formula", "specification")),
    _formula("degrees_of_freedom", say("Degrees of freedom"),
             only=("formula", "specification", "readings", "room")),
    _formula("reliability", say("Relative uncertainty of u"), only=("formula", "specification")),
    Field("words", say("Words in the budget")),
)  # fmt: skip
RESULT: Final = (
    Field("model", say("Measurement function"), Control.FUNCTION, say("Over the input quantities")),
    Field("title", say("Result")),
    Field("unit", say("Unit")),
    Field("indication", say("Column shown as indication")),
    Field("row", say("Stands beside the column")),
    _formula("reference", say("Reference value")),
    Field("empirical", say("Function between bare numbers"), Control.FLAG),
    Field("second_order", say("Second order"), Control.FLAG),
)
CORRELATION: Final = (
    Field("one", say("Input quantity")),
    Field("other", say("And")),
    _formula("coefficient", say("Coefficient")),
)
LIMIT: Final = (
    Field("terms", say("Terms"), Control.LINES, say("% of value: 0.05 — one a line")),
    Field("steps", say("Steps"), Control.LINES, say("up to: limit — one a line")),
    _choice("combine", say("Put together as"), Combine),
    _choice("side", say("Side"), Side),
    Field("unit", say("Unit")),
    _formula("above", say("Above")),
    _formula("up_to", say("Up to")),
    _formula("of", say("Of"), say("abs(nominal) where nothing is said")),
    Field("function", say("For the function")),
    Field("when", say("Only when"), Control.LINES, say("class: A; B")),
    Field("source", say("Source")),
    Field("checked", say("Checked against the source"), Control.FLAG),
)
FIGURE: Final = (
    Field("name", say("Name"), hint=NAME),
    Field("title", say("Title")),
    _choice("take", say("Takes"), Take),
    Field("column", say("Column")),
    Field("unit", say("Unit")),
    _formula("at", say("Position or nominal value")),
    _formula("number", say("Number of the coefficient"), first="0"),
    _formula("otherwise", say("While nothing is read")),
)
CHECK: Final = (
    Field("title", say("Title")),
    _formula("formula", say("Formula")),
    Field("unit", say("Unit")),
    _formula("at_least", say("At least")),
    _formula("at_most", say("At most")),
)
CAPABILITY: Final = (
    _formula("uncertainty", say("Smallest U")),
    Field("unit", say("Unit")),
    _formula("low", say("From")),
    _formula("high", say("To")),
    Field("function", say("For the function")),
)


@dataclass(frozen=True, slots=True)
class Part:
    """A list of records in a design, or in one of its tables.

    `fresh` is what a new record holds; `kind` names the field by which `only` is decided.
    """

    name: str
    title: str
    one: str
    fields: Sequence[Field]
    fresh: Mapping[str, object]
    of_table: bool = True
    kind: str = ""


PARTS: Final[Mapping[str, Part]] = {
    part.name: part
    for part in (
        Part("parameters", say("Parameters of the instrument"), say("Parameter"), PARAMETER,
             {"name": "value", "title": "Value"}, of_table=False, kind="kind"),
        Part("environment", say("Room"), say("Limit of the room"), ROOM,
             {"quantity": "temperature", "low": "18", "high": "28", "unit": "°C"}, of_table=False),
        Part("blocks", say("Points"), say("Block of points"), BLOCK,
             {"unit": "", "nominals": ["points"]}),
        Part("columns", say("Columns of the sheet"), say("Column"), COLUMN,
             {"name": "column", "title": "Column"}, kind="kind"),
        Part("inputs", say("Input quantities"), say("Input quantity"), INPUT,
             {"name": "d_x", "title": "New quantity", "source": "formula", "half_width": "0"},
             kind="source"),
        Part("correlations", say("Correlations"), say("Correlation"), CORRELATION,
             {"one": "", "other": "", "coefficient": "0"}),
        Part("limits", say("Maximum permissible errors"), say("Limit"), LIMIT,
             {"terms": [{"kind": "% of value", "amount": "1"}]}),
        Part("cmc", say("Smallest uncertainty by formula"), say("Smallest uncertainty"),
             CAPABILITY, {"uncertainty": "0", "unit": ""}),
        Part("figures", say("Figures for other formulas"), say("Figure"), FIGURE,
             {"name": "figure", "title": "Figure", "take": "mean", "column": ""}),
        Part("checks", say("Checks"), say("Check"), CHECK,
             {"title": "Check", "formula": "0", "at_most": "0"}),
    )
}  # fmt: skip

# The tabs of the page: value, words, the lists that stand in it.
TABS: Final[tuple[tuple[str, str, tuple[str, ...]], ...]] = (
    ("general", say("General"), ("parameters", "environment")),
    ("points", say("Points"), ("blocks",)),
    ("columns", say("Columns"), ("columns", "figures")),
    ("budget", say("Budget"), ("inputs", "correlations", "cmc")),
    ("limits", say("Limits"), ("limits", "checks")),
    ("text", say("Text"), ()),
)
