"""The worker process as it is started: both parts, and how they end."""

import contextlib
import signal
import subprocess
import sys

import psutil
import pytest
from sqlmodel import select

from calibra_app.config import child_environment
from calibra_app.core.ids import new_id
from calibra_app.models.journal import DeadLetter
from tests.jobs.conftest import wait_until


@pytest.fixture
def worker(empty_queue):
    process = subprocess.Popen(
        [sys.executable, "-m", "calibra_app.worker"],
        env=child_environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    yield process
    family = children_of(process)
    process.kill()
    for child in family:
        with contextlib.suppress(psutil.NoSuchProcess):
            child.kill()
    process.wait()


def children_of(process):
    with contextlib.suppress(psutil.NoSuchProcess):
        return psutil.Process(process.pid).children(recursive=True)
    return []


def told_as_dead(work_in, job):
    with work_in() as work:
        work.hand_over(job, new_id())

    def told():
        with work_in() as work:
            return job in work.exec(select(DeadLetter.job)).all()

    return wait_until(told)


def test_the_worker_does_what_is_handed_over_and_ends_when_told(work_in, worker):
    assert told_as_dead(work_in, "no_such_job")
    family = children_of(worker)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(120) == 0
    assert wait_until(lambda: not any(child.is_running() for child in family))


def test_a_part_that_dies_is_started_again(work_in, worker):
    assert wait_until(lambda: len(children_of(worker)) == 2)
    for child in children_of(worker):
        child.kill()
    assert told_as_dead(work_in, "no_such_job")


def test_the_parts_do_not_outlive_the_worker(worker):
    assert wait_until(lambda: len(children_of(worker)) == 2)
    family = children_of(worker)
    worker.kill()
    worker.wait()
    assert wait_until(
        lambda: all(
            not child.is_running() or child.status() == psutil.STATUS_ZOMBIE for child in family
        )
    )
