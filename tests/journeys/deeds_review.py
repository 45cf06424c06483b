"""What reviewers and signatories do on the screens, as the journeys let them."""

import re

from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.journeys.deeds import LONG, accept_review, certificate_of, dialog, sign


def in_the_queue(persona, tag: str, name: str = "Jonas Weber") -> Page:
    """Let somebody choose a line in the queue of technical review."""
    page = persona(name).goes("/review/")
    page.get_by_role("button", name=re.compile(tag)).first.click()
    expect(page.get_by_role("region", name=re.compile(tag))).to_be_visible(timeout=LONG)
    return page


def review(persona, tag: str) -> None:
    """Let the reviewer accept a line."""
    accept_review(in_the_queue(persona, tag))


def authorize(persona, tag: str, signatory: str) -> Page:
    """Let a signatory authorize a certificate; return the page once it is printed."""
    page = certificate_of(persona, signatory, tag)
    page.get_by_role("button", name="Authorize…").click()
    sign(page, "Sign and issue")
    # The worker prints it while the page stays open.
    expect(page.get_by_role("link", name="Download PDF")).to_be_visible(timeout=2 * LONG)
    return page


def downloaded(page: Page) -> str:
    """Return the text of the certificate that is shown, once the worker has printed it."""
    download = page.get_by_role("link", name="Download PDF")
    expect(download).to_be_visible(timeout=2 * LONG)
    with page.expect_download() as begun:
        download.click()
    paper = PdfReader(begun.value.path())
    return " ".join(sheet.extract_text() for sheet in paper.pages)


def flag(page: Page, point: str, repeat: int, remark: str) -> None:
    """Ask about one reading of the line that is shown."""
    readings = page.get_by_role("table", name="Readings and results")
    readings.get_by_role("button", name=re.compile(rf"^{re.escape(point)}, R{repeat}:")).click()
    box = dialog(page)
    box.get_by_label("Remark").fill(remark)
    box.get_by_role("button", name="Flag reading").click()
    expect(box).to_be_hidden(timeout=LONG)


def return_cells(page: Page, reason: str) -> None:
    """Give the flagged readings back to who measured them."""
    page.get_by_role("button", name=re.compile(r"^Return \d+ cell")).click()
    box = dialog(page)
    box.get_by_label("Reason").fill(reason)
    box.get_by_role("button", name=re.compile(r"^Return \d+ cell")).click()
    expect(box).to_be_hidden(timeout=LONG)


def digest_of_results(page: Page) -> str:
    """Return the digest of the results of the certificate that is shown."""
    page.get_by_role("tab", name="Data").click()
    digest = page.get_by_text(re.compile("^[0-9a-f]{64}$")).first
    expect(digest).to_be_visible(timeout=LONG)
    return digest.inner_text()
