"""What stands beside the paper: signatures, checks, symbol, steps of the issue, release."""

from typing import Any

import reflex as rx

from calibra_app.core.access import Permission
from calibra_app.ui.base import may_see
from calibra_app.ui.components import layout
from calibra_app.ui.components.button import link_button
from calibra_app.ui.components.icon import icon
from calibra_app.ui.components.status import badge
from calibra_app.ui.pages.certificates.rows import CheckRow, SignatureRow, StepRow
from calibra_app.ui.pages.certificates.state import CertificateState
from calibra_app.ui.words import say


def certificate_panel() -> rx.Component:
    """Return signatures, checks, symbol, steps and release of one certificate."""
    state: Any = CertificateState
    paper = state.paper
    return rx.fragment(
        layout.section(say("Signatures"), layout.stack(rx.foreach(state.signatures, _signature))),
        rx.cond(
            paper.waiting & (paper.refusal != ""),
            layout.section(
                say("Not yet"),
                layout.callout(paper.refusal, tone="amber", symbol="lock"),
            ),
        ),
        rx.cond(
            state.checks.length() > 0,
            layout.section(
                say("Checks"),
                rx.cond(
                    state.missing.length() > 0,
                    layout.rows(rx.foreach(state.missing, check_row)),
                    rx.el.p(say("Every mandatory element is there."), class_name="second"),
                ),
                beside=badge(
                    paper.checks,
                    rx.cond(paper.complete, "green", "red"),
                    rx.cond(paper.complete, "check", "octagon-x"),
                ),
            ),
        ),
        layout.section(
            say("Accreditation"),
            rx.el.div(
                icon(
                    rx.cond(paper.accredited, "badge-check", "info"),
                    class_name=rx.cond(paper.accredited, "ink-green", "ink-gray"),
                ),
                rx.el.span(paper.symbol_words),
                class_name="row",
            ),
        ),
        rx.cond(
            state.steps.length() > 0,
            layout.section(say("Issue"), layout.stack(rx.foreach(state.steps, _step))),
        ),
        layout.section(
            say("Release"),
            rx.cond(
                paper.released != "",
                rx.el.p(f"{say('Released to the customer on')} {paper.released}."),
                rx.el.p(paper.release_words, class_name="second"),
            ),
        ),
        rx.cond(
            (paper.result_path != "") & may_see(Permission.SHEET_SEE),
            layout.section(
                say("Computed again"),
                rx.el.p(
                    say(
                        "The file holds the result with all it was computed from;"
                        " ./calibra evaluate compares every figure, without this laboratory."
                    ),
                    class_name="second",
                ),
                link_button(
                    say("Export result"),
                    href=paper.result_path,
                    size="small",
                    symbol="file-down",
                    custom_attrs={"reloadDocument": True},
                ),
            ),
        ),
        rx.cond(
            paper.replaces != "",
            layout.section(
                say("Replaces"),
                layout.link(paper.replaces, href=paper.replaces_path),
                rx.el.p(paper.reason),
                rx.el.p(paper.changes, class_name="tiny second"),
            ),
        ),
    )


def _signature(row: SignatureRow) -> rx.Component:
    return rx.el.div(
        icon(
            rx.cond(row.given, "check", "signature"),
            class_name=rx.cond(row.given, "ink-green", "ink-amber"),
        ),
        rx.el.div(
            rx.el.div(row.meaning, class_name="tiny faint"),
            rx.el.div(row.name, class_name="medium"),
            rx.el.div(row.when, class_name="tiny second num"),
        ),
        class_name="row",
    )


def _step(row: StepRow) -> rx.Component:
    return rx.el.div(
        icon(row.symbol, class_name=f"ink-{row.tone}"), rx.el.span(row.words), class_name="row"
    )


def check_row(row: CheckRow) -> rx.Component:
    """Return one check; what is missing leads to where it is put right."""
    return layout.row_entry(
        icon(
            rx.cond(row.met, "check", "octagon-x"),
            class_name=rx.cond(row.met, "ink-green", "ink-red"),
        ),
        layout.two_lines(row.title, rx.cond(row.met, row.code, row.sentence)),
        rx.cond(row.path != "", layout.link(say("Put it right"), href=row.path)),
    )
