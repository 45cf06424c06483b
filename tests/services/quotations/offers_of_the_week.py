"""The three sample requests of flow A4 under review, with their prices, customers and rates."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from sqlmodel import col, select

from calibra_app.models.customer import Contact, Customer, TaxTreatment
from calibra_app.models.journal import OutboxJob
from calibra_app.models.srf import Srf, SrfLine
from calibra_app.persistence.outbox import Job
from calibra_app.services.laboratory import today_of
from calibra_app.services.quotations.offers import create_offer
from calibra_app.services.quotations.queries import get_quotation
from calibra_app.services.quotations.sending import send_offer
from calibra_app.services.scope import (
    Approval,
    PriceDraft,
    PriceKind,
    ProviderDraft,
    add_price,
    add_provider,
)
from calibra_app.services.srf.agreement import Agreement, Urgency
from calibra_app.services.srf.drafts import Heading, create_srf, submit_srf
from calibra_app.services.srf.inquiry import start_review
from calibra_app.services.srf.moves import lines_of
from calibra_app.services.srf.review import answer_review, reviews_of
from tests.builders import a_customer, an_instrument
from tests.stages import COMMERCIAL, TECHNICAL

PRICES = {
    "MP-MAS-01": "180.00",
    "MP-TEM-02": "145.00",
    "MP-TEM-05": "160.00",
    "MP-PRE-03": "130.00",
    "MP-DIM-02": "48.00",
    "MP-DIM-01": "36.00",
    "MP-TOR-01": "75.00",
    "MP-ELE-04": "155.00",
    "MP-PRE-01": "65.00",
    "MP-MAS-04": "140.00",
    "MP-TEM-01": "55.00",
    "MP-ELE-09": "90.00",
}
OTHERS = (
    PriceDraft("TRAVEL-1", "Travel, zone 1", PriceKind.TRAVEL, Decimal("80.00")),
    PriceDraft("TRAVEL-2", "Travel, zone 2", PriceKind.TRAVEL, Decimal("120.00")),
    PriceDraft("URGENT", "Urgency", PriceKind.SURCHARGE, Decimal(25), is_percentage=True),
    PriceDraft("HANDLING", "Handling", PriceKind.HANDLING, Decimal(15), is_percentage=True),
)
CUSTOMERS = {
    "K1": {
        "tax_rate": Decimal(20),
        "discount_percent": Decimal(5),
        "terms": {"travel": "TRAVEL-2"},
    },
    "K2": {"tax_treatment": TaxTreatment.REVERSE_CHARGE},
    "K3": {"tax_rate": Decimal(20)},
}
ITEMS = {"K1": (1, 2, 3, 4), "K2": (5, 6, 7, 8), "K3": (9, 10, 11, 12)}
NAMES = {1: "balance", 8: "multimeter", 9: "gauge", 12: "clamp"}


def enter_prices(house):
    """Fill the price book as the sample laboratory has it."""
    with house.work("Grace Liu") as work:
        for code, amount in PRICES.items():
            add_price(
                work,
                PriceDraft(
                    f"CAL-{code}", code, PriceKind.CALIBRATION, Decimal(amount), procedure_code=code
                ),
            )
        for draft in OTHERS:
            add_price(work, draft)


def reviewed_request(house, code="K2", items=None, **customer):
    """Bring the request of a sample customer to the end of contract review."""
    with house.work("Priya Menon") as work:
        if code == "K2":
            row = work.get(Customer, house.customer_id)
            for name, value in (CUSTOMERS["K2"] | customer).items():
                setattr(row, name, value)
            customer_id, contact_id = house.customer_id, house.contact_id
        else:
            row, contact = a_customer(work, code, **(CUSTOMERS[code] | customer))
            customer_id, contact_id = row.id, contact.id
            work.get(Contact, contact.id).email = f"{code.lower()}@customer.example"
        ids = [an_instrument(work, customer_id, number).id for number in items or ITEMS[code]]
    with house.work() as work:
        srf_id = create_srf(work, Heading(customer_id, contact_id), ids)
        for number, line in zip(items or ITEMS[code], lines_of(work, srf_id), strict=True):
            urgent = number == 8
            agreed = replace(
                Agreement.of_line(line),
                urgency=Urgency.URGENT if urgent else Urgency.STANDARD,
                promised_on=today_of(work) + timedelta(days=3) if urgent else None,
            )
            agreed.write_to(line)
        work.session.flush()
        submit_srf(work, srf_id, work.peek(Srf, srf_id).version)
    with house.work("Ruth Okoye") as work:
        start_review(work, srf_id, work.peek(Srf, srf_id).version)
    _mark(house, srf_id, items or ITEMS[code])
    for name, answers in (("Ruth Okoye", TECHNICAL), ("Asha Rao", COMMERCIAL)):
        with house.work(name) as work:
            for review in reviews_of(work, srf_id):
                answer_review(work, review.line_id, review.version, answers)
    return srf_id


def _mark(house, srf_id, items):
    with house.work("Samuel Okafor") as work:
        provider = None
        if 12 in items:
            approval = Approval("MP-ELE-09", Decimal(1000), "A")
            until = today_of(work) + timedelta(days=100)
            draft = ProviderDraft("Nordic Power Lab", approvals=(approval,), approved_until=until)
            provider = add_provider(work, draft)
    with house.work("Ruth Okoye") as work:
        for number, line in zip(items, lines_of(work, srf_id), strict=True):
            # The house of these tests has no scope of its own.
            row = work.get(SrfLine, line.id)
            row.accredited = False
            row.provider_id = provider if number == 12 else None


def offered(house, code="K2", items=None, **customer):
    """Make the offer of a sample customer; return the quotation's id."""
    srf_id = reviewed_request(house, code, items, **customer)
    with house.work() as work:
        return create_offer(work, srf_id, work.peek(Srf, srf_id).version)


def sent(house, code="K2", items=None, **customer):
    """Send the offer of a sample customer; return the quotation's id."""
    quotation_id = offered(house, code, items, **customer)
    with house.work() as work:
        send_offer(work, quotation_id, get_quotation(work, quotation_id).version)
    return quotation_id


def token_of(house, quotation_id):
    """Return the token in the newest letter about a quotation."""
    with house.work() as work:
        letters = work.exec(
            select(OutboxJob)
            .where(OutboxJob.job == Job.SEND_MAIL, OutboxJob.subject_id == quotation_id)
            .order_by(col(OutboxJob.created_at), col(OutboxJob.id))
        ).all()
    return letters[-1].payload["path"].split("/")[2]


def shown(house, quotation_id, revision=None, name="Asha Rao"):
    """Return the quotation as somebody sees it."""
    with house.work(name) as work:
        return get_quotation(work, quotation_id, revision)


def money_of(detail):
    """Return net, tax and total as text."""
    return tuple(str(each.amount) for each in (detail.sums.net, detail.sums.tax, detail.sums.total))
