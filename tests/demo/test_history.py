"""The finished work before the sample week: real, and in nobody's way."""

from dataclasses import replace

import pytest
from sqlmodel import select

from calibra_app.config import settings
from calibra_app.core.clock import system_clock
from calibra_app.core.ids import new_id
from calibra_app.demo.history import WEEKS, tell_history
from calibra_app.demo.laboratories import LABORATORIES
from calibra_app.demo.loader import load_laboratory
from calibra_app.demo.story import LAST_NUMBERS, continue_sequences
from calibra_app.demo.week import week_of
from calibra_app.models.certificate import Certificate
from calibra_app.models.invoice import Invoice
from calibra_app.models.srf import HeaderState, Srf
from calibra_app.services.dashboard.flow import measure_flow
from calibra_app.services.sign_in import hash_password
from calibra_app.services.srf.snapshot import check_chain


@pytest.fixture(scope="module")
def meridian(database):
    """The sample laboratory on the morning of its week, with what was done before."""
    sample = next(each for each in LABORATORIES if each.slug == "meridian")
    # Another name than the sample's own: other tests share this database.
    sample = replace(sample, slug=f"meridian-{new_id().hex}")
    loaded = load_laboratory(
        sample, week_of(system_clock()), hash_password(settings().sample_password)
    )
    tell_history(loaded)
    continue_sequences(loaded)
    return loaded


@pytest.fixture
def work(meridian):
    with meridian.desk(meridian.people["Priya Menon"]).work() as opened:
        yield opened


def test_its_numbers_end_where_those_of_the_week_begin(work):
    requests = work.exec(select(Srf).order_by(Srf.number)).all()
    drawn = [int(each.number[-4:]) for each in requests]
    assert len(drawn) == len(WEEKS)
    assert drawn[-1] == LAST_NUMBERS["srf"]
    invoices = work.exec(select(Invoice.number)).all()
    assert max(int(number.rpartition("-")[2]) for number in invoices) == LAST_NUMBERS["invoice"]


def test_only_what_is_unpaid_or_under_way_is_still_open(work):
    states = [each.state for each in work.exec(select(Srf)).all()]
    closed = sum(each.paid and each.arrived for each in WEEKS)
    assert states.count(HeaderState.CLOSED) == closed
    assert {*states} <= {
        HeaderState.CLOSED,
        HeaderState.DELIVERED,
        HeaderState.DISPATCHED,
        HeaderState.INVOICED,
    }


def test_each_item_has_its_certificate_and_each_record_names_the_one_before(work):
    assert len(work.exec(select(Certificate)).all()) == sum(len(each.items) for each in WEEKS)
    for srf in work.exec(select(Srf)).all():
        assert check_chain(work, srf.id) is None


def test_the_turnaround_of_these_weeks_can_be_told(work):
    flow = measure_flow(work)
    assert flow.long.items >= 9
    assert flow.short.items >= 3
    assert flow.short.median is not None
    assert flow.first_pass_percent == 100
