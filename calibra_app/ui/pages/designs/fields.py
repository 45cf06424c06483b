"""The fields of a record on the designer page, each by its control."""

from typing import Any, cast

import reflex as rx

from calibra_app.ui.components.icon import icon
from calibra_app.ui.pages.designs.rows import FieldRow
from calibra_app.ui.pages.designs.shape import Control
from calibra_app.ui.pages.designs.state import DesignerState

# Only a draft can be changed.
LOCKED: Any = ~cast("Any", DesignerState.editable)


def fields_form(fields: Any) -> rx.Component:
    """Return fields beside each other where there is room."""
    return rx.el.div(
        rx.foreach(fields.to(list[FieldRow]), _field),
        class_name="form-columns",
        style={
            "gridTemplateColumns": "repeat(auto-fit, minmax(160px, 1fr))",
            "padding": "4px 0 8px",
        },
    )


def _field(row: FieldRow) -> rx.Component:
    kind = rx.Var.create(row.control)
    return rx.el.div(
        rx.el.label(row.label, html_for=row.path),
        rx.cond(
            kind == Control.FLAG.value,
            _flag(row),
            rx.cond(
                kind == Control.CHOICE.value,
                _choice(row),
                rx.cond(
                    (kind == Control.LINES.value)
                    | (kind == Control.NOTE.value)
                    | (kind == Control.FUNCTION.value)
                    | (kind == Control.LIST.value),
                    _lines(row, kind),
                    _line(row, kind),
                ),
            ),
        ),
        rx.cond(row.hint != "", rx.el.span(row.hint, class_name="hint")),
        rx.cond(
            row.fault != "",
            rx.el.span(
                icon("circle-alert"), row.fault, class_name="fault", id=f"{row.path}-fault",
                role="alert",
            ),
        ),
        class_name="field",
        style=rx.cond(
            (kind == Control.NOTE.value) | (kind == Control.FUNCTION.value),
            {"gridColumn": "1 / -1"},
            {},
        ),
    )  # fmt: skip


def _props(row: FieldRow) -> dict[str, Any]:
    return {
        "id": row.path,
        # A field that is put in anew (undo, another record) takes its value anew.
        "key": f"{row.path}:{DesignerState.stamp}",
        "aria_invalid": row.fault != "",
        "spell_check": False,
    }


def _line(row: FieldRow, kind: Any) -> rx.Component:
    state = DesignerState
    return rx.el.input(
        type="text",
        default_value=row.value,
        read_only=LOCKED,
        class_name=rx.cond(
            kind == Control.FORMULA.value, "control control-small mono", "control control-small"
        ),
        on_blur=lambda value: state.put(row.path, value),
        on_change=lambda value: state.put(row.path, value).debounce(500),
        **_props(row),
    )


def _lines(row: FieldRow, kind: Any) -> rx.Component:
    state = DesignerState
    prose = kind == Control.NOTE.value
    return rx.el.textarea(
        default_value=row.value,
        rows=rx.cond(prose, "4", "2"),
        read_only=LOCKED,
        class_name=rx.cond(prose, "control control-small", "control control-small mono"),
        style={"minHeight": "56px"},
        on_blur=lambda value: state.put(row.path, value),
        **_props(row),
    )


def _choice(row: FieldRow) -> rx.Component:
    state = DesignerState
    return rx.el.select(
        rx.foreach(row.options, lambda one: rx.el.option(one[1], value=one[0])),
        value=row.value,
        disabled=LOCKED,
        class_name="control control-small",
        id=row.path,
        on_change=lambda value: state.put(row.path, value),
    )


def _flag(row: FieldRow) -> rx.Component:
    state = DesignerState
    return rx.el.input(
        type="checkbox",
        role="switch",
        checked=row.value == "true",
        disabled=LOCKED,
        id=row.path,
        on_change=lambda on: state.put(row.path, rx.cond(on, "true", "false")),
    )
