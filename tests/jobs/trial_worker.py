"""A worker with jobs of the tests' own, for tests that end processes without asking them.

Run as `python trial_worker.py queue|relay|sequencer LEASE_SECONDS`.
"""

import sys
import threading
import time
from pathlib import Path

from sqlalchemy import text

from calibra_app.core.errors import Invalid, Unavailable
from calibra_app.jobs import runner
from calibra_app.persistence import dead_letters, relay

COUNT = text(
    "INSERT INTO counter AS c (kind, year, last) VALUES (:kind, 0, 1)"
    " ON CONFLICT (tenant_id, kind, year) DO UPDATE SET last = c.last + 1"
)


def count(desk, subject_id):
    """Bring about an effect that a second time would show."""
    with desk.last_work() as work:
        work.exec(COUNT, {"kind": str(subject_id)})


def linger(desk, subject_id):
    """Take as long as the file that the payload names is there; then count."""
    Path(desk.payload["started"]).touch()
    while Path(desk.payload["while"]).exists():
        time.sleep(0.02)
    count(desk, subject_id)


def refuse(desk, subject_id):
    """Fail as a rule fails: trying again cannot help."""
    raise Invalid("The certificate names no customer.")


def stumble(desk, subject_id):
    """Fail as a service outside fails: later it may work."""
    raise Unavailable("The mail server does not answer.")


def crash(desk, subject_id):
    """End the interpreter, as a library may."""
    import os  # noqa: PLC0415 (only this job needs it)

    os.abort()


TRIALS = {job.__name__: job for job in (count, linger, refuse, stumble, crash)}


def shorten_leases(seconds):
    """Let leases run out quickly."""
    for module in (runner, dead_letters, relay):
        module.LEASE_SECONDS = seconds


if __name__ == "__main__":
    part, lease = sys.argv[1], float(sys.argv[2])
    shorten_leases(lease)
    runner.job_functions().update(TRIALS)
    if part == "queue":
        runner.work_off()
    else:
        relay.run_relay(threading.Event(), lease)
