"""Days on which somebody is not at work."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import col, select

from calibra_app.core.access import Permission, permitted
from calibra_app.core.entry import in_order, limited
from calibra_app.core.errors import Conflict
from calibra_app.core.ids import PersonId
from calibra_app.models.person import Absence, Person
from calibra_app.persistence.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class AbsenceRecord:
    """One stretch of days."""

    id: UUID
    person_id: PersonId
    person_name: str
    starts_on: date
    ends_on: date
    reason: str


@permitted(Permission.LINE_ASSIGN, Permission.PERSON_MANAGE)
def record_absence(
    work: UnitOfWork, person_id: UUID, starts_on: date, ends_on: date, reason: str = ""
) -> UUID:
    """Record that a person is not at work from one day to another, both included.

    Raises:
        Conflict: An absence on record overlaps.
    """
    person = work.peek(Person, person_id)
    in_order(starts_on, ends_on, "ends_on")
    overlapping = work.exec(
        select(Absence.id)
        .where(
            Absence.person_id == person_id,
            Absence.starts_on <= ends_on,
            Absence.ends_on >= starts_on,
        )
        .limit(1)
    ).first()
    if overlapping is not None:
        raise Conflict(f"An absence of {person.name} overlaps these days.", field="starts_on")
    row = Absence(
        person_id=person_id,
        starts_on=starts_on,
        ends_on=ends_on,
        reason=limited(reason, "reason"),
    )
    work.add(row)
    return row.id


@permitted(Permission.LABORATORY_SEE, reading=True)
def list_absences(
    work: UnitOfWork, from_day: date, to_day: date, *, person_id: UUID | None = None
) -> tuple[AbsenceRecord, ...]:
    """List absences that touch a stretch of days, in the order in which they begin."""
    query = (
        select(Absence, Person.name)
        .join(Person, col(Person.id) == Absence.person_id)
        .where(Absence.starts_on <= to_day, Absence.ends_on >= from_day)
    )
    if person_id is not None:
        query = query.where(Absence.person_id == person_id)
    found = work.exec(query.order_by(col(Absence.starts_on), col(Person.name))).all()
    return tuple(
        AbsenceRecord(row.id, PersonId(row.person_id), name, row.starts_on, row.ends_on, row.reason)
        for row, name in found
    )
