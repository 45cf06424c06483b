"""Closing by itself: delivered requests on which nothing is open after the agreed days (T47)."""

from uuid import UUID

from calibra_app.jobs.runner import Desk
from calibra_app.services.srf.closing import close_if_nothing_open, due_for_closing


def close_delivered(desk: Desk, subject_id: UUID) -> None:
    """Close what is due, each request in a transaction of its own.

    One that something is open on keeps none of the others waiting.
    """
    del subject_id
    with desk.work() as work:
        due = due_for_closing(work)
    for srf_id in due:
        with desk.work() as work:
            close_if_nothing_open(work, srf_id)
