"""The forms of the sections of settings; each shows what is stored and tells what is typed."""

from typing import Any

import reflex as rx

from calibra_app.ui.components import layout
from calibra_app.ui.components.button import button
from calibra_app.ui.components.file_drop import file_drop
from calibra_app.ui.components.form import columns, field, number_field, text_area, text_field
from calibra_app.ui.components.icon import icon
from calibra_app.ui.pages.settings.state import FIELDS_OF, KINDS, SettingsState, StateRow
from calibra_app.ui.words import say

TYPING_DELAY = 200


def _known(name: str) -> dict[str, Any]:
    return {
        "value": SettingsState.stored[name],
        "errors": SettingsState.errors,
        "on_change": SettingsState.touch(name).debounce(TYPING_DELAY),
    }


def laboratory_form() -> rx.Component:
    """Return what papers say of the laboratory."""
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


def branding_form() -> rx.Component:
    """Return colour, logo and sender."""
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


def papers_form() -> rx.Component:
    """Return head and foot of certificates."""
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


def numbers_form() -> rx.Component:
    """Return how numbers are written."""
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


def workflow_form() -> rx.Component:
    """Return the optional states."""
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


def money_form() -> rx.Component:
    """Return the limits of money."""
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
