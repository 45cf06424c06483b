"""The one source of now: an aware instant in UTC."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

Clock = Callable[[], datetime]


class _FixedClock:
    """Holds what `fix_clock` was given; empty in every laboratory's installation."""

    source: str = ""


def fix_clock(source: str) -> None:
    """Let every later `system_clock()` answer a fixed instant; an empty text frees the clock.

    Args:
        source: An ISO 8601 instant with its offset, or `file:PATH` of a file that holds one. The
            file is read at each call, so that a journey can move the clock of all processes.

    Raises:
        ValueError: The text is no instant, or has no offset.
    """
    if source and not source.startswith("file:"):
        _instant(source)
    _FixedClock.source = source


def is_fixed() -> bool:
    """Say whether the clock stands at an instant chosen by a test."""
    return bool(_FixedClock.source)


def system_clock() -> datetime:
    """Return now in UTC, or the instant at which a test has fixed the clock."""
    source = _FixedClock.source
    if not source:
        return datetime.now(UTC)
    if source.startswith("file:"):
        return _instant(Path(source.removeprefix("file:")).read_text().strip())
    return _instant(source)


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        message = f"{text} has no offset from UTC"
        raise ValueError(message)
    return instant.astimezone(UTC)
