"""Results as a certificate tables them: each point's evaluation, in its group, phase and scope.

Nothing is computed here: every figure is the text that the engine rounded for paper, so the
certificate cannot differ from what performer and reviewer saw.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from calibra_app.metrology.quantity import convert
from calibra_app.metrology.rounding import exact
from calibra_app.models.calibration import Phase as SheetPhase
from calibra_app.models.calibration import SheetPoint
from calibra_app.procedures.base import Entry, PlannedPoint
from calibra_app.rendering.blocks import Verdict
from calibra_app.rendering.certificate import Phase, ResultRow, ResultTable, StatementContent

_PRINTED = {
    SheetPhase.AS_FOUND: Phase.AS_FOUND,
    SheetPhase.AS_LEFT: Phase.AS_LEFT,
}
# From worst to best: the statement about an item is that of its worst point.
_SEVERITY = (
    Verdict.FAIL,
    Verdict.CONDITIONAL_FAIL,
    Verdict.UNDECIDED,
    Verdict.CONDITIONAL_PASS,
    Verdict.PASS,
)
_SENTENCES = {
    Verdict.PASS: ("passes", "pass"),
    Verdict.CONDITIONAL_PASS: ("passes conditionally", "pass conditionally"),
    Verdict.CONDITIONAL_FAIL: ("fails conditionally", "fail conditionally"),
    Verdict.FAIL: ("does not meet the specification", "do not meet the specification"),
    Verdict.UNDECIDED: ("is not decided", "are not decided"),
}
ACCEPTED = frozenset({Verdict.PASS, Verdict.CONDITIONAL_PASS})
NOT_ADJUSTED = "The item was not adjusted: results as left are those as found."


@dataclass(frozen=True, slots=True)
class PointOutcome:
    """The evaluation of one point in one phase, as the sheet keeps it."""

    point: SheetPoint
    phase: SheetPhase
    result: Mapping[str, Any]

    @property
    def planned(self) -> PlannedPoint:
        """Return the point as the procedure planned it."""
        return PlannedPoint.from_json(self.point.plan)

    @property
    def verdict(self) -> Verdict:
        """Return the statement of conformity; undecided where there is none."""
        said = str(self.result.get("statement") or "")
        return (
            Verdict(said) if said in {verdict.value for verdict in Verdict} else (Verdict.UNDECIDED)
        )


def tables_of(outcomes: Sequence[PointOutcome], outside: frozenset[str]) -> tuple[ResultTable, ...]:
    """Return the result tables of a sheet.

    Points of one group stand together, as found before as left; those outside the scope stand in
    a table of their own, so that an accredited certificate can mark it.

    Args:
        outcomes: The evaluations in the order of the plan.
        outside: The keys of the points that lie outside the laboratory's scope.
    """
    adjusted = any(each.phase is SheetPhase.AS_LEFT for each in outcomes)
    held: dict[tuple[str, int, str, str, str, bool], list[PointOutcome]] = {}
    for outcome in outcomes:
        planned = outcome.planned
        place = (
            planned.group,
            list(SheetPhase).index(outcome.phase),
            planned.nominal_unit,
            planned.unit,
            planned.result_unit,
            outcome.point.key in outside,
        )
        held.setdefault(place, []).append(outcome)
    order = {outcome.planned.group: at for at, outcome in reversed(list(enumerate(outcomes)))}
    places = sorted(held, key=lambda place: (order[place[0]], place[1], place[5]))
    return tuple(
        _table(held[place], is_accredited=not place[5], adjusted=adjusted) for place in places
    )


def _table(outcomes: Sequence[PointOutcome], *, is_accredited: bool, adjusted: bool) -> ResultTable:
    first = outcomes[0]
    planned = first.planned
    typed_as_error = planned.entry is Entry.ERROR
    unit = planned.nominal_unit if typed_as_error else planned.unit
    footnotes = dict.fromkeys(
        str(warning) for each in outcomes for warning in each.result.get("warnings") or ()
    )
    notes = list(footnotes) if adjusted else [NOT_ADJUSTED, *footnotes]
    return ResultTable(
        title=planned.group or "Results",
        phase=_PRINTED[first.phase] if adjusted else Phase.BOTH,
        unit=unit,
        error_unit=planned.result_unit,
        nominal_unit=planned.nominal_unit if planned.nominal_unit != unit else "",
        rows=tuple(_row(each) for each in outcomes),
        is_accredited=is_accredited,
        note=" ".join(notes),
    )


def _row(outcome: PointOutcome) -> ResultRow:
    planned, result = outcome.planned, outcome.result
    plain = f"{planned.nominal:f} {planned.nominal_unit}"
    return ResultRow(
        nominal=planned.nominal,
        label="" if planned.label == plain else planned.label,
        indication=_indication(planned, result),
        error=figure(result.get("error_text")),
        lower_limit=_limit(result.get("lower_limit")),
        upper_limit=_limit(result.get("upper_limit")),
        uncertainty=figure(result.get("uncertainty_text")),
        coverage_factor=figure(result.get("coverage_factor_text")),
        verdict=outcome.verdict,
    )


def _indication(planned: PlannedPoint, result: Mapping[str, Any]) -> Decimal | None:
    mean = figure(result.get("mean_text"))
    if mean is None or planned.entry is Entry.INDICATION:
        return mean
    # What was typed is how far off the item shows; what it shows is the nominal value and that.
    factor = exact(convert(1.0, planned.unit, planned.nominal_unit, difference=True))
    return planned.nominal + mean * factor


def figure(text: object) -> Decimal | None:
    """Return a figure that the engine wrote for paper; None where it wrote none."""
    written = str(text or "").replace("\N{MINUS SIGN}", "-").replace("+", "").strip()
    return Decimal(written) if written else None


def _limit(value: object) -> Decimal | None:
    return None if value is None else exact(float(str(value)))


def statements_of(tables: Iterable[ResultTable]) -> tuple[StatementContent, ...]:
    """Return one statement of conformity for each phase, with what it covers."""
    phases: dict[Phase, list[Verdict]] = {}
    for table in tables:
        verdicts = phases.setdefault(table.phase, [])
        verdicts += [row.verdict for row in table.rows if row.upper_limit is not None]
    return tuple(_statement(phase, verdicts) for phase, verdicts in phases.items() if verdicts)


def _statement(phase: Phase, verdicts: Sequence[Verdict]) -> StatementContent:
    count = len(verdicts)
    found = {verdict: verdicts.count(verdict) for verdict in reversed(_SEVERITY)}
    if found[Verdict.PASS] == count:
        sentence = "every point meets the specification."
    else:
        parts = [
            f"{number} {'point' if number == 1 else 'points'} {_SENTENCES[verdict][number > 1]}"
            for verdict, number in found.items()
            if number
        ]
        sentence = f"{', '.join(parts)}."
    return StatementContent(
        phase=phase,
        verdict=next(verdict for verdict in _SEVERITY if found[verdict]),
        covers=f"all {count} points" if count > 1 else "the one point",
        sentence=sentence,
    )


def outcomes_in_order(
    points: Sequence[SheetPoint],
    results: Mapping[tuple[UUID, SheetPhase], Mapping[str, Any]],
) -> tuple[PointOutcome, ...]:
    """Return the evaluations in the order of the plan, without the points that were omitted.

    Rows that are read for another one have no result, and do not stand on a certificate.
    """
    return tuple(
        PointOutcome(point, phase, results[point.id, phase])
        for phase in SheetPhase
        for point in points
        if (point.id, phase) in results
        and not point.omitted_reason
        and PlannedPoint.from_json(point.plan).reported
    )


def provider_table(rows: Sequence[Mapping[str, Any]], provider: str) -> ResultTable:
    """Return the values that were taken over from an external provider's certificate."""
    unit = str(rows[0].get("unit", "")) if rows else ""
    return ResultTable(
        title="Results of the external provider",
        phase=Phase.BOTH,
        unit=unit,
        error_unit=str(rows[0].get("error_unit", "") or unit) if rows else "",
        rows=tuple(
            ResultRow(
                nominal=figure(row.get("nominal")) or Decimal(0),
                label=str(row.get("label", "")),
                indication=figure(row.get("indication")),
                error=figure(row.get("error")),
                uncertainty=figure(row.get("expanded_uncertainty")),
                coverage_factor=figure(row.get("k")),
            )
            for row in rows
        ),
        is_accredited=False,
        provider=provider,
    )
