"""Typing on a designed sheet: what is taken over from before is what would be computed anew."""

import random
from decimal import Decimal
from threading import Thread

import pytest

from calibra_app.metrology.quantity import MetrologyError
from calibra_app.procedures.base import Run
from calibra_app.procedures.designed.memory import Memory
from calibra_app.procedures.templates import templates

NAMES = [each.key for each in templates()]


def evaluated(design, bench, sheet):
    """Return what every point amounts to, or the sentence of its refusal."""
    found = []
    for point in design.plan(bench.parameters):
        run = Run(
            point=point,
            readings=sheet.get(point.key, ()),
            parameters=bench.parameters,
            standards=bench.standards,
            environment=bench.environment,
            rule=bench.rule,
            sheet=sheet,
        )
        try:
            found.append(design.evaluate(run).as_json())
        except MetrologyError as error:
            found.append(str(error))
    return found


def anew(design, bench, sheet):
    """Return the same where nothing was computed before: each thread has notebooks of its own."""
    found = []
    thread = Thread(target=lambda: found.extend(evaluated(design, bench, sheet)))
    thread.start()
    thread.join()
    return found


def typed(dice, sheet, start):
    """Return the sheet after a reading was changed, taken away, added, or a row put back."""
    key = dice.choice(sorted(start))
    readings = list(sheet.get(key, ()))
    deed = dice.randrange(4)
    if deed == 0 or not readings:
        return {**sheet, key: start[key]}
    if deed == 1:
        return {**sheet, key: tuple(readings[:-1])}
    if deed == 2:
        return {**sheet, key: (*readings, readings[0])}
    place = dice.randrange(len(readings))
    readings[place] += Decimal(dice.choice(["0.1", "-0.01", "1"]))
    return {**sheet, key: tuple(readings)}


@pytest.mark.parametrize("key", NAMES)
def test_whatever_is_typed_the_figures_are_those_of_a_fresh_sheet(key):
    template = next(each for each in templates() if each.key == key)
    bench = template.example.run_values()
    dice = random.Random(key)  # noqa: S311 - a choice of keystrokes, no secret
    sheet = {}
    for _ in range(14):
        sheet = typed(dice, sheet, dict(bench.sheet))
        assert evaluated(template.design, bench, sheet) == anew(template.design, bench, sheet)


def test_a_result_is_kept_until_a_row_changes_that_was_read_for_it():
    memory, asked = Memory(), []

    def of(name, *rows, inner=None):
        def compute():
            asked.append(name)
            memory.reads(rows)
            return inner() if inner else name

        return memory.result(name, compute)

    of("sum", "a", inner=lambda: of("part", "b"))
    of("sum", "a")
    of("other", "c")
    assert asked == ["sum", "part", "other"]
    memory = memory.after({"b"})
    of("other", "c")
    of("sum", "a", inner=lambda: of("part", "b"))
    assert asked == ["sum", "part", "other", "sum", "part"]


def test_what_a_refusal_read_counts_for_the_result_that_went_another_way():
    memory = Memory()

    def waiting():
        memory.reads({"a"})
        raise MetrologyError("not read yet")

    def otherwise():
        with pytest.raises(MetrologyError):
            memory.result("figure", waiting)
        return 7

    assert memory.result("limit", otherwise) == 7
    assert memory.after({"b"}).result("limit", lambda: 8) == 7
    assert memory.after({"a"}).result("limit", lambda: 8) == 8
