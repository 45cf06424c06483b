"""Buttons: one primary action a screen, a verb on each; what destroys is outlined, not filled."""

from collections.abc import Sequence
from typing import Any, Literal

import reflex as rx

from calibra_app.ui.components.icon import icon
from calibra_app.ui.components.values import Deed, Flag, Text, is_blank

Kind = Literal["plain", "primary", "quiet", "danger"]
Size = Literal["small", "normal", "large"]


def button(
    *words: rx.Component | Text,
    kind: Kind = "plain",
    symbol: Text = "",
    key: str = "",
    size: Size = "normal",
    submit: bool = False,
    busy: Flag = False,
    class_name: str = "",
    **props: Any,
) -> rx.Component:
    """Return a button.

    Args:
        words: Its words, verb first; a var may change them while busy ("Sending…").
        kind: "primary" once a screen, "quiet" without a border, "danger" for what cannot be undone.
        symbol: An icon before the words.
        key: The key that does the same, shown as a hint.
        size: "small" (26 px), "normal" or "large" (42 px).
        submit: It sends the form that it stands in.
        busy: While true it can't be pressed again and says so to screen readers.
        class_name: Further classes.
        props: `on_click`, `disabled`, `id`, `title` and other attributes of the element.
    """
    if not (isinstance(busy, bool) and not busy):
        props["aria_busy"] = busy
        props.setdefault("disabled", busy)
    return rx.el.button(
        *_inside(words, symbol, key),
        type="submit" if submit else "button",
        class_name=_classes(kind, size, class_name),
        **props,
    )


def link_button(
    *words: rx.Component | Text,
    href: Text,
    kind: Kind = "plain",
    symbol: Text = "",
    key: str = "",
    size: Size = "normal",
    class_name: str = "",
    **props: Any,
) -> rx.Component:
    """Return a link that looks like a button: for going somewhere, not for doing something."""
    return rx.el.a(
        *_inside(words, symbol, key),
        href=href,
        class_name=_classes(kind, size, class_name),
        **props,
    )


def icon_button(
    symbol: Text, label: Text, *, size: Size = "normal", kind: Kind = "quiet", **props: Any
) -> rx.Component:
    """Return a button that shows only an icon; the label is its name and its tip."""
    return rx.el.button(
        icon(symbol),
        type="button",
        title=label,
        aria_label=label,
        class_name=_classes(kind, size, "button-icon"),
        **props,
    )


def keys(*names: str) -> rx.Component:
    """Return keyboard keys as small caps, for hints."""
    return rx.el.span(*(rx.el.kbd(name, class_name="key") for name in names), class_name="keys")


def segments(
    choices: Sequence[tuple[str, Text]],
    chosen: Text,
    on_choose: Deed,
    *,
    label: str,
) -> rx.Component:
    """Return a row of buttons of which one is pressed.

    Args:
        choices: Value and words of each.
        chosen: The value that is pressed now.
        on_choose: Called with the value.
        label: What is chosen here, for screen readers.
    """
    return rx.el.div(
        *(
            rx.el.button(
                words,
                type="button",
                aria_pressed=rx.Var.create(chosen) == value,
                on_click=on_choose(value),
            )
            for value, words in choices
        ),
        class_name="segments",
        role="group",
        aria_label=label,
    )


def _inside(
    words: Sequence[rx.Component | Text], symbol: Text, key: str
) -> tuple[rx.Component | Text, ...]:
    before = () if is_blank(symbol) else (icon(symbol),)
    after = (rx.el.span(key, class_name="key", aria_hidden="true"),) if key else ()
    return (*before, *words, *after)


def _classes(kind: Kind, size: Size, more: str) -> str:
    names = ["button"]
    names += [f"button-{kind}"] if kind != "plain" else []
    names += [f"button-{size}"] if size != "normal" else []
    return " ".join([*names, more]).strip()
