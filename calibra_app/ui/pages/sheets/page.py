"""The observation sheet: head with presence, series, chips, the grid, the point beside it."""

from typing import Any

import reflex as rx

from calibra_app.core.access import Permission
from calibra_app.ui import routes
from calibra_app.ui.base import AppState, may
from calibra_app.ui.components import layout
from calibra_app.ui.components.button import button, link_button, segments
from calibra_app.ui.components.cell_grid import cell_grid
from calibra_app.ui.components.choice import switch
from calibra_app.ui.components.form import form, number_field, text_area, text_field
from calibra_app.ui.components.icon import icon
from calibra_app.ui.components.people import presence
from calibra_app.ui.components.shell import shell
from calibra_app.ui.components.status import badge
from calibra_app.ui.pages.sheets.deeds import SheetDeeds as State
from calibra_app.ui.pages.sheets.dialogs import MAY_WRITE, refusal, sheet_dialogs
from calibra_app.ui.pages.sheets.panel import point_panel, some
from calibra_app.ui.pages.sheets.rows import AskedRow, StandardRow
from calibra_app.ui.pages.sheets.words import COMPUTED, GRID_VERDICTS, PHASES, QUESTION, REASONS
from calibra_app.ui.words import say


def sheet_page() -> rx.Component:
    """Return the page of one observation sheet."""
    return shell(
        rx.cond(State.found, f"{State.head.tag}", say("Observation sheet")),
        rx.cond(
            State.found,
            rx.cond(State.phase == "adjustment", _adjustment(), _grid()),
            rx.cond(State.trouble != "", _trouble(), layout.skeleton(8)),
        ),
        sheet_dialogs(),
        rx.el.span(on_unmount=State.depart(State.key), hidden=True),
        here=routes.WORK,
        crumbs=(
            (say("My work"), routes.WORK),
            (State.head.srf_number, State.head.srf_path),
        ),
        beside=rx.fragment(
            rx.el.span(State.head.description, class_name="second cut"),
            rx.cond(
                State.head.state_words != "",
                badge(State.head.state_words, State.head.state_tone, State.head.state_icon),
            ),
        ),
        presence=presence(State.present),
        actions=(_export(), segments(PHASES, State.phase, State.show, label=say("Series"))),
        primary=rx.cond(
            State.head.may_sign,
            button(
                say("Submit for review"),
                kind="primary",
                symbol="send",
                on_click=State.open_submit,
                id="submit-sheet",
            ),
        ),
        context=_chips(),
        panel=point_panel(),
        rail=True,
        fixed=True,
        sheet=True,
    )


def _export() -> rx.Component:
    words = say("Export the result with all it was computed from")
    return rx.cond(
        State.head.result_path != "",
        link_button(
            icon("file-down"),
            href=State.head.result_path,
            kind="quiet",
            class_name="button-icon",
            title=words,
            aria_label=words,
            # The router of the pages knows no files.
            custom_attrs={"reloadDocument": True},
        ),
    )


def _chips() -> tuple[rx.Component, ...]:
    head = State.head
    return (
        rx.foreach(State.standards, _standard_chip),
        rx.cond(
            State.found,
            rx.el.button(
                icon("ruler", class_name=rx.cond(some(State.standards), "", "ink-amber")),
                rx.cond(some(State.standards), say("Standards…"), say("Pick a standard")),
                type="button",
                class_name="chip",
                on_click=State.open_standards,
            ),
        ),
        rx.cond(
            State.found,
            rx.el.button(
                icon(
                    "thermometer",
                    class_name=rx.cond(
                        head.climate_out,
                        rx.cond(head.climate_accepted != "", "ink-amber", "ink-red"),
                        rx.cond(head.climate_missing != "", "ink-amber", ""),
                    ),
                ),
                rx.el.b(head.place),
                rx.cond(head.climate != "", head.climate, say("Read the room")),
                type="button",
                class_name="chip",
                on_click=State.open_conditions,
                title=head.limits,
            ),
        ),
        layout.chip(rx.el.b(head.procedure), head.budget, symbol="book-open", title=head.newer),
        rx.cond(head.newer != "", layout.chip(head.newer, symbol="triangle-alert", tone="amber")),
        layout.chip(say("Rule: "), head.rule, symbol="scale"),
        rx.cond(
            head.warm_up != "",
            rx.el.button(
                icon(rx.cond(head.warmed_up, "circle-check", "clock")),
                head.warm_up,
                type="button",
                id="warm-up",
                class_name="chip",
                aria_pressed=head.warmed_up,
                disabled=~MAY_WRITE,
                on_click=State.warm_up,
            ),
        ),
        rx.cond(head.locked != "", layout.chip(head.locked, symbol="lock", tone="amber")),
    )


def _standard_chip(row: StandardRow) -> rx.Component:
    return rx.el.span(
        icon(
            rx.cond(
                row.exception != "", "triangle-alert", rx.cond(row.soon, "clock", "badge-check")
            ),
            class_name=rx.cond((row.exception != "") | row.soon, "ink-amber", "ink-green"),
        ),
        rx.el.b(row.code),
        say("due"),
        " ",
        row.due,
        rx.cond(row.exception != "", rx.el.span(say("under exception"), class_name="ink-amber")),
        class_name="chip",
        title=rx.cond(row.exception != "", row.exception, row.certificate),
    )


def _grid() -> rx.Component:
    locked = rx.cond(State.phase == "as_left", State.head.locked_as_left, State.head.locked)
    return rx.fragment(
        rx.cond(
            (State.phase == "as_left") & (State.head.locked_as_left != ""),
            layout.callout(State.head.locked_as_left, symbol="lock", tone="amber"),
        ),
        cell_grid(
            label=rx.cond(
                State.phase == "as_left",
                say("Observation sheet, as left"),
                say("Observation sheet, as found"),
            ),
            store=State.key,
            columns=State.columns,
            computed=COMPUTED,
            rows=State.rows,
            cells=State.cells,
            results=State.results,
            patch=State.patch,
            present=State.present,
            me=AppState.person_id,
            clashes=State.clashes,
            asks=State.asks,
            verdicts=dict(GRID_VERDICTS),
            preview=State.preview_row,
            goal=State.goal,
            selected=State.selected,
            locked=rx.cond(
                may(Permission.INDICATION_ENTER), locked, say("You may look at this sheet.")
            ),
            reasons=REASONS,
            words={"progress": say("{done} of {all} points")},
            on_draft=State.draft,
            on_commit=State.commit,
            on_paste=State.paste,
            on_focus_cell=State.focus,
            on_resolve=State.resolve,
            on_news=State.news,
        ),
    )


def _trouble() -> rx.Component:
    return layout.empty(
        say("This sheet cannot be shown"),
        State.trouble,
        symbol="lock",
        action=layout.link(say("My work"), href=routes.WORK),
    )


def _adjustment() -> rx.Component:
    head = State.head
    return rx.el.div(
        layout.page(
            refusal(),
            rx.cond(
                head.adjusted,
                layout.card(
                    say("Adjusted"),
                    layout.facts(
                        (say("What"), head.adjusted_what),
                        (say("Why"), head.adjusted_why),
                        (say("By"), head.adjusted_by),
                    ),
                ),
                layout.columns(_nothing_adjusted(), _ask_customer(), _record(), three=True),
            ),
            _no_as_found(),
            narrow=False,
        ),
        class_name="grow",
        style={"overflow": "auto"},
    )


def _nothing_adjusted() -> rx.Component:
    declared: Any = State.head.no_adjustment
    return layout.card(
        say("Nothing adjusted"),
        rx.el.p(
            say("Declare it, so that as left is as found and nobody asks later."),
            class_name="second",
        ),
        switch(say("No adjustment: as left is as found"), declared, State.declare),
    )


def _ask_customer() -> rx.Component:
    return layout.card(
        say("Ask the customer: adjust?"),
        rx.cond(some(State.asked), layout.rows(rx.foreach(State.asked, _question))),
        rx.cond(
            may(Permission.INFORMATION_EXCHANGE) & ~State.head.waits & (State.head.locked == ""),
            form(
                text_area("question", say("Question"), value=QUESTION, errors=State.errors, rows=3),
                number_field("price", say("Price"), errors=State.errors, optional=True),
                on_submit=State.ask_customer,
                submit=say("Ask customer"),
            ),
        ),
    )


def _question(row: AskedRow) -> rx.Component:
    return layout.row_entry(
        # The whole question: who adjusts must know what was agreed to.
        rx.el.div(
            rx.el.div(row.question),
            rx.el.div(
                row.when,
                rx.cond(row.price != "", f" · {row.price}", ""),
                " · ",
                rx.cond(row.answer != "", row.answer, say("no answer yet")),
                class_name="tiny faint",
            ),
        )
    )


def _record() -> rx.Component:
    return layout.card(
        say("Record an adjustment"),
        rx.cond(
            State.head.agreed,
            badge(say("agreed with the customer"), "green", "circle-check"),
            layout.stack(
                badge(say("not agreed yet"), "amber", "hourglass"),
                rx.el.p(say("What was adjusted is recorded here, once the customer agreed.")),
            ),
        ),
        rx.cond(
            MAY_WRITE & State.head.agreed,
            form(
                text_field("what", say("What was adjusted"), errors=State.errors),
                text_field("why", say("Why"), errors=State.errors),
                on_submit=State.adjust,
                submit=say("Record adjustment"),
            ),
        ),
    )


def _no_as_found() -> rx.Component:
    told = State.head.no_as_found != ""
    return rx.cond(
        told | MAY_WRITE,
        layout.card(
            say("As found cannot be read"),
            rx.cond(
                told,
                rx.el.p(State.head.no_as_found),
                form(
                    text_field("reason", say("Reason"), errors=State.errors),
                    on_submit=State.explain,
                    submit=say("Save reason"),
                ),
            ),
        ),
    )


PAGES = (("/sheets/[sheet_id]", sheet_page, [State.load]),)
