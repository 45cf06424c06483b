"""The boards as a page: a switch between them, filters above, the cards, the open dialog."""

from typing import Any

import reflex as rx

from calibra_app.core.access import Permission
from calibra_app.ui import routes
from calibra_app.ui.base import may
from calibra_app.ui.components import layout
from calibra_app.ui.components.board import board
from calibra_app.ui.components.button import button, link_button, segments
from calibra_app.ui.components.icon import icon
from calibra_app.ui.components.people import presence
from calibra_app.ui.components.shell import shell
from calibra_app.ui.components.table import search_field
from calibra_app.ui.components.values import Deed, Flag, Rows, Text
from calibra_app.ui.pages.board.deeds import MoveState
from calibra_app.ui.pages.board.dialogs import deed_dialog
from calibra_app.ui.pages.board.rows import LANES
from calibra_app.ui.pages.board.state import BoardState
from calibra_app.ui.words import say


def board_page() -> rx.Component:
    """Return the page of the two boards."""
    state = BoardState
    return shell(
        say("Board"),
        _trouble(),
        _rest(),
        rx.cond(
            state.loading,
            layout.skeleton(6),
            rx.cond(state.empty, _empty(), _board()),
        ),
        deed_dialog(),
        here=routes.BOARD,
        presence=presence(state.presence),
        actions=(_which_board(),),
        primary=rx.cond(
            may(Permission.SRF_DRAFT),
            link_button(
                say("New request"),
                href=routes.NEW_REQUEST,
                kind="primary",
                symbol="plus",
                key="N",
                data_key="n",
            ),
        ),
        context=_filters(),
        fixed=True,
    )


def _board() -> rx.Component:
    state = MoveState
    return board(
        state.columns,
        state.cards,
        label=say("Board"),
        lanes=state.lane_rows,
        patch=state.fresh,
        heard=state.heard,
        undo=state.undo,
        on_move=state.move,
        on_open=state.open_card,
        on_refused=state.refuse,
        on_heard=state.catch_up,
    )


def _which_board() -> rx.Component:
    return segments(
        (("line", say("Instruments")), ("srf", say("Requests"))),
        BoardState.kind,
        BoardState.show_board,
        label=say("Which board"),
    )


def _filters() -> tuple[rx.Component, ...]:
    state = BoardState
    lanes = [(key, words) for key, words in LANES.items()]
    return (
        # In the heading there is no room for it on a phone.
        rx.el.div(_which_board(), class_name="phone-only"),
        rx.el.div(
            search_field(state.words, state.find, placeholder=say("Tag, request, customer")),
            key=state.cleared,
            class_name="board-search",
        ),
        _picker("layers", say("Lanes"), lanes, state.lanes, state.choose_lanes),
        _picker(
            "flask-conical",
            say("Discipline"),
            state.disciplines,
            state.discipline,
            state.choose_discipline,
            everything=say("all"),
        ),
        _picker(
            "users",
            say("Person"),
            state.people,
            state.person,
            state.choose_person,
            everything=say("all"),
        ),
        _picker(
            "building",
            say("Customer"),
            state.customers,
            state.customer,
            state.choose_customer,
            everything=say("all"),
        ),
        layout.spacer(),
        _chip(say("Late"), "late", state.late, "clock-alert", tone="red", count=state.late_count),
        _chip(say("Urgent"), "urgent", state.urgent, "flag", tone="red", count=state.urgent_count),
        rx.cond(
            state.kind == "line",
            rx.fragment(
                _chip(say("Not assigned"), "queue", state.queue, "inbox"),
                _chip(say("Every state"), "every_state", state.every_state, "columns-3"),
            ),
        ),
        rx.cond(
            (state.words != "")
            | (state.discipline != "")
            | (state.person != "")
            | (state.customer != "")
            | state.late
            | state.urgent
            | state.queue,
            button(
                say("Show all"), kind="quiet", size="small", symbol="x", on_click=state.show_all
            ),
        ),
    )


def _chip(
    words: str, name: str, pressed: Flag, symbol: str, *, tone: str = "", count: Any = None
) -> rx.Component:
    before = () if count is None else (rx.el.b(count, class_name="num"),)
    return layout.filter_chip(
        *before,
        words,
        pressed=pressed,
        on_click=BoardState.switch(name),
        symbol=symbol,
        tone=tone,
    )


def _picker(
    symbol: str,
    label: str,
    options: Rows,
    chosen: Text,
    on_choose: Deed,
    *,
    everything: str = "",
) -> rx.Component:
    if isinstance(options, rx.Var):
        entries = rx.foreach(options, lambda one: rx.el.option(one[1], value=one[0]))
    else:
        entries = rx.fragment(*(rx.el.option(words, value=key) for key, words in options))
    return rx.el.label(
        icon(symbol),
        rx.el.span(label),
        rx.el.select(
            rx.el.option(everything, value="") if everything else None,
            entries,
            value=chosen,
            on_change=on_choose,
            aria_label=label,
        ),
        icon("chevron-down"),
        class_name="chip chip-pick",
    )


def _trouble() -> rx.Component:
    state = BoardState
    return rx.cond(
        state.trouble != "",
        layout.callout(
            state.trouble,
            tone="amber",
            symbol="cloud-off",
            action=button(say("Try again"), size="small", on_click=state.refresh),
        ),
    )


def _rest() -> rx.Component:
    state = BoardState
    return rx.cond(
        state.more != "",
        layout.callout(
            state.more,
            " ",
            say("more are not shown. Narrow the board to see them."),
            symbol="filter",
        ),
    )


def _empty() -> rx.Component:
    state = BoardState
    return rx.cond(
        state.narrowed,
        layout.empty(
            say("Nothing fits these filters"),
            symbol="filter",
            action=button(say("Show all"), on_click=state.show_all),
        ),
        rx.cond(
            state.kind == "line",
            layout.empty(
                say("Nothing in the laboratory"),
                say(
                    "Instruments stand here from the acceptance of their request until they leave."
                ),
                symbol="square-kanban",
                action=button(say("See the requests"), on_click=state.show_board("srf")),
            ),
            layout.empty(
                say("No open request"),
                say("Requests stand here from submission to delivery."),
                symbol="square-kanban",
            ),
        ),
    )


PAGES = ((routes.BOARD, board_page, (BoardState.load,)),)
