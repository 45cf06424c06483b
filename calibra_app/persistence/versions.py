"""Changing a row only if nobody else has changed it since it was seen."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar

from calibra_app.core.errors import Conflict
from calibra_app.models.base import TenantOwned, Versioned
from calibra_app.persistence.unit_of_work import UnitOfWork

LONGEST_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Difference:
    """One field in which what is stored and what was typed differ."""

    field: str
    stored: str
    typed: str


class Stale(Conflict):
    """Somebody else has changed the record since it was opened."""

    code: ClassVar[str] = "stale"

    def __init__(self, differences: tuple[Difference, ...]) -> None:
        """Keep the differences and say them."""
        told = "; ".join(
            f"{each.field.replace('_', ' ')} is now “{each.stored}”, you have “{each.typed}”"
            for each in differences
        )
        super().__init__(
            "Somebody else has changed this since you opened it"
            + (f": {told}." if told else ".")
            + " Open it again, then save what you still want to change."
        )
        self.differences = differences


def amend(work: UnitOfWork, row: TenantOwned, seen: int, fields: Mapping[str, Any]) -> bool:
    """Write fields into a row that nobody has changed since version `seen`; say if any differed.

    Args:
        work: The transaction; the row comes locked, from `work.get`.
        row: A row with a version.
        seen: The version that the person had on the screen.
        fields: Column and new value.

    Raises:
        Stale: The row has a newer version; nothing is written.
    """
    changed = {name: value for name, value in fields.items() if getattr(row, name) != value}
    if isinstance(row, Versioned) and row.version != seen:
        raise Stale(
            tuple(
                Difference(name, _shown(getattr(row, name)), _shown(value))
                for name, value in changed.items()
            )
        )
    for name, value in changed.items():
        setattr(row, name, value)
    if changed:
        work.add(row)
    return bool(changed)


def _shown(value: object) -> str:
    if isinstance(value, StrEnum):
        return value.value.replace("_", " ")
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = "" if value is None else str(value)
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"
