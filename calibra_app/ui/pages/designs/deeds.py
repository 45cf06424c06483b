"""Deeds on a design: begin from a template, import, hand over, approve, try it on old sheets."""

from dataclasses import dataclass
from typing import Any

import reflex as rx
from reflex.event import EventSpec

from calibra_app.core.errors import CalibraError
from calibra_app.core.ids import SheetId
from calibra_app.services.calibrations import (
    Change,
    Phase,
    SheetOfVersion,
    WhatIfRow,
    sheets_of_version,
    what_if,
)
from calibra_app.services.scope import (
    TemplateSummary,
    VersionDraft,
    approve_version,
    design_file,
    draft_version,
    get_procedure,
    list_templates,
    put_in_effect,
    read_design_file,
    send_back_version,
    submit_version,
    template_design,
)
from calibra_app.ui import routes, typed
from calibra_app.ui.base import ask, notice
from calibra_app.ui.format import Region, day
from calibra_app.ui.gate import action
from calibra_app.ui.pages.designs.editing import packed
from calibra_app.ui.pages.designs.state import APPROVE, EDIT, SEE, DesignerState
from calibra_app.ui.typed import Form
from calibra_app.ui.words import say


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """One starter template, as text."""

    key: str
    title: str
    discipline: str
    source: str

    @classmethod
    def of(cls, row: TemplateSummary) -> "TemplateRow":
        """Return the line of one template."""
        return cls(row.key, row.title, row.discipline.capitalize(), row.source)


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One sheet begun by a revision of the procedure."""

    key: str
    number: str
    item: str
    state: str
    started: str
    performer: str
    revision: str
    path: str

    @classmethod
    def of(cls, row: SheetOfVersion, revision: int, region: Region) -> "SheetRow":
        """Return the line of one sheet."""
        return cls(
            str(row.id),
            row.number,
            f"{row.tag} {row.description}".strip(),
            row.state.value.replace("_", " ").capitalize(),
            day(row.started_at.date(), region=region),
            row.performer,
            str(revision),
            routes.sheet(row.id),
        )


@dataclass(frozen=True, slots=True)
class WhatIfText:
    """One point of an old sheet: on record, and by this revision."""

    label: str
    stored: str
    tried: str
    stored_verdict: str
    tried_verdict: str
    differs: bool
    why: str

    @classmethod
    def of(cls, row: WhatIfRow) -> "WhatIfText":
        """Return both results as text."""
        return cls(
            row.label,
            _figures(row.stored, row.unit),
            _figures(row.tried, row.unit),
            str(row.stored.get("statement_text") or ""),
            str(row.tried.get("statement_text") or ""),
            row.differs,
            row.why,
        )


def _figures(held: Any, unit: str) -> str:
    if not held.get("uncertainty_text"):
        return say("no result")
    return (
        f"{held['error_text']} ± {held['uncertainty_text']} {unit}"
        f" (k = {held['coverage_factor_text']})"
    )


class DeedsState(DesignerState):
    """What is open over the page, and what is done with the whole design."""

    templates: list[TemplateRow] = []
    sheets: list[SheetRow] = []
    tried_on: str = ""
    tried_words: str = ""
    what_if_rows: list[WhatIfText] = []

    @action(*SEE, reading=True)
    async def choose_template(self):
        """List the starter templates."""
        try:
            found = await ask(self, list_templates)
        except CalibraError as error:
            return notice(error)
        self.templates = [TemplateRow.of(row) for row in found]
        self.dialog = "template"
        return self._accepted()

    @action(EDIT)
    async def begin_from(self, key: str):
        """Begin from a template; its worked example fills the try-out. Undo brings all back."""
        try:
            design, sample = await ask(self, template_design, key)
        except CalibraError as error:
            return notice(error)
        return await self._replace(dict(design), dict(sample))

    @action(*SEE, reading=True)
    async def choose_file(self):
        """Ask for the text of an exported design."""
        self.dialog = "import"
        return self._accepted()

    @action(EDIT)
    async def take_file(self, form: Form):
        """Take the design of a file in place of this one; undo brings all back."""
        try:
            design, sample = await ask(self, read_design_file, typed.text(form, "file"))
        except CalibraError as error:
            self.errors, self.form_error = {"file": error.message}, ""
            return None
        return await self._replace(dict(design), dict(sample))

    @action(*SEE, reading=True)
    async def save_file(self):
        """Let the design leave as a file in an open format."""
        try:
            name, text = await ask(self, design_file, typed.identity(self._version_id))
        except CalibraError as error:
            return notice(error)
        return rx.download(data=text, filename=name)

    @action(EDIT)
    async def hand_over(self):
        """Hand the draft over for review."""
        return await self._step(submit_version, say("Handed over for review."))

    @action(EDIT)
    async def begin_revision(self):
        """Begin a new draft from what is shown."""
        draft = VersionDraft(design=self._design, sample=self._sample)
        try:
            version_id = await ask(self, draft_version, typed.identity(self.procedure_id), draft)
        except CalibraError as error:
            return notice(error)
        return rx.redirect(routes.design(version_id))

    @action(APPROVE)
    async def send_back(self):
        """Return the revision to its author."""
        return await self._step(send_back_version, say("Sent back to its author."))

    @action(APPROVE)
    async def approve(self, form: Form):
        """Sign that the revision is approved."""
        version_id = typed.identity(self._version_id)
        try:
            await ask(self, approve_version, version_id, typed.text(form, "password"))
        except CalibraError as error:
            return self._refused_in_dialog(error)
        self.dialog = ""
        return await self._again() or self._accepted(say("Approved and signed."))

    @action(APPROVE)
    async def put_in_effect(self):
        """Let work begin by this revision from today on."""
        return await self._step(put_in_effect, say("In effect from today on."))

    @action(*SEE, reading=True)
    async def show_sheets(self):
        """List the sheets that were begun by any revision of the procedure."""
        region = Region(self.locale, self.zone)
        rows: list[SheetRow] = []
        try:
            detail = await ask(self, get_procedure, typed.identity(self.procedure_id))
            for version in detail.versions:
                found = await ask(self, sheets_of_version, version.id)
                rows += [SheetRow.of(one, version.revision, region) for one in found]
        except CalibraError as error:
            return notice(error)
        self.sheets, self.what_if_rows, self.tried_on = rows, [], ""
        self.dialog = "sheets"
        return self._accepted()

    @action(*SEE, reading=True)
    async def try_on(self, key: str):
        """Evaluate an old sheet by this revision; what is on record stays as it is."""
        change = Change(version_id=typed.identity(self._version_id))
        try:
            sheet_id = SheetId(typed.identity(key))
            found = await ask(self, what_if, sheet_id, Phase.AS_FOUND, change)
        except CalibraError as error:
            return notice(error)
        self.tried_on = next((row.number for row in self.sheets if row.key == key), "")
        self.what_if_rows = [WhatIfText.of(row) for row in found.rows]
        self.tried_words = say(
            "{different} of {all} points would be different.",
            different=found.different,
            all=len(found.rows),
        )
        return None

    async def _replace(self, design: dict[str, Any], sample: dict[str, Any]) -> EventSpec | None:
        self.dialog, self.tab, self.table, self.opened, self.looked_at = "", "general", 0, "", ""
        self._past = [*self._past, packed(self._design, self._sample)]
        self._sample = sample
        self._design = {}
        said = await self._change(design, redraw=True)
        # The step in between, sample without design, is none to go back to.
        self._past = self._past[:-1]
        self.can_undo = bool(self._past)
        return said

    async def _step(self, service: Any, words: str) -> EventSpec | None:
        try:
            await ask(self, service, typed.identity(self._version_id))
        except CalibraError as error:
            return notice(error)
        return await self._again() or self._accepted(words)

    async def _again(self) -> EventSpec | None:
        return await self._reload()
