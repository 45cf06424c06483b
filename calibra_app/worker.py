"""The worker process: one child takes jobs from the queue, one keeps the clockwork.

Why two children: the one forks for each job, and a fork of a process with running threads may
inherit a lock that nobody will ever free. The clockwork is threads.
"""

import contextlib
import os
import signal
import subprocess
import sys
import threading
from types import FrameType

import structlog

from calibra_app.adapters import logs
from calibra_app.config import settings
from calibra_app.core.clock import fix_clock
from calibra_app.jobs.runner import work_off
from calibra_app.jobs.schedule import run_clockwork
from calibra_app.rendering.pdf import warm_up

QUEUE, CLOCKWORK = "queue", "clockwork"
STOP_SECONDS = 120
PAUSE_SECONDS = 1.0

log = structlog.get_logger(__name__)


def main(arguments: list[str] | None = None) -> int:
    """Run the part that the argument names, or both parts in children of this process."""
    part = (sys.argv[1:] if arguments is None else arguments)[:1]
    logs.set_up("worker")
    fix_clock(settings().now)
    match part:
        case [name] if name == QUEUE:
            # Printed once before the first fork, so that no child pays for the first time.
            warm_up()
            _end_with_parent()
            work_off()
        case [name] if name == CLOCKWORK:
            stop = threading.Event()
            _on_signal(stop)
            _end_with_parent()
            run_clockwork(stop)
        case _:
            _supervise()
    return 0


def _supervise() -> None:
    """Keep both children running until told to stop; then let a running job finish."""
    stop = threading.Event()
    _on_signal(stop)
    children = {name: _start(name) for name in (QUEUE, CLOCKWORK)}
    while not stop.wait(PAUSE_SECONDS):
        for name, child in children.items():
            if child.poll() is not None:
                log.warning("worker's child ended", part=name, code=child.returncode)
                _close(child)
                children[name] = _start(name)
    for child in children.values():
        child.terminate()
    for child in children.values():
        try:
            child.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        _close(child)


def _start(name: str) -> "subprocess.Popen[bytes]":
    words = [sys.executable, "-m", __name__, name]
    return subprocess.Popen(words, stdin=subprocess.PIPE)  # noqa: S603 (our own words)


def _close(child: "subprocess.Popen[bytes]") -> None:
    if child.stdin is not None:
        child.stdin.close()


def _on_signal(stop: threading.Event) -> None:
    def handle(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, handle)


def _end_with_parent() -> None:
    """End this process when its parent is gone, however that went: its pipe then closes."""

    def watch() -> None:
        with contextlib.suppress(OSError):
            while os.read(0, 1):
                pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="parent", daemon=True).start()


if __name__ == "__main__":
    # Under its own name, so that the children are started by it and not by `__main__`.
    from calibra_app.worker import main as run

    sys.exit(run())
