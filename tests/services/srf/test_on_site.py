"""Work at the customer's: taking an item in hand there, and giving it back on the spot."""

import pytest
from sqlmodel import select

from calibra_app.core.errors import Conflict, Forbidden
from calibra_app.models.dispatch import PackedItem, Shipment
from calibra_app.models.srf import CustodyEvent, HeaderState, ItemCondition, LineState, Srf, SrfLine
from calibra_app.services.calibrations.worklist import my_work
from calibra_app.services.dispatch.shipping import Proof, hand_over
from calibra_app.services.invoices.issuing import issue_invoice
from calibra_app.services.quotations.answers import Reaction, accept_offer
from calibra_app.services.quotations.queries import get_quotation
from calibra_app.services.srf.guards import GuardFailed
from calibra_app.services.srf.moves import Stale, lines_of
from calibra_app.services.srf.on_site import PLACE, arrive_on_site
from calibra_app.services.srf.queries import get_srf
from calibra_app.services.srf.receipt import Arrival, receive_items
from tests.builders import a_house
from tests.services.approved import approve
from tests.services.quotations.offers_of_the_week import enter_prices, sent
from tests.stages import a_photo, line_ids, seen, state_of

MEI, DANIEL = "Mei Lin", "Daniel Ortiz"
SIGNED = Proof("Olaf Berg", "Signed on the visit report")


@pytest.fixture
def house(work_in):
    """The people of the sample week, without instruments yet."""
    return a_house(work_in, instruments=())


def expected(house, items=(9, 10)):
    """Bring a request of K3 to where its items are expected: the scale stands at the customer's."""
    enter_prices(house)
    quotation_id = sent(house, "K3", items)
    with house.work() as work:
        detail = get_quotation(work, quotation_id)
        accept_offer(work, detail.revision_id, Reaction(evidence="phone, Olaf Berg, 14:10"))
    return detail.srf_id


def arrive(house, line_id, name=MEI, **more):
    """Let somebody arrive at the customer's."""
    version = seen(house, SrfLine, line_id)
    with house.work(name) as work:
        return arrive_on_site(work, version, Arrival(line_id, **more))


def test_whoever_arrives_receives_the_item_and_has_its_line(house):
    srf_id = expected(house)
    _, scale = line_ids(house, srf_id)
    assert arrive(house, scale, accessories="feet") is True
    with house.work() as work:
        line = work.peek(SrfLine, scale)
        assert (line.state, line.accessories) == (LineState.ASSIGNED, "feet")
        assert line.assignee_id == house.people[MEI]
        event = work.exec(select(CustodyEvent).where(CustodyEvent.line_id == scale)).one()
        assert (event.kind, event.place) == ("received", PLACE)
        done = [entry.transition for entry in get_srf(work, srf_id).timeline]
    assert done[-2:] == ["T18", "T21"]


def test_a_visit_stands_on_the_list_of_whoever_may_do_it(house):
    srf_id = expected(house)
    _, scale = line_ids(house, srf_id)
    with house.work(MEI) as work:
        assert [line.tag for line in my_work(work).at_site] == ["BF-SCL-002"]
    with house.work(DANIEL) as work:
        assert my_work(work).at_site == ()
    arrive(house, scale)
    with house.work(MEI) as work:
        assert my_work(work).at_site == ()


def test_an_item_that_is_not_in_order_waits_for_the_customer(house):
    srf_id = expected(house)
    _, scale = line_ids(house, srf_id)
    with house.work() as work:
        a_photo(work, scale)
    assert not arrive(house, scale, condition=ItemCondition.DAMAGED, note="One foot is broken off")
    with house.work() as work:
        assert work.peek(SrfLine, scale).state is LineState.AWAITING_CUSTOMER
        assert work.peek(SrfLine, scale).assignee_id is None


def test_nobody_arrives_without_the_authorization_for_the_procedure(house):
    srf_id = expected(house)
    _, scale = line_ids(house, srf_id)
    with pytest.raises(GuardFailed, match="MP-MAS-04"):
        arrive(house, scale, DANIEL)
    with house.work() as work:
        assert work.peek(SrfLine, scale).condition is None


def test_a_technician_receives_on_site_only(house):
    srf_id = expected(house)
    gauge, _ = line_ids(house, srf_id)
    with pytest.raises(Conflict, match="in the laboratory"):
        arrive(house, gauge)
    with pytest.raises(Forbidden, match="not done on site"), house.work(MEI) as work:
        receive_items(work, srf_id, [Arrival(gauge)])


def test_of_two_who_arrive_the_second_learns_that_it_was_taken(house):
    srf_id = expected(house)
    _, scale = line_ids(house, srf_id)
    version = seen(house, SrfLine, scale)
    arrive(house, scale)
    with pytest.raises(Stale), house.work("Ruth Okoye") as work:
        arrive_on_site(work, version, Arrival(scale))


def finished(house, items):
    """Bring a request to Invoiced, its scale measured at the customer's by Mei."""
    srf_id = expected(house, items)
    for line_id in line_ids(house, srf_id):
        with house.work() as work:
            on_site = work.peek(SrfLine, line_id).on_site
        if on_site:
            arrive(house, line_id)
        else:
            with house.work() as work:
                receive_items(work, srf_id, [Arrival(line_id)])
    approve(house, srf_id)
    with house.work("Grace Liu") as work:
        issue_invoice(work, srf_id, work.peek(Srf, srf_id).version)
    return srf_id


def give_back(house, srf_id, name=MEI, proof=SIGNED):
    """Let somebody hand the items over."""
    version = seen(house, Srf, srf_id)
    with house.work(name) as work:
        return hand_over(work, srf_id, version, proof)


def test_what_was_done_on_site_is_handed_over_there_by_whoever_did_it(house):
    srf_id = finished(house, (10,))
    with house.work(MEI) as work:
        assert "T45" in [each.number for each in get_srf(work, srf_id).offered]
    shipment_id = give_back(house, srf_id)
    assert state_of(house, srf_id) is HeaderState.DELIVERED
    with house.work() as work:
        shipment = work.peek(Shipment, shipment_id)
        assert (shipment.courier, shipment.received_by) == ("Handed over on site", "Olaf Berg")
        packed = work.exec(select(PackedItem).where(PackedItem.shipment_id == shipment_id)).all()
        assert [each.line_id for each in packed] == line_ids(house, srf_id)
        events = work.exec(select(CustodyEvent).order_by(CustodyEvent.at, CustodyEvent.id)).all()
        assert [each.kind for each in events] == ["received", "handed over"]


def test_a_hand_over_on_site_needs_a_signature_too(house):
    srf_id = finished(house, (10,))
    with pytest.raises(GuardFailed) as refusal:
        give_back(house, srf_id, proof=Proof("", ""))
    assert refusal.value.guard == "G28"


def test_a_colleague_of_another_field_does_not_hand_over(house):
    srf_id = finished(house, (10,))
    with pytest.raises(Forbidden, match="works on it"):
        give_back(house, srf_id, DANIEL)


def test_items_in_the_house_are_given_back_at_the_counter_not_by_a_technician(house):
    srf_id = finished(house, (9, 10))
    with house.work(MEI) as work:
        assert "T45" not in [each.number for each in get_srf(work, srf_id).offered]
    with pytest.raises(Forbidden, match="may not pack or ship"):
        give_back(house, srf_id)
    give_back(house, srf_id, "Asha Rao")
    with house.work() as work:
        states = {line.state for line in lines_of(work, srf_id)}
    assert len(states) == 1


def test_an_item_in_the_house_that_is_not_calibrated_leaves_by_the_counter_too(house):
    srf_id = finished(house, (9, 10))
    gauge, _ = line_ids(house, srf_id)
    with house.work("Ruth Okoye") as work:
        work.get(SrfLine, gauge).state = LineState.REJECTED
    with pytest.raises(Forbidden, match="may not pack or ship"):
        give_back(house, srf_id)
    shipment_id = give_back(house, srf_id, "Asha Rao")
    with house.work() as work:
        packed = work.exec(select(PackedItem).where(PackedItem.shipment_id == shipment_id)).all()
    assert [each.line_id for each in packed] == [gauge]
