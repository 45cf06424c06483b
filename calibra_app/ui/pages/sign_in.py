"""The sign-in page: one card, the address first, then the password; no navigation around it."""

import reflex as rx

from calibra_app.ui.words import say

_CARD = rx.asset("sign_in.jsx", shared=True)


class SignInCard(rx.Component):
    """The React part: only the browser itself can be handed the session's cookie."""

    library = f"$/public{_CARD}"
    tag = "SignInCard"
    words: rx.Var[dict[str, str]]


# The card's own measures; colours and controls are those of the site's stylesheet.
_STYLE = """
.sign-in-page{min-height:100vh;display:grid;place-items:center;padding:24px 16px;
background:var(--canvas)}
.sign-in{width:100%;max-width:400px;display:grid;gap:16px;padding:32px 28px}
.sign-in h1{font-size:20px;line-height:1.3;font-weight:600;margin:0}
.sign-in .control,.sign-in .button{min-height:48px;font-size:16px;width:100%}
.sign-in .button{justify-content:center}
.sign-in-logo[hidden]{display:none}
.sign-in-logo{max-height:44px;max-width:180px;justify-self:start}
.sign-in .banner-red{background:var(--red-soft);color:var(--red-text);
border:1px solid var(--red-line);border-radius:8px;padding:10px 12px;font-size:14px}
"""


def sign_in_page() -> rx.Component:
    """Return the page at which everybody arrives who has no session."""
    return rx.el.main(
        rx.el.style(_STYLE),
        SignInCard.create(
            words={
                "title": say("Sign in to Calibra"),
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
        class_name="sign-in-page",
    )
