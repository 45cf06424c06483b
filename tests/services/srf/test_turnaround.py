"""The turnaround clock and its pauses."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibra_app.services.srf.states import HoldKind, LineState
from calibra_app.services.srf.turnaround import LineEvent, slowest, turnaround

MONDAY = datetime(2026, 11, 30, tzinfo=UTC)


def at(hours, state, hold=None):
    return LineEvent(MONDAY + timedelta(hours=hours), LineState(state), hold)


def test_the_clock_runs_from_receipt_to_approval():
    events = [at(0, "pending"), at(8, "received"), at(9, "assigned"), at(32, "approved")]
    assert turnaround(events, MONDAY + timedelta(days=30)) == timedelta(hours=24)


def test_it_stands_while_the_line_awaits_the_customer():
    """Flow B10: paused from 09:55 to 13:10, three and a quarter hours."""
    events = [
        at(8.5, "received"),
        at(33, "in_progress"),
        at(33 + 55 / 60, "awaiting_customer"),
        at(37 + 10 / 60, "in_progress"),
        at(80, "approved"),
    ]
    wall = timedelta(hours=80 - 8.5)
    assert wall - turnaround(events, MONDAY) == timedelta(hours=3, minutes=15)


@pytest.mark.parametrize("kind", list(HoldKind))
def test_a_hold_stops_it_only_where_the_customer_is_the_cause(kind):
    events = [at(0, "in_progress"), at(1, "on_hold", kind), at(3, "in_progress"), at(4, "approved")]
    expected = 2 if kind is HoldKind.CUSTOMER else 4
    assert turnaround(events, MONDAY) == timedelta(hours=expected)


def test_a_line_under_way_is_counted_until_now():
    assert turnaround([at(2, "received")], MONDAY + timedelta(hours=5)) == timedelta(hours=3)


def test_parts_and_a_provider_are_the_laboratorys_own_time():
    events = [at(0, "subcontracted"), at(4, "awaiting_parts"), at(6, "approved")]
    assert turnaround(events, MONDAY) == timedelta(hours=6)


def test_a_request_shows_its_slowest_line():
    quick = [at(0, "received"), at(1, "approved")]
    slow = [at(0, "received"), at(5, "approved")]
    assert slowest([quick, slow, []], MONDAY) == timedelta(hours=5)
    assert slowest([], MONDAY) == timedelta()


@given(
    st.lists(
        st.tuples(st.integers(0, 500), st.sampled_from(list(LineState))), min_size=1, max_size=8
    ),
    st.integers(0, 600),
)
def test_it_never_exceeds_the_time_on_the_wall_nor_runs_backwards(steps, now):
    events = [at(hours, state, HoldKind.CUSTOMER) for hours, state in sorted(steps)]
    until = max(MONDAY + timedelta(hours=now), events[-1].at)
    counted = turnaround(events, until)
    assert timedelta() <= counted <= until - events[0].at
