"""The try-out on the designer page: sample readings, figures, budget, limit trace, expectations."""

from typing import Any

import reflex as rx

from calibra_app.ui.components import layout
from calibra_app.ui.components.budget import shares, zone_bar
from calibra_app.ui.components.icon import icon
from calibra_app.ui.components.status import verdict
from calibra_app.ui.components.values import Text
from calibra_app.ui.pages.designs.state import DesignerState
from calibra_app.ui.pages.designs.trial import BudgetLine, ComparisonRow, ParameterRow, TrialRow
from calibra_app.ui.pages.designs.trial_state import TrialState
from calibra_app.ui.words import say

# The state's vars as vars, which their declared types hide.
SHOWN: Any = DesignerState


def try_out() -> rx.Component:
    """Return the sample sheet with what it amounts to."""
    state = DesignerState
    return layout.stack(
        layout.card(
            say("Try it"),
            layout.stack(
                rx.cond(
                    state.sample_fault != "",
                    layout.callout(state.sample_fault, tone="amber", symbol="circle-alert"),
                ),
                rx.cond(
                    state.trial,
                    rx.el.div(
                        rx.el.table(
                            rx.el.thead(
                                rx.el.tr(
                                    rx.el.th(say("Point")),
                                    rx.el.th(say("Sample readings")),
                                    rx.el.th(say("Error ± U"), class_name="right"),
                                    rx.el.th(""),
                                )
                            ),
                            rx.el.tbody(rx.foreach(state.trial, _row)),
                            class_name="table table-tight",
                        ),
                        class_name="table-frame",
                    ),
                    rx.el.p(
                        say("No points yet: mend what is marked, or give the parameters above."),
                        class_name="small faint",
                    ),
                ),
                class_name="gap-12 pad",
            ),
            flush=True,
        ),
        _point(),
        layout.card("", rx.el.div(_given(), class_name="pad"), flush=True),
        _comparisons(),
        class_name="gap-12",
    )


def _given() -> rx.Component:
    state = DesignerState
    return rx.el.details(
        rx.el.summary(say("Sample instrument, standards, room"), class_name="small medium"),
        layout.stack(
            rx.el.div(rx.foreach(state.parameters, _parameter), class_name="form-columns"),
            _area("sample-standards", say("Standards"), state.standards, TrialState.put_standards,
                  say("standard; function; 100 g; U=0.1; k=2; correction=0; drift=0; unit=mg")),
            _area("sample-room", say("Room"), state.room, TrialState.put_room,
                  say("temperature: 22.8; 23.3")),
            class_name="gap-12",
            style={"marginTop": "10px"},
        ),
        # Once there are points, their figures come first.
        open=SHOWN.trial.length() == 0,
    )  # fmt: skip


def _area(name: str, label: str, value: Text, deed: rx.EventHandler, hint: str) -> rx.Component:
    return rx.el.div(
        rx.el.label(label, html_for=name),
        rx.el.textarea(
            default_value=value,
            key=f"{name}:{DesignerState.stamp}",
            id=name,
            rows="2",
            spell_check=False,
            class_name="control control-small mono",
            style={"minHeight": "56px"},
            on_blur=deed,
        ),
        rx.el.span(hint, class_name="hint"),
        class_name="field",
    )


def _parameter(row: ParameterRow) -> rx.Component:
    return rx.el.div(
        rx.el.label(
            row.label,
            " ",
            rx.el.span(row.unit, class_name="faint"),
            html_for=f"parameter-{row.name}",
        ),
        rx.cond(
            row.long,
            rx.el.textarea(
                default_value=row.value,
                key=f"{row.name}:{DesignerState.stamp}",
                id=f"parameter-{row.name}",
                rows="3",
                class_name="control mono",
                on_blur=lambda value: TrialState.put_parameter(row.name, value),
            ),
            rx.el.input(
                type="text",
                default_value=row.value,
                placeholder=row.placeholder,
                key=f"{row.name}:{DesignerState.stamp}",
                id=f"parameter-{row.name}",
                class_name="control num",
                on_blur=lambda value: TrialState.put_parameter(row.name, value),
            ),
        ),
        class_name="field",
    )


def _row(row: TrialRow) -> rx.Component:
    state = DesignerState
    chosen = state.looked_at == row.key
    return rx.el.tr(
        rx.el.td(
            rx.el.button(
                row.label,
                type="button",
                class_name="link",
                style={"textAlign": "left"},
                aria_pressed=chosen,
                on_click=TrialState.look_at(row.key),
            ),
            rx.el.div(row.group, class_name="tiny faint"),
        ),
        rx.el.td(
            rx.el.input(
                type="text",
                input_mode="decimal",
                default_value=row.readings,
                key=f"{row.key}:{state.stamp}",
                id=f"reading-{row.key}",
                aria_label=row.label,
                class_name="control control-small num",
                style={"minWidth": "150px"},
                on_change=lambda value: TrialState.read(row.key, value).debounce(400),
                on_blur=lambda value: TrialState.read(row.key, value),
            ),
            rx.el.div(row.planned, " × ", row.unit, class_name="tiny faint"),
        ),
        rx.el.td(
            rx.cond(
                row.uncertainty != "",
                layout.quantity(row.error, row.result_unit, row.uncertainty),
                rx.el.span(row.why, class_name="tiny ink-amber"),
            ),
            class_name="right num",
        ),
        rx.el.td(rx.cond(row.verdict != "", verdict(row.verdict, row.tone, row.symbol))),
        aria_selected=chosen,
    )


def _comparisons() -> rx.Component:
    state = DesignerState
    return rx.cond(
        state.agreement != "",
        layout.card(
            say("Worked example"),
            layout.stack(
                layout.row(
                    icon(
                        rx.cond(state.agrees, "circle-check", "circle-alert"),
                        class_name=rx.cond(state.agrees, "ink-green", "ink-red"),
                    ),
                    rx.el.span(state.agreement, class_name="medium"),
                ),
                rx.el.details(
                    rx.el.summary(say("Expected beside computed"), class_name="small"),
                    rx.el.div(
                        rx.el.table(
                            rx.el.thead(
                                rx.el.tr(
                                    rx.el.th(say("Point")),
                                    rx.el.th(say("Figure")),
                                    rx.el.th(say("Expected"), class_name="right"),
                                    rx.el.th(say("Computed"), class_name="right"),
                                    rx.el.th(""),
                                )
                            ),
                            rx.el.tbody(rx.foreach(state.comparisons, _comparison)),
                            class_name="table table-tight",
                        ),
                        class_name="table-frame",
                        style={"marginTop": "8px"},
                    ),
                    open=~SHOWN.agrees,
                ),
                class_name="gap-8 pad",
            ),
            flush=True,
        ),
    )


def _comparison(row: ComparisonRow) -> rx.Component:
    return rx.el.tr(
        rx.el.td(row.key, class_name="small"),
        rx.el.td(row.figure, class_name="small"),
        rx.el.td(row.expected, class_name="right num"),
        rx.el.td(row.computed, class_name="right num"),
        rx.el.td(
            rx.cond(
                row.agrees,
                icon("check", class_name="ink-green"),
                icon("x", class_name="ink-red"),
            )
        ),
    )


def _point() -> rx.Component:
    state = DesignerState
    point = state.point
    return rx.cond(
        point.key != "",
        layout.card(
            rx.cond(point.label != "", point.label, say("Point")),
            layout.stack(
                rx.cond(
                    point.uncertainty != "",
                    layout.stack(
                        layout.row(
                            rx.el.span(
                                layout.quantity(point.error, point.unit, point.uncertainty),
                                class_name="key-figure",
                            ),
                            rx.cond(
                                point.verdict != "",
                                verdict(point.verdict, point.tone, point.symbol),
                            ),
                            class_name="gap-12",
                        ),
                        layout.facts(
                            (say("k"), point.k),
                            (say("ν eff"), point.freedom),
                            (say("Limit"), point.limit),
                            stacked=True,
                        ),
                        rx.cond(point.has_zone, zone_bar(point.zone)),
                        class_name="gap-12",
                    ),
                ),
                rx.cond(
                    point.trace != "",
                    layout.callout(
                        rx.el.b(say("Limit:")), " ", point.trace, symbol="target", tone="gray"
                    ),
                ),
                rx.cond(state.bars, shares(state.bars)),
                rx.cond(state.budget, _budget()),
                rx.foreach(state.said, lambda line: rx.el.p(line, class_name="small second")),
                class_name="gap-12 pad",
            ),
            flush=True,
        ),
    )


def _budget() -> rx.Component:
    return rx.el.details(
        rx.el.summary(say("Budget, row by row"), class_name="small medium"),
        rx.el.div(
            rx.el.table(
                rx.el.thead(
                    rx.el.tr(
                        rx.el.th(say("Quantity")),
                        rx.el.th(say("u"), class_name="right"),
                        rx.el.th(say("c"), class_name="right"),
                        rx.el.th(say("|c·u|"), class_name="right"),
                        rx.el.th(say("Share"), class_name="right"),
                    )
                ),
                rx.el.tbody(rx.foreach(DesignerState.budget, _line)),
                class_name="table table-tight",
            ),
            class_name="table-frame",
        ),
    )


def _line(row: BudgetLine) -> rx.Component:
    return rx.el.tr(
        rx.el.td(
            rx.el.span(row.symbol, " ", class_name="faint"),
            row.title,
            rx.el.div(row.distribution, ", ", row.source, class_name="tiny faint"),
        ),
        rx.el.td(row.u, class_name="right num one-line"),
        rx.el.td(row.c, class_name="right num"),
        rx.el.td(row.contribution, class_name="right num"),
        rx.el.td(row.percent, class_name="right num one-line"),
    )
