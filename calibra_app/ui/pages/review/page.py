"""The page of technical review: the queue, the sheet, and beside it what it stands on."""

from typing import Any

import reflex as rx

from calibra_app.core.access import Permission
from calibra_app.ui import routes
from calibra_app.ui.base import may
from calibra_app.ui.components import layout
from calibra_app.ui.components.button import button
from calibra_app.ui.components.icon import icon
from calibra_app.ui.components.shell import shell
from calibra_app.ui.components.status import badge, verdict
from calibra_app.ui.components.table import cell, record
from calibra_app.ui.components.values import Text
from calibra_app.ui.pages.review.dialogs import review_dialogs
from calibra_app.ui.pages.review.panel import PANES, review_panel
from calibra_app.ui.pages.review.rows import CellText, ChangeText, QueueRow, RiskText, RowText
from calibra_app.ui.pages.review.state import ReviewState
from calibra_app.ui.words import say

_SPLIT = {"display": "flex", "flexWrap": "wrap", "gap": "16px", "alignItems": "flex-start"}
_QUEUE = {"flex": "1 1 190px", "minWidth": "0"}
_SHEET = {"flex": "6 1 560px", "minWidth": "0"}

# There for the keys alone: neither seen nor reached with Tab.
_UNSEEN = {
    "position": "absolute",
    "width": "1px",
    "height": "1px",
    "overflow": "hidden",
    "clipPath": "inset(50%)",
    "border": "0",
    "padding": "0",
}


def review_page() -> rx.Component:
    """Return the queue with the line that is reviewed."""
    state: Any = ReviewState
    return shell(
        say("Review"),
        layout.page(
            rx.cond(
                state.loading,
                layout.skeleton(8),
                rx.cond(
                    state.queue.length() > 0,
                    rx.el.div(
                        rx.el.div(_queue(), style=_QUEUE),
                        rx.el.div(_sheet(), style=_SHEET),
                        style=_SPLIT,
                    ),
                    layout.empty(
                        say("Nothing to review"),
                        say("Sheets stand here once their technician has signed them."),
                        symbol="scan-search",
                    ),
                ),
            ),
            *review_dialogs(),
            _keys(),
        ),
        here=routes.REVIEW,
        beside=rx.cond(state.head.tag != "", badge(state.head.tag, "teal", "scan-search")),
        rail=True,
        actions=(
            rx.cond(
                state.head.reviewable & (state.head.open_count > 0) & may(Permission.SHEET_REVIEW),
                button(
                    state.flags,
                    symbol="undo-2",
                    on_click=state.open_form("return"),
                    custom_attrs={"data-key": "r"},
                ),
            ),
        ),
        primary=rx.cond(
            state.head.reviewable & may(Permission.SHEET_REVIEW),
            button(
                say("Accept review…"),
                kind="primary",
                symbol="signature",
                on_click=state.open_form("accept"),
                disabled=state.head.open_count > 0,
                custom_attrs={"data-key": "a"},
            ),
        ),
        panel=rx.cond(state.head.tag != "", review_panel()),
    )


def _keys() -> rx.Component:
    """Return what answers to keys and needs no button of its own on the screen."""
    state: Any = ReviewState

    def deed(key: str, words: str, on_click: Any) -> rx.Component:
        return rx.el.button(
            words,
            type="button",
            on_click=on_click,
            style=_UNSEEN,
            tab_index=-1,
            aria_hidden="true",
            custom_attrs={"data-key": key},
        )

    return rx.el.div(
        deed("j", say("Next line"), state.step(1)),
        deed("k", say("Previous line"), state.step(-1)),
        deed("x", say("Flag a cell of this point"), state.ask_about_point),
        deed(" ", say("Next point"), state.next_point),
        *(deed(str(at), words, state.show(pane)) for at, (pane, words) in enumerate(PANES, 1)),
    )


def _queue() -> rx.Component:
    state: Any = ReviewState
    return layout.card(
        say("Queue"),
        layout.rows(rx.foreach(state.queue, _queued)),
        action=rx.el.span(state.waiting, class_name="tiny faint"),
        flush=True,
    )


def _queued(row: QueueRow) -> rx.Component:
    return rx.el.div(
        rx.el.button(
            rx.el.div(
                rx.el.div(row.tag, class_name="medium cut"),
                rx.el.div(row.description, class_name="tiny faint cut"),
                rx.el.div(
                    rx.foreach(row.risks, _risk),
                    rx.cond(row.again, badge(say("Again"), "teal", "undo-2")),
                    rx.cond(row.mine, badge(say("Your own work"), "gray", "lock")),
                    class_name="row row-wrap",
                    style={"marginTop": "4px", "gap": "4px"},
                ),
                rx.el.div(
                    row.srf_number,
                    " · ",
                    row.performer,
                    rx.cond(row.due != "", f" · {row.due}", ""),
                    class_name="tiny second cut",
                    style={"marginTop": "4px"},
                ),
                class_name="grow",
                style={"textAlign": "left", "minWidth": "0"},
            ),
            type="button",
            on_click=ReviewState.choose(row.key),
            aria_current=rx.cond(row.here, "true", "false"),
            style={
                "width": "100%",
                "background": rx.cond(row.here, "var(--brand-soft)", "transparent"),
                "border": "0",
                "padding": "10px 12px",
                "font": "inherit",
                "color": "inherit",
                "cursor": "pointer",
                "borderRadius": "0",
            },
        ),
        style={"padding": "0"},
    )


def _risk(risk: RiskText) -> rx.Component:
    # In full as a tip, where the queue is too narrow for it.
    return rx.el.span(
        badge(risk.words, risk.tone, "triangle-alert"), title=risk.words, style={"maxWidth": "100%"}
    )


def _sheet() -> rx.Component:
    state: Any = ReviewState
    head = state.head
    return layout.stack(
        rx.cond(
            head.refusal != "",
            layout.callout(head.refusal, tone="amber", symbol="lock"),
        ),
        rx.cond(
            state.changes.length() > 0,
            layout.card(
                say("Measured again: only this changed"),
                layout.rows(rx.foreach(state.changes, _change)),
                flush=True,
            ),
        ),
        layout.card(
            f"{head.tag} · {head.description}",
            rx.el.div(
                rx.el.span(head.method, class_name="second"),
                rx.el.span(head.rule, class_name="second"),
                rx.el.span(
                    head.performer, " · ", head.place, " · ", head.submitted, class_name="faint"
                ),
                rx.cond(
                    head.adjustment != "",
                    rx.el.span(say("Adjusted: "), head.adjustment, class_name="ink-amber"),
                ),
                class_name="row row-wrap gap-12 tiny pad",
            ),
            rx.cond(
                state.rows.length() > 0,
                _readings(),
                layout.empty(
                    say("Results of an external provider"), head.provider, symbol="building-2"
                ),
            ),
            action=rx.cond(
                head.sheet_path != "", layout.link(say("Open the sheet"), href=head.sheet_path)
            ),
            flush=True,
        ),
    )


def _readings() -> rx.Component:
    state: Any = ReviewState
    names = (say("Mean"), say("Error, limit"), "U, k")
    return rx.el.div(
        rx.el.table(
            rx.el.thead(
                rx.el.tr(
                    rx.el.th(say("Point"), scope="col"),
                    rx.foreach(
                        state.columns,
                        lambda at: rx.el.th(f"R{at}", scope="col", class_name="right"),
                    ),
                    *(rx.el.th(name, scope="col", class_name="right") for name in names),
                    rx.el.th(say("Verdict"), scope="col"),
                )
            ),
            rx.el.tbody(rx.foreach(state.rows, _reading)),
            class_name="table table-tight",
            aria_label=say("Readings and results"),
        ),
        class_name="table-frame",
        style={"overflowX": "auto"},
    )


def _reading(row: RowText) -> rx.Component:
    state: Any = ReviewState
    return record(
        rx.el.td(
            rx.el.button(
                row.label,
                rx.cond(row.phase == "as_left", rx.el.span(say(" as left"), class_name="faint")),
                type="button",
                on_click=state.pick(row.name),
                class_name="link one-line",
                style={"background": "none", "border": "0", "padding": "0", "font": "inherit"},
            ),
            rx.cond(row.group != "", rx.el.div(row.group, class_name="tiny faint")),
        ),
        rx.foreach(row.cells, lambda one: rx.el.td(_cell(row, one), class_name="right num")),
        rx.foreach(row.missing, lambda _at: rx.el.td()),
        cell(row.mean, right=True, class_name="num one-line"),
        _over(row.error, row.limit, "medium"),
        _over(row.uncertainty, rx.cond(row.k != "", f"k = {row.k}", "")),
        cell(
            rx.cond(row.note != "", row.note, verdict(row.verdict, row.tone, row.symbol)),
            class_name="one-line",
        ),
        selected=row.here,
    )


def _over(figure: Text, judged: Text, look: str = "") -> rx.Component:
    """Return a figure above what it is judged by, so that the verdict still fits beside them."""
    return cell(
        rx.el.div(figure, class_name=look),
        rx.el.div(judged, class_name="tiny second"),
        right=True,
        class_name="num one-line",
    )


def _cell(row: RowText, one: CellText) -> rx.Component:
    state: Any = ReviewState
    return rx.el.button(
        one.raw,
        rx.cond(one.marks != "", rx.el.sup("*", title=one.marks)),
        rx.cond(one.tone == "orange", icon("flag")),
        type="button",
        title=f"{one.by} {one.marks}",
        aria_label=f"{row.label}, R{one.repeat}: {one.raw}",
        on_click=state.ask_about(row.name, one.repeat),
        class_name=rx.cond(one.tone != "", f"num one-line tone-{one.tone}", "num one-line"),
        style={
            "border": "0",
            "borderRadius": "4px",
            "padding": "2px 3px",
            "font": "inherit",
            "cursor": "pointer",
            "background": rx.cond(one.tone == "", "transparent", ""),
            "color": rx.cond(one.tone == "", "inherit", ""),
        },
    )


def _change(change: ChangeText) -> rx.Component:
    return layout.row_entry(
        layout.two_lines(change.place, f"{change.reason} · {change.by}"),
        rx.el.span(
            rx.el.s(change.old, class_name="faint"), " → ", rx.el.b(change.new), class_name="num"
        ),
    )


PAGES = ((routes.REVIEW, review_page, (ReviewState.load,)),)
