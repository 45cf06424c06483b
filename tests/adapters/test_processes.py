"""The processes of `up`: revived one by one, stopped together, none left behind by any kill."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from calibra_app.adapters.processes import Child, Supervisor, born_at
from calibra_app.config import PROJECT

PATIENCE_SECONDS = 20.0
SLEEPER = [sys.executable, "-c", "import time; time.sleep(300)"]
# Its own child writes its number, then both sleep: the shape of a web server with a worker.
PARENT = [
    sys.executable,
    "-c",
    (
        "import subprocess, sys, time, pathlib\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(300)'])\n"
        "pathlib.Path('grandchild').write_text(str(child.pid))\n"
        "time.sleep(300)\n"
    ),
]


@pytest.fixture
def supervisor(tmp_path):
    started = Supervisor(tmp_path / "processes.json")
    yield started
    started.stop()


def a_child(folder, argv=SLEEPER, name="web"):
    return Child(name, argv, {"PATH": os.defpath}, folder, folder / f"{name}.log")


def lives(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def until(question):
    limit = time.monotonic() + PATIENCE_SECONDS
    while not (answer := question()):
        assert time.monotonic() < limit, "it did not come to that"
        time.sleep(0.02)
    return answer


def grandchild_of(folder):
    path = folder / "grandchild"
    return int(until(lambda: path.exists() and path.read_text()))


def test_a_killed_child_is_started_again(supervisor, tmp_path):
    child = a_child(tmp_path)
    supervisor.start(child)
    first = child.process.pid
    os.kill(first, signal.SIGKILL)
    assert until(supervisor.revive) == [child]
    assert child.process.pid != first
    assert lives(child.process.pid)


def test_the_others_are_left_alone_when_one_dies(supervisor, tmp_path):
    web, worker = a_child(tmp_path), a_child(tmp_path, name="worker")
    supervisor.start(web)
    supervisor.start(worker)
    before = worker.process.pid
    os.kill(web.process.pid, signal.SIGKILL)
    assert until(supervisor.revive) == [web]
    assert worker.process.pid == before


def test_what_dies_at_once_is_tried_at_growing_distances(supervisor, tmp_path):
    child = a_child(tmp_path, [sys.executable, "-c", "raise SystemExit(3)"])
    supervisor.start(child)
    pauses = []
    for _ in range(3):
        until(supervisor.revive)
        pauses.append(child.pause_seconds)
    assert pauses == sorted(set(pauses))
    assert child.deaths == 3


def test_a_killed_child_takes_its_own_children_along(supervisor, tmp_path):
    child = a_child(tmp_path, PARENT)
    supervisor.start(child)
    grandchild = grandchild_of(tmp_path)
    os.kill(child.process.pid, signal.SIGKILL)
    until(supervisor.revive)
    until(lambda: not lives(grandchild))


def test_stopping_ends_children_and_grandchildren_and_forgets_them(supervisor, tmp_path):
    child = a_child(tmp_path, PARENT)
    supervisor.start(child)
    grandchild, pid = grandchild_of(tmp_path), child.process.pid
    supervisor.stop()
    assert not lives(pid)
    until(lambda: not lives(grandchild))
    assert not supervisor.record.exists()


SUPERVISE = """
import sys, time
from pathlib import Path
from calibra_app.adapters.processes import Child, Supervisor
folder = Path(sys.argv[1])
supervisor = Supervisor(folder / "processes.json")
child = Child("web", sys.argv[2:], {}, folder, folder / "web.log")
supervisor.start(child)
print(child.process.pid, flush=True)
time.sleep(300)
"""


def a_killed_supervisor(folder, argv):
    """Start a supervisor with one child, kill it, and return the number of its child."""
    process = subprocess.Popen(
        [sys.executable, "-c", SUPERVISE, folder, *argv], stdout=subprocess.PIPE, cwd=PROJECT
    )
    with process:
        child = int(process.stdout.readline())
        if argv == PARENT:
            grandchild_of(folder)
        process.kill()
    return child


def test_a_killed_supervisor_takes_its_children_along(tmp_path):
    child = a_killed_supervisor(tmp_path, SLEEPER)
    until(lambda: not lives(child))


def test_the_next_start_ends_what_a_kill_has_left(tmp_path):
    child = a_killed_supervisor(tmp_path, PARENT)
    grandchild = grandchild_of(tmp_path)
    until(lambda: not lives(child))
    assert lives(grandchild)
    assert Supervisor(tmp_path / "processes.json").stop_leftovers() == 1
    until(lambda: not lives(grandchild))


def test_the_next_start_does_not_touch_a_stranger_with_an_old_number(tmp_path):
    stranger = subprocess.Popen(SLEEPER, start_new_session=True)
    record = tmp_path / "processes.json"
    boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    born = born_at(stranger.pid)
    for boot_id, ticks in ((boot, born - 1), ("another boot", born)):
        record.write_text(f'{{"boot": "{boot_id}", "children": [[{stranger.pid}, {ticks}]]}}')
        assert Supervisor(record).stop_leftovers() == 0
    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()
