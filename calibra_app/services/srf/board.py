"""The columns of the two boards, and where a card may be dropped."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from calibra_app.services.srf.roll_up import DERIVED
from calibra_app.services.srf.states import LABORATORY, HeaderState, LineState, words
from calibra_app.services.srf.transition import Transition
from calibra_app.services.srf.workflow import (
    NONE_OFF,
    legal_line_transitions,
    legal_transitions,
)


class Column(StrEnum):
    """The columns of the board of requests, from left to right."""

    INTAKE = "Intake"
    OFFER = "Offer"
    EXPECTED = "Expected"
    RECEIVED = "Received"
    ASSIGNED = "Assigned"
    IN_PROGRESS = "In progress"
    WAITING = "Waiting"
    QC = "QC"
    APPROVED = "Approved"
    INVOICED = "Invoiced"
    OUT = "Out"
    DELIVERED = "Delivered"
    REOPENED = "Reopened"


COLUMNS: dict[Column, tuple[HeaderState, ...]] = {
    Column.INTAKE: (
        HeaderState.SUBMITTED,
        HeaderState.CONTRACT_REVIEW,
        HeaderState.INFO_REQUIRED,
    ),
    Column.OFFER: (HeaderState.QUOTED, HeaderState.AWAITING_APPROVAL),
    Column.EXPECTED: (HeaderState.ACCEPTED,),
    Column.RECEIVED: (HeaderState.RECEIVED,),
    Column.ASSIGNED: (HeaderState.ASSIGNED,),
    Column.IN_PROGRESS: (HeaderState.IN_PROGRESS, HeaderState.REWORK),
    Column.WAITING: (
        HeaderState.ON_HOLD,
        HeaderState.AWAITING_CUSTOMER,
        HeaderState.AWAITING_PARTS,
        HeaderState.SUBCONTRACTED,
    ),
    Column.QC: (HeaderState.QC,),
    Column.APPROVED: (HeaderState.APPROVED,),
    Column.INVOICED: (HeaderState.INVOICED,),
    Column.OUT: (HeaderState.DISPATCHED,),
    Column.DELIVERED: (HeaderState.DELIVERED,),
    Column.REOPENED: (HeaderState.REOPENED,),
}
ARCHIVE = (HeaderState.CLOSED, HeaderState.REJECTED, HeaderState.CANCELLED)
# A draft is its author's, and stands on no board.
OFF_BOARD = (HeaderState.DRAFT,)

LINE_COLUMNS: tuple[LineState, ...] = (
    LineState.PENDING,
    LineState.RECEIVED,
    LineState.ASSIGNED,
    LineState.IN_PROGRESS,
    LineState.ON_HOLD,
    LineState.AWAITING_CUSTOMER,
    LineState.AWAITING_PARTS,
    LineState.SUBCONTRACTED,
    LineState.QC,
    LineState.REWORK,
    LineState.APPROVED,
    LineState.RELEASED,
)
LINE_ARCHIVE = (LineState.RETURNED, LineState.REJECTED, LineState.CANCELLED)


@dataclass(frozen=True, slots=True)
class Drop:
    """What dropping a card on a column would do.

    Attributes:
        transitions: The numbers of the transitions that lead there; empty where none does.
        lines: They act on lines, so the drop opens the deed for the request's lines.
        reason: Why nothing leads there, where nothing does.
    """

    transitions: tuple[str, ...] = ()
    lines: bool = False
    reason: str = ""

    @property
    def allowed(self) -> bool:
        """Say whether the card may be dropped there."""
        return bool(self.transitions)


@dataclass(frozen=True, slots=True)
class LineCard:
    """A line as the board sees it."""

    state: LineState
    reviewed: bool = False


def column_of(state: HeaderState) -> Column | None:
    """Return the column in which a request stands; None for drafts and the archive."""
    return next((column for column, states in COLUMNS.items() if state in states), None)


def board_targets(
    state: HeaderState,
    lines: Iterable[LineCard] = (),
    *,
    without: frozenset[HeaderState] = NONE_OFF,
) -> dict[Column, Drop]:
    """Return for every column what dropping a request's card there would do.

    In the laboratory's stretch the header follows its lines, so what leads there are transitions
    of lines: of those given, or else of one line in the header's own state.
    """
    by_lines = _by_lines(state, tuple(lines) or _as_line(state), without)
    by_header = legal_transitions(state, without=without)
    home = column_of(state)
    drops: dict[Column, Drop] = {}
    for column, states in COLUMNS.items():
        numbers = _leading(by_header, state, states)
        if numbers:
            drops[column] = Drop(numbers)
        elif column is not home and (numbers := by_lines.get(column, ())):
            drops[column] = Drop(numbers, lines=True)
        else:
            drops[column] = Drop(reason=_reason(state, column, home))
    _name_ways_out(drops, home)
    return drops


def line_board_targets(
    state: LineState,
    *,
    reviewed: bool = False,
    header: HeaderState = HeaderState.RECEIVED,
    without: frozenset[HeaderState] = NONE_OFF,
) -> dict[LineState, Drop]:
    """Return for every column of the board of lines what dropping a line's card there would do."""
    legal = legal_line_transitions(state, reviewed=reviewed, header=header, without=without)
    drops: dict[LineState, Drop] = {}
    for column in LINE_COLUMNS:
        numbers = tuple(
            each.number for each in legal if column is not state and column in each.line_to
        )
        drops[column] = Drop(numbers) if numbers else Drop(reason=_line_reason(state, column))
    return drops


def _by_lines(
    state: HeaderState, lines: tuple[LineCard, ...], without: frozenset[HeaderState]
) -> dict[Column, tuple[str, ...]]:
    if state not in DERIVED:
        return {}
    found: dict[Column, list[str]] = {}
    for line in lines:
        for transition in legal_line_transitions(
            line.state, reviewed=line.reviewed, header=state, without=without
        ):
            for target in transition.line_to:
                column = _line_column(target)
                if column and target is not line.state:
                    numbers = found.setdefault(column, [])
                    if transition.number not in numbers:
                        numbers.append(transition.number)
    return {column: tuple(numbers) for column, numbers in found.items()}


def _line_column(state: LineState) -> Column | None:
    if state is LineState.PENDING or state in (*LINE_ARCHIVE, LineState.RELEASED):
        return None
    return column_of(HeaderState(state.value))


def _as_line(state: HeaderState) -> tuple[LineCard, ...]:
    if state is HeaderState.ACCEPTED:
        return (LineCard(LineState.PENDING),)
    return (LineCard(LineState(state.value)),) if state in LABORATORY else ()


def _leading(
    transitions: Iterable[Transition], state: HeaderState, states: tuple[HeaderState, ...]
) -> tuple[str, ...]:
    return tuple(
        each.number
        for each in transitions
        if any(target in states and target is not state for target in each.header_to)
    )


def _reason(state: HeaderState, column: Column, home: Column | None) -> str:
    if column is home:
        return f"The request stands in {column} already."
    return f"A request that is {words(state)} does not go to {column} next."


def _name_ways_out(drops: dict[Column, Drop], home: Column | None) -> None:
    ways = [column.value for column, drop in drops.items() if drop.allowed and column is not home]
    way = f" It goes to {' or '.join(ways)}." if ways else ""
    for column, drop in drops.items():
        if not drop.allowed and column is not home:
            drops[column] = Drop(reason=drop.reason + way)


def _line_reason(state: LineState, column: LineState) -> str:
    if state is column:
        return f"The line is {words(state)} already."
    if column is LineState.RELEASED:
        return "A certificate is released by the customer's release rule, not by hand."
    return f"A line that is {words(state)} does not go to {words(column)} next."
