"""The figures of a day: each tile counts what its list shows, for whoever looks."""

from datetime import timedelta

import pytest
from sqlmodel import select

from calibra_app.core.errors import Forbidden
from calibra_app.models.srf import HoldKind, LineState, Srf, SrfLine
from calibra_app.services.dashboard.day import DecisionKind, open_day
from calibra_app.services.dashboard.figures import (
    IN_HAND,
    OF_REQUESTS,
    Figure,
    list_figure,
)
from calibra_app.services.laboratory import today_of
from calibra_app.services.srf.drafts import Heading, create_srf
from calibra_app.services.srf.moves import lines_of
from calibra_app.services.srf.states import HeaderState

PEOPLE = ("Priya Menon", "Asha Rao", "Mei Lin", "Kenji Mori", "Jonas Weber", "Ingrid Solberg")


@pytest.fixture
def busy(house):
    """A laboratory with an item in every state, each promised a day later than the one before."""
    with house.work("Priya Menon") as work:
        today = today_of(work)
        for at, state in enumerate(LineState):
            srf_id = create_srf(
                work, Heading(house.customer_id, house.contact_id), house.instrument_ids
            )
            srf = work.get(Srf, srf_id)
            srf.state, srf.number = HeaderState.IN_PROGRESS, f"SRF-2026-{at:04}"
            for line in lines_of(work, srf_id):
                row = work.get(SrfLine, line.id)
                row.state = state
                row.promised_on = today + timedelta(days=at % 5 - 2) if at % 4 else None
                row.reviewed = row.position == 1
                row.hold_kind = HoldKind.NONCONFORMITY if state is LineState.ON_HOLD else None
                if row.position == 1 and state is not LineState.RECEIVED:
                    row.assignee_id = house.people["Mei Lin"]
        for header in OF_REQUESTS.values():
            srf_id = create_srf(
                work, Heading(house.customer_id, house.contact_id), house.instrument_ids
            )
            work.get(Srf, srf_id).state = header
    return house


def listed(work, figure, state=None):
    """Return every row of the list, read in pages of three."""
    rows, cursor = [], ""
    while True:
        page = list_figure(work, figure, state, cursor, size=3)
        rows += page.rows
        cursor = page.next_cursor
        if not cursor:
            return rows


@pytest.mark.parametrize("name", PEOPLE)
def test_the_list_behind_a_tile_has_as_many_rows_as_the_tile_says(busy, name):
    with busy.work(name) as work:
        told = open_day(work).figures
        for figure in Figure:
            rows = listed(work, figure)
            assert len(rows) == told[figure], figure
            assert len({(row.srf_id, row.position) for row in rows}) == len(rows)


def test_the_figures_of_this_laboratory_are_not_empty(busy):
    with busy.work("Priya Menon") as work:
        figures = open_day(work).figures
    empty = {figure for figure in Figure if not figures[figure]} - {Figure.MINE}
    assert empty == set()


def test_each_bar_counts_what_its_list_shows(busy):
    with busy.work("Priya Menon") as work:
        told = open_day(work).by_state
        assert list(told) == list(IN_HAND)
        for state in IN_HAND:
            rows = listed(work, Figure.IN_HAND, state)
            assert len(rows) == told[state] == 2
            assert {row.state for row in rows} == {state}


def test_the_nearest_promise_comes_first_and_no_promise_last(busy):
    with busy.work("Priya Menon") as work:
        promises = [row.promised_on for row in listed(work, Figure.IN_HAND)]
    known = [each for each in promises if each]
    assert known == sorted(known)
    assert promises[len(known) :] == [None] * (len(promises) - len(known))
    assert None in promises


def test_overdue_and_at_risk_share_no_item(busy):
    with busy.work("Priya Menon") as work:
        today = today_of(work)
        late = listed(work, Figure.OVERDUE)
        risky = listed(work, Figure.AT_RISK)
    assert all(row.late and row.promised_on < today for row in late)
    assert all(today <= row.promised_on <= today + timedelta(days=2) for row in risky)


def test_a_technician_sees_own_work_first_and_counts_nobody_elses(busy):
    with busy.work("Mei Lin") as work:
        day = open_day(work)
        mine = work.exec(select(SrfLine).where(SrfLine.assignee_id == busy.people["Mei Lin"])).all()
    assert day.figures[Figure.MINE] == len(day.own) > 0
    assert {row.person for row in day.own} == {"Mei Lin"}
    assert len(mine) > len(day.own)
    with busy.work("Daniel Ortiz") as work:
        # Of what is not theirs a technician sees the queue alone.
        assert {row.person for row in listed(work, Figure.IN_HAND)} == {""}


def test_each_person_is_asked_only_for_own_decisions(busy):
    def kinds(name):
        with busy.work(name) as work:
            return {each.kind for each in open_day(work).decisions}

    assert DecisionKind.AUTHORIZE in kinds("Kenji Mori")
    assert kinds("Jonas Weber") == {DecisionKind.REVIEW}
    assert DecisionKind.NONCONFORMITY in kinds("Samuel Okafor")
    assert DecisionKind.SUBMITTED in kinds("Asha Rao")
    assert kinds("Ingrid Solberg") == set()


def test_money_is_told_to_whoever_may_see_money(busy):
    def takings(name):
        with busy.work(name) as work:
            return open_day(work).takings

    assert takings("Grace Liu") is not None
    assert takings("Priya Menon") is not None
    assert [takings(name) for name in ("Asha Rao", "Mei Lin", "Victor Hale", "Ingrid Solberg")] == [
        None
    ] * 4


def test_a_customer_has_no_dashboard(busy):
    with pytest.raises(Forbidden), busy.work("Yara Haddad") as work:
        open_day(work)
