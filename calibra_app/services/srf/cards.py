"""The cards of the two boards: what stands where, and where it may go for the one who looks.

Each board is read with a fixed number of queries, however many cards there are, and shows at most
`MOST_CARDS`. A card of which something was heard is read again alone, under the same rights.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import col, func, select

from calibra_app.core.access import Permission, permitted, within_deed
from calibra_app.models.customer import Customer
from calibra_app.models.equipment import Instrument
from calibra_app.models.person import Person
from calibra_app.models.srf import HeaderState, ItemCondition, Srf, SrfLine
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.services.laboratory import settings_of, today_of
from calibra_app.services.srf.board_filter import (
    FINISHED,
    BoardFilter,
    line_filters,
    lines_on_board,
    srf_filters,
)
from calibra_app.services.srf.flags import Flag, line_flag, srf_flag
from calibra_app.services.srf.lookups import instruments_of
from calibra_app.services.srf.moves import switched_off
from calibra_app.services.srf.progress import progress_of
from calibra_app.services.srf.register import names_of, visible
from calibra_app.services.srf.roll_up import LineStanding
from calibra_app.services.srf.states import ENDED
from calibra_app.services.srf.ways import (
    Standing,
    Ways,
    line_column,
    line_ways,
    srf_column,
    srf_ways,
)

MOST_CARDS = 500
# More at once makes each of them slower; said in words, never enforced.
DEFAULT_LIMITS = {"in_progress": 8, "qc": 6}
_MOST_MARKS = 3


@dataclass(frozen=True, slots=True)
class CardPerson:
    """Somebody on a card."""

    id: UUID
    name: str
    initials: str


@dataclass(frozen=True, slots=True)
class BoardCard:
    """One card of either board.

    Attributes:
        version: The record's; a move has to have seen it.
        order: Urgent before standard, then the oldest first.
        late: The promised day has passed and the work is not done.
        done: Complete points of the sheets; `total` is 0 where nothing is measured.
    """

    id: UUID
    srf_id: UUID
    version: int
    state: str
    column: str
    order: int
    tag: str
    name: str
    customer_id: UUID
    customer: str
    discipline: str
    people: tuple[CardPerson, ...]
    urgent: bool
    flag: Flag | None
    done: int
    total: int
    due_on: date | None
    late: bool
    ways: Ways


@dataclass(frozen=True, slots=True)
class Cards:
    """The cards of a board; `rest` is how many there are beyond those."""

    cards: tuple[BoardCard, ...]
    today: date
    rest: int = 0


@dataclass(frozen=True, slots=True)
class BoardChoices:
    """What the boards can be narrowed to: what stands on them now."""

    disciplines: tuple[str, ...]
    people: tuple[CardPerson, ...]
    customers: tuple[tuple[UUID, str], ...]


@dataclass(frozen=True, slots=True)
class _Board:
    """What is looked up once for all cards."""

    today: date
    without: frozenset[HeaderState]
    people: Mapping[UUID, CardPerson]
    progress: Mapping[UUID, tuple[int, int]] = field(default_factory=dict[UUID, tuple[int, int]])


@permitted(Permission.SRF_SEE, reading=True)
def line_cards(work: UnitOfWork, wanted: BoardFilter) -> Cards:
    """Return the cards of the instruments in the laboratory, urgent ones first."""
    today = today_of(work)
    where = [*lines_on_board(work), *line_filters(wanted, today)]
    by_item = bool(wanted.discipline)
    rows = _line_rows(work, where, MOST_CARDS + 1, by_item=by_item)
    rest = 0
    if len(rows) > MOST_CARDS:
        rest = _count(work, where, by_item=by_item) - MOST_CARDS
    return Cards(_line_cards(work, rows[:MOST_CARDS], wanted, today), today, rest)


@permitted(Permission.SRF_SEE, reading=True)
def line_cards_of(work: UnitOfWork, wanted: BoardFilter, ids: Collection[UUID]) -> Cards:
    """Return these instruments' cards anew; what has left the board is not among them."""
    today = today_of(work)
    where = [*lines_on_board(work), *line_filters(wanted, today), col(SrfLine.id).in_(ids)]
    rows = _line_rows(work, where, MOST_CARDS, by_item=bool(wanted.discipline))
    return Cards(_line_cards(work, rows, wanted, today), today)


@permitted(Permission.SRF_SEE, reading=True)
def srf_cards(work: UnitOfWork, wanted: BoardFilter) -> Cards:
    """Return the cards of the open requests, urgent ones first."""
    today = today_of(work)
    where = srf_filters(wanted, today)
    statement = visible(work, select(Srf).where(*where))
    rows: Sequence[Srf] = work.exec(
        statement.order_by(col(Srf.created_at), col(Srf.id)).limit(MOST_CARDS + 1)
    ).all()
    rest = 0
    if len(rows) > MOST_CARDS:
        counted = select(func.count()).select_from(statement.subquery())
        rest = int(work.exec(counted).one()) - MOST_CARDS
    return Cards(_srf_cards(work, rows[:MOST_CARDS], today), today, rest)


@permitted(Permission.SRF_SEE, reading=True)
def srf_cards_of(work: UnitOfWork, wanted: BoardFilter, ids: Collection[UUID]) -> Cards:
    """Return these requests' cards anew; what has left the board is not among them."""
    today = today_of(work)
    where = [*srf_filters(wanted, today), col(Srf.id).in_(ids)]
    rows: Sequence[Srf] = work.exec(visible(work, select(Srf).where(*where))).all()
    return Cards(_srf_cards(work, rows, today), today)


@permitted(Permission.SRF_SEE, reading=True)
def column_limits(work: UnitOfWork) -> dict[str, int]:
    """Return how many cards a column should hold at most, as the laboratory has set it."""
    chosen = settings_of(work).workflow.get("board_limits", DEFAULT_LIMITS)
    limits = cast("dict[str, object]", chosen) if isinstance(chosen, dict) else {}
    return {
        column: limit for column, limit in limits.items() if isinstance(limit, int) and limit > 0
    }


@permitted(Permission.SRF_SEE, reading=True)
def board_choices(work: UnitOfWork) -> BoardChoices:
    """Return what the boards can be narrowed to, each by what stands on them."""
    rows = work.exec(
        select(Instrument.discipline, Customer.id, Customer.name, SrfLine.assignee_id)
        .select_from(SrfLine)
        .join(Srf, col(Srf.id) == SrfLine.srf_id)
        .join(Instrument, col(Instrument.id) == SrfLine.instrument_id)
        .join(Customer, col(Customer.id) == Srf.customer_id)
        .where(*lines_on_board(work))
        .distinct()
    ).all()
    people = _people(work, {row[3] for row in rows if row[3]})
    customers = {row[1]: str(row[2]) for row in rows}
    return BoardChoices(
        tuple(sorted({str(row[0]) for row in rows if row[0]})),
        tuple(sorted(people.values(), key=lambda person: person.name)),
        tuple(sorted(customers.items(), key=lambda customer: customer[1])),
    )


@within_deed
def standing_of(work: UnitOfWork, srf: Srf, line: SrfLine) -> Standing:
    """Return a line as far as its next steps depend on it."""
    done, total = progress_of(work, [line]).get(line.id, (0, 0))
    return _standing(line, srf.state, done, total)


def _line_rows(
    work: UnitOfWork, where: Sequence[ColumnElement[bool]], most: int, *, by_item: bool
) -> list[tuple[SrfLine, Srf, Instrument, str]]:
    # Items and customers afterwards: each further table behind the wall halves what the planner
    # expects, until it goes through them row by row.
    since = func.coalesce(SrfLine.received_at, SrfLine.created_at)
    statement: Any = (
        _joined(select(SrfLine, Srf), by_item=by_item)
        .where(*where)
        .order_by(col(SrfLine.urgent).desc(), since, col(SrfLine.id))
        .limit(most)
    )
    found = [(row[0], row[1]) for row in work.exec(statement).all()]
    items = instruments_of(work, [line for line, _ in found])
    names = names_of(work, Customer, {srf.customer_id for _, srf in found})
    return [(line, srf, items[line.instrument_id], names[srf.customer_id]) for line, srf in found]


def _count(work: UnitOfWork, where: Sequence[ColumnElement[bool]], *, by_item: bool) -> int:
    counted = _joined(select(func.count()).select_from(SrfLine), by_item=by_item).where(*where)
    return int(work.exec(counted).one())


def _joined(statement: Any, *, by_item: bool) -> Any:
    joined = statement.join(Srf, col(Srf.id) == SrfLine.srf_id)
    item = col(Instrument.id) == SrfLine.instrument_id
    return joined.join(Instrument, item) if by_item else joined


def _line_cards(
    work: UnitOfWork,
    rows: Sequence[tuple[SrfLine, Srf, Instrument, str]],
    wanted: BoardFilter,
    today: date,
) -> tuple[BoardCard, ...]:
    if not rows:
        return ()
    lines = [row[0] for row in rows]
    board = _Board(
        today,
        switched_off(work),
        _people(work, {line.assignee_id for line in lines if line.assignee_id}),
        progress_of(work, lines),
    )
    return tuple(_line_card(work, board, row, every_state=wanted.every_state) for row in rows)


def _line_card(
    work: UnitOfWork,
    board: _Board,
    row: tuple[SrfLine, Srf, Instrument, str],
    *,
    every_state: bool,
) -> BoardCard:
    line, srf, item, customer = row
    done, total = board.progress.get(line.id, (0, 0))
    standing = _standing(line, srf.state, done, total)
    person = board.people.get(line.assignee_id) if line.assignee_id else None
    return BoardCard(
        id=line.id,
        srf_id=srf.id,
        version=line.version,
        state=line.state.value,
        column=line_column(line.state, every_state=every_state),
        order=_order(line.received_at or line.created_at, urgent=line.urgent),
        tag=item.tag,
        name=item.description,
        customer_id=srf.customer_id,
        customer=customer,
        discipline=item.discipline,
        people=(person,) if person else (),
        urgent=line.urgent,
        flag=line_flag(
            line.state,
            hold_kind=line.hold_kind,
            reviewed=line.reviewed,
            abnormal=line.condition not in (None, ItemCondition.OK),
            on_site=line.on_site,
        ),
        done=done,
        total=total,
        due_on=line.promised_on,
        late=_is_late(line, board.today),
        ways=line_ways(work.actor, standing, without=board.without, every_state=every_state),
    )


def _srf_cards(work: UnitOfWork, rows: Sequence[Srf], today: date) -> tuple[BoardCard, ...]:
    if not rows:
        return ()
    found = work.exec(
        select(SrfLine, Instrument.discipline)
        .join(Instrument, col(Instrument.id) == SrfLine.instrument_id)
        .where(
            col(SrfLine.srf_id).in_([row.id for row in rows]),
            col(SrfLine.state).not_in([*ENDED]),
        )
        .order_by(col(SrfLine.position))
    ).all()
    by_srf: dict[UUID, list[tuple[SrfLine, str]]] = {}
    for line, discipline in found:
        by_srf.setdefault(line.srf_id, []).append((line, str(discipline)))
    lines = [line for line, _ in found]
    names = names_of(work, Customer, {row.customer_id for row in rows})
    board = _Board(
        today,
        switched_off(work),
        _people(work, {line.assignee_id for line in lines if line.assignee_id}),
        progress_of(work, lines),
    )
    cards = [
        _srf_card(work, board, row, names[row.customer_id], by_srf.get(row.id, [])) for row in rows
    ]
    return tuple(sorted(cards, key=lambda card: card.order))


def _srf_card(
    work: UnitOfWork,
    board: _Board,
    srf: Srf,
    customer: str,
    lines: Sequence[tuple[SrfLine, str]],
) -> BoardCard:
    progress = [board.progress.get(line.id, (0, 0)) for line, _ in lines]
    standings = [
        _standing(line, srf.state, *share) for (line, _), share in zip(lines, progress, strict=True)
    ]
    disciplines = {discipline for _, discipline in lines}
    assignees = dict.fromkeys(line.assignee_id for line, _ in lines if line.assignee_id)
    people = [board.people[one] for one in assignees if one in board.people]
    urgent = any(line.urgent for line, _ in lines)
    promised = [line.promised_on for line, _ in lines if line.promised_on]
    count = len(lines)
    items = f"{count} instrument" if count == 1 else f"{count} instruments"
    return BoardCard(
        id=srf.id,
        srf_id=srf.id,
        version=srf.version,
        state=srf.state.value,
        column=srf_column(srf.state),
        order=_order(srf.submitted_at or srf.created_at, urgent=urgent),
        tag=srf.number,
        name=f"{items} · {srf.customer_reference}" if srf.customer_reference else items,
        customer_id=srf.customer_id,
        customer=customer,
        discipline=disciplines.pop() if len(disciplines) == 1 else "",
        people=tuple(people[:_MOST_MARKS]),
        urgent=urgent,
        flag=srf_flag(
            srf.state,
            [
                LineStanding(
                    line.state, line.started, line.approved_at is not None, on_site=line.on_site
                )
                for line, _ in lines
            ],
        ),
        done=sum(done for done, _ in progress),
        total=sum(total for _, total in progress),
        due_on=min(promised, default=srf.promised_on),
        late=any(_is_late(line, board.today) for line, _ in lines),
        ways=srf_ways(work.actor, srf.state, standings, without=board.without),
    )


def _standing(line: SrfLine, header: HeaderState, done: int, total: int) -> Standing:
    return Standing(
        line.state,
        header,
        assignee_id=line.assignee_id,
        reviewed=line.reviewed,
        on_site=line.on_site,
        hold_kind=line.hold_kind,
        done=done,
        total=total,
    )


def _is_late(line: SrfLine, today: date) -> bool:
    return line.state not in FINISHED and line.promised_on is not None and line.promised_on < today


def _order(since: datetime, *, urgent: bool) -> int:
    # Whole seconds fit a browser's number; what is urgent stands before everything that is not.
    return int(since.timestamp()) - (0 if not urgent else 10**11)


def _people(work: UnitOfWork, ids: Collection[UUID]) -> dict[UUID, CardPerson]:
    if not ids:
        return {}
    rows = work.exec(
        select(Person.id, Person.name, Person.initials).where(col(Person.id).in_(ids))
    ).all()
    return {row[0]: CardPerson(row[0], str(row[1]), str(row[2])) for row in rows}
