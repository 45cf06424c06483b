"""The page of technical review: the queue as text, remarks, and what is sent on."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from calibra_app.core.errors import Forbidden, Invalid
from calibra_app.models.calibration import Phase
from calibra_app.services.calibrations.review_detail import (
    Cell,
    CellDifference,
    RemarkShown,
    ReviewDetail,
    ReviewRow,
)
from calibra_app.services.calibrations.review_queue import QueuedLine, Risk, RiskKind
from calibra_app.ui.live import LIVE
from calibra_app.ui.pages.review import state as module
from calibra_app.ui.pages.review.page import PAGES
from calibra_app.ui.pages.review.state import ReviewState

LINE, OTHER, SHEET, REMARK = (UUID(int=at) for at in range(1, 5))
NOW = datetime(2026, 12, 2, 10, tzinfo=UTC)
RESULT = {
    "mean_text": "+1.40",
    "error_text": "+1.40",
    "uncertainty_text": "0.84",
    "coverage_factor_text": "2.09",
    "limit_text": "±2 µm",
    "limit_trace": "±2 µm (maker)",
    "tur_text": "2.38",
    "probability_text": "93.2 %",
    "statement": "conditional_pass",
    "error_of_indication": 1.4,
    "expanded_uncertainty": 0.84,
    "lower_limit": -2.0,
    "upper_limit": 2.0,
    "upper_acceptance": 1.16,
    "result_unit": "µm",
    "rows": [{"title": "Resolution", "share": 0.3}, {"title": "Repeatability", "share": 0.7}],
    "explanations": ["Biggest contribution: Repeatability, 70 %."],
}
GOOD = RESULT | {"statement": "pass", "error_text": "+0.40"}


def a_row(key="25-mm", result=RESULT, *raws):
    cells = tuple(
        Cell(at, raw, "Mei Lin", corrected=False, flagged=False)
        for at, raw in enumerate(raws or ("1", "1", "2"), 1)
    )
    return ReviewRow(key, Phase.AS_FOUND, "Faces", key, "µm", cells, result, "")


DETAIL = ReviewDetail(
    line_id=LINE,
    srf_id=OTHER,
    sheet_id=SHEET,
    line_version=7,
    srf_number="SRF-2026-0413",
    position=1,
    tag="KA-MIC-0007",
    description="Micrometer",
    customer_rule="simple acceptance",
    method="MP-DIM-02 rev. 5",
    place="D1",
    performer="Mei Lin",
    submitted_at=NOW,
    in_review=True,
    reviewed=False,
    refusals=(),
    open_count=0,
    rows=(a_row("5p1-mm", GOOD), a_row()),
    remarks=(),
    differences=(),
    standards=(),
    conditions=(),
    earlier_on="",
    earlier=(),
    adjustment="",
    provider_certificate="",
    provider_rows=(),
)


def queued(key=LINE, **more):
    return QueuedLine(
        **{
            "line_id": key,
            "srf_id": OTHER,
            "sheet_id": SHEET,
            "version": 7,
            "srf_number": "SRF-2026-0413",
            "position": 1,
            "tag": "KA-MIC-0007",
            "description": "Micrometer",
            "discipline": "dimensional",
            "performer": "Mei Lin",
            "promised_on": None,
            "since": NOW,
            "mine": False,
            "resubmitted": False,
            "risks": (Risk(RiskKind.RULE, "verdict depends on rule: TUR 2.38 < 3"),),
            **more,
        }
    )


@pytest.fixture
def opened(answering):
    """Open the page with a line: `opened(DETAIL, accept_review=Invalid("no"))`."""

    def make(detail=DETAIL, queue=None, **answers):
        state = ReviewState()
        calls = answering(
            ReviewState,
            review_queue=(queued(), queued(OTHER)) if queue is None else queue,
            review_detail=detail,
            **answers,
        )
        return state, calls

    return make


async def read(state):
    await ReviewState.reload.fn(state)
    return state


async def test_the_riskiest_line_is_opened_with_its_worst_point(opened):
    state, _ = opened()
    await read(state)
    assert state.key == str(LINE)
    assert state.queue[0].risks[0].words == "verdict depends on rule: TUR 2.38 < 3"
    assert state.chosen == "as_found-25-mm"
    assert (state.point.error, state.point.uncertainty, state.point.tur) == (
        "+1.40",
        "0.84",
        "2.38",
    )
    assert state.point.has_zone
    assert [each.name for each in state.shares] == ["Repeatability", "Resolution"]


async def test_an_empty_queue_shows_nothing_to_review(opened):
    state, calls = opened(queue=())
    await read(state)
    assert (state.queue, state.key, state.loading) == ([], "", False)
    assert [name for name, *_ in calls] == ["review_queue"]


async def test_j_and_k_go_round_the_queue(opened):
    state, _ = opened()
    await read(state)
    await ReviewState.step.fn(state, 1)
    assert state.key == str(OTHER)
    await ReviewState.step.fn(state, 1)
    assert state.key == str(LINE)
    await ReviewState.step.fn(state, -1)
    assert state.key == str(OTHER)


async def test_a_flag_carries_cell_and_remark(opened):
    state, calls = opened(flag_cell=REMARK)
    await read(state)
    await ReviewState.ask_about.fn(state, "as_found-25-mm", 3)
    assert state.form == "flag"
    await ReviewState.flag.fn(state, {"text": "parallax?"})
    flag = next(args for name, args, _ in calls if name == "flag_cell")[1]
    assert (flag.key, flag.phase, flag.repeat, flag.text) == (
        "25-mm",
        Phase.AS_FOUND,
        3,
        "parallax?",
    )
    assert (state.form, state.pane) == ("", "remarks")


async def test_the_own_work_cannot_be_flagged_or_accepted_on_the_screen(opened):
    state, _ = opened(replace(DETAIL, refusals=("You performed this work.",)))
    await read(state)
    assert state.head.refusal == "You performed this work."
    await ReviewState.ask_about.fn(state, "as_found-25-mm", 3)
    await ReviewState.open_form.fn(state, "accept")
    assert state.form == ""


async def test_a_wrong_password_stands_beside_its_field_and_the_dialog_stays(opened):
    state, _ = opened(accept_review=Invalid("This is not your password.", field="password"))
    await read(state)
    await ReviewState.open_form.fn(state, "accept")
    await ReviewState.accept.fn(state, {"password": "wrong"})
    assert state.errors == {"password": "This is not your password."}
    assert state.form == "accept"


async def test_accepting_names_the_version_that_was_seen(opened):
    state, calls = opened(accept_review=None)
    await read(state)
    await ReviewState.accept.fn(state, {"password": "secret"})
    assert next(args for name, args, _ in calls if name == "accept_review") == (LINE, 7, "secret")


async def test_returning_counts_the_cells_and_keeps_the_reason_when_refused(opened):
    state, _ = opened(replace(DETAIL, open_count=2), return_cells=Forbidden("Not you."))
    await read(state)
    assert state.flags == "Return 2 cells"
    await ReviewState.open_form.fn(state, "return")
    assert await ReviewState.give_back.fn(state, {"reason": "Looks like parallax"}) is not None
    assert state.form == "return"


async def test_after_a_rework_only_the_changed_cell_is_tinted(opened):
    change = CellDifference(
        "25-mm", Phase.AS_FOUND, 3, "25 mm, series 3", "2", "1", "Read again", "Mei Lin", NOW
    )
    remark = RemarkShown(
        REMARK,
        "25-mm",
        Phase.AS_FOUND,
        3,
        "25 mm, series 3",
        "parallax?",
        "Jonas Weber",
        NOW,
        returned=True,
        answer="Read again.",
        closed=False,
    )
    state, calls = opened(
        replace(DETAIL, differences=(change,), remarks=(remark,), open_count=1), close_remark=None
    )
    await read(state)
    tones = [[cell.tone for cell in row.cells] for row in state.rows]
    assert tones == [["", "", ""], ["", "", "teal"]]
    assert (state.changes[0].old, state.changes[0].new) == ("2", "1")
    await ReviewState.close_one.fn(state, str(REMARK))
    assert ("close_remark", (REMARK,), {}) in calls


async def test_the_page_watches_the_board_before_it_reads(opened, monkeypatch):
    state, calls = opened()
    joined = []

    async def join(_state, topic, _cls, var="", *, refresh=""):
        joined.append((topic, refresh, len(calls)))

    class Somebody:
        tenant_id = 4

    async def somebody(_state):
        return Somebody

    monkeypatch.setattr(LIVE, "join", join)
    monkeypatch.setattr(module, "current_actor", somebody)
    await ReviewState.load.fn(state)
    assert joined == [("t:4:board", "reload", 0)]


def test_the_page_can_be_drawn():
    ((path, component, _),) = PAGES
    assert path == "/review/"
    assert component().render()
