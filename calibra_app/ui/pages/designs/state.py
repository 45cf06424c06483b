"""What the designer page knows and does: the design, its places, its history."""

import json
from dataclasses import dataclass, field
from typing import Any

from reflex.event import EventSpec

from calibra_app.core.access import Permission
from calibra_app.core.errors import CalibraError, Invalid
from calibra_app.procedures.designed.checks import Fault
from calibra_app.services.scope import (
    DesignRecord,
    DesignRefused,
    ProcedureStatus,
    TryOutRow,
    get_design,
    save_design,
    try_design,
)
from calibra_app.ui import typed
from calibra_app.ui.base import AppState, Refusals, ask, notice
from calibra_app.ui.components.budget import Share
from calibra_app.ui.gate import action
from calibra_app.ui.pages.designs import editing
from calibra_app.ui.pages.designs.editing import Plain
from calibra_app.ui.pages.designs.rows import (
    FaultRow,
    FieldRow,
    PartRow,
    fault_rows,
    form_of,
    parts_of,
)
from calibra_app.ui.pages.designs.sample import write_room, write_standards
from calibra_app.ui.pages.designs.shape import PARTS, TABS
from calibra_app.ui.pages.designs.trial import (
    BudgetLine,
    ComparisonRow,
    ParameterRow,
    PointText,
    TrialRow,
    comparison_rows,
    parameter_rows,
    point_of,
    trial_rows,
)
from calibra_app.ui.words import say

EDIT, APPROVE = Permission.PROCEDURE_EDIT, Permission.PROCEDURE_APPROVE
SEE = (Permission.PROCEDURE_EDIT, Permission.LABORATORY_SEE)
MOST_STEPS_BACK = 60
LONGEST_TYPED = 400_000
WORDS = {
    ProcedureStatus.DRAFT: say("Draft"),
    ProcedureStatus.IN_REVIEW: say("In review"),
    ProcedureStatus.APPROVED: say("Approved"),
    ProcedureStatus.EFFECTIVE: say("In effect"),
    ProcedureStatus.SUPERSEDED: say("Superseded"),
}


@dataclass(frozen=True, slots=True)
class HeadForm:
    """Fields that stand above the lists of a tab."""

    title: str
    fields: list[FieldRow] = field(default_factory=list[FieldRow])


HEADS = {
    "general": (("", say("Method")), ("coverage_choice", say("Coverage"))),
    "points": (("tables[{}]", say("This test")),),
    "budget": (("tables[{}].result", say("Result")),),
}


class DesignerState(Refusals, AppState):
    """One revision's design, open at a place."""

    loading: bool = True
    procedure_id: str = ""
    code: str = ""
    title: str = ""
    revision: str = ""
    status: str = ""
    status_words: str = ""
    editable: bool = False
    saved: str = ""
    tab: str = "general"
    table: int = 0
    tables: list[list[str]] = []
    opened: str = ""
    parts: list[PartRow] = []
    heads: list[HeadForm] = []
    form: list[FieldRow] = []
    faults: list[FaultRow] = []
    # Counts what was put in from elsewhere than the field, so that fields show it.
    stamp: int = 0
    can_undo: bool = False
    can_redo: bool = False
    text: str = ""
    text_fault: str = ""
    # The try-out.
    trial: list[TrialRow] = []
    looked_at: str = ""
    point: PointText = PointText()
    bars: list[Share] = []
    budget: list[BudgetLine] = []
    said: list[str] = []
    comparisons: list[ComparisonRow] = []
    agreement: str = ""
    agrees: bool = False
    parameters: list[ParameterRow] = []
    standards: str = ""
    room: str = ""
    sample_fault: str = ""
    dialog: str = ""

    _version_id: str = ""
    _seen: int = 0
    _design: Plain = {}
    _sample: Plain = {}
    # Packed, for the state travels to its store and back at each event.
    _past: list[bytes] = []
    _future: list[bytes] = []
    _drafts: dict[str, str] = {}
    _refused_at: dict[str, str] = {}
    _faults: list[Fault] = []
    _tried: list[TryOutRow] = []

    @action(*SEE, reading=True)
    async def load(self):
        """Open the design that the address names."""
        self.loading, self.dialog, self.saved = True, "", ""
        self.tab, self.table, self.opened, self.looked_at = "general", 0, "", ""
        self._past, self._future, self._drafts, self._refused_at = [], [], {}, {}
        return await self._reload()

    @action(*SEE, reading=True)
    async def choose_tab(self, tab: str):
        """Show another part of the design."""
        self.tab, self.opened = tab, ""
        self._draw()
        self.stamp += 1

    @action(*SEE, reading=True)
    async def choose_table(self, table: str):
        """Show another test of the sheet."""
        self.table, self.opened = int(table) if table.isdigit() else 0, ""
        self._draw()
        self.stamp += 1

    @action(*SEE, reading=True)
    async def open_record(self, path: str):
        """Open a record, or close the one that is open."""
        known = {row.path for part in self.parts for row in part.records}
        self.opened = path if path in known and self.opened != path else ""
        self._draw()
        self.stamp += 1

    @action(*SEE, reading=True)
    async def go_to(self, path: str):
        """Open the place of a fault."""
        try:
            steps = editing.steps_of(path)
        except CalibraError:
            return
        if len(steps) > 1 and steps[0] == "tables" and isinstance(steps[1], int):
            self.table = steps[1]
        names = [step for step in steps if isinstance(step, str)]
        for value, _, lists in TABS:
            if any(name in lists for name in names):
                self.tab = value
        if "result" in names:
            self.tab = "budget"
        found = _record_path(path)
        self.opened = found if isinstance(editing.at(self._design, found), dict) else ""
        self._draw()
        self.stamp += 1

    @action(EDIT)
    async def put(self, path: str, value: str):
        """Take what was typed into a field; what cannot be read stays as it was typed."""
        if len(value) > LONGEST_TYPED:
            return notice(Invalid(say("This is too long.")))
        try:
            known = editing.field_at(self._design, path)
        except CalibraError as error:
            return notice(error)
        record_path = path.rpartition(".")[0]
        record: Any = editing.at(self._design, record_path)
        if editing.shown(known, record or {}) == value and path not in self._drafts:
            return None
        try:
            made = editing.put(self._design, path, editing.typed(known, value))
        except CalibraError as error:
            self._drafts[path], self._refused_at[path] = value, error.message
            self._draw()
            return None
        self._drafts.pop(path, None)
        self._refused_at.pop(path, None)
        return await self._change(made, redraw=known.name in {"kind", "source"})

    @action(EDIT)
    async def add(self, name: str):
        """Put a new record at the end of a list, and open it."""
        part = PARTS.get(name)
        if part is None:
            return None
        path = f"tables[{self.table}].{name}" if part.of_table else name
        self.opened = f"{path}[{len(editing.listed(self._design, path))}]"
        return await self._change(editing.add(self._design, path, part.fresh), redraw=True)

    @action(EDIT)
    async def drop(self, path: str, position: int):
        """Take a record out of its list; undo brings it back."""
        self.opened = ""
        return await self._change(editing.drop(self._design, path, position), redraw=True)

    @action(EDIT)
    async def double(self, path: str, position: int):
        """Put a copy of a record behind it, and open the copy."""
        self.opened = f"{path}[{position + 1}]"
        return await self._change(editing.double(self._design, path, position), redraw=True)

    @action(EDIT)
    async def move(self, path: str, position: int, by: int):
        """Move a record up or down in its list."""
        self.opened = ""
        made = editing.move(self._design, path, position, 1 if by > 0 else -1)
        return await self._change(made, redraw=True)

    @action(EDIT)
    async def add_table(self):
        """Begin another test of the sheet."""
        tables = editing.listed(self._design, "tables")
        fresh = {
            "key": f"test-{len(tables) + 1}",
            "title": say("Another test"),
            "blocks": [{"unit": "", "nominals": ["points"]}],
            "columns": [{"name": "i", "title": say("Indication")}],
        }
        self.table, self.opened = len(tables), ""
        return await self._change(editing.add(self._design, "tables", fresh), redraw=True)

    @action(EDIT)
    async def drop_table(self):
        """Take the test that is shown out of the sheet; undo brings it back."""
        position, self.table, self.opened = self.table, 0, ""
        return await self._change(editing.drop(self._design, "tables", position), redraw=True)

    @action(EDIT)
    async def undo(self):
        """Take the last change back."""
        return await self._go(self._past, self._future)

    @action(EDIT)
    async def redo(self):
        """Make the change again that was taken back."""
        return await self._go(self._future, self._past)

    @action(EDIT)
    async def put_text(self, text: str):
        """Take the whole design as text; what is no design is told, and the text stays."""
        self.text = text[:LONGEST_TYPED]
        try:
            data: Any = json.loads(self.text)
        except (ValueError, RecursionError) as error:
            self.text_fault = say("Not JSON: {why}", why=str(error)[:120])
            return None
        if not isinstance(data, dict):
            self.text_fault = say("Not a design.")
            return None
        self.text_fault = ""
        return await self._change(data, redraw=True)

    @action(*SEE, reading=True)
    async def open_dialog(self, name: str):
        """Open something over the page, or close it."""
        self.dialog = name
        self._accepted()

    async def _reload(self) -> EventSpec | None:
        try:
            record = await ask(self, get_design, typed.path_argument(self, "design_id"))
        except CalibraError as error:
            return self._not_shown(error)
        self._take(record)
        self.loading = False
        return await self._show(fresh=True)

    def _take(self, record: DesignRecord) -> None:
        self._version_id, self._seen = str(record.id), record.version
        self._design, self._sample = dict(record.design), dict(record.sample)
        self.procedure_id = str(record.procedure_id)
        self.code, self.title = record.code, record.title
        self.revision, self.status = str(record.revision), record.status.value
        self.status_words = WORDS[record.status]
        self.editable = record.editable and EDIT in self.permissions

    async def _change(self, made: Plain, *, redraw: bool = False) -> EventSpec | None:
        if not self.editable:
            return notice(Invalid(say("Only a draft can be changed: begin a new revision.")))
        if made == self._design:
            return None
        self._past = [*self._past[-MOST_STEPS_BACK:], editing.packed(self._design, self._sample)]
        self._future = []
        self._design = made
        return await self._keep() or await self._show(fresh=redraw)

    async def _go(self, away: list[bytes], back: list[bytes]) -> EventSpec | None:
        if not away or not self.editable:
            return None
        back.append(editing.packed(self._design, self._sample))
        self._design, self._sample = editing.unpacked(away.pop())
        self._drafts, self._refused_at, self.opened = {}, {}, ""
        return await self._keep() or await self._show(fresh=True)

    async def _keep(self) -> EventSpec | None:
        """Store the draft as it is; what has not the form of a design stays on the page."""
        version_id = typed.identity(self._version_id)
        try:
            await ask(self, save_design, version_id, self._seen, self._design, self._sample)
            self._seen = (await ask(self, get_design, version_id)).version
        except DesignRefused:
            self.saved = say("Not saved yet: mend what is marked.")
            return None
        except CalibraError as error:
            self.saved = say("Not saved")
            return notice(error)
        self.saved = say("Saved")
        return None

    async def _show(self, *, fresh: bool = False) -> EventSpec | None:
        try:
            found = await ask(self, try_design, self._design, self._sample)
        except CalibraError as error:
            return notice(error)
        self._faults, self._tried = list(found.faults), list(found.rows)
        readings = self._sample.get("readings") or {}
        self.trial = trial_rows(found.rows, readings)
        self.comparisons = comparison_rows(found.comparisons)
        right = sum(one.agrees for one in found.comparisons)
        self.agrees = bool(found.comparisons) and right == len(found.comparisons)
        self.agreement = (
            say("{right} of {all} figures agree", right=right, all=len(found.comparisons))
            if found.comparisons
            else ""
        )
        if fresh:
            self.stamp += 1
            self.standards = write_standards(self._sample.get("standards"))
            self.room = write_room(self._sample.get("environment"))
        self._draw()
        self._point()
        return None

    def _draw(self) -> None:
        design, faults = self._design, self._faults
        tables = editing.listed(design, "tables")
        self.table = min(self.table, max(len(tables) - 1, 0))
        self.tables = [
            [str(place), str(one.get("title") or one.get("key") or place)]
            for place, one in enumerate(tables)
            if isinstance(one, dict)
        ]
        self.parts = parts_of(design, self.tab, self.table, self.opened, faults)
        self.heads = [
            HeadForm(title, self._form(path.format(self.table)))
            for path, title in HEADS.get(self.tab, ())
        ]
        self.form = self._form(self.opened) if self.opened else []
        self.faults = fault_rows(design, faults)
        self.parameters = parameter_rows(design, self._sample.get("parameters") or {})
        self.can_undo, self.can_redo = bool(self._past), bool(self._future)
        if self.tab == "text" and not self.text_fault:
            self.text = json.dumps(design, ensure_ascii=False, indent=2)

    def _form(self, path: str) -> list[FieldRow]:
        return form_of(self._design, path, self._faults, self._drafts, self._refused_at)

    def _point(self) -> None:
        rows = {str(row.planned["key"]): row for row in self._tried}
        chosen = rows.get(self.looked_at)
        if chosen is None or not (chosen.result or {}).get("uncertainty_text"):
            done = (row for row in self._tried if (row.result or {}).get("uncertainty_text"))
            chosen = chosen if self.looked_at in rows else next(done, None)
        self.point, self.bars, self.budget, self.said = point_of(chosen)
        if chosen is not None:
            self.looked_at = str(chosen.planned["key"])


def _record_path(path: str) -> str:
    """Return the path of the record of a list that a place lies in."""
    end = path.rfind("]") + 1
    found = path[:end]
    return "" if found.startswith("tables[") and found.count("[") == 1 else found
