"""The dialog that sends the chosen rule to the contract review of an item."""

import reflex as rx

from calibra_app.ui.components.choice import combobox
from calibra_app.ui.components.dialog import form_dialog
from calibra_app.ui.components.form import text_area
from calibra_app.ui.pages.explorer.sending import SendingState
from calibra_app.ui.words import say


def sending_dialog() -> rx.Component:
    """Return the dialog: which item, and what its customer is told."""
    state = SendingState
    return form_dialog(
        state.sending,
        state.close_sending,
        say("Send the rule to the contract review"),
        rx.el.p(say("Rule: "), rx.el.b(state.chosen.rule), class_name="small"),
        combobox(
            "target",
            say("Item"),
            state.options,
            state.look_for,
            errors=state.errors,
            chosen=state.target,
            chosen_words=state.target_words,
            placeholder=say("Request, customer or item"),
            hint=say(
                "Items of requests that are open for writing; what was measured keeps its rule."
            ),
        ),
        text_area(
            "note",
            say("What the customer is told"),
            errors=state.errors,
            value=state.note,
            rows=6,
            hint=say("It stands beside the rule in the contract review."),
        ),
        on_submit=state.send,
        submit=say("Put on the item"),
        text=say("The review of the item asks for the decision rule again."),
        error=state.form_error,
        wide=True,
    )
