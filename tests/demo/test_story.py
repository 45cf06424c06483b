"""The sample week, entered through the services, stands as its description says."""

import pytest
from sqlmodel import select

from calibra_app.config import settings
from calibra_app.core.clock import system_clock
from calibra_app.demo.laboratories import LABORATORIES
from calibra_app.demo.loader import load_laboratory
from calibra_app.demo.story import continue_sequences, play_week
from calibra_app.demo.week import week_of
from calibra_app.models.quotation import QuotationRevision, QuotationState
from calibra_app.models.srf import Srf
from calibra_app.services.sign_in import hash_password
from calibra_app.services.srf.queries import get_srf
from calibra_app.services.srf.snapshot import check_chain


@pytest.fixture(scope="module")
def meridian(database):
    """The sample laboratory on its Wednesday morning."""
    sample = next(each for each in LABORATORIES if each.slug == "meridian")
    kept = hash_password(settings().sample_password)
    loaded = load_laboratory(sample, week_of(system_clock()), kept)
    continue_sequences(loaded)
    play_week(loaded)
    return loaded


@pytest.fixture
def requests(meridian):
    """The three requests by number."""
    with meridian.desk(meridian.people["Priya Menon"]).work() as work:
        rows = work.exec(select(Srf)).all()
        return {row.number[-4:]: get_srf(work, row.id) for row in rows}


def test_the_requests_stand_where_the_week_has_brought_them(requests):
    states = {number: srf.state.value for number, srf in requests.items()}
    assert states == {"0412": "in_progress", "0413": "in_progress", "0414": "in_progress"}
    lines = {number: [line.state.value for line in srf.lines] for number, srf in requests.items()}
    assert lines["0413"] == ["qc", "in_progress", "assigned", "in_progress"]
    assert lines["0414"] == ["awaiting_customer", "pending", "assigned", "subcontracted"]


def test_the_sample_quotations_are_accepted_to_the_cent(meridian):
    with meridian.desk(meridian.people["Grace Liu"]).work() as work:
        accepted = work.exec(
            select(QuotationRevision.total).where(
                QuotationRevision.state == QuotationState.ACCEPTED
            )
        ).all()
    assert sorted(f"{total:.2f}" for total in accepted) == ["352.75", "532.20", "845.10"]


def test_every_record_of_the_week_names_the_one_before(meridian, requests):
    with meridian.desk(meridian.people["Priya Menon"]).work() as work:
        assert [check_chain(work, srf.id) for srf in requests.values()] == [None] * 3


def test_no_deed_of_the_week_lies_in_the_future(requests):
    latest = max(entry.at for srf in requests.values() for entry in srf.timeline)
    assert (latest - system_clock()).total_seconds() < 300
