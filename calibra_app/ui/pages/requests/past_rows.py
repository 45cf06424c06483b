"""What the pages show of a request as one of its records froze it."""

from dataclasses import dataclass
from typing import Self

from calibra_app.services.srf.past import PastSrf
from calibra_app.ui import format as shown
from calibra_app.ui.components.status import look_of
from calibra_app.ui.format import Region
from calibra_app.ui.pages.requests.rows import SHORT_HASH
from calibra_app.ui.words import say


@dataclass(frozen=True, slots=True)
class PastLineRow:
    """One line as it was."""

    position: str
    tag: str
    description: str
    tone: str
    icon: str
    state: str


@dataclass(frozen=True, slots=True)
class PastView:
    """A request as a record froze it."""

    sequence: int = 0
    title: str = ""
    tone: str = "gray"
    icon: str = "history"
    state: str = ""
    digest: str = ""
    reference: str = ""
    remarks: str = ""
    quotation: str = ""
    first: bool = True
    last: bool = True

    @classmethod
    def of(cls, past: PastSrf, region: Region) -> Self:
        """Return the heading of the view."""
        look = look_of(past.state)
        when = f"{shown.day(past.at, region=region)} {shown.clock_time(past.at, region=region)}"
        return cls(
            sequence=past.sequence,
            title=say(
                "As it was {when}: record {at} of {all}",
                when=when,
                at=past.sequence,
                all=past.count,
            ),
            tone=look.tone,
            icon=look.icon,
            state=look.words,
            digest=past.sha256[: 2 * SHORT_HASH],
            reference=past.reference,
            remarks=past.remarks,
            quotation=past.quotation,
            first=past.sequence == 1,
            last=past.sequence == past.count,
        )


def past_lines(past: PastSrf) -> list[PastLineRow]:
    """Return the lines as they were."""
    looks = [(line, look_of(line.state, line=True)) for line in past.lines]
    return [
        PastLineRow(
            str(line.position), line.tag, line.description, look.tone, look.icon, look.words
        )
        for line, look in looks
    ]
