"""One observation sheet: who may see it, who may write on it, and who hears of it.

A sheet belongs to the laboratory's bench: its performer may write on it, and so may a colleague who
is competent to perform the procedure, for two pairs of hands often share an item (flow A7). Each
indication carries the name of who typed it; who signs is the performer alone.
"""

from collections.abc import Sequence
from typing import ClassVar
from uuid import UUID

from sqlmodel import col, select

from calibra_app.core.access import Permission, permitted, within_deed
from calibra_app.core.errors import Conflict, Forbidden, NotFound
from calibra_app.core.ids import SheetId
from calibra_app.models.calibration import Phase, Remark, Sheet, SheetPoint, SheetState
from calibra_app.models.person import Deed
from calibra_app.models.srf import SrfLine
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.services.calibrations.pinned import Pinned
from calibra_app.services.laboratory import today_of
from calibra_app.services.people import is_competent
from calibra_app.services.srf.states import LineState

WRITABLE = frozenset({LineState.IN_PROGRESS, LineState.REWORK})


class SheetClosed(Conflict):
    """Nothing may be written on the sheet now."""

    code: ClassVar[str] = "sheet_closed"


@permitted(Permission.SHEET_SEE, reading=True)
def sheet_topic(work: UnitOfWork, sheet_id: SheetId) -> str:
    """Return the topic of a sheet for whoever may see it; a page joins it before it reads.

    Raises:
        Forbidden: It is somebody else's work.
    """
    require_seeing(work, work.peek(Sheet, sheet_id))
    return topic_of(work, sheet_id)


@within_deed
def topic_of(work: UnitOfWork, sheet_id: UUID) -> str:
    """Return the topic on which a sheet's indications and results are published.

    What changes besides them (standards, conditions, states) is told on the same with "/about".
    """
    return f"t:{work.actor.tenant_id}:sheet:{sheet_id}"


@within_deed
def announce_sheet(work: UnitOfWork, sheet: Sheet) -> None:
    """Tell the open pages of a sheet to read its head anew."""
    patch = {"id": str(sheet.id), "version": sheet.version}
    work.publish(f"{topic_of(work, sheet.id)}/about", patch)


@within_deed
def row_of(phase: Phase, key: str) -> str:
    """Return the name of a point's row in one series, as grids and patches call it."""
    return f"{phase}-{key}"


@within_deed
def require_seeing(work: UnitOfWork, sheet: Sheet) -> None:
    """Refuse to show a sheet to somebody who sees own work only, unless it is within reach."""
    if not work.actor.only_own(Permission.SHEET_SEE, reading=True):
        return
    if work.actor.customer_id is not None:
        raise Forbidden("Observation sheets are shown on request. Ask the laboratory.")
    line = work.peek(SrfLine, sheet.line_id)
    mine = work.actor.person_id in {sheet.performer_id, line.assignee_id}
    if not mine and not _competent(work, sheet):
        raise Forbidden("This sheet is another technician's work, in a field that is not yours.")


@within_deed
def take_sheet(work: UnitOfWork, sheet_id: UUID) -> Sheet:
    """Return a sheet, locked, for somebody who may write on it now.

    Whoever writes waits here for the one before, so that each result is computed from all the
    indications there are.

    Raises:
        NotFound: There is no such sheet.
        Forbidden: The actor is neither its performer nor competent to perform the procedure.
        SheetClosed: The line is not being worked on.
    """
    sheet = work.get(Sheet, sheet_id)
    require_writing(work, sheet)
    return sheet


@within_deed
def require_writing(work: UnitOfWork, sheet: Sheet) -> None:
    """Refuse to write on a sheet; see `take_sheet`."""
    if not _competent(work, sheet):
        code = Pinned.from_json(sheet.parameters).procedure_code
        raise Forbidden(
            f"No valid authorization {code}: only its performer, or a colleague competent for it,"
            " may write on this sheet."
        )
    why = closed_because(work, sheet)
    if why:
        raise SheetClosed(why)


@within_deed
def closed_because(work: UnitOfWork, sheet: Sheet) -> str:
    """Return why nothing may be written on a sheet; an empty text where it may."""
    line = work.peek(SrfLine, sheet.line_id)
    if line.state in WRITABLE and sheet.state in {SheetState.OPEN, SheetState.RETURNED}:
        return ""
    match line.state:
        case LineState.AWAITING_CUSTOMER:
            return "The customer's decision is awaited; nothing is measured until then."
        case LineState.ON_HOLD:
            return "This line is on hold. Release the hold, then go on."
        case LineState.AWAITING_PARTS:
            return "This line waits for parts."
        case LineState.QC:
            return "This sheet is in review. Only the reviewer opens cells of it again."
        case _:
            return f"This sheet is {sheet.state.value}; what was measured stays as it is."


@within_deed
def may_write(work: UnitOfWork, sheet: Sheet) -> str:
    """Return why the actor may not write on a sheet; an empty text where they may."""
    if not work.actor.may(Permission.INDICATION_ENTER):
        return "You may look at this sheet, not write on it."
    if not _competent(work, sheet):
        return "You are not authorized to perform this procedure."
    return closed_because(work, sheet)


def _competent(work: UnitOfWork, sheet: Sheet) -> bool:
    pinned = Pinned.from_json(sheet.parameters)
    return is_competent(
        work,
        work.actor.person_id,
        Deed.PERFORM,
        pinned.procedure_code,
        pinned.discipline,
        on=today_of(work),
    )


@within_deed
def points_of(work: UnitOfWork, sheet_id: UUID) -> Sequence[SheetPoint]:
    """Return the planned points of a sheet in their order."""
    return work.exec(
        select(SheetPoint).where(SheetPoint.sheet_id == sheet_id).order_by(col(SheetPoint.position))
    ).all()


@within_deed
def find_point(work: UnitOfWork, sheet_id: UUID, key: str) -> SheetPoint:
    """Return a point of a sheet by its key in the plan.

    Raises:
        NotFound: The sheet has no such point.
    """
    found = work.exec(
        select(SheetPoint).where(SheetPoint.sheet_id == sheet_id, SheetPoint.key == key)
    ).first()
    if found is None:
        raise NotFound("This sheet has no such point.")
    return found


@within_deed
def returned_remarks(work: UnitOfWork, sheet_id: UUID) -> Sequence[Remark]:
    """Return the remarks by which the reviewer gave cells back and that are not answered yet."""
    return work.exec(
        select(Remark).where(
            Remark.sheet_id == sheet_id,
            col(Remark.returned).is_(True),
            col(Remark.answered_at).is_(None),
        )
    ).all()


@within_deed
def is_returned(remarks: Sequence[Remark], point_id: UUID, phase: Phase, repeat: int) -> bool:
    """Say whether a cell is one of those that the reviewer gave back."""
    return any(
        remark.point_id in (None, point_id)
        and remark.phase in (None, phase)
        and remark.repeat in (None, repeat)
        for remark in remarks
    )


@within_deed
def sheet_of_line(work: UnitOfWork, line_id: UUID) -> Sheet | None:
    """Return the sheet of a line, or None where no work was begun."""
    return work.exec(
        select(Sheet).where(Sheet.line_id == line_id, Sheet.state != SheetState.VOID)
    ).first()
