"""What the page of procedures knows and does."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

from reflex.event import EventSpec

from calibra_app.core.access import Permission
from calibra_app.core.errors import CalibraError
from calibra_app.services.scope import (
    ProcedureDetail,
    ProcedureDraft,
    ProcedureStatus,
    ProcedureSummary,
    VersionDraft,
    VersionSummary,
    add_procedure,
    approve_version,
    change_procedure,
    draft_version,
    get_procedure,
    list_models,
    list_procedures,
    put_in_effect,
    send_back_version,
    submit_version,
)
from calibra_app.ui import routes, typed
from calibra_app.ui.base import AppState, Refusals, ask, notice
from calibra_app.ui.components.status import Look
from calibra_app.ui.format import NOTHING, Region, day
from calibra_app.ui.gate import action
from calibra_app.ui.listing import Listing
from calibra_app.ui.typed import Form
from calibra_app.ui.words import say

# How the model is called that a laboratory designs itself.
DESIGNED = "designed"
EDIT, APPROVE = Permission.PROCEDURE_EDIT, Permission.PROCEDURE_APPROVE
SEE = (Permission.PROCEDURE_EDIT, Permission.LABORATORY_SEE)

LOOKS = {
    ProcedureStatus.DRAFT: Look("gray", "pencil-line", say("Draft"), ""),
    ProcedureStatus.IN_REVIEW: Look("amber", "scan-search", say("In review"), ""),
    ProcedureStatus.APPROVED: Look("blue", "badge-check", say("Approved"), ""),
    ProcedureStatus.EFFECTIVE: Look("green", "check", say("In effect"), ""),
    ProcedureStatus.SUPERSEDED: Look("gray", "archive", say("Superseded"), ""),
}


@dataclass(frozen=True, slots=True)
class ProcedureRow:
    """One line of the list, as text."""

    key: str
    code: str
    title: str
    discipline: str
    revision: str
    since: str

    @classmethod
    def of(cls, row: ProcedureSummary, region: Region) -> Self:
        """Return the line of one procedure."""
        revision = row.effective_revision
        return cls(
            str(row.id),
            row.code,
            row.title,
            row.discipline.capitalize(),
            NOTHING if revision is None else str(revision),
            day(row.effective_from, region=region),
        )


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One revision, as text."""

    key: str
    revision: str
    status: str
    words: str
    tone: str
    symbol: str
    since: str
    note: str
    settings: str
    designed: bool
    design: str

    @classmethod
    def of(cls, row: VersionSummary, region: Region) -> Self:
        """Return the line of one revision."""
        look = LOOKS[row.status]
        return cls(
            str(row.id),
            str(row.revision),
            row.status.value,
            look.words,
            look.tone,
            look.icon,
            day(row.effective_from, region=region),
            row.change_note,
            ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in row.settings.items()),
            row.designed,
            routes.design(row.id),
        )


@dataclass(frozen=True, slots=True)
class ProcedureText:
    """One procedure as its form shows it."""

    key: str = ""
    version: int = 0
    code: str = ""
    title: str = ""
    discipline: str = ""
    model: str = ""

    @classmethod
    def of(cls, detail: ProcedureDetail) -> Self:
        """Return one procedure as text."""
        draft = detail.draft
        return cls(
            str(detail.id),
            detail.version,
            draft.code,
            draft.title,
            draft.discipline,
            draft.model_key,
        )


class ProceduresState(Listing, Refusals, AppState):
    """The list, and the procedure beside it."""

    rows: list[ProcedureRow] = []
    procedure: ProcedureText = ProcedureText()
    versions: list[VersionRow] = []
    models: list[list[str]] = []
    # What is open: "detail", "edit", "version"; empty for nothing.
    open: str = ""
    model_versions: list[list[str]] = []

    @action(*SEE, reading=True)
    async def load(self):
        """Fill the list from its top."""
        self.open = ""
        return await self._read("")

    @action(*SEE, reading=True)
    async def find(self, text: str):
        """Search while somebody types."""
        self.search = text
        return await self._read("")

    @action(*SEE, reading=True)
    async def more(self):
        """Put the next page behind the others."""
        return await self._read(self.next_cursor)

    @action(*SEE, reading=True)
    async def open_one(self, key: str):
        """Open one procedure beside the list."""
        self.open = "detail"
        return await self._show(key)

    @action(*SEE, reading=True)
    async def close(self):
        """Close what is open; what was typed is gone."""
        self.open = ""

    @action(EDIT)
    async def open_form(self, name: str):
        """Open a form: new, edit or version."""
        self._accepted()
        try:
            models = await ask(self, list_models)
        except CalibraError as error:
            return notice(error)
        self.models = [[model.key, f"{model.key}  {model.title}"] for model in models]
        self.model_versions = [
            [model.version or DESIGNED, model.version or model.title]
            for model in models
            if model.key in {self.procedure.model, DESIGNED}
        ][:: 1 if self.procedure.model == DESIGNED else -1]
        if name == "new":
            self.procedure = ProcedureText()
        self.open = "version" if name == "version" else "edit"
        return None

    @action(EDIT)
    async def save(self, form: Form):
        """Enter or change the procedure in the form."""
        draft = ProcedureDraft(
            typed.text(form, "code") or self.procedure.code,
            typed.text(form, "title"),
            typed.text(form, "discipline"),
            typed.text(form, "model_key") or self.procedure.model,
        )
        try:
            if self.procedure.key:
                procedure_id = typed.identity(self.procedure.key)
                await ask(self, change_procedure, procedure_id, self.procedure.version, draft)
            else:
                procedure_id = await ask(self, add_procedure, draft)
        except CalibraError as error:
            return self._refused(error)
        self.open = "detail"
        refused = await self._show(str(procedure_id)) or await self._read("")
        return refused or self._accepted(say("{code} is saved.", code=draft.code))

    @action(EDIT)
    async def save_version(self, form: Form):
        """Begin a revision of the procedure."""
        minutes = typed.text(form, "warm_up_minutes")
        try:
            typed.maybe_whole(form, "warm_up_minutes")
            version = typed.text(form, "model_version")
            draft = VersionDraft(
                model_version=version,
                designed=version == DESIGNED,
                settings={"warm_up_minutes": minutes} if minutes else {},
                change_note=typed.text(form, "change_note"),
            )
            await ask(self, draft_version, typed.identity(self.procedure.key), draft)
        except CalibraError as error:
            return self._refused(error)
        self.open = "detail"
        return await self._show(self.procedure.key) or self._accepted()

    @action(EDIT)
    async def submit(self, key: str):
        """Hand a draft over for review."""
        return await self._step(submit_version, key)

    @action(APPROVE)
    async def send_back(self, key: str):
        """Return a revision from review to its author."""
        return await self._step(send_back_version, key)

    @action(APPROVE)
    async def approve(self, key: str):
        """Approve a revision in review."""
        return await self._step(approve_version, key)

    @action(APPROVE)
    async def put_in_effect(self, key: str):
        """Let work begin by an approved revision from today on."""
        return await self._step(put_in_effect, key) or await self._read("")

    async def _step(self, service: Callable[..., Any], key: str) -> EventSpec | None:
        try:
            await ask(self, service, typed.identity(key))
        except CalibraError as error:
            return notice(error)
        return await self._show(self.procedure.key)

    async def _show(self, key: str) -> EventSpec | None:
        try:
            detail = await ask(self, get_procedure, typed.identity(key))
        except CalibraError as error:
            self.open = ""
            return notice(error)
        region = Region(self.locale, self.zone)
        self.procedure = ProcedureText.of(detail)
        self.versions = [VersionRow.of(row, region) for row in detail.versions]
        return None

    async def _read(self, cursor: str) -> EventSpec | None:
        try:
            page = await ask(self, list_procedures, self.search, cursor=cursor)
        except CalibraError as error:
            self.loading = False
            return notice(error)
        region = Region(self.locale, self.zone)
        new = [ProcedureRow.of(row, region) for row in page.rows]
        self.rows = [*self.rows, *new] if cursor else new
        self._take(self.rows, page, say("{count} procedure"), say("{count} procedures"))
        return None
