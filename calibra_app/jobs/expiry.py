"""Offers that nobody answered in time expire by the clock."""

from uuid import UUID

from calibra_app.jobs.runner import Desk
from calibra_app.services.quotations.answers import expire_offer, list_expired


def expire_quotations(desk: Desk, subject_id: UUID) -> None:
    """Let every offer expire whose last day has passed (T17).

    Each has a transaction of its own: one that fails keeps no other from expiring, and what has
    expired already is left alone when the job runs again.
    """
    del subject_id
    with desk.work() as work:
        due = list_expired(work)
    for revision_id in due:
        with desk.work() as work:
            expire_offer(work, revision_id)
