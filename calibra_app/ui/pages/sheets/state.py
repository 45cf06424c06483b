"""What the observation sheet knows: its grid, the point beside it, who else is here.

Each cell is a commit of its own; what the server does not store comes back beside the cell (a
clash, a doubt, a refusal), and the grid keeps what was typed until it is answered.
"""

from typing import Any
from uuid import UUID

from reflex.event import EventSpec

from calibra_app.core.access import Permission
from calibra_app.core.clock import system_clock
from calibra_app.core.errors import CalibraError, NotFound, Unauthenticated, Unavailable
from calibra_app.core.ids import SheetId
from calibra_app.services.calibrations import (
    Asked,
    Clash,
    Entered,
    Phase,
    SheetDetail,
    Typed,
    enter_indication,
    figures_of,
    get_point,
    get_sheet,
    paste_block,
    preview,
    sheet_topic,
)
from calibra_app.ui import format as shown
from calibra_app.ui import typed
from calibra_app.ui.base import AppState, Refusals, ask, current_actor, notice
from calibra_app.ui.components.budget import Share
from calibra_app.ui.format import Region
from calibra_app.ui.gate import action
from calibra_app.ui.live import LIVE
from calibra_app.ui.pages.sheets.rows import (
    AskedRow,
    ConditionRow,
    Head,
    HistoryRow,
    Panel,
    RemarkRow,
    StandardRow,
    cells_of,
    columns_of,
    head_of,
    history_of,
    panel_of,
    remarks_of,
    rows_of,
    shares_of,
)
from calibra_app.ui.words import say

SEE, ENTER = Permission.SHEET_SEE, Permission.INDICATION_ENTER


class SheetState(Refusals, AppState):
    """One observation sheet, open on this tab."""

    found: bool = False
    trouble: str = ""
    key: str = ""
    line_version: int = 0
    head: Head = Head()
    phase: str = "as_found"
    columns: list[dict[str, Any]] = []
    rows: list[dict[str, Any]] = []
    cells: dict[str, Any] = {}
    results: dict[str, Any] = {}
    # The bus's own: see `ui/live.py`.
    patch: list[dict[str, Any]] = []
    present: list[dict[str, Any]] = []
    clashes: dict[str, Any] = {}
    asks: dict[str, Any] = {}
    preview_row: dict[str, Any] = {}
    selected: str = ""
    point: Panel = Panel()
    shares: list[Share] = []
    history: list[HistoryRow] = []
    warnings: list[str] = []
    standards: list[StandardRow] = []
    conditions: list[ConditionRow] = []
    remarks: list[RemarkRow] = []
    asked: list[AskedRow] = []

    @action(SEE, reading=True)
    async def load(self):
        """Join the sheet's rooms, then read it: so nothing falls in between."""
        try:
            sheet_id = SheetId(typed.path_argument(self, "sheet_id"))
            if self.key and self.key != str(sheet_id):
                await self._leave(self.key)
            topic = await ask(self, sheet_topic, sheet_id)
            actor = await current_actor(self)
            await LIVE.join(self, topic, SheetState, "patch", refresh="load")
            await LIVE.join(self, f"{topic}/about", SheetState, refresh="reload")
            await LIVE.join_presence(self, topic, SheetState, "present")
            if self.key != str(sheet_id):
                # Another sheet begins at its first series, whatever was open on the one before.
                self.phase, self.selected = "as_found", ""
            self.key = str(sheet_id)
            sheet = await self._read()
            srf = f"t:{actor.tenant_id}:srf:{sheet.srf_id}"
            await LIVE.join(self, srf, SheetState, refresh="reload_line")
            await LIVE.be_present(self, topic, actor, initials=shown.initials(actor.name), where="")
        except (Unauthenticated, Unavailable) as error:
            # What is on the screen stays: what was typed is kept there until it is stored.
            return notice(error)
        except NotFound as error:
            self.found = False
            return self._not_shown(error)
        except CalibraError as error:
            self.found, self.trouble = False, error.message
        return None

    @action(SEE, reading=True)
    async def depart(self, key: str):
        """Take the reader off a sheet whose page was left, so that no frame stays behind."""
        try:
            # The browser may hold what the page's address was before the sheet was read: nothing.
            await self._leave(str(typed.identity(key or self.key)))
        except CalibraError:
            return

    @action(SEE, reading=True)
    async def reload(self):
        """Read the sheet anew: its standards, conditions or state changed."""
        return await self._again()

    @action(SEE, reading=True)
    async def reload_line(self):
        """Read the sheet anew: its line moved on."""
        return await self._again()

    @action(SEE, reading=True)
    async def show(self, phase: str):
        """Show as found, the adjustment, or as left."""
        self.phase = phase if phase in {"as_found", "as_left"} else "adjustment"
        self.selected, self.preview_row = "", {}
        return await self._again()

    @action(SEE, reading=True)
    async def focus(self, row: str, column: str):
        """Show the point in whose row somebody stands, and tell the others where that is."""
        try:
            if row != self.selected:
                self.selected, self.preview_row = row, {}
                await self._read_point()
            # The address is what the browser says; only who has read the sheet is shown on it.
            if not self.key:
                return None
            actor = await current_actor(self)
            await LIVE.be_present(
                self,
                f"t:{actor.tenant_id}:sheet:{self.key}",
                actor,
                initials=shown.initials(actor.name),
                where=f"{row}:{column}",
            )
        except CalibraError as error:
            return notice(error)
        return None

    @action(SEE, reading=True)
    async def news(self, row: str):
        """Read the panel's point anew: somebody else changed it."""
        if row != self.selected:
            return None
        try:
            await self._read_point()
        except CalibraError as error:
            return notice(error)
        return None

    @action(ENTER)
    async def draft(self, row: str, column: str, text: str):
        """Show what a value would amount to while it is typed; nothing is stored."""
        try:
            phase, key = _place(row)
            result = await ask(self, preview, self._sheet(), key, phase, {_repeat(column): text})
        except CalibraError as error:
            return notice(error)
        self.preview_row = {"row": row, "result": figures_of(result)}
        if row == self.selected:
            self._show_point(result)
        return None

    @action(ENTER)
    async def commit(self, row: str, column: str, text: str, base: int, reason: str):
        """Store one cell, or put beside it what stands in the way."""
        phase, key = _place(row)
        cell = Typed(key, phase, _repeat(column), text, base)
        try:
            entered = await ask(
                self,
                enter_indication,
                self._sheet(),
                cell,
                confirmed=bool(reason),
                reason=reason,
            )
        except CalibraError as error:
            return self._not_stored(error, [cell])
        return await self._after(entered, [cell])

    @action(ENTER)
    async def paste(self, block: list[dict[str, Any]], reason: str):
        """Store an accepted block, all or none."""
        cells = [
            Typed(
                _place(str(one["row"]))[1],
                _place(str(one["row"]))[0],
                _repeat(str(one["column"])),
                str(one["text"]),
                int(one["version"]),
            )
            for one in block
        ]
        try:
            entered = await ask(
                self,
                paste_block,
                self._sheet(),
                cells,
                confirmed=bool(reason),
                reason=reason,
            )
        except CalibraError as error:
            return self._not_stored(error, cells)
        return await self._after(entered, cells)

    @action(SEE, reading=True)
    async def resolve(self, row: str, column: str):
        """Take away a clash that was answered."""
        self.clashes = _without(self.clashes, f"{row}:{column}")

    def _sheet(self) -> SheetId:
        # After a restart the server may hear what was typed before the page has loaded anew.
        return SheetId(UUID(self.key) if self.key else typed.path_argument(self, "sheet_id"))

    async def _leave(self, key: str) -> None:
        actor = await current_actor(self)
        await LIVE.leave(self, f"t:{actor.tenant_id}:sheet:{key}")

    def _region(self) -> Region:
        return Region(self.locale or "en", self.zone or "UTC")

    async def _again(self) -> EventSpec | None:
        try:
            await self._read()
        except CalibraError as error:
            return notice(error)
        return None

    async def _read(self) -> SheetDetail:
        sheet = await ask(self, get_sheet, self._sheet())
        region, now = self._region(), system_clock()
        self.found, self.trouble = True, ""
        self.line_version = sheet.line_version
        self.head = head_of(sheet, region, now)
        self.columns = columns_of(sheet)
        self.rows = rows_of(sheet, self.phase if self.phase != "adjustment" else "as_found")
        self.cells = cells_of(sheet)
        self.results = {row: dict(figures) for row, figures in sheet.figures.items()}
        self._show_surroundings(sheet, region)
        names = [row["id"] for row in self.rows if row.get("kind") != "group"]
        if self.selected not in names:
            self.selected = names[0] if names else ""
        await self._read_point()
        return sheet

    def _show_surroundings(self, sheet: SheetDetail, region: Region) -> None:
        now = system_clock()
        self.standards = [
            StandardRow(
                str(each.standard_id),
                each.code,
                each.name,
                shown.day(each.due_on, region=region, today=now.date()),
                f"{each.certificate_number}, {each.provider}",
                each.due_soon and not each.exception,
                each.exception,
            )
            for each in sheet.standards
        ]
        self.conditions = [
            ConditionRow(
                str(each.id),
                each.quantity,
                shown.quantity(each.value, each.unit, region=region),
                each.source,
                shown.moment(each.at, now, region=region),
                each.by_name,
                each.limits,
                not each.within_limits,
            )
            for each in reversed(sheet.conditions)
        ]
        self.remarks = remarks_of(sheet)
        self.asked = [
            AskedRow(
                each.question,
                each.price,
                shown.moment(each.asked_at, now, region=region),
                f"{each.decided_by}: {each.decision}" if each.decision else "",
            )
            for each in sheet.questions
        ]

    async def _read_point(self) -> None:
        if not self.selected:
            return
        phase, key = _place(self.selected)
        detail = await ask(self, get_point, self._sheet(), key, phase)
        region = self._region()
        self.history = history_of(detail.history, region, system_clock())
        self.point = panel_of(detail.key, detail.label, detail.result)
        self.shares = shares_of(detail.result)
        self.warnings = [str(each) for each in detail.result.get("warnings") or ()]

    def _show_point(self, result: dict[str, Any]) -> None:
        self.point = panel_of(self.point.key, self.point.label, result)
        self.shares = shares_of(result)
        self.warnings = [str(each) for each in result.get("warnings") or ()]

    async def _after(self, entered: Entered, cells: list[Typed]) -> EventSpec | None:
        for cell in cells:
            self.asks = _without(self.asks, _name(cell))
            self.clashes = _without(self.clashes, _name(cell))
        self.preview_row = {}
        if entered.clashes:
            self.clashes = self.clashes | {
                _name(each.typed): _clash(each, self._region()) for each in entered.clashes
            }
        if entered.questions:
            self.asks = self.asks | {
                _name(each.typed): _question(each) for each in entered.questions
            }
        try:
            await self._read_point()
        except CalibraError as error:
            return notice(error)
        return None

    def _not_stored(self, error: CalibraError, cells: list[Typed]) -> EventSpec | None:
        # What does not answer now is sent again by the grid; a sign-in keeps it on the device.
        if isinstance(error, Unauthenticated | Unavailable):
            return notice(error) if isinstance(error, Unauthenticated) else None
        self.asks = self.asks | {
            _name(cell): {"said": error.message, "text": cell.raw, "refused": True}
            for cell in cells
        }
        return None


def _place(row: str) -> tuple[Phase, str]:
    phase, _, key = row.partition("-")
    return (Phase.AS_LEFT if phase == "as_left" else Phase.AS_FOUND), key


def _repeat(column: str) -> int:
    return int(column) if column.isdigit() else 0


def _name(cell: Typed) -> str:
    return f"{cell.phase}-{cell.key}:{cell.repeat}"


def _without(held: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in held.items() if key != name}


def _clash(each: Clash, region: Region) -> dict[str, Any]:
    return {
        "by": each.by,
        "at": shown.clock_time(each.at, region=region),
        "theirs": each.theirs,
        "mine": each.typed.raw,
        "version": each.version,
    }


def _question(each: Asked) -> dict[str, Any]:
    return {
        "said": say("{value}: {doubt}", value=each.typed.raw, doubt=each.text),
        "text": each.typed.raw,
        "meant": each.meant,
    }
