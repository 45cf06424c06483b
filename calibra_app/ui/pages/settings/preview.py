"""The live preview of the laboratory's face: buttons, menu, card, paper and mail in both modes."""

from typing import Any

import reflex as rx

from calibra_app.ui.base import AppState
from calibra_app.ui.components import layout
from calibra_app.ui.components.icon import icon
from calibra_app.ui.components.status import state_badge
from calibra_app.ui.pages.settings.state import SettingsState, StateRow
from calibra_app.ui.words import say


def value_of(name: str) -> rx.Var[str]:
    """Return what stands in a field: what was typed, else what is stored."""
    now: Any = SettingsState.now
    return rx.cond(now.contains(name), now[name], SettingsState.stored[name]).to(str)


def face_preview() -> rx.Component:
    """Return the face in both modes."""
    return rx.el.div(
        rx.el.style(SettingsState.stylesheet),
        _half("preview preview-light", say("Light")),
        _half("preview preview-dark", say("Dark")),
        class_name="stack",
    )


def _half(name: str, words: str) -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.span(words, class_name="tiny faint"),
            layout.row(
                _mark(),
                rx.el.span(AppState.laboratory_name, class_name="strong cut"),
            ),
            rx.el.span(
                icon("square-kanban"), rx.el.span(say("Board")), class_name="nav-entry preview-here"
            ),
            rx.el.span(icon("gauge"), rx.el.span(say("Standards")), class_name="nav-entry"),
            class_name="preview-nav",
        ),
        rx.el.div(
            rx.el.div(
                rx.el.span("SRF-2026-0414", class_name="strong"),
                rx.el.span("Bluewater Foods AS", class_name="small second cut"),
                layout.row(state_badge("in_progress"), state_badge("qc"), class_name="row-wrap"),
                class_name="card pad stack gap-4",
            ),
            layout.row(
                rx.el.span(say("Save changes"), class_name="button button-primary"),
                rx.el.span(say("Cancel"), class_name="button"),
                rx.el.span(say("A link"), class_name="link"),
                class_name="row-wrap",
            ),
            class_name="preview-body stack gap-8",
        ),
        class_name=name,
        aria_label=words,
    )


def _mark() -> rx.Component:
    return rx.cond(
        SettingsState.logo != "",
        rx.el.span(rx.el.img(src=SettingsState.logo, alt=""), class_name="preview-logo"),
        rx.el.span(AppState.laboratory_name[0], class_name="preview-letter", aria_hidden="true"),
    )


def paper_preview() -> rx.Component:
    """Return the head and foot of a certificate."""
    return rx.el.section(
        rx.el.div(
            rx.el.div(
                rx.cond(
                    SettingsState.logo != "",
                    rx.el.img(src=SettingsState.logo, alt=say("Logo"), class_name="specimen-logo"),
                    rx.el.span(AppState.laboratory_name, class_name="strong"),
                ),
                rx.el.div(
                    rx.el.div(value_of("legal_name"), class_name="strong"),
                    rx.el.div(value_of("address"), class_name="before-lines"),
                ),
                class_name="specimen-head",
            ),
            rx.el.div(class_name="specimen-rule", style={"background": value_of("colour")}),
            rx.el.div(value_of("certificate_header"), class_name="small"),
            rx.el.div(say("Calibration certificate"), class_name="specimen-title"),
            rx.cond(
                value_of("accreditation_number") != "",
                rx.el.div(
                    say("Accredited by"),
                    " ",
                    value_of("accreditation_body"),
                    ", ",
                    value_of("accreditation_number"),
                ),
            ),
            rx.el.div(class_name="specimen-lines"),
            rx.el.div(value_of("certificate_footer"), class_name="specimen-foot before-lines"),
            class_name="specimen",
        ),
        aria_label=say("Certificate"),
    )


def mail_preview() -> rx.Component:
    """Return the head of a letter by mail."""
    name = value_of("sender_name")
    return layout.card(
        "",
        layout.row(
            icon("mail"),
            layout.two_lines(
                rx.fragment(
                    rx.cond(name != "", name, AppState.laboratory_name),
                    rx.el.span(" <", value_of("sender_email"), ">", class_name="faint"),
                ),
                say("Your certificate is ready"),
            ),
        ),
    )


def numbers_preview() -> rx.Component:
    """Return the next ten numbers of each kind."""
    return rx.el.div(
        rx.foreach(
            SettingsState.coming,
            lambda row: layout.card(
                row.words,
                rx.cond(
                    row.numbers,
                    rx.el.ol(
                        rx.foreach(row.numbers, rx.el.li),
                        class_name="coming num small",
                    ),
                    rx.el.span(say("No number can be made of this pattern."), class_name="small"),
                ),
            ),
        ),
        class_name="stack",
    )


def path_preview() -> rx.Component:
    """Return which optional states a request would take."""
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


def rule_preview() -> rx.Component:
    """Return what the limits of money say."""
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
