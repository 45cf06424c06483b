"""Decision rules as they are agreed: the catalogue, rules with figures of their own, their words.

Most customers choose a rule of the catalogue. A rule with a figure of its own (a guard band of
0.83 U, a risk of 1 %) stands on the line itself; whoever begins the sheet pins it from here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self, cast

from calibra_app.core.errors import Invalid
from calibra_app.metrology import conformity
from calibra_app.metrology.conformity import RuleName
from calibra_app.models.customer import DecisionRule

CATALOGUE: Final[Mapping[DecisionRule, conformity.DecisionRule]] = {
    DecisionRule.NO_STATEMENT: conformity.NO_STATEMENT,
    DecisionRule.SIMPLE: conformity.SIMPLE_ACCEPTANCE,
    DecisionRule.GUARD_BAND_U: conformity.GUARDED_ACCEPTANCE,
    DecisionRule.SIMPLE_OR_FOUR_OUTCOMES: conformity.SIMPLE_ACCEPTANCE_TUR_3,
    DecisionRule.FOUR_OUTCOMES: conformity.FOUR_OUTCOMES,
}
RULE_WORDS: Final[Mapping[DecisionRule, str]] = {
    DecisionRule.NO_STATEMENT: "No statement of conformity",
    DecisionRule.SIMPLE: "Simple acceptance",
    DecisionRule.GUARD_BAND_U: "Guard band w = U",
    DecisionRule.SIMPLE_OR_FOUR_OUTCOMES: "Simple acceptance from TUR 3 on, else four outcomes",
    DecisionRule.FOUR_OUTCOMES: "Four outcomes",
}


@dataclass(frozen=True, slots=True)
class ChosenRule:
    """A rule that was chosen for one line, with what was said and shown when it was.

    Attributes:
        note: What it means, in the words the customer got.
        figures: The figures that were looked at, as the explorer's address takes them.
    """

    rule: conformity.DecisionRule
    note: str = ""
    figures: str = ""

    def as_json(self) -> dict[str, object]:
        """Return it as plain data."""
        return {"rule": self.rule.as_json(), "note": self.note, "figures": self.figures}

    @classmethod
    def from_json(cls, kept: object) -> Self | None:
        """Read it back from what a line keeps; None where no rule was chosen for it alone."""
        if not isinstance(kept, dict):
            return None
        data = cast("dict[str, Any]", kept)
        rule = conformity.DecisionRule.from_json(data["rule"])
        return cls(rule, str(data["note"]), str(data["figures"]))


def entry_of(rule: conformity.DecisionRule) -> DecisionRule:
    """Return under which entry of the catalogue a rule stands, or that it is one of its own."""
    return next((entry for entry, known in CATALOGUE.items() if known == rule), DecisionRule.OWN)


def rule_of(entry: DecisionRule, chosen: ChosenRule | None) -> conformity.DecisionRule:
    """Return the rule that decides.

    Raises:
        Invalid: It is said to be the line's own, and the line has none.
    """
    if entry is not DecisionRule.OWN:
        return CATALOGUE[entry]
    if chosen is None:
        raise Invalid("Choose a decision rule for this item.", field="decision_rule")
    return chosen.rule


def rule_in_words(entry: DecisionRule, chosen: ChosenRule | None) -> str:
    """Return the rule as it stands on papers and screens."""
    if entry is not DecisionRule.OWN:
        return RULE_WORDS[entry]
    text = chosen.rule.text if chosen else "not chosen yet"
    return f"{text[:1].upper()}{text[1:]}"


@dataclass(frozen=True, slots=True)
class Explanation:
    """A rule in plain language, with where it is published."""

    sentence: str
    source: str


_ILAC: Final = "ILAC-G8:09/2019"
_JCGM: Final = "JCGM 106:2012"
_Z540: Final = "ANSI/NCSL Z540.3 handbook"


def explanation(rule: conformity.DecisionRule) -> Explanation:
    """Return what a rule means for whoever owns the item, with its source.

    Example:
        >>> explanation(conformity.SIMPLE_ACCEPTANCE).source
        'ILAC-G8:09/2019, 4.2.1; JCGM 106:2012, 8.2'
    """
    if rule.name is RuleName.NO_STATEMENT:
        return Explanation(
            "The certificate states the result and its uncertainty and leaves the decision to its"
            " reader.",
            "ISO/IEC 17025:2017, 7.8.6",
        )
    if rule.minimum_tur is not None:
        return Explanation(
            f"While the tolerance is at least {rule.minimum_tur:g} times the uncertainty, a value"
            " inside the limits passes. Where the uncertainty is larger, the limits are drawn in"
            " by U and a value close to a limit passes or fails on condition.",
            f"{_ILAC}, 4.2; {_JCGM}, clause 8",
        )
    if rule.non_binary:
        return Explanation(
            f"The limits are drawn in and out by {_width(rule)}. Well inside is a pass, well"
            " outside a fail; between them the value lies closer to the limit than the"
            " uncertainty can tell, so it passes or fails on condition and the risk is shared.",
            f"{_ILAC}, 4.2.3; {_JCGM}, 8.3",
        )
    return _TWO_OUTCOMES[rule.name](rule)


def _simple(_rule: conformity.DecisionRule) -> Explanation:
    return Explanation(
        "A value inside the limits passes, whatever its uncertainty. Both sides share the risk"
        " equally: an item measured exactly on a limit is as likely to be outside as inside.",
        f"{_ILAC}, 4.2.1; {_JCGM}, 8.2",
    )


def _guarded(rule: conformity.DecisionRule) -> Explanation:
    return Explanation(
        f"A value passes only inside limits drawn in by {_width(rule)}. A pass is then safer for"
        " who uses the item; the price is that some good items close to a limit fail.",
        f"{_ILAC}, 4.2.2; {_JCGM}, 8.3.2",
    )


def _specific(rule: conformity.DecisionRule) -> Explanation:
    share = 100 * rule.probability_of_false_acceptance
    return Explanation(
        "The limits are drawn in just so far that no accepted value is outside its tolerance"
        f" with a probability above {share:g} %.",
        f"{_ILAC}, 4.2.2; {_JCGM}, 8.3.2 and 9.3",
    )


def _root_sum(_rule: conformity.DecisionRule) -> Explanation:
    return Explanation(
        "The acceptance limit is √(T² − U²): hardly narrower than the tolerance while the"
        " uncertainty is small, and nothing is accepted once U reaches the tolerance.",
        f"{_ILAC}, table 2; {_Z540}, method 5",
    )


def _managed(_rule: conformity.DecisionRule) -> Explanation:
    return Explanation(
        "The guard band is just wide enough that in the long run no more than 2 % of all"
        " decisions accept an item that is outside, whatever the history of the items.",
        f"{_ILAC}, table 2; {_Z540}, method 6 (Dobbert)",
    )


_TWO_OUTCOMES = {
    RuleName.SIMPLE: _simple,
    RuleName.GUARD_BAND: _guarded,
    RuleName.SPECIFIC_PFA: _specific,
    RuleName.RSS: _root_sum,
    RuleName.DOBBERT_M2: _managed,
}


def _width(rule: conformity.DecisionRule) -> str:
    return "U" if rule.multiplier == 1 else f"{rule.multiplier:g} U"
