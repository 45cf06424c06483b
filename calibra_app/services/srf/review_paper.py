"""The record of contract review on paper, as found that minute."""

from datetime import datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from calibra_app.core.access import within_deed
from calibra_app.core.ids import DocumentId
from calibra_app.models.srf import ContractReview, Srf, SrfLine
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.rendering.html import DocumentKind
from calibra_app.rendering.srf import (
    ContractReviewContent,
    Finding,
    ReviewAnswerContent,
    ReviewLineContent,
)
from calibra_app.services.laboratory import own_tenant, today_of
from calibra_app.services.letterhead import item_content, letterhead, party
from calibra_app.services.srf.lookups import instruments_of
from calibra_app.services.srf.moves import lines_of
from calibra_app.services.srf.printing import print_paper
from calibra_app.services.srf.review import QUESTIONS, Answer, reviews_by_line
from calibra_app.services.srf.states import LineState

_FINDINGS = {
    Answer.YES: Finding.MET,
    Answer.NO: Finding.PARTLY,
    Answer.NOT_APPLICABLE: Finding.NOT_APPLICABLE,
}


@within_deed
def print_review(
    work: UnitOfWork, srf: Srf, conclusion: str = "Accepted for an offer"
) -> DocumentId:
    """Print the record of contract review; taken along by the offer, T10 and T11."""
    lines = [line for line in lines_of(work, srf.id) if line.state is not LineState.CANCELLED]
    items = instruments_of(work, lines)
    reviews = reviews_by_line(work, [line.id for line in lines])
    zone = ZoneInfo(own_tenant(work).time_zone)
    content = ContractReviewContent(
        branding=letterhead(work),
        number=f"{srf.number}-CR",
        customer=party(work, srf.customer_id, srf.contact_id),
        lines=tuple(
            ReviewLineContent(
                position=line.position,
                item=item_content(items[line.instrument_id]),
                answers=_answers(reviews.get(line.id), zone),
                decision=_decision(line),
            )
            for line in lines
        ),
        srf_number=srf.number,
        conclusion=conclusion,
        deviations=tuple(
            f"Line {line.position}: {note}"
            for line in lines
            for note in _deviations(reviews.get(line.id))
        ),
        issued_on=today_of(work),
    )
    return print_paper(
        work,
        srf,
        DocumentKind.CONTRACT_REVIEW,
        content,
        number=content.number,
        title="Contract review",
    )


def _answers(review: ContractReview | None, zone: ZoneInfo) -> tuple[ReviewAnswerContent, ...]:
    kept = cast("dict[str, Any]", review.answers if review else {})
    return tuple(_answer(question.words, kept.get(question.key), zone) for question in QUESTIONS)


def _answer(words: str, given: dict[str, Any] | None, zone: ZoneInfo) -> ReviewAnswerContent:
    if given is None:
        return ReviewAnswerContent(question=words, finding=Finding.NOT_MET, evidence="Not answered")
    at = datetime.fromisoformat(str(given["at"])).astimezone(zone)
    by = f"{given['by']}, {at.day} {at:%b %Y %H:%M}"
    note = str(given["note"])
    return ReviewAnswerContent(
        question=words,
        finding=_FINDINGS[Answer(given["answer"])],
        evidence=f"{note} ({by})" if note else by,
    )


def _decision(line: SrfLine) -> str:
    if line.provider_id is not None:
        return "Subcontracted to an approved external provider"
    return "Within accreditation" if line.accredited else "Without accreditation"


def _deviations(review: ContractReview | None) -> tuple[str, ...]:
    """Return what is not as asked for, and how the customer agreed to it."""
    if review is None:
        return ()
    kept = cast("dict[str, Any]", review.answers)
    noes = [str(given["note"]) for given in kept.values() if given["answer"] == Answer.NO.value]
    agreed = cast("list[str]", review.evidence.get("agreed", []))
    return (*noes, *agreed)
