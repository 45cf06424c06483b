"""A line that is measured again after its request was reopened: a new sheet, a new certificate."""

from decimal import Decimal

from sqlmodel import col, func, select

from calibra_app.models.calibration import Sheet, SheetState
from calibra_app.models.certificate import Certificate
from calibra_app.models.invoice import Invoice
from calibra_app.models.journal import OutboxJob
from calibra_app.models.srf import CustomerDecision, HeaderState, LineState, Srf, SrfRecord
from calibra_app.persistence.outbox import Job
from calibra_app.services.certificates import (
    AmendmentDraft,
    authorize_amendment,
    get_certificate,
    prepare_amendment,
)
from calibra_app.services.laboratory import today_of
from calibra_app.services.srf.custody import note_custody
from calibra_app.services.srf.moves import take_line
from calibra_app.services.srf.reopening import (
    Remeasurement,
    measure_again,
    reopen_srf,
)
from calibra_app.services.srf.whereabouts import SHIPPED
from tests.builders import PASSWORD

WHY = "The customer doubts the value at 15 mm"


def back_on_the_bench(made, number):
    """Deliver the request, reopen it and give the line back to the bench (T48, T50)."""
    with made.work() as work:
        work.get(type(made.srf()), made.srf().id).state = HeaderState.DELIVERED
        take_line(work, made.lines[number]).state = LineState.RETURNED
    with made.work() as work:
        reopen_srf(work, made.srf().id, made.srf().version, WHY, PASSWORD)
    with made.work() as work:
        again = Remeasurement((made.lines[number],), made.house.people["Mei Lin"], today_of(work))
        measure_again(work, made.srf().id, made.srf().version, again)


def test_a_new_sheet_begins_and_the_certified_one_is_kept(stage):
    made = stage(5)
    made.issued(5)
    with made.work() as work:
        (old_id,) = [sheet.id for sheet in work.exec(select(Sheet)).all()]
    back_on_the_bench(made, 5)
    new_id = made.bench.started(5)
    assert new_id != old_id
    with made.work() as work:
        old, new = work.peek(Sheet, old_id), work.peek(Sheet, new_id)
        assert (old.state, new.state) == (SheetState.VOID, SheetState.OPEN)
        assert old.content_sha256


def test_its_certificate_replaces_the_one_before(stage):
    made = stage(5)
    old_id = made.issued(5)
    back_on_the_bench(made, 5)
    new_id = made.issued(5)
    with made.work() as work:
        old, new = get_certificate(work, old_id), get_certificate(work, new_id)
    assert (old.state, new.state) == ("superseded", "issued")
    assert (new.number, new.replaces.number) == ("MM-26-0414-01/A1", "MM-26-0414-01")


def invoiced(made):
    """Enter the invoice that the first certificate was released by."""
    with made.work() as work:
        srf = made.srf()
        return work.add(
            Invoice(
                number="INV-T-1",
                srf_id=srf.id,
                customer_id=srf.customer_id,
                currency="EUR",
                net=Decimal(48),
                tax=Decimal(0),
                total=Decimal(48),
                issued_on=today_of(work),
                due_on=today_of(work),
            )
        )


def test_what_is_invoiced_already_is_only_sent_again(stage):
    made = stage(5)
    made.issued(5)
    invoiced(made)
    back_on_the_bench(made, 5)
    made.issued(5)
    assert made.srf().state is HeaderState.INVOICED
    assert made.line(5).state in {LineState.APPROVED, LineState.RELEASED}


def test_what_the_customer_agrees_to_after_the_invoice_is_told_to_who_writes_invoices(stage):
    made = stage(5)
    made.issued(5)
    invoiced(made)
    back_on_the_bench(made, 5)
    with made.work() as work:
        work.add(
            CustomerDecision(
                line_id=made.lines[5],
                kind="adjustment",
                question="Adjust it?",
                asked_by=work.actor.person_id,
                asked_at=work.now,
                decision="proceed",
                decided_at=work.now,
                price=Decimal(40),
            )
        )
    made.issued(5)
    with made.work() as work:
        rows = work.exec(select(OutboxJob).where(OutboxJob.job == Job.SEND_MAIL)).all()
    (told,) = [row.payload for row in rows if row.payload["kind"] == "uncharged"]
    assert (told["name"], told["invoice"], told["amount"]) == ("Grace Liu", "INV-T-1", "40.00 EUR")


def test_a_request_whose_certificate_alone_is_amended_stands_where_it_stood(stage):
    made = stage(5)
    old_id = made.issued(5)
    invoiced(made)
    with made.work() as work:
        line = take_line(work, made.lines[5])
        line.state = LineState.RETURNED
        note_custody(work, line, SHIPPED)
        work.get(Srf, made.srf().id).state = HeaderState.CLOSED
    with made.work() as work:
        reopen_srf(work, made.srf().id, made.srf().version, WHY, PASSWORD)
    with made.work("Asha Rao") as work:
        draft = AmendmentDraft("The customer told us a wrong tag", {"tag": "KA-MIC-0070"})
        new_id = prepare_amendment(work, old_id, draft)
    with made.work("Kenji Mori") as work:
        authorize_amendment(work, new_id, work.peek(Certificate, new_id).version, PASSWORD)
    # Nothing is charged or sent a second time, so it may close again.
    assert made.srf().state is HeaderState.DELIVERED
    with made.work() as work:
        records = work.exec(select(SrfRecord).order_by(col(SrfRecord.sequence))).all()
        assert [row.transition for row in records][-3:] == ["T49", "T40", "T45"]
        assert work.exec(select(func.count()).select_from(Invoice)).one() == 1
