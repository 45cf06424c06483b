"""The audit trail: who changed what, and whether its chain holds."""

import reflex as rx

from calibra_app.ui import routes
from calibra_app.ui.components import layout
from calibra_app.ui.components.button import button
from calibra_app.ui.components.choice import select_field
from calibra_app.ui.components.form import date_field, text_field
from calibra_app.ui.components.icon import icon
from calibra_app.ui.components.people import person
from calibra_app.ui.components.shell import shell
from calibra_app.ui.components.status import badge
from calibra_app.ui.components.table import pager
from calibra_app.ui.pages.audit.state import AuditState, ChangeRow, EntryRow
from calibra_app.ui.words import say


def audit_page() -> rx.Component:
    """Return the audit trail."""
    return shell(
        say("Audit trail"),
        layout.page(_chain(), _filters(), _trail()),
        here=routes.AUDIT,
        actions=(
            button(
                rx.cond(AuditState.verifying, say("Verifying…"), say("Verify now")),
                kind="primary",
                symbol="shield-check",
                on_click=AuditState.verify,
                busy=AuditState.verifying,
            ),
        ),
    )


def _chain() -> rx.Component:
    reach = rx.el.span(
        rx.el.b(AuditState.linked, class_name="num"),
        " ",
        say("entries are linked"),
        rx.cond(AuditState.until != "", f" {say('up to')} {AuditState.until}", ""),
        ". ",
        say("The chain follows the work by a few seconds."),
    )
    return rx.cond(
        AuditState.verdict == "",
        layout.callout(reach, tone="blue", symbol="link"),
        rx.cond(
            AuditState.broken,
            rx.el.div(
                layout.callout(rx.el.b(AuditState.verdict), tone="red", symbol="unlink"),
                role="alert",
            ),
            rx.el.div(
                layout.callout(AuditState.verdict, tone="green", symbol="shield-check"),
                role="status",
            ),
        ),
    )


def _filters() -> rx.Component:
    return rx.el.form(
        select_field("person", say("Person"), AuditState.people, optional=False),
        select_field("table", say("Kind of record"), AuditState.tables, optional=False),
        text_field(
            "record",
            say("Record"),
            placeholder=say("Number, tag or id"),
            errors=AuditState.errors,
            custom_attrs={"data-key": "/"},
        ),
        date_field("since", say("From"), errors=AuditState.errors),
        date_field("until", say("To"), errors=AuditState.errors),
        button(say("Show"), submit=True, symbol="filter"),
        on_submit=AuditState.narrow,
        no_validate=True,
        class_name="filters",
    )


def _trail() -> rx.Component:
    nothing = rx.cond(
        AuditState.narrowed,
        layout.empty(
            say("No change fits"),
            say("Take away a filter, or look at a longer time."),
            symbol="filter",
            action=button(say("Show everything"), on_click=AuditState.load),
        ),
        layout.empty(
            say("Nothing has been changed yet"),
            say("Every change of a record appears here, with who and why."),
            symbol="history",
        ),
    )
    return rx.cond(
        AuditState.rows,
        layout.card(
            "",
            rx.el.ol(rx.foreach(AuditState.rows, _entry), class_name="trail"),
            pager(
                AuditState.shown,
                more=AuditState.next_cursor != "",
                on_more=AuditState.more,
            ),
            flush=True,
        ),
        rx.cond(AuditState.loading, layout.card("", layout.skeleton(8)), nothing),
    )


def _entry(row: EntryRow) -> rx.Component:
    return rx.el.li(
        rx.cond(row.first_of_day, rx.el.h2(row.day, class_name="trail-day")),
        rx.el.div(
            rx.el.span(row.at, class_name="tiny faint num one-line"),
            person(row.person, row.initials),
            rx.el.div(
                rx.el.div(
                    rx.el.b(row.person),
                    " ",
                    row.deed,
                    " ",
                    badge(row.table, row.tone),
                    " ",
                    rx.el.span(row.record, class_name="tiny faint mono"),
                ),
                rx.foreach(row.changes, _change),
                rx.cond(
                    row.more != "",
                    rx.el.details(
                        rx.el.summary(row.more, class_name="tiny faint"),
                        rx.foreach(row.others, _change),
                    ),
                ),
                rx.cond(
                    row.reason != "",
                    rx.el.div(
                        icon("message-square", size=13), " ", row.reason, class_name="small second"
                    ),
                ),
                class_name="grow stack gap-4",
            ),
            rx.cond(
                row.number != "",
                rx.el.span("#", row.number, class_name="tiny faint num"),
                rx.el.span(say("not linked yet"), class_name="tiny faint"),
            ),
            class_name="trail-entry",
        ),
    )


def _change(row: ChangeRow) -> rx.Component:
    return rx.el.div(
        rx.el.span(row.column, class_name="second"),
        " ",
        rx.cond(
            row.entered,
            rx.el.span(row.after),
            rx.fragment(
                rx.el.del_(row.before),
                " ",
                icon("arrow-right", size=12),
                " ",
                rx.el.ins(row.after),
            ),
        ),
        class_name="small trail-change",
    )


PAGES = ((routes.AUDIT, audit_page, [AuditState.load]),)
