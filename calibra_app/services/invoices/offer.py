"""What is to be charged for a request: the accepted offer, and how the work went otherwise.

The accepted revision of the quotation is what was agreed. Where a standing agreement stands in its
place, the price book is. Both lead to the same lines, each with what was offered and what the
work suggests to charge; the difference between the two is what guard G25 asks an explanation for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from sqlmodel import col, select

from calibra_app.core.access import within_deed
from calibra_app.core.money import Money
from calibra_app.models.customer import Customer, TaxTreatment
from calibra_app.models.quotation import (
    Quotation,
    QuotationLine,
    QuotationLineKind,
    QuotationRevision,
)
from calibra_app.models.srf import Srf, SrfLine
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.services.laboratory import own_tenant, settings_of
from calibra_app.services.quotations.pricing import TAX_REASONS, PricedLine, Sums, add_up
from calibra_app.services.quotations.revisions import accepted_revision
from calibra_app.services.quotations.sums import lines_of_revision
from calibra_app.services.scope.prices import NoPrice, price_of
from calibra_app.services.srf.decisions import agreed_prices
from calibra_app.services.srf.lookups import instruments_of
from calibra_app.services.srf.moves import lines_of
from calibra_app.services.srf.states import LineState

_WITHDRAWN = frozenset({LineState.CANCELLED, LineState.REJECTED})


@dataclass(frozen=True, slots=True)
class Charge:
    """One line of a bill.

    Attributes:
        key: Names the line in the draft; stable while nobody changes the offer.
        offered: What the customer accepted for it.
        amount: What is charged.
        why: What explains the difference; proposed where the records know it.
    """

    key: str
    description: str
    detail: str
    kind: QuotationLineKind
    line_id: UUID | None
    offered: Decimal
    amount: Decimal
    why: str = ""

    @property
    def difference(self) -> Decimal:
        """Return how far the charge is from the offer."""
        return self.amount - self.offered


@dataclass(frozen=True, slots=True)
class Bill:
    """All lines of a bill with the terms that their sums follow."""

    revision_id: UUID | None
    reference: str
    currency: str
    discount_percent: Decimal
    tax_rate: Decimal
    treatment: TaxTreatment
    charges: tuple[Charge, ...]

    @property
    def sums(self) -> Sums:
        """Return the sums of what is charged."""
        return self._sums([charge.amount for charge in self.charges])

    @property
    def offered_sums(self) -> Sums:
        """Return the sums of what was offered."""
        return self._sums([charge.offered for charge in self.charges])

    @property
    def tax_reason(self) -> str:
        """Return the law's words where no tax is charged."""
        return TAX_REASONS[self.treatment]

    def with_changes(self, changes: Mapping[str, tuple[Decimal, str]]) -> "Bill":
        """Return the bill with other amounts and explanations, by the keys of its lines."""
        return replace(
            self,
            charges=tuple(
                replace(charge, amount=changes[charge.key][0], why=changes[charge.key][1].strip())
                if charge.key in changes
                else charge
                for charge in self.charges
            ),
        )

    def unexplained(self) -> Money:
        """Return the sum of all differences that nobody explained, each taken as positive."""
        open_ones = (abs(each.difference) for each in self.charges if not each.why)
        return Money(sum(open_ones, Decimal(0)), self.currency)

    def _sums(self, amounts: Sequence[Decimal]) -> Sums:
        return add_up(
            [
                PricedLine(charge.kind, Money(amount, self.currency))
                for charge, amount in zip(self.charges, amounts, strict=True)
            ],
            currency=self.currency,
            discount_percent=self.discount_percent,
            tax_rate=self.tax_rate,
            treatment=self.treatment,
        )


@within_deed
def bill_for(work: UnitOfWork, srf: Srf) -> Bill:
    """Return what the records say is to be charged for a request."""
    accepted = accepted_revision(work, srf.id) or _covering(work, srf)
    bill = _from_offer(work, srf, accepted) if accepted else _from_price_book(work, srf)
    return replace(bill, charges=_as_it_went(work, srf, bill.charges))


def _covering(work: UnitOfWork, srf: Srf) -> QuotationRevision | None:
    """Return what was accepted for the lines of a request before they were split off.

    It is the newest that names one of them: when the first request is offered anew after that,
    the lines are on it no more, and what was agreed for them holds still.
    """
    if srf.split_from is None:
        return None
    own = select(QuotationLine.revision_id).where(
        col(QuotationLine.srf_line_id).in_([line.id for line in lines_of(work, srf.id)])
    )
    found: QuotationRevision | None = work.exec(
        select(QuotationRevision)
        .join(Quotation, col(Quotation.id) == QuotationRevision.quotation_id)
        .where(Quotation.srf_id == srf.split_from, col(QuotationRevision.id).in_(own))
        .order_by(col(QuotationRevision.revision).desc())
        .limit(1)
    ).first()
    return found


def _from_offer(work: UnitOfWork, srf: Srf, revision: QuotationRevision) -> Bill:
    own = frozenset(line.id for line in lines_of(work, srf.id))
    quotation = work.peek(Quotation, revision.quotation_id)
    whole = quotation.srf_id == srf.id
    return Bill(
        revision_id=revision.id,
        reference=f"{quotation.number} R{revision.revision}",
        currency=revision.currency,
        discount_percent=revision.discount_percent,
        tax_rate=revision.tax_rate,
        treatment=revision.tax_treatment,
        charges=tuple(
            Charge(
                key=str(line.position),
                description=line.description,
                detail=line.detail,
                kind=line.kind,
                line_id=line.srf_line_id,
                offered=line.net,
                amount=line.net,
            )
            for line in lines_of_revision(work, revision.id)
            if not line.removed and (whole if line.srf_line_id is None else line.srf_line_id in own)
        ),
    )


def _from_price_book(work: UnitOfWork, srf: Srf) -> Bill:
    customer = work.peek(Customer, srf.customer_id)
    lines = lines_of(work, srf.id)
    items = instruments_of(work, lines)
    charges: list[Charge] = []
    for line in lines:
        try:
            price = price_of(work, line.procedure_code).amount
        except NoPrice:
            # Nothing is charged by itself; whoever issues the invoice says what, and why.
            price = Decimal(0)
        item = items[line.instrument_id]
        charges.append(
            Charge(
                key=str(line.position),
                description=f"{item.tag} {item.description}".strip(),
                detail=line.procedure_code,
                kind=QuotationLineKind.CALIBRATION,
                line_id=line.id,
                offered=price,
                amount=price,
            )
        )
    taxed = customer.tax_treatment is TaxTreatment.STANDARD
    rate = customer.tax_rate or settings_of(work).tax_rate
    return Bill(
        revision_id=None,
        reference="",
        currency=own_tenant(work).currency,
        discount_percent=customer.discount_percent,
        tax_rate=rate if taxed else Decimal(0),
        treatment=customer.tax_treatment,
        charges=tuple(charges),
    )


def _as_it_went(work: UnitOfWork, srf: Srf, offered: Sequence[Charge]) -> tuple[Charge, ...]:
    """Take off what was not done, and add what the customer agreed to during the work."""
    lines = {line.id: line for line in lines_of(work, srf.id)}
    charges = [_as_done(charge, lines) for charge in offered]
    for agreed in agreed_prices(work, srf.id):
        if not agreed.price or _is_offered(offered, agreed.line_id, agreed.price):
            continue
        position = lines[agreed.line_id].position
        charges.append(
            Charge(
                key=f"decision-{agreed.decision_id}",
                description=f"{agreed.kind.capitalize()}, item {position}",
                detail="",
                kind=QuotationLineKind.ADJUSTMENT,
                line_id=agreed.line_id,
                offered=Decimal(0),
                amount=agreed.price,
                why=f"Agreed by the customer during the work on item {position}",
            )
        )
    return tuple(charges)


def _as_done(charge: Charge, lines: Mapping[UUID, SrfLine]) -> Charge:
    line = lines.get(charge.line_id) if charge.line_id else None
    if line is None or line.state not in _WITHDRAWN or line.started:
        return charge
    return replace(charge, amount=Decimal(0), why=f"Item {line.position} was not calibrated")


def _is_offered(offered: Sequence[Charge], line_id: UUID, price: Decimal) -> bool:
    return any(
        charge.line_id == line_id
        and charge.kind is not QuotationLineKind.CALIBRATION
        and charge.offered == price
        for charge in offered
    )
