"""The uncertainty budget on the screen: shares of the contributions, the value in its zones."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from calibra_app.ui.components.values import Rows, Text
from calibra_app.ui.words import say

# Where the upper limit stands at least, in hundredths of the bar, if words fit beside zero.
CROWDED = 70


@dataclass(frozen=True, slots=True)
class Share:
    """One contribution, as text: its name, "42 %" to read, "42.1%" for the bar."""

    name: str
    percent: str
    width: str


@dataclass(frozen=True, slots=True)
class Zone:
    """Where limit, acceptance limit, value and U stand in the zone bar, as CSS lengths and text.

    `zone_of` works it out; the defaults draw an empty bar.
    """

    limit_left: str = "50%"
    limit_width: str = "0%"
    limit_right: str = "50%"
    accept_left: str = "50%"
    accept_width: str = "0%"
    whisker_left: str = "50%"
    whisker_width: str = "0%"
    value: str = "50%"
    limit: str = ""
    spoken: str = ""
    # The limits lie so close to zero that the words between them would run into each other.
    crowded: bool = False


def shares(contributions: Rows) -> rx.Component:
    """Return the contributions as bars, in the order of the budget."""
    return rx.el.div(
        rx.foreach(
            rx.Var.create(contributions).to(list[Share]),
            lambda one: rx.fragment(
                rx.el.span(one.name, class_name="cut"),
                rx.el.span(rx.el.i(style={"width": one.width}), class_name="share-bar"),
                rx.el.span(one.percent, class_name="share-part"),
            ),
        ),
        class_name="shares",
    )


def share(name: str, part: float, percent: str) -> Share:
    """Return one contribution; `part` is its share of the variance (0 to 1), `percent` its text."""
    return Share(name, percent, f"{100 * min(max(part, 0.0), 1.0):.1f}%")


def zone_of(
    *,
    error: float,
    expanded_uncertainty: float,
    limit: float,
    acceptance: float,
    limit_text: str,
    spoken: str,
) -> Zone:
    """Return the places of the zone bar for a symmetric limit.

    Args:
        error: Error of indication.
        expanded_uncertainty: U, in the same unit.
        limit: The maximum permissible error, in the same unit.
        acceptance: The acceptance limit, in the same unit; negative leaves no acceptance zone.
        limit_text: The limit as text, without sign.
        spoken: A sentence that says the same, for screen readers.
    """
    half = max(limit * 1.35, (abs(error) + expanded_uncertainty) * 1.1) or 1.0
    inner = max(acceptance, 0.0)

    def place(value: float) -> float:
        return 50 + 50 * value / half

    def between(low: float, high: float) -> tuple[str, str]:
        return f"{place(low):.2f}%", f"{place(high) - place(low):.2f}%"

    limit_left, limit_width = between(-limit, limit)
    accept_left, accept_width = between(-inner, inner)
    whisker_left, whisker_width = between(
        error - expanded_uncertainty, error + expanded_uncertainty
    )
    return Zone(
        limit_left,
        limit_width,
        f"{place(limit):.2f}%",
        accept_left,
        accept_width,
        whisker_left,
        whisker_width,
        f"{place(error):.2f}%",
        limit_text,
        spoken,
        crowded=place(limit) < CROWDED,
    )


def zone_bar(zone: Any) -> rx.Component:
    """Return the bar of a `Zone` or its var: limit solid, acceptance dashed, U as a whisker."""

    def mark(name: str, **style: Text) -> rx.Component:
        return rx.el.div(class_name=name, style=style)

    def word(text: Text, left: Text, name: str, *more: Text) -> rx.Component:
        return rx.el.span(text, *more, class_name=f"zone-word {name}", style={"left": left})

    return rx.el.div(
        rx.el.div(class_name="zone-ground"),
        mark("zone-limit", left=zone.limit_left, width=zone.limit_width),
        mark("zone-accept", left=zone.accept_left, width=zone.accept_width),
        rx.el.div(class_name="zone-zero"),
        mark("zone-whisker", left=zone.whisker_left, width=zone.whisker_width),
        mark("zone-value", left=zone.value),
        rx.cond(zone.crowded, None, word(say("accept"), "50%", "zone-above")),
        word(say("limit"), zone.limit_right, "zone-above"),
        word("\N{MINUS SIGN}", zone.limit_left, "zone-below", zone.limit),
        rx.cond(zone.crowded, None, word("0", "50%", "zone-below")),
        word("+", zone.limit_right, "zone-below", zone.limit),
        class_name="zone",
        role="img",
        aria_label=zone.spoken,
    )
