"""The dashboard and the lists behind its figures: what they show."""

from collections.abc import Callable
from typing import Any

import reflex as rx

from calibra_app.core.access import Permission
from calibra_app.ui import routes
from calibra_app.ui.base import may
from calibra_app.ui.components import layout
from calibra_app.ui.components.button import link_button
from calibra_app.ui.components.chart import chart
from calibra_app.ui.components.icon import icon
from calibra_app.ui.components.people import person
from calibra_app.ui.components.shell import shell
from calibra_app.ui.components.stat import measure, remark, sparkline, tile
from calibra_app.ui.components.status import badge
from calibra_app.ui.components.table import cell, link_cell, pager, record, table
from calibra_app.ui.pages.dashboard.rows import (
    BarRow,
    DecisionRow,
    DueRow,
    ItemRow,
    NewsRow,
    TileRow,
)
from calibra_app.ui.pages.dashboard.state import DayState, FigureState
from calibra_app.ui.words import say


def dashboard_page() -> rx.Component:
    """Return what a person should know on opening the site."""
    return shell(
        rx.cond(DayState.hello != "", DayState.hello, say("Dashboard")),
        rx.cond(DayState.loading, _waiting(), _day()),
        here=routes.DASHBOARD,
        beside=rx.el.span(DayState.today, class_name="small second"),
        primary=rx.cond(
            may(Permission.SRF_DRAFT),
            link_button(
                say("New request"),
                href=routes.NEW_REQUEST,
                kind="primary",
                symbol="plus",
                key="N",
                custom_attrs={"data-key": "n"},
            ),
        ),
    )


def _waiting() -> rx.Component:
    tiles = [
        rx.el.div(rx.el.div(class_name="skeleton skeleton-tile"), class_name="card tile")
        for _ in range(6)
    ]
    return rx.el.div(
        *tiles,
        layout.card("", layout.skeleton(6), class_name="span-7"),
        layout.card("", layout.skeleton(6), class_name="span-5"),
        class_name="dashboard",
        aria_busy=True,
    )


def _day() -> rx.Component:
    return rx.el.div(
        rx.foreach(DayState.tiles, _tile),
        rx.cond(DayState.own_first, _own_work()),
        _decisions(),
        _by_state(),
        _flow(),
        _due(),
        rx.cond(DayState.money, _money()),
        _news(),
        class_name="dashboard",
    )


def _tile(row: TileRow) -> rx.Component:
    return tile(
        row.label,
        row.value,
        unit=row.unit,
        href=row.href,
        note=remark(row.note, row.tone, row.symbol),
        trend=rx.cond(row.spark != "", sparkline(row.spark)),
    )


def _all(words: str | rx.Var[str], href: str) -> rx.Component:
    return rx.el.a(words, href=href, class_name="small second")


def _list(
    title: str,
    rows: Any,
    row: Callable[[Any], rx.Component],
    *,
    empty: rx.Component,
    span: int,
    action: rx.Component | None = None,
) -> rx.Component:
    """Return a card of entries, or of what stands there as long as there is none."""
    return layout.card(
        title,
        rx.cond(rows, layout.rows(rx.foreach(rows, row)), empty),
        action=action,
        flush=True,
        class_name=f"span-{span}",
    )


def _own_work() -> rx.Component:
    return _list(
        say("My work"),
        DayState.own,
        _own_row,
        empty=layout.empty(
            say("Nothing is assigned to you"),
            say("Take an item from the queue, or ask who plans the work."),
            symbol="list-checks",
            action=link_button(say("Open my work"), href=routes.WORK),
        ),
        action=_all(say("Open my work"), routes.WORK),
        span=12,
    )


def _own_row(row: ItemRow) -> rx.Component:
    return layout.row_entry(
        badge(row.state, row.tone, row.symbol),
        layout.two_lines(
            rx.fragment(rx.el.span(row.title, class_name="strong"), " ", row.what),
            rx.fragment(row.number, " · ", row.customer),
        ),
        rx.cond(
            row.late,
            badge(row.promised, "red", "clock-alert"),
            rx.el.span(row.promised, class_name="small second num one-line"),
        ),
        href=row.path,
    )


def _decisions() -> rx.Component:
    return _list(
        say("Needs a decision"),
        DayState.decisions,
        _decision,
        empty=layout.empty(
            say("Nothing waits for you"),
            say("What needs your decision appears here at once."),
            symbol="circle-check",
        ),
        action=rx.cond(
            DayState.waiting != "",
            rx.el.span(say("of"), " ", DayState.waiting, class_name="small second num"),
        ),
        span=7,
    )


def _decision(row: DecisionRow) -> rx.Component:
    return layout.row_entry(
        icon(row.symbol, class_name=f"ink-{row.tone}"),
        layout.two_lines(
            rx.fragment(rx.el.span(row.title, class_name="strong"), " ", row.what), row.why
        ),
        rx.cond(row.person != "", person(row.person, row.initials)),
        link_button(row.verb, href=row.href, size="small", aria_label=f"{row.verb}: {row.title}"),
    )


def _by_state() -> rx.Component:
    return layout.card(
        say("Work by state"),
        rx.el.div(
            rx.foreach(
                DayState.bars,
                _bar,
            ),
            class_name="measures",
        ),
        action=_all(say("Open board"), routes.BOARD),
        flush=True,
        class_name="span-5",
    )


def _bar(row: BarRow) -> rx.Component:
    return measure(row.words, row.count, row.share, tone=row.tone, symbol=row.symbol, href=row.href)


def _flow() -> rx.Component:
    return layout.card(
        say("Turnaround by week"),
        rx.cond(
            DayState.measured,
            rx.el.div(
                chart(DayState.weeks, DayState.sentence, height="232px"),
                rx.el.dl(
                    rx.foreach(
                        DayState.months,
                        lambda each: rx.el.div(
                            rx.el.dt(f"{say('P50 / P90,')} {each[0]}"),
                            rx.el.dd(each[1], " ", say("days"), class_name="num"),
                        ),
                    ),
                    class_name="facts facts-stacked",
                ),
                class_name="stack",
            ),
            layout.empty(
                say("No turnaround yet"),
                say("It is measured from receipt to approval, once items are approved."),
                symbol="chart-line",
            ),
        ),
        class_name="span-7",
    )


def _due() -> rx.Component:
    return _list(
        say("Standards due"),
        DayState.due,
        _due_row,
        empty=layout.empty(
            say("No reference standards yet"),
            say("They stand here by the day on which they fall due."),
            symbol="scale",
            action=link_button(say("Open standards"), href=routes.STANDARDS),
        ),
        action=_all(say("All standards"), routes.STANDARDS),
        span=5,
    )


def _due_row(row: DueRow) -> rx.Component:
    return layout.row_entry(
        layout.two_lines(row.code, row.name),
        rx.el.span(row.due, class_name="small second num one-line"),
        badge(row.left, row.tone, row.symbol),
        href=row.path,
    )


def _money() -> rx.Component:
    return layout.card(
        say("Money"),
        layout.facts(
            (say("Invoiced in 30 days, net"), DayState.invoiced),
            (say("Open invoices"), DayState.still_open),
            (say("Overdue invoices"), DayState.late_invoices),
        ),
        action=_all(say("Invoices"), routes.INVOICES),
        class_name="span-5",
    )


def _news() -> rx.Component:
    return _list(
        say("Latest"),
        DayState.news,
        _news_row,
        empty=layout.empty(
            say("Nothing has happened yet"),
            say("Each step of a request appears here as it is taken."),
            symbol="activity",
        ),
        span=7,
    )


def _news_row(row: NewsRow) -> rx.Component:
    return layout.row_entry(
        person(row.person, row.initials),
        rx.el.span(row.what, " ", rx.el.b(row.number), class_name="grow cut"),
        rx.el.span(row.when, class_name="tiny faint num one-line"),
        href=row.path,
    )


def figure_page() -> rx.Component:
    """Return the list behind one figure of the dashboard."""
    return shell(
        rx.cond(FigureState.title != "", FigureState.title, say("List")),
        layout.page(
            table(
                (
                    say("Item"),
                    say("Request"),
                    say("Customer"),
                    say("State"),
                    say("Person"),
                    say("Promise"),
                    say("Since"),
                ),
                FigureState.rows,
                _item_row,
                label=FigureState.title,
                loading=FigureState.loading,
                empty=layout.empty(
                    FigureState.nothing,
                    say("When something comes, it appears here by itself."),
                    symbol="circle-check",
                    action=link_button(say("Back to the dashboard"), href=routes.DASHBOARD),
                ),
            ),
            pager(
                FigureState.shown,
                more=FigureState.next_cursor != "",
                on_more=FigureState.more,
            ),
        ),
        here=routes.DASHBOARD,
        crumbs=((say("Dashboard"), routes.DASHBOARD),),
    )


def _item_row(row: ItemRow) -> rx.Component:
    return record(
        link_cell(row.title, row.path, note=row.what),
        cell(row.number, class_name="num one-line"),
        cell(row.customer),
        cell(badge(row.state, row.tone, row.symbol)),
        cell(rx.cond(row.person != "", row.person, "–")),
        cell(
            rx.cond(
                row.late,
                badge(row.promised, "red", "clock-alert"),
                rx.el.span(row.promised, class_name="num one-line"),
            )
        ),
        cell(row.since, class_name="num one-line"),
    )


PAGES = (
    (routes.DASHBOARD, dashboard_page, [DayState.load]),
    ("/figures/[figure_name]", figure_page, [FigureState.load]),
)
