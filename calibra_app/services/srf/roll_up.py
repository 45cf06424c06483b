"""The header's state as it follows from the lines, and the badges that tell the rest."""

from collections.abc import Sequence
from dataclasses import dataclass

from calibra_app.services.srf.states import (
    ENDED,
    LABORATORY,
    SUSPENDED,
    HeaderState,
    LineState,
)

# Where the roll-up speaks: from acceptance, whose lines are all pending, to approval.
DERIVED = frozenset({HeaderState.ACCEPTED, *LABORATORY, HeaderState.APPROVED})

_STARTED = frozenset(
    {
        LineState.IN_PROGRESS,
        LineState.AWAITING_PARTS,
        LineState.QC,
        LineState.REWORK,
        LineState.APPROVED,
        LineState.RELEASED,
    }
)
_AUTHORIZED = frozenset({LineState.APPROVED, LineState.RELEASED})
_AT_QC = _AUTHORIZED | {LineState.QC}
_ASSIGNED = _STARTED | {LineState.ASSIGNED}


@dataclass(frozen=True, slots=True)
class LineStanding:
    """A line as the roll-up sees it.

    Attributes:
        started: It was at least In Progress once, wherever it is now.
        calibrated: It was Approved once, wherever it is now.
        on_site: It is done at the customer's, so its item is visited and not sent in.
    """

    state: LineState
    started: bool = False
    calibrated: bool = False
    on_site: bool = False

    @property
    def was_started(self) -> bool:
        """Say whether work on the line began."""
        return self.started or self.state in _STARTED

    @property
    def was_calibrated(self) -> bool:
        """Say whether the line ever had an authorized certificate."""
        return self.calibrated or self.state in _AUTHORIZED


def roll_up(lines: Sequence[LineStanding], current: HeaderState) -> HeaderState:
    """Return the header's state for these lines; outside the derived stretch, the current one."""
    if current not in DERIVED or not lines:
        return current
    active = [line for line in lines if line.state not in ENDED]
    if not active:
        return _all_ended(lines, current)
    suspended = [line for line in active if line.state in SUSPENDED]
    working = [line for line in active if line.state not in SUSPENDED]
    if not working:
        return _most_pressing(suspended)
    return _of_working(working, suspended)


def badges(lines: Sequence[LineStanding]) -> tuple[str, ...]:
    """Return what the header's state leaves out, such as "1 of 4 subcontracted"."""
    active = [line for line in lines if line.state not in ENDED]
    states = [line.state for line in active]
    total = len(active)
    begun = any(state is not LineState.PENDING for state in states)
    pending = [line for line in active if begun and line.state is LineState.PENDING]
    told = (
        ("waiting", {LineState.AWAITING_CUSTOMER, LineState.AWAITING_PARTS}, False),
        ("on hold", {LineState.ON_HOLD}, False),
        ("subcontracted", {LineState.SUBCONTRACTED}, True),
        ("in rework", {LineState.REWORK}, False),
    )
    found: list[str] = []
    for word, among, of_all in told:
        count = sum(state in among for state in states)
        if count:
            found.append(f"{count} of {total} {word}" if of_all else f"{count} {word}")
    visits = sum(line.on_site for line in pending)
    left = ((len(pending) - visits, "to come"), (visits, "to visit"))
    return (*found, *(f"{count} {word}" for count, word in left if count))


def _all_ended(lines: Sequence[LineStanding], current: HeaderState) -> HeaderState:
    states = {line.state for line in lines}
    if states == {LineState.CANCELLED}:
        return HeaderState.CANCELLED
    if any(line.was_calibrated for line in lines):
        # What was calibrated goes on to invoice and delivery, though the rest was withdrawn.
        return HeaderState.APPROVED
    return HeaderState.REJECTED if LineState.REJECTED in states else current


def _of_working(working: Sequence[LineStanding], suspended: Sequence[LineStanding]) -> HeaderState:
    if _all_in(working, _AUTHORIZED):
        return _most_pressing(suspended) if suspended else HeaderState.APPROVED
    if _all_in(working, _AT_QC):
        return HeaderState.QC
    if any(line.was_started for line in (*working, *suspended)):
        rework = _all_in(working, frozenset({LineState.REWORK}))
        return HeaderState.REWORK if rework else HeaderState.IN_PROGRESS
    return _not_started(working, suspended)


def _not_started(working: Sequence[LineStanding], suspended: Sequence[LineStanding]) -> HeaderState:
    arrived = [line for line in working if line.state is not LineState.PENDING]
    if not arrived:
        return _most_pressing(suspended) if suspended else HeaderState.ACCEPTED
    return HeaderState.ASSIGNED if _all_in(arrived, _ASSIGNED) else HeaderState.RECEIVED


def _most_pressing(suspended: Sequence[LineStanding]) -> HeaderState:
    states = {line.state for line in suspended}
    return HeaderState(next(state for state in SUSPENDED if state in states).value)


def _all_in(lines: Sequence[LineStanding], states: frozenset[LineState]) -> bool:
    return all(line.state in states for line in lines)
