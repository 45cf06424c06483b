"""Turnaround and first-pass yield, against figures worked out by hand."""

from datetime import timedelta
from decimal import Decimal

import pytest

from calibra_app.models.srf import HeaderState, LineState, Srf, SrfLine, SrfRecord
from calibra_app.services.dashboard.flow import WEEKS, measure_flow
from calibra_app.services.srf.drafts import Heading, create_srf
from calibra_app.services.srf.moves import lines_of


@pytest.fixture
def approve(house):
    """Enter an item that was approved some days ago, after some days in the laboratory."""

    def enter(days_ago, days, *, paused=0.0, returned=False):
        with house.work("Priya Menon") as work:
            heading = Heading(house.customer_id, house.contact_id)
            srf_id = create_srf(work, heading, house.instrument_ids[:1])
            work.get(Srf, srf_id).state = HeaderState.APPROVED
            (line,) = lines_of(work, srf_id)
            row = work.get(SrfLine, line.id)
            row.state = LineState.RELEASED
            row.approved_at = work.now - timedelta(days=days_ago)
            row.received_at = row.approved_at - timedelta(days=days + paused)
            row.paused_seconds = int(paused * 86_400)
            if returned:
                work.add(
                    SrfRecord(
                        srf_id=srf_id,
                        sequence=900,
                        line_id=line.id,
                        transition="T35",
                        action="return",
                        from_state="qc",
                        to_state="rework",
                        actor_id=work.actor.person_id,
                        actor_name=work.actor.name,
                        at=work.now,
                        sha256="a",
                        previous_sha256="b",
                    )
                )

    return enter


def flow(house):
    with house.work("Ingrid Solberg") as work:
        return measure_flow(work)


def test_percentiles_interpolate_between_items(house, approve):
    for days in (1, 2, 3, 4, 5):
        approve(3, days)
    found = flow(house).short
    assert (found.items, found.median, found.ninth_decile) == (5, Decimal("3.0"), Decimal("4.6"))


def test_time_that_waits_for_the_customer_does_not_count(house, approve):
    approve(3, 2, paused=5.5)
    assert flow(house).short.median == Decimal("2.0")


def test_what_was_approved_longer_ago_stands_in_the_longer_view(house, approve):
    approve(3, 2)
    approve(40, 6)
    approve(100, 50)
    found = flow(house)
    assert (found.short.items, found.before.items, found.long.items) == (1, 1, 2)
    assert found.before.median == Decimal("6.0")


def test_what_review_sent_back_did_not_pass_the_first_time(house, approve):
    for returned in (True, False, False, False):
        approve(3, 2, returned=returned)
    assert flow(house).first_pass_percent == 75


def test_weeks_without_items_are_there_and_empty(house, approve):
    approve(0.01, 2)
    weeks = flow(house).weeks
    assert len(weeks) == WEEKS
    assert [week.turnaround.items for week in weeks] == [0] * (WEEKS - 1) + [1]
    assert all(week.monday.weekday() == 0 for week in weeks)


def test_a_new_laboratory_has_no_figures_yet(house):
    found = flow(house)
    assert (found.short.median, found.first_pass_percent) == (None, None)
