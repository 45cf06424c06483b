"""The answers of the explorer as text: the head, the comparison of all rules, the sliders."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Self

from calibra_app.metrology.conformity import STATEMENT_TEXTS, RuleName, Statement
from calibra_app.metrology.exploration import (
    Figures,
    RuleAnswer,
    ask_rules,
    ends_of,
    rules_beside,
)
from calibra_app.services.srf.rules import explanation
from calibra_app.ui.components.chart import Drawing
from calibra_app.ui.components.status import VERDICTS
from calibra_app.ui.format import NOTHING, Region
from calibra_app.ui.pages.explorer.curves import second_figure
from calibra_app.ui.pages.explorer.entry import Entered
from calibra_app.ui.pages.explorer.telling import between, length, probability, ratio
from calibra_app.ui.pages.explorer.zones import zones_figure
from calibra_app.ui.words import say

# Slider of what has the same reach in every unit: from, to, step, decimals.
FIXED: Final[Mapping[str, tuple[float, float, float, int]]] = {
    "k": (1.0, 4.0, 0.01, 2),
    "r": (0.0, 2.0, 0.01, 2),
    "p": (0.1, 50.0, 0.1, 1),
    "tur": (1.0, 10.0, 0.1, 1),
    "itp": (50.0, 99.9, 0.1, 1),
}
# How far the sliders of a quantity reach: around the middle or from zero, in half tolerances.
AROUND: Final[Mapping[str, float]] = {"y": 2.0, "lower": 3.0, "upper": 3.0, "y0": 2.0}
FROM_ZERO: Final[Mapping[str, float]] = {"U": 2.0, "u": 1.0, "u0": 3.0, "tol": 2.0}
STEPS_OF_TOLERANCE = 100


@dataclass(frozen=True, slots=True)
class RuleRow:
    """What one rule says, as a line of the comparison."""

    place: int = 0
    rule: str = ""
    source: str = ""
    verdict: str = ""
    tone: str = "gray"
    icon: str = "verdict-open"
    width: str = NOTHING
    accepts: str = NOTHING
    risk: str = NOTHING
    worst: str = NOTHING
    false_acceptance: str = NOTHING
    false_rejection: str = NOTHING
    refusal: str = ""
    chosen: bool = False

    @classmethod
    def of(
        cls, place: int, answer: RuleAnswer, figures: Figures, region: Region, *, chosen: bool
    ) -> Self:
        """Return the line of one answer."""
        text = answer.rule.text
        rule, source = f"{text[:1].upper()}{text[1:]}", explanation(answer.rule).source
        decided = answer.decided
        if decided is None:
            return cls(
                place,
                rule,
                source,
                verdict=say("does not fit"),
                icon="circle-slash",
                refusal=answer.refusal,
                chosen=chosen,
            )
        words, tone, icon = looks_of(decided.statement)
        silent = decided.statement is Statement.NO_STATEMENT
        spread = figures.expanded_uncertainty
        overall = answer.overall
        return cls(
            place,
            rule,
            source,
            words,
            tone,
            icon,
            NOTHING if silent else length(decided.guard_band, spread, region),
            NOTHING if silent else between(decided.acceptance, spread, region),
            probability(answer.risk),
            probability(answer.worst_risk),
            probability(overall.false_acceptance if overall else None),
            probability(overall.false_rejection if overall else None),
            chosen=chosen,
        )


def looks_of(statement: Statement) -> tuple[str, str, str]:
    """Return words, tone and symbol of a statement."""
    look = VERDICTS.get(statement.value)
    if look is None:
        words = STATEMENT_TEXTS[statement]
        return f"{words[:1].upper()}{words[1:]}", "gray", "verdict-open"
    return look.customer_words, look.tone, look.icon


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above the pictures, of the chosen rule."""

    chance: str = NOTHING
    against: str = NOTHING
    risk: str = NOTHING
    risk_words: str = ""
    tur: str = NOTHING
    tar: str = NOTHING
    sentence: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything that follows from one set of figures."""

    answer: RuleAnswer
    row: RuleRow
    head: Head
    rows: list[RuleRow]
    zones: Drawing
    zones_sentence: str
    second: Drawing
    second_sentence: str
    reach: dict[str, dict[str, float]]


def picture_of(entered: Entered, view: str, unit: str, region: Region) -> Picture:
    """Return the answers of all rules, the pictures of the chosen one, and the sliders."""
    figures, chosen = entered.figures, entered.rule
    rules = rules_beside(chosen)
    answers = ask_rules(figures, rules)
    rows = [
        RuleRow.of(place, answer, figures, region, chosen=answer.rule == chosen)
        for place, answer in enumerate(answers)
    ]
    place = rules.index(chosen)
    second, second_sentence = second_figure(view, figures, answers[place], unit)
    head = _head(figures, answers[place])
    return Picture(
        answers[place],
        rows[place],
        head,
        rows,
        zones_figure(figures, answers[place], unit),
        _zones_sentence(rows[place], head),
        second,
        second_sentence,
        reach_of(figures),
    )


def _head(figures: Figures, answer: RuleAnswer) -> Head:
    told = explanation(answer.rule)
    statement = answer.decided.statement if answer.decided else None
    good = statement in (Statement.PASS, Statement.CONDITIONAL_PASS)
    words = say("that it does not conform") if good else say("that it conforms after all")
    chance = figures.probability
    return Head(
        probability(chance),
        probability(1.0 - chance),
        probability(answer.risk),
        words if answer.risk is not None else "",
        ratio(figures.tur),
        ratio(figures.tar),
        told.sentence,
        told.source,
    )


def _zones_sentence(row: RuleRow, head: Head) -> str:
    if row.refusal:
        return say(
            "{chance} of the distribution lies inside the limits. The rule does not fit: {why}.",
            chance=head.chance,
            why=row.refusal,
        )
    return say(
        "{chance} of the distribution lies inside the limits, {against} outside. {rule}: {word}.",
        chance=head.chance,
        against=head.against,
        rule=row.rule,
        word=row.verdict.lower(),
    )


def reach_of(figures: Figures) -> dict[str, dict[str, float]]:
    """Return how far each slider reaches for figures of this size, in steps that read well."""
    ends = [end for end in ends_of(figures.limits) if end is not None]
    middle = sum(ends) / len(ends)
    half = figures.limits.half_width or max(
        abs(float(figures.value) - middle), 3 * figures.expanded_uncertainty
    )
    step, decimals = readable_step(half / STEPS_OF_TOLERANCE)
    reach = {name: _slider(*given) for name, given in FIXED.items()}
    for name, times in AROUND.items():
        low, high = middle - times * half, middle + times * half
        reach[name] = _slider(
            math.floor(low / step) * step, math.ceil(high / step) * step, step, decimals
        )
    for name, times in FROM_ZERO.items():
        reach[name] = _slider(step, math.ceil(times * half / step) * step, step, decimals)
    return reach


def readable_step(fine: float) -> tuple[float, int]:
    """Return the next smaller of 1, 2, 5 times a power of ten, with its decimals.

    Example:
        >>> readable_step(0.034)
        (0.02, 2)
    """
    power = math.floor(math.log10(fine))
    first = next(each for each in (5, 2, 1) if each * 10.0**power <= fine * (1 + 1e-9))
    return float(f"{first}e{power}"), max(0, -power)


def _slider(low: float, high: float, step: float, decimals: int) -> dict[str, float]:
    return {
        "low": float(f"{low:.12g}"),
        "high": float(f"{high:.12g}"),
        "step": step,
        "decimals": min(decimals, 20),
    }


def note_of(picture: Picture, figures: Figures, unit: str, region: Region) -> str:
    """Return what the customer is told of the rule, for the contract review."""
    head, row, spread = picture.head, picture.row, figures.expanded_uncertainty
    limits = between(figures.limits, spread, region)
    told = f"{head.sentence} ({head.source})"
    if picture.answer.rule.name is RuleName.NO_STATEMENT:
        return told
    return say(
        "{told} Example: limits {limits}{unit}, U = {u}: accepted {accepts}; a value on an"
        " acceptance limit is outside its tolerance with a probability of {worst}.",
        told=told,
        limits=limits,
        unit=f" {unit}" if unit else "",
        u=length(_decimal(spread), spread, region),
        accepts=row.accepts,
        worst=row.worst,
    )


def _decimal(value: float) -> Decimal:
    return Decimal(repr(value))


def listed(points: Sequence[str]) -> list[list[str]]:
    """Return points as the options of a choice, by their place."""
    return [[str(place), label] for place, label in enumerate(points)]
