"""Toasts: what was just done, for six seconds; never the only place of an information."""

import reflex as rx
from reflex.event import EventSpec

BRIEF, UNDOABLE = 6_000, 10_000


def done(sentence: str, detail: str = "") -> EventSpec:
    """Return the event that says what was done."""
    return rx.toast.success(sentence, description=detail or None, duration=BRIEF)


def refused(sentence: str, reason: str = "") -> EventSpec:
    """Return the event that says what was not done, and why; it stays until it is closed."""
    return rx.toast.error(
        sentence, description=reason or None, duration=UNDOABLE, close_button=True
    )
