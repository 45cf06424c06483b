"""The cards of the boards: what they show, where they may go for whom, and at which cost."""

from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlmodel import select

from calibra_app.core.errors import Forbidden
from calibra_app.models.calibration import PointResult, Sheet, SheetPoint
from calibra_app.models.scope import ProcedureVersion
from calibra_app.models.srf import HoldKind, LineState, SrfLine
from calibra_app.persistence.search import enter_words
from calibra_app.services.srf.board_filter import BoardFilter
from calibra_app.services.srf.cards import (
    board_choices,
    line_cards,
    line_cards_of,
    srf_cards,
    srf_cards_of,
)
from calibra_app.services.srf.flags import FlagKind
from tests.board_stages import a_request, change

ALL = BoardFilter()


@pytest.fixture
def here(house):
    """A request whose two items are here; the ids of its lines."""
    return a_request(house)


def card(house, line_id, by="Marco Bellini", wanted=ALL):
    with house.work(by) as work:
        return next(one for one in line_cards(work, wanted).cards if one.id == line_id)


def test_a_card_names_the_item_its_customer_and_its_person(house, here):
    change(
        house, here[0], state=LineState.ASSIGNED, assignee_id=house.people["Mei Lin"], urgent=True
    )
    shown = card(house, here[0])
    assert (shown.tag, shown.customer, shown.column) == ("KA-MIC-0007", "Customer K2", "assigned")
    assert [person.name for person in shown.people] == ["Mei Lin"]
    assert shown.urgent


def test_urgent_stands_before_standard_and_old_before_new(house, here):
    change(house, here[1], urgent=True)
    newer = a_request(house, "SRF-T-2")
    with house.work("Marco Bellini") as work:
        cards = line_cards(work, ALL).cards
    assert min(cards, key=lambda one: one.order).id == here[1]
    assert [one.id for one in cards][:2] == [here[1], here[0]]
    assert {one.id for one in cards[2:]} == set(newer)


@pytest.mark.parametrize(
    ("who", "words"),
    [("Marco Bellini", "Assign"), ("Mei Lin", "Take it myself"), ("Ruth Okoye", "Assign")],
)
def test_who_may_assign_or_take_can_drop_on_assigned(house, here, who, words):
    assert card(house, here[0], who).ways.targets["assigned"].words == words


def test_who_may_not_reads_why(house, here):
    ways = card(house, here[0], "Asha Rao").ways
    assert "assigned" not in ways.targets
    assert ways.refused["assigned"] == "Your roles do not include “assign”."


def test_a_state_that_does_not_follow_is_refused_with_the_way_that_does(house, here):
    ways = card(house, here[0]).ways
    assert ways.refused["qc"] == "From Received it goes to Assigned or Waiting next."


def test_an_incomplete_sheet_is_refused_on_the_card_with_its_guard(house, here):
    mei = house.people["Mei Lin"]
    change(house, here[0], state=LineState.IN_PROGRESS, assignee_id=mei)
    with house.work() as work:
        version_id = work.exec(select(ProcedureVersion.id)).first()
        sheet = Sheet(
            line_id=here[0],
            procedure_version_id=version_id,
            performer_id=mei,
            started_at=work.now,
        )
        work.add(sheet)
        points = [
            SheetPoint(
                sheet_id=sheet.id,
                position=at,
                key=str(at),
                group="",
                label=str(at),
                nominal=at,
                unit="mm",
                repeats=3,
                decimals=3,
            )
            for at in (1, 2, 3)
        ]
        work.add_all(points)
        work.add(
            PointResult(
                sheet_id=sheet.id,
                point_id=points[0].id,
                phase="as_found",
                complete=True,
                engine_version="1",
                computed_at=work.now,
            )
        )
    shown = card(house, here[0], "Mei Lin")
    assert (shown.done, shown.total) == (1, 3)
    assert shown.ways.refused["qc"] == "G15 · 2 of 3 points are not complete."
    assert "waiting" in shown.ways.targets


def test_the_flag_tells_the_most_pressing_thing(house, here):
    change(
        house,
        here[0],
        state=LineState.ON_HOLD,
        hold_kind=HoldKind.NONCONFORMITY,
        urgent=True,
    )
    assert card(house, here[0]).flag.kind is FlagKind.NONCONFORMITY
    change(house, here[0], state=LineState.REWORK, hold_kind=None)
    shown = card(house, here[0])
    assert (shown.flag.kind, shown.column) == (FlagKind.REWORK, "in_progress")
    assert card(house, here[0], wanted=BoardFilter(every_state=True)).column == "rework"


def test_a_promise_is_broken_only_while_the_work_is_not_done(house, here):
    with house.work() as work:
        yesterday = work.now.date() - timedelta(days=2)
    change(house, here[0], promised_on=yesterday)
    assert card(house, here[0]).late
    with house.work("Marco Bellini") as work:
        assert [one.id for one in line_cards(work, BoardFilter(overdue=True)).cards] == [here[0]]
    change(house, here[0], state=LineState.APPROVED)
    assert not card(house, here[0]).late


def test_filters_narrow_both_boards(house, here):
    mei = house.people["Mei Lin"]
    change(house, here[0], state=LineState.ASSIGNED, assignee_id=mei, urgent=True)
    with house.work() as work:
        enter_words(work, "instrument", house.instrument_ids[0], ["KA-MIC-0007"])
    with house.work("Marco Bellini") as work:
        for wanted in (
            BoardFilter(urgent=True),
            BoardFilter(person_id=mei),
            BoardFilter(words="ka-mic"),
        ):
            assert [one.id for one in line_cards(work, wanted).cards] == [here[0]]
        assert [one.id for one in line_cards(work, BoardFilter(unassigned=True)).cards] == [here[1]]
        assert len(srf_cards(work, BoardFilter(person_id=mei)).cards) == 1
        assert srf_cards(work, BoardFilter(discipline="electrical")).cards == ()
        assert board_choices(work).disciplines == ("dimensional",)


def test_a_technician_sees_own_work_and_the_queue(house, here):
    change(house, here[0], state=LineState.ASSIGNED, assignee_id=house.people["Tomasz Nowak"])
    with house.work("Mei Lin") as work:
        assert [one.id for one in line_cards(work, ALL).cards] == [here[1]]
        assert srf_cards(work, ALL).cards == ()


def test_a_request_moves_by_its_items_while_they_are_here(house, here):
    with house.work("Marco Bellini") as work:
        (shown,) = srf_cards(work, ALL).cards
    assert (shown.tag, shown.column, shown.name) == ("SRF-T-1", "received", "2 instruments")
    assert shown.ways.targets["assigned"].transitions == ("T21",)
    assert shown.ways.refused["approved"] == "From Received it goes to Assigned or Waiting next."


def test_one_card_is_read_again_and_what_has_left_is_not(house, here):
    with house.work("Marco Bellini") as work:
        assert [one.id for one in line_cards_of(work, ALL, [here[1]]).cards] == [here[1]]
    change(house, here[1], state=LineState.RETURNED)
    with house.work("Marco Bellini") as work:
        assert line_cards_of(work, ALL, [here[1]]).cards == ()
        srf_id = work.peek(SrfLine, here[1]).srf_id
        assert [one.id for one in srf_cards_of(work, ALL, [srf_id]).cards] == [srf_id]


def test_customers_have_no_board(house, here):
    with pytest.raises(Forbidden), house.work("Yara Haddad") as work:
        line_cards(work, ALL)


def test_another_laboratory_sees_nothing(house, here, work_in):
    with work_in(laboratory=2) as work:
        assert line_cards(work, ALL).cards == ()
        assert srf_cards(work, ALL).cards == ()
        assert line_cards_of(work, ALL, here).cards == ()


@pytest.mark.parametrize("board", [line_cards, srf_cards])
def test_a_board_costs_the_same_few_queries_however_full_it_is(house, here, board):
    def cost():
        asked = []
        with house.work("Marco Bellini") as work:
            connection = work.session.connection()
            event.listen(
                connection.engine, "before_cursor_execute", lambda *each: asked.append(each[2])
            )
            board(work, ALL)
        return len(asked)

    few = cost()
    for number in range(2, 6):
        a_request(house, f"SRF-T-{number}")
    assert few > 0
    assert cost() == few <= 12
