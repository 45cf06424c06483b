"""Which page stands at which path; a page that is not listed here does not exist.

Each page's file offers `PAGES`, a tuple of `(path, component function, load events)`. The frame's
own event is put in front of them.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import reflex as rx

from calibra_app.ui import routes
from calibra_app.ui.base import AppState
from calibra_app.ui.pages import not_found, prices, rooms, scope, sign_in, work
from calibra_app.ui.pages.audit import page as audit
from calibra_app.ui.pages.board import page as board
from calibra_app.ui.pages.certificates import page as certificates
from calibra_app.ui.pages.customers import page as customers
from calibra_app.ui.pages.dashboard import page as dashboard
from calibra_app.ui.pages.designs import page as designs
from calibra_app.ui.pages.dispatch import page as dispatch
from calibra_app.ui.pages.explorer import page as explorer
from calibra_app.ui.pages.instruments import page as instruments
from calibra_app.ui.pages.invoices import page as invoices
from calibra_app.ui.pages.people import page as people
from calibra_app.ui.pages.portal import page as portal
from calibra_app.ui.pages.procedures import page as procedures
from calibra_app.ui.pages.quotations import page as quotations
from calibra_app.ui.pages.requests import page as requests
from calibra_app.ui.pages.review import page as review
from calibra_app.ui.pages.settings import page as settings
from calibra_app.ui.pages.sheets import page as sheets
from calibra_app.ui.pages.standards import page as standards
from calibra_app.ui.pages.validation import page as validation
from calibra_app.ui.words import say

Entry: TypeAlias = tuple[str, Callable[[], rx.Component], Sequence[Any]]

# Pages for whoever is signed in, in the order of the navigation.
PAGES: tuple[Entry, ...] = (
    *dashboard.PAGES,
    *work.PAGES,
    *board.PAGES,
    *requests.PAGES,
    *sheets.PAGES,
    *review.PAGES,
    *certificates.PAGES,
    *dispatch.PAGES,
    *customers.PAGES,
    *quotations.PAGES,
    *invoices.PAGES,
    *prices.PAGES,
    *instruments.PAGES,
    *standards.PAGES,
    *procedures.PAGES,
    *designs.PAGES,
    *scope.PAGES,
    *explorer.PAGES,
    *rooms.PAGES,
    *people.PAGES,
    *audit.PAGES,
    *validation.PAGES,
    *settings.PAGES,
    *portal.PAGES,
)


def add_pages(app: rx.App) -> None:
    """Add every page to the application."""
    app.add_page(sign_in.sign_in_page, route=routes.route(routes.SIGN_IN).pattern, title="Sign in")
    app.add_page(not_found.not_found_page, route="404", title=f"{say('Nothing here')} · Calibra")
    for path, component, load in PAGES:
        known = routes.route(path)
        app.add_page(
            component,
            route=known.pattern,
            title=f"{known.title} · Calibra",
            on_load=[AppState.load_shell, *load],
        )
