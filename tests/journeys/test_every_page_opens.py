"""Each person finds in the navigation what the role may open, and every page of it opens."""

import re

import pytest
from playwright.sync_api import expect

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


@pytest.mark.parametrize("name", STAFF)
def test_every_entry_of_the_navigation_opens(persona, name):
    someone = persona(name)
    page = someone.page
    links = page.get_by_role("navigation").first.get_by_role("link").all()
    paths = sorted({link.get_attribute("href") or "" for link in links})
    assert paths, "the navigation is empty"
    for path in paths:
        if not re.fullmatch(r"/[a-z-]*/?", path):
            continue
        someone.goes(path)
        expect(page.locator("h1").first).to_be_visible()
        assert "/sign-in" not in page.url, f"{path} sent {name} away"
        assert page.get_by_text("Not allowed").count() == 0, f"{path} refused {name}"
    serious = [line for line in someone.errors if "404" not in line and "favicon" not in line]
    assert not serious, serious


def test_the_other_laboratory_shows_nothing_of_the_first(persona):
    nora = persona("Nora Lind", slug="polaris")
    nora.goes("/customers/")
    nora.sees("Aurora Instruments")
    assert nora.page.get_by_text("Kestrel Aero Components").count() == 0


def test_a_customer_lands_in_the_portal(persona):
    olaf = persona("Olaf Berg")
    expect(olaf.page).to_have_url(re.compile("/portal/"))
