"""Who does what and when: assigning, taking, holding and resuming a line (T21, T22, T25, T26)."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import col, select

from calibra_app.core.access import Grant, Permission, permitted, within_deed
from calibra_app.core.errors import Conflict, Forbidden, Invalid
from calibra_app.core.ids import LineId
from calibra_app.models.equipment import Instrument
from calibra_app.models.person import Deed, Person
from calibra_app.models.srf import HoldKind, SrfLine
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.services.laboratory import today_of
from calibra_app.services.people.competence import absent_on, competent_people, is_competent
from calibra_app.services.srf.facts import AssignmentFacts, EnvironmentFacts, Facts, StandardFacts
from calibra_app.services.srf.lookups import versions_in_force
from calibra_app.services.srf.moves import Move, Moved, move_line, take_line
from calibra_app.services.srf.states import ENDED, LineState


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who is to do a line, when and where."""

    person_id: UUID
    planned_on: date
    room_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may do a line, with what speaks for and against."""

    person_id: UUID
    name: str
    initials: str
    absent: bool
    open_lines: int


@permitted(Permission.LINE_ASSIGN)
def assign_line(work: UnitOfWork, line_id: LineId, seen: int, assignment: Assignment) -> Moved:
    """Give a line to a person and a day (T21), or to another one (T22).

    Raises:
        GuardFailed: The person has no valid authorization (G11), or the procedure has no version
            in force (G12).
        Forbidden: The actor assigns within the own team only.
    """
    line = take_line(work, line_id)
    _require_team(work, assignment.person_id)
    if assignment.planned_on < today_of(work):
        raise Invalid("The day has passed already.", field="planned_on")
    facts = Facts(
        assignment=assignment_facts(work, line, assignment.person_id, assignment.planned_on),
        unapproved=unapproved(work, line),
    )
    number = "T22" if line.state is LineState.ASSIGNED else "T21"
    line.assignee_id = assignment.person_id
    line.planned_on = assignment.planned_on
    line.room_id = assignment.room_id
    return move_line(work, line, Move(number, seen, to=LineState.ASSIGNED), facts)


@permitted(Permission.LINE_ASSIGN)
def unassign_line(work: UnitOfWork, line_id: LineId, seen: int) -> Moved:
    """Take a line back into the queue (T22)."""
    line = take_line(work, line_id)
    facts = Facts(assignment=AssignmentFacts(line.procedure_code, authorized=True))
    moved = move_line(work, line, Move("T22", seen, to=LineState.RECEIVED), facts)
    line.assignee_id, line.planned_on = None, None
    return moved


@permitted(Permission.LINE_TAKE)
def take_from_queue(work: UnitOfWork, line_id: LineId, seen: int) -> None:
    """Take an unassigned line oneself; of two who try at once, one gets it.

    Raises:
        Conflict: Somebody else has it already.
        GuardFailed: The actor has no valid authorization (G11).
    """
    line = take_line(work, line_id)
    if line.state is not LineState.RECEIVED or line.assignee_id is not None:
        raise Conflict("Somebody else has taken this line.")
    person_id = work.actor.person_id
    today = today_of(work)
    facts = Facts(
        assignment=assignment_facts(work, line, person_id, today), unapproved=unapproved(work, line)
    )
    line.assignee_id, line.planned_on = person_id, today
    # Taking is a right of its own (C2-17); the state follows as if a dispatcher had assigned it.
    move_line(work, line, Move("T21", seen, by_right=Permission.LINE_TAKE), facts)


@permitted(Permission.LINE_ASSIGN, Permission.SRF_SEE, reading=True)
def candidates(work: UnitOfWork, line_id: LineId, on: date) -> tuple[Candidate, ...]:
    """List who may do a line on a day, with how much each has open already."""
    line = work.peek(SrfLine, line_id)
    discipline = work.peek(Instrument, line.instrument_id).discipline
    found = competent_people(work, Deed.PERFORM, line.procedure_code, discipline, on)
    busy = _open_lines(work, [person.id for person in found])
    return tuple(
        Candidate(person.id, person.name, person.initials, person.absent, busy.get(person.id, 0))
        for person in found
    )


@permitted(Permission.TECHNICAL_HOLD_PLACE, Permission.PLANNING_HOLD_MANAGE)
def hold_line(work: UnitOfWork, line_id: LineId, seen: int, kind: HoldKind, reason: str) -> Moved:
    """Put a line on hold (T25); the kind decides who may release it."""
    line = take_line(work, line_id)
    return move_line(work, line, Move("T25", seen, reason, hold=kind))


@permitted(
    Permission.TECHNICAL_HOLD_PLACE,
    Permission.PLANNING_HOLD_MANAGE,
    Permission.QUALITY_HOLD_RELEASE,
)
def resume_line(work: UnitOfWork, line_id: LineId, seen: int, password: str = "") -> Moved:
    """Release a hold (T26); one for environment or nonconformity by the quality manager's hand."""
    line = take_line(work, line_id)
    facts = Facts(
        standards=tuple[StandardFacts, ...](),
        environment=EnvironmentFacts("The room", within_limits=True),
    )
    if line.hold_kind is HoldKind.NONCONFORMITY and line.hold_by == work.actor.person_id:
        worked = line.assignee_id == work.actor.person_id
        if worked:
            raise Forbidden("You placed this hold on your own work; somebody else releases it.")
    return move_line(work, line, Move("T26", seen, password=password), facts)


@within_deed
def assignment_facts(work: UnitOfWork, line: SrfLine, person_id: UUID, on: date) -> AssignmentFacts:
    """Return what guard G11 looks at for a person, a line and a day."""
    discipline = work.peek(Instrument, line.instrument_id).discipline
    return AssignmentFacts(
        procedure=line.procedure_code,
        authorized=is_competent(
            work, person_id, Deed.PERFORM, line.procedure_code, discipline, on=on
        ),
        absent=person_id in absent_on(work, on),
    )


@within_deed
def unapproved(work: UnitOfWork, line: SrfLine) -> tuple[str, ...]:
    """Return what guard G12 looks at: the procedure, where no version of it is in force."""
    known = line.procedure_code in versions_in_force(work)
    return () if known else (f"Procedure {line.procedure_code}",)


def _require_team(work: UnitOfWork, person_id: UUID) -> None:
    actor = work.actor
    if Grant.ALLOWED in actor.grants(Permission.LINE_ASSIGN):
        return
    mine = work.peek(Person, actor.person_id)
    theirs = work.peek(Person, person_id)
    if person_id != actor.person_id and (not mine.team or mine.team != theirs.team):
        raise Forbidden(f"{theirs.name} is not of your team; the dispatcher assigns this line.")


def _open_lines(work: UnitOfWork, people: list[UUID]) -> dict[UUID, int]:
    rows = work.exec(
        select(SrfLine.assignee_id).where(
            col(SrfLine.assignee_id).in_(people),
            col(SrfLine.state).not_in([*ENDED, LineState.APPROVED, LineState.RELEASED]),
        )
    ).all()
    counts: dict[UUID, int] = {}
    for person_id in rows:
        counts[person_id] = counts.get(person_id, 0) + 1
    return counts
