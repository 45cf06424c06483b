"""What somebody does with the lines of a request: reviewing them, and taking their items in."""

from typing import Any

from calibra_app.core.access import Permission
from calibra_app.core.errors import CalibraError, Invalid
from calibra_app.core.ids import LineId
from calibra_app.services.scope import list_providers
from calibra_app.services.srf.receipt import (
    Arrival,
    Damage,
    ItemCondition,
    receive_items,
    report_condition,
)
from calibra_app.services.srf.review import (
    BY_KEY,
    Answer,
    Given,
    Marking,
    answer_review,
    check_scope,
    confirm_proposals,
    mark_line,
)
from calibra_app.ui import typed
from calibra_app.ui.base import ask
from calibra_app.ui.gate import action
from calibra_app.ui.pages.requests.rows import LineRow, ReviewRow
from calibra_app.ui.pages.requests.state import RequestState
from calibra_app.ui.typed import Form
from calibra_app.ui.words import say, say_number

RIGHTS = (Permission.CONTRACT_REVIEW_TECHNICAL, Permission.CONTRACT_REVIEW_COMMERCIAL)


class ReviewState(RequestState):
    """The contract review of the lines."""

    review: ReviewRow = ReviewRow()
    answering: bool = False
    marking: bool = False
    providers: list[list[str]] = []

    @action(*RIGHTS)
    async def check_scope(self):
        """Look up scope, people and standards anew."""
        try:
            await ask(self, check_scope, self._id())
        except CalibraError as error:
            return self._refused(error)
        return await self._after(say("Scope, people and standards are looked up."))

    @action(*RIGHTS)
    async def confirm(self):
        """Confirm every proposal that is mine to confirm."""
        try:
            count = await ask(self, confirm_proposals, self._id())
        except CalibraError as error:
            return self._refused(error)
        told = say_number("{count} answer is confirmed.", "{count} answers are confirmed.", count)
        return await self._after(told)

    @action(*RIGHTS)
    async def open_answers(self, key: str):
        """Show the questions of one line to be answered."""
        self._accepted()
        self._choose(key)
        self.answering = bool(self.review.key)

    @action(*RIGHTS)
    async def open_marking(self, key: str):
        """Ask how points outside the scope are dealt with."""
        self._accepted()
        self._choose(key)
        procedure = next((row.procedure for row in self.lines if row.key == key), "")
        try:
            found = await ask(self, list_providers, procedure)
        except CalibraError as error:
            return self._refused(error)
        self.providers = [[str(each.id), each.draft.name] for each in found]
        self.marking = bool(self.review.key)
        return None

    @action(*RIGHTS)
    async def close_review(self):
        """Close the dialog."""
        self.answering = self.marking = False

    @action(*RIGHTS)
    async def save_answers(self, form: Form):
        """Answer the questions of one line."""
        try:
            answers = {
                key: Given(typed.choice(form, key, Answer), typed.text(form, f"note-{key}"))
                for key in BY_KEY
                if typed.text(form, key)
            }
            line_id = LineId(typed.identity(self.review.key))
            await ask(self, answer_review, line_id, self.review.version, answers)
        except CalibraError as error:
            return self._refused_in_dialog(error)
        self.answering = False
        return await self._after(say("Line {at} is answered.", at=self.review.position))

    @action(*RIGHTS)
    async def mark(self, form: Form):
        """Mark the line as done without accreditation, or by a provider."""
        way = typed.text(form, "way")
        try:
            provider = typed.identity(typed.text(form, "provider"), "provider")
        except CalibraError as error:
            if way == "provider":
                return self._refused(error)
            provider = None
        # A provider's work is not ours to accredit.
        marking = Marking(way == "accredited", provider if way == "provider" else None)
        try:
            line_id = LineId(typed.identity(self.review.key))
            await ask(self, mark_line, line_id, self.review.line_version, marking)
        except CalibraError as error:
            return self._refused(Invalid(error.message, field=error.field or "provider"))
        self.marking = False
        return await self._after(say("Line {at} is marked.", at=self.review.position))

    def _choose(self, key: str) -> None:
        known = [row for row in self.reviews if row.key == key]
        self.review = known[0] if known else ReviewRow()


class ReceiptState(RequestState):
    """Taking items in at the desk, and damage that is found later."""

    receiving: bool = False
    reporting: bool = False
    # Lines whose remark and photo were asked for: that part stays unfolded until all is in.
    unfolded: list[str] = []
    line: LineRow = LineRow()

    @action(Permission.ITEM_RECEIVE)
    async def open_receipt(self):
        """Show the items that may be taken in."""
        self._accepted()
        self.receiving, self.unfolded = True, []

    @action(Permission.ITEM_RECEIVE)
    async def open_report(self, key: str):
        """Ask what is wrong with an item that is here."""
        self._accepted()
        known = [row for row in self.lines if row.key == key]
        self.line = known[0] if known else LineRow()
        self.reporting = bool(known)

    @action(Permission.ITEM_RECEIVE)
    async def close_receipt(self):
        """Close the dialog."""
        self.receiving = self.reporting = False

    @action(Permission.ITEM_RECEIVE)
    async def photo_kept(self, file_id: str, name: str):
        """Say that a photo was stored; it belongs to its line already."""
        return self._accepted(say("{name} is stored.", name=name)) if file_id else None

    @action(Permission.ITEM_RECEIVE)
    async def receive(self, form: Form):
        """Take the ticked items into custody; labels and receipt are printed."""
        try:
            arrivals = [
                self._arrival(row, form)
                for row in self.lines
                if typed.ticked(form, f"here-{row.position}")
            ]
            await ask(self, receive_items, self._id(), arrivals)
        except CalibraError as error:
            part, _, position = error.field.partition("-")
            if part in {"note", "photo"}:
                self.unfolded = [*self.unfolded, position]
            return self._refused_in_dialog(error)
        self.receiving = False
        told = say_number(
            "{count} item is in custody; its label is being printed.",
            "{count} items are in custody; their labels are being printed.",
            len(arrivals),
        )
        return await self._after(told)

    @action(Permission.ITEM_RECEIVE)
    async def report(self, form: Form):
        """Ask the customer about an item that is not in order."""
        damage = Damage(typed.text(form, "question"))
        try:
            line_id = LineId(typed.identity(self.line.key))
            await ask(self, report_condition, line_id, self.line.version, damage)
        except CalibraError as error:
            return self._refused(Invalid(error.message, field=error.field or "question"))
        self.reporting = False
        return await self._after(say("The customer is asked."))

    def _arrival(self, row: LineRow, form: Form) -> Arrival:
        fields: dict[str, Any] = {
            name: typed.text(form, f"{name}-{row.position}")
            for name in ("accessories", "note", "scanned")
        }
        condition = typed.choice(form, f"condition-{row.position}", ItemCondition)
        place = typed.text(form, "place")
        return Arrival(LineId(typed.identity(row.key)), condition, place=place, **fields)
