"""The page of one request: what it is, what comes next, its parts, and its timeline."""

import reflex as rx

from calibra_app.core.access import Permission
from calibra_app.ui import routes
from calibra_app.ui.base import may
from calibra_app.ui.components import layout
from calibra_app.ui.components.button import button, link_button
from calibra_app.ui.components.icon import icon
from calibra_app.ui.components.shell import shell
from calibra_app.ui.components.status import badge
from calibra_app.ui.components.tabs import tab_panel, tabs
from calibra_app.ui.pages.requests import dialogs, parts
from calibra_app.ui.pages.requests.acting import DeedState
from calibra_app.ui.pages.requests.deed_dialogs import decision_dialog, deed_dialog
from calibra_app.ui.pages.requests.deeds import DeedRow
from calibra_app.ui.pages.requests.marks import count
from calibra_app.ui.pages.requests.review_part import review_part
from calibra_app.ui.pages.requests.reviewing import ReceiptState
from calibra_app.ui.pages.requests.state import RequestState
from calibra_app.ui.pages.requests.timeline_part import past_part, records_part
from calibra_app.ui.words import say

TABS = (
    ("lines", say("Lines")),
    ("review", say("Review")),
    ("papers", say("Documents")),
    ("custody", say("Custody")),
)


def request_page() -> rx.Component:
    """Return one request."""
    state = RequestState
    return shell(
        rx.cond(state.found, state.number, say("Request")),
        layout.page(
            rx.cond(
                state.found,
                rx.cond(state.past.sequence > 0, past_part(), _now()),
                parts.not_found_part(),
            ),
            deed_dialog(),
            decision_dialog(),
            dialogs.answers_dialog(),
            dialogs.marking_dialog(),
            dialogs.receipt_dialog(),
            dialogs.report_dialog(),
        ),
        here=routes.REQUESTS,
        crumbs=((say("Requests"), routes.REQUESTS),),
        beside=layout.row(
            rx.el.span(state.customer, class_name="second cut"),
            badge(state.state_words, state.state_tone, state.state_icon),
            rx.foreach(state.marks, lambda mark: badge(mark, "amber")),
        ),
        actions=(_receive_button(), _menu()),
        primary=_primary(),
        panel=rx.fragment(
            layout.section(say("Request"), parts.facts_part(), beside=_edit_link()),
            layout.section(say("Timeline"), records_part()),
        ),
    )


def _now() -> rx.Component:
    state = RequestState
    return layout.stack(
        rx.foreach(state.decisions, parts.decision_part),
        rx.cond(
            state.state_name == "info_required",
            layout.callout(
                rx.el.b(say("Waiting for the customer's answer")),
                rx.el.div(state.question, class_name="before-lines"),
                tone="amber",
                symbol="message-circle-question-mark",
            ),
        ),
        rx.cond(
            (state.answer != "") & (state.state_name == "contract_review"),
            layout.callout(
                rx.el.b(say("Answered"), ": ", state.question),
                rx.el.div(state.answer, class_name="before-lines"),
                tone="green",
                symbol="reply",
            ),
        ),
        parts.missing_part(),
        tabs(
            TABS,
            state.tab,
            state.choose_tab,
            label=say("Parts of the request"),
            tallies={
                "lines": count(state.lines).to_string(),
                "papers": count(state.papers).to_string(),
            },
        ),
        tab_panel("lines", state.tab, parts.lines_part()),
        tab_panel("review", state.tab, review_part()),
        tab_panel("papers", state.tab, parts.papers_part()),
        tab_panel("custody", state.tab, parts.custody_part()),
    )


def _primary() -> rx.Component:
    deed = RequestState.primary
    refused = deed.refusal != ""
    shown = rx.match(
        deed.number,
        ("", rx.fragment()),
        (
            "T18",
            button(
                deed.words, kind="primary", symbol=deed.icon, on_click=ReceiptState.open_receipt
            ),
        ),
        (
            "review",
            button(
                deed.words,
                kind="primary",
                symbol=deed.icon,
                on_click=RequestState.choose_tab("review"),
            ),
        ),
        rx.cond(
            (deed.path != "") & ~refused,
            link_button(deed.words, href=deed.path, kind="primary", symbol=deed.icon),
            button(
                deed.words,
                kind="primary",
                symbol=deed.icon,
                on_click=DeedState.begin(deed.number),
                disabled=refused,
                title=deed.refusal,
            ),
        ),
    )
    return rx.fragment(shown)


def _receive_button() -> rx.Component:
    state = RequestState
    wanted = (state.to_receive > 0) & (state.primary.number != "T18")
    early = rx.Var.create(["draft", "cancelled", "rejected", "closed"])
    return rx.cond(
        wanted & ~early.contains(state.state_name) & may(Permission.ITEM_RECEIVE),
        button(say("Receive items"), symbol="package-check", on_click=ReceiptState.open_receipt),
    )


def _menu() -> rx.Component:
    others = rx.foreach(
        RequestState.deeds,
        lambda deed: rx.cond(deed.number == RequestState.primary.number, None, _entry(deed)),
    )
    return rx.cond(
        count(RequestState.deeds) > 0, layout.menu(say("Everything that is possible"), others)
    )


def _entry(deed: DeedRow) -> rx.Component:
    refused = deed.refusal != ""
    return rx.cond(
        (deed.path != "") & ~refused,
        rx.el.a(
            icon(deed.icon),
            rx.el.span(deed.words),
            href=deed.path,
            class_name="entry",
        ),
        layout.menu_entry(
            deed.words,
            symbol=deed.icon,
            note=deed.refusal,
            disabled=refused,
            on_click=DeedState.begin(deed.number),
        ),
    )


def _edit_link() -> rx.Component:
    return rx.cond(
        (RequestState.writing != "") & may(Permission.SRF_DRAFT),
        layout.link(say("Change"), href=RequestState.writing),
    )
