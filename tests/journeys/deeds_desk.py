"""What the front desk, the dispatcher and finance do on the screens, as the journeys let them."""

import io
import re

from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader

from tests.journeys.deeds import (
    LONG,
    NUMBER,
    TAGS,
    answer_review,
    dialog,
    link_of_the_offer,
    of_request,
    primary,
)

WRENCH, MULTIMETER = TAGS[2], TAGS[3]
# What the browser gets from an address, with its own session.
FETCH = """async (path) => Array.from(new Uint8Array(await (await fetch(path)).arrayBuffer()))"""
QUOTATION = re.compile("Q-2026-0305 R0")


def write_request(persona) -> None:
    """Write the request at the desk: four scanned labels, one urgent item, handed in."""
    page = persona("Asha Rao").goes("/requests/new/")
    page.get_by_role("combobox", name="Customer").fill("Kestrel")
    page.get_by_role("option", name=re.compile("Kestrel Aero Components")).click()
    label = page.get_by_label("Scan a label")
    expect(label).to_be_enabled(timeout=LONG)
    for tag in TAGS:
        label.fill(tag)
        label.press("Enter")
        expect(page.get_by_label(f"How soon: {tag}")).to_be_visible(timeout=LONG)
        expect(page).to_have_url(re.compile(r"srf="), timeout=LONG)
        # The field is emptied for the next label; typed before, it would be lost.
        expect(label).to_have_value("", timeout=LONG)
    for tag in TAGS[:3]:
        expect(_item(page, tag)).to_contain_text(re.compile("100 %.*in scope"), timeout=LONG)
    last = _item(page, MULTIMETER)
    expect(last).to_contain_text(re.compile("86 %.*Missing: urgent, promise date"))
    _promise(page)
    expect(last).to_contain_text("100 %")
    expect(page.get_by_text("Every item has what its procedure asks for.")).to_be_visible()
    primary(page, "Submit request").click()
    expect(page.get_by_role("heading", name=NUMBER)).to_be_visible(timeout=LONG)


def _item(page: Page, tag: str) -> Locator:
    return page.get_by_role("table", name="Items of the request").get_by_role("row", name=tag)


def _promise(page: Page) -> None:
    """Promise the multimeter for tomorrow, which is doubted, then for Thursday."""
    page.get_by_label(f"How soon: {MULTIMETER}").select_option("urgent")
    promised = page.get_by_label(f"Promised for: {MULTIMETER}")
    promised.fill("2026-12-01")
    told = _item(page, MULTIMETER).get_by_role("status")
    expect(told).to_contain_text("Too early", timeout=LONG)
    promised.fill("2026-12-03")
    expect(told).to_contain_text("Daniel Ortiz · STD-E-001", timeout=LONG)


def answer_the_review(persona) -> None:
    """Answer the contract review: the front desk its part, the senior technician hers."""
    page = of_request(persona, "Asha Rao")
    primary(page, "Start review").click()
    answer_review(page)
    answer_review(of_request(persona, "Ruth Okoye"))
    expect(page.get_by_text("Reviewed", exact=True)).to_have_count(4, timeout=LONG)


def receive_items(persona) -> None:
    """Take the four items in; the torque wrench has a dent, which is written down with a photo."""
    page = of_request(persona, "Asha Rao")
    page.get_by_role("button", name="Receive items").click()
    box = dialog(page)
    box.get_by_label("Shelf").fill("A3")
    for field, tag in zip(box.get_by_label("Scanned label").all(), TAGS, strict=True):
        field.fill(tag)
    box.get_by_label("Condition", exact=True).nth(TAGS.index(WRENCH)).select_option("damaged")
    box.get_by_label("Accessories").nth(TAGS.index(WRENCH)).fill("case")
    take = box.get_by_role("button", name="Take into custody")
    take.click()
    # A condition that is not in order is described and shown; nothing typed is lost meanwhile.
    expect(box.get_by_text("Say what is wrong with the item.")).to_be_visible(timeout=LONG)
    expect(box.get_by_label("Remark").nth(TAGS.index(WRENCH))).to_be_focused(timeout=LONG)
    expect(box.get_by_label("Accessories").nth(TAGS.index(WRENCH))).to_have_value("case")
    box.get_by_label("Remark").nth(TAGS.index(WRENCH)).fill("Dent at the head")
    take.click()
    expect(box.get_by_text("Add a photo of the condition.")).to_be_visible(timeout=LONG)
    box.get_by_label("Photo of the condition").nth(TAGS.index(WRENCH)).set_input_files(
        {"name": "dent.png", "mimeType": "image/png", "buffer": page.screenshot()}
    )
    expect(box.get_by_role("listitem").filter(has_text="dent.png")).to_be_visible(timeout=LONG)
    expect(page.get_by_text("dent.png is stored.")).to_be_visible(timeout=LONG)
    take.click()
    expect(box).to_be_hidden(timeout=LONG)
    expect(page.get_by_text("Here", exact=True)).to_have_count(4, timeout=LONG)
    _look_at_labels(page)


def _look_at_labels(page: Page) -> None:
    page.get_by_role("tab", name="Documents").click()
    printed = page.get_by_role("row", name=re.compile("Item labels"))
    link = printed.get_by_role("link", name="Open")
    expect(link).to_be_visible(timeout=2 * LONG)
    paper = PdfReader(io.BytesIO(bytes(page.evaluate(FETCH, link.get_attribute("href")))))
    text = " ".join(sheet.extract_text() for sheet in paper.pages)
    assert [tag for tag in TAGS if tag not in text] == []
    page.get_by_role("tab", name="Custody").click()
    expect(page.get_by_role("row", name=re.compile("Dent at the head"))).to_contain_text("Photo")


def make_offer(persona) -> None:
    """Make the offer of 352.75 and send it to the customer's approver."""
    page = of_request(persona, "Asha Rao")
    primary(page, "Make an offer").click()
    expect(page.get_by_role("heading", name=QUOTATION)).to_be_visible(timeout=LONG)
    expect(page.get_by_text("352.75").first).to_be_visible(timeout=LONG)
    expect(
        page.get_by_role("row", name=re.compile(f"{MULTIMETER} 1 155.00 25 193.75"))
    ).to_be_visible()
    expect(page.get_by_text(re.compile("Reverse charge")).first).to_be_visible()
    page = of_request(persona, "Asha Rao")
    primary(page, "Send the offer").click()
    expect(page.get_by_role("heading", name=QUOTATION)).to_be_visible(timeout=LONG)
    page.get_by_role("button", name="Send to customer").click()
    box = dialog(page)
    box.get_by_role("button", name="Send offer").click()
    expect(box).to_be_hidden(timeout=LONG)
    expect(page.get_by_text("Sent to yara.haddad@meridian.example")).to_be_visible(timeout=LONG)


def accept_by_the_link(persona, site) -> None:
    """Let the customer accept; the desk sees it at once, and the damaged item waits for a word."""
    asha = of_request(persona, "Asha Rao")
    expect(asha.get_by_text("Awaiting approval", exact=True).first).to_be_visible(timeout=LONG)
    yara = persona("Yara Haddad", sign_in=False).page
    yara.goto(link_of_the_offer(yara, site))
    expect(yara.get_by_text("352.75").first).to_be_visible()
    yara.get_by_label("Your name").first.fill("Yara Haddad")
    yara.get_by_role("button", name="Accept this offer").click()
    expect(yara.get_by_text("You have accepted this offer")).to_be_visible(timeout=LONG)
    # The items are here already, so the request goes on to the laboratory at once.
    expect(asha.get_by_text("Awaiting approval", exact=True)).to_have_count(0, timeout=LONG)
    expect(asha.get_by_text("Received", exact=True).first).to_be_visible(timeout=LONG)
    expect(asha.get_by_text(f"Waiting for the customer: {WRENCH}")).to_be_visible(timeout=LONG)
    asha.get_by_role("button", name="Record the answer").click()
    box = dialog(asha)
    expect(box).to_contain_text("The item arrived damaged: Dent at the head")
    box.get_by_label("Go on").check()
    box.get_by_label("How this is known").fill("Yara Haddad by phone, 30 November 14:20")
    box.get_by_role("button", name="Record the decision").click()
    expect(box).to_be_hidden(timeout=LONG)
    expect(asha.get_by_text(f"Waiting for the customer: {WRENCH}")).to_be_hidden(timeout=LONG)


def scan_anywhere(page: Page, code: str) -> None:
    """Let a hand scanner type a code, as quickly as one does, with no field chosen."""
    page.evaluate(
        """(code) => [...code, "Enter"].forEach((key) => document.body.dispatchEvent(
          new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true })))""",
        code,
    )


def issue_invoice(persona) -> None:
    """Issue the invoice as offered; K2's certificates are released by it."""
    page = persona("Grace Liu").goes("/invoices/")
    page.get_by_role("button", name=NUMBER).click()
    box = dialog(page)
    expect(box.get_by_text("352.75").first).to_be_visible(timeout=LONG)
    expect(box.get_by_text(re.compile("Reverse charge"))).to_be_visible()
    box.get_by_role("button", name="Issue invoice").click()
    expect(box).to_be_hidden(timeout=LONG)
    row = page.get_by_role("row", name=re.compile(f"{NUMBER}.*352.75"))
    expect(row.first).to_be_visible(timeout=LONG)


def record_payment(persona) -> None:
    """Write down that the whole sum came in."""
    page = persona("Grace Liu").goes("/invoices/")
    page.get_by_role("row", name=re.compile(f"{NUMBER}.*352.75")).get_by_role("link").first.click()
    page.get_by_role("button", name="Record payment").click()
    box = dialog(page)
    box.get_by_label("Amount").fill("352.75")
    box.get_by_role("button", name="Record payment").click()
    expect(box).to_be_hidden(timeout=LONG)
    expect(page.get_by_text("Paid", exact=True).first).to_be_visible(timeout=LONG)


def send_items_home(persona) -> None:
    """Pack every item by its label, ship the box, and confirm its delivery."""
    page = persona("Asha Rao").goes("/dispatch/")
    page.get_by_role("button", name=NUMBER).click()
    label = page.get_by_label("Scan tag, serial number or label")
    label.fill("NB-RTD-203")
    label.press("Enter")
    expect(page.get_by_text("No item is labelled “NB-RTD-203”.")).to_be_visible(timeout=LONG)
    for packed, tag in enumerate(TAGS, 1):
        label.fill(tag)
        label.press("Enter")
        expect(page.get_by_text("in the box", exact=True)).to_have_count(packed, timeout=LONG)
    page.get_by_label("Courier").fill("Night courier")
    page.get_by_label("Tracking number").fill("NC-0412")
    page.get_by_role("button", name="Ship", exact=True).click()
    page.get_by_role("button", name="Confirm delivery").first.click()
    box = dialog(page)
    box.get_by_label("Received by").fill("Desk")
    box.get_by_label("How it is known").fill("Courier's proof 8812")
    box.get_by_role("button", name="Confirm delivery").click()
    expect(box).to_be_hidden(timeout=LONG)
    page = of_request(persona, "Asha Rao")
    expect(page.get_by_text("Delivered", exact=True).first).to_be_visible(timeout=LONG)
