"""Jobs handed over with the commit, and patches told after it.

A job is a row of the same transaction as the deed that asks for it. The relay offers the row to
the queue and gives it a lease; the row goes only with the commit that says the job is done. So a
queue that comes back empty, or a worker that dies, loses nothing: the lease runs out and the row
is offered again. Jobs are therefore delivered at least once; `job_done` makes the effect happen
once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

import orjson
import redis
import structlog
from redis.backoff import NoBackoff
from redis.retry import Retry

from calibra_app.config import JOBS_REDIS, settings
from calibra_app.persistence.row_security import RELAY

WAKE_UP = "calibra:wake-up"
LEASE_SECONDS = 20

log = structlog.get_logger(__name__)


class Job(StrEnum):
    """What the worker can be asked to do; each is a function of that name in `jobs/`."""

    RENDER_DOCUMENT = "render_document"
    PUBLISH_CERTIFICATE = "publish_certificate"
    SEND_MAIL = "send_mail"
    EXPIRE_QUOTATIONS = "expire_quotations"
    REMIND_DUE = "remind_due"
    CLOSE_DELIVERED = "close_delivered"
    LAPSE_QUESTIONS = "lapse_questions"


@dataclass(frozen=True, slots=True)
class Patch:
    """What changed on one topic, for the pages that show it."""

    topic: str
    fields: dict[str, Any]


@cache
def redis_client() -> redis.Redis:
    """Return the connection to the queue and the live bus; short waits, for it may be away."""
    return redis.Redis.from_url(
        settings().redis_url_for(JOBS_REDIS),
        socket_timeout=2.0,
        socket_connect_timeout=0.5,
        # The library would try for ten seconds, with the deed's page waiting.
        retry=Retry(NoBackoff(), 1),
    )


def announce(patches: Sequence[Patch], *, jobs: bool) -> None:
    """Tell the patches to the live bus and wake the relay, after the commit.

    Nothing that goes wrong here is the deed's fault: it is logged, and the page's next read and
    the relay's next look make up for it.
    """
    if not patches and not jobs:
        return
    if not settings().redis_url:
        log.warning("live bus is not configured", patches=len(patches))
        return
    try:
        with redis_client().pipeline(transaction=False) as pipe:
            for patch in patches:
                pipe.publish(patch.topic, orjson.dumps(patch.fields, default=str))
            if jobs:
                pipe.publish(WAKE_UP, b"")
            pipe.execute()
    except redis.RedisError as error:
        log.warning("live bus did not answer", error=str(error), patches=len(patches))


def outbox_policy_v1() -> str:
    """Return what the relay may do: look across laboratories and note an offer."""
    return f"""
CREATE POLICY relay_read ON outbox FOR SELECT TO {RELAY} USING (true);
CREATE POLICY relay_offer ON outbox FOR UPDATE TO {RELAY} USING (true) WITH CHECK (true);
GRANT SELECT, UPDATE (attempts, not_before) ON outbox TO {RELAY};
"""
