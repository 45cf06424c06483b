"""Questions to customers that nobody answered in the agreed days let their requests lapse (T08)."""

from uuid import UUID

from calibra_app.jobs.runner import Desk
from calibra_app.services.srf.inquiry import let_lapse, list_unanswered


def lapse_questions(desk: Desk, subject_id: UUID) -> None:
    """Cancel what is due, each request in a transaction of its own."""
    del subject_id
    with desk.work() as work:
        due = list_unanswered(work)
    for srf_id in due:
        with desk.work() as work:
            let_lapse(work, srf_id)
