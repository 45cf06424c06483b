"""Rooms, and the van, with the conditions that work in them needs."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar, cast
from uuid import UUID

from sqlmodel import col, select

from calibra_app.core.access import Permission, permitted, within_deed
from calibra_app.core.entry import filled, limited
from calibra_app.core.errors import Conflict, Invalid
from calibra_app.core.ids import RoomId
from calibra_app.models.equipment import Room
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.persistence.versions import amend


class RoomCodeTaken(Conflict):
    """Another room has this code."""

    code: ClassVar[str] = "room_code_taken"


@dataclass(frozen=True, slots=True)
class RoomLimit:
    """Between which values one quantity has to stay; an end may be open."""

    quantity: str
    low: Decimal | None
    high: Decimal | None
    unit: str

    def admits(self, value: Decimal) -> bool:
        """Say whether a reading is within the limits; both ends belong to them."""
        return (self.low is None or self.low <= value) and (self.high is None or value <= self.high)


@dataclass(frozen=True, slots=True)
class RoomDraft:
    """What is entered of a room; several disciplines are divided by commas."""

    code: str
    name: str
    discipline: str = ""
    sensor: str = ""
    limits: tuple[RoomLimit, ...] = ()


@dataclass(frozen=True, slots=True)
class RoomRecord:
    """One room as it stands."""

    id: RoomId
    version: int
    archived: bool
    code: str
    name: str
    discipline: str
    sensor: str
    limits: tuple[RoomLimit, ...]


@permitted(Permission.LABORATORY_SEE, reading=True)
def list_rooms(work: UnitOfWork, *, archived: bool = False) -> tuple[RoomRecord, ...]:
    """List rooms by code; a laboratory has a handful."""
    found = work.exec(select(Room).where(Room.archived == archived).order_by(col(Room.code))).all()
    return tuple(_record(row) for row in found)


@permitted(Permission.LABORATORY_SEE, reading=True)
def get_room(work: UnitOfWork, room_id: UUID) -> RoomRecord:
    """Return one room."""
    return _record(work.peek(Room, room_id))


@permitted(Permission.ROOM_EDIT)
def add_room(work: UnitOfWork, draft: RoomDraft) -> RoomId:
    """Enter a room.

    Raises:
        RoomCodeTaken: Another room has the code.
    """
    fields = _checked(draft)
    _refuse_taken(work, fields["code"])
    row = Room(**fields)
    work.add(row)
    return RoomId(row.id)


@permitted(Permission.ROOM_EDIT)
def change_room(work: UnitOfWork, room_id: UUID, seen: int, draft: RoomDraft) -> None:
    """Change a room or its limits; a sheet keeps those it began with.

    Raises:
        Stale: Somebody else has changed it meanwhile.
    """
    row = work.get(Room, room_id)
    fields = _checked(draft)
    if fields["code"] != row.code:
        _refuse_taken(work, fields["code"])
    amend(work, row, seen, fields)


@permitted(Permission.ROOM_EDIT)
def archive_room(work: UnitOfWork, room_id: UUID, seen: int, *, archived: bool = True) -> None:
    """Put a room away, or take it back into use."""
    amend(work, work.get(Room, room_id), seen, {"archived": archived})


@within_deed
def room_for(work: UnitOfWork, discipline: str) -> RoomRecord | None:
    """Return the room in which work of a discipline is done, or None where none is fixed."""
    wanted = discipline.lower()
    return next((room for room in list_rooms(work) if wanted in _disciplines(room)), None)


def _disciplines(room: RoomRecord) -> frozenset[str]:
    return frozenset(part.strip() for part in room.discipline.lower().split(","))


def _record(row: Room) -> RoomRecord:
    limits = cast("dict[str, dict[str, str]]", row.limits)
    return RoomRecord(
        RoomId(row.id),
        row.version,
        row.archived,
        row.code,
        row.name,
        row.discipline,
        row.sensor,
        tuple(
            RoomLimit(quantity, _end(held, "low"), _end(held, "high"), held.get("unit", ""))
            for quantity, held in limits.items()
        ),
    )


def _end(held: Mapping[str, str], name: str) -> Decimal | None:
    value = held.get(name, "")
    return Decimal(value) if value else None


def _checked(draft: RoomDraft) -> dict[str, Any]:
    limits: dict[str, dict[str, str]] = {}
    for each in draft.limits:
        if each.low is None and each.high is None:
            continue
        if each.low is not None and each.high is not None and each.low > each.high:
            raise Invalid("The lower limit is above the upper one.", field=f"{each.quantity}_low")
        limits[each.quantity] = {
            "low": "" if each.low is None else f"{each.low:f}",
            "high": "" if each.high is None else f"{each.high:f}",
            "unit": each.unit,
        }
    return {
        "code": filled(draft.code, "code", "a code, such as E1", most=20),
        "name": filled(draft.name, "name", "a name"),
        "discipline": limited(draft.discipline, "discipline").lower(),
        "sensor": limited(draft.sensor, "sensor", most=40),
        "limits": limits,
    }


def _refuse_taken(work: UnitOfWork, code: str) -> None:
    if work.exec(select(Room.id).where(Room.code == code)).first() is not None:
        raise RoomCodeTaken(f"There is a room {code} already.", field="code")
