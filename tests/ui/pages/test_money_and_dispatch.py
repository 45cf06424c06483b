"""The pages of invoices and dispatch: drafts, differences, the alarm, refusals beside fields."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from calibra_app.core.errors import Conflict, Forbidden, Invalid, NotFound
from calibra_app.core.money import Money
from calibra_app.core.paging import Page
from calibra_app.models.customer import ReleaseRule, TaxTreatment
from calibra_app.models.dispatch import ShipmentState
from calibra_app.models.invoice import InvoiceState
from calibra_app.models.quotation import QuotationLineKind
from calibra_app.models.srf import HeaderState
from calibra_app.services.dispatch.packing import Scanned, WrongItem
from calibra_app.services.dispatch.register import (
    PackedLine,
    ShipmentDetail,
    ShipmentSummary,
    WaitingSummary,
)
from calibra_app.services.invoices.issuing import InvoicePreview
from calibra_app.services.invoices.offer import Bill, Charge
from calibra_app.services.invoices.payments import Received
from calibra_app.services.invoices.register import InvoiceDetail, InvoiceSummary, ReadySummary
from calibra_app.services.srf.guards import GuardFailed, Refusal
from calibra_app.ui.live import LIVE
from calibra_app.ui.pages.dispatch import page as dispatch_page
from calibra_app.ui.pages.dispatch.state import DispatchState
from calibra_app.ui.pages.invoices import page as invoices_page
from calibra_app.ui.pages.invoices.state import InvoicesState, OneInvoiceState

KEY = UUID(int=7)
NOW = datetime(2026, 12, 4, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _quiet_bus(monkeypatch):
    """Let pages join their topics without a bus, as somebody who is signed in."""

    async def joined(*_arguments, **_named):
        return None

    class SomeActor:
        tenant_id = 1
        customer_id = None

    async def actor(_state):
        return SomeActor()

    monkeypatch.setattr(LIVE, "join", joined)
    for module in ("invoices.state", "dispatch.state"):
        monkeypatch.setattr(f"calibra_app.ui.pages.{module}.current_actor", actor)


def euro(amount):
    return Money(Decimal(amount), "EUR")


def a_bill(*amounts, why=""):
    return Bill(
        revision_id=KEY,
        reference="Q-2026-0306 R0",
        currency="EUR",
        discount_percent=Decimal(0),
        tax_rate=Decimal(0),
        treatment=TaxTreatment.REVERSE_CHARGE,
        charges=tuple(
            Charge(
                str(at),
                "Micrometer",
                "MP-DIM-02",
                QuotationLineKind.CALIBRATION,
                KEY,
                Decimal(offered),
                Decimal(amount),
                why,
            )
            for at, (offered, amount) in enumerate(amounts, 1)
        ),
    )


def a_preview(bill):
    return InvoicePreview(
        srf_id=KEY,
        srf_version=9,
        srf_number="SRF-2026-0413",
        customer_id=KEY,
        customer="Kestrel",
        customer_reference="PO 17",
        release_rule=ReleaseRule.ON_INVOICE,
        due_on=date(2027, 1, 3),
        bill=bill,
        unexplained=bill.unexplained(),
    )


def an_invoice(state=InvoiceState.ISSUED, days_late=0):
    return InvoiceSummary(
        KEY,
        "INV-2026-0188",
        KEY,
        "SRF-2026-0413",
        "Kestrel",
        state,
        euro("352.75"),
        euro("100.00"),
        date(2026, 12, 4),
        date(2027, 1, 3),
        days_late,
    )


def a_detail(state=InvoiceState.ISSUED):
    return InvoiceDetail(
        summary=an_invoice(state),
        version=3,
        net=euro("352.75"),
        tax=euro("0.00"),
        tax_reason="Reverse charge",
        reference="Q-2026-0306 R0",
        credit_reason="",
        charges=a_bill(("48.00", "48.00")).charges,
        payments=(),
        documents=(),
    )


LISTS = {
    "list_invoices": Page((an_invoice(days_late=3),), ""),
    "list_ready": Page(
        (ReadySummary(KEY, "SRF-2026-0413", "Kestrel", ReleaseRule.ON_INVOICE, NOW),), ""
    ),
}


async def test_both_lists_stand_on_the_page_and_what_is_late_says_so(answering):
    answering(InvoicesState, **LISTS)
    state = InvoicesState()
    await state.load()
    assert (state.ready[0].number, state.ready[0].release) == ("SRF-2026-0413", "with the invoice")
    assert (state.rows[0].late, state.rows[0].tone) == ("3 days late", "red")
    assert not state.loading


async def test_a_list_that_cannot_be_read_stops_waiting(answering):
    answering(InvoicesState, list_invoices=Forbidden("no"), list_ready=Forbidden("no"))
    state = InvoicesState()
    assert await state.load() is not None
    assert not state.loading


async def test_a_draft_follows_what_is_typed(answering):
    calls = answering(InvoicesState, preview_invoice=a_preview(a_bill(("48.00", "48.00"))))
    state = InvoicesState()
    await state.open_draft(str(KEY))
    assert (state.drafting, state.draft.unexplained) == (True, "")
    changed = a_preview(a_bill(("48.00", "8.00")))
    calls = answering(InvoicesState, preview_invoice=changed)
    await state.amount_typed("1", "8,00")
    assert calls[0][1][1]["1"].amount == Decimal("8.00")
    assert state.draft.unexplained.startswith("40.00")
    assert state.charges[0].differs


async def test_an_amount_that_is_none_is_refused_beside_its_field(answering):
    answering(InvoicesState, preview_invoice=a_preview(a_bill(("48.00", "48.00"))))
    state = InvoicesState()
    await state.open_draft(str(KEY))
    await state.amount_typed("1", "eight")
    assert "amount-1" in state.errors


async def test_a_guard_stands_above_the_form_and_the_draft_stays_open(answering):
    refused = GuardFailed((Refusal("G25", "A difference of 40.00 EUR is not explained."),))
    preview = a_preview(a_bill(("48.00", "48.00")))
    answering(InvoicesState, preview_invoice=preview, issue_invoice=refused)
    state = InvoicesState()
    await state.open_draft(str(KEY))
    await state.issue({"amount-1": "8.00", "why-1": ""})
    assert state.form_error.endswith("not explained.")
    assert state.drafting


async def test_the_form_that_is_sent_is_what_is_issued(answering):
    preview = a_preview(a_bill(("48.00", "48.00")))
    calls = answering(InvoicesState, preview_invoice=preview, issue_invoice=KEY, **LISTS)
    state = InvoicesState()
    await state.open_draft(str(KEY))
    await state.issue({"amount-1": "50.00", "why-1": "Two points more", "password": "p"})
    (name, arguments, _) = next(call for call in calls if call[0] == "issue_invoice")
    assert (name, arguments[1], arguments[3]) == ("issue_invoice", 9, "p")
    assert (arguments[2]["1"].amount, arguments[2]["1"].explanation) == (
        Decimal("50.00"),
        "Two points more",
    )
    assert not state.drafting


async def test_a_payment_says_what_it_released(answering, at_address):
    at_address(KEY)
    done = Received(euro("0"), ("MM-26-0413-01",))
    answering(OneInvoiceState, get_invoice=a_detail(), record_payment=done)
    state = OneInvoiceState()
    await state.load()
    assert (state.found, state.is_open, state.sums.left_typed) == (True, True, "252.75")
    told = await state.pay({"amount": "252,75", "reference": "bank 17"})
    assert "MM-26-0413-01" in str(told)
    assert not state.paying


async def test_a_payment_that_is_too_much_is_refused_beside_its_field(answering, at_address):
    at_address(KEY)
    error = Invalid("Only 252.75 EUR is open.", field="amount")
    answering(OneInvoiceState, get_invoice=a_detail(), record_payment=error)
    state = OneInvoiceState()
    await state.load()
    await state.begin_payment()
    await state.pay({"amount": "999"})
    assert state.errors == {"amount": "Only 252.75 EUR is open."}
    assert state.paying


async def test_a_credit_note_without_a_reason_is_refused_beside_it(answering, at_address):
    at_address(KEY)
    error = GuardFailed((Refusal("G30", "Give a reason."),))
    answering(OneInvoiceState, get_invoice=a_detail(), credit_invoice=error)
    state = OneInvoiceState()
    await state.load()
    await state.begin_credit()
    await state.credit({"reason": ""})
    assert state.errors == {"reason": "Give a reason."}
    assert state.crediting


async def test_an_invoice_that_is_not_there_shows_nothing(answering, at_address):
    at_address(KEY)
    answering(OneInvoiceState, get_invoice=NotFound("none"))
    state = OneInvoiceState()
    assert await state.load() is None
    assert (state.found, state.absent) == (False, True)


def a_box(packed=1, **more):
    summary = ShipmentSummary(
        KEY,
        4,
        KEY,
        "SRF-2026-0413",
        "Kestrel",
        ShipmentState.PACKING,
        "",
        "",
        None,
        None,
        "",
        NOW,
    )
    items = tuple(
        PackedLine(UUID(int=at), at, f"KA-{at}", "Micrometer", f"M{at}", "Case", at <= packed)
        for at in (1, 2)
    )
    return ShipmentDetail(
        **{
            "summary": summary,
            "srf_state": HeaderState.INVOICED,
            "srf_version": 12,
            "ended_early": False,
            "address": "Toulouse",
            "items": items,
            "documents": (),
            **more,
        }
    )


WAITING = Page(
    (WaitingSummary(KEY, 12, "SRF-2026-0413", "Kestrel", HeaderState.INVOICED, 4, NOW),), ""
)
NOTHING = Page((), "")


async def test_what_waits_is_packed_from_the_list(answering):
    answering(
        DispatchState,
        list_waiting=WAITING,
        open_shipment=KEY,
        get_shipment=a_box(),
        list_shipments=NOTHING,
    )
    state = DispatchState()
    await state.load()
    assert (state.rows[0].note, state.rows[0].srf_version) == ("4 items here", 12)
    await state.begin(state.rows[0].srf_key)
    assert (state.place, state.box.packed, state.box.left) == ("packing", "1 of 2 scanned", 1)


async def test_an_item_of_somebody_else_raises_the_alarm_until_the_next_scan(answering):
    alarm = WrongItem("BF-PG-009 belongs to SRF-2026-0414 (Bluewater Foods).")
    answering(DispatchState, get_shipment=a_box(), scan_item=alarm)
    state = DispatchState()
    await state.open_box(str(KEY))
    await state.scan({"label": "BF-PG-009"})
    assert "Bluewater" in state.alarm
    answering(DispatchState, get_shipment=a_box(2), scan_item=Scanned(KEY, 2, "KA-2", 0))
    await state.scan({"label": "KA-2"})
    assert (state.alarm, state.scanned, state.box.left) == ("", "KA-2 is in the box.", 0)


async def test_an_unknown_label_is_told_beside_the_scan_field(answering):
    answering(DispatchState, get_shipment=a_box(), scan_item=NotFound("No item is labelled “X”."))
    state = DispatchState()
    await state.open_box(str(KEY))
    await state.scan({"label": "X"})
    assert state.errors == {"label": "No item is labelled “X”."}
    assert state.alarm == ""


async def test_an_unscanned_item_is_told_above_the_form_that_ships(answering):
    refused = GuardFailed((Refusal("G27", "Item KA-2 is not scanned."),))
    answering(DispatchState, get_shipment=a_box(), ship=refused)
    state = DispatchState()
    await state.open_box(str(KEY))
    await state.send({"courier": "Fast", "packages": "1"})
    assert state.form_error == "Item KA-2 is not scanned."


async def test_a_request_that_ended_early_goes_back_with_its_proof(answering):
    calls = answering(
        DispatchState,
        get_shipment=a_box(2, ended_early=True),
        return_items=None,
        list_waiting=NOTHING,
    )
    state = DispatchState()
    await state.open_box(str(KEY))
    await state.send({"courier": "Fast", "received_by": "Ben", "evidence": "signature"})
    proof = next(call for call in calls if call[0] == "return_items")[1][3]
    assert proof.is_given


async def test_a_stale_box_is_told_and_read_by_the_person(answering):
    answering(DispatchState, get_shipment=a_box(2), ship=Conflict("Somebody changed this."))
    state = DispatchState()
    await state.open_box(str(KEY))
    assert await state.send({"courier": "Fast"}) is not None


@pytest.mark.parametrize(
    "entry", [*invoices_page.PAGES, *dispatch_page.PAGES], ids=lambda entry: entry[0]
)
def test_each_page_renders(entry):
    assert entry[1]().render()


async def test_a_missing_proof_of_the_handing_over_is_told_beside_its_field(answering):
    missing = GuardFailed((Refusal("G28", "A signature or the courier's proof is missing."),))
    answering(DispatchState, hand_over=missing)
    state = DispatchState()
    await state.begin_hand_over(str(KEY), 3)
    await state.give({"received_by": "Olaf Berg", "evidence": ""})
    assert list(state.errors) == ["evidence"]
    assert state.handing == str(KEY)
