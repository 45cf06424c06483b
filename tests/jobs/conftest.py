"""Jobs of the tests' own, done in this process or in one that can be killed."""

import contextlib
import importlib.util
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from rq import SimpleWorker
from sqlalchemy import text

from calibra_app.config import child_environment
from calibra_app.jobs import runner
from calibra_app.persistence.queue import AllowedJob, AllowedQueue, Lane, SignedJson, queue, queues
from calibra_app.persistence.relay import offer_due

TRIAL = Path(__file__).with_name("trial_worker.py")


@pytest.fixture
def trials(monkeypatch):
    """The jobs of `trial_worker.py`, known to the runner of this process as well."""
    spec = importlib.util.spec_from_file_location("trial_worker", TRIAL)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name, job in module.TRIALS.items():
        monkeypatch.setitem(runner.job_functions(), name, job)
    return module


@pytest.fixture
def empty_queue(bus, owner):
    """A queue and an outbox with nothing of other tests in them."""
    bus.flushdb()
    with owner.begin() as connection:
        connection.execute(text("DELETE FROM outbox"))
    return queue(Lane.PERSON)


@pytest.fixture
def work_off(empty_queue, trials):
    """Offer what is due and do it in this process; return how many attempts were offered."""

    def run():
        offered = offer_due()
        worker = SimpleWorker(
            queues(),
            connection=empty_queue.connection,
            job_class=AllowedJob,
            queue_class=AllowedQueue,
            serializer=SignedJson,
        )
        worker.work(burst=True, logging_level="ERROR")
        return offered

    return run


@pytest.fixture
def effects(work_in):
    """Say how often `count` took effect for a subject."""

    def of(subject_id, laboratory=1):
        with work_in(laboratory) as work:
            asked = text("SELECT last FROM counter WHERE kind = :kind")
            return work.exec(asked, {"kind": str(subject_id)}).scalar_one_or_none() or 0

    return of


@pytest.fixture
def trial_process(empty_queue):
    """Start parts of a worker as processes; whatever is left of them is killed at the end."""
    started = []

    def start(part, lease=2.0):
        process = subprocess.Popen(
            [sys.executable, TRIAL, part, str(lease)],
            env=child_environment(PYTHONPATH=str(TRIAL.parents[2])),
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        kill(process)


def kill(process):
    """Kill a process and its children, as a power cut would."""
    # A job's process makes itself the head of a group of its own: the group's signal misses it.
    with contextlib.suppress(psutil.NoSuchProcess):
        family = [
            psutil.Process(process.pid),
            *psutil.Process(process.pid).children(recursive=True),
        ]
        for member in family:
            with contextlib.suppress(psutil.NoSuchProcess):
                member.kill()
    process.wait()


def wait_until(condition, seconds=120.0):
    """Wait until the condition holds; say whether it did in time."""
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        if condition():
            return True
        time.sleep(0.05)
    return False
