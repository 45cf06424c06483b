"""What somebody does with a request as a whole: each deed with the dialog that it needs."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import reflex as rx
from reflex_base.event import EventSpec

from calibra_app.core.access import Permission
from calibra_app.core.errors import CalibraError, Conflict
from calibra_app.core.ids import LineId
from calibra_app.services.quotations.answers import decide_with_price
from calibra_app.services.quotations.offers import create_offer
from calibra_app.services.srf.acceptance import accept_under_agreement, change_order, decline_srf
from calibra_app.services.srf.cancellation import DoneWork, Effects, cancel_srf, restore_heading
from calibra_app.services.srf.closing import close_srf
from calibra_app.services.srf.decisions import Decision, Reply
from calibra_app.services.srf.drafts import discard_srf, revive_srf, submit_srf
from calibra_app.services.srf.inquiry import (
    answer_question,
    ask_customer,
    let_lapse,
    return_to_customer,
    start_review,
)
from calibra_app.services.srf.planning import candidates
from calibra_app.services.srf.queries import get_srf
from calibra_app.services.srf.reopening import (
    Remeasurement,
    leave_as_is,
    measure_again,
    reopen_srf,
    take_items_back,
)
from calibra_app.services.srf.splitting import split_lines
from calibra_app.services.srf.workflow import TRANSITIONS
from calibra_app.ui import format as shown
from calibra_app.ui import routes, typed
from calibra_app.ui.base import ask
from calibra_app.ui.gate import action
from calibra_app.ui.pages.requests.deeds import LOOKS, TAKE_BACK, DeedRow
from calibra_app.ui.pages.requests.rows import DecisionRow
from calibra_app.ui.pages.requests.state import RequestState
from calibra_app.ui.typed import Form
from calibra_app.ui.words import say

# Any of these opens the dialogs; what is done there asks for its own right.
RIGHTS = tuple(
    dict.fromkeys(
        (
            Permission.ITEM_RECEIVE,
            *(right for number in LOOKS for right in TRANSITIONS[number].permissions),
        )
    )
)
# Deeds that need nothing but the version which the page shows.
PLAIN: Mapping[str, Any] = {
    "T02": submit_srf,
    "T04": start_review,
    "T08": let_lapse,
    "T10": accept_under_agreement,
    "T47": close_srf,
}
# Deeds that need a text as well: a reason, a question, an answer.
TOLD: Mapping[str, Any] = {
    "T03": discard_srf,
    "T05": return_to_customer,
    "T06": ask_customer,
    "T07": answer_question,
    "T51": leave_as_is,
}
# Deeds with a reason and the signature of the one who answers for them.
SIGNED: Mapping[str, Any] = {"T11": decline_srf, "T48": reopen_srf}
# Deeds that concern the lines chosen in their dialog.
OF_LINES = frozenset({"T19", "T50", TAKE_BACK.number})


class DeedState(RequestState):
    """The deeds of the request as a whole, and the decisions of its customer."""

    deed: DeedRow = DeedRow()
    asking: bool = False
    # The record that a restoration brings back.
    restoring: int = 0
    # Who may measure again, for the dialog.
    people: list[list[str]] = []
    decision: DecisionRow = DecisionRow()
    deciding: bool = False

    @action(*RIGHTS)
    async def begin(self, number: str):
        """Do a deed, or ask for what it needs first."""
        self._accepted()
        known = next((deed for deed in self.deeds if deed.number == number), None)
        if known is None:
            return self._refused(Conflict(say("This is not possible here any more.")))
        self.deed = known
        if known.asks or known.meaning or known.text:
            self.asking = True
            return await self._find_people() if number == "T50" else None
        return await self._do({})

    @action(Permission.SRF_RESTORE)
    async def begin_restoring(self, sequence: int):
        """Ask for the reason and the signature of a restoration."""
        self._accepted()
        self.restoring = sequence
        self.deed = DeedRow(
            "T55",
            say("Restore heading"),
            "history",
            asks=say("Reason"),
            text=say(
                "Contact, channel, reference, languages and remarks become again what record "
                "{at} holds. Lines and states stay.",
                at=sequence,
            ),
            meaning="restored",
        )
        self.asking = True

    @action(*RIGHTS)
    async def close(self):
        """Close the dialog."""
        self.asking = self.deciding = False

    @action(*RIGHTS)
    async def do(self, form: Form):
        """Do the deed whose dialog is open."""
        return await self._do(form)

    @action(Permission.CUSTOMER_DECISION_RECORD)
    async def begin_decision(self, key: str):
        """Ask how the customer decided."""
        self._accepted()
        known = [row for row in self.decisions if row.key == key]
        self.decision = known[0] if known else DecisionRow()
        self.deciding = bool(known)

    @action(Permission.CUSTOMER_DECISION_RECORD)
    async def decide(self, form: Form):
        """Write down how the customer decided, and how that is known."""
        try:
            reply = Reply(
                decision=typed.choice(form, "decision", Decision),
                reason=typed.text(form, "remark"),
                evidence=typed.text(form, "evidence"),
                done_work=typed.choice(form, "done_work", DoneWork),
            )
            await ask(self, decide_with_price, typed.identity(self.decision.key), reply)
        except CalibraError as error:
            return self._refused_in_dialog(error)
        self.deciding = False
        return await self._after(say("The decision is recorded."))

    async def _do(self, form: Form) -> EventSpec | list[Any] | None:
        try:
            if self.deed.number == "T54":
                new_id = await ask(self, revive_srf, self._id())
                return rx.redirect(f"{routes.NEW_REQUEST}?srf={new_id}")
            if self.deed.number == "T09":
                quotation_id = await ask(self, create_offer, self._id(), self.version)
                return rx.redirect(routes.quotation(quotation_id))
            if self.deed.number == "T56":
                return await self._split(form)
            await self._ask_for(self.deed.number, form)
        except CalibraError as error:
            return self._refused_in_dialog(error, "told") if self.asking else self._refused(error)
        self.asking = False
        return await self._after(say("Done: {deed}.", deed=self.deed.words))

    async def _ask_for(self, number: str, form: Form) -> None:
        told, password = typed.text(form, "told"), typed.text(form, "password")
        if number in PLAIN:
            await ask(self, PLAIN[number], self._id(), self.version)
        elif number in TOLD:
            await ask(self, TOLD[number], self._id(), self.version, told)
        elif number in SIGNED:
            await ask(self, SIGNED[number], self._id(), self.version, told, password)
        elif number in OF_LINES:
            await self._ask_for_lines(number, form, told)
        elif number == "T52":
            effects = Effects(
                typed.choice(form, "done_work", DoneWork), typed.ticked(form, "return_listed")
            )
            await ask(self, cancel_srf, self._id(), self.version, told, effects)
        elif number == "T55":
            await ask(
                self,
                restore_heading,
                self._id(),
                self.version,
                self.restoring,
                reason=told,
                password=password,
            )
        else:
            raise Conflict(say("This deed is done on another page."))

    async def _ask_for_lines(self, number: str, form: Form, told: str) -> None:
        lines = self._chosen_lines(form)
        if number == "T19":
            await ask(self, change_order, self._id(), self.version, told, lines)
        elif number == "T50":
            person = typed.identity(typed.text(form, "person"), "person")
            again = Remeasurement(tuple(lines), person, typed.day(form, "planned_on"))
            await ask(self, measure_again, self._id(), self.version, again)
        else:
            await ask(self, take_items_back, self._id(), lines, typed.text(form, "place"))

    async def _split(self, form: Form) -> list[Any]:
        told = typed.text(form, "told")
        lines = self._chosen_lines(form)
        new_id = await ask(self, split_lines, self._id(), self.version, lines, told)
        new = await ask(self, get_srf, new_id)
        self.asking = False
        return await self._after(say("The chosen lines go on as {number}.", number=new.number))

    async def _find_people(self) -> EventSpec | None:
        today = shown.today(self.zone)
        found: dict[str, str] = {}
        try:
            for row in self.lines:
                for each in await ask(self, candidates, LineId(UUID(row.key)), today):
                    found[str(each.person_id)] = each.name
        except CalibraError as error:
            return self._refused_in_dialog(error)
        self.people = [[key, name] for key, name in sorted(found.items(), key=lambda one: one[1])]
        return None

    def _chosen_lines(self, form: Form) -> list[LineId]:
        return [
            LineId(UUID(row.key))
            for row in self.lines
            if typed.ticked(form, f"line-{row.position}")
        ]
