"""Each field of a case: what it may be, and the sentence that says what was expected."""

import json
import math

import pytest

from calibra_app.commands.evaluate import evaluate_file
from calibra_app.metrology.cases import FORM, evaluate_case
from calibra_app.metrology.quantity import MetrologyError

ROOT3 = math.sqrt(3)


def budget(model="x", correlations=(), **quantity):
    inputs = [{"name": "x"} | quantity]
    return {"kind": "budget", "model": model, "inputs": inputs, "correlations": list(correlations)}


def asked(kind, **fields):
    return {"kind": kind, "input": fields}


@pytest.mark.parametrize(
    ("quantity", "u", "dof"),
    [
        ({"value": 1, "u": 0.1}, 0.1, "inf"),
        ({"value": 1, "dist": "normal", "U": 0.3, "k": 3}, 0.1, "inf"),
        ({"value": 1, "dist": "normal", "u": 0.1, "U": 9, "k": 2, "dof": "inf"}, 0.1, "inf"),
        ({"value": 1, "u": 0.1, "rel_u_of_u": 0.25}, 0.1, 8.0),
        ({"value": 1, "u": 0.1, "rel_u_of_u": 0}, 0.1, "inf"),
        ({"value": 1, "dist": "rectangular", "a": 0.3, "dof": 50}, 0.3 / ROOT3, 50.0),
        ({"value": 1, "dist": "triangular", "a": 0.6}, 0.6 / math.sqrt(6), "inf"),
        ({"value": 1, "dist": "arcsine", "a": 0.2}, 0.2 / math.sqrt(2), "inf"),
        ({"value": 1, "dist": "trapezoidal", "a": 1, "beta": 0}, 1 / math.sqrt(6), "inf"),
        ({"value": 1, "dist": "trapezoidal", "a": 1, "beta": 1}, 1 / ROOT3, "inf"),
        ({"value": 1, "dist": "ctrap", "a": 3, "d": 3}, 2.0, "inf"),
        ({"value": 1, "dist": "t", "scale": 0.1, "dof": 4}, 0.1, 4.0),
        ({"value": 2.5, "dist": "exponential"}, 2.5, "inf"),
        ({"dist": "readings", "readings": [1, 2, 3]}, 1 / ROOT3, 2.0),
        ({"dist": "readings", "readings": [5], "pooled_s": 0.4, "pooled_dof": 12}, 0.4, 12.0),
        ({"dist": "readings", "readings": [1, 2, 3, 4], "pooled_s": 0.4}, 0.2, "inf"),
        ({"value": 3, "dist": "constant"}, 0.0, "inf"),
    ],
)  # fmt: skip
def test_each_distribution_has_its_standard_uncertainty_and_freedom(quantity, u, dof):
    answer = evaluate_case(budget(**quantity))
    assert answer["u_c"] == pytest.approx(u, rel=1e-14)
    assert answer["nu_eff"] == pytest.approx(dof) if dof != "inf" else answer["nu_eff"] == "inf"


@pytest.mark.parametrize(
    ("quantity", "sentence"),
    [
        ({"value": 1}, "x.U: expected a number"),
        ({"value": 1, "U": 1}, "x.k: expected a number"),
        ({"value": 1, "U": 1, "k": 0}, "x.k: expected a positive number"),
        ({"value": 1, "u": -1}, "x.u: expected a number, not negative"),
        ({"value": 1, "u": "0.1"}, "x.u: expected a number"),
        ({"value": 1, "u": True}, "x.u: expected a number"),
        ({"value": float("nan"), "u": 1}, "x.value: expected a number"),
        ({"value": "inf", "u": 1}, "x.value: expected a finite number"),
        ({"value": 10**400, "u": 1}, "x.value: the number is too large"),
        ({"value": 1, "u": 1, "dof": 0}, "x.dof: expected a positive number"),
        ({"value": 1, "dist": "rectangular"}, "x.a: expected a number"),
        ({"value": 1, "dist": "rectangular", "a": -1}, "x.a: expected a number, not negative"),
        ({"value": 1, "dist": "trapezoidal", "a": 1, "beta": 2}, "x.beta: expected a number from"),
        ({"value": 1, "dist": "ctrap", "a": 1, "d": 2}, "x.d: expected a number up to"),
        ({"value": 1, "dist": "t", "scale": 1}, "x.dof: expected a number"),
        ({"value": 0, "dist": "exponential"}, "x.value: expected a positive number"),
        ({"dist": "readings", "readings": [1]}, "x.readings: expected at least two"),
        ({"dist": "readings", "readings": [1, "2"]}, "x.readings[1]: expected a number"),
        ({"dist": "readings", "readings": [1, "inf"]}, "x.readings[1]: expected a finite"),
        ({"dist": "readings"}, "x.readings: expected a list"),
        ({"dist": "readings", "readings": [0.0] * 100_001}, "x.readings: at most 100000"),
        ({"value": 1, "u": 1, "dist": "gamma"}, "x.dist: there is no distribution gamma"),
        ({"name": "pi", "value": 1, "u": 1}, "inputs[0].name: pi has a meaning of its own"),
        ({"name": "sqrt", "value": 1, "u": 1}, "inputs[0].name: sqrt has a meaning of its own"),
        ({"name": "2x", "value": 1, "u": 1}, "inputs[0].name: expected a name"),
    ],
)  # fmt: skip
def test_a_spoiled_quantity_is_refused_by_name_and_field(quantity, sentence):
    with pytest.raises(MetrologyError) as refusal:
        evaluate_case(budget(**quantity))
    assert str(refusal.value).startswith(sentence)


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([["a", "b"]], "correlations: expected [name, name, r]"),
        ([["a", "z", 0.1]], "correlations: expected the names"),
        ([["a", "a", 1]], "correlations: a is correlated with itself"),
        ([["a", "b", 1.1]], "correlations: a coefficient lies"),
        ([["a", "b", 0.1], ["b", "a", 0.2]], "correlations: a and b are given twice"),
        ([["a", "b", 0.9], ["b", "c", 0.9], ["a", "c", -0.9]], "correlations: the coefficients"),
    ],
)  # fmt: skip
def test_correlations_that_no_quantities_can_have_are_refused(rows, sentence):
    inputs = [{"name": name, "value": 1, "u": 0.1} for name in "abc"]
    case = {"kind": "budget", "model": "a+b+c", "inputs": inputs, "correlations": rows}
    with pytest.raises(MetrologyError) as refusal:
        evaluate_case(case)
    assert str(refusal.value).startswith(sentence)


def test_coefficients_rounded_to_two_places_are_taken():
    inputs = [{"name": name, "value": 1, "u": 0.1} for name in "abc"]
    rows = [["a", "b", 0.33], ["c", "b", 0.95], ["a", "c", 0.61]]
    answer = evaluate_case(
        {"kind": "budget", "model": "a-b+c", "inputs": inputs, "correlations": rows}
    )
    assert answer["u_c"] == pytest.approx(0.1 * math.sqrt(3 - 0.66 - 1.9 + 1.22))


def test_the_formula_of_one_of_several_outputs_is_named_where_it_fails():
    case = budget({"A": "x", "B": "x +"}, value=1, u=0.1)
    with pytest.raises(MetrologyError, match=r"model\.B: not a formula, at its end"):
        evaluate_case(case)


def test_what_vanishes_at_first_order_is_named_in_a_warning():
    inputs = [{"name": "alpha", "value": 0, "u": 1e-6}, {"name": "t", "value": 0.1, "u": 0.4},
              {"name": "l", "value": 5, "u": 0.1}]  # fmt: skip
    answer = evaluate_case({"kind": "budget", "model": "l - l*alpha*t", "inputs": inputs})
    assert answer["warning"].startswith("nothing of t at first order")
    inputs[0]["value"] = 1e-5
    assert "warning" not in evaluate_case(
        {"kind": "budget", "model": "l - l*alpha*t", "inputs": inputs}
    )


def test_an_infinite_limit_is_no_limit():
    one = {"kind": "conformity", "input": {"y": 4.6, "u": 0.25, "upper": 5, "lower": "-inf"}}
    other = {"kind": "conformity", "input": {"y": 4.6, "u": 0.25, "upper": 5}}
    assert evaluate_case(one) == evaluate_case(other)
    risk = {"u_0": 0.5, "u_m": 0.1, "upper": 1.0}
    assert evaluate_case({"kind": "global_risk", "input": risk | {"lower": "-inf"}}) == (
        evaluate_case({"kind": "global_risk", "input": risk})
    )


@pytest.mark.parametrize(
    ("x", "sigma", "verdict"),
    [(50.2, 0.1, "satisfactory"), (50.3, 0.1, "unsatisfactory"), (50.21, 0.1, "questionable"),
     (49.8, 0.1, "satisfactory"), (49.7, 0.1, "unsatisfactory")],
)  # fmt: skip
def test_a_score_exactly_on_its_limit_is_decided_on_decimals(x, sigma, verdict):
    answer = evaluate_case({"kind": "score", "input": {"x": x, "X": 50.0, "sigma_pt": sigma}})
    assert answer["z_verdict"] == verdict


def test_null_is_not_given():
    asked = {"U": "0.996", "y": None, "digits": None, "mode": None}
    assert evaluate_case({"kind": "rounding", "input": asked}) == {"U": "1.0"}


def test_a_file_with_a_number_of_five_thousand_digits_answers_its_other_cases(tmp_path, capsys):
    file = tmp_path / "cases.json"
    huge = f'{{"id": "a", "kind": "rounding", "input": {{"digits": {"9" * 5000}, "U": "1"}}}}'
    broken = '{"id": "b\\ud800", "kind": "\\udfff"}'
    good = '{"id": "c", "kind": "rounding", "input": {"U": "0.996"}}'
    file.write_text(f'\ufeff{{"form": "{FORM}", "cases": [{huge}, {broken}, {good}]}}', "utf-8")
    evaluate_file(str(file))
    results = json.loads(capsys.readouterr().out)["results"]
    assert results[0] == {"id": "a", "error": "input.digits: expected a finite number"}
    assert results[1] == {"id": "b\ud800", "error": "kind: there is no kind \udfff"}
    assert results[2] == {"id": "c", "result": {"U": "1.0"}}


def test_a_sensitivity_is_known_for_what_is_exactly_known_as_well():
    inputs = [{"name": "L", "value": 100, "dist": "constant"}, {"name": "t", "value": 2, "u": 0.1},
              {"name": "n", "value": -1, "dist": "constant"}]  # fmt: skip
    answer = evaluate_case({"kind": "budget", "model": "L*t**2 + n**2", "inputs": inputs})
    assert answer["sensitivities"] == {"L": 4.0, "t": 400.0, "n": -2.0}
    assert answer["contributions"] == {"L": 0.0, "t": pytest.approx(40.0), "n": 0.0}
    undefined = evaluate_case({"kind": "budget", "model": "t + n**L", "inputs": inputs})
    assert undefined["sensitivities"]["L"] is None


@pytest.mark.parametrize(
    ("case", "sentence"),
    [
        (budget(value=1, u=1) | {"coverage": {"method": "guess"}}, "coverage.method: there is no"),
        (budget(value=1, u=1) | {"coverage": {"method": "t", "p": 1}}, "coverage.p: expected"),
        (budget(value=1, u=1) | {"coverage": {"method": "fixed", "k": 0}}, "coverage.k: expected"),
        (budget(value=1, u=1) | {"coverage": {"method": "t", "dof": "round"}}, "coverage.dof"),
        (budget(value=1, u=1) | {"coverage": {"method": "trapezoidal", "a1": 1}}, "coverage.a2"),
        (asked("welch", components=[{"u": -1}]), "input.components[0].u: expected"),
        (asked("welch", components=[{"u": 1}, {"u": 1, "dof": 0}]), "input.components[1].dof"),
        (asked("conformity", y=1, u=1, upper=2, k=0), "input.k: expected a positive number"),
        (asked("conformity", y=1, u=-1, upper=2), "input.u: expected a number, not negative"),
        (asked("conformity", y=1, U=-1, upper=2), "input.U: expected a number, not negative"),
        (asked("conformity", y=1, u=1, upper=2, dist="t", dof=-1), "input.dof: expected"),
        (asked("conformity", y=1, u=1, upper=2, dist="gamma"), "input.dist: expected normal or t"),
        (asked("conformity", y=1, u=1, upper=2, rule={"name": "hope"}), "rule.name: there is no"),
        (asked("conformity", y=1, u=1, upper=2, rule={"name": "rss"}), "the rule rss needs"),
        (asked("conformity", y=1, u=1, upper=2, rule={"name": "specific_pfa", "p": 0}),
         "input.rule.p: expected a number between 0 and 1"),
        (asked("conformity", exceed={"limit": 100, "p": 2, "u_rel": 0.1}), "input.exceed.p"),
        (asked("conformity", y=1, u=1, lower=3, upper=2), "the lower limit lies above"),
        (asked("conformity", y=1, u=1, lower="inf"), "lower, upper: no value"),
        (asked("global_risk", lower=-1, upper=1, u_m=1), "input.u_0: expected a number, or itp"),
        (asked("global_risk", upper=1, itp=0.9, u_m=1), "itp: expected a lower and an upper"),
        (asked("anova", group_means=[1, 2], group_stds=[1, 1], n_per_group=2, p=7), "input.p"),
        (asked("rounding", U="-1"), "U: expected a number, not negative"),
        (asked("rounding", U="1", digits=0), "digits: expected 1 to 15"),
        (asked("guf_validation", u=1, guf=[0, 1], mc=[0, 1], digits=99), "digits: expected 1 to"),
        (asked("conformity", y=1, u=1, lower=0, upper=2, standard_tolerance=0),
         "input.standard_tolerance: expected a positive number"),
        (asked("cmc_floor", value=1, U=1, cmc={"abs": -1}), "input.cmc.abs: expected a number"),
        (asked("interval", method="variables", t=[1, 2], delta=[1, 2], u0=-1, u_target=2),
         "input.u0: expected a number, not negative"),
        (asked("control_chart", chart="shewhart", x=[1], center=1, sigma=-1), "input.sigma"),
        (asked("rounding", U="1", mode="down"), "mode: there is no mode down"),
        (asked("interval", method="A4"), "method: there is no method A4"),
        (asked("control_chart", chart="pie"), "chart: there is no chart pie"),
    ],
)  # fmt: skip
def test_a_spoiled_question_is_refused_by_its_field(case, sentence):
    with pytest.raises(MetrologyError) as refusal:
        evaluate_case(case)
    assert str(refusal.value).startswith(sentence)
