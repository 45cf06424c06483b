"""Which transition leads where, who may make it, and which are open from a state; pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from calibra_app.core.access import Actor, Grant, Permission, Role
from calibra_app.core.errors import Conflict, Forbidden
from calibra_app.services.srf.header_transitions import HEADER_TRANSITIONS
from calibra_app.services.srf.line_transitions import LINE_TRANSITIONS
from calibra_app.services.srf.roll_up import DERIVED
from calibra_app.services.srf.states import (
    OPTIONAL_STATES,
    HeaderState,
    HoldKind,
    LineState,
    words,
)
from calibra_app.services.srf.transition import Level, Transition

__all__ = [
    "BYPASS",
    "NONE_OFF",
    "OPTIONAL_STATES",
    "SYSTEM_TRANSITIONS",
    "TRANSITIONS",
    "Ability",
    "HeaderState",
    "HoldKind",
    "Level",
    "LineState",
    "NotInThisState",
    "Transition",
    "header_target",
    "hold_permission",
    "legal_line_transitions",
    "legal_transitions",
    "line_effect",
    "may_act",
    "next_header_state",
    "next_line_state",
    "require_actor",
    "signature_of",
]

TRANSITIONS: Mapping[str, Transition] = {
    transition.number: transition
    for transition in sorted(
        (*HEADER_TRANSITIONS, *LINE_TRANSITIONS), key=lambda transition: transition.number
    )
}
NONE_OFF: frozenset[HeaderState] = frozenset()

# The way around each optional state that a laboratory has switched off.
BYPASS: Mapping[HeaderState, str] = {
    HeaderState.QUOTED: "T10",
    HeaderState.AWAITING_APPROVAL: "T10",
    HeaderState.INVOICED: "T41",
    HeaderState.DISPATCHED: "T45",
    HeaderState.AWAITING_PARTS: "T25",  # parts are waited for on hold, for capacity
    HeaderState.SUBCONTRACTED: "T06",  # what is outside the scope is settled in the review
}

# A note of the permission table that opens a part of the deed opens these transitions only.
_PARTS: Mapping[str, frozenset[str]] = {
    "receive": frozenset({"T33"}),
    "in": frozenset({"T31"}),
    "confirm": frozenset({"T44"}),
    "site": frozenset({"T18", "T20", "T44", "T45"}),
}

# What happens by itself, by a date or a courier's message.
SYSTEM_TRANSITIONS = frozenset({"T01", "T08", "T17", "T25", "T44", "T47"})

_TECHNICAL_HOLDS = frozenset({HoldKind.EQUIPMENT, HoldKind.ENVIRONMENT, HoldKind.NONCONFORMITY})
_QUALITY_HOLDS = frozenset({HoldKind.ENVIRONMENT, HoldKind.NONCONFORMITY})


class NotInThisState(Conflict):
    """The request or line is not where this deed starts."""

    code: ClassVar[str] = "not_in_this_state"


@dataclass(frozen=True, slots=True)
class Ability:
    """How an actor may make a transition.

    Attributes:
        own_only: Only on own or assigned records.
        conditions: Notes of the permission table, one of which must be met; empty for none.
        signed: A signature is asked for.
    """

    own_only: bool
    conditions: frozenset[str]
    signed: bool


def legal_transitions(
    state: HeaderState, *, without: frozenset[HeaderState] = NONE_OFF
) -> tuple[Transition, ...]:
    """Return the transitions of the header that start from a state.

    Args:
        state: Where the request stands.
        without: The optional states that this laboratory has switched off.
    """
    return tuple(
        transition
        for transition in HEADER_TRANSITIONS
        if state in _sources(transition, without) and _leads_on(transition, without)
    )


def legal_line_transitions(
    state: LineState,
    *,
    reviewed: bool = False,
    header: HeaderState = HeaderState.RECEIVED,
    without: frozenset[HeaderState] = NONE_OFF,
) -> tuple[Transition, ...]:
    """Return the transitions that start from a line's state, while its header lets lines move."""
    if header not in DERIVED:
        return ()
    return tuple(
        transition
        for transition in LINE_TRANSITIONS
        if state in transition.line_from
        and transition.reviewed in (None, reviewed)
        and _leads_on(transition, without)
    )


def header_target(
    transition: Transition,
    state: HeaderState,
    *,
    without: frozenset[HeaderState] = NONE_OFF,
) -> tuple[HeaderState, ...]:
    """Return where a transition may take the header; the state itself where it stays.

    Raises:
        NotInThisState: The transition does not start there, or acts on lines.
    """
    if transition not in legal_transitions(state, without=without):
        raise NotInThisState(_not_here(transition, state))
    open_targets = tuple(target for target in transition.header_to if target not in without)
    return open_targets or (state,)


def next_header_state(
    number: str,
    state: HeaderState,
    *,
    to: HeaderState | None = None,
    without: frozenset[HeaderState] = NONE_OFF,
) -> HeaderState:
    """Return the header's state after a transition.

    Args:
        number: "T02", for example.
        state: Where the request stands.
        to: Which target, where the transition has several, or the restored state of T55.
        without: The optional states that this laboratory has switched off.

    Raises:
        NotInThisState: The transition does not start there, or does not lead to `to`.
    """
    transition = TRANSITIONS[number]
    targets = header_target(transition, state, without=without)
    if to is None:
        return targets[0]
    restores = number == "T55" and to in transition.header_from
    if to not in targets and not restores:
        raise NotInThisState(f"“{transition.verb}” does not lead to {words(to)}.")
    return to


def next_line_state(
    number: str,
    state: LineState,
    *,
    reviewed: bool = False,
    started: bool = True,
    to: LineState | None = None,
    header: HeaderState = HeaderState.RECEIVED,
    without: frozenset[HeaderState] = NONE_OFF,
) -> LineState:
    """Return the line's state after a transition.

    Args:
        number: "T23", for example.
        state: Where the line stands.
        reviewed: Its review is accepted (T37), which authorizing asks for.
        started: Work on it began once; the customer's decision (T28) leads back there, else to
            Received.
        to: Which target, where the transition has several.
        header: Where the request stands; lines move only from acceptance to approval.
        without: The optional states that this laboratory has switched off.

    Raises:
        NotInThisState: The transition does not start there, or does not lead to `to`.
    """
    transition = TRANSITIONS[number]
    legal = legal_line_transitions(state, reviewed=reviewed, header=header, without=without)
    if transition not in legal:
        if header not in DERIVED:
            raise NotInThisState(f"The request is {words(header)}; its lines do not move now.")
        if state in transition.line_from and transition.reviewed is not None:
            done = "already accepted" if reviewed else "still open"
            raise NotInThisState(f"The review is {done}; “{transition.verb}” is not due.")
        raise NotInThisState(_not_here(transition, state))
    if number == "T28":
        to = LineState.IN_PROGRESS if started else LineState.RECEIVED
    target = to or transition.line_to[0]
    if target not in transition.line_to:
        raise NotInThisState(f"“{transition.verb}” does not lead to {words(target)}.")
    return target


def line_effect(number: str, state: LineState) -> LineState:
    """Return what a transition of the header does to a line in that state.

    T50 concerns only the lines that are to be measured again; the caller names them.
    """
    ended = {LineState.RETURNED, LineState.REJECTED, LineState.CANCELLED}
    if number in {"T03", "T08", "T52"} and state not in ended:
        return LineState.CANCELLED
    if number in {"T11", "T16"} and state not in ended:
        return LineState.REJECTED
    changed = _EFFECTS.get(number, {})
    return changed.get(state, state)


_EFFECTS: Mapping[str, Mapping[LineState, LineState]] = {
    "T44": {LineState.RELEASED: LineState.RETURNED},
    "T45": {LineState.RELEASED: LineState.RETURNED},
    # Assigned, not In Progress: measuring again begins with the guards of a start (T23).
    "T50": {
        LineState.APPROVED: LineState.ASSIGNED,
        LineState.RELEASED: LineState.ASSIGNED,
        LineState.RETURNED: LineState.ASSIGNED,
    },
    "T53": {
        LineState.REJECTED: LineState.RETURNED,
        LineState.CANCELLED: LineState.RETURNED,
    },
    # A withdrawn certificate is no longer shown to the customer.
    "T57": {LineState.RELEASED: LineState.APPROVED},
}


def may_act(actor: Actor, transition: Transition, hold: HoldKind | None = None) -> Ability | None:
    """Return how the actor may make a transition, or None if not at all.

    Args:
        actor: Who acts.
        transition: What is to be done.
        hold: The kind of hold that T25 places or T26 releases; without it, any kind counts, which
            is enough to show a button and never enough to press it.
    """
    number = transition.number
    if number in {"T25", "T26"}:
        kinds = HoldKind if hold is None else (hold,)
        each = (_may_hold(actor, transition, kind) for kind in kinds)
        return next((ability for ability in each if ability), None)
    return _ability(actor, transition, transition.permissions)


def _may_hold(actor: Actor, transition: Transition, kind: HoldKind) -> Ability | None:
    releasing = transition.number == "T26"
    # Technical holds are placed by many and released by two (C2-23).
    if releasing and kind in _TECHNICAL_HOLDS and not actor.roles & {Role.LM, Role.QM}:
        return None
    return _ability(actor, transition, (hold_permission(kind, releasing=releasing),))


def _ability(
    actor: Actor, transition: Transition, permissions: Iterable[Permission]
) -> Ability | None:
    number = transition.number
    nobody = not actor.roles and actor.customer_id is None
    if nobody and number not in SYSTEM_TRANSITIONS:
        return None
    cells = [
        cell
        for permission in permissions
        for cell in actor.cells(permission)
        if cell.admits() and number in _PARTS.get(cell.note, {number})
    ]
    if not cells:
        return None
    notes = frozenset(cell.note for cell in cells)
    return Ability(
        own_only=all(Grant.OWN in cell.grants for cell in cells),
        conditions=frozenset() if "" in notes else notes,
        signed=bool(transition.meaning) and all(Grant.SIGN in cell.grants for cell in cells),
    )


def require_actor(actor: Actor, transition: Transition, hold: HoldKind | None = None) -> Ability:
    """Return how the actor may make a transition; raise Forbidden if not at all."""
    ability = may_act(actor, transition, hold)
    if ability is None:
        deeds = " or ".join(permission.deed for permission in transition.permissions)
        raise Forbidden(f"{actor.name} may not {deeds}, so not “{transition.verb}” either.")
    return ability


def signature_of(actor: Actor, transition: Transition, hold: HoldKind | None = None) -> str:
    """Return the meaning of the signature that this actor owes; empty where none is owed."""
    return transition.meaning if require_actor(actor, transition, hold).signed else ""


def hold_permission(kind: HoldKind, *, releasing: bool) -> Permission:
    """Return the permission that places or releases a hold of that kind."""
    if releasing and kind in _QUALITY_HOLDS:
        return Permission.QUALITY_HOLD_RELEASE
    if kind in _TECHNICAL_HOLDS:
        return Permission.TECHNICAL_HOLD_PLACE
    return Permission.PLANNING_HOLD_MANAGE


def _sources(transition: Transition, without: frozenset[HeaderState]) -> tuple[HeaderState, ...]:
    # Without invoices on the way, what is collected leaves from where the invoice would begin.
    if transition.number == "T45" and HeaderState.INVOICED in without:
        return (HeaderState.APPROVED,)
    return transition.header_from


def _leads_on(transition: Transition, without: frozenset[HeaderState]) -> bool:
    targets = transition.header_to or transition.line_to
    return not targets or any(target not in without for target in targets)


def _not_here(transition: Transition, state: HeaderState | LineState) -> str:
    starts = transition.header_from or transition.line_from
    named = ", ".join(words(each) for each in starts) or "nothing yet"
    return f"“{transition.verb}” starts from {named}; this is {words(state)}."
