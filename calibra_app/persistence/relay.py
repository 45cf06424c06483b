"""The relay: offers the outbox to the queue, each laboratory in turn, and again when a lease ends.

It looks each second, and at once when a commit wakes it. It keeps the queue short: what waits in
the outbox can still be put in a fair order, what stands in the queue cannot. What a person asked
for goes into a lane of its own: nobody who looks at a screen waits for the laboratory's upkeep.
"""

import contextlib
import threading
from dataclasses import dataclass
from uuid import UUID

import redis
import structlog
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from calibra_app.core.access import NOBODY
from calibra_app.persistence.engine import engine_as
from calibra_app.persistence.outbox import LEASE_SECONDS, WAKE_UP, redis_client
from calibra_app.persistence.queue import Lane, is_waiting, offer, queue, queues
from calibra_app.persistence.row_security import RELAY

WINDOW = 16
LOOK_SECONDS = 1.0
# Between two looks while jobs are waiting: the queue is short and soon has room again.
BUSY_SECONDS = 0.05

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One offer of a job; its number is what the worker has to show."""

    tenant_id: int
    job_id: UUID
    number: int


# Round robin over the laboratories, so that one with many jobs does not hold up the others.
_LEASE = text("""
WITH due AS (
  SELECT tenant_id, id, not_before,
    row_number() OVER (PARTITION BY tenant_id ORDER BY not_before, id) AS turn
  FROM outbox
  WHERE not_before <= clock_timestamp()
    AND (person_id IS DISTINCT FROM CAST(:nobody AS uuid)) = :for_person),
picked AS (
  SELECT o.tenant_id, o.id FROM outbox o JOIN due ON due.tenant_id = o.tenant_id AND due.id = o.id
  WHERE o.not_before <= clock_timestamp()
  ORDER BY due.turn, due.not_before LIMIT :room FOR UPDATE OF o SKIP LOCKED)
UPDATE outbox o SET attempts = o.attempts + 1,
  not_before = clock_timestamp() + make_interval(secs => :lease)
FROM picked WHERE o.tenant_id = picked.tenant_id AND o.id = picked.id
RETURNING o.tenant_id, o.id, o.attempts""")

_EXPIRED = text("""
SELECT tenant_id, id, attempts FROM outbox
WHERE attempts > 0 AND not_before <= clock_timestamp() ORDER BY not_before LIMIT 200""")

_HOLD = text("""
UPDATE outbox SET not_before = clock_timestamp() + make_interval(secs => :lease)
WHERE tenant_id = :tenant_id AND id = :job_id AND attempts = :number""")

_GIVE_BACK = text("""
UPDATE outbox SET not_before = clock_timestamp() + interval '1 second'
WHERE tenant_id = :tenant_id AND id = :job_id AND attempts = :number""")


def offer_due(lease_seconds: float = LEASE_SECONDS) -> int:
    """Offer what is due, as far as the queue has room; return how many attempts were offered.

    The lease is committed before the offer: a worker that is quick would otherwise not find its
    attempt's number in the outbox.

    Raises:
        redis.RedisError: The queue does not answer; what was leased comes back after a second.
    """
    _hold_waiting(lease_seconds)
    return sum(_offer_lane(lane, lease_seconds) for lane in Lane)


def _offer_lane(lane: Lane, lease_seconds: float) -> int:
    room = WINDOW - queue(lane).count
    if room <= 0:
        return 0
    wanted = {
        "nobody": NOBODY,
        "for_person": lane is Lane.PERSON,
        "room": room,
        "lease": lease_seconds,
    }
    with engine_as(RELAY).begin() as connection:
        attempts = [Attempt(*row) for row in connection.execute(_LEASE, wanted).all()]
    for place, attempt in enumerate(attempts):
        try:
            offer(lane, attempt.tenant_id, attempt.job_id, attempt.number)
        except redis.RedisError:
            _give_back(attempts[place:])
            raise
    return len(attempts)


def _hold_waiting(lease_seconds: float) -> None:
    """Extend the lease of attempts that only wait their turn in the queue."""
    with engine_as(RELAY).begin() as connection:
        for row in connection.execute(_EXPIRED).all():
            attempt = Attempt(*row)
            if is_waiting(attempt.job_id, attempt.number):
                connection.execute(_HOLD, {"lease": lease_seconds, **_named(attempt)})


def _give_back(attempts: list[Attempt]) -> None:
    with engine_as(RELAY).begin() as connection:
        for attempt in attempts:
            connection.execute(_GIVE_BACK, _named(attempt))


def _named(attempt: Attempt) -> dict[str, object]:
    return {
        "tenant_id": attempt.tenant_id,
        "job_id": attempt.job_id,
        "number": attempt.number,
    }


def run_relay(stop: threading.Event, lease_seconds: float = LEASE_SECONDS) -> None:
    """Offer what falls due until told to stop; outlive the absence of either server."""
    ears = None
    while not stop.is_set():
        try:
            busy = offer_due(lease_seconds) > 0 or any(each.count for each in queues())
            if ears is None:
                ears = redis_client().pubsub(ignore_subscribe_messages=True)
                ears.subscribe(WAKE_UP)
            heard = ears.get_message(timeout=BUSY_SECONDS if busy else LOOK_SECONDS)
            while heard is not None:
                heard = ears.get_message(timeout=0)
        except (redis.RedisError, SQLAlchemyError) as error:
            log.warning("relay waits", error=str(error))
            with contextlib.suppress(Exception):
                if ears is not None:
                    ears.close()
            ears = None
            stop.wait(LOOK_SECONDS)
    if ears is not None:
        ears.close()
