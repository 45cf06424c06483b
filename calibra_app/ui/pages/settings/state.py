"""What the page of settings knows and does."""

import base64
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields

import reflex as rx
from reflex.event import EventSpec

from calibra_app.adapters import storage
from calibra_app.adapters.logo import clean_logo
from calibra_app.core.access import Permission
from calibra_app.core.errors import CalibraError, Invalid
from calibra_app.services.settings.face import (
    FaceDraft,
    FaceRevision,
    change_face,
    latest_face,
    list_faces,
    restore_face,
)
from calibra_app.services.settings.number_patterns import FIELDS
from calibra_app.services.settings.options import (
    OPTIONAL,
    Limits,
    Particulars,
    Settings,
    Workflow,
    change_limits,
    change_particulars,
    change_patterns,
    change_workflow,
    get_settings,
    preview_numbers,
)
from calibra_app.services.uploads import open_upload
from calibra_app.ui import format as shown
from calibra_app.ui import notices, typed
from calibra_app.ui.base import AppState, Refusals, ask, current_actor, notice
from calibra_app.ui.components.status import look_of
from calibra_app.ui.format import Region
from calibra_app.ui.gate import action
from calibra_app.ui.pages.settings.face import preview_stylesheet, what_became
from calibra_app.ui.typed import Form
from calibra_app.ui.words import say, say_number

SET = Permission.BRANDING_SET
# The one section that is not a form: what the worker gave up.
FAILED = "failed"
SECTIONS: Mapping[str, tuple[str, str]] = {
    "laboratory": (say("Laboratory"), "building"),
    "branding": (say("Branding"), "palette"),
    "papers": (say("Certificates and papers"), "stamp"),
    "numbers": (say("Numbers"), "hash"),
    "workflow": (say("Workflow"), "split"),
    "money": (say("Money limits"), "coins"),
    FAILED: (say("Failed work"), "triangle-alert"),
}


@dataclass(frozen=True, slots=True)
class RevisionRow:
    """One revision of the face, as text."""

    revision: int
    words: str
    colour: str
    current: bool


@dataclass(frozen=True, slots=True)
class StateRow:
    """One optional state of the workflow."""

    name: str
    words: str
    symbol: str
    tone: str
    used: bool


@dataclass(frozen=True, slots=True)
class NumbersRow:
    """The next ten numbers of one kind."""

    words: str
    numbers: list[str]


KINDS: Mapping[str, str] = {
    "srf": say("Requests"),
    "quotation": say("Quotations"),
    "invoice": say("Invoices"),
    "certificate": say("Certificates"),
}


class SettingsState(Refusals, AppState):
    """The settings as they are stored, what was typed since, and what that would look like."""

    loading: bool = True
    section: str = "branding"
    # Counts up when the form has to begin anew from what is stored.
    turn: int = 0
    changeable: bool = False
    workflow_changeable: bool = False
    subject: str = ""
    stored: dict[str, str] = {}
    now: dict[str, str] = {}
    changes: int = 0
    changes_told: str = ""
    currency: str = ""
    states: list[StateRow] = []
    coming: list[NumbersRow] = []
    logo: str = ""
    stylesheet: str = ""
    sentence: str = ""
    revisions: list[RevisionRow] = []

    _version: int = 0
    _revision: int = 0
    _logo_id: str = ""
    _stored_logo: str = ""

    @action(SET, reading=True)
    async def load(self):
        """Show the settings."""
        wanted = str(self.router.page.params.get("section", ""))
        if self._opens(wanted):
            self.section = wanted
        return await self._read()

    @action(SET, reading=True)
    async def choose(self, section: str):
        """Show another section; what was typed has to be saved or discarded before."""
        if section == self.section or not self._opens(section):
            return None
        if self.changes:
            return notices.warned(say("Save or discard your changes first."))
        self.section = section
        return await self._read()

    @action(SET, reading=True)
    async def touch(self, name: str, text: str):
        """Take note of what is typed, and show what it would look like."""
        if name not in self.stored:
            return
        self.now = {**self.now, name: text}
        self._count()
        if name == "colour":
            self._paint()
        if name in KINDS:
            await self._number(name)

    @action(SET, reading=True)
    async def pick(self, colour: str):
        """Take a colour from the picker into the field."""
        self.now = {**self.now, "colour": colour}
        self._count()
        self._paint()
        return rx.set_value("colour", colour)

    @action(SET, reading=True)
    async def discard(self):
        """Begin anew from what is stored."""
        return await self._read()

    @action(SET)
    async def take_logo(self, file_id: str, name: str):
        """Show a logo that was stored just now; it is used once it is saved."""
        del name
        try:
            file = await ask(self, open_upload, typed.identity(file_id))
            actor = await current_actor(self)
            # Whatever the file was put there for, only what can be a logo gets through.
            clean = clean_logo(storage.get(actor.tenant_id, file.sha256))
        except CalibraError as error:
            return notice(error)
        encoded = base64.b64encode(clean.content).decode()
        self.logo = f"data:{clean.media_type};base64,{encoded}"
        self._logo_id = file_id
        self._count()
        return None

    @action(SET)
    async def remove_logo(self):
        """Show the laboratory's first letter instead; it is used once it is saved."""
        self.logo, self._logo_id = "", ""
        self._count()

    @action(SET)
    async def save(self, form: Form):
        """Save the section that is shown."""
        try:
            match self.section:
                case "branding" | "papers":
                    return await self._save_face(form)
                case "laboratory":
                    names = [each.name for each in fields(Particulars)]
                    draft = Particulars(**{name: typed.text(form, name) for name in names})
                    await ask(self, change_particulars, self._version, draft)
                case "numbers":
                    patterns = {kind: typed.text(form, kind) for kind in KINDS}
                    await ask(self, change_patterns, self._version, patterns)
                case "money":
                    await ask(self, change_limits, self._version, _limits(form))
                case _:
                    reason = typed.text(form, "reason")
                    await ask(self, change_workflow, self._version, _workflow(form), reason)
        except CalibraError as error:
            return self._refused(error)
        return await self._read() or self._accepted(say("Saved. It holds from now on."))

    @action(SET)
    async def restore(self, revision: int):
        """Take an older face back into use."""
        try:
            face = await ask(self, restore_face, self._revision, revision)
        except CalibraError as error:
            return notice(error)
        return await self._read() or self._repainted(face.revision)

    def _opens(self, section: str) -> bool:
        repeats = str(Permission.JOB_RETRY) in self.permissions
        return section in SECTIONS and (section != FAILED or repeats)

    async def _save_face(self, form: Form) -> EventSpec | None:
        known = {**self.stored, **{name: typed.text(form, name) for name in form}}
        draft = FaceDraft(
            colour=known["colour"],
            sender_name=known["sender_name"],
            sender_email=known["sender_email"],
            certificate_header=known["certificate_header"],
            certificate_footer=known["certificate_footer"],
            logo=self.logo,
            logo_id=typed.identity(self._logo_id) if self._logo_id else None,
        )
        face = await ask(self, change_face, self._revision, draft)
        return await self._read() or self._repainted(face.revision)

    def _repainted(self, revision: int) -> EventSpec | None:
        self.painted = f"/api/v1/branding.css?{revision}"
        return self._accepted(say("Saved. The site wears it now, and so will the next paper."))

    async def _read(self) -> EventSpec | None:
        self._accepted()
        try:
            actor = await current_actor(self)
            settings = await ask(self, get_settings)
            face = await ask(self, latest_face)
            faces = await ask(self, list_faces)
        except CalibraError as error:
            self.loading = False
            return notice(error)
        notes = actor.notes(SET)
        self.changeable = actor.may(SET) and not notes
        self.workflow_changeable = self.changeable or "workflow" in notes
        self._version, self._revision = settings.version, face.revision
        self.subject = str(settings.id)
        self.currency = settings.currency
        self._stored_logo = self.logo = face.draft.logo
        self._logo_id = str(face.draft.logo_id or "")
        self.states = _states(settings)
        self.stored = _texts(settings, face)
        self.now = {}
        self.turn += 1
        self._count()
        self._paint()
        self._history(faces)
        if self.section == "numbers":
            self.coming = []
            for kind in KINDS:
                await self._number(kind)
        self.loading = False
        return None

    def _count(self) -> None:
        changed = [name for name, text in self.now.items() if text != self.stored.get(name)]
        self.changes = len(changed) + (self.logo != self._stored_logo)
        self.changes_told = say_number(
            "{count} unsaved change", "{count} unsaved changes", self.changes
        )

    def _paint(self) -> None:
        colour = self.now.get("colour", self.stored.get("colour", "")).strip().lower()
        try:
            self.stylesheet = preview_stylesheet(colour)
            self.sentence = what_became(colour)
        except ValueError:
            # What is half typed leaves the preview as it was.
            self.sentence = say("Write the colour as # and six digits or letters a to f.")

    def _history(self, faces: tuple[FaceRevision, ...]) -> None:
        region = Region(zone=self.zone)
        self.revisions = [
            RevisionRow(
                each.revision,
                say(
                    "Revision {revision}, {day}, {person}",
                    revision=each.revision,
                    day=shown.day(each.made_at, region=region),
                    person=each.made_by or say("Calibra"),
                ),
                each.draft.colour,
                each.revision == self._revision,
            )
            for each in faces
        ]

    async def _number(self, kind: str) -> None:
        pattern = self.now.get(kind, self.stored[kind])
        errors = {name: text for name, text in self.errors.items() if name != kind}
        numbers: list[str] = []
        try:
            numbers = [*await ask(self, preview_numbers, kind, pattern)]
        except Invalid as error:
            errors[kind] = error.message
        except CalibraError:
            return
        self.errors = errors
        others = [row for row in self.coming if row.words != KINDS[kind]]
        order = [*KINDS.values()]
        self.coming = sorted(
            [*others, NumbersRow(KINDS[kind], numbers)], key=lambda row: order.index(row.words)
        )


def _texts(settings: Settings, face: FaceRevision) -> dict[str, str]:
    texts = dict(asdict(settings.particulars))
    for name, value in asdict(settings.limits).items():
        texts[name] = f"{value:f}" if hasattr(value, "as_tuple") else str(value)
    texts |= settings.patterns
    texts["close_after_days"] = str(settings.workflow.close_after_days)
    texts["info_lapse_days"] = str(settings.workflow.info_lapse_days)
    texts["reason"] = ""
    for state, used in settings.workflow.states.items():
        texts[state.value] = "true" if used else "false"
    names = ("colour", "sender_name", "sender_email", "certificate_header", "certificate_footer")
    return texts | {name: str(getattr(face.draft, name)) for name in names}


def _states(settings: Settings) -> list[StateRow]:
    rows: list[StateRow] = []
    for state, used in settings.workflow.states.items():
        look = look_of(state)
        rows.append(StateRow(state.value, look.words, look.icon, look.tone, used))
    return rows


def _limits(form: Form) -> Limits:
    return Limits(
        typed.number(form, "tax_rate"),
        typed.number(form, "discount_limit_percent"),
        typed.number(form, "net_limit"),
        _whole(form, "quotation_valid_days"),
        _whole(form, "payment_days"),
    )


def _workflow(form: Form) -> Workflow:
    return Workflow(
        {state: typed.ticked(form, state.value) for state in OPTIONAL},
        _whole(form, "close_after_days"),
        _whole(form, "info_lapse_days"),
    )


def _whole(form: Form, name: str) -> int:
    value = typed.maybe_whole(form, name)
    if value is None:
        raise Invalid(say("Give a whole number."), field=name)
    return value


FIELDS_OF = {kind: ", ".join(f"{{{name}}}" for name in FIELDS[kind][0]) for kind in KINDS}
