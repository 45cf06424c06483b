"""Packing: one shipment for the items of one request, each scanned on its way into the box."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from sqlmodel import col, func, or_, select

from calibra_app.core.access import Permission, permitted, require, within_deed
from calibra_app.core.errors import Conflict, Forbidden, NotFound
from calibra_app.core.ids import ShipmentId, SrfId
from calibra_app.models.customer import Customer
from calibra_app.models.dispatch import PackedItem, Shipment, ShipmentState
from calibra_app.models.equipment import Instrument
from calibra_app.models.srf import Srf, SrfLine
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.services.srf.lookups import instruments_of
from calibra_app.services.srf.moves import announce, lines_of
from calibra_app.services.srf.states import HeaderState, words
from calibra_app.services.srf.whereabouts import items_here

# Where items may leave from: charged, approved (by policy), or sent back without result.
PACKED_FROM = frozenset(
    {
        HeaderState.APPROVED,
        HeaderState.INVOICED,
        HeaderState.REJECTED,
        HeaderState.CANCELLED,
    }
)
# What the code on our own labels leads to.
_LABEL = re.compile(r"/requests/([0-9a-fA-F-]{36})/\?line=(\d+)")


class WrongItem(Conflict):
    """The scanned item belongs into another box; the packer must hear it before closing this."""

    code: ClassVar[str] = "wrong_item"


@dataclass(frozen=True, slots=True)
class Scanned:
    """What a scan found.

    Attributes:
        left: How many items of the request are not in the box yet.
    """

    line_id: UUID
    position: int
    tag: str
    left: int


@permitted(Permission.SHIPMENT_SEND)
def open_shipment(work: UnitOfWork, srf_id: SrfId) -> ShipmentId:
    """Begin to pack the items of a request, or go on with the box that stands open.

    Raises:
        Conflict: Nothing of the request may leave now, or nothing of it is here.
    """
    require_sender(work)
    srf = work.get(Srf, srf_id)
    standing = open_box(work, srf.id)
    if standing is not None:
        return ShipmentId(standing.id)
    if srf.state not in PACKED_FROM:
        raise Conflict(f"{srf.number} is {words(srf.state)}; nothing of it leaves now.")
    if not items_here(work, lines_of(work, srf.id)):
        raise Conflict(f"No item of {srf.number} is here to be packed.")
    shipment = Shipment(srf_id=srf.id)
    work.add(shipment)
    tell(work, srf, shipment)
    return ShipmentId(shipment.id)


@permitted(Permission.SHIPMENT_SEND)
def scan_item(work: UnitOfWork, shipment_id: ShipmentId, scanned: str) -> Scanned:
    """Put an item into the box by its tag, its serial number or the code on our label.

    Raises:
        WrongItem: It belongs to another request; the message says to whose.
        NotFound: No item of the laboratory has this label.
        Conflict: It is in the box already, or the box has left.
    """
    require_sender(work)
    srf, shipment = take_shipment(work, shipment_id)
    if shipment.state is not ShipmentState.PACKING:
        raise Conflict("This box is closed already.")
    here = items_here(work, lines_of(work, srf.id))
    line = _line_of_label(work, srf, here, scanned.strip())
    packed = packed_lines(work, shipment.id)
    tag = work.peek(Instrument, line.instrument_id).tag
    if line.id in packed:
        raise Conflict(f"{tag} is in the box already.")
    work.add(
        PackedItem(
            shipment_id=shipment.id,
            line_id=line.id,
            scanned_at=work.now,
            scanned_by=work.actor.person_id,
        )
    )
    tell(work, srf, shipment)
    return Scanned(line.id, line.position, tag, len(here) - len(packed) - 1)


@within_deed
def require_sender(work: UnitOfWork, *, on_site: bool = False) -> None:
    """Refuse whoever may only confirm a delivery, or only acts on site.

    Args:
        work: The transaction.
        on_site: Everything was done at the customer's, so whoever acts there may do it.
    """
    require(work.actor, Permission.SHIPMENT_SEND)
    notes = work.actor.notes(Permission.SHIPMENT_SEND)
    kept_to_site = bool(notes) and not (on_site and "site" in notes)
    if work.actor.customer_id is not None or kept_to_site:
        raise Forbidden(f"{work.actor.name} may not pack or ship items.")


@within_deed
def take_shipment(work: UnitOfWork, shipment_id: ShipmentId) -> tuple[Srf, Shipment]:
    """Return a shipment with its request, both locked; the request first, as by every deed."""
    srf = work.get(Srf, work.peek(Shipment, shipment_id).srf_id)
    return srf, work.get(Shipment, shipment_id)


@within_deed
def open_box(work: UnitOfWork, srf_id: UUID) -> Shipment | None:
    """Return the shipment of a request that is being packed, or None."""
    found: Shipment | None = work.exec(
        select(Shipment).where(Shipment.srf_id == srf_id, Shipment.state == ShipmentState.PACKING)
    ).first()
    return found


@within_deed
def packed_lines(work: UnitOfWork, shipment_id: UUID) -> frozenset[UUID]:
    """Return the lines whose items were scanned into a shipment."""
    return frozenset(
        work.exec(select(PackedItem.line_id).where(PackedItem.shipment_id == shipment_id)).all()
    )


@within_deed
def unscanned(work: UnitOfWork, srf: Srf, shipment: Shipment) -> tuple[str, ...]:
    """Return the tags of the items that are here and not in the box (guard G27)."""
    packed = packed_lines(work, shipment.id)
    missing = [line for line in items_here(work, lines_of(work, srf.id)) if line.id not in packed]
    items = instruments_of(work, missing)
    return tuple(items[line.instrument_id].tag for line in missing)


@within_deed
def tell(work: UnitOfWork, srf: Srf, shipment: Shipment) -> None:
    """Tell the open pages of dispatch and of the request that a shipment changed."""
    work.session.flush()
    patch = {"kind": "shipment", "id": str(shipment.id), "version": shipment.version}
    work.publish(f"t:{work.actor.tenant_id}:dispatch", patch)
    announce(work, srf, ())


def _line_of_label(work: UnitOfWork, srf: Srf, here: Sequence[SrfLine], label: str) -> SrfLine:
    ours = _LABEL.search(label)
    if ours is not None:
        return _line_of_code(work, srf, here, UUID(ours[1]), int(ours[2]))
    items = instruments_of(work, here)
    for line in here:
        item = items[line.instrument_id]
        if label and label.casefold() in {item.tag.casefold(), item.serial.casefold()}:
            return line
    raise _stranger(work, label)


def _line_of_code(
    work: UnitOfWork, srf: Srf, here: Sequence[SrfLine], srf_id: UUID, position: int
) -> SrfLine:
    if srf_id != srf.id:
        other = work.peek(Srf, srf_id)
        raise WrongItem(
            f"This is item {position} of {other.number} "
            f"({work.peek(Customer, other.customer_id).name}). It does not belong into this box."
        )
    found = next((line for line in here if line.position == position), None)
    if found is None:
        raise NotFound(f"Item {position} of {srf.number} is not here.")
    return found


def _stranger(work: UnitOfWork, label: str) -> WrongItem | NotFound:
    """Return the alarm for an item of somebody else, or of nobody."""
    lowered = label.casefold()
    found = work.exec(
        select(Instrument.tag, Srf.number, Customer.name)
        .join(SrfLine, col(SrfLine.instrument_id) == Instrument.id)
        .join(Srf, col(Srf.id) == SrfLine.srf_id)
        .join(Customer, col(Customer.id) == Srf.customer_id)
        .where(
            or_(
                func.lower(Instrument.tag) == lowered,
                func.lower(Instrument.serial) == lowered,
            ),
            Srf.number != "",
        )
        .order_by(col(Srf.created_at).desc())
        .limit(1)
    ).first()
    if not label or found is None:
        return NotFound(f"No item is labelled “{label}”.")
    tag, number, customer = found
    return WrongItem(f"{tag} belongs to {number} ({customer}). It does not belong into this box.")
