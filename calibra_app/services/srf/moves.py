"""Making a transition: the one place where a request or a line changes its state.

Whoever makes one gathers the facts that its guards look at; this file asks for the right, the
version, the legal source, the guards and the signature, in that order, then changes the state,
lets the header follow its lines, freezes the record and tells the open boards. A deed that knows
more (an offer, a sheet, a certificate) calls it from its own service, in the same transaction.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar
from uuid import UUID

from sqlmodel import col, select

from calibra_app.core.access import Permission, require, within_deed
from calibra_app.core.errors import Conflict, Forbidden, Invalid
from calibra_app.models.laboratory import LaboratorySettings
from calibra_app.models.person import Person, PortalProfile
from calibra_app.models.srf import HoldKind, Srf, SrfLine, SrfRecord
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.services.signatures import Signed, sign
from calibra_app.services.srf.effects import (
    derive_header,
    enter_line_state,
    set_line_state,
    stamp_header,
)
from calibra_app.services.srf.facts import Facts, Reason, VersionFacts
from calibra_app.services.srf.guards import require_guards
from calibra_app.services.srf.snapshot import Step, freeze, last_record
from calibra_app.services.srf.states import ENDED, OPTIONAL_STATES, HeaderState, LineState
from calibra_app.services.srf.transition import Transition
from calibra_app.services.srf.whereabouts import only_on_site
from calibra_app.services.srf.workflow import (
    TRANSITIONS,
    Ability,
    line_effect,
    next_header_state,
    next_line_state,
    require_actor,
)


class Stale(Conflict):
    """Somebody changed the record after the actor had seen it."""

    code: ClassVar[str] = "stale"


@dataclass(frozen=True, slots=True)
class Move:
    """What an actor asks for.

    Attributes:
        number: The transition, such as "T23".
        seen: The version of the request or line that the actor saw; None for a deed that follows
            from another one in the same transaction, or that nobody looks at.
        reason: Why, where a reason is asked for.
        listed: The entry of a list that the reason goes with.
        to: Which target, where the transition has several.
        hold: Which kind of hold T25 places.
        password: For the signature, where one is owed.
        evidence: How the customer's decision is known, where personnel records it.
        signed_content: The digest that is signed; the record's own where empty.
        by_right: The permission under which the calling service allowed the deed, where the table
            knows a right of its own that leads to the same transition.
        left_out: Lines that the customer's acceptance (T14) leaves out; they end as Cancelled.
        concerned: Lines that a deed on the request moves, where it is not for all (T50, T53).
    """

    number: str
    seen: int | None = None
    reason: str = ""
    listed: str = ""
    to: HeaderState | LineState | None = None
    hold: HoldKind | None = None
    password: str = ""
    evidence: str = ""
    signed_content: str = ""
    by_right: Permission | None = None
    left_out: frozenset[UUID] = frozenset()
    concerned: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Moved:
    """What a transition left behind."""

    record: SrfRecord
    signed: Signed | None = None


@within_deed
def move_header(work: UnitOfWork, srf: Srf, move: Move, facts: Facts | None = None) -> Moved:
    """Make a transition of the request as a whole; `srf` comes from `work.get`."""
    transition = TRANSITIONS[move.number]
    ability = _ability(work, transition, move, None)
    _require_own_srf(work, srf, ability, move)
    _require_seen(work, srf, move.seen, srf)
    without = switched_off(work)
    target = move.to if isinstance(move.to, HeaderState) else None
    before = srf.state
    after = next_header_state(move.number, before, to=target, without=without)
    require_guards(transition, _complete(facts, move, work))
    signed = _signature(work, transition, ability, move, srf)
    lines = lines_of(work, srf.id)
    srf.state = after
    srf.state_since = work.now
    stamp_header(work, srf)
    for line in lines:
        if move.concerned and line.id not in move.concerned:
            continue
        withdrawn = line.id in move.left_out and line.state not in ENDED
        effect = LineState.CANCELLED if withdrawn else line_effect(move.number, line.state)
        set_line_state(work, line, effect)
    return _finish(work, srf, Step(transition, before, after, move.reason), lines, signed=signed)


@within_deed
def move_line(work: UnitOfWork, line: SrfLine, move: Move, facts: Facts | None = None) -> Moved:
    """Make a transition of one line from `take_line`; the header follows by the roll-up rule."""
    transition = TRANSITIONS[move.number]
    hold = move.hold if move.number == "T25" else line.hold_kind
    ability = _ability(work, transition, move, hold)
    srf = work.get(Srf, line.srf_id)
    _require_own_line(work, srf, line, ability, move)
    _require_seen(work, line, move.seen, srf)
    target = move.to if isinstance(move.to, LineState) else None
    before = line.state
    after = next_line_state(
        move.number,
        before,
        reviewed=line.reviewed,
        started=line.started,
        to=target,
        header=srf.state,
        without=switched_off(work),
    )
    require_guards(transition, _complete(facts, move, work))
    signed = _signature(work, transition, ability, move, line)
    enter_line_state(work, line, move.number, after, hold=move.hold, reason=move.reason)
    lines = lines_of(work, srf.id)
    derive_header(work, srf, lines)
    step = Step(transition, before, after, move.reason, line.id)
    return _finish(work, srf, step, lines, signed=signed)


@within_deed
def split_header(
    work: UnitOfWork, srf: Srf, into: Srf, lines: Sequence[SrfLine], move: Move
) -> None:
    """Move lines to a request of their own (T56); both stand where their lines are.

    Args:
        work: The transaction.
        srf: The request, from `work.get`.
        into: The new one, without lines yet.
        lines: The lines that leave.
        move: With the version seen and the reason.
    """
    transition = TRANSITIONS["T56"]
    ability = require_actor(work.actor, transition)
    _require_own_srf(work, srf, ability, move)
    _require_seen(work, srf, move.seen, srf)
    before = srf.state
    next_header_state("T56", before, without=switched_off(work))
    require_guards(transition, _complete(None, move, work))
    for position, line in enumerate(lines, start=1):
        line.srf_id, line.position = into.id, position
    work.session.flush()
    into.state = HeaderState.ACCEPTED
    for each, was in ((srf, before.value), (into, "")):
        theirs = lines_of(work, each.id)
        derive_header(work, each, theirs)
        step = Step(transition, was, each.state, move.reason)
        _finish(work, each, step, theirs, signed=None)


@within_deed
def take_line(work: UnitOfWork, line_id: UUID) -> SrfLine:
    """Return a line, locked for change.

    The header is locked first, by everyone: so two deeds on one request wait for each other
    instead of dying of a deadlock.
    """
    work.get(Srf, work.peek(SrfLine, line_id).srf_id)
    return work.get(SrfLine, line_id)


@within_deed
def follow_release(work: UnitOfWork, line: SrfLine) -> None:
    """Let an approved line become Released once its customer's release rule is satisfied.

    Where the item was handed back before, unpaid, the line is Returned with that.
    """
    if line.state is LineState.APPROVED:
        srf = work.get(Srf, line.srf_id)
        handed_back = srf.state in {HeaderState.DELIVERED, HeaderState.CLOSED}
        set_line_state(work, line, LineState.RETURNED if handed_back else LineState.RELEASED)
        work.session.flush()
        announce(work, srf, (line,))


@within_deed
def lines_of(work: UnitOfWork, srf_id: UUID) -> Sequence[SrfLine]:
    """Return the lines of a request in their order."""
    return work.exec(
        select(SrfLine).where(SrfLine.srf_id == srf_id).order_by(col(SrfLine.position))
    ).all()


@within_deed
def switched_off(work: UnitOfWork) -> frozenset[HeaderState]:
    """Return the optional states that this laboratory does without."""
    settings: LaboratorySettings | None = work.exec(select(LaboratorySettings)).first()
    chosen: dict[str, object] = settings.workflow if settings else {}
    return frozenset(state for state in OPTIONAL_STATES if chosen.get(state.value) is False)


@within_deed
def announce(work: UnitOfWork, srf: Srf, lines: Sequence[SrfLine]) -> None:
    """Tell the open boards and the open page of the request what changed.

    Patches carry ids and versions alone: each page reads the rest under its own rights.
    """
    tenant = work.actor.tenant_id
    for line in lines:
        patch = {
            "kind": "line",
            "id": str(line.id),
            "srf_id": str(srf.id),
            "version": line.version,
            "state": line.state,
        }
        work.publish(f"t:{tenant}:board", patch)
        work.publish(f"t:{tenant}:srf:{srf.id}", patch)
    patch = {"kind": "srf", "id": str(srf.id), "version": srf.version, "state": srf.state}
    work.publish(f"t:{tenant}:board", patch)
    work.publish(f"t:{tenant}:srf:{srf.id}", patch)
    work.publish(f"t:{tenant}:customer:{srf.customer_id}", {"id": str(srf.id)})


def _require_seen(work: UnitOfWork, row: Srf | SrfLine, seen: int | None, srf: Srf) -> None:
    # The version when the record was taken: what the deed itself has changed since is its own.
    if seen is None or seen == work.taken.get(row.id, row.version):
        return
    last = last_record(work, srf.id)
    if last is None:
        raise Stale("This was changed in the meantime. Look at it again, then repeat.")
    seconds = int((work.now - last.at).total_seconds())
    what = f"“{last.action}”, {last.from_state} → {last.to_state}"
    raise Stale(
        f"Changed by {last.actor_name} {seconds} s ago ({what}). Look at it again, then repeat."
    )


def _ability(
    work: UnitOfWork, transition: Transition, move: Move, hold: HoldKind | None
) -> Ability:
    if move.by_right is not None:
        require(work.actor, move.by_right)
        return Ability(own_only=False, conditions=frozenset(), signed=False)
    return require_actor(work.actor, transition, hold if move.number in {"T25", "T26"} else None)


def _require_own_srf(work: UnitOfWork, srf: Srf, ability: Ability, move: Move) -> None:
    actor = work.actor
    if actor.customer_id is not None and srf.customer_id != actor.customer_id:
        raise Forbidden("This request is not yours.")
    if ability.own_only and actor.customer_id is None:
        mine = srf.created_by == actor.person_id or any(
            line.assignee_id == actor.person_id for line in lines_of(work, srf.id)
        )
        if not mine:
            raise Forbidden("Only who wrote this request, or works on it, may do this.")
    _require_condition(work, ability, move, lines_of(work, srf.id))


def _require_own_line(
    work: UnitOfWork, srf: Srf, line: SrfLine, ability: Ability, move: Move
) -> None:
    actor = work.actor
    if actor.customer_id is not None and srf.customer_id != actor.customer_id:
        raise Forbidden("This item is not yours.")
    on_arrival = move.number in {"T18", "T21"} and line.on_site
    own_only = ability.own_only and actor.customer_id is None and not on_arrival
    if own_only and line.assignee_id != actor.person_id:
        raise Forbidden("Only the person to whom this line is assigned may do this.")
    _require_condition(work, ability, move, [line])


def _require_condition(
    work: UnitOfWork, ability: Ability, move: Move, lines: Sequence[SrfLine]
) -> None:
    """Ask for one of the conditions under which the permission table grants the deed."""
    met = {
        "evidence": bool(move.evidence.strip()),
        "approver": _is_approver(work),
        "site": only_on_site(lines),
    }
    known = ability.conditions & met.keys()
    if not known or any(met[condition] for condition in known):
        return
    if "evidence" in known:
        raise Invalid("Say how the customer's decision is known.", field="evidence")
    if "approver" in known:
        raise Forbidden("Only an approver of your company may decide this.")
    raise Forbidden("This may be done on site only.")


def _is_approver(work: UnitOfWork) -> bool:
    if work.actor.customer_id is None:
        return False
    person = work.session.get(Person, (work.actor.tenant_id, work.actor.person_id))
    return person is not None and person.portal_profile is PortalProfile.APPROVER


def _complete(facts: Facts | None, move: Move, work: UnitOfWork) -> Facts:
    """Add the facts that every transition brings along."""
    given = facts or Facts()
    return replace(
        given,
        reason=given.reason or Reason(move.reason, move.listed),
        # The version has been compared already: whoever comes here saw what stands now.
        version=given.version or VersionFacts(seen=0, current=0),
        today=given.today or work.now.date(),
    )


def _signature(
    work: UnitOfWork,
    transition: Transition,
    ability: Ability,
    move: Move,
    subject: SrfLine | Srf,
) -> Signed | None:
    if not ability.signed:
        return None
    if not move.password:
        raise Invalid("Type your password to sign.", field="password")
    content = move.signed_content or _head_of_record(work, subject)
    return sign(
        work,
        move.password,
        meaning=transition.meaning,
        subject_kind=subject.__tablename__,
        subject_id=subject.id,
        content_sha256=content,
        statement=transition.verb,
    )


def _head_of_record(work: UnitOfWork, subject: SrfLine | Srf) -> str:
    """Return the hash at the end of the request's chain: all that led here is signed with it."""
    srf_id = subject.srf_id if isinstance(subject, SrfLine) else subject.id
    last = last_record(work, srf_id)
    return last.sha256 if last else hashlib.sha256(str(subject.id).encode()).hexdigest()


def _finish(
    work: UnitOfWork,
    srf: Srf,
    step: Step,
    lines: Sequence[SrfLine],
    *,
    signed: Signed | None,
) -> Moved:
    work.session.flush()
    record = freeze(work, srf, step)
    announce(work, srf, [line for line in lines if step.line_id in (None, line.id)])
    return Moved(record, signed)
