"""People on the screen: a round mark with initials, in a colour that stays with the person."""

from typing import Any

import reflex as rx

from calibra_app.ui.components.values import Rows, Text
from calibra_app.ui.words import say

# The same sum as `ui.format.hue_of`, for names that reach the browser without a colour.
_HUE = "([...new TextEncoder().encode({name})].reduce((sum, byte) => sum + byte, 0) % 6 + 1)"


def person(
    name: Text, initials: Text, *, hue: int | rx.Var[int] | None = None, small: bool = False
) -> rx.Component:
    """Return a person's mark; the name is its tip and what a screen reader says.

    Args:
        name: The full name.
        initials: Two letters, from `format.initials`.
        hue: 1 to 6, from `format.hue_of`; without it the browser works it out from the name.
        small: 20 instead of 24 pixels.
    """
    number = _hue_var(name) if hue is None else hue
    return rx.el.span(
        initials,
        class_name=f"person person-{number}" + (" person-small" if small else ""),
        role="img",
        title=name,
        aria_label=name,
    )


def _hue_var(name: Text) -> rx.Var[Any]:
    named = rx.Var.create(name)
    return rx.Var(
        _js_expr=_HUE.format(name=f"({named!s} ?? '')"),
        _var_type=int,
        # Without this the component would not subscribe to the state that the name comes from.
        _var_data=named._get_all_var_data(),  # noqa: SLF001
    )


def people(*marks: rx.Component) -> rx.Component:
    """Return several marks, overlapping a little."""
    return rx.el.span(*marks, class_name="people")


def presence(who: Rows) -> rx.Component:
    """Return the marks of those who have this page open.

    Args:
        who: The var that `LIVE.join_presence` keeps: dicts with name, initials and where.
    """
    return rx.el.span(
        rx.foreach(
            rx.Var.create(who).to(list[dict[str, str]]),
            lambda one: person(one["name"].to(str), one["initials"].to(str)),
        ),
        class_name="people",
        role="group",
        aria_label=say("Also here"),
    )
