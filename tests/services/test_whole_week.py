"""Two requests of the sample week from the bench to closing, as table B10 tells them (services)."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlmodel import col, select

from calibra_app.config import settings
from calibra_app.core.clock import fix_clock
from calibra_app.core.errors import CalibraError
from calibra_app.demo.laboratories import LABORATORIES
from calibra_app.demo.loader import load_laboratory
from calibra_app.demo.readings import REMEASURED
from calibra_app.demo.sheets import complete_sheet
from calibra_app.demo.story import Narrator, continue_sequences, play_week
from calibra_app.demo.week import week_of
from calibra_app.models.calibration import PointResult, Remark, Sheet, SheetPoint
from calibra_app.models.certificate import Certificate
from calibra_app.models.dispatch import Shipment
from calibra_app.models.document import StoredFile
from calibra_app.models.invoice import Invoice
from calibra_app.models.srf import CustomerDecision, HeaderState, LineState, Srf, SrfLine, SrfRecord
from calibra_app.services.calibrations import (
    Phase,
    Typed,
    enter_indication,
    start_work,
    submit_sheet,
)
from calibra_app.services.calibrations.review import (
    CellFlag,
    accept_review,
    close_remark,
    flag_cell,
    return_cells,
)
from calibra_app.services.certificates.issue import authorize_certificate
from calibra_app.services.dispatch.packing import open_shipment, scan_item
from calibra_app.services.dispatch.shipping import Parcel, Proof, confirm_delivery, ship
from calibra_app.services.invoices.issuing import issue_invoice
from calibra_app.services.invoices.payments import record_payment
from calibra_app.services.quotations.answers import decide_with_price
from calibra_app.services.sign_in import hash_password
from calibra_app.services.srf.closing import close_srf
from calibra_app.services.srf.decisions import Decision, Reply
from calibra_app.services.srf.planning import Assignment, assign_line
from calibra_app.services.srf.receipt import Arrival, receive_items
from calibra_app.services.srf.snapshot import check_chain
from calibra_app.services.srf.subcontract import (
    ProviderPoint,
    ResultDraft,
    record_result,
    take_result_in,
)

WEDNESDAY, THURSDAY, FRIDAY = 2, 3, 4


class Week:
    """The sample laboratory from Wednesday on."""

    def __init__(self, narrator):
        self.narrator = narrator
        self.password = settings().sample_password

    def as_(self, name, day, hour, minute=0):
        return self.narrator.deed(name, day, hour, minute)

    def srf(self, work, number):
        return work.exec(select(Srf).where(Srf.number == f"SRF-2026-{number}")).one()

    def line(self, work, number):
        instrument = self.narrator.laboratory.instruments[number]
        return work.exec(select(SrfLine).where(SrfLine.instrument_id == instrument)).one()

    def sheet(self, work, number):
        return work.exec(select(Sheet).where(Sheet.line_id == self.line(work, number).id)).one()

    def do(self, name, when, deed):
        with self.as_(name, *when) as desk, desk.work() as work:
            return deed(work)

    def measure(self, number, name, day, hour):
        def start(work):
            return start_work(work, self.line(work, number).id)

        def submit(work):
            sheet = self.sheet(work, number)
            submit_sheet(work, sheet.id, password=self.password)

        sheet_id = self.do(name, (day, hour), start)
        self.do(name, (day, hour, 20), lambda work: complete_sheet(work, sheet_id))
        self.do(name, (day, hour, 40), submit)

    def review(self, number, day, hour):
        def accept(work):
            line = self.line(work, number)
            for sheet in work.exec(select(Sheet).where(Sheet.line_id == line.id)).all():
                remarks = work.exec(
                    select(Remark).where(
                        Remark.sheet_id == sheet.id, col(Remark.closed_at).is_(None)
                    )
                ).all()
                for remark in remarks:
                    close_remark(work, remark.id)
            accept_review(work, line.id, line.version, self.password)

        self.do("Jonas Weber", (day, hour), accept)

    def authorize(self, number, name, day, hour):
        def sign(work):
            line = self.line(work, number)
            return authorize_certificate(work, line.id, line.version, self.password)

        return self.do(name, (day, hour), sign)

    def result(self, work, number, key, phase=Phase.AS_FOUND):
        sheet = self.sheet(work, number)
        point = work.exec(
            select(SheetPoint).where(SheetPoint.sheet_id == sheet.id, SheetPoint.key == key)
        ).one()
        return (
            work.exec(
                select(PointResult).where(
                    PointResult.point_id == point.id, PointResult.phase == phase
                )
            )
            .one()
            .result
        )


@pytest.fixture(scope="module")
def week(database):
    """Everything up to Wednesday 10:00; the clock stands after the last deed of table B10."""
    fix_clock("2026-12-22T09:00:00+01:00")
    try:
        # Another name than the sample's own: the tests of the sample share this database.
        sample = next(each for each in LABORATORIES if each.slug == "meridian")
        sample = replace(sample, slug="meridian-from-the-bench")
        kept = hash_password(settings().sample_password)
        calendar = week_of(datetime(2026, 12, 2, 10, tzinfo=UTC))
        loaded = load_laboratory(sample, calendar, kept)
        continue_sequences(loaded)
        play_week(loaded)
        yield Week(Narrator(loaded, calendar.at(WEDNESDAY, 10)))
    finally:
        fix_clock("")


def test_the_week_goes_on_to_its_end(week):
    # One story in one test: each step stands on the one before.
    _micrometer_is_returned_and_measured_again(week)
    _gauge_is_adjusted_at_the_customers_word(week)
    _the_rest_of_the_bench(week)
    _kestrel_is_authorized_invoiced_and_delivered(week)
    _bluewater_goes_through_table_b10(week)


def _micrometer_is_returned_and_measured_again(week):
    result = week.do("Jonas Weber", (2, 10, 10), lambda work: week.result(work, 5, "25-mm"))
    assert (result["error_text"], result["uncertainty_text"]) == ("+1.40", "0.84")
    assert result["statement"] == "conditional_pass"
    number, key, repeat, text = REMEASURED

    def give_back(work):
        line = week.line(work, number)
        flag_cell(work, line.id, CellFlag(key, Phase.AS_FOUND, repeat, "Parallax?"))
        return_cells(work, line.id, work.peek(SrfLine, line.id).version, "Read the 15 mm again")

    week.do("Jonas Weber", (2, 10, 20), give_back)

    def again(work):
        sheet = week.sheet(work, number)
        seen = 1
        entered = enter_indication(
            work,
            sheet.id,
            Typed(key, Phase.AS_FOUND, repeat, text, seen),
            confirmed=True,
            reason="Read again without parallax",
        )
        assert entered.stored, entered
        submit_sheet(work, sheet.id, password=week.password)

    week.do("Mei Lin", (2, 10, 50), again)
    week.review(5, 2, 11)
    with pytest.raises(CalibraError, match="dimensional"):
        week.authorize(5, "Helena Brandt", 2, 11)
    week.authorize(5, "Kenji Mori", 2, 12)


def _gauge_is_adjusted_at_the_customers_word(week):
    def decide(work):
        line = week.line(work, 9)
        decision = work.exec(
            select(CustomerDecision).where(CustomerDecision.line_id == line.id)
        ).one()
        reply = Reply(Decision.PROCEED, password=week.password)
        decide_with_price(work, decision.id, reply)

    week.do("Olaf Berg", (2, 13, 10), decide)

    def adjust(work):
        sheet = week.sheet(work, 9)
        complete_sheet(work, sheet.id)
        submit_sheet(work, sheet.id, password=week.password)

    week.do("Tomasz Nowak", (2, 14, 30), adjust)
    with week.as_("Jonas Weber", 2, 14, 31) as desk, desk.work() as work:
        found = week.result(work, 9, "10-bar-up")
        left = week.result(work, 9, "10-bar-up", Phase.AS_LEFT)
        assert (found["error_text"], found["uncertainty_text"], found["statement"]) == (
            "+0.240",
            "0.022",
            "fail",
        )
        assert (left["error_text"], left["uncertainty_text"], left["statement"]) == (
            "+0.023",
            "0.018",
            "pass",
        )
        assert week.line(work, 9).paused_seconds == (3 * 60 + 15) * 60


def _the_rest_of_the_bench(week):
    week.measure(11, "Daniel Ortiz", WEDNESDAY, 15)
    week.measure(6, "Mei Lin", WEDNESDAY, 15)
    week.measure(7, "Tomasz Nowak", WEDNESDAY, 16)
    week.measure(8, "Daniel Ortiz", WEDNESDAY, 16)
    result = week.do(
        "Jonas Weber", (2, 17), lambda work: week.result(work, 8, "dc-voltage-200-v-10")
    )
    assert (result["mean_text"], result["uncertainty_text"], result["coverage_factor_text"]) == (
        "10.0040",
        "0.0080",
        "2.12",
    )


def _kestrel_is_authorized_invoiced_and_delivered(week):
    for number, name in ((6, "Kenji Mori"), (7, "Helena Brandt"), (8, "Helena Brandt")):
        week.review(number, THURSDAY, 9)
        week.authorize(number, name, THURSDAY, 10)

    def invoice(work):
        srf = week.srf(work, "0413")
        assert srf.state is HeaderState.APPROVED
        issue_invoice(work, srf.id, srf.version)

    week.do("Grace Liu", (FRIDAY, 9), invoice)
    with week.as_("Grace Liu", FRIDAY, 9, 5) as desk, desk.work() as work:
        srf = week.srf(work, "0413")
        (made,) = work.exec(select(Invoice).where(Invoice.srf_id == srf.id)).all()
        assert (made.total, made.tax) == (Decimal("352.75"), 0)
        lines = work.exec(select(SrfLine).where(SrfLine.srf_id == srf.id)).all()
        assert {line.state for line in lines} == {LineState.RELEASED}
    _send_home(week, "0413", ("KA-MIC-0007", "KA-CAL-0044", "KA-TRQ-012", "KA-DMM-031"))


def _bluewater_goes_through_table_b10(week):
    def arrive(work):
        srf, line = week.srf(work, "0414"), week.line(work, 10)
        receive_items(work, srf.id, [Arrival(line.id, place="Customer's site")])
        line = week.line(work, 10)
        day = week.narrator.laboratory.week.day(THURSDAY)
        tomasz = week.narrator.laboratory.people["Tomasz Nowak"].person_id
        return line.id, line.version, Assignment(tomasz, max(day, work.now.date()))

    line_id, seen, assignment = week.do("Tomasz Nowak", (THURSDAY, 10, 40), arrive)
    week.do(
        "Marco Bellini",
        (THURSDAY, 10, 41),
        lambda work: assign_line(work, line_id, seen, assignment),
    )
    week.measure(10, "Tomasz Nowak", THURSDAY, 11)
    for number, name in ((9, "Helena Brandt"), (11, "Helena Brandt"), (10, "Kenji Mori")):
        week.review(number, FRIDAY, 9)
        week.authorize(number, name, FRIDAY, 10)
    _provider_reports(week)
    week.review(12, FRIDAY, 12)
    week.authorize(12, "Helena Brandt", FRIDAY, 12)

    def invoice(work):
        srf = week.srf(work, "0414")
        return issue_invoice(work, srf.id, srf.version)

    invoice_id = week.do("Grace Liu", (FRIDAY, 12, 30), invoice)
    with week.as_("Grace Liu", FRIDAY, 12, 31) as desk, desk.work() as work:
        assert work.peek(Invoice, invoice_id).total == Decimal("580.20")
        assert week.line(work, 9).state is LineState.APPROVED
    week.do(
        "Grace Liu",
        (FRIDAY, 15, 10),
        lambda work: record_payment(work, invoice_id, Decimal("580.20"), "Bank"),
    )
    _send_home(week, "0414", ("BF-PG-009", "BF-THM-055", "BF-CLP-003"))
    with week.as_("Priya Menon", 18, 9) as desk, desk.work() as work:
        srf = week.srf(work, "0414")
        assert srf.state is HeaderState.CLOSED
        records = work.exec(
            select(SrfRecord).where(SrfRecord.srf_id == srf.id).order_by(col(SrfRecord.sequence))
        ).all()
        assert len(records) >= 26
        assert check_chain(work, srf.id) is None
        certificates = work.exec(
            select(Certificate)
            .join(SrfLine, col(SrfLine.id) == Certificate.line_id)
            .where(SrfLine.srf_id == srf.id)
        ).all()
        assert len(certificates) == 4
        theirs = next(each for each in certificates if each.number.endswith("-04"))
        assert not theirs.accredited
        assert "NPL-2026-881 of Nordic Power Lab" in str(theirs.content["traceability"])


def _provider_reports(week):
    def enter(work):
        line = week.line(work, 12)
        file = StoredFile(
            purpose="provider_certificate",
            subject_kind="srf_line",
            subject_id=line.id,
            name="NPL-2026-881.pdf",
            media_type="application/pdf",
            size=8,
            sha256=hashlib.sha256(b"%PDF-1.7").hexdigest(),
            uploaded_by=work.actor.person_id,
        )
        work.add(file)
        points = tuple(
            ProviderPoint(f"{amps} A", f"{amps}", "A", f"{amps}.2", "+0.2", "1.1", "2.00")
            for amps in (50, 200, 400, 600)
        )
        day = week.narrator.laboratory.week.day(THURSDAY)
        record_result(
            work, line.id, line.version, ResultDraft("NPL-2026-881", day, points, file.id)
        )

    def confirm(work):
        line = week.line(work, 12)
        take_result_in(work, line.id, line.version)

    week.do("Asha Rao", (FRIDAY, 11), enter)
    week.do("Ruth Okoye", (FRIDAY, 11, 15), confirm)


def _send_home(week, number, tags):
    def pack(work):
        srf = week.srf(work, number)
        shipment_id = open_shipment(work, srf.id)
        with pytest.raises(CalibraError), work.session.begin_nested():
            scan_item(work, shipment_id, "NB-RTD-203")
        for tag in tags:
            scan_item(work, shipment_id, tag)
        return shipment_id

    shipment_id = week.do("Asha Rao", (FRIDAY, 15, 30), pack)

    def version(work):
        return work.peek(Shipment, shipment_id).version

    def send(work):
        ship(work, shipment_id, version(work), Parcel("Night courier", f"NC-{number}"))

    def arrive(work):
        confirm_delivery(work, shipment_id, version(work), Proof("Desk", "Courier's proof 8812"))

    week.do("Asha Rao", (FRIDAY, 15, 40), send)
    week.do("Asha Rao", (7, 10, 20), arrive)
    if number == "0414":
        week.do("Asha Rao", (18, 8), lambda work: close_srf(work, week.srf(work, number).id))
