"""The deeds around a quotation: further lines, conditions, approval, sending, answers."""

from collections.abc import Callable
from typing import Any

import reflex as rx
from reflex_base.event import EventSpec

from calibra_app.core.access import Permission
from calibra_app.core.errors import CalibraError, Conflict
from calibra_app.core.ids import RevisionId
from calibra_app.services.quotations import QuotationLineKind
from calibra_app.services.quotations.answers import (
    Reaction,
    accept_offer,
    ask_change,
    reject_offer,
)
from calibra_app.services.quotations.editing import (
    NewLine,
    add_line,
    duplicate_line,
    remove_line,
    set_conditions,
    set_discount,
)
from calibra_app.services.quotations.offers import back_to_review
from calibra_app.services.quotations.queries import QuotationDetail
from calibra_app.services.quotations.revisions import renew
from calibra_app.services.quotations.sending import (
    approve,
    ask_approval,
    back_to_draft,
    send_again,
    send_offer,
)
from calibra_app.ui import typed
from calibra_app.ui.base import ask, notice
from calibra_app.ui.gate import action
from calibra_app.ui.pages.quotations.editor import SEE, WRITE, QuotationState
from calibra_app.ui.typed import Form
from calibra_app.ui.words import say

SEND = Permission.QUOTATION_SEND
ANSWER = Permission.QUOTATION_ANSWER
_ANSWERS = {"accept": accept_offer, "reject": reject_offer, "change": ask_change}
_DIALOGS = frozenset(
    {"line", "discount", "conditions", "approval", "approve", "send", "again", "review", "answer"}
)


class QuotationDeeds(QuotationState):
    """The dialogs of the editor."""

    # Which dialog is open: "", "line", "discount", "conditions", "approval", "approve", "send",
    # "again", "review", "answer".
    dialog: str = ""
    busy: bool = False

    @action(SEE, reading=True)
    async def open(self, which: str):
        """Open a dialog."""
        self._accepted()
        self.dialog = which if which in _DIALOGS else ""

    @action(SEE, reading=True)
    async def close(self):
        """Close the open dialog; what was typed is gone."""
        self._accepted()
        self.dialog = ""

    @action(WRITE)
    async def add_line(self, form: Form):
        """Add a service, travel or another line."""
        try:
            new = NewLine(
                typed.choice(form, "kind", QuotationLineKind),
                typed.text(form, "description"),
                typed.number(form, "unit_price"),
            )
            await ask(self, add_line, self._id(), new)
        except CalibraError as error:
            return self._refused(error)
        return await self._done()

    @action(WRITE)
    async def duplicate(self):
        """Add a copy of the chosen line."""
        return await self._on_line(duplicate_line)

    @action(WRITE)
    async def take_off(self):
        """Take the chosen line off, or put it back."""
        return await self._on_line(remove_line, removed=not self.scope.removed)

    @action(WRITE)
    async def set_discount(self, form: Form):
        """Set the discount on the calibrations."""
        try:
            percent = typed.number(form, "discount_percent")
            await ask(self, set_discount, self._id(), percent, typed.text(form, "reason"))
        except CalibraError as error:
            return self._refused(error)
        return await self._done()

    @action(WRITE)
    async def set_conditions(self, form: Form):
        """Set until when the offer holds, and its terms."""
        try:
            until = typed.day(form, "valid_until")
            await ask(self, set_conditions, self._id(), until, typed.text(form, "terms"))
        except CalibraError as error:
            return self._refused(error)
        return await self._done()

    @action(WRITE)
    async def ask_approval(self, form: Form):
        """Ask the laboratory manager for what is above the limit."""
        try:
            await ask(self, ask_approval, self._id(), typed.text(form, "reason"))
        except CalibraError as error:
            return self._refused(error)
        return await self._done(say("The laboratory manager is asked."))

    @action(Permission.DISCOUNT_APPROVE)
    async def approve(self, form: Form):
        """Approve the price, signed."""
        try:
            await ask(self, approve, self._id(), typed.text(form, "password"))
        except CalibraError as error:
            return self._refused(error)
        return await self._done(say("Approved."))

    @action(WRITE, Permission.DISCOUNT_APPROVE)
    async def back_to_draft(self):
        """Take the revision back from approval to change it."""
        try:
            await ask(self, back_to_draft, self._id())
        except CalibraError as error:
            return notice(error)
        return await self._done()

    @action(SEND)
    async def send(self, form: Form):
        """Send the offer to the customer; printing follows by itself."""
        self.busy = True
        try:
            await ask(self, send_offer, self._id(), self._seen().version, to=typed.text(form, "to"))
        except CalibraError as error:
            return self._refused(error)
        finally:
            self.busy = False
        return await self._done(say("The offer is on its way."))

    @action(SEND)
    async def send_again(self, form: Form):
        """Mail a fresh link; the one before stops working."""
        try:
            await ask(self, send_again, self._id(), typed.text(form, "to"))
        except CalibraError as error:
            return self._refused(error)
        return await self._done(say("A fresh link is on its way."))

    @action(WRITE)
    async def renew(self):
        """Write the next revision at today's prices."""
        try:
            await ask(self, renew, self._id())
        except CalibraError as error:
            return notice(error)
        return await self._done(say("Renewed at today's prices."))

    @action(WRITE)
    async def back_to_review(self, form: Form):
        """Take the request back into contract review."""
        try:
            seen = self._seen().srf_version
            await ask(self, back_to_review, self._id(), seen, typed.text(form, "reason"))
        except CalibraError as error:
            return self._refused(error)
        return [await self._done(), rx.redirect(self.srf_path)]

    @action(ANSWER)
    async def enter_answer(self, form: Form):
        """Write down what the customer answered, and how that is known."""
        deed = _ANSWERS.get(typed.text(form, "answer"))
        reaction = Reaction(
            remark=typed.text(form, "remark"), evidence=typed.text(form, "evidence")
        )
        try:
            if deed is None:
                raise Conflict(say("Choose what the customer answered."), field="answer")
            await ask(self, deed, RevisionId(self._seen().revision_id), reaction)
        except CalibraError as error:
            return self._refused(error)
        return await self._done(say("The answer is entered."))

    def _seen(self) -> QuotationDetail:
        if self._detail is None:
            raise Conflict(say("Open the quotation again."))
        return self._detail

    async def _on_line(self, deed: Callable[..., Any], **named: Any) -> EventSpec | None:
        try:
            await ask(self, deed, self._id(), typed.identity(self.selected), **named)
        except CalibraError as error:
            return notice(error)
        return await self._done()

    async def _done(self, sentence: str = "") -> EventSpec | None:
        self.dialog, self.view = "", ""
        told = self._accepted(sentence)
        return await self._show() or told
