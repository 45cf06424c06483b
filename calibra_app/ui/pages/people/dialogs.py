"""The forms of people."""

import reflex as rx

from calibra_app.core.access import Permission
from calibra_app.ui.base import may
from calibra_app.ui.components import layout
from calibra_app.ui.components.button import button
from calibra_app.ui.components.choice import check_box, select_field
from calibra_app.ui.components.dialog import dialog, form_dialog
from calibra_app.ui.components.form import columns, date_field, form, text_area, text_field
from calibra_app.ui.components.status import badge
from calibra_app.ui.pages.people.rows import DEEDS, DISCIPLINES, ROLES, CompetenceRow
from calibra_app.ui.pages.people.state import PeopleState
from calibra_app.ui.words import say

MAY_MANAGE = may(Permission.PERSON_MANAGE)
MAY_JUDGE = may(Permission.COMPETENCE_RECORD)


def people_dialogs() -> tuple[rx.Component, ...]:
    """Return the person beside the list and the forms."""
    state = PeopleState
    return (
        _person_drawer(),
        form_dialog(
            state.open == "new",
            state.close,
            say("Invite a person"),
            *_person_fields(),
            on_submit=state.invite_new,
            submit=say("Send the invitation"),
            text=say("They get a mail with a link and choose a password."),
            error=state.form_error,
            wide=True,
        ),
        form_dialog(
            state.open == "competence",
            state.close,
            f"{say('Competence of')} {state.person.name}",
            *_competence_fields(),
            on_submit=state.save_competence,
            submit=say("Record competence"),
            error=state.form_error,
        ),
        form_dialog(
            state.open == "absence",
            state.close,
            say("Record an absence"),
            select_field(
                "person",
                say("Person"),
                state.choices,
                errors=state.errors,
                placeholder=say("Choose"),
            ),
            columns(
                date_field("starts_on", say("First day"), errors=state.errors),
                date_field("ends_on", say("Last day"), errors=state.errors),
            ),
            text_field("reason", say("Reason"), errors=state.errors, optional=True),
            on_submit=state.save_absence,
            submit=say("Record absence"),
            error=state.form_error,
        ),
    )


def _person_drawer() -> rx.Component:
    state = PeopleState
    shown = state.person
    return dialog(
        state.open == "person",
        state.close,
        shown.name,
        rx.cond(
            MAY_MANAGE,
            form(
                *_person_fields(),
                on_submit=state.save,
                submit=say("Save person"),
                error=state.form_error,
                cancel=_status_buttons(),
            ),
            layout.facts(
                (say("Email"), shown.email),
                (say("Job title"), shown.title),
                (say("Team"), shown.team),
            ),
        ),
        layout.section(
            say("Competence"),
            rx.cond(
                rx.Var.create(state.competences).length() > 0,
                layout.rows(rx.foreach(state.competences, _competence)),
                rx.el.p(say("None is recorded."), class_name="second small"),
            ),
            beside=rx.cond(
                MAY_JUDGE,
                button(say("Record"), size="small", symbol="plus", on_click=state.open_competence),
            ),
        ),
        drawer=True,
    )


def _status_buttons() -> rx.Component:
    state = PeopleState
    return layout.row(
        rx.cond(
            state.person.status == "suspended",
            button(say("Let in again"), on_click=state.change_status("active")),
            button(say("Suspend"), kind="danger", on_click=state.change_status("suspended")),
        ),
        button(say("Has left"), kind="danger", on_click=state.change_status("left")),
    )


def _competence(row: CompetenceRow) -> rx.Component:
    return layout.row_entry(
        badge(row.deed, row.tone, row.symbol),
        layout.two_lines(row.covers, row.evidence),
        rx.el.span(
            row.since,
            rx.cond(row.until != "", f" – {row.until}", ""),
            class_name="tiny faint num one-line",
        ),
        rx.cond(
            MAY_JUDGE,
            button(say("End"), size="small", on_click=PeopleState.end(row.key, row.version)),
        ),
    )


def _person_fields() -> tuple[rx.Component, ...]:
    state = PeopleState
    shown, errors = state.person, state.errors
    return (
        columns(
            text_field("name", say("Name"), errors=errors, value=shown.name),
            text_field("email", say("Email"), type="email", errors=errors, value=shown.email),
        ),
        columns(
            text_field(
                "job_title", say("Job title"), errors=errors, value=shown.title, optional=True
            ),
            text_field("team", say("Team"), errors=errors, value=shown.team, optional=True),
        ),
        rx.el.fieldset(
            rx.el.legend(say("Roles")),
            rx.el.div(
                *(
                    check_box(
                        f"role_{role.value}",
                        role.label,
                        checked=rx.Var.create(shown.roles).contains(role.value),
                    )
                    for role in ROLES
                ),
                class_name="choices",
            ),
            rx.cond(
                rx.Var.create(errors).contains("roles"),
                rx.el.span(errors["roles"], class_name="fault", role="alert"),
            ),
            class_name="field",
            id="roles",
        ),
    )


def _competence_fields() -> tuple[rx.Component, ...]:
    errors = PeopleState.errors
    return (
        columns(
            select_field(
                "deed",
                say("May"),
                [(deed.value, look.words) for deed, look in DEEDS.items()],
                errors=errors,
            ),
            select_field("discipline", say("Discipline"), DISCIPLINES, errors=errors),
        ),
        text_field(
            "procedure_code",
            say("Only this procedure"),
            errors=errors,
            hint=say("Empty: every procedure of the discipline"),
            optional=True,
        ),
        columns(
            date_field("valid_from", say("From"), errors=errors),
            date_field("valid_to", say("Last day"), errors=errors, optional=True),
        ),
        text_area("evidence", say("Shown by"), errors=errors, rows=2, optional=True),
    )
