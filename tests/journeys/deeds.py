"""What people do on the screens of Calibra, as the journeys let them."""

import re
import time
from email import message_from_string, policy
from urllib.parse import urljoin

from playwright.sync_api import Locator, Page, expect

from calibra_app.demo.instruments import INSTRUMENTS
from calibra_app.demo.readings import observation
from tests.journeys.conftest import PASSWORD

MICROMETER = "KA-MIC-0007"
TAGS = (MICROMETER, "KA-CAL-0044", "KA-TRQ-012", "KA-DMM-031")
NUMBER = "SRF-2026-0412"
LONG = 90_000


def primary(page: Page, words: str | re.Pattern[str]) -> Locator:
    """Return a button or a link that looks like one, by its words."""
    return page.get_by_role("button", name=words).or_(page.get_by_role("link", name=words)).first


def dialog(page: Page) -> Locator:
    """Return the dialog that is open."""
    shown = page.get_by_role("dialog")
    expect(shown).to_be_visible(timeout=LONG)
    return shown


def sign(page: Page, words: str) -> None:
    """Sign in the dialog that is open, with the password again."""
    box = dialog(page)
    box.get_by_label("Password", exact=True).fill(PASSWORD)
    box.get_by_role("button", name=words).click()
    expect(box).to_be_hidden(timeout=LONG)


def of_request(persona, name: str) -> Page:
    """Let somebody find the request in the register."""
    someone = persona(name)
    page = someone.goes("/requests/")
    page.get_by_role("link", name=NUMBER).first.click()
    expect(page.get_by_role("heading", name=NUMBER)).to_be_visible(timeout=LONG)
    return page


def answer_review(page: Page) -> None:
    """Confirm what the system proposes, then say yes to what is still open for this person."""
    page.get_by_role("tab", name="Review").click()
    confirm = page.get_by_role("button", name=re.compile("Confirm proposals"))
    expect(confirm).to_be_visible(timeout=LONG)
    confirm.click()
    expect(confirm).to_be_hidden(timeout=LONG)
    for place in range(len(TAGS)):
        page.get_by_role("button", name="Answer", exact=True).nth(place).click()
        box = dialog(page)
        for choice in box.get_by_label("Answer").all():
            if choice.input_value() == "":
                choice.select_option("yes")
        box.get_by_role("button", name="Save answers").click()
        expect(box).to_be_hidden(timeout=LONG)


def link_of_the_offer(page: Page, site, titled: str = "Quotation") -> str:
    """Return the address in the letter that carries the offer, once the worker has sent it."""
    limit = time.monotonic() + LONG / 1000
    while time.monotonic() < limit:
        for raw in reversed(site.mail()):
            letter = message_from_string(raw, policy=policy.default)
            text = letter.get_body(("plain", "html")).get_content()
            found = re.search(r"https?://[^\s\"<>]+/q/[\w.~-]+/?", text)
            if found and titled in str(letter["subject"]):
                return found[0]
        page.wait_for_timeout(200)
    raise AssertionError("no letter holds a link to an offer")


def assign(persona, tag: str, technician: str) -> None:
    """Give an item to a technician on the board, by the menu of its card."""
    page = persona("Marco Bellini").goes("/board/")
    page.get_by_role("button", name=f"Move {tag} to…").click()
    menu = dialog(page)
    menu.get_by_role("button", name=re.compile("^Assigned")).click()
    box = page.get_by_role("dialog").filter(has=page.get_by_label("Person"))
    expect(box).to_be_visible(timeout=LONG)
    box.get_by_label("Day").fill("2026-12-02")
    chosen = box.get_by_role("option", name=re.compile(technician)).get_attribute("value")
    box.get_by_label("Person").select_option(chosen)
    box.get_by_role("button", name="Assign").click()
    expect(box).to_be_hidden(timeout=LONG)
    moved = page.locator("[data-slot$='|assigned']").get_by_role("group", name=tag)
    expect(moved).to_be_visible(timeout=LONG)


def start_sheet(persona, name: str, tag: str, *, prepared: bool = True) -> Page:
    """Begin the work on an item, and unless told otherwise: standards, room, warm-up."""
    page = persona(name).goes("/work/")
    row = page.get_by_role("row", name=re.compile(tag))
    row.get_by_role("button", name="Start").click()
    expect(page.get_by_role("heading", name=tag)).to_be_visible(timeout=LONG)
    if prepared:
        prepare_sheet(page, tag)
    return page


def declare_no_adjustment(page: Page) -> None:
    """Declare that nothing was adjusted."""
    page.get_by_role("button", name="Adjustment", exact=True).click()
    # The server holds this switch: it moves once the declaration is stored.
    declared = page.get_by_label("No adjustment: as left is as found")
    declared.click()
    expect(declared).to_be_checked(timeout=LONG)


def sign_sheet(page: Page, *, declared: bool = False) -> None:
    """Declare that nothing was adjusted, unless that was done before, and sign."""
    if not declared:
        declare_no_adjustment(page)
    page.get_by_role("button", name="Submit for review").click()
    sign(page, "Sign and submit")
    expect(page.get_by_role("button", name="Submit for review")).to_be_hidden(timeout=LONG)


def accept_review(page: Page) -> None:
    """Sign the review of the line that is shown."""
    page.get_by_role("button", name="Accept review…").click()
    sign(page, "Sign and accept")


def certificate_of(persona, name: str, tag: str) -> Page:
    """Let somebody open the certificate that waits for its signatory."""
    page = persona(name).goes("/certificates/")
    page.get_by_role("link", name=re.compile(tag)).click()
    expect(page.get_by_text("Signatures")).to_be_visible(timeout=LONG)
    return page


def verification_of(page: Page) -> str:
    """Return the public address of the certificate that is shown."""
    path = page.get_by_role("link", name="Verification page").get_attribute("href")
    return urljoin(page.url, path)


def cells_of(page: Page, point: str) -> Locator:
    """Return the fields of a measurement point."""
    return page.get_by_label(f"Measuring faces, {point}, reading")


def at_the_sheet(persona, name: str, tag: str = MICROMETER) -> Page:
    """Let somebody open the sheet of an item from the list of own work."""
    page = persona(name).goes("/work/")
    row = page.get_by_role("row", name=re.compile(tag))
    row.get_by_role("link", name="Open sheet").click()
    expect(page.get_by_role("heading", name=tag)).to_be_visible(timeout=LONG)
    return page


def number_of(tag: str) -> int:
    """Return the number of an instrument in the sample week."""
    return next(each.number for each in INSTRUMENTS if each.tag == tag)


def prepare_sheet(page: Page, tag: str) -> None:
    """Take the standards, write down the room at its lowest and highest, confirm the warm-up."""
    take_standards(page, tag)
    page.get_by_role("button", name="Read the room").click()
    read_room(page, tag)
    confirm_warm_up(page)


def take_standards(page: Page, tag: str) -> None:
    """Scan the standards that the work on an item wants."""
    sample = next(each for each in INSTRUMENTS if each.tag == tag)
    page.get_by_role("button", name=re.compile("Standards…|Pick a standard")).click()
    box = dialog(page)
    for taken, code in enumerate(sample.standards, 1):
        box.get_by_label("Scan or type a standard").fill(code)
        box.get_by_role("button", name="Take it").click()
        expect(box.get_by_role("button", name="Take off")).to_have_count(taken, timeout=LONG)
    page.keyboard.press("Escape")
    expect(box).to_be_hidden(timeout=LONG)


def read_room(page: Page, tag: str) -> None:
    """Write down the room in the dialog that is open, each quantity at its lowest and highest."""
    box = page.get_by_role("dialog").filter(has=page.get_by_label("Instrument that shows it"))
    expect(box).to_be_visible(timeout=LONG)
    box.get_by_label("Instrument that shows it").fill("TH-D1")
    known = box.get_by_role("button", name="Replace…").count()
    for quantity, ends in observation(number_of(tag)).environment.items():
        for value in ends:
            box.get_by_label("Quantity").select_option(quantity)
            box.get_by_label("Reading", exact=True).fill(str(value))
            box.get_by_role("button", name="Save reading").click()
            known += 1
            expect(box.get_by_role("button", name="Replace…")).to_have_count(known, timeout=LONG)
    page.keyboard.press("Escape")
    expect(box).to_be_hidden(timeout=LONG)


def confirm_warm_up(page: Page) -> None:
    """Confirm the warm-up where the procedure wants one."""
    warm_up = page.locator("#warm-up")
    if warm_up.count():
        warm_up.click()
        expect(warm_up).to_have_attribute("aria-pressed", "true", timeout=LONG)
