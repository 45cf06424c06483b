"""Handing a sheet over to review: the guards' last look, the performer's signature, the paper.

T32 the first time, T36 after cells were returned. What is signed is the digest of everything that
stands on the sheet at that moment.
"""

import hashlib
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from calibra_app.core.access import Permission, permitted, within_deed
from calibra_app.core.errors import Conflict
from calibra_app.core.ids import SheetId
from calibra_app.models.calibration import (
    Condition,
    Observation,
    PointResult,
    Remark,
    Sheet,
    SheetPoint,
    SheetState,
)
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.rendering.content import canonical_json
from calibra_app.services.calibrations.paper import print_sheet
from calibra_app.services.calibrations.prereview import findings_of, submission_facts
from calibra_app.services.calibrations.sheets import (
    announce_sheet,
    require_writing,
    returned_remarks,
)
from calibra_app.services.calibrations.standards import used_standards
from calibra_app.services.srf.guards import refuse
from calibra_app.services.srf.moves import Move, move_line, take_line
from calibra_app.services.srf.states import LineState


@permitted(Permission.SHEET_SIGN)
def submit_sheet(
    work: UnitOfWork, sheet_id: SheetId, seen: int | None = None, password: str = ""
) -> str:
    """Sign a sheet as performed and hand it over to review; return the digest that was signed.

    Args:
        work: The transaction.
        sheet_id: The sheet.
        seen: The version of the line that the actor saw.
        password: For the signature.

    Raises:
        GuardFailed: A standard, the conditions, points or their uncertainty stand in the way.
        Invalid: The password is wrong (field `password`).
        Forbidden: The sheet is assigned to somebody else.
    """
    line = take_line(work, work.peek(Sheet, sheet_id).line_id)
    sheet = work.get(Sheet, sheet_id)
    require_writing(work, sheet)
    refuse(finding.refusal for finding in findings_of(work, sheet))
    digest = content_digest(work, sheet)
    number = "T36" if line.state is LineState.REWORK else "T32"
    facts = submission_facts(work, sheet, signed=bool(password))
    move = Move(number, seen, password=password, signed_content=digest)
    moved = move_line(work, line, move, facts)
    _answer_remarks(work, sheet)
    sheet.state, sheet.submitted_at, sheet.content_sha256 = SheetState.SUBMITTED, work.now, digest
    work.add(sheet)
    print_sheet(work, sheet, line, moved.signed)
    announce_sheet(work, sheet)
    return digest


@within_deed
def content_digest(work: UnitOfWork, sheet: Sheet) -> str:
    """Return the digest of what stands on a sheet: indications, results, conditions, standards."""
    content: dict[str, Any] = {
        "sheet": str(sheet.id),
        "parameters": sheet.parameters,
        "adjustment": sheet.adjustment,
        "no_adjustment": sheet.no_adjustment,
        "as_found_missing_reason": sheet.as_found_missing_reason,
        "indications": _indications(work, sheet.id),
        "results": _results(work, sheet.id),
        "conditions": [
            [row.quantity, str(row.value), row.unit, row.source, row.at.isoformat()]
            for row in work.exec(
                select(Condition)
                .where(Condition.sheet_id == sheet.id)
                .order_by(col(Condition.at), col(Condition.id))
            ).all()
        ],
        "standards": [
            [each.code, each.certificate_number, each.due_on.isoformat()]
            for each in used_standards(work, sheet.id)
        ],
    }
    return hashlib.sha256(canonical_json(content)).hexdigest()


def _indications(work: UnitOfWork, sheet_id: UUID) -> list[list[object]]:
    rows = work.exec(
        select(Observation, SheetPoint.key)
        .join(SheetPoint, col(SheetPoint.id) == Observation.point_id)
        .where(Observation.sheet_id == sheet_id)
        .order_by(col(SheetPoint.position), col(Observation.phase), col(Observation.repeat))
    ).all()
    return [
        [key, row.phase.value, row.repeat, row.raw, row.version, str(row.by), row.at.isoformat()]
        for row, key in rows
    ]


def _results(work: UnitOfWork, sheet_id: UUID) -> list[list[object]]:
    rows = work.exec(
        select(PointResult, SheetPoint.key)
        .join(SheetPoint, col(SheetPoint.id) == PointResult.point_id)
        .where(PointResult.sheet_id == sheet_id)
        .order_by(col(SheetPoint.position), col(PointResult.phase))
    ).all()
    return [[key, row.phase.value, row.result] for row, key in rows]


def _answer_remarks(work: UnitOfWork, sheet: Sheet) -> None:
    for remark in returned_remarks(work, sheet.id):
        remark.answered_at = work.now
        remark.answer = remark.answer or "Read again."
        work.add(remark)


@permitted(Permission.SHEET_SIGN)
def answer_remark(work: UnitOfWork, remark_id: UUID, answer: str) -> None:
    """Answer a returned cell in words, where it was right as it stood.

    Raises:
        Conflict: It was answered already.
    """
    remark = work.get(Remark, remark_id)
    sheet = work.get(Sheet, remark.sheet_id)
    require_writing(work, sheet)
    if remark.answered_at is not None:
        raise Conflict("This remark was answered already.")
    remark.answer = answer.strip()
    work.add(remark)
    announce_sheet(work, sheet)
