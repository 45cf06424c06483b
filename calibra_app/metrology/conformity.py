"""Decision rules: guard bands, the statement of conformity, probability of conformity."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final, Self

from calibra_app.metrology.probability import normal_quantile, t_probability
from calibra_app.metrology.quantity import MetrologyError
from calibra_app.metrology.rounding import exact

LEAST_TUR: Final = 1.0


class RuleName(StrEnum):
    """How wide the guard band w is."""

    SIMPLE = "simple"
    GUARD_BAND = "guard_band"
    SPECIFIC_PFA = "specific_pfa"
    RSS = "rss"
    DOBBERT_M2 = "dobbert_m2"
    NO_STATEMENT = "no_statement"


class Statement(StrEnum):
    """A statement of conformity, or why there is none."""

    PASS = "pass"  # noqa: S105
    CONDITIONAL_PASS = "conditional_pass"  # noqa: S105
    CONDITIONAL_FAIL = "conditional_fail"
    FAIL = "fail"
    UNDECIDED = "undecided"
    NO_STATEMENT = "no_statement"


STATEMENT_TEXTS: Final[Mapping[Statement, str]] = {
    Statement.PASS: "pass",
    Statement.CONDITIONAL_PASS: "conditional pass",
    Statement.CONDITIONAL_FAIL: "conditional fail",
    Statement.FAIL: "fail",
    Statement.UNDECIDED: "method cannot decide",
    Statement.NO_STATEMENT: "no statement",
}

# From best to worst: the statement about an item is that of its worst point.
_SEVERITY: Final = (
    Statement.PASS,
    Statement.CONDITIONAL_PASS,
    Statement.UNDECIDED,
    Statement.CONDITIONAL_FAIL,
    Statement.FAIL,
)


@dataclass(frozen=True, slots=True)
class Limits:
    """The tolerance interval of a measurand; one end may be open. Both ends belong to it."""

    lower: Decimal | None = None
    upper: Decimal | None = None

    @property
    def open(self) -> bool:
        """Tell whether there is no limit at all."""
        return self.lower is None and self.upper is None

    @property
    def half_width(self) -> float | None:
        """Return half the width, or None where one end is open."""
        if self.lower is None or self.upper is None:
            return None
        return float(self.upper - self.lower) / 2

    def narrowed(self, width: Decimal) -> "Limits":
        """Return the limits drawn in by a guard band, or widened by a negative one."""
        return Limits(
            None if self.lower is None else self.lower + width,
            None if self.upper is None else self.upper - width,
        )

    def hold(self, value: Decimal) -> bool:
        """Tell whether a value lies inside; exactly on a limit is inside."""
        above = self.lower is None or value >= self.lower
        return above and (self.upper is None or value <= self.upper)


@dataclass(frozen=True, slots=True)
class DecisionRule:
    """A decision rule as agreed with the customer.

    `minimum_tur` is the condition of simple acceptance: below it, four outcomes with w = U
    apply instead. `least_tur` is where the method cannot decide at all.
    """

    name: RuleName = RuleName.SIMPLE
    multiplier: float = 1.0
    probability_of_false_acceptance: float = 0.025
    non_binary: bool = False
    minimum_tur: float | None = None
    least_tur: float = 0.0

    @classmethod
    def from_json(cls, data: Mapping[str, object]) -> Self:
        """Read a rule from stored plain data.

        Raises:
            MetrologyError: The name or a number is not understood.
        """
        try:
            minimum = data.get("minimum_tur")
            return cls(
                RuleName(str(data.get("name", "simple"))),
                _number(data.get("multiplier", data.get("r", 1.0))),
                _number(data.get("probability_of_false_acceptance", data.get("pfa", 0.025))),
                bool(data.get("non_binary", False)),
                None if minimum is None else _number(minimum),
                _number(data.get("least_tur", 0.0)),
            )
        except ValueError as error:
            raise MetrologyError(f"rule: {error}") from None

    def as_json(self) -> dict[str, object]:
        """Return the rule as plain data."""
        return {
            "name": self.name.value,
            "multiplier": self.multiplier,
            "probability_of_false_acceptance": self.probability_of_false_acceptance,
            "non_binary": self.non_binary,
            "minimum_tur": self.minimum_tur,
            "least_tur": self.least_tur,
        }

    @property
    def text(self) -> str:
        """Return the rule in words, as it is agreed and printed."""
        if self.name is RuleName.NO_STATEMENT:
            return "no statement of conformity"
        words = {
            RuleName.SIMPLE: "simple acceptance, w = 0",
            RuleName.GUARD_BAND: "guard band w = U"
            if self.multiplier == 1
            else f"guard band w = {self.multiplier:g}·U",
            RuleName.SPECIFIC_PFA: "guard band for a probability of false acceptance of "
            f"{100 * self.probability_of_false_acceptance:g} %",
            RuleName.RSS: "acceptance limit √(T² − U²)",
            RuleName.DOBBERT_M2: "managed guard band M2",
        }[self.name]
        if self.non_binary:
            words += ", four outcomes"
        if self.minimum_tur is not None:
            words += f" with TUR ≥ {self.minimum_tur:g}, else four outcomes with w = U"
        return words


NO_STATEMENT: Final = DecisionRule(RuleName.NO_STATEMENT)
SIMPLE_ACCEPTANCE: Final = DecisionRule(RuleName.SIMPLE, least_tur=LEAST_TUR)
SIMPLE_ACCEPTANCE_TUR_3: Final = DecisionRule(RuleName.SIMPLE, minimum_tur=3.0, least_tur=LEAST_TUR)
GUARDED_ACCEPTANCE: Final = DecisionRule(RuleName.GUARD_BAND, least_tur=LEAST_TUR)
FOUR_OUTCOMES: Final = DecisionRule(RuleName.GUARD_BAND, non_binary=True, least_tur=LEAST_TUR)


@dataclass(frozen=True, slots=True)
class Conformity:
    """A statement with everything that led to it."""

    statement: Statement
    rule: DecisionRule
    guard_band: Decimal
    limits: Limits
    acceptance: Limits
    tur: float | None
    probability_of_conformity: float | None


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise MetrologyError("expected a number")
    return float(value)


def probability_of_conformity(
    value: float,
    standard_uncertainty: float,
    lower: float | None,
    upper: float | None,
    degrees_of_freedom: float = math.inf,
) -> float:
    """Return the probability that the measurand lies within its limits.

    Args:
        value: The measured value.
        standard_uncertainty: u_c, not rounded; 0 gives 0 or 1.
        lower: The lower limit, or None.
        upper: The upper limit, or None.
        degrees_of_freedom: Finite for a scaled t instead of a normal distribution.

    Raises:
        MetrologyError: There is no limit, the limits are reversed, or u is negative.

    Source:
        JCGM 106:2012, 7.2 to 7.4, equations (9) and (13).

    Example:
        >>> round(probability_of_conformity(4.6, 0.25, None, 5.0), 4)
        0.9452
    """
    if lower is None and upper is None:
        raise MetrologyError("conformity needs a lower or an upper limit")
    if lower is not None and upper is not None and lower > upper:
        raise MetrologyError("the lower limit lies above the upper one")
    if not standard_uncertainty >= 0:
        raise MetrologyError("u: expected a number, not negative")
    if standard_uncertainty == 0:
        inside = (lower is None or value >= lower) and (upper is None or value <= upper)
        return 1.0 if inside else 0.0

    def below(limit: float) -> float:
        return t_probability((limit - value) / standard_uncertainty, degrees_of_freedom)

    if upper is None:
        return t_probability((value - (lower or 0.0)) / standard_uncertainty, degrees_of_freedom)
    if lower is None:
        return below(upper)
    if value > upper:
        # Difference of upper tails: 1 − 1 would lose every digit far outside.
        def above(limit: float) -> float:
            return t_probability((value - limit) / standard_uncertainty, degrees_of_freedom)

        return above(lower) - above(upper)
    return below(upper) - below(lower)


def guard_band(
    rule: DecisionRule,
    expanded_uncertainty: float,
    standard_uncertainty: float,
    half_width: float | None,
) -> Decimal:
    """Return the width w that the limits are drawn in by.

    simple 0; guard band r·U; specific risk z_(1−p)·u; root sum of squares
    T − √(T² − U²); Dobbert's M2 U·(1.04 − exp(0.38·ln TUR − 0.54)), not below 0.

    Raises:
        MetrologyError: The rule needs two limits, or a number is out of range.

    Source:
        ILAC-G8:09/2019, table 2; JCGM 106:2012, 8.3; ANSI/NCSL Z540.3 handbook, methods 5, 6.

    Example:
        >>> guard_band(DecisionRule(RuleName.GUARD_BAND, 0.83), 0.25, 0.125, 1.0)
        Decimal('0.2075')
    """
    if rule.name in (RuleName.SIMPLE, RuleName.NO_STATEMENT):
        return Decimal(0)
    if rule.name is RuleName.GUARD_BAND:
        return exact(rule.multiplier) * exact(expanded_uncertainty)
    if rule.name is RuleName.SPECIFIC_PFA:
        tail = rule.probability_of_false_acceptance
        return exact(normal_quantile(1.0 - tail) * standard_uncertainty)
    if half_width is None:
        raise MetrologyError(f"the rule {rule.name} needs a lower and an upper limit")
    if rule.name is RuleName.RSS:
        if expanded_uncertainty > half_width:
            raise MetrologyError("U is greater than half the tolerance: no acceptance interval")
        return exact(half_width - math.sqrt(half_width**2 - expanded_uncertainty**2))
    if expanded_uncertainty == 0:
        return Decimal(0)
    tur = half_width / expanded_uncertainty
    factor = 1.04 - math.exp(0.38 * math.log(tur) - 0.54)
    return exact(max(0.0, expanded_uncertainty * factor))


def decide(
    value: Decimal,
    limits: Limits,
    rule: DecisionRule,
    *,
    expanded_uncertainty: float,
    standard_uncertainty: float,
    degrees_of_freedom: float = math.inf,
) -> Conformity:
    """Compare a value, not rounded, with its limits by the agreed rule.

    Args:
        value: The measured value, as a decimal: a tie is decided on decimals.
        limits: The tolerance interval, in the same unit; without one there is no statement.
        rule: The decision rule.
        expanded_uncertainty: U as reported but not rounded (not below the CMC).
        standard_uncertainty: u_c, not rounded, for the probability of conformity.
        degrees_of_freedom: Finite for a scaled t in that probability.

    Raises:
        MetrologyError: The limits are reversed, or the rule does not fit them.

    Source:
        ILAC-G8:09/2019, 4.2; JCGM 106:2012, clause 8; ISO/IEC 17025:2017, 7.8.6.

    Example:
        >>> limits = Limits(Decimal(-1), Decimal(1))
        >>> decide(Decimal("0.76"), limits, FOUR_OUTCOMES,
        ...        expanded_uncertainty=0.25, standard_uncertainty=0.125).statement
        <Statement.CONDITIONAL_PASS: 'conditional_pass'>
    """
    if limits.open:
        nothing = Statement.NO_STATEMENT
        return Conformity(nothing, NO_STATEMENT, Decimal(0), limits, limits, None, None)
    chance = probability_of_conformity(
        float(value),
        standard_uncertainty,
        None if limits.lower is None else float(limits.lower),
        None if limits.upper is None else float(limits.upper),
        degrees_of_freedom,
    )
    half_width = limits.half_width
    tur = half_width / expanded_uncertainty if half_width and expanded_uncertainty else None
    applied = rule
    if rule.minimum_tur is not None and tur is not None and tur < rule.minimum_tur:
        applied = DecisionRule(RuleName.GUARD_BAND, non_binary=True, least_tur=rule.least_tur)
    width = guard_band(applied, expanded_uncertainty, standard_uncertainty, half_width)
    acceptance = limits.narrowed(width)
    if applied.name is RuleName.NO_STATEMENT:
        statement = Statement.NO_STATEMENT
    elif tur is not None and tur < applied.least_tur:
        statement = Statement.UNDECIDED
    else:
        statement = _statement(value, limits, acceptance, width, non_binary=applied.non_binary)
    return Conformity(statement, applied, width, limits, acceptance, tur, chance)


def _statement(
    value: Decimal, limits: Limits, acceptance: Limits, width: Decimal, *, non_binary: bool
) -> Statement:
    if acceptance.hold(value):
        return Statement.PASS
    if non_binary and limits.hold(value):
        return Statement.CONDITIONAL_PASS
    if non_binary and limits.narrowed(-width).hold(value):
        return Statement.CONDITIONAL_FAIL
    return Statement.FAIL


def worst_statement(statements: Iterable[Statement]) -> Statement:
    """Return the statement about an item from those about its points: the worst one.

    Points without a statement say nothing; an item of such points has none either.

    Example:
        >>> worst_statement([Statement.PASS, Statement.FAIL, Statement.NO_STATEMENT])
        <Statement.FAIL: 'fail'>
    """
    made = [statement for statement in statements if statement in _SEVERITY]
    return max(made, key=_SEVERITY.index, default=Statement.NO_STATEMENT)
