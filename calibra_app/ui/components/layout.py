"""Arrangement of a page: pages, cards, rows, notes, facts, and what stands where nothing is yet."""

from collections.abc import Sequence
from typing import Any

import reflex as rx

from calibra_app.ui import routes
from calibra_app.ui.components.icon import icon
from calibra_app.ui.components.status import Tone
from calibra_app.ui.components.values import Deed, Flag, Text, is_blank
from calibra_app.ui.words import say


def page(*parts: rx.Component, narrow: bool = False) -> rx.Component:
    """Return the padded column that most pages put their parts into."""
    return rx.el.div(*parts, class_name="page page-narrow" if narrow else "page page-wide")


def row(*parts: rx.Component | Text, class_name: str = "", **props: Any) -> rx.Component:
    """Return parts beside each other, 8 px apart; `class_name` may add row-wrap or gap-12."""
    return rx.el.div(*parts, class_name=f"row {class_name}".strip(), **props)


def stack(*parts: rx.Component | Text, class_name: str = "", **props: Any) -> rx.Component:
    """Return parts under each other, 12 px apart; `class_name` may add gap-4 and others."""
    return rx.el.div(*parts, class_name=f"stack {class_name}".strip(), **props)


def columns(*parts: rx.Component, side: bool = False, three: bool = False) -> rx.Component:
    """Return columns that fold where the window is narrow; `side` makes the second one 340 px."""
    name = "main-and-side" if side else "columns-3" if three else "columns-2"
    return rx.el.div(*parts, class_name=name)


def spacer() -> rx.Component:
    """Return what pushes the rest of a row to its end."""
    return rx.el.span(class_name="spacer")


def card(
    title: Text,
    *parts: rx.Component | Text,
    action: rx.Component | None = None,
    flush: bool = False,
    class_name: str = "",
) -> rx.Component:
    """Return a titled card.

    Args:
        title: Its heading; an empty text for none.
        parts: What it holds.
        action: A link or button at the right of the heading.
        flush: The parts reach the edges (tables, rows).
        class_name: Further classes, such as span-7 on the dashboard.
    """
    untitled = is_blank(title)
    named: dict[str, Any] = {} if untitled else {"aria_label": title}
    return rx.el.section(
        None if untitled else rx.el.div(rx.el.h2(title), action, class_name="card-head"),
        *parts if flush else (rx.el.div(*parts, class_name="card-body"),),
        class_name=f"card {class_name}".strip(),
        **named,
    )


def section(
    title: Text, *parts: rx.Component | Text, beside: rx.Component | None = None
) -> rx.Component:
    """Return one section of a side panel."""
    return rx.el.section(rx.el.h2(rx.el.span(title), beside), *parts)


def rows(*entries: rx.Component) -> rx.Component:
    """Return entries with a line between them; its children are `row_entry` parts or a foreach."""
    return rx.el.div(*entries, class_name="rows")


def row_entry(*parts: rx.Component | Text, href: Text = "") -> rx.Component:
    """Return one entry of `rows`; with `href` the whole entry is a link."""
    if is_blank(href):
        return rx.el.div(*parts)
    return rx.el.a(*parts, href=href, class_name="row-link")


def two_lines(first: rx.Component | Text, second: rx.Component | Text) -> rx.Component:
    """Return a strong line and a faint one under it, cut where there is no room."""
    return rx.el.div(
        rx.el.div(first, class_name="cut medium"),
        rx.el.div(second, class_name="cut tiny faint"),
        class_name="grow",
    )


def facts(
    *pairs: tuple[rx.Component | Text, rx.Component | Text], stacked: bool = False
) -> rx.Component:
    """Return names with their values.

    Args:
        pairs: Name and value of each.
        stacked: Each name above its value, in as many columns as fit; else beside it.
    """
    if stacked:
        inside = [rx.el.div(rx.el.dt(name), rx.el.dd(value)) for name, value in pairs]
        return rx.el.dl(*inside, class_name="facts facts-stacked")
    flat = [
        part
        for name, value in pairs
        for part in (rx.el.dt(name), rx.el.dd(value, class_name="num"))
    ]
    return rx.el.dl(*flat, class_name="facts")


def chip(
    *parts: rx.Component | Text, symbol: Text = "", tone: Text = "", **props: Any
) -> rx.Component:
    """Return a small framed remark for the context bar; strong words go into `rx.el.b`."""
    return rx.el.span(*_marked(parts, symbol, tone), class_name="chip", **props)


def filter_chip(
    *parts: rx.Component | Text,
    pressed: Flag,
    on_click: Deed,
    symbol: Text = "",
    tone: Text = "",
) -> rx.Component:
    """Return a chip that switches a filter on and off."""
    return rx.el.button(
        *_marked(parts, symbol, tone),
        type="button",
        aria_pressed=pressed,
        on_click=on_click,
        class_name="chip",
    )


def _marked(
    parts: Sequence[rx.Component | Text], symbol: Text, tone: Text
) -> tuple[rx.Component | Text, ...]:
    if is_blank(symbol):
        return tuple(parts)
    plain = is_blank(tone)
    return (icon(symbol, class_name="" if plain else f"ink-{tone}"), *parts)


def callout(
    *parts: rx.Component | Text,
    tone: Tone = "blue",
    symbol: Text = "info",
    action: rx.Component | None = None,
) -> rx.Component:
    """Return a note that belongs to the page: fact, rule, way out (the `action`)."""
    return rx.el.div(
        icon(symbol, class_name=f"ink-{tone}"),
        rx.el.div(*parts),
        action,
        class_name=f"callout callout-{tone}",
    )


def empty(
    title: Text, text: Text = "", *, symbol: Text = "inbox", action: rx.Component | None = None
) -> rx.Component:
    """Return what stands where nothing is yet: what would be here, and one action."""
    return rx.el.div(icon(symbol), rx.el.h2(title), rx.el.p(text), action, class_name="empty")


def nothing_here(place: str) -> rx.Component:
    """Return what a page shows in place of a record that is not there for this person.

    Args:
        place: The path of the list that leads on; the dashboard where there is none.
    """
    path = place or routes.DASHBOARD
    return rx.el.div(
        icon("search"),
        rx.el.h2(say("There is nothing to show here")),
        rx.el.p(say("The link may be old, or what stands behind it is not for you to see.")),
        rx.el.a(routes.route(path).title, href=path, class_name="button"),
        class_name="empty",
    )


def skeleton(lines: int = 4) -> rx.Component:
    """Return grey lines in place of what is loading; they appear only after 200 ms."""
    widths = ("92%", "78%", "85%", "64%", "88%", "70%")
    bars = [
        rx.el.div(
            class_name="skeleton", style={"height": "14px", "width": widths[at % len(widths)]}
        )
        for at in range(lines)
    ]
    return rx.el.div(*bars, class_name="stack pad", role="status", aria_label=say("Loading"))


def quantity(
    value: Text, unit: Text = "", uncertainty: Text = "", *, class_name: str = ""
) -> rx.Component:
    """Return a measured value: tabular figures, "± U" lighter, the unit after a narrow space.

    All three are text from `ui.format`; any may be a var.
    """
    spread = (
        () if is_blank(uncertainty) else (rx.el.span("±", class_name="plus-minus"), uncertainty)
    )
    after = (
        ()
        if is_blank(unit)
        else (rx.el.span("\N{NARROW NO-BREAK SPACE}", unit, class_name="unit"),)
    )
    return rx.el.span(value, *spread, *after, class_name=f"num one-line {class_name}".strip())


def link(*words: rx.Component | Text, href: Text, **props: Any) -> rx.Component:
    """Return a link inside text."""
    return rx.el.a(*words, href=href, class_name="link", **props)


def menu(label: Text, *entries: rx.Component, symbol: Text = "ellipsis") -> rx.Component:
    """Return a button that opens a list of `menu_entry`s; Escape or a click outside closes it."""
    return rx.el.details(
        rx.el.summary(
            icon(symbol),
            class_name="button button-quiet button-icon",
            title=label,
            aria_label=label,
        ),
        rx.el.div(*entries, class_name="menu-list"),
        class_name="menu",
    )


def menu_entry(words: Text, *, symbol: Text = "", note: Text = "", **props: Any) -> rx.Component:
    """Return one deed of a menu; a refused one is `disabled` and its `note` says why."""
    return rx.el.button(
        None if is_blank(symbol) else icon(symbol),
        rx.el.span(words, None if is_blank(note) else rx.el.small(note)),
        type="button",
        class_name="entry",
        **props,
    )
