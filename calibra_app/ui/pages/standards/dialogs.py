"""The forms of reference standards."""

import reflex as rx

from calibra_app.ui.components.choice import check_box, select_field
from calibra_app.ui.components.dialog import form_dialog
from calibra_app.ui.components.form import (
    Errors,
    columns,
    date_field,
    number_field,
    text_area,
    text_field,
)
from calibra_app.ui.pages.standards.rows import StandardText
from calibra_app.ui.pages.standards.state import StandardsState, StandardState
from calibra_app.ui.words import say

DISCIPLINES = (
    ("dimensional", say("Dimensional")),
    ("electrical", say("Electrical")),
    ("humidity", say("Humidity")),
    ("mass", say("Mass")),
    ("pressure", say("Pressure")),
    ("temperature", say("Temperature")),
    ("torque", say("Torque")),
)
ASIDE = (
    ("in_calibration", say("Away for calibration")),
    ("retired", say("Retired")),
    ("lost", say("Lost")),
)


def new_standard() -> rx.Component:
    """Return the form for a new standard."""
    state = StandardsState
    return form_dialog(
        state.adding,
        state.close_form,
        say("New reference standard"),
        *_fields(StandardText(), state.errors),
        on_submit=state.save,
        submit=say("Enter standard"),
        text=say("Its due date comes from its certificate, which is entered next."),
        error=state.form_error,
        wide=True,
    )


def standard_dialogs() -> tuple[rx.Component, ...]:
    """Return the forms of one standard."""
    state = StandardState
    return (
        form_dialog(
            state.form == "edit",
            state.close_form,
            say("Edit reference standard"),
            *_fields(state.standard, state.errors),
            on_submit=state.save,
            submit=say("Save"),
            error=state.form_error,
            wide=True,
        ),
        form_dialog(
            state.form == "certificate",
            state.close_form,
            say("Add a certificate"),
            *_certificate_fields(),
            on_submit=state.save_certificate,
            submit=say("Enter certificate"),
            text=say("Its points and due date count once somebody accepts it."),
            error=state.form_error,
            wide=True,
        ),
        form_dialog(
            state.form == "quarantine",
            state.close_form,
            say("Quarantine this standard?"),
            _reason(),
            on_submit=state.quarantine,
            submit=say("Quarantine"),
            text=say("Nobody can choose it for a sheet until it is returned to service."),
            error=state.form_error,
        ),
        form_dialog(
            state.form == "return",
            state.close_form,
            say("Return this standard to service?"),
            _reason(),
            check_box("limited_use", say("For limited use")),
            on_submit=state.return_to_service,
            submit=say("Return to service"),
            error=state.form_error,
        ),
        form_dialog(
            state.form == "aside",
            state.close_form,
            say("Set this standard aside"),
            select_field("status", say("It is"), ASIDE, errors=state.errors),
            _reason(),
            on_submit=state.put_aside,
            submit=say("Set aside"),
            error=state.form_error,
        ),
    )


def _reason() -> rx.Component:
    return text_area("reason", say("Reason"), errors=StandardState.errors, rows=2, auto_focus=True)


def _fields(shown: StandardText, errors: Errors) -> tuple[rx.Component, ...]:
    return (
        columns(
            text_field("code", say("Code"), errors=errors, value=shown.code, auto_focus=True),
            text_field("name", say("Name"), errors=errors, value=shown.name),
        ),
        columns(
            text_field(
                "manufacturer",
                say("Maker"),
                errors=errors,
                value=shown.manufacturer,
                optional=True,
            ),
            text_field("model", say("Model"), errors=errors, value=shown.model, optional=True),
            text_field(
                "serial", say("Serial number"), errors=errors, value=shown.serial, optional=True
            ),
        ),
        columns(
            select_field(
                "discipline",
                say("Discipline"),
                DISCIPLINES,
                errors=errors,
                value=shown.discipline,
                placeholder=say("Choose"),
            ),
            text_field(
                "location", say("Place"), errors=errors, value=shown.location, optional=True
            ),
            number_field(
                "interval_months",
                say("Interval in months"),
                errors=errors,
                value=shown.interval,
            ),
        ),
        text_area("notes", say("Notes"), errors=errors, value=shown.notes, rows=2, optional=True),
    )


def _certificate_fields() -> tuple[rx.Component, ...]:
    errors = StandardState.errors
    return (
        columns(
            text_field("number", say("Number"), errors=errors, auto_focus=True),
            text_field("provider", say("Calibrated by"), errors=errors),
        ),
        columns(
            date_field("issued_on", say("Issued"), errors=errors),
            date_field("due_on", say("Last day of use"), errors=errors),
        ),
        text_field("traceability", say("Traceability"), errors=errors, optional=True),
        text_area(
            "points",
            say("Points"),
            errors=errors,
            rows=8,
            hint=say(
                "One on a line: quantity; nominal; unit; correction; U; k; drift; unit of U. "
                "A block of a spreadsheet can be pasted."
            ),
            placeholder="gauge pressure; 10; bar; 0.2; 1.4; 2; 0.5; mbar",
        ),
    )
