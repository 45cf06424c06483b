"""What a sheet's figures were computed from, so that a keystroke recomputes what it changes."""

from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar, cast

Kept = TypeVar("Kept")


class Memory:
    """Results by key, each with the rows of the sheet that were read to find it.

    The rows are noted while a result is computed, those of results within it as well: nobody has
    to say beforehand what depends on what. A refusal is not kept, yet what was read for it counts
    for the result around it, which may have gone another way because of it.
    """

    def __init__(self) -> None:
        """Begin with nothing."""
        self._kept: dict[Hashable, object] = {}
        self._rows: dict[Hashable, frozenset[str]] = {}
        self._open: list[set[str]] = []

    def result(self, key: Hashable, compute: Callable[[], Kept]) -> Kept:
        """Return a result, computed where it is not kept."""
        if key not in self._kept:
            self._open.append(set())
            try:
                self._kept[key] = compute()
            finally:
                rows = frozenset(self._open.pop())
                self.reads(rows)
            self._rows[key] = rows
        else:
            self.reads(self._rows[key])
        return cast("Kept", self._kept[key])

    def reads(self, rows: Iterable[str]) -> None:
        """Note that rows of the sheet are read for what is being computed."""
        if self._open:
            self._open[-1].update(rows)

    def after(self, changed: Iterable[str]) -> "Memory":
        """Return a memory of all that no changed row was read for."""
        rows = frozenset(changed)
        later = Memory()
        for key, read in self._rows.items():
            if rows.isdisjoint(read):
                later._kept[key], later._rows[key] = self._kept[key], read
        return later
