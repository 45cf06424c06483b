"""Small marks on the pages of requests: a count, a share, how complete a line is, its scope."""

import reflex as rx

from calibra_app.ui.components import layout
from calibra_app.ui.components.icon import icon
from calibra_app.ui.components.status import badge
from calibra_app.ui.components.values import Flag, Rows, Text
from calibra_app.ui.words import say


def count(rows: Rows) -> rx.vars.NumberVar[int]:
    """Return how many rows a var holds."""
    return rx.Var.create(rows).to(list).length()


def scope_badge(words: Text, tone: Text) -> rx.Component:
    """Return what the scope says of a line; nothing before it was looked up."""
    return rx.cond(words != "", badge(words, tone, "target"))


def bar(percent: Text, full: Flag) -> rx.Component:
    """Return a share as a short bar with its number."""
    return layout.row(
        rx.el.div(
            rx.el.div(
                class_name=rx.cond(full, "fill-green", "fill-amber"),
                style={"width": f"{percent}%", "height": "100%", "borderRadius": "3px"},
            ),
            class_name="bar",
            style={"width": "56px", "flex": "none"},
        ),
        rx.el.span(f"{percent} %", class_name="tiny num one-line"),
        class_name="gap-6",
    )


def meter(percent: Text, missing: Text) -> rx.Component:
    """Return how complete a line is, and in words what is missing."""
    full = rx.Var.create(missing) == ""
    return rx.el.div(
        bar(percent, full),
        rx.cond(full, None, rx.el.div(say("Missing: "), missing, class_name="tiny ink-amber")),
    )


def promise_part(words: Text, doubtful: Flag) -> rx.Component:
    """Return whether a promised day can be kept; nothing where none is promised."""
    doubt = rx.Var.create(doubtful).bool()
    return rx.cond(
        words != "",
        rx.el.div(
            icon(
                rx.cond(doubt, "triangle-alert", "circle-check"),
                class_name=rx.cond(doubt, "ink-amber", "ink-green"),
            ),
            rx.el.span(words, class_name=rx.cond(doubt, "ink-amber", "second")),
            class_name="row row-top tiny gap-4",
            role="status",
            style={"maxWidth": "230px"},
        ),
    )


def scope_part(words: Text, tone: Text, rows: Rows) -> rx.Component:
    """Return what the scope says of a line, with the rows of the CMC table behind it."""
    return rx.el.div(
        scope_badge(words, tone),
        rx.cond(
            count(rows) > 0,
            rx.el.details(
                rx.el.summary(say("CMC rows"), class_name="tiny faint"),
                rx.foreach(
                    rx.Var.create(rows).to(list[str]),
                    lambda text: rx.el.div(text, class_name="tiny second num"),
                ),
            ),
        ),
    )
