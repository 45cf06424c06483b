"""The sample week up to its Wednesday morning: every deed by who does it, at its hour."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from calibra_app.config import settings
from calibra_app.core.clock import system_clock
from calibra_app.core.ids import LineId, QuotationId, RevisionId, SheetId, SrfId
from calibra_app.demo.loader import LoadedLaboratory
from calibra_app.demo.sheets import complete_sheet, fill_sheet, prepare_sheet
from calibra_app.jobs.runner import Desk
from calibra_app.services import laboratory as numbers
from calibra_app.services.calibrations import ask_adjustment, start_work, submit_sheet
from calibra_app.services.quotations.answers import Reaction, accept_offer, ask_change
from calibra_app.services.quotations.editing import Change, Field, change_line
from calibra_app.services.quotations.offers import create_offer
from calibra_app.services.quotations.queries import QuotationLineKind, get_quotation
from calibra_app.services.quotations.sending import send_offer
from calibra_app.services.srf.agreement import Urgency
from calibra_app.services.srf.drafts import Heading, change_agreement, create_srf, submit_srf
from calibra_app.services.srf.inquiry import answer_question, ask_customer, start_review
from calibra_app.services.srf.planning import Assignment, assign_line
from calibra_app.services.srf.queries import LineDetail, SrfDetail, get_srf
from calibra_app.services.srf.receipt import Arrival, receive_items
from calibra_app.services.srf.review import (
    Answer,
    Given,
    LineReview,
    Marking,
    Part,
    answer_review,
    confirm_proposals,
    mark_line,
    reviews_of,
)
from calibra_app.services.srf.subcontract import send_to_provider

MONDAY, TUESDAY, WEDNESDAY, THURSDAY = 0, 1, 2, 3
# Where the laboratory's numbers stood when the week began.
LAST_NUMBERS: Mapping[str, int] = {"srf": 411, "quotation": 304, "invoice": 187}
CLAMP = 12
FAR_TRAVEL = Decimal("120.00")
# How many points of a sheet have their readings by Wednesday morning.
BEGUN: Mapping[int, int] = {6: 3, 8: 15}
ANSWERED_BY: Mapping[Part, str] = {Part.TECHNICAL: "Ruth Okoye", Part.COMMERCIAL: "Asha Rao"}
APPROVERS: Mapping[str, str] = {"K1": "Laura Petit", "K2": "Yara Haddad", "K3": "Olaf Berg"}


@dataclass
class Narrator:
    """Tells the week: opens each deed as its person, at its hour, and never after now."""

    laboratory: LoadedLaboratory
    last: datetime
    # What is told lies before the sample week: its plans were made in its own time.
    long_ago: bool = False

    @contextmanager
    def deed(self, name: str, day: int, hour: int, minute: int = 0) -> Iterator[Desk]:
        """Let somebody do something at an hour of the week; later deeds are always later."""
        planned = min(self.laboratory.week.at(day, hour, minute), system_clock())
        self.last = max(planned, self.last + timedelta(seconds=1))
        yield replace(self.laboratory.desk(self.laboratory.people[name]), clock=lambda: self.last)

    @property
    def today(self) -> date:
        """Return the day before which nothing is planned, by the calendar of the laboratory."""
        now = self.last if self.long_ago else system_clock()
        return now.astimezone(ZoneInfo(self.laboratory.week.zone)).date()

    def look(self, srf_id: SrfId) -> SrfDetail:
        """Return a request as the laboratory manager sees it."""
        with self.laboratory.desk(self.laboratory.people["Priya Menon"]).work() as work:
            return get_srf(work, srf_id)

    def line(self, srf_id: SrfId, number: int) -> LineDetail:
        """Return the line of a sample instrument."""
        wanted = self.laboratory.instruments[number]
        return next(line for line in self.look(srf_id).lines if line.instrument_id == wanted)


def is_told_of(laboratory: LoadedLaboratory) -> bool:
    """Say whether this is the laboratory of the sample week; the other one only stands by."""
    return "Asha Rao" in laboratory.people


def continue_sequences(laboratory: LoadedLaboratory) -> None:
    """Let the numbers go on where they stood when the week began."""
    if not is_told_of(laboratory):
        return
    with laboratory.desk(laboratory.people["Victor Hale"]).work() as work:
        for kind, last in LAST_NUMBERS.items():
            numbers.continue_numbers(work, kind, last)


def play_week(laboratory: LoadedLaboratory) -> None:
    """Bring the three requests of the week to where they stand on Wednesday morning."""
    if not is_told_of(laboratory):
        return
    narrator = Narrator(laboratory, laboratory.week.at(MONDAY, 7) - timedelta(days=1))
    northwind = _northwind(narrator)
    kestrel = _kestrel(narrator)
    bluewater = _bluewater(narrator)
    assign(narrator, northwind, {2: "Daniel Ortiz", 3: "Daniel Ortiz", 4: "Tomasz Nowak"})
    assign(
        narrator,
        kestrel,
        {5: "Mei Lin", 6: "Mei Lin", 7: "Tomasz Nowak", 8: "Daniel Ortiz"},
    )
    assign(narrator, bluewater, {9: "Tomasz Nowak", 11: "Daniel Ortiz"})
    with narrator.deed("Marco Bellini", TUESDAY, 9, 10) as desk, desk.work() as work:
        line = narrator.line(bluewater, CLAMP)
        send_to_provider(work, line.id, line.version, _provider(narrator))
    _measure(narrator, kestrel, bluewater, northwind)


def _northwind(narrator: Narrator) -> SrfId:
    """K1: the offer is changed at the customer's wish to be visited, the revision accepted."""
    srf_id = make_request(narrator, "K1", (1, 2, 3, 4), (8, 20))
    quotation_id = make_offer(narrator, srf_id, 9, 5)
    with narrator.deed("Laura Petit", MONDAY, 10, 15) as desk, desk.work() as work:
        revision = get_quotation(work, quotation_id).revision_id
        ask_change(work, revision, Reaction(remark="Please come to our site north of town."))
    with narrator.deed("Asha Rao", MONDAY, 10, 30) as desk, desk.work() as work:
        lines = get_quotation(work, quotation_id).lines
        travel = next(line for line in lines if line.kind is QuotationLineKind.TRAVEL)
        field = Field.UNIT_PRICE
        change = Change(travel.id, field, FAR_TRAVEL, travel.versions.get(field.value, 1))
        change_line(work, quotation_id, change)
    _send(narrator, quotation_id, 10, 40)
    accept(narrator, quotation_id, "Laura Petit", 11, 20)
    receive(narrator, srf_id, (2, 3, 4), MONDAY, 15)
    return srf_id


def _kestrel(narrator: Narrator) -> SrfId:
    """K2: the multimeter is urgent; the items are here before the offer is accepted."""
    srf_id = make_request(narrator, "K2", (5, 6, 7, 8), (8, 45), urgent=8)
    receive(narrator, srf_id, (5, 6, 7, 8), MONDAY, 9)
    quotation_id = make_offer(narrator, srf_id, 11, 0)
    accept(narrator, quotation_id, "Yara Haddad", 13, 30)
    return srf_id


def _bluewater(narrator: Narrator) -> SrfId:
    """K3: the clamp's range is asked for, and goes to an external provider."""
    srf_id = make_request(narrator, "K3", (9, 10, 11, 12), (9, 40))
    quotation_id = make_offer(
        narrator, srf_id, 11, 30, asked="Up to which current is the clamp used?"
    )
    accept(narrator, quotation_id, "Olaf Berg", 14, 10)
    receive(narrator, srf_id, (9, 11, 12), TUESDAY, 8)
    return srf_id


def make_request(
    narrator: Narrator,
    customer: str,
    instruments: Sequence[int],
    at: tuple[int, int],
    *,
    urgent: int = 0,
    day: int = MONDAY,
) -> SrfId:
    """Enter a request at the front desk, with what is agreed for each item, and submit it."""
    hour, minute = at
    laboratory = narrator.laboratory
    with narrator.deed("Asha Rao", day, hour, minute) as desk, desk.work() as work:
        heading = Heading(laboratory.customers[customer], laboratory.contacts[APPROVERS[customer]])
        srf_id = create_srf(work, heading, [laboratory.instruments[n] for n in instruments])
    for number in instruments:
        line = narrator.line(srf_id, number)
        wanted = line.agreement
        if number == urgent:
            promised_on = max(laboratory.week.day(day + THURSDAY), narrator.today)
            wanted = replace(wanted, urgency=Urgency.URGENT, promised_on=promised_on)
        elif wanted.urgency is Urgency.OPEN:
            wanted = replace(wanted, urgency=Urgency.STANDARD)
        if wanted.promised_on is None:
            promised_on = max(laboratory.week.day(day + 7 + number % 3), narrator.today)
            wanted = replace(wanted, promised_on=promised_on)
        with narrator.deed("Asha Rao", day, hour, minute + 2) as desk, desk.work() as work:
            change_agreement(work, line.id, line.version, wanted)
    with narrator.deed("Asha Rao", day, hour, minute + 10) as desk, desk.work() as work:
        submit_srf(work, srf_id, get_srf(work, srf_id).version)
    return srf_id


def make_offer(
    narrator: Narrator,
    srf_id: SrfId,
    hour: int,
    minute: int,
    *,
    asked: str = "",
    day: int = MONDAY,
) -> QuotationId:
    """Review a request, make the offer and send it."""
    with narrator.deed("Asha Rao", day, hour, minute) as desk, desk.work() as work:
        start_review(work, srf_id, get_srf(work, srf_id).version)
    if asked:
        with narrator.deed("Ruth Okoye", day, hour, minute) as desk, desk.work() as work:
            ask_customer(work, srf_id, get_srf(work, srf_id).version, asked)
        with narrator.deed("Olaf Berg", day, hour, minute) as desk, desk.work() as work:
            answer_question(work, srf_id, get_srf(work, srf_id).version, "Up to 600 A.")
    for line in narrator.look(srf_id).lines:
        if line.instrument_id == narrator.laboratory.instruments.get(CLAMP):
            with narrator.deed("Asha Rao", day, hour, minute) as desk, desk.work() as work:
                marking = Marking(accredited=False, provider_id=_provider(narrator))
                mark_line(work, line.id, line.version, marking)
    for part in ANSWERED_BY:
        _answer(narrator, srf_id, part, (day, hour, minute))
    with narrator.deed("Asha Rao", day, hour, minute) as desk, desk.work() as work:
        quotation_id = create_offer(work, srf_id, get_srf(work, srf_id).version)
    _send(narrator, quotation_id, hour, minute + 4, day)
    return quotation_id


def _answer(narrator: Narrator, srf_id: SrfId, part: Part, at: tuple[int, int, int]) -> None:
    name = ANSWERED_BY[part]
    with narrator.deed(name, *at) as desk, desk.work() as work:
        confirm_proposals(work, srf_id)
    for review in _reviews(narrator, srf_id, name):
        open_ones = {
            asked.key: Given(Answer.YES, "Agreed with the customer by telephone")
            for asked in review.asked
            if asked.answer is None and asked.part is part
        }
        if open_ones:
            with narrator.deed(name, *at) as desk, desk.work() as work:
                answer_review(work, review.line_id, review.version, open_ones)


def _reviews(narrator: Narrator, srf_id: SrfId, name: str) -> tuple[LineReview, ...]:
    with narrator.laboratory.desk(narrator.laboratory.people[name]).work() as work:
        return reviews_of(work, srf_id)


def _send(
    narrator: Narrator, quotation_id: QuotationId, hour: int, minute: int, day: int = MONDAY
) -> None:
    with narrator.deed("Asha Rao", day, hour, minute) as desk, desk.work() as work:
        send_offer(work, quotation_id, get_quotation(work, quotation_id).version)


def accept(
    narrator: Narrator,
    quotation_id: QuotationId,
    name: str,
    hour: int,
    minute: int,
    *,
    day: int = MONDAY,
) -> None:
    """Let the customer accept the offer, signed with the password."""
    with narrator.deed(name, day, hour, minute) as desk, desk.work() as work:
        revision: RevisionId = get_quotation(work, quotation_id).revision_id
        accept_offer(work, revision, Reaction(password=settings().sample_password))


def receive(
    narrator: Narrator, srf_id: SrfId, instruments: Sequence[int], day: int, hour: int
) -> None:
    """Take the items in at the front desk."""
    arrivals = [
        Arrival(narrator.line(srf_id, number).id, accessories="Case", place="Shelf A")
        for number in instruments
    ]
    with narrator.deed("Asha Rao", day, hour, 30) as desk, desk.work() as work:
        receive_items(work, srf_id, arrivals)


def assign(
    narrator: Narrator, srf_id: SrfId, people: Mapping[int, str], day: int = TUESDAY
) -> None:
    """Give each item to a technician."""
    laboratory = narrator.laboratory
    for number, name in people.items():
        line = narrator.line(srf_id, number)
        planned = max(laboratory.week.day(day + 1 + number % 3), narrator.today)
        assignment = Assignment(laboratory.people[name].person_id, planned)
        with narrator.deed("Marco Bellini", day, 9, 0) as desk, desk.work() as work:
            assign_line(work, line.id, line.version, assignment)


def _measure(narrator: Narrator, kestrel: SrfId, bluewater: SrfId, northwind: SrfId) -> None:
    """Wednesday: the micrometer is done, the gauge is out, two more are on the bench."""
    micrometer = _start(narrator, kestrel, 5, "Mei Lin", 8)
    with narrator.deed("Mei Lin", WEDNESDAY, 8, 40) as desk, desk.work() as work:
        complete_sheet(work, micrometer)
    with narrator.deed("Mei Lin", WEDNESDAY, 8, 55) as desk, desk.work() as work:
        submit_sheet(work, micrometer, password=settings().sample_password)
    for srf_id, number, name in (
        (kestrel, 6, "Mei Lin"),
        (kestrel, 8, "Daniel Ortiz"),
        (northwind, 2, "Daniel Ortiz"),
    ):
        sheet_id = _start(narrator, srf_id, number, name, 9)
        with narrator.deed(name, WEDNESDAY, 9, 5) as desk, desk.work() as work:
            prepare_sheet(work, sheet_id)
            fill_sheet(work, sheet_id, points=BEGUN.get(number, 0))
    gauge = _start(narrator, bluewater, 9, "Tomasz Nowak", 9)
    with narrator.deed("Tomasz Nowak", WEDNESDAY, 9, 30) as desk, desk.work() as work:
        prepare_sheet(work, gauge)
        fill_sheet(work, gauge)
    line = narrator.line(bluewater, 9)
    with narrator.deed("Tomasz Nowak", WEDNESDAY, 9, 55) as desk, desk.work() as work:
        question = "The gauge reads 0.240 bar too high at 10 bar, limit 0.160 bar. Adjust it?"
        ask_adjustment(work, gauge, line.version, question, Decimal("40.00"))


def _start(narrator: Narrator, srf_id: SrfId, number: int, name: str, hour: int) -> SheetId:
    line_id: LineId = narrator.line(srf_id, number).id
    with narrator.deed(name, WEDNESDAY, hour) as desk, desk.work() as work:
        return start_work(work, line_id)


def _provider(narrator: Narrator) -> UUID:
    return narrator.laboratory.providers["Nordic Power Lab"]
