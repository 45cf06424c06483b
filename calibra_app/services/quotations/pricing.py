"""The sums of a quotation: lines, discount, tax; exact, each rounded once."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from calibra_app.core.money import Money
from calibra_app.models.customer import TaxTreatment
from calibra_app.models.quotation import QuotationLineKind

# The law's words for a document without tax, by the reason for it.
TAX_REASONS = {
    TaxTreatment.STANDARD: "",
    TaxTreatment.REVERSE_CHARGE: "Reverse charge: the recipient is liable for the tax.",
    TaxTreatment.EXEMPT: "Exempt from tax.",
}


@dataclass(frozen=True, slots=True)
class PricedLine:
    """One line as far as the sums look at it."""

    kind: QuotationLineKind
    unit_price: Money
    quantity: Decimal = Decimal(1)
    surcharge_percent: Decimal = Decimal(0)
    removed: bool = False

    @property
    def basic(self) -> Money:
        """Return the price without surcharge, in whole cents."""
        return (self.unit_price * self.quantity).rounded()

    @property
    def surcharge(self) -> Money:
        """Return the surcharge for urgency or handling, in whole cents."""
        return self.basic.percent(self.surcharge_percent).rounded()

    @property
    def net(self) -> Money:
        """Return what the line comes to; nothing once it is taken off."""
        if self.removed:
            return self.unit_price * 0
        return self.basic + self.surcharge


@dataclass(frozen=True, slots=True)
class Sums:
    """The sums under the lines; `discountable` is what the discount is taken of."""

    discountable: Money
    discount: Money
    net: Money
    tax: Money
    total: Money


def add_up(
    lines: Sequence[PricedLine],
    *,
    currency: str,
    discount_percent: Decimal,
    tax_rate: Decimal,
    treatment: TaxTreatment,
) -> Sums:
    """Return the sums of a document; discount and tax are taken on sums, halves away from zero.

    Args:
        lines: The priced lines.
        currency: What all of them are in.
        discount_percent: Taken of the calibrations alone; travel and repair are as they cost.
        tax_rate: In percent of the net sum.
        treatment: Whether tax is charged at all.

    Example:
        >>> euro = lambda text: Money(Decimal(text), "EUR")
        >>> lines = [PricedLine(QuotationLineKind.CALIBRATION, euro(text)) for text in
        ...     ("180.00", "145.00", "160.00", "130.00")]
        >>> lines.append(PricedLine(QuotationLineKind.TRAVEL, euro("120.00")))
        >>> sums = add_up(lines, currency="EUR", discount_percent=Decimal(5),
        ...     tax_rate=Decimal(20), treatment=TaxTreatment.STANDARD)
        >>> [str(each.amount) for each in (sums.net, sums.tax, sums.total)]
        ['704.25', '140.85', '845.10']
    """
    nothing = Money(Decimal(0), currency)
    discountable, rest = nothing, nothing
    for line in lines:
        if line.kind is QuotationLineKind.CALIBRATION:
            discountable += line.net
        else:
            rest += line.net
    discounted = (discountable - discountable.percent(discount_percent)).rounded()
    net = (discounted + rest).rounded()
    charged = tax_rate if treatment is TaxTreatment.STANDARD else Decimal(0)
    tax = net.percent(charged).rounded()
    return Sums(discountable.rounded(), discountable.rounded() - discounted, net, tax, net + tax)


def excess_over_limit(
    sums: Sums, discount_percent: Decimal, discount_limit: Decimal, net_limit: Decimal
) -> str:
    """Return what of an offer needs the laboratory manager; empty where nothing does."""
    found: list[str] = []
    if discount_percent > discount_limit:
        found.append(f"Discount {discount_percent.normalize():f} %")
    if sums.net.amount > net_limit:
        found.append(f"Net {sums.net.amount} {sums.net.currency}")
    return " and ".join(found)
