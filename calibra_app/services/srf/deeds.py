"""Dropping a card: what needs no further word is done, the rest comes back as a deed to fill in.

A deed names the transition and the items it concerns; the page asks for what is missing and hands
it in again. A card of a request moves by its items while they are in the laboratory, so its deed
lists those of them that can make the step.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlmodel import col, select

from calibra_app.core.access import Permission, permitted, within_deed
from calibra_app.core.errors import Conflict, Forbidden, Invalid
from calibra_app.core.ids import LineId, SrfId
from calibra_app.models.calibration import Sheet, SheetState
from calibra_app.models.equipment import Instrument
from calibra_app.models.srf import CustomerDecision, Srf, SrfLine
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.services.srf.acceptance import accept_under_agreement
from calibra_app.services.srf.cards import standing_of
from calibra_app.services.srf.moves import Stale, lines_of, switched_off
from calibra_app.services.srf.parts import book_parts_in
from calibra_app.services.srf.planning import (
    resume_line,
    take_from_queue,
    unassign_line,
)
from calibra_app.services.srf.register import visible
from calibra_app.services.srf.states import ENDED
from calibra_app.services.srf.ways import (
    REASSIGN,
    Way,
    Ways,
    line_column,
    line_ways,
    may_for,
    srf_ways,
)
from calibra_app.services.srf.workflow import TRANSITIONS, may_act

# Whoever may make any of the moves that a board makes.
MOVERS = (
    Permission.CONTRACT_REVIEW_COMMERCIAL,
    Permission.CONTRACT_REVIEW_TECHNICAL,
    Permission.CUSTOMER_DECISION_RECORD,
    Permission.INDICATION_ENTER,
    Permission.INFORMATION_EXCHANGE,
    Permission.ITEM_RECEIVE,
    Permission.LINE_ASSIGN,
    Permission.LINE_TAKE,
    Permission.PART_ORDER,
    Permission.PLANNING_HOLD_MANAGE,
    Permission.QUALITY_HOLD_RELEASE,
    Permission.SHEET_REVIEW,
    Permission.SUBCONTRACT_EXCHANGE,
    Permission.TECHNICAL_HOLD_PLACE,
)


class CardKind(StrEnum):
    """Which board a card stands on."""

    LINE = "line"
    SRF = "srf"


class Asks(StrEnum):
    """What a deed still needs: one dialog of the page each, or another page."""

    CHOICE = "choice"
    ASSIGN = "assign"
    TAKE = "take"
    RECEIVE = "receive"
    HOLD = "hold"
    RESUME = "resume"
    QUESTION = "question"
    DECISION = "decision"
    PARTS = "parts"
    PROVIDER = "provider"
    RESULT = "result"
    FAILED = "failed"
    SHEET = "sheet"
    REVIEW = "review"
    CERTIFICATE = "certificate"
    QUOTATION = "quotation"
    INVOICE = "invoice"
    SHIPMENT = "shipment"
    REQUEST = "request"


_ASKS = {
    "T18": Asks.RECEIVE,
    "T21": Asks.ASSIGN,
    "T23": Asks.SHEET,
    "T24": Asks.PROVIDER,
    "T25": Asks.HOLD,
    "T26": Asks.RESUME,
    "T27": Asks.QUESTION,
    "T28": Asks.DECISION,
    "T30": Asks.PARTS,
    "T32": Asks.SHEET,
    "T33": Asks.RESULT,
    "T34": Asks.FAILED,
    "T35": Asks.REVIEW,
    "T36": Asks.SHEET,
    "T37": Asks.REVIEW,
    "T38": Asks.CERTIFICATE,
    "T39": Asks.CERTIFICATE,
    **dict.fromkeys(("T09", "T12", "T13", "T14", "T15", "T17"), Asks.QUOTATION),
    **dict.fromkeys(("T40", "T43"), Asks.INVOICE),
    **dict.fromkeys(("T41", "T42", "T44", "T45", "T46"), Asks.SHIPMENT),
}
# What is done by the drop alone, unless a signature is owed.
_AT_ONCE = frozenset({"T10", "T22", "T31"})


@dataclass(frozen=True, slots=True)
class DeedLine:
    """An item that a deed concerns; `ready` lines are chosen at first."""

    id: LineId
    version: int
    tag: str
    name: str
    sheet_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Deed:
    """What a drop still needs.

    Attributes:
        choices: Where several transitions lead to the column: number and words of each.
        question: What the customer was asked, where the deed records the answer.
        signed: A password is asked for.
    """

    asks: Asks
    number: str
    words: str
    srf_id: SrfId
    lines: tuple[DeedLine, ...] = ()
    choices: tuple[tuple[str, str], ...] = ()
    question: str = ""
    signed: bool = False


@dataclass(frozen=True, slots=True)
class Dropped:
    """What a drop led to: it is done, in these words, or a deed is to be filled in."""

    done: str = ""
    deed: Deed | None = None


class NotThere(Conflict):
    """The card cannot be dropped there."""

    code = "not_there"


@permitted(*MOVERS)
def drop_card(
    work: UnitOfWork,
    kind: CardKind,
    card_id: UUID,
    seen: int,
    column: str,
    *,
    every_state: bool = False,
) -> Dropped:
    """Drop a card on a column: do what can be done at once, or say what is still needed.

    Raises:
        NotThere: Nothing that the actor may do leads there.
        Stale: The card has changed since.
        GuardFailed: A guard stands in the way.
    """
    if kind is CardKind.LINE:
        line = work.peek(SrfLine, card_id)
        srf = _visible_srf(work, line.srf_id, queue=line)
        require_seen(line.version, seen)
        standing = standing_of(work, srf, line)
        ways = line_ways(work.actor, standing, without=switched_off(work), every_state=every_state)
        way = _way(ways, column)
        if column == line_column(line.state, every_state=every_state):
            return Dropped(deed=_deed(work, srf, REASSIGN, [line], Asks.ASSIGN))
        return _led_by(work, srf, way, [line], seen)
    srf = _visible_srf(work, card_id)
    require_seen(srf.version, seen)
    lines = [line for line in lines_of(work, srf.id) if line.state not in ENDED]
    standings = [standing_of(work, srf, line) for line in lines]
    ways = srf_ways(work.actor, srf.state, standings, without=switched_off(work))
    return _led_by(work, srf, _way(ways, column), lines, seen)


@permitted(*MOVERS)
def open_deed(work: UnitOfWork, number: str, line_ids: Sequence[LineId]) -> Deed:
    """Return what one transition needs for some items of one request.

    Raises:
        NotThere: None of the items can make it for this actor.
    """
    lines = [work.peek(SrfLine, line_id) for line_id in line_ids]
    if not lines or number not in TRANSITIONS:
        raise Invalid("Choose at least one item.", field="lines")
    srf = _visible_srf(work, lines[0].srf_id, queue=lines[0])
    return _deed(work, srf, number, lines)


def _visible_srf(work: UnitOfWork, srf_id: UUID, *, queue: SrfLine | None = None) -> Srf:
    found: Srf | None = work.exec(visible(work, select(Srf).where(Srf.id == srf_id))).first()
    queued = queue is not None and queue.assignee_id is None
    if found is None and queued and work.actor.may(Permission.LINE_TAKE):
        # Who takes work from the queue sees the item, though not the request yet.
        return work.peek(Srf, srf_id)
    if found is None:
        raise Forbidden("This request is not yours to move.")
    return found


@within_deed
def require_seen(version: int, seen: int) -> None:
    """Refuse a move of a card that has changed since it was looked at."""
    if version != seen:
        raise Stale("This card has changed in the meantime. Look at it again, then repeat.")


def _way(ways: Ways, column: str) -> Way:
    way = ways.targets.get(column)
    if way is None:
        raise NotThere(ways.refused.get(column) or "The card stands there already.")
    return way


def _led_by(work: UnitOfWork, srf: Srf, way: Way, lines: Sequence[SrfLine], seen: int) -> Dropped:
    number, *others = way.transitions
    if others:
        choices = tuple(
            (number, TRANSITIONS[number].verb.capitalize()) for number in way.transitions
        )
        some = _deed_lines(work, lines)
        return Dropped(deed=Deed(Asks.CHOICE, "", way.words, SrfId(srf.id), some, choices=choices))
    concerned = _concerned(work, srf, number, lines)
    if number in _AT_ONCE and (len(concerned) <= 1 or number == "T10"):
        return Dropped(done=_at_once(work, srf, number, concerned, seen))
    if number == "T21" and not work.actor.may(Permission.LINE_ASSIGN) and len(concerned) == 1:
        take_from_queue(work, LineId(concerned[0].id), concerned[0].version)
        return Dropped(done=told(work, number, [LineId(concerned[0].id)]))
    if number == "T26" and len(concerned) == 1 and not _is_signed(work, number, concerned):
        resume_line(work, LineId(concerned[0].id), concerned[0].version)
        return Dropped(done=told(work, number, [LineId(concerned[0].id)]))
    return Dropped(deed=_deed(work, srf, number, concerned))


def _concerned(work: UnitOfWork, srf: Srf, number: str, lines: Sequence[SrfLine]) -> list[SrfLine]:
    transition = TRANSITIONS[number]
    if not transition.line_from:
        return []
    return [
        line
        for line in lines
        if line.state in transition.line_from
        and transition.reviewed in (None, line.reviewed)
        and may_for(work.actor, number, standing_of(work, srf, line))
    ]


def _at_once(work: UnitOfWork, srf: Srf, number: str, lines: Sequence[SrfLine], seen: int) -> str:
    match number:
        case "T10":
            accept_under_agreement(work, SrfId(srf.id), seen)
            return f"{srf.number} is accepted under the standing agreement."
        case "T22":
            unassign_line(work, LineId(lines[0].id), lines[0].version)
        case _:
            book_parts_in(work, LineId(lines[0].id), lines[0].version)
    return told(work, number, [LineId(line.id) for line in lines])


def _deed(
    work: UnitOfWork,
    srf: Srf,
    number: str,
    lines: Sequence[SrfLine],
    asks: Asks | None = None,
) -> Deed:
    transition = TRANSITIONS[number]
    asks = asks or _ASKS.get(number, Asks.REQUEST)
    if number == "T21" and may_act(work.actor, transition) is None:
        asks = Asks.TAKE
    concerned = _concerned(work, srf, number, lines)
    if transition.line_from and not concerned:
        raise NotThere(f"“{transition.verb.capitalize()}” is not possible for this item now.")
    return Deed(
        asks=asks,
        number=number,
        words=transition.verb.capitalize(),
        srf_id=SrfId(srf.id),
        lines=_deed_lines(work, concerned),
        question=_open_question(work, concerned) if asks is Asks.DECISION else "",
        signed=_is_signed(work, number, concerned),
    )


def _is_signed(work: UnitOfWork, number: str, lines: Sequence[SrfLine]) -> bool:
    abilities = [
        may_act(work.actor, TRANSITIONS[number], line.hold_kind if number == "T26" else None)
        for line in lines
    ]
    return any(ability is not None and ability.signed for ability in abilities)


def _deed_lines(work: UnitOfWork, lines: Sequence[SrfLine]) -> tuple[DeedLine, ...]:
    if not lines:
        return ()
    items = work.exec(
        select(Instrument.id, Instrument.tag, Instrument.description).where(
            col(Instrument.id).in_([line.instrument_id for line in lines])
        )
    ).all()
    known = {row[0]: (str(row[1]), str(row[2])) for row in items}
    sheets = work.exec(
        select(Sheet.line_id, Sheet.id).where(
            col(Sheet.line_id).in_([line.id for line in lines]), Sheet.state != SheetState.VOID
        )
    ).all()
    sheet_of = {row[0]: row[1] for row in sheets}
    return tuple(
        DeedLine(LineId(line.id), line.version, *known[line.instrument_id], sheet_of.get(line.id))
        for line in lines
    )


def _open_question(work: UnitOfWork, lines: Sequence[SrfLine]) -> str:
    found = undecided(work, lines[0].id) if lines else None
    return found.question if found else ""


@within_deed
def undecided(work: UnitOfWork, line_id: UUID) -> CustomerDecision | None:
    """Return the question about an item that waits for its answer, or None."""
    found: CustomerDecision | None = work.exec(
        select(CustomerDecision)
        .where(CustomerDecision.line_id == line_id, col(CustomerDecision.decided_at).is_(None))
        .order_by(col(CustomerDecision.asked_at).desc())
        .limit(1)
    ).first()
    return found


@within_deed
def told(work: UnitOfWork, number: str, line_ids: Sequence[LineId]) -> str:
    """Return what was done, in words for the screen."""
    tags: list[str] = []
    for line_id in line_ids:
        line = work.peek(SrfLine, line_id)
        tags.append(work.peek(Instrument, line.instrument_id).tag)
    return f"{TRANSITIONS[number].verb.capitalize()}: {', '.join(tags)}."
