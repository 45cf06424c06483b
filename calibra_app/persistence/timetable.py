"""Jobs that the clock hands over: once for each laboratory and due instant, however many ask."""

from collections.abc import Sequence
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from calibra_app.core.access import system_actor
from calibra_app.models.journal import JobDone, OutboxJob
from calibra_app.persistence.engine import engine_as
from calibra_app.persistence.outbox import Job
from calibra_app.persistence.row_security import RELAY
from calibra_app.persistence.unit_of_work import unit_of_work


def working_laboratories() -> Sequence[int]:
    """Return the numbers of the laboratories that are not suspended."""
    with engine_as(RELAY).begin() as connection:
        query = text("SELECT id FROM tenant WHERE status <> 'suspended' ORDER BY id")
        return connection.execute(query).scalars().all()


def hand_over_due(tenant_id: int, job: Job, due_at: datetime) -> bool:
    """Hand a clock's job over to the worker unless that was done before; say whether it was new.

    The job's id follows from what it is and when it was due, so two clocks make one job.
    """
    job_id = uuid5(NAMESPACE_URL, f"calibra:{tenant_id}:{job}:{due_at.isoformat()}")
    with unit_of_work(system_actor(tenant_id), f"due at {due_at.isoformat()}") as work:
        ended = work.session.exec(select(JobDone.job_id).where(JobDone.job_id == job_id)).first()
        if ended is not None:
            return False
        entered = work.session.connection().execute(
            insert(OutboxJob)
            .values(
                id=job_id,
                job=job,
                subject_id=job_id,
                payload={"due_at": due_at.isoformat()},
                person_name=work.actor.name,
                request_id="",
                attempts=0,
                failures=0,
            )
            .on_conflict_do_nothing()
            .returning(col(OutboxJob.id))
        )
        return entered.first() is not None
