"""The parts of the page of one request: lines, review, papers, custody, and a frozen record."""

import reflex as rx

from calibra_app.core.access import Permission
from calibra_app.ui import format as shown
from calibra_app.ui import routes
from calibra_app.ui.base import may
from calibra_app.ui.components import layout
from calibra_app.ui.components.button import button, icon_button, link_button
from calibra_app.ui.components.icon import icon
from calibra_app.ui.components.status import badge, event, timeline
from calibra_app.ui.components.table import Column, cell, record, table
from calibra_app.ui.components.values import Flag, Rows, Text
from calibra_app.ui.pages.requests.acting import DeedState
from calibra_app.ui.pages.requests.reviewing import ReceiptState, ReviewState
from calibra_app.ui.pages.requests.rows import (
    CustodyRow,
    DecisionRow,
    LineRow,
    PaperRow,
    PastLineRow,
    QuestionRow,
    RecordRow,
    ReviewRow,
)
from calibra_app.ui.pages.requests.state import RequestState
from calibra_app.ui.words import say

MAY_REVIEW = may(Permission.CONTRACT_REVIEW_TECHNICAL) | may(Permission.CONTRACT_REVIEW_COMMERCIAL)


def count(rows: Rows) -> rx.vars.NumberVar[int]:
    """Return how many rows a var holds."""
    return rx.Var.create(rows).to(list).length()


def lines_part() -> rx.Component:
    """Return the items of the request."""
    return table(
        (
            Column("#", right=True),
            say("Item"),
            say("State"),
            say("Scope"),
            say("Complete"),
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
                rx.cond(row.here & row.pending, badge(say("Here"), "green", "package-check"), None),
                rx.cond(
                    row.here & (row.condition != "ok"),
                    badge(row.condition, "amber", "triangle-alert"),
                ),
                class_name="row-wrap gap-4",
            )
        ),
        cell(scope_part(row.scope, row.scope_tone, row.scope_rows)),
        cell(meter(row.percent, row.missing)),
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


def review_part() -> rx.Component:
    """Return the review of every line with its evidence."""
    state = RequestState
    return layout.stack(
        rx.cond(
            MAY_REVIEW & state.under_review,
            layout.row(
                rx.el.span(
                    say("Answers stand beside the evidence they rest on (ISO/IEC 17025, 7.1)."),
                    class_name="small second",
                ),
                layout.spacer(),
                button(say("Look up anew"), symbol="refresh-cw", on_click=ReviewState.check_scope),
                rx.cond(
                    state.open_proposals > 0,
                    button(
                        f"{say('Confirm proposals')} ({state.open_proposals})",
                        symbol="check",
                        on_click=ReviewState.confirm,
                    ),
                ),
            ),
        ),
        rx.foreach(state.reviews, _review),
        rx.cond(
            count(state.reviews) == 0,
            layout.empty(say("Nothing to review"), symbol="clipboard-list"),
        ),
    )


def _review(row: ReviewRow) -> rx.Component:
    return layout.card(
        "",
        layout.row(
            rx.el.span(row.position, class_name="num faint"),
            rx.el.span(row.tag, class_name="medium cut"),
            scope_badge(row.scope, row.scope_tone),
            rx.cond(row.accredited, None, badge(say("not accredited"), "gray")),
            rx.cond(row.provider != "", badge(row.provider, "amber", "building-2")),
            layout.spacer(),
            rx.cond(
                row.complete,
                badge(say("Reviewed"), "green", "check"),
                badge(say("Open"), "gray", "circle-dashed"),
            ),
            rx.cond(
                MAY_REVIEW & RequestState.under_review,
                layout.row(
                    button(
                        say("Mark"),
                        size="small",
                        symbol="tag",
                        on_click=ReviewState.open_marking(row.key),
                    ),
                    button(
                        say("Answer"),
                        size="small",
                        symbol="pencil-line",
                        on_click=ReviewState.open_answers(row.key),
                    ),
                ),
            ),
            class_name="row-wrap",
        ),
        layout.row(
            layout.chip(say("People: "), rx.el.b(row.people), symbol="users"),
            layout.chip(say("Standards: "), rx.el.b(row.standards), symbol="scale"),
            layout.chip(rx.el.b(row.procedure), symbol="book-open"),
            class_name="row-wrap",
            style={"marginTop": "8px"},
        ),
        rx.foreach(
            rx.Var.create(row.scope_rows).to(list[str]),
            lambda text: rx.el.div(text, class_name="tiny second num"),
        ),
        rx.el.table(
            rx.el.tbody(rx.foreach(rx.Var.create(row.questions).to(list[QuestionRow]), _question)),
            class_name="table table-plain",
            aria_label=say("Questions of the review"),
        ),
    )


def _question(row: QuestionRow) -> rx.Component:
    answered = rx.match(
        row.answer,
        ("yes", badge(say("Yes"), "green", "check")),
        ("no", badge(say("No"), "orange", "x")),
        ("n/a", badge(say("Not applicable"), "gray", "minus")),
        badge(say("Open"), "gray", "circle-dashed"),
    )
    return rx.el.tr(
        rx.el.td(row.words, " ", rx.el.span(row.clause, class_name="tiny faint num")),
        rx.el.td(answered),
        rx.el.td(
            rx.cond(
                row.answer != "",
                rx.fragment(row.note, rx.el.div(row.by, class_name="tiny faint")),
                rx.el.span(row.ground, class_name="small faint"),
            )
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
        cell(row.number, class_name="mono small"),
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


# A button that reads as the sentence it stands in.
_AS_TEXT = {
    "all": "unset",
    "cursor": "pointer",
    "display": "block",
    "textAlign": "left",
}


def records_part() -> rx.Component:
    """Return the timeline: each record with its digest and a way back to it."""
    return timeline(rx.foreach(RequestState.records, _record), label=say("Records"))


def _record(row: RecordRow) -> rx.Component:
    what = rx.el.button(
        rx.el.span(row.what, class_name="medium"),
        rx.cond(row.way != "", rx.el.span(" ", row.way, class_name="small second")),
        rx.el.span(" #", row.sequence, " ", row.digest, class_name="mono tiny faint"),
        type="button",
        style=_AS_TEXT,
        title=say("See the request as it was then"),
        on_click=RequestState.look_back(row.sequence),
    )
    return event(what, row.when, who=row.who, note=row.note, symbol=row.icon, tone=row.tone)


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


def facts_part() -> rx.Component:
    """Return what stands above the lines."""
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
        (say("Written"), state.created),
        (say("Remarks"), rx.el.span(state.remarks, class_name="before-lines")),
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
