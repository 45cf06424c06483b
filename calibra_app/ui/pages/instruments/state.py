"""What the page of the customers' instruments knows and does."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from reflex.event import EventSpec

from calibra_app.core.access import Permission
from calibra_app.core.errors import CalibraError
from calibra_app.services.customers import list_customers
from calibra_app.services.equipment import (
    InstrumentDetail,
    InstrumentDraft,
    InstrumentSummary,
    add_instrument,
    archive_instrument,
    change_instrument,
    get_instrument,
    list_instruments,
    same_serial,
)
from calibra_app.services.scope import list_procedures
from calibra_app.ui import format as shown
from calibra_app.ui import routes, typed
from calibra_app.ui.base import AppState, Refusals, ask, notice
from calibra_app.ui.format import Region, day
from calibra_app.ui.gate import action
from calibra_app.ui.listing import Listing
from calibra_app.ui.pages.instruments.parameters import read_parameters, write_parameters
from calibra_app.ui.typed import Form
from calibra_app.ui.words import say

EDIT = Permission.INSTRUMENT_REGISTER
DUE_WITHIN = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class InstrumentRow:
    """One line of the registry, as text."""

    key: str
    tag: str
    description: str
    made: str
    serial: str
    customer: str
    customer_path: str
    procedure: str
    due: str

    @classmethod
    def of(cls, row: InstrumentSummary, region: Region, today: date) -> Self:
        """Return the line of one instrument."""
        return cls(
            str(row.id),
            row.tag,
            row.description,
            f"{row.manufacturer} {row.model}".strip(),
            row.serial,
            row.customer_name,
            routes.customer(row.customer_id),
            row.procedure_code,
            day(row.due_on, region=region, today=today),
        )


@dataclass(frozen=True, slots=True)
class InstrumentText:
    """One instrument as its form shows it."""

    key: str = ""
    customer_id: str = ""
    customer: str = ""
    tag: str = ""
    description: str = ""
    manufacturer: str = ""
    model: str = ""
    serial: str = ""
    procedure: str = ""
    range_text: str = ""
    parameters: str = ""
    on_site: bool = False
    due_on: str = ""
    interval: str = ""
    missing: str = ""
    archived: bool = False

    @classmethod
    def of(cls, detail: InstrumentDetail) -> Self:
        """Return one instrument as text."""
        draft = detail.draft
        return cls(
            str(detail.id),
            str(draft.customer_id),
            detail.customer_name,
            draft.tag,
            draft.description,
            draft.manufacturer,
            draft.model,
            draft.serial,
            draft.procedure_code,
            draft.range_text,
            write_parameters(draft.parameters),
            draft.on_site,
            draft.due_on.isoformat() if draft.due_on else "",
            "" if draft.interval_months is None else str(draft.interval_months),
            detail.missing,
            detail.archived,
        )


class InstrumentsState(Listing, Refusals, AppState):
    """The registry, and the instrument in the form."""

    rows: list[InstrumentRow] = []
    due_only: bool = False
    archived: bool = False
    open: bool = False
    version: int = 0
    instrument: InstrumentText = InstrumentText()
    found_customers: list[dict[str, str]] = []
    procedures: list[list[str]] = []
    duplicate: str = ""

    @action(EDIT, reading=True)
    async def load(self):
        """Fill the list from its top."""
        self.open = False
        return await self._read("")

    @action(EDIT, reading=True)
    async def find(self, text: str):
        """Search while somebody types."""
        self.search = text
        return await self._read("")

    @action(EDIT, reading=True)
    async def more(self):
        """Put the next page behind the others."""
        return await self._read(self.next_cursor)

    @action(EDIT, reading=True)
    async def show_due(self):
        """Show those due within thirty days alone, soonest first; or all again."""
        self.due_only = not self.due_only
        return await self._read("")

    @action(EDIT, reading=True)
    async def show_archived(self):
        """Show those put away instead, or those in use again."""
        self.archived = not self.archived
        return await self._read("")

    @action(EDIT)
    async def open_new(self):
        """Open the form for a new instrument."""
        self._accepted()
        self.instrument, self.version, self.duplicate = InstrumentText(), 0, ""
        if (refused := await self._offer()) is not None:
            return refused
        self.open = True
        return None

    @action(EDIT, reading=True)
    async def open_one(self, key: str):
        """Open one instrument beside the list."""
        self._accepted()
        try:
            detail = await ask(self, get_instrument, typed.identity(key))
        except CalibraError as error:
            return notice(error)
        self.instrument, self.version = InstrumentText.of(detail), detail.version
        self.duplicate = ""
        if (refused := await self._offer()) is not None:
            return refused
        self.open = True
        return None

    @action(EDIT, reading=True)
    async def close(self):
        """Close the form; what was typed is gone."""
        self.open = False

    @action(EDIT)
    async def find_customer(self, text: str):
        """Look for the owner while somebody types."""
        try:
            page = await ask(self, list_customers, text)
        except CalibraError as error:
            return notice(error)
        self.found_customers = [
            {"value": str(row.id), "words": row.name, "note": row.code} for row in page.rows[:20]
        ]
        return None

    @action(EDIT)
    async def check_serial(self, serial: str):
        """Tell of other instruments with the same serial number."""
        try:
            others = await ask(self, same_serial, serial)
        except CalibraError as error:
            return notice(error)
        names = [
            f"{row.tag} ({row.customer_name})"
            for row in others
            if str(row.id) != self.instrument.key
        ]
        told = say("The same serial number: {others}.", others=", ".join(names))
        self.duplicate = told if names else ""
        return None

    @action(EDIT)
    async def save(self, form: Form):
        """Enter or change the instrument in the form."""
        try:
            draft = self._draft(form)
            if self.instrument.key:
                instrument_id = typed.identity(self.instrument.key)
                await ask(self, change_instrument, instrument_id, self.version, draft)
            else:
                await ask(self, add_instrument, draft)
        except CalibraError as error:
            return self._refused(error)
        self.open = False
        return await self._read("") or self._accepted(say("{tag} is saved.", tag=draft.tag))

    @action(EDIT)
    async def archive(self):
        """Put the instrument away, or take it back into use."""
        try:
            instrument_id = typed.identity(self.instrument.key)
            archived = not self.instrument.archived
            await ask(self, archive_instrument, instrument_id, self.version, archived=archived)
        except CalibraError as error:
            return notice(error)
        self.open = False
        return await self._read("")

    def _draft(self, form: Form) -> InstrumentDraft:
        customer = self.instrument.customer_id or typed.text(form, "customer_id")
        return InstrumentDraft(
            customer_id=typed.identity(customer, "customer_id"),
            tag=typed.text(form, "tag"),
            description=typed.text(form, "description"),
            manufacturer=typed.text(form, "manufacturer"),
            model=typed.text(form, "model"),
            serial=typed.text(form, "serial"),
            procedure_code=typed.text(form, "procedure_code"),
            range_text=typed.text(form, "range_text"),
            parameters=read_parameters(typed.text(form, "parameters")),
            on_site=typed.ticked(form, "on_site"),
            due_on=typed.maybe_day(form, "due_on"),
            interval_months=typed.maybe_whole(form, "interval_months"),
        )

    async def _offer(self) -> EventSpec | None:
        try:
            page = await ask(self, list_procedures)
        except CalibraError as error:
            return notice(error)
        self.procedures = [[row.code, f"{row.code}  {row.title}"] for row in page.rows]
        return None

    async def _read(self, cursor: str) -> EventSpec | None:
        region = Region(self.locale, self.zone)
        today = shown.today(self.zone)
        try:
            page = await ask(
                self,
                list_instruments,
                self.search,
                due_by=today + DUE_WITHIN if self.due_only else None,
                archived=self.archived,
                cursor=cursor,
            )
        except CalibraError as error:
            self.loading = False
            return notice(error)
        new = [InstrumentRow.of(row, region, today) for row in page.rows]
        self.rows = [*self.rows, *new] if cursor else new
        self._take(self.rows, page, say("{count} instrument"), say("{count} instruments"))
        return None
