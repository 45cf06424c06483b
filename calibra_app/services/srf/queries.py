"""Looking at one request: its lines, its timeline, what waits for the customer, what comes next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlmodel import col, select

from calibra_app.core.access import Permission, permitted
from calibra_app.core.errors import NotFound
from calibra_app.core.ids import LineId, SrfId
from calibra_app.models.customer import Contact, Customer
from calibra_app.models.person import Person
from calibra_app.models.quotation import Quotation
from calibra_app.models.scope import Provider
from calibra_app.models.srf import CustomerDecision, Srf, SrfLine, SrfRecord
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.services.laboratory import today_of
from calibra_app.services.srf.agreement import Agreement, Completeness, completeness
from calibra_app.services.srf.facts import Facts
from calibra_app.services.srf.guards import GUARDS
from calibra_app.services.srf.lookups import (
    agreement_offer,
    also_open,
    instruments_of,
    line_facts,
    versions_in_force,
)
from calibra_app.services.srf.moves import lines_of, switched_off
from calibra_app.services.srf.register import names_of, visible
from calibra_app.services.srf.relatives import Relative, relatives_of
from calibra_app.services.srf.roll_up import LineStanding, badges
from calibra_app.services.srf.states import ENDED, HeaderState, LineState
from calibra_app.services.srf.transition import Transition
from calibra_app.services.srf.whereabouts import only_on_site
from calibra_app.services.srf.workflow import (
    Ability,
    legal_line_transitions,
    legal_transitions,
    may_act,
)


@dataclass(frozen=True, slots=True)
class Offered:
    """A transition that the actor may make from here; its guards are asked when it is made.

    Attributes:
        meaning: The meaning of the signature; empty where none is owed.
        refusals: What guards object already now, as sentences; those that need more than the
            request itself object when the deed is done.
    """

    number: str
    verb: str
    needs_reason: bool
    signed: bool
    conditions: frozenset[str]
    targets: tuple[str, ...]
    meaning: str = ""
    refusals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LineDetail:
    """One line with its item."""

    id: LineId
    version: int
    position: int
    state: LineState
    reviewed: bool
    instrument_id: UUID
    tag: str
    description: str
    serial: str
    discipline: str
    agreement: Agreement
    completeness: Completeness
    assignee_id: UUID | None
    assignee: str
    planned_on: date | None
    condition: str
    accessories: str
    hold: str
    also_on: str
    provider: str
    turnaround: timedelta | None
    offered: tuple[Offered, ...]
    paused: timedelta = timedelta()
    on_site: bool = False


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One record of a request."""

    sequence: int
    transition: str
    action: str
    from_state: str
    to_state: str
    actor: str
    reason: str
    at: datetime
    sha256: str
    line_position: int | None


@dataclass(frozen=True, slots=True)
class OpenDecision:
    """A question that waits for the customer."""

    id: UUID
    line_id: LineId
    line_position: int
    tag: str
    kind: str
    question: str
    price: str
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class SrfDetail:
    """One request as its page shows it."""

    id: SrfId
    version: int
    number: str
    state: HeaderState
    badges: tuple[str, ...]
    customer_id: UUID
    customer: str
    contact_id: UUID | None
    contact: str
    channel: str
    reference: str
    languages: str
    remarks: str
    question: str
    answer: str
    created_at: datetime
    promised_on: date | None
    lines: tuple[LineDetail, ...]
    timeline: tuple[TimelineEntry, ...]
    decisions: tuple[OpenDecision, ...]
    offered: tuple[Offered, ...]
    quotation_id: UUID | None = None
    quotation: str = ""
    # Accepted without an offer each time, so that T10 is a way at all.
    standing_agreement: bool = False
    # The actor may take items of a reopened request into custody again.
    takes_back: bool = False
    relatives: tuple[Relative, ...] = ()


@permitted(Permission.SRF_SEE, Permission.PORTAL_SEE, reading=True)
def get_srf(work: UnitOfWork, srf_id: SrfId) -> SrfDetail:
    """Return one request with its lines, timeline and what the actor may do next.

    Raises:
        NotFound: There is none that the actor may see.
    """
    srf: Srf | None = work.exec(visible(work, select(Srf).where(Srf.id == srf_id))).first()
    if srf is None:
        raise NotFound("There is no such request.")
    lines = lines_of(work, srf_id)
    customer = work.peek(Customer, srf.customer_id)
    contact = work.peek(Contact, srf.contact_id) if srf.contact_id else None
    standings = [LineStanding(line.state, line.started, on_site=line.on_site) for line in lines]
    promises = [line.promised_on for line in lines if line.promised_on and line.state not in ENDED]
    details = _details(work, srf, lines)
    quotation: Quotation | None = work.exec(
        select(Quotation).where(Quotation.srf_id == srf_id)
    ).first()
    return SrfDetail(
        id=srf_id,
        version=srf.version,
        number=srf.number,
        state=srf.state,
        badges=badges(standings),
        customer_id=customer.id,
        customer=customer.name,
        contact_id=srf.contact_id,
        contact=contact.name if contact else "",
        channel=srf.channel,
        reference=srf.customer_reference,
        languages=srf.languages,
        remarks=srf.remarks,
        question=srf.info_question,
        answer=srf.info_answer,
        created_at=srf.created_at,
        promised_on=min(promises, default=None),
        lines=details,
        timeline=_timeline(work, srf_id, lines),
        decisions=_decisions(work, details),
        offered=_offered_header(work, srf, lines),
        quotation_id=quotation.id if quotation else None,
        quotation=quotation.number if quotation else "",
        standing_agreement=agreement_offer(work, srf).accepted,
        takes_back=srf.state is HeaderState.REOPENED
        and work.actor.may(Permission.ITEM_RECEIVE)
        and not work.actor.notes(Permission.ITEM_RECEIVE),
        relatives=relatives_of(work, srf),
    )


def _details(work: UnitOfWork, srf: Srf, lines: Sequence[SrfLine]) -> tuple[LineDetail, ...]:
    items = instruments_of(work, lines)
    versions = versions_in_force(work)
    people = names_of(work, Person, {line.assignee_id for line in lines if line.assignee_id})
    elsewhere = also_open(work, list(items), srf.id)
    without = switched_off(work)
    providers = _providers(work, lines)
    return tuple(
        LineDetail(
            id=LineId(line.id),
            version=line.version,
            position=line.position,
            state=line.state,
            reviewed=line.reviewed,
            instrument_id=line.instrument_id,
            tag=items[line.instrument_id].tag,
            description=items[line.instrument_id].description,
            serial=items[line.instrument_id].serial,
            discipline=items[line.instrument_id].discipline,
            agreement=Agreement.of_line(line),
            completeness=completeness(
                Agreement.of_line(line), versions.get(line.procedure_code, "")
            ),
            assignee_id=line.assignee_id,
            assignee=people.get(line.assignee_id, "") if line.assignee_id else "",
            planned_on=line.planned_on,
            condition=line.condition.value if line.condition else "",
            accessories=line.accessories,
            hold=line.hold_kind.value if line.hold_kind else "",
            also_on=elsewhere.get(line.instrument_id, ""),
            provider=providers.get(line.provider_id, "") if line.provider_id else "",
            turnaround=turnaround_of(line, work.now),
            offered=_offered_line(work, srf, line, without),
            paused=paused_of(line, work.now),
            on_site=line.on_site,
        )
        for line in lines
    )


def paused_of(line: SrfLine, now: datetime) -> timedelta:
    """Return how long an item has waited for the customer, while its clock stood still."""
    paused = timedelta(seconds=line.paused_seconds)
    return paused if line.paused_since is None else paused + (now - line.paused_since)


def turnaround_of(line: SrfLine, now: datetime) -> timedelta | None:
    """Return how long the laboratory has had an item in its own hands, or None before receipt."""
    if line.received_at is None:
        return None
    return (line.approved_at or now) - line.received_at - paused_of(line, now)


def _offered_line(
    work: UnitOfWork, srf: Srf, line: SrfLine, without: frozenset[HeaderState]
) -> tuple[Offered, ...]:
    legal = legal_line_transitions(
        line.state, reviewed=line.reviewed, header=srf.state, without=without
    )
    own = line.assignee_id == work.actor.person_id or work.actor.customer_id is not None
    found: list[Offered] = []
    for transition in legal:
        hold = line.hold_kind if transition.number == "T26" else None
        ability = may_act(work.actor, transition, hold)
        if ability is None or (ability.own_only and not own):
            continue
        found.append(
            Offered(
                transition.number,
                transition.verb,
                "G30" in transition.guards,
                ability.signed,
                ability.conditions,
                tuple(target.value for target in transition.line_to),
                transition.meaning if ability.signed else "",
            )
        )
    return tuple(found)


def _offered_header(work: UnitOfWork, srf: Srf, lines: Sequence[SrfLine]) -> tuple[Offered, ...]:
    known = _known_facts(work, srf, lines)
    on_site = only_on_site(lines)
    found: list[Offered] = []
    for transition in legal_transitions(srf.state, without=switched_off(work)):
        ability: Ability | None = may_act(work.actor, transition)
        if ability is not None and (on_site or ability.conditions != frozenset({"site"})):
            found.append(
                Offered(
                    transition.number,
                    transition.verb,
                    "G30" in transition.guards,
                    ability.signed,
                    ability.conditions,
                    tuple(target.value for target in transition.header_to),
                    transition.meaning if ability.signed else "",
                    _objections(transition, known),
                )
            )
    return tuple(found)


def _known_facts(work: UnitOfWork, srf: Srf, lines: Sequence[SrfLine]) -> Facts:
    """Return what guards may look at before anything was typed."""
    active = [line for line in lines if line.state not in ENDED]
    offer = agreement_offer(work, srf) if srf.state is HeaderState.CONTRACT_REVIEW else None
    return Facts(
        heading_missing=() if srf.contact_id else ("a contact of the customer",),
        lines=line_facts(work, active),
        offer=offer,
        today=today_of(work),
    )


def _objections(transition: Transition, known: Facts) -> tuple[str, ...]:
    return tuple(
        refusal.message
        for number in transition.guards
        if GUARDS[number].fact(known) is not None
        for refusal in GUARDS[number].refusals(known)
    )


def _providers(work: UnitOfWork, lines: Sequence[SrfLine]) -> dict[UUID, str]:
    ids = {line.provider_id for line in lines if line.provider_id}
    if not ids:
        return {}
    rows = work.exec(select(Provider.id, Provider.name).where(col(Provider.id).in_(ids))).all()
    return {row[0]: str(row[1]) for row in rows}


def _timeline(
    work: UnitOfWork, srf_id: UUID, lines: Sequence[SrfLine]
) -> tuple[TimelineEntry, ...]:
    positions: Mapping[str, int] = {str(line.id): line.position for line in lines}
    rows = work.exec(
        select(SrfRecord).where(SrfRecord.srf_id == srf_id).order_by(col(SrfRecord.sequence))
    ).all()
    return tuple(
        TimelineEntry(
            row.sequence,
            row.transition,
            row.action,
            row.from_state,
            row.to_state,
            row.actor_name,
            row.reason,
            row.at,
            row.sha256,
            positions.get(str(row.line_id)) if row.line_id else None,
        )
        for row in rows
    )


def _decisions(work: UnitOfWork, lines: Sequence[LineDetail]) -> tuple[OpenDecision, ...]:
    by_id = {line.id: line for line in lines}
    rows = work.exec(
        select(CustomerDecision).where(
            col(CustomerDecision.line_id).in_(list(by_id)),
            col(CustomerDecision.decided_at).is_(None),
        )
    ).all()
    return tuple(
        OpenDecision(
            row.id,
            LineId(row.line_id),
            by_id[LineId(row.line_id)].position,
            by_id[LineId(row.line_id)].tag,
            row.kind,
            row.question,
            str(row.price) if row.price is not None else "",
            row.asked_at,
        )
        for row in rows
    )
