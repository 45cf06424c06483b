"""The kinds of document, and content to HTML: for the screen as it is, for paper by `pdf.py`.

A new kind of document stands in `KINDS`: its content type and its template.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from calibra_app.rendering import figures
from calibra_app.rendering.blocks import Mark, Verdict, qr_svg
from calibra_app.rendering.certificate import CertificateContent, ResultTable
from calibra_app.rendering.chart import error_chart
from calibra_app.rendering.content import Content
from calibra_app.rendering.delivery import DeliveryContent
from calibra_app.rendering.deviation_chart import deviation_chart
from calibra_app.rendering.invoice import InvoiceContent
from calibra_app.rendering.labels import LabelsContent
from calibra_app.rendering.quotation import QuotationContent
from calibra_app.rendering.sheet import SheetContent
from calibra_app.rendering.srf import ContractReviewContent, ReceiptContent, SrfContent
from calibra_app.rendering.validation import ValidationContent

TEMPLATES = Path(__file__).parent / "templates"


class DocumentKind(StrEnum):
    """What can be printed."""

    SRF = "srf"
    CONTRACT_REVIEW = "contract_review"
    QUOTATION = "quotation"
    RECEIPT = "receipt"
    LABELS = "labels"
    SHEET = "sheet"
    CERTIFICATE = "certificate"
    INVOICE = "invoice"
    DELIVERY_NOTE = "delivery_note"
    VALIDATION = "validation"


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind of document is made: its content type and its template."""

    content: type[Content]
    template: str


KINDS: Mapping[DocumentKind, Kind] = {
    DocumentKind.SRF: Kind(SrfContent, "srf.html.j2"),
    DocumentKind.CONTRACT_REVIEW: Kind(ContractReviewContent, "review.html.j2"),
    DocumentKind.QUOTATION: Kind(QuotationContent, "quotation.html.j2"),
    DocumentKind.RECEIPT: Kind(ReceiptContent, "receipt.html.j2"),
    DocumentKind.LABELS: Kind(LabelsContent, "labels.html.j2"),
    DocumentKind.SHEET: Kind(SheetContent, "sheet.html.j2"),
    DocumentKind.CERTIFICATE: Kind(CertificateContent, "certificate.html.j2"),
    DocumentKind.INVOICE: Kind(InvoiceContent, "invoice.html.j2"),
    DocumentKind.DELIVERY_NOTE: Kind(DeliveryContent, "delivery.html.j2"),
    DocumentKind.VALIDATION: Kind(ValidationContent, "validation.html.j2"),
}


def content_of(kind: DocumentKind | str, data: Content | Mapping[str, Any]) -> Content:
    """Return the content that was stored as JSON, as its own type.

    Raises:
        UnreadableContent: The stored JSON is not of that kind.
    """
    if isinstance(data, Content):
        return data
    return KINDS[DocumentKind(kind)].content.from_json(data)


def to_html(
    kind: DocumentKind | str, content: Content | Mapping[str, Any], mark: Mark = Mark.NONE
) -> str:
    """Return a whole page that shows the document on screen, its stylesheet inside it."""
    style = "".join((TEMPLATES / name).read_text() for name in ("print.css", "screen.css"))
    return body_html(kind, content, mark, style=Markup(style))  # noqa: S704  (our own files)


def body_html(
    kind: DocumentKind | str,
    content: Content | Mapping[str, Any],
    mark: Mark = Mark.NONE,
    style: Markup | None = None,
) -> str:
    """Return the document's HTML; without a style it waits for the print stylesheet."""
    template = _ENVIRONMENT.get_template(KINDS[DocumentKind(kind)].template)
    return template.render(c=content_of(kind, content), mark=mark, style=style)


def by_group(tables: tuple[ResultTable, ...]) -> Iterator[tuple[str, list[ResultTable]]]:
    """Yield the tables of each group of points: as found and as left stand together."""
    for title, members in groupby(tables, key=lambda table: table.title):
        yield title, list(members)


def column(values: list[Decimal | None]) -> list[str]:
    """Return one CSS class per value that sets its decimal point under the others'.

    A right-aligned figure with fewer decimals is moved left by the digits that it lacks, which
    costs no element and leaves the text as it was.
    """
    places = [figures.decimals(value) if value is not None else None for value in values]
    most = max((place for place in places if place is not None), default=0)
    return [
        "" if place is None or place == most else f"i{most}" if place == 0 else f"p{most - place}"
        for place in places
    ]


@pass_context
def _moment(context: Context, value: datetime | None) -> str:
    return figures.moment(value, context["c"].branding.time_zone)


def _make_environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters.update(
        number=figures.number,
        signed=figures.signed,
        day=figures.day,
        moment=_moment,
        money=figures.money,
        raised=figures.raised,
        unit=figures.with_unit,
    )
    environment.globals.update(
        limits=figures.limits,
        span=figures.span,
        days=figures.days,
        qr=qr_svg,
        chart=error_chart,
        deviations=deviation_chart,
        by_group=by_group,
        column=column,
        Mark=Mark,
        Verdict=Verdict,
        dof=figures.degrees_of_freedom,
    )
    return environment


_ENVIRONMENT = _make_environment()
