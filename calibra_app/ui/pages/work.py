"""My work: the lines that wait for one person at the bench, and the queue to take from."""

from dataclasses import dataclass
from typing import Self

import reflex as rx
from reflex.event import EventSpec

from calibra_app.core.access import Permission
from calibra_app.core.errors import CalibraError, Conflict, Invalid
from calibra_app.core.ids import LineId
from calibra_app.services.calibrations import WorkLine, my_work, start_work
from calibra_app.services.srf.on_site import PLACE, arrive_on_site
from calibra_app.services.srf.planning import take_from_queue
from calibra_app.services.srf.receipt import Arrival, ItemCondition
from calibra_app.ui import format as shown
from calibra_app.ui import routes, typed
from calibra_app.ui.base import AppState, Refusals, ask, current_actor, notice
from calibra_app.ui.components import layout
from calibra_app.ui.components.button import button, link_button
from calibra_app.ui.components.choice import select_field
from calibra_app.ui.components.dialog import form_dialog
from calibra_app.ui.components.file_drop import file_drop
from calibra_app.ui.components.form import columns, fault, text_field
from calibra_app.ui.components.shell import shell
from calibra_app.ui.components.status import badge, look_of
from calibra_app.ui.components.table import cell, link_cell, record, table
from calibra_app.ui.format import Region
from calibra_app.ui.gate import action
from calibra_app.ui.live import LIVE
from calibra_app.ui.typed import Form
from calibra_app.ui.words import say

ENTER, TAKE = Permission.INDICATION_ENTER, Permission.LINE_TAKE
CONDITIONS = (
    ("ok", say("In order")),
    ("damaged", say("Damaged")),
    ("incomplete", say("Incomplete")),
)


@dataclass(frozen=True, slots=True)
class WorkRow:
    """One line as text."""

    key: str = ""
    version: int = 0
    tag: str = ""
    description: str = ""
    customer: str = ""
    request: str = ""
    request_path: str = ""
    procedure: str = ""
    room: str = ""
    due: str = ""
    late: bool = False
    urgent: bool = False
    state_words: str = ""
    state_tone: str = ""
    state_icon: str = ""
    progress: str = ""
    path: str = ""
    may_start: bool = False
    returned: str = ""

    @classmethod
    def of(cls, line: WorkLine, region: Region) -> Self:
        """Return the row of one line."""
        look = look_of(line.state.value, line=True)
        today = shown.today(region.zone)
        return cls(
            str(line.line_id),
            line.version,
            line.tag,
            line.description,
            line.customer,
            f"{line.srf_number} · {line.position}",
            routes.srf(line.srf_id),
            line.procedure_code,
            line.room or (say("on site") if line.on_site else shown.NOTHING),
            shown.day(line.promised_on or line.planned_on, region=region, today=today),
            line.late,
            line.urgent,
            look.words,
            look.tone,
            look.icon,
            f"{line.read} / {line.planned}" if line.planned else "",
            routes.sheet(line.sheet_id) if line.sheet_id else "",
            line.state.value == "assigned",
            say("{count} returned", count=line.returned) if line.returned else "",
        )


class WorkState(Refusals, AppState):
    """What waits for whoever looks."""

    loading: bool = True
    mine: list[WorkRow] = []
    queue: list[WorkRow] = []
    # What waits at the customers', and the item whose arrival is being written down.
    at_site: list[WorkRow] = []
    site: WorkRow = WorkRow()
    arriving: bool = False

    @action(ENTER)
    async def load(self):
        """Watch the board, then read what waits."""
        try:
            actor = await current_actor(self)
            await LIVE.join(self, f"t:{actor.tenant_id}:board", WorkState, refresh="refresh")
            await self._read()
        except CalibraError as error:
            return notice(error)
        return None

    @action(ENTER)
    async def refresh(self):
        """Read anew: a card moved somewhere."""
        try:
            await self._read()
        except CalibraError as error:
            return notice(error)
        return None

    @action(ENTER)
    async def start(self, key: str, version: int):
        """Begin the work on a line and open its sheet."""
        return await self._start(key, version)

    async def _start(self, key: str, version: int) -> EventSpec | None:
        try:
            sheet_id = await ask(self, start_work, LineId(typed.identity(key)), version)
        except CalibraError as error:
            return notice(error)
        return rx.redirect(routes.sheet(sheet_id))

    @action(Permission.LINE_TAKE)
    async def take(self, key: str, version: int):
        """Take a line from the queue."""
        try:
            await ask(self, take_from_queue, LineId(typed.identity(key)), version)
            await self._read()
        except CalibraError as error:
            return notice(error)
        return None

    @action(TAKE)
    async def open_arrival(self, key: str):
        """Ask in which condition the item is at the customer's."""
        self._accepted()
        self.site = next((row for row in self.at_site if row.key == key), WorkRow())
        self.arriving = bool(self.site.key)

    @action(TAKE)
    async def close_arrival(self):
        """Close the dialog; nothing is taken in hand."""
        self.arriving = False

    @action(Permission.ITEM_RECEIVE)
    async def photo_kept(self, file_id: str, name: str):
        """Say that a photo was stored; it belongs to its line already."""
        return self._accepted(say("{name} is stored.", name=name)) if file_id else None

    @action(TAKE)
    async def arrive(self, form: Form):
        """Take the item in hand at the customer's, and begin its sheet."""
        try:
            line_id = LineId(typed.identity(self.site.key))
            arrival = Arrival(
                line_id,
                typed.choice(form, "condition", ItemCondition),
                accessories=typed.text(form, "accessories"),
                place=typed.text(form, "place"),
                note=typed.text(form, "note"),
            )
            taken = await ask(self, arrive_on_site, self.site.version, arrival)
        except CalibraError as error:
            return self._not_arrived(error)
        self.arriving = False
        await self._read()
        if not taken:
            return self._accepted(say("The customer is asked first; the item waits."))
        mine = next((row for row in self.mine if row.key == self.site.key), self.site)
        return await self._start(mine.key, mine.version)

    def _not_arrived(self, error: CalibraError) -> EventSpec | None:
        # Fields of the desk's form carry the line's position; here there is one item.
        named = error.field.split("-")[0] if error.field else ""
        if named in {"note", "photo"}:
            return self._refused(Invalid(error.message, field=named))
        # What a guard objects stands above the form; that nobody answers is no fault of the form.
        return self._refused(Invalid(error.message) if isinstance(error, Conflict) else error)

    async def _read(self) -> None:
        found = await ask(self, my_work)
        region = Region(self.locale or "en", self.zone or "UTC")
        self.mine = [WorkRow.of(line, region) for line in found.mine]
        self.queue = [WorkRow.of(line, region) for line in found.queue]
        self.at_site = [WorkRow.of(line, region) for line in found.at_site]
        self.loading = False


def work_page() -> rx.Component:
    """Return the page My work."""
    return shell(
        say("My work"),
        layout.page(
            layout.card(
                say("Assigned to me"),
                table(
                    (say("Item"), say("State"), say("Request"), say("Room"), say("Due"), ""),
                    WorkState.mine,
                    _mine,
                    label=say("Assigned to me"),
                    loading=WorkState.loading,
                    empty=layout.empty(
                        say("Nothing waits for you"),
                        say("Take something from the queue below, or ask the dispatcher."),
                        symbol="list-checks",
                    ),
                ),
                flush=True,
            ),
            rx.cond(
                rx.Var.create(WorkState.at_site).to(list[WorkRow]).length() > 0,
                layout.card(
                    say("At the customer's"),
                    table(
                        (say("Item"), say("Customer"), say("Request"), say("Due"), ""),
                        WorkState.at_site,
                        _visit,
                        label=say("At the customer's"),
                    ),
                    flush=True,
                ),
            ),
            layout.card(
                say("Queue in my fields"),
                table(
                    (
                        say("Item"),
                        say("Customer"),
                        say("Request"),
                        say("Procedure"),
                        say("Due"),
                        "",
                    ),
                    WorkState.queue,
                    _waiting,
                    label=say("Queue in my fields"),
                    loading=WorkState.loading,
                    empty=layout.empty(
                        say("The queue is empty"),
                        say("Received items that nobody has yet stand here."),
                    ),
                ),
                flush=True,
            ),
        ),
        _arrival(),
        here=routes.WORK,
    )


def _visit(row: WorkRow) -> rx.Component:
    return record(
        cell(rx.el.b(row.tag), rx.el.div(row.description, class_name="tiny faint")),
        cell(row.customer),
        cell(row.request),
        cell(_due(row)),
        cell(
            button(
                say("I am there…"),
                size="small",
                symbol="truck",
                on_click=WorkState.open_arrival(row.key),
            ),
            right=True,
        ),
    )


def _arrival() -> rx.Component:
    state = WorkState
    return form_dialog(
        state.arriving,
        state.close_arrival,
        f"{say('On site:')} {state.site.tag}",
        columns(
            select_field("condition", say("Condition"), CONDITIONS, errors=state.errors),
            text_field("accessories", say("Accessories"), errors=state.errors, optional=True),
        ),
        text_field("place", say("Where it stands"), value=PLACE, errors=state.errors),
        text_field("note", say("Remark"), errors=state.errors, optional=True),
        file_drop(
            "/api/v1/files",
            say("Photo of the condition"),
            accept="image/png,image/jpeg",
            hint=say("Needed where it is not in order"),
            fields={"purpose": "photo", "subject_kind": "srf_line", "subject_id": state.site.key},
            on_done=state.photo_kept,
        ),
        rx.el.div(fault("photo", state.errors), class_name="field"),
        on_submit=state.arrive,
        submit=say("Begin the work"),
        text=say("You take the item in hand where it stands; its sheet opens next."),
        error=state.form_error,
    )


def _mine(row: WorkRow) -> rx.Component:
    return record(
        rx.cond(
            row.path != "",
            link_cell(row.tag, row.path, row.description),
            cell(rx.el.b(row.tag), rx.el.div(row.description, class_name="tiny faint")),
        ),
        cell(
            layout.row(
                badge(row.state_words, row.state_tone, row.state_icon),
                rx.cond(row.returned != "", badge(row.returned, "orange", "undo-2")),
                rx.el.span(row.progress, class_name="tiny faint num"),
            )
        ),
        cell(layout.link(row.request, href=row.request_path)),
        cell(row.room),
        cell(_due(row)),
        cell(
            rx.cond(
                row.may_start,
                button(
                    say("Start"),
                    kind="primary",
                    size="small",
                    symbol="arrow-right",
                    on_click=WorkState.start(row.key, row.version),
                ),
                rx.cond(
                    row.path != "", link_button(say("Open sheet"), href=row.path, size="small")
                ),
            ),
            right=True,
        ),
    )


def _waiting(row: WorkRow) -> rx.Component:
    return record(
        cell(rx.el.b(row.tag), rx.el.div(row.description, class_name="tiny faint")),
        cell(row.customer),
        cell(layout.link(row.request, href=row.request_path)),
        cell(row.procedure),
        cell(_due(row)),
        cell(
            button(say("Take"), size="small", on_click=WorkState.take(row.key, row.version)),
            right=True,
        ),
    )


def _due(row: WorkRow) -> rx.Component:
    return rx.el.span(
        row.due,
        " ",
        rx.cond(row.late, say(" late"), ""),
        rx.cond(row.urgent, badge(say("Urgent"), "red", "triangle-alert")),
        class_name=rx.cond(row.late, "due-late", ""),
    )


PAGES = ((routes.WORK, work_page, [WorkState.load]),)
