"""How quickly one caller may come: a token bucket for each, in this process."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

MOST_CALLERS = 10_000


@dataclass
class Pace:
    """Lets a caller do `at_once` things at once and `per_second` from then on."""

    per_second: float
    at_once: float
    clock: Callable[[], float] = time.monotonic
    _left: dict[str, tuple[float, float]] = field(default_factory=dict)

    def allows(self, caller: str) -> bool:
        """Take one from the caller's bucket; say whether there was one."""
        now = self.clock()
        left, then = self._left.get(caller, (self.at_once, now))
        left = min(self.at_once, left + (now - then) * self.per_second)
        if len(self._left) >= MOST_CALLERS:
            # Whoever has not come for a while has a full bucket anyway.
            self._left.clear()
        self._left[caller] = (max(left - 1, -1.0) if left >= 1 else left, now)
        return left >= 1
