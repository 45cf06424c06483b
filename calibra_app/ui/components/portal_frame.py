"""The frame of the customer's portal: the laboratory's mark, three places, the way out.

Why not the shell: a customer sees nothing of the laboratory's own navigation, commands and keys,
and reads most of this on a phone.
"""

import reflex as rx

from calibra_app.ui import routes
from calibra_app.ui.base import AppState
from calibra_app.ui.components.icon import icon
from calibra_app.ui.components.layout import nothing_here
from calibra_app.ui.components.shell import WORDS, Live, logo
from calibra_app.ui.components.values import Text
from calibra_app.ui.words import say

_PLACES = (
    (routes.PORTAL, say("Home"), "house"),
    (routes.PORTAL_REQUESTS, say("Requests"), "clipboard-list"),
    (routes.PORTAL_CERTIFICATES, say("Certificates"), "file-check"),
)


def portal_frame(title: Text, *parts: rx.Component, here: str) -> rx.Component:
    """Return a page of the portal.

    Args:
        title: The heading of the page.
        parts: What it shows, one under the other.
        here: Which of the three places is marked.
    """
    return rx.el.div(
        rx.el.a(say("Skip to content"), href="#main", class_name="skip"),
        rx.el.header(
            rx.el.a(logo(), href=routes.PORTAL, title=say("Home")),
            rx.el.h1(AppState.laboratory_name, class_name="cut"),
            rx.el.nav(
                *(_link(path, words, here) for path, words, _ in _PLACES),
                class_name="portal-links",
                aria_label=say("Portal"),
            ),
            rx.el.span(class_name="spacer"),
            Live.create(words=WORDS),
            rx.el.form(
                rx.el.button(
                    icon("log-out"),
                    type="submit",
                    title=say("Sign out"),
                    aria_label=say("Sign out"),
                    class_name="button button-quiet button-icon",
                ),
                method="post",
                action=routes.SIGN_OUT,
            ),
            class_name="portal-top",
        ),
        rx.el.main(
            rx.el.h2(title),
            rx.cond(AppState.absent, nothing_here(here), rx.fragment(*parts)),
            id="main",
            tab_index=-1,
            class_name="portal-main",
        ),
        rx.el.nav(
            *(
                rx.el.a(icon(symbol), words, href=path, custom_attrs=_current(path, here))
                for path, words, symbol in _PLACES
            ),
            class_name="portal-bar",
            aria_label=say("Portal, on a phone"),
        ),
        class_name="portal",
    )


def _link(path: str, words: str, here: str) -> rx.Component:
    return rx.el.a(words, href=path, custom_attrs=_current(path, here))


def _current(path: str, here: str) -> dict[str, str]:
    return {"aria-current": "page"} if path == here else {}
