"""From the start of the work to the signed sheet: guards, standards, rooms, returned cells."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlmodel import select

from calibra_app.core.clock import system_clock
from calibra_app.core.errors import CalibraError, Conflict, Forbidden, Invalid
from calibra_app.demo.sheets import complete_sheet, fill_sheet, prepare_sheet
from calibra_app.models.calibration import Remark, Sheet, SheetPoint, SheetState
from calibra_app.models.document import Document
from calibra_app.models.equipment import ReferenceStandard, Room
from calibra_app.models.person import Signature
from calibra_app.models.scope import ProcedureStatus, ProcedureVersion
from calibra_app.models.srf import ItemCondition, SrfLine
from calibra_app.rendering.html import DocumentKind, to_html
from calibra_app.services.calibrations import (
    AdjustmentDraft,
    ConditionDraft,
    Phase,
    Typed,
    answer_remark,
    ask_adjustment,
    declare_no_adjustment,
    enter_indication,
    get_sheet,
    my_work,
    omit_point,
    pick_standard,
    prereview,
    record_adjustment,
    record_condition,
    standards_to_pick,
    start_work,
    submit_sheet,
    tick_warm_up,
)
from calibra_app.services.equipment import StandardNotFit
from calibra_app.services.srf.facts import Facts, ReviewerFacts
from calibra_app.services.srf.guards import GuardFailed
from calibra_app.services.srf.moves import Move, Stale, move_line, take_line
from calibra_app.services.srf.states import LineState
from tests.builders import PASSWORD
from tests.services.calibrations.conftest import a_standard


def version_of(made, number):
    with made.house.work("Priya Menon") as work:
        return work.peek(SrfLine, made.lines[number]).version


def submit(made, number, sheet_id, *, password=PASSWORD, name=None):
    with made.work(number, name=name) as work:
        return submit_sheet(work, sheet_id, version_of(made, number), password)


def returned(made, number, sheet_id, key, repeat):
    """Return one cell, as the reviewer does."""
    with made.house.work("Jonas Weber") as work:
        line = take_line(work, made.lines[number])
        point = work.exec(select(SheetPoint).where(SheetPoint.key == key)).one()
        work.add(
            Remark(
                sheet_id=sheet_id,
                point_id=point.id,
                phase=Phase.AS_FOUND,
                repeat=repeat,
                text="Parallax?",
                by=work.actor.person_id,
                at=work.now,
                returned=True,
            )
        )
        facts = Facts(reviewer=ReviewerFacts(performed=False, authorized=True, discipline=""))
        move_line(work, line, Move("T35", reason="Parallax suspected"), facts)
        sheet = work.get(Sheet, sheet_id)
        sheet.state = SheetState.RETURNED
        work.add(sheet)


def test_starting_pins_procedure_points_and_rule_and_can_be_resumed(bench):
    made = bench(8)
    sheet_id = made.started(8)
    with made.work(8) as work:
        detail = get_sheet(work, sheet_id)
        assert len(detail.points) == 28
        assert (detail.procedure_code, detail.revision) == ("MP-ELE-04", 7)
        assert detail.budget_name == "BUD-ELE-04 v3"
        assert detail.line_state is LineState.IN_PROGRESS
    assert made.started(8) == sheet_id


def test_a_later_revision_is_told_and_never_swapped_in(bench):
    made = bench(8)
    sheet_id = made.started(8)
    with made.house.work("Priya Menon") as work:
        old = work.exec(select(ProcedureVersion)).one()
        old.status = ProcedureStatus.SUPERSEDED
        work.add(old)
        work.session.flush()
        work.add(
            ProcedureVersion(
                procedure_id=old.procedure_id,
                revision=8,
                model_version="7",
                status=ProcedureStatus.EFFECTIVE,
            )
        )
    with made.work(8) as work:
        detail = get_sheet(work, sheet_id)
        assert (detail.revision, detail.newer_revision) == (7, 8)


def test_only_the_assigned_technician_starts(bench):
    made = bench(9)
    with pytest.raises((Forbidden, GuardFailed)), made.work(name="Daniel Ortiz") as work:
        start_work(work, made.lines[9])


def test_an_item_with_undecided_damage_is_not_started(bench):
    made = bench(8)
    with made.house.work("Priya Menon") as work:
        take_line(work, made.lines[8]).condition = ItemCondition.DAMAGED
    with pytest.raises(GuardFailed) as refused:
        made.started(8)
    assert refused.value.guard == "G10"


def test_an_expired_standard_is_refused_with_alternatives(bench):
    made = bench(9)
    sheet_id = made.started(9)
    gone = system_clock().date() - timedelta(days=3)
    with made.house.work("Priya Menon") as work:
        a_standard(work, "STD-P-001", asset="STD-P-002", due_on=gone)
    with pytest.raises(StandardNotFit) as refused, made.work(9) as work:
        pick_standard(work, sheet_id, "STD-P-001")
    assert refused.value.refusal.reason == f"calibration expired {gone.day} {gone:%b %Y}"
    assert [each.code for each in refused.value.refusal.alternatives] == ["STD-P-002"]
    with made.work(9) as work:
        assert [each.code for each in standards_to_pick(work, sheet_id)] == ["STD-P-002"]
        pick_standard(work, sheet_id, "STD-P-002")
        assert [each.code for each in get_sheet(work, sheet_id).standards] == ["STD-P-002"]
        assert standards_to_pick(work, sheet_id) == ()


def test_a_standard_stays_as_it_was_frozen(bench):
    made = bench(9)
    sheet_id = made.started(9)
    with made.work(9) as work:
        pick_standard(work, sheet_id, "STD-P-002")
        before = get_sheet(work, sheet_id).standards[0]
    with made.house.work("Priya Menon") as work:
        row = work.exec(select(ReferenceStandard)).one()
        row.name = "Another name"
        work.add(row)
    with made.work(9) as work:
        assert get_sheet(work, sheet_id).standards[0] == before


def test_an_empty_sheet_names_every_guard_with_a_place_to_go(bench):
    made = bench(8)
    sheet_id = made.started(8)
    with made.work(8) as work:
        found = prereview(work, sheet_id)
    assert {finding.guard for finding in found} == {"G13", "G14", "G15", "G16"}
    places = {finding.target for finding in found}
    assert {"standards", "conditions", "adjustment", "as_found-dc-voltage-200-v-10"} <= places
    with pytest.raises(GuardFailed) as refused:
        submit(made, 8, sheet_id)
    assert refused.value.guard == "G13"
    assert "DC voltage, 200 V range: 10 V is missing" in refused.value.message


def test_missing_conditions_alone_keep_a_sheet_back(bench):
    made = bench(8)
    sheet_id = made.started(8)
    with made.work(8) as work:
        pick_standard(work, sheet_id, "STD-E-001")
        fill_sheet(work, sheet_id)
        declare_no_adjustment(work, sheet_id)
    with pytest.raises(GuardFailed, match="No reading of the room's temperature") as refused:
        submit(made, 8, sheet_id)
    assert refused.value.guard == "G14"


def test_a_reading_of_the_room_names_its_instrument(bench):
    made = bench(8)
    sheet_id = made.started(8)
    with pytest.raises(Invalid) as refused, made.work(8) as work:
        record_condition(work, sheet_id, ConditionDraft("temperature", Decimal(23), " "))
    assert refused.value.field == "source"


def test_the_rooms_own_limits_count_beside_the_procedures(bench):
    made = bench(8)
    with made.house.work("Priya Menon") as work:
        room = work.exec(select(Room)).one()
        room.discipline = "electrical"
        room.limits = {"temperature": {"low": "22.5", "high": "23.5", "unit": "°C"}}
        work.add(room)
    sheet_id = made.started(8)
    with made.work(8) as work:
        assert not record_condition(
            work, sheet_id, ConditionDraft("temperature", Decimal("22.2"), "TH-E1")
        )


def test_submitting_signs_the_content_prints_the_sheet_and_moves_the_line(bench, line_of):
    made = bench(8)
    sheet_id = made.started(8)
    with made.work(8) as work:
        complete_sheet(work, sheet_id)
        tick_warm_up(work, sheet_id)
    with pytest.raises(GuardFailed, match="Sign as performed"):
        submit(made, 8, sheet_id, password="")
    with pytest.raises(CalibraError) as refused:
        submit(made, 8, sheet_id, password="not this one")
    assert refused.value.field == "password"
    digest = submit(made, 8, sheet_id)
    assert line_of(made, 8).state is LineState.QC
    with made.house.work("Priya Menon") as work:
        signature = work.exec(select(Signature)).one()
        assert (signature.meaning, signature.content_sha256) == ("performed", digest)
        assert signature.person_name == "Daniel Ortiz"
        paper = work.exec(select(Document).where(Document.kind == "sheet")).one()
        readings = [
            point["readings"]
            for table in paper.content["tables"]
            for point in table["points"]
            if point["label"] == "10 V"
        ]
        assert readings == [["10.00", "10.01", "10.00", "10.01", "10.00"]]
    with pytest.raises(Conflict, match="in review"), made.work(8) as work:
        enter_indication(
            work,
            sheet_id,
            Typed("dc-voltage-200-v-10", Phase.AS_FOUND, 1, "10.02", 1),
            reason="Late",
        )


def test_a_stale_line_is_not_submitted(bench):
    made = bench(8)
    sheet_id = made.started(8)
    with made.work(8) as work:
        complete_sheet(work, sheet_id)
    with pytest.raises(Stale), made.work(8) as work:
        submit_sheet(work, sheet_id, 0, PASSWORD)


def test_a_colleague_who_typed_along_does_not_sign(bench):
    made = bench(6)
    sheet_id = made.started(6)
    with made.work(6) as work:
        complete_sheet(work, sheet_id)
    with made.house.work("Jonas Weber") as work, pytest.raises(Forbidden):
        submit_sheet(work, sheet_id, None, PASSWORD)


def test_an_omitted_point_needs_who_accepted_it(bench):
    made = bench(8)
    sheet_id = made.started(8)
    with made.work(8) as work:
        prepare_sheet(work, sheet_id)
        omit_point(work, sheet_id, "dc-voltage-200-v-10", "Not needed, Yara Haddad by phone")
        missing = {f.target for f in prereview(work, sheet_id) if f.guard == "G15"}
    assert "as_found-dc-voltage-200-v-10" not in missing
    assert "as_found-dc-voltage-200-v-100" in missing


def test_an_adjustment_waits_for_the_customers_word(bench, line_of):
    made = bench(9)
    sheet_id = made.started(9)
    with made.work(9) as work:
        prepare_sheet(work, sheet_id)
        fill_sheet(work, sheet_id)
    with pytest.raises(Conflict, match="not agreed"), made.work(9) as work:
        record_adjustment(work, sheet_id, AdjustmentDraft("Pointer", "Outside its limits"))
    with made.work(9) as work:
        ask_adjustment(
            work, sheet_id, version_of(made, 9), "Fails at 10 bar. Adjust?", Decimal("40.00")
        )
    assert line_of(made, 9).state is LineState.AWAITING_CUSTOMER
    with made.work(9) as work:
        (question,) = get_sheet(work, sheet_id).questions
        assert (question.price, question.decision) == ("40.00", "")
    with pytest.raises(Conflict, match="customer's decision"), made.work(9) as work:
        enter_indication(work, sheet_id, Typed("0-bar-up", Phase.AS_FOUND, 1, "0.01", 1))


def test_only_returned_cells_open_again_and_are_resubmitted(bench, line_of):
    made = bench(5)
    sheet_id = made.started(5)
    with made.work(5) as work:
        complete_sheet(work, sheet_id)
    submit(made, 5, sheet_id)
    returned(made, 5, sheet_id, "15-mm", 3)
    assert line_of(made, 5).state is LineState.REWORK
    with pytest.raises(Conflict, match="returned other cells"), made.work(5) as work:
        enter_indication(
            work, sheet_id, Typed("15-mm", Phase.AS_FOUND, 2, "2", 1), reason="Read again"
        )
    with made.work(5) as work:
        open_cells = [cell for cell in get_sheet(work, sheet_id).cells if cell.open]
        assert [(cell.row, cell.repeat, cell.raw) for cell in open_cells] == [
            ("as_found-15-mm", 3, "2")
        ]
        assert my_work(work).mine[0].returned == 1
    with made.work(5) as work:
        # Said before the signature is asked for, with the row to go to.
        (finding,) = prereview(work, sheet_id)
        assert (finding.target, "read it again, or answer" in finding.message) == (
            "as_found-15-mm",
            True,
        )
    with pytest.raises(GuardFailed, match="read it again"):
        submit(made, 5, sheet_id)
    with made.work(5) as work:
        enter_indication(
            work, sheet_id, Typed("15-mm", Phase.AS_FOUND, 3, "1", 1), reason="Read again"
        )
    submit(made, 5, sheet_id)
    assert line_of(made, 5).state is LineState.QC
    with made.house.work("Priya Menon") as work:
        remark = work.exec(select(Remark)).one()
        assert remark.answered_at is not None


def test_a_returned_cell_that_was_right_is_answered_in_words(bench):
    made = bench(5)
    sheet_id = made.started(5)
    with made.work(5) as work:
        complete_sheet(work, sheet_id)
    submit(made, 5, sheet_id)
    returned(made, 5, sheet_id, "15-mm", 3)
    with made.work(5) as work:
        answer_remark(work, get_sheet(work, sheet_id).remarks[0].id, "Read twice, no parallax.")
    with made.work(5) as work:
        assert get_sheet(work, sheet_id).remarks[0].answer == "Read twice, no parallax."
        assert prereview(work, sheet_id) == ()
    assert submit(made, 5, sheet_id)
    with made.house.work("Priya Menon") as work:
        assert work.exec(select(Remark)).one().answer == "Read twice, no parallax."


def test_my_work_holds_what_is_mine_and_the_queue_of_my_fields(bench):
    made = bench(8, 9)
    with made.house.work("Priya Menon") as work:
        line = take_line(work, made.lines[9])
        line.assignee_id, line.state = None, LineState.RECEIVED
    with made.work(8) as work:
        found = my_work(work)
        assert [line.tag for line in found.mine] == ["KA-DMM-0031"] or len(found.mine) == 1
        assert found.queue == ()
    with made.work(9) as work:
        found = my_work(work)
        assert found.mine == ()
        assert [line.line_id for line in found.queue] == [made.lines[9]]


def test_the_paper_carries_readings_results_corrections_and_the_signature(bench):
    made = bench(9)
    sheet_id = made.started(9)
    with made.house.work("Priya Menon") as work:
        line = take_line(work, made.lines[9])
        line.order = {**line.order, "adjustment": "allowed"}
    with made.work(9) as work:
        complete_sheet(work, sheet_id)
        enter_indication(
            work, sheet_id, Typed("4-bar-up", Phase.AS_FOUND, 1, "4.11", 1), reason="Typed wrongly"
        )
    submit(made, 9, sheet_id)
    with made.house.work("Priya Menon") as work:
        paper = work.exec(select(Document).where(Document.kind == "sheet")).one()
        page = to_html(DocumentKind.SHEET, paper.content)
    for text in ("10.24", "+0.240", "0.022", "+0.023", "0.018", "Typed wrongly", "Tomasz Nowak"):
        assert text in page, text
    assert "Linkage and pointer adjusted" in page
    spreads = [
        point["combined_uncertainty"]
        for table in paper.content["tables"]
        for point in table["points"]
    ]
    assert all(len(each.replace(".", "").lstrip("0")) <= 3 for each in spreads)
