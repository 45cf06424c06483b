"""Beside the grid: the selected point with its value, verdict, budget and history."""

from typing import Any

import reflex as rx

from calibra_app.core.access import Permission
from calibra_app.ui import routes
from calibra_app.ui.base import may
from calibra_app.ui.components import layout
from calibra_app.ui.components.budget import shares, zone_bar
from calibra_app.ui.components.button import button
from calibra_app.ui.components.icon import icon
from calibra_app.ui.components.status import badge, verdict
from calibra_app.ui.components.values import Text
from calibra_app.ui.pages.sheets.deeds import SheetDeeds as State
from calibra_app.ui.pages.sheets.rows import ConditionRow, HistoryRow, RemarkRow
from calibra_app.ui.words import say


def point_panel() -> rx.Component:
    """Return the sections of the side panel."""
    return rx.fragment(
        rx.cond(some(State.remarks), _returned()),
        _value(),
        _contributions(),
        _figures(),
        _history(),
        _room(),
    )


def _value() -> rx.Component:
    point = State.point
    return layout.section(
        point.label,
        rx.cond(
            point.error != "",
            rx.fragment(
                rx.el.div(
                    layout.quantity(point.error, point.unit, point.uncertainty),
                    class_name="key-figure",
                ),
                rx.el.div("k = ", point.k, class_name="tiny second num"),
            ),
            rx.el.p(
                rx.cond(
                    point.mean != "",
                    say("The uncertainty follows with the next indication."),
                    say("No indication yet."),
                ),
                class_name="second",
            ),
        ),
        rx.el.div(
            rx.cond(
                point.verdict != "",
                verdict(point.verdict, point.verdict_tone, point.verdict_icon, large=True),
            ),
            aria_live="polite",
        ),
        rx.cond(point.has_zone, zone_bar(point.zone)),
        rx.cond(point.rule != "", rx.el.p(point.rule, class_name="tiny second")),
        rx.cond(
            point.figures != "",
            rx.el.p(
                layout.link(
                    say("What other rules would say"),
                    href=f"{routes.DECISION_RULES}?{point.figures}&{State.head.rule_query}",
                ),
                class_name="tiny",
            ),
        ),
        rx.foreach(
            State.warnings,
            lambda words: rx.el.p(
                icon("triangle-alert", class_name="ink-amber"), " ", words, class_name="tiny"
            ),
        ),
        beside=rx.el.span(point.count),
    )


def _contributions() -> rx.Component:
    return rx.cond(
        some(State.shares),
        layout.section(
            say("Contributions"),
            layout.stack(
                shares(State.shares),
                rx.el.p(State.point.biggest, class_name="tiny second"),
                rx.cond(
                    State.point.cmc != "",
                    rx.el.p(
                        icon("info", class_name="ink-blue"), " ", State.point.cmc, class_name="tiny"
                    ),
                ),
                class_name="gap-8",
            ),
            beside=rx.el.span(State.point.budget),
        ),
    )


def _figures() -> rx.Component:
    point = State.point
    return layout.section(
        say("Figures"),
        layout.stack(
            layout.facts(
                (say("Mean"), _or_dash(point.mean)),
                ("s", _or_dash(point.scatter)),
                (
                    rx.fragment("\N{GREEK SMALL LETTER NU}", rx.el.sub("eff")),
                    _or_dash(point.degrees),
                ),
                ("TUR", _or_dash(point.tur)),
                (rx.fragment("p", rx.el.sub("c")), _or_dash(point.probability)),
                (say("Standard"), _or_dash(point.standard)),
            ),
            rx.cond(
                point.trace != "",
                rx.el.p(rx.el.b(say("Limit: ")), point.trace, class_name="tiny second"),
            ),
            rx.cond(
                may(Permission.INDICATION_ENTER) & (State.head.locked == ""),
                layout.row(
                    button(say("Leave this point out…"), size="small", on_click=State.open_omit)
                ),
            ),
            class_name="gap-8",
        ),
    )


def some(rows: Any) -> rx.Var[bool]:
    """Return whether a var of the state holds any rows."""
    held: Any = rx.Var.create(rows)
    return held.length() > 0


def _or_dash(text: Text) -> Any:
    return rx.cond(text != "", text, "\N{EN DASH}")


def _history() -> rx.Component:
    return rx.cond(
        some(State.history),
        layout.section(say("History"), layout.rows(rx.foreach(State.history, _change))),
    )


def _change(row: HistoryRow) -> rx.Component:
    return layout.row_entry(
        layout.two_lines(
            rx.el.span(row.what, ": ", rx.el.del_(row.old), " → ", rx.el.b(row.new)),
            rx.el.span(row.reason, " · ", row.who),
        )
    )


def _room() -> rx.Component:
    return layout.section(
        say("Conditions"),
        rx.cond(
            some(State.conditions),
            layout.rows(rx.foreach(State.conditions, condition_entry)),
            rx.el.p(say("No reading of the room yet."), class_name="tiny second"),
        ),
        beside=rx.el.span(State.head.place),
    )


def condition_entry(row: ConditionRow) -> rx.Component:
    """Return one reading of the room."""
    return layout.row_entry(
        layout.two_lines(
            rx.el.span(row.value, " ", rx.cond(row.out, badge(say("outside"), "red"))),
            rx.el.span(row.source, " · ", row.when, " · ", row.by),
        )
    )


def _returned() -> rx.Component:
    return layout.section(
        say("Returned by the reviewer"),
        layout.stack(rx.foreach(State.remarks, _remark), class_name="gap-8"),
    )


def _remark(row: RemarkRow) -> rx.Component:
    return rx.fragment(
        layout.row(
            # Not cut: it is what the technician has to answer.
            rx.el.div(
                rx.el.div(rx.el.b(row.place), ": ", row.text),
                rx.el.div(row.by, class_name="tiny faint"),
                class_name="grow",
            ),
            button(say("Go there"), size="small", on_click=State.jump(row.row)),
        ),
        rx.cond(
            row.answer != "",
            rx.el.p("→ ", row.answer, class_name="second tiny"),
            rx.cond(may(Permission.SHEET_SIGN), _answer(row)),
        ),
    )


def _answer(row: RemarkRow) -> rx.Component:
    """Return where a reading that was right as it stood is answered for."""
    return rx.el.form(
        rx.el.input(
            name="answer",
            required=True,
            auto_complete="off",
            class_name="control control-small grow",
            placeholder=say("Right as it stands, because…"),
            aria_label=f"{say('Answer to the remark at')} {row.place}",
        ),
        button(say("Answer"), size="small", submit=True),
        on_submit=lambda form: State.answer(row.key, form),
        class_name="row gap-4",
    )
