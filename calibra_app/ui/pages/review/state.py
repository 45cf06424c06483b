"""What the page of technical review knows and does."""

from dataclasses import replace
from typing import Any

from reflex.event import EventSpec

from calibra_app.core.access import Permission
from calibra_app.core.clock import system_clock
from calibra_app.core.errors import CalibraError, Invalid
from calibra_app.core.ids import LineId
from calibra_app.services.calibrations import Phase
from calibra_app.services.calibrations.review import (
    CellFlag,
    accept_review,
    close_remark,
    flag_cell,
    return_cells,
)
from calibra_app.services.calibrations.review_detail import ReviewDetail, review_detail
from calibra_app.services.calibrations.review_queue import review_queue
from calibra_app.ui import format as shown
from calibra_app.ui import notices, typed
from calibra_app.ui.base import AppState, Refusals, ask, current_actor, notice
from calibra_app.ui.components.budget import Share
from calibra_app.ui.gate import action
from calibra_app.ui.live import LIVE
from calibra_app.ui.pages.review.rows import (
    PHASES,
    ChangeText,
    Evidence,
    Head,
    Point,
    QueueRow,
    RemarkText,
    RowText,
    point_of,
    shares_of,
)
from calibra_app.ui.typed import Form
from calibra_app.ui.words import say, say_number

REVIEW, SEE = Permission.SHEET_REVIEW, Permission.SHEET_SEE
PANES = ("point", "remarks", "evidence", "earlier")


class ReviewState(Refusals, AppState):
    """The queue of review, and the line that is open on this tab."""

    loading: bool = True
    queue: list[QueueRow] = []
    waiting: str = ""
    key: str = ""
    line_version: int = 0
    head: Head = Head()
    columns: list[int] = []
    rows: list[RowText] = []
    remarks: list[RemarkText] = []
    changes: list[ChangeText] = []
    standards: list[Evidence] = []
    conditions: list[Evidence] = []
    earlier: list[Evidence] = []
    chosen: str = ""
    point: Point = Point()
    shares: list[Share] = []
    pane: str = "point"
    # Which dialog is open: flag, return, accept; empty for none.
    form: str = ""
    flag_row: str = ""
    flag_repeat: int = 0
    flag_place: str = ""
    signer: str = ""
    flags: str = ""

    @action(REVIEW, SEE, reading=True)
    async def load(self):
        """Watch the board's topic, then read the queue and its first line."""
        try:
            actor = await current_actor(self)
            await LIVE.join(self, f"t:{actor.tenant_id}:board", ReviewState, refresh="reload")
        except CalibraError as error:
            return notice(error)
        self.form, self.pane = "", "point"
        return await self._read()

    @action(REVIEW, SEE, reading=True)
    async def reload(self):
        """Read everything anew: somebody changed something; the chosen line stays chosen."""
        return await self._read()

    @action(REVIEW, SEE, reading=True)
    async def choose(self, key: str):
        """Open another line of the queue."""
        self.key, self.chosen, self.form = key, "", ""
        return await self._read()

    @action(REVIEW, SEE, reading=True)
    async def step(self, by: int):
        """Go to the next or the previous line of the queue."""
        keys = [row.key for row in self.queue]
        if not keys:
            return None
        at = keys.index(self.key) if self.key in keys else 0
        self.key, self.chosen = keys[(at + (1 if by > 0 else -1)) % len(keys)], ""
        return await self._read()

    @action(REVIEW, SEE, reading=True)
    async def pick(self, name: str):
        """Look at one point."""
        self.chosen, self.pane = name, "point"
        return await self._read()

    @action(REVIEW, SEE, reading=True)
    async def next_point(self):
        """Look at the next point of the sheet."""
        names = [row.name for row in self.rows]
        if names:
            at = names.index(self.chosen) if self.chosen in names else -1
            self.chosen = names[(at + 1) % len(names)]
        return await self._read()

    @action(REVIEW, SEE, reading=True)
    async def show(self, pane: str):
        """Show another part of the evidence."""
        self.pane = pane if pane in PANES else "point"

    @action(REVIEW)
    async def ask_about(self, name: str, repeat: int):
        """Open the question about one cell."""
        self._accepted()
        row = next((row for row in self.rows if row.name == name), None)
        if row is None or not self.head.reviewable:
            return
        self.flag_row, self.flag_repeat, self.form = name, repeat, "flag"
        self.flag_place = say("{place}, series {repeat}", place=row.place, repeat=repeat)

    @action(REVIEW)
    async def ask_about_point(self):
        """Open the question about the first reading of the chosen point."""
        row = next((row for row in self.rows if row.name == self.chosen), None)
        if row is not None and row.cells and self.head.reviewable:
            self._accepted()
            self.flag_row, self.flag_repeat, self.form = row.name, row.cells[-1].repeat, "flag"
            self.flag_place = row.place

    @action(REVIEW)
    async def open_form(self, name: str):
        """Open the dialog to return the flagged cells, or to accept the review."""
        self._accepted()
        if self.head.reviewable and name in {"return", "accept"}:
            self.form = name
            region = shown.Region(self.locale, self.zone)
            at = shown.signed_at(system_clock(), region=region)
            self.signer = f"{self.person_name} · {self.role_titles} · {at}"

    @action(REVIEW, SEE, reading=True)
    async def close_form(self):
        """Close whatever dialog is open."""
        self.form = ""

    @action(REVIEW)
    async def flag(self, form: Form):
        """Put the remark on the cell."""
        row = next((row for row in self.rows if row.name == self.flag_row), None)
        try:
            if row is None:
                raise Invalid(say("Choose a cell first."))
            flag = CellFlag(row.key, Phase(row.phase), self.flag_repeat, typed.text(form, "text"))
            await ask(self, flag_cell, self._line(), flag)
        except CalibraError as error:
            return self._refused(error)
        self._accepted()
        self.form, self.pane = "", "remarks"
        return await self._read()

    @action(REVIEW)
    async def close_one(self, key: str):
        """Close a remark."""
        try:
            await ask(self, close_remark, typed.identity(key))
        except CalibraError as error:
            return notice(error)
        return await self._read()

    @action(REVIEW)
    async def give_back(self, form: Form):
        """Return the flagged cells to the performer."""
        try:
            reason = typed.text(form, "reason")
            count = await ask(self, return_cells, self._line(), self.line_version, reason)
        except CalibraError as error:
            return self._refused(error)
        told = say_number("{count} cell is returned.", "{count} cells are returned.", count)
        return await self._done(told)

    @action(REVIEW)
    async def accept(self, form: Form):
        """Accept the review with the reviewer's signature."""
        try:
            password = str(form.get("password") or "")
            await ask(self, accept_review, self._line(), self.line_version, password)
        except CalibraError as error:
            return self._refused(error)
        return await self._done(
            say("{tag} is reviewed; it waits for a signatory.", tag=self.head.tag)
        )

    async def _done(self, sentence: str) -> list[EventSpec | None]:
        self._accepted()
        self.form, self.key, self.chosen = "", "", ""
        await self._read()
        return [notices.done(sentence)]

    def _line(self) -> LineId:
        return LineId(typed.identity(self.key))

    async def _read(self) -> EventSpec | None:
        region = shown.Region(self.locale, self.zone)
        try:
            queue = await ask(self, review_queue)
            keys = [str(line.line_id) for line in queue]
            if self.key not in keys:
                self.key = keys[0] if keys else ""
            self.queue = [
                QueueRow.of(line, region, here=str(line.line_id) == self.key) for line in queue
            ]
            self.waiting = say_number("{count} line waits", "{count} lines wait", len(keys))
            if self.key:
                self._show(await ask(self, review_detail, self._line()), region)
            else:
                self.head, self.rows = Head(), []
        except CalibraError as error:
            self.loading = False
            return notice(error)
        self.loading = False
        return None

    def _show(self, detail: ReviewDetail, region: shown.Region) -> None:
        now = system_clock()
        self.line_version = detail.line_version
        self.head = Head.of(detail, region, now)
        changed = frozenset(
            (each.key, each.phase.value, each.repeat) for each in detail.differences
        )
        most = max((len(row.cells) for row in detail.rows), default=0)
        self.rows = [RowText.of(row, changed, most) for row in detail.rows]
        self.columns = list(range(1, most + 1))
        self.flags = say_number("Return {count} cell", "Return {count} cells", detail.open_count)
        self.remarks = [
            RemarkText(
                str(each.id),
                each.place,
                each.text,
                each.by,
                each.answer,
                each.closed,
                each.returned,
                self.head.reviewable and not each.closed,
            )
            for each in detail.remarks
        ]
        self.changes = [
            ChangeText(each.place, each.old, each.new, each.reason, each.by)
            for each in detail.differences
        ]
        self.standards = [
            Evidence(f"{each.code} · {each.name}", f"{each.certificate} · due {each.due}")
            for each in detail.standards
        ]
        self.conditions = [
            Evidence(
                f"{each.quantity.capitalize()} {each.value} {each.unit}",
                f"{each.source}, {shown.moment(each.at, now, region=region)}",
                "" if each.within else "red",
            )
            for each in detail.conditions
        ]
        self.earlier = [
            Evidence(
                f"{each.label}, {PHASES[each.phase.value]}",
                f"{each.error} ± {each.uncertainty} {each.unit}",
            )
            for each in detail.earlier
        ]
        self._show_point(detail)

    def _show_point(self, detail: ReviewDetail) -> None:
        named: dict[str, Any] = {f"{row.phase}-{row.key}": row for row in detail.rows}
        if self.chosen not in named:
            self.chosen = _worst(self.rows)
        self.rows = [replace(row, here=row.name == self.chosen) for row in self.rows]
        row = named.get(self.chosen)
        self.point = point_of(row) if row else Point()
        self.shares = shares_of(row) if row else []


def _worst(rows: list[RowText]) -> str:
    """Return the row that wants a look first: the worst verdict, else the first row."""
    order = ("red", "orange", "amber", "green", "gray")
    ranked = sorted(rows, key=lambda row: order.index(row.tone) if row.tone in order else 9)
    return ranked[0].name if ranked else ""
