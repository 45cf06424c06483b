"""The worker's door: a queued name becomes a Desk, from which a job opens its transactions.

A job is a function of this folder with the name of a member of `Job`; it takes the desk and the
id of its subject. It may run twice, so it either brings about something that may happen twice, or
does its effect in `desk.last_work()`, whose commit also says that the job is done.
"""

import importlib
import pkgutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any, cast
from uuid import UUID

import structlog
from rq import Worker

from calibra_app import jobs
from calibra_app.config import settings
from calibra_app.core.access import Actor, system_actor
from calibra_app.core.clock import Clock, system_clock
from calibra_app.core.errors import CalibraError, Unavailable
from calibra_app.persistence import dead_letters
from calibra_app.persistence.catalogue import refuse_faults
from calibra_app.persistence.chain import run_sequencer
from calibra_app.persistence.dead_letters import MOST_LOST_WORKERS, LostLease
from calibra_app.persistence.outbox import LEASE_SECONDS, Job, Patch, announce, redis_client
from calibra_app.persistence.queue import AllowedJob, AllowedQueue, SignedJson, queues
from calibra_app.persistence.relay import run_relay
from calibra_app.persistence.timetable import hand_over_due, working_laboratories
from calibra_app.persistence.unit_of_work import UnitOfWork, unit_of_work

# The only file of this floor that knows persistence: what its neighbours need passes through here.
__all__ = [
    "Desk",
    "Job",
    "JobFunction",
    "hand_over_due",
    "job_functions",
    "run_job",
    "run_relay",
    "run_sequencer",
    "work_off",
    "working_laboratories",
]

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a job sits: in one laboratory, with what it was handed."""

    actor: Actor
    job_id: UUID
    attempt: int
    job: str
    subject_id: UUID
    payload: dict[str, Any] = field(default_factory=dict)
    asked_by: UUID | None = None
    done: list[bool] = field(default_factory=list)
    # The sample is entered at the hours of its own week.
    clock: Clock = system_clock

    @contextmanager
    def work(self) -> Iterator[UnitOfWork]:
        """Open a transaction in the laboratory of the job."""
        with unit_of_work(self.actor, f"job {self.job}", self.clock) as work:
            yield work

    @contextmanager
    def last_work(self) -> Iterator[UnitOfWork]:
        """Open the transaction whose commit says that the job is done, once and for all.

        Raises:
            LostLease: The effect is there already, or another worker has the job.
        """
        with unit_of_work(self.actor, f"job {self.job}") as work:
            dead_letters.claim(work, self.job_id, self.attempt)
            yield work
            dead_letters.finish(work, self.job_id, self.attempt)
        self.done.append(True)

    def tell(self, topic: str, fields: dict[str, Any]) -> None:
        """Tell the open pages of a topic how far the job is, outside any transaction."""
        if not topic.startswith(f"t:{self.actor.tenant_id}:"):
            raise ValueError(f"{topic} is no topic of laboratory {self.actor.tenant_id}")
        announce([Patch(topic, fields)], jobs=False)


JobFunction = Callable[[Desk, UUID], None]


@cache
def job_functions() -> dict[str, JobFunction]:
    """Return what may be run, by name; every file of this folder is loaded for it."""
    found: dict[str, JobFunction] = {}
    names = {str(job) for job in Job}
    for entry in pkgutil.iter_modules(jobs.__path__, f"{jobs.__name__}."):
        module = importlib.import_module(entry.name)
        for name in names & vars(module).keys():
            function = vars(module)[name]
            if callable(function) and getattr(function, "__module__", "") == entry.name:
                found[name] = cast("JobFunction", function)
    return found


def run_job(tenant_id: int, job_id: str, attempt: int) -> str:
    """Do one attempt at a job; return in a word what became of it.

    Failures end here: they are written into the outbox or become a dead letter, so that a page
    can show why. The queue itself retries nothing.
    """
    actor = system_actor(tenant_id)
    with structlog.contextvars.bound_contextvars(
        tenant_id=tenant_id, job_id=job_id, attempt=attempt
    ):
        try:
            desk = _sit_down(actor, UUID(job_id), attempt)
        except LostLease:
            return "overtaken"
        return "failed" if desk is None else _do(desk)


def _sit_down(actor: Actor, job_id: UUID, attempt: int) -> Desk | None:
    with unit_of_work(actor, "job claimed") as work:
        row = dead_letters.claim(work, job_id, attempt)
        if attempt - row.failures > MOST_LOST_WORKERS:
            why = f"The worker died {MOST_LOST_WORKERS} times while doing this."
            dead_letters.fail(work, job_id, attempt, why, final=True)
            work.publish(f"t:{actor.tenant_id}:jobs", {"failed": row.job, "why": why})
            return None
        dead_letters.extend_lease(work, job_id, attempt)
        return Desk(
            actor=Actor(
                actor.tenant_id,
                actor.person_id,
                actor.name,
                request_id=row.request_id,
                deeds=actor.deeds,
            ),
            job_id=job_id,
            attempt=attempt,
            job=row.job,
            subject_id=row.subject_id,
            payload=row.payload,
            asked_by=row.person_id,
        )


def _do(desk: Desk) -> str:
    try:
        function = _function_of(desk.job)
        with _kept_lease(desk):
            function(desk, desk.subject_id)
        if not desk.done:
            with desk.last_work():
                pass
    except LostLease:
        log.info("job overtaken", job=desk.job)
        return "overtaken"
    # A door: what goes wrong in a job is told to people, whatever it is.
    except Exception as error:
        log.exception("job failed", job=desk.job)
        _note_failure(desk, error)
        return "failed"
    log.info("job done", job=desk.job)
    return "done"


class _NoSuchJob(CalibraError):
    """A job's name has no function."""


def _function_of(job: str) -> JobFunction:
    function = job_functions().get(job)
    if function is None:
        raise _NoSuchJob(f"This version of Calibra knows no job {job}.")
    return function


def _note_failure(desk: Desk, error: Exception) -> None:
    expected = isinstance(error, CalibraError)
    unexpected = f"Calibra did not expect this error, {type(error).__name__}: {error}"
    why = error.message if isinstance(error, CalibraError) else unexpected
    # A refusal will be the same the next time; only what is away may come back.
    final = expected and not isinstance(error, Unavailable)
    try:
        with unit_of_work(desk.actor, f"job {desk.job} failed") as work:
            dead = dead_letters.fail(work, desk.job_id, desk.attempt, why[:2000], final=final)
            if dead:
                topic = f"t:{desk.actor.tenant_id}:jobs"
                work.publish(topic, {"failed": desk.job, "why": why[:200]})
    except LostLease:
        log.info("job overtaken", job=desk.job)
    except Unavailable:
        # The lease runs out by itself, and the job is offered again.
        log.warning("failure could not be noted", job=desk.job)


@contextmanager
def _kept_lease(desk: Desk) -> Iterator[None]:
    """Extend the lease while the job runs; a dead worker extends nothing and loses the job."""
    over = threading.Event()

    def keep() -> None:
        while not over.wait(LEASE_SECONDS / 3):
            try:
                with unit_of_work(desk.actor, "lease") as work:
                    if not dead_letters.extend_lease(work, desk.job_id, desk.attempt):
                        return
            except CalibraError as error:
                log.warning("lease could not be extended", error=error.message)

    keeper = threading.Thread(target=keep, name="lease", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        over.set()
        keeper.join()


def work_off(*, burst: bool = False) -> None:
    """Take jobs from the queue until told to stop; each runs in a child of this process.

    Why a child for each job and not one process for all: a job that eats memory or crashes the
    interpreter takes nothing with it, and what it used is given back. The parent has loaded and
    warmed everything, so a fork costs ten milliseconds.

    Args:
        burst: Stop when the queue is empty.
    """
    refuse_faults()
    job_functions()
    worker = Worker(
        queues(),
        connection=redis_client(),
        job_class=AllowedJob,
        queue_class=AllowedQueue,
        serializer=SignedJson,
        worker_ttl=30,
        log_job_description=False,
    )
    worker.work(burst=burst, logging_level=settings().log_level, with_scheduler=False)
