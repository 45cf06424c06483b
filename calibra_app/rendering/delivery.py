"""Delivery note: what leaves the laboratory, in how many packages, with which certificates."""

from dataclasses import dataclass
from datetime import date

from calibra_app.rendering.blocks import BrandingContent, ItemContent, PartyContent
from calibra_app.rendering.content import Content


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryLine(Content):
    """One item that goes home."""

    position: int
    item: ItemContent
    certificate: str = ""
    accessories: str = ""
    package: str = ""
    remarks: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryContent(Content):
    """A delivery note, which is the packing list as well."""

    branding: BrandingContent
    number: str
    customer: PartyContent
    lines: tuple[DeliveryLine, ...]
    title: str = "Delivery note"
    language: str = "en"
    srf_number: str = ""
    customer_reference: str = ""
    issued_on: date | None = None
    carrier: str = ""
    tracking: str = ""
    packages: int = 1
    packed_by: str = ""
    instructions: str = ""
