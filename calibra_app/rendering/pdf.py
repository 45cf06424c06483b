"""Content to HTML to PDF: same content, same bytes, and nothing fetched from anywhere.

Why WeasyPrint stays warm: importing it and reading the fonts costs more than a whole certificate,
so the stylesheet and the fonts are read once a process; `warm_up` does it before the first job.
"""

import gc
import hashlib
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from functools import cache
from io import BytesIO
from typing import Any

from pydyf import PDF
from weasyprint import CSS, HTML, Attachment
from weasyprint.document import Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from calibra_app.rendering.blocks import Mark
from calibra_app.rendering.certificate import CertificateContent
from calibra_app.rendering.content import Content, canonical_json
from calibra_app.rendering.html import TEMPLATES, DocumentKind, body_html, content_of

LAYOUT_VERSION = "1"
"""Part of every file's identity: raised when a template, a font or the engine changes the bytes."""

FONTS = TEMPLATES.parent / "fonts"
_YOUNG, _MIDDLE, _OLD = 100_000, 50, 100


class OutsideAddress(ValueError):
    """A document tried to fetch something; nothing is ever fetched while printing."""


class NothingFromOutside(URLFetcher):
    """Answers `data:` addresses, which hold what they name, and refuses every other one."""

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        """Return the bytes inside a `data:` address; raise OutsideAddress for any other."""
        if not url.startswith("data:"):
            raise OutsideAddress("a document may not fetch anything")
        return super().fetch(url, headers)


class OwnFontsOnly(URLFetcher):
    """Answers the font files that ship with the project, for our own stylesheet alone."""

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        """Return a font file of ours; raise OutsideAddress for anything else."""
        if url not in {path.as_uri() for path in FONTS.glob("*.ttf")}:
            raise OutsideAddress("the stylesheet may only fetch its fonts")
        return super().fetch(url, headers)


class WrongEnclosure(ValueError):
    """A file to be enclosed is not the one that the content names, or cannot be had."""


def to_pdf(
    kind: DocumentKind | str,
    content: Content | Mapping[str, Any],
    mark: Mark = Mark.NONE,
    file_of: Callable[[str], bytes] | None = None,
) -> bytes:
    """Print a document.

    Args:
        kind: Which document.
        content: Its content, or the JSON in which it was stored.
        mark: What is written across every page; the frozen content does not hold it.
        file_of: Returns the stored file with a digest, for what the content encloses.

    Raises:
        UnreadableContent: The stored JSON is not of that kind.
        WrongEnclosure: A file to be enclosed is not the one that the content names.
    """
    frozen = content_of(kind, content)
    enclosed = _enclosed(frozen, file_of) if isinstance(frozen, CertificateContent) else []
    return _print(body_html(kind, frozen, mark), identity(kind, frozen, mark), enclosed)


def identity(
    kind: DocumentKind | str, content: Content | Mapping[str, Any], mark: Mark = Mark.NONE
) -> str:
    """Return the digest that names a printed file: layout, kind, mark and content."""
    frozen = content_of(kind, content)
    named = {
        "layout": LAYOUT_VERSION,
        "kind": str(kind),
        "mark": mark.value,
        "content": frozen.to_json(),
    }
    return hashlib.sha256(canonical_json(named)).hexdigest()


def warm_up() -> None:
    """Read stylesheet and fonts and print once, then spare later collections what will stay."""
    _print("<!doctype html><html lang=en><title>-</title><body><b>0</b> 1</body></html>", "0" * 64)
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, _MIDDLE, _OLD)


def _enclosed(
    content: CertificateContent, file_of: Callable[[str], bytes] | None
) -> list[Attachment]:
    attachments: list[Attachment] = []
    for enclosure in content.enclosures:
        data = file_of(enclosure.sha256) if file_of else b""
        if hashlib.sha256(data).hexdigest() != enclosure.sha256:
            raise WrongEnclosure(f"{enclosure.name} is not the file that was accepted.")
        day = content.issued_on or date.min
        moment = datetime(day.year, day.month, day.day, tzinfo=UTC)
        attachments.append(
            Attachment(
                file_obj=BytesIO(data),
                name=enclosure.name,
                description=enclosure.description,
                created=moment,
                modified=moment,
                relationship="Supplement",
            )
        )
    return attachments


def _print(html: str, digest: str, enclosed: list[Attachment] | None = None) -> bytes:
    fonts, style = _press()
    page = HTML(string=html, url_fetcher=NothingFromOutside())
    printed = page.write_pdf(
        font_config=fonts,
        stylesheets=[style],
        pdf_variant="pdf/a-3a",
        pdf_identifier=digest[:32].encode(),
        attachments=enclosed,
        finisher=_list_enclosures_once,
    )
    if printed is None:
        raise RuntimeError("the press gave no bytes")
    return printed


@cache
def _press() -> tuple[FontConfiguration, CSS]:
    fonts = FontConfiguration()
    sheet = (TEMPLATES / "fonts.css").read_text() + (TEMPLATES / "print.css").read_text()
    style = CSS(
        string=sheet, base_url=FONTS.as_uri() + "/", font_config=fonts, url_fetcher=OwnFontsOnly()
    )
    return fonts, style


def _list_enclosures_once(_document: Document, pdf: PDF) -> None:
    """Name every enclosed file once in the catalogue, where WeasyPrint names it twice."""
    listed = pdf.catalog.get("AF")
    if listed:
        listed[:] = list(dict.fromkeys(listed))
