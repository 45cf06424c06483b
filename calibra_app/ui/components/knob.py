"""A figure that one types or slides, and the address that carries a page's figures.

What is typed stays in the browser until the page begins with other figures (`fresh` counts up).
Only one figure is on its way at a time: the next is sent when the state's `answered` has counted
up, so that a quick hand neither floods the server nor lags behind its own picture.
"""

from typing import Any

import reflex as rx
from reflex.event import passthrough_event_spec

from calibra_app.ui.components.values import Deed, Text
from calibra_app.ui.words import say

_KNOB = rx.asset("knob.jsx", shared=True)

WORDS = {
    "slider": say("slider"),
    "empty": say("empty"),
    "copy": say("Copy link"),
    "copied": say("Copied"),
}


class Knob(rx.Component):
    """The React part; pages call `knob`."""

    library = f"$/public{_KNOB}"
    tag = "Knob"
    name: rx.Var[str]
    label: rx.Var[str]
    unit: rx.Var[str]
    text: rx.Var[str]
    fresh: rx.Var[int]
    low: rx.Var[float]
    high: rx.Var[float]
    step: rx.Var[float]
    decimals: rx.Var[int]
    fault: rx.Var[str]
    hint: rx.Var[str]
    optional: rx.Var[str]
    answered: rx.Var[int]
    words: rx.Var[dict[str, str]]
    on_figure: rx.EventHandler[passthrough_event_spec(str, str, bool)]


class Permalink(rx.Component):
    """The button that copies the address; it keeps the address at the figures."""

    library = f"$/public{_KNOB}"
    tag = "Permalink"
    query: rx.Var[str]
    words: rx.Var[dict[str, str]]


def knob(
    name: str,
    label: Text,
    on_figure: Deed,
    *,
    text: Any,
    reach: Any,
    fresh: Any,
    answered: Any,
    fault: Any,
    unit: Text = "",
    hint: Text = "",
    optional: bool = False,
) -> rx.Component:
    """Return a slider with a field for the exact number beside it.

    Args:
        name: Its name, as `on_figure` receives it.
        label: What it is.
        on_figure: Called with (name, text, whether it was slid).
        text: What stands in it when the page begins with new figures.
        reach: The var with `low`, `high`, `step` and `decimals` of the slider.
        fresh: Counts how often the page began with new figures.
        answered: Counts the figures that were answered.
        fault: Why what stands in it cannot be read; empty if it can.
        unit: Behind the field.
        hint: A line under it.
        optional: It may stay empty.
    """
    return Knob.create(
        name=name,
        label=label,
        unit=unit,
        text=text,
        fresh=fresh,
        low=reach["low"],
        high=reach["high"],
        step=reach["step"],
        decimals=reach["decimals"].to(int),
        fault=fault,
        hint=hint,
        optional=say("optional") if optional else "",
        answered=answered,
        words=WORDS,
        on_figure=on_figure,
    )


def permalink(query: Text) -> rx.Component:
    """Return the button that copies the address of a page with its figures."""
    return Permalink.create(query=query, words=WORDS)
