"""The parts of the page of one request: lines, review, papers, custody, and a frozen record."""

import reflex as rx

from calibra_app.core.access import Permission
from calibra_app.ui import format as shown
from calibra_app.ui import routes
from calibra_app.ui.base import may
from calibra_app.ui.components import layout
from calibra_app.ui.components.button import button, icon_button, link_button
from calibra_app.ui.components.icon import icon
from calibra_app.ui.components.status import badge
from calibra_app.ui.components.table import Column, cell, record, table
from calibra_app.ui.pages.requests.acting import DeedState
from calibra_app.ui.pages.requests.marks import meter, scope_part
from calibra_app.ui.pages.requests.reviewing import ReceiptState
from calibra_app.ui.pages.requests.rows import (
    CustodyRow,
    DecisionRow,
    LineRow,
    PaperRow,
    RelativeRow,
)
from calibra_app.ui.pages.requests.state import RequestState
from calibra_app.ui.words import say


def lines_part() -> rx.Component:
    """Return the items of the request."""
    return table(
        (
            Column("#", right=True),
            say("Item"),
            say("State"),
            say("Scope"),
            say("Promised"),
            "",
        ),
        RequestState.lines,
        _line,
        label=say("Items"),
        empty=layout.empty(
            say("No items yet"), say("Add an instrument before submitting."), symbol="package"
        ),
    )


def _line(row: LineRow) -> rx.Component:
    return record(
        cell(row.position, right=True),
        cell(
            rx.el.div(row.tag, class_name="medium one-line"),
            rx.el.div(row.description, " · ", row.serial, class_name="tiny faint"),
            rx.el.div(
                row.procedure,
                rx.cond(row.accredited, "", f" · {say('not accredited')}"),
                rx.cond(row.provider != "", f" · {row.provider}", ""),
                class_name="tiny second",
            ),
        ),
        cell(
            layout.row(
                badge(row.state, row.tone, row.icon),
                rx.cond(row.on_site, badge(say("On site"), "violet", "truck")),
                rx.cond(row.here & row.pending, badge(say("Here"), "green", "package-check"), None),
                rx.cond(
                    row.here & (row.condition != "ok"),
                    badge(row.condition, "amber", "triangle-alert"),
                ),
                class_name="row-wrap gap-4",
            ),
            rx.cond(
                row.clock != "",
                rx.el.div(
                    row.clock,
                    rx.cond(row.paused != "", f" · {say('paused')} {row.paused}", ""),
                    class_name="tiny second num",
                    title=say("From receipt to approval, without what waited for the customer"),
                ),
            ),
        ),
        cell(
            scope_part(row.scope, row.scope_tone, row.scope_rows),
            # What is missing is of interest until nothing is.
            rx.cond(row.missing != "", meter(row.percent, row.missing)),
        ),
        cell(
            row.promised,
            rx.cond(
                row.urgency == "urgent",
                rx.el.div(badge(say("Urgent"), "red", "zap")),
            ),
            rx.cond(row.assignee != "", rx.el.div(row.assignee, class_name="tiny second")),
            class_name="num",
        ),
        cell(
            rx.cond(
                row.may_report,
                icon_button(
                    "triangle-alert",
                    say("Report damage"),
                    size="small",
                    on_click=ReceiptState.open_report(row.key),
                ),
            ),
            right=True,
        ),
    )


def papers_part() -> rx.Component:
    """Return the papers of the request, each with the progress of its printing."""
    return table(
        (say("Paper"), say("Number"), say("Printing"), say("Digest"), ""),
        RequestState.papers,
        _paper,
        label=say("Papers"),
        empty=layout.empty(
            say("No papers yet"),
            say("The form is printed when the request is submitted."),
            symbol="printer",
        ),
    )


def _paper(row: PaperRow) -> rx.Component:
    return record(
        cell(row.title),
        cell(row.number, class_name="one-line"),
        cell(
            badge(row.state, row.tone, row.icon),
            rx.cond(row.error != "", rx.el.div(row.error, class_name="tiny ink-red")),
        ),
        cell(row.digest, class_name="mono tiny faint"),
        cell(
            rx.cond(
                row.done,
                link_button(
                    say("Open"), href=row.path, size="small", symbol="file-text", target="_blank"
                ),
                rx.cond(
                    row.failed,
                    button(
                        say("Print again"),
                        size="small",
                        symbol="rotate-cw",
                        on_click=RequestState.print_again(row.key),
                    ),
                ),
            ),
            right=True,
        ),
    )


def custody_part() -> rx.Component:
    """Return where the items were."""
    return table(
        (say("When"), Column(say("Line"), right=True), say("What"), say("Who"), ""),
        RequestState.custody,
        _custody,
        label=say("Custody"),
        empty=layout.empty(
            say("Nothing is here yet"),
            say("Each step of an item stands here: arrival, shelf, bench, return."),
            symbol="package",
        ),
    )


def _custody(row: CustodyRow) -> rx.Component:
    return record(
        cell(row.when, class_name="num"),
        cell(row.position, right=True),
        cell(row.what),
        cell(row.who),
        cell(
            rx.cond(
                row.photo != "",
                link_button(
                    say("Photo"), href=row.photo, size="small", symbol="image", target="_blank"
                ),
            ),
            right=True,
        ),
    )


def decision_part(row: DecisionRow) -> rx.Component:
    """Return one question that waits for the customer."""
    return layout.callout(
        rx.el.div(
            rx.el.b(say("Waiting for the customer"), ": ", row.tag),
            rx.cond(row.price != "", rx.el.span(" · ", row.price, class_name="num")),
        ),
        rx.el.div(row.question, class_name="before-lines"),
        rx.el.div(say("Asked"), " ", row.asked, class_name="tiny faint num"),
        tone="amber",
        symbol="message-square-more",
        action=rx.cond(
            may(Permission.CUSTOMER_DECISION_RECORD),
            button(
                say("Record the answer"),
                size="small",
                on_click=DeedState.begin_decision(row.key),
            ),
        ),
    )


def facts_part() -> rx.Component:
    """Return what stands above the lines, and the requests that belong to this one."""
    return rx.fragment(_facts(), rx.foreach(RequestState.relatives, _relative))


def _relative(row: RelativeRow) -> rx.Component:
    return layout.row(
        icon("split"),
        rx.el.span(row.relation, " ", layout.link(row.number, href=row.path)),
        class_name="small second",
    )


def _facts() -> rx.Component:
    state = RequestState
    return layout.facts(
        (say("Customer"), layout.link(state.customer, href=state.customer_path)),
        (say("Contact"), state.contact),
        (
            say("Quotation"),
            rx.cond(
                state.quotation != "",
                layout.link(state.quotation, href=state.quotation_path),
                shown.NOTHING,
            ),
        ),
        (say("Channel"), state.channel),
        (say("Their reference"), state.reference),
        (say("Languages"), state.languages),
        (say("Promised"), state.promised),
        (say("Turnaround"), state.turnaround),
        (say("Written"), state.created),
        (
            say("Remarks"),
            rx.cond(state.remarks != "", rx.el.span(state.remarks, class_name="before-lines"), "–"),
        ),
    )


def missing_part() -> rx.Component:
    """Return what stands in the way of the deed that leads on."""
    waits = RequestState.waits
    return rx.cond(
        waits.refusal != "",
        layout.callout(
            rx.el.b(say("Before"), " “", waits.words, "”"),
            rx.el.div(waits.refusal),
            tone="amber",
            symbol="lock",
            action=rx.cond(
                RequestState.under_review,
                button(
                    say("To the review"), size="small", on_click=RequestState.choose_tab("review")
                ),
                rx.cond(
                    RequestState.writing != "",
                    link_button(say("Complete it"), href=RequestState.writing, size="small"),
                ),
            ),
        ),
    )


def not_found_part() -> rx.Component:
    """Return what stands while the request is read."""
    return layout.stack(
        layout.skeleton(8),
        rx.el.a(icon("arrow-left"), say("All requests"), href=routes.REQUESTS, class_name="link"),
    )
