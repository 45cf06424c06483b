"""What the customer answers to an offer: yes to all or some lines, no, or a wish (T14 to T17).

The answer comes by the link in the letter, from an approver in the portal who signs, or from the
front desk who says how it is known. All three end here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Final
from uuid import UUID

from sqlmodel import col, select

from calibra_app.core.access import Permission, Role, permitted, within_deed
from calibra_app.core.entry import LONGEST_TEXT, filled, limited
from calibra_app.core.errors import Conflict, Invalid
from calibra_app.core.ids import RevisionId
from calibra_app.models.customer import Customer
from calibra_app.models.equipment import Instrument
from calibra_app.models.quotation import (
    Quotation,
    QuotationAnswer,
    QuotationLine,
    QuotationLineKind,
    QuotationRevision,
    QuotationState,
)
from calibra_app.models.srf import CustomerDecision, Srf, SrfLine
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.services.laboratory import today_of
from calibra_app.services.quotations.paper import differences_to_request, terms_version
from calibra_app.services.quotations.revisions import (
    accepted_next,
    add_decided_price,
    next_revision,
)
from calibra_app.services.quotations.sending import content_digest
from calibra_app.services.quotations.sums import (
    lines_of_revision,
    offer_facts,
    take,
    tell,
    words,
)
from calibra_app.services.srf.agreement import Agreement
from calibra_app.services.srf.companions import QUOTATION, advance
from calibra_app.services.srf.decisions import Decided, Decision, Reply, answer_decision
from calibra_app.services.srf.facts import Facts
from calibra_app.services.srf.letters import write_to_roles
from calibra_app.services.srf.moves import Move, move_header
from calibra_app.services.srf.receipt import receive_what_is_here
from calibra_app.services.srf.review import active_lines
from calibra_app.services.srf.states import HeaderState

LONGEST_NAME: Final = 120


class Verdict(StrEnum):
    """What a customer may answer."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    CHANGE_ASKED = "change_asked"


# The letter about each answer and the roles that get it (T14 to T16).
_HEARS: Final[Mapping[Verdict, tuple[str, tuple[Role, ...]]]] = {
    Verdict.ACCEPTED: ("offer_accepted", (Role.FD, Role.DI, Role.FI)),
    Verdict.REJECTED: ("offer_rejected", (Role.FD, Role.LM)),
    Verdict.CHANGE_ASKED: ("offer_change", (Role.FD,)),
}


class Answered(Conflict):
    """The offer cannot be answered, or not like that, any more."""

    code: ClassVar[str] = "answered"


@dataclass(frozen=True, slots=True)
class Reaction:
    """An answer with the evidence for it.

    Attributes:
        name: Who answers, as typed on the page behind the link; else the actor's own name.
        address: The network address from which it came.
        remark: The reason of a refusal, the wish for a change, or a note to an acceptance.
        lines: The lines of the offer that are accepted; None for all.
        password: Of the approver who signs in the portal.
        evidence: How the front desk knows: "phone, Olaf Berg, 13:10".
    """

    name: str = ""
    address: str = ""
    remark: str = ""
    lines: frozenset[UUID] | None = None
    password: str = ""
    evidence: str = ""


@permitted(Permission.QUOTATION_ANSWER)
def accept_offer(work: UnitOfWork, revision_id: RevisionId, reaction: Reaction) -> None:
    """Accept an offer, or some of its lines; the rest of the request is cancelled (T14).

    Accepting again what is accepted changes nothing. An acceptance of some lines becomes the next
    revision, without the others, so that what was sent stays as it was.

    Raises:
        GuardFailed: The offer has expired (G06), or request and offer differ (G08).
        Answered: It was replaced, or answered otherwise.
        Invalid: Lines are named that are not of this offer, or none at all.
    """
    srf, quotation, revision = _take_for_answer(work, revision_id)
    if _answer_to(work, revision_id) == Verdict.ACCEPTED:
        return
    _require_open(srf, revision, revision_id)
    name = _name(work, reaction)
    lines = [line for line in lines_of_revision(work, revision.id) if not line.removed]
    chosen = _chosen(lines, reaction.lines)
    kept = {line.srf_line_id for line in chosen}
    # What the offer does not name was not accepted either.
    left_out = frozenset(line.id for line in active_lines(work, srf.id) if line.id not in kept)
    facts = Facts(
        offer=offer_facts(work, quotation, revision, accepted=True),
        open_differences=tuple(differences_to_request(work, srf, revision)),
        today=today_of(work),
    )
    remark = limited(reaction.remark, "remark", most=LONGEST_TEXT)
    move_header(
        work,
        srf,
        Move(
            "T14",
            reason=remark,
            password=reaction.password,
            evidence=reaction.evidence,
            signed_content=content_digest(work, revision),
            left_out=left_out,
        ),
        facts,
    )
    answered = {str(line.id): "accepted" for line in chosen}
    answered |= {str(line.id): "left out" for line in _items(lines) if line not in chosen}
    _keep(work, revision, Verdict.ACCEPTED, reaction, name, answered)
    if len(chosen) == len(_items(lines)):
        revision.state = advance(QUOTATION, revision.state, QuotationState.ACCEPTED)
        tell(work, quotation, revision)
    else:
        _accept_some(work, quotation, revision, {line.id for line in chosen})
    _keep_terms(work, kept)
    receive_what_is_here(work, srf)
    _tell_laboratory(work, srf, revision, Verdict.ACCEPTED, name, remark)


@permitted(Permission.QUOTATION_ANSWER)
def reject_offer(work: UnitOfWork, revision_id: RevisionId, reaction: Reaction) -> None:
    """Reject an offer, with the reason; the request ends (T16).

    Raises:
        GuardFailed: The reason is too short.
        Answered: It was replaced, or answered otherwise.
    """
    srf, quotation, revision = _take_for_answer(work, revision_id)
    if _answer_to(work, revision_id) == Verdict.REJECTED:
        return
    _require_open(srf, revision, revision_id)
    name = _name(work, reaction)
    _move(work, srf, "T16", reaction, content_digest(work, revision))
    revision.state = advance(QUOTATION, revision.state, QuotationState.REJECTED)
    _keep(work, revision, Verdict.REJECTED, reaction, name, {})
    tell(work, quotation, revision)
    _tell_laboratory(work, srf, revision, Verdict.REJECTED, name, reaction.remark)


@permitted(Permission.QUOTATION_ANSWER)
def ask_change(work: UnitOfWork, revision_id: RevisionId, reaction: Reaction) -> None:
    """Ask for another offer: the next revision begins in Draft, this one stays as sent (T15).

    Raises:
        GuardFailed: The wish is too short to be understood.
        Answered: It was replaced, or answered otherwise.
    """
    srf, quotation, revision = _take_for_answer(work, revision_id)
    if _answer_to(work, revision_id) == Verdict.CHANGE_ASKED:
        return
    _require_open(srf, revision, revision_id)
    name = _name(work, reaction)
    _move(work, srf, "T15", reaction, content_digest(work, revision))
    _keep(work, revision, Verdict.CHANGE_ASKED, reaction, name, {})
    next_revision(work, quotation, revision, f"{name} asked: {reaction.remark.strip()}")
    _tell_laboratory(work, srf, revision, Verdict.CHANGE_ASKED, name, reaction.remark)


@permitted(Permission.CUSTOMER_DECISION_RECORD)
def decide_with_price(
    work: UnitOfWork, decision_id: UUID, reply: Reply, *, seen: int | None = None
) -> Decided:
    """Decide as the customer on a question from the bench, and add an agreed price to the offer.

    Portal and front desk answer decisions here: line, contract review and the next revision of
    the quotation change in one transaction (T28, T29).

    Raises:
        Conflict: It was decided already.
        Invalid: Password or evidence is missing.
    """
    decided = answer_decision(work, decision_id, reply, seen=seen)
    if decided.decision is not Decision.PROCEED or not decided.price:
        return decided
    line = work.peek(SrfLine, decided.line_id)
    item = work.peek(Instrument, line.instrument_id)
    row = work.peek(CustomerDecision, decision_id)
    what = f"{decided.kind.capitalize()}: {item.description}, {item.tag}"
    revision = add_decided_price(work, line, what, decided.price, f"Agreed: {row.question}")
    if revision is not None:
        reaction = Reaction(remark=reply.reason, evidence=reply.evidence)
        answered = {
            str(each.id): "accepted"
            for each in lines_of_revision(work, revision.id)
            if not each.removed
        }
        _keep(work, revision, Verdict.ACCEPTED, reaction, row.decided_by_name, answered)
    return decided


@permitted(Permission.QUOTATION_EXPIRE)
def list_expired(work: UnitOfWork) -> tuple[RevisionId, ...]:
    """Return the offers whose last day has passed without an answer."""
    rows = work.exec(
        select(QuotationRevision.id).where(
            QuotationRevision.state == QuotationState.SENT,
            col(QuotationRevision.valid_until) < today_of(work),
        )
    ).all()
    return tuple(RevisionId(row) for row in rows)


@permitted(Permission.QUOTATION_EXPIRE)
def expire_offer(work: UnitOfWork, revision_id: RevisionId) -> None:
    """Let an unanswered offer expire; the request waits for a renewed one (T17)."""
    srf, quotation, revision = take(work, work.peek(QuotationRevision, revision_id).quotation_id)
    if revision.id != revision_id or revision.state is not QuotationState.SENT:
        return
    facts = Facts(offer=offer_facts(work, quotation, revision), today=today_of(work))
    if srf.state is HeaderState.AWAITING_APPROVAL:
        move_header(work, srf, Move("T17"), facts)
    revision.state = advance(QUOTATION, revision.state, QuotationState.EXPIRED)
    tell(work, quotation, revision)


@within_deed
def answer_of(work: UnitOfWork, revision_id: UUID) -> QuotationAnswer | None:
    """Return the last answer to a revision."""
    found: QuotationAnswer | None = work.exec(
        select(QuotationAnswer)
        .where(QuotationAnswer.revision_id == revision_id)
        .order_by(col(QuotationAnswer.at).desc(), col(QuotationAnswer.id).desc())
        .limit(1)
    ).first()
    return found


def _take_for_answer(
    work: UnitOfWork, revision_id: RevisionId
) -> tuple[Srf, Quotation, QuotationRevision]:
    return take(work, work.peek(QuotationRevision, revision_id).quotation_id)


def _answer_to(work: UnitOfWork, revision_id: RevisionId) -> str:
    known = answer_of(work, revision_id)
    return known.answer if known else ""


def _require_open(srf: Srf, newest: QuotationRevision, revision_id: RevisionId) -> None:
    if newest.id != revision_id:
        raise Answered(f"This offer was replaced by R{newest.revision}; look at the newest one.")
    if newest.state is QuotationState.EXPIRED:
        raise Answered("This offer has expired. Ask us for a new one.")
    if newest.state is not QuotationState.SENT:
        raise Answered(f"This offer is {words(newest.state)}; it cannot be answered now.")
    if srf.state is not HeaderState.AWAITING_APPROVAL:
        raise Answered("The request does not wait for an answer any more.")


def _name(work: UnitOfWork, reaction: Reaction) -> str:
    # Behind a link stands whoever holds it: the name is what they type. Others are known.
    if work.actor.roles:
        return work.actor.name
    return filled(reaction.name, "name", "your name", most=LONGEST_NAME)


def _items(lines: list[QuotationLine]) -> list[QuotationLine]:
    """Return the lines that a customer takes or leaves: those for an item."""
    return [line for line in lines if line.srf_line_id is not None]


def _chosen(lines: list[QuotationLine], wanted: frozenset[UUID] | None) -> list[QuotationLine]:
    items = _items(lines)
    if wanted is None:
        return items
    if not wanted <= {line.id for line in items}:
        raise Invalid("Lines were chosen that this offer does not have.", field="lines")
    chosen = [line for line in items if line.id in wanted]
    if not chosen:
        raise Invalid("Choose at least one line, or reject the offer.", field="lines")
    return chosen


def _accept_some(
    work: UnitOfWork, quotation: Quotation, revision: QuotationRevision, chosen: set[UUID]
) -> None:
    kept = {line.srf_line_id for line in lines_of_revision(work, revision.id) if line.id in chosen}
    on_site = any(work.peek(SrfLine, each).on_site for each in kept if each is not None)

    def leave_out(following: QuotationRevision) -> None:
        for line in lines_of_revision(work, following.id):
            of_item = line.srf_line_id is not None and line.srf_line_id not in kept
            idle_travel = line.kind is QuotationLineKind.TRAVEL and not on_site
            line.removed = line.removed or of_item or idle_travel

    accepted_next(work, quotation, revision, "The customer accepted some lines.", leave_out)


def _keep_terms(work: UnitOfWork, line_ids: set[UUID | None]) -> None:
    """Keep with each instrument what was agreed for it: its next request begins with that."""
    lines = work.exec(select(SrfLine).where(col(SrfLine.id).in_(line_ids))).all()
    for line in sorted(lines, key=lambda line: line.instrument_id):
        work.get(Instrument, line.instrument_id).agreement = Agreement.of_line(line).as_terms()


def _move(work: UnitOfWork, srf: Srf, number: str, reaction: Reaction, digest: str) -> None:
    move = Move(
        number,
        reason=limited(reaction.remark, "remark", most=LONGEST_TEXT),
        password=reaction.password,
        evidence=reaction.evidence,
        signed_content=digest,
    )
    move_header(work, srf, move)


def _tell_laboratory(  # noqa: PLR0917 - what the letter says
    work: UnitOfWork,
    srf: Srf,
    revision: QuotationRevision,
    verdict: Verdict,
    name: str,
    remark: str,
) -> None:
    kind, roles = _HEARS[verdict]
    quotation = work.peek(Quotation, revision.quotation_id)
    write_to_roles(
        work,
        srf,
        kind,
        roles,
        customer=work.peek(Customer, srf.customer_id).name,
        quotation=f"{quotation.number} R{revision.revision}",
        by=name,
        reason=remark.strip(),
    )


def _keep(  # noqa: PLR0917 - the parts of an answer
    work: UnitOfWork,
    revision: QuotationRevision,
    verdict: Verdict,
    reaction: Reaction,
    name: str,
    lines: dict[str, str],
) -> None:
    work.add(
        QuotationAnswer(
            revision_id=revision.id,
            answer=verdict.value,
            name=name,
            at=work.now,
            address=reaction.address,
            terms_version=terms_version(revision.terms),
            remark=reaction.remark.strip(),
            detail={
                "lines": lines,
                "evidence": reaction.evidence.strip(),
                "paper_sha256": content_digest(work, revision),
            },
            person_id=work.actor.person_id if work.actor.roles else None,
        )
    )
