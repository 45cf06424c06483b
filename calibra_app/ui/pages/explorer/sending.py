"""Sending the chosen rule to the contract review of an item."""

from reflex.event import EventSpec

from calibra_app.core.access import Permission
from calibra_app.core.errors import CalibraError, Invalid
from calibra_app.core.ids import LineId
from calibra_app.services.srf.rule_choice import RuleTarget, agree_rule, list_rule_targets
from calibra_app.services.srf.rules import ChosenRule
from calibra_app.ui import notices, routes, typed
from calibra_app.ui.base import ask, notice
from calibra_app.ui.components.choice import Option
from calibra_app.ui.format import Region
from calibra_app.ui.gate import action
from calibra_app.ui.pages.explorer.entry import query_of, read
from calibra_app.ui.pages.explorer.rows import note_of
from calibra_app.ui.pages.explorer.state import ExplorerState
from calibra_app.ui.typed import Form
from calibra_app.ui.words import say

AGREE = (Permission.CONTRACT_REVIEW_TECHNICAL, Permission.SRF_DRAFT)
MOST_OPTIONS = 20


class SendingState(ExplorerState):
    """The dialog that puts the rule on an item."""

    sending: bool = False
    options: list[Option] = []
    target: str = ""
    target_words: str = ""
    note: str = ""
    # What was agreed last, and where it stands now.
    agreed: str = ""
    agreed_path: str = ""
    _targets: dict[str, RuleTarget] = {}

    @action(*AGREE)
    async def open_sending(self):
        """Open the dialog with the item that one came from, and the words for the customer."""
        entered, self.errors = read(self.texts, self.choices)
        if entered is None:
            return notices.warned(say("Set the figures right first; see beside the fields."))
        self._accepted()
        self.target, self.target_words, self.agreed = "", "", ""
        if (problem := await self._look("")) is not None:
            return problem
        if self.line in self._targets:
            self.target = self.line
            self.target_words = _words(self._targets[self.line])
        region = Region(self.locale, self.zone)
        self.note = note_of(self._picture(entered), entered.figures, self.unit, region)
        self.sending = True
        return None

    @action(*AGREE)
    async def close_sending(self):
        """Close the dialog."""
        self.sending = False

    @action(*AGREE)
    async def look_for(self, text: str):
        """Find items whose rule may still be agreed."""
        return await self._look(text)

    @action(*AGREE)
    async def send(self, form: Form):
        """Put the rule, its figures and the note on the item."""
        try:
            line_id = typed.identity(typed.text(form, "target"), "target")
            entered, _ = read(self.texts, self.choices)
            known = self._targets.get(str(line_id))
            if entered is None:
                raise Invalid(say("Set the figures right first; see beside the fields."))
            if known is None:
                raise Invalid(say("Choose one of the list."), field="target")
            mine = str(line_id) == self.line
            more = {"unit": self.unit, "point": self.point if mine else ""}
            figures = query_of(self.texts, self.choices, more)
            chosen = ChosenRule(entered.rule, typed.text(form, "note"), figures)
            await ask(self, agree_rule, LineId(line_id), known.version, chosen)
        except CalibraError as error:
            return self._refused_in_dialog(error)
        self.sending = False
        if mine:
            self.line_rule = self.chosen.rule
        self.agreed, self.agreed_path = _words(known), routes.srf(known.srf_id)
        return self._accepted(say("The rule stands on the item; its review asks for it again."))

    async def _look(self, words: str) -> EventSpec | None:
        try:
            found = await ask(self, list_rule_targets, words)
        except CalibraError as error:
            return notice(error)
        self._targets = {**self._targets, **{str(each.line_id): each for each in found}}
        self.options = [
            Option(
                value=str(each.line_id), words=_words(each), note=f"{each.customer} · {each.rule}"
            )
            for each in found[:MOST_OPTIONS]
        ]
        return None


def _words(target: RuleTarget) -> str:
    number = target.srf_number or say("Draft")
    return f"{number} · {target.position} · {target.tag} {target.description}"
