"""A request of the sample week on screen: intake, offer, bench, review, certificate, delivery."""

import re
from urllib.parse import urlsplit

from playwright.sync_api import expect
from pypdf import PdfReader

from calibra_app.demo.readings import observation
from tests.journeys.deeds import (
    LONG,
    MICROMETER,
    NUMBER,
    TAGS,
    accept_review,
    answer_review,
    assign,
    at_the_sheet,
    cells_of,
    certificate_of,
    dialog,
    link_of_the_offer,
    number_of,
    of_request,
    primary,
    sign,
    sign_sheet,
    start_sheet,
    verification_of,
)

TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = 1, 2, 3, 4
OTHERS = (
    ("KA-CAL-0044", "Mei Lin", "Kenji Mori"),
    ("KA-TRQ-012", "Tomasz Nowak", "Helena Brandt"),
    ("KA-DMM-031", "Daniel Ortiz", "Helena Brandt"),
)
QUOTATION = re.compile("Q-2026-0305 R0")
# What a spreadsheet puts into the clipboard, pasted into the cell.
PASTE = """(input, text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  const options = { clipboardData: data, bubbles: true, cancelable: true };
  input.dispatchEvent(new ClipboardEvent("paste", options));
}"""


def test_a_request_becomes_a_certificate(persona, site):
    # One story in one test: each step stands on the one before.
    _request_is_written(persona)
    _review_is_answered(persona)
    _items_arrive_and_offer_is_made(persona)
    _offer_goes_out(persona)
    _customer_accepts_by_the_link(persona, site)
    _work_is_assigned(persona, site)
    _sheet_is_prepared(persona, site)
    _readings_are_typed(persona)
    _sheet_is_signed(persona)
    _review_is_accepted(persona)
    _certificate_is_authorized(persona)


def test_the_request_is_finished_invoiced_and_delivered(persona, site):
    # It goes on where the story above ends.
    site.at(TUESDAY, 10)
    for tag, technician, _ in OTHERS:
        assign(persona, tag, technician)
    site.at(WEDNESDAY, 10)
    for tag, technician, _ in OTHERS:
        _measure(persona, tag, technician)
    site.at(THURSDAY, 9)
    for tag, _, signatory in OTHERS:
        _accept_review(persona, tag)
        _authorize(persona, tag, signatory)
    site.at(FRIDAY, 9)
    _invoice_is_issued(persona)
    _items_go_home(persona, site)


def _request_is_written(persona):
    asha = persona("Asha Rao")
    page = asha.goes("/requests/new/")
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
    urgent = page.get_by_label("How soon: KA-DMM-031")
    urgent.select_option("urgent")
    page.get_by_label("Promised for: KA-DMM-031").fill("2026-12-03")
    usual = page.get_by_role("button", name="Fill what is open as usual")
    usual.click()
    expect(usual).to_be_hidden(timeout=LONG)
    expect(urgent).to_have_value("urgent")
    primary(page, "Submit request").click()
    expect(page.get_by_role("heading", name=NUMBER)).to_be_visible(timeout=LONG)


def _review_is_answered(persona):
    page = of_request(persona, "Asha Rao")
    primary(page, "Start review").click()
    answer_review(page)
    answer_review(of_request(persona, "Ruth Okoye"))
    expect(page.get_by_text("Reviewed", exact=True)).to_have_count(4, timeout=LONG)


def _items_arrive_and_offer_is_made(persona):
    page = of_request(persona, "Asha Rao")
    page.get_by_role("button", name="Receive items").click()
    box = dialog(page)
    box.get_by_label("Shelf").fill("A3")
    for field, tag in zip(box.get_by_label("Scanned label").all(), TAGS, strict=True):
        field.fill(tag)
    box.get_by_role("button", name="Take into custody").click()
    expect(box).to_be_hidden(timeout=LONG)
    expect(page.get_by_text("Here", exact=True)).to_have_count(4, timeout=LONG)
    primary(page, "Make an offer").click()
    expect(page.get_by_role("heading", name=QUOTATION)).to_be_visible(timeout=LONG)
    expect(page.get_by_text("352.75").first).to_be_visible(timeout=LONG)
    expect(
        page.get_by_role("row", name=re.compile("KA-DMM-031 1 155.00 25 193.75"))
    ).to_be_visible()
    expect(page.get_by_text(re.compile("Reverse charge")).first).to_be_visible()


def _offer_goes_out(persona):
    page = of_request(persona, "Asha Rao")
    primary(page, "Send the offer").click()
    expect(page.get_by_role("heading", name=QUOTATION)).to_be_visible(timeout=LONG)
    page.get_by_role("button", name="Send to customer").click()
    box = dialog(page)
    box.get_by_role("button", name="Send offer").click()
    expect(box).to_be_hidden(timeout=LONG)
    expect(page.get_by_text("Sent to yara.haddad@meridian.example")).to_be_visible(timeout=LONG)


def _customer_accepts_by_the_link(persona, site):
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


def _work_is_assigned(persona, site):
    site.at(TUESDAY, 9)
    assign(persona, MICROMETER, "Mei Lin")


def _sheet_is_prepared(persona, site):
    site.at(WEDNESDAY, 8)
    start_sheet(persona, "Mei Lin", MICROMETER)


def _measure(persona, tag: str, technician: str) -> None:
    page = start_sheet(persona, technician, tag)
    seen = observation(number_of(tag)).as_found
    block = "\n".join("\t".join(line.split()) for line in seen.values())
    first = page.get_by_role("grid").get_by_role("textbox").first
    first.focus()
    first.evaluate(PASTE, block)
    page.get_by_role("button", name=re.compile(r"^Accept \d+")).click()
    if tag == "KA-DMM-031":
        row = page.locator("[data-row='as_found-dc-voltage-200-v-10']")
        expect(row).to_contain_text(re.compile(r"10\.0040.*0\.0080.*Pass"), timeout=LONG)
        row.get_by_role("textbox").first.focus()
        expect(page.get_by_text(re.compile(r"k = 2\.12")).first).to_be_visible(timeout=LONG)
    expect(page.get_by_text("All changes saved")).to_be_visible(timeout=LONG)
    sign_sheet(page)


def _readings_are_typed(persona):
    mei = at_the_sheet(persona, "Mei Lin")
    ruth = persona("Ruth Okoye").goes(urlsplit(mei.url).path)
    expect(cells_of(ruth, "0 mm").first).to_be_visible(timeout=LONG)
    seen = observation(5).as_found
    cells_of(mei, "0 mm").first.focus()
    for text in " ".join(seen.values()).split():
        mei.keyboard.type(text)
        mei.keyboard.press("Enter")
    expect(mei.get_by_text("All changes saved")).to_be_visible(timeout=LONG)
    for page in (mei, ruth):
        for cell, text in zip(cells_of(page, "25 mm").all(), seen["25-mm"].split(), strict=True):
            expect(cell).to_have_value(text, timeout=LONG)
        last = page.get_by_role("row", name=re.compile(r" 25 mm "))
        expect(last).to_contain_text(re.compile(r"\+1\.40.*±2.*0\.84.*Cond. pass"), timeout=LONG)


def _sheet_is_signed(persona):
    sign_sheet(at_the_sheet(persona, "Mei Lin"))


def _review_is_accepted(persona):
    jonas = persona("Jonas Weber").goes("/review/")
    readings = jonas.get_by_role("table", name="Readings and results")
    row = readings.get_by_role("row", name=re.compile("25 mm"))
    expect(row).to_contain_text(re.compile(r"\+1\.40.*0\.84.*[Cc]ond"), timeout=LONG)
    accept_review(jonas)


def _accept_review(persona, tag: str) -> None:
    jonas = persona("Jonas Weber").goes("/review/")
    jonas.get_by_role("button", name=re.compile(tag)).first.click()
    expect(jonas.get_by_role("region", name=re.compile(tag))).to_be_visible(timeout=LONG)
    accept_review(jonas)


def _authorize(persona, tag: str, signatory: str) -> None:
    page = certificate_of(persona, signatory, tag)
    page.get_by_role("button", name="Authorize…").click()
    sign(page, "Sign and issue")
    expect(page.get_by_role("link", name="Download PDF")).to_be_visible(timeout=2 * LONG)


def _invoice_is_issued(persona):
    page = persona("Grace Liu").goes("/invoices/")
    page.get_by_role("button", name=NUMBER).click()
    box = dialog(page)
    expect(box.get_by_text("352.75").first).to_be_visible(timeout=LONG)
    expect(box.get_by_text(re.compile("Reverse charge"))).to_be_visible()
    box.get_by_role("button", name="Issue invoice").click()
    expect(box).to_be_hidden(timeout=LONG)
    row = page.get_by_role("row", name=re.compile(f"{NUMBER}.*352.75"))
    expect(row.first).to_be_visible(timeout=LONG)


def _items_go_home(persona, site):
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


def _certificate_is_authorized(persona):
    helena = certificate_of(persona, "Helena Brandt", MICROMETER)
    expect(helena.get_by_text(re.compile("dimensional", re.IGNORECASE)).first).to_be_visible()
    expect(helena.get_by_role("button", name="Authorize…")).to_have_count(0)
    kenji = certificate_of(persona, "Kenji Mori", MICROMETER)
    kenji.get_by_role("button", name="Authorize…").click()
    sign(kenji, "Sign and issue")
    # The worker prints it while the page stays open.
    download = kenji.get_by_role("link", name="Download PDF")
    expect(download).to_be_visible(timeout=2 * LONG)
    with kenji.expect_download() as begun:
        download.click()
    paper = PdfReader(begun.value.path())
    text = " ".join(page.extract_text() for page in paper.pages)
    for figure in ("1.40", "0.84", MICROMETER, "STD-D-003"):
        assert figure in text, figure
    public = persona("Somebody", sign_in=False).page
    public.goto(verification_of(kenji))
    expect(public.get_by_text("This certificate is valid")).to_be_visible()
    expect(public.get_by_text("Kestrel")).to_have_count(0)
