"""Forms: a label above each control, a hint under it, a refusal beside the field it names.

Forms are uncontrolled: the browser holds what was typed, so a refused submission loses nothing.
`errors` is the var of `ui.base.Refusals`; a refusal for a field appears under it, and the service
names the field as the form does. Numbers are text on the way to the server, which reads comma or
point with `format.read_number`.
"""

from collections.abc import Sequence
from typing import Any, TypedDict

import reflex as rx
from reflex.event import passthrough_event_spec

from calibra_app.ui.components.button import button
from calibra_app.ui.components.icon import icon
from calibra_app.ui.components.values import Deed, Flag, Lookup, Rows, Text, is_blank
from calibra_app.ui.words import say

_FORM = rx.asset("form.jsx", shared=True)

# `State.errors`: the refusal of each field by its name.
Errors = Lookup | None

WORDS = {"none": say("Nothing found."), "searching": say("Searching…")}


class Option(TypedDict):
    """One choice of a combobox: what is sent, what is read, and a second line."""

    value: str
    words: str
    note: str


class Combobox(rx.Component):
    """The React part; pages call `combobox`."""

    library = f"$/public{_FORM}"
    tag = "Combobox"
    name: rx.Var[str]
    options: rx.Var[list]
    chosen: rx.Var[str]
    chosen_words: rx.Var[str]
    placeholder: rx.Var[str]
    required: rx.Var[bool]
    invalid: rx.Var[bool]
    described_by: rx.Var[str]
    words: rx.Var[dict[str, str]]
    on_query: rx.EventHandler[passthrough_event_spec(str)]
    on_choose: rx.EventHandler[passthrough_event_spec(str)]


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
        _fault(name, errors),
        class_name="field",
    )


def _fault(name: str, errors: Errors) -> rx.Component | None:
    if errors is None:
        return None
    faults = rx.Var.create(errors).to(dict[str, str])
    return rx.cond(
        faults.contains(name),
        rx.el.span(
            icon("circle-alert"), faults[name], class_name="fault", id=f"{name}-fault", role="alert"
        ),
    )


def _marks(name: str, errors: Errors, hint: Text) -> dict[str, Any]:
    described = [] if is_blank(hint) else [f"{name}-hint"]
    marks: dict[str, Any] = {"id": name, "name": name}
    if errors is not None:
        marks["aria_invalid"] = rx.Var.create(errors).to(dict[str, str]).contains(name)
        described.append(f"{name}-fault")
    if described:
        marks["aria_describedby"] = " ".join(described)
    return marks


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
        **_marks(name, errors, hint),
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
        **_marks(name, errors, hint),
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
        **_marks(name, errors, hint),
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


def select_field(
    name: str,
    label: Text,
    options: Rows,
    *,
    errors: Errors = None,
    hint: Text = "",
    value: Text = "",
    placeholder: Text = "",
    optional: bool = False,
    **props: Any,
) -> rx.Component:
    """Return a choice of one from a short list.

    Args:
        name: See `text_field`.
        label: See `text_field`.
        options: Value and words of each; as a var, a list of two-text lists.
        errors: See `text_field`.
        hint: See `text_field`.
        value: The value chosen at first.
        placeholder: Words of the empty choice.
        optional: See `text_field`.
        props: `on_change` and others.
    """
    if isinstance(options, rx.Var):
        inside = rx.foreach(options, lambda one: rx.el.option(one[1], value=one[0]))
    else:
        inside = rx.fragment(*(rx.el.option(words, value=key) for key, words in options))
    blank = None if is_blank(placeholder) else rx.el.option(placeholder, value="")
    control = rx.el.select(
        blank,
        inside,
        default_value=value,
        required=not optional,
        class_name="control",
        **_marks(name, errors, hint),
        **props,
    )
    return field(name, label, control, errors=errors, hint=hint, optional=optional)


def combobox(
    name: str,
    label: Text,
    options: Rows,
    on_query: Deed,
    *,
    errors: Errors = None,
    hint: Text = "",
    chosen: Text = "",
    chosen_words: Text = "",
    placeholder: Text = "",
    optional: bool = False,
    on_choose: Deed | None = None,
) -> rx.Component:
    """Return a choice from a long list that the server searches.

    Args:
        name: The chosen value's name in the form's dict.
        label: See `text_field`.
        options: What was found: dicts of value, words and note.
        on_query: Called with what is typed; fills `options` (at most twenty).
        errors: See `text_field`.
        hint: See `text_field`.
        chosen: The value at first.
        chosen_words: Its words.
        placeholder: Shown while it is empty.
        optional: See `text_field`.
        on_choose: Called with the chosen value.
    """
    props: dict[str, Any] = {} if on_choose is None else {"on_choose": on_choose}
    if errors is not None:
        props |= {
            "invalid": rx.Var.create(errors).to(dict[str, str]).contains(name),
            "described_by": f"{name}-fault",
        }
    control = Combobox.create(
        name=name,
        id=name,
        options=options,
        on_query=on_query,
        chosen=chosen,
        chosen_words=chosen_words,
        placeholder=placeholder,
        required=not optional,
        words=WORDS | {"list": label},
        **props,
    )
    return field(name, label, control, errors=errors, hint=hint, optional=optional)


def check_box(
    name: str,
    words: Text,
    *,
    note: Text = "",
    checked: Flag = False,
    **props: Any,
) -> rx.Component:
    """Return one yes-or-no; the form's dict holds "on" or nothing."""
    return rx.el.label(
        rx.el.input(type="checkbox", name=name, id=name, default_checked=checked, **props),
        rx.el.span(words, None if is_blank(note) else rx.el.small(note)),
        class_name="choice",
    )


def radio_group(
    name: str,
    label: Text,
    options: Sequence[tuple[str, str]],
    *,
    value: str = "",
    errors: Errors = None,
    **props: Any,
) -> rx.Component:
    """Return a choice of one with all choices in view; value and words of each."""
    return rx.el.fieldset(
        rx.el.legend(label),
        rx.el.div(
            *(
                rx.el.label(
                    rx.el.input(
                        type="radio", name=name, value=key, default_checked=key == value, **props
                    ),
                    rx.el.span(words),
                    class_name="choice",
                )
                for key, words in options
            ),
            class_name="choices",
        ),
        _fault(name, errors),
        class_name="field",
        id=name,
    )


def switch(words: Text, checked: rx.Var[bool], on_change: Deed) -> rx.Component:
    """Return a switch that acts at once; `on_change` is called with the new value."""
    return rx.el.label(
        rx.el.input(type="checkbox", role="switch", checked=checked, on_change=on_change),
        rx.el.span(words),
        class_name="switch",
    )
