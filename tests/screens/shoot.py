"""Pictures of the main pages, and axe on each: run it against a site that is up.

    python -m tests.screens.shoot FOLDER --port 3000 --password …

It signs in as people of the sample laboratory, takes every page of `SCREENS` at desk and tablet
width, light and dark, and writes `NAME-WIDTH-MODE.png` into the folder. It ends with an error when
axe finds something critical or serious, or the browser complains. `shoot` does the same for a test.
"""

import argparse
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Error,
    Page,
    TimeoutError,  # noqa: A004 - Playwright's own
    sync_playwright,
)

WIDTHS = {"desk": (1440, 900), "tablet": (1024, 768)}
MODES = ("light", "dark")
GRAVE = frozenset({"critical", "serious"})
OF_COLOURS = ("color-contrast", "link-in-text-block")
# A busy machine takes its time; what is wrong stays wrong.
LONGEST_WAIT = 60_000
# Nothing of what loads is left; asked until it is so, for pictures must not show a skeleton.
STILL = """() => document.fonts.status === "loaded"
    && document.getAnimations().every((one) => one.playState !== "running"
        || one.effect.getComputedTiming().iterations === Infinity)
    && !document.querySelector("main .skeleton, [aria-busy=true]")
    && [...document.querySelectorAll("svg.main-svg")].every((one) => one.getClientRects().length)"""


@dataclass(frozen=True, slots=True)
class Screen:
    """One picture: where it is, who looks, and what has to be seen before it is taken.

    Attributes:
        follow: A selector of the link that leads to the page itself, from the list at `path`.
        press: A selector of what is pressed there before.
    """

    name: str
    path: str
    person: str
    ready: str
    follow: str = ""
    press: str = ""


ROW = "main .table tbody a"
ALL = "main :is([role=tab], button):has-text('All')"

# The main pages. A page of one record is reached through its list, as a person would.
SCREENS = (
    Screen("dashboard", "/", "priya.menon", ".dashboard .rows"),
    Screen("board", "/board/", "priya.menon", ".board .work"),
    Screen("request", "/requests/", "asha.rao", "main [role=tabpanel]", f"{ROW}:has-text('0413')"),
    Screen("quotation", "/quotations/", "asha.rao", "main .sheet", ROW),
    Screen("sheet", "/work/", "daniel.ortiz", ".sheet .cell input", "main a[href*='/sheets/']"),
    Screen("review", "/review/", "jonas.weber", "main .table"),
    Screen("certificate", "/certificates/", "kenji.mori", "main iframe", ROW, ALL),
    Screen("standards", "/standards/", "ruth.okoye", ROW),
    Screen("explorer", "/decision-rules/", "ruth.okoye", ".explorer svg.main-svg"),
    Screen("settings", "/settings/", "victor.hale", ".preview-dark"),
    Screen("audit", "/audit/", "victor.hale", ".trail-entry"),
    Screen("validation", "/validation/", "samuel.okafor", ".validation-group"),
    Screen(
        "worked-example",
        "/validation/",
        "samuel.okafor",
        ".validation-figures sup",
        "main a[href='/validation/GUM-H_1/']",
    ),
)


@dataclass(frozen=True, slots=True)
class Finding:
    """What should not be: a violation that axe calls grave, or a complaint of the browser."""

    screen: str
    rule: str
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
    """Take every picture into the folder; return what axe and the browser complain of."""
    folder.mkdir(parents=True, exist_ok=True)
    found: list[Finding] = []
    for person in dict.fromkeys(screen.person for screen in screens):
        context = browser.new_context(reduced_motion="reduce", locale="en-GB")
        page = context.new_page()
        page.set_default_timeout(LONGEST_WAIT)
        sign_in(page, site, person)
        for screen in screens:
            if screen.person == person:
                found += take(page, site, screen, folder)
        context.close()
    return found


def sign_in(page: Page, site: Site, person: str) -> None:
    """Sign somebody in by the form."""
    page.goto(f"{site.origin}/sign-in/")
    page.get_by_label("Email").fill(f"{person}@{site.tenant}.example")
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Password", exact=True).fill(site.password)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/sign-in" not in url)


def take(page: Page, site: Site, screen: Screen, folder: Path) -> list[Finding]:
    """Take the pictures of one page in every width and mode; return what is wrong with it."""
    complaints: list[str] = []

    def listen(line: ConsoleMessage) -> None:
        if line.type == "error":
            complaints.append(line.text)

    def crashed(error: Error) -> None:
        complaints.append(str(error))

    page.on("console", listen)
    page.on("pageerror", crashed)
    found: list[Finding] = []
    try:
        page.set_viewport_size({"width": WIDTHS["desk"][0], "height": WIDTHS["desk"][1]})
        _open(page, site, screen)
        for width, (across, down) in WIDTHS.items():
            page.set_viewport_size({"width": across, "height": down})
            for mode in MODES:
                page.emulate_media(color_scheme="dark" if mode == "dark" else "light")
                page.wait_for_function(
                    "dark => document.documentElement.classList.contains('dark') === dark",
                    arg=mode == "dark",
                )
                page.wait_for_function(STILL)
                name = f"{screen.name}-{width}-{mode}"
                page.screenshot(path=os.fspath(folder / f"{name}.png"))
                found += _complaints_of_axe(page, name, colours_alone=mode == "dark")
    except TimeoutError as error:
        page.screenshot(path=os.fspath(folder / f"{screen.name}-stuck.png"))
        complaints.append(error.message)
    finally:
        page.remove_listener("console", listen)
        page.remove_listener("pageerror", crashed)
    return found + [Finding(screen.name, "console", text, page.url) for text in complaints]


def _complaints_of_axe(page: Page, name: str, *, colours_alone: bool) -> list[Finding]:
    # Between the modes nothing but the colours differs, and axe takes its time.
    options: dict[str, object] = {"resultTypes": ["violations"]}
    if colours_alone:
        options["runOnly"] = {"type": "rule", "values": [*OF_COLOURS]}
    return [
        Finding(
            name,
            f"{violation['impact']} {violation['id']}",
            violation["help"],
            "; ".join(" ".join(map(str, node["target"])) for node in violation["nodes"][:3]),
        )
        for violation in Axe().run(page, options=options).response["violations"]
        if violation["impact"] in GRAVE
    ]


def _open(page: Page, site: Site, screen: Screen) -> None:
    page.goto(f"{site.origin}{screen.path}")
    if screen.press:
        page.locator(screen.press).first.click()
    if screen.follow:
        page.locator(screen.follow).first.click()
        page.wait_for_url(lambda url: not url.endswith(screen.path))
    page.wait_for_selector(screen.ready)
    # Away from whatever would stand out under the pointer.
    page.mouse.move(0, 0)
    page.wait_for_function(STILL)


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
        sys.stdout.write(f"{finding.screen}: {finding.rule}: {finding.help} ({finding.where})\n")
    sys.stdout.write(f"{len(found)} findings\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
