"""What is done on an observation sheet besides typing: standards, room, adjustment, submission."""

from typing import Any

import reflex as rx
from reflex.event import EventSpec

from calibra_app.core.access import Permission
from calibra_app.core.errors import CalibraError, Invalid
from calibra_app.core.ids import StandardId
from calibra_app.services.calibrations import (
    AdjustmentDraft,
    ConditionDraft,
    accept_conditions,
    answer_remark,
    ask_adjustment,
    declare_no_adjustment,
    drop_standard,
    except_standard,
    explain_missing_as_found,
    omit_point,
    pick_standard,
    prereview,
    record_adjustment,
    record_condition,
    standards_to_pick,
    submit_sheet,
    tick_warm_up,
)
from calibra_app.services.equipment import StandardNotFit
from calibra_app.ui import format as shown
from calibra_app.ui import notices, routes, typed
from calibra_app.ui.base import ask, notice
from calibra_app.ui.gate import action
from calibra_app.ui.pages.sheets.rows import FindingRow, StandardRow
from calibra_app.ui.pages.sheets.state import ENTER, SEE, SheetState
from calibra_app.ui.typed import Form
from calibra_app.ui.words import say


class SheetDeeds(SheetState):
    """The dialogs of an observation sheet."""

    # Which dialog is open: "", "standards", "conditions", "omit", "findings", "sign", "ask".
    dialog: str = ""
    choices: list[StandardRow] = []
    refused: str = ""
    alternatives: list[str] = []
    findings: list[FindingRow] = []
    replacing: str = ""
    # How many readings of the room were saved: the next one begins with an empty field.
    saved: int = 0
    busy: bool = False
    # Where the grid is sent, and how often it was.
    goal: str = ""
    went: int = 0

    @action(SEE, reading=True)
    async def close(self):
        """Close the open dialog."""
        self.dialog, self.refused, self.alternatives, self.replacing = "", "", [], ""
        self._accepted()

    @action(SEE, reading=True)
    async def open_standards(self):
        """Show the standards of the sheet, and those that may be taken."""
        self._accepted()
        self.refused, self.alternatives = "", []
        try:
            await self._read_choices()
        except CalibraError as error:
            return notice(error)
        self.dialog = "standards"
        return None

    @action(ENTER)
    async def scan(self, form: Form):
        """Take the standard whose code was typed or scanned."""
        code = typed.text(form, "standard")
        if not code:
            return self._refused(Invalid(say("Scan or type a standard."), field="standard"))
        return await self._pick(code)

    @action(ENTER)
    async def pick(self, code: str):
        """Take a standard from the list, or one of the alternatives."""
        return await self._pick(code)

    @action(ENTER)
    async def drop(self, key: str):
        """Take a standard off the sheet."""
        try:
            await ask(self, drop_standard, self._sheet(), StandardId(typed.identity(key)))
            await self._read()
            await self._read_choices()
        except CalibraError as error:
            return notice(error)
        return None

    @action(Permission.STANDARD_EXCEPTION_USE)
    async def sign_exception(self, form: Form):
        """Sign that an expired standard is used on this sheet."""
        code, reason = typed.text(form, "excepted"), typed.text(form, "cause")
        try:
            if not code:
                raise Invalid(say("Which standard is it?"), field="standard")
            await ask(
                self, except_standard, self._sheet(), code, reason, typed.text(form, "password")
            )
            await self._read()
        except CalibraError as error:
            if error.field == "standard":
                # The field into which somebody who measures scans has that name already.
                error.field = "excepted"
            return self._refused_in_dialog(error, "cause")
        self.dialog = ""
        return self._accepted(say("{code} is used under your exception.", code=code))

    @action(Permission.DEVIATION_ADD)
    async def sign_conditions(self, form: Form):
        """Sign that readings of the room outside its limits are accepted."""
        reason, password = typed.text(form, "cause"), typed.text(form, "password")
        try:
            await ask(self, accept_conditions, self._sheet(), reason, password)
            await self._read()
        except CalibraError as error:
            return self._refused_in_dialog(error, "cause")
        self.dialog = ""
        return self._accepted(say("The conditions are accepted; the papers state it."))

    @action(SEE, reading=True)
    async def open_conditions(self):
        """Show the readings of the room."""
        self._accepted()
        self.dialog = "conditions"

    @action(ENTER)
    async def replace_condition(self, key: str):
        """Begin to replace a reading that was a slip."""
        self.replacing = "" if self.replacing == key else key

    @action(ENTER)
    async def save_condition(self, form: Form):
        """Write down a reading of the room."""
        try:
            draft = ConditionDraft(
                typed.text(form, "quantity"),
                typed.number(form, "value"),
                typed.text(form, "source"),
                typed.identity(self.replacing) if self.replacing else None,
                typed.text(form, "reason"),
            )
            within = await ask(self, record_condition, self._sheet(), draft)
            await self._read()
        except CalibraError as error:
            return self._refused_in_dialog(error, "reason")
        self.replacing = ""
        self.saved += 1
        self._accepted()
        if not within:
            told = notices.warned(say("This reading is outside the limits of the room."))
        else:
            told = notices.done(say("Reading of the room saved."))
        return [told, notices.focus("value")]

    @action(ENTER)
    async def warm_up(self):
        """Confirm that item and standards have warmed up, or take it back."""
        return await self._do(tick_warm_up, done=not self.head.warmed_up)

    @action(ENTER)
    async def declare(self, declared: bool):
        """Declare that nothing was adjusted, or take it back."""
        return await self._do(declare_no_adjustment, declared=declared)

    @action(ENTER)
    async def adjust(self, form: Form):
        """Record what was adjusted and why."""
        draft = AdjustmentDraft(typed.text(form, "what"), typed.text(form, "why"))
        try:
            await ask(self, record_adjustment, self._sheet(), draft)
            self.phase = "as_left"
            await self._read()
        except CalibraError as error:
            return self._refused(error)
        return self._accepted(say("Adjustment recorded. Read as left now."))

    @action(ENTER)
    async def explain(self, form: Form):
        """Give the reason why as found could not be read."""
        try:
            reason = typed.text(form, "reason")
            await ask(self, explain_missing_as_found, self._sheet(), reason)
            await self._read()
        except CalibraError as error:
            return self._refused(error)
        return self._accepted(say("Reason saved."))

    @action(Permission.INFORMATION_EXCHANGE)
    async def ask_customer(self, form: Form):
        """Ask the customer whether the item may be adjusted."""
        try:
            await ask(
                self,
                ask_adjustment,
                self._sheet(),
                self.line_version,
                typed.text(form, "question"),
                typed.maybe_number(form, "price"),
            )
            await self._read()
        except CalibraError as error:
            return self._refused_in_dialog(error, "question")
        return self._accepted(say("The customer is asked; the line waits for the answer."))

    @action(ENTER)
    async def open_omit(self):
        """Ask why the selected point is left out."""
        self._accepted()
        self.dialog = "omit"

    @action(ENTER)
    async def omit(self, form: Form):
        """Leave the selected point out, with who accepted it; or take it in again."""
        try:
            await ask(self, omit_point, self._sheet(), self.point.key, typed.text(form, "reason"))
            await self._read()
        except CalibraError as error:
            return self._refused_in_dialog(error, "reason")
        self.dialog = ""
        return self._accepted()

    @action(Permission.SHEET_SIGN)
    async def answer(self, key: str, form: Form):
        """Answer a returned cell that was right as it stood."""
        try:
            await ask(self, answer_remark, typed.identity(key), typed.text(form, "answer"))
            await self._read()
        except CalibraError as error:
            return notice(error)
        return None

    @action(Permission.SHEET_SIGN)
    async def open_submit(self):
        """Look at the sheet as the guards do; then ask for the signature."""
        self._accepted()
        try:
            await self._read()
            found = await ask(self, prereview, self._sheet())
        except CalibraError as error:
            return notice(error)
        self.findings = [FindingRow.of(finding) for finding in found]
        self.dialog = "findings" if found else "sign"
        return None

    @action(SEE, reading=True)
    async def jump(self, target: str):
        """Go to where an objection can be met."""
        self.dialog = ""
        try:
            return await self._go_to(target)
        except CalibraError as error:
            return notice(error)

    @action(Permission.SHEET_SIGN)
    async def submit(self, form: Form):
        """Sign as performed and hand the sheet over to review."""
        password = form.get("password")
        try:
            await ask(
                self,
                submit_sheet,
                self._sheet(),
                self.line_version,
                password if isinstance(password, str) else "",
            )
        except CalibraError as error:
            return self._refused_in_dialog(error)
        self.dialog = ""
        self._accepted()
        await self._read()
        return [notices.done(say("Submitted for review.")), rx.redirect(routes.WORK)]

    async def _go_to(self, target: str) -> EventSpec | None:
        if target == "standards":
            await self._read_choices()
        if target in {"standards", "conditions"}:
            self.dialog = target
            return None
        if target == "adjustment":
            self.phase = "adjustment"
            return None
        if target == "warm_up":
            return notices.focus("warm-up")
        self.phase = "as_left" if target.startswith("as_left") else "as_found"
        self.selected = target
        await self._read()
        if any(row["id"] == target for row in self.rows):
            self.went += 1
            self.goal = f"{target}#{self.went}"
        return None

    async def _pick(self, code: str) -> EventSpec | None:
        self.refused, self.alternatives = "", []
        try:
            await ask(self, pick_standard, self._sheet(), code)
            await self._read()
            await self._read_choices()
        except StandardNotFit as error:
            self._accepted()
            self.refused = f"{error.refusal.code}: {error.refusal.reason}"
            self.alternatives = [each.code for each in error.refusal.alternatives]
            return None
        except CalibraError as error:
            return self._refused_in_dialog(error)
        return self._accepted(say("{code} taken; its data are frozen for this sheet.", code=code))

    async def _read_choices(self) -> None:
        today = shown.today(self.zone)
        self.choices = [
            StandardRow(
                str(each.id),
                each.code,
                each.name,
                shown.day(each.due_on, region=self._region(), today=today),
                each.location,
                each.due_soon,
            )
            for each in await ask(self, standards_to_pick, self._sheet())
        ]

    async def _do(self, service: Any, **arguments: Any) -> EventSpec | None:
        try:
            await ask(self, service, self._sheet(), **arguments)
            await self._read()
        except CalibraError as error:
            return notice(error)
        return None
