"""Making an offer of a reviewed request (T09), and taking it back into review (T13)."""

from datetime import timedelta

from calibra_app.core.access import Permission, permitted, within_deed
from calibra_app.core.ids import QuotationId, SrfId
from calibra_app.models.customer import Customer
from calibra_app.models.quotation import (
    Quotation,
    QuotationRevision,
    QuotationState,
)
from calibra_app.models.srf import Srf
from calibra_app.persistence.search import enter_words
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.services.laboratory import draw_number, own_tenant, settings_of, today_of
from calibra_app.services.quotations.drafting import lines_from_request, taxation_of
from calibra_app.services.quotations.paper import terms_for
from calibra_app.services.quotations.sums import (
    newest_of,
    quotation_for,
    recount,
    take,
    tell,
)
from calibra_app.services.srf.companions import QUOTATION, advance
from calibra_app.services.srf.facts import Facts
from calibra_app.services.srf.lookups import line_facts
from calibra_app.services.srf.moves import Move, move_header
from calibra_app.services.srf.review import active_lines
from calibra_app.services.srf.review_paper import print_review

KIND = "quotation"


@permitted(Permission.QUOTATION_WRITE)
def create_offer(work: UnitOfWork, srf_id: SrfId, seen: int) -> QuotationId:
    """Make the offer of a reviewed request; its lines are priced from the price book (T09).

    A request that comes back from review has an offer already: it gets the next revision.

    Raises:
        GuardFailed: A line is incomplete, not reviewed, or outside the scope without a mark.
    """
    srf = work.get(Srf, srf_id)
    facts = Facts(lines=line_facts(work, active_lines(work, srf_id)))
    move_header(work, srf, Move("T09", seen), facts)
    print_review(work, srf)
    quotation = quotation_for(work, srf_id)
    if quotation is None:
        quotation = Quotation(number=draw_number(work, "quotation"), srf_id=srf_id)
        work.add(quotation)
        customer = work.peek(Customer, srf.customer_id)
        enter_words(work, KIND, quotation.id, (quotation.number, srf.number, customer.name))
        first_revision(work, srf, quotation, number=0)
    else:
        _draft_again(work, srf, quotation)
    return QuotationId(quotation.id)


@permitted(Permission.QUOTATION_WRITE)
def back_to_review(work: UnitOfWork, quotation_id: QuotationId, seen: int, reason: str) -> None:
    """Take the request back into contract review (T13); the offer is made anew from there."""
    srf, quotation, revision = take(work, quotation_id)
    move_header(work, srf, Move("T13", seen, reason.strip()))
    if revision.state is QuotationState.INTERNAL_APPROVAL:
        revision.state = advance(QUOTATION, revision.state, QuotationState.DRAFT)
        revision.approved_by = revision.approved_at = None
    tell(work, quotation, revision)


@within_deed
def first_revision(
    work: UnitOfWork, srf: Srf, quotation: Quotation, *, number: int, reason: str = ""
) -> QuotationRevision:
    """Add a revision in Draft whose lines and prices come fresh from request and price book."""
    customer = work.peek(Customer, srf.customer_id)
    taxation = taxation_of(work, customer)
    revision = QuotationRevision(
        quotation_id=quotation.id,
        revision=number,
        currency=own_tenant(work).currency,
        discount_percent=customer.discount_percent,
        tax_rate=taxation.rate,
        tax_treatment=taxation.treatment,
        valid_until=today_of(work) + timedelta(days=settings_of(work).quotation_valid_days),
        terms=terms_for(work, customer),
        reason=reason,
        proposed_by=work.actor.person_id,
    )
    work.add(revision)
    work.add_all(lines_from_request(work, revision, customer, active_lines(work, srf.id)))
    recount(work, revision)
    tell(work, quotation, revision)
    return revision


def _draft_again(work: UnitOfWork, srf: Srf, quotation: Quotation) -> None:
    """Write the next revision; the one before is superseded, as it was when it was sent."""
    last = work.get(QuotationRevision, newest_of(work, quotation.id).id)
    if QuotationState.SUPERSEDED in QUOTATION[last.state]:
        last.state = advance(QUOTATION, last.state, QuotationState.SUPERSEDED)
    first_revision(
        work, srf, quotation, number=last.revision + 1, reason="The request was reviewed again."
    )
