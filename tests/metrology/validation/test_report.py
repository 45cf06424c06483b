"""The engine beside worked examples of others: what agrees, and that a wrong figure is found."""

import ast
import json
import math
import sys
from dataclasses import replace

import pytest

from calibra_app.config import PROJECT
from calibra_app.metrology.cases import FORM, KINDS, evaluate_case, evaluate_cases
from calibra_app.metrology.quantity import MetrologyError
from calibra_app.metrology.validation.examples import (
    ANSWERS,
    FILES,
    KIND_TITLES,
    Printed,
    cases_of,
    worked_examples,
)
from calibra_app.metrology.validation.report import LIBRARIES, validate_engine, versions_here

EXAMPLES = {example.name: example for example in worked_examples()}


def test_every_worked_example_agrees():
    report = validate_engine()
    differing = [result.example.name for result in report.results if not result.agrees]
    assert differing == []
    assert report.agrees
    assert report.agreeing == len(report.results) == sum(len(cases_of(name)) for name in FILES)
    assert report.verdict.startswith(f"{report.agreeing} of {report.agreeing} worked examples")


def test_every_example_has_a_name_of_its_own_and_a_source():
    names = [case["id"] for name in FILES for case in cases_of(name)]
    assert len(names) == len(set(names))
    assert all(example.source and example.title for example in worked_examples())


def test_what_an_example_says_of_its_answer_is_not_told_to_the_engine():
    for example in worked_examples():
        assert not ANSWERS & set(example.question)
        assert example.question["want"] == list(example.expected)


def test_every_printed_figure_is_one_of_the_expected_ones():
    for example in worked_examples():
        (result,) = validate_engine([example]).results
        shown = {row.field for row in result.comparisons}
        assert {printed.field for printed in example.printed} <= shown, example.name


def test_a_file_of_examples_can_be_given_to_the_engine_from_outside():
    document = {"form": FORM, "cases": cases_of("annexes.json")}
    results = evaluate_cases(document)["results"]
    assert len(results) == len(document["cases"])
    assert [each["id"] for each in results if "error" in each] == []


def test_every_kind_of_question_has_a_heading():
    assert set(KIND_TITLES) == set(KINDS)


def answering_with(changed):
    """Stand in for an engine with one wrong figure."""

    def evaluate(question):
        return changed(json.loads(json.dumps(evaluate_case(question))))

    return evaluate


def test_a_figure_just_outside_its_tolerance_does_not_agree():
    example = EXAMPLES["X-ohm"]
    room = example.tolerance_at("u_c", example.expected["u_c"])

    def moved(parts):
        def change(answer):
            return answer | {"u_c": example.expected["u_c"] + parts * room}

        (result,) = validate_engine([example], answering_with(change)).results
        return result

    assert moved(0.99).agrees
    assert not moved(1.01).agrees
    (wrong,) = [row for row in moved(-1.5).comparisons if not row.agrees]
    assert (wrong.field, wrong.share) == ("u_c", pytest.approx(-1.5))


def test_a_wrong_word_a_missing_figure_and_a_short_list_do_not_agree():
    def judged(name, changed):
        (result,) = validate_engine([EXAMPLES[name]], answering_with(changed)).results
        return [row.field for row in result.comparisons if not row.agrees]

    assert judged("X-g8-20.27", lambda answer: answer | {"statement": "pass"}) == ["statement"]
    assert judged("X-ohm", lambda answer: answer | {"k": None}) == ["k"]
    assert judged("X-ohm", lambda answer: answer | {"contributions": {}}) == [
        "contributions.V",
        "contributions.I",
    ]
    assert judged("X-ewma", lambda answer: answer | {"limits": answer["limits"][:1]}) == ["limits"]


def test_a_refused_example_counts_as_one_that_does_not_agree():
    def refuse(question):
        raise MetrologyError("model: not today")

    report = validate_engine([EXAMPLES["X-ohm"]], refuse)
    assert (report.agreeing, report.agrees) == (0, False)
    assert report.results[0].error == "model: not today"
    assert report.verdict == "1 of 1 worked examples do not agree."


def test_a_figure_that_is_not_the_printed_one_is_named():
    example = EXAMPLES["X-ohm"]
    printed = replace(example, printed=(Printed("y", "6.69"), Printed("u_c", "0.23")))
    (result,) = validate_engine([printed]).results
    assert [row.field for row in result.comparisons if not row.as_printed] == ["y"]
    assert result.agrees


@pytest.mark.parametrize(
    ("text", "half"), [("2.09", 0.005), ("19", 0.5), ("1.20e-3", 0.5e-5), ("-0.1712", 0.5e-4)]
)
def test_half_a_unit_is_that_of_the_last_printed_digit(text, half):
    assert Printed("x", text).half_unit == pytest.approx(half)


def test_a_deviation_without_any_room_is_endless_or_nothing():
    example = replace(EXAMPLES["X-ohm"], tolerance={"*": {"abs": 0.0}})

    def shares(change):
        (result,) = validate_engine([example], answering_with(change)).results
        return {row.field: row.share for row in result.comparisons}

    assert shares(lambda answer: answer | {"k": 2.0})["k"] == 0
    assert shares(lambda answer: answer | {"k": 2.1})["k"] == math.inf


def test_the_report_names_every_outside_library_that_the_engine_imports():
    imported = set()
    for path in (PROJECT / "calibra_app" / "metrology").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {name.name.partition(".")[0] for name in node.names}
            elif isinstance(node, ast.ImportFrom):
                imported.add(str(node.module).partition(".")[0])
    outside = {name for name in imported if name not in sys.stdlib_module_names}
    assert outside - {"calibra_app"} == set(LIBRARIES)
    assert set(versions_here()) == {"Python", *LIBRARIES}
