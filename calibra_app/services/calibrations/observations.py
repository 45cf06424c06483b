"""Recording indications: one row a cell, each with its own version, none ever overwritten unseen.

Three things can keep a cell from being stored, and each is an answer, not an error: somebody saved
it first (`Clash`), the value looks like a slip (`Asked`), or a saved value changes and nobody said
why. What stood in a cell before stays in its history with the reason (ISO/IEC 17025, 7.5.2).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from calibra_app.core.access import Permission, permitted, require
from calibra_app.core.entry import limited
from calibra_app.core.errors import Conflict, Invalid, NotFound
from calibra_app.core.ids import SheetId
from calibra_app.models.calibration import (
    Observation,
    ObservationChange,
    Phase,
    Remark,
    Sheet,
    SheetPoint,
    SheetState,
)
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.procedures.registry import plausibility_of
from calibra_app.services.calibrations.evaluation import Bench, bench_of, cells_of, recompute
from calibra_app.services.calibrations.reading import read_indication
from calibra_app.services.calibrations.sheets import (
    is_returned,
    points_of,
    returned_remarks,
    row_of,
    take_sheet,
    topic_of,
)

MOST_CELLS = 400


@dataclass(frozen=True, slots=True)
class Typed:
    """One cell as somebody typed it, over the version they saw (0: never saved)."""

    key: str
    phase: Phase
    repeat: int
    raw: str
    base_version: int = 0


@dataclass(frozen=True, slots=True)
class Clash:
    """Somebody saved the cell first: theirs stands, mine waits."""

    typed: Typed
    by: str
    at: datetime
    theirs: str
    version: int


@dataclass(frozen=True, slots=True)
class Asked:
    """A value that looks like a slip, with what was perhaps meant."""

    typed: Typed
    text: str
    meant: str


@dataclass(frozen=True, slots=True)
class Entered:
    """What became of what was typed; where something stands in the way, nothing was stored.

    Attributes:
        stored: Row and repeat of each stored cell with its new version.
        clashes: Cells that somebody else saved first.
        questions: Values that want to be confirmed.
    """

    stored: tuple[tuple[str, int, int], ...] = ()
    clashes: tuple[Clash, ...] = ()
    questions: tuple[Asked, ...] = ()


@permitted(Permission.INDICATION_ENTER)
def enter_indication(
    work: UnitOfWork, sheet_id: SheetId, typed: Typed, *, confirmed: bool = False, reason: str = ""
) -> Entered:
    """Store one indication, or say what stands in the way.

    The same text again, over an older version, is a repetition and harmless.

    Args:
        work: The transaction.
        sheet_id: The sheet.
        typed: The cell.
        confirmed: The value is meant as typed, however unusual.
        reason: Why a saved value changes.

    Raises:
        Invalid: It is no number (field `indication`), or a saved value changes without a reason
            (field `reason`).
        SheetClosed: The line is not being worked on.
        Conflict: The cell is not open: another one was returned, or the series is closed.
        Forbidden: The actor is not competent for the procedure.
    """
    return _enter(work, sheet_id, (typed,), confirmed=confirmed, reason=reason)


@permitted(Permission.INDICATION_ENTER)
def paste_block(
    work: UnitOfWork,
    sheet_id: SheetId,
    cells: Sequence[Typed],
    *,
    confirmed: bool = False,
    reason: str = "",
) -> Entered:
    """Store a block of indications, all or none, with one reason for what is overwritten."""
    if len(cells) > MOST_CELLS:
        raise Invalid(f"Paste at most {MOST_CELLS} cells at once.")
    return _enter(work, sheet_id, cells, confirmed=confirmed, reason=reason)


def _enter(
    work: UnitOfWork, sheet_id: UUID, cells: Sequence[Typed], *, confirmed: bool, reason: str
) -> Entered:
    sheet = take_sheet(work, sheet_id)
    entry = _Entry(work, sheet, limited(reason, "reason"))
    clashes: list[Clash] = []
    questions: list[Asked] = []
    for typed in cells:
        entry.require_open(typed)
        clash = entry.clash_of(typed)
        if clash is not None:
            clashes.append(clash)
            continue
        entry.require_reason(typed)
        question = None if confirmed else entry.question_of(typed)
        if question is not None:
            questions.append(question)
    if clashes or questions:
        return Entered(clashes=tuple(clashes), questions=tuple(questions))
    if entry.reason:
        work.give_reason(entry.reason)
    stored = tuple(entry.store(typed, confirmed=confirmed) for typed in cells)
    work.session.flush()
    entry.tell(cells)
    return Entered(stored)


class _Entry:
    """One transaction's entry into a sheet: what stands there, and the rules of the cells."""

    def __init__(self, work: UnitOfWork, sheet: Sheet, reason: str) -> None:
        self.work = work
        self.sheet = sheet
        self.reason = reason
        self.points: dict[str, SheetPoint] = {row.key: row for row in points_of(work, sheet.id)}
        self.bench: Bench = bench_of(work, sheet)
        self.returned: Sequence[Remark] = returned_remarks(work, sheet.id)
        rows: Sequence[Observation] = work.exec(
            select(Observation)
            .where(Observation.sheet_id == sheet.id)
            .order_by(col(Observation.repeat))
        ).all()
        self.rows = {(row.point_id, row.phase, row.repeat): row for row in rows}
        self._others: dict[Phase, Mapping[str, Mapping[int, Decimal]]] = {}

    def point(self, typed: Typed) -> SheetPoint:
        """Return the point of a cell; refuse one that the plan does not have."""
        point = self.points.get(typed.key)
        if point is None or not 1 <= typed.repeat <= point.repeats:
            raise NotFound("This sheet has no such cell.")
        return point

    def row(self, typed: Typed) -> Observation | None:
        """Return what is saved in a cell."""
        return self.rows.get((self.point(typed).id, typed.phase, typed.repeat))

    def require_open(self, typed: Typed) -> None:
        """Refuse a cell that may not be written now."""
        point = self.point(typed)
        row = self.row(typed)
        if row is not None and row.raw == typed.raw.strip():
            return
        if self.sheet.state is SheetState.RETURNED and not is_returned(
            self.returned, point.id, typed.phase, typed.repeat
        ):
            raise Conflict("The reviewer returned other cells; this one stays as it was signed.")
        if typed.phase is Phase.AS_LEFT:
            why = why_no_as_left(self.sheet)
            if why:
                raise Conflict(why)
        elif self.sheet.adjusted and row is None:
            raise Conflict("The item is adjusted already; as found can no longer be read.")

    def clash_of(self, typed: Typed) -> Clash | None:
        """Return who saved the cell first, if somebody else did and wrote something else."""
        row = self.row(typed)
        current = row.version if row is not None else 0
        if row is None or typed.base_version == current or row.raw == typed.raw.strip():
            return None
        # Whoever types again before the answer came corrects themselves, and says why.
        if row.by == self.work.actor.person_id:
            return None
        return Clash(typed, row.by_name, row.at, row.raw, current)

    def require_reason(self, typed: Typed) -> None:
        """Refuse to change a saved indication without a reason."""
        row = self.row(typed)
        if row is None or not row.raw or row.raw == typed.raw.strip():
            return
        require(self.work.actor, Permission.INDICATION_CORRECT)
        if not self.reason:
            raise Invalid(f"Say why {row.raw} changes to {typed.raw.strip()}.", field="reason")

    def question_of(self, typed: Typed) -> Asked | None:
        """Return what to ask about a value that looks like a slip."""
        value = _number_of(typed)
        row = self.row(typed)
        if value is None or (row is not None and row.raw == typed.raw.strip()):
            return None
        pinned = self.bench.pinned
        asked = plausibility_of(
            pinned.model_key,
            pinned.model_version,
            self.bench.points[typed.key],
            pinned.parameters,
            value,
            self._rest_of(typed),
        )
        if asked is None:
            return None
        return Asked(typed, asked.text, "" if asked.meant is None else f"{asked.meant:f}")

    def _rest_of(self, typed: Typed) -> tuple[Decimal, ...]:
        if typed.phase not in self._others:
            self._others[typed.phase] = cells_of(self.work, self.sheet.id, typed.phase)
        cells = self._others[typed.phase].get(typed.key, {})
        return tuple(value for repeat, value in cells.items() if repeat != typed.repeat)

    def store(self, typed: Typed, *, confirmed: bool) -> tuple[str, int, int]:
        """Write one cell; keep what stood there before in its history."""
        work, point, row = self.work, self.point(typed), self.row(typed)
        value = _number_of(typed)
        name = row_of(typed.phase, typed.key)
        raw = typed.raw.strip()
        if row is None and value is None:
            return name, typed.repeat, 0
        if row is not None and row.raw == raw:
            return name, typed.repeat, row.version
        if row is None:
            row = Observation(
                sheet_id=self.sheet.id,
                point_id=point.id,
                phase=typed.phase,
                repeat=typed.repeat,
                raw=raw,
                unit=point.unit,
                by=work.actor.person_id,
            )
            self.rows[point.id, typed.phase, typed.repeat] = row
        else:
            work.add(self._change(row, raw))
            row.corrected = True
        row.raw, row.indication, row.at = raw, value, work.now
        row.by, row.by_name = work.actor.person_id, work.actor.name
        row.confirmed_unusual = confirmed
        work.add(row)
        return name, typed.repeat, row.version

    def _change(self, row: Observation, raw: str) -> ObservationChange:
        return ObservationChange(
            sheet_id=row.sheet_id,
            point_id=row.point_id,
            phase=row.phase,
            repeat=row.repeat,
            old_raw=row.raw,
            new_raw=raw,
            old_version=row.version,
            reason=self.reason or "The cell was empty.",
            at=self.work.now,
            by=self.work.actor.person_id,
            by_name=self.work.actor.name,
        )

    def tell(self, cells: Sequence[Typed]) -> None:
        """Publish the cells and the results that follow from them, in one patch."""
        news: list[dict[str, Any]] = []
        for typed in cells:
            row = self.row(typed)
            if row is not None:
                news.append(cell_patch(typed.key, row))
        for phase in dict.fromkeys(typed.phase for typed in cells):
            news += recompute(self.work, self.sheet, phase, self.bench)
        self.work.publish(topic_of(self.work, self.sheet.id), {"kind": "cells", "news": news})


def cell_patch(key: str, row: Observation) -> dict[str, Any]:
    """Return the news of one cell as the open grids merge it."""
    return {
        "row": row_of(row.phase, key),
        "column": str(row.repeat),
        "value": row.raw,
        "version": row.version,
        "mark": "corrected" if row.corrected else "",
        "by": str(row.by),
        "by_name": row.by_name,
    }


def why_no_as_left(sheet: Sheet) -> str:
    """Return why nothing may be written as left; an empty text where it may."""
    if sheet.no_adjustment:
        return "No adjustment was declared: as left is as found."
    if not sheet.adjusted:
        return "Record the adjustment first, then read as left."
    return ""


def _number_of(typed: Typed) -> Decimal | None:
    if not typed.raw.strip():
        return None
    try:
        return read_indication(typed.raw)
    except ValueError as error:
        raise Invalid(str(error), field="indication") from error
