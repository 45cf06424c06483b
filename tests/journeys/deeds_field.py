"""What is done with items that are measured, in the house and out of it, until they are signed."""

import io
import re
import subprocess
import sys

from playwright.sync_api import Page, expect
from pypdf import PdfWriter

from calibra_app.config import child_environment
from calibra_app.demo.readings import Lines, observation
from tests.journeys.conftest import PROJECT
from tests.journeys.deeds import LONG, dialog, number_of
from tests.journeys.deeds_bench import PASTE, all_saved


def open_sheet(persona, name: str, tag: str) -> Page:
    """Let somebody open a sheet from the list of own work."""
    page = persona(name).goes("/work/")
    row = page.get_by_role("row", name=re.compile(tag))
    row.get_by_role("link", name="Open sheet").click()
    expect(page.get_by_role("heading", name=tag)).to_be_visible(timeout=LONG)
    return page


def paste_series(page: Page, lines: Lines) -> None:
    """Paste a whole series into the grid that is shown."""
    block = "\n".join("\t".join(line.split()) for line in lines.values())
    first = page.get_by_role("grid").get_by_role("textbox").first
    first.focus()
    first.evaluate(PASTE, block)
    page.get_by_role("button", name=re.compile(r"^Accept \d+")).click()
    all_saved(page)


def expired_standard_is_refused(page: Page, expired: str, instead: str) -> None:
    """Try to take a standard whose calibration has expired; another one is offered."""
    page.get_by_role("button", name=re.compile("Standards…|Pick a standard")).click()
    box = dialog(page)
    box.get_by_label("Scan or type a standard").fill(expired)
    box.get_by_role("button", name="Take it").click()
    expect(
        box.get_by_text(re.compile(f"{expired}: calibration expired 30 Nov 2026"))
    ).to_be_visible(timeout=LONG)
    expect(box.get_by_role("button", name=instead)).to_be_visible()
    page.keyboard.press("Escape")
    expect(box).to_be_hidden(timeout=LONG)


def read_room_again(page: Page, tag: str, known: int) -> None:
    """Write down the room once more in the dialog that is open."""
    box = page.get_by_role("dialog").filter(has=page.get_by_label("Quantity"))
    expect(box).to_be_visible(timeout=LONG)
    box.get_by_label("Instrument that shows it").fill("TH-P1")
    for quantity, ends in observation(number_of(tag)).environment.items():
        for value in ends:
            box.get_by_label("Quantity").select_option(quantity)
            box.get_by_label("Reading", exact=True).fill(str(value))
            box.get_by_role("button", name="Save reading").click()
            known += 1
            expect(box.get_by_role("button", name="Replace…")).to_have_count(known, timeout=LONG)
    page.keyboard.press("Escape")
    expect(box).to_be_hidden(timeout=LONG)


def arrive_on_site(persona, name: str, tag: str) -> Page:
    """Let somebody take an item in hand at the customer's; its sheet opens."""
    page = persona(name).goes("/work/")
    row = page.get_by_role("row", name=re.compile(tag))
    row.get_by_role("button", name="I am there").click()
    box = dialog(page)
    box.get_by_label("Accessories").fill("Levelling feet")
    box.get_by_role("button", name="Begin the work").click()
    expect(page.get_by_role("heading", name=tag)).to_be_visible(timeout=LONG)
    expect(page.get_by_text("At the customer's site").first).to_be_visible(timeout=LONG)
    return page


def move_card(page: Page, tag: str, column: str) -> None:
    """Move an item's card by its menu; what the move needs opens as a dialog."""
    page.get_by_role("button", name="Instruments", exact=True).click()
    page.get_by_role("button", name=f"Move {tag} to…").click()
    dialog(page).get_by_role("button", name=re.compile(f"^{column}")).click()


def send_to_provider(page: Page, tag: str, provider: str) -> None:
    """Send an item to an external provider from the board."""
    move_card(page, tag, "Waiting")
    dialog(page).get_by_role("button", name="Send to provider").click()
    box = page.get_by_role("dialog").filter(has=page.get_by_role("combobox", name="Provider"))
    box.get_by_role("combobox", name="Provider").select_option(label=provider)
    box.get_by_role("button", name="Send to provider").click()
    expect(box).to_be_hidden(timeout=LONG)
    card = page.get_by_role("group", name=tag)
    expect(card.get_by_text("With a provider")).to_be_visible(timeout=LONG)


def type_result(page: Page, tag: str, number: str, values: str) -> None:
    """Type over what a provider's certificate says, and attach it."""
    move_card(page, tag, "In review")
    box = page.get_by_role("dialog").filter(has=page.get_by_label("Provider's certificate"))
    box.get_by_label("Provider's certificate").fill(number)
    box.get_by_label("Issued on").fill("2026-12-03")
    paper = {"name": f"{number}.pdf", "mimeType": "application/pdf", "buffer": _blank_paper()}
    box.locator("input[type=file]").set_input_files(paper)
    # Shown below the drop area once the server holds it.
    expect(box.locator(".drop-area").get_by_text(f"{number}.pdf")).to_be_visible(timeout=LONG)
    box.get_by_label("Values").fill(values)
    box.get_by_role("button", name="Keep for the second check").click()
    expect(box).to_be_hidden(timeout=LONG)


def compare_result(page: Page, tag: str, number: str) -> None:
    """Compare the typed values with the certificate; the item goes to review."""
    move_card(page, tag, "In review")
    box = page.get_by_role("dialog").filter(has=page.get_by_text("Typed by"))
    expect(box.get_by_text(number).first).to_be_visible(timeout=LONG)
    expect(box.get_by_role("link", name="Open the certificate")).to_be_visible()
    box.get_by_role("button", name="Values agree, to review").click()
    expect(box).to_be_hidden(timeout=LONG)
    moved = page.locator("[data-slot$='|qc']").get_by_role("group", name=tag)
    expect(moved).to_be_visible(timeout=LONG)


def issued_certificate(persona, name: str, tag: str) -> Page:
    """Let somebody open a certificate that was issued."""
    page = persona(name).goes("/certificates/")
    page.get_by_role("tab", name="All certificates").click()
    page.get_by_role("row", name=re.compile(tag)).get_by_role("link").first.click()
    expect(page.get_by_text("Signatures")).to_be_visible(timeout=LONG)
    return page


def records_verified(site) -> str:
    """Let the command verify the records of the running site; return what it prints."""
    words = ["verify-audit", "meridian", "--data", str(site.data)]
    done = subprocess.run(
        [sys.executable, "-m", "calibra_app.cli", *words],
        cwd=PROJECT,
        # The site's own servers and secret, none of those of the test run.
        env=child_environment(
            CALIBRA_DATA_DIR=str(site.data), CALIBRA_SECRET="", DATABASE_URL="", REDIS_URL=""
        ),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _blank_paper() -> bytes:
    paper = PdfWriter()
    paper.add_blank_page(595, 842)
    kept = io.BytesIO()
    paper.write(kept)
    return kept.getvalue()
