"""Technical review of a sheet: remarks on cells, cells returned (T35), review accepted (T37)."""

import hashlib
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, select

from calibra_app.core.access import Permission, permitted, within_deed
from calibra_app.core.entry import filled
from calibra_app.core.errors import Conflict, Invalid
from calibra_app.core.ids import LineId
from calibra_app.models.calibration import Observation, Phase, Remark, Sheet, SheetState
from calibra_app.models.equipment import Instrument
from calibra_app.models.person import Deed
from calibra_app.models.srf import ProviderResult, Srf, SrfLine
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.services.calibrations.sheets import announce_sheet, find_point, sheet_of_line
from calibra_app.services.laboratory import today_of
from calibra_app.services.people.competence import is_competent
from calibra_app.services.srf.companions import SHEET, advance
from calibra_app.services.srf.facts import Facts, OpenItems, ReviewerFacts
from calibra_app.services.srf.moves import Move, announce, move_line, take_line
from calibra_app.services.srf.states import LineState


@dataclass(frozen=True, slots=True)
class CellFlag:
    """A cell that the reviewer asks about; an empty key speaks of the whole sheet."""

    key: str
    phase: Phase | None
    repeat: int | None
    text: str


@permitted(Permission.SHEET_REVIEW)
def flag_cell(work: UnitOfWork, line_id: LineId, flag: CellFlag) -> UUID:
    """Put a remark on a cell of a sheet in review; it stays open until it is closed.

    Raises:
        Conflict: The line is not in review, or the cell has an open remark already.
        Invalid: The remark says nothing.
    """
    sheet = _sheet_in_review(work, line_id)
    text = filled(flag.text, "text", "what you ask", most=500)
    point_id = find_point(work, sheet.id, flag.key).id if flag.key else None
    for each in open_remarks(work, sheet.id):
        if (each.point_id, each.phase, each.repeat) == (point_id, flag.phase, flag.repeat):
            raise Conflict("This cell has an open remark. Close it, or take it back.")
    row = Remark(
        sheet_id=sheet.id,
        point_id=point_id,
        phase=flag.phase,
        repeat=flag.repeat,
        text=text,
        by=work.actor.person_id,
        at=work.now,
    )
    work.add(row)
    announce_sheet(work, sheet)
    return row.id


@permitted(Permission.SHEET_REVIEW)
def close_remark(work: UnitOfWork, remark_id: UUID) -> None:
    """Close a remark: it was answered, or is taken back.

    Raises:
        Conflict: It is closed already, or the cell is still with the performer.
    """
    row = work.get(Remark, remark_id)
    sheet = work.peek(Sheet, row.sheet_id)
    _sheet_in_review(work, LineId(sheet.line_id))
    if row.closed_at is not None:
        raise Conflict("This remark is closed already.")
    row.closed_at = work.now
    work.add(row)
    announce_sheet(work, sheet)


@permitted(Permission.SHEET_REVIEW)
def return_cells(work: UnitOfWork, line_id: LineId, seen: int, reason: str) -> int:
    """Return the cells with open remarks to the performer (T35); only these open again.

    Returns:
        How many remarks went back.

    Raises:
        GuardFailed: The reviewer took part in the work or is not authorized (G19), or the reason
            is too short (G30).
        Invalid: No cell is flagged.
    """
    line = take_line(work, line_id)
    sheet = sheet_of_line(work, line.id)
    remarks = list(open_remarks(work, sheet.id)) if sheet else []
    if sheet is None or not remarks:
        raise Invalid("Flag at least one cell, then return it.", field="reason")
    move_line(work, line, Move("T35", seen, reason), Facts(reviewer=reviewer_facts(work, line)))
    for row in remarks:
        row.returned, row.answered_at, row.answer = True, None, ""
        work.add(row)
    _set_sheet(work, sheet, SheetState.RETURNED)
    return len(remarks)


@permitted(Permission.SHEET_REVIEW)
def accept_review(work: UnitOfWork, line_id: LineId, seen: int, password: str) -> None:
    """Accept what was measured (T37), signed with the meaning "reviewed".

    Raises:
        GuardFailed: The reviewer took part in the work or is not authorized (G19), or a remark or
            hold is open (G20).
        Invalid: The password is wrong (field `password`).
        Stale: Somebody changed the line meanwhile.
    """
    if not password:
        raise Invalid("Type your password to sign.", field="password")
    line = take_line(work, line_id)
    sheet = sheet_of_line(work, line.id)
    facts = Facts(reviewer=reviewer_facts(work, line), open_items=items_open(work, line, sheet))
    signed = sheet.content_sha256 if sheet else ""
    content = signed or hashlib.sha256(f"{line.id}:{line.version}".encode()).hexdigest()
    move_line(work, line, Move("T37", seen, password=password, signed_content=content), facts)
    if sheet is not None:
        _set_sheet(work, sheet, SheetState.ACCEPTED)


@within_deed
def reviewer_facts(work: UnitOfWork, line: SrfLine) -> ReviewerFacts:
    """Return what guard G19 looks at for the actor and a line."""
    discipline = work.peek(Instrument, line.instrument_id).discipline
    me = work.actor.person_id
    return ReviewerFacts(
        performed=me in performers_of(work, line.id),
        authorized=is_competent(
            work, me, Deed.REVIEW, line.procedure_code, discipline, on=today_of(work)
        ),
        discipline=discipline,
    )


@within_deed
def performers_of(work: UnitOfWork, line_id: UUID) -> frozenset[UUID]:
    """Return everybody who did the work of a line: who signs for it, who read an indication."""
    found: set[UUID] = set()
    sheet = sheet_of_line(work, line_id)
    if sheet is not None:
        found.add(sheet.performer_id)
        found.update(
            work.exec(
                select(Observation.by).where(Observation.sheet_id == sheet.id).distinct()
            ).all()
        )
    taken = work.exec(select(ProviderResult).where(ProviderResult.line_id == line_id)).first()
    if taken is not None:
        found.add(taken.entered_by)
    return frozenset(found)


@within_deed
def open_remarks(work: UnitOfWork, sheet_id: UUID) -> list[Remark]:
    """Return the remarks of a sheet that are not closed, oldest first."""
    return list(
        work.exec(
            select(Remark)
            .where(Remark.sheet_id == sheet_id, col(Remark.closed_at).is_(None))
            .order_by(col(Remark.at), col(Remark.id))
        ).all()
    )


@within_deed
def items_open(work: UnitOfWork, line: SrfLine, sheet: Sheet | None) -> OpenItems:
    """Return what guard G20 looks at: open remarks, and a hold."""
    remarks = len(open_remarks(work, sheet.id)) if sheet else 0
    return OpenItems(remarks=remarks, holds=int(line.hold_kind is not None))


def _sheet_in_review(work: UnitOfWork, line_id: LineId) -> Sheet:
    line = take_line(work, line_id)
    sheet = sheet_of_line(work, line_id)
    if line.state is not LineState.QC or line.reviewed or sheet is None:
        raise Conflict("This line is not in review; nothing can be remarked on it now.")
    announce(work, work.peek(Srf, line.srf_id), (line,))
    return sheet


def _set_sheet(work: UnitOfWork, sheet: Sheet, state: SheetState) -> None:
    row = work.get(Sheet, sheet.id)
    row.state = advance(SHEET, row.state, state)
    row.accepted_at = work.now if state is SheetState.ACCEPTED else None
    work.add(row)
    announce_sheet(work, row)
