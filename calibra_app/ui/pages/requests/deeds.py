"""The deeds that the page of a request offers: what each is called and what it asks for.

Which deeds are legal, and for whom, is said by the services; this table knows how they appear.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from calibra_app.services.srf.queries import Offered, SrfDetail
from calibra_app.ui import routes
from calibra_app.ui.words import say


@dataclass(frozen=True, slots=True)
class Look:
    """How one transition of a request appears.

    Attributes:
        words: The verb on its button.
        icon: Its symbol.
        asks: The label of the text that its dialog asks for; empty where it asks for none.
        text: What the dialog says about the effect.
        place: Where it is done, if on another page; `{quotation}` is put in.
    """

    words: str
    icon: str
    asks: str = ""
    text: str = ""
    place: str = ""


_REASON = say("Reason")
_QUOTATION = routes.quotation("{quotation}")

LOOKS: Final[Mapping[str, Look]] = {
    "T02": Look(say("Submit"), "send"),
    "T03": Look(say("Discard draft"), "trash-2", _REASON, say("The draft is kept as cancelled.")),
    "T04": Look(say("Start review"), "clipboard-list"),
    "T05": Look(
        say("Return to customer"),
        "undo-2",
        say("What has to be changed"),
        say("The request becomes a draft again; the customer is told why."),
    ),
    "T06": Look(
        say("Ask the customer"),
        "message-circle-question-mark",
        say("Question"),
        say("The contact gets it by mail; the review waits for the answer."),
    ),
    "T07": Look(say("Enter the answer"), "reply", say("Answer")),
    "T08": Look(say("Let it lapse"), "clock-alert", "", say("The request is cancelled.")),
    "T09": Look(say("Make an offer"), "file-text"),
    "T10": Look(say("Accept under agreement"), "handshake"),
    "T11": Look(
        say("Decline"), "octagon-x", _REASON, say("The customer reads the reason in the letter.")
    ),
    "T12": Look(say("Send the offer"), "send", place=_QUOTATION),
    "T13": Look(say("Back to review"), "undo-2", place=_QUOTATION),
    "T14": Look(say("Enter acceptance"), "handshake", place=_QUOTATION),
    "T15": Look(say("Enter a wish for change"), "pencil-line", place=_QUOTATION),
    "T16": Look(say("Enter rejection"), "octagon-x", place=_QUOTATION),
    "T19": Look(
        say("Change order"),
        "git-compare",
        _REASON,
        say("The chosen lines are reviewed anew; the others keep their review."),
    ),
    "T40": Look(say("Invoice"), "receipt", place=routes.INVOICES),
    "T41": Look(say("Ship before the invoice"), "truck", place=routes.DISPATCH),
    "T42": Look(say("Ship"), "truck", place=routes.DISPATCH),
    "T43": Look(say("Credit note"), "receipt", place=routes.INVOICES),
    "T44": Look(say("Confirm delivery"), "package-check", place=routes.DISPATCH),
    "T45": Look(
        say("Hand over"),
        "hand",
        say("How it is known"),
        say("The items go back to the customer at once, at the counter or on site."),
    ),
    "T46": Look(say("Returned undelivered"), "undo-2", place=routes.DISPATCH),
    "T47": Look(say("Close"), "archive"),
    "T48": Look(
        say("Reopen"), "folder-open", _REASON, say("The request is worked on again, by a reason.")
    ),
    "T50": Look(
        say("Measure again"),
        "repeat",
        text=say(
            "The chosen items go to the bench with a new sheet; the certificate that follows "
            "replaces the one before."
        ),
    ),
    "T51": Look(say("Nothing to do"), "archive", _REASON, say("The request is closed again.")),
    "T53": Look(say("Return items"), "package-open", place=routes.DISPATCH),
    "T52": Look(
        say("Cancel request"),
        "circle-slash",
        _REASON,
        say("Work done so far is kept; what is open is settled here."),
    ),
    "T54": Look(say("Revive as a copy"), "copy"),
    "T56": Look(
        say("Split request"),
        "split",
        _REASON,
        say("The chosen items go on under a number of their own; the offer covers both."),
    ),
}

# What leads on from each state, the first that is offered; the rest stands in the menu.
_ONWARD: Final[Sequence[str]] = (
    "T02",
    "T04",
    "T07",
    "T10",
    "T09",
    "T12",
    "T14",
    "T40",
    "T42",
    "T44",
    "T47",
    "T54",
)


@dataclass(frozen=True, slots=True)
class DeedRow:
    """One deed as the button or the menu shows it."""

    number: str = ""
    words: str = ""
    icon: str = ""
    refusal: str = ""
    path: str = ""
    asks: str = ""
    text: str = ""
    meaning: str = ""


TAKE_BACK: Final = DeedRow(
    number="back",
    words=say("Take items back"),
    icon="package-open",
    text=say("The chosen items are in our custody again."),
)


def deeds_of(detail: SrfDetail) -> list[DeedRow]:
    """Return what the actor may do with the request as a whole, refused deeds with the reason."""
    places = {"quotation": detail.quotation_id or ""}
    found = [
        _row(offered, places)
        for offered in detail.offered
        if offered.number in LOOKS and _has_a_way(offered, detail)
    ]
    return [TAKE_BACK, *found] if detail.takes_back else found


def primary_of(deeds: Sequence[DeedRow]) -> DeedRow:
    """Return the one deed that leads on; an empty one where none does."""
    by_number = {deed.number: deed for deed in deeds}
    onward = [by_number[number] for number in _ONWARD if number in by_number]
    open_ones = [deed for deed in onward if not deed.refusal]
    return next(iter((*open_ones, *onward)), DeedRow())


def _row(offered: Offered, places: Mapping[str, object]) -> DeedRow:
    look = LOOKS[offered.number]
    return DeedRow(
        number=offered.number,
        words=look.words,
        icon=look.icon,
        refusal=" ".join(offered.refusals),
        path=look.place.format_map(places),
        asks=look.asks,
        text=look.text,
        meaning=offered.meaning,
    )


def _has_a_way(offered: Offered, detail: SrfDetail) -> bool:
    if offered.number == "T10":
        return detail.standing_agreement
    return detail.quotation_id is not None or "{quotation}" not in LOOKS[offered.number].place
