"""What stands beside the sheet in review: the point, remarks, evidence, the last calibration."""

from typing import Any

import reflex as rx

from calibra_app.ui.components import layout
from calibra_app.ui.components.budget import shares, zone_bar
from calibra_app.ui.components.button import button
from calibra_app.ui.components.status import badge, verdict
from calibra_app.ui.components.tabs import tab_panel, tabs
from calibra_app.ui.pages.review.rows import Evidence, RemarkText
from calibra_app.ui.pages.review.state import ReviewState
from calibra_app.ui.words import say

PANES = (
    ("point", say("Point")),
    ("remarks", say("Remarks")),
    ("evidence", say("Evidence")),
    ("earlier", say("Last time")),
)


def review_panel() -> rx.Component:
    """Return the panel with its tabs."""
    state: Any = ReviewState
    return rx.fragment(
        tabs(PANES, state.pane, state.show, label=say("Evidence")),
        tab_panel("point", state.pane, _point()),
        tab_panel("remarks", state.pane, _remarks()),
        tab_panel("evidence", state.pane, _evidence()),
        tab_panel("earlier", state.pane, _earlier()),
    )


def _point() -> rx.Component:
    point = ReviewState.point
    return rx.fragment(
        layout.section(
            point.title,
            rx.el.div(
                layout.quantity(point.error, point.unit, point.uncertainty),
                class_name="large",
                style={"fontSize": "26px", "fontWeight": "600"},
            ),
            verdict(point.verdict, point.tone, point.symbol, large=True),
            rx.cond(point.has_zone, zone_bar(point.zone)),
        ),
        layout.section(
            say("Explain limit"),
            layout.facts(
                (say("Limit"), point.limit),
                (say("From"), point.trace),
                (say("Rule"), point.rule),
                ("TUR", point.tur),
                (say("Conformity"), point.probability),
                ("k", point.k),
            ),
        ),
        layout.section(
            say("Budget"),
            shares(ReviewState.shares),
            layout.stack(
                rx.foreach(point.explained, lambda line: rx.el.p(line, class_name="tiny second")),
                class_name="gap-4 after-bars",
            ),
        ),
    )


def _remarks() -> rx.Component:
    state: Any = ReviewState
    return layout.section(
        say("Remarks"),
        rx.cond(
            state.remarks.length() > 0,
            layout.stack(rx.foreach(state.remarks, _remark)),
            rx.el.p(
                say("No remark. Click a reading, or press X, to ask about it."),
                class_name="second",
            ),
        ),
    )


def _remark(remark: RemarkText) -> rx.Component:
    return rx.fragment(
        rx.el.div(
            rx.el.b(remark.place),
            layout.spacer(),
            rx.cond(
                remark.closed,
                badge(say("Closed"), "gray", "check"),
                badge(rx.cond(remark.returned, say("Returned"), say("Open")), "orange", "flag"),
            ),
            class_name="row",
        ),
        rx.el.p(remark.text),
        rx.el.p(remark.by, class_name="tiny faint"),
        rx.cond(remark.answer != "", rx.el.p("→ ", remark.answer, class_name="second")),
        rx.cond(
            remark.closable,
            button(
                rx.cond(remark.returned, say("Close: answered"), say("Take back")),
                size="small",
                on_click=ReviewState.close_one(remark.key),
            ),
        ),
        class_name="stack gap-4",
    )


def _evidence() -> rx.Component:
    state: Any = ReviewState
    return rx.fragment(
        layout.section(say("Standards"), rx.foreach(state.standards, _proof)),
        layout.section(say("Conditions"), rx.foreach(state.conditions, _proof)),
    )


def _earlier() -> rx.Component:
    state: Any = ReviewState
    return layout.section(
        rx.cond(
            state.head.earlier_on != "",
            f"{say('Calibrated')} {state.head.earlier_on}",
            say("Last calibration"),
        ),
        rx.cond(
            state.earlier.length() > 0,
            rx.fragment(rx.foreach(state.earlier, _proof)),
            rx.el.p(say("This item was not calibrated here before."), class_name="second"),
        ),
    )


def _proof(one: Evidence) -> rx.Component:
    return rx.el.div(
        rx.el.div(one.first, class_name=rx.cond(one.tone != "", "medium ink-red", "medium")),
        rx.el.div(one.second, class_name="tiny second num"),
        style={"padding": "4px 0"},
    )
