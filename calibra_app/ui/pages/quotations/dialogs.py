"""The dialogs of the editor of a quotation."""

import reflex as rx

from calibra_app.ui.base import AppState
from calibra_app.ui.components.choice import radio_group, select_field
from calibra_app.ui.components.dialog import form_dialog, signature_dialog
from calibra_app.ui.components.form import columns, date_field, number_field, text_area, text_field
from calibra_app.ui.components.values import Deed
from calibra_app.ui.pages.quotations.deeds import QuotationDeeds as State
from calibra_app.ui.pages.quotations.rows import KINDS
from calibra_app.ui.words import say


def editor_dialogs() -> rx.Component:
    """Return every dialog of the editor; one is open at most."""
    return rx.fragment(
        _line(), _discount(), _conditions(), _approval(), _approve(), _send(), _again(), _review(),
        _answer(),
    )  # fmt: skip


def _dialog(
    which: str,
    title: str,
    *fields: rx.Component,
    on_submit: Deed,
    submit: str,
    text: str | rx.Var[str] = "",
) -> rx.Component:
    return form_dialog(
        State.dialog == which,
        State.close,
        title,
        *fields,
        on_submit=on_submit,
        submit=submit,
        text=text,
        error=State.form_error,
        busy=State.busy,
    )


def _line() -> rx.Component:
    kinds = [(kind.value, words) for kind, words in KINDS.items() if kind != "calibration"]
    return _dialog(
        "line",
        say("Add a line"),
        text_field("description", say("What is offered"), errors=State.errors, auto_focus=True),
        columns(
            select_field("kind", say("Kind"), kinds, errors=State.errors, value="other"),
            number_field("unit_price", say("Price"), unit=State.currency, errors=State.errors),
        ),
        on_submit=State.add_line,
        submit=say("Add line"),
    )


def _discount() -> rx.Component:
    return _dialog(
        "discount",
        say("Discount"),
        number_field(
            "discount_percent",
            say("Discount on the calibrations"),
            unit="%",
            value=State.discount,
            errors=State.errors,
            hint=State.limit_words,
            auto_focus=True,
        ),
        text_field("reason", say("Reason"), errors=State.errors, optional=True),
        on_submit=State.set_discount,
        submit=say("Set discount"),
        text=say("Travel, adjustment and other services cost what they cost."),
    )


def _conditions() -> rx.Component:
    return _dialog(
        "conditions",
        say("Validity and terms"),
        date_field("valid_until", say("Valid until"), value=State.valid_until, errors=State.errors),
        text_area(
            "terms",
            say("Terms"),
            value=State.terms,
            rows=6,
            errors=State.errors,
            hint=say("Each line is a paragraph of the offer."),
            optional=True,
        ),
        on_submit=State.set_conditions,
        submit=say("Save"),
    )


def _approval() -> rx.Component:
    return _dialog(
        "approval",
        say("Ask for approval"),
        text_area("reason", say("Why is this price right?"), errors=State.errors, auto_focus=True),
        on_submit=State.ask_approval,
        submit=say("Ask approval"),
        text=State.excess,
    )


def _approve() -> rx.Component:
    return signature_dialog(
        State.dialog == "approve",
        State.close,
        rx.Var.create(say("Approve ")) + State.title,
        text=State.excess + ". " + State.reason,
        meaning=say("Meaning: price above the limit approved"),
        signer=AppState.person_name,
        on_sign=State.approve,
        submit=say("Sign and approve"),
        errors=State.errors,
        error=State.form_error,
    )


def _send() -> rx.Component:
    return _dialog(
        "send",
        say("Send to the customer"),
        text_field(
            "to",
            say("To"),
            type="email",
            errors=State.errors,
            hint=say("Empty: the customer's approver."),
            optional=True,
            auto_focus=True,
        ),
        on_submit=State.send,
        submit=say("Send offer"),
        text=State.title
        + ", "
        + State.sums.total
        + " "
        + State.currency
        + ". "
        + say("The letter holds a link with which the offer is answered; it stays as it is."),
    )


def _again() -> rx.Component:
    return _dialog(
        "again",
        say("Send the link again"),
        text_field(
            "to",
            say("To"),
            type="email",
            errors=State.errors,
            hint=say("Empty: the address it was sent to before."),
            optional=True,
        ),
        on_submit=State.send_again,
        submit=say("Send fresh link"),
        text=say("The link that was sent before stops working."),
    )


def _review() -> rx.Component:
    return _dialog(
        "review",
        say("Back to contract review"),
        text_area("reason", say("Reason"), errors=State.errors, auto_focus=True),
        on_submit=State.back_to_review,
        submit=say("Back to review"),
        text=say("The offer is made anew from there, as the next revision."),
    )


def _answer() -> rx.Component:
    return _dialog(
        "answer",
        say("Enter the customer's answer"),
        radio_group(
            "answer",
            say("The customer"),
            (
                ("accept", say("accepts the whole offer")),
                ("change", say("asks for a change")),
                ("reject", say("rejects the offer")),
            ),
            value="accept",
            errors=State.errors,
        ),
        text_field(
            "evidence",
            say("How is that known?"),
            placeholder=say("phone, Olaf Berg, 13:10"),
            errors=State.errors,
        ),
        text_area(
            "remark",
            say("Reason or wish"),
            errors=State.errors,
            hint=say("Needed for a change and for a rejection."),
            optional=True,
        ),
        on_submit=State.enter_answer,
        submit=say("Enter answer"),
    )
