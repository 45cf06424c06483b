"""Tabs: parts of one record, one shown at a time; keys 1 to 9 are the page's own."""

from collections.abc import Sequence

import reflex as rx

from calibra_app.ui.components.values import Deed, Text


def tabs(
    choices: Sequence[tuple[str, Text]],
    chosen: Text,
    on_choose: Deed,
    *,
    label: Text,
    tallies: dict[str, Text] | None = None,
) -> rx.Component:
    """Return the row of tabs; the parts themselves are `tab_panel`s.

    Args:
        choices: Value and words of each.
        chosen: The value shown now.
        on_choose: Called with the value.
        label: What the tabs are parts of.
        tallies: A count beside the words, by value.
    """
    counts = tallies or {}
    return rx.el.div(
        *(
            rx.el.button(
                words,
                rx.el.span(counts[value], class_name="tally num") if value in counts else None,
                type="button",
                role="tab",
                id=f"tab-{value}",
                aria_selected=rx.Var.create(chosen) == value,
                aria_controls=f"panel-{value}",
                on_click=on_choose(value),
            )
            for value, words in choices
        ),
        class_name="tabs",
        role="tablist",
        aria_label=label,
    )


def tab_panel(value: str, chosen: Text, *parts: rx.Component) -> rx.Component:
    """Return the part that a tab shows; hidden ones stay unbuilt."""
    return rx.cond(
        rx.Var.create(chosen) == value,
        rx.el.div(
            *parts,
            role="tabpanel",
            id=f"panel-{value}",
            aria_labelledby=f"tab-{value}",
            class_name="stack",
        ),
    )
