"""Looking at requests: who sees which, what is offered, and what a guard says before the deed."""

import pytest

from calibra_app.core.errors import NotFound
from calibra_app.models.srf import HeaderState
from calibra_app.services.srf.drafts import Heading, create_srf
from calibra_app.services.srf.queries import get_srf
from calibra_app.services.srf.register import SrfFilter, find_by_label, list_srfs
from tests.builders import a_customer
from tests.stages import accepted, submitted, under_review


def offered(house, srf_id, name="Asha Rao"):
    with house.work(name) as work:
        return {each.number: each for each in get_srf(work, srf_id).offered}


def test_the_front_desk_is_offered_what_leads_on_from_submitted(house):
    assert set(offered(house, submitted(house))) == {"T04", "T05", "T52"}


def test_a_technician_without_a_line_does_not_see_a_request(house):
    srf_id = submitted(house)
    with pytest.raises(NotFound), house.work("Mei Lin") as work:
        get_srf(work, srf_id)


def test_a_guard_says_before_the_deed_what_stands_in_the_way(house):
    offers = offered(house, under_review(house))
    assert "Line 1 is not reviewed." in offers["T09"].refusals
    assert "A standing agreement is not accepted." in offers["T10"].refusals
    assert offers["T06"].refusals == ()


def test_an_auditor_sees_everything_and_is_offered_nothing(house):
    assert offered(house, submitted(house), "Ingrid Solberg") == {}


def test_a_signature_is_announced_to_who_owes_it(house):
    assert offered(house, under_review(house), "Priya Menon")["T11"].meaning == "declined"


def test_the_detail_tells_completeness_and_the_timeline_in_order(house):
    srf_id = accepted(house)
    with house.work() as work:
        detail = get_srf(work, srf_id)
    assert [entry.transition for entry in detail.timeline] == ["T01", "T02", "T04", "T10"]
    assert [line.completeness.percent for line in detail.lines] == [100, 100]
    assert detail.state is HeaderState.ACCEPTED


def test_an_item_on_two_open_requests_is_warned_about(house):
    first = submitted(house)
    with house.work() as work:
        again = create_srf(
            work, Heading(house.customer_id, house.contact_id), house.instrument_ids[:1]
        )
        number = get_srf(work, first).number
        assert get_srf(work, again).lines[0].also_on == number


def test_a_list_is_narrowed_by_words_and_states(house):
    srf_id = submitted(house)
    with house.work() as work:
        found = list_srfs(work, SrfFilter(words="KA-MIC"))
        assert [row.id for row in found.rows] == [srf_id]
        assert list_srfs(work, SrfFilter(states=(HeaderState.DRAFT,))).rows == ()
        assert list_srfs(work, SrfFilter(words="nothing like that")).rows == ()


def test_a_label_leads_to_the_open_request_of_its_item(house):
    srf_id = submitted(house)
    with house.work() as work:
        assert find_by_label(work, " KA-CAL-0044 ") == srf_id
        assert find_by_label(work, "M5521") == srf_id
        with pytest.raises(NotFound, match="XX-1"):
            find_by_label(work, "XX-1")


def test_a_customer_sees_the_own_requests_alone(house):
    srf_id = submitted(house)
    with house.work("Priya Menon") as work:
        stranger, contact = a_customer(work, "K8")
        other = create_srf(work, Heading(stranger.id, contact.id))
    with house.work("Yara Haddad") as work:
        assert get_srf(work, srf_id).customer_id == house.customer_id
        with pytest.raises(NotFound):
            get_srf(work, other)
