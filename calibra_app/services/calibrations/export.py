"""One result with everything it was computed from, for anybody to compute it again (Z26)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, cast

from sqlmodel import col, select

from calibra_app.core.access import Permission, permitted, within_deed
from calibra_app.core.errors import Conflict
from calibra_app.core.ids import SheetId
from calibra_app.metrology.budget import ENGINE_VERSION
from calibra_app.models.calibration import Phase, PointResult, Sheet, SheetStandard
from calibra_app.models.equipment import Instrument
from calibra_app.models.srf import Srf, SrfLine
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.procedures.recomputation import sealed
from calibra_app.services.calibrations.evaluation import cells_of, climate_of, in_order
from calibra_app.services.calibrations.sheets import points_of, require_seeing
from calibra_app.services.laboratory import own_tenant

# What of the pinned agreement names the procedure; the rest of it stands in parts of its own.
_PROCEDURE: Final = (
    "procedure_code",
    "procedure_title",
    "revision",
    "discipline",
    "model_key",
    "model_version",
    "budget_name",
    "method",
    "design",
)


@dataclass(frozen=True, slots=True)
class ResultFile:
    """The exported result: what to call it, and the text of the file."""

    name: str
    text: str


@permitted(Permission.SHEET_SEE, reading=True)
def export_result(work: UnitOfWork, sheet_id: SheetId) -> ResultFile:
    """Return the results of a sheet with readings, standards, climate, rule, scope and procedure.

    `./calibra evaluate FILE` computes them again without a database and compares every figure.

    Raises:
        Conflict: Nothing has been computed on the sheet yet.
    """
    return result_file(work, work.peek(Sheet, sheet_id))


@within_deed
def result_file(work: UnitOfWork, sheet: Sheet, **further: str) -> ResultFile:
    """Return the results of a sheet; `further` is what else its file says of the subject.

    Raises:
        Forbidden: The actor may not see this sheet.
        Conflict: Nothing has been computed on the sheet yet.
    """
    require_seeing(work, sheet)
    results = _results(work, sheet)
    if not any(results.values()):
        raise Conflict("There is no result on this sheet yet; enter an indication first.")
    pinned = cast("dict[str, Any]", sheet.parameters)
    line = work.peek(SrfLine, sheet.line_id)
    number = f"{work.peek(Srf, line.srf_id).number}-{line.position:02}"
    engines = sorted(
        {str(one["engine_version"]) for held in results.values() for one in held.values()}
    )
    parts: dict[str, object] = {
        "subject": _subject(work, sheet, line, number) | further,
        "engine_version": ", ".join(engines),
        "procedure": {
            name.removeprefix("procedure_"): pinned[name] for name in _PROCEDURE if name in pinned
        },
        "parameters": pinned.get("parameters", {}),
        "rule": pinned["rule"],
        "cmc": pinned["cmc"],
        "standards": _standards(work, sheet),
        "environment": climate_of(work, sheet.id),
        "points": [row.plan for row in points_of(work, sheet.id)],
        "readings": {
            phase.value: _texts(work, sheet, phase) for phase in Phase if results[phase.value]
        },
        "results": {phase: held for phase, held in results.items() if held},
    }
    text = json.dumps(sealed(parts), ensure_ascii=False, indent=1, allow_nan=False)
    return ResultFile(f"{further.get('certificate', number)}-result.json", text + "\n")


def _subject(work: UnitOfWork, sheet: Sheet, line: SrfLine, number: str) -> dict[str, object]:
    item = work.peek(Instrument, line.instrument_id)
    return {
        "laboratory": own_tenant(work).name,
        "line": number,
        "item": item.description,
        "manufacturer": item.manufacturer,
        "model": item.model,
        "serial": item.serial,
        "tag": item.tag,
        "sheet": str(sheet.id),
        "sheet_sha256": sheet.content_sha256,
        "exported_at": work.now.isoformat(),
        "exported_by": work.actor.name,
        "exported_with": ENGINE_VERSION,
    }


def _results(work: UnitOfWork, sheet: Sheet) -> dict[str, dict[str, dict[str, object]]]:
    """Return what is kept of each series, point by point in the order of the plan."""
    rows: Sequence[PointResult] = work.exec(
        select(PointResult).where(PointResult.sheet_id == sheet.id)
    ).all()
    held = {(row.phase, row.point_id): row.result for row in rows}
    points = points_of(work, sheet.id)
    return {
        phase.value: {
            point.key: held[phase, point.id] for point in points if (phase, point.id) in held
        }
        for phase in Phase
    }


def _texts(work: UnitOfWork, sheet: Sheet, phase: Phase) -> dict[str, list[str]]:
    readings = in_order(cells_of(work, sheet.id, phase))

    def text(value: Decimal) -> str:
        return f"{value:f}"

    return {key: [text(value) for value in values] for key, values in readings.items()}


def _standards(work: UnitOfWork, sheet: Sheet) -> list[dict[str, object]]:
    """Return the standards as frozen at use, in the order in which the engine meets them."""
    return list(
        work.exec(
            select(SheetStandard.frozen)
            .where(SheetStandard.sheet_id == sheet.id, col(SheetStandard.removed_at).is_(None))
            .order_by(col(SheetStandard.added_at), col(SheetStandard.id))
        ).all()
    )
