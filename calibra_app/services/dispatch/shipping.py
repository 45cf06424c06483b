"""Sending items home and knowing that they arrived: T41, T42, T44, T45, T46, T53."""

from dataclasses import dataclass
from uuid import UUID

from calibra_app.core.access import Permission, permitted
from calibra_app.core.errors import Conflict, Invalid
from calibra_app.core.ids import ShipmentId, SrfId
from calibra_app.models.dispatch import PackedItem, Shipment, ShipmentState
from calibra_app.models.srf import Srf, SrfLine
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.services.certificates.release import release_facts
from calibra_app.services.dispatch.packing import (
    open_box,
    packed_lines,
    require_sender,
    take_shipment,
    tell,
    unscanned,
)
from calibra_app.services.dispatch.paper import print_delivery_note
from calibra_app.services.invoices.release import standing_invoice
from calibra_app.services.laboratory import settings_of
from calibra_app.services.srf.custody import note_custody
from calibra_app.services.srf.facts import Facts, ReleaseFacts, ReleaseRule
from calibra_app.services.srf.letters import write_to_contact
from calibra_app.services.srf.moves import Move, Stale, lines_of, move_header, switched_off
from calibra_app.services.srf.states import ENDED, HeaderState
from calibra_app.services.srf.whereabouts import (
    CAME_BACK,
    HANDED_OVER,
    SHIPPED,
    items_here,
    only_on_site,
)

# Policies of the laboratory in its workflow options.
SHIP_BEFORE_INVOICE = "ship_before_invoice"
ITEMS_WAIT_FOR_RELEASE = "items_wait_for_release"

_ENDED_EARLY = frozenset({HeaderState.REJECTED, HeaderState.CANCELLED})


@dataclass(frozen=True, slots=True)
class Parcel:
    """Who carries a shipment."""

    courier: str
    tracking_number: str = ""
    packages: int = 1
    instructions: str = ""


@dataclass(frozen=True, slots=True)
class Proof:
    """How it is known that items arrived: who took them, and the courier's proof or signature."""

    received_by: str
    evidence: str

    @property
    def is_given(self) -> bool:
        """Say whether there is what guard G28 asks for."""
        return bool(self.received_by.strip() and self.evidence.strip())


@permitted(Permission.SHIPMENT_SEND)
def ship(work: UnitOfWork, shipment_id: ShipmentId, seen: int, parcel: Parcel) -> None:
    """Hand a packed box to a courier (T42; T41 where policy allows it before the invoice).

    Raises:
        GuardFailed: An item is not scanned (G27), or the release rule is not met (G26).
        Invalid: No courier is named.
    """
    require_sender(work)
    srf, shipment = _take_seen(work, shipment_id, seen)
    _require_packing(shipment)
    if not parcel.courier.strip():
        raise Invalid("Say who carries the box.", field="courier")
    if parcel.packages < 1:
        raise Invalid("A shipment has at least one package.", field="packages")
    settings = settings_of(work)
    options = settings.workflow
    without_invoice = HeaderState.INVOICED in switched_off(work)
    waits = options.get(ITEMS_WAIT_FOR_RELEASE) is not False
    facts = Facts(
        unscanned_items=unscanned(work, srf, shipment),
        release=release_facts(work, srf) if waits else ReleaseFacts(ReleaseRule.APPROVAL),
        may_ship_before_invoice=without_invoice or options.get(SHIP_BEFORE_INVOICE) is True,
    )
    number = "T41" if srf.state is HeaderState.APPROVED else "T42"
    _fill(shipment, parcel)
    shipment.state = ShipmentState.DISPATCHED
    shipment.dispatched_at = work.now
    move_header(work, srf, Move(number), facts)
    _let_go(work, shipment, SHIPPED, f"{shipment.courier} {shipment.tracking_number}".strip())
    _print_note(work, srf, shipment, parcel)
    write_to_contact(
        work,
        srf,
        "shipment",
        courier=shipment.courier,
        tracking=shipment.tracking_number or "no tracking number",
    )
    tell(work, srf, shipment)


@permitted(Permission.SHIPMENT_SEND)
def confirm_delivery(
    work: UnitOfWork, shipment_id: ShipmentId, seen: int | None, proof: Proof
) -> None:
    """Record that a shipment arrived (T44); the customer may say so as well.

    Raises:
        GuardFailed: There is no evidence (G28).
    """
    srf, shipment = _take_seen(work, shipment_id, seen)
    if shipment.state is not ShipmentState.DISPATCHED:
        raise Conflict("This shipment is not on its way.")
    facts = Facts(delivery_evidence=proof.is_given)
    _arrived(work, shipment, proof)
    move_header(work, srf, Move("T44", evidence=proof.evidence), facts)
    write_to_contact(work, srf, "delivered")
    tell(work, srf, shipment)


@permitted(Permission.SHIPMENT_SEND)
def hand_over(work: UnitOfWork, srf_id: SrfId, seen: int, proof: Proof) -> ShipmentId:
    """Give the items to the customer at the counter (T45); also where the work was done on site.

    Raises:
        Forbidden: The actor works on site only, and items of this request are in the house.
        GuardFailed: Nobody signed for them (G28).
    """
    # Before anything is looked up: whoever never hands over learns nothing of what there is.
    require_sender(work, on_site=True)
    srf = work.get(Srf, srf_id)
    lines = lines_of(work, srf.id)
    on_site = only_on_site(lines) and not items_here(work, lines)
    require_sender(work, on_site=on_site)
    shipment = open_box(work, srf.id)
    if shipment is None:
        shipment = Shipment(srf_id=srf.id)
        work.add(shipment)
    _pack_what_is_here(work, srf, shipment, on_site=on_site)
    how = "Handed over on site" if on_site else "Collected at the counter"
    shipment.courier = shipment.courier or how
    _arrived(work, shipment, proof)
    move_header(work, srf, Move("T45", seen), Facts(delivery_evidence=proof.is_given))
    _let_go(work, shipment, HANDED_OVER, proof.received_by.strip())
    _print_note(work, srf, shipment, Parcel(shipment.courier))
    write_to_contact(work, srf, "delivered")
    tell(work, srf, shipment)
    return ShipmentId(shipment.id)


@permitted(Permission.SHIPMENT_SEND)
def take_back_undelivered(
    work: UnitOfWork, shipment_id: ShipmentId, seen: int, reason: str
) -> None:
    """Take a shipment back that could not be delivered (T46); its items are here again."""
    require_sender(work)
    srf, shipment = _take_seen(work, shipment_id, seen)
    if shipment.state is not ShipmentState.DISPATCHED:
        raise Conflict("This shipment is not on its way.")
    charged = standing_invoice(work, srf.id) is not None
    shipment.state = ShipmentState.RETURNED
    shipment.evidence = reason.strip()
    target = HeaderState.INVOICED if charged else HeaderState.APPROVED
    move_header(work, srf, Move("T46", reason=reason, to=target))
    _let_go(work, shipment, CAME_BACK, reason.strip())
    write_to_contact(work, srf, "undelivered", reason=reason.strip())
    tell(work, srf, shipment)


@permitted(Permission.SHIPMENT_SEND)
def return_items(
    work: UnitOfWork, shipment_id: ShipmentId, seen: int, parcel: Parcel, proof: Proof
) -> None:
    """Send the items of a rejected or cancelled request back, without results (T53).

    Raises:
        GuardFailed: An item is not scanned (G27), or there is no proof (G28).
    """
    require_sender(work)
    srf, shipment = _take_seen(work, shipment_id, seen)
    _require_packing(shipment)
    if srf.state not in _ENDED_EARLY:
        raise Conflict(f"{srf.number} goes its usual way; ship it instead.")
    facts = Facts(unscanned_items=unscanned(work, srf, shipment), delivery_evidence=proof.is_given)
    concerned = packed_lines(work, shipment.id)
    _fill(shipment, parcel)
    shipment.dispatched_at = work.now
    _arrived(work, shipment, proof)
    move_header(work, srf, Move("T53", concerned=concerned), facts)
    _let_go(work, shipment, SHIPPED, proof.evidence.strip())
    _print_note(work, srf, shipment, parcel)
    write_to_contact(
        work,
        srf,
        "shipment",
        courier=shipment.courier or "no courier",
        tracking=shipment.tracking_number or "no tracking number",
    )
    tell(work, srf, shipment)


def _take_seen(work: UnitOfWork, shipment_id: ShipmentId, seen: int | None) -> tuple[Srf, Shipment]:
    srf, shipment = take_shipment(work, shipment_id)
    mine = work.actor.customer_id
    if mine is not None and srf.customer_id != mine:
        # As if it were not there: a customer learns nothing of others.
        work.peek(Shipment, UUID(int=0))
    if seen is not None and seen != work.taken.get(shipment.id, shipment.version):
        raise Stale("Somebody changed this shipment in the meantime. Look at it again.")
    return srf, shipment


def _require_packing(shipment: Shipment) -> None:
    if shipment.state is not ShipmentState.PACKING:
        raise Conflict("This box has left already.")


def _fill(shipment: Shipment, parcel: Parcel) -> None:
    shipment.courier = parcel.courier.strip()
    shipment.tracking_number = parcel.tracking_number.strip()


def _arrived(work: UnitOfWork, shipment: Shipment, proof: Proof) -> None:
    shipment.state = ShipmentState.DELIVERED
    shipment.delivered_at = work.now
    shipment.received_by = proof.received_by.strip()
    shipment.evidence = proof.evidence.strip()


def _pack_what_is_here(
    work: UnitOfWork, srf: Srf, shipment: Shipment, *, on_site: bool = False
) -> None:
    packed = packed_lines(work, shipment.id)
    lines = lines_of(work, srf.id)
    # On site nothing is in the house: what was taken in hand there is what is handed over.
    received = [line for line in lines if line.condition is not None and line.state not in ENDED]
    for line in received if on_site else items_here(work, lines):
        if line.id not in packed:
            work.add(
                PackedItem(
                    shipment_id=shipment.id,
                    line_id=line.id,
                    scanned_at=work.now,
                    scanned_by=work.actor.person_id,
                )
            )


def _let_go(work: UnitOfWork, shipment: Shipment, kind: str, note: str) -> None:
    """Write down for every item of a shipment where it went."""
    for line_id in sorted(packed_lines(work, shipment.id)):
        note_custody(work, work.peek(SrfLine, line_id), kind, note=note)


def _print_note(work: UnitOfWork, srf: Srf, shipment: Shipment, parcel: Parcel) -> None:
    shipment.document_id = print_delivery_note(
        work,
        srf,
        shipment,
        packed_lines(work, shipment.id),
        packages=parcel.packages,
        instructions=parcel.instructions.strip(),
    )
