"""The review of each line on the page of a request, beside the evidence it rests on."""

import reflex as rx

from calibra_app.core.access import Permission
from calibra_app.ui import routes
from calibra_app.ui.base import may
from calibra_app.ui.components import layout
from calibra_app.ui.components.button import button
from calibra_app.ui.components.status import badge
from calibra_app.ui.pages.requests.marks import count, scope_badge
from calibra_app.ui.pages.requests.reviewing import ReviewState
from calibra_app.ui.pages.requests.rows import QuestionRow, ReviewRow
from calibra_app.ui.pages.requests.state import RequestState
from calibra_app.ui.words import say

MAY_REVIEW = may(Permission.CONTRACT_REVIEW_TECHNICAL) | may(Permission.CONTRACT_REVIEW_COMMERCIAL)


def review_part() -> rx.Component:
    """Return the review of every line with its evidence."""
    state = RequestState
    return layout.stack(
        rx.cond(
            MAY_REVIEW & state.under_review,
            layout.row(
                rx.el.span(
                    say("Answers stand beside the evidence they rest on (ISO/IEC 17025, 7.1)."),
                    class_name="small second",
                ),
                layout.spacer(),
                button(say("Look up anew"), symbol="refresh-cw", on_click=ReviewState.check_scope),
                rx.cond(
                    state.open_proposals > 0,
                    button(
                        f"{say('Confirm proposals')} ({state.open_proposals})",
                        symbol="check",
                        on_click=ReviewState.confirm,
                    ),
                ),
            ),
        ),
        rx.foreach(state.reviews, _review),
        rx.cond(
            count(state.reviews) == 0,
            layout.empty(say("Nothing to review"), symbol="clipboard-list"),
        ),
    )


def _review(row: ReviewRow) -> rx.Component:
    return layout.card(
        "",
        layout.row(
            rx.el.span(row.position, class_name="num faint"),
            rx.el.span(row.tag, class_name="medium cut"),
            scope_badge(row.scope, row.scope_tone),
            rx.cond(row.accredited, None, badge(say("not accredited"), "gray")),
            rx.cond(row.provider != "", badge(row.provider, "amber", "building-2")),
            layout.spacer(),
            rx.cond(
                row.complete,
                badge(say("Reviewed"), "green", "check"),
                badge(say("Open"), "gray", "circle-dashed"),
            ),
            rx.cond(
                MAY_REVIEW & RequestState.under_review,
                layout.row(
                    button(
                        say("Mark"),
                        size="small",
                        symbol="tag",
                        on_click=ReviewState.open_marking(row.key),
                    ),
                    button(
                        say("Answer"),
                        size="small",
                        symbol="pencil-line",
                        on_click=ReviewState.open_answers(row.key),
                    ),
                ),
            ),
            class_name="row-wrap",
        ),
        layout.row(
            layout.chip(say("People: "), rx.el.b(row.people), symbol="users"),
            layout.chip(say("Standards: "), rx.el.b(row.standards), symbol="scale"),
            layout.chip(rx.el.b(row.procedure), symbol="book-open"),
            rx.el.a(
                say("Explore the decision rule"),
                href=f"{routes.DECISION_RULES}?line={row.key}",
                class_name="link small",
            ),
            class_name="row-wrap",
            style={"marginTop": "8px"},
        ),
        rx.foreach(
            rx.Var.create(row.scope_rows).to(list[str]),
            lambda text: rx.el.div(text, class_name="tiny second num"),
        ),
        rx.el.table(
            rx.el.tbody(rx.foreach(rx.Var.create(row.questions).to(list[QuestionRow]), _question)),
            class_name="table table-plain",
            aria_label=say("Questions of the review"),
        ),
    )


def _question(row: QuestionRow) -> rx.Component:
    answered = rx.match(
        row.answer,
        ("yes", badge(say("Yes"), "green", "check")),
        ("no", badge(say("No"), "orange", "x")),
        ("n/a", badge(say("Not applicable"), "gray", "minus")),
        badge(say("Open"), "gray", "circle-dashed"),
    )
    return rx.el.tr(
        rx.el.td(row.words, " ", rx.el.span(row.clause, class_name="tiny faint num")),
        rx.el.td(answered),
        rx.el.td(
            rx.cond(
                row.answer != "",
                rx.fragment(row.note, rx.el.div(row.by, class_name="tiny faint")),
                rx.el.span(row.ground, class_name="small faint"),
            )
        ),
    )
