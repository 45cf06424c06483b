"""The shared metrology cases, and what is refused from outside."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calibra_app.metrology.cases import FORM, KINDS, evaluate_case, evaluate_cases
from calibra_app.metrology.quantity import MetrologyError
from calibra_app.metrology.validation.examples import cases_of

CASES = cases_of("cases.json")
ANSWERS = {"expected", "tolerance", "published", "confidence", "notes"}


def question_of(case):
    asked = {name: value for name, value in case.items() if name not in ANSWERS}
    return asked | {"want": list(case["expected"])}


def tolerance_at(case, path):
    words = path.split(".")
    for length in range(len(words), 0, -1):
        found = case["tolerance"].get(".".join(words[:length]))
        if found is not None:
            return found
    return case["tolerance"].get("*", {})


def differences(case, path, expected, answer):
    if isinstance(expected, dict):
        for name, value in expected.items():
            inner = f"{path}.{name}" if path else name
            yield from differences(case, inner, value, answer[name])
    elif isinstance(expected, list):
        assert len(answer) == len(expected), path
        for index, (one, other) in enumerate(zip(expected, answer, strict=True)):
            yield from differences(case, f"{path}.{index}", one, other)
    elif isinstance(expected, bool | str):
        if answer != expected:
            yield path, expected, answer
    else:
        allowed = tolerance_at(case, path)
        room = max(allowed.get("rel", 0.0) * abs(expected), allowed.get("abs", 0.0))
        if not abs(answer - expected) <= room:
            yield path, expected, answer


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_a_shared_case_is_answered_within_its_tolerance(case):
    answer = evaluate_case(question_of(case))
    assert list(differences(case, "", case["expected"], answer)) == []


def test_there_are_thirty_six_shared_cases():
    assert len(CASES) == 36


def test_a_bad_case_gets_a_sentence_and_stops_no_other():
    good = {"id": "good", "kind": "rounding", "input": {"U": "0.996", "y": "7.14"}}
    bad = {"id": "bad", "kind": "rounding", "input": {"U": "soon"}}
    results = evaluate_cases({"form": FORM, "cases": [bad, good, 7]})["results"]
    assert results[0] == {"id": "bad", "error": "U: expected a decimal number"}
    assert results[1] == {"id": "good", "result": {"U": "1.0", "y": "7.1"}}
    assert results[2] == {"id": None, "error": "case: expected an object"}


def test_a_document_of_another_form_is_refused():
    with pytest.raises(MetrologyError, match=FORM):
        evaluate_cases({"form": "something-else/1", "cases": []})


@pytest.mark.parametrize(
    ("case", "words"),
    [
        ({"kind": "divination"}, "kind: there is no kind divination"),
        ({"kind": "welch", "input": {"components": [{"dof": 3}]}}, r"components\[0\].u"),
        ({"kind": "budget", "inputs": [], "model": "x"}, "inputs"),
        ({"kind": "line_fit", "input": {"x": [1, 2], "y": [1]}}, "equally many"),
        ({"kind": "conformity", "input": {"y": 1.0, "upper": 2.0}}, "u or U"),
        ({"kind": "monte_carlo", "inputs": [{"name": "a", "value": 1, "u": 1}], "model": "a",
          "trials": 1e12}, "trials"),
        ({"kind": "units", "input": {"from": r"\metre", "to": r"\furlong"}}, "furlong"),
        ({"kind": "rounding", "input": {"U": "1e999999999"}}, "ordinary size"),
    ],
)  # fmt: skip
def test_a_malformed_case_is_refused_with_the_field_it_fails_at(case, words):
    with pytest.raises(MetrologyError, match=words):
        evaluate_case(case)


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4)
    ),
    max_leaves=8,
)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(CASES), st.data())
def test_a_case_with_any_field_spoiled_is_answered_or_refused(case, data):
    spoiled = json.loads(json.dumps(question_of(case)))
    spoiled.pop("want")
    spoiled["trials"] = 1000
    target = spoiled
    while True:
        name = data.draw(st.sampled_from(sorted(target)))
        if isinstance(target[name], dict) and target[name] and data.draw(st.booleans()):
            target = target[name]
            continue
        target[name] = data.draw(junk)
        break
    (result,) = evaluate_cases({"form": FORM, "cases": [spoiled]})["results"]
    assert ("result" in result) != ("error" in result)
    json.dumps(result, allow_nan=False)


def test_numbers_of_absurd_size_are_refused_without_a_traceback():
    history = [[2021.2, 1.0], [1e308, 1.0], [-1e308, 1e308], [2024.2, -1e308]]
    with pytest.raises(MetrologyError):
        evaluate_case({"kind": "drift", "input": {"history": history, "at": 1e308, "u_cal": 1}})


def test_an_id_that_is_no_name_is_not_repeated():
    (result,) = evaluate_cases({"form": FORM, "cases": [{"id": float("inf"), "kind": "x"}]})[
        "results"
    ]
    assert result["id"] is None


def test_every_kind_of_the_shared_cases_is_known():
    assert {case["kind"] for case in CASES} <= set(KINDS)
