"""Receiving items: identity, condition, custody (T18), and what to do about damage (T20)."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, select

from calibra_app.core.access import Permission, permitted, within_deed
from calibra_app.core.errors import Conflict, Invalid
from calibra_app.core.ids import LineId, SrfId
from calibra_app.models.document import StoredFile
from calibra_app.models.srf import (
    CustodyEvent,
    CustomerDecision,
    ItemCondition,
    Srf,
    SrfLine,
)
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.services.srf.facts import Facts
from calibra_app.services.srf.lookups import line_facts
from calibra_app.services.srf.moves import Move, announce, lines_of, move_line, take_line
from calibra_app.services.srf.printing import print_receipt
from calibra_app.services.srf.roll_up import DERIVED
from calibra_app.services.srf.states import ENDED, LineState


@dataclass(frozen=True, slots=True)
class Arrival:
    """One item as it was taken in at the desk.

    Attributes:
        scanned: What the label says; it must be the tag or serial number of the line's item.
        photo_id: A picture, needed where the condition is not in order.
    """

    line_id: LineId
    condition: ItemCondition = ItemCondition.OK
    accessories: str = ""
    place: str = ""
    note: str = ""
    photo_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Damage:
    """What the customer is asked about an item that did not arrive in order."""

    question: str


@permitted(Permission.ITEM_RECEIVE)
def receive_items(work: UnitOfWork, srf_id: SrfId, arrivals: Sequence[Arrival]) -> None:
    """Take items into custody; lines of an accepted request become Received (T18).

    Items may arrive before the offer is accepted: they are kept, and their lines follow with the
    acceptance.

    Raises:
        Invalid: An abnormal condition has no note or no photo.
        Conflict: The item is here already, or its line has ended.
    """
    if not arrivals:
        raise Invalid("Choose at least one item.")
    srf = work.get(Srf, srf_id)
    received: list[SrfLine] = []
    for arrival in arrivals:
        line = take_line(work, arrival.line_id)
        if line.srf_id != srf.id:
            raise Invalid("This item belongs to another request.")
        _take_in(work, line, arrival)
        received.append(line)
    work.session.flush()
    receive_what_is_here(work, srf)
    print_receipt(work, srf, received)
    announce(work, srf, received)


@within_deed
def receive_what_is_here(work: UnitOfWork, srf: Srf) -> None:
    """Let the lines whose items are in custody become Received, once the request is accepted."""
    if srf.state not in DERIVED:
        return
    for line in lines_of(work, srf.id):
        if line.state is LineState.PENDING and line.condition is not None:
            facts = Facts(lines=line_facts(work, [line]), open_differences=())
            move_line(work, line, Move("T18"), facts)


@permitted(Permission.ITEM_RECEIVE)
def report_condition(work: UnitOfWork, line_id: LineId, seen: int, damage: Damage) -> None:
    """Ask the customer about an item that arrived damaged or incomplete (T20)."""
    line = take_line(work, line_id)
    photo = work.exec(
        select(StoredFile.id)
        .where(StoredFile.subject_id == line.id, StoredFile.purpose == "photo")
        .limit(1)
    ).first()
    move_line(work, line, Move("T20", seen, damage.question), Facts(photo=photo is not None))
    work.add(
        CustomerDecision(
            line_id=line.id,
            kind="condition",
            question=damage.question.strip(),
            asked_by=work.actor.person_id,
            asked_at=work.now,
        )
    )


@within_deed
def note_custody(
    work: UnitOfWork, line: SrfLine, kind: str, *, place: str = "", note: str = ""
) -> None:
    """Write down where an item went."""
    work.add(
        CustodyEvent(
            line_id=line.id,
            at=work.now,
            kind=kind,
            place=place,
            note=note,
            person_id=work.actor.person_id,
        )
    )


@permitted(Permission.SRF_SEE, Permission.ITEM_RECEIVE, reading=True)
def custody_of(work: UnitOfWork, line_id: LineId) -> tuple[CustodyEvent, ...]:
    """Return where an item was, oldest first."""
    rows = work.exec(
        select(CustodyEvent)
        .where(CustodyEvent.line_id == line_id)
        .order_by(col(CustodyEvent.at), col(CustodyEvent.id))
    ).all()
    return tuple(rows)


def _take_in(work: UnitOfWork, line: SrfLine, arrival: Arrival) -> None:
    if line.state in ENDED:
        raise Conflict(f"Line {line.position} has ended; its item is not received again.")
    if line.condition is not None:
        raise Conflict(f"The item of line {line.position} is here already.")
    if arrival.condition is not ItemCondition.OK and not arrival.note.strip():
        raise Invalid("Say what is wrong with the item.", field="note")
    line.condition = arrival.condition
    line.accessories = arrival.accessories.strip()
    note_custody(work, line, "received", place=arrival.place, note=arrival.note.strip())
