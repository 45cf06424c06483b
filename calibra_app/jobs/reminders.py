"""Reminding customers of what falls due."""

from uuid import UUID

from calibra_app.jobs.runner import Desk
from calibra_app.services.srf.reminders import write_reminders


def remind_due(desk: Desk, subject_id: UUID) -> None:
    """Write the reminders of the day once, however often the job is offered."""
    del subject_id
    with desk.last_work() as work:
        write_reminders(work)
