"""What was done, or refused, in a corner of the screen; and where the cursor goes next.

An event answers with `done`, `warned`, `refused` or `focus`. Reflex's own toasts and scripts reach
the browser as source text that it has to evaluate; these travel as data, by the order that sets
the value of a part of the page, so that the site's policy can forbid evaluation altogether. The
part that takes them stands above all pages, so what an event says before it leads to another page
is still read there.

A notice is never the only place of an information, and what others do never brings one.
"""

import functools
import inspect
from collections.abc import Callable
from typing import Any, cast

import reflex as rx
from reflex_base.event import EventSpec

from calibra_app.ui.words import say

_NOTICES = rx.asset("notices.jsx", shared=True)
# By this name the part in the browser is found; `notices.jsx` registers itself under it.
PLACE = "notices"


class Notices(rx.Component):
    """The corner where notices appear, and the bar that tells when the connection is lost."""

    library = f"$/public{_NOTICES}"
    tag = "Notices"
    words: rx.Var[dict[str, str]]


def notices() -> rx.Component:
    """Return the part that takes what the events below send; `rx.App(toaster=notices())`."""
    return Notices.create(
        words={
            "region": say("Notices"),
            "close": say("Close"),
            "offline": say("Offline since"),
            "lost": say("No connection to the server since"),
            "kept": say("What you have typed is kept on this page."),
        }
    )


def done(sentence: str) -> EventSpec:
    """Return the event that says what was done; it goes by itself after a few seconds."""
    return _tell("done", sentence)


def warned(sentence: str) -> EventSpec:
    """Return the event that says what came in between; it goes by itself, but later."""
    return _tell("warned", sentence)


def refused(sentence: str) -> EventSpec:
    """Return the event that says what was not done, and why; it stays until it is closed."""
    return _tell("refused", sentence)


def focus(field: str) -> EventSpec:
    """Return the event that puts the cursor into a field, by its id or its name in a form."""
    return _send({"kind": "focus", "field": field})


def _tell(kind: str, sentence: str) -> EventSpec:
    return _send({"kind": kind, "text": sentence})


def _send(told: dict[str, Any]) -> EventSpec:
    return rx.set_value(PLACE, told)


def without_gaps(event: Callable[..., Any]) -> Callable[..., Any]:
    """Let an event answer with a list in which something is None: Reflex refuses the whole list."""
    if not inspect.iscoroutinefunction(event):
        return event

    @functools.wraps(event)
    async def answered(*args: Any, **kwargs: Any) -> Any:
        answer = await event(*args, **kwargs)
        if isinstance(answer, list):
            return [each for each in cast("list[Any]", answer) if each is not None]
        return answer

    return answered
