"""The processes that `up` starts: kept alive, stopped together, never left behind.

Each child leads a process group of its own, so that Ctrl-C reaches only `up`, which then stops
them in order; the kernel ends each child when `up` is killed; and what survives even that (a
grandchild) stands in a file and is stopped by the next start.
"""

import contextlib
import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from calibra_app.adapters.data_folder import write_private

SET_DEATH_SIGNAL = 1
FIRST_RETRY_SECONDS = 0.2
SLOWEST_RETRY_SECONDS = 10.0
SETTLED_SECONDS = 30.0
LARGEST_LOG_BYTES = 20_000_000


@dataclass(slots=True)
class Child:
    """One process to keep alive, with the memory of its failures."""

    name: str
    argv: list[str]
    environment: dict[str, str]
    folder: Path
    log: Path
    process: "subprocess.Popen[bytes] | None" = None
    started_at: float = 0.0
    not_before: float = 0.0
    pause_seconds: float = FIRST_RETRY_SECONDS
    deaths: int = 0


@dataclass(slots=True)
class Supervisor:
    """Starts children, restarts the ones that die, and stops them all.

    Args:
        record: A file that names the running children, for the next start.
    """

    record: Path
    children: list[Child] = field(default_factory=list)

    def stop_leftovers(self) -> int:
        """End what a killed supervisor has left; return how many processes that were."""
        stopped = 0
        with contextlib.suppress(FileNotFoundError, json.JSONDecodeError):
            record = json.loads(self.record.read_text())
            living = record["children"] if record["boot"] == this_boot() else []
            for pid, born in living:
                # A group outlives its leader, whose number stays taken as long as it does.
                if born_at(pid) in {0, born} and _signal_group(pid, signal.SIGKILL):
                    stopped += 1
        self.record.unlink(missing_ok=True)
        return stopped

    def start(self, child: Child) -> None:
        """Start a child and keep it from now on."""
        self.children.append(child)
        self._launch(child)

    def revive(self) -> list[Child]:
        """Restart the children that died, each at a growing distance; return the dead ones."""
        dead: list[Child] = []
        now = time.monotonic()
        for child in self.children:
            if child.process is None or child.process.poll() is None or now < child.not_before:
                continue
            # A worker's own children would go on without it, on the same port.
            _signal_group(child.process.pid, signal.SIGKILL)
            if now - child.started_at > SETTLED_SECONDS:
                child.pause_seconds, child.deaths = FIRST_RETRY_SECONDS, 0
            child.deaths += 1
            child.not_before = now + child.pause_seconds
            child.pause_seconds = min(2 * child.pause_seconds, SLOWEST_RETRY_SECONDS)
            dead.append(child)
            self._launch(child)
        return dead

    def stop(self, patience_seconds: float = 10.0) -> None:
        """Ask all children to end, then insist."""
        for child in self.children:
            if child.process is not None:
                _signal(child.process.pid, signal.SIGTERM)
        limit = time.monotonic() + patience_seconds
        for child in self.children:
            if child.process is None:
                continue
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.process.wait(max(0.0, limit - time.monotonic()))
            _signal_group(child.process.pid, signal.SIGKILL)
            child.process.wait()
        self.children.clear()
        self.record.unlink(missing_ok=True)

    def _launch(self, child: Child) -> None:
        child.log.parent.mkdir(parents=True, exist_ok=True)
        if child.log.exists() and child.log.stat().st_size > LARGEST_LOG_BYTES:
            child.log.rename(child.log.with_suffix(".log.1"))
        with child.log.open("ab") as log:
            child.process = subprocess.Popen(
                child.argv,
                cwd=child.folder,
                env=child.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=die_with_parent(),  # noqa: PLW1509 (a supervisor has one thread)
            )
        child.started_at = time.monotonic()
        living = [
            (other.process.pid, born_at(other.process.pid))
            for other in self.children
            if other.process is not None
        ]
        write_private(self.record, json.dumps({"boot": this_boot(), "children": living}))


class _DieWithParent:
    """What a new process does before it becomes the program: ask the kernel for a signal."""

    def __init__(self) -> None:
        self.parent = os.getpid()
        self.library = ctypes.CDLL(None) if sys.platform == "linux" else None

    def __call__(self) -> None:
        if self.library is not None:
            self.library.prctl(SET_DEATH_SIGNAL, signal.SIGTERM)
            if os.getppid() != self.parent:
                os._exit(1)


def die_with_parent() -> _DieWithParent:
    """Return what `preexec_fn` needs so that a child ends when its parent is killed."""
    return _DieWithParent()


def born_at(pid: int) -> int:
    """Return when a process began, in clock ticks since boot; 0 if there is none.

    Together with its number this names a process for good: numbers are used again.
    """
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[19])
    except OSError:
        return 0


def this_boot() -> str:
    """Return the name of this run of the machine; process numbers mean nothing in another."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""


def _signal(pid: int, sign: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, sign)


def _signal_group(pid: int, sign: signal.Signals) -> bool:
    try:
        os.killpg(pid, sign)
    except (ProcessLookupError, PermissionError):
        return False
    return True
