"""A page of a long list and the place where the next one begins.

Why here: a service returns a page, the site and the HTTP interface pass its cursor on, and
neither may look into what another floor keeps.
"""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Generic, TypeAlias, TypeVar
from uuid import UUID

from calibra_app.core.errors import Invalid

T = TypeVar("T")
S = TypeVar("S")
KeyValue: TypeAlias = str | int | date | datetime | Decimal | UUID

PAGE_SIZE = 50
LONGEST_CURSOR = 2_000

_READERS: dict[type, Callable[[str], KeyValue]] = {
    str: str,
    int: int,
    Decimal: Decimal,
    UUID: UUID,
    date: date.fromisoformat,
    datetime: datetime.fromisoformat,
}


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows of a list; an empty `next_cursor` says that they are the last."""

    rows: tuple[T, ...]
    next_cursor: str = ""

    def of(self, make: "Callable[[T], S]") -> "Page[S]":
        """Return the same page with something made of each row."""
        return Page(tuple(make(row) for row in self.rows), self.next_cursor)


def write_cursor(values: Sequence[KeyValue]) -> str:
    """Return the keys of a page's last row as text that fits into an address."""
    texts = [
        value.isoformat() if isinstance(value, date | datetime) else str(value) for value in values
    ]
    written = json.dumps(texts, ensure_ascii=False, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(written).rstrip(b"=").decode()


def read_cursor(cursor: str, kinds: Sequence[type]) -> tuple[KeyValue, ...]:
    """Return the keys that a cursor holds.

    Args:
        cursor: What `write_cursor` gave.
        kinds: The type of each key, in the order of the list's sorting.

    Raises:
        Invalid: The text is no cursor of a list with these keys.
    """
    refusal = Invalid("This place in the list is gone. Start again from its top.", field="cursor")
    if len(cursor) > LONGEST_CURSOR:
        raise refusal
    try:
        texts: Any = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if len(texts) != len(kinds):
            raise refusal
        return tuple(_READERS[kind](str(text)) for kind, text in zip(kinds, texts, strict=True))
    except (ValueError, TypeError, KeyError, InvalidOperation, binascii.Error) as error:
        raise refusal from error
