"""What a request costs as the price book says it: the lines of a first or renewed offer."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlmodel import col, select

from calibra_app.core.access import within_deed
from calibra_app.core.errors import CalibraError
from calibra_app.models.customer import Customer, TaxTreatment
from calibra_app.models.equipment import Instrument
from calibra_app.models.quotation import QuotationLine, QuotationLineKind, QuotationRevision
from calibra_app.models.scope import Price
from calibra_app.models.srf import SrfLine
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.services.laboratory import settings_of
from calibra_app.services.quotations.pricing import PricedLine
from calibra_app.services.quotations.sums import as_priced
from calibra_app.services.scope import NoPrice, PriceKind, PriceRecord, price_by_code, price_of
from calibra_app.services.srf.lookups import instruments_of

URGENCY = "URGENT"
HANDLING = "HANDLING"


@dataclass(frozen=True, slots=True)
class Taxation:
    """How the documents of a customer are taxed."""

    treatment: TaxTreatment
    rate: Decimal


@within_deed
def taxation_of(work: UnitOfWork, customer: Customer) -> Taxation:
    """Return the customer's own rate, else the laboratory's; none where no tax is charged."""
    if customer.tax_treatment is not TaxTreatment.STANDARD:
        return Taxation(customer.tax_treatment, Decimal(0))
    return Taxation(TaxTreatment.STANDARD, customer.tax_rate or settings_of(work).tax_rate)


@within_deed
def lines_from_request(
    work: UnitOfWork, revision: QuotationRevision, customer: Customer, lines: Sequence[SrfLine]
) -> list[QuotationLine]:
    """Return a priced line for each line of the request, and travel once if any is on site.

    A line for which the price book has no price stands at zero with the reason beside it; the
    offer cannot be sent before somebody enters one.
    """
    items = instruments_of(work, lines)
    made = [
        _calibration(work, revision, position, line, items[line.instrument_id])
        for position, line in enumerate(lines, start=1)
    ]
    if any(line.on_site and line.provider_id is None for line in lines):
        made.append(_travel(work, revision, customer, len(made) + 1))
    return made


def _calibration(
    work: UnitOfWork,
    revision: QuotationRevision,
    position: int,
    line: SrfLine,
    item: Instrument,
) -> QuotationLine:
    try:
        amount, detail = price_of(work, line.procedure_code).amount, ""
    except NoPrice as missing:
        amount, detail = Decimal(0), missing.message
    percent, reason = _surcharge(work, line)
    return _priced(
        QuotationLine(
            revision_id=revision.id,
            position=position,
            kind=QuotationLineKind.CALIBRATION,
            srf_line_id=line.id,
            description=", ".join(text for text in (item.description, item.tag) if text),
            detail=detail,
            accredited=line.accredited and line.provider_id is None,
            unit_price=amount,
            surcharge_percent=percent,
            surcharge_reason=reason,
            net=Decimal(0),
        ),
        revision.currency,
    )


def _surcharge(work: UnitOfWork, line: SrfLine) -> tuple[Decimal, str]:
    asked = [
        (wanted, name, code)
        for wanted, name, code in (
            (line.urgent, "Urgency", URGENCY),
            (line.provider_id is not None, "Handling", HANDLING),
        )
        if wanted
    ]
    total, told = Decimal(0), list[str]()
    for _, name, code in asked:
        try:
            percent = price_by_code(work, code).amount
        except NoPrice:
            # Without an entry the laboratory charges nothing extra.
            continue
        total += percent
        told.append(f"{name} {percent.normalize():f} %")
    return total, ", ".join(told)


def _travel(
    work: UnitOfWork, revision: QuotationRevision, customer: Customer, position: int
) -> QuotationLine:
    try:
        price = travel_price(work, customer)
        title, amount, detail = price.title, price.amount, ""
    except CalibraError as missing:
        title, amount, detail = "Travel", Decimal(0), missing.message
    return _priced(
        QuotationLine(
            revision_id=revision.id,
            position=position,
            kind=QuotationLineKind.TRAVEL,
            description=title,
            detail=detail,
            unit_price=amount,
            net=Decimal(0),
        ),
        revision.currency,
    )


@within_deed
def travel_price(work: UnitOfWork, customer: Customer) -> PriceRecord:
    """Return what a visit costs: the zone agreed with the customer, else the nearest one.

    Raises:
        NoPrice: The price book has no entry for travel.
    """
    agreed = str(customer.terms.get("travel", ""))
    if agreed:
        return price_by_code(work, agreed)
    code: str | None = work.exec(
        select(Price.code)
        .where(Price.kind == PriceKind.TRAVEL.value, col(Price.archived).is_(False))
        .order_by(col(Price.code))
        .limit(1)
    ).first()
    if code is None:
        raise NoPrice("The price book has no entry for travel. Enter it first.")
    return price_by_code(work, code)


def copy_of(line: QuotationLine, revision_id: UUID) -> QuotationLine:
    """Return a line as the next revision begins with it."""
    return QuotationLine(
        revision_id=revision_id,
        position=line.position,
        kind=line.kind,
        srf_line_id=line.srf_line_id,
        description=line.description,
        detail=line.detail,
        accredited=line.accredited,
        quantity=line.quantity,
        unit_price=line.unit_price,
        surcharge_percent=line.surcharge_percent,
        surcharge_reason=line.surcharge_reason,
        net=line.net,
        removed=line.removed,
    )


def _priced(line: QuotationLine, currency: str) -> QuotationLine:
    priced: PricedLine = as_priced(line, currency)
    line.net = priced.net.amount
    return line
