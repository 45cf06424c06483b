"""Offers expire by the clock, each on its own, and running the job again changes nothing."""

from datetime import timedelta

import pytest

from calibra_app.core.access import system_actor
from calibra_app.core.ids import new_id
from calibra_app.jobs.expiry import expire_quotations
from calibra_app.jobs.runner import Desk, job_functions
from calibra_app.models.quotation import QuotationRevision, QuotationState
from calibra_app.models.srf import HeaderState
from tests.builders import a_house
from tests.services.quotations.offers_of_the_week import enter_prices, sent, shown


@pytest.fixture
def house(work_in):
    made = a_house(work_in, instruments=())
    enter_prices(made)
    return made


def test_the_clock_finds_the_job_by_its_name():
    assert job_functions()["expire_quotations"] is expire_quotations


def test_only_what_has_passed_expires_and_only_once(house):
    passed, open_still = sent(house, "K2", (5,)), sent(house, "K3", (9,))
    with house.work() as work:
        revision = work.get(QuotationRevision, shown(house, passed).revision_id)
        revision.valid_until -= timedelta(days=60)
    desk = Desk(system_actor(house.tenant_id), new_id(), 1, "expire_quotations", new_id())
    for _ in range(2):
        expire_quotations(desk, desk.subject_id)
    gone = shown(house, passed)
    assert (gone.state, gone.srf_state) == (QuotationState.EXPIRED, HeaderState.QUOTED)
    assert shown(house, open_still).state is QuotationState.SENT
