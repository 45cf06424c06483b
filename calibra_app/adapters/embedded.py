"""PostgreSQL and Redis from their wheels, started and stopped with the commands that need them."""

import contextlib
import fcntl
import json
import os
import signal
import sys
import time
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Self

import calibra_app
from calibra_app.adapters.data_folder import DataFolder, is_running, open_lock
from calibra_app.adapters.servers import Postgres, Redis
from calibra_app.config import child_environment
from calibra_app.core.errors import Unavailable

KEEPER = "calibra_app.adapters.keeper"


@dataclass(frozen=True, slots=True)
class Services:
    """Where the embedded servers are found, and by which numbers their processes go."""

    superuser_url: str
    redis_url: str
    keeper_pid: int
    postgres_pid: int
    redis_pid: int


class Embedded:
    """A command's hold on the servers of one data folder.

    Any number of processes may hold them; the servers stop when the last one lets go or dies.

    Args:
        root: The data folder; made if it is not there.
        test: Trade safety against power loss for speed, for data that is thrown away.
    """

    def __init__(self, root: Path, *, test: bool = False) -> None:
        """Prepare, without starting anything."""
        self.folder = DataFolder(root)
        self.test = test
        self._lease: int | None = None

    def __enter__(self) -> Self:
        """Hold the servers for a block."""
        self.acquire()
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of them."""
        self.release()

    def acquire(self, timeout_seconds: float = 120.0) -> Services:
        """Return the running servers, starting them if needed; may be called again at any time.

        Raises:
            Unavailable: A server cannot be started; the sentence says why.
        """
        limit = time.monotonic() + timeout_seconds
        with self.folder.only_one("acquire.lock"):
            if self._lease is None:
                self._lease = open_lock(self.folder.leases)
                fcntl.flock(self._lease, fcntl.LOCK_SH)
            services = self.services()
            if services is None:
                self.folder.published.unlink(missing_ok=True)
                keeper = self._start_keeper()
                while services is None:
                    if time.monotonic() > limit or _has_ended(keeper):
                        self.release()
                        raise Unavailable(self._complaint())
                    time.sleep(0.01)
                    services = self.services()
        while not self._answers():
            if time.monotonic() > limit:
                raise Unavailable(f"The servers do not answer; see {self.folder.log}.")
            if self.services() is None:
                # Their keeper was just leaving when we came.
                return self.acquire(limit - time.monotonic())
            time.sleep(0.01)
        return services

    def services(self) -> Services | None:
        """Return the servers as their keeper last published them, or None if none keeps them."""
        state = self._published()
        if state.get("error") or not is_running(int(state.get("keeper_pid", 0)), KEEPER):
            return None
        return Services(**{field.name: state[field.name] for field in fields(Services)})

    def release(self) -> None:
        """Let go; the servers stop soon after, unless somebody else holds them."""
        if self._lease is not None:
            os.close(self._lease)
            self._lease = None

    def stop(self, timeout_seconds: float = 90.0) -> None:
        """Stop the servers now, whoever holds them, and wait until they are gone."""
        self.release()
        pid = int(self._published().get("keeper_pid", 0))
        limit = time.monotonic() + timeout_seconds
        with contextlib.suppress(ProcessLookupError):
            if is_running(pid, KEEPER):
                os.kill(pid, signal.SIGTERM)
        while is_running(pid, KEEPER) and time.monotonic() < limit:
            _has_ended(pid)
            time.sleep(0.01)

    def _answers(self) -> bool:
        postgres = Postgres(self.folder, test=self.test)
        services = self.services()
        postgres.pid = services.postgres_pid if services else 0
        return postgres.ready() and Redis(self.folder, test=self.test).ready()

    def _start_keeper(self) -> int:
        """Start the keeper and return its number.

        Spawned without an object that owns it: it is meant to outlive us.
        """
        project = Path(calibra_app.__path__[0]).parent
        words = ["test"] if self.test else []
        log = os.open(self.folder.log, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
        try:
            return os.posix_spawn(
                sys.executable,
                [sys.executable, "-m", KEEPER, str(self.folder.root), *words],
                child_environment(PYTHONPATH=str(project)),
                file_actions=[
                    (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                    (os.POSIX_SPAWN_DUP2, log, 1),
                    (os.POSIX_SPAWN_DUP2, log, 2),
                ],
                setsid=True,
            )
        finally:
            os.close(log)

    def _complaint(self) -> str:
        with contextlib.suppress(FileNotFoundError):
            tail = self.folder.log.read_text(errors="replace")[-800:]
            return str(self._published().get("error") or f"The servers did not start: {tail}")
        return "The servers did not start."

    def _published(self) -> dict[str, Any]:
        with contextlib.suppress(FileNotFoundError, json.JSONDecodeError):
            return json.loads(self.folder.published.read_text())
        return {}


def _has_ended(pid: int) -> bool:
    """Say whether a child has ended, reaping it; what is not our child has not."""
    with contextlib.suppress(ChildProcessError):
        return os.waitpid(pid, os.WNOHANG)[0] == pid
    return False
