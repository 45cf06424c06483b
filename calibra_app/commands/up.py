"""`up`: everything a laboratory needs on one machine, started in order and kept running."""

import contextlib
import fcntl
import json
import signal
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from calibra_app.adapters.data_folder import open_lock, write_private
from calibra_app.adapters.embedded import Embedded
from calibra_app.adapters.processes import Child, Supervisor
from calibra_app.commands.console import complain, say, step
from calibra_app.commands.installation import prepare, servers
from calibra_app.commands.sample import drop_half_a_sample, load_sample_if_empty, sign_ins
from calibra_app.commands.serving import (
    require_free_port,
    web_command,
    web_environment,
    worker_command,
)
from calibra_app.commands.site_build import build_site
from calibra_app.config import PROJECT, child_environment, settings
from calibra_app.core.errors import Conflict, Unavailable

TICK_SECONDS = 0.2
LONGEST_START_SECONDS = 120.0
HOPELESS_DEATHS = 5


@dataclass(frozen=True, slots=True)
class Plan:
    """What `up` was asked for."""

    demo: bool
    web_processes: int


class _Stop(Exception):
    """Somebody asked us to end."""


def up(plan: Plan) -> None:
    """Start everything, say where it is, and stay until Ctrl-C.

    Raises:
        Conflict: The port is in use, or another `up` runs on the same data.
        Unavailable: Something cannot be started; the sentence says what.
    """
    for sign in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(sign, _ask_to_stop)
    try:
        with _only_one():
            require_free_port(settings().host, settings().port)
            supervisor = Supervisor(settings().data / "processes.json")
            supervisor.stop_leftovers()
            with _running_servers() as embedded:
                if embedded is not None:
                    drop_half_a_sample()
                _lay_out(plan)
                try:
                    _start(supervisor, plan)
                    _watch(supervisor, embedded)
                finally:
                    _quietly_stop(supervisor)
    except _Stop:
        say("Stopped.")


def _lay_out(plan: Plan) -> None:
    with step("Preparing the database"):
        prepare()
    if plan.demo:
        load_sample_if_empty()
    build_site()


def _start(supervisor: Supervisor, plan: Plan) -> None:
    given = settings()
    logs = given.data / "logs"
    with step("Starting the site"):
        for number in range(1, plan.web_processes + 1):
            name = f"web-{number}"
            command = web_command(given.host, given.port)
            log = logs / f"{name}.log"
            supervisor.start(Child(name, command, web_environment(), PROJECT, log))
        worker = Child(
            "worker", worker_command(), child_environment(), PROJECT, logs / "worker.log"
        )
        supervisor.start(worker)
        _wait_until_ready(supervisor)
    say()
    say(f"Calibra runs at {given.origin}  (Ctrl-C stops it)")
    if plan.demo:
        for line in sign_ins():
            say(line)


def _watch(supervisor: Supervisor, embedded: Embedded | None) -> None:
    while True:
        time.sleep(TICK_SECONDS)
        for child in supervisor.revive():
            complain(f"{child.name} had died and was started again; see {child.log}.")
        if embedded is not None and embedded.services() is None:
            embedded.acquire()
            complain("The keeper of the servers had died and was started again.")


def _wait_until_ready(supervisor: Supervisor) -> None:
    limit = time.monotonic() + LONGEST_START_SECONDS
    while not _is_ready():
        for child in supervisor.revive():
            if child.deaths >= HOPELESS_DEATHS:
                raise Unavailable(f"{child.name} does not start; {child.log} ends: {_end(child)}")
        if time.monotonic() > limit:
            logs = settings().data / "logs"
            raise Unavailable(f"The site is not ready after two minutes; see {logs}.")
        time.sleep(TICK_SECONDS)


def _is_ready() -> bool:
    host = "127.0.0.1" if settings().host == "0.0.0.0" else settings().host  # noqa: S104
    address = f"http://{host}:{settings().port}/health/ready"
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return answer.status == 200  # noqa: PLR2004
    except (urllib.error.URLError, OSError):
        return False


def _end(child: Child) -> str:
    return child.log.read_text(errors="replace").strip()[-1000:]


@contextlib.contextmanager
def _running_servers() -> Iterator[Embedded | None]:
    began = step("Starting PostgreSQL and Redis")
    with contextlib.ExitStack() as stack:
        with began:
            embedded = stack.enter_context(servers())
        try:
            yield embedded
        finally:
            if embedded is not None:
                embedded.stop()


@contextlib.contextmanager
def _only_one() -> Iterator[None]:
    """Hold the data folder; the lock ends with the process, however that ends."""
    data = settings().data
    address = data / "address.json"
    lock = open_lock(data / "up.lock")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Conflict(
            f"Calibra already runs on {data}, at {_address(address)}; "
            "stop that one first, or choose another folder with --data."
        ) from None
    write_private(address, json.dumps({"origin": settings().origin}))
    yield


def _address(path: Path) -> str:
    with contextlib.suppress(OSError, json.JSONDecodeError, KeyError):
        return json.loads(path.read_text())["origin"]
    return "another port"


def _quietly_stop(supervisor: Supervisor) -> None:
    """Stop the children; a second Ctrl-C does not leave half of them."""
    for sign in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(sign, signal.SIG_IGN)
    say()
    with step("Stopping"):
        supervisor.stop()


def _ask_to_stop(*_: object) -> None:
    raise _Stop
