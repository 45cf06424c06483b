"""The end of a job in the outbox: done once, failed and offered again, or failed for good."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, delete, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from calibra_app.core.errors import CalibraError, Conflict
from calibra_app.models.journal import DeadLetter, JobDone, OutboxJob
from calibra_app.persistence.outbox import LEASE_SECONDS
from calibra_app.persistence.unit_of_work import UnitOfWork

# A failure is tried again after these times, then told to people.
RETRY_SECONDS = (10, 60, 300)
# A job during which workers died that often is not given to another one.
MOST_LOST_WORKERS = 4


class LostLease(CalibraError):
    """Another worker has the job by now, or it is done; this one must not write any more."""

    code = "lost_lease"


def claim(work: UnitOfWork, job_id: UUID, attempt: int) -> OutboxJob:
    """Return the job, locked, if this attempt is the one that counts.

    Raises:
        LostLease: It is done, or a later attempt has been offered.
    """
    row = work.session.get(
        OutboxJob, {"tenant_id": work.actor.tenant_id, "id": job_id}, with_for_update=True
    )
    if row is None or row.attempts != attempt:
        raise LostLease(f"Attempt {attempt} at job {job_id} no longer counts.")
    return row


def extend_lease(work: UnitOfWork, job_id: UUID, attempt: int) -> bool:
    """Keep the job for another lease; return whether it still is this attempt's."""
    kept = work.session.connection().execute(
        text(
            "UPDATE outbox SET not_before = clock_timestamp() + make_interval(secs => :lease)"
            " WHERE id = :job_id AND attempts = :attempt"
        ),
        {"lease": LEASE_SECONDS, "job_id": job_id, "attempt": attempt},
    )
    return kept.rowcount == 1


def finish(work: UnitOfWork, job_id: UUID, attempt: int) -> None:
    """Note in the transaction of the effect that the job is done; its row goes with the commit.

    Raises:
        LostLease: It was done before, or a later attempt has been offered: nothing of this
            transaction stays.
    """
    connection = work.session.connection()
    first = connection.execute(
        insert(JobDone)
        .values(job_id=job_id)
        .on_conflict_do_nothing()
        .returning(col(JobDone.job_id))
    ).first()
    gone = connection.execute(
        delete(OutboxJob).where(col(OutboxJob.id) == job_id, col(OutboxJob.attempts) == attempt)
    )
    if first is None or gone.rowcount != 1:
        raise LostLease(f"Attempt {attempt} at job {job_id} no longer counts.")


def fail(work: UnitOfWork, job_id: UUID, attempt: int, why: str, *, final: bool = False) -> bool:
    """Note that an attempt failed; return whether it was the last and is now a dead letter.

    Args:
        work: The transaction.
        job_id: The job.
        attempt: The attempt that failed.
        why: A sentence for the people who will decide what becomes of it.
        final: Trying again cannot help.
    """
    row = claim(work, job_id, attempt)
    failures = row.failures + 1
    if not final and failures <= len(RETRY_SECONDS):
        pause = timedelta(seconds=RETRY_SECONDS[failures - 1])
        work.session.connection().execute(
            update(OutboxJob)
            .where(col(OutboxJob.id) == job_id)
            .values(failures=failures, not_before=text("clock_timestamp() + :pause"))
            .execution_options(synchronize_session=False),
            {"pause": pause},
        )
        return False
    work.add(
        DeadLetter(
            job=row.job,
            subject_id=row.subject_id,
            payload=row.payload,
            failures=failures,
            why=why,
        )
    )
    work.add(JobDone(job_id=job_id))
    work.session.delete(row)
    work.session.flush()
    return True


def close_letter(work: UnitOfWork, letter: DeadLetter) -> None:
    """Note that a dead letter's job is offered again, which happens once.

    Raises:
        Conflict: It was offered again or set aside before.
    """
    _refuse_closed(letter)
    letter.offered_again_at = work.now
    work.session.flush()
    work.publish(f"t:{work.actor.tenant_id}:jobs", {"offered_again": str(letter.id)})


def put_aside(work: UnitOfWork, letter: DeadLetter) -> None:
    """Note that nobody will offer a dead letter's job again.

    Raises:
        Conflict: It was offered again or set aside before.
    """
    _refuse_closed(letter)
    letter.set_aside_at = work.now
    work.session.flush()
    work.publish(f"t:{work.actor.tenant_id}:jobs", {"set_aside": str(letter.id)})


def still_open() -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of a dead letter about which something is to be done."""
    return (
        col(DeadLetter.offered_again_at).is_(None),
        col(DeadLetter.set_aside_at).is_(None),
    )


def close_letters_about(work: UnitOfWork, subject_id: UUID) -> None:
    """Close every letter about a record whose job is handed over by another way."""
    letters = work.session.exec(
        select(DeadLetter)
        .where(*still_open(), col(DeadLetter.subject_id) == subject_id)
        .order_by(col(DeadLetter.id))
        .with_for_update()
    ).all()
    for letter in letters:
        close_letter(work, letter)


def _refuse_closed(letter: DeadLetter) -> None:
    if letter.offered_again_at is not None:
        raise Conflict("This job was offered again before; if it failed again, it is listed anew.")
    if letter.set_aside_at is not None:
        raise Conflict("Somebody has set this job aside in the meantime.")
