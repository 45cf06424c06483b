"""The section of failed work: each job that was given up, why, and what may become of it."""

import reflex as rx

from calibra_app.ui.components import layout
from calibra_app.ui.components.button import button
from calibra_app.ui.components.dialog import form_dialog
from calibra_app.ui.components.form import text_area
from calibra_app.ui.components.table import pager
from calibra_app.ui.pages.settings.upkeep import FailedRow, UpkeepState
from calibra_app.ui.words import say


def failed_work() -> rx.Component:
    """Return the list of failed work."""
    nothing = layout.empty(
        say("Nothing failed"),
        say("Letters, papers and upkeep that Calibra could not finish appear here."),
        symbol="circle-check",
    )
    listed = layout.card(
        say("Failed work"),
        layout.rows(rx.foreach(UpkeepState.rows, _job)),
        rx.cond(
            UpkeepState.next_cursor != "",
            pager(UpkeepState.shown, more=True, on_more=UpkeepState.more),
        ),
        flush=True,
    )
    return rx.el.div(
        rx.cond(
            UpkeepState.rows,
            listed,
            rx.cond(UpkeepState.loading, layout.card("", layout.skeleton(5)), nothing),
        ),
        form_dialog(
            UpkeepState.asked != "",
            UpkeepState.close_aside,
            say("Set this job aside?"),
            text_area("reason", say("Reason"), errors=UpkeepState.errors, rows=2, auto_focus=True),
            on_submit=UpkeepState.put_aside,
            submit=say("Set aside"),
            text=UpkeepState.asked_words,
            error=UpkeepState.form_error,
        ),
        class_name="stack settings-wide",
    )


def _job(row: FailedRow) -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.div(row.what, class_name="medium"),
            rx.el.div(row.why, class_name="small second"),
            rx.el.div(
                row.when,
                rx.cond(
                    row.path != "",
                    rx.fragment(" · ", layout.link(row.record, href=row.path)),
                ),
                class_name="tiny faint",
            ),
            class_name="grow",
        ),
        rx.cond(
            row.repeatable,
            button(
                say("Try again"),
                size="small",
                symbol="rotate-ccw",
                aria_label=f"{say('Try again')}: {row.what}",
                on_click=UpkeepState.retry(row.key),
            ),
        ),
        button(
            say("Set aside…"),
            kind="quiet",
            size="small",
            aria_label=f"{say('Set aside')}: {row.what}",
            on_click=UpkeepState.ask_aside(row.key),
        ),
        key=row.key,
    )
