"""The page of one customer: contacts, the agreement, and their forms."""

import reflex as rx

from calibra_app.core.access import Permission
from calibra_app.ui import routes
from calibra_app.ui.base import may, may_see
from calibra_app.ui.components import layout
from calibra_app.ui.components.button import button, icon_button
from calibra_app.ui.components.choice import radio_group
from calibra_app.ui.components.dialog import form_dialog
from calibra_app.ui.components.form import columns, text_field
from calibra_app.ui.components.keeping import away_button
from calibra_app.ui.components.shell import shell
from calibra_app.ui.components.status import badge
from calibra_app.ui.components.table import cell, record, table
from calibra_app.ui.pages.customers.fields import customer_fields
from calibra_app.ui.pages.customers.rows import ContactRow, OwnedRow
from calibra_app.ui.pages.customers.state import PROFILE_CHOICES, CustomerState
from calibra_app.ui.words import say

MAY_EDIT = may(Permission.CUSTOMER_EDIT)


def customer_page() -> rx.Component:
    """Return one customer."""
    shown = CustomerState.customer
    return shell(
        rx.cond(CustomerState.found, shown.name, say("Customer")),
        layout.page(
            rx.cond(
                CustomerState.found,
                layout.columns(
                    layout.stack(
                        layout.card(
                            say("Contacts"),
                            _contacts(),
                            flush=True,
                            action=rx.cond(
                                MAY_EDIT,
                                button(
                                    say("Add contact"),
                                    size="small",
                                    symbol="plus",
                                    on_click=CustomerState.open_contact(""),
                                ),
                            ),
                        ),
                        rx.cond(may_see(Permission.INSTRUMENT_REGISTER), _owned()),
                    ),
                    layout.card(say("Agreement"), _agreement()),
                    side=True,
                ),
                layout.skeleton(8),
            ),
            *_customer_dialogs(),
        ),
        here=routes.CUSTOMERS,
        crumbs=((say("Customers"), routes.CUSTOMERS),),
        beside=rx.fragment(
            rx.el.span(shown.code, class_name="mono second"),
            rx.cond(shown.archived, badge(say("Put away"), "gray", "archive")),
        ),
        actions=(
            rx.cond(
                MAY_EDIT,
                away_button(shown.archived, CustomerState.archive),
            ),
        ),
        primary=rx.cond(
            MAY_EDIT,
            button(
                say("Edit"),
                kind="primary",
                symbol="pencil-line",
                on_click=CustomerState.edit,
                custom_attrs={"data-key": "e"},
            ),
        ),
    )


def _owned() -> rx.Component:
    state = CustomerState
    return layout.card(
        say("Instruments"),
        table(
            (say("Instrument"), say("Procedure"), say("Due")),
            state.owned,
            _owned_row,
            label=say("Instruments"),
            empty=layout.empty(say("No instrument is entered yet"), symbol="gauge"),
        ),
        rx.cond(
            state.owned_more,
            rx.el.p(
                say("These are the first fifty; the registry has all."), class_name="pad small"
            ),
        ),
        flush=True,
        action=layout.link(say("Registry"), href=routes.INSTRUMENTS),
    )


def _owned_row(row: OwnedRow) -> rx.Component:
    return record(
        cell(layout.two_lines(row.tag, row.description)),
        cell(row.procedure, class_name="mono one-line"),
        cell(row.due, class_name="num one-line"),
    )


def _contacts() -> rx.Component:
    return table(
        (say("Contact"), say("Email"), say("Phone"), say("Duty"), say("Portal"), ""),
        CustomerState.contacts,
        _contact_row,
        label=say("Contacts"),
        empty=layout.empty(
            say("No contacts yet"), say("Whom the laboratory writes to."), symbol="user-round-check"
        ),
    )


def _contact_row(row: ContactRow) -> rx.Component:
    return record(
        cell(
            rx.el.span(row.name, class_name="medium"),
            rx.cond(row.archived, badge(say("Put away"), "gray")),
        ),
        cell(row.email),
        cell(row.phone),
        cell(row.duty),
        cell(
            rx.cond(
                row.portal,
                badge(say("signs in"), "green", "check"),
                rx.cond(
                    may(Permission.PERSON_MANAGE),
                    button(
                        say("Give access"),
                        size="small",
                        on_click=CustomerState.open_access(row.key),
                    ),
                ),
            )
        ),
        cell(
            rx.cond(
                MAY_EDIT,
                layout.row(
                    icon_button(
                        "pencil-line",
                        say("Edit contact"),
                        size="small",
                        on_click=CustomerState.open_contact(row.key),
                    ),
                    icon_button(
                        "archive",
                        rx.cond(row.archived, say("Take back into use"), say("Put away")),
                        size="small",
                        on_click=CustomerState.archive_contact(row.key, row.version, ~row.archived),
                    ),
                ),
            ),
            right=True,
        ),
    )


def _agreement() -> rx.Component:
    shown = CustomerState.customer
    return layout.facts(
        (say("Address"), rx.el.span(shown.address, class_name="before-lines")),
        (say("Country"), shown.country),
        (say("VAT number"), shown.vat_id),
        (say("Accredited"), rx.cond(shown.accredited, say("yes"), say("not always"))),
        (say("Decision rule"), shown.rule),
        (say("Released"), shown.release),
        (say("Tax"), f"{shown.tax}, {shown.tax_rate} %"),
        (say("Discount"), f"{shown.discount_percent} %"),
        (say("Due date on label"), rx.cond(shown.due_date_on_label, say("agreed"), say("no"))),
        (say("Standing agreement"), rx.cond(shown.standing_agreement, say("yes"), say("no"))),
    )


def _customer_dialogs() -> tuple[rx.Component, ...]:
    state = CustomerState
    return (
        form_dialog(
            state.editing,
            state.close,
            say("Edit customer"),
            *customer_fields(state.customer, state.errors),
            on_submit=state.save,
            submit=say("Save"),
            error=state.form_error,
            wide=True,
        ),
        form_dialog(
            state.contact_open,
            state.close,
            rx.cond(state.contact.key == "", say("New contact"), say("Edit contact")),
            text_field(
                "contact_name",
                say("Name"),
                errors=state.errors,
                value=state.contact.name,
                auto_focus=True,
            ),
            text_field(
                "contact_email",
                say("Email"),
                type="email",
                errors=state.errors,
                value=state.contact.email,
            ),
            columns(
                text_field(
                    "contact_phone",
                    say("Phone"),
                    type="tel",
                    errors=state.errors,
                    value=state.contact.phone,
                    optional=True,
                ),
                text_field(
                    "contact_duty",
                    say("Duty"),
                    errors=state.errors,
                    value=state.contact.duty,
                    optional=True,
                ),
            ),
            on_submit=state.save_contact,
            submit=say("Save contact"),
            error=state.form_error,
        ),
        form_dialog(
            state.access_open,
            state.close_access,
            f"{say('Portal access for')} {state.contact.name}",
            radio_group(
                "profile",
                say("What they may do"),
                PROFILE_CHOICES,
                value="requester",
                errors=state.errors,
            ),
            on_submit=state.give_access,
            submit=say("Send the link"),
            text=say("They get a mail with a link and choose a password."),
            error=state.form_error,
        ),
    )
