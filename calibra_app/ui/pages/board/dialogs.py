"""The dialogs of the boards: one for each kind of deed that a drop can ask for."""

import reflex as rx

from calibra_app.core.access import Permission
from calibra_app.services.srf.deeds import Asks
from calibra_app.ui.base import AppState, may
from calibra_app.ui.components import layout
from calibra_app.ui.components.button import button
from calibra_app.ui.components.choice import select_field
from calibra_app.ui.components.dialog import dialog
from calibra_app.ui.components.file_drop import file_drop
from calibra_app.ui.components.form import (
    columns,
    date_field,
    field,
    form_error,
    number_field,
    text_area,
    text_field,
)
from calibra_app.ui.components.icon import icon
from calibra_app.ui.components.table import table
from calibra_app.ui.pages.board.deeds import ItemRow, MoveState
from calibra_app.ui.words import say


def deed_dialog() -> rx.Component:
    """Return the dialog of the deed that was asked for last."""
    state = MoveState
    return dialog(
        state.asking,
        state.close,
        state.deed.title,
        rx.fragment(
            rx.match(
                state.deed.asks,
                (Asks.CHOICE.value, _choice()),
                (Asks.RESULT.value, _result()),
                _form(),
            )
        ),
    )


def _choice() -> rx.Component:
    state = MoveState
    return layout.stack(
        rx.el.p(say("Several deeds lead there. Which one is it?"), class_name="second"),
        rx.el.div(
            rx.foreach(
                state.deed.choices,
                lambda choice: rx.el.button(
                    icon("arrow-right"),
                    rx.el.span(choice[1]),
                    type="button",
                    class_name="entry",
                    on_click=state.choose(choice[0]),
                ),
            ),
            class_name="deeds",
        ),
        rx.el.div(button(say("Cancel"), on_click=state.close), class_name="form-foot"),
    )


def _form() -> rx.Component:
    state = MoveState
    return rx.el.form(
        form_error(state.form_error),
        rx.cond(state.deed.several, _items()),
        rx.match(
            state.deed.asks,
            (Asks.ASSIGN.value, _assign()),
            (Asks.TAKE.value, rx.el.p(say("You do these items. They leave the queue."))),
            (Asks.RECEIVE.value, _receive()),
            (Asks.HOLD.value, _hold()),
            (Asks.QUESTION.value, _question()),
            (Asks.DECISION.value, _decision()),
            (Asks.PARTS.value, _reason(say("Which parts"))),
            (Asks.PROVIDER.value, _provider()),
            (Asks.FAILED.value, _reason(say("Why it comes back"))),
            rx.fragment(),
        ),
        rx.cond(state.deed.signed, _signature()),
        rx.el.div(
            button(say("Cancel"), on_click=state.close),
            button(state.deed.submit, kind="primary", submit=True, busy=state.busy),
            class_name="form-foot",
        ),
        on_submit=state.do,
        reset_on_submit=False,
        class_name="form",
        no_validate=True,
    )


def _items() -> rx.Component:
    return rx.el.fieldset(
        rx.el.legend(say("Items")),
        rx.el.div(rx.foreach(MoveState.deed.lines, _item), class_name="choices"),
        _fault("lines"),
        class_name="field",
    )


def _item(row: ItemRow) -> rx.Component:
    return rx.el.label(
        rx.el.input(type="checkbox", name=f"item-{row.key}", default_checked=True),
        rx.el.span(row.tag, rx.el.small(row.name)),
        class_name="choice",
    )


def _assign() -> rx.Component:
    state = MoveState
    return rx.fragment(
        date_field(
            "day", say("Day"), value=state.day, errors=state.errors, on_change=state.choose_day
        ),
        rx.cond(
            state.nobody,
            layout.callout(
                say("Nobody is authorized for this procedure on that day."), tone="amber"
            ),
            select_field(
                "person",
                say("Person"),
                state.people_for,
                errors=state.errors,
                hint=say("Authorized for the procedure; who has least to do comes first."),
            ),
        ),
        select_field(
            "room",
            say("Room"),
            state.rooms,
            placeholder=say("as the procedure says"),
            optional=True,
        ),
    )


def _receive() -> rx.Component:
    return rx.fragment(
        layout.callout(
            say(
                "Only what arrived in order. Damage needs a photo: "
                "receive that item on the page of its request."
            )
        ),
        columns(
            text_field("place", say("Shelf"), optional=True),
            text_field("reason", say("Note"), optional=True),
        ),
    )


def _hold() -> rx.Component:
    state = MoveState
    return rx.fragment(
        select_field(
            "hold",
            say("Why it waits"),
            state.holds,
            errors=state.errors,
            hint=say("The kind decides who may release it."),
        ),
        _reason(say("What happened")),
    )


def _question() -> rx.Component:
    state = MoveState
    return rx.fragment(
        _reason(say("Question to the customer")),
        number_field(
            "price",
            say("Price of what you propose"),
            errors=state.errors,
            optional=True,
            hint=say("Named in the question; the answer agrees to it."),
        ),
    )


def _decision() -> rx.Component:
    state = MoveState
    return rx.fragment(
        layout.callout(state.deed.question, symbol="message-square-more", tone="amber"),
        text_field(
            "evidence",
            say("How the answer came"),
            errors=state.errors,
            placeholder=say("phone, name, time"),
        ),
        text_area("reason", say("Remark"), rows=2, optional=True),
    )


def _provider() -> rx.Component:
    state = MoveState
    return rx.fragment(
        select_field(
            "provider",
            say("Provider"),
            state.providers,
            errors=state.errors,
            placeholder=say("Choose"),
        ),
        layout.callout(
            say("Approval for the points and the customer's consent are checked (G31).")
        ),
    )


def _reason(label: str) -> rx.Component:
    return text_area("reason", label, rows=3, errors=MoveState.errors, auto_focus=True)


def _signature() -> rx.Component:
    return rx.fragment(
        rx.el.div(
            icon("signature"),
            rx.el.div(
                rx.el.div(say("Your signature"), class_name="medium"),
                rx.el.div(
                    AppState.person_name, ", ", AppState.role_titles, class_name="tiny second"
                ),
            ),
            class_name="meaning",
        ),
        text_field(
            "password",
            say("Password"),
            type="password",
            errors=MoveState.errors,
            auto_complete="current-password",
        ),
    )


def _result() -> rx.Component:
    state = MoveState
    return rx.cond(state.result.number == "", _type_result(), _compare_result())


def _type_result() -> rx.Component:
    state = MoveState
    return rx.el.form(
        form_error(state.form_error),
        columns(
            text_field("certificate_number", say("Provider's certificate"), errors=state.errors),
            date_field("issued_on", say("Issued on"), errors=state.errors),
        ),
        field(
            "file_id",
            say("The certificate itself"),
            file_drop(
                "/api/v1/files",
                say("Put the PDF here"),
                multiple=False,
                fields={
                    "purpose": "attachment",
                    "subject_kind": "srf_line",
                    "subject_id": state.deed.lines[0].key,
                },
                on_done=state.file_kept,
                hint=state.file_name,
            ),
            errors=state.errors,
        ),
        text_area(
            "points",
            say("Values"),
            rows=5,
            errors=state.errors,
            hint=say(
                "One to a line: point; nominal; unit; indication; error; U; k. "
                "A block can be pasted from a table."
            ),
        ),
        rx.el.div(
            button(say("Cancel"), on_click=state.close),
            button(say("Keep for the second check"), kind="primary", submit=True),
            class_name="form-foot",
        ),
        on_submit=state.keep_result,
        reset_on_submit=False,
        class_name="form",
        no_validate=True,
    )


def _compare_result() -> rx.Component:
    state = MoveState
    return rx.el.form(
        form_error(state.form_error),
        layout.facts(
            (say("Certificate"), state.result.number),
            (say("Issued"), state.result.issued),
            (say("Typed by"), state.result.entered_by),
        ),
        rx.cond(
            state.result.file_path != "",
            layout.link(say("Open the certificate"), href=state.result.file_path, target="_blank"),
            layout.callout(say("The certificate itself is missing (G32)."), tone="amber"),
        ),
        table(
            (say("Point"), say("Indication"), say("Error"), say("U"), say("k")),
            state.result.points,
            _point_row,
            label=say("Values typed over"),
        ),
        rx.cond(
            state.result.mine,
            layout.callout(say("You typed these values; somebody else compares them.")),
        ),
        rx.el.div(
            button(say("Cancel"), on_click=state.close),
            button(
                say("Values agree, to review"),
                kind="primary",
                submit=True,
                busy=state.busy,
                disabled=rx.cond(state.result.mine, True, ~may(Permission.SUBCONTRACT_EXCHANGE)),
            ),
            class_name="form-foot",
        ),
        on_submit=state.do,
        reset_on_submit=False,
        class_name="form",
    )


def _point_row(point: rx.vars.ArrayVar[list[str]]) -> rx.Component:
    return rx.el.tr(rx.foreach(point, rx.el.td))


def _fault(name: str) -> rx.Component:
    faults = rx.Var.create(MoveState.errors).to(dict[str, str])
    return rx.cond(
        faults.contains(name),
        rx.el.span(icon("circle-alert"), faults[name], class_name="fault", role="alert"),
    )
