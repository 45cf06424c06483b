"""The page of procedures: what it shows."""

import reflex as rx

from calibra_app.core.access import Permission
from calibra_app.ui import routes
from calibra_app.ui.base import may
from calibra_app.ui.components import layout
from calibra_app.ui.components.button import button, link_button
from calibra_app.ui.components.choice import select_field
from calibra_app.ui.components.dialog import dialog, form_dialog
from calibra_app.ui.components.form import columns, number_field, text_area, text_field
from calibra_app.ui.components.keeping import enter_button
from calibra_app.ui.components.shell import shell
from calibra_app.ui.components.status import badge
from calibra_app.ui.components.table import (
    Column,
    button_cell,
    cell,
    pager,
    record,
    search_field,
    table,
    toolbar,
)
from calibra_app.ui.pages.procedures.state import ProcedureRow, ProceduresState, VersionRow
from calibra_app.ui.words import say

MAY_EDIT = may(Permission.PROCEDURE_EDIT)
MAY_APPROVE = may(Permission.PROCEDURE_APPROVE)


def procedures_page() -> rx.Component:
    """Return the procedures with the revision in effect."""
    state = ProceduresState
    return shell(
        say("Procedures"),
        layout.page(
            toolbar(
                search_field(state.search, state.find, placeholder=say("Code, title, discipline"))
            ),
            table(
                (
                    say("Procedure"),
                    say("Title"),
                    say("Discipline"),
                    Column(say("Revision in effect"), right=True),
                    say("Since"),
                ),
                state.rows,
                _row,
                label=say("Procedures"),
                loading=state.loading,
                empty=layout.empty(
                    say("No procedure here"),
                    say("How the laboratory measures, with each revision on record."),
                    symbol="book-open",
                ),
            ),
            pager(state.shown, more=state.next_cursor != "", on_more=state.more),
            _detail(),
            _procedure_form(),
            _version_form(),
        ),
        here=routes.PROCEDURES,
        primary=enter_button(MAY_EDIT, say("New procedure"), state.open_form("new")),
    )


def _row(row: ProcedureRow) -> rx.Component:
    return record(
        button_cell(row.code, ProceduresState.open_one(row.key)),
        cell(row.title),
        cell(row.discipline),
        cell(row.revision, right=True, class_name="num"),
        cell(row.since, class_name="num one-line"),
    )


def _detail() -> rx.Component:
    state = ProceduresState
    shown = state.procedure
    return dialog(
        state.open == "detail",
        state.close,
        shown.code,
        layout.facts(
            (say("Title"), shown.title),
            (say("Discipline"), shown.discipline),
            (say("Measurement model"), shown.model),
        ),
        layout.row(
            rx.cond(
                MAY_EDIT,
                button(say("Edit"), symbol="pencil-line", on_click=state.open_form("edit")),
            ),
            rx.cond(
                MAY_EDIT,
                button(say("New revision"), symbol="plus", on_click=state.open_form("version")),
            ),
        ),
        layout.rows(rx.foreach(state.versions, _version)),
        drawer=True,
    )


def _version(row: VersionRow) -> rx.Component:
    return layout.row_entry(
        layout.stack(
            layout.row(
                rx.el.span(say("Revision"), " ", row.revision, class_name="medium num"),
                badge(row.words, row.tone, row.symbol),
                layout.spacer(),
                rx.el.span(row.since, class_name="tiny faint num"),
            ),
            rx.cond(row.note != "", rx.el.span(row.note, class_name="small second")),
            rx.cond(row.settings != "", rx.el.span(row.settings, class_name="tiny faint")),
            rx.cond(
                row.designed,
                layout.row(
                    link_button(
                        say("Open the design"),
                        href=row.design,
                        symbol="pencil-line",
                        size="small",
                    )
                ),
                _steps(row),
            ),
            class_name="gap-4 grow",
        )
    )


def _steps(row: VersionRow) -> rx.Component:
    state = ProceduresState
    return layout.row(
        _step(row, "draft", MAY_EDIT, say("Hand over for review"), state.submit),
        _step(row, "in_review", MAY_APPROVE, say("Approve"), state.approve),
        _step(row, "in_review", MAY_APPROVE, say("Send back"), state.send_back),
        _step(row, "approved", MAY_APPROVE, say("Put in effect"), state.put_in_effect),
    )


def _step(
    row: VersionRow, status: str, allowed: rx.Var[bool], words: str, deed: rx.EventHandler
) -> rx.Component:
    # A foreach hands over a var, whose comparison is a var again.
    here = rx.Var.create(row.status) == status
    return rx.cond(here & allowed, button(words, size="small", on_click=deed(row.key)))


def _procedure_form() -> rx.Component:
    state = ProceduresState
    shown, errors = state.procedure, state.errors
    return form_dialog(
        state.open == "edit",
        state.close,
        rx.cond(shown.key == "", say("New procedure"), shown.code),
        rx.cond(
            shown.key == "",
            columns(
                text_field("code", say("Code"), errors=errors, auto_focus=True),
                select_field(
                    "model_key",
                    say("Measurement model"),
                    state.models,
                    errors=errors,
                    placeholder=say("Choose"),
                ),
            ),
        ),
        text_field("title", say("Title"), errors=errors, value=shown.title),
        text_field("discipline", say("Discipline"), errors=errors, value=shown.discipline),
        on_submit=state.save,
        submit=say("Save procedure"),
        text=say("Code and model stay once they are entered: sheets refer to them."),
        error=state.form_error,
    )


def _version_form() -> rx.Component:
    state = ProceduresState
    errors = state.errors
    return form_dialog(
        state.open == "version",
        state.close,
        f"{say('New revision of')} {state.procedure.code}",
        columns(
            select_field(
                "model_version",
                say("Version of the model"),
                state.model_versions,
                errors=errors,
            ),
            number_field(
                "warm_up_minutes", say("Warm-up"), unit="min", errors=errors, optional=True
            ),
        ),
        text_area("change_note", say("What changes, and why"), errors=errors, rows=3),
        on_submit=state.save_version,
        submit=say("Begin revision"),
        text=say("It is a draft until somebody else approves it and puts it in effect."),
        error=state.form_error,
    )


PAGES = ((routes.PROCEDURES, procedures_page, (ProceduresState.load,)),)
