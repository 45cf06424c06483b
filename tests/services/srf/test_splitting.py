"""Splitting lines off a request: both go on, each in its own state, under one offer."""

import pytest
from sqlmodel import select

from calibra_app.core.errors import Conflict, Forbidden, Invalid
from calibra_app.core.ids import new_id
from calibra_app.models.srf import HeaderState, LineState, Srf, SrfLine
from calibra_app.services.invoices.offer import bill_for
from calibra_app.services.srf.guards import GuardFailed
from calibra_app.services.srf.moves import Stale, lines_of
from calibra_app.services.srf.register import SrfFilter, list_srfs
from calibra_app.services.srf.snapshot import check_chain, verify_records
from calibra_app.services.srf.splitting import split_lines
from calibra_app.services.srf.workflow import NotInThisState
from tests import stages
from tests.builders import a_house
from tests.services.approved import approve, line_states, ordered
from tests.services.quotations.offers_of_the_week import enter_prices, sent, shown

WHY = "The torque wrench waits for a spare part"


@pytest.fixture
def house(work_in):
    """A laboratory to which customer K2 brings its items."""
    return a_house(work_in, instruments=())


@pytest.fixture
def srf_id(house):
    """A received request of three lines."""
    return ordered(house, "K2", (5, 6, 7))


def ids_of(house, srf_id):
    with house.work() as work:
        return [line.id for line in lines_of(work, srf_id)]


def split(house, srf_id, line_ids, *, by="Asha Rao", reason=WHY, seen=None):
    version = stages.seen(house, Srf, srf_id) if seen is None else seen
    with house.work(by) as work:
        return split_lines(work, srf_id, version, line_ids, reason)


def test_both_requests_stand_where_their_lines_are(house, srf_id):
    first, second, third = ids_of(house, srf_id)
    with house.work("Priya Menon") as work:
        work.get(SrfLine, second).state = LineState.ASSIGNED
    other_id = split(house, srf_id, [second])
    with house.work() as work:
        new, old = work.peek(Srf, other_id), work.peek(Srf, srf_id)
        assert (new.state, old.state) == (HeaderState.ASSIGNED, HeaderState.RECEIVED)
        assert (new.split_from, new.submitted_at) == (srf_id, old.submitted_at)
        assert new.number not in {"", old.number}
        assert [(line.id, line.position) for line in lines_of(work, other_id)] == [(second, 1)]
        assert [line.id for line in lines_of(work, srf_id)] == [first, third]


def test_both_chains_hold(house, srf_id):
    other_id = split(house, srf_id, ids_of(house, srf_id)[:1])
    with house.work("Samuel Okafor") as work:
        assert check_chain(work, srf_id) is None
        assert check_chain(work, other_id) is None
        assert verify_records(work).broken == ()


def test_the_papers_the_labels_and_the_letter_say_so(house, srf_id):
    other_id = split(house, srf_id, ids_of(house, srf_id)[:1])
    with house.work() as work:
        assert stages.papers(work, srf_id)[-1] == "srf"
        assert sorted(stages.papers(work, other_id)) == ["labels", "srf"]
        assert "split" in stages.letters(work)


def test_each_is_found_by_its_own_items(house, srf_id):
    other_id = split(house, srf_id, ids_of(house, srf_id)[:1])
    with house.work() as work:
        (found,) = list_srfs(work, SrfFilter(words="KA-MIC-0007")).rows
        assert found.id == other_id


def test_each_is_charged_its_own_lines_of_the_one_offer(house, srf_id):
    with house.work() as work:
        whole = bill_for(work, work.peek(Srf, srf_id))
    other_id = split(house, srf_id, ids_of(house, srf_id)[:1])
    approve(house, other_id)
    with house.work() as work:
        new, old = bill_for(work, work.peek(Srf, other_id)), bill_for(work, work.peek(Srf, srf_id))
    assert (str(new.sums.net.amount), str(old.sums.net.amount)) == ("48.00", "111.00")
    assert new.sums.net.amount + old.sums.net.amount == whole.sums.net.amount
    assert new.revision_id == old.revision_id == whole.revision_id
    assert new.unexplained().amount == 0


def test_what_was_split_off_can_be_split_again(house, srf_id):
    first, second, _ = ids_of(house, srf_id)
    other_id = split(house, srf_id, [first, second])
    third_id = split(house, other_id, [second])
    with house.work() as work:
        third = work.peek(Srf, third_id)
        assert third.split_from == srf_id
        assert [charge.line_id for charge in bill_for(work, third).charges] == [second]


def test_a_line_with_its_certificate_stays(house, srf_id):
    first, second, _ = ids_of(house, srf_id)
    with house.work("Priya Menon") as work:
        work.get(SrfLine, first).state = LineState.APPROVED
        work.get(SrfLine, second).state = LineState.QC
    with pytest.raises(Conflict, match="Line 1 has its certificate"):
        split(house, srf_id, [first])
    assert line_states(house, srf_id)[0] is LineState.APPROVED


def test_no_line_or_every_line_is_refused_at_the_field(house, srf_id):
    for chosen in ([], ids_of(house, srf_id)):
        with pytest.raises(Invalid) as refused:
            split(house, srf_id, chosen)
        assert refused.value.field == "lines"


def test_another_requests_line_and_a_stray_one_are_refused(house, srf_id):
    gone, *_ = ids_of(house, srf_id)
    split(house, srf_id, [gone])
    for stray in (gone, new_id()):
        with pytest.raises(Conflict, match="another request"):
            split(house, srf_id, [stray])


def test_a_short_reason_and_an_old_version_are_refused(house, srf_id):
    (first, *_) = ids_of(house, srf_id)
    with pytest.raises(GuardFailed, match="reason"):
        split(house, srf_id, [first], reason="so")
    with pytest.raises(Stale):
        split(house, srf_id, [first], seen=1)
    with house.work() as work:
        assert len(work.exec(select(Srf)).all()) == 1


def test_before_the_items_are_here_nothing_is_split(house):
    enter_prices(house)
    srf_id = shown(house, sent(house, "K2", (5, 6))).srf_id
    with pytest.raises(NotInThisState):
        split(house, srf_id, ids_of(house, srf_id)[:1])


@pytest.mark.parametrize("name", ["Mei Lin", "Ruth Okoye", "Marco Bellini", "Yara Haddad"])
def test_others_do_not_split(house, srf_id, name):
    with pytest.raises(Forbidden):
        split(house, srf_id, ids_of(house, srf_id)[:1], by=name)
