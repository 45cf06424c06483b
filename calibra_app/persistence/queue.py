"""The queue: what may stand in it, and how the worker knows that we put it there.

Whoever can write to Redis could otherwise let the worker run anything: RQ's own format is pickle,
and even as JSON it names any function by its path. So every payload carries our signature, and
exactly one function may be named.
"""

import hashlib
import hmac
from enum import StrEnum
from typing import Any, cast
from uuid import UUID

import orjson
import structlog
from rq import Queue
from rq.exceptions import DuplicateJobError, NoSuchJobError
from rq.job import Job as QueuedJob
from rq.job import JobStatus

from calibra_app.config import settings
from calibra_app.persistence.outbox import redis_client

RUN = "calibra_app.jobs.runner.run_job"
TIME_LIMIT_SECONDS = 300
KEPT_SECONDS = 3600

log = structlog.get_logger(__name__)


class Lane(StrEnum):
    """Who waits; the worker takes from the first lane as long as there is anything in it."""

    PERSON = "calibra"
    NOBODY = "calibra-upkeep"


class ForgedPayload(Exception):
    """A payload in the queue was not signed by this installation, or names another function."""


class SignedJson:
    """RQ's serializer: JSON with an HMAC in front; refuses everything else unread."""

    @staticmethod
    def dumps(*values: Any, **_: Any) -> bytes:
        """Return the value as signed JSON."""
        body = orjson.dumps(values[0], default=str)
        return signature(body) + b"." + body

    @staticmethod
    def loads(data: bytes, *_: Any, **__: Any) -> Any:
        """Return the value of signed JSON; raise ForgedPayload for anything else."""
        given, dot, body = bytes(data).partition(b".")
        if not dot or not hmac.compare_digest(given, signature(body)):
            raise ForgedPayload("A payload in the queue does not carry our signature.")
        return orjson.loads(body)


def signature(body: bytes) -> bytes:
    """Return the signature of a payload."""
    key = settings().derived("job payload").encode()
    return hmac.new(key, body, hashlib.sha256).hexdigest().encode()


class AllowedJob(QueuedJob):
    """A job whose function is the one that may be run."""

    @property
    def func(self) -> Any:
        """Return the worker's door; raise ForgedPayload if the job names something else."""
        if self.func_name != RUN:
            raise ForgedPayload(f"{self.func_name} is not run from the queue.")
        return super().func


class AllowedQueue(Queue):
    """The queue of allowed jobs."""

    job_class = AllowedJob


def queue(lane: Lane) -> AllowedQueue:
    """Return the queue of a lane."""
    return AllowedQueue(
        lane, connection=redis_client(), job_class=AllowedJob, serializer=cast("Any", SignedJson)
    )


def queues() -> list[AllowedQueue]:
    """Return the queues of all lanes, the most urgent first."""
    return [queue(lane) for lane in Lane]


def offer(lane: Lane, tenant_id: int, job_id: UUID, attempt: int) -> None:
    """Put one attempt at a job into the queue; the same attempt a second time is no harm."""
    try:
        queue(lane).enqueue_call(
            RUN,
            args=(tenant_id, str(job_id), attempt),
            job_id=queued_id(job_id, attempt),
            unique=True,
            timeout=TIME_LIMIT_SECONDS,
            result_ttl=0,
            failure_ttl=KEPT_SECONDS,
        )
    except DuplicateJobError:
        log.info("attempt is already in the queue", job_id=str(job_id), attempt=attempt)


def is_waiting(job_id: UUID, attempt: int) -> bool:
    """Say whether an attempt still stands in the queue, so that it need not be offered again."""
    try:
        found = AllowedJob.fetch(
            queued_id(job_id, attempt),
            connection=redis_client(),
            serializer=cast("Any", SignedJson),
        )
    except (NoSuchJobError, ForgedPayload):
        return False
    return found.get_status() == JobStatus.QUEUED


def queued_id(job_id: UUID, attempt: int) -> str:
    """Return the name under which an attempt stands in the queue."""
    return f"outbox-{job_id}-{attempt}"
