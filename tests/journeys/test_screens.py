"""Every page opens for whom it is there, obeys the policy of the site, and passes axe.

One site for all, on the Wednesday of the sample week: with requests, sheets and certificates.
"""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import PASSWORD, running_site
from tests.screens import shoot

STAFF = [
    "Asha Rao",
    "Marco Bellini",
    "Mei Lin",
    "Ruth Okoye",
    "Jonas Weber",
    "Kenji Mori",
    "Priya Menon",
    "Samuel Okafor",
    "Grace Liu",
    "Victor Hale",
    "Ingrid Solberg",
]
# Each step of the site's policy that a page oversteps, before and after its own scripts run.
WATCH = """
window.overstepped = [];
document.addEventListener("securitypolicyviolation",
    (event) => window.overstepped.push(`${event.violatedDirective} ${event.blockedURI}`));
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with running_site(tmp_path_factory.mktemp("site"), week=True, at=(2, 10, 30)) as running:
        yield running


@pytest.mark.parametrize("name", STAFF)
def test_every_entry_of_the_navigation_opens(persona, name):
    someone = persona(name)
    page = someone.page
    page.add_init_script(WATCH)
    links = page.get_by_role("navigation").first.get_by_role("link").all()
    paths = sorted({link.get_attribute("href") or "" for link in links})
    assert paths, "the navigation is empty"
    for path in paths:
        if not re.fullmatch(r"/[a-z-]*/?", path):
            continue
        someone.goes(path)
        assert "/sign-in" not in page.url, f"{path} sent {name} away"
        assert page.get_by_text("Not allowed").count() == 0, f"{path} refused {name}"
        assert page.evaluate("window.overstepped") == [], path
    assert not someone.errors


def test_the_other_laboratory_shows_nothing_of_the_first(persona):
    nora = persona("Nora Lind", slug="polaris")
    nora.goes("/customers/")
    nora.sees("Aurora Instruments")
    assert nora.page.get_by_text("Kestrel Aero Components").count() == 0


def test_an_address_typed_before_the_pages_script_has_come_is_kept(persona):
    asha = persona("Asha Rao", sign_in=False)
    held, let_go = [], []

    def hold(route):
        if let_go:
            route.continue_()
        else:
            held.append(route)

    asha.page.route("**/*.js", hold)
    asha.page.goto(f"{asha.site.address()}/sign-in/", wait_until="commit")
    asha.page.get_by_label("Email").fill("asha.rao@meridian.example")
    assert held, "the script had come already"
    let_go.append(True)
    for route in held:
        route.continue_()
    asha.page.get_by_role("button", name="Continue").click()
    expect(asha.page.get_by_label("Email")).to_have_value("asha.rao@meridian.example")
    asha.page.get_by_label("Password", exact=True).fill(PASSWORD)
    asha.page.keyboard.press("Enter")
    expect(asha.page).not_to_have_url(re.compile("/sign-in"))


def test_a_customer_lands_in_the_portal(persona):
    olaf = persona("Olaf Berg")
    expect(olaf.page).to_have_url(re.compile("/portal/"))
    assert not olaf.errors


def test_a_notice_appears_can_be_closed_and_the_cursor_goes_to_the_fault(persona):
    priya = persona("Priya Menon")
    page = priya.page
    page.add_init_script(WATCH)
    priya.goes("/rooms/")
    page.get_by_role("button", name="New room").click()
    form = page.get_by_role("dialog")
    # A hand that slips beside the dialog closes it only as long as nothing is typed.
    page.mouse.click(5, 5)
    expect(form).to_be_hidden()
    page.get_by_role("button", name="New room").click()
    form.get_by_label("Name").fill("Second pressure room")
    page.mouse.click(5, 5)
    expect(form.get_by_label("Name")).to_have_value("Second pressure room")
    form.get_by_role("button", name="Save room").click()
    expect(form.get_by_label("Code")).to_be_focused()
    form.get_by_label("Code").fill("P2")
    form.get_by_role("button", name="Save room").click()
    said = page.get_by_role("region", name="Notices")
    expect(said.get_by_text("P2 is saved.")).to_be_visible()
    said.get_by_role("button", name="Close").click()
    expect(said.get_by_text("P2 is saved.")).to_be_hidden()
    assert page.evaluate("window.overstepped") == []
    assert not priya.errors


def test_search_and_keys_open_from_the_frame_of_a_page(persona):
    asha = persona("Asha Rao")
    page = asha.page
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page.get_by_role("combobox", name="Search and commands")).to_be_focused()
    page.keyboard.press("Escape")
    page.get_by_title("Your menu").click()
    page.get_by_role("button", name="Keys of this page").click()
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    assert not asha.errors


@pytest.mark.parametrize("screen", shoot.SCREENS, ids=lambda screen: screen.name)
def test_a_main_page_passes_axe_in_every_width_and_mode(chromium, site, tmp_path, screen):
    shown = shoot.Site(site.address(), PASSWORD)
    assert shoot.shoot(chromium, shown, tmp_path, (screen,)) == []
    pictures = sorted(file.stem for file in tmp_path.glob("*.png"))
    assert len(pictures) == len(shoot.WIDTHS) * len(shoot.MODES)
