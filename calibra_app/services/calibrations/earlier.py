"""What the last calibration of the same item found, to be held beside the new results."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import col, select

from calibra_app.core.access import within_deed
from calibra_app.models.calibration import Phase, PointResult, Sheet, SheetPoint, SheetState
from calibra_app.models.srf import SrfLine
from calibra_app.persistence.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class EarlierResult:
    """A result of the same point at the last calibration of the same item."""

    label: str
    phase: Phase
    error: str
    uncertainty: str
    unit: str


@within_deed
def last_results(work: UnitOfWork, line: SrfLine) -> tuple[str, tuple[EarlierResult, ...]]:
    """Return day and results of the last calibration of the same item that was authorized."""
    sheet: Sheet | None = work.exec(
        select(Sheet)
        .join(SrfLine, col(SrfLine.id) == Sheet.line_id)
        .where(
            SrfLine.instrument_id == line.instrument_id,
            SrfLine.id != line.id,
            Sheet.state == SheetState.LOCKED,
        )
        .order_by(col(Sheet.accepted_at).desc())
        .limit(1)
    ).first()
    if sheet is None:
        return "", ()
    rows: Sequence[tuple[SheetPoint, PointResult]] = work.exec(
        select(SheetPoint, PointResult)
        .join(PointResult, col(PointResult.point_id) == SheetPoint.id)
        .where(SheetPoint.sheet_id == sheet.id)
        .order_by(col(PointResult.phase), col(SheetPoint.position))
    ).all()
    day = sheet.accepted_at.date().isoformat() if sheet.accepted_at else ""
    return day, tuple(
        EarlierResult(
            point.label,
            row.phase,
            str(row.result.get("error_text", "")),
            str(row.result.get("uncertainty_text", "")),
            str(row.result.get("result_unit", "")),
        )
        for point, row in rows
    )
