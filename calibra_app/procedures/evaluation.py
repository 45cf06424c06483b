"""The evaluation that all procedures share: indications and rows to a result with its statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from calibra_app.metrology.budget import (
    ENGINE_VERSION,
    BudgetRow,
    UncertaintyBudget,
    evaluate_budget,
)
from calibra_app.metrology.cmc import FlooredUncertainty, find_cmc, floor_at_cmc
from calibra_app.metrology.conformity import (
    STATEMENT_TEXTS,
    decide,
)
from calibra_app.metrology.distributions import Shape
from calibra_app.metrology.quantity import MetrologyError, compatible, convert
from calibra_app.metrology.reference_standard import find_standard
from calibra_app.metrology.rounding import (
    exact,
    plain,
    round_result,
    round_to_place,
    signed,
)
from calibra_app.metrology.type_a import (
    Repeatability,
    evaluate_indications,
    mean_of,
    outlier_hint,
    standard_deviation_of,
)
from calibra_app.metrology.type_b import certificate_row, limits_row
from calibra_app.procedures.base import (
    Entry,
    EvaluatedRow,
    Indications,
    MaximumPermissibleError,
    PlannedPoint,
    PointEvaluation,
    Procedure,
    ReferenceUse,
    Run,
)
from calibra_app.procedures.wording import (
    degrees_text,
    explanations,
    footnotes,
    limit_text,
    probability_text,
    scatter_text,
    signed_plain,
)

ENOUGH_FOR_SCATTER = 2


def repeatability_of(run: Run, sources: Sequence[Indications] = ()) -> Repeatability | None:
    """Return the repeatability of a point, or None while nothing can be said yet.

    The point's own indications speak first. A point that is planned for a single indication
    borrows the scatter of the first source (another point of the same sheet) that has enough,
    else the instrument's parameter `repeatability` (s of earlier series).
    """
    if not run.readings:
        return None
    if len(run.readings) >= ENOUGH_FOR_SCATTER:
        return evaluate_indications(run.readings)
    if run.point.repeats > 1:
        return None
    for readings in sources:
        if len(readings) >= ENOUGH_FOR_SCATTER:
            return evaluate_indications(
                run.readings, standard_deviation_of(readings), float(len(readings) - 1)
            )
    if run.parameters.has("repeatability"):
        return evaluate_indications(run.readings, run.parameters.number("repeatability"))
    return None


def reference_of(run: Run, title: str, *, sensitivity: float = 1.0, unit: str = "") -> ReferenceUse:
    """Return what the chosen standard brings at the point's nominal value.

    Args:
        run: The run.
        title: What the standard is called in the budget.
        sensitivity: Units of the result for one unit of the reference value.
        unit: The unit of the reference value's correction and U; that of the result if empty.

    Raises:
        MetrologyError: No chosen standard covers the function at this value.
    """
    point = run.point
    standard = find_standard(run.standards, point.function)
    if standard is None:
        raise MetrologyError(f"Choose a reference standard for {point.function}.")
    small = unit or point.result_unit
    value = standard.at(point.function, float(point.nominal), point.nominal_unit, small)
    source = f"{standard.asset}, certificate {standard.certificate_number}"
    if value.interpolated:
        source += ", interpolated"
    if value.distribution == Shape.RECTANGULAR:
        rows = [
            limits_row(
                "δ_S",
                title,
                value.expanded_uncertainty,
                small,
                source=f"{source}, within the limits of its class",
                sensitivity=sensitivity,
            )
        ]
    else:
        rows = [
            certificate_row(
                title,
                value.expanded_uncertainty,
                value.coverage_factor,
                small,
                source=source,
                sensitivity=sensitivity,
            )
        ]
    if value.drift:
        rows.append(
            limits_row(
                "δ_D",
                f"{title}: drift",
                value.drift,
                small,
                source="since its calibration",
                sensitivity=sensitivity,
            )
        )
    correction = exact(value.correction * sensitivity)
    return ReferenceUse(correction, tuple(rows), standard.asset)


def evaluate_rows(
    procedure: Procedure,
    run: Run,
    repeatability: Repeatability | None,
    reference: ReferenceUse,
    rows: Sequence[BudgetRow],
    *,
    warnings: Sequence[str] = (),
) -> PointEvaluation:
    """Return the evaluation of a point from its repeatability and its budget rows.

    Args:
        procedure: The procedure, for its names and its coverage.
        run: The run.
        repeatability: Of the indications; None while there are too few.
        reference: The correction of the standard and its asset.
        rows: The complete budget, in the unit of the result; empty while it is not known.
        warnings: What the technician should see beside the figures.
    """
    point = run.point
    limit = procedure.limit(point, run.parameters)
    error = _error(run, reference) if run.readings else None
    if error is None or repeatability is None or not rows:
        return unfinished(procedure, run, limit, error, reference, warnings=warnings)
    budget = evaluate_budget(rows, point.result_unit, procedure.coverage)
    found = Found(error, mean_of(run.readings), repeatability.standard_deviation, reference.asset)
    return stated(procedure, run, limit, found, budget, warnings=warnings)


@dataclass(frozen=True, slots=True)
class Found:
    """What a point's indications amount to before anything is said of it.

    `floor` is a smallest uncertainty that is stated otherwise than by a row of the scope.
    """

    error: Decimal
    mean: Decimal
    standard_deviation: float | None
    asset: str = ""
    reference: Decimal | None = None
    floor: float | None = None


def stated(
    procedure: Procedure,
    run: Run,
    limit: MaximumPermissibleError,
    found: Found,
    budget: UncertaintyBudget,
    *,
    warnings: Sequence[str] = (),
    notes: Sequence[str] = (),
) -> PointEvaluation:
    """Return the evaluation of a point: raised to the CMC, rounded for paper, decided.

    Args:
        procedure: The procedure, for its names.
        run: The run.
        limit: The maximum permissible error.
        found: Error and mean.
        budget: The evaluated budget.
        warnings: What the technician should see beside the figures.
        notes: Sentences that explain the budget further.
    """
    point, error = run.point, found.error
    floored, in_scope = _floored(run, found, budget)
    paper = round_result(
        error,
        exact(floored.expanded_uncertainty),
        floor=None if floored.cmc is None else exact(floored.cmc),
    )
    conformity = decide(
        error,
        limit.limits,
        run.rule,
        expanded_uncertainty=floored.expanded_uncertainty,
        standard_uncertainty=floored.expanded_uncertainty / budget.coverage_factor,
    )
    mean = found.mean
    reference = mean - error if found.reference is None else found.reference
    mean_rounded = _shown_mean(run, mean, paper.expanded_uncertainty)
    return PointEvaluation(
        key=point.key,
        procedure=procedure.key,
        procedure_version=procedure.version,
        engine_version=ENGINE_VERSION,
        budget_name=procedure.budget_name,
        number=len(run.readings),
        repeats=point.repeats,
        unit=point.unit,
        result_unit=point.result_unit,
        mean=float(mean),
        standard_deviation=found.standard_deviation,
        error_of_indication=float(error),
        reference_value=float(reference),
        combined_standard_uncertainty=budget.combined_standard_uncertainty,
        degrees_of_freedom=budget.degrees_of_freedom,
        coverage_factor=budget.coverage_factor,
        coverage_probability=budget.coverage_probability,
        computed_uncertainty=budget.expanded_uncertainty,
        expanded_uncertainty=floored.expanded_uncertainty,
        cmc=floored.cmc,
        floored=floored.floored,
        in_scope=in_scope,
        lower_limit=_optional(conformity.limits.lower),
        upper_limit=_optional(conformity.limits.upper),
        lower_acceptance=_optional(conformity.acceptance.lower),
        upper_acceptance=_optional(conformity.acceptance.upper),
        guard_band=float(conformity.guard_band),
        tur=conformity.tur,
        probability_of_conformity=conformity.probability_of_conformity,
        statement=conformity.statement,
        rule_text=run.rule.text,
        mean_text=signed(mean_rounded)
        if point.entry is Entry.ERROR
        else signed_plain(mean_rounded),
        standard_deviation_text=""
        if found.standard_deviation is None
        else scatter_text(found.standard_deviation),
        error_text=signed(paper.value),
        uncertainty_text=plain(paper.expanded_uncertainty),
        coverage_factor_text=f"{budget.coverage_factor:.2f}",
        degrees_of_freedom_text=degrees_text(budget.degrees_of_freedom),
        limit_text=limit_text(limit),
        limit_trace=limit.trace,
        tur_text="" if conformity.tur is None else f"{conformity.tur:.2f}",
        probability_text=probability_text(conformity.probability_of_conformity),
        statement_text=STATEMENT_TEXTS[conformity.statement],
        standard=found.asset,
        outlier=outlier_hint(run.readings),
        rows=_evaluated_rows(budget),
        explanations=(*explanations(run, budget, floored, conformity, paper), *notes),
        warnings=(*warnings, *footnotes(conformity, paper)),
    )


def _floored(run: Run, found: Found, budget: UncertaintyBudget) -> tuple[FlooredUncertainty, bool]:
    """Return U after its floors, and whether the scope has a row for the point."""
    point = run.point
    nominal = float(point.nominal)
    row = find_cmc(run.cmc, nominal, point.nominal_unit, point.function)
    computed = budget.expanded_uncertainty
    floored = floor_at_cmc(computed, row, nominal, point.nominal_unit, point.result_unit)
    if found.floor is None or (floored.cmc is not None and found.floor <= floored.cmc):
        return floored, floored.in_scope
    raised = FlooredUncertainty(found.floor, max(computed, found.floor), computed < found.floor)
    return raised, floored.in_scope


def _shown_mean(run: Run, mean: Decimal, expanded_uncertainty: Decimal) -> Decimal:
    """Return the mean to the last place of U, whatever the unit in which U is stated."""
    point = run.point
    if point.unit == point.result_unit:
        return round_to_place(mean, expanded_uncertainty)
    if not compatible(point.unit, point.result_unit):
        return round_to_place(mean, point.resolution / 10)
    factor = exact(convert(1.0, point.result_unit, point.unit, difference=True))
    return round_to_place(mean, expanded_uncertainty * factor)


def _error(run: Run, reference: ReferenceUse) -> Decimal:
    mean = mean_of(run.readings)
    expected = Decimal(0) if run.point.entry is Entry.ERROR else run.point.expected
    return mean - expected - reference.correction


def unfinished(
    procedure: Procedure,
    run: Run,
    limit: MaximumPermissibleError,
    error: Decimal | None,
    reference: ReferenceUse,
    *,
    warnings: Sequence[str],
) -> PointEvaluation:
    """Return what can be said of a point that has no uncertainty yet, or never will."""
    point = run.point
    number = len(run.readings)
    scatter = standard_deviation_of(run.readings) if number >= ENOUGH_FOR_SCATTER else None
    mean = mean_of(run.readings) if number else None
    shown = None if mean is None else round_to_place(mean, point.resolution / 10)
    return PointEvaluation(
        key=point.key,
        procedure=procedure.key,
        procedure_version=procedure.version,
        engine_version=ENGINE_VERSION,
        budget_name=procedure.budget_name,
        number=number,
        repeats=point.repeats,
        unit=point.unit,
        result_unit=point.result_unit,
        mean=None if mean is None else float(mean),
        standard_deviation=scatter,
        error_of_indication=None if error is None else float(error),
        lower_limit=_optional(limit.limits.lower),
        upper_limit=_optional(limit.limits.upper),
        rule_text=run.rule.text,
        mean_text="" if shown is None else signed_plain(shown),
        standard_deviation_text="" if scatter is None else scatter_text(scatter),
        limit_text=limit_text(limit),
        limit_trace=limit.trace,
        standard=reference.asset,
        warnings=tuple(warnings),
    )


def _evaluated_rows(budget: UncertaintyBudget) -> tuple[EvaluatedRow, ...]:
    return tuple(
        EvaluatedRow(
            row.symbol,
            row.title,
            row.source,
            row.evaluation,
            str(row.distribution),
            row.spread,
            row.divisor,
            row.unit,
            row.standard_uncertainty,
            row.sensitivity_coefficient,
            row.contribution,
            row.degrees_of_freedom,
            budget.share(row),
        )
        for row in budget.rows
    )


def _optional(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def expected_band(point: PlannedPoint, limit: MaximumPermissibleError) -> Decimal:
    """Return how far from the expected indication a true one may well lie.

    Five times the maximum permissible error (a hundredth of the value where none is agreed)
    and not less than ten steps of the display: an item may well be far outside its limits, a
    slip of the finger is further still.
    """
    width = max(abs(limit.limits.lower or Decimal(0)), abs(limit.limits.upper or Decimal(0)))
    if limit.limits.open:
        width = abs(point.expected) / 100
    return max(5 * width, 10 * point.resolution)
