"""Printing fetches nothing from anywhere, and every kind of paper says what it should."""

import threading
from base64 import b64encode
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO

import pytest
from pypdf import PdfReader

from calibra_app.rendering.html import DocumentKind, to_html
from calibra_app.rendering.pdf import (
    FONTS,
    NothingFromOutside,
    OutsideAddress,
    OwnFontsOnly,
    to_pdf,
)
from tests.rendering.certificates import MICROMETER
from tests.rendering.papers import LABELS, PAPERS
from tests.rendering.parts import BRANDING, data_uri
from tests.rendering.quotations import QUOTATION

SAYS = {
    DocumentKind.SRF: ("SRF-2026-0414", "BF-PG-009", "EN 837-1, class 1.0", "Olaf Berg"),
    DocumentKind.CONTRACT_REVIEW: ("Partly", "CMC row E-17", "Nordic Power Lab"),
    DocumentKind.QUOTATION: ("Q-2026-0307 R1", "483.50 EUR", "96.70 EUR", "580.20 EUR"),
    DocumentKind.RECEIPT: ("Abnormal: Glass scratched", "2 photographs", "Asha Rao"),
    DocumentKind.LABELS: ("SRF-2026-0414 / 1", "Calibrated", "Rejected – do not use"),
    DocumentKind.SHEET: ("25.001 25.001 25.002", "0.4016", "+1.40", "28", "25.020", "Typing error"),
    DocumentKind.CERTIFICATE: ("MM-26-0413-01", "+1.40"),
    DocumentKind.INVOICE: ("INV-2026-0211", "352.75 EUR", "Tax (reverse charge)", "liable"),
    DocumentKind.DELIVERY_NOTE: ("DN-2026-0098", "00340434161094", "MM-26-0414-01"),
    DocumentKind.VALIDATION: ("SV-2026-0003", "2 of 2 worked examples", "1.8*", "Python 3.13.1"),
}


def words_of(printed: bytes) -> str:
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(printed)).pages)
    return " ".join(text.split())


@pytest.mark.parametrize("kind", DocumentKind)
def test_every_paper_says_on_paper_and_on_screen_what_it_should(kind):
    paper = words_of(to_pdf(kind, PAPERS[kind].to_json()))
    screen = to_html(kind, PAPERS[kind])
    for words in SAYS[kind]:
        assert words in paper
    assert "<!doctype html>" in screen
    assert "@media screen" in screen


@pytest.mark.parametrize("kind", DocumentKind)
def test_every_paper_is_printed_to_the_same_bytes_twice(kind):
    assert to_pdf(kind, PAPERS[kind]) == to_pdf(kind, PAPERS[kind])


def test_each_label_is_one_small_page():
    pages = PdfReader(BytesIO(to_pdf("labels", LABELS))).pages
    assert len(pages) == len(LABELS.labels)
    millimetre = 72 / 25.4
    width, height = float(pages[0].mediabox.width), float(pages[0].mediabox.height)
    assert (width, height) == pytest.approx((62 * millimetre, 29 * millimetre), abs=0.5)


def test_a_quotation_without_tax_gives_the_reason():
    free = replace(QUOTATION, tax_reason="Reverse charge.", tax=QUOTATION.tax * 0)
    assert "Reverse charge." in words_of(to_pdf("quotation", free))


@pytest.fixture
def listener():
    """A server that remembers who asked for what."""
    asked: list[str] = []

    class Remember(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Remember)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_logo_that_points_outside_fetches_nothing(listener, tmp_path):
    address, asked = listener
    secret = tmp_path / "secret.svg"
    secret.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><text y="5">SECRET</text></svg>'
    )
    inside = "".join(
        f'<image href="{target}" width="9" height="9"/><use href="{target}#a"/>'
        f'<style>@import url("{target}");</style>'
        for target in (f"{address}/in-svg", secret.as_uri())
    )
    svg = (
        '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">'
        f"{inside}</svg>"
    )
    for logo in (f"{address}/logo.png", secret.as_uri(), data_uri(svg)):
        branding = replace(BRANDING, logo=logo, accreditation_symbol=logo)
        printed = to_pdf("certificate", replace(MICROMETER, branding=branding))
        assert "MM-26-0413-01" in words_of(printed)
        assert "SECRET" not in words_of(printed)
    assert asked == []


def test_a_brand_colour_cannot_smuggle_a_style(listener):
    address, asked = listener
    colour = f"red}}body{{background:url({address}/css)}}"
    branding = replace(BRANDING, brand_colour=colour)
    to_pdf("certificate", replace(MICROMETER, branding=branding))
    assert asked == []
    assert address not in to_html("certificate", replace(MICROMETER, branding=branding))


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1/", "https://example.org/", "file:///etc/passwd", "ftp://x/y", "//x"],
)
def test_a_document_s_fetcher_refuses_every_address(address):
    with pytest.raises(OutsideAddress):
        NothingFromOutside().fetch(address)
    with pytest.raises(OutsideAddress):
        OwnFontsOnly().fetch(address)


def test_what_a_data_address_holds_is_its_own():
    address = "data:text/plain;base64," + b64encode(b"here").decode()
    assert NothingFromOutside().fetch(address).read() == b"here"


def test_the_fonts_and_their_licence_ship_together():
    assert {path.name for path in FONTS.iterdir()} == {
        "Inter-Regular.ttf",
        "Inter-SemiBold.ttf",
        "OFL.txt",
    }
    assert "SIL OPEN FONT LICENSE" in (FONTS / "OFL.txt").read_text()
