"""What is done in the cells of an observation sheet, and what a screen and the database hold."""

import re
from collections.abc import Iterable

import psycopg
from playwright.sync_api import Locator, Page, expect

from tests.journeys.deeds import LONG
from tests.journeys.deeds_bench import PASTE

CALIPER = "KA-CAL-0044"
OUTSIDE = (
    "outside-0-mm",
    "outside-41p3-mm",
    "outside-100-mm",
    "outside-131p4-mm",
    "outside-150-mm",
)
INSIDE = ("inside-41p3-mm", "inside-100-mm")
REPEATS = (1, 2, 3)
# A point of the sheet and the number of the indication.
Place = tuple[str, int]

_SCREEN = """() => [...document.querySelectorAll("tr[data-row]")].map((row) =>
  [row.dataset.row, ...[...row.querySelectorAll("td")].map((cell) => {
    const input = cell.querySelector(":scope > input");
    return input ? input.value : cell.textContent.trim();
  })])"""
_INDICATIONS = """
    SELECT p.key, o.repeat, o.raw, 2147483647 AS version
    FROM observation o JOIN sheet_point p ON (p.tenant_id, p.id) = (o.tenant_id, o.point_id)
    WHERE o.sheet_id = %(sheet)s
    UNION ALL
    SELECT p.key, c.repeat, c.old_raw, c.old_version
    FROM observation_change c JOIN sheet_point p ON (p.tenant_id, p.id) = (c.tenant_id, c.point_id)
    WHERE c.sheet_id = %(sheet)s
    ORDER BY 1, 2, 4"""


def open_sheet(persona, name: str, tag: str, path: str = "") -> Page:
    """Let somebody open the sheet of an item: from the list of own work, or by its address."""
    page = persona(name).goes(path or "/work/")
    if not path:
        row = page.get_by_role("row", name=re.compile(tag))
        row.get_by_role("link", name="Open sheet").click()
    expect(page.get_by_role("grid")).to_be_visible(timeout=LONG)
    return page


def cell(page: Page, place: Place) -> Locator:
    """Return the field of an indication as found."""
    point, repeat = place
    return page.locator(f"[data-cell='as_found-{point}:{repeat}']")


def type_reading(page: Page, place: Place, text: str) -> None:
    """Type an indication into an empty cell."""
    cell(page, place).focus()
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def correct(page: Page, place: Place, text: str) -> None:
    """Type another indication over a stored one, and take the reason that is offered first."""
    type_reading(page, place, text)
    page.keyboard.press("Enter")


def paste(page: Page, points: Iterable[str], text: str, reason: str) -> None:
    """Paste a block over stored indications, with one reason for all."""
    cell(page, (next(iter(points)), REPEATS[0])).evaluate(PASTE, text)
    box = page.get_by_role("dialog", name="Check what is pasted")
    box.get_by_label("Reason").fill(reason)
    box.get_by_role("button", name=re.compile(r"^Accept \d+")).click()


def saved(page: Page, patience: int = LONG) -> None:
    """Wait until the screen says that everything typed is stored."""
    expect(page.get_by_text("All changes saved")).to_be_visible(timeout=patience)


def screen_of(page: Page) -> list[list[str]]:
    """Return what a screen shows: each row with its indications and its results."""
    return page.evaluate(_SCREEN)


def indications_of(site, sheet_id: str) -> dict[Place, list[str]]:
    """Return what the database holds of each cell: all that ever stood there, oldest first."""
    found: dict[Place, list[str]] = {}
    with psycopg.connect(site.services()["superuser_url"]) as connection:
        for point, repeat, raw, _ in connection.execute(_INDICATIONS, {"sheet": sheet_id}):
            found.setdefault((point, repeat), []).append(raw)
    return found
