"""Rooms and their limits: state above, page beneath."""

from dataclasses import dataclass, field
from typing import Self

import reflex as rx
from reflex.event import EventSpec

from calibra_app.core.access import Permission
from calibra_app.core.errors import CalibraError
from calibra_app.services.equipment import (
    RoomDraft,
    RoomLimit,
    RoomRecord,
    add_room,
    archive_room,
    change_room,
    list_rooms,
)
from calibra_app.ui import routes, typed
from calibra_app.ui.base import AppState, Refusals, ask, may, notice
from calibra_app.ui.components import layout
from calibra_app.ui.components.dialog import form_dialog
from calibra_app.ui.components.form import columns, number_field, text_field
from calibra_app.ui.components.keeping import away_button, away_filter, enter_button, opening_cell
from calibra_app.ui.components.shell import shell
from calibra_app.ui.components.table import cell, record, table, toolbar
from calibra_app.ui.format import NARROW_SPACE, Region, number
from calibra_app.ui.gate import action
from calibra_app.ui.typed import Form
from calibra_app.ui.words import say

EDIT = Permission.ROOM_EDIT
# Quantity, its words and unit: what a room can be held to.
QUANTITIES = (
    ("temperature", say("Temperature"), "°C"),
    ("gradient", say("Gradient"), "K/h"),
    ("humidity", say("Humidity"), "%RH"),
    ("pressure", say("Air pressure"), "hPa"),
)


@dataclass(frozen=True, slots=True)
class RoomRow:
    """One room, as text."""

    key: str = ""
    version: int = 0
    code: str = ""
    name: str = ""
    discipline: str = ""
    sensor: str = ""
    told: str = ""
    archived: bool = False
    # What the form shows: "temperature_low" and so on.
    limits: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, room: RoomRecord, region: Region) -> Self:
        """Return the line of one room."""
        return cls(
            str(room.id),
            room.version,
            room.code,
            room.name,
            room.discipline,
            room.sensor,
            ", ".join(told(limit, region) for limit in sorted(room.limits, key=_place)),
            room.archived,
            {
                f"{limit.quantity}_{end}": "" if value is None else f"{value:f}"
                for limit in room.limits
                for end, value in (("low", limit.low), ("high", limit.high))
            },
        )


def _place(limit: RoomLimit) -> int:
    names = [name for name, _, _ in QUANTITIES]
    return names.index(limit.quantity) if limit.quantity in names else len(names)


def told(limit: RoomLimit, region: Region) -> str:
    """Return one limit as people say it: "22–24 °C", "≤ 0.3 K/h"."""
    low = "" if limit.low is None else number(limit.low, region=region)
    high = "" if limit.high is None else number(limit.high, region=region)
    span = f"{low}–{high}" if low and high else f"≥ {low}" if low else f"≤ {high}"
    return f"{span}{NARROW_SPACE}{limit.unit}"


class RoomsState(Refusals, AppState):
    """The rooms and the one in the form."""

    rows: list[RoomRow] = []
    loading: bool = True
    archived: bool = False
    open: bool = False
    room: RoomRow = RoomRow()

    @action(Permission.LABORATORY_SEE, reading=True)
    async def load(self):
        """Fill the list."""
        self.open = False
        return await self._read()

    @action(Permission.LABORATORY_SEE, reading=True)
    async def show_archived(self):
        """Show those put away instead, or those in use again."""
        self.archived = not self.archived
        return await self._read()

    @action(EDIT)
    async def open_form(self, key: str):
        """Open the form of a room; of a new one without a key."""
        self._accepted()
        known = [row for row in self.rows if row.key == key]
        self.room = known[0] if known else RoomRow()
        self.open = True

    @action(EDIT)
    async def close_form(self):
        """Close the form; what was typed is gone."""
        self.open = False

    @action(EDIT)
    async def save(self, form: Form):
        """Enter or change the room in the form."""
        try:
            draft = RoomDraft(
                typed.text(form, "code"),
                typed.text(form, "name"),
                typed.text(form, "discipline"),
                typed.text(form, "sensor"),
                tuple(
                    RoomLimit(
                        name,
                        typed.maybe_number(form, f"{name}_low"),
                        typed.maybe_number(form, f"{name}_high"),
                        unit,
                    )
                    for name, _, unit in QUANTITIES
                ),
            )
            if self.room.key:
                room_id = typed.identity(self.room.key)
                await ask(self, change_room, room_id, self.room.version, draft)
            else:
                await ask(self, add_room, draft)
        except CalibraError as error:
            return self._refused(error)
        self.open = False
        return await self._read() or self._accepted(say("{code} is saved.", code=draft.code))

    @action(EDIT)
    async def archive(self):
        """Put the room away, or take it back into use."""
        try:
            room_id = typed.identity(self.room.key)
            archived = not self.room.archived
            await ask(self, archive_room, room_id, self.room.version, archived=archived)
        except CalibraError as error:
            return notice(error)
        self.open = False
        return await self._read()

    async def _read(self) -> EventSpec | None:
        try:
            rooms = await ask(self, list_rooms, archived=self.archived)
        except CalibraError as error:
            self.loading = False
            return notice(error)
        region = Region(self.locale, self.zone)
        self.rows = [RoomRow.of(room, region) for room in rooms]
        self.loading = False
        return None


def rooms_page() -> rx.Component:
    """Return the rooms of the laboratory."""
    state = RoomsState
    return shell(
        say("Rooms"),
        layout.page(
            toolbar(
                away_filter(pressed=state.archived, on_click=state.show_archived),
            ),
            table(
                (say("Room"), say("Name"), say("Disciplines"), say("Limits"), say("Sensor")),
                state.rows,
                _row,
                label=say("Rooms"),
                loading=state.loading,
                empty=layout.empty(
                    say("No room here"),
                    say("Where measurements are made, and between which conditions."),
                    symbol="thermometer",
                ),
            ),
            _form(),
        ),
        here=routes.ROOMS,
        primary=enter_button(may(EDIT), say("New room"), state.open_form("")),
    )


def _row(row: RoomRow) -> rx.Component:
    name = opening_cell(may(EDIT), row.code, RoomsState.open_form(row.key))
    return record(
        name,
        cell(row.name),
        cell(row.discipline),
        cell(row.told, class_name="num"),
        cell(row.sensor, class_name="mono"),
    )


def _form() -> rx.Component:
    state = RoomsState
    shown, errors = state.room, state.errors
    limits = [
        columns(
            number_field(
                f"{name}_low",
                f"{words}, {say('at least')}",
                unit=unit,
                errors=errors,
                value=shown.limits[f"{name}_low"],
                optional=True,
            ),
            number_field(
                f"{name}_high",
                f"{words}, {say('at most')}",
                unit=unit,
                errors=errors,
                value=shown.limits[f"{name}_high"],
                optional=True,
            ),
        )
        for name, words, unit in QUANTITIES
    ]
    return form_dialog(
        state.open,
        state.close_form,
        rx.cond(shown.key == "", say("New room"), shown.code),
        columns(
            text_field("code", say("Code"), errors=errors, value=shown.code, auto_focus=True),
            text_field("name", say("Name"), errors=errors, value=shown.name),
        ),
        columns(
            text_field(
                "discipline",
                say("Disciplines"),
                errors=errors,
                value=shown.discipline,
                hint=say("Divided by commas"),
                optional=True,
            ),
            text_field("sensor", say("Sensor"), errors=errors, value=shown.sensor, optional=True),
        ),
        *limits,
        rx.cond(
            shown.key != "",
            layout.row(away_button(shown.archived, state.archive, size="small")),
        ),
        on_submit=state.save,
        submit=say("Save room"),
        text=say("A sheet keeps the limits of the day on which it was begun."),
        error=state.form_error,
        wide=True,
    )


PAGES = ((routes.ROOMS, rooms_page, (RoomsState.load,)),)
