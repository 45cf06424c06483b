"""The budget of one point of a designed procedure: estimates, sensitivities, coverage."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final, Protocol

from calibra_app.metrology.budget import BudgetRow, UncertaintyBudget
from calibra_app.metrology.coverage import Coverage, Method, coverage_factor
from calibra_app.metrology.distributions import Shape
from calibra_app.metrology.expression import Expression
from calibra_app.metrology.propagation import (
    Correlations,
    InputQuantity,
    Propagation,
    propagate,
)
from calibra_app.metrology.quantity import MetrologyError, convert
from calibra_app.metrology.rounding import exact, plain
from calibra_app.metrology.type_a import standard_deviation_of
from calibra_app.procedures.base import Indications, Run
from calibra_app.procedures.designed.columns import NotYet
from calibra_app.procedures.designed.form import (
    CapabilityFormula,
    Check,
    CoverageChoice,
    ResolutionRule,
    Result,
)
from calibra_app.procedures.designed.formula import exact_value, formula, refused, value_of
from calibra_app.procedures.designed.inputs import Desk, Estimate, estimate
from calibra_app.procedures.designed.plain import DesignError
from calibra_app.procedures.designed.terms import Certificate, Input, SourceKind

# What a check may name beside all else: the result, and U before it is raised to a CMC.
RESULT: Final = "result"
UNCERTAINTY: Final = "expanded_uncertainty"


class Chosen(Protocol):
    """What of a design holds for every table."""

    @property
    def coverage(self) -> Coverage:
        """Return how the coverage factor is found."""
        ...

    @property
    def coverage_choice(self) -> CoverageChoice:
        """Return the choice as it stands in the design."""
        ...

    @property
    def resolution_rule(self) -> ResolutionRule:
        """Return what counts of repeatability and resolution."""
        ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the measurement function of a point gives, with its budget."""

    value: Decimal
    mean: Decimal
    standard_deviation: float | None
    budget: UncertaintyBudget
    reference: Decimal | None = None
    asset: str = ""
    floor: float | None = None
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def outcome_of(chosen: Chosen, desk: Desk, run: Run) -> Outcome:
    """Return result and budget of a point.

    Raises:
        NotYet: Something that the measurement function needs is not there yet.
        DesignError: The design cannot be evaluated at this point.
    """
    table, path = desk.spot.table, desk.spot.path
    result = table.result
    if result is None:
        raise DesignError(path, "has no result")
    mean = desk.book.mean(desk.spot, result.indication)
    estimates = [
        estimate(desk, quantity, f"{path}.inputs[{at}]") for at, quantity in enumerate(table.inputs)
    ]
    model = _model(result, path)
    try:
        value = exact_value(model, {each.quantity.name: each.value for each in estimates})
        kept, notes = _by_resolution_rule(chosen, desk, run, model, estimates)
        pairs = _correlations(desk, path)
        spread = propagate(
            model, [_input(each) for each in kept], pairs, second_order=result.second_order
        )
    except DesignError:
        raise
    except MetrologyError as error:
        raise refused(f"{path}.result.model", error) from None
    budget, found_k = _budget(chosen, run, kept, spread)
    stated = {RESULT: value, UNCERTAINTY: exact(budget.expanded_uncertainty)}
    told, failed = _checks(desk, table.checks, stated, f"{path}.checks")
    return Outcome(
        value,
        mean,
        _scatter(desk.book.series(desk.spot, result.indication), result, estimates),
        budget,
        _reference(desk, result, path),
        next((each.asset for each in estimates if each.asset), ""),
        _floor(desk, table.cmc, run, path),
        (*notes, *found_k, *told),
        (*_silent(kept, spread, second_order=result.second_order), *failed),
    )


def _scatter(
    indications: Indications, result: Result, estimates: Sequence[Estimate]
) -> float | None:
    """Return s of the indications; of a single one, the s that its budget takes for it."""
    if len(indications) > 1:
        return standard_deviation_of(indications)
    return next(
        (
            each.spread
            for each in estimates
            if each.quantity.source is SourceKind.READINGS
            and each.quantity.column == result.indication
        ),
        None,
    )


def _model(result: Result, path: str) -> Expression:
    try:
        return formula(result.model)
    except MetrologyError as error:
        raise refused(f"{path}.result.model", error) from None


def _input(each: Estimate) -> InputQuantity:
    return InputQuantity(
        each.quantity.name,
        float(each.value),
        each.standard_uncertainty,
        each.degrees_of_freedom,
    )


def _correlations(desk: Desk, path: str) -> Correlations | None:
    named = {
        (each.one, each.other): float(
            desk.evaluate(each.coefficient, f"{path}.correlations[{at}].coefficient")
        )
        for at, each in enumerate(desk.spot.table.correlations)
    }
    return Correlations(named) if named else None


def _by_resolution_rule(
    chosen: Chosen, desk: Desk, run: Run, model: Expression, estimates: Sequence[Estimate]
) -> tuple[list[Estimate], tuple[str, ...]]:
    """Return the estimates that count; by `larger`, one of scatter and resolution of a column.

    With few digits the scatter is already the work of the resolution.
    """
    rule = run.parameters.text("resolution_rule", chosen.resolution_rule.value)
    if rule != ResolutionRule.LARGER:
        return list(estimates), ()
    values = {each.quantity.name: float(each.value) for each in estimates}
    dropped: list[Estimate] = []
    for read in estimates:
        if read.quantity.source is not SourceKind.READINGS:
            continue
        steps = [each for each in estimates if _resolves(each.quantity, read.quantity, desk)]
        for step in steps:
            shares = {
                id(each): abs(model.derivative(each.quantity.name)(values))
                * each.standard_uncertainty
                for each in (read, step)
            }
            dropped.append(read if shares[id(read)] < shares[id(step)] else step)
    names = {each.quantity.name for each in dropped}
    kept = [
        replace(each, spread=0.0) if each.quantity.name in names else each for each in estimates
    ]
    said = tuple(
        f"{each.quantity.title}: left out, the larger of repeatability and resolution counts."
        for each in dropped
    )
    return kept, said


def _resolves(step: Input, read: Input, desk: Desk) -> bool:
    if step.source is not SourceKind.RESOLUTION or step.step:
        return False
    result = desk.spot.table.result
    return (step.column or (result.indication if result else "")) == read.column


def _budget(
    chosen: Chosen, run: Run, estimates: Sequence[Estimate], spread: Propagation
) -> tuple[UncertaintyBudget, tuple[str, ...]]:
    rows = tuple(
        BudgetRow(
            each.symbol,
            each.quantity.title,
            each.words,
            each.evaluation,
            each.distribution,
            each.spread,
            each.divisor,
            each.unit,
            spread.sensitivities[each.quantity.name] or _slope(each),
            each.degrees_of_freedom,
        )
        for each in estimates
        if _stands(each)
    )
    if not rows:
        raise NotYet("no input quantity has an uncertainty")
    coverage, notes = _coverage(chosen, rows, spread.combined_standard_uncertainty)
    return UncertaintyBudget(
        rows,
        run.point.result_unit,
        spread.combined_standard_uncertainty,
        spread.degrees_of_freedom,
        coverage_factor(coverage, spread.degrees_of_freedom),
        coverage.probability,
    ), notes


def _slope(each: Estimate) -> float:
    # Where u is 0 no derivative was taken; the row stands in the budget and contributes nothing.
    return 1.0 if each.spread == 0 else 0.0


def _stands(each: Estimate) -> bool:
    """Tell whether an input quantity is a row: constants and a drift of nothing are none."""
    if each.spread > 0:
        return True
    quantity = each.quantity
    if quantity.source is SourceKind.STANDARD:
        return quantity.take is not Certificate.DRIFT
    return quantity.source not in {SourceKind.CONSTANT, SourceKind.READINGS, SourceKind.RESOLUTION}


def _coverage(
    chosen: Chosen, rows: Sequence[BudgetRow], combined: float
) -> tuple[Coverage, tuple[str, ...]]:
    """Return how k is found: by the shape of one or two rectangles where they dominate.

    Source:
        EA-4/02 M:2022, S9.14 and S10.13: the others together may reach three tenths of what
        dominates; S11 lets them reach a little more.
    """
    coverage = chosen.coverage
    if not chosen.coverage_choice.dominant or not combined:
        return coverage, ()
    negligible = float(
        value_of(chosen.coverage_choice.negligible, {}, "coverage_choice.negligible")
    )
    largest = sorted(rows, key=lambda row: row.contribution, reverse=True)[:2]
    for number, method in ((1, Method.RECTANGULAR), (2, Method.TRAPEZOIDAL)):
        leading = largest[:number]
        if len(leading) < number or any(row.distribution != Shape.RECTANGULAR for row in leading):
            break
        together = math.hypot(*(row.contribution for row in leading))
        rest = math.sqrt(max(0.0, combined**2 - together**2))
        if rest <= negligible * together:
            widths = [abs(row.sensitivity_coefficient) * row.spread for row in leading]
            shape = replace(
                coverage, method=method, half_widths=(widths[0], widths[1] if number > 1 else 0.0)
            )
            names = " and ".join(row.title for row in leading)
            says = f"{names} dominate{'s' if number == 1 else ''}: k of a {method.value} shape."
            return shape, (says,)
    return coverage, ()


def _silent(
    estimates: Sequence[Estimate], spread: Propagation, *, second_order: bool
) -> tuple[str, ...]:
    """Return what vanished at first order: products of quantities that are zero."""
    if second_order:
        return ()
    return tuple(
        f"{each.quantity.title} contributes nothing at first order: choose second order."
        for each in estimates
        if each.spread > 0 and spread.sensitivities[each.quantity.name] == 0
    )


def _reference(desk: Desk, result: Result, path: str) -> Decimal | None:
    if result.reference:
        return desk.evaluate(result.reference, f"{path}.result.reference")
    return None


def _floor(desk: Desk, rows: Sequence[CapabilityFormula], run: Run, path: str) -> float | None:
    for at, row in enumerate(rows):
        here = f"{path}.cmc[{at}]"
        if row.function and desk.text(row.function, here) != desk.spot.function:
            continue
        nominal = desk.spot.nominal
        if row.low and nominal < desk.evaluate(row.low, f"{here}.low"):
            continue
        if row.high and nominal > desk.evaluate(row.high, f"{here}.high"):
            continue
        least = float(desk.evaluate(row.uncertainty, f"{here}.uncertainty"))
        unit = desk.text(row.unit, f"{here}.unit")
        return convert(least, unit, run.point.result_unit, difference=True)
    return None


def _checks(
    desk: Desk, checks: Sequence[Check], stated: Mapping[str, Decimal], path: str
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what the checks say: sentences for those that hold, warnings for those that fail."""
    told: list[str] = []
    failed: list[str] = []
    for at, check in enumerate(checks):
        here = f"{path}[{at}]"
        try:
            value = desk.evaluate(check.formula, f"{here}.formula", stated)
        except NotYet as error:
            told.append(f"{check.title}: {error}.")
            continue
        ends: list[str] = []
        holds = True
        if check.at_least:
            low = desk.evaluate(check.at_least, f"{here}.at_least", stated)
            holds = holds and value >= low
            ends.append(f"at least {plain(low)}")
        if check.at_most:
            high = desk.evaluate(check.at_most, f"{here}.at_most", stated)
            holds = holds and value <= high
            ends.append(f"at most {plain(high)}")
        unit = desk.text(check.unit, f"{here}.unit")
        words = f"{check.title}: {float(value):.4g} {unit}".rstrip()
        verdict = f", {' and '.join(ends)}: {'holds' if holds else 'does not hold'}" if ends else ""
        (told if holds else failed).append(f"{words}{verdict}.")
    return tuple(told), tuple(failed)
