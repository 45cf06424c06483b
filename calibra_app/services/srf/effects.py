"""What a state brings along when a line or a request enters it: clock, marks, instants.

Only `moves` decides which state that is.
"""

from collections.abc import Sequence
from datetime import timedelta

from calibra_app.core.access import within_deed
from calibra_app.models.srf import HoldKind, Srf, SrfLine
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.services.srf.roll_up import DERIVED, LineStanding, roll_up
from calibra_app.services.srf.states import HeaderState, LineState


@within_deed
def enter_line_state(
    work: UnitOfWork,
    line: SrfLine,
    number: str,
    after: LineState,
    *,
    hold: HoldKind | None = None,
    reason: str = "",
) -> None:
    """Give a line the state to which a transition leads, with the marks that go with it."""
    if number == "T37":
        line.reviewed = True
    if number in {"T35", "T36", "T39", "T32"}:
        line.reviewed = False
    if number == "T25":
        line.hold_kind, line.hold_reason = hold, reason
        line.hold_by = work.actor.person_id
    if number == "T26":
        line.hold_kind, line.hold_reason, line.hold_by = None, "", None
    if number == "T39" and after is LineState.ON_HOLD:
        line.hold_kind, line.hold_reason = HoldKind.NONCONFORMITY, reason
        line.hold_by = work.actor.person_id
    set_line_state(work, line, after)


@within_deed
def set_line_state(work: UnitOfWork, line: SrfLine, after: LineState) -> None:
    """Give a line its state with what follows from it: the turnaround clock and its marks."""
    if line.state is after:
        return
    line.state = after
    line.state_since = work.now
    waits = after is LineState.AWAITING_CUSTOMER or (
        after is LineState.ON_HOLD and line.hold_kind is HoldKind.CUSTOMER
    )
    if waits and line.paused_since is None:
        line.paused_since = work.now
    elif not waits and line.paused_since is not None:
        line.paused_seconds += int((work.now - line.paused_since) / timedelta(seconds=1))
        line.paused_since = None
    if after is LineState.RECEIVED and line.received_at is None:
        line.received_at = work.now
    if after is LineState.IN_PROGRESS:
        line.started = True
    if after is LineState.APPROVED and line.approved_at is None:
        line.approved_at = work.now


@within_deed
def derive_header(work: UnitOfWork, srf: Srf, lines: Sequence[SrfLine]) -> None:
    """Let the header follow its lines by the roll-up rule, while it is derived."""
    if srf.state not in DERIVED:
        return
    standings = [
        LineStanding(line.state, line.started, line.approved_at is not None) for line in lines
    ]
    derived = roll_up(standings, srf.state)
    if derived is not srf.state:
        srf.state = derived
        srf.state_since = work.now
        stamp_header(work, srf)


@within_deed
def stamp_header(work: UnitOfWork, srf: Srf) -> None:
    """Note when a request was submitted, received, approved and closed."""
    match srf.state:
        case HeaderState.SUBMITTED if srf.submitted_at is None:
            srf.submitted_at = work.now
        case HeaderState.RECEIVED if srf.received_at is None:
            srf.received_at = work.now
        case HeaderState.APPROVED if srf.approved_at is None:
            srf.approved_at = work.now
        case HeaderState.CLOSED:
            srf.closed_at = work.now
        case _:
            pass
