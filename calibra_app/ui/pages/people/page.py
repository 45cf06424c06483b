"""The page of people: what it shows."""

import reflex as rx

from calibra_app.core.access import Permission
from calibra_app.ui import routes
from calibra_app.ui.base import may, may_see
from calibra_app.ui.components import layout
from calibra_app.ui.components.button import button
from calibra_app.ui.components.keeping import enter_button
from calibra_app.ui.components.people import person
from calibra_app.ui.components.shell import shell
from calibra_app.ui.components.status import badge
from calibra_app.ui.components.table import (
    button_cell,
    cell,
    pager,
    record,
    search_field,
    table,
    toolbar,
)
from calibra_app.ui.components.tabs import tab_panel, tabs
from calibra_app.ui.pages.people.dialogs import people_dialogs
from calibra_app.ui.pages.people.rows import (
    DISCIPLINES,
    AbsenceRow,
    InvitationRow,
    MatrixMark,
    MatrixRow,
    PersonRow,
)
from calibra_app.ui.pages.people.state import PeopleState
from calibra_app.ui.words import say

MAY_MANAGE = may(Permission.PERSON_MANAGE)


def people_page() -> rx.Component:
    """Return the personnel, what they are competent for, and who is away."""
    state = PeopleState
    return shell(
        say("People"),
        layout.page(
            tabs(
                (
                    ("people", say("Personnel")),
                    ("competence", say("Competence")),
                    ("absences", say("Absences")),
                    ("invitations", say("Invitations")),
                ),
                state.part,
                state.choose_part,
                label=say("Parts of this page"),
            ),
            tab_panel("people", state.part, *_personnel()),
            tab_panel("competence", state.part, _matrix()),
            tab_panel("absences", state.part, *_absences()),
            tab_panel("invitations", state.part, _invitations()),
            *people_dialogs(),
        ),
        here=routes.PEOPLE,
        primary=enter_button(MAY_MANAGE, say("Invite"), state.open_new),
    )


def _personnel() -> tuple[rx.Component, ...]:
    state = PeopleState
    return (
        toolbar(search_field(state.search, state.find, placeholder=say("Name, email, team"))),
        table(
            (say("Person"), say("Roles"), say("Email"), say("State")),
            state.rows,
            _person_row,
            label=say("Personnel"),
            loading=state.loading,
            empty=layout.empty(
                say("Nobody is found"), say("Search by the beginning of a name."), symbol="users"
            ),
        ),
        pager(state.shown, more=state.next_cursor != "", on_more=state.more),
    )


def _person_row(row: PersonRow) -> rx.Component:
    return record(
        button_cell(
            layout.row(person(row.name, row.initials, small=True), row.name),
            PeopleState.open_person(row.key),
            note=row.title,
        ),
        cell(row.roles),
        cell(row.email, class_name="second"),
        cell(badge(row.status, row.tone, row.symbol)),
    )


def _matrix() -> rx.Component:
    return table(
        (say("Person"), *(words for _, words in DISCIPLINES)),
        PeopleState.matrix,
        _matrix_row,
        label=say("Who may perform, review and authorize in which discipline"),
        empty=layout.empty(
            say("No competence is recorded"),
            say("Open a person to record what they may do, since when, and what shows it."),
            symbol="user-round-check",
        ),
    )


def _matrix_row(row: MatrixRow) -> rx.Component:
    return record(
        button_cell(
            layout.row(person(row.name, row.initials, small=True), row.name),
            PeopleState.open_person(row.key),
        ),
        rx.foreach(
            row.cells,
            lambda marks: cell(layout.row(rx.foreach(marks, _mark), class_name="row-wrap")),
        ),
    )


def _mark(mark: MatrixMark) -> rx.Component:
    return badge(rx.cond(mark.only == "", mark.words, mark.only), mark.tone, mark.symbol)


def _absences() -> tuple[rx.Component, ...]:
    state = PeopleState
    return (
        toolbar(
            rx.el.span(say("Today and the next 60 days"), class_name="second small"),
            layout.spacer(),
            rx.cond(
                may(Permission.LINE_ASSIGN) | MAY_MANAGE,
                button(say("Record absence"), symbol="plus", on_click=state.open_absence),
            ),
        ),
        table(
            (say("Person"), say("Days"), say("Reason"), ""),
            state.absences,
            _absence_row,
            label=say("Absences"),
            empty=layout.empty(
                say("Everybody is here"),
                say("Whoever is away on a day is not offered work for it."),
                symbol="user-round-check",
            ),
        ),
    )


def _absence_row(row: AbsenceRow) -> rx.Component:
    return record(
        cell(layout.row(person(row.name, row.initials, small=True), row.name)),
        cell(row.span, class_name="num"),
        cell(row.reason),
        cell(rx.cond(row.today, badge(say("away today"), "amber", "clock"))),
    )


def _invitations() -> rx.Component:
    return rx.cond(
        may_see(Permission.PERSON_MANAGE),
        table(
            (say("Person"), say("Email"), say("Link works until"), ""),
            PeopleState.invitations,
            _invitation_row,
            label=say("Invitations"),
            empty=layout.empty(
                say("No open invitation"),
                say("Everybody who was invited has chosen a password."),
                symbol="check",
            ),
        ),
        layout.empty(say("Who is invited is seen by the admin."), symbol="users"),
    )


def _invitation_row(row: InvitationRow) -> rx.Component:
    return record(
        cell(row.name, class_name="medium"),
        cell(row.email),
        cell(rx.cond(row.expired, badge(say("expired"), "amber", "clock"), row.until)),
        cell(
            rx.cond(
                MAY_MANAGE,
                button(say("Send again"), size="small", on_click=PeopleState.invite_again(row.key)),
            ),
            right=True,
        ),
    )


PAGES = ((routes.PEOPLE, people_page, (PeopleState.load,)),)
