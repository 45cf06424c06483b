"""Looking at one observation sheet: its head, its points and cells, its results, its history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from calibra_app.core.access import Permission, permitted
from calibra_app.core.ids import LineId, SheetId, SrfId
from calibra_app.metrology.conformity import DecisionRule
from calibra_app.models.calibration import (
    Observation,
    ObservationChange,
    Phase,
    PointResult,
    Sheet,
    SheetPoint,
    SheetState,
)
from calibra_app.models.customer import Customer
from calibra_app.models.equipment import Instrument
from calibra_app.models.person import Person
from calibra_app.models.srf import CustomerDecision, Srf, SrfLine
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.services.calibrations.adjustments import adjustment_agreed
from calibra_app.services.calibrations.conditions import (
    ConditionRecord,
    accepted_conditions,
    conditions_of,
    missing_quantities,
)
from calibra_app.services.calibrations.evaluation import bench_of, figures_of
from calibra_app.services.calibrations.observations import why_no_as_left
from calibra_app.services.calibrations.pinned import ClimateLimit, Pinned
from calibra_app.services.calibrations.sheets import (
    find_point,
    is_returned,
    may_write,
    points_of,
    require_seeing,
    returned_remarks,
    row_of,
)
from calibra_app.services.calibrations.standards import UsedStandard, used_standards
from calibra_app.services.scope import effective_procedure
from calibra_app.services.srf.states import LineState


@dataclass(frozen=True, slots=True)
class PointView:
    """One planned point."""

    key: str
    position: int
    group: str
    label: str
    unit: str
    result_unit: str
    expected: str
    entry: str
    repeats: int
    omitted_reason: str


@dataclass(frozen=True, slots=True)
class CellView:
    """One saved cell, or one that the reviewer gave back."""

    row: str
    repeat: int
    raw: str
    version: int
    corrected: bool
    returned: bool
    open: bool


@dataclass(frozen=True, slots=True)
class RemarkView:
    """A remark of the reviewer's that waits for an answer."""

    id: UUID
    row: str
    repeat: int | None
    text: str
    by: str
    at: datetime
    answer: str = ""


@dataclass(frozen=True, slots=True)
class AdjustmentView:
    """What was adjusted, by whom, why and when."""

    what: str
    why: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class QuestionView:
    """What the customer was asked from the bench, and what they answered."""

    question: str
    price: str
    asked_at: datetime
    decision: str
    decided_by: str


@dataclass(frozen=True, slots=True)
class SheetDetail:
    """Everything that a page shows of a sheet.

    Attributes:
        newer_revision: A later revision of the procedure that came into effect meanwhile; 0 if
            none. The sheet keeps its own: it is never swapped (E15).
        why_locked: Why the actor may not write; empty where they may.
        why_no_as_left: Why nothing may be written as left now; empty where it may.
        may_sign: The actor is the one whose signature is owed.
    """

    id: SheetId
    version: int
    state: SheetState
    line_id: LineId
    line_version: int
    line_state: LineState
    srf_id: SrfId
    srf_number: str
    position: int
    customer: str
    tag: str
    description: str
    serial: str
    procedure_code: str
    procedure_title: str
    revision: int
    newer_revision: int
    budget_name: str
    rule: str
    decision_rule: DecisionRule
    place: str
    performer: str
    started_at: datetime
    limits: tuple[ClimateLimit, ...]
    missing_conditions: tuple[str, ...]
    conditions: tuple[ConditionRecord, ...]
    accepted_conditions: str
    standards: tuple[UsedStandard, ...]
    warm_up_minutes: int
    warmed_up: bool
    no_adjustment: bool
    adjustment: AdjustmentView | None
    adjustment_agreed: bool
    as_found_missing_reason: str
    questions: tuple[QuestionView, ...]
    remarks: tuple[RemarkView, ...]
    points: tuple[PointView, ...]
    cells: tuple[CellView, ...]
    figures: Mapping[str, Mapping[str, Any]]
    why_locked: str
    why_no_as_left: str
    may_sign: bool


@dataclass(frozen=True, slots=True)
class CellEvent:
    """One entry of a cell's history, newest first."""

    repeat: int
    raw: str
    old_raw: str
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PointDetail:
    """One point of a series with its whole evaluation and the history of its cells."""

    key: str
    label: str
    result: Mapping[str, Any]
    history: tuple[CellEvent, ...]


@permitted(Permission.SHEET_SEE, reading=True)
def get_sheet(work: UnitOfWork, sheet_id: SheetId) -> SheetDetail:
    """Return a sheet as its page shows it.

    Raises:
        NotFound: There is no such sheet.
        Forbidden: It is another technician's work in another field.
    """
    sheet = work.peek(Sheet, sheet_id)
    require_seeing(work, sheet)
    line = work.peek(SrfLine, sheet.line_id)
    srf = work.peek(Srf, line.srf_id)
    item = work.peek(Instrument, line.instrument_id)
    pinned = Pinned.from_json(sheet.parameters)
    current = effective_procedure(work, pinned.procedure_code).revision
    points = points_of(work, sheet_id)
    why = may_write(work, sheet)
    return SheetDetail(
        id=SheetId(sheet.id),
        version=sheet.version,
        state=sheet.state,
        line_id=LineId(line.id),
        line_version=line.version,
        line_state=line.state,
        srf_id=SrfId(srf.id),
        srf_number=srf.number,
        position=line.position,
        customer=work.peek(Customer, srf.customer_id).name,
        tag=item.tag,
        description=item.description,
        serial=item.serial,
        procedure_code=pinned.procedure_code,
        procedure_title=pinned.procedure_title,
        revision=pinned.revision,
        newer_revision=current if current > pinned.revision else 0,
        budget_name=pinned.budget_name,
        rule=pinned.rule.text,
        decision_rule=pinned.rule,
        place=pinned.room or sheet.place,
        performer=work.peek(Person, sheet.performer_id).name,
        started_at=sheet.started_at,
        limits=pinned.limits,
        missing_conditions=missing_quantities(work, sheet),
        conditions=conditions_of(work, sheet),
        accepted_conditions=accepted_conditions(work, sheet),
        standards=used_standards(work, sheet_id),
        warm_up_minutes=pinned.warm_up_minutes,
        warmed_up=sheet.warmed_up,
        no_adjustment=sheet.no_adjustment,
        adjustment=_adjustment(sheet),
        adjustment_agreed=adjustment_agreed(work, line),
        as_found_missing_reason=sheet.as_found_missing_reason,
        questions=_questions(work, line),
        remarks=_remarks(work, sheet, points),
        points=tuple(_point(row) for row in points),
        cells=_cells(work, sheet, points),
        figures=_figures(work, sheet, points),
        why_locked=why,
        why_no_as_left=why or why_no_as_left(sheet),
        may_sign=not why
        and work.actor.may(Permission.SHEET_SIGN)
        and line.assignee_id == work.actor.person_id,
    )


@permitted(Permission.SHEET_SEE, reading=True)
def get_point(work: UnitOfWork, sheet_id: SheetId, key: str, phase: Phase) -> PointDetail:
    """Return one point of a series: the whole evaluation, and what was typed when by whom."""
    sheet = work.peek(Sheet, sheet_id)
    require_seeing(work, sheet)
    point = find_point(work, sheet_id, key)
    result = work.exec(
        select(PointResult.result).where(
            PointResult.sheet_id == sheet_id,
            PointResult.point_id == point.id,
            PointResult.phase == phase,
        )
    ).first()
    if result is None:
        result = bench_of(work, sheet).evaluate(key, {})
    label = f"{point.group}, {point.label}" if point.group else point.label
    return PointDetail(key, label, result, _history(work, point, phase))


def _adjustment(sheet: Sheet) -> AdjustmentView | None:
    if not sheet.adjusted:
        return None
    kept = {name: str(value) for name, value in sheet.adjustment.items()}
    return AdjustmentView(kept["what"], kept["why"], kept["by"], datetime.fromisoformat(kept["at"]))


def _questions(work: UnitOfWork, line: SrfLine) -> tuple[QuestionView, ...]:
    rows = work.exec(
        select(CustomerDecision)
        .where(CustomerDecision.line_id == line.id, CustomerDecision.kind != "condition")
        .order_by(col(CustomerDecision.asked_at))
    ).all()
    return tuple(
        QuestionView(
            row.question,
            "" if row.price is None else f"{row.price:.2f}",
            row.asked_at,
            row.decision,
            row.decided_by_name,
        )
        for row in rows
    )


def _remarks(
    work: UnitOfWork, sheet: Sheet, points: Sequence[SheetPoint]
) -> tuple[RemarkView, ...]:
    keys = {point.id: point.key for point in points}
    found: list[RemarkView] = []
    for remark in returned_remarks(work, sheet.id):
        phase = remark.phase or Phase.AS_FOUND
        row = row_of(phase, keys[remark.point_id]) if remark.point_id else ""
        by = work.peek(Person, remark.by).name
        found.append(
            RemarkView(remark.id, row, remark.repeat, remark.text, by, remark.at, remark.answer)
        )
    return tuple(found)


def _point(row: SheetPoint) -> PointView:
    plan = {name: str(value) for name, value in row.plan.items()}
    return PointView(
        row.key,
        row.position,
        row.group,
        row.label,
        row.unit,
        plan.get("result_unit", row.unit),
        plan.get("expected", f"{row.nominal:f}"),
        plan.get("entry", "indication"),
        row.repeats,
        row.omitted_reason,
    )


def _cells(work: UnitOfWork, sheet: Sheet, points: Sequence[SheetPoint]) -> tuple[CellView, ...]:
    rows: Sequence[Observation] = work.exec(
        select(Observation).where(Observation.sheet_id == sheet.id)
    ).all()
    saved = {(row.point_id, row.phase, row.repeat): row for row in rows}
    remarks = returned_remarks(work, sheet.id)
    in_rework = sheet.state is SheetState.RETURNED
    found: list[CellView] = []
    for phase in Phase:
        for point in points:
            for repeat in range(1, point.repeats + 1):
                row = saved.get((point.id, phase, repeat))
                returned = in_rework and is_returned(remarks, point.id, phase, repeat)
                if row is None and not in_rework:
                    continue
                found.append(
                    CellView(
                        row_of(phase, point.key),
                        repeat,
                        row.raw if row else "",
                        row.version if row else 0,
                        row.corrected if row else False,
                        returned,
                        returned or not in_rework,
                    )
                )
    return tuple(found)


def _figures(
    work: UnitOfWork, sheet: Sheet, points: Sequence[SheetPoint]
) -> dict[str, dict[str, Any]]:
    keys = {point.id: point.key for point in points}
    rows: Sequence[PointResult] = work.exec(
        select(PointResult).where(PointResult.sheet_id == sheet.id)
    ).all()
    # A point of which nothing is read yet shows its limit already.
    bench = bench_of(work, sheet)
    blank = {point.key: figures_of(bench.evaluate(point.key, {})) for point in points}
    return {row_of(phase, key): figures for phase in Phase for key, figures in blank.items()} | {
        row_of(row.phase, keys[row.point_id]): figures_of(row.result, row.version) for row in rows
    }


def _history(work: UnitOfWork, point: SheetPoint, phase: Phase) -> tuple[CellEvent, ...]:
    changes: Sequence[ObservationChange] = work.exec(
        select(ObservationChange)
        .where(ObservationChange.point_id == point.id, ObservationChange.phase == phase)
        .order_by(col(ObservationChange.at).desc(), col(ObservationChange.id).desc())
    ).all()
    return tuple(
        CellEvent(row.repeat, row.new_raw, row.old_raw, row.reason, row.by_name, row.at)
        for row in changes
    )
