"""The pages of the software validation."""

from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from calibra_app.core.errors import NotFound, Unavailable
from calibra_app.core.ids import DocumentId, new_id
from calibra_app.metrology.validation.examples import worked_examples
from calibra_app.models.document import DocumentState
from calibra_app.services.validation import (
    ComputedExample,
    Platform,
    ValidationOverview,
    ValidationRun,
    ValidationSummary,
)
from calibra_app.ui import routes
from calibra_app.ui.pages.validation import state as module
from calibra_app.ui.pages.validation.example import example_page
from calibra_app.ui.pages.validation.page import validation_page
from calibra_app.ui.pages.validation.rows import Numeral, deviation_figure, dots_of
from calibra_app.ui.pages.validation.state import ExampleState, ValidationState
from tests.rendering.parts import D
from tests.rendering.validations import OHM, STATEMENT, VALIDATION

NOON = datetime(2026, 12, 3, 12, 0, tzinfo=UTC)
HERE = Platform("1.0.0", (("Python", "3.13.1"), ("numpy", "2.4.6")))
RUN = ValidationRun(
    HERE, VALIDATION.verdict, VALIDATION.agrees, VALIDATION.groups, NOON, "Jonas Weber", "SV-1"
)
OFF = replace(OHM.figures[0], agrees=False, exact_share=D(40), share="40.000")
WRONG = replace(OHM, name="X-wrong", title="Wrong", agrees=False, figures=(OFF,))
WAITING = tuple(
    replace(
        group,
        examples=tuple(
            replace(each, figures=(), agrees=False, worst="") for each in group.examples
        ),
    )
    for group in VALIDATION.groups
)


def a_report(state=DocumentState.DONE, **more):
    return replace(
        ValidationSummary(
            DocumentId(new_id()), "SV-1", "1.0.0", "Python 3.13.1", RUN.verdict, True, NOON,
            "Jonas Weber", state, "", "0123456789abcdef",
        ),
        **more,
    )  # fmt: skip


def an_overview(last=RUN, *reports, here=HERE):
    return ValidationOverview(here, last, last.groups if last else WAITING, reports)


@pytest.fixture
def opened(answering, monkeypatch):
    """Open the page with what the services answer; the live bus is tried elsewhere."""

    class Bus:
        async def join(self, *_given, **_named):
            return None

    async def somebody(_state):
        return type("Somebody", (), {"tenant_id": 1})()

    monkeypatch.setattr(module, "LIVE", Bus())
    monkeypatch.setattr(module, "current_actor", somebody)

    async def open_page(overview, **answers):
        calls = answering(ValidationState, validation_overview=overview, **answers)
        state = ValidationState()
        state.zone = "UTC"
        await ValidationState.load.fn(state)
        return state, calls

    return open_page


def names(state):
    return [row.name for group in state.groups for row in group.examples]


async def finished(steps):
    return [step async for step in steps]


async def test_the_last_report_is_shown_with_its_verdict_and_its_examples(opened):
    state, _ = await opened(an_overview(RUN, a_report()))
    assert (state.verdict, state.engine, state.platform) == (
        VALIDATION.verdict, "1.0.0", "Python 3.13.1, numpy 2.4.6",
    )  # fmt: skip
    assert (state.agrees, state.is_current, state.is_fresh) == (True, True, False)
    assert [group.title for group in state.groups] == [
        "Uncertainty budgets", "Statements of conformity",
    ]  # fmt: skip
    assert [(group.agreeing, group.tone) for group in state.groups] == [("1 of 1", "green")] * 2
    assert (state.shown, state.figures) == ("2 of 2 examples", "3")
    (report,) = state.reports
    assert (report.done, report.digest) == (True, "0123456789ab")


async def test_before_the_first_report_the_examples_wait_for_a_verdict(opened):
    state, _ = await opened(an_overview(None))
    assert (state.computed, state.verdict, state.reports) == (False, "", [])
    assert {row.tone for group in state.groups for row in group.examples} == {"gray"}
    assert [group.agreeing for group in state.groups] == ["1", "1"]


async def test_another_engine_here_than_in_the_report_is_said(opened):
    newer = Platform("1.1.0", HERE.versions)
    state, _ = await opened(an_overview(RUN, a_report(), here=newer))
    assert not state.is_current
    assert (state.engine, state.engine_here) == ("1.0.0", "1.1.0")


async def test_a_run_is_shown_at_once_and_is_not_on_record(opened):
    run = replace(
        RUN,
        number="",
        agrees=False,
        verdict="1 of 3 worked examples do not agree.",
        groups=(
            replace(VALIDATION.groups[0], examples=(OHM, WRONG)),
            VALIDATION.groups[1],
        ),
    )
    state, _ = await opened(an_overview(None), run_validation=run)
    await finished(ValidationState.run.fn(state))
    assert (state.is_fresh, state.running, state.agrees) == (True, False, False)
    assert [(group.agreeing, group.tone) for group in state.groups] == [
        ("1 of 2", "red"), ("1 of 1", "green"),
    ]  # fmt: skip
    await ValidationState.choose.fn(state, "differing")
    assert names(state) == ["X-wrong"]


async def test_a_run_that_cannot_be_done_says_why_and_leaves_the_page(opened):
    state, _ = await opened(an_overview(), run_validation=Unavailable("Try again."))
    steps = await finished(ValidationState.run.fn(state))
    assert "Try again." in str(steps[-1])
    assert (state.running, state.is_fresh, state.verdict) == (False, False, RUN.verdict)


async def test_the_list_is_narrowed_by_words_and_by_source(opened):
    state, _ = await opened(an_overview())
    await ValidationState.find.fn(state, "ILAC statement")
    assert (names(state), state.shown) == (["X-g8"], "1 of 2 examples")
    await ValidationState.find.fn(state, "")
    await ValidationState.choose.fn(state, "published")
    assert names(state) == ["X-ohm"]
    await ValidationState.choose.fn(state, "published")
    assert names(state) == ["X-ohm", "X-g8"]


async def test_a_kept_report_is_told_and_listed(opened, monkeypatch):
    state, _ = await opened(an_overview(None))
    asked = []

    async def ask(_state, service, /):
        asked.append(service.__name__)
        return an_overview(RUN, a_report(DocumentState.QUEUED))

    monkeypatch.setattr(module, "ask", ask)
    steps = await finished(ValidationState.keep.fn(state))
    assert asked == ["print_validation", "validation_overview"]
    assert "SV-1 is on record" in str(steps[-1])
    (report,) = state.reports
    assert (report.state, report.done) == ("Waiting for the printer", False)


async def test_a_failed_print_can_be_asked_for_again(opened):
    failed = a_report(DocumentState.FAILED, error="no paper")
    state, calls = await opened(an_overview(RUN, failed), print_validation_again=None)
    assert (state.reports[0].failed, state.reports[0].error) == (True, "no paper")
    await ValidationState.print_again.fn(state, str(failed.id))
    assert calls[1][:2] == ("print_validation_again", (failed.id,))


async def test_hearing_of_a_print_keeps_what_was_computed_on_request(opened):
    state, _ = await opened(an_overview(None), run_validation=RUN)
    await finished(ValidationState.run.fn(state))
    await ValidationState.refresh.fn(state)
    assert (state.is_fresh, state.verdict) == (True, RUN.verdict)


async def test_an_example_opens_with_its_question_and_its_neighbours(answering, monkeypatch):
    given = ComputedExample(OHM, "Uncertainty budgets", "X-two.1", "")
    calls = answering(ExampleState, compute_example=given)
    address = SimpleNamespace(page=SimpleNamespace(params={"example_name": "X-GUM-4_4_3"}))
    monkeypatch.setattr(ExampleState, "router", address)
    state = ExampleState()
    await ExampleState.load.fn(state)
    assert calls[0][1] == ("X-GUM-4.4.3",)
    assert state.asked == [("Measurement model", "V/I")]
    assert [(row.name, row.degrees) for row in state.inputs] == [("V", "4")]
    assert [(row.printed, row.rounded_before) for row in state.figures] == [
        (Numeral("6.67"), False), (Numeral("1.8"), True),
    ]  # fmt: skip
    assert state.figures[0].deviation == Numeral("1.0", "−11")
    assert (state.before, state.after) == ("/validation/X-two_1/", "")
    assert (state.words, state.has_picture, state.rounded_before) == ("Agrees", True, True)


async def test_an_example_that_is_not_there_is_said_plainly(answering):
    answering(ExampleState, compute_example=NotFound("There is no such example."))
    state = ExampleState()
    await ExampleState.load.fn(state)
    assert state.absent


def test_the_path_of_every_example_leads_back_to_it():
    for example in worked_examples():
        assert "_" not in example.name
        slug = routes.worked_example(example.name).removeprefix(routes.VALIDATION).strip("/")
        assert "." not in slug
        assert slug.replace("_", ".") == example.name


def test_the_picture_keeps_every_number_and_sets_apart_what_differs():
    groups = (replace(VALIDATION.groups[0], examples=(OHM, WRONG, STATEMENT)),)
    agreeing, differing, tolerance = deviation_figure(dots_of(groups)).data
    assert (len(agreeing.x), len(differing.x)) == (2, 1)
    assert min(agreeing.x) == pytest.approx(1e-13)
    assert differing.x[0] > 1 > max(agreeing.x)
    assert tuple(tolerance.x) == (1, 1)


def test_the_pages_build():
    assert validation_page().render()
    assert example_page().render()
