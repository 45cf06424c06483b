"""The page behind the link of an offer: who holds the link, what they see, what they take along."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import ClassVar
from uuid import UUID

from sqlmodel import select

from calibra_app.core.access import NOBODY, Actor, Permission, link_actor, permitted
from calibra_app.core.errors import Conflict, NotFound
from calibra_app.core.ids import DocumentId, RevisionId
from calibra_app.models.document import Document, DocumentState, Download
from calibra_app.models.quotation import Quotation, QuotationRevision, QuotationState
from calibra_app.models.srf import Srf
from calibra_app.models.tenant import PublicCode
from calibra_app.persistence.unit_of_work import UnitOfWork, lobby, unit_of_work
from calibra_app.rendering.quotation import QuotationContent
from calibra_app.services.documents import FileOfDocument
from calibra_app.services.laboratory import today_of
from calibra_app.services.quotations.answers import answer_of
from calibra_app.services.quotations.sending import LINK, digest_of_link
from calibra_app.services.quotations.sums import (
    lines_of_revision,
    newest_of,
    seen_quotation,
)

LONGEST_TOKEN = 100
# For how long after its last day an offer can still be read behind its link.
READABLE_AFTER = timedelta(days=60)


class OfferUnknown(NotFound):
    """The link is unknown or works no longer; which of these is not said."""

    code: ClassVar[str] = "offer_unknown"

    def __init__(self) -> None:
        """Say the one sentence."""
        super().__init__(
            "This link does not work, or no longer does. Ask the laboratory for a new one."
        )


@dataclass(frozen=True, slots=True)
class Holder:
    """Whoever holds a link: may open and answer one offer of one customer."""

    actor: Actor
    revision_id: RevisionId


@dataclass(frozen=True, slots=True)
class Choice:
    """A line of an offer that the customer takes or leaves."""

    id: UUID
    position: int


@dataclass(frozen=True, slots=True)
class Response:
    """What was answered."""

    answer: str
    name: str
    at: datetime
    remark: str


@dataclass(frozen=True, slots=True)
class Offer:
    """An offer as the customer sees it, from its frozen paper.

    Attributes:
        expired_on: Its last day, once that has passed without an answer.
        replaced_by: The number of the newer revision, if there is one that was not accepted.
        answerable: It waits for an answer.
        printed: Its paper can be downloaded.
    """

    revision_id: RevisionId
    quotation_id: UUID
    content: QuotationContent
    choices: tuple[Choice, ...]
    state: QuotationState
    response: Response | None
    expired_on: date | None
    replaced_by: int | None
    answerable: bool
    printed: bool


def find_holder(token: str) -> Holder:
    """Return who holds a link, by its token.

    Raises:
        OfferUnknown: No link has this token, or it works no longer.
    """
    if not token or len(token) > LONGEST_TOKEN or not token.isascii():
        raise OfferUnknown
    digest = digest_of_link(token)
    with lobby() as desk:
        tenant_id = desk.tenant_of_code(digest)
    if tenant_id is None:
        raise OfferUnknown
    with unit_of_work(link_actor(tenant_id, NOBODY, "Link")) as work:
        revision_id, customer_id, name = follow_link(work, digest)
    return Holder(link_actor(tenant_id, customer_id, name), revision_id)


@permitted(Permission.QUOTATION_ANSWER)
def follow_link(work: UnitOfWork, digest: str) -> tuple[RevisionId, UUID, str]:
    """Return the offer to which a link leads, its customer, and what to call the holder.

    Raises:
        OfferUnknown: The link was replaced by a newer one, or its time has passed.
    """
    code = work.exec(
        select(PublicCode).where(PublicCode.code == digest, PublicCode.kind == LINK)
    ).first()
    if code is None:
        raise OfferUnknown
    revision = work.peek(QuotationRevision, code.subject_id)
    last = revision.valid_until
    if revision.link_digest != digest or last is None or today_of(work) > last + READABLE_AFTER:
        raise OfferUnknown
    srf = work.peek(Srf, work.peek(Quotation, revision.quotation_id).srf_id)
    return RevisionId(revision.id), srf.customer_id, revision.sent_to


@permitted(Permission.QUOTATION_SEE, reading=True)
def open_offer(work: UnitOfWork, revision_id: RevisionId) -> Offer:
    """Return an offer as it was sent, and how it stands.

    Raises:
        OfferUnknown: It was never sent, or is another customer's.
    """
    revision, document = _sent(work, revision_id)
    newest = newest_of(work, revision.quotation_id)
    known = answer_of(work, revision.id)
    waiting = revision.state is QuotationState.SENT
    passed = revision.valid_until is not None and today_of(work) > revision.valid_until
    expired = revision.state is QuotationState.EXPIRED or (waiting and passed)
    replaced = newest.id != revision.id and known is None
    return Offer(
        revision_id=revision_id,
        quotation_id=revision.quotation_id,
        content=QuotationContent.from_json(document.content),
        choices=tuple(
            Choice(line.id, line.position)
            for line in lines_of_revision(work, revision.id)
            if line.srf_line_id is not None and not line.removed
        ),
        state=revision.state,
        response=Response(known.answer, known.name, known.at, known.remark) if known else None,
        expired_on=revision.valid_until if expired else None,
        replaced_by=newest.revision if replaced else None,
        answerable=waiting and not expired,
        printed=document.state is DocumentState.DONE,
    )


@permitted(Permission.QUOTATION_SEE, reading=True)
def file_of_offer(work: UnitOfWork, revision_id: RevisionId) -> FileOfDocument:
    """Return the printed paper of an offer; the download is entered in its record.

    Raises:
        OfferUnknown: It was never sent, or is another customer's.
        Conflict: It is still being printed.
    """
    _, document = _sent(work, revision_id)
    if document.state is not DocumentState.DONE:
        raise Conflict("The paper is still being printed. Try again in a few seconds.")
    person = work.actor.person_id if work.actor.roles else None
    work.add(Download(document_id=document.id, person_id=person, at=work.now, purpose="offer"))
    return FileOfDocument(
        DocumentId(document.id), f"{document.number}.pdf", document.sha256, document.size
    )


def _sent(work: UnitOfWork, revision_id: RevisionId) -> tuple[QuotationRevision, Document]:
    try:
        revision = work.peek(QuotationRevision, revision_id)
        seen_quotation(work, revision.quotation_id)
    except NotFound as error:
        raise OfferUnknown from error
    if revision.document_id is None:
        raise OfferUnknown
    return revision, work.peek(Document, revision.document_id)
