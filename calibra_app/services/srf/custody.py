"""Custody: where an item is, since when, in whose hands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from calibra_app.core.access import Permission, permitted, within_deed
from calibra_app.core.errors import NotFound
from calibra_app.core.ids import LineId, SrfId
from calibra_app.models.document import StoredFile
from calibra_app.models.person import Person
from calibra_app.models.srf import CustodyEvent, Srf, SrfLine
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.services.srf.moves import lines_of
from calibra_app.services.srf.register import names_of, visible


@dataclass(frozen=True, slots=True)
class CustodyEntry:
    """One entry of an item's custody."""

    line_id: LineId
    line_position: int
    at: datetime
    kind: str
    place: str
    note: str
    person: str
    photo_id: UUID | None


@within_deed
def note_custody(
    work: UnitOfWork,
    line: SrfLine,
    kind: str,
    *,
    place: str = "",
    note: str = "",
    photo_id: UUID | None = None,
) -> None:
    """Write down where an item went."""
    work.add(
        CustodyEvent(
            line_id=line.id,
            at=work.now,
            kind=kind,
            place=place,
            note=note,
            photo_id=photo_id,
            person_id=work.actor.person_id,
        )
    )


@permitted(Permission.SRF_SEE, Permission.ITEM_RECEIVE, reading=True)
def custody_of(work: UnitOfWork, line_id: LineId) -> tuple[CustodyEntry, ...]:
    """Return where the item of one line was, oldest first."""
    line = work.peek(SrfLine, line_id)
    return _entries(work, [line])


@permitted(Permission.SRF_SEE, reading=True)
def custody_of_srf(work: UnitOfWork, srf_id: SrfId) -> tuple[CustodyEntry, ...]:
    """Return where the items of a request were, oldest first.

    Raises:
        NotFound: There is no such request for the actor.
    """
    if work.exec(visible(work, select(Srf).where(Srf.id == srf_id))).first() is None:
        raise NotFound("There is no such request.")
    return _entries(work, lines_of(work, srf_id))


@within_deed
def photo_of(work: UnitOfWork, line_id: UUID) -> UUID | None:
    """Return the newest photo of a line's item, or None."""
    return work.exec(
        select(StoredFile.id)
        .where(StoredFile.subject_id == line_id, StoredFile.purpose == "photo")
        .order_by(col(StoredFile.created_at).desc())
        .limit(1)
    ).first()


def _entries(work: UnitOfWork, lines: Sequence[SrfLine]) -> tuple[CustodyEntry, ...]:
    positions = {line.id: line.position for line in lines}
    rows = work.exec(
        select(CustodyEvent)
        .where(col(CustodyEvent.line_id).in_(list(positions)))
        .order_by(col(CustodyEvent.at), col(CustodyEvent.id))
    ).all()
    people = names_of(work, Person, {row.person_id for row in rows})
    return tuple(
        CustodyEntry(
            LineId(row.line_id),
            positions[row.line_id],
            row.at,
            row.kind,
            row.place,
            row.note,
            people.get(row.person_id, ""),
            row.photo_id,
        )
        for row in rows
    )
