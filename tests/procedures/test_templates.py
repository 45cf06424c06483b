"""Starter templates: each is a sound design, and computes the figures of its worked example."""

import copy
import json

import pytest

from calibra_app.procedures.designed.checks import faults_of
from calibra_app.procedures.designed.design import Design
from calibra_app.procedures.designed.plain import DesignError
from calibra_app.procedures.templates import FOLDER, compare, read_template, templates

NAMES = [each.key for each in templates()]


def template(key):
    return next(each for each in templates() if each.key == key)


def data_of(key):
    return json.loads((FOLDER / f"{key}.json").read_text(encoding="utf-8"))


def test_there_is_a_template_to_begin_from():
    assert templates()
    assert len(set(NAMES)) == len(NAMES)


@pytest.mark.parametrize("key", NAMES)
def test_a_template_is_sound(key):
    found = template(key)
    assert faults_of(found.design, found.example.parameters or {}) == ()
    assert found.source
    assert found.example.source
    assert Design.from_text(found.design.text) == found.design


@pytest.mark.parametrize("key", NAMES)
def test_a_template_computes_the_figures_of_its_worked_example(key):
    found = template(key)
    compared = compare(found.design, found.example)
    assert compared
    assert [each for each in compared if not each.agrees] == []


@pytest.mark.parametrize("key", NAMES)
def test_a_wrong_expectation_is_seen(key):
    data = data_of(key)
    figures = next(iter(data["example"]["expected"].values()))
    name = next(iter(figures))
    figures[name] = "123.456"
    wrong = read_template(data, key)
    assert not compare(wrong.design, wrong.example)[0].agrees


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda data: data.update(form="x"), "form: expected"),
        (lambda data: data.update(colour="x"), "colour: no such field"),
        (lambda data: data["example"].update(readings=3), "example.readings: expected"),
        (lambda data: data.pop("design"), "expected a record"),
    ],
)
def test_a_file_that_is_no_template_is_refused(change, says):
    data = copy.deepcopy(data_of("humidity-chamber"))
    change(data)
    with pytest.raises(DesignError, match=says):
        read_template(data, "x")


def test_a_reading_that_is_no_number_is_named():
    data = data_of("humidity-chamber")
    data["example"]["readings"]["33-rh"] = "33.0 wet"
    found = read_template(data, "x")
    with pytest.raises(DesignError, match=r"readings\.33-rh: wet is not a number"):
        found.example.run_values()
