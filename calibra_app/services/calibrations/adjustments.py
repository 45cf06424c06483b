"""Between as found and as left: the adjustment, its declaration, and what could not be read."""

from dataclasses import dataclass

from sqlmodel import select

from calibra_app.core.access import Permission, permitted, within_deed
from calibra_app.core.entry import filled
from calibra_app.core.errors import Conflict
from calibra_app.core.ids import SheetId
from calibra_app.models.calibration import Observation, Phase, Sheet
from calibra_app.models.srf import SrfLine
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.services.calibrations.sheets import (
    announce_sheet,
    find_point,
    take_sheet,
)
from calibra_app.services.srf.agreement import Adjustment, Agreement
from calibra_app.services.srf.decisions import ADJUSTMENT, agreed_prices


@dataclass(frozen=True, slots=True)
class AdjustmentDraft:
    """What was adjusted or repaired, and why."""

    what: str
    why: str


@permitted(Permission.INDICATION_ENTER)
def record_adjustment(work: UnitOfWork, sheet_id: SheetId, draft: AdjustmentDraft) -> None:
    """Write down that the item was adjusted: what, by whom, why; as found is closed with it.

    Raises:
        Conflict: The customer did not allow it, or as found was never read.
        Invalid: What or why is missing.
    """
    sheet = take_sheet(work, sheet_id)
    what = filled(draft.what, "what", "what was adjusted")
    why = filled(draft.why, "why", "why it was adjusted")
    line = work.peek(SrfLine, sheet.line_id)
    _require_allowed(work, line)
    if not has_indications(work, sheet, Phase.AS_FOUND) and not sheet.as_found_missing_reason:
        raise Conflict("Read as found first, or give the reason why it cannot be read.")
    sheet.adjusted, sheet.no_adjustment = True, False
    sheet.adjustment = {
        "what": what,
        "why": why,
        "by": work.actor.name,
        "by_id": str(work.actor.person_id),
        "at": work.now.isoformat(),
    }
    _keep(work, sheet)


@permitted(Permission.INDICATION_ENTER)
def declare_no_adjustment(work: UnitOfWork, sheet_id: SheetId, *, declared: bool = True) -> None:
    """Declare that nothing was adjusted, so that as left is as found; or take that back.

    Raises:
        Conflict: An adjustment is recorded already.
    """
    sheet = take_sheet(work, sheet_id)
    if sheet.adjusted:
        raise Conflict("An adjustment is recorded; it cannot be declared away.")
    sheet.no_adjustment = declared
    _keep(work, sheet)


@permitted(Permission.INDICATION_ENTER)
def explain_missing_as_found(work: UnitOfWork, sheet_id: SheetId, reason: str) -> None:
    """Give the reason why nothing was read before the adjustment."""
    sheet = take_sheet(work, sheet_id)
    sheet.as_found_missing_reason = filled(reason, "reason", "the reason")
    _keep(work, sheet)


@permitted(Permission.INDICATION_ENTER)
def omit_point(work: UnitOfWork, sheet_id: SheetId, key: str, reason: str) -> None:
    """Leave a planned point out, as the customer accepted; an empty reason takes it in again."""
    sheet = take_sheet(work, sheet_id)
    point = find_point(work, sheet_id, key)
    point.omitted_reason = filled(reason, "reason", "who accepted it, and why") if reason else ""
    work.add(point)
    announce_sheet(work, sheet)


@permitted(Permission.INDICATION_ENTER)
def tick_warm_up(work: UnitOfWork, sheet_id: SheetId, *, done: bool = True) -> None:
    """Write down that the item and the standards have warmed up."""
    sheet = take_sheet(work, sheet_id)
    sheet.warmed_up = done
    _keep(work, sheet)


@within_deed
def has_indications(work: UnitOfWork, sheet: Sheet, phase: Phase) -> bool:
    """Say whether anything was read in a series."""
    found = work.exec(
        select(Observation.repeat)
        .where(Observation.sheet_id == sheet.id, Observation.phase == phase)
        .limit(1)
    ).first()
    return found is not None


@within_deed
def adjustment_agreed(work: UnitOfWork, line: SrfLine) -> bool:
    """Say whether the item may be adjusted: agreed beforehand, or by the customer's decision."""
    if Agreement.of_line(line).adjustment is Adjustment.ALLOWED:
        return True
    return any(
        each.line_id == line.id and each.kind == ADJUSTMENT
        for each in agreed_prices(work, line.srf_id)
    )


def _require_allowed(work: UnitOfWork, line: SrfLine) -> None:
    if adjustment_agreed(work, line):
        return
    if Agreement.of_line(line).adjustment is Adjustment.NOT_WANTED:
        raise Conflict("The customer does not want this item adjusted.")
    raise Conflict("The customer has not agreed to an adjustment yet. Ask first.")


def _keep(work: UnitOfWork, sheet: Sheet) -> None:
    work.add(sheet)
    announce_sheet(work, sheet)
