"""A damaged design is refused with a sentence; nothing else ever comes out of it."""

import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calibra_app.metrology.quantity import MetrologyError
from calibra_app.procedures.base import PointEvaluation
from calibra_app.procedures.designed.checks import faults_of
from calibra_app.procedures.designed.design import Design
from calibra_app.procedures.designed.plain import read_record
from calibra_app.procedures.templates import Example, templates
from tests.procedures.designs import BALANCE
from tests.procedures.test_designed import DEW_POINT, HUMID, WEIGHT

SHOWN = [(each.design.as_json(), each.example.as_json()) for each in templates()] + [
    (DEW_POINT, {"readings": HUMID}),
    (WEIGHT, {"parameters": {"class": "F1"}, "readings": {"100-g": "0.1 0.2"}}),
    (BALANCE, {}),
]
TEXTS = st.sampled_from(
    ["", "0", "-1", "1e308", "1/0", "0**-1", "10**10**10", "log(0)", "nominal", "x" * 3000, "{a}",
     "nan", "inf", "().__class__", "9" * 400, "d_res", "i", "°C", "\x00", "both", "abs(nominal"]
)  # fmt: skip
VALUES = st.one_of(
    TEXTS, st.none(), st.booleans(), st.integers(-3, 3), st.floats(),
    st.lists(TEXTS, max_size=3), st.dictionaries(st.sampled_from(["name", "kind", "up"]), TEXTS),
)  # fmt: skip


def places(data, way=()):
    """Return every place of plain data as a tuple of steps."""
    found = [way] if way else []
    items = (
        data.items() if isinstance(data, dict)
        else enumerate(data) if isinstance(data, list) else ()
    )  # fmt: skip
    for step, inside in items:
        found += places(inside, (*way, step))
    return found


def damaged(data, draw, number):
    copy = json.loads(json.dumps(data))
    for _ in range(number):
        known = places(copy)
        if not known:
            break
        *way, last = draw(st.sampled_from(known))
        at = copy
        for step in way:
            at = at[step]
        at[last] = draw(VALUES)
    return copy


@given(st.data())
@settings(max_examples=400, deadline=None)
def test_a_damaged_design_is_refused_or_evaluated(data):
    shown = data.draw(st.sampled_from(SHOWN))
    design_data = damaged(shown[0], data.draw, data.draw(st.integers(1, 3)))
    sample_data = damaged(shown[1], data.draw, data.draw(st.integers(0, 2)))
    # Whatever else comes out of it than this refusal fails the test.
    with suppress(MetrologyError):
        design = Design.from_json(design_data)
        assert Design.from_text(design.text) == design
        example = read_record(Example, sample_data, "sample")
        bench = example.run_values()
        faults_of(design, bench.parameters.values)
        assert all(isinstance(one, PointEvaluation) for one in bench.evaluate(design))


@given(st.text(max_size=200))
def test_any_text_that_is_no_design_is_refused(text):
    with pytest.raises(MetrologyError):
        Design.from_text(text)
