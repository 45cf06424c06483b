"""A result is taken away as a file by whoever may see its sheet, and by nobody else."""

import json

import pytest

from calibra_app.core.access import Role
from calibra_app.core.ids import new_id
from calibra_app.demo.sheets import fill_sheet, prepare_sheet
from calibra_app.metrology.cases import evaluate_cases
from calibra_app.metrology.validation.examples import worked_examples
from calibra_app.procedures.recomputation import recompute
from tests.services.calibrations.conftest import a_bench


@pytest.fixture
def sheet_id(work_in):
    made = a_bench(work_in, (8,))
    started = made.started(8)
    with made.work(8) as work:
        prepare_sheet(work, started)
        fill_sheet(work, started)
    return started


async def test_the_result_of_a_sheet_comes_as_a_file_that_can_be_computed_again(
    browser, a_session, sheet_id
):
    tab = browser(1, cookie=a_session(roles={Role.VA}))
    answer = await tab.get(f"/api/v1/sheets/{sheet_id}/result")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert "attachment" in answer.headers["content-disposition"]
    assert "SRF-2026-0414-01-result.json" in answer.headers["content-disposition"]
    assert recompute(json.loads(answer.text))["identical"]


async def test_who_may_not_see_the_sheet_gets_a_sentence_and_no_figure(
    browser, a_session, sheet_id
):
    clerk = browser(1, cookie=a_session(roles={Role.FI}))
    refused = await clerk.get(f"/api/v1/sheets/{sheet_id}/result")
    assert refused.status_code == 403
    assert "readings" not in refused.text
    stranger = browser(2, cookie=a_session(laboratory=2))
    assert (await stranger.get(f"/api/v1/sheets/{sheet_id}/result")).status_code == 404


async def test_the_worked_examples_are_taken_away_for_other_tools(browser, a_session):
    assessor = browser(1, cookie=a_session(roles={Role.VA}))
    answer = await assessor.get("/api/v1/validation/examples")
    assert "worked-examples.json" in answer.headers["content-disposition"]
    document = answer.json()
    assert len(document["cases"]) == len(worked_examples())
    assert all(case["expected"] and case["source"] for case in document["cases"])
    assert "error" not in evaluate_cases({**document, "cases": document["cases"][:3]})["results"][0]
    refused = await browser(1, cookie=a_session(roles={Role.FD})).get("/api/v1/validation/examples")
    assert refused.status_code == 403


@pytest.mark.parametrize("kind", ["sheets", "certificates"])
async def test_what_is_not_there_is_said_plainly(browser, a_session, kind):
    tab = browser(1, cookie=a_session(roles={Role.QM}))
    answer = await tab.get(f"/api/v1/{kind}/{new_id()}/result")
    assert answer.status_code == 404
    assert set(answer.json()) == {"code", "message", "field"}
