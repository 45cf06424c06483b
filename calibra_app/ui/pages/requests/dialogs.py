"""The dialogs of one request about its lines: the review, the receipt, damage found later."""

import reflex as rx

from calibra_app.ui.components import layout
from calibra_app.ui.components.choice import radio_group, select_field
from calibra_app.ui.components.dialog import form_dialog
from calibra_app.ui.components.file_drop import file_drop
from calibra_app.ui.components.form import (
    columns,
    text_area,
    text_field,
)
from calibra_app.ui.components.icon import icon
from calibra_app.ui.components.values import Text
from calibra_app.ui.pages.requests.reviewing import ReceiptState, ReviewState
from calibra_app.ui.pages.requests.rows import LineRow, QuestionRow
from calibra_app.ui.pages.requests.state import RequestState
from calibra_app.ui.words import say

CONDITIONS = (
    ("ok", say("In order")),
    ("damaged", say("Damaged")),
    ("incomplete", say("Incomplete")),
)
ANSWERS = (("yes", say("Yes")), ("no", say("No")), ("n/a", say("Not applicable")))


def answers_dialog() -> rx.Component:
    """Return the questions of one line."""
    state = ReviewState
    review = state.review
    return form_dialog(
        state.answering,
        state.close_review,
        f"{say('Review line')} {review.position}: {review.tag}",
        rx.foreach(rx.Var.create(review.questions).to(list[QuestionRow]), _question_fields),
        on_submit=state.save_answers,
        submit=say("Save answers"),
        error=state.form_error,
        wide=True,
    )


def _question_fields(row: QuestionRow) -> rx.Component:
    state = ReviewState
    chosen = rx.cond(row.answer != "", row.answer, row.proposal)
    note = rx.cond(row.answer != "", row.note, row.ground)
    return rx.cond(
        row.mine,
        rx.el.div(
            rx.el.div(
                rx.el.span(row.words, class_name="medium"),
                " ",
                rx.el.span(row.clause, class_name="tiny faint num"),
            ),
            columns(
                select_field(
                    row.key,
                    say("Answer"),
                    ANSWERS,
                    errors=state.errors,
                    value=chosen,
                    placeholder=say("Open"),
                ),
                text_field(
                    f"note-{row.key}",
                    say("Evidence or agreement"),
                    errors=state.errors,
                    value=note,
                    optional=True,
                ),
            ),
            class_name="stack gap-4",
        ),
        rx.el.div(
            rx.el.span(row.words, class_name="second"),
            " ",
            rx.el.span(
                rx.cond(row.answer != "", row.by, say("for a colleague to answer")),
                class_name="tiny faint",
            ),
        ),
    )


def marking_dialog() -> rx.Component:
    """Return how a line outside the scope is dealt with."""
    state = ReviewState
    return form_dialog(
        state.marking,
        state.close_review,
        f"{say('Mark line')} {state.review.position}: {state.review.tag}",
        radio_group(
            "way",
            say("This line is done"),
            (
                ("accredited", say("by us, within the accreditation")),
                ("unaccredited", say("by us, without accreditation")),
                ("provider", say("by an external provider")),
            ),
            value=state.review.way,
            errors=state.errors,
        ),
        select_field(
            "provider",
            say("Provider"),
            state.providers,
            errors=state.errors,
            value=state.review.provider_key,
            placeholder=say("none"),
            hint=say("Only providers approved for this procedure"),
            optional=True,
        ),
        on_submit=state.mark,
        submit=say("Mark line"),
        text=state.review.scope,
        error=state.form_error,
    )


def receipt_dialog() -> rx.Component:
    """Return the desk: each expected item with condition, accessories, photo and scanned label."""
    state = ReceiptState
    return form_dialog(
        state.receiving,
        state.close_receipt,
        f"{say('Receive items')}: {state.number}",
        text_field(
            "place", say("Shelf"), errors=state.errors, optional=True, placeholder=say("A3")
        ),
        rx.foreach(RequestState.lines, _arrival),
        on_submit=state.receive,
        submit=say("Take into custody"),
        text=say("A receipt and a label for each item are printed."),
        error=rx.cond(_faults().contains("items"), _faults()["items"], state.form_error),
        wide=True,
    )


def _arrival(row: LineRow) -> rx.Component:
    errors = ReceiptState.errors
    on_site = rx.Var.create(row.on_site)
    return rx.cond(
        row.here | row.ended,
        None,
        layout.card(
            "",
            layout.stack(
                rx.el.label(
                    rx.el.input(
                        type="checkbox",
                        name=f"here-{row.position}",
                        # What is calibrated at the customer's is not expected at the desk.
                        default_checked=~on_site,
                    ),
                    rx.el.span(
                        rx.el.b(row.position, "  ", row.tag),
                        rx.el.small(
                            row.description, rx.cond(row.on_site, f" · {say('on site')}", "")
                        ),
                    ),
                    class_name="choice",
                ),
                columns(
                    text_field(
                        f"scanned-{row.position}",
                        say("Scanned label"),
                        errors=errors,
                        optional=True,
                    ),
                    select_field(
                        f"condition-{row.position}", say("Condition"), CONDITIONS, errors=errors
                    ),
                    text_field(
                        f"accessories-{row.position}",
                        say("Accessories"),
                        errors=errors,
                        optional=True,
                    ),
                ),
                rx.el.details(
                    rx.el.summary(say("Remark and photo"), class_name="small second"),
                    columns(
                        text_field(
                            f"note-{row.position}", say("Remark"), errors=errors, optional=True
                        ),
                        rx.el.div(_photo_drop(row.key), _fault_of(f"photo-{row.position}")),
                    ),
                    # A refusal must not hide in a folded part, nor what is put in because of it.
                    open=rx.Var.create(ReceiptState.unfolded).to(list[str]).contains(row.position),
                ),
                class_name="gap-8",
            ),
        ),
    )


def _photo_drop(line_id: Text) -> rx.Component:
    return file_drop(
        "/api/v1/files",
        say("Photo of the condition"),
        accept="image/png,image/jpeg",
        hint=say("PNG or JPEG, up to 10 MB; needed where it is not in order"),
        fields={"purpose": "photo", "subject_kind": "srf_line", "subject_id": line_id},
        on_done=ReceiptState.photo_kept,
    )


def _faults() -> rx.vars.ObjectVar[dict[str, str]]:
    return rx.Var.create(ReceiptState.errors).to(dict[str, str])


def _fault_of(name: str) -> rx.Component:
    errors = _faults()
    return rx.cond(
        errors.contains(name),
        rx.el.div(
            rx.el.span(icon("circle-alert"), errors[name], class_name="fault", role="alert"),
            class_name="field",
        ),
    )


def report_dialog() -> rx.Component:
    """Return what is asked about damage that is found after the receipt."""
    state = ReceiptState
    return form_dialog(
        state.reporting,
        state.close_receipt,
        f"{say('Report damage')}: {state.line.tag}",
        text_area(
            "question",
            say("What the customer is told and asked"),
            errors=state.errors,
            auto_focus=True,
        ),
        _photo_drop(state.line.key),
        on_submit=state.report,
        submit=say("Ask the customer"),
        text=say("The line waits for the answer; its clock stands still."),
        error=state.form_error,
    )
