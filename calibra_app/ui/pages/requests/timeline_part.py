"""The timeline of a request, and the request as one of its records froze it."""

import reflex as rx

from calibra_app.core.access import Permission
from calibra_app.ui.base import may
from calibra_app.ui.components import layout
from calibra_app.ui.components.button import button, icon_button
from calibra_app.ui.components.status import badge, event, timeline
from calibra_app.ui.components.table import Column, cell, record, table
from calibra_app.ui.pages.requests.acting import DeedState
from calibra_app.ui.pages.requests.past_rows import PastLineRow
from calibra_app.ui.pages.requests.rows import RecordRow
from calibra_app.ui.pages.requests.state import RequestState
from calibra_app.ui.words import say


def records_part() -> rx.Component:
    """Return the timeline: each record with its digest and a way back to it."""
    return timeline(rx.foreach(RequestState.records, _record), label=say("Records"))


def _record(row: RecordRow) -> rx.Component:
    what = rx.el.button(
        rx.el.span(row.what, class_name="medium"),
        rx.cond(row.way != "", rx.el.span(" ", row.way, class_name="small second")),
        rx.el.span(
            " #", row.sequence, " ", row.digest, class_name="mono tiny faint one-line as-text-note"
        ),
        type="button",
        class_name="as-text",
        title=say("See the request as it was then"),
        on_click=RequestState.look_back(row.sequence),
    )
    return event(what, row.when, who=row.who, note=row.note, symbol=row.icon, tone=row.tone)


def past_part() -> rx.Component:
    """Return the request as a record froze it: framed, read-only."""
    past = RequestState.past
    return layout.stack(
        layout.callout(
            rx.el.div(rx.el.b(past.title), " ", badge(past.state, past.tone, past.icon)),
            rx.el.div(
                say("Read-only. The content fits its digest"),
                " ",
                rx.el.span(past.digest, class_name="mono"),
                class_name="small",
            ),
            symbol="history",
            action=layout.row(
                icon_button(
                    "chevron-left",
                    say("Record before"),
                    on_click=RequestState.look_back(past.sequence - 1),
                    disabled=past.first,
                ),
                icon_button(
                    "chevron-right",
                    say("Record after"),
                    on_click=RequestState.look_back(past.sequence + 1),
                    disabled=past.last,
                ),
                rx.cond(
                    may(Permission.SRF_RESTORE) & ~past.last,
                    button(
                        say("Restore heading"),
                        size="small",
                        on_click=DeedState.begin_restoring(past.sequence),
                    ),
                ),
                button(say("Back to now"), size="small", on_click=RequestState.back_to_now),
            ),
        ),
        layout.facts(
            (say("Reference"), past.reference),
            (say("Quotation"), past.quotation),
            (say("Remarks"), rx.el.span(past.remarks, class_name="before-lines")),
            stacked=True,
        ),
        table(
            (Column("#", right=True), say("Item"), say("State")),
            RequestState.past_rows,
            _past_line,
            label=say("Items as they were"),
        ),
    )


def _past_line(row: PastLineRow) -> rx.Component:
    return record(
        cell(row.position, right=True),
        cell(
            rx.el.div(row.tag, class_name="medium"),
            rx.el.div(row.description, class_name="tiny faint"),
        ),
        cell(badge(row.state, row.tone, row.icon)),
    )
