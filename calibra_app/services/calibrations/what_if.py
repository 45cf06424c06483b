"""A sheet evaluated once more by another budget or other inputs: a what-if, never a result.

What a sheet was begun with stays with it, and so do its results; a laboratory that has revised a
budget asks here what the old readings would give, and reads both side by side.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast
from uuid import UUID

from sqlmodel import select

from calibra_app.core.access import Permission, permitted
from calibra_app.core.errors import Invalid
from calibra_app.core.ids import SheetId
from calibra_app.metrology.quantity import MetrologyError
from calibra_app.models.calibration import Phase, PointResult, Sheet
from calibra_app.models.scope import Procedure, ProcedureVersion
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.procedures.registry import DESIGNED, hold_design, procedure_of
from calibra_app.services.calibrations.evaluation import Bench, bench_of, cells_of, in_order
from calibra_app.services.calibrations.pinned import Pinned
from calibra_app.services.calibrations.sheets import points_of, require_seeing

FIGURES = (
    "error_text", "uncertainty_text", "coverage_factor_text", "limit_text", "statement_text",
    "error_of_indication", "expanded_uncertainty", "combined_standard_uncertainty",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """What is different: another revision, other parameters of the instrument, a climate."""

    version_id: UUID | None = None
    parameters: Mapping[str, object] = field(default_factory=dict[str, object])
    environment: Mapping[str, object] = field(default_factory=dict[str, object])


@dataclass(frozen=True, slots=True)
class WhatIfRow:
    """One point: what is on record, and what it would be."""

    key: str
    label: str
    group: str
    unit: str
    stored: Mapping[str, Any]
    tried: Mapping[str, Any]
    why: str = ""

    @property
    def differs(self) -> bool:
        """Say whether anything that is printed would be different."""
        return any(self.stored.get(name) != self.tried.get(name) for name in FIGURES[:5])


@dataclass(frozen=True, slots=True)
class WhatIf:
    """A sheet as stored beside the same sheet as tried."""

    stored_by: str
    tried_by: str
    rows: tuple[WhatIfRow, ...]

    @property
    def different(self) -> int:
        """Return how many points would be different."""
        return sum(row.differs for row in self.rows)


@dataclass(frozen=True, slots=True)
class OtherRevision:
    """A revision by which a sheet can be tried."""

    id: UUID
    words: str


@permitted(Permission.SHEET_SEE, reading=True)
def revisions_to_try(work: UnitOfWork, sheet_id: SheetId) -> tuple[OtherRevision, ...]:
    """List the revisions of a sheet's procedure, newest first."""
    sheet = work.peek(Sheet, sheet_id)
    require_seeing(work, sheet)
    own = work.peek(ProcedureVersion, sheet.procedure_version_id)
    rows: Sequence[ProcedureVersion] = work.exec(
        select(ProcedureVersion).where(ProcedureVersion.procedure_id == own.procedure_id)
    ).all()
    ordered = sorted(rows, key=lambda row: row.revision, reverse=True)
    return tuple(
        OtherRevision(row.id, f"Revision {row.revision}, {row.status.value.replace('_', ' ')}")
        for row in ordered
    )


@permitted(Permission.SHEET_SEE, reading=True)
def what_if(work: UnitOfWork, sheet_id: SheetId, phase: Phase, change: Change) -> WhatIf:
    """Evaluate a series of a sheet with something changed; nothing is stored.

    Raises:
        Invalid: The other revision cannot be used.
    """
    sheet = work.peek(Sheet, sheet_id)
    require_seeing(work, sheet)
    bench = bench_of(work, sheet)
    other = replace(
        bench,
        pinned=_changed(work, bench.pinned, change),
        environment={**bench.environment, **change.environment},
    )
    readings = in_order(cells_of(work, sheet_id, phase))
    kept = _kept(work, sheet.id, phase)
    rows = tuple(
        _row(bench, other, point.key, readings, kept.get(point.id, {}))
        for point in points_of(work, sheet.id)
        if readings.get(point.key)
    )
    return WhatIf(_named(bench.pinned), _named(other.pinned), rows)


def _row(
    bench: Bench,
    other: Bench,
    key: str,
    readings: Mapping[str, Sequence[Any]],
    stored: Mapping[str, Any],
) -> WhatIfRow:
    point = bench.points[key]
    tried = other.evaluate(key, readings)
    warnings = cast("Sequence[object]", tried.get("warnings") or ())
    why = str(warnings[0]) if warnings and not tried.get("uncertainty_text") else ""
    return WhatIfRow(
        key,
        point.label,
        point.group,
        point.result_unit,
        {name: stored.get(name) for name in FIGURES},
        {name: tried.get(name) for name in FIGURES},
        why,
    )


def _changed(work: UnitOfWork, pinned: Pinned, change: Change) -> Pinned:
    parameters = {**pinned.parameters, **change.parameters}
    if change.version_id is None:
        return replace(pinned, parameters=parameters)
    version = work.peek(ProcedureVersion, change.version_id)
    procedure = work.peek(Procedure, version.procedure_id)
    key = DESIGNED if version.design else procedure.model_key
    try:
        if version.design:
            hold_design(version.design, version.model_version)
        model = procedure_of(key, version.model_version)
    except MetrologyError as error:
        raise Invalid(str(error), field="version") from error
    return replace(
        pinned,
        parameters=parameters,
        revision=version.revision,
        model_key=key,
        model_version=version.model_version,
        design=version.design,
        budget_name=model.budget_name,
    )


def _named(pinned: Pinned) -> str:
    return f"{pinned.procedure_code} rev. {pinned.revision}, {pinned.budget_name}"


def _kept(work: UnitOfWork, sheet_id: UUID, phase: Phase) -> dict[UUID, Mapping[str, Any]]:
    rows: Sequence[PointResult] = work.exec(
        select(PointResult).where(PointResult.sheet_id == sheet_id, PointResult.phase == phase)
    ).all()
    return {row.point_id: row.result for row in rows}
