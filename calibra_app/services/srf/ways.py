"""Where a card of either board may go for the one who looks at it, and why not elsewhere; pure.

The tables of transitions say what is legal; here the actor's rights, whose work it is and the
guards that can be seen from the card alone are asked as well, so that a drop seldom surprises.
The service that makes the move asks everything again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from calibra_app.core.access import Actor, Permission
from calibra_app.services.srf.board import (
    LINE_COLUMNS,
    Column,
    LineCard,
    board_targets,
    column_of,
    line_board_targets,
)
from calibra_app.services.srf.states import HeaderState, HoldKind, LineState
from calibra_app.services.srf.transition import Transition
from calibra_app.services.srf.workflow import NONE_OFF, TRANSITIONS, may_act

# The columns of the board of instruments: the suspensions share one, as on the other board.
STAGES: Mapping[str, tuple[LineState, ...]] = {
    "pending": (LineState.PENDING,),
    "received": (LineState.RECEIVED,),
    "assigned": (LineState.ASSIGNED,),
    "in_progress": (LineState.IN_PROGRESS, LineState.REWORK),
    "waiting": (
        LineState.ON_HOLD,
        LineState.AWAITING_CUSTOMER,
        LineState.AWAITING_PARTS,
        LineState.SUBCONTRACTED,
    ),
    "qc": (LineState.QC,),
    "approved": (LineState.APPROVED, LineState.RELEASED),
}
EVERY_STATE: Mapping[str, tuple[LineState, ...]] = {state.value: (state,) for state in LINE_COLUMNS}
_TITLES = {
    "pending": "Expected",
    "in_progress": "In progress",
    "waiting": "Waiting",
    "qc": "In review",
}
REASSIGN = "T22"
_NEED_POINTS = frozenset({"T32", "T36"})
_BY_REVIEWER = frozenset({"T35", "T37"})


@dataclass(frozen=True, slots=True)
class Standing:
    """A line as far as its next steps depend on it.

    Attributes:
        done: How many points of its sheet are complete.
        total: How many there are to be; 0 while there is no sheet.
    """

    state: LineState
    header: HeaderState
    assignee_id: UUID | None = None
    reviewed: bool = False
    on_site: bool = False
    hold_kind: HoldKind | None = None
    done: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class Way:
    """What leads to a column: the transitions and what the menu says."""

    transitions: tuple[str, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Ways:
    """For each other column how it is reached, or why it is not."""

    targets: Mapping[str, Way]
    refused: Mapping[str, str]


def line_column(state: LineState, *, every_state: bool = False) -> str:
    """Return the column in which a line stands; empty for what has ended."""
    return next((key for key, states in _columns(every_state).items() if state in states), "")


def srf_column(state: HeaderState) -> str:
    """Return the column in which a request stands; empty off the board."""
    column = column_of(state)
    return _key(column) if column else ""


def line_ways(
    actor: Actor,
    line: Standing,
    *,
    without: frozenset[HeaderState] = NONE_OFF,
    every_state: bool = False,
) -> Ways:
    """Return where a line's card may go for this actor."""
    drops = line_board_targets(
        line.state, reviewed=line.reviewed, header=line.header, without=without
    )
    home = line_column(line.state, every_state=every_state)
    targets: dict[str, Way] = {}
    objected: dict[str, str] = {}
    others = [key for key in _columns(every_state) if key != home]
    for key in others:
        numbers = [
            number for state in _columns(every_state)[key] for number in drops[state].transitions
        ]
        objections = {number: objection(actor, TRANSITIONS[number], line) for number in numbers}
        open_numbers = tuple(number for number, why in objections.items() if not why)
        if open_numbers:
            targets[key] = Way(open_numbers, _deeds(actor, open_numbers))
        elif objections:
            objected[key] = next(iter(objections.values()))
    reason = _reason(home, [key for key in others if key in targets or key in objected])
    if line.state is LineState.ASSIGNED and not objection(actor, TRANSITIONS[REASSIGN], line):
        # In its own column: to another person or day.
        targets[home] = Way((REASSIGN,), "Reassign")
    refused = {key: objected.get(key, reason) for key in others if key not in targets}
    return Ways(targets, refused)


def srf_ways(
    actor: Actor,
    state: HeaderState,
    lines: Sequence[Standing],
    *,
    without: frozenset[HeaderState] = NONE_OFF,
) -> Ways:
    """Return where a request's card may go for this actor; within the laboratory by its lines."""
    cards = [LineCard(line.state, line.reviewed) for line in lines]
    home = srf_column(state)
    targets: dict[str, Way] = {}
    refused: dict[str, str] = {}
    for column, drop in board_targets(state, cards, without=without).items():
        key = _key(column)
        if key == home or key in targets:
            continue
        if drop.lines:
            objections = {
                number: _for_all(actor, TRANSITIONS[number], lines) for number in drop.transitions
            }
        else:
            objections = {
                number: _right_objection(actor, TRANSITIONS[number]) for number in drop.transitions
            }
        open_numbers = tuple(number for number, why in objections.items() if not why)
        if open_numbers:
            targets[key] = Way(open_numbers, _deeds(actor, open_numbers))
            refused.pop(key, None)
        elif key not in refused or objections:
            refused[key] = next(iter(objections.values()), "")
    ways = [key for key in (*targets, *refused) if refused.get(key) != ""]
    reason = _reason(home, ways)
    return Ways(targets, {key: why or reason for key, why in refused.items()})


def objection(actor: Actor, transition: Transition, line: Standing) -> str:
    """Return why the actor cannot make a transition of this line; empty where nothing objects."""
    hold = line.hold_kind if transition.number == "T26" else None
    ability = may_act(actor, transition, hold)
    if ability is None:
        takes = transition.number == "T21" and line.assignee_id is None
        may_take = takes and actor.may(Permission.LINE_TAKE)
        if may_take:
            return ""
        what = f"releasing a hold for {hold.value}" if hold else f"“{transition.verb}”"
        return f"Your roles do not include {what}."
    mine = line.assignee_id == actor.person_id
    if ability.own_only and not mine:
        return "Only the person to whom this item is assigned may do this."
    if ability.conditions == frozenset({"site"}) and not line.on_site:
        return "This may be done on site only."
    return _guard_objection(transition.number, line, mine=mine)


def may_for(actor: Actor, number: str, line: Standing) -> bool:
    """Say whether the actor can make a transition of this line, as far as the card shows."""
    return not objection(actor, TRANSITIONS[number], line)


def _guard_objection(number: str, line: Standing, *, mine: bool) -> str:
    if number in _NEED_POINTS and line.done < line.total:
        missing = line.total - line.done
        return f"G15 · {missing} of {line.total} points are not complete."
    if number in _BY_REVIEWER and mine:
        return "G19 · You performed this work; somebody else reviews it."
    return ""


def _for_all(actor: Actor, transition: Transition, lines: Iterable[Standing]) -> str:
    """Return why none of the lines that stand at the start of a transition can make it."""
    found = ""
    for line in lines:
        if line.state in transition.line_from and transition.reviewed in (None, line.reviewed):
            found = objection(actor, transition, line)
            if not found:
                return ""
    return found or f"“{transition.verb.capitalize()}” concerns none of the items."


def _right_objection(actor: Actor, transition: Transition) -> str:
    if may_act(actor, transition) is not None:
        return ""
    return f"Your roles do not include “{transition.verb}”."


def _deeds(actor: Actor, numbers: Sequence[str]) -> str:
    deeds = [_deed(actor, number) for number in numbers]
    return " or ".join(dict.fromkeys(deeds)).capitalize()


def _deed(actor: Actor, number: str) -> str:
    transition = TRANSITIONS[number]
    if number == "T21" and may_act(actor, transition) is None:
        return "take it myself"
    # From one column to another it is the half of "reassign" that names nobody.
    return "put back into the queue" if number == REASSIGN else transition.verb


def _reason(home: str, ways: Sequence[str]) -> str:
    if not ways:
        return f"From {_title(home)} it goes on by what happens to it, not by hand."
    *more, last = (_title(key) for key in ways)
    listed = f"{', '.join(more)} or {last}" if more else last
    return f"From {_title(home)} it goes to {listed} next."


def _title(key: str) -> str:
    return _TITLES.get(key, key.replace("_", " ").capitalize())


def _columns(every_state: bool) -> Mapping[str, tuple[LineState, ...]]:
    return EVERY_STATE if every_state else STAGES


def _key(column: Column) -> str:
    # What was delivered stands in the last column of the way out until it is closed.
    return Column.OUT.name.lower() if column is Column.DELIVERED else column.name.lower()
