"""Finding records: by words, by tag, by a scanned label; for each who may see them."""

import pytest

from calibra_app.models.srf import SrfLine
from calibra_app.persistence.search import enter_words
from calibra_app.services.finding import FoundKind, find_records
from calibra_app.services.srf.custody import note_custody
from calibra_app.services.srf.states import words
from tests.board_stages import a_request


@pytest.fixture
def here(house):
    """A request with both items, found by its number and by the tags of its items."""
    lines = a_request(house)
    with house.work() as work:
        enter_words(work, "instrument", house.instrument_ids[0], ["KA-MIC-0007", "Micrometer"])
        enter_words(work, "customer", house.customer_id, ["Customer K2"])
    return lines


def kinds(house, query, by="Asha Rao"):
    with house.work(by) as work:
        return [(one.kind, one.label) for one in find_records(work, query)]


def test_a_tag_leads_to_the_instrument_and_the_request_it_stands_on(house, here):
    with house.work() as work:
        found = find_records(work, "ka-mic")
    item = next(one for one in found if one.kind is FoundKind.INSTRUMENT)
    assert item.label == "KA-MIC-0007"
    assert item.srf_id is not None


def test_an_item_says_how_far_its_work_is_and_where_it_lies(house, here):
    with house.work() as work:
        line = work.peek(SrfLine, here[0])
        note_custody(work, line, "received", place="A3")
        note_custody(work, line, "condition")
    with house.work() as work:
        (item,) = [each for each in find_records(work, "ka-mic-0007") if each.label != "SRF-T-1"]
    assert item.hint.endswith(f" · {words(line.state)} · A3")


def test_a_customer_is_found_by_the_beginning_of_the_name(house, here):
    assert (FoundKind.CUSTOMER, "Customer K2") in kinds(house, "custo")


def test_the_code_on_our_label_leads_to_its_request(house, here):
    with house.work() as work:
        srf_id = next(one.srf_id for one in find_records(work, "ka-mic") if one.srf_id is not None)
    label = f"https://laboratory.example/requests/{srf_id}/"
    assert kinds(house, label) == [(FoundKind.SRF, "SRF-T-1")]


@pytest.mark.parametrize("query", ["", " ", "k", "zzzz-nothing", "/requests/not-an-id/"])
def test_what_is_nowhere_or_too_short_finds_nothing(house, here, query):
    assert kinds(house, query) == []


def test_a_customer_finds_own_requests_alone(house, here):
    with house.work("Yara Haddad") as work:
        assert {one.kind for one in find_records(work, "customer ka-mic")} <= {FoundKind.SRF}
        assert all(one.kind is FoundKind.SRF for one in find_records(work, "k2"))


def test_a_technician_finds_no_request_of_others(house, here):
    assert FoundKind.SRF not in {kind for kind, _ in kinds(house, "SRF-T-1", "Mei Lin")}


def test_another_laboratory_finds_nothing(house, here, work_in):
    with work_in(laboratory=2) as work:
        assert find_records(work, "ka-mic") == ()
        assert find_records(work, "customer") == ()
