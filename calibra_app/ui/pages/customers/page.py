"""The pages of customers: what they show."""

import reflex as rx

from calibra_app.core.access import Permission
from calibra_app.ui import routes
from calibra_app.ui.base import may
from calibra_app.ui.components import layout
from calibra_app.ui.components.dialog import form_dialog
from calibra_app.ui.components.keeping import away_filter, enter_button
from calibra_app.ui.components.shell import shell
from calibra_app.ui.components.status import badge
from calibra_app.ui.components.table import (
    cell,
    link_cell,
    pager,
    record,
    search_field,
    table,
    toolbar,
)
from calibra_app.ui.pages.customers.detail import customer_page
from calibra_app.ui.pages.customers.fields import customer_fields
from calibra_app.ui.pages.customers.rows import CustomerRow, CustomerText
from calibra_app.ui.pages.customers.state import CustomersState, CustomerState
from calibra_app.ui.words import say

MAY_EDIT = may(Permission.CUSTOMER_EDIT)


def customers_page() -> rx.Component:
    """Return the list of customers."""
    return shell(
        say("Customers"),
        layout.page(
            toolbar(
                search_field(
                    CustomersState.search,
                    CustomersState.find,
                    placeholder=say("Code, name, address, contact"),
                ),
                away_filter(pressed=CustomersState.archived, on_click=CustomersState.show_archived),
            ),
            table(
                (
                    say("Code"),
                    say("Customer"),
                    say("Country"),
                    say("Decision rule"),
                    say("Certificate is released"),
                    "",
                ),
                CustomersState.rows,
                _customer_row,
                label=say("Customers"),
                loading=CustomersState.loading,
                empty=_no_customers(),
            ),
            pager(
                CustomersState.shown,
                more=CustomersState.next_cursor != "",
                on_more=CustomersState.more,
            ),
            form_dialog(
                CustomersState.adding,
                CustomersState.close_form,
                say("New customer"),
                *customer_fields(CustomerText(), CustomersState.errors),
                on_submit=CustomersState.save,
                submit=say("Enter customer"),
                error=CustomersState.form_error,
                wide=True,
            ),
        ),
        here=routes.CUSTOMERS,
        primary=enter_button(MAY_EDIT, say("New customer"), CustomersState.open_form),
    )


def _no_customers() -> rx.Component:
    return rx.cond(
        CustomersState.search != "",
        layout.empty(
            say("No customer is found"),
            say("Search by the beginning of a word: code, name, address or contact."),
            symbol="search",
        ),
        layout.empty(
            say("No customers here"),
            say("Whoever sends instruments stands here, with contacts and what was agreed."),
            symbol="building",
        ),
    )


def _customer_row(row: CustomerRow) -> rx.Component:
    return record(
        cell(row.code, class_name="mono"),
        link_cell(row.name, row.path),
        cell(row.country),
        cell(row.rule),
        cell(row.release),
        cell(rx.cond(row.accredited, badge(say("accredited"), "blue"))),
    )


PAGES = (
    (routes.CUSTOMERS, customers_page, (CustomersState.load,)),
    ("/customers/[customer_id]", customer_page, (CustomerState.load,)),
)
