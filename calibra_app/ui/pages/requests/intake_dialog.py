"""Everything that is agreed for one item, as the dialog of the guided intake asks for it."""

import reflex as rx

from calibra_app.ui.components.choice import check_box, select_field
from calibra_app.ui.components.dialog import form_dialog
from calibra_app.ui.components.form import columns, date_field, text_area
from calibra_app.ui.pages.requests.intake import IntakeState
from calibra_app.ui.words import say

URGENCIES = (("", say("Open")), ("standard", say("Standard")), ("urgent", say("Urgent")))
YES_NO = (("", say("Open")), ("yes", say("Yes")), ("no", say("No")))
ADJUSTMENTS = (
    ("", say("Open")),
    ("ask", say("Only after asking")),
    ("allowed", say("Allowed")),
    ("not_wanted", say("Not wanted")),
)


def line_dialog() -> rx.Component:
    """Return the dialog of one item."""
    state = IntakeState
    line = state.line
    errors = state.errors
    return form_dialog(
        state.changing,
        state.close_line,
        f"{line.tag} {line.description}",
        columns(
            select_field(
                "procedure_code",
                say("Procedure"),
                state.procedures,
                value=line.procedure,
                errors=errors,
                placeholder=say("none"),
            ),
            select_field(
                "decision_rule",
                say("Decision rule"),
                rx.Var.create(line.rules).to(list[list[str]]),
                value=line.rule,
                errors=errors,
            ),
        ),
        check_box("accredited", say("Accredited calibration"), checked=line.accredited),
        columns(
            select_field(
                "adjustment",
                say("May we adjust?"),
                ADJUSTMENTS,
                value=line.adjustment,
                errors=errors,
            ),
            select_field(
                "as_found", say("As-found wanted?"), YES_NO, value=line.as_found, errors=errors
            ),
            select_field(
                "due_on_label",
                say("Due date on the label?"),
                YES_NO,
                value=line.due_on_label,
                errors=errors,
            ),
        ),
        columns(
            select_field("urgency", say("How soon?"), URGENCIES, value=line.urgency, errors=errors),
            date_field(
                "promised_on",
                say("Promised for"),
                value=line.promised_on,
                errors=errors,
                optional=True,
            ),
        ),
        text_area("remarks", say("Remarks"), value=line.remarks, errors=errors, optional=True),
        on_submit=state.save_line,
        submit=say("Save"),
        error=state.form_error,
        wide=True,
    )
