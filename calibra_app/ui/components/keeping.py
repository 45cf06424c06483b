"""What the lists of kept records share: entering one, opening one, putting one away.

Nothing is deleted: a record that nobody uses any more is put away, found again by a filter, and
taken back into use by the same button.
"""

import reflex as rx

from calibra_app.ui.components.button import Size, button
from calibra_app.ui.components.layout import filter_chip
from calibra_app.ui.components.table import button_cell, cell
from calibra_app.ui.components.values import Deed, Flag, Text
from calibra_app.ui.words import say


def enter_button(allowed: Flag, words: Text, on_click: Deed) -> rx.Component:
    """Return the page's own button, reached by the key N: it opens the form of a new record."""
    return rx.cond(
        allowed,
        button(
            words,
            kind="primary",
            symbol="plus",
            on_click=on_click,
            custom_attrs={"data-key": "n"},
        ),
    )


def opening_cell(allowed: Flag, words: Text, on_click: Deed, note: Text = "") -> rx.Component:
    """Return the cell with a record's name; it opens the record for those who may change it."""
    return rx.cond(
        allowed, button_cell(words, on_click, note=note), cell(words, class_name="medium")
    )


def away_filter(*, pressed: Flag, on_click: Deed) -> rx.Component:
    """Return the filter that shows the records put away instead of those in use."""
    return filter_chip(say("Put away"), pressed=pressed, on_click=on_click, symbol="archive")


def away_button(archived: Flag, on_click: Deed, *, size: Size = "normal") -> rx.Component:
    """Return the button that puts a record away, or takes it back into use."""
    return button(
        rx.cond(archived, say("Take back into use"), say("Put away")),
        symbol="archive",
        size=size,
        on_click=on_click,
    )
