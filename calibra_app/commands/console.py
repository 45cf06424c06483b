"""What a command says on the terminal: plain sentences, and how long a step took."""

import contextlib
import sys
import time
from collections.abc import Iterator


def say(text: str = "") -> None:
    """Print a line at once, also into a pipe."""
    print(text, flush=True)


def complain(text: str) -> None:
    """Print a line for what went wrong."""
    print(text, file=sys.stderr, flush=True)


@contextlib.contextmanager
def step(text: str) -> Iterator[None]:
    """Say what begins, and when it is done how long it took."""
    began = time.monotonic()
    print(f"{text} …", end="", flush=True)
    try:
        yield
    except BaseException:
        say(" not done")
        raise
    say(f" {time.monotonic() - began:.1f} s")
