"""States, verdicts and tones: each is a tone, an icon and words, never a colour alone.

The names of the states are those that the records hold; the services know what they mean, this
table only knows what they look like. Board, badges and lists read the same rows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import reflex as rx

from calibra_app.ui.components.icon import icon
from calibra_app.ui.components.values import Text, is_blank
from calibra_app.ui.words import say

Tone = Literal["gray", "blue", "violet", "teal", "amber", "orange", "green", "red"]


@dataclass(frozen=True, slots=True)
class Look:
    """How one state or verdict appears.

    Attributes:
        tone: Its colour: gray undecided, blue intake, violet with us, teal being worked on, amber
            waits for somebody, orange sent back, green done, red refused.
        icon: Its symbol.
        words: What personnel reads.
        customer_words: What the customer reads.
    """

    tone: Tone
    icon: str
    words: str
    customer_words: str


SRF_STATES: Mapping[str, Look] = {
    "draft": Look("gray", "pencil-line", say("Draft"), say("Draft")),
    "submitted": Look("blue", "inbox", say("Submitted"), say("Received by us")),
    "contract_review": Look("blue", "clipboard-list", say("Contract review"), say("Being checked")),
    "info_required": Look(
        "amber", "message-circle-question-mark", say("Info required"), say("We need an answer")
    ),
    "quoted": Look("blue", "file-text", say("Quoted"), say("Offer in preparation")),
    "awaiting_approval": Look(
        "amber", "hourglass", say("Awaiting approval"), say("Waiting for your approval")
    ),
    "accepted": Look("violet", "handshake", say("Accepted"), say("Order confirmed")),
    "received": Look("violet", "package-check", say("Received"), say("Arrived at the lab")),
    "assigned": Look("violet", "user-round-check", say("Assigned"), say("Scheduled")),
    "in_progress": Look("teal", "gauge", say("In progress"), say("Being calibrated")),
    "on_hold": Look("amber", "circle-pause", say("On hold"), say("Paused")),
    "awaiting_customer": Look(
        "amber", "message-square-more", say("Awaiting customer"), say("We need your decision")
    ),
    "awaiting_parts": Look("amber", "wrench", say("Awaiting parts"), say("Waiting for parts")),
    "subcontracted": Look("amber", "building-2", say("Subcontracted"), say("With a partner lab")),
    "qc": Look("teal", "scan-search", say("In review"), say("Being reviewed")),
    "rework": Look("orange", "undo-2", say("Rework"), say("Being reviewed")),
    "approved": Look("green", "badge-check", say("Approved"), say("Certificate approved")),
    "invoiced": Look("green", "receipt", say("Invoiced"), say("Invoiced")),
    "dispatched": Look("green", "truck", say("Dispatched"), say("On its way")),
    "delivered": Look("green", "package-open", say("Delivered"), say("Delivered")),
    "closed": Look("gray", "archive", say("Closed"), say("Closed")),
    "reopened": Look("orange", "folder-open", say("Reopened"), say("Reopened")),
    "rejected": Look("red", "octagon-x", say("Rejected"), say("Declined")),
    "cancelled": Look("gray", "circle-slash", say("Cancelled"), say("Cancelled")),
}

LINE_STATES: Mapping[str, Look] = {
    "pending": Look("gray", "clock", say("Pending"), say("Expected")),
    **{
        state: SRF_STATES[state]
        for state in (
            "received",
            "assigned",
            "in_progress",
            "qc",
            "approved",
        )
    },
    "released": Look("green", "file-check", say("Released"), say("Certificate ready")),
    "returned": Look("gray", "package-open", say("Returned"), say("Back with you")),
    **{
        state: SRF_STATES[state]
        for state in (
            "on_hold",
            "awaiting_customer",
            "awaiting_parts",
            "subcontracted",
            "rework",
            "rejected",
            "cancelled",
        )
    },
}

# The twelve columns of the request board and the header states that stand in each.
BOARD_COLUMNS: Mapping[str, tuple[Look, tuple[str, ...]]] = {
    "intake": (
        Look("blue", "inbox", say("Intake"), ""),
        ("submitted", "contract_review", "info_required"),
    ),
    "offer": (Look("blue", "file-text", say("Offer"), ""), ("quoted", "awaiting_approval")),
    "expected": (Look("violet", "handshake", say("Expected"), ""), ("accepted",)),
    "received": (SRF_STATES["received"], ("received",)),
    "assigned": (SRF_STATES["assigned"], ("assigned",)),
    "in_progress": (SRF_STATES["in_progress"], ("in_progress", "rework")),
    "waiting": (
        Look("amber", "hourglass", say("Waiting"), ""),
        ("on_hold", "awaiting_customer", "awaiting_parts", "subcontracted"),
    ),
    "qc": (SRF_STATES["qc"], ("qc",)),
    "approved": (SRF_STATES["approved"], ("approved",)),
    "invoiced": (SRF_STATES["invoiced"], ("invoiced",)),
    "out": (Look("green", "truck", say("Out"), ""), ("dispatched", "delivered")),
    "reopened": (SRF_STATES["reopened"], ("reopened",)),
}

# Five shapes, so that a print without colour still tells them apart.
VERDICTS: Mapping[str, Look] = {
    "pass": Look("green", "verdict-pass", say("Pass"), say("Pass")),
    "conditional_pass": Look(
        "amber", "verdict-conditional-pass", say("Cond. pass"), say("Conditional pass")
    ),
    "conditional_fail": Look(
        "orange", "verdict-conditional-fail", say("Cond. fail"), say("Conditional fail")
    ),
    "fail": Look("red", "verdict-fail", say("Fail"), say("Fail")),
    "open": Look("gray", "verdict-open", say("Open"), say("Not decided yet")),
}

UNKNOWN = Look("gray", "circle-dashed", say("Unknown"), say("Unknown"))


def look_of(state: str, *, line: bool = False) -> Look:
    """Return how a header state, or a line state, appears; a new state appears as itself."""
    return (LINE_STATES if line else SRF_STATES).get(state) or Look(
        UNKNOWN.tone, UNKNOWN.icon, state, state
    )


def badge(words: Text, tone: Text = "gray", symbol: Text = "") -> rx.Component:
    """Return words on a soft tone, with an icon; every argument may be a var.

    Pages that list records put `tone`, `icon` and `words` of `look_of` into their rows.
    """
    before = () if is_blank(symbol) else (icon(symbol),)
    return rx.el.span(*before, rx.el.span(words, class_name="cut"), class_name=f"badge tone-{tone}")


def state_badge(state: str, *, line: bool = False, customer: bool = False) -> rx.Component:
    """Return the badge of a state that is known when the page is written."""
    look = look_of(state, line=line)
    return badge(look.customer_words if customer else look.words, look.tone, look.icon)


def verdict(words: Text, tone: Text, symbol: Text, *, large: bool = False) -> rx.Component:
    """Return a statement of conformity by its three parts, which may be vars."""
    return rx.el.span(
        icon(symbol),
        rx.el.span(words),
        class_name=f"verdict ink-{tone}" + (" verdict-large" if large else ""),
    )


def timeline(*events: rx.Component, label: str = "") -> rx.Component:
    """Return events under each other, newest first: `event` parts or a foreach of them."""
    return rx.el.ol(*events, class_name="timeline", aria_label=label or say("Timeline"))


def event(
    what: rx.Component | Text,
    when: Text,
    *,
    who: Text = "",
    note: Text = "",
    symbol: Text = "circle-dot",
    tone: Text = "gray",
) -> rx.Component:
    """Return one event of a timeline.

    Args:
        what: What happened, as a sentence.
        when: The moment, as text.
        who: The person, as text.
        note: A reason or remark, in a second line.
        symbol: Its icon.
        tone: The tone of its knot.
    """
    second = rx.el.span(when, rx.cond(who != "", f" · {who}", ""), class_name="tiny faint num")
    return rx.el.li(
        rx.el.span(icon(symbol), class_name=f"knot tone-{tone}"),
        rx.el.div(
            rx.el.span(what),
            second,
            rx.cond(note != "", rx.el.span(note, class_name="tiny second before-lines")),
            class_name="told",
        ),
    )
