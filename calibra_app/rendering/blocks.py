"""Blocks that papers share: the laboratory's face, addresses, signatures, marks and codes."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from io import BytesIO

import segno
from markupsafe import Markup

from calibra_app.rendering.colours import PrintColours, print_colours
from calibra_app.rendering.content import Content


class Mark(StrEnum):
    """What is written across every page of a paper that is not the valid original."""

    NONE = ""
    DRAFT = "Draft"
    COPY = "Copy"
    SUPERSEDED = "Superseded"
    WITHDRAWN = "Withdrawn"


class Verdict(StrEnum):
    """A statement of conformity at one point, or over many."""

    PASS = "pass"  # noqa: S105
    CONDITIONAL_PASS = "conditional_pass"  # noqa: S105
    CONDITIONAL_FAIL = "conditional_fail"
    FAIL = "fail"
    UNDECIDED = "undecided"

    @property
    def glyph(self) -> str:
        """Return the shape that tells verdicts apart on a grey print."""
        return _GLYPHS[self]

    @property
    def words(self) -> str:
        """Return the verdict as printed."""
        return self.value.replace("_", " ").capitalize() if self is not Verdict.UNDECIDED else "–"


_GLYPHS = {
    Verdict.PASS: "●",
    Verdict.CONDITIONAL_PASS: "○",
    Verdict.CONDITIONAL_FAIL: "△",
    Verdict.FAIL: "■",
    Verdict.UNDECIDED: "",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BrandingContent(Content):
    """The laboratory's face on the day of issue; later changes leave old papers as they were.

    Images are `data:` addresses of files that were sanitised when they were uploaded.
    """

    laboratory: str
    address: tuple[str, ...] = ()
    phone: str = ""
    email: str = ""
    website: str = ""
    vat_number: str = ""
    bank_account: str = ""
    logo: str = ""
    brand_colour: str = ""
    certificate_header: str = ""
    certificate_footer: str = ""
    accreditation_body: str = ""
    accreditation_number: str = ""
    accreditation_symbol: str = ""
    time_zone: str = ""
    """The zone in which papers tell the time of day."""

    @property
    def colours(self) -> PrintColours:
        """Return the brand colour as it may be printed."""
        return print_colours(self.brand_colour)

    @property
    def reach(self) -> str:
        """Return phone, mail and site on one line."""
        return " · ".join(part for part in (self.phone, self.email, self.website) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyContent(Content):
    """Whom a paper is for: name, address and how to reach them."""

    name: str
    address: tuple[str, ...] = ()
    contact: str = ""
    email: str = ""
    vat_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemContent(Content):
    """An item under calibration as it is identified on paper.

    `customer_supplied` names the fields that only the customer vouches for (17025, 7.8.2.2).
    """

    description: str
    manufacturer: str = ""
    model: str = ""
    serial: str = ""
    tag: str = ""
    measuring_range: str = ""
    resolution: str = ""
    firmware: str = ""
    accessories: str = ""
    condition: str = ""
    customer_supplied: tuple[str, ...] = ()

    @property
    def type_line(self) -> str:
        """Return manufacturer and model, as far as known."""
        return " ".join(part for part in (self.manufacturer, self.model) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureContent(Content):
    """An electronic signature: who, in which function, meaning what, when."""

    meaning: str
    name: str
    function: str = ""
    signed_at: datetime | None = None
    authorizing: bool = False
    """Whether this is the person who authorizes the report (17025, 7.8.2.1 o)."""


def qr_svg(address: str, title: str) -> Markup:
    """Return the QR code of an address as an SVG that carries its own alternative text."""
    buffer = BytesIO()
    code = segno.make(address, error="m", micro=False, mask=2)
    code.save(
        buffer,
        kind="svg",
        xmldecl=False,
        svgns=True,
        border=0,
        title=title,
        omitsize=True,
        svgclass="qr",
        lineclass=None,
    )
    return Markup(buffer.getvalue().decode())  # noqa: S704  (segno escapes the title)
