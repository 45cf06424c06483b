"""The page of the customers' instruments: what it shows."""

import reflex as rx

from calibra_app.core.access import Permission
from calibra_app.ui import routes
from calibra_app.ui.base import may
from calibra_app.ui.components import layout
from calibra_app.ui.components.button import button
from calibra_app.ui.components.choice import check_box, combobox, select_field
from calibra_app.ui.components.dialog import dialog
from calibra_app.ui.components.form import (
    columns,
    date_field,
    form,
    number_field,
    text_area,
    text_field,
)
from calibra_app.ui.components.keeping import away_button, away_filter, enter_button
from calibra_app.ui.components.shell import shell
from calibra_app.ui.components.table import (
    button_cell,
    cell,
    pager,
    record,
    search_field,
    table,
    toolbar,
)
from calibra_app.ui.pages.instruments.state import InstrumentRow, InstrumentsState
from calibra_app.ui.words import say

MAY_EDIT = may(Permission.INSTRUMENT_REGISTER)


def instruments_page() -> rx.Component:
    """Return the registry of the customers' instruments."""
    state = InstrumentsState
    return shell(
        say("Instruments"),
        layout.page(
            toolbar(
                search_field(
                    state.search, state.find, placeholder=say("Tag, serial number, maker, model")
                ),
                layout.filter_chip(
                    say("Due within 30 days"),
                    pressed=state.due_only,
                    on_click=state.show_due,
                    symbol="clock",
                ),
                away_filter(pressed=state.archived, on_click=state.show_archived),
            ),
            table(
                (
                    say("Tag"),
                    say("Maker, model"),
                    say("Serial number"),
                    say("Customer"),
                    say("Procedure"),
                    say("Due"),
                ),
                state.rows,
                _row,
                label=say("Instruments"),
                loading=state.loading,
                empty=layout.empty(
                    say("No instrument here"),
                    say("Search by the beginning of a word, or enter an instrument."),
                    symbol="gauge",
                ),
            ),
            pager(state.shown, more=state.next_cursor != "", on_more=state.more),
            _drawer(),
        ),
        here=routes.INSTRUMENTS,
        primary=enter_button(MAY_EDIT, say("New instrument"), state.open_new),
    )


def _row(row: InstrumentRow) -> rx.Component:
    return record(
        button_cell(row.tag, InstrumentsState.open_one(row.key), note=row.description),
        cell(row.made),
        cell(row.serial, class_name="mono one-line"),
        cell(layout.link(row.customer, href=row.customer_path)),
        cell(row.procedure, class_name="mono one-line"),
        cell(row.due, class_name="num one-line"),
    )


def _drawer() -> rx.Component:
    state = InstrumentsState
    shown = state.instrument
    return dialog(
        state.open,
        state.close,
        rx.cond(shown.key == "", say("New instrument"), shown.tag),
        rx.cond(
            shown.missing != "",
            layout.callout(say("Before it can be calibrated: "), shown.missing, tone="amber"),
        ),
        rx.cond(state.duplicate != "", layout.callout(state.duplicate, tone="amber")),
        form(
            *_fields(),
            on_submit=state.save,
            submit=say("Save instrument"),
            error=state.form_error,
            cancel=layout.row(
                rx.cond(
                    (shown.key != "") & MAY_EDIT,
                    away_button(shown.archived, state.archive),
                ),
                button(say("Cancel"), on_click=state.close),
            ),
        ),
        drawer=True,
    )


def _fields() -> tuple[rx.Component, ...]:
    state = InstrumentsState
    shown, errors = state.instrument, state.errors
    return (
        rx.cond(
            shown.key == "",
            combobox(
                "customer_id",
                say("Customer"),
                state.found_customers,
                state.find_customer,
                errors=errors,
                placeholder=say("Name or code"),
            ),
            layout.facts((say("Customer"), shown.customer)),
        ),
        columns(
            text_field("tag", say("Tag"), errors=errors, value=shown.tag),
            text_field(
                "serial",
                say("Serial number"),
                errors=errors,
                value=shown.serial,
                optional=True,
                on_blur=state.check_serial,
            ),
        ),
        text_field("description", say("What it is"), errors=errors, value=shown.description),
        columns(
            text_field(
                "manufacturer",
                say("Maker"),
                errors=errors,
                value=shown.manufacturer,
                optional=True,
            ),
            text_field("model", say("Model"), errors=errors, value=shown.model, optional=True),
        ),
        select_field(
            "procedure_code",
            say("Procedure"),
            state.procedures,
            errors=errors,
            value=shown.procedure,
            placeholder=say("Not decided yet"),
            optional=True,
        ),
        text_field(
            "range_text", say("Range"), errors=errors, value=shown.range_text, optional=True
        ),
        text_area(
            "parameters",
            say("Parameters"),
            errors=errors,
            value=shown.parameters,
            hint=say("One on a line, as “range_low: 0”; numbers as they stand on the instrument."),
            rows=8,
            optional=True,
        ),
        columns(
            number_field(
                "interval_months",
                say("Interval in months"),
                errors=errors,
                value=shown.interval,
                optional=True,
            ),
            date_field("due_on", say("Due"), errors=errors, value=shown.due_on, optional=True),
        ),
        check_box("on_site", say("Calibrated on site"), checked=shown.on_site),
    )


PAGES = ((routes.INSTRUMENTS, instruments_page, (InstrumentsState.load,)),)
