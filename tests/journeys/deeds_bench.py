"""What technicians do in the grid of an observation sheet, as the journeys let them."""

import re
from collections.abc import Iterable, Iterator, Mapping

from playwright.sync_api import Locator, Page, expect

from calibra_app.demo.readings import observation
from tests.journeys.deeds import LONG, dialog, number_of

FOUND = "as_found"
# What a spreadsheet puts into the clipboard, pasted into the cell.
PASTE = """(input, text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  const options = { clipboardData: data, bubbles: true, cancelable: true };
  input.dispatchEvent(new ClipboardEvent("paste", options));
}"""


def readings_of(tag: str) -> dict[str, list[str]]:
    """Return what is read on an instrument in the sample week, by point."""
    lines = observation(number_of(tag)).as_found
    return {key: line.split() for key, line in lines.items()}


def cell_at(page: Page, key: str, repeat: int) -> Locator:
    """Return the field of one reading."""
    return page.locator(f"[data-cell='{FOUND}-{key}:{repeat}']")


def row_at(page: Page, key: str) -> Locator:
    """Return the row of a point."""
    return page.locator(f"[data-row='{FOUND}-{key}']")


def type_reading(page: Page, key: str, repeat: int, text: str) -> None:
    """Type a reading into its field and go on with Enter."""
    cell_at(page, key, repeat).fill(text)
    page.keyboard.press("Enter")


def type_point(page: Page, key: str, texts: Iterable[str]) -> None:
    """Type the readings of a point one after the other, by the keyboard alone."""
    cell_at(page, key, 1).focus()
    for text in texts:
        page.keyboard.type(text)
        page.keyboard.press("Enter")


def paste(page: Page, lines: Mapping[str, list[str]], *, comma: bool = False) -> Locator:
    """Paste a block into its first cell; return the preview, which is still to be accepted."""
    block = "\n".join("\t".join(texts) for texts in lines.values())
    first = cell_at(page, next(iter(lines)), 1)
    first.focus()
    first.evaluate(PASTE, block.replace(".", ",") if comma else block)
    return page.get_by_role("dialog", name="Check what is pasted")


def accept(preview: Locator, count: int) -> None:
    """Accept what is pasted."""
    expect(preview).to_contain_text(f"{count} values read")
    preview.get_by_role("button", name=f"Accept {count}").click()
    expect(preview).to_be_hidden()


def question(page: Page) -> Locator:
    """Return what is asked beside a cell."""
    return page.get_by_role("alertdialog")


def all_saved(page: Page) -> None:
    """Wait until the server has stored everything that was typed."""
    expect(page.get_by_text("All changes saved")).to_be_visible(timeout=LONG)


def history_of(page: Page) -> Locator:
    """Return the history of the point that is chosen, beside the grid."""
    return page.get_by_role("region", name="History").or_(
        page.locator("section").filter(has=page.get_by_role("heading", name="History"))
    )


def presence_of(page: Page, name: str) -> Locator:
    """Return somebody's mark in the head of a page."""
    return page.get_by_role("group", name="Also here").get_by_role("img", name=name)


def reading_shown(page: Page, key: str, repeat: int, text: str) -> None:
    """Wait until a field shows a reading."""
    expect(cell_at(page, key, repeat)).to_have_value(text, timeout=LONG)


def figures_shown(page: Page, key: str, figures: str) -> None:
    """Wait until the row of a point shows figures, in their order."""
    expect(row_at(page, key)).to_contain_text(re.compile(figures), timeout=LONG)


def ten_volts_are_typed(page: Page, texts: list[str]) -> None:
    """Type the point of 10 V: figures from the second reading on, a slip is asked about."""
    key = "dc-voltage-200-v-10"
    row = row_at(page, key)
    type_reading(page, key, 1, texts[0])
    expect(page.get_by_text("The uncertainty follows with the next indication.")).to_be_visible(
        timeout=LONG
    )
    type_reading(page, key, 2, texts[1])
    figures_shown(page, key, r"10\.005.*±0\.015")
    expect(row).to_contain_text("3 to go")
    facts = page.get_by_role("complementary").locator("dd")
    expect(facts.nth(1)).to_have_text(re.compile(r"0\.00\d+.*V"), timeout=LONG)
    # A slipped decimal point is asked about before anything is stored.
    type_reading(page, key, 3, "100.1")
    expect(question(page)).to_contain_text(re.compile(r"100\.1 is 10 × the other indications"))
    expect(question(page)).to_contain_text("Nothing has been saved yet.")
    expect(row).to_contain_text("3 to go")
    page.keyboard.press("Escape")
    for repeat, text in enumerate(texts[2:], 3):
        type_reading(page, key, repeat, text)
    figures_shown(page, key, r"10\.0040.*\+0\.0040.*±0\.015 V.*0\.0080.*Pass")
    cell_at(page, key, 1).focus()
    panel = page.get_by_role("complementary")
    expect(panel).to_contain_text(re.compile(r"k = 2\.12"), timeout=LONG)
    expect(panel).to_contain_text(re.compile("58.%"))
    expect(panel).to_contain_text(re.compile("42.%"))


def a_slip_is_kept_only_with_a_reason(page: Page, texts: list[str]) -> None:
    """Keep an unlikely value with a reason, and correct it with another; both stay on record."""
    key = "dc-voltage-200-mv-100"
    type_reading(page, key, 1, "1000.1")
    question(page).get_by_role("button", name="Keep 1000.1 with reason").click()
    question(page).get_by_label("Reason").select_option("Read again")
    question(page).get_by_role("button", name="Save").click()
    all_saved(page)
    reading_shown(page, key, 1, "1000.1")
    correct(page, key, 1, texts[0], "Typed wrongly")
    cell_at(page, key, 1).focus()
    struck = history_of(page).locator("del").filter(has_text="1000.1")
    expect(struck).to_be_visible(timeout=LONG)
    expect(history_of(page)).to_contain_text(
        re.compile(rf"{texts[0]}.*Typed wrongly.*Daniel Ortiz")
    )
    for repeat, text in enumerate(texts[1:], 2):
        type_reading(page, key, repeat, text)
    all_saved(page)


def correct(page: Page, key: str, repeat: int, text: str, reason: str) -> None:
    """Replace a saved reading, with a reason from the list."""
    type_reading(page, key, repeat, text)
    expect(question(page)).to_contain_text(f" to {text}?")
    question(page).get_by_label("Reason").select_option(reason)
    question(page).get_by_role("button", name="Save").click()
    all_saved(page)
    reading_shown(page, key, repeat, text)


def refused_for(page: Page, why: str) -> None:
    """Try to submit, read the objection, and let it lead to the room's readings."""
    page.get_by_role("button", name="Submit for review").click()
    box = dialog(page)
    expect(box).to_contain_text(why, timeout=LONG)
    expect(box.get_by_label("Password", exact=True)).to_have_count(0)
    box.get_by_role("button", name="Go there").first.click()
    expect(page.get_by_label("Instrument that shows it")).to_be_visible(timeout=LONG)


def both_write_into_one_cell(first: Page, second: Page, key: str, repeat: int) -> None:
    """Let two people write into one cell: the second decides, seeing both values."""
    cell_at(first, key, repeat).fill("100.01")
    expect(cell_at(second, key, repeat)).to_have_accessible_name(
        re.compile("Mei Lin is here"), timeout=LONG
    )
    cell_at(second, key, repeat).fill("100.02")
    first.keyboard.press("Enter")
    all_saved(first)
    second.keyboard.press("Enter")
    asked = question(second)
    expect(asked).to_contain_text(re.compile(r"Mei Lin saved 100\.01 at \d\d:\d\d"), timeout=LONG)
    expect(asked).to_contain_text("Yours: 100.02")
    expect(asked.get_by_role("button", name="Keep 100.01")).to_be_visible()
    asked.get_by_role("button", name="Replace with reason…").click()
    asked.get_by_label("Reason").select_option("Read again")
    asked.get_by_role("button", name="Replace", exact=True).click()
    for page in (first, second):
        reading_shown(page, key, repeat, "100.02")
        cell_at(page, key, repeat).focus()
        expect(history_of(page).locator("del").filter(has_text="100.01")).to_be_visible(
            timeout=LONG
        )
        expect(history_of(page)).to_contain_text(re.compile(r"100\.02.*Read again.*Ruth Okoye"))
    # They look together and agree on what the first had read.
    correct(first, key, repeat, "100.01", "Read again")
    reading_shown(second, key, repeat, "100.01")
    expect(history_of(second).locator("del").filter(has_text="100.02")).to_be_visible(timeout=LONG)


def readings_in_order(
    readings: Mapping[str, list[str]], part: str
) -> Iterator[tuple[str, int, str]]:
    """Return the readings of a part of a sheet, one after the other."""
    for key, texts in readings.items():
        if key.startswith(part):
            for repeat, text in enumerate(texts, 1):
                yield key, repeat, text
