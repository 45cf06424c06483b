"""Whatever stands in a case: it is answered or refused by a sentence, and stops no other."""

import copy
import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calibra_app.metrology.cases import FORM, KINDS, LONGEST_SENTENCE, evaluate_case, evaluate_cases
from tests.metrology.questions import QUESTIONS

GOOD = {"id": "good", "kind": "rounding", "input": {"U": "0.996", "y": "7.14"}}
ANSWERED = {"id": "good", "result": {"U": "1.0", "y": "7.1"}}

SPOILS = st.one_of(
    st.sampled_from([
        None, True, False, 0, -0.0, 1, -1, 2, 0.5, 1e-320, 1e308, -1e308, 10**400, 10**18,
        float("nan"), float("inf"), float("-inf"), "inf", "-inf", "nan", "", "x", "1e5", "-0",
        "1E-3", "9" * 500, "a" * 5000, "\ud800", "\x00", "pi", "x.__class__", "9**9**9**9",
        "sqrt(" * 40, [], [[]], {}, [None], [1], [1, 2, 3], {"a": 1}, [1e308] * 5, [0.0] * 10,
        [[1, 2], [3]],
        [["x", "y", 1]], [["x", "x", 1]], [[0, 1]], {"name": "x", "value": 1, "u": 1},
    ]),
    st.floats(),
    st.integers(),
    st.text(max_size=20),
)  # fmt: skip


def places(value, place=()):
    """Every place in a case, by its path."""
    yield place
    if isinstance(value, dict | list):
        inner = value.items() if isinstance(value, dict) else enumerate(value)
        for key, below in inner:
            yield from places(below, (*place, key))


def spoil(case, data):
    """Drop, replace, repeat or scale something at a drawn place."""
    place = data.draw(st.sampled_from([place for place in places(case) if place]))
    holder = case
    for key in place[:-1]:
        holder = holder[key]
    key, deed = place[-1], data.draw(st.sampled_from(["drop", "replace", "replace", "grow"]))
    value = holder[key]
    if deed == "drop":
        del holder[key]
    elif deed == "grow" and isinstance(value, list):
        holder[key] = copy.deepcopy(value) * data.draw(st.sampled_from([0, 2, 40]))
    elif deed == "grow" and type(value) in (int, float) and abs(value) < 1e300:
        holder[key] = value * data.draw(st.sampled_from([-1, 0, 10, 1e-30, 1e30, 1e200]))
    else:
        holder[key] = copy.deepcopy(data.draw(SPOILS))


def test_every_kind_is_among_the_questions_and_answered():
    assert {question["kind"] for question in QUESTIONS} == set(KINDS)
    for question in QUESTIONS:
        json.dumps(evaluate_case(question), allow_nan=False)


@settings(max_examples=1500)
@given(st.sampled_from(QUESTIONS), st.data())
def test_a_spoiled_case_is_answered_or_refused_by_a_sentence(question, data):
    case = copy.deepcopy(question) | {"id": "spoiled"}
    for _ in range(data.draw(st.integers(1, 3))):
        spoil(case, data)
    trials = case.get("trials")
    if isinstance(trials, int | float) and 10_000 < trials < 1e8:
        case["trials"] = 10_000
    first, second = evaluate_cases({"form": FORM, "cases": [case, GOOD]})["results"]
    assert ("result" in first) != ("error" in first)
    assert 0 < len(first.get("error", "x")) <= LONGEST_SENTENCE + 1
    json.dumps(first, allow_nan=False)
    assert second == ANSWERED


FIELDS = [
    (question, name) for question in QUESTIONS if "input" in question for name in question["input"]
]


@pytest.mark.parametrize(
    ("question", "name"), FIELDS, ids=[f"{one['kind']}-{name}" for one, name in FIELDS]
)
def test_a_missing_field_has_a_default_or_is_missed_by_name(question, name):
    spoiled = copy.deepcopy(question)
    del spoiled["input"][name]
    (answer,) = evaluate_cases({"form": FORM, "cases": [spoiled]})["results"]
    assert "error" not in answer or name in re.findall(r"\w+", answer["error"]), answer


@settings(max_examples=200)
@given(st.recursive(SPOILS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_anything_at_all_as_a_case_is_refused(case):
    first, second = evaluate_cases({"form": FORM, "cases": [case, GOOD]})["results"]
    assert "error" in first
    assert second == ANSWERED
