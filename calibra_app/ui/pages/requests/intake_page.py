"""The guided intake: customer, items by scan or search, what each lacks, handing it in."""

import reflex as rx

from calibra_app.core.access import Permission
from calibra_app.ui import routes
from calibra_app.ui.base import may
from calibra_app.ui.components import layout
from calibra_app.ui.components.button import button, icon_button, link_button
from calibra_app.ui.components.choice import combobox
from calibra_app.ui.components.form import columns, field, form_error, marks, text_field
from calibra_app.ui.components.icon import icon
from calibra_app.ui.components.shell import shell
from calibra_app.ui.components.status import badge
from calibra_app.ui.components.table import Column, cell, record, table
from calibra_app.ui.components.values import Deed
from calibra_app.ui.pages.requests.intake import IntakeState
from calibra_app.ui.pages.requests.intake_dialog import URGENCIES, line_dialog
from calibra_app.ui.pages.requests.intake_rows import FoundRow
from calibra_app.ui.pages.requests.marks import bar, count, meter, promise_part, scope_part
from calibra_app.ui.pages.requests.rows import LineRow, SrfRow
from calibra_app.ui.pages.requests.state import CHANNELS
from calibra_app.ui.words import say

SEARCH_DELAY = 200


def intake_page() -> rx.Component:
    """Return the page on which a request is written."""
    state = IntakeState
    return shell(
        rx.cond(state.number != "", state.number, say("New request")),
        layout.page(
            form_error(state.form_error),
            _heading_card(),
            _items_card(),
            line_dialog(),
        ),
        here=routes.REQUESTS,
        crumbs=((say("Requests"), routes.REQUESTS),),
        beside=rx.cond(state.is_draft, badge(say("Draft"), "gray", "pencil-line")),
        primary=rx.cond(
            state.is_draft,
            rx.cond(
                may(Permission.SRF_SUBMIT),
                button(say("Submit request"), kind="primary", symbol="send", on_click=state.submit),
            ),
            link_button(
                say("Back to the request"),
                href=f"{routes.REQUESTS}{state.key}/",
                kind="primary",
                symbol="arrow-right",
            ),
        ),
        panel=_panel(),
    )


def _heading_card() -> rx.Component:
    state = IntakeState
    return layout.card(
        say("Who asks"),
        rx.el.div(
            columns(
                rx.cond(
                    state.key == "",
                    combobox(
                        "customer",
                        say("Customer"),
                        state.customer_options,
                        state.find_customers,
                        errors=state.errors,
                        chosen=state.customer_key,
                        chosen_words=state.customer,
                        placeholder=say("Type a name or code"),
                        on_choose=state.choose_customer,
                    ),
                    field(
                        "customer",
                        say("Customer"),
                        rx.el.input(
                            id="customer",
                            value=state.customer,
                            read_only=True,
                            class_name="control",
                        ),
                    ),
                ),
                _select(
                    "contact",
                    say("Contact"),
                    rx.foreach(state.contacts, lambda one: rx.el.option(one[1], value=one[0])),
                    state.contact,
                    state.choose_contact,
                ),
            ),
            columns(
                _select(
                    "channel",
                    say("How the items come"),
                    rx.fragment(
                        *(rx.el.option(words, value=key) for key, words in CHANNELS.items())
                    ),
                    state.channel,
                    state.choose_channel,
                ),
                field(
                    "reference",
                    say("Their order number"),
                    rx.el.input(
                        id="reference",
                        name="reference",
                        default_value=state.reference,
                        key=state.key,
                        on_blur=state.set_reference,
                        class_name="control",
                        auto_complete="off",
                    ),
                    optional=True,
                ),
            ),
            class_name="form",
        ),
    )


def _select(
    name: str,
    label: str,
    options: rx.Component,
    value: rx.Var[str] | str,
    on_change: Deed,
) -> rx.Component:
    """Return a choice that acts at once, and shows what the server holds."""
    control = rx.el.select(
        options,
        value=value,
        on_change=on_change,
        class_name="control",
        **marks(name, IntakeState.errors, ""),
    )
    return field(name, label, control, errors=IntakeState.errors)


def _items_card() -> rx.Component:
    state = IntakeState
    return layout.card(
        say("Items"),
        rx.cond(
            state.also_open != "",
            layout.callout(
                rx.el.b(say("Already open elsewhere: ")),
                state.also_open,
                tone="amber",
                symbol="triangle-alert",
            ),
        ),
        rx.el.form(
            layout.row(
                rx.el.div(
                    text_field(
                        "label",
                        say("Scan a label, or search the customer's instruments"),
                        errors=state.errors,
                        placeholder=say("Tag, serial number or model, then Enter"),
                        auto_complete="off",
                        on_change=state.look.debounce(SEARCH_DELAY),
                        disabled=state.customer_key == "",
                    ),
                    class_name="grow",
                ),
                class_name="row-top",
            ),
            on_submit=state.scan,
            class_name="form",
            no_validate=True,
        ),
        rx.cond(
            count(state.found) > 0,
            rx.el.div(
                rx.foreach(state.found, _found),
                class_name="rows",
                role="group",
                aria_label=say("Found instruments"),
            ),
        ),
        rx.cond(
            count(state.lines) > 0,
            layout.row(
                layout.spacer(),
                rx.cond(
                    state.missing_lines > 0,
                    button(
                        say("Fill what is open as usual"),
                        size="small",
                        symbol="list-checks",
                        title=say("Adjust only after asking, as-found, no due date, standard time"),
                        on_click=state.fill_as_usual,
                    ),
                ),
                button(say("Check scope"), size="small", symbol="target", on_click=state.check),
            ),
        ),
        table(
            (
                Column("#", right=True),
                say("Item"),
                say("Complete"),
                say("Scope"),
                say("How soon, promised for"),
                "",
            ),
            state.lines,
            _line,
            label=say("Items of the request"),
            empty=layout.empty(
                rx.cond(
                    state.customer_key == "",
                    say("Choose the customer first"),
                    say("Scan the first label"),
                ),
                say("Each item brings along what was last agreed for it."),
                symbol="scan-barcode",
            ),
        ),
    )


def _found(row: FoundRow) -> rx.Component:
    return rx.el.button(
        rx.el.span(row.tag, class_name="medium"),
        rx.el.span(row.about, class_name="tiny faint cut"),
        layout.spacer(),
        badge(say("Add"), "blue", "plus"),
        type="button",
        class_name="row row-link",
        on_click=IntakeState.add(row.key),
    )


def _line(row: LineRow) -> rx.Component:
    state = IntakeState
    return record(
        cell(row.position, right=True),
        cell(
            rx.el.div(row.tag, class_name="medium one-line"),
            rx.el.div(row.description, " · ", row.serial, class_name="tiny faint"),
            rx.el.div(
                row.procedure,
                rx.cond(row.accredited, "", f" · {say('not accredited')}"),
                class_name="tiny second",
            ),
            rx.cond(
                row.also_on != "",
                rx.el.div(say("also on "), row.also_on, class_name="tiny ink-amber"),
            ),
        ),
        cell(meter(row.percent, row.missing)),
        cell(scope_part(row.scope, row.scope_tone, row.scope_rows)),
        cell(
            layout.stack(
                rx.el.select(
                    *(rx.el.option(words, value=key) for key, words in URGENCIES),
                    value=row.urgency,
                    on_change=lambda value: state.set_urgency(row.key, value),
                    class_name="control control-small",
                    aria_label=f"{say('How soon')}: {row.tag}",
                ),
                rx.el.input(
                    type="date",
                    id=f"promised-{row.position}",
                    default_value=row.promised_on,
                    key=f"{row.key}{row.promised_on}{state.drawn}",
                    aria_invalid=_faults().contains(f"promised-{row.position}"),
                    on_change=lambda value: state.set_promise(row.key, value),
                    class_name="control control-small",
                    aria_label=f"{say('Promised for')}: {row.tag}",
                ),
                rx.cond(
                    _faults().contains(f"promised-{row.position}"),
                    rx.el.div(
                        rx.el.span(
                            icon("circle-alert"),
                            _faults()[f"promised-{row.position}"],
                            class_name="fault",
                            role="alert",
                        ),
                        class_name="field",
                    ),
                ),
                promise_part(row.outlook, row.doubtful),
                class_name="gap-4",
            )
        ),
        cell(
            layout.row(
                icon_button(
                    "pencil-line",
                    say("Everything agreed for this item"),
                    size="small",
                    on_click=state.open_line(row.key),
                ),
                icon_button(
                    "x",
                    say("Take off the request"),
                    size="small",
                    on_click=state.remove(row.key, row.version),
                ),
                class_name="gap-2",
            ),
            right=True,
        ),
    )


def _faults() -> rx.vars.ObjectVar[dict[str, str]]:
    return rx.Var.create(IntakeState.errors).to(dict[str, str])


def _panel() -> rx.Component:
    state = IntakeState
    return rx.fragment(
        layout.section(
            say("Completeness"),
            bar(state.percent, state.missing_lines == 0),
            rx.el.p(
                rx.cond(
                    count(state.lines) == 0,
                    say("Nothing to complete yet."),
                    rx.cond(
                        state.missing_lines == 0,
                        say("Every item has what its procedure asks for."),
                        say("Open answers may be given until the offer is made."),
                    ),
                ),
                class_name="small second",
            ),
        ),
        rx.cond(
            state.customer_key != "",
            rx.fragment(
                layout.section(
                    state.customer,
                    layout.facts(
                        (say("Decision rule"), state.rule),
                        (
                            say("Accredited"),
                            rx.cond(state.accredited, say("yes"), say("not always")),
                        ),
                        (say("Certificate"), state.release),
                        (
                            say("Offers"),
                            rx.cond(
                                state.standing,
                                say("standing agreement"),
                                say("one for each request"),
                            ),
                        ),
                    ),
                ),
                layout.section(
                    say("Open requests"),
                    rx.cond(
                        count(state.open_srfs) > 0,
                        layout.rows(rx.foreach(state.open_srfs, _open_srf)),
                        rx.el.p(say("None."), class_name="small faint"),
                    ),
                ),
            ),
        ),
    )


def _open_srf(row: SrfRow) -> rx.Component:
    return layout.row_entry(
        rx.el.span(row.number, class_name="medium"),
        layout.spacer(),
        badge(row.state, row.tone, row.icon),
        href=row.path,
    )
