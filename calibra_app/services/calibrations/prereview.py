"""Before a sheet is signed: what the guards would object, each with a place to go to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, func, select

from calibra_app.core.access import Permission, permitted, within_deed
from calibra_app.core.ids import SheetId
from calibra_app.models.calibration import (
    Observation,
    Phase,
    PointResult,
    Remark,
    Sheet,
    SheetPoint,
)
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.procedures.base import PlannedPoint
from calibra_app.services.calibrations.adjustments import has_indications
from calibra_app.services.calibrations.conditions import environment_facts, missing_quantities
from calibra_app.services.calibrations.pinned import Pinned
from calibra_app.services.calibrations.sheets import (
    points_of,
    require_seeing,
    returned_remarks,
    row_of,
)
from calibra_app.services.calibrations.standards import standard_facts
from calibra_app.services.srf.facts import AdjustmentFacts, Facts, MissingPoint
from calibra_app.services.srf.guards import Refusal, check


@dataclass(frozen=True, slots=True)
class Finding:
    """One objection.

    Attributes:
        guard: The guard, such as "G15".
        message: Its sentence.
        target: Where to go: the name of a row, or "standards", "conditions", "adjustment",
            "warm_up".
    """

    guard: str
    message: str
    target: str

    @property
    def refusal(self) -> Refusal:
        """Return it as a guard's refusal."""
        return Refusal(self.guard, self.message)


@permitted(Permission.SHEET_SEE, reading=True)
def prereview(work: UnitOfWork, sheet_id: SheetId) -> tuple[Finding, ...]:
    """Return everything that keeps a sheet from being submitted; nothing where it may."""
    sheet = work.peek(Sheet, sheet_id)
    require_seeing(work, sheet)
    return findings_of(work, sheet)


@within_deed
def findings_of(work: UnitOfWork, sheet: Sheet) -> tuple[Finding, ...]:
    """Return every objection to a sheet, in the order of the guards."""
    gaps = _gaps(work, sheet)
    facts = submission_facts(work, sheet)
    found: list[Finding] = []
    if not facts.standards:
        found.append(Finding("G13", "No reference standard is chosen.", "standards"))
    found += _told("G13", facts, "standards")
    found += [
        Finding("G14", f"No reading of the room's {quantity} is there.", "conditions")
        for quantity in missing_quantities(work, sheet)
    ]
    found += _told("G14", facts, "conditions")
    if Pinned.from_json(sheet.parameters).warm_up_minutes and not sheet.warmed_up:
        found.append(Finding("G14", "The warm-up is not confirmed.", "warm_up"))
    for gap in gaps:
        found += _told("G15", Facts(missing_points=(gap.fact,)), gap.row)
    found += _told("G16", facts, "adjustment")
    for row, name in _without_uncertainty(work, sheet):
        found += _told("G17", Facts(points_without_uncertainty=(name,)), row)
    return (*found, *_untouched(work, sheet))


@within_deed
def submission_facts(work: UnitOfWork, sheet: Sheet, *, signed: bool = False) -> Facts:
    """Return what the guards of T32 and T36 look at; the password itself is asked afterwards."""
    return Facts(
        signed_as_performed=signed,
        standards=standard_facts(work, sheet),
        environment=environment_facts(work, sheet),
        missing_points=tuple(gap.fact for gap in _gaps(work, sheet)),
        adjustment=AdjustmentFacts(
            as_found=has_indications(work, sheet, Phase.AS_FOUND),
            as_found_reason=sheet.as_found_missing_reason,
            adjusted=sheet.adjusted,
            as_left=has_indications(work, sheet, Phase.AS_LEFT),
            no_adjustment_declared=sheet.no_adjustment,
        ),
        points_without_uncertainty=tuple(name for _, name in _without_uncertainty(work, sheet)),
    )


@within_deed
def phases_of(work: UnitOfWork, sheet: Sheet) -> tuple[Phase, ...]:
    """Return the series that a sheet has to hold."""
    excused = sheet.as_found_missing_reason and not has_indications(work, sheet, Phase.AS_FOUND)
    return (
        *(() if excused else (Phase.AS_FOUND,)),
        *((Phase.AS_LEFT,) if sheet.adjusted else ()),
    )


@dataclass(frozen=True, slots=True)
class _Gap:
    row: str
    fact: MissingPoint


def _told(guard: str, facts: Facts, target: str) -> list[Finding]:
    return [Finding(guard, refusal.message, target) for refusal in check((guard,), facts)]


def _gaps(work: UnitOfWork, sheet: Sheet) -> list[_Gap]:
    counts = _counts(work, sheet)
    found: list[_Gap] = []
    for phase in phases_of(work, sheet):
        left = ", as left" if phase is Phase.AS_LEFT else ""
        for point in points_of(work, sheet.id):
            there = counts.get((point.id, phase), 0)
            if there >= point.repeats:
                continue
            name = f"{_name(point)}{left}"
            if there:
                name += f" ({there} of {point.repeats})"
            fact = MissingPoint(name, omission_accepted=bool(point.omitted_reason))
            found.append(_Gap(row_of(phase, point.key), fact))
    return found


def _counts(work: UnitOfWork, sheet: Sheet) -> Mapping[tuple[UUID, Phase], int]:
    rows: Sequence[tuple[UUID, Phase, int]] = work.exec(
        select(Observation.point_id, Observation.phase, func.count())
        .where(Observation.sheet_id == sheet.id, col(Observation.indication).is_not(None))
        .group_by(col(Observation.point_id), col(Observation.phase))
    ).all()
    return {(point_id, phase): count for point_id, phase, count in rows}


def _without_uncertainty(work: UnitOfWork, sheet: Sheet) -> list[tuple[str, str]]:
    rows: Sequence[PointResult] = work.exec(
        select(PointResult).where(PointResult.sheet_id == sheet.id)
    ).all()
    results = {(row.point_id, row.phase): row.result for row in rows}
    counts = _counts(work, sheet)
    found: list[tuple[str, str]] = []
    for phase in phases_of(work, sheet):
        for point in points_of(work, sheet.id):
            result = results.get((point.id, phase))
            read = counts.get((point.id, phase), 0) >= point.repeats
            if not PlannedPoint.from_json(point.plan).reported:
                # Read for another point, it has no result of its own.
                continue
            if read and (result is None or result.get("expanded_uncertainty") is None):
                found.append((row_of(phase, point.key), _name(point)))
    return found


def _untouched(work: UnitOfWork, sheet: Sheet) -> list[Finding]:
    """Return the returned cells that nobody has read again since."""
    found: list[Finding] = []
    for remark in returned_remarks(work, sheet.id):
        if remark.point_id is None or _touched(work, remark):
            continue
        point = work.peek(SheetPoint, remark.point_id)
        where = f"{point.label}, reading {remark.repeat}" if remark.repeat else point.label
        row = row_of(remark.phase or Phase.AS_FOUND, point.key)
        message = f"{where} was returned (“{remark.text}”); read it again, or answer."
        found.append(Finding("G15", message, row))
    return found


def _touched(work: UnitOfWork, remark: Remark) -> bool:
    if remark.answer:
        return True
    query = select(Observation.at).where(
        Observation.point_id == remark.point_id, Observation.at > remark.at
    )
    if remark.phase is not None:
        query = query.where(Observation.phase == remark.phase)
    if remark.repeat is not None:
        query = query.where(Observation.repeat == remark.repeat)
    return work.exec(query.limit(1)).first() is not None


def _name(point: SheetPoint) -> str:
    return f"{point.group}: {point.label}" if point.group else point.label
