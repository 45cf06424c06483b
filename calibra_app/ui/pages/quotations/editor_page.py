"""The editor of a quotation: lines in a grid, sums, scope of the chosen line, revisions."""

from typing import Any

import reflex as rx

from calibra_app.core.access import Permission
from calibra_app.ui import routes
from calibra_app.ui.base import may
from calibra_app.ui.components import layout
from calibra_app.ui.components.button import button
from calibra_app.ui.components.cell_grid import CellColumn, ComputedColumn, cell_grid
from calibra_app.ui.components.people import presence
from calibra_app.ui.components.shell import shell
from calibra_app.ui.components.status import badge
from calibra_app.ui.components.table import Column, cell, record, table
from calibra_app.ui.pages.quotations.deeds import QuotationDeeds as State
from calibra_app.ui.pages.quotations.dialogs import editor_dialogs
from calibra_app.ui.pages.quotations.editor import DIFFERENCES
from calibra_app.ui.pages.quotations.panel import quotation_panel
from calibra_app.ui.pages.quotations.rows import DifferenceRow, RevisionRow
from calibra_app.ui.words import say

MAY_WRITE = may(Permission.QUOTATION_WRITE)
MAY_SEND = may(Permission.QUOTATION_SEND)
MAY_ANSWER = may(Permission.QUOTATION_ANSWER)
DRAFT = State.stands == "draft"
WAITS = State.stands == "internal_approval"
SENT = State.stands == "sent"
# To a type checker a state's var looks like the list it holds.
REVISIONS: Any = State.revisions
PROBLEMS: Any = State.problems
COLUMNS = (
    CellColumn(id="description", title=say("Item and work"), words=True, guard=False),
    CellColumn(id="quantity", title=say("Quantity"), guard=False),
    CellColumn(id="unit_price", title=say("Unit price"), guard=False),
    CellColumn(id="surcharge_percent", title=say("Surcharge %"), guard=False),
)
COMPUTED = (ComputedColumn(id="net", title=say("Net"), strong=True),)
GRID_WORDS = {
    "point": say("Line"),
    "clash": say("{by} entered {theirs} here first."),
    "keys": [
        ["Enter", say("next")],
        ["↑ ↓", say("lines")],
        ["F2", say("edit")],
        ["Esc", say("restore")],
        ["Ctrl V", say("paste block")],
        ["Ctrl Z", say("undo")],
    ],
}


def quotation_page() -> rx.Component:
    """Return one quotation."""
    return shell(
        rx.cond(State.found, State.title, say("Quotation")),
        rx.cond(
            State.found,
            rx.el.div(_views(), _shown(), class_name="offer-lines"),
            layout.skeleton(8),
        ),
        editor_dialogs(),
        here=routes.QUOTATIONS,
        crumbs=((say("Quotations"), routes.QUOTATIONS),),
        beside=rx.cond(State.found, badge(State.state_words, State.state_tone, State.state_icon)),
        presence=presence(State.presence),
        actions=(_menu(),),
        primary=_primary(),
        context=(
            layout.chip(layout.link(State.customer, href=State.customer_path), symbol="building"),
            layout.chip(
                layout.link(State.srf_number, href=State.srf_path), symbol="clipboard-list"
            ),
            layout.chip(say("Valid until "), rx.el.b(State.valid_words), symbol="calendar-days"),
            rx.cond(State.sent_words != "", layout.chip(State.sent_words, symbol="send")),
            rx.cond(
                State.approved_words != "",
                layout.chip(State.approved_words, symbol="shield-check", tone="green"),
            ),
        ),
        panel=quotation_panel(),
        fixed=True,
        sheet=True,
    )


def _primary() -> rx.Component:
    chosen: Any = rx.match(
        State.stands,
        (
            "draft",
            rx.cond(
                State.excess != "",
                rx.cond(
                    MAY_WRITE,
                    _key(say("Ask approval"), "approval", "shield-check"),
                ),
                rx.cond(MAY_SEND, _key(say("Send to customer"), "send", "send")),
            ),
        ),
        (
            "internal_approval",
            rx.cond(
                State.approvable,
                _key(say("Approve…"), "approve", "signature"),
                rx.cond(
                    MAY_SEND & (State.approved_words != ""),
                    _key(say("Send to customer"), "send", "send"),
                ),
            ),
        ),
        ("sent", rx.cond(MAY_ANSWER, _key(say("Enter answer"), "answer", "handshake"))),
        (
            "expired",
            rx.cond(
                MAY_WRITE,
                button(say("Renew"), kind="primary", symbol="refresh-cw", on_click=State.renew),
            ),
        ),
        rx.fragment(),
    )
    return rx.fragment(chosen)


def _key(words: str, dialog: str, symbol: str) -> rx.Component:
    return button(
        words,
        kind="primary",
        symbol=symbol,
        on_click=State.open(dialog),
        custom_attrs={"data-key": "n"},
    )


def _menu() -> rx.Component:
    def entry(words: str, dialog: str, symbol: str) -> rx.Component:
        return layout.menu_entry(words, symbol=symbol, on_click=State.open(dialog))

    return rx.cond(
        MAY_WRITE & (DRAFT | WAITS | SENT),
        layout.menu(
            say("More"),
            rx.cond(DRAFT, entry(say("Add a line"), "line", "plus")),
            rx.cond(DRAFT, entry(say("Discount"), "discount", "percent")),
            rx.cond(DRAFT, entry(say("Validity and terms"), "conditions", "calendar-days")),
            rx.cond(
                WAITS,
                layout.menu_entry(
                    say("Back to draft"), symbol="undo-2", on_click=State.back_to_draft
                ),
            ),
            rx.cond(SENT, entry(say("Send the link again"), "again", "send")),
            rx.cond(DRAFT | WAITS, entry(say("Back to contract review"), "review", "undo-2")),
        ),
    )


def _views() -> rx.Component:
    """Return the row R0 | R1 | differences."""
    return layout.row(
        rx.el.div(
            rx.foreach(REVISIONS, _view),
            rx.cond(
                State.differing_words != "",
                rx.el.button(
                    say("Differences"),
                    type="button",
                    aria_pressed=State.view == DIFFERENCES,
                    on_click=State.choose_view(DIFFERENCES),
                ),
            ),
            class_name="segments",
            role="group",
            aria_label=say("Revision"),
        ),
        layout.spacer(),
        rx.cond(
            DRAFT & MAY_WRITE,
            button(say("Add a line"), symbol="plus", size="small", on_click=State.open("line")),
        ),
        class_name="pad",
    )


def _view(row: RevisionRow) -> rx.Component:
    newest = REVISIONS[REVISIONS.length() - 1].number == row.number
    return rx.el.button(
        row.label,
        type="button",
        aria_pressed=(State.view == row.number) | ((State.view == "") & newest),
        on_click=State.choose_view(row.number),
    )


def _shown() -> rx.Component:
    return rx.cond(State.view == DIFFERENCES, _differences(), rx.fragment(_trouble(), _grid()))


def _trouble() -> rx.Component:
    return rx.cond(
        DRAFT & (PROBLEMS.length() > 0),
        rx.el.div(
            layout.callout(
                rx.foreach(PROBLEMS, rx.el.div),
                tone="amber",
                symbol="triangle-alert",
            ),
            class_name="pad",
        ),
    )


def _grid() -> rx.Component:
    return cell_grid(
        label=say("Lines of the quotation"),
        store=State.key + State.title,
        columns=COLUMNS,
        computed=COMPUTED,
        rows=State.rows,
        cells=State.cells,
        results=State.results,
        clashes=State.clashes,
        asks=State.asks,
        selected=State.selected,
        locked=rx.cond(MAY_WRITE, State.locked, say("You may look at this quotation.")),
        words=GRID_WORDS,
        on_draft=State.draft,
        on_commit=State.commit,
        on_focus_cell=State.focus,
        on_resolve=State.resolve,
    )


def _differences() -> rx.Component:
    return rx.el.div(
        table(
            ("", "#", Column(State.differing_words), say("What"), say("Before"), say("After")),
            State.differing,
            _difference,
            label=say("Differences"),
            empty=layout.empty(say("Nothing differs"), symbol="check"),
        ),
        class_name="sheet-scroll",
    )


def _difference(row: DifferenceRow) -> rx.Component:
    return record(
        cell(rx.el.span(row.sign, class_name=f"medium ink-{row.tone}")),
        cell(row.place, class_name="num"),
        cell(row.what),
        cell(row.field),
        cell(rx.el.s(row.old), class_name="num faint"),
        cell(row.new, class_name="num medium"),
    )
