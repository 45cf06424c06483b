"""Who may perform, review and authorize under which procedure (ISO/IEC 17025, 6.2.6).

Competence is the laboratory's own decision with dates and evidence, hence a record and not a role:
a role opens the door of a deed, competence says for which procedures.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import col, or_, select
from sqlmodel.sql.expression import Select

from calibra_app.core.access import Permission, permitted, within_deed
from calibra_app.core.entry import filled, in_order, limited
from calibra_app.core.errors import Conflict, Forbidden, Invalid
from calibra_app.core.ids import PersonId
from calibra_app.models.person import Absence, Competence, Deed, Person, PersonStatus
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.persistence.versions import amend


class NotCompetent(Forbidden):
    """The person has no valid competence for this procedure on that day (guard G11)."""

    code: ClassVar[str] = "not_competent"


class AbsentPerson(Conflict):
    """The person is not at work on that day (guard G11)."""

    code: ClassVar[str] = "absent_person"


@dataclass(frozen=True, slots=True)
class CompetenceDraft:
    """What is decided: who may do what, from when, shown by what."""

    person_id: UUID
    deed: Deed
    discipline: str
    valid_from: date
    valid_to: date | None = None
    procedure_code: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class CompetenceRecord:
    """One decision as it stands."""

    id: UUID
    version: int
    person_id: PersonId
    person_name: str
    deed: Deed
    discipline: str
    procedure_code: str
    valid_from: date
    valid_to: date | None
    evidence: str
    valid: bool


@dataclass(frozen=True, slots=True)
class CompetentPerson:
    """Somebody who may do the deed on that day."""

    id: PersonId
    name: str
    initials: str
    absent: bool


@permitted(Permission.COMPETENCE_RECORD)
def record_competence(work: UnitOfWork, draft: CompetenceDraft) -> UUID:
    """Record that a person may do a deed under a procedure, or under a whole discipline."""
    person = work.peek(Person, draft.person_id)
    if person.customer_id is not None:
        raise Invalid("Competence is decided for personnel, not for contacts.", field="person_id")
    if draft.person_id == work.actor.person_id:
        raise Forbidden("Nobody decides on their own competence. Ask a colleague with the right.")
    in_order(draft.valid_from, draft.valid_to, "valid_to")
    row = Competence(
        person_id=draft.person_id,
        deed=draft.deed,
        discipline=filled(draft.discipline, "discipline", "a discipline").lower(),
        procedure_code=limited(draft.procedure_code, "procedure_code"),
        valid_from=draft.valid_from,
        valid_to=draft.valid_to,
        evidence=limited(draft.evidence, "evidence", most=1000),
        granted_by=work.actor.person_id,
    )
    work.add(row)
    return row.id


@permitted(Permission.COMPETENCE_RECORD)
def end_competence(work: UnitOfWork, competence_id: UUID, seen: int, on: date) -> None:
    """Let a competence end with a day; it stays on record."""
    row = work.get(Competence, competence_id)
    in_order(row.valid_from, on, "valid_to")
    amend(work, row, seen, {"valid_to": on})


@permitted(Permission.LABORATORY_SEE, reading=True)
def list_competences(
    work: UnitOfWork, on: date, *, person_id: UUID | None = None, ended: bool = False
) -> tuple[CompetenceRecord, ...]:
    """List decisions on competence, of one person or of all.

    Args:
        work: The transaction.
        on: The day for which `valid` is judged.
        person_id: Whose; of everybody if not given.
        ended: Also those that ended before that day.
    """
    query = select(Competence, Person.name).join(Person, col(Person.id) == Competence.person_id)
    if person_id is not None:
        query = query.where(Competence.person_id == person_id)
    if not ended:
        query = query.where(_not_ended(on))
    ordered = query.order_by(
        col(Person.name), col(Competence.discipline), col(Competence.procedure_code)
    )
    return tuple(
        CompetenceRecord(
            row.id,
            row.version,
            PersonId(row.person_id),
            name,
            row.deed,
            row.discipline,
            row.procedure_code,
            row.valid_from,
            row.valid_to,
            row.evidence,
            row.valid_from <= on and (row.valid_to is None or on <= row.valid_to),
        )
        for row, name in work.exec(ordered).all()
    )


@permitted(Permission.LABORATORY_SEE, reading=True)
def competent_people(
    work: UnitOfWork,
    deed: Deed,
    procedure_code: str,
    discipline: str,
    on: date,
    *,
    exclude: Iterable[UUID] = (),
) -> tuple[CompetentPerson, ...]:
    """List who may do a deed under a procedure on a day, by name.

    Args:
        work: The transaction.
        deed: Perform, review or authorize.
        procedure_code: The procedure.
        discipline: Its discipline; a competence may hold for all of it.
        on: The day.
        exclude: People who may not, for they did another step of the same sheet.
    """
    left_out = frozenset(exclude)
    away = absent_on(work, on)
    found = work.exec(
        _valid(deed, procedure_code, discipline, on)
        .where(col(Person.status).in_((PersonStatus.ACTIVE, PersonStatus.INVITED)))
        .distinct()
        .order_by(col(Person.name), col(Person.id))
    ).all()
    return tuple(
        CompetentPerson(PersonId(person_id), name, initials, person_id in away)
        for person_id, name, initials in found
        if person_id not in left_out
    )


@within_deed
def is_competent(
    work: UnitOfWork,
    person_id: UUID,
    deed: Deed,
    procedure_code: str,
    discipline: str,
    *,
    on: date,
) -> bool:
    """Say whether a person may do a deed under a procedure on a day."""
    query = _valid(deed, procedure_code, discipline, on).where(Person.id == person_id).limit(1)
    return work.exec(query).first() is not None


@within_deed
def require_competence(
    work: UnitOfWork,
    person_id: UUID,
    deed: Deed,
    procedure_code: str,
    discipline: str,
    *,
    on: date,
) -> None:
    """Refuse a person without valid competence (guard G11); absence is `require_presence`'s.

    Raises:
        NotCompetent: With the procedure, and who may instead.
    """
    if is_competent(work, person_id, deed, procedure_code, discipline, on=on):
        return
    person = work.peek(Person, person_id)
    others = work.exec(
        _valid(deed, procedure_code, discipline, on)
        .where(Person.status == PersonStatus.ACTIVE)
        .distinct()
        .order_by(col(Person.name), col(Person.id))
        .limit(4)
    ).all()
    names = ", ".join(name for _, name, _ in others)
    way_out = f" Authorized: {names}." if names else " Nobody is authorized on that day."
    raise NotCompetent(
        f"No valid authorization {procedure_code}: {person.name} may not {deed} it"
        f" on {on.day} {on:%b %Y}.{way_out}"
    )


@within_deed
def require_presence(work: UnitOfWork, person_id: UUID, on: date) -> None:
    """Refuse a person who is not at work on a day.

    Raises:
        AbsentPerson: Until when the absence lasts.
    """
    absence = work.exec(
        select(Absence)
        .where(Absence.person_id == person_id, Absence.starts_on <= on, Absence.ends_on >= on)
        .limit(1)
    ).first()
    if absence is not None:
        person = work.peek(Person, person_id)
        end = absence.ends_on
        raise AbsentPerson(f"{person.name} is absent until {end.day} {end:%b %Y}.")


@within_deed
def absent_on(work: UnitOfWork, on: date) -> frozenset[UUID]:
    """Return who is not at work on a day."""
    return frozenset(
        work.exec(
            select(Absence.person_id).where(Absence.starts_on <= on, Absence.ends_on >= on)
        ).all()
    )


def _valid(deed: Deed, procedure_code: str, discipline: str, on: date) -> Select[UUID, str, str]:
    return (
        select(Person.id, Person.name, Person.initials)
        .join(Competence, col(Competence.person_id) == Person.id)
        .where(
            Competence.deed == deed,
            Competence.discipline == discipline.lower(),
            col(Competence.procedure_code).in_(("", procedure_code)),
            Competence.valid_from <= on,
            _not_ended(on),
        )
    )


def _not_ended(on: date) -> ColumnElement[bool]:
    return or_(col(Competence.valid_to).is_(None), col(Competence.valid_to) >= on)
