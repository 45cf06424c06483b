"""Forms: a label above each control, a hint under it, a refusal beside the field it names.

Forms are uncontrolled: the browser holds what was typed, so a refused submission loses nothing.
`errors` is the var of `ui.base.Refusals`; a refusal for a field appears under it, and the service
names the field as the form does. Numbers are text on the way to the server, which reads comma or
point with `format.read_number`.
"""

from typing import Any

import reflex as rx

from calibra_app.ui.components.button import button
from calibra_app.ui.components.icon import icon
from calibra_app.ui.components.values import Deed, Flag, Lookup, Text, is_blank
from calibra_app.ui.words import say

# `State.errors`: the refusal of each field by its name.
Errors = Lookup | None


def form(
    *fields: rx.Component,
    on_submit: Deed,
    submit: Text,
    error: Text | None = None,
    busy: Flag = False,
    cancel: rx.Component | None = None,
    reset: bool = False,
    **props: Any,
) -> rx.Component:
    """Return a form with its submit button at the right of its foot.

    Args:
        fields: Its fields, `columns` of fields, or anything between them.
        on_submit: Called with a dict of every control's name and text.
        submit: The words of the button, verb first.
        error: A refusal that belongs to no field: `State.form_error`.
        busy: It is being sent.
        cancel: A button left of the submit button.
        reset: Empty the fields after sending; off, so that a refusal loses nothing.
        props: `id` and other attributes of the form.
    """
    return rx.el.form(
        form_error(error) if error is not None else None,
        *fields,
        rx.el.div(
            cancel, button(submit, kind="primary", submit=True, busy=busy), class_name="form-foot"
        ),
        on_submit=on_submit,
        reset_on_submit=reset,
        class_name="form",
        no_validate=True,
        **props,
    )


def form_error(error: Text) -> rx.Component:
    """Return the refusal of a whole form."""
    return rx.cond(
        rx.Var.create(error) != "",
        rx.el.div(
            icon("circle-alert", class_name="ink-red"),
            rx.el.div(error),
            class_name="callout callout-red",
            role="alert",
        ),
    )


def columns(*fields: rx.Component) -> rx.Component:
    """Return fields beside each other where there is room."""
    return rx.el.div(*fields, class_name="form-columns")


def field(
    name: str,
    label: Text,
    control: rx.Component,
    *,
    errors: Errors = None,
    hint: Text = "",
    optional: bool = False,
) -> rx.Component:
    """Return a control with its label, hint and refusal; the ready fields below use it."""
    return rx.el.div(
        rx.el.label(
            label,
            rx.el.span(say("optional"), class_name="optional") if optional else None,
            html_for=name,
        ),
        control,
        None if is_blank(hint) else rx.el.span(hint, class_name="hint", id=f"{name}-hint"),
        fault(name, errors),
        class_name="field",
    )


def fault(name: str, errors: Errors) -> rx.Component | None:
    """Return the refusal of a field, under it."""
    if errors is None:
        return None
    faults = rx.Var.create(errors).to(dict[str, str])
    return rx.cond(
        faults.contains(name),
        rx.el.span(
            icon("circle-alert"), faults[name], class_name="fault", id=f"{name}-fault", role="alert"
        ),
    )


def marks(name: str, errors: Errors, hint: Text) -> dict[str, Any]:
    """Return the names by which a control is known, labelled and described."""
    described = [] if is_blank(hint) else [f"{name}-hint"]
    told: dict[str, Any] = {"id": name, "name": name}
    if errors is not None:
        told["aria_invalid"] = rx.Var.create(errors).to(dict[str, str]).contains(name)
        described.append(f"{name}-fault")
    if described:
        told["aria_describedby"] = " ".join(described)
    return told


def text_field(
    name: str,
    label: Text,
    *,
    errors: Errors = None,
    hint: Text = "",
    value: Text = "",
    type: Any = "text",  # noqa: A002 - the element's own word
    optional: bool = False,
    **props: Any,
) -> rx.Component:
    """Return a field for one line of text (or `type` email, password, tel, url, color).

    Args:
        name: Its name in the form's dict, its id, and the field a refusal names.
        label: What it asks for.
        errors: `State.errors`.
        hint: A line under it.
        value: What stands in it at first; what was typed stays on a refusal.
        type: The kind of input.
        optional: It may stay empty, and says so.
        props: `auto_complete`, `placeholder`, `max_length`, `on_change`, `auto_focus`…
    """
    control = rx.el.input(
        type=type,
        default_value=value,
        required=not optional,
        class_name="control",
        **marks(name, errors, hint),
        **props,
    )
    return field(name, label, control, errors=errors, hint=hint, optional=optional)


def number_field(
    name: str,
    label: Text,
    *,
    unit: Text = "",
    errors: Errors = None,
    hint: Text = "",
    value: Text = "",
    optional: bool = False,
    **props: Any,
) -> rx.Component:
    """Return a field for a number with its unit; comma or point, read on the server."""
    control = rx.el.input(
        type="text",
        input_mode="decimal",
        default_value=value,
        auto_complete="off",
        required=not optional,
        class_name="control control-number",
        **marks(name, errors, hint),
        **props,
    )
    if not (is_blank(unit)):
        control = rx.el.div(control, rx.el.span(unit, class_name="unit"), class_name="with-unit")
    return field(name, label, control, errors=errors, hint=hint, optional=optional)


def text_area(
    name: str,
    label: Text,
    *,
    errors: Errors = None,
    hint: Text = "",
    value: Text = "",
    rows: int = 3,
    optional: bool = False,
    **props: Any,
) -> rx.Component:
    """Return a field for several lines."""
    control = rx.el.textarea(
        default_value=value,
        rows=str(rows),
        required=not optional,
        class_name="control",
        **marks(name, errors, hint),
        **props,
    )
    return field(name, label, control, errors=errors, hint=hint, optional=optional)


def date_field(
    name: str,
    label: Text,
    *,
    errors: Errors = None,
    hint: Text = "",
    value: Text = "",
    optional: bool = False,
    **props: Any,
) -> rx.Component:
    """Return a field for a day; it sends YYYY-MM-DD and shows the reader's own form."""
    return text_field(
        name, label, errors=errors, hint=hint, value=value, type="date", optional=optional, **props
    )
