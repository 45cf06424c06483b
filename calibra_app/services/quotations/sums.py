"""The rows of a quotation, their sums kept in step, and what guards look at."""

from collections.abc import Sequence
from typing import Any, ClassVar
from uuid import UUID

from sqlmodel import col, select

from calibra_app.core.access import Grant, Permission, within_deed
from calibra_app.core.errors import Conflict, NotFound
from calibra_app.core.money import Money
from calibra_app.models.customer import Customer, TaxTreatment
from calibra_app.models.quotation import (
    Quotation,
    QuotationLine,
    QuotationLineKind,
    QuotationRevision,
    QuotationState,
)
from calibra_app.models.srf import Srf
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.services.laboratory import settings_of
from calibra_app.services.quotations.pricing import (
    PricedLine,
    Sums,
    add_up,
    excess_over_limit,
)
from calibra_app.services.srf.facts import OfferFacts


class NotInDraft(Conflict):
    """The revision has left the draft; a change makes the next one."""

    code: ClassVar[str] = "not_in_draft"


@within_deed
def topic_of(work: UnitOfWork, quotation_id: UUID) -> str:
    """Return the topic on which the open pages of a quotation listen."""
    return f"t:{work.actor.tenant_id}:quotation:{quotation_id}"


@within_deed
def tell(work: UnitOfWork, quotation: Quotation, revision: QuotationRevision) -> None:
    """Tell the open pages that something of a quotation changed; they read it anew."""
    work.session.flush()
    work.publish(
        topic_of(work, quotation.id),
        {
            "kind": "quotation",
            "id": str(quotation.id),
            "revision": revision.revision,
            "version": revision.version,
            "state": revision.state,
        },
    )
    work.publish(f"t:{work.actor.tenant_id}:quotations", {"id": str(quotation.id)})


@within_deed
def take(work: UnitOfWork, quotation_id: UUID) -> tuple[Srf, Quotation, QuotationRevision]:
    """Return a quotation with its request and newest revision, all locked for change.

    The request is locked first, as by every deed on it, so that no two wait for each other.
    """
    quotation = seen_quotation(work, quotation_id)
    srf = work.get(Srf, quotation.srf_id)
    quotation = work.get(Quotation, quotation_id)
    revision = work.get(QuotationRevision, newest_of(work, quotation_id).id)
    return srf, quotation, revision


@within_deed
def seen_quotation(work: UnitOfWork, quotation_id: UUID) -> Quotation:
    """Return a quotation that the actor may see; for a customer, only an own one exists."""
    quotation = work.peek(Quotation, quotation_id)
    mine = work.actor.customer_id
    if mine is not None and work.peek(Srf, quotation.srf_id).customer_id != mine:
        raise NotFound("There is no such quotation.")
    return quotation


@within_deed
def newest_of(work: UnitOfWork, quotation_id: UUID) -> QuotationRevision:
    """Return the newest revision of a quotation."""
    found: QuotationRevision | None = work.exec(
        select(QuotationRevision)
        .where(QuotationRevision.quotation_id == quotation_id)
        .order_by(col(QuotationRevision.revision).desc())
        .limit(1)
    ).first()
    if found is None:
        raise NotFound("This quotation has no revision.")
    return found


@within_deed
def revisions_of(work: UnitOfWork, quotation_id: UUID) -> Sequence[QuotationRevision]:
    """Return the revisions of a quotation, R0 first."""
    return work.exec(
        select(QuotationRevision)
        .where(QuotationRevision.quotation_id == quotation_id)
        .order_by(col(QuotationRevision.revision))
    ).all()


@within_deed
def quotation_for(work: UnitOfWork, srf_id: UUID) -> Quotation | None:
    """Return the quotation of a request, if one was made."""
    found: Quotation | None = work.exec(select(Quotation).where(Quotation.srf_id == srf_id)).first()
    return found


@within_deed
def lines_of_revision(work: UnitOfWork, revision_id: UUID) -> list[QuotationLine]:
    """Return the lines of a revision in their order, those taken off included."""
    return list(
        work.exec(
            select(QuotationLine)
            .where(QuotationLine.revision_id == revision_id)
            .order_by(col(QuotationLine.position))
        ).all()
    )


def as_priced(line: QuotationLine, currency: str) -> PricedLine:
    """Return a line as the sums look at it."""
    return PricedLine(
        line.kind,
        Money(line.unit_price, currency),
        line.quantity,
        line.surcharge_percent,
        line.removed,
    )


def sums_of(revision: QuotationRevision, lines: Sequence[QuotationLine]) -> Sums:
    """Return the sums of a revision, computed anew from its lines."""
    return add_up(
        [as_priced(line, revision.currency) for line in lines],
        currency=revision.currency,
        discount_percent=revision.discount_percent,
        tax_rate=revision.tax_rate,
        treatment=revision.tax_treatment,
    )


@within_deed
def recount(work: UnitOfWork, revision: QuotationRevision) -> Sums:
    """Bring the nets of the lines and the sums of the revision up to date."""
    work.session.flush()
    lines = lines_of_revision(work, revision.id)
    for line in lines:
        line.net = as_priced(line, revision.currency).net.amount
    sums = sums_of(revision, lines)
    revision.net, revision.tax, revision.total = (
        sums.net.amount,
        sums.tax.amount,
        sums.total.amount,
    )
    work.session.flush()
    return sums


def require_draft(revision: QuotationRevision) -> None:
    """Refuse a change of what was sent, or waits for approval."""
    if revision.state is QuotationState.INTERNAL_APPROVAL:
        raise NotInDraft("This revision waits for approval; take it back to change it.")
    if revision.state is not QuotationState.DRAFT:
        raise NotInDraft(
            f"R{revision.revision} is {words(revision.state)} and stays as it is; "
            "a change makes the next revision."
        )


def words(state: QuotationState) -> str:
    """Return a state as a sentence names it."""
    return state.value.replace("_", " ")


def unpriced(lines: Sequence[QuotationLine]) -> tuple[str, ...]:
    """Return a sentence for each line that still lacks its price."""
    return tuple(
        f"Line {line.position} has no price: {line.description}."
        for line in lines
        if not line.removed and line.unit_price == 0 and line.kind is QuotationLineKind.CALIBRATION
    )


@within_deed
def excess_of(work: UnitOfWork, revision: QuotationRevision, customer: Customer) -> str:
    """Return what of a revision is above the estimator's limit; a contract's discount is agreed."""
    settings = settings_of(work)
    limit = max(settings.discount_limit_percent, customer.discount_percent)
    sums = sums_of(revision, lines_of_revision(work, revision.id))
    return excess_over_limit(sums, revision.discount_percent, limit, settings.net_limit)


@within_deed
def offer_facts(
    work: UnitOfWork,
    quotation: Quotation,
    revision: QuotationRevision,
    *,
    accepted: bool = False,
) -> OfferFacts:
    """Return what the guards of an offer look at (G05 to G07)."""
    lines = lines_of_revision(work, revision.id)
    sums = sums_of(revision, lines)
    kept = (revision.net, revision.tax, revision.total)
    there = any(not line.removed for line in lines)
    customer = work.peek(Customer, work.peek(Srf, quotation.srf_id).customer_id)
    return OfferFacts(
        revision=f"{quotation.number} R{revision.revision}",
        totals_valid=there
        and not unpriced(lines)
        and kept == (sums.net.amount, sums.tax.amount, sums.total.amount),
        tax_determined=revision.tax_treatment is not TaxTreatment.STANDARD or revision.tax_rate > 0,
        excess=excess_of(work, revision, customer),
        excess_approved=revision.approved_at is not None,
        valid_until=revision.valid_until,
        accepted=accepted or revision.state is QuotationState.ACCEPTED,
    )


def may_approve(actor: Any, revision: QuotationRevision) -> bool:
    """Say whether somebody may approve a price above the limit: with a right, and not their own."""
    return Grant.SIGN in actor.grants(Permission.DISCOUNT_APPROVE) and not has_written(
        actor, revision
    )


def has_written(actor: Any, revision: QuotationRevision) -> bool:
    """Say whether a price of the revision is somebody's own, whoever wrote another one later."""
    return revision.proposed_by == actor.person_id or str(actor.person_id) in revision.writers
