"""Departures from the method that somebody answers for: an expired standard, a room out of limits.

Each is decided with a reason and a signature, on record before the sheet is submitted, and stated
on the sheet and on its certificate (ISO/IEC 17025, 7.2.1.7 and 7.8.2.1 n).
"""

import hashlib

from sqlmodel import col, select

from calibra_app.core.access import Permission, permitted, within_deed
from calibra_app.core.errors import Conflict, Invalid
from calibra_app.core.ids import SheetId, StandardId
from calibra_app.models.calibration import Sheet, SheetStandard
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.services.calibrations.conditions import (
    CONDITIONS_ACCEPTED,
    accepted_conditions,
    digest_of,
    readings_outside,
)
from calibra_app.services.calibrations.pinned import Pinned
from calibra_app.services.calibrations.sheets import SheetClosed, announce_sheet, closed_because
from calibra_app.services.calibrations.standards import put_on_sheet, wanted_points
from calibra_app.services.equipment import StandardNotFit, find_standard_by_code
from calibra_app.services.equipment.fitness import standard_refusal
from calibra_app.services.laboratory import today_of
from calibra_app.services.signatures import sign
from calibra_app.services.srf.facts import Facts, Reason
from calibra_app.services.srf.guards import check, refuse

EXCEPTION = "exception granted"


@permitted(Permission.STANDARD_EXCEPTION_USE)
def except_standard(
    work: UnitOfWork, sheet_id: SheetId, code: str, reason: str, password: str
) -> StandardId:
    """Put a standard on a sheet though its calibration has expired, with a reason and a signature.

    Raises:
        Conflict: It needs no exception, or it is on the sheet already.
        GuardFailed: The reason is too short (G30).
        Invalid: The password is wrong.
        NotFound: There is no standard with this code.
        StandardNotFit: What stands against it is none that an exception can set aside.
    """
    sheet = _take(work, sheet_id, password)
    refuse(check(("G30",), Facts(reason=Reason(reason))))
    standard_id = find_standard_by_code(work, code)
    procedure, points = (
        Pinned.from_json(sheet.parameters).procedure_code,
        wanted_points(work, sheet),
    )
    refusal = standard_refusal(work, standard_id, today_of(work), procedure, points)
    if refusal is None:
        raise Conflict(f"{code.strip()} may be used as it is; take it from the list.")
    if not refusal.excusable:
        raise StandardNotFit(refusal)
    put_on_sheet(work, sheet, standard_id, exception=reason.strip())
    statement = f"{refusal.code} ({refusal.reason}) is used under exception: {reason.strip()}"
    digest = hashlib.sha256(statement.encode()).hexdigest()
    _sign(work, sheet, password, EXCEPTION, statement, digest)
    return standard_id


@permitted(Permission.DEVIATION_ADD)
def accept_conditions(work: UnitOfWork, sheet_id: SheetId, reason: str, password: str) -> None:
    """Accept readings of the room outside its limits, with a reason and a signature (G14).

    Raises:
        Conflict: No reading lies outside.
        GuardFailed: The reason is too short (G30).
        Invalid: The password is wrong.
    """
    sheet = _take(work, sheet_id, password)
    refuse(check(("G30",), Facts(reason=Reason(reason))))
    outside = readings_outside(work, sheet)
    if not outside:
        raise Conflict("Every reading of the room lies within its limits.")
    told = "; ".join(
        f"{row.quantity} {row.value} {row.unit} instead of {row.limits}" for row in outside
    )
    statement = f"Conditions outside the limits ({told}): {reason.strip()}"
    _sign(work, sheet, password, CONDITIONS_ACCEPTED, statement, digest_of(outside))
    announce_sheet(work, sheet)


@within_deed
def departures_of(work: UnitOfWork, sheet: Sheet) -> tuple[str, ...]:
    """Return what a sheet departs from, a sentence each, as its papers state it."""
    rows = work.exec(
        select(SheetStandard)
        .where(
            SheetStandard.sheet_id == sheet.id,
            col(SheetStandard.removed_at).is_(None),
            SheetStandard.exception_reason != "",
        )
        .order_by(col(SheetStandard.code))
    ).all()
    used = tuple(
        f"{row.code}, due on {row.due_on.isoformat()}, was used under exception:"
        f" {row.exception_reason.rstrip('.')}."
        for row in rows
    )
    accepted = accepted_conditions(work, sheet)
    return (*used, f"{accepted.rstrip('.')}.") if accepted else used


@within_deed
def stated_departures(work: UnitOfWork, sheet: Sheet) -> str:
    """Return the departures as one text; "None." where there are none."""
    return " ".join(departures_of(work, sheet)) or "None."


def _take(work: UnitOfWork, sheet_id: SheetId, password: str) -> Sheet:
    """Return the sheet, locked; who decides need not be authorized to measure on it."""
    if not password:
        raise Invalid("Type your password to sign.", field="password")
    sheet = work.get(Sheet, sheet_id)
    why = closed_because(work, sheet)
    if why:
        raise SheetClosed(why)
    return sheet


def _sign(  # noqa: PLR0917 - the parts of a signature
    work: UnitOfWork, sheet: Sheet, password: str, meaning: str, statement: str, digest: str
) -> None:
    sign(
        work,
        password,
        meaning=meaning,
        subject_kind="sheet",
        subject_id=sheet.id,
        content_sha256=digest,
        statement=statement,
    )
