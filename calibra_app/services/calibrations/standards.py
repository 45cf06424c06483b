"""Reference standards on a sheet: only fit ones, frozen as they are at the moment of use (G13)."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import col, select

from calibra_app.core.access import Permission, permitted, within_deed
from calibra_app.core.errors import Conflict
from calibra_app.core.ids import SheetId, StandardId
from calibra_app.metrology.reference_standard import ReferenceStandard as Reference
from calibra_app.models.calibration import Observation, Sheet, SheetStandard
from calibra_app.models.equipment import ReferenceStandard, StandardStatus
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.procedures.base import PlannedPoint
from calibra_app.services.calibrations.evaluation import recompute_all
from calibra_app.services.calibrations.pinned import Pinned
from calibra_app.services.calibrations.sheets import (
    announce_sheet,
    points_of,
    require_seeing,
    take_sheet,
    topic_of,
)
from calibra_app.services.equipment import (
    StandardChoice,
    find_standard_by_code,
    freeze_standard,
    require_fit,
    usable_standards,
)
from calibra_app.services.laboratory import today_of
from calibra_app.services.scope import ScopePoint, scope_points
from calibra_app.services.srf.facts import StandardFacts


@dataclass(frozen=True, slots=True)
class UsedStandard:
    """A standard as the sheet keeps it."""

    id: UUID
    standard_id: StandardId
    code: str
    name: str
    due_on: date
    certificate_number: str
    provider: str
    traceability: str
    due_soon: bool
    # Why it is used though its calibration has expired; empty where it needs no exception.
    exception: str


DUE_SOON_DAYS = 30


@permitted(Permission.INDICATION_ENTER)
def pick_standard(work: UnitOfWork, sheet_id: SheetId, code: str) -> StandardId:
    """Take a standard for a sheet, by its code as scanned; its data are frozen now.

    Raises:
        NotFound: There is no standard with this code.
        StandardNotFit: It may not be used; `refusal` holds the reason and the alternatives.
        Conflict: The sheet has it already.
    """
    sheet = take_sheet(work, sheet_id)
    standard_id = find_standard_by_code(work, code)
    pinned = Pinned.from_json(sheet.parameters)
    require_fit(
        work, standard_id, today_of(work), pinned.procedure_code, wanted_points(work, sheet)
    )
    put_on_sheet(work, sheet, standard_id)
    return standard_id


@within_deed
def put_on_sheet(
    work: UnitOfWork, sheet: Sheet, standard_id: StandardId, *, exception: str = ""
) -> None:
    """Freeze a standard onto a sheet as it is now; `exception` says why it may be used at all.

    Raises:
        Conflict: The sheet has it already.
    """
    frozen = freeze_standard(work, standard_id)
    row = work.exec(
        select(SheetStandard).where(
            SheetStandard.sheet_id == sheet.id, SheetStandard.standard_id == standard_id
        )
    ).first()
    if row is not None and row.removed_at is None:
        raise Conflict(f"{frozen.code} is on this sheet already.", field="standard")
    if row is None:
        row = SheetStandard(
            sheet_id=sheet.id,
            standard_id=standard_id,
            code=frozen.code,
            due_on=frozen.due_on,
            added_by=work.actor.person_id,
        )
    row.due_on, row.frozen = frozen.due_on, frozen.as_json()
    row.added_by, row.added_at, row.removed_at = work.actor.person_id, work.now, None
    row.exception_reason = exception
    work.add(row)
    _recompute(work, sheet)


@permitted(Permission.INDICATION_ENTER)
def drop_standard(work: UnitOfWork, sheet_id: SheetId, standard_id: StandardId) -> None:
    """Take a standard off a sheet; that it was there stays on record."""
    sheet = take_sheet(work, sheet_id)
    row = work.exec(
        select(SheetStandard).where(
            SheetStandard.sheet_id == sheet.id,
            SheetStandard.standard_id == standard_id,
            col(SheetStandard.removed_at).is_(None),
        )
    ).first()
    if row is None:
        raise Conflict("This standard is not on the sheet.")
    row.removed_at = work.now
    work.add(row)
    _recompute(work, sheet)


@permitted(Permission.SHEET_SEE, reading=True)
def standards_to_pick(work: UnitOfWork, sheet_id: SheetId) -> tuple[StandardChoice, ...]:
    """List the standards that may be taken for a sheet today and are not on it yet."""
    sheet = work.peek(Sheet, sheet_id)
    require_seeing(work, sheet)
    there = {each.standard_id for each in used_standards(work, sheet_id)}
    code = Pinned.from_json(sheet.parameters).procedure_code
    choices = usable_standards(work, today_of(work), code, wanted_points(work, sheet))
    return tuple(each for each in choices if each.id not in there)


@within_deed
def used_standards(work: UnitOfWork, sheet_id: UUID) -> tuple[UsedStandard, ...]:
    """Return the standards of a sheet as they were when they were taken."""
    rows = work.exec(
        select(SheetStandard)
        .where(SheetStandard.sheet_id == sheet_id, col(SheetStandard.removed_at).is_(None))
        .order_by(col(SheetStandard.added_at), col(SheetStandard.id))
    ).all()
    today = today_of(work)
    return tuple(
        UsedStandard(
            row.id,
            StandardId(row.standard_id),
            row.code,
            str(row.frozen.get("name", "")),
            row.due_on,
            str(row.frozen.get("certificate_number", "")),
            str(row.frozen.get("provider", "")),
            str(row.frozen.get("traceability", "")),
            (row.due_on - today).days <= DUE_SOON_DAYS,
            row.exception_reason,
        )
        for row in rows
    )


@within_deed
def standard_facts(work: UnitOfWork, sheet: Sheet) -> tuple[StandardFacts, ...]:
    """Return what guard G13 looks at: each standard on the days on which it was used."""
    last = work.exec(
        select(Observation.at)
        .where(Observation.sheet_id == sheet.id)
        .order_by(col(Observation.at).desc())
        .limit(1)
    ).first()
    rows = work.exec(
        select(SheetStandard, ReferenceStandard.status)
        .join(ReferenceStandard, col(ReferenceStandard.id) == SheetStandard.standard_id)
        .where(SheetStandard.sheet_id == sheet.id, col(SheetStandard.removed_at).is_(None))
        .order_by(col(SheetStandard.code))
    ).all()
    used_on = last.date() if last else today_of(work)
    points = wanted_points(work, sheet)
    return tuple(
        StandardFacts(
            row.code,
            expired_on=row.due_on if row.due_on < used_on else None,
            in_range=_covers(Reference.from_json(row.frozen), points),
            quarantined=status is StandardStatus.QUARANTINED,
            exception_signed=bool(row.exception_reason),
        )
        for row, status in rows
    )


@within_deed
def wanted_points(work: UnitOfWork, sheet: Sheet) -> tuple[ScopePoint, ...]:
    """Return the values that a sheet's standards have to realize."""
    return scope_points([PlannedPoint.from_json(row.plan) for row in points_of(work, sheet.id)])


def _covers(reference: Reference, points: tuple[ScopePoint, ...]) -> bool:
    # A transmitter's loop ammeter realizes no point, and yet it is needed.
    return any(reference.has(point.function) for point in points) or bool(reference.points)


def _recompute(work: UnitOfWork, sheet: Sheet) -> None:
    work.session.flush()
    news = recompute_all(work, sheet)
    if news:
        work.publish(topic_of(work, sheet.id), {"kind": "cells", "news": news})
    announce_sheet(work, sheet)
