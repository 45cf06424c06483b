"""Choices of a form: one of a short list, one of a long list, yes or no.

They stand in a form like the fields of `form`, whose `errors` and labels they share.
"""

from collections.abc import Sequence
from typing import Any, TypedDict

import reflex as rx
from reflex.event import passthrough_event_spec

from calibra_app.ui.components.form import Errors, fault, field, marks
from calibra_app.ui.components.values import Deed, Flag, Rows, Text, is_blank
from calibra_app.ui.words import say

_CHOICE = rx.asset("choice.jsx", shared=True)

WORDS = {"none": say("Nothing found."), "searching": say("Searching…")}


class Option(TypedDict):
    """One choice of a combobox: what is sent, what is read, and a second line."""

    value: str
    words: str
    note: str


class Combobox(rx.Component):
    """The React part; pages call `combobox`."""

    library = f"$/public{_CHOICE}"
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
        name: See `form.text_field`.
        label: See `form.text_field`.
        options: Value and words of each; as a var, a list of two-text lists.
        errors: See `form.text_field`.
        hint: See `form.text_field`.
        value: The value chosen at first.
        placeholder: Words of the empty choice.
        optional: See `form.text_field`.
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
        **marks(name, errors, hint),
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
        label: See `form.text_field`.
        options: What was found: dicts of value, words and note.
        on_query: Called with what is typed; fills `options` (at most twenty).
        errors: See `form.text_field`.
        hint: See `form.text_field`.
        chosen: The value at first.
        chosen_words: Its words.
        placeholder: Shown while it is empty.
        optional: See `form.text_field`.
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
    value: Text = "",
    errors: Errors = None,
    **props: Any,
) -> rx.Component:
    """Return a choice of one with all choices in view; value and words of each."""
    first = rx.Var.create(value)
    return rx.el.fieldset(
        rx.el.legend(label),
        rx.el.div(
            *(
                rx.el.label(
                    rx.el.input(
                        type="radio", name=name, value=key, default_checked=first == key, **props
                    ),
                    rx.el.span(words),
                    class_name="choice",
                )
                for key, words in options
            ),
            class_name="choices",
        ),
        fault(name, errors),
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
