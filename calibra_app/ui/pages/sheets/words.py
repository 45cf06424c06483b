"""What the observation sheet says: verdicts, phases, reasons, conditions."""

from collections.abc import Mapping
from typing import Any, Final

from calibra_app.ui.components.status import VERDICTS, Look
from calibra_app.ui.words import say

UNDECIDED: Final = Look("gray", "verdict-open", say("Cannot decide"), say("Method cannot decide"))
NO_STATEMENT: Final = Look("gray", "verdict-open", say("No statement"), say("No statement"))

LOOKS: Final[Mapping[str, Look]] = {
    **VERDICTS,
    "undecided": UNDECIDED,
    "no_statement": NO_STATEMENT,
}

# What the grid draws for the name of each statement.
GRID_VERDICTS: Final[Mapping[str, dict[str, str]]] = {
    name: {"tone": look.tone, "icon": look.icon, "words": look.words}
    for name, look in LOOKS.items()
    if name != "open"
}

REASONS: Final = (
    say("Typed wrongly"),
    say("Read again"),
    say("Wrong cell"),
    say("Item not settled"),
)

PHASES: Final = (
    ("as_found", say("As found")),
    ("adjustment", say("Adjustment")),
    ("as_left", say("As left")),
)

QUANTITIES: Final = (
    ("temperature", say("Temperature, °C")),
    ("humidity", say("Relative humidity, %RH")),
    ("pressure", say("Air pressure, hPa")),
    ("gradient", say("Change of temperature, K/h")),
)

COMPUTED: Final[tuple[dict[str, Any], ...]] = (
    {"id": "mean", "title": say("Mean"), "quiet": True},
    {"id": "error", "title": say("Error"), "strong": True, "judged": True},
    {"id": "limit", "title": say("Limit"), "wide": True, "quiet": True},
    {"id": "u", "title": "U"},
    {"id": "statement", "title": say("Verdict"), "verdict": True, "words": True},
)

QUESTION: Final = say(
    "The item was found outside its limits. May we adjust it? As found is kept and reported."
)
