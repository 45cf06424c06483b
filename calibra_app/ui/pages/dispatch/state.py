"""What the page of dispatch knows and does: lists, one box, scanning, leaving and arriving."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import reflex as rx
from reflex.event import EventSpec

from calibra_app.core.access import Permission
from calibra_app.core.errors import CalibraError, Conflict, Invalid
from calibra_app.core.ids import ShipmentId, SrfId
from calibra_app.services.dispatch.packing import open_shipment, scan_item
from calibra_app.services.dispatch.register import (
    PackedLine,
    ShipmentDetail,
    ShipmentState,
    ShipmentSummary,
    WaitingSummary,
    get_shipment,
    list_shipments,
    list_waiting,
)
from calibra_app.services.dispatch.shipping import (
    Parcel,
    Proof,
    confirm_delivery,
    hand_over,
    return_items,
    ship,
    take_back_undelivered,
)
from calibra_app.services.srf.guards import GuardFailed
from calibra_app.ui import format as shown
from calibra_app.ui import notices, routes, typed
from calibra_app.ui.base import AppState, Refusals, ask, current_actor, notice
from calibra_app.ui.components.status import look_of
from calibra_app.ui.format import Region
from calibra_app.ui.gate import action
from calibra_app.ui.listing import Listing
from calibra_app.ui.live import LIVE
from calibra_app.ui.typed import Form
from calibra_app.ui.words import say, say_number

SEND = Permission.SHIPMENT_SEND
WAITING = "waiting"
PLACES: Mapping[str, str] = {
    WAITING: say("Waiting"),
    ShipmentState.PACKING: say("Packing"),
    ShipmentState.DISPATCHED: say("On its way"),
    ShipmentState.DELIVERED: say("Delivered"),
    ShipmentState.RETURNED: say("Came back"),
}


@dataclass(frozen=True, slots=True)
class DispatchRow:
    """A request that waits to be packed, or a shipment."""

    key: str
    number: str
    customer: str
    note: str
    when: str
    words: str
    tone: str
    icon: str
    srf_key: str
    srf_version: int = 0

    @classmethod
    def waiting(cls, row: WaitingSummary, region: Region) -> Self:
        """Return the line of a request that waits."""
        look = look_of(row.state.value)
        return cls(
            "",
            row.number,
            row.customer,
            say_number("{count} item here", "{count} items here", row.items),
            shown.day(row.since, region=region),
            look.words,
            look.tone,
            look.icon,
            str(row.srf_id),
            row.srf_version,
        )

    @classmethod
    def of(cls, row: ShipmentSummary, region: Region) -> Self:
        """Return the line of a shipment."""
        when = row.delivered_at or row.dispatched_at or row.opened_at
        carried = f"{row.courier} {row.tracking_number}".strip() or say("The box is open")
        return cls(
            str(row.id),
            row.srf_number,
            row.customer,
            row.received_by or carried,
            shown.day(when, region=region),
            PLACES[row.state],
            "green" if row.state is ShipmentState.DELIVERED else "violet",
            "package-check" if row.state is ShipmentState.DELIVERED else "package",
            str(row.srf_id),
        )


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One item, in the box or beside it."""

    tag: str
    description: str
    accessories: str
    packed: bool

    @classmethod
    def of(cls, item: PackedLine) -> Self:
        """Return the line of one item."""
        about = f"{item.description} · {item.serial}" if item.serial else item.description
        return cls(item.tag, about, item.accessories, item.packed)


@dataclass(frozen=True, slots=True)
class BoxView:
    """One shipment as the side of the page shows it."""

    key: str = ""
    version: int = 0
    number: str = ""
    srf_path: str = ""
    customer: str = ""
    address: str = ""
    state: str = ""
    courier: str = ""
    tracking: str = ""
    left: int = 0
    packed: str = ""
    ended_early: bool = False
    paper: str = ""

    @classmethod
    def of(cls, detail: ShipmentDetail) -> Self:
        """Return one shipment as text."""
        packed = sum(item.packed for item in detail.items)
        done = [each for each in detail.documents if each.state == "done"]
        return cls(
            key=str(detail.summary.id),
            version=detail.summary.version,
            number=detail.summary.srf_number,
            srf_path=routes.srf(detail.summary.srf_id),
            customer=detail.summary.customer,
            address=detail.address,
            state=detail.summary.state.value,
            courier=detail.summary.courier,
            tracking=detail.summary.tracking_number,
            left=len(detail.items) - packed,
            packed=say("{packed} of {all} scanned", packed=packed, all=len(detail.items)),
            ended_early=detail.ended_early,
            paper=f"/api/v1/documents/{done[-1].id}?inline=true" if done else "",
        )


class DispatchState(Listing, Refusals, AppState):
    """The lists of dispatch and the box that is open beside them."""

    place: str = WAITING
    rows: list[DispatchRow] = []
    box: BoxView = BoxView()
    box_items: list[ItemRow] = []
    scanned: str = ""
    # An item of somebody else: loud, until the next scan.
    alarm: str = ""
    handing: str = ""
    handing_version: int = 0
    handing_number: str = ""
    arriving: bool = False
    returning: bool = False

    @action(SEND)
    async def load(self):
        """Fill the list, and follow what changes."""
        self.handing, self.arriving, self.returning = "", False, False
        try:
            actor = await current_actor(self)
        except CalibraError as error:
            return notice(error)
        await LIVE.join(self, f"t:{actor.tenant_id}:dispatch", DispatchState, refresh="refresh")
        return await self._read("")

    @action(SEND)
    async def refresh(self):
        """Read the list and the open box anew."""
        return await self._show() or await self._read("")

    @action(SEND)
    async def choose(self, place: str):
        """Show another list."""
        self.place = place if place in PLACES else WAITING
        self.rows, self.loading = [], True
        return await self._read("")

    @action(SEND)
    async def more(self):
        """Put the next page behind the others."""
        return await self._read(self.next_cursor)

    @action(SEND)
    async def begin(self, srf_key: str):
        """Open a box for a request."""
        try:
            key = await ask(self, open_shipment, SrfId(typed.identity(srf_key)))
        except CalibraError as error:
            return notice(error)
        self.box = BoxView(key=str(key))
        self.scanned, self.alarm = "", ""
        self.place = str(ShipmentState.PACKING)
        return await self._show() or await self._read("")

    @action(SEND)
    async def open_box(self, key: str):
        """Show one shipment."""
        self.box = BoxView(key=key)
        self.scanned, self.alarm = "", ""
        self._accepted()
        return await self._show()

    @action(SEND)
    async def scan(self, form: Form):
        """Put the scanned item into the box; one of somebody else raises the alarm."""
        self._accepted()
        label = typed.text(form, "label")
        try:
            found = await ask(self, scan_item, self._id(), label)
        except Conflict as error:
            self.alarm, self.scanned = error.message, ""
            return notices.focus("label")
        except CalibraError as error:
            self.alarm, self.scanned = "", ""
            return self._refused(Invalid(error.message, field="label"))
        self.alarm = ""
        self.scanned = say("{tag} is in the box.", tag=found.tag)
        return [await self._show(), rx.set_value("label", ""), notices.focus("label")]

    @action(SEND)
    async def send(self, form: Form):
        """Hand the box to the courier."""
        try:
            parcel = _parcel(form)
            if self.box.ended_early:
                await ask(self, return_items, self._id(), self.box.version, parcel, _proof(form))
            else:
                await ask(self, ship, self._id(), self.box.version, parcel)
        except CalibraError as error:
            return self._not_done(error)
        return await self._after(say("The box is on its way."))

    @action(SEND)
    async def begin_hand_over(self, srf_key: str, version: int):
        """Ask who takes the items at the counter."""
        self._accepted()
        self.handing, self.handing_version = srf_key, version
        known = (row.number for row in self.rows if row.srf_key == srf_key)
        self.handing_number = next(known, "")

    @action(SEND)
    async def begin_arrival(self):
        """Ask how the arrival is known."""
        self._accepted()
        self.arriving = True

    @action(SEND)
    async def begin_return(self):
        """Ask why the shipment came back."""
        self._accepted()
        self.returning = True

    @action(SEND)
    async def close(self):
        """Close the dialog."""
        self.handing, self.arriving, self.returning = "", False, False

    @action(SEND)
    async def close_box(self):
        """Put the box aside; what was scanned stays scanned."""
        self.box, self.box_items = BoxView(), []

    @action(SEND)
    async def give(self, form: Form):
        """Give the items to the customer at the counter."""
        try:
            srf_id = SrfId(typed.identity(self.handing))
            await ask(self, hand_over, srf_id, self.handing_version, _proof(form))
        except CalibraError as error:
            return self._not_done(error)
        return await self._after(say("The items are handed over."))

    @action(SEND)
    async def arrived(self, form: Form):
        """Record that the shipment arrived."""
        try:
            await ask(self, confirm_delivery, self._id(), self.box.version, _proof(form))
        except CalibraError as error:
            return self._not_done(error)
        return await self._after(say("Delivery is confirmed."))

    @action(SEND)
    async def came_back(self, form: Form):
        """Take a shipment back that could not be delivered."""
        try:
            reason = typed.text(form, "reason")
            await ask(self, take_back_undelivered, self._id(), self.box.version, reason)
        except CalibraError as error:
            return self._not_done(error)
        return await self._after(say("The items are here again."))

    def _id(self) -> ShipmentId:
        return ShipmentId(typed.identity(self.box.key))

    def _not_done(self, error: CalibraError) -> EventSpec | None:
        # What a guard objects belongs to the form that was sent, not into a passing note.
        if not isinstance(error, GuardFailed):
            return self._refused(error)
        field = "evidence" if error.guard == "G28" else ""
        return self._refused(Invalid(error.message, field=field))

    async def _after(self, sentence: str) -> Any:
        self.handing, self.arriving, self.returning = "", False, False
        told = self._accepted(sentence)
        return [await self._show(), await self._read(""), told]

    async def _show(self) -> EventSpec | None:
        if not self.box.key:
            return None
        try:
            detail = await ask(self, get_shipment, self._id())
        except CalibraError as error:
            self.box = BoxView()
            return notice(error)
        self.box = BoxView.of(detail)
        self.box_items = [ItemRow.of(item) for item in detail.items]
        return None

    async def _read(self, cursor: str) -> EventSpec | None:
        region = Region(self.locale, self.zone)
        try:
            if self.place == WAITING:
                waiting = await ask(self, list_waiting, cursor)
                new = [DispatchRow.waiting(row, region) for row in waiting.rows]
                self.rows = [*self.rows, *new] if cursor else new
                self._take(self.rows, waiting, say("{count} request"), say("{count} requests"))
            else:
                page = await ask(self, list_shipments, ShipmentState(self.place), cursor)
                new = [DispatchRow.of(row, region) for row in page.rows]
                self.rows = [*self.rows, *new] if cursor else new
                self._take(self.rows, page, say("{count} shipment"), say("{count} shipments"))
        except CalibraError as error:
            self.loading = False
            return notice(error)
        return None


def _parcel(form: Form) -> Parcel:
    return Parcel(
        typed.text(form, "courier"),
        typed.text(form, "tracking"),
        typed.maybe_whole(form, "packages") or 1,
        typed.text(form, "instructions"),
    )


def _proof(form: Form) -> Proof:
    return Proof(typed.text(form, "received_by"), typed.text(form, "evidence"))
