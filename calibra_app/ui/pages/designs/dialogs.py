"""What opens over the designer: templates, import, signature, sheets with the what-if."""

import reflex as rx

from calibra_app.ui.base import AppState
from calibra_app.ui.components import layout
from calibra_app.ui.components.button import button
from calibra_app.ui.components.dialog import dialog, form_dialog, signature_dialog
from calibra_app.ui.components.form import text_area
from calibra_app.ui.pages.designs.deeds import DeedsState, SheetRow, TemplateRow, WhatIfText
from calibra_app.ui.words import say


def dialogs() -> rx.Component:
    """Return all of them; one is open at a time."""
    return rx.fragment(_templates(), _import(), _signature(), _sheets())


def _templates() -> rx.Component:
    state = DeedsState
    return dialog(
        state.dialog == "template",
        state.open_dialog(""),
        say("Begin from a template"),
        layout.rows(rx.foreach(state.templates, _template)),
        text=say("Its worked example fills the try-out. What stands here now comes back by undo."),
        wide=True,
    )


def _template(row: TemplateRow) -> rx.Component:
    return layout.row_entry(
        layout.stack(
            layout.row(
                rx.el.span(row.title, class_name="medium"),
                layout.chip(row.discipline),
                layout.spacer(),
                button(say("Begin"), size="small", on_click=DeedsState.begin_from(row.key)),
            ),
            rx.el.span(row.source, class_name="small second"),
            class_name="gap-4 grow",
        )
    )


def _import() -> rx.Component:
    state = DeedsState
    return form_dialog(
        state.dialog == "import",
        state.open_dialog(""),
        say("Import a design"),
        text_area("file", say("Content of the file"), errors=state.errors, rows=14),
        on_submit=state.take_file,
        submit=say("Take it"),
        text=say("The text of an exported design or template; undo brings back what stands here."),
        error=state.form_error,
        wide=True,
    )


def _signature() -> rx.Component:
    state = DeedsState
    return signature_dialog(
        state.dialog == "sign",
        state.open_dialog(""),
        f"{say('Approve')} {state.code}",
        text=say("Points, columns, budget and limits are approved as they stand."),
        meaning=say("Approved"),
        signer=AppState.person_name,
        on_sign=state.approve,
        submit=say("Sign and approve"),
        errors=state.errors,
        error=state.form_error,
    )


def _sheets() -> rx.Component:
    state = DeedsState
    return dialog(
        state.dialog == "sheets",
        state.open_dialog(""),
        say("Sheets of this procedure"),
        rx.cond(
            state.sheets,
            layout.rows(rx.foreach(state.sheets, _sheet)),
            layout.empty(
                say("No sheet yet"),
                say("Sheets stand here as soon as work was begun by a revision."),
                symbol="clipboard-list",
            ),
        ),
        rx.cond(state.tried_on != "", _what_if()),
        text=say("A sheet keeps the revision it was begun with. Trying it changes nothing."),
        wide=True,
    )


def _sheet(row: SheetRow) -> rx.Component:
    return layout.row_entry(
        layout.row(
            layout.two_lines(
                layout.link(row.number, " ", row.item, href=row.path),
                rx.el.span(
                    say("Revision"), " ", row.revision, " · ", row.state, " · ", row.started,
                    " · ", row.performer,
                ),
            ),
            button(
                say("What if by this revision"),
                size="small",
                symbol="git-compare",
                on_click=DeedsState.try_on(row.key),
            ),
            class_name="grow",
        )
    )  # fmt: skip


def _what_if() -> rx.Component:
    state = DeedsState
    return layout.stack(
        layout.callout(
            rx.el.b(say("What if, never a result: "), state.tried_on), " ", state.tried_words
        ),
        rx.el.div(
            rx.el.table(
                rx.el.thead(
                    rx.el.tr(
                        rx.el.th(say("Point")),
                        rx.el.th(say("On record"), class_name="right"),
                        rx.el.th(say("By this revision"), class_name="right"),
                    )
                ),
                rx.el.tbody(rx.foreach(state.what_if_rows, _what_if_row)),
                class_name="table table-tight",
            ),
            class_name="table-frame",
        ),
    )


def _what_if_row(row: WhatIfText) -> rx.Component:
    return rx.el.tr(
        rx.el.td(row.label),
        rx.el.td(
            row.stored,
            rx.el.div(row.stored_verdict, class_name="tiny faint"),
            class_name="right num",
        ),
        rx.el.td(
            rx.el.span(row.tried, class_name=rx.cond(row.differs, "medium ink-amber", "")),
            rx.el.div(row.tried_verdict, row.why, class_name="tiny faint"),
            class_name="right num",
        ),
    )
