"""Lists: a toolbar with search and filters, a sticky head, rows that are links, pages by key."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import reflex as rx

from calibra_app.ui.components.button import button
from calibra_app.ui.components.icon import icon
from calibra_app.ui.components.layout import empty as nothing
from calibra_app.ui.components.layout import spacer
from calibra_app.ui.components.values import Deed, Flag, Rows, Text, is_blank
from calibra_app.ui.words import say

SEARCH_DELAY = 200


@dataclass(frozen=True, slots=True)
class Column:
    """The head of one column; `right` for numbers, `sort` for the key that `on_sort` receives."""

    words: Text
    right: bool = False
    sort: str = ""


def table(
    columns: Sequence[Column | str],
    rows: Rows,
    row: Callable[[Any], rx.Component] | None = None,
    *,
    label: Text,
    loading: Flag = False,
    empty: rx.Component | None = None,
    on_sort: Deed | None = None,
    sorted_by: Text = "",
    descending: Flag = False,
) -> rx.Component:
    """Return a table.

    Args:
        columns: The heads; a plain text is a column of words.
        rows: The var with the rows of the page, or ready rows.
        row: Makes the row of one record: `record(cell(…), …)`; needed unless `rows` are ready.
        label: What the table lists, for screen readers.
        loading: While true and without rows a skeleton stands here.
        empty: Shown instead of a table without rows: `layout.empty(…)`.
        on_sort: Called with the `sort` key of a head.
        sorted_by: The key by which the rows are in order now.
        descending: The order goes down.
    """
    heads = [Column(one) if isinstance(one, str) else one for one in columns]
    if row is not None:
        records: Any = rx.Var.create(rows)
        body = rx.foreach(records, row)
        there = records.length() > 0
    elif isinstance(rows, rx.Var):
        raise TypeError("a table of a var needs `row`")
    else:
        body = rx.fragment(*rows)
        there = len(rows) > 0
    framed = rx.el.div(
        rx.el.table(
            rx.el.thead(rx.el.tr(*(_head(one, on_sort, sorted_by, descending) for one in heads))),
            rx.el.tbody(body),
            class_name="table",
            aria_label=label,
        ),
        class_name="table-frame",
    )
    without = rx.cond(loading, _waiting(heads), empty or nothing(say("Nothing here yet")))
    return rx.cond(there, framed, without)


def _head(
    column: Column,
    on_sort: Deed | None,
    sorted_by: Text,
    descending: Flag,
) -> rx.Component:
    side = "right" if column.right else ""
    if is_blank(column.words):
        return rx.el.td(class_name="head-blank")
    if not column.sort or on_sort is None:
        return rx.el.th(column.words, scope="col", class_name=side)
    mine = rx.Var.create(sorted_by) == column.sort
    arrow = rx.cond(mine, rx.cond(descending, "arrow-down", "arrow-up"), "chevrons-up-down")
    order = rx.cond(mine, rx.cond(descending, "descending", "ascending"), "none")
    return rx.el.th(
        rx.el.button(
            column.words,
            icon(arrow, size=12),
            type="button",
            class_name="sort",
            on_click=on_sort(column.sort),
        ),
        scope="col",
        class_name=side,
        aria_sort=order,
    )


def _waiting(columns: Sequence[Column]) -> rx.Component:
    widths = ("70%", "54%", "62%", "40%")
    grey = [
        rx.el.td(
            rx.el.div(class_name="skeleton", style={"height": "12px", "width": widths[at % 4]})
        )
        for at in range(len(columns))
    ]
    return rx.el.div(
        rx.el.table(
            rx.el.thead(rx.el.tr(*(rx.el.th(one.words, scope="col") for one in columns))),
            rx.el.tbody(*(rx.el.tr(*grey) for _ in range(8))),
            class_name="table table-plain",
            aria_label=say("Loading"),
            aria_busy=True,
        ),
        class_name="table-frame",
    )


def record(*cells: rx.Component, selected: Flag = False, **props: Any) -> rx.Component:
    """Return one row; with a `link_cell` in it, a click anywhere follows the link."""
    if not (isinstance(selected, bool) and not selected):
        props["aria_selected"] = selected
    return rx.el.tr(*cells, **props)


def cell(*parts: rx.Component | Text, right: bool = False, class_name: str = "") -> rx.Component:
    """Return one cell; `right` for numbers."""
    return rx.el.td(*parts, class_name=f"{'right' if right else ''} {class_name}".strip())


def link_cell(words: rx.Component | Text, href: Text, note: Text = "") -> rx.Component:
    """Return the cell whose link the whole row follows."""
    second = () if is_blank(note) else (rx.el.div(note, class_name="tiny faint"),)
    return rx.el.td(rx.el.a(words, href=href, class_name="row-link"), *second)


def button_cell(words: rx.Component | Text, on_click: Deed, note: Text = "") -> rx.Component:
    """Return the cell whose deed the whole row does, such as opening a drawer."""
    second = () if is_blank(note) else (rx.el.div(note, class_name="tiny faint"),)
    return rx.el.td(
        rx.el.a(
            words,
            href="#",
            role="button",
            class_name="row-link",
            on_click=[rx.prevent_default, on_click],
        ),
        *second,
    )


def toolbar(*parts: rx.Component) -> rx.Component:
    """Return the bar above a list: `search_field`, `layout.filter_chip`s, buttons."""
    return rx.el.div(*parts, class_name="toolbar")


def search_field(
    value: Text, on_search: Deed, *, label: Text = "", placeholder: Text = ""
) -> rx.Component:
    """Return a search field that asks the server while one types; the key / goes to it."""
    spoken = label or say("Search in this list")
    return rx.el.div(
        icon("search"),
        rx.el.input(
            type="search",
            default_value=value,
            placeholder=placeholder or spoken,
            on_change=on_search.debounce(SEARCH_DELAY),
            class_name="control control-small",
            aria_label=spoken,
            auto_complete="off",
            custom_attrs={"data-key": "/"},
        ),
        class_name="search",
    )


def pager(
    shown: Text,
    *,
    more: Flag,
    on_more: Deed,
    busy: Flag = False,
) -> rx.Component:
    """Return the foot of a list that is read page by page.

    Args:
        shown: How many there are, as a sentence: "50 of 1 204 requests".
        more: Whether a further page exists.
        on_more: Reads it and puts its rows behind the others.
        busy: It is being read.
    """
    return rx.el.div(
        rx.el.span(shown, role="status"),
        spacer(),
        rx.cond(more, button(say("Show more"), size="small", on_click=on_more, busy=busy)),
        class_name="table-foot",
    )
