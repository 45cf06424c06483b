"""The page of dispatch: the list at the left, the open box with its scan field at the right."""

import reflex as rx

from calibra_app.services.dispatch.register import ShipmentState
from calibra_app.ui import routes
from calibra_app.ui.components import layout
from calibra_app.ui.components.button import button, icon_button, link_button, segments
from calibra_app.ui.components.dialog import form_dialog
from calibra_app.ui.components.form import columns, form, number_field, text_area, text_field
from calibra_app.ui.components.icon import icon
from calibra_app.ui.components.shell import shell
from calibra_app.ui.components.status import badge
from calibra_app.ui.components.table import (
    Column,
    button_cell,
    cell,
    pager,
    record,
    table,
    toolbar,
)
from calibra_app.ui.pages.dispatch.state import (
    PLACES,
    WAITING,
    DispatchRow,
    DispatchState,
    ItemRow,
)
from calibra_app.ui.words import say

PACKING, DISPATCHED = ShipmentState.PACKING.value, ShipmentState.DISPATCHED.value


def dispatch_page() -> rx.Component:
    """Return what waits, what is on its way, and the box that is being packed."""
    state = DispatchState
    return shell(
        say("Dispatch"),
        layout.page(
            layout.columns(
                layout.stack(
                    toolbar(
                        segments(
                            [(str(value), words) for value, words in PLACES.items()],
                            state.place,
                            state.choose,
                            label=say("Which shipments"),
                        ),
                    ),
                    table(
                        (
                            say("Request"),
                            say("Customer"),
                            Column(
                                rx.cond(
                                    state.place == WAITING,
                                    say("Items"),
                                    say("Carried, received by"),
                                )
                            ),
                            say("Since"),
                            say("State"),
                            "",
                        ),
                        state.rows,
                        _row,
                        label=say("Shipments"),
                        loading=state.loading,
                        empty=_nothing(),
                    ),
                    pager(state.shown, more=state.next_cursor != "", on_more=state.more),
                ),
                rx.cond(state.box.key != "", _box(), _no_box()),
                side=True,
            ),
            *_dialogs(),
        ),
        here=routes.DISPATCH,
    )


def _nothing() -> rx.Component:
    return rx.cond(
        DispatchState.place == WAITING,
        layout.empty(
            say("Nothing waits to be packed"),
            say("Requests appear here once they are invoiced, or end with items still here."),
            symbol="package",
        ),
        layout.empty(say("No shipment here"), say("Choose another list above."), symbol="truck"),
    )


def _row(row: DispatchRow) -> rx.Component:
    state = DispatchState
    waits = row.key == ""
    return record(
        rx.cond(
            waits,
            button_cell(row.number, state.begin(row.srf_key)),
            button_cell(row.number, state.open_box(row.key)),
        ),
        cell(row.customer),
        cell(row.note),
        cell(row.when, class_name="num"),
        cell(badge(row.words, row.tone, row.icon)),
        cell(
            rx.cond(
                waits,
                button(
                    say("Collected"),
                    size="small",
                    title=say("The customer takes the items at the counter"),
                    on_click=state.begin_hand_over(row.srf_key, row.srf_version),
                ),
            ),
            right=True,
        ),
        selected=(row.key != "") & (state.box.key == row.key),
    )


def _no_box() -> rx.Component:
    return layout.card(
        say("Box"),
        layout.empty(
            say("No box is open"),
            say("Choose a request to pack it: every item is scanned on its way in."),
            symbol="scan-barcode",
        ),
    )


def _box() -> rx.Component:
    state, box = DispatchState, DispatchState.box
    return layout.card(
        f"{say('Box')} {box.number}",
        layout.stack(
            layout.row(
                layout.two_lines(box.customer, box.address),
                badge(box.packed, rx.cond(box.left == 0, "green", "amber"), "package"),
            ),
            rx.cond(box.state == PACKING, _scan_field()),
            rx.cond(
                state.alarm != "",
                rx.el.div(
                    icon("shield-alert", class_name="ink-red"),
                    rx.el.div(rx.el.strong(say("Wrong item. ")), state.alarm),
                    class_name="callout callout-red",
                    role="alert",
                ),
            ),
            rx.cond(
                (state.scanned != "") & (state.alarm == ""),
                rx.el.div(
                    icon("check", class_name="ink-green"),
                    rx.el.div(state.scanned),
                    class_name="callout callout-green",
                    role="status",
                ),
            ),
            layout.rows(rx.foreach(state.box_items, _item)),
            rx.cond(box.state == PACKING, _leaving()),
            rx.cond(box.state == DISPATCHED, _under_way()),
            rx.cond(
                box.paper != "",
                link_button(
                    say("Delivery note"), href=box.paper, symbol="file-down", target="_blank"
                ),
            ),
        ),
        action=icon_button("x", say("Put the box aside"), on_click=state.close_box),
    )


def _scan_field() -> rx.Component:
    state = DispatchState
    return rx.el.form(
        text_field(
            "label",
            say("Scan tag, serial number or label"),
            errors=state.errors,
            auto_complete="off",
            auto_focus=True,
        ),
        on_submit=state.scan,
        reset_on_submit=True,
        class_name="form",
        no_validate=True,
    )


def _item(row: ItemRow) -> rx.Component:
    return layout.row_entry(
        icon(
            rx.cond(row.packed, "circle-check", "circle-dashed"),
            class_name=rx.cond(row.packed, "ink-green", "ink-gray"),
        ),
        layout.two_lines(row.tag, row.description),
        rx.cond(row.accessories != "", rx.el.span(row.accessories, class_name="tiny second")),
        rx.cond(row.packed, badge(say("in the box"), "green"), badge(say("not scanned"), "gray")),
    )


def _leaving() -> rx.Component:
    state = DispatchState
    return form(
        rx.cond(
            state.box.ended_early,
            layout.callout(
                say("This request ended without results; its items go back as they are."),
                tone="amber",
                symbol="undo-2",
            ),
        ),
        columns(
            text_field("courier", say("Courier"), errors=state.errors),
            text_field("tracking", say("Tracking number"), errors=state.errors, optional=True),
        ),
        columns(
            number_field("packages", say("Packages"), errors=state.errors, value="1"),
            text_field("instructions", say("Instructions"), errors=state.errors, optional=True),
        ),
        rx.cond(state.box.ended_early, columns(*_proof_fields())),
        on_submit=state.send,
        submit=rx.cond(state.box.ended_early, say("Send items back"), say("Ship")),
        error=state.form_error,
    )


def _under_way() -> rx.Component:
    state, box = DispatchState, DispatchState.box
    return layout.stack(
        layout.facts((say("Courier"), box.courier), (say("Tracking"), box.tracking)),
        layout.row(
            button(
                say("Confirm delivery"),
                kind="primary",
                symbol="package-check",
                on_click=state.begin_arrival,
            ),
            button(say("Came back"), symbol="undo-2", on_click=state.begin_return),
        ),
    )


def _proof_fields() -> tuple[rx.Component, ...]:
    state = DispatchState
    return (
        text_field("received_by", say("Received by"), errors=state.errors),
        text_field(
            "evidence",
            say("How it is known"),
            errors=state.errors,
            placeholder=say("Courier's proof, signature on paper"),
        ),
    )


def _dialogs() -> tuple[rx.Component, ...]:
    state = DispatchState
    return (
        form_dialog(
            state.handing != "",
            state.close,
            f"{say('Hand over at the counter')}: {state.handing_number}",
            *_proof_fields(),
            on_submit=state.give,
            submit=say("Hand over"),
            error=state.form_error,
        ),
        form_dialog(
            state.arriving,
            state.close,
            f"{say('Delivery of')} {state.box.number}",
            *_proof_fields(),
            on_submit=state.arrived,
            submit=say("Confirm delivery"),
            error=state.form_error,
        ),
        form_dialog(
            state.returning,
            state.close,
            f"{say('Not delivered:')} {state.box.number}",
            text_area("reason", say("Why it came back"), errors=state.errors, auto_focus=True),
            on_submit=state.came_back,
            submit=say("Take items back"),
            error=state.form_error,
        ),
    )


PAGES = ((routes.DISPATCH, dispatch_page, (DispatchState.load,)),)
