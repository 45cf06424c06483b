"""Limits and specifications of a design: terms that add up, with the trace of each in words."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from calibra_app.metrology.conformity import Limits
from calibra_app.metrology.quantity import convert
from calibra_app.metrology.rounding import exact, plain
from calibra_app.procedures.base import MaximumPermissibleError
from calibra_app.procedures.designed.formula import filled_in
from calibra_app.procedures.designed.plain import DesignError
from calibra_app.procedures.designed.plan import Spot, holds
from calibra_app.procedures.designed.terms import Combine, Limit, Side, Term, TermKind

PERCENT: Final = Decimal("0.01")
PPM: Final = Decimal("0.000001")

# A formula of the design at the point, with the path that an error names.
Evaluate = Callable[[str, str], Decimal]


@dataclass(frozen=True, slots=True)
class Told:
    """A number with the words that say how it came about."""

    value: Decimal
    words: str


def told_terms(
    terms: Sequence[Term], spot: Spot, unit: str, evaluate: Evaluate, path: str
) -> tuple[Told, ...]:
    """Return each term in the unit of the result, with its words."""
    return tuple(
        _told(term, spot, unit, evaluate, f"{path}[{at}]") for at, term in enumerate(terms)
    )


def limit_of(
    limits: Sequence[Limit], spot: Spot, unit: str, evaluate: Evaluate
) -> MaximumPermissibleError:
    """Return the limits at a point: those of the first limit whose conditions hold.

    Raises:
        DesignError: Limits are given but none of them is for this point.
    """
    if not limits:
        return MaximumPermissibleError(Limits(), unit, "no limit is agreed")
    for at, limit in enumerate(limits):
        path = f"{spot.path}.limits[{at}]"
        if _applies(limit, spot, evaluate, path):
            return _limit(limit, spot, unit, evaluate, path)
    raise DesignError(f"{spot.path}.limits", f"none of them is for {spot.label}")


def _applies(limit: Limit, spot: Spot, evaluate: Evaluate, path: str) -> bool:
    if not holds(limit.when, spot.words):
        return False
    if limit.function and filled_in(limit.function, spot.words, path) != spot.function:
        return False
    if not (limit.above or limit.up_to):
        return True
    value = evaluate(limit.of or "abs(nominal)", f"{path}.of")
    if limit.above and value <= evaluate(limit.above, f"{path}.above"):
        return False
    return not limit.up_to or value <= evaluate(limit.up_to, f"{path}.up_to")


def _limit(
    limit: Limit, spot: Spot, unit: str, evaluate: Evaluate, path: str
) -> MaximumPermissibleError:
    own = filled_in(limit.unit, spot.words, f"{path}.unit") or unit
    told = list(told_terms(limit.terms, spot, own, evaluate, f"{path}.terms"))
    if limit.steps:
        told.append(_stepped(limit, spot, own, evaluate, path))
    if not told:
        raise DesignError(path, "expected at least one term or step")
    total = _combined(limit.combine, [each.value for each in told])
    if total < 0:
        raise DesignError(path, f"the limit at {spot.label} is negative")
    if own != unit:
        total = exact(convert(float(total), own, unit, difference=True))
    total = total.normalize() + Decimal(0)
    sign, limits = _SIDES[limit.side](total)
    joint = {Combine.SUM: " + ", Combine.LARGER: " or, if larger, ", Combine.RSS: " ⊕ "}
    words = joint[limit.combine].join(each.words for each in told)
    if spot.words.get("range_name"):
        words = f"{spot.words['range_name']} range: {words}"
    trace = f"{words} = {sign}{_short(total)} {unit}".rstrip()
    notes = [_condition(limit), filled_in(limit.source, spot.words, f"{path}.source")]
    if not limit.checked:
        notes.append("not checked against the source")
    said = ", ".join(note for note in notes if note)
    return MaximumPermissibleError(limits, unit, f"{trace} ({said})" if said else trace)


_SIDES: Final[dict[Side, Callable[[Decimal], tuple[str, Limits]]]] = {
    Side.BOTH: lambda total: ("±", Limits(-total, total)),
    Side.UPPER: lambda total: ("at most ", Limits(None, total)),
    Side.LOWER: lambda total: ("at least −", Limits(-total, None)),
}


def _condition(limit: Limit) -> str:
    parts: list[str] = []
    if limit.when is not None:
        parts.append(f"{limit.when.parameter} {' or '.join(limit.when.equals)}")
    if limit.above:
        parts.append(f"above {limit.above}")
    if limit.up_to:
        parts.append(f"up to {limit.up_to}")
    return " ".join(parts)


def _combined(combine: Combine, values: Sequence[Decimal]) -> Decimal:
    if combine is Combine.LARGER:
        return max(values)
    if combine is Combine.RSS:
        return exact(math.hypot(*(float(value) for value in values)))
    return sum(values, Decimal(0))


def _stepped(limit: Limit, spot: Spot, unit: str, evaluate: Evaluate, path: str) -> Told:
    value = evaluate(limit.of or "abs(nominal)", f"{path}.of")
    for at, step in enumerate(limit.steps):
        top = evaluate(step.up_to, f"{path}.steps[{at}].up_to")
        if value <= top:
            amount = evaluate(step.amount, f"{path}.steps[{at}].amount")
            return Told(amount, f"step up to {_short(top)} {spot.unit}: {_short(amount)} {unit}")
    raise DesignError(f"{path}.steps", f"no step holds {_short(value)}")


def _told(term: Term, spot: Spot, unit: str, evaluate: Evaluate, path: str) -> Told:
    amount = evaluate(term.amount, f"{path}.amount")
    if term.kind is TermKind.CONSTANT:
        given = filled_in(term.unit, spot.words, f"{path}.unit") or unit
        value = exact(convert(float(amount), given, unit, difference=True))
        return Told(amount if given == unit else value, f"{_short(amount)} {given}".rstrip())
    if term.kind is TermKind.FORMULA:
        names = f" at {spot.label}"
        return Told(amount, f"{term.amount}{names}: {_short(amount)} {unit}".rstrip())
    if term.kind is TermKind.DIGITS:
        step = evaluate(term.of or "resolution", f"{path}.of")
        return Told(amount * step, f"{_short(amount)} × {_short(step)} {unit}".rstrip())
    return _share(term, amount, spot, unit, evaluate, path)


def _share(  # noqa: PLR0917 - a term and where it stands
    term: Term, amount: Decimal, spot: Spot, unit: str, evaluate: Evaluate, path: str
) -> Told:
    percent = term.kind in {TermKind.PERCENT_OF_VALUE, TermKind.PERCENT_OF_RANGE}
    of_value = term.kind in {TermKind.PERCENT_OF_VALUE, TermKind.PPM_OF_VALUE}
    base = abs(evaluate(term.of or ("expected" if of_value else "span"), f"{path}.of"))
    sign = "%" if percent else "ppm"
    given = filled_in(term.unit, spot.words, f"{path}.unit") or unit
    value = amount * base * (PERCENT if percent else PPM)
    if given != unit:
        value = exact(convert(float(value), given, unit, difference=True))
    what = "" if of_value else "range "
    return Told(value, f"{_short(amount)} {sign} of {what}{_short(base)} {given}".rstrip())


def _short(value: Decimal) -> str:
    """Return a number without the zeros that a multiplication left behind."""
    if value == value.to_integral_value():
        return plain(value.quantize(Decimal(1)))
    return plain(value.normalize())
