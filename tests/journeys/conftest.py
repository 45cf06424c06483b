"""The whole product on real servers: two web processes, a worker, Chromium, and a clock to move."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from calibra_app.config import child_environment

PROJECT = Path(__file__).parents[2]
PASSWORD = "sample people sign in with this"  # noqa: S105
ZONE = ZoneInfo("Europe/Berlin")
MONDAY = date(2026, 11, 30)
READY_SECONDS = 900
HERE = Path(__file__).parent
# With the start of its site, on a machine that does something else as well.
LONGEST_JOURNEY = 1800
# A wait costs nothing where the answer comes; only `bench` says how long an answer takes.
LONGEST_ANSWER = 60
expect.set_options(timeout=LONGEST_ANSWER * 1000)


@dataclass
class Site:
    """A running installation of its own."""

    port: int
    data: Path
    process: subprocess.Popen
    clock: Path
    failures: list[str] = field(default_factory=list)

    def address(self, slug: str = "meridian") -> str:
        """Return where a laboratory's pages are."""
        return f"http://{slug}.localhost:{self.port}"

    def at(self, day: int, hour: int, minute: int = 0) -> None:
        """Move the clock of every process to an hour of the sample week; Monday is day 0."""
        local = datetime.combine(MONDAY + timedelta(days=day), datetime.min.time(), ZONE)
        instant = local.replace(hour=hour, minute=minute).astimezone(UTC)
        fresh = self.clock.with_suffix(".next")
        fresh.write_text(instant.isoformat())
        fresh.replace(self.clock)

    def is_ready(self) -> bool:
        """Say whether the site answers that all it needs is there."""
        try:
            url = f"http://127.0.0.1:{self.port}/health/ready"
            with urllib.request.urlopen(url, timeout=10) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def wait_until_ready(self, seconds: float = READY_SECONDS) -> None:
        """Wait; show the end of the log where it takes too long."""
        limit = time.monotonic() + seconds
        while not self.is_ready():
            ended = self.process.poll() is not None
            if ended or time.monotonic() > limit:
                raise AssertionError((self.data / "up.log").read_text()[-3000:])
            time.sleep(0.2)

    def services(self) -> dict:
        """Return where the embedded servers are, and their process ids."""
        return json.loads((self.data / "services.json").read_text())

    def processes(self) -> dict[str, list[int]]:
        """Return the process ids by what they do."""
        servers = self.services()
        found: dict[str, list[int]] = {
            "web": [],
            "worker": [],
            **{name: [servers[f"{name}_pid"]] for name in ("postgres", "redis", "keeper")},
        }
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                words = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
            pid = int(folder.name)
            if "granian" in words and str(self.port) in words:
                found["web"].append(pid)
            elif "calibra_app.worker" in words and self._is_ours(pid):
                found["worker"].append(pid)
        return found

    def _is_ours(self, pid: int) -> bool:
        try:
            environment = Path(f"/proc/{pid}/environ").read_bytes().decode(errors="replace")
            place = str(Path(f"/proc/{pid}/cwd").readlink())
        except OSError:
            return False
        return str(self.data) in environment or str(self.data) in place

    def mail(self) -> list[str]:
        """Return the letters that went out, the oldest first."""
        folder = self.data / "mail"
        letters = sorted(folder.glob("*.eml"), key=lambda path: path.stat().st_mtime)
        return [path.read_text(errors="replace") for path in letters]


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@contextmanager
def running_site(
    data: Path,
    *,
    week: bool = False,
    history: bool = True,
    web_processes: int = 2,
    at: tuple[int, int, int] = (0, 7, 30),
):
    """Start `./calibra up` on a folder of its own, with the sample laboratories.

    Args:
        data: The folder.
        week: With the requests of the sample week, as they stand at the hour.
        history: With the week, also what was finished before it.
        web_processes: How many.
        at: Day of the week, hour and minute on the clock at first.
    """
    data.mkdir(parents=True, exist_ok=True)
    port = free_port()
    clock = data / "clock"
    environment = child_environment(
        CALIBRA_TEST="1",
        CALIBRA_NOW=f"file:{clock}",
        CALIBRA_DEMO_PASSWORD=PASSWORD,
        CALIBRA_DATA_DIR=str(data),
        CALIBRA_PORT=str(port),
        CALIBRA_SECRET="",
        DATABASE_URL="",
        REDIS_URL="",
    )
    site = Site(port, data, None, clock)
    site.at(*at)
    calibra = [sys.executable, "-m", "calibra_app.cli"]
    loading = [*calibra, "demo", "--data", str(data), "--week" if week else "--no-week"]
    loading += [] if history else ["--no-history"]
    done = subprocess.run(
        loading, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    words = ["up", "--no-demo", "--port", str(port), "--data", str(data)]
    with (data / "up.log").open("wb") as log:
        site.process = subprocess.Popen(
            [*calibra, *words, "--web-processes", str(web_processes)],
            cwd=PROJECT,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        site.wait_until_ready()
        yield site
    finally:
        site.process.send_signal(signal.SIGINT)
        try:
            site.process.wait(60)
        except subprocess.TimeoutExpired:
            site.process.kill()
            site.process.wait()


def pytest_collection_modifyitems(items):
    """Give a journey as long as a slow machine needs; it ends by what a person sees."""
    for item in items:
        if HERE in item.path.parents and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(LONGEST_JOURNEY))


@pytest.fixture(scope="module")
def chromium():
    """One browser for a file of journeys.

    Playwright keeps an event loop running for as long as it lives, and no test with a loop of its
    own can run beside it: so it ends with the file.
    """
    path = os.getenv("CALIBRA_CHROMIUM") or shutil.which("chromium") or ""
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=path or None,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A site for one file of journeys, at the beginning of the sample week."""
    with running_site(tmp_path_factory.mktemp("site")) as running:
        yield running


@dataclass
class Persona:
    """Somebody at a screen."""

    name: str
    page: Page
    site: Site
    slug: str = "meridian"
    errors: list[str] = field(default_factory=list)

    def sign_in(self) -> "Persona":
        """Sign in by the form, as anybody would."""
        email = f"{self.name.lower().replace(' ', '.')}@{self.slug}.example"
        self.page.goto(f"{self.site.address(self.slug)}/sign-in/")
        self.page.get_by_label("Email").fill(email)
        self.page.get_by_role("button", name="Continue").click()
        password = self.page.get_by_label("Password", exact=True)
        password.fill(PASSWORD)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(lambda url: "/sign-in" not in url)
        self.loaded()
        return self

    def comes_home(self) -> "Persona":
        """Come back with the cookie of a session that goes on."""
        self.goes("/")
        if "/sign-in" in self.page.url:
            self.sign_in()
        return self

    def goes(self, path: str) -> Page:
        """Open a page and wait until it has its data."""
        self.page.goto(f"{self.site.address(self.slug)}{path}")
        self.loaded()
        return self.page

    def loaded(self) -> None:
        """Wait until the page is connected and has its heading."""
        expect(self.page.locator("h1").first).to_be_visible()

    def sees(self, text: str | re.Pattern[str]) -> None:
        """Make sure that a text is on the screen."""
        expect(self.page.get_by_text(text).first).to_be_visible()


@pytest.fixture(scope="module")
def signed_in(site):
    """What the browsers of this file's people remember: cookies by laboratory, name and hour."""
    return {}


@pytest.fixture
def persona(chromium, site, signed_in):
    """Open a browser for somebody: `persona("Asha Rao")` is signed in already.

    Whoever signed in at the same hour by the clock comes back with the cookie of that session;
    everybody else types the password.
    """
    contexts = []

    def enter(name, *, slug="meridian", sign_in=True, **context):
        place = (slug, name, site.clock.read_text())
        opened = chromium.new_context(
            **{
                "viewport": {"width": 1440, "height": 900},
                "locale": "en-GB",
                # A browser without a graphics card paints every frame of a movement by hand.
                "reduced_motion": "reduce",
                "storage_state": signed_in.get(place) if sign_in else None,
                **context,
            }
        )
        contexts.append(opened)
        page = opened.new_page()
        page.set_default_timeout(LONGEST_ANSWER * 1000)
        someone = Persona(name, page, site, slug)
        page.on(
            "console",
            lambda line: someone.errors.append(line.text) if line.type == "error" else None,
        )
        page.on("pageerror", lambda error: someone.errors.append(str(error)))
        if not sign_in:
            return someone
        if place in signed_in:
            return someone.comes_home()
        someone.sign_in()
        signed_in[place] = opened.storage_state()
        return someone

    yield enter
    for opened in contexts:
        opened.close()
