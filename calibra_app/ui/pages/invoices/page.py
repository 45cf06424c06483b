"""The pages of invoices: what they show."""

from typing import Any

import reflex as rx

from calibra_app.core.access import Permission
from calibra_app.ui import routes
from calibra_app.ui.base import may
from calibra_app.ui.components import layout
from calibra_app.ui.components.button import button, link_button
from calibra_app.ui.components.dialog import dialog, form_dialog
from calibra_app.ui.components.form import columns, form, number_field, text_area, text_field
from calibra_app.ui.components.shell import shell
from calibra_app.ui.components.status import badge
from calibra_app.ui.components.table import (
    Column,
    button_cell,
    cell,
    link_cell,
    pager,
    record,
    table,
    toolbar,
)
from calibra_app.ui.components.values import Lookup
from calibra_app.ui.pages.invoices.rows import (
    STATES,
    ChargeRow,
    InvoiceRow,
    PaperRow,
    PaymentRow,
    ReadyRow,
)
from calibra_app.ui.pages.invoices.state import InvoicesState, OneInvoiceState
from calibra_app.ui.words import say

MAY_ISSUE, MAY_PAY = may(Permission.INVOICE_ISSUE), may(Permission.PAYMENT_RECORD)


def invoices_page() -> rx.Component:
    """Return what is ready to be charged, above the invoices."""
    state = InvoicesState
    return shell(
        say("Invoices"),
        layout.page(
            rx.cond(
                state.loading | _some_ready(),
                layout.card(
                    say("Ready to invoice"),
                    table(
                        (
                            say("Request"),
                            say("Customer"),
                            say("Certificates are released"),
                            say("Approved"),
                        ),
                        state.ready,
                        _ready_row,
                        label=say("Ready to invoice"),
                        loading=state.loading,
                        empty=layout.empty(
                            say("Nothing waits for an invoice"),
                            say("Requests appear here once every item is approved."),
                            symbol="receipt",
                        ),
                    ),
                    rx.cond(
                        state.ready_cursor != "",
                        pager("", more=state.ready_cursor != "", on_more=state.more_ready),
                    ),
                    flush=True,
                ),
                layout.callout(
                    say(
                        "Nothing waits for an invoice."
                        " Requests appear here once every item is approved."
                    ),
                    tone="gray",
                    symbol="receipt",
                ),
            ),
            toolbar(
                *(
                    layout.filter_chip(
                        words,
                        pressed=state.chosen == each.value,
                        on_click=state.choose(each.value),
                        symbol=symbol,
                    )
                    for each, (words, _, symbol) in STATES.items()
                ),
            ),
            table(
                (
                    say("Invoice"),
                    say("Customer"),
                    say("Request"),
                    say("Issued"),
                    say("Due"),
                    Column(say("Total"), right=True),
                    Column(say("Paid"), right=True),
                    say("State"),
                ),
                state.rows,
                _invoice_row,
                label=say("Invoices"),
                loading=state.loading,
                empty=layout.empty(
                    say("No invoice yet"),
                    say("Issue the first one from the list above."),
                    symbol="receipt",
                ),
            ),
            pager(state.shown, more=state.next_cursor != "", on_more=state.more),
            _draft_dialog(),
        ),
        here=routes.INVOICES,
    )


def _some_ready() -> rx.Var[bool]:
    ready: Any = InvoicesState.ready
    return ready.length() > 0


def _ready_row(row: ReadyRow) -> rx.Component:
    return record(
        button_cell(row.number, InvoicesState.open_draft(row.key)),
        cell(row.customer),
        cell(row.release),
        cell(row.since, class_name="num"),
    )


def _invoice_row(row: InvoiceRow) -> rx.Component:
    return record(
        link_cell(row.number, row.path),
        cell(row.customer),
        cell(row.srf, class_name="one-line"),
        cell(row.issued, class_name="num"),
        cell(row.due, rx.cond(row.late != "", rx.el.div(row.late, class_name="tiny ink-red"))),
        cell(row.total, right=True, class_name="num"),
        cell(row.paid, right=True, class_name="num"),
        cell(badge(row.words, row.tone, row.icon)),
    )


def _draft_dialog() -> rx.Component:
    state, draft = InvoicesState, InvoicesState.draft
    return dialog(
        state.drafting,
        state.close_draft,
        f"{say('Invoice for')} {draft.title}",
        layout.facts(
            (say("Customer"), draft.customer),
            (say("From"), draft.basis),
            (say("Due"), draft.due),
            (say("Certificates are released"), draft.release),
            stacked=True,
        ),
        form(
            layout.rows(rx.foreach(state.charges, _charge_fields)),
            layout.facts(
                (say("Discount"), rx.cond(draft.discount != "", draft.discount, "–")),
                (say("Net"), draft.net),
                (say("Tax"), draft.tax),
                (say("Total"), rx.el.strong(draft.total)),
            ),
            rx.cond(
                draft.tax_reason != "", layout.callout(draft.tax_reason, symbol="info", tone="blue")
            ),
            rx.cond(
                (draft.unexplained != "") & (state.form_error == ""),
                layout.callout(
                    f"{say('A difference from the offer is not explained:')} {draft.unexplained}",
                    symbol="triangle-alert",
                    tone="amber",
                ),
            ),
            rx.cond(_signs(), _password(state.errors)),
            on_submit=state.issue,
            submit=say("Issue invoice"),
            error=state.form_error,
            cancel=button(say("Cancel"), on_click=state.close_draft),
        ),
        wide=True,
    )


def _charge_fields(row: ChargeRow) -> rx.Component:
    state = InvoicesState
    return rx.el.div(
        layout.stack(
            layout.row(
                layout.two_lines(row.description, row.detail),
                rx.el.span(f"{say('offered')} {row.offered}", class_name="tiny faint num"),
                rx.cond(row.differs, badge(row.difference, "amber")),
            ),
            columns(
                number_field(
                    f"amount-{row.key}",
                    say("Charged"),
                    errors=state.errors,
                    value=row.typed,
                    on_blur=lambda written: state.amount_typed(row.key, written),
                ),
                text_field(
                    f"why-{row.key}",
                    say("Why it differs"),
                    errors=state.errors,
                    value=row.why,
                    optional=True,
                    on_blur=lambda written: state.reason_typed(row.key, written),
                ),
            ),
            class_name="grow",
        ),
    )


def _signs() -> rx.Var[bool]:
    # Only the laboratory manager declines and issues; finance issues without a signature.
    return may(Permission.SRF_DECLINE)


def _password(errors: Lookup) -> rx.Component:
    return text_field(
        "password",
        say("Password, as your signature"),
        type="password",
        errors=errors,
        auto_complete="current-password",
    )


def invoice_page() -> rx.Component:
    """Return one invoice."""
    state, row = OneInvoiceState, OneInvoiceState.row
    return shell(
        rx.cond(state.found, row.number, say("Invoice")),
        layout.page(
            rx.cond(state.found, _one(), layout.skeleton(8)),
            *_dialogs(),
        ),
        here=routes.INVOICES,
        crumbs=((say("Invoices"), routes.INVOICES),),
        beside=rx.cond(state.found, badge(row.words, row.tone, row.icon)),
        actions=(
            rx.cond(
                MAY_ISSUE & state.found & ~state.credited,
                button(say("Credit note"), symbol="undo-2", on_click=state.begin_credit),
            ),
        ),
        primary=rx.cond(
            MAY_PAY & state.is_open,
            button(
                say("Record payment"),
                kind="primary",
                symbol="banknote",
                on_click=state.begin_payment,
                custom_attrs={"data-key": "n"},
            ),
        ),
    )


def _one() -> rx.Component:
    state, row, sums = OneInvoiceState, OneInvoiceState.row, OneInvoiceState.sums
    return layout.columns(
        layout.stack(
            rx.cond(
                state.credited,
                layout.callout(sums.credit_reason, symbol="undo-2", tone="orange"),
            ),
            layout.card(
                say("Charged"),
                table(
                    (
                        say("Item"),
                        Column(say("Offered"), right=True),
                        Column(say("Charged"), right=True),
                        say("Why it differs"),
                    ),
                    state.charges,
                    _charge_row,
                    label=say("Charged"),
                ),
                flush=True,
            ),
            layout.card(
                say("Payments"),
                table(
                    (say("Received"), say("Reference"), Column(say("Amount"), right=True)),
                    state.payments,
                    _payment_row,
                    label=say("Payments"),
                    empty=layout.empty(
                        say("Nothing received yet"),
                        say("Record what comes in; the whole sum releases what waits for it."),
                        symbol="banknote",
                    ),
                ),
                flush=True,
            ),
        ),
        layout.stack(
            layout.card(
                say("Sums"),
                layout.facts(
                    (say("Customer"), row.customer),
                    (say("Request"), layout.link(row.srf, href=row.srf_path)),
                    (say("From"), sums.reference),
                    (say("Issued"), row.issued),
                    (say("Due"), row.due),
                    (say("Net"), sums.net),
                    (say("Tax"), sums.tax),
                    (say("Total"), rx.el.strong(row.total)),
                    (say("Open"), rx.cond(state.is_open, sums.left, "–")),
                ),
                rx.cond(sums.tax_reason != "", rx.el.p(sums.tax_reason, class_name="tiny second")),
            ),
            layout.card(
                say("Papers"), layout.rows(rx.foreach(state.papers, _paper_row)), flush=True
            ),
        ),
        side=True,
    )


def _charge_row(row: ChargeRow) -> rx.Component:
    return record(
        cell(layout.two_lines(row.description, row.detail)),
        cell(row.offered, right=True, class_name="num"),
        cell(row.amount, right=True, class_name="num"),
        cell(rx.cond(row.differs, row.why, "")),
    )


def _payment_row(row: PaymentRow) -> rx.Component:
    return record(
        cell(row.at, class_name="num"),
        cell(row.reference),
        cell(row.amount, right=True, class_name="num"),
    )


def _paper_row(row: PaperRow) -> rx.Component:
    return layout.row_entry(
        rx.el.span(row.title, class_name="medium grow cut"),
        rx.cond(
            row.path != "",
            link_button(
                say("PDF"), href=row.path, size="small", symbol="file-down", target="_blank"
            ),
            rx.el.span(row.words, class_name="tiny faint"),
        ),
    )


def _dialogs() -> tuple[rx.Component, ...]:
    state = OneInvoiceState
    return (
        form_dialog(
            state.paying,
            state.close,
            f"{say('Payment for')} {state.row.number}",
            number_field(
                "amount",
                say("Amount"),
                errors=state.errors,
                value=state.sums.left_typed,
                auto_focus=True,
            ),
            text_field("reference", say("Reference"), errors=state.errors, optional=True),
            on_submit=state.pay,
            submit=say("Record payment"),
            error=state.form_error,
        ),
        form_dialog(
            state.crediting,
            state.close,
            f"{say('Take back')} {state.row.number}",
            text_area("reason", say("Reason"), errors=state.errors, auto_focus=True),
            rx.cond(_signs(), _password(state.errors)),
            on_submit=state.credit,
            submit=say("Issue credit note"),
            text=say("The request is approved again and waits for a new invoice."),
            error=state.form_error,
        ),
    )


PAGES = (
    (routes.INVOICES, invoices_page, (InvoicesState.load,)),
    ("/invoices/[invoice_id]", invoice_page, (OneInvoiceState.load,)),
)
