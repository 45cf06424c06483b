"""Giving lines to people: competence, one person for each line, holds and who releases them."""

from datetime import timedelta

import pytest

from calibra_app.core.errors import CalibraError, Conflict, Forbidden
from calibra_app.models.srf import HeaderState, HoldKind, ItemCondition, LineState, Srf, SrfLine
from calibra_app.services.srf.drafts import Heading, create_srf
from calibra_app.services.srf.guards import GuardFailed
from calibra_app.services.srf.moves import lines_of
from calibra_app.services.srf.planning import (
    Assignment,
    assign_line,
    candidates,
    hold_line,
    resume_line,
    take_from_queue,
    unassign_line,
)
from tests.builders import PASSWORD


@pytest.fixture
def received(house):
    """A request whose two items are here; the ids of its lines."""
    with house.work() as work:
        srf_id = create_srf(
            work, Heading(house.customer_id, house.contact_id), house.instrument_ids
        )
        srf = work.get(Srf, srf_id)
        srf.number, srf.state = "SRF-T-1", HeaderState.RECEIVED
        for line in lines_of(work, srf_id):
            line.state, line.condition = LineState.RECEIVED, ItemCondition.OK
        return [line.id for line in lines_of(work, srf_id)]


def assign(house, line_id, to="Mei Lin", by="Marco Bellini"):
    with house.work(by) as work:
        day = work.now.date() + timedelta(days=1)
        seen = work.peek(SrfLine, line_id).version
        assign_line(work, line_id, seen, Assignment(house.people[to], day, house.room_id))


def states(house, line_id):
    with house.work() as work:
        line = work.peek(SrfLine, line_id)
        return line.state, work.peek(Srf, line.srf_id).state


def seen(house, line_id):
    with house.work() as work:
        return work.peek(SrfLine, line_id).version


def test_the_request_is_assigned_once_every_line_is(house, received):
    assign(house, received[0])
    assert states(house, received[0]) == (LineState.ASSIGNED, HeaderState.RECEIVED)
    assign(house, received[1])
    assert states(house, received[1]) == (LineState.ASSIGNED, HeaderState.ASSIGNED)


def test_a_person_without_authorization_is_refused_with_the_procedure(house, received):
    with pytest.raises(GuardFailed, match="No valid authorization MP-DIM-02") as refusal:
        assign(house, received[0], to="Tomasz Nowak")
    assert refusal.value.guard == "G11"


def test_a_technician_does_not_assign(house, received):
    with pytest.raises(Forbidden):
        assign(house, received[0], by="Mei Lin")


def test_of_two_who_take_a_line_one_gets_it(house, received):
    version = seen(house, received[0])
    with house.work("Mei Lin") as work:
        take_from_queue(work, received[0], version)
    with pytest.raises(Conflict), house.work("Ruth Okoye") as work:
        take_from_queue(work, received[0], version)
    with house.work() as work:
        assert work.peek(SrfLine, received[0]).assignee_id == house.people["Mei Lin"]


def test_an_unassigned_line_returns_to_the_queue(house, received):
    assign(house, received[0])
    with house.work("Marco Bellini") as work:
        unassign_line(work, received[0], work.peek(SrfLine, received[0]).version)
    assert states(house, received[0])[0] is LineState.RECEIVED
    with house.work() as work:
        assert work.peek(SrfLine, received[0]).assignee_id is None


def test_candidates_are_those_with_a_competence(house, received):
    with house.work("Marco Bellini") as work:
        names = {one.name for one in candidates(work, received[0], work.now.date())}
    assert names == {"Mei Lin", "Ruth Okoye"}


def in_progress(house, line_id):
    assign(house, line_id)
    with house.work() as work:
        work.get(SrfLine, line_id).state = LineState.IN_PROGRESS


@pytest.mark.parametrize(
    ("kind", "releasers", "refused"),
    [
        (HoldKind.NONCONFORMITY, ["Samuel Okafor"], ["Priya Menon", "Mei Lin", "Marco Bellini"]),
        (HoldKind.CAPACITY, ["Marco Bellini", "Asha Rao"], ["Mei Lin"]),
        (HoldKind.EQUIPMENT, ["Priya Menon"], ["Mei Lin", "Marco Bellini"]),
    ],
)
def test_the_kind_of_a_hold_decides_who_releases_it(house, received, kind, releasers, refused):
    line_id = received[0]
    in_progress(house, line_id)
    placer = "Marco Bellini" if kind is HoldKind.CAPACITY else "Mei Lin"
    for releaser in releasers:
        with house.work(placer) as work:
            hold_line(
                work, line_id, work.peek(SrfLine, line_id).version, kind, "Not as it should be"
            )
        for name in refused:
            with pytest.raises(CalibraError), house.work(name) as work:
                resume_line(work, line_id, work.peek(SrfLine, line_id).version, PASSWORD)
        with house.work(releaser) as work:
            resume_line(work, line_id, work.peek(SrfLine, line_id).version, PASSWORD)
        assert states(house, line_id)[0] is LineState.IN_PROGRESS


def test_time_on_a_customers_hold_does_not_count(house, received):
    line_id = received[0]
    in_progress(house, line_id)
    with house.work("Marco Bellini") as work:
        start = work.now
        hold_line(work, line_id, seen(house, line_id), HoldKind.CUSTOMER, "Asked us to wait")
    with house.work("Marco Bellini", clock=lambda: start + timedelta(hours=3)) as work:
        resume_line(work, line_id, work.peek(SrfLine, line_id).version)
    with house.work() as work:
        assert work.peek(SrfLine, line_id).paused_seconds == 3 * 3600
