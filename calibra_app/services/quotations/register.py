"""The register of quotations: the list, and the offers that still wait for an answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import true
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from calibra_app.core.access import Permission, permitted
from calibra_app.core.errors import NotFound
from calibra_app.core.ids import QuotationId, RevisionId, SrfId
from calibra_app.core.money import Money
from calibra_app.core.paging import Page
from calibra_app.models.customer import Customer
from calibra_app.models.quotation import Quotation, QuotationRevision, QuotationState
from calibra_app.models.srf import Srf
from calibra_app.persistence.listing import Key, page_of
from calibra_app.persistence.search import found_by
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.services.quotations.offers import KIND
from calibra_app.services.quotations.sums import quotation_for, seen_quotation
from calibra_app.services.srf.register import names_of

MOST_FOLLOWED = 100


@dataclass(frozen=True, slots=True)
class QuotationFilter:
    """What a list of quotations is narrowed to; an empty field narrows nothing."""

    states: tuple[QuotationState, ...] = ()
    words: str = ""


@dataclass(frozen=True, slots=True)
class QuotationSummary:
    """One quotation in a list, with its newest revision."""

    id: QuotationId
    number: str
    revision: int
    revision_id: RevisionId
    state: QuotationState
    srf_id: SrfId
    srf_number: str
    customer: str
    total: Money
    valid_until: date | None
    sent_at: datetime | None
    age_days: int


@permitted(Permission.QUOTATION_SEE, Permission.QUOTATION_WRITE, reading=True)
def list_quotations(
    work: UnitOfWork, wanted: QuotationFilter, cursor: str = ""
) -> Page[QuotationSummary]:
    """List quotations, the newest first, as far as the actor may see them."""
    newest = _newest(sent_only=work.actor.customer_id is not None)
    statement = select(Quotation, newest).join(newest, true())
    if wanted.states:
        statement = statement.where(newest.state.in_([*wanted.states]))
    if wanted.words.strip():
        statement = statement.where(col(Quotation.id).in_(found_by(KIND, wanted.words)))
    mine = work.actor.customer_id
    if mine is not None:
        own = select(Srf.id).where(Srf.customer_id == mine)
        statement = statement.where(col(Quotation.srf_id).in_(own))
    keys = (Key(Quotation.created_at, descending=True), Key(Quotation.id, descending=True))
    page: Page[tuple[Quotation, QuotationRevision]] = page_of(
        work, statement, _pair, *keys, cursor=cursor
    )
    return Page(_summaries(work, page.rows), page.next_cursor)


@permitted(Permission.QUOTATION_SEND, Permission.QUOTATION_SEE, reading=True)
def list_unanswered(work: UnitOfWork) -> tuple[QuotationSummary, ...]:
    """Return the offers that wait for an answer, the longest waiting first."""
    statement = (
        select(Quotation, QuotationRevision)
        .join(QuotationRevision, col(QuotationRevision.quotation_id) == Quotation.id)
        .where(QuotationRevision.state == QuotationState.SENT)
        .order_by(col(QuotationRevision.sent_at), col(Quotation.id))
        .limit(MOST_FOLLOWED)
    )
    mine = work.actor.customer_id
    if mine is not None:
        own = select(Srf.id).where(Srf.customer_id == mine)
        statement = statement.where(col(Quotation.srf_id).in_(own))
    rows = [(row[0], row[1]) for row in work.exec(statement).all()]
    return _summaries(work, rows)


@permitted(Permission.QUOTATION_SEE, Permission.QUOTATION_WRITE, reading=True)
def find_quotation(work: UnitOfWork, srf_id: SrfId) -> QuotationId | None:
    """Return the quotation of a request that the actor may see, if there is one."""
    found = quotation_for(work, srf_id)
    if found is None:
        return None
    try:
        return QuotationId(seen_quotation(work, found.id).id)
    except NotFound:
        return None


def _newest(*, sent_only: bool) -> Any:
    """Return the newest revision of each quotation, looked up quotation by quotation.

    So a page costs its fifty look-ups, however many quotations there are.
    """
    revisions = select(QuotationRevision).where(QuotationRevision.quotation_id == Quotation.id)
    if sent_only:
        revisions = revisions.where(col(QuotationRevision.sent_at).is_not(None))
    newest = revisions.order_by(col(QuotationRevision.revision).desc()).limit(1)
    return aliased(QuotationRevision, newest.correlate(Quotation).lateral("newest"))


def _summaries(
    work: UnitOfWork, rows: Sequence[tuple[Quotation, QuotationRevision]]
) -> tuple[QuotationSummary, ...]:
    ids = {quotation.srf_id for quotation, _ in rows}
    found = work.exec(select(Srf).where(col(Srf.id).in_(ids))).all()
    srfs: dict[UUID, Srf] = {srf.id: srf for srf in found}
    names = names_of(work, Customer, {srf.customer_id for srf in srfs.values()})
    return tuple(
        QuotationSummary(
            id=QuotationId(quotation.id),
            number=quotation.number,
            revision=revision.revision,
            revision_id=RevisionId(revision.id),
            state=revision.state,
            srf_id=SrfId(quotation.srf_id),
            srf_number=srfs[quotation.srf_id].number,
            customer=names[srfs[quotation.srf_id].customer_id],
            total=Money(revision.total, revision.currency),
            valid_until=revision.valid_until,
            sent_at=revision.sent_at,
            age_days=(work.now - (revision.sent_at or revision.created_at)).days,
        )
        for quotation, revision in rows
    )


def _pair(quotation: Quotation, revision: QuotationRevision) -> tuple[Quotation, QuotationRevision]:
    return quotation, revision
