"""The dialogs of what is done with a request as a whole, and of its customer's decisions."""

import reflex as rx

from calibra_app.ui.base import AppState
from calibra_app.ui.components.button import button
from calibra_app.ui.components.choice import check_box, radio_group, select_field
from calibra_app.ui.components.dialog import dialog, form_dialog
from calibra_app.ui.components.form import (
    columns,
    date_field,
    fault,
    form_error,
    text_area,
    text_field,
)
from calibra_app.ui.components.icon import icon
from calibra_app.ui.pages.requests.acting import DeedState
from calibra_app.ui.pages.requests.marks import count
from calibra_app.ui.pages.requests.state import RequestState
from calibra_app.ui.words import say

DONE_WORK = (
    ("", say("Nothing was done")),
    ("billed", say("Bill it")),
    ("waived", say("Waive it")),
)


def deed_dialog() -> rx.Component:
    """Return the dialog of a deed: its effect, the reason, what is settled, the signature."""
    state = DeedState
    deed = state.deed
    inside = rx.el.form(
        form_error(state.form_error),
        rx.cond(
            deed.asks != "",
            text_area("told", deed.asks, errors=state.errors, rows=3, auto_focus=True),
        ),
        rx.cond(
            deed.number == "T45",
            text_field("received_by", say("Received by"), errors=state.errors),
        ),
        rx.cond((deed.number == "T19") | (deed.number == "T56"), _chosen_lines()),
        rx.cond((deed.number == "T50") | (deed.number == "back"), _chosen_lines(ended=True)),
        rx.cond(deed.number == "T50", _bench()),
        rx.cond(
            deed.number == "back",
            text_field("place", say("Shelf"), errors=state.errors, optional=True),
        ),
        rx.cond(
            deed.number == "T52",
            rx.fragment(
                select_field("done_work", say("Work already done"), DONE_WORK, errors=state.errors),
                check_box("return_listed", say("The items that are here go back to the customer")),
            ),
        ),
        rx.cond(deed.meaning != "", _signature()),
        rx.el.div(
            button(say("Cancel"), on_click=state.close),
            button(deed.words, kind="primary", submit=True, symbol=deed.icon),
            class_name="form-foot",
        ),
        on_submit=state.do,
        reset_on_submit=False,
        class_name="form",
        no_validate=True,
    )
    return dialog(
        state.asking,
        state.close,
        f"{deed.words}: {state.number}",
        inside,
        text=deed.text,
    )


def _bench() -> rx.Component:
    state = DeedState
    return columns(
        select_field(
            "person",
            say("Person"),
            state.people,
            errors=state.errors,
            placeholder=say("Choose"),
        ),
        date_field("planned_on", say("Day"), errors=state.errors),
    )


def _chosen_lines(*, ended: bool = False) -> rx.Component:
    """Return the lines to choose from; with `ended` also those that are back with the customer."""
    return rx.el.fieldset(
        rx.el.legend(say("Lines that this concerns")),
        rx.foreach(
            RequestState.lines,
            lambda row: rx.cond(
                row.ended & (not ended),
                None,
                rx.el.label(
                    rx.el.input(
                        type="checkbox",
                        name=f"line-{row.position}",
                        # Where there is but one, it is the one that is meant.
                        default_checked=count(RequestState.lines) == 1,
                    ),
                    rx.el.span(rx.el.b(row.position, "  ", row.tag), rx.el.small(row.description)),
                    class_name="choice",
                ),
            ),
        ),
        fault("lines", DeedState.errors),
        class_name="field",
    )


def _signature() -> rx.Component:
    return rx.fragment(
        rx.el.div(
            icon("signature"),
            rx.el.div(
                rx.el.div(say("Meaning: "), DeedState.deed.meaning, class_name="medium"),
                rx.el.div(
                    AppState.person_name,
                    ", ",
                    AppState.role_titles,
                    class_name="tiny second",
                ),
            ),
            class_name="meaning",
        ),
        text_field(
            "password",
            say("Password"),
            type="password",
            errors=DeedState.errors,
            auto_complete="current-password",
        ),
    )


def decision_dialog() -> rx.Component:
    """Return the dialog in which the front desk writes down what the customer decided."""
    state = DeedState
    return form_dialog(
        state.deciding,
        state.close,
        f"{say('The customer decides on')} {state.decision.tag}",
        radio_group(
            "decision",
            say("Decision"),
            (("proceed", say("Go on")), ("return", say("Return uncalibrated"))),
            value="proceed",
            errors=state.errors,
        ),
        text_field(
            "evidence",
            say("How this is known"),
            errors=state.errors,
            hint=say("Who said it, when, by which means"),
            auto_focus=True,
        ),
        text_area("remark", say("Reason or remark"), errors=state.errors, rows=2, optional=True),
        select_field(
            "done_work",
            say("Work done, if the item goes back"),
            DONE_WORK,
            value="billed",
            errors=state.errors,
        ),
        on_submit=state.decide,
        submit=say("Record the decision"),
        text=state.decision.question,
        error=state.form_error,
    )
