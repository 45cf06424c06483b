"""What one transition of a request or a line is made of."""

from dataclasses import dataclass
from enum import StrEnum

from calibra_app.core.access import Permission
from calibra_app.services.srf.states import HeaderState, LineState


class Level(StrEnum):
    """What a transition acts on."""

    HEADER = "header"
    LINE = "line"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the table of transitions.

    Attributes:
        number: "T01" to "T57".
        verb: The deed as a button says it.
        permissions: Any one opens the transition; which roles hold them is core's table.
        header_from: The header's states it may start from; empty for a transition of lines.
        header_to: Where the header may go, the usual one first; empty keeps or derives it.
        line_from: The line's states it may start from.
        line_to: Where the line may go, the usual one first.
        guards: What must hold, by number; words in capitals are conditions without a number.
        printed: The record is also printed (P); otherwise it is JSON alone (J).
        meaning: What a signature given with it says; empty where none is asked.
        notify: Who hears of it.
        bypass: It leads around an optional state.
        reviewed: The line's review flag that it asks for; None where it does not matter.
    """

    number: str
    verb: str
    permissions: tuple[Permission, ...]
    header_from: tuple[HeaderState, ...] = ()
    header_to: tuple[HeaderState, ...] = ()
    line_from: tuple[LineState, ...] = ()
    line_to: tuple[LineState, ...] = ()
    guards: tuple[str, ...] = ()
    printed: bool = False
    meaning: str = ""
    notify: tuple[str, ...] = ()
    bypass: bool = False
    reviewed: bool | None = None

    @property
    def level(self) -> Level:
        """Say whether it acts on the header, on lines or on both."""
        if self.number in {"T29", "T57"}:
            return Level.BOTH
        return Level.LINE if self.line_from else Level.HEADER
