"""What front desk and finance do on the screens, as the journeys let them."""

import re
from collections.abc import Iterable

from playwright.sync_api import Page, expect

from tests.journeys.deeds import LONG, dialog


def ask_customer(page: Page, question: str) -> None:
    """Ask what the review has to know, from the page of the request."""
    page.get_by_label("Everything that is possible").click()
    page.get_by_role("button", name="Ask the customer").click()
    box = dialog(page)
    box.get_by_label("Question").fill(question)
    box.get_by_role("button", name="Ask the customer").click()
    expect(box).to_be_hidden(timeout=LONG)


def mark_for_provider(page: Page, tag: str, provider: str) -> None:
    """Say in the review that an external provider does this line."""
    page.get_by_role("tab", name="Review").click()
    card = page.locator(".card").filter(has_text=tag)
    card.get_by_role("button", name="Mark").click()
    box = dialog(page)
    box.get_by_label("by an external provider").check()
    box.get_by_role("combobox", name="Provider").select_option(label=provider)
    box.get_by_role("button", name="Mark line").click()
    expect(card.get_by_text(provider)).to_be_visible(timeout=LONG)


def send_offer(page: Page) -> None:
    """Send the offer that is shown to its customer."""
    page.get_by_role("button", name="Send to customer").click()
    box = dialog(page)
    box.get_by_role("button", name="Send offer").click()
    expect(box).to_be_hidden(timeout=LONG)


def record_payment(page: Page, number: str, amount: str) -> None:
    """Open the invoice of a request, and record that it was paid in full."""
    page.get_by_role("row", name=re.compile(number)).get_by_role("link").first.click()
    page.get_by_role("button", name="Record payment").click()
    box = dialog(page)
    expect(box.get_by_label("Amount")).to_have_value(amount)
    box.get_by_label("Reference").fill("Bank, 4 December")
    box.get_by_role("button", name="Record payment").click()
    expect(box).to_be_hidden(timeout=LONG)


def confirm_delivery(page: Page, number: str, name: str) -> None:
    """Record on the page of dispatch that a shipment arrived."""
    page.get_by_role("button", name="On its way").click()
    page.get_by_role("button", name=number).click()
    page.get_by_role("button", name="Confirm delivery").click()
    box = dialog(page)
    box.get_by_label("Received by").fill(name)
    box.get_by_label("How it is known").fill("Courier's proof 8812")
    box.get_by_role("button", name="Confirm delivery").click()
    expect(box).to_be_hidden(timeout=LONG)


def scan_into_request(page: Page, tags: Iterable[str]) -> None:
    """Scan the labels of items into a request that is being written."""
    label = page.get_by_label("Scan a label")
    expect(label).to_be_enabled(timeout=LONG)
    for tag in tags:
        label.fill(tag)
        label.press("Enter")
        expect(page.get_by_label(f"How soon: {tag}")).to_be_visible(timeout=LONG)
        # The field is emptied for the next label; typed before, it would be lost.
        expect(label).to_have_value("", timeout=LONG)


def ship_box(page: Page, tags: Iterable[str]) -> None:
    """Scan items into the box that is open, and hand it to the courier."""
    label = page.get_by_label("Scan tag, serial number or label")
    for packed, tag in enumerate(tags, 1):
        label.fill(tag)
        label.press("Enter")
        expect(page.get_by_text("in the box", exact=True)).to_have_count(packed, timeout=LONG)
    page.get_by_label("Courier").fill("Night courier")
    page.get_by_label("Tracking number").fill("NC-0412")
    page.get_by_role("button", name="Ship", exact=True).click()
    expect(page.get_by_role("button", name="Confirm delivery")).to_be_visible(timeout=LONG)
