"""What the rules that were agreed are called, and what an item may change its own to."""

from calibra_app.metrology.conformity import DecisionRule, RuleName
from calibra_app.services.srf.agreement import Agreement
from calibra_app.services.srf.rules import CATALOGUE, ChosenRule
from calibra_app.services.srf.rules import DecisionRule as Entry
from calibra_app.ui.agreements import RULES, rules_for

PART = ChosenRule(DecisionRule(RuleName.GUARD_BAND, 0.83), "Drawn in by 0.83 U.")


def test_each_rule_of_the_catalogue_has_its_words():
    assert RULES.keys() == CATALOGUE.keys()


def test_an_item_chooses_from_the_catalogue_and_may_keep_a_rule_of_its_own():
    plain = rules_for(Agreement())
    assert [key for key, _ in plain] == [entry.value for entry in CATALOGUE]
    own = rules_for(Agreement(decision_rule=Entry.OWN, chosen_rule=PART))
    assert own == (*plain, ("own", "Guard band w = 0.83·U"))
