"""What the sample laboratory finished in the weeks before its sample week.

A handful of items, each from its request to the courier, so that turnaround, certificates,
invoices and shipments have something to show. Everything goes through the services, at its own
hour; the numbers drawn are those just below the ones with which the week begins.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from calibra_app.config import settings
from calibra_app.core.ids import InvoiceId, LineId, SheetId, ShipmentId, SrfId
from calibra_app.demo.instruments import EARLIER
from calibra_app.demo.loader import LoadedLaboratory, enter_instruments
from calibra_app.demo.sheets import complete_sheet
from calibra_app.demo.story import (
    APPROVERS,
    LAST_NUMBERS,
    Narrator,
    accept,
    assign,
    is_told_of,
    make_offer,
    make_request,
    receive,
)
from calibra_app.jobs.runner import UnitOfWork
from calibra_app.services import laboratory as numbers
from calibra_app.services.calibrations import start_work, submit_sheet
from calibra_app.services.calibrations.review import accept_review
from calibra_app.services.certificates.issue import authorize_certificate
from calibra_app.services.dispatch.packing import open_shipment, scan_item
from calibra_app.services.dispatch.register import get_shipment
from calibra_app.services.dispatch.shipping import Parcel, Proof, confirm_delivery, ship
from calibra_app.services.invoices.issuing import issue_invoice
from calibra_app.services.invoices.payments import record_payment
from calibra_app.services.invoices.register import get_invoice
from calibra_app.services.srf.closing import close_srf
from calibra_app.services.srf.queries import LineDetail, get_srf

R = TypeVar("R")

# Instruments of these weeks are known by numbers of their own: the first of `EARLIER` is 101.
FIRST = 101
TECHNICIANS: Final = {
    "dimensional": "Mei Lin",
    "humidity": "Daniel Ortiz",
    "temperature": "Daniel Ortiz",
    "torque": "Tomasz Nowak",
}
YEAR_DAYS = 365
DELIVERED_AFTER, PAID_AFTER, CLOSED_AFTER = 3, 9, 14


@dataclass(frozen=True, slots=True)
class Earlier:
    """One finished request: who asked for what, and how it went.

    Attributes:
        day: On which it was asked for, counted from the Monday of the sample week.
        days: From the receipt of the items, a day later, to their certificates.
        paid: The invoice is paid; without it a request stays open.
        sent: The items are on their way, and with `arrived` at home.
    """

    customer: str
    items: tuple[int, ...]
    day: int
    days: int
    paid: bool = True
    sent: bool = True
    arrived: bool = True


WEEKS: Final = (
    Earlier("K3", (101,), -62, 8),
    Earlier("K2", (102,), -55, 6),
    Earlier("K1", (103,), -48, 7, paid=False),
    Earlier("K2", (104,), -41, 5),
    Earlier("K3", (105,), -34, 6),
    Earlier("K1", (106,), -27, 5),
    Earlier("K2", (107,), -20, 5),
    Earlier("K1", (108,), -13, 2, paid=False, arrived=False),
    Earlier("K3", (109,), -13, 6, paid=False, sent=False),
)


def tell_history(laboratory: LoadedLaboratory) -> None:
    """Enter what was finished before the sample week."""
    if not is_told_of(laboratory):
        return
    calibrated = {number: each.day + each.days for each in WEEKS for number in each.items}
    enter_instruments(
        laboratory,
        {
            number: replace(each, due_day=calibrated.get(number, 0) + YEAR_DAYS)
            for number, each in enumerate(EARLIER, FIRST)
        },
    )
    for place, earlier in enumerate(WEEKS):
        begun = laboratory.week.at(earlier.day, 7)
        narrator = Narrator(laboratory, begun, long_ago=True)
        _continue_numbers(narrator, len(WEEKS) - place, earlier.day)
        _Telling(narrator, earlier).tell()


def _continue_numbers(narrator: Narrator, left: int, day: int) -> None:
    with narrator.deed("Victor Hale", day, 8) as desk, desk.work() as work:
        for kind, last in LAST_NUMBERS.items():
            numbers.continue_numbers(work, kind, last - left)


@dataclass
class _Telling:
    narrator: Narrator
    earlier: Earlier

    def tell(self) -> None:
        """Bring one request from the front desk as far as it got."""
        earlier, narrator = self.earlier, self.narrator
        day = earlier.day
        srf_id = make_request(narrator, earlier.customer, earlier.items, (8, 30), day=day)
        quotation_id = make_offer(narrator, srf_id, 9, 30, day=day)
        accept(narrator, quotation_id, APPROVERS[earlier.customer], 14, 10, day=day)
        receive(narrator, srf_id, earlier.items, day + 1, 8)
        by_whom = {each: TECHNICIANS[EARLIER[each - FIRST].discipline] for each in earlier.items}
        assign(narrator, srf_id, by_whom, day + 1)
        done = day + 1 + earlier.days
        for number, technician in by_whom.items():
            self._calibrate(srf_id, number, technician, done)
        invoice_id = self._do("Grace Liu", done, 14, lambda work: _invoice(work, srf_id))
        if earlier.paid:
            # Whoever receives certificates on payment pays at once.
            later = 1 if earlier.customer == "K3" else PAID_AFTER
            self._do("Grace Liu", done + later, 9, lambda work: _pay(work, invoice_id))
        if earlier.sent:
            self._send_home(srf_id, done)
        if earlier.paid and earlier.arrived:
            closed = done + CLOSED_AFTER
            self._do("Asha Rao", closed, 8, lambda work: close_srf(work, srf_id))

    def _calibrate(self, srf_id: SrfId, number: int, technician: str, done: int) -> None:
        password = settings().sample_password
        sheet_id = self._do(
            technician, done - 1, 9, lambda work: start_work(work, self._line(srf_id, number).id)
        )

        def measure(work: UnitOfWork) -> None:
            complete_sheet(work, SheetId(sheet_id))
            submit_sheet(work, SheetId(sheet_id), password=password)

        self._do(technician, done - 1, 11, measure)
        line = self._line(srf_id, number)
        self._do(
            "Jonas Weber", done - 1, 15, lambda work: accept_review(work, *_seen(line), password)
        )
        reviewed = self._line(srf_id, number)
        dimensional = EARLIER[number - FIRST].discipline == "dimensional"
        self._do(
            "Kenji Mori" if dimensional else "Helena Brandt",
            done,
            10,
            lambda work: authorize_certificate(work, *_seen(reviewed), password),
        )

    def _send_home(self, srf_id: SrfId, done: int) -> None:
        tags = [EARLIER[number - FIRST].tag for number in self.earlier.items]

        def pack(work: UnitOfWork) -> ShipmentId:
            shipment_id = open_shipment(work, srf_id)
            for tag in tags:
                scan_item(work, shipment_id, tag)
            return shipment_id

        sent = done + (2 if self.earlier.customer == "K3" else 1)
        shipment_id = self._do("Asha Rao", sent, 15, pack)
        parcel = Parcel("Night courier", f"NC-{100_000 + sent * sent}")
        self._do(
            "Asha Rao",
            sent,
            16,
            lambda work: ship(work, shipment_id, _version(work, shipment_id), parcel),
        )
        if self.earlier.arrived:
            proof = Proof("Goods-in", f"Courier's proof {8000 + sent * sent}")
            self._do(
                "Asha Rao",
                done + DELIVERED_AFTER,
                10,
                lambda work: confirm_delivery(
                    work, shipment_id, _version(work, shipment_id), proof
                ),
            )

    def _line(self, srf_id: SrfId, number: int) -> LineDetail:
        return self.narrator.line(srf_id, number)

    def _do(self, name: str, day: int, hour: int, deed: Callable[[UnitOfWork], R]) -> R:
        with self.narrator.deed(name, day, hour) as desk, desk.work() as work:
            return deed(work)


def _seen(line: LineDetail) -> tuple[LineId, int]:
    return line.id, line.version


def _version(work: UnitOfWork, shipment_id: ShipmentId) -> int:
    return get_shipment(work, shipment_id).summary.version


def _invoice(work: UnitOfWork, srf_id: SrfId) -> InvoiceId:
    return issue_invoice(work, srf_id, get_srf(work, srf_id).version)


def _pay(work: UnitOfWork, invoice_id: InvoiceId) -> None:
    total = get_invoice(work, invoice_id).summary.total
    record_payment(work, invoice_id, total.amount, "Bank transfer")
