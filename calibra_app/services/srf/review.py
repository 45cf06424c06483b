"""Contract review (ISO/IEC 17025, 7.1): what is asked of each line, who answers, what is kept.

Technical questions are answered by who knows the methods, commercial ones by the front desk; a
line is reviewed when all six are answered. What the laboratory can find out by itself stands
beside each question as a proposal, which a person with the right confirms: no answer gives itself.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from sqlmodel import col, select

from calibra_app.core.access import Permission, permitted, within_deed
from calibra_app.core.errors import Conflict, Forbidden, Invalid, NotFound
from calibra_app.core.ids import LineId, SrfId
from calibra_app.models.scope import Provider
from calibra_app.models.srf import ContractReview, Srf, SrfLine
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.services.scope import effective_procedure, require_approved
from calibra_app.services.srf.evidence import Evidence, find_evidence, points_of
from calibra_app.services.srf.lookups import versions_in_force
from calibra_app.services.srf.moves import Stale, announce, lines_of, take_line
from calibra_app.services.srf.questions import BY_KEY, QUESTIONS, Answer, Part, Question, propose
from calibra_app.services.srf.register import visible
from calibra_app.services.srf.states import ENDED, OPEN_FOR_WRITING, HeaderState

__all__ = [
    "BY_KEY",
    "QUESTIONS",
    "Answer",
    "Asked",
    "Given",
    "LineReview",
    "Marking",
    "Part",
    "Question",
    "active_lines",
    "answer_review",
    "check_scope",
    "confirm_proposals",
    "gather_evidence",
    "mark_line",
    "note_agreement",
    "reopen_questions",
    "reviews_by_line",
    "reviews_of",
]

_RIGHT = {
    Part.TECHNICAL: Permission.CONTRACT_REVIEW_TECHNICAL,
    Part.COMMERCIAL: Permission.CONTRACT_REVIEW_COMMERCIAL,
}


@dataclass(frozen=True, slots=True)
class Given:
    """An answer as a person gives it; "no" needs a note that says how it is settled."""

    answer: Answer
    note: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of one line as it stands.

    Attributes:
        answer: What was answered; None while it is open.
        proposal: What the evidence suggests; None where a person has to decide.
        ground: The evidence for the proposal, in words.
        mine: The one who looks may answer it.
    """

    key: str
    words: str
    clause: str
    part: Part
    answer: Answer | None
    note: str
    by: str
    proposal: Answer | None
    ground: str
    mine: bool


@dataclass(frozen=True, slots=True)
class LineReview:
    """The review of one line; `version` is what an answer has to have seen (0: not begun)."""

    line_id: LineId
    position: int
    line_version: int
    version: int
    complete: bool
    accredited: bool
    provider_id: UUID | None
    provider: str
    evidence: Evidence
    asked: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Marking:
    """How the points outside the scope are dealt with."""

    accredited: bool = True
    provider_id: UUID | None = None


@permitted(Permission.SRF_SEE, reading=True)
def reviews_of(work: UnitOfWork, srf_id: SrfId) -> tuple[LineReview, ...]:
    """Return the review of every active line of a request.

    Raises:
        NotFound: There is no such request for the actor.
    """
    if work.exec(visible(work, select(Srf).where(Srf.id == srf_id))).first() is None:
        raise NotFound("There is no such request.")
    lines = active_lines(work, srf_id)
    rows = _rows(work, [line.id for line in lines])
    versions = versions_in_force(work)
    providers = _providers(work)
    return tuple(_line_review(work, line, rows.get(line.id), versions, providers) for line in lines)


@permitted(
    Permission.CONTRACT_REVIEW_TECHNICAL,
    Permission.CONTRACT_REVIEW_COMMERCIAL,
    Permission.SRF_DRAFT,
)
def check_scope(work: UnitOfWork, srf_id: SrfId) -> None:
    """Look up scope, people and standards for every line and keep what was found (A4)."""
    if work.actor.customer_id is not None:
        raise Forbidden("The laboratory looks at its own scope.")
    srf = work.get(Srf, srf_id)
    _require_open(srf)
    gather_evidence(work, active_lines(work, srf_id))
    announce(work, srf, ())


@permitted(Permission.CONTRACT_REVIEW_TECHNICAL, Permission.CONTRACT_REVIEW_COMMERCIAL)
def answer_review(
    work: UnitOfWork, line_id: LineId, seen: int, answers: Mapping[str, Given]
) -> None:
    """Answer questions of one line; each by somebody who holds the right for its part.

    Args:
        work: The transaction.
        line_id: The line.
        seen: The version of its review that the actor saw; 0 where there was none.
        answers: Answers by the key of their question.

    Raises:
        Forbidden: A question belongs to the other part of the laboratory.
        Invalid: "No" without a note.
    """
    line = take_line(work, line_id)
    srf = work.peek(Srf, line.srf_id)
    _require_review(srf)
    row = _take_row(work, line)
    if row.version != seen and not (seen == 0 and row.answered_at is None):
        raise Stale("Somebody answered for this line in the meantime. Look at it again.")
    _write_answers(work, row, answers)
    work.session.flush()
    announce(work, srf, (line,))


@permitted(Permission.CONTRACT_REVIEW_TECHNICAL, Permission.CONTRACT_REVIEW_COMMERCIAL)
def confirm_proposals(work: UnitOfWork, srf_id: SrfId, line_ids: Sequence[UUID] = ()) -> int:
    """Confirm what the evidence proposes for the actor's open questions; return how many.

    Args:
        work: The transaction.
        srf_id: The request under review.
        line_ids: The lines; all of them if empty.
    """
    srf = work.get(Srf, srf_id)
    _require_review(srf)
    confirmed = 0
    touched: list[SrfLine] = []
    for review in reviews_of(work, srf_id):
        if line_ids and review.line_id not in line_ids:
            continue
        open_ones = {
            asked.key: Given(asked.proposal, asked.ground)
            for asked in review.asked
            if asked.mine and asked.answer is None and asked.proposal is not None
        }
        if not open_ones:
            continue
        line = work.get(SrfLine, review.line_id)
        _write_answers(work, _take_row(work, line), open_ones)
        confirmed += len(open_ones)
        touched.append(line)
    work.session.flush()
    announce(work, srf, touched)
    return confirmed


@permitted(Permission.CONTRACT_REVIEW_TECHNICAL, Permission.CONTRACT_REVIEW_COMMERCIAL)
def mark_line(work: UnitOfWork, line_id: LineId, seen: int, marking: Marking) -> None:
    """Say that a line is done without accreditation, or by an external provider (G04).

    Raises:
        ProviderNotApproved: The provider is not approved for these points.
    """
    line = take_line(work, line_id)
    srf = work.peek(Srf, line.srf_id)
    _require_review(srf)
    if seen != line.version:
        raise Stale("Somebody changed this line in the meantime. Look at it again.")
    if marking.provider_id is not None:
        points = points_of(line, effective_procedure(work, line.procedure_code))
        require_approved(work, marking.provider_id, line.procedure_code, points)
    line.accredited, line.provider_id = marking.accredited, marking.provider_id
    # What was answered about provider and differences was answered for another way of working.
    reopen_questions(work, line, ("subcontract", "differences"))
    work.session.flush()
    announce(work, srf, (line,))


@within_deed
def gather_evidence(work: UnitOfWork, lines: Iterable[SrfLine]) -> None:
    """Look up what is known about lines and keep it with their reviews."""
    for line in lines:
        find_evidence(work, line).write_to(_take_row(work, line))


@within_deed
def reopen_questions(work: UnitOfWork, line: SrfLine, keys: Iterable[str] = tuple(BY_KEY)) -> None:
    """Take answers back, since what they were given for has changed (7.1.6)."""
    row = _rows(work, [line.id]).get(line.id)
    if row is None:
        return
    gone = set(keys)
    row.answers = {key: kept for key, kept in row.answers.items() if key not in gone}
    row.complete = False
    if work.actor.customer_id is None:
        gather_evidence(work, (line,))
    else:
        # A customer does not look into the laboratory; whoever reviews next looks anew.
        row.scope_verdict = ""


@within_deed
def note_agreement(work: UnitOfWork, line: SrfLine, note: str) -> None:
    """Keep what the customer agreed to during the work with the review of the line (7.1.4)."""
    row = _take_row(work, line)
    agreed = cast("list[str]", row.evidence.get("agreed", []))
    row.evidence = {**row.evidence, "agreed": [*agreed, note]}


@within_deed
def active_lines(work: UnitOfWork, srf_id: UUID) -> list[SrfLine]:
    """Return the lines of a request that have not ended."""
    return [line for line in lines_of(work, srf_id) if line.state not in ENDED]


@within_deed
def reviews_by_line(work: UnitOfWork, ids: Sequence[UUID]) -> dict[UUID, ContractReview]:
    """Return the rows of review of lines."""
    return _rows(work, ids)


def _write_answers(work: UnitOfWork, row: ContractReview, answers: Mapping[str, Given]) -> None:
    kept = dict(row.answers)
    for key, given in answers.items():
        question = BY_KEY.get(key)
        if question is None:
            raise Invalid("There is no such question.", field=key)
        if not work.actor.may(_RIGHT[question.part]):
            raise Forbidden(f"{work.actor.name} may not {_RIGHT[question.part].deed}.")
        note = given.note.strip()
        if given.answer is Answer.NO and not note:
            raise Invalid("Say how this is settled with the customer.", field=key)
        kept[key] = {
            "answer": given.answer.value,
            "note": note,
            "by": work.actor.name,
            "person": str(work.actor.person_id),
            "at": work.now.isoformat(timespec="seconds"),
        }
    row.answers = kept
    row.complete = all(key in kept for key in BY_KEY)
    row.answered_by = work.actor.person_id
    row.answered_at = work.now


def _line_review(
    work: UnitOfWork,
    line: SrfLine,
    row: ContractReview | None,
    versions: Mapping[str, str],
    providers: Mapping[UUID, str],
) -> LineReview:
    evidence = Evidence.of_review(row) if row else Evidence(sentence="not checked yet")
    answers = cast("dict[str, Any]", row.answers if row else {})
    return LineReview(
        line_id=LineId(line.id),
        position=line.position,
        line_version=line.version,
        version=row.version if row else 0,
        complete=bool(row and row.complete),
        accredited=line.accredited,
        provider_id=line.provider_id,
        provider=providers.get(line.provider_id, "") if line.provider_id else "",
        evidence=evidence,
        asked=tuple(
            _asked(
                work,
                question,
                answers.get(question.key),
                propose(question.key, line, evidence, versions),
            )
            for question in QUESTIONS
        ),
    )


def _asked(
    work: UnitOfWork,
    question: Question,
    kept: Mapping[str, Any] | None,
    proposed: tuple[Answer | None, str],
) -> Asked:
    proposal, ground = proposed
    return Asked(
        key=question.key,
        words=question.words,
        clause=question.clause,
        part=question.part,
        answer=Answer(str(kept["answer"])) if kept else None,
        note=str(kept.get("note", "")) if kept else "",
        by=str(kept.get("by", "")) if kept else "",
        proposal=proposal,
        ground=ground,
        mine=work.actor.may(_RIGHT[question.part]),
    )


def _take_row(work: UnitOfWork, line: SrfLine) -> ContractReview:
    row = _rows(work, [line.id]).get(line.id)
    if row is None:
        row = ContractReview(line_id=line.id)
        work.add(row)
    return row


def _rows(work: UnitOfWork, ids: Sequence[UUID]) -> dict[UUID, ContractReview]:
    rows = work.exec(select(ContractReview).where(col(ContractReview.line_id).in_(ids))).all()
    return {row.line_id: row for row in rows}


def _providers(work: UnitOfWork) -> dict[UUID, str]:
    rows = work.exec(select(Provider.id, Provider.name)).all()
    return {row[0]: str(row[1]) for row in rows}


def _require_open(srf: Srf) -> None:
    if srf.state not in OPEN_FOR_WRITING:
        raise Conflict("This request is past its review.")


def _require_review(srf: Srf) -> None:
    if srf.state not in {HeaderState.CONTRACT_REVIEW, HeaderState.INFO_REQUIRED}:
        raise Conflict("Begin the contract review first; questions are answered while it is open.")
