"""Receiving items: identity, condition, custody, labels (T18), and asking about damage (T20)."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, select

from calibra_app.core.access import Permission, permitted, within_deed
from calibra_app.core.errors import Conflict, Forbidden, Invalid
from calibra_app.core.ids import LineId, SrfId
from calibra_app.models.document import StoredFile
from calibra_app.models.equipment import Instrument
from calibra_app.models.srf import CustodyEvent, ItemCondition, Srf, SrfLine
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.services.srf.custody import custody_of, note_custody, photo_of
from calibra_app.services.srf.decisions import CONDITION, put_question
from calibra_app.services.srf.facts import Facts
from calibra_app.services.srf.letters import write_to_contact
from calibra_app.services.srf.lookups import line_facts
from calibra_app.services.srf.moves import Move, announce, lines_of, move_line, take_line
from calibra_app.services.srf.printing import print_labels, print_receipt
from calibra_app.services.srf.roll_up import DERIVED
from calibra_app.services.srf.states import ENDED, LineState
from calibra_app.services.srf.workflow import TRANSITIONS

__all__ = [
    "Arrival",
    "Damage",
    "ItemCondition",
    "custody_of",
    "note_custody",
    "receive_items",
    "receive_what_is_here",
    "report_condition",
]


@dataclass(frozen=True, slots=True)
class Arrival:
    """One item as it was taken in at the desk.

    Attributes:
        scanned: What its label says, where it was scanned; it must be the tag or serial number of
            the line's item.
        photo_id: A picture, needed where the condition is not in order.
    """

    line_id: LineId
    condition: ItemCondition = ItemCondition.OK
    accessories: str = ""
    place: str = ""
    note: str = ""
    photo_id: UUID | None = None
    scanned: str = ""


@dataclass(frozen=True, slots=True)
class Damage:
    """What the customer is asked about an item that did not arrive in order."""

    question: str


@permitted(Permission.ITEM_RECEIVE)
def receive_items(work: UnitOfWork, srf_id: SrfId, arrivals: Sequence[Arrival]) -> None:
    """Take items into custody; lines of an accepted request become Received (T18).

    Items may arrive before the offer is accepted: they are kept, and their lines follow with the
    acceptance. Receipt and labels are printed either way. An item that is not in order waits for
    the customer's decision as soon as its line is received.

    Raises:
        Invalid: An abnormal condition has no note or no photo, or another item was scanned.
        Conflict: The item is here already, or its line has ended.
        Forbidden: The actor receives on site only, and the item belongs to the desk.
    """
    if not arrivals:
        raise Invalid("Choose at least one item.", field="items")
    srf = work.get(Srf, srf_id)
    if not srf.number:
        raise Conflict("Submit the request first: the labels carry its number.")
    received: list[SrfLine] = []
    for arrival in arrivals:
        line = take_line(work, arrival.line_id)
        if line.srf_id != srf.id:
            raise Invalid("This item belongs to another request.")
        require_receiver(work, line)
        _take_in(work, line, arrival)
        received.append(line)
    work.session.flush()
    receive_what_is_here(work, srf)
    print_receipt(work, srf, received)
    print_labels(work, srf, received)
    write_to_contact(work, srf, "receipt")
    announce(work, srf, received)


@within_deed
def require_receiver(work: UnitOfWork, line: SrfLine) -> None:
    """Refuse an item of the desk to whoever receives at the customer's alone."""
    if work.actor.notes(Permission.ITEM_RECEIVE) and not line.on_site:
        raise Forbidden(f"Line {line.position} is not done on site; the desk takes its item in.")


@within_deed
def receive_what_is_here(work: UnitOfWork, srf: Srf) -> None:
    """Let the lines whose items are in custody become Received, once the request is accepted.

    Called after every acceptance, whoever accepts: the right to receive was asked for when the
    item was taken in.
    """
    if srf.state not in DERIVED:
        return
    for line in lines_of(work, srf.id):
        if line.state is LineState.PENDING and line.condition is not None:
            facts = Facts(lines=line_facts(work, [line]), open_differences=())
            move_line(work, line, Move("T18", by_right=_right(work)), facts)
            if line.condition is not ItemCondition.OK:
                _ask_about_damage(work, line)


@permitted(Permission.ITEM_RECEIVE)
def report_condition(work: UnitOfWork, line_id: LineId, seen: int, damage: Damage) -> None:
    """Ask the customer about an item that turns out to be damaged or incomplete (T20).

    Raises:
        GuardFailed: Without a photo, or without words.
    """
    line = take_line(work, line_id)
    question = damage.question.strip()
    there = photo_of(work, line.id) is not None
    move_line(work, line, Move("T20", seen, question), Facts(photo=there))
    if line.condition in {None, ItemCondition.OK}:
        line.condition = ItemCondition.DAMAGED
    note_custody(work, line, "condition", note=question)
    put_question(work, line, CONDITION, question)


def _ask_about_damage(work: UnitOfWork, line: SrfLine) -> None:
    """Let a line wait for the customer at once: no work on an item that is not in order (7.4.3)."""
    arrival: CustodyEvent | None = work.exec(
        select(CustodyEvent)
        .where(CustodyEvent.line_id == line.id, CustodyEvent.kind == "received")
        .order_by(col(CustodyEvent.at).desc())
        .limit(1)
    ).first()
    note = arrival.note if arrival else ""
    condition = line.condition.value if line.condition else ""
    question = f"The item arrived {condition}: {note}"
    there = photo_of(work, line.id) is not None
    move_line(work, line, Move("T20", reason=question, by_right=_right(work)), Facts(photo=there))
    put_question(work, line, CONDITION, question, asked_by=arrival.person_id if arrival else None)


def _right(work: UnitOfWork) -> Permission:
    """Return by which right a line follows: who accepts an order need not receive items."""
    followed = (Permission.QUOTATION_ANSWER, *TRANSITIONS["T10"].permissions)
    return next((right for right in followed if work.actor.may(right)), Permission.ITEM_RECEIVE)


def _take_in(work: UnitOfWork, line: SrfLine, arrival: Arrival) -> None:
    if line.state in ENDED:
        raise Conflict(f"Line {line.position} has ended; its item is not received again.")
    if line.condition is not None:
        raise Conflict(f"The item of line {line.position} is here already.")
    if arrival.scanned.strip():
        _require_same_item(work, line, arrival.scanned.strip())
    photo_id = _photo(work, line, arrival)
    if arrival.condition is not ItemCondition.OK:
        if not arrival.note.strip():
            raise Invalid("Say what is wrong with the item.", field=f"note-{line.position}")
        if photo_id is None:
            raise Invalid("Add a photo of the condition.", field=f"photo-{line.position}")
    line.condition = arrival.condition
    line.accessories = arrival.accessories.strip()
    note_custody(
        work,
        line,
        "received",
        place=arrival.place.strip(),
        note=arrival.note.strip(),
        photo_id=photo_id,
    )


def _photo(work: UnitOfWork, line: SrfLine, arrival: Arrival) -> UUID | None:
    if arrival.photo_id is None:
        return photo_of(work, line.id)
    row = work.peek(StoredFile, arrival.photo_id)
    if row.subject_id != line.id or row.purpose != "photo":
        raise Invalid("This photo shows another item.", field=f"photo-{line.position}")
    return row.id


def _require_same_item(work: UnitOfWork, line: SrfLine, scanned: str) -> None:
    item = work.peek(Instrument, line.instrument_id)
    if scanned not in {item.tag, item.serial}:
        raise Invalid(
            f"“{scanned}” is not the item of line {line.position} ({item.tag}).",
            field=f"scanned-{line.position}",
        )
