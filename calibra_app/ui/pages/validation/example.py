"""One worked example: its question, what was expected, what the engine computes, its source."""

import reflex as rx

from calibra_app.ui import routes
from calibra_app.ui.components import layout
from calibra_app.ui.components.button import link_button
from calibra_app.ui.components.chart import chart
from calibra_app.ui.components.shell import shell
from calibra_app.ui.components.status import verdict
from calibra_app.ui.components.table import Column, cell, record, table
from calibra_app.ui.pages.validation.rows import FigureRow, InputRow, Numeral
from calibra_app.ui.pages.validation.state import ExampleState
from calibra_app.ui.words import say


def example_page() -> rx.Component:
    """Return one example, computed when the page opened."""
    state = ExampleState
    return shell(
        rx.cond(state.title != "", state.title, say("Worked example")),
        layout.page(
            rx.cond(
                state.loading,
                layout.card("", layout.skeleton(8)),
                rx.fragment(
                    rx.cond(
                        state.error != "",
                        layout.callout(
                            rx.el.b(say("The engine refused this example:")),
                            " ",
                            state.error,
                            tone="red",
                            symbol="circle-alert",
                        ),
                    ),
                    _figures(),
                    _question(),
                    rx.cond(
                        state.has_picture,
                        layout.card(
                            say("How far off"),
                            chart(state.picture, state.sentence, height="300px"),
                        ),
                    ),
                    # The way back at the end also lets the keyboard reach and scroll the page.
                    layout.row(layout.link(say("All worked examples"), href=routes.VALIDATION)),
                ),
            ),
        ),
        here=routes.VALIDATION,
        crumbs=((say("Software validation"), routes.VALIDATION), (state.group, routes.VALIDATION)),
        beside=verdict(state.words, state.tone, state.symbol),
        actions=(
            rx.cond(
                state.before != "",
                link_button(say("Previous"), href=state.before, symbol="chevron-left"),
            ),
            rx.cond(
                state.after != "",
                link_button(say("Next"), href=state.after, symbol="chevron-right"),
            ),
        ),
        context=(
            layout.chip(rx.el.b(state.name), symbol="hash"),
            layout.chip(state.source, symbol="book-open"),
            rx.cond(
                state.computed_with != "",
                layout.chip(
                    say("Expected: computed with "), state.computed_with, symbol="calculator"
                ),
            ),
        ),
    )


def _figures() -> rx.Component:
    state = ExampleState
    return layout.card(
        say("Expected and computed"),
        table(
            (
                say("Figure"),
                Column(say("Printed"), right=True),
                Column(say("Expected"), right=True),
                Column(say("Computed"), right=True),
                Column(say("Deviation"), right=True),
                Column(say("Tolerance"), right=True),
                Column(say("In parts of it"), right=True),
                say("Verdict"),
            ),
            state.figures,
            _figure,
            label=say("Expected and computed"),
            empty=layout.empty(say("Nothing was computed"), symbol="circle-alert"),
        ),
        rx.cond(
            state.rounded_before,
            rx.el.p(
                say("* The source rounds between its steps; its printed figure follows from that."),
                class_name="tiny second pad",
            ),
        ),
        rx.cond(state.notes != "", rx.el.p(state.notes, class_name="tiny second pad")),
        flush=True,
        class_name="validation-figures",
    )


def _figure(row: FigureRow) -> rx.Component:
    return record(
        cell(row.title),
        cell(
            _raised(row.printed),
            rx.cond(row.rounded_before, "*", ""),
            right=True,
            class_name="num one-line second",
        ),
        cell(_raised(row.expected), right=True, class_name="num one-line"),
        cell(_raised(row.computed), right=True, class_name="num one-line medium"),
        cell(_raised(row.deviation), right=True, class_name="num one-line second"),
        cell(_raised(row.tolerance), right=True, class_name="num one-line second"),
        cell(row.share, right=True, class_name="num one-line"),
        cell(verdict(row.words, row.tone, row.symbol)),
    )


def _raised(number: Numeral) -> rx.Component:
    return rx.fragment(
        number.digits,
        rx.cond(number.power != "", rx.fragment("·10", rx.el.sup(number.power))),
    )


def _question() -> rx.Component:
    state = ExampleState
    return layout.card(
        say("The question"),
        rx.cond(
            state.inputs,
            table(
                (
                    say("Input quantity"),
                    Column(say("Value"), right=True),
                    say("Unit"),
                    say("Distribution"),
                    say("Stated"),
                    Column(say("ν"), right=True),
                ),
                state.inputs,
                _input,
                label=say("Input quantities"),
            ),
        ),
        rx.el.dl(
            rx.foreach(
                state.asked,
                lambda pair: rx.el.div(
                    rx.el.dt(pair[0]), rx.el.dd(pair[1], class_name="before-lines")
                ),
            ),
            class_name="facts facts-stacked pad",
        ),
        flush=True,
    )


def _input(row: InputRow) -> rx.Component:
    return record(
        cell(row.name, class_name="medium"),
        cell(row.value, right=True, class_name="num one-line"),
        cell(row.unit, class_name="second"),
        cell(row.distribution),
        cell(row.stated, class_name="num"),
        cell(row.degrees, right=True, class_name="num"),
    )
