"""Beginning the work on a line: the sheet with its points, pinned to what holds today (T23)."""

from decimal import Decimal
from uuid import UUID

from calibra_app.core.access import Permission, permitted
from calibra_app.core.errors import Invalid
from calibra_app.core.ids import LineId, SheetId
from calibra_app.metrology.quantity import MetrologyError
from calibra_app.models.calibration import Sheet, SheetPoint, SheetState
from calibra_app.models.equipment import Room
from calibra_app.models.srf import SrfLine
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.procedures.base import PlannedPoint
from calibra_app.procedures.registry import plan_points, procedure_of
from calibra_app.services.calibrations.pinned import ClimateLimit, Pinned
from calibra_app.services.calibrations.sheets import announce_sheet, sheet_of_line
from calibra_app.services.equipment import RoomRecord, get_room, room_for
from calibra_app.services.laboratory import today_of
from calibra_app.services.scope import EffectiveProcedure, capability_rows, effective_procedure
from calibra_app.services.srf.agreement import Agreement
from calibra_app.services.srf.companions import SHEET, advance
from calibra_app.services.srf.facts import Facts, StandardFacts
from calibra_app.services.srf.lookups import line_facts
from calibra_app.services.srf.moves import Move, move_line, take_line
from calibra_app.services.srf.planning import assignment_facts, unapproved
from calibra_app.services.srf.states import LineState


@permitted(Permission.INDICATION_ENTER)
def start_work(
    work: UnitOfWork, line_id: LineId, seen: int | None = None, room_id: UUID | None = None
) -> SheetId:
    """Begin the work on an assigned line and return its sheet; one begun before is returned.

    Args:
        work: The transaction.
        line_id: The line.
        seen: The version of the line that the actor saw.
        room_id: Where the work is done; by default the line's room, or that of the discipline.

    Raises:
        GuardFailed: The item is not received, a decision is open, the person is not authorized or
            the procedure has no version in force.
        Forbidden: The line is assigned to somebody else.
        Invalid: The procedure finds no points for what is agreed.
    """
    line = take_line(work, line_id)
    begun = sheet_of_line(work, line.id)
    if begun is not None and line.state is not LineState.ASSIGNED:
        return SheetId(begun.id)
    facts = Facts(
        lines=line_facts(work, [line]),
        assignment=assignment_facts(work, line, work.actor.person_id, today_of(work)),
        unapproved=unapproved(work, line),
        # Standards are picked on the sheet, where each one is held against G13.
        standards=tuple[StandardFacts, ...](),
    )
    move_line(work, line, Move("T23", seen), facts)
    if begun is not None and begun.state is not SheetState.LOCKED:
        return SheetId(begun.id)
    if begun is not None:
        _lay_aside(work, SheetId(begun.id))
    sheet = _make_sheet(work, line, room_id)
    announce_sheet(work, sheet)
    return SheetId(sheet.id)


def _lay_aside(work: UnitOfWork, sheet_id: SheetId) -> None:
    """Take a certified sheet out of use for a new measurement (T50); all that is on it stays."""
    old = work.get(Sheet, sheet_id)
    work.give_reason("Measured again after the request was reopened.")
    old.state = advance(SHEET, old.state, SheetState.VOID)
    work.add(old)
    # The rule of one sheet for each line looks at the rows, so the old one goes first.
    work.session.flush()
    announce_sheet(work, old)


def _make_sheet(work: UnitOfWork, line: SrfLine, room_id: UUID | None) -> Sheet:
    procedure = effective_procedure(work, line.procedure_code)
    agreement = Agreement.of_line(line)
    try:
        planned = plan_points(procedure.model_key, procedure.model_version, agreement.parameters)
    except MetrologyError as error:
        raise Invalid(f"{procedure.code} finds no points: {error}.", field="parameters") from error
    if not planned:
        raise Invalid(
            f"{procedure.code} has no points: choose the range of the instrument.",
            field="parameters",
        )
    room = _room(work, line, procedure, room_id)
    sheet = Sheet(
        line_id=line.id,
        procedure_version_id=procedure.version_id,
        performer_id=work.actor.person_id,
        room_id=room.id if room else None,
        place="" if room else "At the customer's site" if line.on_site else "",
        started_at=work.now,
        parameters=_pin(work, line, procedure, agreement, room).as_json(),
    )
    work.add(sheet)
    work.add_all([_point_row(sheet.id, at, point) for at, point in enumerate(planned, 1)])
    return sheet


def _room(
    work: UnitOfWork, line: SrfLine, procedure: EffectiveProcedure, room_id: UUID | None
) -> RoomRecord | None:
    if line.on_site and room_id is None:
        return None
    chosen = room_id or line.room_id
    if chosen is not None:
        return get_room(work, work.peek(Room, chosen).id)
    return room_for(work, procedure.discipline)


def _pin(
    work: UnitOfWork,
    line: SrfLine,
    procedure: EffectiveProcedure,
    agreement: Agreement,
    room: RoomRecord | None,
) -> Pinned:
    model = procedure_of(procedure.model_key, procedure.model_version)
    limits = [
        ClimateLimit(
            limit.quantity,
            Decimal(f"{limit.low:g}"),
            Decimal(f"{limit.high:g}"),
            limit.unit,
            procedure.code,
        )
        for limit in model.environment_limits
    ]
    if room is not None:
        limits += [
            ClimateLimit(limit.quantity, limit.low, limit.high, limit.unit, room.code)
            for limit in room.limits
        ]
    return Pinned(
        procedure_code=procedure.code,
        procedure_title=procedure.title,
        revision=procedure.revision,
        model_key=procedure.model_key,
        model_version=procedure.model_version,
        discipline=procedure.discipline,
        rule=agreement.rule,
        rule_name=line.decision_rule.value,
        budget_name=getattr(model, "budget_name", ""),
        method=model.method,
        warm_up_minutes=int(str(procedure.settings.get("warm_up_minutes", 0)) or 0),
        accredited=line.accredited,
        room=room.code if room else "",
        parameters=agreement.parameters,
        cmc=capability_rows(work, procedure.code, today_of(work)),
        limits=tuple(limits),
        design=procedure.design,
    )


def _point_row(sheet_id: UUID, position: int, point: PlannedPoint) -> SheetPoint:
    return SheetPoint(
        sheet_id=sheet_id,
        position=position,
        key=point.key,
        group=point.group,
        label=point.label,
        nominal=point.nominal,
        unit=point.unit,
        repeats=point.repeats,
        decimals=point.decimals,
        plan=point.as_json(),
    )
