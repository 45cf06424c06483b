"""Rows of the engine's benchmark: two sides in turns, or one against a limit."""

import random
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Row = dict[str, str | float]
LIMIT_BLOCKS, LIMIT_ROUNDS = 15, 20


@dataclass(frozen=True)
class Blocks:
    """Seconds of both sides by block, each the median of its rounds."""

    ours: Sequence[float]
    theirs: Sequence[float]


def in_blocks(
    ours: Callable[[], object],
    theirs: Callable[[], object],
    blocks: int,
    rounds: int,
    rounds_of_theirs: int | None = None,
) -> Blocks:
    """Time two sides in turns, in random order; the first turn of each is not counted."""
    order = random.Random(17025)  # noqa: S311 - an order, no secret
    found: tuple[list[float], list[float]] = ([], [])
    sides = (ours, theirs)
    turns = [0] * rounds + [1] * (rounds_of_theirs or rounds)
    for side in sides:
        side()
    for _ in range(blocks):
        times: tuple[list[float], list[float]] = ([], [])
        order.shuffle(turns)
        for which in turns:
            before = time.process_time()
            sides[which]()
            times[which].append(time.process_time() - before)
        for which in (0, 1):
            found[which].append(statistics.median(times[which]))
    return Blocks(*found)


def row(what: str, peer: str, sides: Blocks, *, at_least: float = 0.0, at_most: float = 0.0) -> Row:
    """Return the row of a comparison: how many times faster, or how many times as long."""
    pairs = list(zip(sides.ours, sides.theirs, strict=True))
    ratios = [theirs / ours if at_least else ours / theirs for ours, theirs in pairs]
    ratio = statistics.median(ratios)
    return {
        "what": what,
        "beside": peer,
        "calibra ms": _shown(statistics.median(sides.ours) * 1e3),
        "peer ms": _shown(statistics.median(sides.theirs) * 1e3),
        "ratio": f"{_shown(ratio)} x {'faster' if at_least else 'as long'}",
        "blocks": f"{_shown(min(ratios))} to {_shown(max(ratios))}",
        "limit": f"at least {at_least:g}" if at_least else f"at most {at_most:g}",
        "kept": "yes" if (ratio >= at_least if at_least else ratio <= at_most) else "NO",
    }


def milliseconds(deed: Callable[[], object]) -> list[float]:
    """Return the medians of blocks of a deed's milliseconds; the first deed is not counted."""
    deed()
    medians: list[float] = []
    for _ in range(LIMIT_BLOCKS):
        times: list[float] = []
        for _ in range(LIMIT_ROUNDS):
            before = time.process_time()
            deed()
            times.append((time.process_time() - before) * 1e3)
        medians.append(statistics.median(times))
    return medians


def row_of_limit(what: str, medians: Sequence[float], limit_ms: float) -> Row:
    """Return the row of a deed that has a limit in milliseconds."""
    found = statistics.median(medians)
    return {
        "what": what,
        "beside": "limit in ms",
        "calibra ms": _shown(found),
        "peer ms": "",
        "ratio": "",
        "blocks": f"{_shown(min(medians))} to {_shown(max(medians))}",
        "limit": f"at most {limit_ms:g} ms",
        "kept": "yes" if found <= limit_ms else "NO",
    }


def row_of_memory(what: str, megabytes: float, peer: str, theirs: float) -> Row:
    """Return the row of a peak of memory beside that of a peer."""
    return {
        "what": what,
        "beside": peer,
        "calibra ms": f"{megabytes:.1f} MB",
        "peer ms": f"{theirs:.1f} MB" if theirs else "",
        "ratio": f"{_shown(megabytes / theirs)} x as much" if theirs else "",
        "blocks": "",
        "limit": "",
        "kept": "",
    }


def _shown(value: float) -> str:
    return f"{value:.3g}" if value < 1000 else f"{value:.0f}"  # noqa: PLR2004
