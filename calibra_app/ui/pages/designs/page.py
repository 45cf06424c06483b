"""The designer page: the design on the left, the try-out on the right."""

from typing import Any

import reflex as rx

from calibra_app.ui import routes
from calibra_app.ui.base import may
from calibra_app.ui.components import layout
from calibra_app.ui.components.button import button, icon_button, link_button
from calibra_app.ui.components.icon import icon
from calibra_app.ui.components.shell import shell
from calibra_app.ui.components.tabs import tabs
from calibra_app.ui.pages.designs.deeds import DeedsState
from calibra_app.ui.pages.designs.dialogs import dialogs
from calibra_app.ui.pages.designs.fields import fields_form
from calibra_app.ui.pages.designs.rows import FaultRow, PartRow, RecordRow
from calibra_app.ui.pages.designs.shape import TABS
from calibra_app.ui.pages.designs.state import APPROVE, EDIT, DesignerState, HeadForm
from calibra_app.ui.pages.designs.try_out import try_out
from calibra_app.ui.words import say

# A whole line that opens; the look of a line, not of a button.
TWO = {"gridTemplateColumns": "repeat(auto-fit, minmax(min(440px, 100%), 1fr))"}
WRAP = {"flexWrap": "wrap"}
DISCLOSURE = {
    "display": "flex", "alignItems": "center", "gap": "8px", "border": "0", "background": "none",
    "padding": "2px 0", "minHeight": "26px", "textAlign": "left", "cursor": "pointer",
    "color": "inherit",
}  # fmt: skip
# The state's vars as vars, which their declared types hide.
SHOWN: Any = DesignerState
MAY_EDIT, MAY_APPROVE = may(EDIT), may(APPROVE)


def designer_page() -> rx.Component:
    """Return the designer of one revision."""
    state = DesignerState
    return shell(
        rx.cond(state.code == "", say("Procedure designer"), state.code),
        layout.page(
            rx.cond(
                state.absent,
                layout.nothing_here(routes.PROCEDURES),
                rx.cond(
                    state.loading,
                    layout.card("", layout.skeleton(8)),
                    rx.fragment(
                        _standing(),
                        rx.el.div(_design(), try_out(), class_name="columns-2", style=TWO),
                        dialogs(),
                    ),
                ),
            )
        ),
        here=routes.PROCEDURES,
        actions=(_actions(),),
        primary=_primary(),
    )


def _standing() -> rx.Component:
    state = DesignerState
    return layout.row(
        link_button(say("Procedures"), href=routes.PROCEDURES, symbol="arrow-left", kind="quiet"),
        rx.el.b(state.title),
        layout.chip(say("Revision"), " ", state.revision, " · ", state.status_words),
        rx.el.span(state.saved, class_name="small faint", role="status"),
        layout.spacer(),
        rx.cond(
            state.editable,
            layout.row(
                icon_button(
                    "undo-2", say("Undo (U)"), on_click=state.undo, data_key="u",
                    disabled=~state.can_undo, id="undo",
                ),
                icon_button(
                    "rotate-cw", say("Redo (Y)"), on_click=state.redo, data_key="y",
                    disabled=~state.can_redo, id="redo",
                ),
            ),
        ),
        style=WRAP,
    )  # fmt: skip


def _actions() -> rx.Component:
    state, deeds = DesignerState, DeedsState
    return layout.row(
        rx.cond(
            state.editable,
            rx.fragment(
                button(say("Template"), symbol="layers", on_click=deeds.choose_template),
                button(say("Import"), symbol="file-up", on_click=deeds.choose_file),
            ),
        ),
        button(say("Export"), symbol="file-down", on_click=deeds.save_file),
        button(say("Sheets"), symbol="clipboard-list", on_click=deeds.show_sheets),
        rx.cond(
            (state.status == "in_review") & MAY_APPROVE,
            button(say("Send back"), symbol="undo-2", on_click=deeds.send_back),
        ),
    )


def _primary() -> rx.Component:
    state, deeds = DesignerState, DeedsState
    return rx.cond(
        state.editable,
        button(say("Hand over for review"), kind="primary", symbol="send",
               on_click=deeds.hand_over, data_key="n"),
        rx.cond(
            (state.status == "in_review") & MAY_APPROVE,
            button(say("Approve"), kind="primary", symbol="signature",
                   on_click=deeds.open_dialog("sign"), data_key="n"),
            rx.cond(
                (state.status == "approved") & MAY_APPROVE,
                button(say("Put in effect"), kind="primary", symbol="check",
                       on_click=deeds.put_in_effect, data_key="n"),
                rx.cond(
                    MAY_EDIT & ((state.status == "effective") | (state.status == "superseded")),
                    button(say("New revision"), kind="primary", symbol="plus",
                           on_click=deeds.begin_revision, data_key="n"),
                ),
            ),
        ),
    )  # fmt: skip


def _design() -> rx.Component:
    state = DesignerState
    return layout.stack(
        _faults(),
        tabs(
            [(value, words) for value, words, _ in TABS],
            state.tab,
            state.choose_tab,
            label=say("Parts of the design"),
        ),
        rx.cond(
            (state.tab != "general") & (state.tab != "text"),
            _tables(),
        ),
        rx.foreach(state.heads, _head),
        rx.foreach(state.parts, _part),
        rx.cond(state.tab == "text", _text()),
        class_name="gap-12",
    )


def _faults() -> rx.Component:
    state = DesignerState
    return rx.cond(
        state.faults,
        layout.callout(
            rx.el.b(say("To mend before it can be handed over")),
            rx.el.ul(rx.foreach(state.faults, _fault), style={"margin": 0, "paddingLeft": "18px"}),
            tone="amber",
            symbol="triangle-alert",
        ),
    )


def _fault(row: FaultRow) -> rx.Component:
    return rx.el.li(
        rx.el.button(
            row.place, type="button", class_name="link", on_click=DesignerState.go_to(row.path)
        ),
        " ",
        row.sentence,
        rx.cond(
            row.bad != "",
            rx.el.div(
                row.before,
                rx.el.mark(row.bad),
                row.after,
                class_name="mono tiny",
            ),
        ),
    )


def _tables() -> rx.Component:
    state = DesignerState
    return layout.row(
        rx.foreach(
            state.tables,
            lambda one: rx.el.button(
                one[1],
                type="button",
                class_name="chip",
                aria_pressed=one[0] == SHOWN.table.to(str),
                on_click=state.choose_table(one[0]),
            ),
        ),
        rx.cond(
            state.editable,
            layout.row(
                button(say("Another test"), symbol="plus", size="small", on_click=state.add_table),
                rx.cond(
                    SHOWN.tables.length() > 1,
                    icon_button(
                        "trash-2",
                        say("Take this test out"),
                        size="small",
                        on_click=state.drop_table,
                    ),
                ),
            ),
        ),
        style=WRAP,
        role="group",
        aria_label=say("Tests of the sheet"),
    )


def _head(head: HeadForm) -> rx.Component:
    return layout.card(head.title, fields_form(head.fields))


def _part(part: PartRow) -> rx.Component:
    state = DesignerState
    return layout.card(
        part.title,
        layout.rows(rx.foreach(part.records, lambda row: _record(part, row))),
        action=rx.cond(
            state.editable,
            button(
                say("Add"),
                symbol="plus",
                size="small",
                on_click=state.add(part.name),
                aria_label=part.one,
            ),
        ),
        flush=True,
    )


def _record(part: PartRow, row: RecordRow) -> rx.Component:
    state = DesignerState
    return layout.row_entry(
        layout.stack(
            layout.row(
                rx.el.button(
                    icon(rx.cond(row.is_open, "chevron-down", "chevron-right")),
                    rx.el.span(
                        rx.el.span(row.title, class_name="medium"),
                        " ",
                        rx.el.span(row.detail, class_name="tiny faint"),
                        class_name="cut",
                    ),
                    type="button",
                    class_name="grow",
                    style=DISCLOSURE,
                    aria_expanded=row.is_open,
                    on_click=state.open_record(row.path),
                ),
                rx.cond(
                    row.faults > 0,
                    layout.chip(
                        rx.Var.create(row.faults).to(str), symbol="triangle-alert", tone="amber"
                    ),
                ),
                rx.cond(state.editable & row.is_open, _tools(part, row)),
            ),
            rx.cond(row.is_open, fields_form(state.form)),
            class_name="gap-8 grow",
        )
    )


def _tools(part: PartRow, row: RecordRow) -> rx.Component:
    state = DesignerState
    return layout.row(
        icon_button("arrow-up", say("Up"), size="small",
                    on_click=state.move(part.path, row.position, -1)),
        icon_button("arrow-down", say("Down"), size="small",
                    on_click=state.move(part.path, row.position, 1)),
        icon_button("copy", say("Copy"), size="small",
                    on_click=state.double(part.path, row.position)),
        icon_button("trash-2", say("Take out"), size="small",
                    on_click=state.drop(part.path, row.position)),
    )  # fmt: skip


def _text() -> rx.Component:
    state = DesignerState
    return layout.card(
        say("The whole design as text"),
        layout.stack(
            rx.cond(
                state.text_fault != "",
                layout.callout(state.text_fault, tone="red", symbol="circle-alert"),
            ),
            rx.el.textarea(
                default_value=state.text,
                key=SHOWN.stamp.to(str),
                rows="28",
                spell_check=False,
                read_only=~SHOWN.editable,
                class_name="control mono",
                id="design-text",
                aria_label=say("The whole design as text"),
                on_blur=state.put_text,
            ),
            rx.el.span(
                say("It is taken when you leave the field; undo brings the last one back."),
                class_name="hint",
            ),
        ),
    )


PAGES = (("/procedures/designs/[design_id]", designer_page, (DesignerState.load,)),)
