"""Whether a promised day can be kept: days left, people at work, standards valid until then."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlmodel import select

from calibra_app.core.access import Permission, permitted
from calibra_app.core.errors import CalibraError, NotFound
from calibra_app.core.ids import LineId, SrfId
from calibra_app.models.equipment import Instrument
from calibra_app.models.person import Deed
from calibra_app.models.srf import Srf, SrfLine
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.services.equipment.fitness import usable_standards
from calibra_app.services.laboratory import today_of
from calibra_app.services.people.competence import absent_on, competent_people
from calibra_app.services.scope import effective_procedure
from calibra_app.services.srf.evidence import points_of
from calibra_app.services.srf.moves import lines_of
from calibra_app.services.srf.register import visible
from calibra_app.services.srf.states import ENDED

# After today: one day at the bench, one for review and signature.
LEAST_WORKING_DAYS = 2
# Who is away is looked up for the nearest working days; nobody is away for ever.
MOST_DAYS = 15
FARTHEST_DAYS = 730
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Outlook:
    """What speaks for a promised day, and what against it.

    Attributes:
        against: Reasons why the day may not be kept, as sentences; empty where nothing is known.
        people: Who may do the work and is there before that day.
        standards: The reference standards that are valid until that day.
    """

    against: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    standards: tuple[str, ...] = ()


@permitted(Permission.SRF_SEE, reading=True)
def outlooks(work: UnitOfWork, srf_id: SrfId) -> Mapping[LineId, Outlook]:
    """Return for each promised line of a request what speaks for its day and against it.

    It refuses nothing: who promises may know more than the system.

    Raises:
        NotFound: There is no request that the actor may see.
    """
    if work.exec(visible(work, select(Srf).where(Srf.id == srf_id))).first() is None:
        raise NotFound("There is no such request.")
    today = today_of(work)
    promised = {
        line.id: (line, line.promised_on)
        for line in lines_of(work, srf_id)
        if line.promised_on is not None and line.state not in ENDED and line.provider_id is None
    }
    last = max((day for _, day in promised.values()), default=today)
    away = {day: absent_on(work, day) for day in (today, *working_days(today, last))[:MOST_DAYS]}
    return {
        LineId(key): _outlook(work, line, day, today, away) for key, (line, day) in promised.items()
    }


def working_days(after: date, until: date) -> tuple[date, ...]:
    """Return Mondays to Fridays after one day up to another, two years ahead at most."""
    # A slip of the year must not cost a walk through centuries.
    span = min((until - after).days, FARTHEST_DAYS)
    days = (after + timedelta(days=step) for step in range(1, span + 1))
    return tuple(day for day in days if day.weekday() < _SATURDAY)


def _outlook(
    work: UnitOfWork,
    line: SrfLine,
    promised: date,
    today: date,
    away: Mapping[date, frozenset[UUID]],
) -> Outlook:
    try:
        procedure = effective_procedure(work, line.procedure_code)
    except CalibraError as missing:
        return Outlook((missing.message,))
    days = working_days(today, promised)
    discipline = work.peek(Instrument, line.instrument_id).discipline or procedure.discipline
    found = competent_people(work, Deed.PERFORM, line.procedure_code, discipline, promised)
    absences = [absent for day, absent in away.items() if day <= promised]
    people = tuple(
        person.name
        for person in found
        if not absences or any(person.id not in absent for absent in absences)
    )
    points = points_of(line, procedure)
    valid = usable_standards(work, promised, line.procedure_code, points) if points else ()
    against: list[str] = []
    if promised.weekday() >= _SATURDAY:
        against.append(f"{promised:%A} is no working day.")
    if len(days) < LEAST_WORKING_DAYS:
        against.append(
            f"Too early: bench, review and signature take {LEAST_WORKING_DAYS} working days"
            f" after today."
        )
    if not people:
        against.append(f"Nobody authorized for {line.procedure_code} is at work until then.")
    if points and not valid:
        against.append(f"No standard for {line.procedure_code} is valid on {_told(promised)}.")
    return Outlook(tuple(against), people, tuple(each.code for each in valid))


def _told(day: date) -> str:
    return f"{day.day} {day:%b}"
