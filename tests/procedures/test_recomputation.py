"""A result that is computed again from its own file: the same figures, or what differs by name."""

import json
import math
from collections import OrderedDict
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calibra_app.demo.cmc import cmc_of
from calibra_app.demo.instruments import instrument
from calibra_app.demo.readings import observation, sheet_of
from calibra_app.demo.standards import BY_ASSET
from calibra_app.metrology.budget import ENGINE_VERSION
from calibra_app.metrology.quantity import MetrologyError
from calibra_app.procedures import registry
from calibra_app.procedures.recomputation import PARTS, Basis, digest_of, recompute, sealed
from calibra_app.procedures.registry import DESIGNED, hold_design, plan_points, procedure_of
from tests.procedures import designs


@cache
def sealed_text(number=8, designed=False):
    """An instrument of the sample week, the multimeter unless another is named, as a file."""
    item, seen = instrument(number), observation(number)
    key, version = item.procedure, item.version
    if designed:
        key, version = DESIGNED, hold_design(designs.HYGROMETER)
    points = {point.key: point for point in plan_points(key, version, item.parameters)}
    read = sheet_of(seen.as_found)
    names = zip(points, (row.key for row in item.points), strict=True)
    readings = {here: read[there] for here, there in names if there in read}
    procedure = procedure_of(key, version)
    standards = [BY_ASSET[asset].as_reference() for asset in item.standards]
    basis = Basis(
        item.procedure, procedure.budget_name, key, version, points, standards,
        dict(seen.environment), item.parameters, item.rule, cmc_of(item.procedure),
    )  # fmt: skip
    parts = {
        "subject": {"item": "Digital multimeter", "line": "SRF-2026-0414-01"},
        "engine_version": ENGINE_VERSION,
        "procedure": {
            "code": item.procedure, "budget_name": procedure.budget_name,
            "model_key": key, "model_version": version,
            **({"design": designs.HYGROMETER} if designed else {}),
        },
        "parameters": item.parameters,
        "rule": item.rule.as_json(),
        "cmc": [
            {name: getattr(row, name) for name in row.__dataclass_fields__}
            for row in cmc_of(item.procedure)
        ],
        "standards": [standard.as_json() for standard in standards],
        "environment": dict(seen.environment),
        "points": [point.as_json() for point in points.values()],
        "readings": {"as_found": {key: [str(v) for v in held] for key, held in readings.items()}},
        "results": {"as_found": {key: basis.evaluate(key, readings) for key in readings}},
    }  # fmt: skip
    return json.dumps(sealed(parts), ensure_ascii=False)


def a_result(number=8):
    return json.loads(sealed_text(number))


TEN_VOLTS, OF_HUMIDITY = "dc-voltage-200-v-10", 3


def point_of(answer, key=TEN_VOLTS):
    return next(each for each in answer["results"] if each["id"] == f"as_found/{key}")


@pytest.mark.parametrize("number", [1, 5, 8, 9, 12])
def test_a_result_computed_again_is_identical_figure_by_figure(number):
    answer = recompute(a_result(number))
    assert (answer["identical"], answer["altered"]) == (True, [])
    assert answer["sentence"] == f"All figures of {len(answer['results'])} points are identical."
    figures = [figure for point in answer["results"] for figure in point["figures"]]
    assert len(figures) > 20 * len(answer["results"])
    assert all(figure["identical"] for figure in figures)
    names = {figure["figure"] for figure in figures}
    assert {"expanded_uncertainty", "rows[1].share", "statement", "uncertainty_text"} <= names


def test_a_number_that_differs_in_its_last_bits_alone_is_confirmed_and_not_called_identical():
    held = a_result()
    point = held["results"]["as_found"][TEN_VOLTS]
    factor = point["coverage_factor"]
    point["coverage_factor"] = math.nextafter(factor, 3.0)
    answer = recompute(sealed({name: held[name] for name in PARTS}))
    assert (answer["identical"], answer["confirmed"], answer["altered"]) == (False, True, [])
    assert point_of(answer)["differences"] == ["coverage_factor"]
    assert "differ in their last bits" in answer["sentence"]
    point["coverage_factor"] = factor * (1 + 1e-11)
    answer = recompute(sealed({name: held[name] for name in PARTS}))
    assert (answer["confirmed"], point_of(answer)["confirmed"]) == (False, False)


def test_another_reading_names_its_part_its_point_and_every_figure_that_follows_from_it():
    changed = a_result()
    changed["readings"]["as_found"][TEN_VOLTS][0] = "10.02"
    answer = recompute(changed)
    assert answer["altered"] == ["readings"]
    differing = [point["id"] for point in answer["results"] if not point["identical"]]
    assert differing == [f"as_found/{TEN_VOLTS}"]
    assert {"mean", "error_of_indication", "mean_text"} <= set(point_of(answer)["differences"])
    assert "lower_limit" not in point_of(answer)["differences"]
    assert answer["sentence"].startswith("Altered since the export: readings. 1 of ")


def test_a_figure_that_was_changed_is_told_with_both_values():
    changed = a_result()
    changed["results"]["as_found"][TEN_VOLTS]["expanded_uncertainty"] = 0.001
    answer = recompute(changed)
    assert answer["altered"] == ["results"]
    point = point_of(answer)
    assert point["differences"] == ["expanded_uncertainty"]
    (figure,) = [one for one in point["figures"] if not one["identical"]]
    assert figure["stated"] == 0.001
    assert figure["computed"] == pytest.approx(0.0080, abs=5e-5)


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("standards", lambda part: part[0]["points"][0].update(expanded_uncertainty=9.0)),
        ("subject", lambda part: part.update(item="Another item")),
        ("rule", lambda part: part.update(name="guard_band")),
        ("environment", lambda part: part.update(temperature=[10, 40])),
        ("cmc", lambda part: part.clear()),
    ],
)
def test_whatever_was_changed_afterwards_is_named(part, change):
    changed = a_result()
    change(changed[part])
    answer = recompute(changed)
    assert part in answer["altered"]
    assert not answer["identical"]
    assert answer["sentence"].startswith(f"Altered since the export: {part}")


def test_who_mends_the_digest_of_a_part_is_found_by_the_digest_of_the_whole():
    changed = a_result()
    changed["subject"]["item"] = "Another item"
    changed["digests"]["subject"] = digest_of(changed["subject"])
    assert recompute(changed)["altered"] == ["digest"]


def test_a_field_or_a_digest_too_many_is_named():
    changed = a_result() | {"remark": "fine"}
    changed["digests"]["remark"] = "0"
    changed["digest"] = digest_of(changed["digests"])
    answer = recompute(changed)
    assert (answer["altered"], answer["identical"]) == (["remark", "digests.remark"], False)


def test_a_result_of_another_engine_says_so_where_figures_differ():
    held = a_result()
    held["engine_version"] = "0.9.0"
    point = held["results"]["as_found"][TEN_VOLTS]
    point["engine_version"], point["coverage_factor"] = "0.9.0", 2.0
    again = sealed({name: held[name] for name in PARTS})
    answer = recompute(again)
    assert answer["altered"] == []
    assert set(point_of(answer)["differences"]) == {"engine_version", "coverage_factor"}
    assert f"computed with engine 0.9.0; this is engine {ENGINE_VERSION}." in answer["sentence"]


def test_a_procedure_that_the_laboratory_designed_travels_with_its_result(monkeypatch):
    held = json.loads(sealed_text(OF_HUMIDITY, designed=True))
    assert held["results"]["as_found"]
    # A process that has never seen the design.
    monkeypatch.setattr(registry, "_DESIGNS", OrderedDict())
    assert recompute(held)["identical"]
    held["procedure"]["design"] = held["procedure"]["design"] | {"title": "Another"}
    answer = recompute(held)
    assert answer["altered"] == ["procedure"]
    assert not answer["identical"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda held: held.update(form="another/1"), "form: expected calibra-result/1"),
        (lambda held: held.pop("rule"), "rule: it is missing"),
        (lambda held: held.update(points={}), "points: expected a list"),
        (lambda held: held.update(standards=[{"asset": "S"}]), "reference standard"),
        (lambda held: held.update(cmc=[{"height": 3}]), "cannot be read"),
        (lambda held: held["readings"].update(as_found=[1]), "as_found: expected an object"),
        (lambda held: held["readings"]["as_found"].update({TEN_VOLTS: ["ten"]}), "decimal"),
        (lambda held: held["readings"]["as_found"].update({TEN_VOLTS: ["NaN"]}), "finite"),
        (lambda held: held["results"].update(as_left={}), "readings: there are none of as_left"),
        (lambda held: held["results"]["as_found"].update(x={}), "there is no point x"),
        (lambda held: held["results"]["as_found"].update({TEN_VOLTS: 1}), "not an object"),
    ],
)
def test_what_is_no_result_is_refused_with_a_sentence(change, words):
    held = a_result()
    change(held)
    with pytest.raises(MetrologyError, match=words):
        recompute(held)


@pytest.mark.parametrize("document", [None, [], "result", {}, {"form": "calibra-result/1"}])
def test_what_is_no_document_is_refused(document):
    with pytest.raises(MetrologyError):
        recompute(document)


@settings(max_examples=150)
@given(st.data())
def test_no_single_character_of_the_file_can_be_changed_unnoticed(data):
    text = sealed_text()
    at = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.sampled_from('0123456789.eE-+ax",:{}[] '))
    changed = text[:at] + other + text[at + 1 :]
    try:
        document = json.loads(changed)
    except ValueError:
        return
    if document == json.loads(text):
        return
    try:
        answer = recompute(document)
    except MetrologyError:
        return
    assert not answer["identical"]
    assert not answer["confirmed"]
    assert answer["altered"]


def test_a_result_without_one_of_its_parts_is_not_sealed():
    with pytest.raises(MetrologyError, match="subject: a result cannot be computed again"):
        sealed({})
