"""Looking at dispatch: what waits to be packed, what is on its way, what arrived."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import col, or_, select

from calibra_app.core.access import Permission, permitted
from calibra_app.core.ids import ShipmentId, SrfId
from calibra_app.core.paging import Page
from calibra_app.models.customer import Customer
from calibra_app.models.dispatch import Shipment, ShipmentState
from calibra_app.models.srf import Srf, SrfLine
from calibra_app.persistence.listing import Key, page_of
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.services.dispatch.packing import packed_lines, require_sender
from calibra_app.services.dispatch.shipping import SHIP_BEFORE_INVOICE
from calibra_app.services.documents import DocumentSummary, list_documents
from calibra_app.services.laboratory import settings_of
from calibra_app.services.srf.lookups import instruments_of
from calibra_app.services.srf.moves import lines_of, switched_off
from calibra_app.services.srf.register import names_of
from calibra_app.services.srf.states import HeaderState
from calibra_app.services.srf.whereabouts import items_here

__all__ = [
    "PackedLine",
    "ShipmentDetail",
    "ShipmentState",
    "ShipmentSummary",
    "WaitingSummary",
    "get_shipment",
    "list_shipments",
    "list_waiting",
]


@dataclass(frozen=True, slots=True)
class WaitingSummary:
    """A request whose items may leave and are not packed yet."""

    srf_id: SrfId
    srf_version: int
    number: str
    customer: str
    state: HeaderState
    items: int
    since: datetime


@dataclass(frozen=True, slots=True)
class ShipmentSummary:
    """One shipment in a list."""

    id: ShipmentId
    version: int
    srf_id: SrfId
    srf_number: str
    customer: str
    state: ShipmentState
    courier: str
    tracking_number: str
    dispatched_at: datetime | None
    delivered_at: datetime | None
    received_by: str
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class PackedLine:
    """One item of the request, in the box or beside it."""

    line_id: UUID
    position: int
    tag: str
    description: str
    serial: str
    accessories: str
    packed: bool


@dataclass(frozen=True, slots=True)
class ShipmentDetail:
    """One shipment with the items that belong into it.

    Attributes:
        ended_early: The request was rejected or cancelled; its items go back without results.
    """

    summary: ShipmentSummary
    srf_state: HeaderState
    srf_version: int
    ended_early: bool
    address: str
    items: tuple[PackedLine, ...]
    documents: tuple[DocumentSummary, ...]


@permitted(Permission.SHIPMENT_SEND)
def list_waiting(work: UnitOfWork, cursor: str = "") -> Page[WaitingSummary]:
    """List requests with items that may leave now and for which no box is open."""
    require_sender(work)
    ready = {HeaderState.INVOICED}
    early = settings_of(work).workflow.get(SHIP_BEFORE_INVOICE) is True
    if early or HeaderState.INVOICED in switched_off(work):
        ready.add(HeaderState.APPROVED)
    boxes = select(Shipment.srf_id).where(Shipment.state == ShipmentState.PACKING)
    left = select(Shipment.srf_id).where(Shipment.state == ShipmentState.DELIVERED)
    here = select(SrfLine.srf_id).where(col(SrfLine.condition).is_not(None))
    ended = {HeaderState.REJECTED, HeaderState.CANCELLED}
    statement = select(Srf).where(
        or_(
            col(Srf.state).in_(ready),
            col(Srf.state).in_(ended) & col(Srf.id).in_(here) & col(Srf.id).not_in(left),
        ),
        col(Srf.id).not_in(boxes),
    )
    page: Page[Srf] = page_of(
        work, statement, _itself, Key(Srf.created_at), Key(Srf.id), cursor=cursor
    )
    names = names_of(work, Customer, {srf.customer_id for srf in page.rows})
    return Page(
        tuple(
            WaitingSummary(
                SrfId(srf.id),
                srf.version,
                srf.number,
                names[srf.customer_id],
                srf.state,
                len(items_here(work, lines_of(work, srf.id))),
                srf.state_since,
            )
            for srf in page.rows
        ),
        page.next_cursor,
    )


@permitted(Permission.SHIPMENT_SEND)
def list_shipments(
    work: UnitOfWork, state: ShipmentState, cursor: str = ""
) -> Page[ShipmentSummary]:
    """List the shipments in a state, the newest first."""
    require_sender(work)
    page: Page[Shipment] = page_of(
        work,
        select(Shipment).where(Shipment.state == state),
        _box,
        Key(Shipment.created_at, descending=True),
        Key(Shipment.id, descending=True),
        cursor=cursor,
    )
    return Page(_summaries(work, page.rows), page.next_cursor)


@permitted(Permission.SHIPMENT_SEND)
def get_shipment(work: UnitOfWork, shipment_id: ShipmentId) -> ShipmentDetail:
    """Return one shipment with the items that belong into it."""
    require_sender(work)
    shipment = work.peek(Shipment, shipment_id)
    srf = work.peek(Srf, shipment.srf_id)
    packed = packed_lines(work, shipment.id)
    lines = lines_of(work, srf.id)
    still_open = shipment.state is ShipmentState.PACKING
    waiting = {line.id for line in items_here(work, lines) if still_open}
    shown = [line for line in lines if line.id in packed or line.id in waiting]
    items = instruments_of(work, shown)
    (summary,) = _summaries(work, (shipment,))
    return ShipmentDetail(
        summary=summary,
        srf_state=srf.state,
        srf_version=srf.version,
        ended_early=srf.state in {HeaderState.REJECTED, HeaderState.CANCELLED},
        address=work.peek(Customer, srf.customer_id).address,
        items=tuple(
            PackedLine(
                line.id,
                line.position,
                items[line.instrument_id].tag,
                items[line.instrument_id].description,
                items[line.instrument_id].serial,
                line.accessories,
                line.id in packed,
            )
            for line in shown
        ),
        documents=list_documents(work, "shipment", shipment.id),
    )


def _summaries(work: UnitOfWork, rows: Sequence[Shipment]) -> tuple[ShipmentSummary, ...]:
    ids = {row.srf_id for row in rows}
    found = work.exec(select(Srf).where(col(Srf.id).in_(ids))).all()
    srfs = {srf.id: srf for srf in found}
    names = names_of(work, Customer, {srf.customer_id for srf in found})
    return tuple(
        ShipmentSummary(
            ShipmentId(row.id),
            row.version,
            SrfId(row.srf_id),
            srfs[row.srf_id].number,
            names[srfs[row.srf_id].customer_id],
            row.state,
            row.courier,
            row.tracking_number,
            row.dispatched_at,
            row.delivered_at,
            row.received_by,
            row.created_at,
        )
        for row in rows
    )


def _itself(srf: Srf) -> Srf:
    return srf


def _box(shipment: Shipment) -> Shipment:
    return shipment
