"""Doing what a drop asked for: a deed as it was filled in, for all its items or for none."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from calibra_app.core.access import permitted
from calibra_app.core.errors import Conflict, Invalid
from calibra_app.core.ids import LineId, SrfId
from calibra_app.models.srf import HoldKind, SrfLine
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.services.srf.decisions import (
    Decision,
    Inquiry,
    Reply,
    answer_decision,
    ask_decision,
)
from calibra_app.services.srf.deeds import MOVERS, NotThere, require_seen, told, undecided
from calibra_app.services.srf.parts import book_parts_in, order_parts
from calibra_app.services.srf.planning import (
    Assignment,
    assign_line,
    hold_line,
    resume_line,
    take_from_queue,
    unassign_line,
)
from calibra_app.services.srf.receipt import Arrival, receive_items
from calibra_app.services.srf.subcontract import (
    note_provider_failed,
    send_to_provider,
    take_result_in,
)


@dataclass(frozen=True, slots=True)
class DeedForm:
    """What was filled in for a deed; `lines` holds each item with the version seen."""

    number: str
    lines: tuple[tuple[LineId, int], ...]
    person_id: UUID | None = None
    day: date | None = None
    room_id: UUID | None = None
    hold: HoldKind | None = None
    reason: str = ""
    price: Decimal | None = None
    provider_id: UUID | None = None
    place: str = ""
    evidence: str = ""
    password: str = ""
    oneself: bool = False


@permitted(*MOVERS)
def do_deed(work: UnitOfWork, form: DeedForm) -> str:
    """Do a deed as it was filled in, for all its items or for none; return what was done.

    Raises:
        Invalid: Something is missing; the field is named.
        GuardFailed: A guard stands in the way.
    """
    if not form.lines:
        raise Invalid("Choose at least one item.", field="lines")
    _checked(form)
    if form.number == "T18":
        _receive(work, form)
    else:
        for line_id, seen in form.lines:
            _do(work, form, line_id, seen)
    return told(work, form.number, [line_id for line_id, _ in form.lines])


def _checked(form: DeedForm) -> None:
    assigning = form.number == "T21" or form.day is not None
    if assigning and not form.oneself:
        if form.person_id is None:
            raise Invalid("Choose who is to do it.", field="person")
        if form.day is None:
            raise Invalid("Choose a day.", field="day")
    if form.number == "T25" and form.hold is None:
        raise Invalid("Choose why it waits.", field="hold")
    if form.number == "T24" and form.provider_id is None:
        raise Invalid("Choose a provider.", field="provider")


def _do(work: UnitOfWork, form: DeedForm, line_id: LineId, seen: int) -> None:
    match form.number:
        case "T21" if form.oneself:
            take_from_queue(work, line_id, seen)
        case "T21" | "T22" if form.person_id and form.day:
            assign_line(work, line_id, seen, Assignment(form.person_id, form.day, form.room_id))
        case "T25" if form.hold:
            hold_line(work, line_id, seen, form.hold, form.reason)
        case "T24" if form.provider_id:
            send_to_provider(work, line_id, seen, form.provider_id)
        case number if number in _PLAIN:
            _PLAIN[number](work, line_id, seen, form)
        case _:
            raise NotThere("This is done on the page of the request.")


def _record_consent(work: UnitOfWork, line_id: LineId, seen: int, form: DeedForm) -> None:
    asked = undecided(work, line_id)
    if asked is None:
        raise Conflict("There is no open question for this item.")
    reply = Reply(Decision.PROCEED, form.reason, form.password, form.evidence)
    answer_decision(work, asked.id, reply, seen=seen)


def _receive(work: UnitOfWork, form: DeedForm) -> None:
    lines = [work.peek(SrfLine, line_id) for line_id, _ in form.lines]
    for line, (_, seen) in zip(lines, form.lines, strict=True):
        require_seen(line.version, seen)
    arrivals = [Arrival(LineId(line.id), place=form.place, note=form.reason) for line in lines]
    receive_items(work, SrfId(lines[0].srf_id), arrivals)


_PLAIN: Mapping[str, Callable[[UnitOfWork, LineId, int, DeedForm], object]] = {
    "T22": lambda work, line_id, seen, _: unassign_line(work, line_id, seen),
    "T26": lambda work, line_id, seen, form: resume_line(work, line_id, seen, form.password),
    "T27": lambda work, line_id, seen, form: ask_decision(
        work, line_id, seen, Inquiry(form.reason, form.price)
    ),
    "T28": _record_consent,
    "T30": lambda work, line_id, seen, form: order_parts(work, line_id, seen, form.reason),
    "T31": lambda work, line_id, seen, _: book_parts_in(work, line_id, seen),
    "T33": lambda work, line_id, seen, _: take_result_in(work, line_id, seen),
    "T34": lambda work, line_id, seen, form: note_provider_failed(work, line_id, seen, form.reason),
}
