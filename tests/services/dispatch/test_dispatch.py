"""Packing by scan, the alarm for a stranger's item, shipping, delivery and what comes back."""

import pytest
from sqlmodel import select

from calibra_app.core.errors import Conflict, Forbidden, Invalid, NotFound
from calibra_app.core.ids import new_id
from calibra_app.models.dispatch import Shipment, ShipmentState
from calibra_app.models.document import Document
from calibra_app.models.laboratory import LaboratorySettings
from calibra_app.models.srf import CustodyEvent, HeaderState, LineState, Srf, SrfLine
from calibra_app.services.dispatch.packing import WrongItem, open_shipment, scan_item
from calibra_app.services.dispatch.register import get_shipment, list_shipments, list_waiting
from calibra_app.services.dispatch.shipping import (
    Parcel,
    Proof,
    confirm_delivery,
    hand_over,
    return_items,
    ship,
    take_back_undelivered,
)
from calibra_app.services.invoices.issuing import issue_invoice
from calibra_app.services.invoices.payments import record_payment
from calibra_app.services.invoices.register import list_invoices
from calibra_app.services.srf.cancellation import DoneWork, Effects, cancel_srf
from calibra_app.services.srf.guards import GuardFailed
from calibra_app.services.srf.moves import lines_of
from tests.services.approved import approved, line_states, ordered, version
from tests.services.quotations.offers_of_the_week import reviewed_request
from tests.stages import letters, state_of

COURIER = Parcel("Fast Courier", "FC-1234", packages=2)
PROOF = Proof("Yara Haddad", "Courier proof 77")


def invoiced(house, items=(5, 6), code="K2"):
    """Bring a request to Invoiced."""
    srf_id = approved(house, code, items)
    with house.work("Grace Liu") as work:
        issue_invoice(work, srf_id, work.peek(Srf, srf_id).version)
    return srf_id


def boxed(house, srf_id, *tags):
    """Open a box for a request and scan these items into it."""
    with house.work() as work:
        shipment_id = open_shipment(work, srf_id)
    for tag in tags:
        with house.work() as work:
            scan_item(work, shipment_id, tag)
    return shipment_id


def send(house, shipment_id, parcel=COURIER, name="Asha Rao"):
    """Hand a box to the courier."""
    with house.work(name) as work:
        ship(work, shipment_id, work.peek(Shipment, shipment_id).version, parcel)


def on_its_way(house):
    """Bring a request to Dispatched; return it with its shipment."""
    srf_id = invoiced(house)
    shipment_id = boxed(house, srf_id, "KA-MIC-0007", "KA-CAL-0044")
    send(house, shipment_id)
    return srf_id, shipment_id


def custody(house, srf_id):
    """Return the kinds of the custody entries of the first line, oldest first."""
    with house.work() as work:
        line = lines_of(work, srf_id)[0]
        rows = work.exec(
            select(CustodyEvent)
            .where(CustodyEvent.line_id == line.id)
            .order_by(CustodyEvent.at, CustodyEvent.id)
        ).all()
        return [row.kind for row in rows]


def test_each_item_is_scanned_by_tag_or_serial_number(house):
    srf_id = invoiced(house)
    with house.work() as work:
        shipment_id = open_shipment(work, srf_id)
        first = scan_item(work, shipment_id, "ka-mic-0007")
        second = scan_item(work, shipment_id, "C9013")
    assert (first.position, first.left, second.tag, second.left) == (1, 1, "KA-CAL-0044", 0)


def test_the_code_on_our_own_label_is_understood(house):
    srf_id = invoiced(house)
    with house.work() as work:
        shipment_id = open_shipment(work, srf_id)
        code = f"https://meridian.example/requests/{srf_id}/?line=2"
        assert scan_item(work, shipment_id, code).tag == "KA-CAL-0044"


def test_an_item_of_another_request_raises_the_alarm_and_says_whose_it_is(house):
    srf_id = invoiced(house)
    other = ordered_other(house)
    shipment_id = boxed(house, srf_id)
    number = number_of(house, other)
    with pytest.raises(WrongItem, match=f"BF-PG-009 belongs to {number}"), house.work() as work:
        scan_item(work, shipment_id, "BF-PG-009")
    with pytest.raises(WrongItem, match="Customer K3"), house.work() as work:
        scan_item(work, shipment_id, f"/requests/{other}/?line=1")
    with house.work() as work:
        assert not any(item.packed for item in get_shipment(work, shipment_id).items)


def ordered_other(house):
    """Write a request of another customer with the pressure gauge on it."""
    return reviewed_request(house, "K3", (9,))


def number_of(house, srf_id):
    """Return the number of a request."""
    with house.work() as work:
        return work.peek(Srf, srf_id).number


def test_a_label_that_nobody_knows_is_not_packed(house):
    shipment_id = boxed(house, invoiced(house))
    with pytest.raises(NotFound, match="XX-1"), house.work() as work:
        scan_item(work, shipment_id, "XX-1")


def test_an_item_is_packed_once(house):
    shipment_id = boxed(house, invoiced(house), "KA-MIC-0007")
    with pytest.raises(Conflict, match="in the box already"), house.work() as work:
        scan_item(work, shipment_id, "KA-MIC-0007")


def test_a_box_that_stands_open_is_gone_on_with(house):
    srf_id = invoiced(house)
    assert boxed(house, srf_id) == boxed(house, srf_id)


def test_nothing_leaves_while_an_item_is_not_scanned(house):
    srf_id = invoiced(house)
    shipment_id = boxed(house, srf_id, "KA-MIC-0007")
    with pytest.raises(GuardFailed, match="KA-CAL-0044 is not scanned") as refused:
        send(house, shipment_id)
    assert refused.value.guard == "G27"
    assert state_of(house, srf_id) is HeaderState.INVOICED


def test_a_packed_box_leaves_with_note_letter_and_custody(house):
    srf_id, shipment_id = on_its_way(house)
    assert state_of(house, srf_id) is HeaderState.DISPATCHED
    assert custody(house, srf_id)[-1] == "shipped"
    with house.work() as work:
        detail = get_shipment(work, shipment_id)
        paper = work.peek(Document, detail.documents[0].id)
        assert (paper.content["tracking"], paper.content["packages"]) == ("FC-1234", 2)
        assert len(paper.content["lines"]) == 2
        assert "shipment" in letters(work)
        assert list_waiting(work).rows == ()


def test_a_box_names_its_courier(house):
    shipment_id = boxed(house, invoiced(house), "KA-MIC-0007", "KA-CAL-0044")
    with pytest.raises(Invalid) as refused:
        send(house, shipment_id, Parcel(" "))
    assert refused.value.field == "courier"


def test_items_of_an_unpaid_invoice_wait_where_the_rule_says_payment(house):
    srf_id = invoiced(house, (9,), "K3")
    shipment_id = boxed(house, srf_id, "BF-PG-009")
    with pytest.raises(GuardFailed, match="Waiting for payment"):
        send(house, shipment_id)
    options(house, items_wait_for_release=False)
    send(house, shipment_id)
    assert state_of(house, srf_id) is HeaderState.DISPATCHED


def test_an_item_that_went_home_unpaid_is_returned_with_the_payment(house):
    srf_id = invoiced(house, (9,), "K3")
    shipment_id = boxed(house, srf_id, "BF-PG-009")
    options(house, items_wait_for_release=False)
    send(house, shipment_id)
    with house.work() as work:
        confirm_delivery(work, shipment_id, None, PROOF)
    assert line_states(house, srf_id) == [LineState.APPROVED]
    with house.work("Grace Liu") as work:
        (invoice,) = list_invoices(work).rows
        record_payment(work, invoice.id, invoice.total.amount)
    assert line_states(house, srf_id) == [LineState.RETURNED]


def options(house, **chosen):
    """Set workflow options of the laboratory."""
    with house.work("Victor Hale") as work:
        work.add(LaboratorySettings(workflow=dict(chosen)))


def test_an_invoice_comes_first_unless_policy_says_otherwise(house):
    srf_id = approved(house, "K2", (5,))
    shipment_id = boxed(house, srf_id, "KA-MIC-0007")
    with pytest.raises(GuardFailed, match="invoiced before"):
        send(house, shipment_id)
    options(house, ship_before_invoice=True)
    send(house, shipment_id)
    assert state_of(house, srf_id) is HeaderState.DISPATCHED


def test_delivery_needs_its_evidence_and_returns_the_lines(house):
    srf_id, shipment_id = on_its_way(house)
    seen = version(house, Shipment, shipment_id)
    with pytest.raises(GuardFailed, match="proof is missing"), house.work() as work:
        confirm_delivery(work, shipment_id, seen, Proof("Yara Haddad", " "))
    with house.work() as work:
        confirm_delivery(work, shipment_id, seen, PROOF)
    assert state_of(house, srf_id) is HeaderState.DELIVERED
    assert line_states(house, srf_id) == [LineState.RETURNED] * 2
    with house.work() as work:
        (row,) = list_shipments(work, ShipmentState.DELIVERED).rows
        assert row.received_by == "Yara Haddad"


def test_the_customer_confirms_the_own_delivery_and_packs_nothing(house):
    srf_id, shipment_id = on_its_way(house)
    with pytest.raises(Forbidden), house.work("Yara Haddad") as work:
        open_shipment(work, srf_id)
    with house.work("Yara Haddad") as work:
        proof = Proof("Yara Haddad", "Confirmed in the portal")
        confirm_delivery(work, shipment_id, None, proof)
    assert state_of(house, srf_id) is HeaderState.DELIVERED


def test_items_are_collected_at_the_counter(house):
    srf_id = invoiced(house)
    with pytest.raises(GuardFailed, match="proof"), house.work() as work:
        hand_over(work, srf_id, work.peek(Srf, srf_id).version, Proof("", ""))
    with house.work() as work:
        hand_over(work, srf_id, work.peek(Srf, srf_id).version, Proof("Ben", "signature on paper"))
    assert state_of(house, srf_id) is HeaderState.DELIVERED
    assert custody(house, srf_id)[-1] == "handed over"


def test_what_could_not_be_delivered_comes_back_and_may_leave_again(house):
    srf_id, shipment_id = on_its_way(house)
    with house.work() as work:
        seen = work.peek(Shipment, shipment_id).version
        take_back_undelivered(work, shipment_id, seen, "Nobody at the address")
    assert state_of(house, srf_id) is HeaderState.INVOICED
    assert custody(house, srf_id)[-1] == "came back"
    again = boxed(house, srf_id, "KA-MIC-0007", "KA-CAL-0044")
    assert again != shipment_id
    send(house, again)
    assert state_of(house, srf_id) is HeaderState.DISPATCHED


def test_items_of_a_cancelled_request_go_back_without_results(house):
    srf_id = ordered(house, "K2", (5, 6))
    with house.work("Priya Menon") as work:
        effects = Effects(DoneWork.OPEN, return_listed=True)
        seen = work.peek(Srf, srf_id).version
        cancel_srf(work, srf_id, seen, "The customer changed plans", effects)
    with house.work() as work:
        assert [row.items for row in list_waiting(work).rows] == [2]
    shipment_id = boxed(house, srf_id, "KA-MIC-0007", "KA-CAL-0044")
    with house.work() as work:
        seen = work.peek(Shipment, shipment_id).version
        return_items(work, shipment_id, seen, COURIER, PROOF)
    assert state_of(house, srf_id) is HeaderState.CANCELLED
    assert line_states(house, srf_id) == [LineState.RETURNED] * 2
    with house.work() as work:
        assert list_waiting(work).rows == ()


def test_what_was_calibrated_on_site_is_in_no_box(house):
    srf_id = invoiced(house)
    with house.work("Priya Menon") as work:
        work.get(SrfLine, lines_of(work, srf_id)[0].id).on_site = True
    with house.work() as work:
        detail = get_shipment(work, open_shipment(work, srf_id))
    assert [item.tag for item in detail.items] == ["KA-CAL-0044"]


@pytest.mark.parametrize("name", ["Grace Liu", "Daniel Ortiz", "Jonas Weber", "Ingrid Solberg"])
def test_who_does_not_ship_opens_no_box(house, name):
    srf_id = invoiced(house, (5,))
    with pytest.raises(Forbidden), house.work(name) as work:
        open_shipment(work, srf_id)


def test_nothing_is_packed_before_the_work_is_approved(house):
    srf_id = ordered(house, "K2", (5,))
    with pytest.raises(Conflict, match="nothing of it leaves"), house.work() as work:
        open_shipment(work, srf_id)


def test_a_shipment_that_is_not_there_is_not_found(house):
    with pytest.raises(NotFound), house.work() as work:
        get_shipment(work, new_id())
