"""The panel beside the lines: sums, what stands behind the chosen line, revisions, papers."""

from typing import Any

import reflex as rx

from calibra_app.core.access import Permission
from calibra_app.ui.base import may
from calibra_app.ui.components import layout
from calibra_app.ui.components.button import button
from calibra_app.ui.components.icon import icon
from calibra_app.ui.components.status import badge
from calibra_app.ui.pages.quotations.deeds import QuotationDeeds as State
from calibra_app.ui.pages.quotations.rows import PaperRow, RevisionRow
from calibra_app.ui.words import say

MAY_WRITE = may(Permission.QUOTATION_WRITE)
DRAFT = State.stands == "draft"
WAITS = State.stands == "internal_approval"
# To a type checker a state's var looks like the list it holds.
REVISIONS: Any = State.revisions
PAPERS: Any = State.papers


def quotation_panel() -> rx.Component:
    """Return the sections of the panel."""
    return rx.fragment(_sums(), _scope(), _revisions(), _papers(), _terms())


def _sums() -> rx.Component:
    sums = State.sums
    return layout.section(
        rx.Var.create(say("Sums in ")) + State.currency,
        rx.el.div(
            rx.cond(
                sums.before != "",
                rx.fragment(
                    _sum(say("Calibrations"), sums.before),
                    _sum(rx.Var.create(say("Discount ")) + State.discount + " %", sums.discount),
                ),
            ),
            _sum(say("Net"), sums.net),
            _sum(State.tax_words, sums.tax),
            rx.el.div(
                rx.el.span(say("Total"), class_name="medium"),
                layout.spacer(),
                rx.el.span(sums.total, class_name="key-figure num"),
                class_name="row",
            ),
            class_name="stack gap-4",
            aria_live="polite",
        ),
        rx.cond(State.tax_reason != "", rx.el.p(State.tax_reason, class_name="tiny second")),
        rx.cond(
            State.excess != "",
            rx.el.p(
                icon(
                    rx.cond(State.approved_words != "", "shield-check", "triangle-alert"),
                    class_name=rx.cond(State.approved_words != "", "ink-green", "ink-amber"),
                ),
                " ",
                State.excess,
                rx.cond(
                    State.approved_words != "",
                    say(" is above the limit and approved."),
                    say(" needs the laboratory manager."),
                ),
                class_name="tiny",
            ),
            rx.el.p(
                icon("circle-check", class_name="ink-green"),
                " ",
                State.limit_words,
                class_name="tiny second",
            ),
        ),
        rx.cond(
            WAITS & (State.reason != ""),
            rx.el.p(State.reason, class_name="tiny second before-lines"),
        ),
    )


def _sum(name: str | rx.Var[str], amount: str | rx.Var[str]) -> rx.Component:
    return layout.row(
        rx.el.span(name, class_name="second"),
        layout.spacer(),
        rx.el.span(amount, class_name="num"),
    )


def _scope() -> rx.Component:
    scope = State.scope
    return rx.cond(
        State.selected != "",
        layout.section(
            rx.Var.create(say("Line ")) + scope.position,
            rx.cond(
                scope.procedure != "",
                layout.facts(
                    (say("Procedure"), scope.procedure),
                    (say("Points"), scope.points),
                    (say("Rule"), scope.rule),
                    (say("Result"), scope.mark),
                    (say("Promised"), scope.promised),
                    (say("Surcharge"), scope.surcharge),
                    stacked=True,
                ),
                rx.el.p(scope.kind, class_name="second"),
            ),
            rx.cond(scope.detail != "", rx.el.p(scope.detail, class_name="tiny ink-amber")),
            rx.cond(
                DRAFT & MAY_WRITE,
                layout.row(
                    button(
                        rx.cond(scope.removed, say("Put back"), say("Take off")),
                        size="small",
                        on_click=State.take_off,
                    ),
                    button(say("Duplicate"), size="small", on_click=State.duplicate),
                ),
            ),
        ),
    )


def _revisions() -> rx.Component:
    return layout.section(
        say("Revisions"),
        rx.el.div(rx.foreach(REVISIONS, _revision), class_name="stack"),
    )


def _revision(row: RevisionRow) -> rx.Component:
    return rx.el.div(
        layout.row(
            rx.el.span(row.label, class_name="medium"),
            badge(row.words, row.tone, row.icon),
            layout.spacer(),
            rx.el.span(row.total, class_name="num"),
        ),
        rx.el.div(row.by, class_name="tiny faint"),
        rx.cond(row.reason != "", rx.el.div(row.reason, class_name="tiny second")),
        rx.cond(row.answered != "", rx.el.div(row.answered, class_name="tiny")),
    )


def _papers() -> rx.Component:
    return rx.cond(
        PAPERS.length() > 0,
        layout.section(
            say("Papers"),
            rx.el.div(rx.foreach(PAPERS, _paper), class_name="stack gap-4"),
        ),
    )


def _paper(row: PaperRow) -> rx.Component:
    return layout.row(
        icon("file-text"),
        rx.cond(
            row.path != "",
            layout.link(row.title, href=row.path, target="_blank"),
            rx.el.span(row.title),
        ),
        layout.spacer(),
        rx.el.span(row.words, class_name="tiny second", role="status"),
        rx.cond(
            row.failed,
            button(say("Try again"), size="small", on_click=State.print_again(row.key)),
        ),
    )


def _terms() -> rx.Component:
    return layout.section(
        say("Terms"),
        rx.el.p(State.terms, class_name="tiny second before-lines"),
        beside=rx.cond(
            DRAFT & MAY_WRITE,
            button(say("Change"), size="small", kind="quiet", on_click=State.open("conditions")),
        ),
    )
