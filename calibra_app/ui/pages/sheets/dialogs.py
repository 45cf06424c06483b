"""The dialogs of an observation sheet: standards, room, omission, pre-review, signature."""

import reflex as rx

from calibra_app.core.access import Permission
from calibra_app.ui.base import AppState, may
from calibra_app.ui.components import layout
from calibra_app.ui.components.button import button
from calibra_app.ui.components.choice import select_field
from calibra_app.ui.components.dialog import (
    dialog,
    form_dialog,
    signature_dialog,
    signed_as,
)
from calibra_app.ui.components.form import (
    columns,
    form,
    form_error,
    number_field,
    text_area,
    text_field,
)
from calibra_app.ui.components.status import badge
from calibra_app.ui.components.values import Deed
from calibra_app.ui.pages.sheets.deeds import SheetDeeds as State
from calibra_app.ui.pages.sheets.panel import some
from calibra_app.ui.pages.sheets.rows import ConditionRow, FindingRow, StandardRow
from calibra_app.ui.pages.sheets.words import QUANTITIES
from calibra_app.ui.words import say

MAY_WRITE = may(Permission.INDICATION_ENTER) & (State.head.locked == "")


def sheet_dialogs() -> rx.Component:
    """Return all dialogs; one is open at a time."""
    return rx.fragment(_standards(), _conditions(), _omission(), _findings(), _signature())


def _standards() -> rx.Component:
    return dialog(
        State.dialog == "standards",
        State.close,
        say("Reference standards"),
        rx.cond(
            State.refused != "",
            layout.callout(
                rx.el.b(State.refused),
                rx.cond(
                    some(State.alternatives),
                    rx.el.div(
                        say("Use instead:"),
                        " ",
                        rx.foreach(
                            State.alternatives,
                            lambda code: button(code, size="small", on_click=State.pick(code)),
                        ),
                        class_name="row row-wrap",
                    ),
                    rx.el.div(say("No other standard fits. Quality may sign an exception.")),
                ),
                tone="red",
                symbol="octagon-x",
            ),
        ),
        rx.cond(
            some(State.standards),
            layout.card(
                say("On this sheet"),
                layout.rows(rx.foreach(State.standards, _used)),
                flush=True,
            ),
        ),
        rx.cond(
            MAY_WRITE,
            rx.fragment(
                form(
                    text_field(
                        "standard",
                        say("Scan or type a standard"),
                        errors=State.errors,
                        placeholder="STD-",
                        auto_focus=True,
                        auto_complete="off",
                    ),
                    on_submit=State.scan,
                    submit=say("Take it"),
                    reset=True,
                ),
                layout.card(
                    say("Valid today for every point"),
                    rx.cond(
                        some(State.choices),
                        layout.rows(rx.foreach(State.choices, _choice)),
                        rx.el.p(
                            say("No further standard fits this sheet."), class_name="pad faint"
                        ),
                    ),
                    flush=True,
                ),
            ),
        ),
        rx.cond(
            may(Permission.STANDARD_EXCEPTION_USE),
            layout.card(
                say("Exception for an expired standard"),
                _decision(
                    text_field(
                        "excepted",
                        say("Standard"),
                        errors=State.errors,
                        placeholder="STD-",
                        auto_complete="off",
                    ),
                    meaning=say("Meaning: exception granted"),
                    on_submit=State.sign_exception,
                    submit=say("Sign exception"),
                ),
            ),
        ),
        text=say("What a standard's certificate says is frozen the moment it is taken."),
        wide=True,
    )


def _decision(*fields: rx.Component, meaning: str, on_submit: Deed, submit: str) -> rx.Component:
    """Return what somebody fills in who answers for a departure from the method."""
    return form(
        *fields,
        text_area(
            "cause",
            say("Why the results remain valid"),
            errors=State.errors,
            rows=2,
            hint=say("Stated on the sheet and on the certificate"),
        ),
        signed_as(meaning, AppState.person_name),
        text_field(
            "password",
            say("Password"),
            type="password",
            errors=State.errors,
            auto_complete="current-password",
        ),
        on_submit=on_submit,
        submit=submit,
        error=State.form_error,
    )


def _used(row: StandardRow) -> rx.Component:
    return layout.row_entry(
        layout.two_lines(
            rx.el.span(row.code, " · ", row.name),
            rx.fragment(
                row.certificate,
                " · ",
                say("due"),
                " ",
                row.due,
                rx.cond(row.exception != "", rx.el.div(row.exception), None),
            ),
        ),
        rx.cond(
            row.exception != "",
            badge(say("under exception"), "orange", "triangle-alert"),
        ),
        rx.cond(row.soon, badge(say("due soon"), "amber", "clock")),
        rx.cond(MAY_WRITE, button(say("Take off"), size="small", on_click=State.drop(row.key))),
    )


def _choice(row: StandardRow) -> rx.Component:
    return layout.row_entry(
        layout.two_lines(
            rx.el.span(row.code, " · ", row.name),
            rx.el.span(row.certificate, " · ", say("due"), " ", row.due),
        ),
        rx.cond(row.soon, badge(say("due soon"), "amber", "clock")),
        button(say("Take"), size="small", on_click=State.pick(row.code)),
    )


def _conditions() -> rx.Component:
    return dialog(
        State.dialog == "conditions",
        State.close,
        say("Conditions of the room"),
        rx.cond(
            MAY_WRITE,
            form(
                columns(
                    select_field("quantity", say("Quantity"), QUANTITIES, errors=State.errors),
                    # Once saved, the field is empty for the next one; the instrument stays.
                    number_field(
                        "value", say("Reading"), errors=State.errors, key=f"reading-{State.saved}"
                    ),
                ),
                text_field(
                    "source",
                    say("Instrument that shows it"),
                    errors=State.errors,
                    placeholder=f"TH-{State.head.place}",
                    auto_complete="off",
                ),
                rx.cond(
                    State.replacing != "",
                    text_field("reason", say("Why the reading is replaced"), errors=State.errors),
                ),
                on_submit=State.save_condition,
                submit=rx.cond(State.replacing != "", say("Replace reading"), say("Save reading")),
                error=State.form_error,
            ),
        ),
        layout.rows(rx.foreach(State.conditions, _reading)),
        rx.cond(
            State.head.climate_accepted != "",
            layout.callout(
                rx.el.b(say("Accepted with a signature")),
                rx.el.div(State.head.climate_accepted),
                symbol="signature",
            ),
            rx.cond(
                State.head.climate_out & may(Permission.DEVIATION_ADD),
                layout.card(
                    say("Accept what lies outside the limits"),
                    _decision(
                        meaning=say("Meaning: conditions accepted"),
                        on_submit=State.sign_conditions,
                        submit=say("Sign acceptance"),
                    ),
                ),
            ),
        ),
        text=State.head.limits,
        wide=True,
    )


def _reading(row: ConditionRow) -> rx.Component:
    return layout.row_entry(
        layout.two_lines(
            rx.el.span(row.quantity, " ", row.value),
            rx.el.span(row.source, " · ", row.when, " · ", row.by),
        ),
        rx.cond(row.out, badge(say("outside"), "red", "triangle-alert")),
        rx.cond(
            MAY_WRITE,
            button(
                rx.cond(State.replacing == row.key, say("Keep it"), say("Replace…")),
                size="small",
                on_click=State.replace_condition(row.key),
            ),
        ),
    )


def _omission() -> rx.Component:
    return form_dialog(
        State.dialog == "omit",
        State.close,
        say("Leave a point out"),
        text_area(
            "reason",
            say("Who accepted it, and why"),
            errors=State.errors,
            rows=2,
            optional=True,
            hint=say("An empty text takes the point in again."),
        ),
        on_submit=State.omit,
        submit=say("Save"),
        error=State.form_error,
        text=State.point.label,
    )


def _findings() -> rx.Component:
    return dialog(
        State.dialog == "findings",
        State.close,
        say("Before it can be submitted"),
        layout.rows(rx.foreach(State.findings, _finding)),
        rx.el.div(
            button(say("Close"), on_click=State.close),
            button(say("Look again"), kind="primary", on_click=State.open_submit),
            class_name="form-foot",
        ),
        text=say("Each line leads to where it can be met."),
        wide=True,
    )


def _finding(row: FindingRow) -> rx.Component:
    return layout.row_entry(
        badge(row.guard, "orange", "circle-alert"),
        rx.el.div(row.message, class_name="grow"),
        button(say("Go there"), size="small", on_click=State.jump(row.target)),
    )


def _signature() -> rx.Component:
    return signature_dialog(
        State.dialog == "sign",
        State.close,
        say("Submit this sheet for review"),
        text=say(
            "I performed this work by the procedure named, with the standards and conditions"
            " recorded; the indications stand as they were read."
        ),
        meaning=say("Meaning: performed by"),
        signer=AppState.person_name,
        on_sign=State.submit,
        submit=say("Sign and submit"),
        errors=State.errors,
        error=State.form_error,
        busy=State.busy,
    )


def refusal() -> rx.Component:
    """Return the refusal of a form on the page itself."""
    return form_error(State.form_error)
