"""Pictures of the main pages, and axe on each: run it against a site that is up.

    python -m tests.screens.shoot FOLDER --port 3000 --password …

It signs in as people of the sample laboratory, takes every page of `SCREENS` at desk and tablet
width, light and dark, and writes `NAME-WIDTH-MODE.png` into the folder. It ends with an error when
axe finds something critical or serious. `shoot` does the same for a test.
"""

import argparse
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

WIDTHS = {"desk": (1440, 900), "tablet": (1024, 768)}
MODES = ("light", "dark")
GRAVE = frozenset({"critical", "serious"})
LONGEST_WAIT = 20_000
SETTLED = 900


@dataclass(frozen=True, slots=True)
class Screen:
    """One picture: where it is, who looks, and what has to be seen before it is taken.

    Attributes:
        follow: A selector of the link that leads to the page itself, from the list at `path`.
    """

    name: str
    path: str
    person: str
    ready: str
    follow: str = ""


# The ten main pages. A page of one record is reached through its list, as a person would.
SCREENS = (
    Screen("dashboard", "/", "priya.menon", ".dashboard .card.tile"),
    Screen("board", "/board/", "marco.bellini", "main"),
    Screen("request", "/requests/", "asha.rao", "main h2", "main .table a.row-link"),
    Screen("quotation", "/quotations/", "asha.rao", "main", "main .table a.row-link"),
    Screen("sheet", "/work/", "daniel.ortiz", "main", "main a[href*='/sheets/']"),
    Screen("review", "/review/", "jonas.weber", "main"),
    Screen("certificate", "/certificates/", "kenji.mori", "main", "main .table a.row-link"),
    Screen("standards", "/standards/", "ruth.okoye", "main .table"),
    Screen("settings", "/settings/", "victor.hale", ".preview-dark"),
    Screen("audit", "/audit/", "victor.hale", ".trail"),
)


@dataclass(frozen=True, slots=True)
class Finding:
    """A violation that axe calls serious or critical."""

    screen: str
    rule: str
    impact: str
    help: str
    where: str


@dataclass(frozen=True, slots=True)
class Site:
    """Where the site is and how its sample people sign in."""

    origin: str
    password: str
    tenant: str = "meridian"


def shoot(
    browser: Browser, site: Site, folder: Path, screens: tuple[Screen, ...] = SCREENS
) -> list[Finding]:
    """Take every picture into the folder; return what axe found."""
    folder.mkdir(parents=True, exist_ok=True)
    found: list[Finding] = []
    for person in dict.fromkeys(screen.person for screen in screens):
        cookies = _signed_in(browser, site, person)
        for mode in MODES:
            for width, (across, down) in WIDTHS.items():
                context = browser.new_context(
                    viewport={"width": across, "height": down},
                    color_scheme="dark" if mode == "dark" else "light",
                    reduced_motion="reduce",
                )
                context.add_cookies(cookies)
                for screen in screens:
                    if screen.person == person:
                        name = f"{screen.name}-{width}-{mode}"
                        found += _picture(context, site, screen, folder / f"{name}.png")
                context.close()
    return found


def _signed_in(browser: Browser, site: Site, person: str) -> list:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{site.origin}/sign-in/")
    page.wait_for_selector("input[type=email]", timeout=LONGEST_WAIT)
    # The page is there before its script is; what is typed too early is lost.
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(SETTLED)
    page.fill("input[type=email]", f"{person}@{site.tenant}.example")
    page.keyboard.press("Enter")
    page.wait_for_selector("input[type=password]", timeout=LONGEST_WAIT)
    page.fill("input[type=password]", site.password)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/sign-in" not in url, timeout=LONGEST_WAIT)
    cookies = context.cookies()
    context.close()
    return cookies


def _picture(context: BrowserContext, site: Site, screen: Screen, file: Path) -> Iterator[Finding]:
    page = context.new_page()
    try:
        _open(page, site, screen)
        page.screenshot(path=os.fspath(file))
        for violation in Axe().run(page).response["violations"]:
            if violation["impact"] in GRAVE:
                where = "; ".join(" ".join(node["target"]) for node in violation["nodes"][:3])
                yield Finding(
                    file.stem, violation["id"], violation["impact"], violation["help"], where
                )
    finally:
        page.close()


def _open(page: Page, site: Site, screen: Screen) -> None:
    page.goto(f"{site.origin}{screen.path}")
    if screen.follow:
        page.locator(screen.follow).first.click(timeout=LONGEST_WAIT)
        page.wait_for_url(lambda url: not url.endswith(screen.path), timeout=LONGEST_WAIT)
    page.wait_for_selector(screen.ready, timeout=LONGEST_WAIT)
    # What arrives over the socket, fonts and the picture of a chart.
    page.wait_for_timeout(SETTLED)


def chromium() -> str:
    """Return the browser that the machine has; empty for the one that Playwright keeps."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or ""


def main() -> int:
    """Take the pictures named on the command line; say what axe found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--port", type=int, default=3000)
    parser.add_argument("--password", required=True)
    parser.add_argument("--only", nargs="*", default=[])
    given = parser.parse_args()
    chosen = tuple(each for each in SCREENS if not given.only or each.name in given.only)
    site = Site(f"http://meridian.localhost:{given.port}", given.password)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium() or None,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--host-resolver-rules=MAP *.localhost 127.0.0.1",
            ],
        )
        found = shoot(browser, site, given.folder, chosen)
        browser.close()
    for finding in found:
        sys.stdout.write(
            f"{finding.screen}: {finding.impact} {finding.rule}: {finding.help} ({finding.where})\n"
        )
    sys.stdout.write(f"{len(found)} serious findings\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
