"""Dialogs: native and modal, opened by a var; the electronic signature is one of them."""

import reflex as rx
from reflex.event import no_args_event_spec

from calibra_app.ui.components.button import button
from calibra_app.ui.components.form import form, form_error, text_field
from calibra_app.ui.components.icon import icon
from calibra_app.ui.components.values import Deed, Flag, Lookup, Text, is_blank
from calibra_app.ui.words import say

_DIALOG = rx.asset("dialog.jsx", shared=True)


class Modal(rx.Component):
    """The React part; pages call `dialog` and its sisters."""

    library = f"$/public{_DIALOG}"
    tag = "Modal"
    open: rx.Var[bool]
    label: rx.Var[str]
    on_close: rx.EventHandler[no_args_event_spec]


def dialog(
    open: Flag,  # noqa: A002 - the element's own word
    on_close: Deed,
    title: Text,
    *parts: rx.Component,
    text: Text = "",
    wide: bool = False,
    drawer: bool = False,
) -> rx.Component:
    """Return a dialog.

    Args:
        open: The var that shows it.
        on_close: Called on Escape, on a click outside before anything is typed; sets the var to
            false.
        title: Its heading: the object and the effect.
        parts: What it holds.
        text: A paragraph under the heading.
        wide: 760 instead of 480 px.
        drawer: At the right edge, as high as the window: a record beside its list.
    """
    name = "dialog-wide" if wide else "drawer" if drawer else ""
    return Modal.create(
        rx.el.div(
            rx.el.header(
                rx.el.h2(title),
                None if is_blank(text) else rx.el.p(text),
            ),
            *parts,
            class_name="dialog-body",
        ),
        open=open,
        on_close=on_close,
        label=title,
        class_name=name,
    )


def form_dialog(
    open: Flag,  # noqa: A002 - the element's own word
    on_close: Deed,
    title: Text,
    *fields: rx.Component,
    on_submit: Deed,
    submit: Text,
    text: Text = "",
    error: Text | None = None,
    busy: Flag = False,
    wide: bool = False,
) -> rx.Component:
    """Return a dialog that is a form; arguments as `dialog` and `form.form`."""
    cancel = button(say("Cancel"), on_click=on_close)
    inside = form(
        *fields, on_submit=on_submit, submit=submit, error=error, busy=busy, cancel=cancel
    )
    return dialog(open, on_close, title, inside, text=text, wide=wide)


def signature_dialog(
    open: Flag,  # noqa: A002 - the element's own word
    on_close: Deed,
    title: Text,
    *,
    text: Text,
    meaning: Text,
    signer: Text,
    on_sign: Deed,
    submit: Text = "",
    errors: Lookup | None = None,
    error: Text | None = None,
    busy: Flag = False,
    proof: Text = "",
    further: rx.Component | None = None,
) -> rx.Component:
    """Return the electronic signature: what is signed, what it means, and the password again.

    Args:
        open: See `dialog`.
        on_close: See `dialog`.
        title: The deed and its object: "Authorize MM-26-0413-05".
        text: What the signer confirms.
        meaning: The meaning of the signature: "Meaning: authorized for issue".
        signer: Name, role and the moment with its zone.
        on_sign: Called with the form's dict; the password stands under "password".
        submit: The verb on the button; "Sign" if empty.
        errors: `State.errors`: a wrong password appears under its field.
        error: `State.form_error`.
        busy: It is being signed.
        proof: The digest of what is signed.
        further: Another field above the password, such as a remark.
    """
    inside = rx.el.form(
        form_error(error) if error is not None else None,
        signed_as(meaning, signer),
        further,
        text_field(
            "password",
            say("Password"),
            type="password",
            errors=errors,
            auto_complete="current-password",
            auto_focus=True,
        ),
        rx.el.div(
            None if is_blank(proof) else rx.el.span(proof, class_name="mono tiny faint cut grow"),
            button(say("Cancel"), on_click=on_close),
            button(submit or say("Sign"), kind="primary", submit=True, busy=busy),
            class_name="form-foot",
        ),
        on_submit=on_sign,
        class_name="form",
    )
    return dialog(open, on_close, title, inside, text=text)


def signed_as(meaning: Text, signer: Text) -> rx.Component:
    """Return what a signature means and whose it is; it stands above the password."""
    return rx.el.div(
        icon("signature"),
        rx.el.div(
            rx.el.div(meaning, class_name="medium"),
            rx.el.div(signer, class_name="tiny second num"),
        ),
        class_name="meaning",
    )
