"""The dialogs of review: a remark on a reading, cells returned, the reviewer's signature."""

import reflex as rx

from calibra_app.ui.components.dialog import form_dialog, signature_dialog
from calibra_app.ui.components.form import text_area
from calibra_app.ui.pages.review.state import ReviewState
from calibra_app.ui.words import say


def review_dialogs() -> tuple[rx.Component, ...]:
    """Return the dialogs of the page."""
    state = ReviewState
    return (
        form_dialog(
            state.form == "flag",
            state.close_form,
            say("What do you ask about this reading?"),
            text_area(
                "text",
                say("Remark"),
                errors=state.errors,
                rows=2,
                auto_focus=True,
                placeholder=say("parallax?"),
            ),
            on_submit=state.flag,
            submit=say("Flag reading"),
            text=state.flag_place,
            error=state.form_error,
        ),
        form_dialog(
            state.form == "return",
            state.close_form,
            say("Return the flagged cells?"),
            text_area("reason", say("Reason"), errors=state.errors, rows=2, auto_focus=True),
            on_submit=state.give_back,
            submit=state.flags,
            text=say("Only these cells open again; everything else stays as it is."),
            error=state.form_error,
        ),
        signature_dialog(
            state.form == "accept",
            state.close_form,
            f"{say('Accept the review of')} {state.head.tag}",
            text=say(
                "You confirm that readings, conditions, standards, budget and verdicts were "
                "checked and are plausible."
            ),
            meaning=say("Meaning: reviewed"),
            signer=state.signer,
            on_sign=state.accept,
            submit=say("Sign and accept"),
            errors=state.errors,
            error=state.form_error,
        ),
    )
