"""Software validation: the verdict, the examples by kind, the reports on record."""

import reflex as rx

from calibra_app.core.access import Permission
from calibra_app.ui import routes
from calibra_app.ui.base import may
from calibra_app.ui.components import layout
from calibra_app.ui.components.button import button, link_button
from calibra_app.ui.components.chart import chart
from calibra_app.ui.components.icon import icon
from calibra_app.ui.components.shell import shell
from calibra_app.ui.components.status import badge, verdict
from calibra_app.ui.components.table import (
    Column,
    cell,
    link_cell,
    record,
    search_field,
    table,
    toolbar,
)
from calibra_app.ui.pages.validation import example
from calibra_app.ui.pages.validation.rows import ExampleRow, GroupRow, ReportRow
from calibra_app.ui.pages.validation.state import ExampleState, ValidationState
from calibra_app.ui.words import say

MAY_KEEP = may(Permission.SOFTWARE_VALIDATE)


def validation_page() -> rx.Component:
    """Return the validation of the engine on this installation."""
    state = ValidationState
    return shell(
        say("Software validation"),
        layout.page(
            rx.cond(
                state.loading,
                layout.card("", layout.skeleton(8)),
                rx.fragment(
                    _standing(),
                    _summary(),
                    rx.cond(state.reports, _reports()),
                    _examples(),
                ),
            ),
        ),
        here=routes.VALIDATION,
        actions=(
            rx.cond(
                MAY_KEEP,
                button(
                    rx.cond(state.printing, say("Computing…"), say("Print as PDF")),
                    symbol="printer",
                    on_click=state.keep,
                    busy=state.printing,
                    title=say("Computes everything, keeps the report on record and prints it"),
                ),
            ),
        ),
        primary=button(
            rx.cond(state.running, say("Computing…"), say("Run now")),
            kind="primary",
            symbol="refresh-cw",
            on_click=state.run,
            busy=state.running,
            data_key="n",
        ),
    )


def _standing() -> rx.Component:
    """Return what somebody has to know or do before the figures."""
    state = ValidationState
    return rx.cond(
        state.is_fresh,
        layout.callout(
            say("Computed just now on this installation, and not on record."),
            " ",
            rx.cond(
                MAY_KEEP,
                say("Print as PDF keeps it, for the laboratory to sign and the assessor to see."),
                "",
            ),
            tone="blue",
            symbol="info",
        ),
        rx.cond(
            state.computed,
            rx.cond(
                state.is_current,
                None,
                layout.callout(
                    rx.el.b(say("This installation has changed since the last report.")),
                    " ",
                    say("Here run engine"),
                    " ",
                    state.engine_here,
                    ", ",
                    state.platform_here,
                    ". ",
                    say("Run the validation again before results are issued."),
                    tone="amber",
                    symbol="triangle-alert",
                ),
            ),
            layout.callout(
                rx.el.b(say("No validation of this software is on record yet.")),
                " ",
                say(
                    "Run now computes every worked example on this installation and shows each"
                    " figure beside what was expected (ISO/IEC 17025, 7.11.2)."
                ),
                tone="amber",
                symbol="triangle-alert",
            ),
        ),
    )


def _summary() -> rx.Component:
    state = ValidationState
    return rx.cond(
        state.computed,
        layout.card(
            "",
            layout.stack(
                layout.row(
                    icon(
                        rx.cond(state.agrees, "shield-check", "shield-x"),
                        size=28,
                        class_name=rx.cond(state.agrees, "ink-green", "ink-red"),
                    ),
                    rx.el.div(
                        rx.el.h2(state.verdict, class_name="key-figure"),
                        rx.el.div(
                            state.figures,
                            " ",
                            say("figures compared with what others published or computed"),
                            class_name="small second",
                        ),
                    ),
                    class_name="gap-12",
                ),
                layout.facts(
                    (say("Engine"), state.engine),
                    (say("Runs on"), state.platform),
                    (say("Computed"), state.when),
                    (say("By"), state.who),
                    (
                        say("Report"),
                        rx.cond(state.is_fresh, say("not on record"), state.number),
                    ),
                    stacked=True,
                ),
                chart(state.picture, state.sentence, height="430px"),
                class_name="gap-16 pad",
            ),
            flush=True,
        ),
    )


def _examples() -> rx.Component:
    state = ValidationState
    return layout.stack(
        toolbar(
            search_field(
                state.search,
                state.find,
                placeholder=say("Title, source, number"),
                label=say("Search in the examples"),
            ),
            layout.filter_chip(
                say("Printed by their source"),
                pressed=state.only == "published",
                on_click=state.choose("published"),
                symbol="book-open",
            ),
            layout.filter_chip(
                say("Differing"),
                pressed=state.only == "differing",
                on_click=state.choose("differing"),
                symbol="circle-alert",
            ),
            layout.spacer(),
            link_button(
                say("Take away"),
                href="/api/v1/validation/examples",
                size="small",
                symbol="file-down",
                title=say("All examples as a file, to compute them with other tools"),
                # The router of the pages knows no files.
                custom_attrs={"reloadDocument": True},
            ),
            rx.el.span(state.shown, class_name="small faint num", role="status"),
        ),
        rx.cond(
            state.groups,
            rx.foreach(state.groups, _group),
            layout.empty(
                say("No example fits"),
                say("Take away a filter, or search for less."),
                symbol="filter",
            ),
        ),
    )


def _group(group: GroupRow) -> rx.Component:
    return layout.card(
        group.title,
        table(
            (
                say("Example"),
                say("Source"),
                Column(say("Figures"), right=True),
                Column(say("Largest deviation"), right=True),
                say("Verdict"),
            ),
            rx.Var.create(group.examples),
            _example,
            label=group.title,
        ),
        action=badge(group.agreeing, group.tone),
        flush=True,
        class_name="validation-group",
    )


def _example(row: ExampleRow) -> rx.Component:
    return record(
        link_cell(row.title, row.path, row.name),
        cell(row.source, class_name="second"),
        cell(row.figures, right=True, class_name="num"),
        cell(row.worst, right=True, class_name="num one-line"),
        cell(verdict(row.words, row.tone, row.symbol)),
    )


def _reports() -> rx.Component:
    return layout.card(
        say("Reports on record"),
        table(
            (
                say("Report"),
                say("Computed"),
                say("By"),
                say("Engine"),
                say("Verdict"),
                say("Printing"),
                "",
            ),
            ValidationState.reports,
            _report,
            label=say("Reports on record"),
        ),
        flush=True,
    )


def _report(row: ReportRow) -> rx.Component:
    return record(
        cell(row.number, class_name="medium one-line"),
        cell(row.when, class_name="num"),
        cell(row.who),
        cell(row.engine, rx.el.div(row.platform, class_name="tiny faint"), class_name="num"),
        cell(
            rx.cond(
                row.agrees,
                verdict(say("Agrees"), "green", "verdict-pass"),
                verdict(say("Differs"), "red", "verdict-fail"),
            ),
        ),
        cell(
            badge(row.state, row.tone, row.symbol),
            rx.cond(row.error != "", rx.el.div(row.error, class_name="tiny ink-red")),
        ),
        cell(
            rx.cond(
                row.done,
                link_button(
                    say("Open"), href=row.path, size="small", symbol="file-text", target="_blank"
                ),
                rx.cond(
                    row.failed & MAY_KEEP,
                    button(
                        say("Print again"),
                        size="small",
                        symbol="rotate-cw",
                        on_click=ValidationState.print_again(row.key),
                    ),
                ),
            ),
            right=True,
        ),
    )


PAGES = (
    (routes.VALIDATION, validation_page, (ValidationState.load,)),
    ("/validation/[example_name]", example.example_page, (ExampleState.load,)),
)
