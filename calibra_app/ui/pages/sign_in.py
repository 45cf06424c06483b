"""The sign-in page: one card, the address first, then the password; no navigation around it."""

import reflex as rx

from calibra_app.ui.words import say

_CARD = rx.asset("sign_in.jsx", shared=True)


class SignInCard(rx.Component):
    """The React part: only the browser itself can be handed the session's cookie."""

    library = f"$/public{_CARD}"
    tag = "SignInCard"
    words: rx.Var[dict[str, str]]


def sign_in_page() -> rx.Component:
    """Return the page at which everybody arrives who has no session."""
    return rx.el.main(
        SignInCard.create(
            words={
                "title": say("Calibra"),
                "what": say("Sign in to the laboratory"),
                "form": say("Sign in"),
                "laboratory": say("Laboratory"),
                "example": say("short name, for example meridian"),
                "email": say("Email"),
                "password": say("Password"),
                "next": say("Continue"),
                "enter": say("Sign in"),
                "busy": say("Checking…"),
                "forgot": say("Forgot password?"),
                "failed": say("That did not work. Try again."),
                "offline": say("The laboratory's server does not answer. Try again in a moment."),
            }
        ),
        id="main",
        class_name="gate",
    )
