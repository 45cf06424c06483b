"""Writing a request: the customer, one line for each item, and handing it in (T01 to T03)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar
from uuid import UUID

from calibra_app.core.access import Permission, permitted
from calibra_app.core.errors import Conflict, Forbidden, Invalid
from calibra_app.core.ids import LineId, SrfId
from calibra_app.models.customer import Contact, Customer
from calibra_app.models.equipment import Instrument
from calibra_app.models.srf import Srf, SrfLine
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.services.laboratory import draw_number, today_of
from calibra_app.services.srf.agreement import Agreement, require_promise
from calibra_app.services.srf.facts import Facts
from calibra_app.services.srf.lookups import line_facts
from calibra_app.services.srf.moves import Move, Stale, announce, lines_of, move_header
from calibra_app.services.srf.printing import print_srf_form
from calibra_app.services.srf.register import find_by_words
from calibra_app.services.srf.review import reopen_questions
from calibra_app.services.srf.snapshot import Step, freeze
from calibra_app.services.srf.states import ENDED, OPEN_FOR_WRITING, HeaderState, LineState
from calibra_app.services.srf.workflow import TRANSITIONS, require_actor

MOST_LINES = 500


class NotOpenForWriting(Conflict):
    """The request is past the point at which its lines can simply be changed."""

    code: ClassVar[str] = "not_open_for_writing"


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above the lines of a request."""

    customer_id: UUID
    contact_id: UUID | None = None
    channel: str = "desk"
    customer_reference: str = ""
    languages: str = "en"
    remarks: str = ""


@permitted(Permission.SRF_DRAFT)
def create_srf(work: UnitOfWork, heading: Heading, instrument_ids: Sequence[UUID] = ()) -> SrfId:
    """Begin a request for a customer, with a line for each instrument (T01).

    Raises:
        NotFound: There is no such customer, contact or instrument.
        Invalid: The contact or an instrument belongs to another customer.
    """
    transition = TRANSITIONS["T01"]
    require_actor(work.actor, transition)
    _require_own_customer(work, heading.customer_id)
    _require_contact(work, heading)
    srf = Srf(
        customer_id=heading.customer_id,
        contact_id=heading.contact_id,
        channel=heading.channel,
        customer_reference=heading.customer_reference.strip(),
        languages=heading.languages,
        remarks=heading.remarks.strip(),
        created_by=work.actor.person_id,
        state_since=work.now,
    )
    work.add(srf)
    _add_lines(work, srf, instrument_ids)
    freeze(work, srf, Step(transition, "", HeaderState.DRAFT))
    find_by_words(work, srf)
    announce(work, srf, lines_of(work, srf.id))
    return SrfId(srf.id)


@permitted(Permission.SRF_DRAFT)
def change_heading(work: UnitOfWork, srf_id: SrfId, seen: int, heading: Heading) -> None:
    """Change what stands above the lines; the customer only while nothing is submitted."""
    srf = _open(work, srf_id, seen)
    _require_own_customer(work, srf.customer_id)
    if heading.customer_id != srf.customer_id:
        raise Invalid("A request keeps its customer; discard it and begin anew.", field="customer")
    _require_contact(work, heading)
    srf.contact_id = heading.contact_id
    srf.channel = heading.channel
    srf.customer_reference = heading.customer_reference.strip()
    srf.languages = heading.languages
    srf.remarks = heading.remarks.strip()
    work.session.flush()
    find_by_words(work, srf)
    announce(work, srf, ())


@permitted(Permission.SRF_DRAFT)
def add_instruments(
    work: UnitOfWork, srf_id: SrfId, instrument_ids: Sequence[UUID]
) -> tuple[LineId, ...]:
    """Add a line for each instrument, filled with what was last agreed for it."""
    srf = _open(work, srf_id, None)
    _require_own_customer(work, srf.customer_id)
    added = _add_lines(work, srf, instrument_ids)
    work.session.flush()
    find_by_words(work, srf)
    announce(work, srf, added)
    return tuple(LineId(line.id) for line in added)


@permitted(Permission.SRF_DRAFT)
def change_agreement(work: UnitOfWork, line_id: LineId, seen: int, agreement: Agreement) -> None:
    """Change what is agreed for one line, while the request is open for writing."""
    line = _open_line(work, line_id, seen)
    require_promise(agreement, today_of(work))
    touched = agreement.differs_in_work(Agreement.of_line(line))
    agreement.write_to(line)
    work.session.flush()
    if touched:
        reopen_questions(work, line)
    announce(work, work.peek(Srf, line.srf_id), (line,))


@permitted(Permission.SRF_DRAFT)
def remove_line(work: UnitOfWork, line_id: LineId, seen: int) -> None:
    """Take an item off a request; the line stays in its record as cancelled."""
    line = _open_line(work, line_id, seen)
    line.state = LineState.CANCELLED
    line.state_since = work.now
    work.session.flush()
    announce(work, work.peek(Srf, line.srf_id), (line,))


@permitted(Permission.SRF_SUBMIT)
def submit_srf(work: UnitOfWork, srf_id: SrfId, seen: int) -> str:
    """Hand a request in and fix its number (T02); return the number.

    Raises:
        GuardFailed: The heading is incomplete or there is no line (G01, G34).
    """
    srf = work.get(Srf, srf_id)
    active = [line for line in lines_of(work, srf_id) if line.state not in ENDED]
    facts = Facts(
        heading_missing=() if srf.contact_id else ("a contact of the customer",),
        lines=line_facts(work, active),
    )
    if not srf.number and srf.state is HeaderState.DRAFT and active and srf.contact_id:
        srf.number = draw_number(work, "srf")
    move_header(work, srf, Move("T02", seen), facts)
    find_by_words(work, srf)
    print_srf_form(work, srf, active)
    return srf.number


@permitted(Permission.SRF_DRAFT)
def discard_srf(work: UnitOfWork, srf_id: SrfId, seen: int, reason: str) -> None:
    """Throw a draft away (T03); its record stays."""
    move_header(work, work.get(Srf, srf_id), Move("T03", seen, reason))


@permitted(Permission.SRF_DRAFT)
def revive_srf(work: UnitOfWork, srf_id: SrfId) -> SrfId:
    """Begin a new draft with the content of a cancelled request (T54)."""
    require_actor(work.actor, TRANSITIONS["T54"])
    old = work.peek(Srf, srf_id)
    _require_own_customer(work, old.customer_id)
    if old.state is not HeaderState.CANCELLED:
        raise Conflict("Only a cancelled request is revived.")
    heading = Heading(
        old.customer_id,
        old.contact_id,
        old.channel,
        old.customer_reference,
        old.languages,
        old.remarks,
    )
    before = {line.instrument_id: Agreement.of_line(line) for line in lines_of(work, srf_id)}
    new_id = create_srf(work, heading, list(before))
    work.get(Srf, new_id).revived_from = old.id
    for line in lines_of(work, new_id):
        # A promise given for the old request binds nobody in the new one.
        replace(before[line.instrument_id], promised_on=None).write_to(line)
    return new_id


def _add_lines(work: UnitOfWork, srf: Srf, instrument_ids: Sequence[UUID]) -> list[SrfLine]:
    customer = work.peek(Customer, srf.customer_id)
    there = lines_of(work, srf.id)
    if len(there) + len(instrument_ids) > MOST_LINES:
        raise Invalid(f"A request carries at most {MOST_LINES} items; begin a second one.")
    taken = {line.instrument_id for line in there if line.state not in ENDED}
    added: list[SrfLine] = []
    for instrument_id in dict.fromkeys(instrument_ids):
        instrument = work.peek(Instrument, instrument_id)
        if instrument.customer_id != srf.customer_id:
            raise Invalid(f"{instrument.tag} belongs to another customer.", field="instruments")
        if instrument_id in taken:
            raise Invalid(f"{instrument.tag} is on this request already.", field="instruments")
        line = SrfLine(
            srf_id=srf.id,
            position=len(there) + len(added) + 1,
            instrument_id=instrument_id,
            procedure_code=instrument.procedure_code,
            decision_rule=customer.decision_rule,
            state_since=work.now,
        )
        usual = Agreement(
            procedure_code=instrument.procedure_code,
            decision_rule=customer.decision_rule,
            accredited=customer.accredited,
            on_site=instrument.on_site,
            parameters=instrument.parameters,
        )
        replace(usual.with_terms(instrument.agreement)).write_to(line)
        added.append(line)
    if added:
        work.add_all(added)
    return added


def _open(work: UnitOfWork, srf_id: UUID, seen: int | None) -> Srf:
    srf = work.get(Srf, srf_id)
    if srf.state not in OPEN_FOR_WRITING:
        raise NotOpenForWriting("This request is past its review; ask for a change order instead.")
    if seen is not None and seen != srf.version:
        raise Stale("Somebody changed this request in the meantime. Look at it again.")
    return srf


def _open_line(work: UnitOfWork, line_id: UUID, seen: int) -> SrfLine:
    srf = _open(work, work.peek(SrfLine, line_id).srf_id, None)
    _require_own_customer(work, srf.customer_id)
    line = work.get(SrfLine, line_id)
    if seen != line.version:
        raise Stale("Somebody changed this line in the meantime. Look at it again.")
    if line.state in ENDED:
        raise Conflict("This line was taken off the request.")
    return line


def _require_own_customer(work: UnitOfWork, customer_id: UUID) -> None:
    if work.actor.customer_id not in (None, customer_id):
        raise Forbidden("You may write requests for your own company only.")


def _require_contact(work: UnitOfWork, heading: Heading) -> None:
    if heading.contact_id is None:
        return
    if work.peek(Contact, heading.contact_id).customer_id != heading.customer_id:
        raise Invalid("This contact belongs to another customer.", field="contact")
