"""What the agreements with a customer are called on the screen."""

from collections.abc import Mapping
from typing import Final

from calibra_app.metrology import conformity
from calibra_app.metrology.conformity import RuleName
from calibra_app.services.customers import (
    DecisionRule,
    PortalProfile,
    ReleaseRule,
    TaxTreatment,
)
from calibra_app.services.srf.agreement import Agreement
from calibra_app.ui.words import say

RULES: Final[Mapping[DecisionRule, str]] = {
    DecisionRule.NO_STATEMENT: say("No statement of conformity"),
    DecisionRule.SIMPLE: say("Simple acceptance"),
    DecisionRule.GUARD_BAND_U: say("Guard band w = U"),
    DecisionRule.SIMPLE_OR_FOUR_OUTCOMES: say("Simple with TUR ≥ 3, else four outcomes"),
    DecisionRule.FOUR_OUTCOMES: say("Four outcomes"),
}
RELEASES: Final[Mapping[ReleaseRule, str]] = {
    ReleaseRule.ON_APPROVAL: say("When approved"),
    ReleaseRule.ON_INVOICE: say("When invoiced"),
    ReleaseRule.ON_PAYMENT: say("When paid"),
}
TAXES: Final[Mapping[TaxTreatment, str]] = {
    TaxTreatment.STANDARD: say("Taxed"),
    TaxTreatment.REVERSE_CHARGE: say("Reverse charge"),
    TaxTreatment.EXEMPT: say("Exempt"),
}
PROFILES: Final[Mapping[PortalProfile, str]] = {
    PortalProfile.REQUESTER: say("Requests, does not approve"),
    PortalProfile.APPROVER: say("Requests and approves"),
    PortalProfile.QUALITY: say("Quality: reads certificates and records"),
    PortalProfile.VIEWER: say("Only looks"),
}


def rules_for(agreement: Agreement) -> tuple[tuple[str, str], ...]:
    """Return what the rule of an item may be: the catalogue, and its own where it has one."""
    own = ((DecisionRule.OWN.value, agreement.rule_words),)
    listed = tuple((rule.value, words) for rule, words in RULES.items())
    return (*listed, *own) if agreement.decision_rule is DecisionRule.OWN else listed


def rule_query(rule: conformity.DecisionRule) -> dict[str, str]:
    """Return a rule as the address of the explorer carries it, with the figures of its own."""
    if rule.minimum_tur is not None:
        return {"rule": "tur", "tur": f"{rule.minimum_tur:.12g}"}
    if rule.name is RuleName.GUARD_BAND:
        kind = "four_outcomes" if rule.non_binary else rule.name.value
        return {"rule": kind, "r": f"{rule.multiplier:.12g}"}
    if rule.name is RuleName.SPECIFIC_PFA:
        share = 100 * rule.probability_of_false_acceptance
        return {"rule": rule.name.value, "p": f"{share:.12g}"}
    return {"rule": rule.name.value}
