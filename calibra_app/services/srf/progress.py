"""How far the measurements of lines have come: complete points, of how many."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, func, select

from calibra_app.core.access import within_deed
from calibra_app.models.calibration import PointResult, Sheet, SheetPoint, SheetState
from calibra_app.models.srf import LineState, SrfLine
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.services.srf.states import SUSPENDED

_AT_WORK = frozenset({LineState.IN_PROGRESS, LineState.REWORK, *SUSPENDED})


@within_deed
def progress_of(work: UnitOfWork, lines: Sequence[SrfLine]) -> dict[UUID, tuple[int, int]]:
    """Return how many points are complete, of how many, for the lines that are being measured."""
    measured = [line.id for line in lines if line.state in _AT_WORK]
    if not measured:
        return {}
    sheets: Sequence[Sheet] = work.exec(
        select(Sheet).where(col(Sheet.line_id).in_(measured), Sheet.state != SheetState.VOID)
    ).all()
    ids = [sheet.id for sheet in sheets]
    if not ids:
        return {}
    planned = work.exec(
        select(SheetPoint.sheet_id, func.count())
        .where(col(SheetPoint.sheet_id).in_(ids), SheetPoint.omitted_reason == "")
        .group_by(col(SheetPoint.sheet_id))
    ).all()
    complete = work.exec(
        select(PointResult.sheet_id, func.count())
        .where(col(PointResult.sheet_id).in_(ids), col(PointResult.complete).is_(True))
        .group_by(col(PointResult.sheet_id))
    ).all()
    totals = {row[0]: int(row[1]) for row in planned}
    done = {row[0]: int(row[1]) for row in complete}
    found: dict[UUID, tuple[int, int]] = {}
    for sheet in sheets:
        # After an adjustment every point is measured again.
        again = 2 if sheet.adjusted and not sheet.as_found_missing_reason else 1
        total = totals.get(sheet.id, 0) * again
        found[sheet.line_id] = (min(done.get(sheet.id, 0), total), total)
    return found
