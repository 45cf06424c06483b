"""Input quantities and limits of a design: from where each is known, term by term."""

from dataclasses import dataclass
from enum import StrEnum

from calibra_app.metrology.distributions import Shape


@dataclass(frozen=True, slots=True)
class When:
    """A condition: a parameter of the instrument has one of these values."""

    parameter: str
    equals: tuple[str, ...]


class SourceKind(StrEnum):
    """From where an input quantity is known."""

    READINGS = "readings"
    STANDARD = "standard"
    SPECIFICATION = "specification"
    RESOLUTION = "resolution"
    ROOM = "room"
    CONSTANT = "constant"
    FORMULA = "formula"


class Scatter(StrEnum):
    """Whose scatter a mean of readings has."""

    OWN = "own"
    GIVEN = "given"
    OWN_OR_GIVEN = "own or given"


class Certificate(StrEnum):
    """What is taken from the certificate of the chosen standard."""

    VALUE = "value"
    CORRECTION = "correction"
    UNCERTAINTY = "uncertainty"
    DRIFT = "drift"


class TermKind(StrEnum):
    """One term of a specification or of a limit."""

    CONSTANT = "constant"
    PERCENT_OF_VALUE = "% of value"
    PPM_OF_VALUE = "ppm of value"
    PERCENT_OF_RANGE = "% of range"
    PPM_OF_RANGE = "ppm of range"
    DIGITS = "digits"
    FORMULA = "formula"


@dataclass(frozen=True, slots=True)
class Term:
    """One term: `amount` times what its kind names; `of` replaces the value or the range."""

    kind: TermKind
    amount: str
    of: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Input:
    """One input quantity of the measurement function: its value and what is known of it.

    readings: mean of `column`; scatter own, or `standard_deviation` with `degrees_of_freedom`.
    standard: the chosen standard's certificate for `function` at `at`. specification: the sum of
    `terms`. resolution: half of the step of `column`'s display, or of `step`. room: half the
    span read of `quantity` (or the greatest distance from `about`). constant and formula:
    `value`, with half_width, width, standard_uncertainty or expanded_uncertainty as stated.
    """

    name: str
    title: str
    source: SourceKind
    unit: str = ""
    symbol: str = ""
    words: str = ""
    distribution: Shape = Shape.RECTANGULAR
    beta: str = "0"
    value: str = ""
    column: str = ""
    scatter: Scatter = Scatter.OWN
    standard_deviation: str = ""
    single: bool = False
    function: str = ""
    at: str = ""
    at_unit: str = ""
    take: Certificate = Certificate.VALUE
    terms: tuple[Term, ...] = ()
    step: str = ""
    quantity: str = ""
    about: str = ""
    half_width: str = ""
    width: str = ""
    standard_uncertainty: str = ""
    expanded_uncertainty: str = ""
    coverage_factor: str = ""
    at_least: str = ""
    degrees_of_freedom: str = ""
    reliability: str = ""


class Combine(StrEnum):
    """How the terms of a limit are put together."""

    SUM = "sum"
    LARGER = "larger"
    RSS = "rss"


class Side(StrEnum):
    """On which side a limit stands."""

    BOTH = "both"
    UPPER = "upper"
    LOWER = "lower"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a limit's table: up to which value which limit holds."""

    up_to: str
    amount: str


@dataclass(frozen=True, slots=True)
class Limit:
    """A maximum permissible error; the first whose conditions hold applies.

    `checked` is false where the numbers are known from elsewhere than the named source.
    """

    terms: tuple[Term, ...] = ()
    steps: tuple[Step, ...] = ()
    of: str = ""
    above: str = ""
    up_to: str = ""
    function: str = ""
    when: When | None = None
    combine: Combine = Combine.SUM
    side: Side = Side.BOTH
    unit: str = ""
    source: str = ""
    checked: bool = True
