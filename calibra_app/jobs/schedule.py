"""What falls due by the clock, and the clockwork that keeps jobs and the audit chain going.

The clockwork may run in several processes at once: the relay locks what it takes, the chain has
one lock for each laboratory, and a due job's id follows from its instant.
"""

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from cronsim import CronSim

from calibra_app.core.clock import Clock, system_clock
from calibra_app.core.errors import CalibraError
from calibra_app.jobs.runner import (
    Job,
    hand_over_due,
    job_functions,
    run_relay,
    run_sequencer,
    working_laboratories,
)

LOOK_SECONDS = 20.0
# What was missed for longer, while nothing ran, is not made up for.
LONGEST_MISSED = timedelta(days=7)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Due:
    """A job and when it falls due, in UTC."""

    job: Job
    cron: str


TIMETABLE = (
    Due(Job.EXPIRE_QUOTATIONS, "10 * * * *"),
    Due(Job.REMIND_DUE, "0 5 * * *"),
    Due(Job.CLOSE_DELIVERED, "30 3 * * *"),
    Due(Job.LAPSE_QUESTIONS, "40 3 * * *"),
)


def last_due(cron: str, now: datetime) -> datetime | None:
    """Return the latest instant at or before now, if it is not too long ago."""
    latest = next(CronSim(cron, now + timedelta(minutes=1), reverse=True), None)
    return latest if latest is not None and now - latest <= LONGEST_MISSED else None


def look_at_clock(now: datetime, timetable: tuple[Due, ...] = TIMETABLE) -> int:
    """Hand over what has fallen due in every laboratory; return how many jobs were new."""
    handed_over = 0
    for due in timetable:
        instant = last_due(due.cron, now)
        if instant is None or str(due.job) not in job_functions():
            continue
        for tenant_id in working_laboratories():
            handed_over += hand_over_due(tenant_id, due.job, instant)
    return handed_over


def run_clock(stop: threading.Event, clock: Clock = system_clock) -> None:
    """Look at the clock until told to stop."""
    while not stop.wait(LOOK_SECONDS):
        try:
            look_at_clock(clock())
        except CalibraError as error:
            log.warning("clock waits", error=error.message)
        # The clock outlives whatever one look runs into; the next look repeats it.
        except Exception:
            log.exception("clock stumbled")


def run_clockwork(stop: threading.Event) -> None:
    """Run relay, sequencer and clock until told to stop."""
    hands = [
        threading.Thread(target=run, args=(stop,), name=run.__name__, daemon=True)
        for run in (run_relay, run_sequencer, run_clock)
    ]
    for hand in hands:
        hand.start()
    stop.wait()
    for hand in hands:
        hand.join(timeout=10)
