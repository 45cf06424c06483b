"""Quotation: priced lines, what will be done for each, how long the offer holds, the sums."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from calibra_app.core.money import Money
from calibra_app.rendering.blocks import BrandingContent, ItemContent, PartyContent
from calibra_app.rendering.content import Content


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotationLine(Content):
    """One priced line: an item under calibration, or a service such as travel.

    `surcharge` is urgency or handling on this line alone; `net` is what the line comes to.
    """

    position: int
    description: str
    net: Money
    item: ItemContent | None = None
    unit_price: Money | None = None
    quantity: Decimal = Decimal(1)
    surcharge: Money | None = None
    surcharge_reason: str = ""
    is_accredited: bool = False
    cmc: str = ""
    provider: str = ""
    procedure: str = ""
    points: str = ""
    decision_rule: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SumLine(Content):
    """One line of the sums: a subtotal, a discount, travel."""

    title: str
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotationContent(Content):
    """One revision of a quotation, frozen when it is sent."""

    branding: BrandingContent
    number: str
    revision: int
    customer: PartyContent
    lines: tuple[QuotationLine, ...]
    net: Money
    tax: Money
    total: Money
    tax_rate: Decimal
    tax_reason: str = ""
    """The words that the law asks for where no tax is charged (reverse charge)."""
    sums: tuple[SumLine, ...] = ()
    language: str = "en"
    title: str = "Quotation"
    srf_number: str = ""
    customer_reference: str = ""
    issued_on: date | None = None
    valid_until: date | None = None
    changes: tuple[str, ...] = ()
    """What this revision changes against the one before."""
    introduction: str = ""
    terms: tuple[str, ...] = ()
    prepared_by: str = ""
    answer_url: str = ""

    @property
    def full_number(self) -> str:
        """Return number and revision: Q-2026-0307 R1."""
        return f"{self.number} R{self.revision}"
