"""What a customer does in the portal, as the journeys let them."""

import base64
import io
import re

from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader

from tests.journeys.conftest import PASSWORD
from tests.journeys.deeds import LONG, dialog

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
# The browser asks, with the customer's own session, and hands the bytes on as text.
FETCH = """async (path) => {
  const bytes = new Uint8Array(await (await fetch(path)).arrayBuffer());
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}"""


def portal_of(persona, name: str, **context) -> Page:
    """Let a customer sign in and come to the portal."""
    page = persona(name, **context).page
    expect(page).to_have_url(re.compile("/portal/"), timeout=LONG)
    return page


def answer_inquiry(page: Page, answer: str) -> None:
    """Answer what the laboratory has to know before it can go on."""
    page.get_by_role("button", name="Answer", exact=True).click()
    box = dialog(page)
    box.get_by_label("Answer").fill(answer)
    box.get_by_role("button", name="Send the answer").click()
    expect(box).to_be_hidden(timeout=LONG)


def decision_on(page: Page, tag: str) -> Locator:
    """Return the card of a decision that waits for the customer."""
    return page.locator(".ask").filter(has_text=tag)


def decide(page: Page, tag: str, words: str | re.Pattern[str]) -> None:
    """Decide on an item, and sign."""
    decision_on(page, tag).get_by_role("button", name=words).click()
    box = dialog(page)
    box.get_by_label("Password", exact=True).fill(PASSWORD)
    box.get_by_role("button", name="Sign").click()
    expect(box).to_be_hidden(timeout=LONG)
    expect(decision_on(page, tag)).to_have_count(0, timeout=LONG)


def library(page: Page) -> None:
    """Open the library of certificates."""
    page.get_by_role("link", name="Certificates").first.click()
    expect(page.get_by_role("heading", name="Certificates")).to_be_visible(timeout=LONG)


def paper_of(page: Page, tag: str) -> str:
    """Download the certificate of an item from the library; return what it says."""
    row = page.locator(".rows > *").filter(has_text=tag)
    path = row.get_by_role("link", name="PDF").get_attribute("href", timeout=LONG)
    paper = PdfReader(io.BytesIO(base64.b64decode(page.evaluate(FETCH, path))))
    return " ".join(each.extract_text() for each in paper.pages)


def answer_to(page: Page, path: str) -> int:
    """Return the status with which the site answers this customer's browser."""
    return page.evaluate("path => fetch(path).then(answer => answer.status)", path)
