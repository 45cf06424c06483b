"""What a customer sees of the own requests: words and dates, no staff, no internal remarks.

Every question is narrowed to the customer of the actor here, in the query itself; a record of
somebody else reads like one that is not there.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from sqlmodel import col, select

from calibra_app.core.access import Permission, permitted, within_deed
from calibra_app.core.errors import Forbidden, NotFound
from calibra_app.core.ids import (
    DocumentId,
    InvoiceId,
    LineId,
    QuotationId,
    RevisionId,
    ShipmentId,
    SrfId,
)
from calibra_app.core.money import Money
from calibra_app.core.paging import Page
from calibra_app.models.customer import Contact, Customer, ReleaseRule
from calibra_app.models.dispatch import Shipment, ShipmentState
from calibra_app.models.document import DocumentState
from calibra_app.models.equipment import Instrument
from calibra_app.models.invoice import Invoice
from calibra_app.models.person import Person, PortalProfile
from calibra_app.models.quotation import Quotation, QuotationRevision, QuotationState
from calibra_app.models.srf import CustomerDecision, Srf, SrfLine
from calibra_app.persistence.listing import Key, page_of
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.services.documents import list_documents
from calibra_app.services.laboratory import own_tenant, today_of
from calibra_app.services.portal.views import (
    DueItem,
    PortalHome,
    PortalInquiry,
    PortalInvoice,
    PortalItem,
    PortalOffer,
    PortalQuestion,
    PortalRequest,
    PortalRequestDetail,
    PortalShipment,
)
from calibra_app.services.srf.drafts import Heading, create_srf
from calibra_app.services.srf.lookups import also_open, instruments_of
from calibra_app.services.srf.moves import lines_of
from calibra_app.services.srf.states import HeaderState, LineState

DUE_WITHIN = timedelta(days=60)
MOST_SHOWN = 50
_ENDED = (HeaderState.CLOSED, HeaderState.REJECTED, HeaderState.CANCELLED)
_NO_REQUEST = UUID(int=0)


@permitted(Permission.PORTAL_SEE, reading=True)
def portal_home(work: UnitOfWork) -> PortalHome:
    """Return what a customer sees first: what waits for them, what is with us, what falls due."""
    mine = own_customer(work)
    requests = work.exec(
        select(Srf)
        .where(Srf.customer_id == mine, col(Srf.state).not_in(_ENDED))
        .order_by(col(Srf.created_at).desc(), col(Srf.id).desc())
        .limit(MOST_SHOWN)
    ).all()
    return PortalHome(
        customer=work.peek(Customer, mine).name,
        may_decide=_may_decide(work),
        questions=_questions(work, mine),
        offers=_offers(work, mine),
        requests=_requests(work, requests),
        due=_due(work, mine),
        inquiries=_inquiries(work, mine),
    )


@permitted(Permission.PORTAL_SEE, reading=True)
def portal_request(work: UnitOfWork, srf_id: SrfId) -> PortalRequestDetail:
    """Return one own request.

    Raises:
        NotFound: There is none of that customer.
    """
    mine = own_customer(work)
    srf = _own_srf(work, mine, srf_id)
    (request,) = _requests(work, (srf,))
    return PortalRequestDetail(
        request=request,
        questions=tuple(each for each in _questions(work, mine) if each.srf_id == srf_id),
        shipments=_shipments(work, srf_id),
        invoices=_invoices(work, srf_id),
        documents=tuple(
            each for each in list_documents(work, "srf", srf_id) if each.state is DocumentState.DONE
        ),
        inquiries=tuple(each for each in _inquiries(work, mine) if each.srf_id == srf_id),
    )


@permitted(Permission.PORTAL_SEE, reading=True)
def list_portal_requests(work: UnitOfWork, cursor: str = "") -> Page[PortalRequest]:
    """List all own requests, the newest first."""
    statement = select(Srf).where(Srf.customer_id == own_customer(work))
    keys = (Key(Srf.created_at, descending=True), Key(Srf.id, descending=True))
    page: Page[Srf] = page_of(work, statement, _itself, *keys, cursor=cursor, size=20)
    return Page(_requests(work, page.rows), page.next_cursor)


@permitted(Permission.SRF_DRAFT)
def request_calibration(work: UnitOfWork, instrument_ids: Sequence[UUID]) -> SrfId:
    """Begin a request for own instruments, with what was last agreed for each (flow A10).

    Raises:
        Invalid: An instrument belongs to somebody else.
    """
    mine = own_customer(work)
    contact = work.exec(
        select(Contact.id)
        .where(Contact.customer_id == mine, col(Contact.archived).is_(False))
        .order_by((col(Contact.person_id) == work.actor.person_id).desc(), col(Contact.created_at))
        .limit(1)
    ).first()
    return create_srf(work, Heading(mine, contact, channel="portal"), instrument_ids)


@within_deed
def own_customer(work: UnitOfWork) -> UUID:
    """Return the customer for whom the actor acts; personnel has none."""
    if work.actor.customer_id is None:
        raise Forbidden("The portal is for customers; you find requests in the laboratory's pages.")
    return work.actor.customer_id


def _own_srf(work: UnitOfWork, mine: UUID, srf_id: UUID) -> Srf:
    found: Srf | None = work.exec(
        select(Srf).where(Srf.id == srf_id, Srf.customer_id == mine)
    ).first()
    if found is None:
        raise NotFound("There is no such request.")
    return found


def _may_decide(work: UnitOfWork) -> bool:
    person = work.peek(Person, work.actor.person_id)
    return person.portal_profile is PortalProfile.APPROVER


def _questions(work: UnitOfWork, mine: UUID) -> tuple[PortalQuestion, ...]:
    rows = work.exec(
        select(CustomerDecision, SrfLine, Srf, Instrument)
        .join(SrfLine, col(SrfLine.id) == CustomerDecision.line_id)
        .join(Srf, col(Srf.id) == SrfLine.srf_id)
        .join(Instrument, col(Instrument.id) == SrfLine.instrument_id)
        .where(Srf.customer_id == mine, col(CustomerDecision.decided_at).is_(None))
        .order_by(col(CustomerDecision.asked_at))
    ).all()
    currency = own_tenant(work).currency
    return tuple(
        PortalQuestion(
            id=row.id,
            line_id=LineId(line.id),
            line_version=line.version,
            srf_id=SrfId(srf.id),
            srf_number=srf.number,
            tag=item.tag,
            item=item.description,
            kind=row.kind,
            question=row.question,
            price=None if row.price is None else Money(row.price, currency),
            asked_at=row.asked_at,
        )
        for row, line, srf, item in rows
    )


def _inquiries(work: UnitOfWork, mine: UUID) -> tuple[PortalInquiry, ...]:
    rows = work.exec(
        select(Srf)
        .where(Srf.customer_id == mine, Srf.state == HeaderState.INFO_REQUIRED)
        .order_by(col(Srf.state_since))
    ).all()
    return tuple(
        PortalInquiry(SrfId(row.id), row.version, row.number, row.info_question, row.state_since)
        for row in rows
    )


def _offers(work: UnitOfWork, mine: UUID) -> tuple[PortalOffer, ...]:
    rows = work.exec(
        select(QuotationRevision, Quotation, Srf)
        .join(Quotation, col(Quotation.id) == QuotationRevision.quotation_id)
        .join(Srf, col(Srf.id) == Quotation.srf_id)
        .where(
            Srf.customer_id == mine,
            Srf.state == HeaderState.AWAITING_APPROVAL,
            QuotationRevision.state == QuotationState.SENT,
        )
        .order_by(col(QuotationRevision.sent_at))
    ).all()
    return tuple(
        PortalOffer(
            quotation_id=QuotationId(quotation.id),
            revision_id=RevisionId(revision.id),
            title=f"{quotation.number} R{revision.revision}",
            srf_number=srf.number,
            total=Money(revision.total, revision.currency),
            valid_until=revision.valid_until,
            document_id=DocumentId(revision.document_id) if revision.document_id else None,
        )
        for revision, quotation, srf in rows
    )


def _requests(work: UnitOfWork, srfs: Sequence[Srf]) -> tuple[PortalRequest, ...]:
    if not srfs:
        return ()
    rule = work.peek(Customer, srfs[0].customer_id).release_rule
    return tuple(
        PortalRequest(
            id=SrfId(srf.id),
            version=srf.version,
            number=srf.number,
            state=srf.state,
            reference=srf.customer_reference,
            created_at=srf.created_at,
            items=_items(work, lines_of(work, srf.id), rule),
        )
        for srf in srfs
    )


def _items(work: UnitOfWork, lines: Sequence[SrfLine], rule: ReleaseRule) -> tuple[PortalItem, ...]:
    items: Mapping[UUID, Instrument] = instruments_of(work, lines)
    waits = {ReleaseRule.ON_INVOICE: "invoice", ReleaseRule.ON_PAYMENT: "payment"}.get(rule, "")
    return tuple(
        PortalItem(
            line_id=LineId(line.id),
            position=line.position,
            tag=items[line.instrument_id].tag,
            item=items[line.instrument_id].description,
            serial=items[line.instrument_id].serial,
            state=line.state,
            waits_for=waits if line.state is LineState.APPROVED else "",
            promised_on=line.promised_on,
        )
        for line in lines
    )


def _due(work: UnitOfWork, mine: UUID) -> tuple[DueItem, ...]:
    rows = work.exec(
        select(Instrument)
        .where(
            Instrument.customer_id == mine,
            col(Instrument.archived).is_(False),
            col(Instrument.due_on) <= today_of(work) + DUE_WITHIN,
        )
        .order_by(col(Instrument.due_on), col(Instrument.tag))
        .limit(MOST_SHOWN)
    ).all()
    with_us = also_open(work, [row.id for row in rows], _NO_REQUEST)
    return tuple(
        DueItem(row.id, row.tag, row.description, row.due_on)
        for row in rows
        if row.id not in with_us and row.due_on is not None
    )


def _shipments(work: UnitOfWork, srf_id: UUID) -> tuple[PortalShipment, ...]:
    rows = work.exec(
        select(Shipment)
        .where(Shipment.srf_id == srf_id, Shipment.state != ShipmentState.PACKING)
        .order_by(col(Shipment.created_at))
    ).all()
    return tuple(
        PortalShipment(
            ShipmentId(row.id), row.courier, row.tracking_number, row.state, row.dispatched_at
        )
        for row in rows
    )


def _invoices(work: UnitOfWork, srf_id: UUID) -> tuple[PortalInvoice, ...]:
    rows = work.exec(
        select(Invoice).where(Invoice.srf_id == srf_id).order_by(col(Invoice.number))
    ).all()
    return tuple(
        PortalInvoice(
            InvoiceId(row.id),
            row.number,
            Money(row.total, row.currency),
            row.due_on,
            row.state,
            DocumentId(row.document_id) if row.document_id else None,
        )
        for row in rows
    )


def _itself(srf: Srf) -> Srf:
    return srf
