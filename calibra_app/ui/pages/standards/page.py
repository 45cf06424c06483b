"""The pages of reference standards: what they show."""

import reflex as rx

from calibra_app.core.access import Permission
from calibra_app.ui import routes
from calibra_app.ui.base import may
from calibra_app.ui.components import layout
from calibra_app.ui.components.button import button
from calibra_app.ui.components.chart import chart
from calibra_app.ui.components.choice import select_field
from calibra_app.ui.components.keeping import enter_button
from calibra_app.ui.components.shell import shell
from calibra_app.ui.components.status import badge
from calibra_app.ui.components.table import (
    Column,
    button_cell,
    cell,
    link_cell,
    pager,
    record,
    search_field,
    table,
    toolbar,
)
from calibra_app.ui.pages.standards.dialogs import new_standard, standard_dialogs
from calibra_app.ui.pages.standards.rows import (
    LOOKS,
    CertificateRow,
    PointRow,
    StandardRow,
)
from calibra_app.ui.pages.standards.state import StandardsState, StandardState
from calibra_app.ui.words import say

FILTERS = ("due_soon", "expired", "quarantined", "in_calibration")


def standards_page() -> rx.Component:
    """Return the register of reference standards, those due first at the top."""
    state = StandardsState
    looks = {condition.value: look for condition, look in LOOKS.items()}
    return shell(
        say("Standards"),
        layout.page(
            toolbar(
                search_field(
                    state.search, state.find, placeholder=say("Code, name, maker, serial number")
                ),
                *(
                    layout.filter_chip(
                        looks[name].words,
                        pressed=state.condition == name,
                        on_click=state.show_condition(name),
                        symbol=looks[name].icon,
                        tone=looks[name].tone,
                    )
                    for name in FILTERS
                ),
            ),
            table(
                (
                    say("Standard"),
                    say("Discipline"),
                    say("Place"),
                    say("State"),
                    Column(say("Due"), right=True),
                    Column(say("Left"), right=True),
                ),
                state.rows,
                _standard_row,
                label=say("Reference standards"),
                loading=state.loading,
                empty=layout.empty(
                    say("No standard here"),
                    say("Reference standards stand here, those due first at the top."),
                    symbol="scale",
                ),
            ),
            pager(state.shown, more=state.next_cursor != "", on_more=state.more),
            new_standard(),
        ),
        here=routes.STANDARDS,
        primary=enter_button(
            may(Permission.STANDARD_REGISTER), say("New standard"), state.open_form
        ),
    )


def _standard_row(row: StandardRow) -> rx.Component:
    return record(
        link_cell(row.code, row.path, note=row.name),
        cell(row.discipline),
        cell(row.location),
        cell(badge(row.condition, row.tone, row.symbol)),
        cell(row.due, right=True, class_name="num one-line"),
        cell(row.left, right=True, class_name="num one-line second"),
    )


def standard_page() -> rx.Component:
    """Return one reference standard."""
    state = StandardState
    shown = state.standard
    return shell(
        rx.cond(state.found, shown.code, say("Standard")),
        layout.page(
            rx.cond(
                state.found,
                layout.columns(
                    layout.stack(_certificates(), _points(), _drift()),
                    layout.card(say("Standard"), _facts()),
                    side=True,
                ),
                layout.skeleton(8),
            ),
            *standard_dialogs(),
        ),
        here=routes.STANDARDS,
        crumbs=((say("Standards"), routes.STANDARDS),),
        beside=badge(shown.condition, shown.tone, shown.symbol),
        actions=(
            rx.cond(
                may(Permission.STANDARD_REGISTER),
                button(say("Edit"), symbol="pencil-line", on_click=state.open_form("edit")),
            ),
            rx.cond(
                may(Permission.STANDARD_REGISTER),
                button(say("Set aside"), symbol="archive", on_click=state.open_form("aside")),
            ),
            rx.cond(
                (shown.status == "quarantined") & may(Permission.STANDARD_RETURN),
                button(
                    say("Return to service"), symbol="undo-2", on_click=state.open_form("return")
                ),
            ),
            rx.cond(
                (shown.status != "quarantined") & may(Permission.STANDARD_QUARANTINE),
                button(
                    say("Quarantine"),
                    kind="danger",
                    symbol="circle-slash",
                    on_click=state.open_form("quarantine"),
                ),
            ),
        ),
        primary=enter_button(
            may(Permission.STANDARD_REGISTER),
            say("Add certificate"),
            state.open_form("certificate"),
        ),
    )


def _facts() -> rx.Component:
    shown = StandardState.standard
    return layout.facts(
        (say("Name"), shown.name),
        (say("Maker, model"), f"{shown.manufacturer} {shown.model}"),
        (say("Serial number"), shown.serial),
        (say("Discipline"), shown.discipline),
        (say("Place"), shown.location),
        (say("Interval"), f"{shown.interval} {say('months')}"),
        (say("Usable until"), f"{shown.due} ({shown.left})"),
        (say("Notes"), shown.notes),
    )


def _certificates() -> rx.Component:
    return layout.card(
        say("Certificates"),
        table(
            (say("Number"), say("Issued"), say("Due"), say("Traceability"), say("Points"), ""),
            StandardState.certificates,
            _certificate_row,
            label=say("Certificates"),
            empty=layout.empty(
                say("No certificate yet"),
                say("The standard is used once a certificate of it is accepted."),
                symbol="file-check",
            ),
        ),
        flush=True,
    )


def _certificate_row(row: CertificateRow) -> rx.Component:
    return record(
        button_cell(row.number, StandardState.choose_certificate(row.key), note=row.provider),
        cell(row.issued, class_name="num one-line"),
        cell(row.due, class_name="num one-line"),
        cell(row.traceability),
        cell(rx.Var.create(row.points).to(str), class_name="num"),
        cell(
            rx.cond(
                row.accepted,
                badge(say("accepted"), "green", "check"),
                rx.cond(
                    may(Permission.STANDARD_ACCEPT),
                    button(say("Accept"), size="small", on_click=StandardState.accept(row.key)),
                    badge(say("to be accepted"), "amber", "hourglass"),
                ),
            )
        ),
        selected=row.key == StandardState.certificate,
    )


def _points() -> rx.Component:
    return layout.card(
        say("Points of the certificate"),
        table(
            (
                say("Quantity"),
                Column(say("Nominal value"), right=True),
                Column(say("Correction"), right=True),
                Column("U", right=True),
                Column("k", right=True),
                Column(say("Drift ±"), right=True),
                say("Unit"),
            ),
            StandardState.points,
            _point_row,
            label=say("Points of the certificate"),
            empty=layout.empty(say("No points")),
        ),
        flush=True,
    )


def _point_row(row: PointRow) -> rx.Component:
    return record(
        cell(row.quantity),
        cell(row.nominal, right=True, class_name="num one-line"),
        cell(row.correction, right=True, class_name="num"),
        cell(row.expanded, right=True, class_name="num"),
        cell(row.k, right=True, class_name="num"),
        cell(row.drift, right=True, class_name="num"),
        cell(row.unit, class_name="second"),
    )


def _drift() -> rx.Component:
    state = StandardState
    return rx.cond(
        state.quantity != "",
        layout.card(
            say("Drift"),
            layout.stack(
                rx.cond(
                    rx.Var.create(state.quantities).length() > 1,
                    select_field(
                        "drift_quantity",
                        say("Quantity"),
                        state.quantities,
                        value=state.quantity,
                        on_change=state.choose_quantity,
                    ),
                ),
                chart(state.figure, state.sentence, height="300px"),
            ),
        ),
    )


PAGES = (
    (routes.STANDARDS, standards_page, (StandardsState.load,)),
    ("/standards/[standard_id]", standard_page, (StandardState.load,)),
)
