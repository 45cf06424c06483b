"""Closing what is done, by hand and by itself, and opening it again."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlmodel import select

from calibra_app.core.access import system_actor
from calibra_app.core.clock import system_clock
from calibra_app.core.errors import Conflict, Forbidden, NotFound
from calibra_app.jobs import closing as job
from calibra_app.models.dispatch import Shipment
from calibra_app.models.equipment import Instrument
from calibra_app.models.journal import OutboxJob
from calibra_app.models.person import Signature
from calibra_app.models.srf import CustomerDecision, HeaderState, LineState, Srf
from calibra_app.persistence.outbox import Job
from calibra_app.persistence.unit_of_work import unit_of_work
from calibra_app.services.dispatch.packing import open_shipment, scan_item
from calibra_app.services.dispatch.shipping import Parcel, Proof, confirm_delivery, ship
from calibra_app.services.invoices.issuing import issue_invoice
from calibra_app.services.invoices.payments import record_payment
from calibra_app.services.laboratory import today_of
from calibra_app.services.sign_in.sessions import WrongPassword
from calibra_app.services.srf.closing import close_if_nothing_open, close_srf, due_for_closing
from calibra_app.services.srf.guards import GuardFailed
from calibra_app.services.srf.moves import lines_of
from calibra_app.services.srf.reminders import write_reminders
from calibra_app.services.srf.reopening import (
    Remeasurement,
    leave_as_is,
    measure_again,
    reopen_srf,
    take_items_back,
)
from calibra_app.services.srf.snapshot import check_chain
from tests.builders import PASSWORD, an_instrument
from tests.services.approved import approved, line_states
from tests.stages import line_ids, state_of

WHY = "The customer doubts the value at 15 mm"


def delivered(house, items=(5, 6), *, paid=True, clock=None):
    """Bring a request to Delivered."""
    srf_id = approved(house, "K2", items)
    with house.work("Grace Liu") as work:
        invoice_id = issue_invoice(work, srf_id, work.peek(Srf, srf_id).version)
    if paid:
        with house.work("Grace Liu") as work:
            total = sum((Decimal("48.00"), Decimal("36.00"))[: len(items)], Decimal(0))
            record_payment(work, invoice_id, total)
    with house.work() as work:
        shipment_id = open_shipment(work, srf_id)
        for line in lines_of(work, srf_id):
            scan_item(work, shipment_id, work.peek(Instrument, line.instrument_id).tag)
    with house.work() as work:
        ship(work, shipment_id, work.peek(Shipment, shipment_id).version, Parcel("Courier"))
    with house.work(clock=clock or system_clock) as work:
        confirm_delivery(work, shipment_id, None, Proof("Yara Haddad", "Courier proof 77"))
    return srf_id


def as_system(house, at):
    """Open a unit of work as the worker, at a fixed instant."""
    return unit_of_work(system_actor(house.tenant_id), "job close_delivered", lambda: at)


def test_a_delivered_request_is_closed_by_hand(house):
    srf_id = delivered(house)
    with house.work() as work:
        close_srf(work, srf_id, work.peek(Srf, srf_id).version)
    assert state_of(house, srf_id) is HeaderState.CLOSED
    with house.work() as work:
        assert check_chain(work, srf_id) is None


def test_an_open_balance_keeps_a_request_open(house):
    srf_id = delivered(house, paid=False)
    told = r"The balance of INV-\S+ is open"
    with pytest.raises(GuardFailed, match=told) as refused, house.work() as work:
        close_srf(work, srf_id)
    assert refused.value.guard == "G29"


def test_an_open_decision_keeps_a_request_open(house):
    srf_id = delivered(house)
    with house.work() as work:
        (line_id, _) = line_ids(house, srf_id)
        asked_by = work.actor.person_id
        work.add(
            CustomerDecision(
                line_id=line_id,
                kind="repair",
                question="Repair it?",
                asked_by=asked_by,
                asked_at=work.now,
            )
        )
    with pytest.raises(GuardFailed, match="KA-MIC-0007 is open"), house.work() as work:
        close_srf(work, srf_id)


def test_after_fourteen_days_it_closes_by_itself_and_not_a_day_sooner(house):
    arrived = datetime(2026, 12, 7, 9, 20, tzinfo=UTC)
    srf_id = delivered(house, clock=lambda: arrived)
    early = datetime(2026, 12, 20, 3, 30, tzinfo=UTC)
    with as_system(house, early) as work:
        assert due_for_closing(work) == ()
    due = datetime(2026, 12, 21, 3, 30, tzinfo=UTC)
    with as_system(house, due) as work:
        assert due_for_closing(work) == (srf_id,)
        assert close_if_nothing_open(work, srf_id)
    assert state_of(house, srf_id) is HeaderState.CLOSED
    with as_system(house, due) as work:
        assert not close_if_nothing_open(work, srf_id)


def test_what_is_open_does_not_close_by_itself_and_holds_nothing_else_up(house):
    arrived = datetime(2026, 12, 7, 9, 20, tzinfo=UTC)
    srf_id = delivered(house, paid=False, clock=lambda: arrived)
    with as_system(house, arrived + timedelta(days=20)) as work:
        assert due_for_closing(work) == (srf_id,)
        assert not close_if_nothing_open(work, srf_id)
    assert state_of(house, srf_id) is HeaderState.DELIVERED


def test_the_job_closes_each_request_in_its_own_transaction(house):
    arrived = datetime(2026, 12, 7, 9, 20, tzinfo=UTC)
    srf_id = delivered(house, clock=lambda: arrived)

    class Desk:
        def work(self):
            return as_system(house, arrived + timedelta(days=15))

    job.close_delivered(Desk(), srf_id)
    assert state_of(house, srf_id) is HeaderState.CLOSED


def reopened(house):
    """Bring a request to Reopened."""
    srf_id = delivered(house)
    with house.work("Samuel Okafor") as work:
        reopen_srf(work, srf_id, work.peek(Srf, srf_id).version, WHY, PASSWORD)
    return srf_id


def test_reopening_takes_a_reason_and_a_signature(house):
    srf_id = delivered(house)
    with house.work("Samuel Okafor") as work:
        seen = work.peek(Srf, srf_id).version
    with pytest.raises(GuardFailed, match="reason"), house.work("Samuel Okafor") as work:
        reopen_srf(work, srf_id, seen, "", PASSWORD)
    with pytest.raises(WrongPassword), house.work("Samuel Okafor") as work:
        reopen_srf(work, srf_id, seen, WHY, "wrong")
    with house.work("Samuel Okafor") as work:
        reopen_srf(work, srf_id, seen, WHY, PASSWORD)
        assert [row.meaning for row in work.exec(select(Signature)).all()][-1] == "reopened"
    assert state_of(house, srf_id) is HeaderState.REOPENED


@pytest.mark.parametrize("name", ["Asha Rao", "Grace Liu", "Yara Haddad"])
def test_who_may_only_ask_reopens_nothing(house, name):
    srf_id = delivered(house, (5,))
    with pytest.raises(Forbidden), house.work(name) as work:
        reopen_srf(work, srf_id, work.peek(Srf, srf_id).version, WHY, PASSWORD)


def test_a_line_is_measured_again_once_its_item_is_back(house):
    srf_id = reopened(house)
    line_id = line_ids(house, srf_id)[0]
    with house.work("Priya Menon") as work:
        again = Remeasurement((line_id,), house.people["Mei Lin"], today_of(work))
        seen = work.peek(Srf, srf_id).version
    told = "Line 1 is not received"
    with pytest.raises(GuardFailed, match=told), house.work("Priya Menon") as work:
        measure_again(work, srf_id, seen, again)
    with house.work() as work:
        take_items_back(work, srf_id, (line_id,))
    with house.work("Priya Menon") as work:
        measure_again(work, srf_id, seen, again)
    assert state_of(house, srf_id) is HeaderState.IN_PROGRESS
    assert line_states(house, srf_id) == [LineState.ASSIGNED, LineState.RETURNED]


def test_a_person_without_authorization_does_not_measure_again(house):
    srf_id = reopened(house)
    line_id = line_ids(house, srf_id)[0]
    with house.work() as work:
        take_items_back(work, srf_id, (line_id,))
    with house.work("Priya Menon") as work:
        again = Remeasurement((line_id,), house.people["Daniel Ortiz"], today_of(work))
        seen = work.peek(Srf, srf_id).version
    with pytest.raises(GuardFailed, match="authorization"), house.work("Priya Menon") as work:
        measure_again(work, srf_id, seen, again)


def test_an_item_comes_back_once_and_to_its_own_request(house):
    srf_id = reopened(house)
    line_id = line_ids(house, srf_id)[0]
    with house.work() as work:
        take_items_back(work, srf_id, (line_id,))
    with pytest.raises(Conflict, match="here already"), house.work() as work:
        take_items_back(work, srf_id, (line_id,))
    with pytest.raises(NotFound), house.work() as work:
        take_items_back(work, srf_id, (srf_id,))


def test_who_receives_on_site_alone_takes_nothing_back_at_the_desk(house):
    srf_id = reopened(house)
    line_id = line_ids(house, srf_id)[0]
    with pytest.raises(Forbidden, match="not done on site"), house.work("Mei Lin") as work:
        take_items_back(work, srf_id, (line_id,))


def test_where_nothing_is_to_be_done_it_is_closed_again_with_the_reason(house):
    srf_id = reopened(house)
    with house.work("Samuel Okafor") as work:
        leave_as_is(work, srf_id, work.peek(Srf, srf_id).version, "The value was read wrongly")
    assert state_of(house, srf_id) is HeaderState.CLOSED


def test_customers_hear_a_month_ahead_what_falls_due(house):
    with house.work() as work:
        due = today_of(work) + timedelta(days=30)
        for number, day in ((5, due), (6, due + timedelta(days=1)), (7, due)):
            work.get(Instrument, an_instrument(work, house.customer_id, number).id).due_on = day
    with unit_of_work(system_actor(house.tenant_id), "job remind_due") as work:
        assert write_reminders(work) == 1
        rows = work.exec(select(OutboxJob).where(OutboxJob.job == Job.SEND_MAIL)).all()
        assert [row.payload["items"] for row in rows] == ["KA-MIC-0007, KA-TRQ-012"]
