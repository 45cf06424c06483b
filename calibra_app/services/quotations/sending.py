"""Approving a price above the limit, and sending an offer to the customer (T12)."""

import hashlib
from datetime import date
from uuid import UUID

from sqlmodel import col, select

from calibra_app.core.access import Permission, permitted, within_deed
from calibra_app.core.entry import email_address, limited
from calibra_app.core.errors import Conflict, Forbidden, Invalid
from calibra_app.core.ids import QuotationId, new_secret
from calibra_app.core.money import Money
from calibra_app.models.customer import Contact, Customer
from calibra_app.models.document import Document
from calibra_app.models.person import Person, PortalProfile
from calibra_app.models.quotation import Quotation, QuotationRevision, QuotationState
from calibra_app.models.srf import Srf
from calibra_app.models.tenant import PublicCode
from calibra_app.persistence.outbox import Job
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.services.laboratory import today_of
from calibra_app.services.quotations.paper import content_of, freeze_revision
from calibra_app.services.quotations.revisions import changes_against_last
from calibra_app.services.quotations.sums import (
    excess_of,
    has_written,
    lines_of_revision,
    may_approve,
    offer_facts,
    recount,
    require_draft,
    take,
    tell,
    unpriced,
)
from calibra_app.services.signatures import sign
from calibra_app.services.srf.companions import QUOTATION, advance
from calibra_app.services.srf.facts import Facts
from calibra_app.services.srf.letters import contact_of
from calibra_app.services.srf.moves import Move, move_header

LINK = "quotation"


@permitted(Permission.QUOTATION_WRITE)
def ask_approval(work: UnitOfWork, quotation_id: QuotationId, reason: str) -> None:
    """Ask the laboratory manager to approve what is above the limit; the draft then rests.

    Raises:
        Conflict: Nothing is above the limit.
        Invalid: A line has no price, or no reason is given.
    """
    srf, quotation, revision = take(work, quotation_id)
    require_draft(revision)
    _require_priced(work, revision)
    if not excess_of(work, revision, work.peek(Customer, srf.customer_id)):
        raise Conflict("Nothing is above the limit; send the offer.")
    told = limited(reason, "reason")
    if not told:
        raise Invalid("Say why this price is right.", field="reason")
    recount(work, revision)
    revision.state = advance(QUOTATION, revision.state, QuotationState.INTERNAL_APPROVAL)
    # Who wrote the price stays its proposer, whoever asks: else a colleague would do for a second.
    revision.reason = told
    tell(work, quotation, revision)


@permitted(Permission.DISCOUNT_APPROVE)
def approve(work: UnitOfWork, quotation_id: QuotationId, password: str) -> None:
    """Approve, signed, what is above the limit; nobody approves a price of their own.

    Raises:
        Forbidden: The actor proposed the price, or may not approve at all.
        Conflict: Nothing waits for approval.
    """
    srf, quotation, revision = take(work, quotation_id)
    if revision.state is not QuotationState.INTERNAL_APPROVAL:
        raise Conflict("This revision does not wait for approval.")
    _approve(work, srf, quotation, revision, password)
    tell(work, quotation, revision)


@permitted(Permission.QUOTATION_WRITE, Permission.DISCOUNT_APPROVE)
def back_to_draft(work: UnitOfWork, quotation_id: QuotationId, reason: str = "") -> None:
    """Take a revision back from approval, to change it; an approval given before is void."""
    _, quotation, revision = take(work, quotation_id)
    if revision.state is not QuotationState.INTERNAL_APPROVAL:
        raise Conflict("This revision does not wait for approval.")
    revision.state = advance(QUOTATION, revision.state, QuotationState.DRAFT)
    revision.approved_by = revision.approved_at = None
    if reason.strip():
        revision.reason = limited(reason, "reason")
    tell(work, quotation, revision)


@permitted(Permission.QUOTATION_SEND)
def send_offer(
    work: UnitOfWork,
    quotation_id: QuotationId,
    seen: int,
    *,
    to: str = "",
    password: str = "",
) -> None:
    """Freeze the newest revision, print it and mail the link that answers it (T12).

    Args:
        work: The transaction.
        quotation_id: The quotation.
        seen: The version of the revision that the actor saw.
        to: Another address than the request's contact.
        password: Of a manager who approves the price with the sending.

    Raises:
        GuardFailed: The sums do not add up, or the price needs approval (G05).
        Conflict: Somebody has changed the revision since.
        Invalid: A line has no price, the offer would have expired, or nobody is to get it.
    """
    srf, quotation, revision = take(work, quotation_id)
    if seen != work.taken.get(revision.id, revision.version):
        raise Conflict("Somebody has changed this offer in the meantime. Look at it, then send.")
    if revision.state is not QuotationState.INTERNAL_APPROVAL:
        require_draft(revision)
    _require_priced(work, revision)
    _require_time(revision, today_of(work))
    if revision.state is QuotationState.DRAFT:
        recount(work, revision)
    excess = excess_of(work, revision, work.peek(Customer, srf.customer_id))
    if excess and revision.approved_at is None and password:
        _approve(work, srf, quotation, revision, password)
    name, address = _receiver(work, srf, to)
    move_header(work, srf, Move("T12"), Facts(offer=offer_facts(work, quotation, revision)))
    revision.state = advance(QUOTATION, revision.state, QuotationState.SENT)
    revision.sent_at = work.now
    revision.sent_to = address
    freeze_revision(work, quotation, revision, changes_against_last(work, revision))
    _mail(work, quotation, revision, name, address)
    tell(work, quotation, revision)


@permitted(Permission.QUOTATION_SEND)
def send_again(work: UnitOfWork, quotation_id: QuotationId, to: str = "") -> None:
    """Mail a fresh link to an offer that waits for its answer; the link before stops working."""
    srf, quotation, revision = take(work, quotation_id)
    if revision.state is not QuotationState.SENT:
        raise Conflict("Only an offer that waits for its answer is sent again.")
    name, address = _receiver(work, srf, to or revision.sent_to)
    revision.sent_to = address
    _mail(work, quotation, revision, name, address)
    tell(work, quotation, revision)


def digest_of_link(token: str) -> str:
    """Return how the token of a link is kept: whoever reads the table cannot answer with it."""
    return hashlib.sha256(f"quotation:{token}".encode()).hexdigest()


def _approve(
    work: UnitOfWork, srf: Srf, quotation: Quotation, revision: QuotationRevision, password: str
) -> None:
    if not may_approve(work.actor, revision):
        if has_written(work.actor, revision):
            raise Forbidden("You proposed this price; somebody else approves it.")
        raise Forbidden("A laboratory manager approves prices above the limit.")
    if not password:
        raise Invalid("Type your password to sign.", field="password")
    content = content_of(work, srf, quotation, revision)
    excess = excess_of(work, revision, work.peek(Customer, srf.customer_id))
    sign(
        work,
        password,
        meaning="approved",
        subject_kind="quotation_revision",
        subject_id=revision.id,
        content_sha256=hashlib.sha256(content.canonical()).hexdigest(),
        statement=f"{quotation.number} R{revision.revision}: {excess}",
    )
    revision.approved_by = work.actor.person_id
    revision.approved_at = work.now


def _require_priced(work: UnitOfWork, revision: QuotationRevision) -> None:
    missing = unpriced(lines_of_revision(work, revision.id))
    if missing:
        raise Invalid(" ".join(missing), field="lines")


def _require_time(revision: QuotationRevision, today: date) -> None:
    if revision.valid_until is None or revision.valid_until < today:
        raise Invalid("The offer would have expired already.", field="valid_until")


def _receiver(work: UnitOfWork, srf: Srf, to: str) -> tuple[str, str]:
    """Return name and address: as typed, else the contact, an approver of the customer first."""
    known = _approver(work, srf) or contact_of(work, srf)
    if to.strip():
        address = email_address(to, "to")
        return (known.name if known and known.email == address else ""), address
    if known is None or not known.email:
        raise Invalid("The customer has no contact with an address. Enter one.", field="to")
    return known.name, known.email


def _approver(work: UnitOfWork, srf: Srf) -> Contact | None:
    contact = contact_of(work, srf)
    if contact is not None and _approves(work, contact.person_id):
        return contact
    rows = work.exec(
        select(Contact)
        .where(Contact.customer_id == srf.customer_id, col(Contact.archived).is_(False))
        .order_by(col(Contact.created_at), col(Contact.id))
    ).all()
    return next((row for row in rows if _approves(work, row.person_id)), None)


def _approves(work: UnitOfWork, person_id: UUID | None) -> bool:
    if person_id is None:
        return False
    return work.peek(Person, person_id).portal_profile is PortalProfile.APPROVER


def _mail(
    work: UnitOfWork, quotation: Quotation, revision: QuotationRevision, name: str, address: str
) -> None:
    token = new_secret()
    digest = digest_of_link(token)
    revision.link_digest = digest
    work.add(PublicCode(code=digest, kind=LINK, subject_id=revision.id))
    total = Money(revision.total, revision.currency)
    work.hand_over(
        Job.SEND_MAIL,
        quotation.id,
        {
            "kind": "quotation",
            "to": address,
            "name": name,
            "number": quotation.number,
            "revision": f"R{revision.revision}",
            "total": f"{total.amount} {total.currency}",
            "path": f"/q/{token}/",
        },
    )


@within_deed
def content_digest(work: UnitOfWork, revision: QuotationRevision) -> str:
    """Return the digest of the frozen paper; empty while there is none."""
    if revision.document_id is None:
        return ""
    return work.peek(Document, revision.document_id).content_sha256
