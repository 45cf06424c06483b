"""Invoice: what was done and what is owed for it, from the accepted quotation."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from calibra_app.core.money import Money
from calibra_app.rendering.blocks import BrandingContent, PartyContent
from calibra_app.rendering.content import Content
from calibra_app.rendering.quotation import SumLine


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceLine(Content):
    """One charged line."""

    position: int
    description: str
    net: Money
    detail: str = ""
    certificate: str = ""
    unit_price: Money | None = None
    quantity: Decimal = Decimal(1)
    surcharge: Money | None = None
    surcharge_reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceContent(Content):
    """An invoice, frozen when it is issued."""

    branding: BrandingContent
    number: str
    customer: PartyContent
    lines: tuple[InvoiceLine, ...]
    net: Money
    tax: Money
    total: Money
    tax_rate: Decimal
    tax_reason: str = ""
    sums: tuple[SumLine, ...] = ()
    title: str = "Invoice"
    language: str = "en"
    srf_number: str = ""
    quotation_number: str = ""
    customer_reference: str = ""
    issued_on: date | None = None
    performed_from: date | None = None
    performed_to: date | None = None
    due_on: date | None = None
    differences: tuple[str, ...] = ()
    """What is charged otherwise than offered, and who agreed."""
    payment: tuple[str, ...] = ()
