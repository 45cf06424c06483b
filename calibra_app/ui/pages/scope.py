"""The scope with its capabilities (CMC): state above, page beneath."""

from dataclasses import dataclass
from datetime import date
from typing import Self

import reflex as rx
from reflex.event import EventSpec

from calibra_app.core.access import Permission
from calibra_app.core.errors import CalibraError
from calibra_app.services.scope import (
    CmcDraft,
    CmcRecord,
    add_cmc,
    change_cmc,
    end_cmc,
    list_cmc,
    list_procedures,
)
from calibra_app.ui import routes, typed
from calibra_app.ui.base import AppState, Refusals, ask, may, notice
from calibra_app.ui.components import layout
from calibra_app.ui.components.button import button
from calibra_app.ui.components.choice import check_box, select_field
from calibra_app.ui.components.dialog import form_dialog
from calibra_app.ui.components.form import columns, date_field, number_field, text_field
from calibra_app.ui.components.keeping import enter_button, opening_cell
from calibra_app.ui.components.shell import shell
from calibra_app.ui.components.status import badge
from calibra_app.ui.components.table import cell, pager, record, table, toolbar
from calibra_app.ui.format import MINUS, NARROW_SPACE, Region, day, number, quantity
from calibra_app.ui.gate import action
from calibra_app.ui.listing import Listing
from calibra_app.ui.typed import Form
from calibra_app.ui.words import say

EDIT = Permission.CMC_EDIT
# Shares below a thousandth are written with a power of ten.
SMALLEST_PLAIN = -4


@dataclass(frozen=True, slots=True)
class CmcRow:
    """One row of the scope, as text."""

    key: str = ""
    version: int = 0
    discipline: str = ""
    procedure: str = ""
    measurand: str = ""
    span: str = ""
    fixed: str = ""
    share: str = ""
    power: str = ""
    since: str = ""
    valid: bool = True
    low: str = ""
    high: str = ""
    unit: str = ""
    absolute: str = ""
    absolute_unit: str = ""
    relative: str = "0"
    conditions: str = ""
    on_site: bool = False
    valid_from: str = ""
    valid_to: str = ""

    @classmethod
    def of(cls, row: CmcRecord, region: Region) -> Self:
        """Return the line of one row."""
        draft = row.draft
        parts = capability(draft, region)
        low, high = number(draft.low, region=region), number(draft.high, region=region)
        return cls(
            str(row.id),
            row.version,
            draft.discipline.capitalize(),
            draft.procedure_code,
            draft.measurand,
            f"{low} … {high}{NARROW_SPACE}{draft.unit}",
            parts.fixed,
            parts.share,
            parts.power,
            day(draft.valid_from, region=region),
            row.valid,
            f"{draft.low:f}",
            f"{draft.high:f}",
            draft.unit,
            f"{draft.absolute:f}",
            draft.absolute_unit,
            f"{draft.relative:f}",
            draft.conditions,
            draft.on_site,
            draft.valid_from.isoformat(),
            _iso(draft.valid_to),
        )


@dataclass(frozen=True, slots=True)
class Capability:
    """U as a scope prints it: a fixed part, and a share of the value times a power of ten."""

    fixed: str = ""
    share: str = ""
    power: str = ""


def capability(draft: CmcDraft, region: Region) -> Capability:
    """Return the parts of U."""
    fixed = quantity(draft.absolute, draft.absolute_unit, region=region)
    if not draft.relative:
        return Capability(fixed)
    exponent = draft.relative.adjusted()
    if exponent > SMALLEST_PLAIN:
        share, power = f"{draft.relative.normalize():f}", ""
    else:
        share, power = f"{draft.relative.scaleb(-exponent).normalize():f}", f"{MINUS}{-exponent}"
    return Capability(fixed if draft.absolute else "", number(share, region=region), power)


def _iso(when: date | None) -> str:
    return when.isoformat() if when else ""


class ScopeState(Listing, Refusals, AppState):
    """The scope and the row in the form."""

    rows: list[CmcRow] = []
    ended: bool = False
    open: bool = False
    row: CmcRow = CmcRow()
    procedures: list[list[str]] = []

    @action(EDIT, Permission.LABORATORY_SEE, reading=True)
    async def load(self):
        """Fill the list from its top."""
        self.open = False
        return await self._read("")

    @action(EDIT, Permission.LABORATORY_SEE, reading=True)
    async def more(self):
        """Put the next page behind the others."""
        return await self._read(self.next_cursor)

    @action(EDIT, Permission.LABORATORY_SEE, reading=True)
    async def show_ended(self):
        """Show rows that have ended as well, or only those in force."""
        self.ended = not self.ended
        return await self._read("")

    @action(EDIT)
    async def open_form(self, key: str):
        """Open the form of a row; of a new one without a key."""
        self._accepted()
        try:
            page = await ask(self, list_procedures)
        except CalibraError as error:
            return notice(error)
        self.procedures = [[row.code, f"{row.code}  {row.title}"] for row in page.rows]
        known = [row for row in self.rows if row.key == key]
        self.row = known[0] if known else CmcRow()
        self.open = True
        return None

    @action(EDIT)
    async def close_form(self):
        """Close the form; what was typed is gone."""
        self.open = False

    @action(EDIT)
    async def save(self, form: Form):
        """Enter or change the row in the form."""
        try:
            draft = CmcDraft(
                discipline=typed.text(form, "discipline"),
                procedure_code=typed.text(form, "procedure_code"),
                measurand=typed.text(form, "measurand"),
                low=typed.number(form, "low"),
                high=typed.number(form, "high"),
                unit=typed.text(form, "unit"),
                absolute=typed.number(form, "absolute"),
                absolute_unit=typed.text(form, "absolute_unit"),
                relative=typed.number(form, "relative"),
                conditions=typed.text(form, "conditions"),
                on_site=typed.ticked(form, "on_site"),
                valid_from=typed.day(form, "valid_from"),
                valid_to=typed.maybe_day(form, "valid_to"),
            )
            if self.row.key:
                await ask(self, change_cmc, typed.identity(self.row.key), self.row.version, draft)
            else:
                await ask(self, add_cmc, draft)
        except CalibraError as error:
            return self._refused(error)
        self.open = False
        return await self._read("") or self._accepted(say("The scope is saved."))

    @action(EDIT)
    async def end(self):
        """Take the row out of the scope from today on."""
        try:
            await ask(self, end_cmc, typed.identity(self.row.key), self.row.version)
        except CalibraError as error:
            return notice(error)
        self.open = False
        return await self._read("") or self._accepted(say("The row has ended."))

    async def _read(self, cursor: str) -> EventSpec | None:
        try:
            page = await ask(self, list_cmc, ended=self.ended, cursor=cursor)
        except CalibraError as error:
            self.loading = False
            return notice(error)
        region = Region(self.locale, self.zone)
        new = [CmcRow.of(row, region) for row in page.rows]
        self.rows = [*self.rows, *new] if cursor else new
        self._take(self.rows, page, say("{count} row"), say("{count} rows"))
        return None


def scope_page() -> rx.Component:
    """Return the scope of the laboratory."""
    state = ScopeState
    return shell(
        say("Scope"),
        layout.page(
            toolbar(
                layout.filter_chip(
                    say("With ended rows"),
                    pressed=state.ended,
                    on_click=state.show_ended,
                    symbol="history",
                ),
            ),
            table(
                (
                    say("Measurand"),
                    say("Discipline"),
                    say("Procedure"),
                    say("Range"),
                    say("Capability U (k = 2)"),
                    say("Since"),
                    "",
                ),
                state.rows,
                _row,
                label=say("Calibration and measurement capabilities"),
                loading=state.loading,
                empty=layout.empty(
                    say("The scope is empty"),
                    say("Enter the ranges of the accreditation with their smallest uncertainty."),
                    symbol="target",
                ),
            ),
            pager(state.shown, more=state.next_cursor != "", on_more=state.more),
            _form(),
        ),
        here=routes.SCOPE,
        primary=enter_button(may(EDIT), say("New row"), state.open_form("")),
    )


def _row(row: CmcRow) -> rx.Component:
    name = opening_cell(
        may(EDIT), row.measurand, ScopeState.open_form(row.key), note=row.conditions
    )
    return record(
        name,
        cell(row.discipline),
        cell(row.procedure, class_name="mono one-line"),
        cell(row.span, class_name="num one-line"),
        cell(
            row.fixed,
            rx.cond((row.fixed != "") & (row.share != ""), " + ", ""),
            rx.cond(
                row.share != "",
                rx.fragment(
                    row.share,
                    rx.cond(row.power != "", rx.fragment("·10", rx.el.sup(row.power)), ""),
                    "·|x|",
                ),
            ),
            class_name="num one-line",
        ),
        cell(row.since, class_name="num one-line second"),
        cell(
            rx.cond(row.valid, rx.fragment(), badge(say("ended"), "gray", "archive")),
            rx.cond(row.on_site, badge(say("on site"), "violet", "truck")),
        ),
    )


def _form() -> rx.Component:
    state = ScopeState
    shown, errors = state.row, state.errors
    return form_dialog(
        state.open,
        state.close_form,
        rx.cond(shown.key == "", say("New row of the scope"), shown.measurand),
        columns(
            text_field(
                "measurand", say("Measurand"), errors=errors, value=shown.measurand, auto_focus=True
            ),
            text_field("discipline", say("Discipline"), errors=errors, value=shown.discipline),
        ),
        select_field(
            "procedure_code",
            say("Procedure"),
            state.procedures,
            errors=errors,
            value=shown.procedure,
            placeholder=say("Choose"),
        ),
        columns(
            number_field("low", say("Range from"), errors=errors, value=shown.low),
            number_field("high", say("to"), errors=errors, value=shown.high),
            text_field("unit", say("Unit"), errors=errors, value=shown.unit),
        ),
        columns(
            number_field("absolute", say("U, fixed part"), errors=errors, value=shown.absolute),
            text_field("absolute_unit", say("Unit of U"), errors=errors, value=shown.absolute_unit),
            number_field(
                "relative", say("U, times the value"), errors=errors, value=shown.relative
            ),
        ),
        columns(
            date_field("valid_from", say("Valid from"), errors=errors, value=shown.valid_from),
            date_field(
                "valid_to", say("Last day"), errors=errors, value=shown.valid_to, optional=True
            ),
        ),
        text_field(
            "conditions", say("Conditions"), errors=errors, value=shown.conditions, optional=True
        ),
        check_box("on_site", say("On site"), checked=shown.on_site),
        rx.cond(
            shown.key != "",
            layout.row(
                button(say("End it today"), symbol="archive", size="small", on_click=state.end)
            ),
        ),
        on_submit=state.save,
        submit=say("Save row"),
        error=state.form_error,
        wide=True,
    )


PAGES = ((routes.SCOPE, scope_page, (ScopeState.load,)),)
