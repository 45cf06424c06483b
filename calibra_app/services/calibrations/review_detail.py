"""One line in review: readings and results side by side, what changed since, what stood before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlmodel import col, select

from calibra_app.core.access import Permission, permitted
from calibra_app.core.ids import LineId, SheetId, SrfId
from calibra_app.models.calibration import (
    Observation,
    ObservationChange,
    Phase,
    PointResult,
    Remark,
    Sheet,
    SheetPoint,
    SheetStandard,
)
from calibra_app.models.equipment import Instrument
from calibra_app.models.person import Person
from calibra_app.models.srf import ProviderResult, Srf, SrfLine
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.services.calibrations.earlier import EarlierResult, last_results
from calibra_app.services.calibrations.evaluation import standing_conditions
from calibra_app.services.calibrations.pinned import Pinned
from calibra_app.services.calibrations.review import items_open, reviewer_facts
from calibra_app.services.calibrations.sheets import points_of, require_seeing, sheet_of_line
from calibra_app.services.srf.facts import Facts
from calibra_app.services.srf.guards import check
from calibra_app.services.srf.states import LineState


@dataclass(frozen=True, slots=True)
class Cell:
    """One indication with what speaks about it."""

    repeat: int
    raw: str
    by: str
    corrected: bool
    flagged: bool


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One point in one phase: its indications and what they amount to, as the engine wrote it."""

    key: str
    phase: Phase
    group: str
    label: str
    unit: str
    cells: tuple[Cell, ...]
    result: Mapping[str, Any]
    omitted: str

    @property
    def statement(self) -> str:
        """Return the verdict's key; empty where there is none."""
        return str(self.result.get("statement") or "")


@dataclass(frozen=True, slots=True)
class RemarkShown:
    """A remark with its place and its answer."""

    id: UUID
    key: str
    phase: Phase | None
    repeat: int | None
    place: str
    text: str
    by: str
    at: datetime
    returned: bool
    answer: str
    closed: bool


@dataclass(frozen=True, slots=True)
class CellDifference:
    """A cell that was measured again after it was returned."""

    key: str
    phase: Phase
    repeat: int
    place: str
    old: str
    new: str
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class StandardUsed:
    """A reference standard as it was when it was used."""

    code: str
    name: str
    certificate: str
    due: str
    exception: str


@dataclass(frozen=True, slots=True)
class ConditionRead:
    """One reading of the room."""

    quantity: str
    value: str
    unit: str
    source: str
    at: datetime
    within: bool


@dataclass(frozen=True, slots=True)
class ReviewDetail:
    """Everything that a reviewer looks at."""

    line_id: LineId
    srf_id: SrfId
    sheet_id: SheetId | None
    line_version: int
    srf_number: str
    position: int
    tag: str
    description: str
    customer_rule: str
    method: str
    place: str
    performer: str
    submitted_at: datetime | None
    in_review: bool
    reviewed: bool
    refusals: tuple[str, ...]
    open_count: int
    rows: tuple[ReviewRow, ...]
    remarks: tuple[RemarkShown, ...]
    differences: tuple[CellDifference, ...]
    standards: tuple[StandardUsed, ...]
    conditions: tuple[ConditionRead, ...]
    earlier_on: str
    earlier: tuple[EarlierResult, ...]
    adjustment: str
    provider_certificate: str
    provider_rows: tuple[Mapping[str, Any], ...]


@permitted(Permission.SHEET_REVIEW, Permission.SHEET_SEE, reading=True)
def review_detail(work: UnitOfWork, line_id: LineId) -> ReviewDetail:
    """Return a line with its sheet as technical review sees it.

    Raises:
        NotFound: There is no such line.
        Forbidden: It is somebody else's work.
    """
    line = work.peek(SrfLine, line_id)
    srf = work.peek(Srf, line.srf_id)
    item = work.peek(Instrument, line.instrument_id)
    sheet = sheet_of_line(work, line_id)
    taken = work.exec(select(ProviderResult).where(ProviderResult.line_id == line_id)).first()
    reader = _Reader(work, sheet) if sheet else None
    earlier_on, earlier = last_results(work, line)
    facts = Facts(reviewer=reviewer_facts(work, line))
    in_review = line.state is LineState.QC and not line.reviewed
    adjusted = sheet.adjustment if sheet and sheet.adjusted else {}
    return ReviewDetail(
        line_id=line_id,
        srf_id=SrfId(srf.id),
        sheet_id=SheetId(sheet.id) if sheet else None,
        line_version=line.version,
        srf_number=srf.number,
        position=line.position,
        tag=item.tag,
        description=item.description,
        customer_rule=reader.pinned.rule.text if reader else "",
        method=reader.method if reader else "",
        place=reader.pinned.room or (sheet.place if sheet else "") if reader else "",
        performer=work.peek(Person, sheet.performer_id).name if sheet else "",
        submitted_at=sheet.submitted_at if sheet else None,
        in_review=in_review,
        reviewed=line.reviewed,
        refusals=tuple(refusal.message for refusal in check(("G19",), facts)),
        open_count=items_open(work, line, sheet).remarks,
        rows=reader.rows() if reader else (),
        remarks=reader.shown_remarks() if reader else (),
        differences=reader.differences() if reader else (),
        standards=reader.standards() if reader else (),
        conditions=reader.conditions() if reader else (),
        earlier_on=earlier_on,
        earlier=earlier,
        adjustment=str(adjusted.get("what", "")),
        provider_certificate=taken.certificate_number if taken else "",
        provider_rows=_provider_rows(taken),
    )


class _Reader:
    """Reads one sheet, each of its tables once."""

    def __init__(self, work: UnitOfWork, sheet: Sheet) -> None:
        require_seeing(work, sheet)
        self.work, self.sheet = work, sheet
        self.pinned = Pinned.from_json(sheet.parameters)
        self.points: Sequence[SheetPoint] = points_of(work, sheet.id)
        self.labels = {point.id: point for point in self.points}
        # Of one group alone nobody needs to be told.
        self.grouped = len({point.group for point in self.points}) > 1
        self.remarks: Sequence[tuple[Remark, str]] = work.exec(
            select(Remark, Person.name)
            .join(Person, col(Person.id) == Remark.by)
            .where(Remark.sheet_id == sheet.id)
            .order_by(col(Remark.at), col(Remark.id))
        ).all()

    @property
    def method(self) -> str:
        """Return the procedure with its revision."""
        pinned = self.pinned
        return f"{pinned.procedure_code} rev. {pinned.revision}, {pinned.procedure_title}"

    def rows(self) -> tuple[ReviewRow, ...]:
        """Return every point, as found before as left."""
        results: Sequence[PointResult] = self.work.exec(
            select(PointResult).where(PointResult.sheet_id == self.sheet.id)
        ).all()
        found = {(row.point_id, row.phase): row.result for row in results}
        cells = self._cells()
        phases = [Phase.AS_FOUND, *([Phase.AS_LEFT] if self.sheet.adjusted else [])]
        return tuple(
            ReviewRow(
                key=point.key,
                phase=phase,
                group=point.group if self.grouped else "",
                label=point.label,
                unit=str(point.plan.get("unit") or point.unit),
                cells=cells.get((point.id, phase), ()),
                result=found.get((point.id, phase), {}),
                omitted=point.omitted_reason,
            )
            for phase in phases
            for point in self.points
        )

    def _cells(self) -> dict[tuple[UUID, Phase], tuple[Cell, ...]]:
        rows: Sequence[Observation] = self.work.exec(
            select(Observation)
            .where(Observation.sheet_id == self.sheet.id)
            .order_by(col(Observation.repeat))
        ).all()
        flagged = {
            (remark.point_id, remark.phase, remark.repeat)
            for remark, _ in self.remarks
            if remark.closed_at is None
        }
        cells: dict[tuple[UUID, Phase], tuple[Cell, ...]] = {}
        for row in rows:
            place = (row.point_id, row.phase)
            mine = (row.point_id, row.phase, row.repeat) in flagged
            cell = Cell(row.repeat, row.raw, row.by_name, row.corrected, mine)
            cells[place] = (*cells.get(place, ()), cell)
        return cells

    def shown_remarks(self) -> tuple[RemarkShown, ...]:
        """Return the remarks, oldest first."""
        return tuple(
            RemarkShown(
                id=row.id,
                key=self.labels[row.point_id].key if row.point_id else "",
                phase=row.phase,
                repeat=row.repeat,
                place=self._place(row.point_id, row.phase, row.repeat),
                text=row.text,
                by=name,
                at=row.at,
                returned=row.returned,
                answer=row.answer,
                closed=row.closed_at is not None,
            )
            for row, name in self.remarks
        )

    def differences(self) -> tuple[CellDifference, ...]:
        """Return what was measured again since the first cell was returned."""
        returned = [row.at for row, _ in self.remarks if row.returned]
        if not returned:
            return ()
        rows: Sequence[ObservationChange] = self.work.exec(
            select(ObservationChange)
            .where(
                ObservationChange.sheet_id == self.sheet.id,
                col(ObservationChange.at) >= min(returned),
            )
            .order_by(col(ObservationChange.at), col(ObservationChange.id))
        ).all()
        return tuple(
            CellDifference(
                key=self.labels[row.point_id].key,
                phase=row.phase,
                repeat=row.repeat,
                place=self._place(row.point_id, row.phase, row.repeat),
                old=row.old_raw,
                new=row.new_raw,
                reason=row.reason,
                by=row.by_name,
                at=row.at,
            )
            for row in rows
        )

    def standards(self) -> tuple[StandardUsed, ...]:
        """Return the standards in use, as frozen."""
        rows: Sequence[SheetStandard] = self.work.exec(
            select(SheetStandard)
            .where(SheetStandard.sheet_id == self.sheet.id, col(SheetStandard.removed_at).is_(None))
            .order_by(col(SheetStandard.code))
        ).all()
        return tuple(
            StandardUsed(
                row.code,
                str(row.frozen.get("name", "")),
                str(row.frozen.get("certificate_number", "")),
                row.due_on.isoformat(),
                row.exception_reason,
            )
            for row in rows
        )

    def conditions(self) -> tuple[ConditionRead, ...]:
        """Return the readings of the room, oldest first."""
        return tuple(
            ConditionRead(
                row.quantity, f"{row.value:f}", row.unit, row.source, row.at, row.within_limits
            )
            for row in standing_conditions(self.work, self.sheet.id)
        )

    def _place(self, point_id: UUID | None, phase: Phase | None, repeat: int | None) -> str:
        if point_id is None:
            return "Whole sheet"
        point = self.labels[point_id]
        parts = [f"{point.group}: {point.label}" if self.grouped and point.group else point.label]
        if phase is Phase.AS_LEFT or (phase and self.sheet.adjusted):
            parts.append(phase.replace("_", " "))
        if repeat is not None:
            parts.append(f"series {repeat}")
        return ", ".join(parts)


def _provider_rows(taken: ProviderResult | None) -> tuple[Mapping[str, Any], ...]:
    if taken is None:
        return ()
    held: list[Any] = [each for each in taken.results.values() if isinstance(each, list)]
    return tuple(cast("list[Mapping[str, Any]]", held[0] if held else []))
