"""The review of a request and its questions to the customer: begin, send back, ask, answer, lapse.

T04 to T08. What is answered for each line stands in `review.py`.
"""

from datetime import timedelta

from sqlmodel import select

from calibra_app.core.access import Permission, permitted
from calibra_app.core.errors import Invalid
from calibra_app.core.ids import SrfId
from calibra_app.models.srf import Srf
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.services.laboratory import settings_of
from calibra_app.services.srf.facts import Facts
from calibra_app.services.srf.letters import write_to_contact
from calibra_app.services.srf.moves import Move, move_header
from calibra_app.services.srf.review import active_lines, gather_evidence
from calibra_app.services.srf.states import HeaderState

LAPSED = "The question was not answered within the agreed days."


@permitted(Permission.CONTRACT_REVIEW_COMMERCIAL, Permission.CONTRACT_REVIEW_TECHNICAL)
def start_review(work: UnitOfWork, srf_id: SrfId, seen: int) -> None:
    """Begin the contract review and look up the evidence for every line (T04)."""
    srf = work.get(Srf, srf_id)
    gather_evidence(work, active_lines(work, srf_id))
    move_header(work, srf, Move("T04", seen))


@permitted(Permission.CONTRACT_REVIEW_COMMERCIAL, Permission.CONTRACT_REVIEW_TECHNICAL)
def return_to_customer(work: UnitOfWork, srf_id: SrfId, seen: int, reason: str) -> None:
    """Give a request back to who wrote it, as a draft with a reason (T05)."""
    srf = work.get(Srf, srf_id)
    move_header(work, srf, Move("T05", seen, reason.strip()))
    write_to_contact(work, srf, "returned", reason=reason.strip())


@permitted(Permission.INFORMATION_EXCHANGE)
def ask_customer(work: UnitOfWork, srf_id: SrfId, seen: int, question: str) -> None:
    """Ask the customer something without which the review cannot go on (T06)."""
    srf = work.get(Srf, srf_id)
    srf.info_question, srf.info_answer = question.strip(), ""
    move_header(work, srf, Move("T06", seen, question.strip()))
    write_to_contact(work, srf, "question", question=question.strip())


@permitted(Permission.INFORMATION_EXCHANGE)
def answer_question(work: UnitOfWork, srf_id: SrfId, seen: int, answer: str) -> None:
    """Answer the open question, as the customer or as who heard the answer (T07)."""
    if not answer.strip():
        raise Invalid("Write the answer.", field="answer")
    srf = work.get(Srf, srf_id)
    srf.info_answer = answer.strip()
    move_header(work, srf, Move("T07", seen, answer.strip()))


@permitted(Permission.INFORMATION_EXCHANGE)
def let_lapse(work: UnitOfWork, srf_id: SrfId, seen: int | None = None) -> None:
    """Cancel a request whose question nobody answered in the agreed days (T08)."""
    srf = work.get(Srf, srf_id)
    lapsed = work.now - srf.state_since >= _patience(work)
    move_header(work, srf, Move("T08", seen, LAPSED), Facts(question_lapsed=lapsed))
    write_to_contact(work, srf, "cancelled", reason=LAPSED)


@permitted(Permission.INFORMATION_EXCHANGE)
def list_unanswered(work: UnitOfWork) -> tuple[SrfId, ...]:
    """Return the requests whose question is older than the agreed days."""
    waiting = work.exec(
        select(Srf.id).where(
            Srf.state == HeaderState.INFO_REQUIRED,
            Srf.state_since <= work.now - _patience(work),
        )
    ).all()
    return tuple(SrfId(srf_id) for srf_id in waiting)


def _patience(work: UnitOfWork) -> timedelta:
    return timedelta(days=settings_of(work).info_lapse_days)
