"""What must hold for every budget, decision and report, whatever its numbers."""

import math
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calibra_app.metrology.cases import evaluate_case
from calibra_app.metrology.probability import normal_probability

MODELS = ("a*b/c", "sqrt(a*a + b*b)*c", "a*exp(b/c) + a*c/b", "atan2(a, b)*c + a*log(b/c)")
sizes = st.floats(0.5, 2.0)
spreads = st.floats(0.001, 0.1)
freedoms = st.sampled_from([3, 7.5, 50, "inf"])


@st.composite
def quantities(draw, name):
    value, u = draw(sizes), draw(spreads)
    shape = draw(st.sampled_from(["normal", "expanded", "rectangular", "triangular", "t"]))
    given_as = {
        "normal": {"dist": "normal", "u": u, "dof": draw(freedoms)},
        "expanded": {"dist": "normal", "U": 2 * u, "k": 2},
        "rectangular": {"dist": "rectangular", "a": u},
        "triangular": {"dist": "triangular", "a": u},
        "t": {"dist": "t", "scale": u, "dof": 6},
    }[shape]
    return {"name": name, "value": value} | given_as


budgets = st.tuples(quantities("a"), quantities("b"), quantities("c")).map(list)
LENGTHS = {"value", "u", "U", "a", "scale"}


def scaled(quantity, factor):
    return {name: value * factor if name in LENGTHS else value for name, value in quantity.items()}


def asked(inputs, model, **others):
    coverage = {"method": "t", "p": 0.95, "dof": "exact"}
    case = {"kind": "budget", "inputs": inputs, "model": model, "coverage": coverage}
    return evaluate_case(case | others)


@settings(max_examples=200)
@given(budgets, st.floats(1e-9, 1e9))
def test_another_unit_of_all_lengths_scales_the_result_and_changes_nothing_else(inputs, factor):
    # a*b/c is a length if all three are; so are the root and the product with an exponential.
    for model in ("a*b/c", "sqrt(a*a + b*b) - c", "a*exp(b/c) + c*c/b"):
        one = asked(inputs, model)
        other = asked([scaled(quantity, factor) for quantity in inputs], model)
        for field in ("y", "u_c", "U"):
            assert other[field] == pytest.approx(factor * one[field], rel=1e-9, abs=1e-9 * factor)
        assert other["k"] == pytest.approx(one["k"], rel=1e-9)


@settings(max_examples=200)
@given(budgets, st.permutations([0, 1, 2]), st.sampled_from(MODELS), st.floats(-0.9, 0.9))
def test_the_order_of_the_inputs_changes_nothing(inputs, order, model, r):
    rows = [["a", "b", r]]
    one = asked(inputs, model, correlations=rows)
    other = asked([inputs[place] for place in order], model, correlations=[["b", "a", r]])
    for field in ("y", "u_c", "k", "U"):
        assert other[field] == pytest.approx(one[field], rel=1e-12)
    assert other["contributions"] == pytest.approx(one["contributions"], rel=1e-12)


@settings(max_examples=200)
@given(budgets, st.sampled_from(MODELS))
def test_one_output_alone_is_what_it_is_among_several(inputs, model):
    alone = asked(inputs, model)
    among = asked(inputs, {"A": model, "B": "a + b", "C": f"2*({model})"})
    assert among["y"]["A"] == alone["y"]
    assert among["U"]["A"] == alone["U"]
    assert among["output_correlations"]["A,C"] == pytest.approx(1.0)
    assert -1 <= among["output_correlations"]["A,B"] <= 1


@settings(max_examples=25)
@given(budgets, st.lists(st.floats(-3, 3), min_size=3, max_size=3))
def test_a_linear_model_agrees_with_monte_carlo_within_its_own_uncertainty(inputs, factors):
    trials = 40_000
    model = " + ".join(f"({f!r})*{name}" for f, name in zip(factors, "abc", strict=True))
    for quantity in inputs:
        if quantity.get("dof", "inf") != "inf":
            quantity["dof"] = 50  # the fourth moment of fewer has no end
    linear = asked(inputs, model)
    drawn = evaluate_case(
        {"kind": "monte_carlo", "inputs": inputs, "model": model, "trials": trials}
    )
    variance = sum(
        linear["contributions"][quantity["name"]] ** 2
        * (1 if quantity.get("dof", "inf") == "inf" else quantity["dof"] / (quantity["dof"] - 2))
        for quantity in inputs
    )
    u = math.sqrt(variance)
    assert drawn["mean"] == pytest.approx(linear["y"], abs=6 * u / math.sqrt(trials) + 1e-12)
    assert drawn["std"] == pytest.approx(u, rel=6 / math.sqrt(trials), abs=1e-12)


texts = st.tuples(st.integers(1, 99_999), st.integers(-8, 2)).map(
    lambda parts: str(Decimal(parts[0]).scaleb(parts[1]))
)


@settings(max_examples=500)
@given(
    texts, texts, texts, st.sampled_from([1, 2]), st.sampled_from(["half_up", "half_even", "up"])
)
def test_a_report_never_states_less_than_the_cmc(y, u, cmc, digits, mode):
    answer = evaluate_case(
        {"kind": "report", "input": {"y": y, "u": u, "cmc": cmc, "digits": digits, "mode": mode}}
    )
    stated, computed = Decimal(answer["U"]), 2 * Decimal(u)
    assert stated >= Decimal(cmc)
    assert stated >= computed * Decimal("0.95")
    assert answer["floored"] == (computed < Decimal(cmc))
    assert len(answer["U"].partition(".")[2]) == len(answer["y"].partition(".")[2])


@settings(max_examples=500)
@given(texts, st.sampled_from([1, 2, 3]), st.sampled_from(["half_up", "half_even", "up"]))
def test_what_is_rounded_stays_as_it_is_when_it_is_rounded_again(U, digits, mode):  # noqa: N803
    once = evaluate_case({"kind": "rounding", "input": {"U": U, "digits": digits, "mode": mode}})
    again = {"kind": "rounding", "input": once | {"digits": digits, "mode": mode}}
    assert evaluate_case(again) == once


@settings(max_examples=300)
@given(
    st.floats(-3, 3),
    st.floats(1e-4, 3),
    st.sampled_from([{"lower": -1.0, "upper": 1.0}, {"lower": -0.5}, {"upper": 0.25}]),
    st.sampled_from([{}, {"dist": "t", "dof": 2.5}, {"prior_mean": 0.2, "prior_u": 0.7}]),
)
def test_what_does_not_conform_is_the_rest(y, u, limits, others):
    answer = evaluate_case({"kind": "conformity", "input": {"y": y, "u": u} | limits | others})
    assert answer["p_conform"] + answer["p_nonconform"] == pytest.approx(1.0, abs=1e-14)
    assert 0 <= answer["p_nonconform"] <= 1


@settings(max_examples=200)
@given(st.floats(-1, 1), st.floats(0.05, 3), st.floats(0.01, 2), st.floats(-0.3, 0.9))
def test_what_is_accepted_is_good_or_falsely_accepted(y0, u_0, u_m, w):
    question = {"lower": -1, "upper": 1, "y0": y0, "u_0": u_0, "u_m": u_m, "w": w}
    answer = evaluate_case({"kind": "global_risk", "input": question})
    # Items and measurement together are normal, so what is accepted is known without them.
    both = math.hypot(u_0, u_m)
    accepted = normal_probability((1 - w - y0) / both) - normal_probability((w - 1 - y0) / both)
    found = answer["p_in_tolerance"] - answer["pfr"] + answer["pfa"]
    assert found == pytest.approx(accepted, abs=1e-9)
    assert answer["cpfa"] * accepted == pytest.approx(answer["pfa"], abs=1e-9)
