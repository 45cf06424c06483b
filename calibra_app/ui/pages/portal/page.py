"""The pages of the portal: what they show."""

from typing import Any

import reflex as rx

from calibra_app.ui import routes
from calibra_app.ui.components import layout
from calibra_app.ui.components.button import button, link_button
from calibra_app.ui.components.icon import icon
from calibra_app.ui.components.portal_frame import portal_frame
from calibra_app.ui.components.status import badge
from calibra_app.ui.components.table import pager, search_field
from calibra_app.ui.pages.portal.parts import (
    dialogs,
    inquiry,
    item,
    offer,
    question,
    request_card,
    steps,
)
from calibra_app.ui.pages.portal.rows import (
    DueRow,
    PaperRow,
    ParcelRow,
)
from calibra_app.ui.pages.portal.state import (
    PortalCertificatesState,
    PortalRequestsState,
    PortalRequestState,
    PortalState,
)
from calibra_app.ui.words import say


def _some(rows: Any) -> rx.Var[bool]:
    """Return whether a list of the state holds anything."""
    there: rx.Var[bool] = rows.length() > 0
    return there


def home_page() -> rx.Component:
    """Return the first page: decisions on top, then what is with us and what falls due."""
    state = PortalState
    return portal_frame(
        rx.cond(state.found, state.customer, say("Welcome")),
        rx.cond(
            state.stale,
            layout.callout(
                f"{say('This could not be read anew. It is as of')} {state.read_at}.",
                tone="amber",
                symbol="cloud-off",
            ),
        ),
        rx.cond(state.found, _home(), layout.card("", layout.skeleton(6))),
        *dialogs(state),
        here=routes.PORTAL,
    )


def _home() -> rx.Component:
    state = PortalState
    nothing = ~_some(state.requests) & ~_some(state.questions)
    return rx.fragment(
        rx.foreach(state.inquiries, lambda row: inquiry(row, PortalState)),
        rx.foreach(state.questions, lambda row: question(row, PortalState)),
        rx.foreach(state.offers, offer),
        rx.el.div(
            rx.cond(
                nothing,
                layout.card(
                    "",
                    layout.empty(
                        say("Nothing is with us"),
                        say("Your requests and where each item stands appear here."),
                        symbol="package-open",
                    ),
                ),
                layout.stack(rx.foreach(state.requests, request_card)),
            ),
            _due_card(),
            class_name="portal-two",
        ),
    )


def _due_card() -> rx.Component:
    state = PortalState
    return layout.card(
        say("Due soon"),
        rx.cond(
            _some(state.due),
            layout.rows(rx.foreach(state.due, _due)),
            layout.empty(
                say("Nothing falls due"),
                say("Instruments that fall due within sixty days stand here."),
                symbol="calendar-check",
            ),
        ),
        action=rx.cond(
            _some(state.due),
            button(say("Request all"), size="small", symbol="plus", on_click=state.request_due),
        ),
        flush=True,
    )


def _due(row: DueRow) -> rx.Component:
    return layout.row_entry(
        layout.two_lines(row.tag, row.about),
        rx.el.span(row.due, class_name="num tiny second"),
        button(say("Request"), size="small", on_click=PortalState.request_one(row.key)),
    )


def request_page() -> rx.Component:
    """Return one own request."""
    state = PortalRequestState
    row = state.request
    return portal_frame(
        rx.cond(state.there, row.number, say("Request")),
        rx.cond(
            state.there,
            rx.fragment(
                rx.foreach(state.inquiries, lambda one: inquiry(one, PortalRequestState)),
                rx.foreach(state.questions, lambda one: question(one, PortalRequestState)),
                rx.cond(row.draft, _draft()),
                rx.el.div(
                    layout.card(
                        say("Items"),
                        rx.el.div(
                            layout.row(
                                badge(row.words, row.tone, row.icon),
                                rx.el.span(row.note, class_name="tiny faint num cut grow"),
                            ),
                            steps(row),
                            class_name="card-body stack",
                        ),
                        layout.rows(rx.foreach(row.things, item)),
                        flush=True,
                    ),
                    layout.stack(
                        rx.cond(
                            _some(state.parcels),
                            layout.card(
                                say("On the way to you"),
                                layout.rows(rx.foreach(state.parcels, _parcel)),
                                flush=True,
                            ),
                        ),
                        rx.cond(
                            _some(state.bills),
                            layout.card(
                                say("Invoices"),
                                layout.rows(rx.foreach(state.bills, _paper)),
                                flush=True,
                            ),
                        ),
                        layout.card(
                            say("Papers"),
                            rx.cond(
                                _some(state.papers),
                                layout.rows(rx.foreach(state.papers, _paper)),
                                layout.empty(
                                    say("No papers yet"),
                                    say("Confirmations and receipts appear here."),
                                    symbol="file-text",
                                ),
                            ),
                            flush=True,
                        ),
                    ),
                    class_name="portal-two",
                ),
            ),
            layout.card("", layout.skeleton(6)),
        ),
        *dialogs(state),
        here=routes.PORTAL_REQUESTS,
    )


def _draft() -> rx.Component:
    state = PortalRequestState
    return layout.card(
        say("This request is not with us yet"),
        layout.stack(
            rx.el.p(say("It was filled with what we last agreed on for each item.")),
            rx.el.div(
                button(say("Hand in"), kind="primary", on_click=state.hand_in),
                button(say("Discard"), on_click=state.discard),
                class_name="ask-buttons",
            ),
        ),
        class_name="ask",
    )


def _parcel(row: ParcelRow) -> rx.Component:
    return layout.row_entry(
        icon("truck"),
        layout.two_lines(row.title, row.note),
        rx.cond(
            row.under_way,
            button(
                say("It has arrived"), size="small", on_click=PortalRequestState.arrived(row.key)
            ),
            badge(row.words, "green", "package-check"),
        ),
    )


def _paper(row: PaperRow) -> rx.Component:
    return layout.row_entry(
        layout.two_lines(row.title, row.note),
        rx.cond(row.words != "", badge(row.words, row.tone, row.icon)),
        rx.cond(
            row.public != "",
            link_button(say("Verify"), href=row.public, size="small", target="_blank"),
        ),
        rx.cond(
            row.path != "",
            link_button(
                say("PDF"), href=row.path, size="small", symbol="file-down", target="_blank"
            ),
        ),
    )


def requests_page() -> rx.Component:
    """Return all own requests."""
    state = PortalRequestsState
    return portal_frame(
        say("Requests"),
        rx.cond(
            _some(state.rows),
            layout.stack(rx.foreach(state.rows, request_card)),
            rx.cond(
                state.loading,
                layout.card("", layout.skeleton(6)),
                layout.card(
                    "",
                    layout.empty(
                        say("No request yet"),
                        say("What you send us appears here with each item."),
                        symbol="clipboard-list",
                    ),
                ),
            ),
        ),
        pager(state.shown, more=state.next_cursor != "", on_more=state.more),
        here=routes.PORTAL_REQUESTS,
    )


def certificates_page() -> rx.Component:
    """Return the library of certificates."""
    state = PortalCertificatesState
    return portal_frame(
        say("Certificates"),
        search_field(state.search, state.find, placeholder=say("Number, tag or serial number")),
        layout.card(
            "",
            rx.cond(
                _some(state.rows),
                layout.rows(rx.foreach(state.rows, _paper)),
                rx.cond(
                    state.loading,
                    layout.skeleton(6),
                    layout.empty(
                        say("No certificate here"),
                        say("Certificates appear as soon as they are released for you."),
                        symbol="file-check",
                    ),
                ),
            ),
            flush=True,
        ),
        pager(state.shown, more=state.next_cursor != "", on_more=state.more),
        here=routes.PORTAL_CERTIFICATES,
    )


PAGES = (
    (routes.PORTAL, home_page, (PortalState.load,)),
    (routes.PORTAL_REQUESTS, requests_page, (PortalRequestsState.load,)),
    ("/portal/requests/[srf_id]", request_page, (PortalRequestState.load_request,)),
    (routes.PORTAL_CERTIFICATES, certificates_page, (PortalCertificatesState.load,)),
)
