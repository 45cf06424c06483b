"""Parts that several pages of the portal share: cards, items, and the dialogs that sign."""

import reflex as rx

from calibra_app.ui.base import AppState
from calibra_app.ui.components import layout
from calibra_app.ui.components.button import button, link_button
from calibra_app.ui.components.dialog import form_dialog, signature_dialog
from calibra_app.ui.components.form import text_area
from calibra_app.ui.components.status import badge
from calibra_app.ui.pages.portal.rows import (
    InquiryRow,
    ItemRow,
    OfferRow,
    QuestionRow,
    RequestRow,
)
from calibra_app.ui.pages.portal.state import (
    PortalState,
)
from calibra_app.ui.words import say

STEPS = 5


def question(row: QuestionRow, state: type[PortalState]) -> rx.Component:
    """Return the card of a decision that waits for the customer."""
    return layout.card(
        f"{say('Your decision:')} {row.title}",
        layout.stack(
            rx.el.p(row.question, class_name="before-lines"),
            rx.el.div(row.asked, class_name="tiny faint num"),
            rx.cond(
                state.may_decide,
                rx.el.div(
                    button(
                        row.proceed,
                        kind="primary",
                        on_click=state.begin_decision(row.key, "proceed"),
                    ),
                    button(say("Return as is"), on_click=state.begin_decision(row.key, "return")),
                    class_name="ask-buttons",
                ),
                _not_mine(),
            ),
        ),
        class_name="ask",
    )


def inquiry(row: InquiryRow, state: type[PortalState]) -> rx.Component:
    """Return the card of something that the laboratory has to know."""
    return layout.card(
        f"{say('We need an answer:')} {row.number}",
        layout.stack(
            rx.el.p(row.question, class_name="before-lines"),
            rx.el.div(row.asked, class_name="tiny faint num"),
            rx.el.div(
                button(say("Answer"), kind="primary", on_click=state.begin_informing(row.key)),
                class_name="ask-buttons",
            ),
        ),
        class_name="ask",
    )


def offer(row: OfferRow) -> rx.Component:
    """Return the card of an offer that waits for an answer."""
    state = PortalState
    return layout.card(
        f"{say('Our offer')} {row.title}",
        layout.stack(
            layout.row(
                layout.two_lines(row.total, row.note),
                rx.cond(
                    row.path != "",
                    link_button(say("Read"), href=row.path, symbol="file-text", target="_blank"),
                ),
            ),
            rx.cond(
                state.may_decide,
                rx.el.div(
                    button(
                        say("Accept"),
                        kind="primary",
                        on_click=state.begin_answer(row.key, "accept"),
                    ),
                    button(say("Ask for a change"), on_click=state.begin_answer(row.key, "change")),
                    button(say("Reject"), on_click=state.begin_answer(row.key, "reject")),
                    class_name="ask-buttons",
                ),
                _not_mine(),
            ),
        ),
        class_name="ask",
    )


def _not_mine() -> rx.Component:
    return layout.callout(
        say("Only an approver of your company may decide this."), symbol="lock", tone="blue"
    )


def request_card(row: RequestRow) -> rx.Component:
    """Return the card of one request with its items."""
    return layout.card(
        row.number,
        rx.el.div(
            layout.row(
                badge(row.words, row.tone, row.icon),
                rx.el.span(row.note, class_name="tiny faint num cut grow"),
            ),
            steps(row),
            class_name="card-body stack",
        ),
        layout.rows(rx.foreach(row.things, item)),
        action=link_button(say("Open"), href=row.path, size="small"),
        flush=True,
    )


def steps(row: RequestRow) -> rx.Component:
    """Return how far a request has come, as five bars."""
    return rx.el.div(
        *(rx.el.i(custom_attrs={"data-done": row.step >= at}) for at in range(1, STEPS + 1)),
        class_name="steps",
        role="img",
        aria_label=f"{say('Step')} {row.step} {say('of')} {STEPS}",
    )


def item(row: ItemRow) -> rx.Component:
    """Return one item with where it stands."""
    return layout.row_entry(
        layout.two_lines(row.tag, row.about),
        layout.stack(
            badge(row.words, row.tone, row.icon),
            rx.cond(
                row.promised != "",
                rx.el.span(f"{say('by')} {row.promised}", class_name="tiny faint num"),
            ),
            class_name="gap-4 stack-end",
        ),
    )


def dialogs(state: type[PortalState]) -> tuple[rx.Component, ...]:
    """Return the dialogs in which decisions and answers are signed."""
    return (
        form_dialog(
            state.deed == "inform",
            state.close,
            f"{say('Your answer on')} {state.inquiry.number}",
            text_area("answer", say("Answer"), errors=state.errors, rows=3, auto_focus=True),
            on_submit=state.inform,
            submit=say("Send the answer"),
            text=state.inquiry.question,
            error=state.form_error,
        ),
        signature_dialog(
            state.deed == "proceed",
            state.close,
            f"{state.question.proceed}?",
            text=state.question.question,
            meaning=say("Meaning: decided for your company"),
            signer=AppState.person_name,
            on_sign=state.decide,
            submit=say("Sign"),
            errors=state.errors,
            error=state.form_error,
        ),
        signature_dialog(
            state.deed == "return",
            state.close,
            f"{say('Return as is:')} {state.question.title}",
            text=say("The item comes back to you as it is, without this work."),
            meaning=say("Meaning: decided for your company"),
            signer=AppState.person_name,
            on_sign=state.decide,
            submit=say("Sign"),
            errors=state.errors,
            error=state.form_error,
            further=text_area("reason", say("Why"), rows=2, errors=state.errors),
        ),
        signature_dialog(
            state.deed == "accept",
            state.close,
            f"{say('Accept')} {state.offer.title}",
            text=f"{say('You order the work for')} {state.offer.total}.",
            meaning=say("Meaning: accepted for your company"),
            signer=AppState.person_name,
            on_sign=state.answer,
            submit=say("Accept and sign"),
            errors=state.errors,
            error=state.form_error,
        ),
        signature_dialog(
            state.deed == "reject",
            state.close,
            f"{say('Reject')} {state.offer.title}",
            text=say("The request ends; items that are with us come back to you."),
            meaning=say("Meaning: rejected for your company"),
            signer=AppState.person_name,
            on_sign=state.answer,
            submit=say("Reject and sign"),
            errors=state.errors,
            error=state.form_error,
            further=text_area("reason", say("Why"), rows=2, errors=state.errors),
        ),
        form_dialog(
            state.deed == "change",
            state.close,
            f"{say('Ask for a change of')} {state.offer.title}",
            text_area("reason", say("What should be different?"), errors=state.errors),
            on_submit=state.answer,
            submit=say("Ask"),
            error=state.form_error,
        ),
    )
