"""Indications to results: every point of a series, through its procedure, at each saved cell.

A whole sheet takes a few milliseconds, and a point may borrow from others (repeatability,
hysteresis, eccentricity), so everything of the series is computed anew; only what differs is
written.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from calibra_app.core.access import Permission, permitted, within_deed
from calibra_app.core.ids import SheetId
from calibra_app.metrology.budget import ENGINE_VERSION
from calibra_app.metrology.reference_standard import ReferenceStandard as Reference
from calibra_app.models.calibration import (
    Condition,
    Observation,
    Phase,
    PointResult,
    Sheet,
    SheetPoint,
    SheetStandard,
)
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.procedures.base import PER_HOUR, PlannedPoint
from calibra_app.procedures.recomputation import Basis, Readings
from calibra_app.services.calibrations.pinned import Pinned
from calibra_app.services.calibrations.reading import read_indication
from calibra_app.services.calibrations.sheets import (
    find_point,
    points_of,
    require_seeing,
    row_of,
)


@dataclass(frozen=True, slots=True)
class Bench:
    """All that the engine looks at besides indications."""

    pinned: Pinned
    points: Mapping[str, PlannedPoint]
    standards: tuple[Reference, ...]
    environment: Mapping[str, object]

    def evaluate(self, key: str, readings: Readings) -> dict[str, object]:
        """Return what the indications of one point amount to, as plain data."""
        return self.basis.evaluate(key, readings)

    @property
    def basis(self) -> Basis:
        """Return it as the engine takes it, and as an export of the result holds it."""
        return Basis(
            procedure_code=self.pinned.procedure_code,
            budget_name=self.pinned.budget_name,
            model_key=self.pinned.model_key,
            model_version=self.pinned.model_version,
            points=self.points,
            standards=self.standards,
            environment=self.environment,
            parameters=self.pinned.parameters,
            rule=self.pinned.rule,
            cmc=self.pinned.cmc,
        )


@permitted(Permission.SHEET_SEE, reading=True)
def preview(
    work: UnitOfWork, sheet_id: SheetId, key: str, phase: Phase, drafts: Mapping[int, str]
) -> dict[str, Any]:
    """Evaluate a point with what is being typed into its cells; nothing is stored.

    Args:
        work: The transaction.
        sheet_id: The sheet.
        key: The point's key.
        phase: The series.
        drafts: What stands in cells by repeat, in place of what is saved; what is no number, or
            empty, counts as not there.
    """
    sheet = work.peek(Sheet, sheet_id)
    require_seeing(work, sheet)
    find_point(work, sheet_id, key)
    bench = bench_of(work, sheet)
    cells = cells_of(work, sheet_id, phase)
    typed = dict(cells.get(key, {}))
    for repeat, text in drafts.items():
        try:
            typed[repeat] = read_indication(text)
        except ValueError:
            typed.pop(repeat, None)
    return bench.evaluate(key, in_order({**cells, key: typed}))


@within_deed
def bench_of(work: UnitOfWork, sheet: Sheet) -> Bench:
    """Gather what the engine needs for a sheet: plan, standards as frozen, climate, rule, scope."""
    standards = work.exec(
        select(SheetStandard.frozen)
        .where(SheetStandard.sheet_id == sheet.id, col(SheetStandard.removed_at).is_(None))
        .order_by(col(SheetStandard.added_at), col(SheetStandard.id))
    ).all()
    return Bench(
        Pinned.from_json(sheet.parameters),
        {row.key: PlannedPoint.from_json(row.plan) for row in points_of(work, sheet.id)},
        tuple(Reference.from_json(frozen) for frozen in standards),
        climate_of(work, sheet.id),
    )


@within_deed
def climate_of(work: UnitOfWork, sheet_id: UUID) -> dict[str, object]:
    """Return the room as the engine takes it.

    Lowest and highest reading of each quantity, and how fast it changed at most.
    """
    found: dict[str, list[Condition]] = {}
    for row in standing_conditions(work, sheet_id):
        found.setdefault(row.quantity, []).append(row)
    climate: dict[str, object] = {}
    for quantity, rows in found.items():
        values = [float(row.value) for row in rows]
        climate[quantity] = [min(values), max(values)]
        if len(rows) > 1:
            climate[f"{quantity}{PER_HOUR}"] = [float(_fastest_change(rows))]
    return climate


def _fastest_change(rows: Sequence[Condition]) -> Decimal:
    """Return the largest change an hour between any two readings.

    Within an hour the change itself counts: two readings a minute apart tell nothing of a rate.
    """
    return max(
        abs(later.value - earlier.value) / max(Decimal(1), _hours(later.at - earlier.at))
        for at, earlier in enumerate(rows)
        for later in rows[at + 1 :]
    )


def _hours(time: timedelta) -> Decimal:
    return Decimal(str(time.total_seconds())) / 3600


@within_deed
def standing_conditions(work: UnitOfWork, sheet_id: UUID) -> list[Condition]:
    """Return the readings of the room that were not replaced by another, oldest first."""
    rows: Sequence[Condition] = work.exec(
        select(Condition)
        .where(Condition.sheet_id == sheet_id)
        .order_by(col(Condition.at), col(Condition.id))
    ).all()
    replaced = {row.replaces for row in rows}
    return [row for row in rows if row.id not in replaced]


@within_deed
def cells_of(work: UnitOfWork, sheet_id: UUID, phase: Phase) -> dict[str, dict[int, Decimal]]:
    """Return the saved indications of a series, by point and repeat."""
    rows: Sequence[tuple[str, int, Decimal]] = work.exec(
        select(SheetPoint.key, Observation.repeat, col(Observation.indication))
        .join(SheetPoint, col(SheetPoint.id) == Observation.point_id)
        .where(
            Observation.sheet_id == sheet_id,
            Observation.phase == phase,
            col(Observation.indication).is_not(None),
        )
    ).all()
    cells: dict[str, dict[int, Decimal]] = {}
    for key, repeat, indication in rows:
        cells.setdefault(key, {})[repeat] = indication
    return cells


@within_deed
def in_order(cells: Mapping[str, Mapping[int, Decimal]]) -> dict[str, tuple[Decimal, ...]]:
    """Return indications by point in the order of their repeats."""
    return {
        key: tuple(indication for _, indication in sorted(held.items()))
        for key, held in cells.items()
    }


@within_deed
def recompute(
    work: UnitOfWork, sheet: Sheet, phase: Phase, bench: Bench | None = None
) -> list[dict[str, Any]]:
    """Compute a series anew, keep what differs, and return the patches that tell it."""
    bench = bench or bench_of(work, sheet)
    points = {row.key: row for row in points_of(work, sheet.id)}
    readings = in_order(cells_of(work, sheet.id, phase))
    kept = _kept(work, sheet.id, phase)
    patches: list[dict[str, Any]] = []
    for key, point in points.items():
        row = kept.get(point.id)
        if not readings.get(key) and row is None:
            continue
        result = bench.evaluate(key, readings)
        if row is not None and row.result == result:
            continue
        if row is None:
            row = PointResult(
                sheet_id=sheet.id, point_id=point.id, phase=phase, engine_version=ENGINE_VERSION
            )
        row.result = result
        row.verdict = str(result["statement"] or "") if result["complete"] else ""
        row.complete = bool(result["complete"])
        row.engine_version = str(result["engine_version"])
        row.computed_at = work.now
        work.add(row)
        patches.append({"row": row_of(phase, key), "result": figures_of(result, row.version)})
    return patches


@within_deed
def recompute_all(work: UnitOfWork, sheet: Sheet) -> list[dict[str, Any]]:
    """Compute both series anew, after standards or conditions changed."""
    bench = bench_of(work, sheet)
    return [patch for phase in Phase for patch in recompute(work, sheet, phase, bench)]


@within_deed
def figures_of(result: Mapping[str, Any], version: int = 0) -> dict[str, Any]:
    """Return the figures of a result as a grid shows them; the verdict only of a whole point."""
    error = result.get("error_of_indication")
    lower, upper = result.get("lower_limit"), result.get("upper_limit")
    below = error is not None and lower is not None and error < lower
    above = error is not None and upper is not None and error > upper
    complete = bool(result.get("complete"))
    return {
        "mean": result.get("mean_text") or "",
        "error": result.get("error_text") or "",
        "limit": result.get("limit_text") or "",
        "u": result.get("uncertainty_text") or "",
        "statement": (result.get("statement") or "") if complete else "",
        "remaining": max(int(result.get("repeats", 0)) - int(result.get("number", 0)), 0),
        "out": below or above,
        "version": version,
    }


def _kept(work: UnitOfWork, sheet_id: UUID, phase: Phase) -> dict[UUID, PointResult]:
    rows: Sequence[PointResult] = work.exec(
        select(PointResult).where(PointResult.sheet_id == sheet_id, PointResult.phase == phase)
    ).all()
    return {row.point_id: row for row in rows}
