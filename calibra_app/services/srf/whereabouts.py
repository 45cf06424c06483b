"""Where items are: in the house or out again, and on which shelf they were last seen."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlmodel import col, select

from calibra_app.core.access import within_deed
from calibra_app.models.srf import CustodyEvent, SrfLine
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.services.srf.states import ENDED

SHIPPED: Final = "shipped"
HANDED_OVER: Final = "handed over"
CAME_BACK: Final = "came back"
_OUT = frozenset({SHIPPED, HANDED_OVER})
# Told of an item that has left already; they say nothing of where it is.
_ON_THE_WAY = frozenset({SHIPPED, HANDED_OVER, CAME_BACK, "received"})
# After each of these an item lies elsewhere, though nobody may have said where.
_MOVED = _ON_THE_WAY | {"to provider", "from provider"}


@within_deed
def only_on_site(lines: Sequence[SrfLine]) -> bool:
    """Say whether all work of a request is done at the customer's, so that no item travels."""
    active = [line for line in lines if line.state not in ENDED]
    return bool(active) and all(line.on_site for line in active)


@within_deed
def items_here(work: UnitOfWork, lines: Sequence[SrfLine]) -> tuple[SrfLine, ...]:
    """Return the lines whose items the laboratory has to give back.

    What was calibrated at the customer's never left; what was never received is not here.
    """
    candidates = [line for line in lines if line.condition is not None and not line.on_site]
    last: dict[UUID, str] = {}
    rows = work.exec(
        select(CustodyEvent.line_id, CustodyEvent.kind)
        .where(
            col(CustodyEvent.line_id).in_([line.id for line in candidates]),
            col(CustodyEvent.kind).in_(_ON_THE_WAY),
        )
        .order_by(col(CustodyEvent.at), col(CustodyEvent.id))
    ).all()
    for line_id, kind in rows:
        last[line_id] = str(kind)
    return tuple(line for line in candidates if last.get(line.id) not in _OUT)


@within_deed
def places_of(work: UnitOfWork, line_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Return the place to which each line's item was last moved, where one was named."""
    rows = work.exec(
        select(CustodyEvent.line_id, CustodyEvent.place)
        .where(col(CustodyEvent.line_id).in_(line_ids), col(CustodyEvent.kind).in_(_MOVED))
        .order_by(col(CustodyEvent.at), col(CustodyEvent.id))
    ).all()
    last = {line_id: str(place) for line_id, place in rows}
    return {line_id: place for line_id, place in last.items() if place}
