"""Arriving at the customer's: the item is taken in hand there, by whoever does the work."""

from dataclasses import replace

from calibra_app.core.access import Permission, permitted
from calibra_app.core.errors import Conflict
from calibra_app.core.ids import SrfId
from calibra_app.models.srf import LineState
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.services.srf.moves import Stale, take_line
from calibra_app.services.srf.planning import take_from_queue
from calibra_app.services.srf.receipt import Arrival, receive_items

PLACE = "At the customer's site"


@permitted(Permission.LINE_TAKE)
def arrive_on_site(work: UnitOfWork, seen: int, arrival: Arrival) -> bool:
    """Receive an item at the customer's (T18) and take its line oneself (T21).

    Returns:
        Whether the work may begin; an item that is not in order waits for the customer first.

    Raises:
        Conflict: The line is not one that is done on site.
        Stale: Somebody changed the line since the actor saw it.
        GuardFailed: The actor has no valid authorization for the procedure (G11).
        Invalid: An abnormal condition has no note or no photo.
    """
    line = take_line(work, arrival.line_id)
    if not line.on_site:
        raise Conflict("This item is calibrated in the laboratory; the desk takes it in.")
    if seen != line.version:
        raise Stale("Somebody changed this line in the meantime. Look at it again.")
    where = arrival.place.strip() or PLACE
    receive_items(work, SrfId(line.srf_id), [replace(arrival, place=where)])
    if line.state is not LineState.RECEIVED:
        return False
    take_from_queue(work, arrival.line_id, seen)
    return True
