"""The register of quotations: what it shows."""

import reflex as rx

from calibra_app.ui import routes
from calibra_app.ui.components import layout
from calibra_app.ui.components.button import button
from calibra_app.ui.components.dialog import dialog
from calibra_app.ui.components.form import form_error
from calibra_app.ui.components.shell import shell
from calibra_app.ui.components.status import badge
from calibra_app.ui.components.table import (
    Column,
    cell,
    link_cell,
    pager,
    record,
    search_field,
    table,
    toolbar,
)
from calibra_app.ui.pages.quotations.register import PHASES, QuotationsState
from calibra_app.ui.pages.quotations.rows import QuotationRow
from calibra_app.ui.words import say


def quotations_page() -> rx.Component:
    """Return the list of quotations."""
    state = QuotationsState
    return shell(
        say("Quotations"),
        layout.page(
            toolbar(
                search_field(
                    state.search, state.find, placeholder=say("Quotation, request, customer")
                ),
                *(
                    layout.filter_chip(
                        words,
                        pressed=state.phase == phase,
                        on_click=state.choose_phase(phase),
                        symbol=symbol,
                    )
                    for phase, (words, symbol, _) in PHASES.items()
                ),
            ),
            rx.cond(
                state.waiting != "",
                layout.callout(
                    state.waiting,
                    tone="amber",
                    symbol="hourglass",
                    action=button(say("Show"), size="small", on_click=state.choose_phase("sent")),
                ),
            ),
            table(
                (
                    say("Quotation"),
                    say("Customer"),
                    say("Request"),
                    say("State"),
                    Column(say("Total"), right=True),
                    say("Valid until"),
                    say("Waits"),
                ),
                state.rows,
                _row,
                label=say("Quotations"),
                loading=state.loading,
                empty=_none(),
            ),
            pager(state.shown, more=state.next_cursor != "", on_more=state.more),
            _offer_dialog(),
        ),
        here=routes.QUOTATIONS,
    )


def _row(row: QuotationRow) -> rx.Component:
    return record(
        link_cell(row.number, row.path),
        cell(row.customer),
        cell(row.srf_number, class_name="one-line"),
        cell(badge(row.words, row.tone, row.icon)),
        cell(row.total, right=True, class_name="num"),
        cell(row.valid_until, class_name="num"),
        cell(row.age, class_name="num"),
    )


def _none() -> rx.Component:
    return rx.cond(
        (QuotationsState.search != "") | (QuotationsState.phase != ""),
        layout.empty(
            say("No quotation is found"),
            say("Search by the beginning of a word, or take a filter off."),
            symbol="search",
        ),
        layout.empty(
            say("No quotations yet"),
            say("An offer is made on the page of a reviewed request."),
            symbol="file-text",
        ),
    )


def _offer_dialog() -> rx.Component:
    state = QuotationsState
    return dialog(
        state.asking,
        state.close,
        say("Make the offer?"),
        form_error(state.refusal),
        rx.el.div(
            button(say("Cancel"), on_click=state.close),
            button(
                say("Make the offer"),
                kind="primary",
                on_click=state.make_offer,
                busy=state.busy,
                custom_attrs={"data-key": "n"},
            ),
            class_name="form-foot",
        ),
        text=state.srf_words,
    )
