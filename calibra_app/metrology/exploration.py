"""What every decision rule would say of the same figures, and the curves behind it.

A customer who chooses a rule wants to see what each one costs: where its acceptance limits lie,
what it says of this value, how likely that is to be wrong, and what it does in the long run to
good and bad items. One pass over the possible measured values serves all rules at once.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Final

import numpy as np

from calibra_app.metrology.conformity import (
    FOUR_OUTCOMES,
    GUARDED_ACCEPTANCE,
    LEAST_TUR,
    SIMPLE_ACCEPTANCE,
    SIMPLE_ACCEPTANCE_TUR_3,
    Conformity,
    DecisionRule,
    Limits,
    RuleName,
    Statement,
    decide,
    probability_of_conformity,
)
from calibra_app.metrology.expression import Array
from calibra_app.metrology.probability import normal_probability
from calibra_app.metrology.quantity import MetrologyError
from calibra_app.metrology.risk import GlobalRisk, Population

ONE_IN_FORTY: Final = DecisionRule(RuleName.SPECIFIC_PFA, least_tur=LEAST_TUR)
ROOT_SUM: Final = DecisionRule(RuleName.RSS, least_tur=LEAST_TUR)
MANAGED: Final = DecisionRule(RuleName.DOBBERT_M2, least_tur=LEAST_TUR)
# In the order in which they ask more of a value.
RULES: Final = (
    SIMPLE_ACCEPTANCE,
    SIMPLE_ACCEPTANCE_TUR_3,
    ROOT_SUM,
    MANAGED,
    ONE_IN_FORTY,
    GUARDED_ACCEPTANCE,
    FOUR_OUTCOMES,
)

ACCEPTED: Final = (Statement.PASS, Statement.CONDITIONAL_PASS)
REJECTED: Final = (Statement.FAIL, Statement.CONDITIONAL_FAIL)
REACH: Final = 9.0
NODES, WEIGHTS = np.polynomial.legendre.leggauss(6)


@dataclass(frozen=True, slots=True)
class Figures:
    """A result beside its limits, with what is known of the items that come in.

    Attributes:
        value: The measured value y.
        limits: The tolerance; one end may be open, not both.
        expanded_uncertainty: U, above zero.
        standard_uncertainty: u, above zero.
        population: How true values are spread before the measurement; None where nobody knows.
        standard_tolerance: The tolerance of the reference standard, for the TAR.
    """

    value: Decimal
    limits: Limits
    expanded_uncertainty: float
    standard_uncertainty: float
    population: Population | None = None
    standard_tolerance: float | None = None

    @property
    def tur(self) -> float | None:
        """Return the test uncertainty ratio T/U; None where one end is open."""
        half = self.limits.half_width
        return None if half is None else half / self.expanded_uncertainty

    @property
    def tar(self) -> float | None:
        """Return the test accuracy ratio: tolerance to that of the standard; None if unknown."""
        half = self.limits.half_width
        if half is None or not self.standard_tolerance:
            return None
        return half / self.standard_tolerance

    @property
    def probability(self) -> float:
        """Return the probability of conformity, from this measurement alone."""
        return self.probability_at(float(self.value))

    def probability_at(self, value: float) -> float:
        """Return the probability of conformity where another value had been measured."""
        lower, upper = ends_of(self.limits)
        return probability_of_conformity(value, self.standard_uncertainty, lower, upper)


@dataclass(frozen=True, slots=True)
class RuleAnswer:
    """What one rule says.

    Attributes:
        rule: The rule that was asked.
        decided: Its statement with all that led to it; None where it does not fit the figures.
        risk: The probability that this statement is wrong; None where nothing is stated.
        worst_risk: The probability of nonconformity of a value exactly on an acceptance limit:
            the greatest risk that the rule lets anybody take. None where nothing is accepted.
        overall: False acceptance and rejection in the long run; None without a population.
        refusal: Why the rule does not fit.
    """

    rule: DecisionRule
    decided: Conformity | None = None
    risk: float | None = None
    worst_risk: float | None = None
    overall: GlobalRisk | None = None
    refusal: str = ""


def ends_of(limits: Limits) -> tuple[float | None, float | None]:
    """Return both limits as numbers; None for an open end."""
    return (
        None if limits.lower is None else float(limits.lower),
        None if limits.upper is None else float(limits.upper),
    )


def rules_beside(chosen: DecisionRule) -> tuple[DecisionRule, ...]:
    """Return the rules of the comparison; the chosen one joins them where it is another.

    Example:
        >>> [rule.name.value for rule in rules_beside(DecisionRule(RuleName.GUARD_BAND, 0.83))][-1]
        'guard_band'
    """
    return RULES if chosen in RULES else (*RULES, chosen)


def check_figures(figures: Figures) -> None:
    """Raise MetrologyError where no rule could say anything of these figures."""
    lower, upper = ends_of(figures.limits)
    if lower is None and upper is None:
        raise MetrologyError("a decision needs a lower or an upper limit")
    if lower is not None and upper is not None and lower >= upper:
        raise MetrologyError("the lower limit lies below the upper one")
    if not figures.expanded_uncertainty > 0 or not figures.standard_uncertainty > 0:
        raise MetrologyError("an uncertainty is greater than zero")


def ask_rules(figures: Figures, rules: Sequence[DecisionRule]) -> tuple[RuleAnswer, ...]:
    """Return what each rule says of the same figures, in their order.

    A rule that does not fit (the root sum of squares where U exceeds the tolerance) answers with
    its refusal; the others are not disturbed.

    Raises:
        MetrologyError: There is no limit, the limits are reversed, or an uncertainty is not
            positive.

    Source:
        ILAC-G8:09/2019, 4.2; JCGM 106:2012, clauses 8 and 9.

    Example:
        >>> figures = Figures(Decimal("0.9"), Limits(Decimal(-1), Decimal(1)), 0.25, 0.125)
        >>> rules = (SIMPLE_ACCEPTANCE, FOUR_OUTCOMES)
        >>> [answer.decided.statement.value for answer in ask_rules(figures, rules)]
        ['pass', 'conditional_pass']
    """
    check_figures(figures)
    answers = [_ask(figures, rule) for rule in rules]
    if figures.population is None:
        return tuple(answers)
    widths = [float(each.decided.guard_band) for each in answers if each.decided is not None]
    risks = dict(zip(widths, risks_at(figures.population, widths), strict=True))
    return tuple(
        each
        if each.decided is None or each.decided.statement is Statement.NO_STATEMENT
        else RuleAnswer(
            each.rule,
            each.decided,
            each.risk,
            each.worst_risk,
            risks[float(each.decided.guard_band)],
        )
        for each in answers
    )


def _ask(figures: Figures, rule: DecisionRule) -> RuleAnswer:
    try:
        decided = decide(
            figures.value,
            figures.limits,
            rule,
            expanded_uncertainty=figures.expanded_uncertainty,
            standard_uncertainty=figures.standard_uncertainty,
        )
    except MetrologyError as error:
        return RuleAnswer(rule, refusal=str(error))
    chance = decided.probability_of_conformity
    risk = None
    if chance is not None and decided.statement in ACCEPTED:
        risk = 1.0 - chance
    elif decided.statement in REJECTED:
        risk = chance
    worst = None if decided.statement is Statement.NO_STATEMENT else worst_risk(figures, decided)
    return RuleAnswer(rule, decided, risk, worst)


def worst_risk(figures: Figures, decided: Conformity) -> float | None:
    """Return the probability of nonconformity of a value that lies exactly on an acceptance limit.

    None where the guard band leaves nothing to accept.
    """
    lower, upper = ends_of(decided.acceptance)
    if lower is not None and upper is not None and lower > upper:
        return None
    return max(1.0 - figures.probability_at(end) for end in (lower, upper) if end is not None)


def acceptance_curve(
    true_values: Sequence[float], acceptance: Limits, standard_uncertainty: float
) -> tuple[float, ...]:
    """Return the probability that an item with each true value is accepted.

    Args:
        true_values: True values, in the unit of the limits.
        acceptance: The acceptance limits; crossed ones accept nothing.
        standard_uncertainty: u of the measurement, above zero.

    Source:
        JCGM 106:2012, 9.4, equation (17): the operating characteristic of a measurement.

    Example:
        >>> acceptance_curve([1.0], Limits(None, Decimal(1)), 0.1)
        (0.5,)
    """
    lower, upper = ends_of(acceptance)
    if lower is not None and upper is not None and lower > upper:
        return tuple(0.0 for _ in true_values)
    return tuple(
        probability_of_conformity(value, standard_uncertainty, lower, upper)
        for value in true_values
    )


def risks_at(population: Population, guard_bands: Sequence[float]) -> tuple[GlobalRisk, ...]:
    """Return the global risks for many guard bands in one pass.

    The same figures as `risk.global_risk`, from the other side: the integral runs over the
    measured value, whose spread does not depend on the guard band,

        PFA = int_A g(y) (1 - p_c(y)) dy,    PFR = p_0 - int_A g(y) p_c(y) dy,

    with p_c(y) the probability of conformity after the measurement, knowing the population.

    Raises:
        MetrologyError: There is no limit, limits are reversed, or an uncertainty is not positive.

    Source:
        JCGM 106:2012, 7.2.2 and 9.5.

    Example:
        >>> population = Population(0.0, 0.5102, 0.125, -1.0, 1.0)
        >>> [f"{risk.false_acceptance:.4f}" for risk in risks_at(population, [0.0, 0.25])]
        ['0.0086', '0.0002']
    """
    lower, upper = population.lower, population.upper
    if lower is None and upper is None:
        raise MetrologyError("a decision needs a lower or an upper limit")
    if lower is not None and upper is not None and lower >= upper:
        raise MetrologyError("the lower limit lies below the upper one")
    if not population.item_uncertainty > 0 or not population.measurement_uncertainty > 0:
        raise MetrologyError("an uncertainty is greater than zero")
    spread = math.hypot(population.item_uncertainty, population.measurement_uncertainty)
    first, last = population.mean - REACH * spread, population.mean + REACH * spread
    low = -math.inf if lower is None else lower
    high = math.inf if upper is None else upper
    accepted = [
        (min(max(low + width, first), last), max(min(high - width, last), first))
        for width in guard_bands
    ]
    edges = _edges(population, spread, first, last, [end for pair in accepted for end in pair])
    good, bad = _running(population, spread, edges)
    inside = normal_probability((high - population.mean) / population.item_uncertainty)
    inside -= normal_probability((low - population.mean) / population.item_uncertainty)
    return tuple(
        _risk_between(good, bad, inside, (start, end), width)
        for width, (start, end) in zip(guard_bands, accepted, strict=True)
    )


def _edges(
    population: Population, spread: float, first: float, last: float, ends: Sequence[float]
) -> Array:
    """Return where the integral is cut: finely where the probability of conformity turns."""
    marks = {first, last, *ends, *np.linspace(first, last, 61).tolist()}
    gain = (spread / population.item_uncertainty) ** 2
    turn = population.measurement_uncertainty * spread / population.item_uncertainty
    for limit in (population.lower, population.upper):
        if limit is not None:
            centre = population.mean + (limit - population.mean) * gain
            marks.update((centre + turn * np.linspace(-REACH, REACH, 37)).tolist())
    return np.array(sorted(mark for mark in marks if first <= mark <= last))


def _running(
    population: Population, spread: float, edges: Array
) -> tuple[dict[float, float], dict[float, float]]:
    """Return, up to each edge, how many items are measured there and conform, or do not."""
    share = (population.item_uncertainty / spread) ** 2
    after = population.measurement_uncertainty * population.item_uncertainty / spread
    good, bad = {edges[0].item(): 0.0}, {edges[0].item(): 0.0}
    conforming = failing = 0.0
    for left, right in pairwise(edges.tolist()):
        half = (right - left) / 2
        for node, weight in zip(NODES.tolist(), WEIGHTS.tolist(), strict=True):
            y = left + half * (1 + node)
            z = (y - population.mean) / spread
            density = math.exp(-0.5 * z * z) / (spread * math.sqrt(2 * math.pi)) * half * weight
            middle = population.mean + share * (y - population.mean)
            outside = 0.0
            if population.lower is not None:
                outside += normal_probability((population.lower - middle) / after)
            if population.upper is not None:
                outside += normal_probability((middle - population.upper) / after)
            failing += density * outside
            conforming += density * (1.0 - outside)
        good[right], bad[right] = conforming, failing
    return good, bad


def _risk_between(
    good: dict[float, float],
    bad: dict[float, float],
    inside: float,
    accepted: tuple[float, float],
    width: float,
) -> GlobalRisk:
    start, end = accepted
    if start >= end:
        return GlobalRisk(0.0, inside, 0.0, inside, width)
    false_acceptance = max(0.0, bad[end] - bad[start])
    accepted_good = good[end] - good[start]
    total = false_acceptance + accepted_good
    return GlobalRisk(
        false_acceptance,
        max(0.0, inside - accepted_good),
        false_acceptance / total if total > 0 else 0.0,
        inside,
        width,
    )
