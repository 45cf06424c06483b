"""The turnaround clock of a line: from receipt to approval, less what waits for the customer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from calibra_app.services.srf.states import HoldKind, LineState

_BEFORE = frozenset({LineState.PENDING})
_AFTER = frozenset(
    {
        LineState.APPROVED,
        LineState.RELEASED,
        LineState.RETURNED,
        LineState.REJECTED,
        LineState.CANCELLED,
    }
)


@dataclass(frozen=True, slots=True)
class LineEvent:
    """The instant from which a line is in a state; `hold` says of which kind a hold is."""

    at: datetime
    state: LineState
    hold: HoldKind | None = None


def turnaround(events: Sequence[LineEvent], now: datetime) -> timedelta:
    """Return how long the laboratory has had a line in its own hands.

    The clock runs from Received to Approved. It stands while the line awaits the customer, and
    on hold where the customer is the cause. An ended line keeps the time it had.

    Args:
        events: The line's changes of state in the order in which they happened.
        now: Until when a line that is not approved yet is counted.
    """
    ends = [event.at for event in events[1:]]
    total = timedelta()
    for event, end in zip(events, [*ends, now], strict=False):
        if _runs(event):
            total += max(end - event.at, timedelta())
    return total


def slowest(lines: Iterable[Sequence[LineEvent]], now: datetime) -> timedelta:
    """Return the turnaround that a request shows: that of its slowest line."""
    return max((turnaround(events, now) for events in lines), default=timedelta())


def _runs(event: LineEvent) -> bool:
    if event.state is LineState.AWAITING_CUSTOMER:
        return False
    if event.state is LineState.ON_HOLD:
        return event.hold is not HoldKind.CUSTOMER
    return event.state not in _BEFORE | _AFTER
