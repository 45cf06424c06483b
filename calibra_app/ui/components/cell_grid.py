"""The cell grid: observation sheets, and other tables whose cells several people fill at once.

Why our own part: a cell must have its own version, keep a draft while others write, follow the
keyboard, and ask beside itself when a value looks slipped. Ready grids draw on a canvas or own the
data. This one is a table of native inputs. Every cell that was sent stays in the browser, marked
with a clock and sent again, until the server shows a newer version than the one typed over; so a
lost line loses nothing, and a repeated commit must be harmless on the server.
"""

from typing import Any, NotRequired, TypedDict

import reflex as rx
from reflex.event import passthrough_event_spec

from calibra_app.ui.components.values import Deed, Flag, Lookup, Rows, Text
from calibra_app.ui.words import say

# The grid takes its cells from the file beside it.
rx.asset("cell.jsx", shared=True)
_SHEET = rx.asset("sheet.jsx", shared=True)


class CellColumn(TypedDict):
    """A column to fill in. `name` is spoken; `words` is for text; `guard` False asks no typos."""

    id: str
    title: str
    name: NotRequired[str]
    words: NotRequired[bool]
    guard: NotRequired[bool]


class ComputedColumn(TypedDict):
    """A column that the server computes.

    `wide` hides it on a tablet, `quiet` greys it, `strong` stresses it, `judged` tints it where the
    result is `out`, `verdict` draws `result["verdict"]`.
    """

    id: str
    title: str
    words: NotRequired[bool]
    wide: NotRequired[bool]
    quiet: NotRequired[bool]
    strong: NotRequired[bool]
    judged: NotRequired[bool]
    verdict: NotRequired[bool]


class GridRow(TypedDict):
    """One row: a measurement point, or a heading where `kind` is "group" (then label and sub).

    `label` is spoken ("10.00 V"); `point`, `unit`, `note` are shown; `nominal` serves the
    typo guard while the row is empty; `repeats` is how many columns it has, where not all;
    `locked` is a reason why nobody may write here.
    """

    id: str
    kind: NotRequired[str]
    label: str
    sub: NotRequired[str]
    number: NotRequired[str]
    point: NotRequired[str]
    unit: NotRequired[str]
    note: NotRequired[str]
    nominal: NotRequired[str]
    repeats: NotRequired[int]
    flagged: NotRequired[bool]
    locked: NotRequired[str]


class Cell(TypedDict):
    """One cell by "row:column"; version 0 was never saved. `mark`: "", "corrected" or "comment"."""

    value: str
    version: int
    mark: NotRequired[str]
    from_instrument: NotRequired[bool]
    returned: NotRequired[bool]
    locked: NotRequired[str]


class Verdict(TypedDict):
    """A statement of conformity, as `components.status.VERDICTS` looks."""

    tone: str
    icon: str
    words: str


class CellPatch(TypedDict):
    """News of one cell (`column`, `value`, `version`), of its row's `result`, or of both.

    A `result` holds the text of each computed column by id, `out`, `verdict` (or the name of a
    `statement`, looked up in `verdicts`), how many are `remaining`, and its `version`. What one
    transaction tells at once comes as one patch with a list of patches under `news`.
    """

    row: str
    column: NotRequired[str]
    value: NotRequired[str]
    version: NotRequired[int]
    mark: NotRequired[str]
    result: NotRequired[dict[str, Any]]


class Question(TypedDict):
    """What the server says of a commit that it did not store: `refused`, or doubts its `text`.

    `meant` is the value that a slip of the finger would have meant.
    """

    said: str
    text: str
    refused: NotRequired[bool]
    meant: NotRequired[str]


class Clash(TypedDict):
    """Somebody saved the cell first: `theirs`, `by` whom, `at`, now at `version`; `mine` waits."""

    by: str
    at: str
    theirs: str
    mine: str
    version: int


class Pasted(TypedDict):
    """One cell of an accepted block."""

    row: str
    column: str
    text: str
    version: int


class CellGrid(rx.Component):
    """The React part; pages call `cell_grid`."""

    library = f"$/public{_SHEET}"
    tag = "CellGrid"
    label: rx.Var[str]
    store: rx.Var[str]
    columns: rx.Var[list]
    computed: rx.Var[list]
    rows: rx.Var[list]
    cells: rx.Var[dict]
    results: rx.Var[dict]
    patch: rx.Var[list]
    presence: rx.Var[dict]
    present: rx.Var[list]
    me: rx.Var[str]
    clashes: rx.Var[dict]
    asks: rx.Var[dict]
    verdicts: rx.Var[dict]
    preview: rx.Var[dict]
    goal: rx.Var[str]
    selected: rx.Var[str]
    locked: rx.Var[str]
    reasons: rx.Var[list[str]]
    down: rx.Var[bool]
    words: rx.Var[dict]
    on_draft: rx.EventHandler[passthrough_event_spec(str, str, str)]
    on_commit: rx.EventHandler[passthrough_event_spec(str, str, str, int, str)]
    on_paste: rx.EventHandler[passthrough_event_spec(list[Pasted], str)]
    on_focus_cell: rx.EventHandler[passthrough_event_spec(str, str)]
    on_resolve: rx.EventHandler[passthrough_event_spec(str, str)]
    on_news: rx.EventHandler[passthrough_event_spec(str)]


WORDS: dict[str, Any] = {
    "point": say("Point"),
    "open": say("Open"),
    "toGo": say("{count} to go"),
    "corrected": say("corrected, see history"),
    "commented": say("has a comment"),
    "returned": say("returned by the reviewer"),
    "fromInstrument": say("read from the instrument"),
    "late": say("not saved yet"),
    "present": say("{name} is here"),
    "notNumber": say("“{text}” is not a number."),
    "notSaved": say("Nothing has been saved yet."),
    "change": say("Change it"),
    "restore": say("Restore"),
    "tenfold": say("{value} is 10 × the other indications."),
    "tenth": say("{value} is one tenth of the other indications."),
    "sign": say("{value} has the opposite sign of the other indications."),
    "use": say("Use {value}"),
    "keepTyped": say("Keep {value} with reason"),
    "correct": say("Correct {old} to {value}?"),
    "reasonKept": say("The old value stays in the history with your reason."),
    "reason": say("Reason"),
    "otherReason": say("Another reason…"),
    "save": say("Save"),
    "cancel": say("Cancel"),
    "clash": say("{by} saved {theirs} at {at}."),
    "clashMine": say("Yours: {mine}"),
    "keepTheirs": say("Keep {theirs}"),
    "replace": say("Replace"),
    "replaceWithReason": say("Replace with reason…"),
    "pasteTitle": say("Check what is pasted"),
    "pasteCount": say("{count} values read"),
    "pasteBad": say("{count} not readable or locked"),
    "pasteAccept": say("Accept {count}"),
    "comma": say("decimal comma recognized"),
    # How many rows are done; empty where rows are never done, as in a quotation.
    "progress": "",
    "saved": say("All changes saved"),
    "saving": say("Saving…"),
    "unsaved": say("{count} not saved yet; kept on this device"),
    "keys": [
        ["Enter", say("next")],
        ["↑ ↓", say("points")],
        ["F2", say("edit")],
        ["Esc", say("restore")],
        ["Ctrl V", say("paste block")],
        ["Ctrl Z", say("undo")],
    ],
}


def cell_grid(
    *,
    label: Text,
    columns: Rows,
    rows: Rows,
    cells: Lookup,
    on_commit: Deed,
    computed: Rows = (),
    results: Lookup | None = None,
    patch: Rows | None = None,
    presence: Lookup | None = None,
    present: Rows | None = None,
    me: Text | None = None,
    clashes: Lookup | None = None,
    asks: Lookup | None = None,
    verdicts: Lookup | None = None,
    preview: Lookup | None = None,
    goal: Text | None = None,
    selected: Text | None = None,
    locked: Text | None = None,
    reasons: Rows | None = None,
    store: Text = "",
    down: Flag = False,
    words: dict[str, Any] | None = None,
    on_draft: Deed | None = None,
    on_paste: Deed | None = None,
    on_focus_cell: Deed | None = None,
    on_resolve: Deed | None = None,
    on_news: Deed | None = None,
) -> rx.Component:
    """Return a grid with its own foot (keys, saved or not); put it into a `fixed` shell.

    Args:
        label: What the grid holds: "Observation sheet, as found".
        columns: The columns to fill in.
        rows: Points and headings, in order; ids differ between series (as found, as left).
        cells: The stored cells by "row:column"; loaded after joining the topic.
        on_commit: Called with (row, column, text, base_version, reason). Store only if the cell's
            version still is the base; the same text at a newer version is a repetition: answer as
            if stored. A refusal goes into `clashes`; a success comes back by `patch` or `cells`.
        computed: The columns that the server computes.
        results: Their texts by row: {column id: text, "out": bool, "verdict": Verdict, "version"}.
        patch: The window of `CellPatch`es that the live bus sends; merged by version.
        presence: Who stands where, by "row:column": {"name": "Mei"}; without the reader.
        present: Instead of `presence`: the var that `LIVE.join_presence` keeps.
        me: The reader's id, who is left out of `present`.
        clashes: Commits that came too late, by "row:column".
        asks: Commits that were refused or want to be confirmed, by "row:column"; a confirmed one
            comes as a commit with a reason.
        verdicts: How each statement of conformity looks, by its name.
        preview: {"row", "result"}: the figures of the row in which one types.
        goal: A row to go to, as "row#count": each new text goes to its first empty cell.
        selected: The id of the row whose panel is shown.
        locked: A reason why nothing may be changed; empty means it may.
        reasons: The list for corrections; None asks for no reason (quotation lines).
        store: A name for what is kept on this device, such as the sheet's id.
        down: Enter goes to the next point instead of the next indication.
        words: Texts that differ from `WORDS`.
        on_draft: Called with (row, column, text) while one types, at most every 60 ms: compute, but
            store nothing. A suspect value never arrives here.
        on_paste: Called with (list of `Pasted`, reason); without it each cell is committed alone.
        on_focus_cell: Called with (row, column) when a cell is entered.
        on_resolve: Called with (row, column) when a clash was answered: take it out of `clashes`.
        on_news: Called with the selected row when a patch changed it: read its panel anew.
    """
    given = {
        "results": results,
        "patch": patch,
        "presence": presence,
        "present": present,
        "me": me,
        "clashes": clashes,
        "asks": asks,
        "verdicts": verdicts,
        "preview": preview,
        "goal": goal,
        "selected": selected,
        "locked": locked,
        "reasons": reasons if reasons is None or isinstance(reasons, rx.Var) else list(reasons),
        "on_draft": on_draft,
        "on_paste": on_paste,
        "on_focus_cell": on_focus_cell,
        "on_resolve": on_resolve,
        "on_news": on_news,
    }
    return CellGrid.create(
        label=label,
        store=store,
        columns=columns if isinstance(columns, rx.Var) else list(columns),
        computed=computed if isinstance(computed, rx.Var) else list(computed),
        rows=rows,
        cells=cells,
        down=down,
        words=WORDS | (words or {}),
        on_commit=on_commit,
        **{name: value for name, value in given.items() if value is not None},
    )
