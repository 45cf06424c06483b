"""The page of settings: sections at the left, a form, and what it would look like at the right."""

from typing import Any

import reflex as rx

from calibra_app.ui import routes
from calibra_app.ui.components import layout
from calibra_app.ui.components.button import button
from calibra_app.ui.components.file_drop import file_drop
from calibra_app.ui.components.form import (
    columns,
    field,
    form_error,
    number_field,
    text_area,
    text_field,
)
from calibra_app.ui.components.icon import icon
from calibra_app.ui.components.shell import shell
from calibra_app.ui.pages.settings.preview import (
    face_preview,
    mail_preview,
    numbers_preview,
    paper_preview,
    value_of,
)
from calibra_app.ui.pages.settings.state import (
    FIELDS_OF,
    KINDS,
    SECTIONS,
    RevisionRow,
    SettingsState,
    StateRow,
)
from calibra_app.ui.words import say

TYPING_DELAY = 200
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
            rx.cond(SettingsState.loading, layout.card("", layout.skeleton(9)), _form()),
            rx.cond(SettingsState.loading, rx.fragment(), _preview()),
            class_name="settings",
        ),
        here=routes.SETTINGS,
    )


def _sections() -> rx.Component:
    return rx.el.nav(
        *(
            rx.el.button(
                icon(symbol),
                rx.el.span(words),
                type="button",
                class_name="nav-entry",
                custom_attrs={
                    "aria-current": rx.cond(SettingsState.section == name, "page", "false")
                },
                on_click=SettingsState.choose(name),
            )
            for name, (words, symbol) in SECTIONS.items()
        ),
        class_name="settings-sections",
        aria_label=say("Sections"),
    )


def _form() -> rx.Component:
    shown = rx.match(
        SettingsState.section,
        ("laboratory", _laboratory()),
        ("papers", _papers()),
        ("numbers", _numbers()),
        ("workflow", _workflow()),
        ("money", _money()),
        _branding(),
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


def _known(name: str) -> dict[str, Any]:
    return {
        "value": SettingsState.stored[name],
        "errors": SettingsState.errors,
        "on_change": SettingsState.touch(name).debounce(TYPING_DELAY),
    }


def _laboratory() -> rx.Component:
    return _fields(
        say("What papers say of the laboratory"),
        text_field("legal_name", say("Legal name"), **_known("legal_name")),
        text_area("address", say("Address"), rows=3, **_known("address")),
        columns(
            text_field("phone", say("Phone"), type="tel", optional=True, **_known("phone")),
            text_field("email", say("Email"), type="email", optional=True, **_known("email")),
        ),
        columns(
            text_field("website", say("Website"), optional=True, **_known("website")),
            text_field("vat_id", say("VAT number"), optional=True, **_known("vat_id")),
        ),
        text_area("bank", say("Bank account"), rows=2, optional=True, **_known("bank")),
        columns(
            text_field(
                "accreditation_body",
                say("Accreditation body"),
                optional=True,
                **_known("accreditation_body"),
            ),
            text_field(
                "accreditation_number",
                say("Accreditation number"),
                optional=True,
                **_known("accreditation_number"),
            ),
        ),
    )


def _branding() -> rx.Component:
    return _fields(
        say("Colour, logo and sender"),
        rx.el.div(
            text_field(
                "colour",
                say("Colour"),
                max_length=7,
                spell_check=False,
                **_known("colour"),
            ),
            rx.el.input(
                type="color",
                default_value=SettingsState.stored["colour"],
                on_change=SettingsState.pick.debounce(TYPING_DELAY),
                aria_label=say("Choose the colour"),
                class_name="colour-picker",
            ),
            class_name="colour-row",
        ),
        rx.cond(
            ~rx.Var.create(SettingsState.errors).to(dict[str, str]).contains("colour"),
            rx.el.p(SettingsState.sentence, class_name="small second", role="status"),
        ),
        _logo(),
        columns(
            text_field(
                "sender_name",
                say("Sender of letters"),
                optional=True,
                hint=say("Empty: the laboratory's name"),
                **_known("sender_name"),
            ),
            text_field(
                "sender_email",
                say("Answers go to"),
                type="email",
                optional=True,
                hint=say("Empty: the laboratory's address"),
                **_known("sender_email"),
            ),
        ),
    )


def _logo() -> rx.Component:
    return field(
        "logo",
        say("Logo"),
        rx.el.div(
            rx.cond(
                SettingsState.logo != "",
                layout.row(
                    rx.el.span(
                        rx.el.img(src=SettingsState.logo, alt=say("Logo")),
                        class_name="preview-logo preview-logo-wide",
                    ),
                    button(say("Remove"), size="small", on_click=SettingsState.remove_logo),
                ),
            ),
            file_drop(
                "/api/v1/files",
                say("Put the logo here, or choose a file"),
                on_done=SettingsState.take_logo,
                accept="image/svg+xml,image/png,image/jpeg,image/webp",
                hint=say("SVG, PNG, JPEG or WebP, at most 1 MB. Scripts and links are taken out."),
                most_megabytes=1,
                multiple=False,
                fields={
                    "purpose": "logo",
                    "subject_kind": "branding",
                    "subject_id": SettingsState.subject,
                },
            ),
            class_name="stack gap-8",
        ),
        errors=SettingsState.errors,
        optional=True,
    )


def _papers() -> rx.Component:
    return _fields(
        say("Head and foot of certificates"),
        text_field(
            "certificate_header",
            say("Line under the head"),
            optional=True,
            **_known("certificate_header"),
        ),
        text_area(
            "certificate_footer",
            say("Foot"),
            rows=4,
            optional=True,
            hint=say("Stands under every page. Issued certificates keep theirs."),
            **_known("certificate_footer"),
        ),
    )


def _numbers() -> rx.Component:
    return _fields(
        say("How numbers are written"),
        layout.callout(
            say("A number that was given out stays as it is. Sequences go on without gaps."),
            symbol="info",
        ),
        *(
            text_field(
                kind,
                words,
                hint=say("Fields: {names}", names=FIELDS_OF[kind]),
                spell_check=False,
                auto_complete="off",
                **_known(kind),
            )
            for kind, words in KINDS.items()
        ),
    )


def _workflow() -> rx.Component:
    return _fields(
        say("Optional states"),
        rx.el.p(
            say("A state that is off is passed by; a request goes straight to the next one."),
            class_name="small second",
        ),
        rx.el.div(rx.foreach(SettingsState.states, _state), class_name="stack gap-8"),
        columns(
            number_field(
                "close_after_days",
                say("Close after delivery"),
                unit=say("days"),
                **_known("close_after_days"),
            ),
            number_field(
                "info_lapse_days",
                say("A question lapses after"),
                unit=say("days"),
                **_known("info_lapse_days"),
            ),
        ),
        text_area(
            "reason",
            say("Reason"),
            rows=2,
            hint=say("It stands in the audit trail."),
            **_known("reason"),
        ),
    )


def _state(row: StateRow) -> rx.Component:
    faults: Any = SettingsState.errors
    return rx.el.div(
        rx.el.label(
            rx.el.input(
                type="checkbox",
                role="switch",
                name=row.name,
                id=row.name,
                default_checked=row.used,
                on_change=lambda on: SettingsState.touch(row.name, on.to(bool).to_string()),
            ),
            rx.el.span(icon(row.symbol, class_name=f"ink-{row.tone}"), " ", row.words),
            class_name="switch",
        ),
        rx.cond(
            faults.contains(row.name),
            rx.el.span(icon("circle-alert"), faults[row.name], class_name="fault", role="alert"),
        ),
        class_name="field",
    )


def _money() -> rx.Component:
    return _fields(
        say("What needs the laboratory manager, and how long things run"),
        columns(
            number_field(
                "discount_limit_percent",
                say("Discount up to"),
                unit="%",
                hint=say("Above it an offer needs approval."),
                **_known("discount_limit_percent"),
            ),
            number_field(
                "net_limit",
                say("Offers up to, net"),
                unit=SettingsState.currency,
                hint=say("Above it an offer needs approval."),
                **_known("net_limit"),
            ),
        ),
        columns(
            number_field("tax_rate", say("Tax"), unit="%", **_known("tax_rate")),
            number_field(
                "quotation_valid_days",
                say("An offer is valid for"),
                unit=say("days"),
                **_known("quotation_valid_days"),
            ),
        ),
        number_field(
            "payment_days",
            say("An invoice is due after"),
            unit=say("days"),
            **_known("payment_days"),
        ),
    )


def _fields(title: str, *parts: rx.Component) -> rx.Component:
    return layout.card(title, rx.el.div(*parts, class_name="form"))


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
            ("workflow", _path()),
            ("money", _rule()),
            paper_preview(),
        ),
        class_name="settings-preview",
        aria_label=say("Preview"),
    )


def _path() -> rx.Component:
    return layout.card(
        say("Optional states in use"),
        rx.foreach(
            SettingsState.states,
            lambda row: rx.el.div(
                icon(row.symbol, class_name=f"ink-{row.tone}"),
                rx.el.span(row.words),
                rx.cond(
                    value_of_row(row),
                    rx.el.span(say("used"), class_name="small second"),
                    rx.el.span(say("passed by"), class_name="small ink-amber"),
                ),
                class_name="row",
            ),
        ),
    )


def value_of_row(row: StateRow) -> rx.Var[bool]:
    """Return whether a state is on, as it is switched now."""
    now: Any = SettingsState.now
    return rx.cond(now.contains(row.name), now[row.name] == "true", row.used).to(bool)


def _rule() -> rx.Component:
    return layout.callout(
        say("An offer with a discount above"),
        " ",
        rx.el.b(value_of("discount_limit_percent"), " %"),
        " ",
        say("or a net sum above"),
        " ",
        rx.el.b(value_of("net_limit"), " ", SettingsState.currency),
        " ",
        say("waits for the laboratory manager. Whoever proposed it cannot approve it."),
        symbol="coins",
    )


PAGES = ((routes.SETTINGS, settings_page, [SettingsState.load]),)
