"""The audit trail as people read it: who changed what, and whether the chain still holds."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import col, func, select

from calibra_app.core.access import Permission, permitted
from calibra_app.core.errors import Forbidden
from calibra_app.core.paging import Page
from calibra_app.models.base import TenantRow, metadata
from calibra_app.models.certificate import Certificate
from calibra_app.models.equipment import Instrument, ReferenceStandard
from calibra_app.models.journal import AuditEvent, AuditLink
from calibra_app.models.person import Person
from calibra_app.models.quotation import Quotation
from calibra_app.models.srf import Srf
from calibra_app.persistence.chain import Break, links_of_chain, verify_chain
from calibra_app.persistence.listing import Key, page_of
from calibra_app.persistence.unit_of_work import UnitOfWork

# Records that people know by a number or code of their own.
_NUMBERED: tuple[tuple[Any, Any], ...] = (
    (Srf.id, Srf.number),
    (Quotation.id, Quotation.number),
    (Certificate.id, Certificate.number),
    (ReferenceStandard.id, ReferenceStandard.code),
    (Instrument.id, Instrument.tag),
)


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What the trail is narrowed to; an empty field narrows nothing.

    Attributes:
        person_id: The person's id, or the name of what acts where no person does.
        record: A record's id, or the number that people know it by.
    """

    person_id: str = ""
    table: str = ""
    record: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One column, before and after; None where there was, or is, nothing."""

    column: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One change of one record.

    Attributes:
        sequence: Its number in the chain; None until the chain has reached it.
    """

    id: UUID
    at: datetime
    person: str
    table: str
    operation: str
    record: str
    reason: str
    request_id: str
    changes: tuple[Change, ...]
    sequence: int | None


@dataclass(frozen=True, slots=True)
class ChainHead:
    """How far the chain reaches."""

    entries: int
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Verification:
    """What verifying the chain found; the first break is the one that counts."""

    entries: int
    breaks: tuple[Break, ...]

    @property
    def first(self) -> Break | None:
        """Return the first place where the chain does not hold."""
        return self.breaks[0] if self.breaks else None


@permitted(Permission.AUDIT_TRAIL_READ, reading=True)
def list_audit(work: UnitOfWork, wanted: AuditFilter, cursor: str = "") -> Page[AuditEntry]:
    """List changes, the newest first; whoever holds the right for own deeds sees those alone."""
    statement = select(AuditEvent, AuditLink.sequence).outerjoin(
        AuditLink,
        (col(AuditLink.tenant_id) == AuditEvent.tenant_id)
        & (col(AuditLink.event_id) == AuditEvent.id),
    )
    for condition in _conditions(work, wanted):
        statement = statement.where(condition)
    # Positions are given out by one sequence, so no two entries share one.
    newest = Key(AuditEvent.position, descending=True)
    page: Page[tuple[AuditEvent, int | None]] = page_of(
        work, statement, _both, newest, cursor=cursor
    )
    names = _names(work, [event.person_id for event, _ in page.rows])
    return page.of(lambda row: _entry(*row, names))


@permitted(Permission.AUDIT_TRAIL_READ, reading=True)
def chain_head(work: UnitOfWork) -> ChainHead:
    """Return how many entries the chain links, and until when."""
    last: AuditLink | None = work.exec(
        select(AuditLink).order_by(col(AuditLink.sequence).desc()).limit(1)
    ).first()
    return ChainHead(last.sequence, last.at) if last else ChainHead(0, None)


@permitted(Permission.AUDIT_TRAIL_READ, reading=True)
def verify_audit(work: UnitOfWork) -> Verification:
    """Recompute the whole chain and its checkpoints; return every place where it does not hold."""
    return Verification(*verify_chain(work.actor.tenant_id))


@permitted(Permission.AUDIT_TRAIL_READ, reading=True)
def export_trail(work: UnitOfWork) -> Iterator[dict[str, Any]]:
    """Yield the whole chain as a file keeps it, so that anybody can follow it without us.

    Raises:
        Forbidden: The actor reads own deeds alone.
    """
    if work.actor.only_own(Permission.AUDIT_TRAIL_READ, reading=True):
        raise Forbidden("The whole trail is for those who may read all of it.")
    return links_of_chain(work.actor.tenant_id)


@permitted(Permission.AUDIT_TRAIL_READ, reading=True)
def people_of_trail(work: UnitOfWork) -> tuple[tuple[str, str], ...]:
    """Return id and name of everybody the trail may name, by name."""
    statement = select(Person.id, Person.name).order_by(Person.name)
    if work.actor.only_own(Permission.AUDIT_TRAIL_READ, reading=True):
        statement = statement.where(Person.id == work.actor.person_id)
    return tuple((str(person_id), name) for person_id, name in work.exec(statement).all())


def audited_tables() -> tuple[str, ...]:
    """Return the names of the tables whose changes the trail keeps."""
    return tuple(sorted(_audited(TenantRow)))


def _audited(kind: type[TenantRow]) -> set[str]:
    found: set[str] = set()
    for below in kind.__subclasses__():
        if getattr(below, "__table__", None) is not None and below.__audited__:
            found.add(below.__tablename__)
        found |= _audited(below)
    return found & set(metadata.tables)


def _conditions(work: UnitOfWork, wanted: AuditFilter) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = []
    if work.actor.only_own(Permission.AUDIT_TRAIL_READ, reading=True):
        where.append(col(AuditEvent.person_id) == str(work.actor.person_id))
    if wanted.person_id:
        where.append(col(AuditEvent.person_id) == wanted.person_id)
    if wanted.table:
        where.append(col(AuditEvent.table_name) == wanted.table)
    if wanted.since is not None:
        where.append(col(AuditEvent.at) >= wanted.since)
    if wanted.until is not None:
        where.append(col(AuditEvent.at) < wanted.until)
    if wanted.record.strip():
        row_id = col(AuditEvent.row_key)["id"].astext
        where.append(row_id.in_(_ids_of(work, wanted.record.strip())))
    return where


def _ids_of(work: UnitOfWork, record: str) -> list[str]:
    try:
        return [str(UUID(record))]
    except ValueError:
        found: list[str] = []
        for row_id, number in _NUMBERED:
            same = func.lower(number) == record.lower()
            found += [str(each) for each in work.exec(select(row_id).where(same)).all()]
        return found


def _both(event: AuditEvent, sequence: int | None) -> tuple[AuditEvent, int | None]:
    return event, sequence


def _names(work: UnitOfWork, people: Sequence[str]) -> dict[str, str]:
    ids: list[UUID] = []
    for each in {*people}:
        try:
            ids.append(UUID(each))
        except ValueError:
            continue
    rows = work.exec(select(Person.id, Person.name).where(col(Person.id).in_(ids))).all()
    return {str(person_id): name for person_id, name in rows}


def _entry(event: AuditEvent, sequence: int | None, names: Mapping[str, str]) -> AuditEntry:
    before, after = event.before or {}, event.after or {}
    columns = sorted({*before, *after} - {"id", "created_at"})
    return AuditEntry(
        id=event.id,
        at=event.at,
        person=names.get(event.person_id, event.person_id),
        table=event.table_name,
        operation=event.operation,
        record=str(event.row_key.get("id", "")),
        reason=event.reason,
        request_id=event.request_id,
        changes=tuple(
            Change(name, before.get(name), after.get(name))
            for name in columns
            if before.get(name) not in (None, "", {}) or after.get(name) not in (None, "", {})
        ),
        sequence=sequence,
    )
