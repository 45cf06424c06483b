"""The page of settings: sections at the left, a form, and what it would look like at the right."""

import reflex as rx

from calibra_app.core.access import Permission
from calibra_app.ui import routes
from calibra_app.ui.base import may
from calibra_app.ui.components import layout
from calibra_app.ui.components.button import button
from calibra_app.ui.components.form import form_error
from calibra_app.ui.components.icon import icon
from calibra_app.ui.components.shell import shell
from calibra_app.ui.pages.settings.failed_work import failed_work
from calibra_app.ui.pages.settings.forms import (
    branding_form,
    laboratory_form,
    money_form,
    numbers_form,
    papers_form,
    workflow_form,
)
from calibra_app.ui.pages.settings.preview import (
    face_preview,
    mail_preview,
    numbers_preview,
    paper_preview,
    path_preview,
    rule_preview,
)
from calibra_app.ui.pages.settings.state import FAILED, SECTIONS, RevisionRow, SettingsState
from calibra_app.ui.pages.settings.upkeep import UpkeepState
from calibra_app.ui.words import say

MAY_SAVE = rx.cond(
    SettingsState.section == "workflow",
    SettingsState.workflow_changeable,
    SettingsState.changeable,
)


def settings_page() -> rx.Component:
    """Return the laboratory's settings."""
    return shell(
        say("Settings"),
        rx.el.div(
            _sections(),
            rx.cond(
                SettingsState.section == FAILED,
                failed_work(),
                rx.fragment(
                    rx.cond(SettingsState.loading, layout.card("", layout.skeleton(9)), _form()),
                    rx.cond(SettingsState.loading, rx.fragment(), _preview()),
                ),
            ),
            class_name="settings",
        ),
        here=routes.SETTINGS,
    )


def _sections() -> rx.Component:
    return rx.el.nav(
        *(
            rx.cond(may(Permission.JOB_RETRY), _section(name)) if name == FAILED else _section(name)
            for name in SECTIONS
        ),
        class_name="settings-sections",
        aria_label=say("Sections"),
    )


def _section(name: str) -> rx.Component:
    words, symbol = SECTIONS[name]
    return rx.el.button(
        icon(symbol),
        rx.el.span(words),
        rx.cond(
            UpkeepState.tally != "",
            rx.el.span(UpkeepState.tally, class_name="tally tally-late num"),
        )
        if name == FAILED
        else None,
        type="button",
        class_name="nav-entry",
        custom_attrs={"aria-current": rx.cond(SettingsState.section == name, "page", "false")},
        on_click=SettingsState.choose(name),
    )


def _form() -> rx.Component:
    shown = rx.match(
        SettingsState.section,
        ("laboratory", laboratory_form()),
        ("papers", papers_form()),
        ("numbers", numbers_form()),
        ("workflow", workflow_form()),
        ("money", money_form()),
        branding_form(),
    )
    return rx.el.div(
        rx.cond(
            MAY_SAVE,
            rx.fragment(),
            layout.callout(
                say("You may look at this. The tenant admin changes it."),
                tone="blue",
                symbol="lock",
            ),
        ),
        rx.el.form(
            form_error(SettingsState.form_error),
            rx.el.fieldset(shown, disabled=~MAY_SAVE, class_name="plain-fieldset"),
            rx.cond(MAY_SAVE, _save_bar()),
            on_submit=SettingsState.save,
            key=f"{SettingsState.section}-{SettingsState.turn}",
            reset_on_submit=False,
            no_validate=True,
            class_name="form",
        ),
        rx.cond(SettingsState.section == "branding", _history()),
        class_name="stack settings-form",
    )


def _save_bar() -> rx.Component:
    return rx.el.div(
        rx.el.span(
            rx.cond(SettingsState.changes > 0, SettingsState.changes_told, say("All saved")),
            class_name="small second grow",
            role="status",
        ),
        rx.cond(SettingsState.changes > 0, button(say("Discard"), on_click=SettingsState.discard)),
        button(
            say("Save changes"),
            kind="primary",
            submit=True,
            disabled=SettingsState.changes == 0,
        ),
        class_name="save-bar",
    )


def _history() -> rx.Component:
    return rx.cond(
        SettingsState.revisions,
        layout.card(
            say("Revisions"),
            layout.rows(rx.foreach(SettingsState.revisions, _revision)),
            flush=True,
        ),
    )


def _revision(row: RevisionRow) -> rx.Component:
    return layout.row_entry(
        rx.el.span(class_name="swatch", style={"background": row.colour}, aria_hidden="true"),
        rx.el.span(row.words, class_name="grow"),
        rx.cond(
            row.current,
            rx.el.span(say("in use"), class_name="small second"),
            rx.cond(
                SettingsState.changeable,
                button(
                    say("Use again"), size="small", on_click=SettingsState.restore(row.revision)
                ),
            ),
        ),
    )


def _preview() -> rx.Component:
    return rx.el.aside(
        rx.el.h2(say("Preview"), class_name="small second"),
        rx.match(
            SettingsState.section,
            ("numbers", numbers_preview()),
            (
                "branding",
                rx.el.div(face_preview(), mail_preview(), paper_preview(), class_name="stack"),
            ),
            ("workflow", path_preview()),
            ("money", rule_preview()),
            paper_preview(),
        ),
        class_name="settings-preview",
        aria_label=say("Preview"),
    )


PAGES = ((routes.SETTINGS, settings_page, [SettingsState.load, UpkeepState.load]),)
