"""The page at an address where there is none; it says nothing of what there might be."""

import reflex as rx

from calibra_app.ui import routes
from calibra_app.ui.components.button import link_button
from calibra_app.ui.components.shell import public_page
from calibra_app.ui.words import say


def not_found_page() -> rx.Component:
    """Return the way back for whoever followed an old link or mistyped one."""
    return public_page(
        rx.el.h1(say("There is nothing at this address")),
        rx.el.p(
            say("The link may be old, or a letter of it is missing."), class_name="small second"
        ),
        rx.el.div(
            link_button(say("Go to the start page"), href=routes.DASHBOARD, kind="primary"),
            class_name="row",
        ),
    )
