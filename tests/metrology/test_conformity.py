"""Decision rules: the table of ILAC-G8 practice, boundaries, risks."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibra_app.metrology.cases import evaluate_case
from calibra_app.metrology.conformity import (
    FOUR_OUTCOMES,
    GUARDED_ACCEPTANCE,
    NO_STATEMENT,
    SIMPLE_ACCEPTANCE,
    SIMPLE_ACCEPTANCE_TUR_3,
    DecisionRule,
    Limits,
    RuleName,
    Statement,
    decide,
    probability_of_conformity,
    worst_statement,
)
from calibra_app.metrology.quantity import MetrologyError
from calibra_app.metrology.risk import Population, global_risk, guard_band_for, item_uncertainty

ONE = Limits(Decimal(-1), Decimal(1))
PART = DecisionRule(RuleName.GUARD_BAND, 0.83)


def said(value, rule, expanded=0.25, limits=ONE):
    return decide(
        Decimal(value),
        limits,
        rule,
        expanded_uncertainty=expanded,
        standard_uncertainty=expanded / 2,
    )


@pytest.mark.parametrize(
    ("value", "statements", "chance"),
    [
        ("0.00", "pass pass pass pass", 1.0),
        ("0.76", "pass fail conditional_pass pass", 0.9726),
        ("0.80", "pass fail conditional_pass fail", 0.9452),
        ("0.90", "pass fail conditional_pass fail", 0.7881),
        ("0.99", "pass fail conditional_pass fail", 0.5319),
        ("1.00", "pass fail conditional_pass fail", 0.5000),
        ("1.05", "fail fail conditional_fail fail", 0.3446),
        ("1.25", "fail fail conditional_fail fail", 0.0228),
        ("1.30", "fail fail fail fail", 0.0082),
    ],
)
def test_each_rule_says_what_the_decision_table_says(value, statements, chance):
    """Tolerance ±1, U = 0.25 with k = 2."""
    rules = (SIMPLE_ACCEPTANCE, GUARDED_ACCEPTANCE, FOUR_OUTCOMES, PART)
    assert [said(value, rule).statement for rule in rules] == statements.split()
    found = said(value, SIMPLE_ACCEPTANCE).probability_of_conformity
    assert found == pytest.approx(chance, abs=5e-5)


def test_an_uncertainty_as_wide_as_the_tolerance():
    assert said("0.5", SIMPLE_ACCEPTANCE, 1.0).statement == "pass"
    assert said("0.5", GUARDED_ACCEPTANCE, 1.0).statement == "fail"
    assert said("0.5", FOUR_OUTCOMES, 1.0).statement == "conditional_pass"
    assert said("0.5", FOUR_OUTCOMES, 1.0).probability_of_conformity == pytest.approx(
        0.84, abs=5e-5
    )


def test_a_value_exactly_on_a_limit_is_accepted():
    limits = Limits(Decimal("-0.3"), Decimal("0.3"))
    assert said("0.3", SIMPLE_ACCEPTANCE, 0.1, limits).statement == "pass"
    assert said("-0.2", GUARDED_ACCEPTANCE, 0.1, limits).statement == "pass"
    assert said("0.2000001", GUARDED_ACCEPTANCE, 0.1, limits).statement == "fail"


def test_a_method_weaker_than_the_tolerance_cannot_decide():
    assert said("0.0", SIMPLE_ACCEPTANCE, 1.01).statement is Statement.UNDECIDED
    assert said("0.0", GUARDED_ACCEPTANCE, 1.01).statement is Statement.UNDECIDED


def test_simple_acceptance_gives_way_to_four_outcomes_below_its_tur():
    strong = said("0.9", SIMPLE_ACCEPTANCE_TUR_3, 0.3)
    weak = said("0.9", SIMPLE_ACCEPTANCE_TUR_3, 0.4)
    assert (strong.statement, weak.statement) == ("pass", "conditional_pass")
    assert strong.tur == pytest.approx(1 / 0.3)
    assert weak.guard_band == Decimal("0.4")


def test_without_a_rule_there_is_no_statement():
    assert said("5", NO_STATEMENT).statement is Statement.NO_STATEMENT


def test_a_rule_survives_being_stored():
    for rule in (SIMPLE_ACCEPTANCE_TUR_3, FOUR_OUTCOMES, PART, NO_STATEMENT):
        assert DecisionRule.from_json(rule.as_json()) == rule


def test_an_unknown_rule_is_refused():
    with pytest.raises(MetrologyError, match="coin"):
        DecisionRule.from_json({"name": "coin"})


def test_an_item_is_as_good_as_its_worst_point():
    assert worst_statement([Statement.PASS, Statement.CONDITIONAL_PASS]) == "conditional_pass"
    assert worst_statement([Statement.NO_STATEMENT]) is Statement.NO_STATEMENT
    assert worst_statement([]) is Statement.NO_STATEMENT


values = st.decimals(-3, 3, places=3)
widths = st.floats(0.01, 0.9)


@given(values, widths)
def test_conformity_is_symmetric_in_the_sign(value, expanded):
    for rule in (SIMPLE_ACCEPTANCE, GUARDED_ACCEPTANCE, FOUR_OUTCOMES, PART):
        assert said(value, rule, expanded).statement == said(-value, rule, expanded).statement


@given(values, widths)
def test_a_wider_guard_band_never_accepts_more(value, expanded):
    if said(value, GUARDED_ACCEPTANCE, expanded).statement == "pass":
        assert said(value, PART, expanded).statement == "pass"
        assert said(value, SIMPLE_ACCEPTANCE, expanded).statement == "pass"


@given(st.floats(-3, 3), st.floats(0.01, 2))
def test_probabilities_of_both_sides_sum_to_one(value, u):
    inside = probability_of_conformity(value, u, -1.0, 1.0)
    below = 1 - probability_of_conformity(value, u, -1.0, None)
    above = 1 - probability_of_conformity(value, u, None, 1.0)
    assert inside + below + above == pytest.approx(1.0, abs=1e-12)


@pytest.mark.parametrize(
    ("tur", "accepted", "rejected", "guarded_accepted", "guarded_rejected"),
    [
        (4, 0.858, 1.554, 0.021, 10.357),
        (3, 1.049, 2.294, 0.026, 16.448),
        (2, 1.337, 4.178, 0.036, 32.921),
        (1.5, 1.541, 6.625, 0.044, 53.486),
        (1, 1.801, 12.957, None, None),
    ],
)
def test_global_risks_of_a_process_with_95_percent_in_tolerance(
    tur, accepted, rejected, guarded_accepted, guarded_rejected
):
    """In per cent, false acceptance and false rejection; JCGM 106:2012, 9.5."""
    population = Population(0.0, item_uncertainty(0.95, 1.0), 0.5 / tur, -1.0, 1.0)
    simple = global_risk(population)
    assert round(100 * simple.false_acceptance, 3) == accepted
    assert round(100 * simple.false_rejection, 3) == rejected
    if guarded_accepted is not None:
        guarded = global_risk(population, 1 / tur)
        assert round(100 * guarded.false_acceptance, 3) == guarded_accepted
        assert round(100 * guarded.false_rejection, 3) == guarded_rejected


def test_the_guard_band_for_a_target_reaches_it():
    population = Population(0.0, item_uncertainty(0.8, 1.0), 0.25, -1.0, 1.0)
    width = guard_band_for(population, 0.005)
    assert width > 0
    assert global_risk(population, width).false_acceptance == pytest.approx(0.005, rel=1e-6)
    assert guard_band_for(population, 0.5) == 0


def test_a_hardly_possible_nonconformity_keeps_its_digits():
    """Expected: the normal tail at 9 standard uncertainties, 1.1286e-19."""
    answer = evaluate_case({"kind": "conformity", "input": {"y": 1.0, "u": 1.0, "upper": 10.0}})
    assert answer["p_nonconform"] == pytest.approx(1.1285884059538e-19, rel=1e-10)
    certain = {"kind": "conformity", "input": {"y": 10.0, "u": 0, "upper": 10.0}}
    assert evaluate_case(certain)["p_nonconform"] == 0.0
