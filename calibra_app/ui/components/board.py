"""The board: cards in columns of states, moved by mouse, touch, keyboard or a menu.

Why dnd-kit: the browser's own drag and drop knows neither keyboard nor touch. The card menu "Move
to…" does the same without dragging (WCAG 2.5.7). A move is drawn at once and taken back when no
newer version of the card arrives, so the board never claims what the server refused.
"""

from typing import NotRequired, TypedDict

import reflex as rx
from reflex.event import passthrough_event_spec

from calibra_app.ui.components.status import BOARD_COLUMNS, LINE_STATES
from calibra_app.ui.components.values import Deed, Rows
from calibra_app.ui.words import say

_BOARD = rx.asset("board.jsx", shared=True)


class Column(TypedDict):
    """One column; `limit` 0 means none."""

    id: str
    title: str
    icon: str
    tone: str
    limit: NotRequired[int]


class Lane(TypedDict):
    """One lane: its cards are moved within it."""

    id: str
    title: str
    sub: NotRequired[str]


class CardFlag(TypedDict):
    """The one most pressing remark on a card."""

    tone: str
    icon: str
    text: str


class Mark(TypedDict):
    """A person on a card; `hue` and `initials` come from `ui.format`."""

    name: str
    initials: str
    hue: int


class Card(TypedDict):
    """One card, all of it text and small numbers.

    `targets` holds each column that the card may be moved to now, with the words of that deed
    ("Start work"); `refused` holds the reason for each of the others. `version` is the record's:
    the board keeps the highest it has seen. A patch with `gone` takes the card away.
    """

    id: str
    version: int
    column: str
    lane: NotRequired[str]
    order: NotRequired[int]
    tag: str
    name: NotRequired[str]
    customer: NotRequired[str]
    flag: NotRequired[CardFlag | None]
    urgent: NotRequired[bool]
    done: NotRequired[int]
    total: NotRequired[int]
    due: NotRequired[str]
    due_tone: NotRequired[str]
    people: NotRequired[list[Mark]]
    targets: NotRequired[dict[str, str]]
    refused: NotRequired[dict[str, str]]
    gone: NotRequired[bool]


WORDS = {
    "urgent": say("Urgent"),
    "late": say("Late"),
    "progress": say("{done} of {total} points"),
    "card": say("card on the board"),
    "move": say("Move to…"),
    "moveCard": say("Move {tag} to…"),
    "here": say("Move here"),
    "notFromHere": say("Not possible from its present state"),
    "pick": say("Column"),
    "limit": say("limit {limit}"),
    "overLimit": say("over limit {limit}"),
    "lifted": say("{tag} lifted. Arrow keys choose a column, Space drops, Escape returns it."),
    "dropped": say("{tag} moved to {column}."),
    "returned": say("{tag} stays where it was."),
    "help": say("Space lifts the card, Enter opens it, M lists where it may be moved."),
}


class Board(rx.NoSSRComponent):
    """The React part; pages call `board`."""

    library = f"$/public{_BOARD}"
    tag = "Board"
    lib_dependencies: list[str] = ["@dnd-kit/core@6.3.1"]
    columns: rx.Var[list]
    lanes: rx.Var[list]
    cards: rx.Var[list]
    patch: rx.Var[list]
    words: rx.Var[dict[str, str]]
    label: rx.Var[str]
    heard: rx.Var[list]
    undo: rx.Var[int]
    on_heard: rx.EventHandler[passthrough_event_spec(list[str])]
    on_move: rx.EventHandler[passthrough_event_spec(str, str, int)]
    on_refused: rx.EventHandler[passthrough_event_spec(str, str)]
    on_open: rx.EventHandler[passthrough_event_spec(str)]


def board(
    columns: Rows,
    cards: Rows,
    *,
    label: str,
    on_move: Deed,
    on_open: Deed,
    on_refused: Deed | None = None,
    lanes: Rows = (),
    patch: Rows | None = None,
    heard: Rows | None = None,
    on_heard: Deed | None = None,
    undo: int | rx.Var[int] | None = None,
) -> rx.Component:
    """Return a board that fills the rest of its column (put it into a `fixed` shell).

    Args:
        columns: The columns, in order; `srf_columns()` and `line_columns()` make the usual ones.
        cards: Every card; the state's own list, loaded after joining the topic.
        label: What the board shows, for screen readers.
        on_move: Called with (card_id, column, version) for a legal move.
        on_open: Called with (card_id) on a click or Enter.
        on_refused: Called with (card_id, column) for a drop that is not legal.
        lanes: Swim-lanes; none means one field.
        patch: The window of cards read again since they were loaded; merged by version.
        heard: The window of the live bus: kind and id of what has changed, and `seq`.
        on_heard: Called with what was heard and not asked for yet, such as ["line:01a1…"].
        undo: Add one to it after a refused move, and the board draws every card back.
    """
    optional = {
        "on_refused": on_refused,
        "patch": patch,
        "heard": heard,
        "on_heard": on_heard,
        "undo": undo,
    }
    return Board.create(
        columns=columns if isinstance(columns, rx.Var) else list(columns),
        lanes=lanes if isinstance(lanes, rx.Var) else list(lanes),
        cards=cards,
        words=WORDS,
        label=label,
        on_move=on_move,
        on_open=on_open,
        **{name: value for name, value in optional.items() if value is not None},
    )


def srf_columns() -> list[Column]:
    """Return the twelve columns of the request board."""
    return [
        Column(id=key, title=look.words, icon=look.icon, tone=look.tone)
        for key, (look, _) in BOARD_COLUMNS.items()
    ]


def line_columns(*states: str) -> list[Column]:
    """Return one column for each of the line states named, or for the usual bench states."""
    shown = states or ("received", "assigned", "in_progress", "qc", "approved", "released")
    return [
        Column(
            id=state,
            title=LINE_STATES[state].words,
            icon=LINE_STATES[state].icon,
            tone=LINE_STATES[state].tone,
        )
        for state in shown
    ]
