"""The frame of every page: navigation, title, actions, side panel, palette and live dot.

Why plain elements and no Radix Themes, no Tailwind: one own stylesheet of 60 KB does both jobs,
parses at once, follows a laboratory's brand by nine variables, and the build needs no further
package. Menus and dialogs are the browser's own, so focus and Escape work without our code. What
the browser alone can do (keys, palette, connection) stands in `shell.jsx`; all its words come from
here.
"""

from collections.abc import Sequence
from typing import Any

import reflex as rx
from reflex.event import passthrough_event_spec

from calibra_app.ui import routes
from calibra_app.ui.base import AppState, may, may_see
from calibra_app.ui.components.finding import FindingState
from calibra_app.ui.components.icon import icon
from calibra_app.ui.components.layout import nothing_here
from calibra_app.ui.components.people import person
from calibra_app.ui.components.values import Text
from calibra_app.ui.words import say

_SHELL = rx.asset("shell.jsx", shared=True)


class Palette(rx.Component):
    """Search and commands behind Ctrl K."""

    library = f"$/public{_SHELL}"
    tag = "Palette"
    entries: rx.Var[list]
    found: rx.Var[list]
    words: rx.Var[dict]
    permissions: rx.Var[list[str]]
    on_query: rx.EventHandler[passthrough_event_spec(str)]
    on_run: rx.EventHandler[passthrough_event_spec(str)]


class Live(rx.Component):
    """The dot that says whether the page is still kept fresh."""

    library = f"$/public{_SHELL}"
    tag = "Live"
    words: rx.Var[dict]


class Habits(rx.Component):
    """The keys of every page."""

    library = f"$/public{_SHELL}"
    tag = "Habits"
    places: rx.Var[dict[str, str]]
    words: rx.Var[dict]


class Density(rx.Component):
    """The switch between desk and bench."""

    library = f"$/public{_SHELL}"
    tag = "Density"
    words: rx.Var[dict]


def shell(
    title: Text,
    *content: rx.Component,
    here: str = "",
    crumbs: Sequence[tuple[Text, Text]] = (),
    beside: rx.Component | None = None,
    presence: rx.Component | None = None,
    actions: Sequence[rx.Component] = (),
    primary: rx.Component | None = None,
    context: Sequence[rx.Component] = (),
    panel: rx.Component | None = None,
    foot: rx.Component | None = None,
    rail: bool = False,
    fixed: bool = False,
    sheet: bool = False,
) -> rx.Component:
    """Return a whole page.

    Args:
        title: The page's heading.
        content: What the page shows; wrap plain content into `layout.page`.
        here: The path of the navigation entry that is marked, such as `routes.REQUESTS`.
        crumbs: Words and path of the pages above, outermost first.
        beside: Stands right of the title: a badge, a short remark.
        presence: Who else is here: `people.presence(State.presence)`.
        actions: Further buttons, left of the primary one.
        primary: The one primary action (give it `data_key="n"` to answer to N).
        context: Chips in a bar under the title: filters, conditions of the record.
        panel: The side panel's sections (`layout.section`), 372 px at the right.
        foot: A bar of hints at the bottom.
        rail: Show only the icons of the navigation: for the sheet and the certificate.
        fixed: The content scrolls by itself: boards and sheets.
        sheet: On a tablet the panel goes to the bottom.
    """
    stage = (
        "stage"
        + (" stage-with-panel" if panel is not None else "")
        + (" stage-sheet" if sheet else "")
    )
    return rx.el.div(
        rx.cond(
            AppState.painted != "",
            # Behind everything in the head, so it covers the face that the page came with.
            rx.el.link(rel="stylesheet", href=AppState.painted),
        ),
        rx.el.a(say("Skip to content"), href="#main", class_name="skip"),
        _navigation(here),
        rx.el.div(
            rx.el.header(
                _top(
                    title,
                    crumbs=crumbs,
                    beside=beside,
                    presence=presence,
                    actions=actions,
                    primary=primary,
                ),
                _there(_context(context)) if context else None,
            ),
            rx.el.div(
                rx.el.main(
                    rx.cond(AppState.absent, nothing_here(here), rx.fragment(*content)),
                    id="main",
                    tab_index=-1,
                    class_name="content content-fixed" if fixed else "content",
                ),
                _there(
                    rx.el.aside(panel, class_name="panel", tab_index=0, aria_label=say("Details"))
                )
                if panel is not None
                else None,
                class_name=rx.cond(AppState.absent, "stage", stage),
            ),
            rx.el.footer(foot, class_name="foot") if foot is not None else None,
            class_name="main",
        ),
        _phone_bar(here),
        _palette(),
        Habits.create(places=_places(), words=WORDS),
        class_name="shell shell-rail" if rail else "shell",
    )


def public_page(*content: rx.Component, wide: bool = False) -> rx.Component:
    """Return the frame of a page without navigation: sign-in, an offer, what is not found."""
    return rx.el.main(
        rx.el.div(*content, class_name="gate-card gate-wide" if wide else "gate-card"),
        id="main",
        class_name="gate",
    )


def logo() -> rx.Component:
    """Return the laboratory's mark: its logo, or its first letter on its colour."""
    letter = AppState.laboratory_name[0]
    return rx.el.span(
        rx.cond(AppState.laboratory_name != "", letter, "C"), class_name="logo", aria_hidden="true"
    )


def _top(
    title: Text,
    *,
    crumbs: Sequence[tuple[Text, Text]],
    beside: rx.Component | None,
    presence: rx.Component | None,
    actions: Sequence[rx.Component],
    primary: rx.Component | None,
) -> rx.Component:
    trail: list[rx.Component] = []
    for words, path in crumbs:
        trail += [icon("chevron-right")] if trail else []
        trail += [rx.el.a(words, href=path)]
    return rx.el.div(
        rx.el.div(
            rx.el.nav(*trail, class_name="crumbs", aria_label=say("Where you are"))
            if trail
            else None,
            rx.el.div(
                rx.el.h1(title, class_name="cut"),
                _there(beside) if beside is not None else None,
                class_name="top-title",
            ),
            class_name="top-words",
        ),
        _there(rx.el.div(presence, *actions, primary, class_name="top-actions")),
        class_name="top",
    )


def _there(part: rx.Component) -> rx.Component:
    return rx.cond(AppState.absent, None, part)


def _context(chips: Sequence[rx.Component]) -> rx.Component:
    # It scrolls sideways on a narrow screen, so the keyboard must reach it.
    return rx.el.div(
        *chips, class_name="context", role="group", aria_label=say("Conditions"), tab_index=0
    )


def _navigation(here: str) -> rx.Component:
    groups = [
        _nav_group(str(group), entries, here) for group, entries in routes.navigation().items()
    ]
    return rx.el.nav(
        rx.el.a(
            logo(),
            rx.el.span(AppState.laboratory_name, class_name="nav-words cut"),
            href=routes.DASHBOARD,
            title=say("Dashboard"),
            class_name="nav-home",
        ),
        rx.el.button(
            icon("search"),
            rx.el.span(say("Search"), class_name="nav-words"),
            rx.el.span("Ctrl K", class_name="key", aria_hidden="true"),
            type="button",
            class_name="nav-search",
            title=say("Search and commands"),
            data_opens="palette",
        ),
        rx.el.div(*groups, class_name="nav-scroll"),
        rx.el.div(_my_menu(), Live.create(words=WORDS), class_name="nav-foot"),
        class_name="nav",
        aria_label=say("Main"),
    )


def _nav_group(title: str, entries: Sequence[routes.Route], here: str) -> rx.Component:
    allowed = [_allowed(entry) for entry in entries]
    shown = allowed[0]
    for one in allowed[1:]:
        shown = shown | one
    return rx.fragment(
        rx.cond(shown, rx.el.div(say(title), class_name="nav-group")) if title else None,
        *(
            rx.cond(condition, _nav_entry(entry, here))
            for entry, condition in zip(entries, allowed, strict=True)
        ),
    )


def _allowed(entry: routes.Route) -> rx.Var[bool]:
    if entry.permission is None:
        return rx.Var.create(value=True)
    return may(entry.permission) | may_see(entry.permission)


def _nav_entry(entry: routes.Route, here: str) -> rx.Component:
    current = {"aria-current": "page"} if entry.path == here else {}
    return rx.el.a(
        icon(entry.icon),
        rx.el.span(entry.title, class_name="nav-words"),
        href=entry.link,
        title=entry.title,
        class_name="nav-entry",
        custom_attrs=current,
    )


def _my_menu() -> rx.Component:
    return rx.el.details(
        rx.el.summary(
            person(AppState.person_name, AppState.person_initials),
            rx.el.span(AppState.person_name, class_name="nav-words cut"),
            class_name="nav-me",
            title=say("Your menu"),
        ),
        rx.el.div(
            rx.el.div(
                rx.el.div(AppState.person_name, class_name="strong"),
                rx.el.div(AppState.role_titles, class_name="tiny faint"),
                class_name="head",
            ),
            rx.el.hr(),
            rx.el.button(
                icon(rx.color_mode_cond("moon", "sun")),
                rx.color_mode_cond(say("Dark colours"), say("Light colours")),
                type="button",
                class_name="entry",
                data_stay="",
                on_click=rx.toggle_color_mode,
            ),
            Density.create(words=WORDS),
            rx.el.button(
                icon("keyboard"),
                say("Keys of this page"),
                type="button",
                class_name="entry",
                data_opens="keys",
            ),
            rx.el.hr(),
            rx.el.form(
                rx.el.button(icon("log-out"), say("Sign out"), type="submit", class_name="entry"),
                method="post",
                action=routes.SIGN_OUT,
            ),
            class_name="menu-list",
        ),
        class_name="menu menu-up",
    )


def _phone_bar(here: str) -> rx.Component:
    shown = ((routes.WORK, say("Work")), (routes.BOARD, say("Board")))
    more = ((routes.REQUESTS, say("Requests")),)
    return rx.el.nav(
        *(_phone_entry(path, words, here) for path, words in shown),
        rx.el.button(
            icon("scan-barcode"),
            say("Find"),
            type="button",
            data_opens="palette",
        ),
        *(_phone_entry(path, words, here) for path, words in more),
        _phone_entry(routes.DASHBOARD, say("Today"), here),
        class_name="phone-bar",
        aria_label=say("Main, on a phone"),
    )


def _phone_entry(path: str, words: str, here: str) -> rx.Component:
    current = {"aria-current": "page"} if path == here else {}
    return rx.el.a(icon(routes.route(path).icon), words, href=path, custom_attrs=current)


def _places() -> dict[str, str]:
    return {entry.keys.lower(): entry.link for entry in routes.ROUTES if entry.keys}


def _palette() -> rx.Component:
    entries: list[dict[str, Any]] = [
        {
            "id": entry.path,
            "group": say("Go to") if entry.group else say("Commands"),
            "icon": entry.icon,
            "label": entry.title,
            "href": entry.link,
            "permission": str(entry.permission),
            **({"keys": ["G", entry.keys]} if entry.keys else {}),
        }
        for entry in routes.ROUTES
        if entry.permission and "[" not in entry.path
    ]
    return Palette.create(
        entries=entries,
        words=WORDS,
        permissions=AppState.permissions + AppState.readable,
        found=FindingState.found,
        on_query=FindingState.look_for,
    )


WORDS: dict[str, Any] = {
    "title": say("Search and commands"),
    "placeholder": say("Tag, serial number, request, certificate, or a command…"),
    "results": say("Results"),
    "none": say("Nothing found."),
    "choose": say("choose"),
    "open": say("open"),
    "close": say("close"),
    "live": say("Live"),
    "waiting": say("Reconnecting"),
    "offline": say("Offline since"),
    "bench": say("Bench size"),
    "hint": say("Large rows, for gloves"),
    "keys": say("Keys"),
    "keyList": [
        ["Ctrl K", say("Search and commands")],
        ["G", say("then a letter: go to a page")],
        ["/", say("Search in this list")],
        ["N", say("New")],
        ["Esc", say("Close what is on top")],
        ["?", say("Show these keys")],
    ],
}
