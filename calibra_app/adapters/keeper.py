"""The keeper: one process for each data folder that owns PostgreSQL and Redis and revives them.

Why a process of its own: the servers outlive the command that asked for them first, as long as any
other command holds a lease. A lease is a shared kernel lock on a file, so a command that is killed
leaves nothing to clean up. A keeper that is killed leaves the servers running; the next one adopts
PostgreSQL and replaces Redis.
"""

import contextlib
import fcntl
import json
import os
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from calibra_app.adapters.data_folder import DataFolder, open_lock, write_private
from calibra_app.adapters.servers import Postgres, Redis, Server
from calibra_app.core.errors import CalibraError, Unavailable

LINGER_SECONDS = 2.0
TICK_SECONDS = 0.05
# Crash recovery of a large database is long, and a server that recovers must not be hurried.
LONGEST_START_SECONDS = 600.0
SETTLED_SECONDS = 60.0
FIRST_RETRY_SECONDS = 0.1
SLOWEST_RETRY_SECONDS = 10.0


@dataclass(slots=True)
class Watched:
    """A server with the memory of its failures."""

    server: Server
    pause_seconds: float = FIRST_RETRY_SECONDS
    started_at: float = 0.0
    not_before: float = 0.0


class Keeper:
    """Starts both servers, restarts either when it dies, stops both when nobody needs them."""

    def __init__(self, root: Path, *, test: bool) -> None:
        """Prepare, without starting anything."""
        self.folder = DataFolder(root)
        self.postgres = Postgres(self.folder, test=test)
        self.redis = Redis(self.folder, test=test)
        self.watched = [Watched(self.postgres), Watched(self.redis)]
        self.stopping = False
        self.idle_since = 0.0

    def run(self) -> None:
        """Keep the servers until the last lease has been gone for a while, or until SIGTERM."""
        signal.signal(signal.SIGTERM, self._ask_to_stop)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        with self.folder.only_one("keeper.lock"):
            try:
                self._start_all()
            except CalibraError as error:
                self._publish(error=error.message)
                self._stop_all()
                raise
            leases = open_lock(self.folder.leases)
            while not self.stopping and self._folder_is_there():
                time.sleep(TICK_SECONDS)
                self._revive()
                if self._nobody_needs_us(leases):
                    # Under the lock of `acquire`, so that nobody is half-way through it.
                    with self.folder.only_one("acquire.lock"):
                        if self._free(leases):
                            self._stop_all()
                            return
            self._stop_all()

    def _start_all(self) -> None:
        for watched in self.watched:
            watched.server.start()
            watched.started_at = time.monotonic()
        limit = time.monotonic() + LONGEST_START_SECONDS
        while not all(watched.server.ready() for watched in self.watched):
            for watched in self.watched:
                if not watched.server.alive():
                    raise Unavailable(
                        f"{watched.server.name} did not start; {self.folder.log} says: "
                        f"{self.folder.log.read_text(errors='replace')[-800:]}"
                    )
            if self.stopping or time.monotonic() > limit:
                raise Unavailable(f"The servers were not ready; see {self.folder.log}.")
            time.sleep(0.005)
        self._publish()

    def _revive(self) -> None:
        now = time.monotonic()
        for watched in self.watched:
            if watched.server.alive() or now < watched.not_before:
                continue
            if now - watched.started_at > SETTLED_SECONDS:
                watched.pause_seconds = FIRST_RETRY_SECONDS
            watched.not_before = now + watched.pause_seconds
            watched.pause_seconds = min(2 * watched.pause_seconds, SLOWEST_RETRY_SECONDS)
            watched.started_at = now
            self._say(f"{watched.server.name} had died and is started again")
            try:
                watched.server.start()
            except (CalibraError, OSError) as error:
                self._say(str(error))
            self._publish()

    def _nobody_needs_us(self, leases: int) -> bool:
        if not self._free(leases):
            self.idle_since = 0.0
            return False
        self.idle_since = self.idle_since or time.monotonic()
        return time.monotonic() - self.idle_since > LINGER_SECONDS

    def _free(self, leases: int) -> bool:
        try:
            fcntl.flock(leases, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        fcntl.flock(leases, fcntl.LOCK_UN)
        return True

    def _folder_is_there(self) -> bool:
        return self.folder.leases.exists()

    def _stop_all(self) -> None:
        if self.folder.root.exists():
            self.folder.published.unlink(missing_ok=True)
        for watched in self.watched:
            watched.server.stop()
        with contextlib.suppress(OSError):
            for file in self.folder.sockets.iterdir():
                file.unlink()
            self.folder.sockets.rmdir()

    def _publish(self, error: str = "") -> None:
        state = {
            "keeper_pid": os.getpid(),
            "postgres_pid": self.postgres.pid,
            "redis_pid": self.redis.pid,
            "superuser_url": self.postgres.url,
            "redis_url": self.redis.url,
            "error": error,
        }
        write_private(self.folder.published, json.dumps(state))

    def _ask_to_stop(self, *_: object) -> None:
        self.stopping = True

    def _say(self, text: str) -> None:
        sys.stderr.write(f"keeper: {text}\n")
        sys.stderr.flush()


def main(arguments: list[str]) -> None:
    """Keep the data folder named first; the word `test` after it trades safety for speed."""
    root, *words = arguments
    os.chdir("/")
    Keeper(Path(root), test="test" in words).run()


if __name__ == "__main__":
    main(sys.argv[1:])
