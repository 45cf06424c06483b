"""Invoices: from the accepted offer, each difference explained, and what they release."""

from decimal import Decimal

import pytest
from sqlmodel import select

from calibra_app.core.access import Role
from calibra_app.core.errors import Conflict, Forbidden, Invalid
from calibra_app.models.customer import Customer
from calibra_app.models.document import Document
from calibra_app.models.invoice import Invoice, InvoiceState
from calibra_app.models.laboratory import LaboratorySettings
from calibra_app.models.srf import HeaderState, LineState, Srf, SrfLine, SrfRecord
from calibra_app.services.invoices.issuing import (
    Change,
    credit_invoice,
    issue_invoice,
    preview_invoice,
)
from calibra_app.services.invoices.payments import record_payment
from calibra_app.services.invoices.register import get_invoice, list_invoices, list_ready
from calibra_app.services.quotations.answers import Reaction, accept_offer, decide_with_price
from calibra_app.services.quotations.queries import get_quotation
from calibra_app.services.srf.decisions import Decision, Inquiry, Reply, ask_decision
from calibra_app.services.srf.guards import GuardFailed
from calibra_app.services.srf.moves import Stale, lines_of
from calibra_app.services.srf.snapshot import check_chain
from tests.builders import PASSWORD, an_instrument
from tests.services.approved import approve, approved, line_states, ordered, released, version
from tests.services.quotations.offers_of_the_week import enter_prices, sent
from tests.stages import letters, received, state_of


def issue(house, srf_id, changes=None, name="Grace Liu", password=""):
    """Issue the invoice of a request as finance."""
    with house.work(name) as work:
        seen = work.peek(Srf, srf_id).version
        return issue_invoice(work, srf_id, seen, changes, password)


def shown(house, invoice_id):
    """Return an invoice as finance sees it."""
    with house.work("Grace Liu") as work:
        return get_invoice(work, invoice_id)


def test_an_invoice_follows_the_accepted_offer_with_reverse_charge(house):
    srf_id = approved(house, "K2")
    with house.work("Grace Liu") as work:
        preview = preview_invoice(work, srf_id)
    assert str(preview.bill.sums.total.amount) == "352.75"
    assert preview.unexplained.amount == 0
    invoice = shown(house, issue(house, srf_id))
    assert (str(invoice.net.amount), str(invoice.tax.amount)) == ("352.75", "0.00")
    assert invoice.tax_reason.startswith("Reverse charge")
    assert invoice.reference.endswith("R0")
    assert state_of(house, srf_id) is HeaderState.INVOICED


def test_the_paper_says_what_was_charged_and_the_letter_goes_out(house):
    srf_id = approved(house, "K2")
    invoice_id = issue(house, srf_id)
    with house.work("Grace Liu") as work:
        invoice = work.peek(Invoice, invoice_id)
        paper = work.peek(Document, invoice.document_id)
        assert paper.content["total"] == {"amount": "352.75", "currency": "EUR"}
        assert paper.content["tax_reason"].startswith("Reverse charge")
        assert paper.content["due_on"] == invoice.due_on.isoformat()
        assert [line["certificate"] != "" for line in paper.content["lines"]] == [True] * 4
        assert "invoice" in letters(work)


def test_the_record_of_the_transition_holds_the_invoice(house):
    srf_id = approved(house, "K2")
    issue(house, srf_id)
    with house.work() as work:
        record = work.exec(
            select(SrfRecord).where(SrfRecord.srf_id == srf_id, SrfRecord.transition == "T40")
        ).one()
        assert '"352.75"' in record.body["canonical"]
        assert check_chain(work, srf_id) is None


def test_an_adjustment_agreed_during_the_work_is_on_the_invoice(house):
    srf_id = approved_with_adjustment(house)
    with house.work("Grace Liu") as work:
        preview = preview_invoice(work, srf_id)
    assert str(preview.bill.sums.total.amount) == "580.20"
    invoice = shown(house, issue(house, srf_id))
    assert (str(invoice.net.amount), str(invoice.tax.amount)) == ("483.50", "96.70")


def approved_with_adjustment(house):
    """Bring the request of K3 to Approved, its gauge adjusted for 40.00 as Olaf agreed."""
    srf_id = ordered(house, "K3")
    with house.work("Priya Menon") as work:
        line = lines_of(work, srf_id)[0]
        row = work.get(SrfLine, line.id)
        row.state, row.started = LineState.IN_PROGRESS, True
        work.get(Srf, srf_id).state = HeaderState.IN_PROGRESS
    with house.work("Priya Menon") as work:
        seen = work.peek(SrfLine, line.id).version
        question = Inquiry("Out of tolerance. Adjust the gauge?", Decimal("40.00"))
        decision_id = ask_decision(work, line.id, seen, question)
    with house.work() as work:
        reply = Reply(Decision.PROCEED, evidence="phone, Olaf Berg, 13:10")
        decide_with_price(work, decision_id, reply)
    approve(house, srf_id)
    return srf_id


def test_a_difference_from_the_offer_asks_for_an_explanation(house):
    srf_id = approved(house, "K2")
    cheaper = {"1": Change(Decimal("8.00"))}
    with pytest.raises(GuardFailed, match=r"40\.00 EUR is not explained") as refused:
        issue(house, srf_id, cheaper)
    assert refused.value.guard == "G25"
    assert state_of(house, srf_id) is HeaderState.APPROVED
    told = {"1": Change(Decimal("8.00"), "Half of the points only, agreed by phone")}
    invoice = shown(house, issue(house, srf_id, told))
    assert str(invoice.net.amount) == "312.75"
    with house.work("Grace Liu") as work:
        row = work.peek(Invoice, invoice.summary.id)
        paper = work.peek(Document, row.document_id)
        assert "Half of the points" in paper.content["differences"][0]


def test_two_differences_that_cancel_out_are_still_asked_for(house):
    srf_id = approved(house, "K2")
    moved = {"1": Change(Decimal("38.00")), "2": Change(Decimal("46.00"))}
    with pytest.raises(GuardFailed, match=r"20\.00 EUR"):
        issue(house, srf_id, moved)


def test_an_item_that_was_not_calibrated_is_not_charged(house):
    srf_id = ordered(house, "K2")
    with house.work("Priya Menon") as work:
        work.get(SrfLine, lines_of(work, srf_id)[0].id).state = LineState.CANCELLED
    approve(house, srf_id)
    invoice = shown(house, issue(house, srf_id))
    assert str(invoice.net.amount) == "304.75"
    assert invoice.charges[0].why == "Item 1 was not calibrated"


@pytest.mark.parametrize("amount", ["-1.00", "1.005"])
def test_an_amount_is_whole_cents_from_zero_on(house, amount):
    srf_id = approved(house, "K2", (5,))
    with pytest.raises(Invalid) as refused:
        issue(house, srf_id, {"1": Change(Decimal(amount), "A reason that is long enough")})
    assert refused.value.field == "amount-1"


def test_invoice_numbers_have_no_gap_even_after_a_refusal(house):
    first, second = approved(house, "K2", (5,)), approved_second(house)
    with pytest.raises(GuardFailed):
        issue(house, first, {"1": Change(Decimal(1))})
    numbers = [shown(house, issue(house, each)).summary.number for each in (first, second)]
    counted = [int(number.rsplit("-", 1)[1]) for number in numbers]
    assert counted[1] == counted[0] + 1 == 2


def approved_second(house):
    """Bring another request of the same house to Approved."""
    quotation_id = sent(house, "K3", (9,))
    with house.work() as work:
        detail = get_quotation(work, quotation_id)
        accept_offer(work, detail.revision_id, Reaction(evidence="phone, Olaf Berg"))
    approve(house, detail.srf_id)
    return detail.srf_id


def test_a_stale_page_issues_nothing(house):
    srf_id = approved(house, "K2", (5,))
    with pytest.raises(Stale), house.work("Grace Liu") as work:
        issue_invoice(work, srf_id, work.peek(Srf, srf_id).version - 1)


def test_a_request_is_invoiced_once(house):
    srf_id = approved(house, "K2", (5,))
    issue(house, srf_id)
    with pytest.raises(Conflict, match="Invoiced"):
        issue(house, srf_id)


def test_what_waits_for_the_invoice_is_released_with_it(house):
    srf_id = approved(house, "K2", (5, 6))
    assert released(house, srf_id) == []
    issue(house, srf_id)
    assert len(released(house, srf_id)) == 2
    assert line_states(house, srf_id) == [LineState.RELEASED] * 2


def test_what_waits_for_payment_is_released_with_the_last_cent(house):
    srf_id = approved(house, "K3", (9, 11))
    invoice_id = issue(house, srf_id)
    total = shown(house, invoice_id).summary.total.amount
    assert released(house, srf_id) == []
    with house.work("Grace Liu") as work:
        first = record_payment(work, invoice_id, total - Decimal("0.01"), "bank 17")
    assert (str(first.left.amount), first.released, released(house, srf_id)) == ("0.01", (), [])
    with house.work("Grace Liu") as work:
        last = record_payment(work, invoice_id, Decimal("0.01"))
    assert len(last.released) == 2
    assert line_states(house, srf_id) == [LineState.RELEASED] * 2
    assert shown(house, invoice_id).summary.state is InvoiceState.PAID


def test_what_is_released_on_approval_waits_for_no_invoice(house):
    srf_id = approved(house, "K1", (2,))
    assert len(released(house, srf_id)) == 1


@pytest.mark.parametrize(("amount", "told"), [("0", "above zero"), ("9999.00", "Only")])
def test_a_payment_is_above_zero_and_at_most_what_is_open(house, amount, told):
    srf_id = approved(house, "K2", (5,))
    invoice_id = issue(house, srf_id)
    with pytest.raises(Invalid, match=told), house.work("Grace Liu") as work:
        record_payment(work, invoice_id, Decimal(amount))


def test_a_credit_note_takes_the_invoice_back_and_a_new_one_may_follow(house):
    srf_id = approved(house, "K2", (5,))
    invoice_id = issue(house, srf_id)
    with house.work("Grace Liu") as work:
        reason = "Wrong purchase order"
        credit_invoice(work, invoice_id, version(house, Invoice, invoice_id), reason)
    assert state_of(house, srf_id) is HeaderState.APPROVED
    with house.work("Grace Liu") as work:
        titles = [each.title for each in get_invoice(work, invoice_id).documents]
        assert any(title.startswith("Credit note") for title in titles)
        with pytest.raises(Conflict, match="credited"):
            record_payment(work, invoice_id, Decimal(1))
    assert issue(house, srf_id) != invoice_id


def test_a_credit_note_has_a_reason(house):
    srf_id = approved(house, "K2", (5,))
    invoice_id = issue(house, srf_id)
    with pytest.raises(GuardFailed, match="reason"), house.work("Grace Liu") as work:
        credit_invoice(work, invoice_id, work.peek(Invoice, invoice_id).version, "")


def test_a_credit_note_above_the_limit_is_signed_by_the_laboratory_manager(house):
    srf_id = approved(house, "K2", (5,))
    invoice_id = issue(house, srf_id)
    with house.work("Victor Hale") as work:
        work.add(LaboratorySettings(net_limit=Decimal(10)))
    why = "Charged twice by mistake"
    with pytest.raises(Forbidden, match="laboratory manager"), house.work("Grace Liu") as work:
        credit_invoice(work, invoice_id, work.peek(Invoice, invoice_id).version, why)
    with house.work("Priya Menon") as work:
        credit_invoice(work, invoice_id, work.peek(Invoice, invoice_id).version, why, PASSWORD)
    assert state_of(house, srf_id) is HeaderState.APPROVED


def test_the_laboratory_manager_signs_an_invoice(house):
    srf_id = approved(house, "K2", (5,))
    with pytest.raises(Invalid) as refused:
        issue(house, srf_id, name="Priya Menon")
    assert refused.value.field == "password"
    issue(house, srf_id, name="Priya Menon", password=PASSWORD)
    assert state_of(house, srf_id) is HeaderState.INVOICED


@pytest.mark.parametrize("name", ["Asha Rao", "Marco Bellini", "Victor Hale", "Yara Haddad"])
def test_who_is_not_finance_issues_nothing(house, name):
    srf_id = approved(house, "K2", (5,))
    with pytest.raises(Forbidden):
        issue(house, srf_id, name=name)
    assert Role.FI not in house.roles[name]


def test_lists_show_what_is_ready_and_what_is_late(house):
    srf_id = approved(house, "K2", (5,))
    with house.work("Grace Liu") as work:
        assert [row.srf_id for row in list_ready(work).rows] == [srf_id]
    invoice_id = issue(house, srf_id)
    with house.work("Grace Liu") as work:
        assert list_ready(work).rows == ()
        (row,) = list_invoices(work).rows
        assert (row.id, row.days_late, str(row.paid.amount)) == (invoice_id, 0, "0")
        assert list_invoices(work, (InvoiceState.PAID,)).rows == ()


def test_a_standing_agreement_is_charged_by_the_price_book(house):
    enter_prices(house)
    with house.work() as work:
        ids = [an_instrument(work, house.customer_id, number).id for number in (5, 6)]
    house.instrument_ids = tuple(ids)
    srf_id = received(house)
    approve(house, srf_id)
    with house.work("Priya Menon") as work:
        work.get(Customer, house.customer_id).tax_rate = Decimal(20)
    invoice = shown(house, issue(house, srf_id))
    assert (str(invoice.net.amount), str(invoice.summary.total.amount)) == ("84.00", "100.80")
    assert invoice.reference == ""
