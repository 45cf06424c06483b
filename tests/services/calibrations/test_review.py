"""Technical review: four eyes, remarks, cells that go back, and what the queue shows first."""

from dataclasses import replace

import pytest
from sqlmodel import select

from calibra_app.core.errors import CalibraError, Conflict, Forbidden, Invalid
from calibra_app.metrology.conformity import DecisionRule, RuleName
from calibra_app.models.calibration import Observation, Sheet, SheetState
from calibra_app.models.customer import DecisionRule as Entry
from calibra_app.models.person import Deed
from calibra_app.models.srf import SrfLine
from calibra_app.services.calibrations import Phase, SheetClosed, Typed, enter_indication
from calibra_app.services.calibrations.review import (
    CellFlag,
    accept_review,
    close_remark,
    flag_cell,
    return_cells,
)
from calibra_app.services.calibrations.review_detail import review_detail
from calibra_app.services.calibrations.review_queue import RiskKind, review_queue
from calibra_app.services.calibrations.sheets import find_point
from calibra_app.services.calibrations.submission import submit_sheet
from calibra_app.services.signatures import signatures_of
from calibra_app.services.srf.agreement import Agreement
from calibra_app.services.srf.guards import GuardFailed
from calibra_app.services.srf.rules import ChosenRule
from calibra_app.services.srf.states import LineState
from tests.builders import PASSWORD, a_competence
from tests.services.certificates.conftest import Stage

PARALLAX = CellFlag("15-mm", Phase.AS_FOUND, 3, "parallax?")
REASON = "One indication looks like parallax"


@pytest.fixture
def stage(bench):
    return lambda *numbers: Stage(bench(*numbers))


def flagged(made, number=5, flag=PARALLAX):
    with made.work("Jonas Weber") as work:
        return flag_cell(work, made.lines[number], flag)


def returned(made, number=5):
    flagged(made, number)
    with made.work("Jonas Weber") as work:
        return return_cells(work, made.lines[number], made.line(number).version, REASON)


def test_the_queue_puts_the_rule_that_decides_before_the_failure_as_found(stage):
    made = stage(9, 5)
    made.in_review(9)
    made.in_review(5)
    with made.work("Jonas Weber") as work:
        first, second = review_queue(work)
    assert first.tag == "KA-MIC-0007"
    assert first.risks[0].kind is RiskKind.RULE
    assert first.risks[0].words == "verdict depends on rule: TUR 1.82 < 3"
    assert RiskKind.AS_FOUND in {risk.kind for risk in second.risks}


def test_a_least_ratio_of_the_items_own_rule_decides_as_well(stage):
    made = stage(5)
    made.in_review(5)
    own = ChosenRule(
        DecisionRule(RuleName.SIMPLE, minimum_tur=4.0, least_tur=1.0), "From TUR 4 on."
    )
    with made.work("Priya Menon") as work:
        line = work.get(SrfLine, made.lines[5])
        replace(Agreement.of_line(line), decision_rule=Entry.OWN, chosen_rule=own).write_to(line)
    with made.work("Jonas Weber") as work:
        (row,) = review_queue(work)
    assert row.risks[0].words == "verdict depends on rule: TUR 1.82 < 4"


def test_the_performer_cannot_review_the_own_work_even_as_reviewer(stage):
    made = stage(5)
    made.in_review(5)
    mei = made.house.people["Mei Lin"]
    with made.work() as work:
        a_competence(work, mei, "dimensional", Deed.REVIEW)
    made.house.roles["Mei Lin"] = made.house.roles["Jonas Weber"]
    with pytest.raises(GuardFailed, match="You performed this work"), made.work("Mei Lin") as work:
        accept_review(work, made.lines[5], made.line(5).version, PASSWORD)


def test_who_typed_one_reading_finds_own_work_in_the_queue(stage):
    made = stage(5)
    sheet_id = made.in_review(5)
    with made.work("Jonas Weber") as work:
        assert [line.mine for line in review_queue(work)] == [False]
    with made.work() as work:
        ruth = made.house.people["Ruth Okoye"]
        work.exec(select(Observation).where(Observation.sheet_id == sheet_id)).first().by = ruth
    made.house.roles["Ruth Okoye"] = made.house.roles["Jonas Weber"]
    with made.work("Ruth Okoye") as work:
        assert [line.mine for line in review_queue(work)] == [True]


def test_points_of_several_groups_are_told_apart(stage):
    made = stage(6)
    made.in_review(6)
    flag = CellFlag("inside-100-mm", Phase.AS_FOUND, 3, "parallax?")
    flagged(made, 6, flag)
    with made.work("Jonas Weber") as work:
        detail = review_detail(work, made.lines[6])
    assert len({(row.group, row.label) for row in detail.rows}) == len(detail.rows)
    assert "100 mm, series 3" in detail.remarks[0].place
    assert detail.remarks[0].place.startswith(detail.rows[-1].group)


def test_a_technician_may_not_review_at_all(stage):
    made = stage(5)
    made.in_review(5)
    with pytest.raises(Forbidden), made.work("Tomasz Nowak") as work:
        accept_review(work, made.lines[5], made.line(5).version, PASSWORD)


def test_accepting_is_signed_with_its_meaning_over_the_digest_of_the_sheet(stage):
    made = stage(5)
    sheet_id = made.in_review(5)
    with made.work("Jonas Weber") as work:
        accept_review(work, made.lines[5], made.line(5).version, PASSWORD)
    with made.work() as work:
        signed = signatures_of(work, "srf_line", made.lines[5])[-1]
        sheet = work.peek(Sheet, sheet_id)
        line = work.peek(SrfLine, made.lines[5])
    assert (signed.meaning, signed.name) == ("reviewed", "Jonas Weber")
    assert signed.content_sha256 == sheet.content_sha256
    assert (sheet.state, line.reviewed, line.state) == (SheetState.ACCEPTED, True, LineState.QC)


def test_a_wrong_password_accepts_nothing(stage):
    made = stage(5)
    made.in_review(5)
    with pytest.raises(CalibraError) as refused, made.work("Jonas Weber") as work:
        accept_review(work, made.lines[5], made.line(5).version, "wrong")
    assert refused.value.field == "password"
    assert not made.line(5).reviewed


def test_an_open_remark_keeps_the_review_from_being_accepted(stage):
    made = stage(5)
    made.in_review(5)
    remark = flagged(made)
    with (
        pytest.raises(GuardFailed, match="1 remark open"),
        made.work("Jonas Weber") as work,
    ):
        accept_review(work, made.lines[5], made.line(5).version, PASSWORD)
    with made.work("Jonas Weber") as work:
        close_remark(work, remark)
        accept_review(work, made.lines[5], made.line(5).version, PASSWORD)
    assert made.line(5).reviewed


def test_a_cell_has_one_open_remark_at_a_time(stage):
    made = stage(5)
    made.in_review(5)
    flagged(made)
    with pytest.raises(Conflict):
        flagged(made)


def test_only_the_flagged_cell_opens_again(stage):
    made = stage(5)
    sheet_id = made.in_review(5)
    assert returned(made) == 1
    assert made.line(5).state is LineState.REWORK
    with made.work("Mei Lin") as work, pytest.raises((SheetClosed, Conflict, Forbidden)):
        enter_indication(
            work,
            sheet_id,
            Typed("15-mm", Phase.AS_FOUND, 2, "2", 1),
            confirmed=True,
            reason="Read again",
        )
    again(made, sheet_id)
    with made.work() as work:
        kept = work.exec(_cell(work, sheet_id)).one()
    assert kept.raw == "1"


def _cell(work, sheet_id):
    point = find_point(work, sheet_id, "15-mm")
    return select(Observation).where(Observation.point_id == point.id, Observation.repeat == 3)


def again(made, sheet_id):
    """Measure the returned cell again and hand the sheet over once more."""
    with made.work("Mei Lin") as work:
        version = work.exec(_cell(work, sheet_id)).one().version
        stored = enter_indication(
            work,
            sheet_id,
            Typed("15-mm", Phase.AS_FOUND, 3, "1", version),
            confirmed=True,
            reason="Read without parallax",
        )
        assert stored.stored
        submit_sheet(work, sheet_id, password=PASSWORD)


def test_after_the_rework_the_reviewer_sees_the_difference_alone(stage):
    made = stage(5)
    sheet_id = made.in_review(5)
    returned(made)
    again(made, sheet_id)
    with made.work("Jonas Weber") as work:
        detail = review_detail(work, made.lines[5])
    assert [(each.key, each.repeat, each.old, each.new) for each in detail.differences] == [
        ("15-mm", 3, "2", "1")
    ]
    remark = detail.remarks[0]
    assert (remark.returned, remark.closed) == (True, False)
    with made.work("Jonas Weber") as work:
        close_remark(work, remark.id)
        accept_review(work, made.lines[5], made.line(5).version, PASSWORD)
    assert made.line(5).reviewed


def test_cells_are_returned_with_a_reason_and_with_at_least_one_flag(stage):
    made = stage(5)
    made.in_review(5)
    with pytest.raises(Invalid, match="Flag at least one cell"), made.work("Jonas Weber") as work:
        return_cells(work, made.lines[5], made.line(5).version, REASON)
    flagged(made)
    with pytest.raises(GuardFailed, match="reason"), made.work("Jonas Weber") as work:
        return_cells(work, made.lines[5], made.line(5).version, "no")
    assert made.line(5).state is LineState.QC


def test_the_detail_shows_what_the_engine_wrote(stage):
    made = stage(5)
    made.in_review(5)
    with made.work("Jonas Weber") as work:
        detail = review_detail(work, made.lines[5])
    last = next(row for row in detail.rows if row.key == "25-mm")
    assert [cell.raw for cell in last.cells] == ["1", "1", "2", "1", "2"]
    assert (last.result["error_text"], last.result["uncertainty_text"]) == ("+1.40", "0.84")
    assert last.statement == "conditional_pass"
    assert last.result["probability_text"] == "93.2 %"
    assert detail.standards
    assert detail.conditions
    assert not detail.refusals
