"""What is agreed for one line, and what of it is still open: the completeness of a request."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any, Self, cast

from calibra_app.core.errors import Invalid
from calibra_app.metrology import conformity
from calibra_app.models.customer import DecisionRule
from calibra_app.models.srf import SrfLine
from calibra_app.procedures.registry import plan_points
from calibra_app.services.srf.rules import ChosenRule, rule_in_words, rule_of


class Adjustment(StrEnum):
    """Whether the laboratory may adjust an item that it finds outside its limits."""

    OPEN = ""
    ASK = "ask"
    ALLOWED = "allowed"
    NOT_WANTED = "not_wanted"


class Choice(StrEnum):
    """A yes or no that was perhaps not asked yet."""

    OPEN = ""
    YES = "yes"
    NO = "no"


class Urgency(StrEnum):
    """How soon the customer wants the item back."""

    OPEN = ""
    STANDARD = "standard"
    URGENT = "urgent"


@dataclass(frozen=True, slots=True)
class Agreement:
    """What customer and laboratory agree for one item (ISO/IEC 17025, 7.1)."""

    procedure_code: str = ""
    decision_rule: DecisionRule = DecisionRule.SIMPLE
    accredited: bool = True
    on_site: bool = False
    adjustment: Adjustment = Adjustment.OPEN
    as_found: Choice = Choice.OPEN
    due_on_label: Choice = Choice.OPEN
    urgency: Urgency = Urgency.OPEN
    promised_on: date | None = None
    remarks: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict[str, Any])
    # The rule as it was chosen for this line; the entry of the catalogue decides which one holds.
    chosen_rule: ChosenRule | None = None

    @property
    def rule(self) -> conformity.DecisionRule:
        """Return the rule that decides on conformity."""
        return rule_of(self.decision_rule, self.chosen_rule)

    @property
    def rule_words(self) -> str:
        """Return the rule as papers and screens say it."""
        return rule_in_words(self.decision_rule, self.chosen_rule)

    @classmethod
    def of_line(cls, line: SrfLine) -> Self:
        """Return what a line's row says."""
        order = line.order
        return cls(
            procedure_code=line.procedure_code,
            decision_rule=line.decision_rule,
            accredited=line.accredited,
            on_site=line.on_site,
            adjustment=Adjustment(order.get("adjustment", "")),
            as_found=Choice(order.get("as_found", "")),
            due_on_label=Choice(order.get("due_on_label", "")),
            urgency=Urgency(order.get("urgency", "")),
            promised_on=line.promised_on,
            remarks=str(order.get("remarks", "")),
            parameters=cast("Mapping[str, Any]", order.get("parameters", {})),
            chosen_rule=ChosenRule.from_json(order.get("rule")),
        )

    def write_to(self, line: SrfLine) -> None:
        """Put the agreement into a line's row.

        Raises:
            Invalid: The rule is said to be the line's own, and there is none.
        """
        rule, chosen = self.rule, self.chosen_rule
        # What was said of one rule does not explain another.
        kept = chosen if chosen is not None and chosen.rule == rule else None
        line.procedure_code = self.procedure_code
        line.decision_rule = self.decision_rule
        line.accredited = self.accredited
        line.on_site = self.on_site
        line.urgent = self.urgency is Urgency.URGENT
        line.promised_on = self.promised_on
        line.order = {
            "adjustment": self.adjustment.value,
            "as_found": self.as_found.value,
            "due_on_label": self.due_on_label.value,
            "urgency": self.urgency.value,
            "remarks": self.remarks,
            "parameters": dict(self.parameters),
            **({"rule": kept.as_json()} if kept else {}),
        }

    def differs_in_work(self, other: "Agreement") -> bool:
        """Say whether another agreement asks for other work, so that its review opens again."""
        return any(
            getattr(self, name) != getattr(other, name)
            for name in (
                "procedure_code",
                "decision_rule",
                "rule",
                "accredited",
                "on_site",
                "adjustment",
                "parameters",
            )
        )

    def as_terms(self) -> dict[str, object]:
        """Return what is kept with the instrument and offered for its next request.

        Haste is of one time alone: who was in a hurry is asked again.
        """
        urgency = Urgency.OPEN if self.urgency is Urgency.URGENT else self.urgency
        chosen = self.chosen_rule
        return {
            "decision_rule": self.decision_rule.value,
            "accredited": self.accredited,
            "adjustment": self.adjustment.value,
            "as_found": self.as_found.value,
            "due_on_label": self.due_on_label.value,
            "urgency": urgency.value,
            **({"rule": chosen.as_json()} if chosen else {}),
        }

    def with_terms(self, terms: Mapping[str, object]) -> "Agreement":
        """Return the agreement with what was agreed for the instrument the last time."""
        return replace(
            self,
            decision_rule=DecisionRule(str(terms.get("decision_rule", self.decision_rule))),
            accredited=bool(terms.get("accredited", self.accredited)),
            adjustment=Adjustment(str(terms.get("adjustment", self.adjustment))),
            as_found=Choice(str(terms.get("as_found", self.as_found))),
            due_on_label=Choice(str(terms.get("due_on_label", self.due_on_label))),
            urgency=Urgency(str(terms.get("urgency", self.urgency))),
            chosen_rule=ChosenRule.from_json(terms.get("rule")) or self.chosen_rule,
        )


@dataclass(frozen=True, slots=True)
class Completeness:
    """How much of an agreement is there, and what is missing in words."""

    missing: tuple[str, ...]
    asked: int

    @property
    def percent(self) -> int:
        """Return the share that is there, in whole hundredths."""
        return round(100 * (self.asked - len(self.missing)) / self.asked)


def completeness(agreement: Agreement, model_version: str) -> Completeness:
    """Return what an agreement still lacks for its procedure.

    Args:
        agreement: What is agreed so far.
        model_version: The version of the procedure in force; empty where there is none.
    """
    asked: dict[str, bool] = {
        "procedure": bool(agreement.procedure_code and model_version),
        "points and limits of error": can_be_planned(agreement, model_version),
        "decision rule": True,
        "may we adjust": agreement.adjustment is not Adjustment.OPEN,
        "as-found wanted": agreement.as_found is not Choice.OPEN,
        "due date on the label": agreement.due_on_label is not Choice.OPEN,
        "urgent, promise date": _promise_settled(agreement),
    }
    return Completeness(tuple(name for name, there in asked.items() if not there), len(asked))


def can_be_planned(agreement: Agreement, model_version: str) -> bool:
    """Say whether the procedure finds all it needs to plan its points."""
    if not agreement.procedure_code or not model_version:
        return False
    try:
        return bool(plan_points(agreement.procedure_code, model_version, agreement.parameters))
    except ValueError:
        return False


def require_promise(agreement: Agreement, today: date) -> None:
    """Raise Invalid where the promise lies in the past."""
    if agreement.promised_on is not None and agreement.promised_on < today:
        raise Invalid("The promise date has passed already.", field="promised_on")


def _promise_settled(agreement: Agreement) -> bool:
    if agreement.urgency is Urgency.URGENT:
        return agreement.promised_on is not None
    return agreement.urgency is Urgency.STANDARD
