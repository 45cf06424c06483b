"""What every rule says of the same figures, and the curves that are drawn of it."""

import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibra_app.metrology.conformity import (
    FOUR_OUTCOMES,
    GUARDED_ACCEPTANCE,
    SIMPLE_ACCEPTANCE,
    SIMPLE_ACCEPTANCE_TUR_3,
    DecisionRule,
    Limits,
    RuleName,
    Statement,
)
from calibra_app.metrology.exploration import (
    ONE_IN_FORTY,
    ROOT_SUM,
    RULES,
    Figures,
    acceptance_curve,
    ask_rules,
    risks_at,
    rules_beside,
)
from calibra_app.metrology.quantity import MetrologyError
from calibra_app.metrology.risk import Population, global_risk, item_uncertainty

ONE = Limits(Decimal(-1), Decimal(1))
ITEMS = Population(0.0, item_uncertainty(0.95, 1.0), 0.125, -1.0, 1.0)


def figures(value="0.9", limits=ONE, expanded=0.25, **more):
    return Figures(Decimal(value), limits, expanded, expanded / 2, **more)


def answer(rule, **more):
    return ask_rules(figures(**more), (rule,))[0]


def test_seven_rules_answer_for_the_same_value():
    answers = ask_rules(figures(), RULES)
    said = {each.rule: each.decided.statement for each in answers}
    assert said[SIMPLE_ACCEPTANCE] is Statement.PASS
    assert said[GUARDED_ACCEPTANCE] is Statement.FAIL
    assert said[FOUR_OUTCOMES] is Statement.CONDITIONAL_PASS
    # TUR 4 meets the condition, so simple acceptance holds.
    assert said[SIMPLE_ACCEPTANCE_TUR_3] is Statement.PASS
    assert len(said) == 7


def test_a_pass_is_wrong_with_the_chance_of_nonconformity_and_a_fail_with_its_opposite():
    chance = figures().probability
    assert chance == pytest.approx(0.7881, abs=5e-5)
    assert answer(SIMPLE_ACCEPTANCE).risk == pytest.approx(1 - chance)
    assert answer(GUARDED_ACCEPTANCE).risk == pytest.approx(chance)
    assert answer(DecisionRule(RuleName.NO_STATEMENT)).risk is None


def test_the_greatest_risk_of_each_rule_is_that_of_a_value_on_its_acceptance_limit():
    """ILAC-G8:09/2019: up to 50 % for simple acceptance, under 2.5 % with w = U."""
    assert answer(SIMPLE_ACCEPTANCE).worst_risk == pytest.approx(0.5, abs=1e-6)
    assert answer(GUARDED_ACCEPTANCE).worst_risk == pytest.approx(0.0228, abs=5e-5)
    assert answer(ONE_IN_FORTY).worst_risk == pytest.approx(0.025, abs=1e-6)


def test_a_guard_band_that_leaves_nothing_to_accept_carries_no_risk_of_acceptance():
    found = answer(DecisionRule(RuleName.GUARD_BAND, 5.0))
    assert (found.worst_risk, found.decided.statement) == (None, Statement.FAIL)


def test_a_rule_that_does_not_fit_says_why_and_disturbs_no_other():
    found = dict(zip(RULES, ask_rules(figures(expanded=1.5), RULES), strict=True))
    assert "greater than half the tolerance" in found[ROOT_SUM].refusal
    assert found[ROOT_SUM].decided is None
    assert found[SIMPLE_ACCEPTANCE].decided.statement is Statement.UNDECIDED
    open_end = dict(
        zip(RULES, ask_rules(figures(limits=Limits(None, Decimal(1))), RULES), strict=True)
    )
    assert "lower and an upper" in open_end[ROOT_SUM].refusal
    assert open_end[GUARDED_ACCEPTANCE].decided.acceptance.upper == Decimal("0.75")


def test_the_ratios_are_told_where_they_are_known():
    assert figures(standard_tolerance=0.1).tar == pytest.approx(10)
    assert figures().tur == pytest.approx(4)
    assert figures().tar is None
    assert figures(limits=Limits(Decimal(-1), None)).tur is None


@pytest.mark.parametrize(
    ("limits", "expanded", "why"),
    [
        (Limits(), 0.25, "lower or an upper"),
        (Limits(Decimal(1), Decimal(-1)), 0.25, "below the upper"),
        (ONE, 0.0, "greater than zero"),
        (ONE, math.nan, "greater than zero"),
    ],
)
def test_figures_of_which_nothing_can_be_said_are_refused(limits, expanded, why):
    with pytest.raises(MetrologyError, match=why):
        ask_rules(figures(limits=limits, expanded=expanded), RULES)


def test_the_chosen_rule_joins_the_comparison_once():
    own = DecisionRule(RuleName.GUARD_BAND, 0.83)
    assert rules_beside(own) == (*RULES, own)
    assert rules_beside(FOUR_OUTCOMES) == RULES


def test_the_population_gives_each_rule_its_risk_in_the_long_run():
    simple, full = ask_rules(figures(population=ITEMS), (SIMPLE_ACCEPTANCE, GUARDED_ACCEPTANCE))
    assert simple.overall.false_acceptance == pytest.approx(0.00858, abs=5e-6)
    assert simple.overall.false_rejection == pytest.approx(0.01554, abs=5e-6)
    assert full.overall.false_acceptance < simple.overall.false_acceptance
    assert full.overall.false_rejection > simple.overall.false_rejection
    assert answer(SIMPLE_ACCEPTANCE).overall is None


PEOPLES = st.builds(
    Population,
    mean=st.floats(-0.5, 0.5),
    item_uncertainty=st.floats(0.05, 3),
    measurement_uncertainty=st.floats(0.02, 1),
    lower=st.one_of(st.none(), st.just(-1.0)),
    upper=st.just(1.0),
)


@given(PEOPLES, st.lists(st.floats(0, 1.2), min_size=1, max_size=4))
def test_one_pass_for_many_guard_bands_finds_what_each_finds_alone(population, widths):
    for width, found in zip(widths, risks_at(population, widths), strict=True):
        alone = global_risk(population, width)
        assert found.false_acceptance == pytest.approx(alone.false_acceptance, abs=1e-9)
        assert found.false_rejection == pytest.approx(alone.false_rejection, abs=1e-9)
        assert found.in_tolerance == pytest.approx(alone.in_tolerance)


def test_a_population_of_which_nothing_can_be_said_is_refused():
    for population in (
        Population(0.0, 0.5, 0.1, None, None),
        Population(0.0, 0.5, 0.1, 1.0, -1.0),
        Population(0.0, 0.0, 0.1, -1.0, 1.0),
    ):
        with pytest.raises(MetrologyError):
            risks_at(population, [0.0])


def test_an_item_exactly_on_an_acceptance_limit_is_accepted_every_other_time():
    chances = acceptance_curve([0.0, 0.75, 1.0], Limits(Decimal("-0.75"), Decimal("0.75")), 0.125)
    assert chances == pytest.approx((1.0, 0.5, 0.0228), abs=5e-5)
    crossed = Limits(Decimal(1), Decimal(-1))
    assert acceptance_curve([0.0], crossed, 0.125) == (0.0,)
