"""Paths of the site: each page once, each entry of the navigation with its permission and icon."""

import re
from pathlib import Path

import pytest

from calibra_app.ui import routes

SYMBOLS = set(
    re.findall(
        r'<symbol id="([\w-]+)"', (Path(__file__).parents[2] / "assets/icons.svg").read_text()
    )
)


def test_each_page_stands_once():
    patterns = [route.pattern for route in routes.ROUTES]
    assert len(patterns) == len(set(patterns))


def test_each_key_goes_to_one_page():
    keys = [route.keys for route in routes.ROUTES if route.keys]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("route", routes.ROUTES, ids=lambda route: route.path)
def test_each_page_has_a_symbol_that_exists(route):
    assert route.icon in SYMBOLS


def test_whoever_is_listed_in_the_navigation_asks_for_a_permission():
    listed = [route for group in routes.navigation().values() for route in group]
    assert len(listed) >= 15
    assert all(route.permission for route in listed)


@pytest.mark.parametrize(
    ("path", "pattern"),
    [
        (routes.srf("7"), "/requests/[srf_id]"),
        (routes.sheet("7"), "/sheets/[sheet_id]"),
        (routes.certificate("7"), "/certificates/[certificate_id]"),
        (routes.customer("7"), "/customers/[customer_id]"),
        (routes.standard("7"), "/standards/[standard_id]"),
        (routes.quotation("7"), "/quotations/[quotation_id]"),
        (routes.invoice("7"), "/invoices/[invoice_id]"),
        (routes.offer("7"), "/q/[quote_token]"),
    ],
)
def test_the_path_of_a_record_leads_to_its_page(path, pattern):
    assert path == re.sub(r"\[\w+\]", "7", routes.route(pattern).link)


def test_paths_end_with_a_slash_and_patterns_do_not():
    for route in routes.ROUTES:
        assert route.link.endswith("/")
        assert route.pattern == "/" or not route.pattern.endswith("/")


def test_an_unknown_path_is_no_page():
    with pytest.raises(KeyError):
        routes.route("/nowhere/")
