"""Splitting lines off a request: both go on, each in its own state, under one offer."""

from decimal import Decimal

import pytest
from sqlmodel import select

from calibra_app.core.errors import Conflict, Forbidden, Invalid
from calibra_app.core.ids import new_id
from calibra_app.models.srf import HeaderState, LineState, Srf, SrfLine
from calibra_app.services.invoices.offer import bill_for
from calibra_app.services.quotations.answers import Reaction, accept_offer
from calibra_app.services.quotations.editing import Change, Field, change_line
from calibra_app.services.quotations.offers import create_offer
from calibra_app.services.quotations.queries import get_quotation
from calibra_app.services.quotations.sending import send_offer
from calibra_app.services.srf.acceptance import change_order
from calibra_app.services.srf.guards import GuardFailed
from calibra_app.services.srf.moves import Stale, lines_of
from calibra_app.services.srf.queries import get_srf
from calibra_app.services.srf.receipt import Arrival, receive_items
from calibra_app.services.srf.register import SrfFilter, list_srfs
from calibra_app.services.srf.review import answer_review, reviews_of
from calibra_app.services.srf.snapshot import check_chain, verify_records
from calibra_app.services.srf.splitting import split_lines
from calibra_app.services.srf.workflow import NotInThisState
from tests import stages
from tests.builders import a_house
from tests.services.approved import approve, line_states, ordered
from tests.services.quotations.offers_of_the_week import enter_prices, sent, shown
from tests.stages import COMMERCIAL, TECHNICAL

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


def half_arrived(house):
    """Return an accepted request of two lines, of which only the first is here, and the lines."""
    enter_prices(house)
    detail = shown(house, sent(house, "K2", (5, 7)))
    with house.work() as work:
        accept_offer(work, detail.revision_id, Reaction(evidence="phone, Olaf Berg, 14:10"))
    first, second = ids_of(house, detail.srf_id)
    with house.work() as work:
        receive_items(work, detail.srf_id, [Arrival(first)])
    return detail.srf_id, first, second


def offer_anew(house, srf_id, line_id):
    """Change the order of one line and bring it to its next offer; return the quotation."""
    with house.work() as work:
        change_order(work, srf_id, stages.seen(house, Srf, srf_id), WHY, [line_id])
    for name, answers in (("Ruth Okoye", TECHNICAL), ("Asha Rao", COMMERCIAL)):
        with house.work(name) as work:
            (review,) = reviews_of(work, srf_id)
            answer_review(work, review.line_id, review.version, answers)
    with house.work() as work:
        return create_offer(work, srf_id, work.peek(Srf, srf_id).version)


def charged(house, srf_id):
    with house.work() as work:
        return [str(charge.amount) for charge in bill_for(work, work.peek(Srf, srf_id)).charges]


def test_what_was_agreed_holds_when_the_first_request_is_offered_anew(house):
    srf_id, first, second = half_arrived(house)
    other_id = split(house, srf_id, [first])
    before = charged(house, other_id)
    offer_anew(house, srf_id, second)
    assert charged(house, other_id) == before != []


def test_what_was_split_off_and_offered_anew_is_charged_by_its_own_offer(house):
    srf_id, _, second = half_arrived(house)
    other_id = split(house, srf_id, [second])
    before = charged(house, srf_id)
    quotation_id = offer_anew(house, other_id, second)
    detail = shown(house, quotation_id)
    with house.work() as work:
        change = Change(detail.lines[0].id, Field.UNIT_PRICE, Decimal(60), 1)
        change_line(work, quotation_id, change)
    with house.work() as work:
        send_offer(work, quotation_id, get_quotation(work, quotation_id).version)
    with house.work() as work:
        revision_id = get_quotation(work, quotation_id).revision_id
        accept_offer(work, revision_id, Reaction(evidence="phone, Olaf Berg, 15:00"))
    assert charged(house, other_id) == ["60.00"]
    assert charged(house, srf_id) == before


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


def related(house, srf_id, by="Asha Rao"):
    with house.work(by) as work:
        return [(each.id, each.relation) for each in get_srf(work, srf_id).relatives]


def test_each_part_leads_to_the_others(house, srf_id):
    first, second, _ = ids_of(house, srf_id)
    one = split(house, srf_id, [first])
    other = split(house, srf_id, [second])
    assert related(house, srf_id) == [(one, "split_off"), (other, "split_off")]
    assert related(house, one) == [(srf_id, "split_from"), (other, "split_off")]


def test_before_the_items_are_here_nothing_is_split(house):
    enter_prices(house)
    srf_id = shown(house, sent(house, "K2", (5, 6))).srf_id
    with pytest.raises(NotInThisState):
        split(house, srf_id, ids_of(house, srf_id)[:1])


@pytest.mark.parametrize("name", ["Mei Lin", "Ruth Okoye", "Marco Bellini", "Yara Haddad"])
def test_others_do_not_split(house, srf_id, name):
    with pytest.raises(Forbidden):
        split(house, srf_id, ids_of(house, srf_id)[:1], by=name)
