"""The mathematics of the records that each transition leaves: canonical JSON and the hash chain.

Canonical JSON follows RFC 8785 (sorted keys, no spaces, no escapes that are not needed) with one
rule of our own: there are no fractional numbers. An indication of 1.20 is text, since 1.2 would be
another reading; so equal records have equal bytes in every language that reads them.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import cast
from uuid import UUID

# What the first record of a request names as the one before it.
GENESIS = "0" * 64

# Beyond this a reader that holds numbers as doubles would see another number.
_LARGEST_WHOLE_NUMBER = 2**53 - 1


class NotCanonical(ValueError):
    """A value has no canonical form: a float, an instant without zone, a key that is no text."""


@dataclass(frozen=True, slots=True)
class Record:
    """One link of the chain as it is kept."""

    number: int
    previous: str
    digest: str
    body: str


@dataclass(frozen=True, slots=True)
class ChainBreak:
    """The first record that does not fit, and why."""

    number: int
    reason: str


def canonical(value: object) -> str:
    """Return a value's canonical JSON.

    Decimals, instants, dates, identifiers and enumerations become text; mappings are sorted by
    key in the order of UTF-16 code units.

    Raises:
        NotCanonical: The value, or something within it, has no canonical form.
    """
    return json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def record_hash(previous: str, body: str) -> str:
    """Return the SHA-256 digest of a record's body and of the digest before it."""
    return hashlib.sha256(f"{previous}\n{body}".encode()).hexdigest()


def next_record(last: Record | None, content: object) -> Record:
    """Return the record that follows the last one, or the first of a chain."""
    body = canonical(content)
    previous = last.digest if last else GENESIS
    number = last.number + 1 if last else 1
    return Record(number, previous, record_hash(previous, body), body)


def verify_chain(records: Sequence[Record]) -> ChainBreak | None:
    """Return the first break of a whole chain, or None where every record fits."""
    previous = GENESIS
    for expected, record in enumerate(records, start=1):
        if record.number != expected:
            return ChainBreak(expected, f"record {expected} is missing")
        if record.previous != previous:
            return ChainBreak(expected, "it does not name the record before it")
        if record.digest != record_hash(record.previous, record.body):
            return ChainBreak(expected, "its content is not what was recorded")
        previous = record.digest
    return None


def _plain(value: object) -> object:  # noqa: PLR0911  one line for each kind of value
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Enum):
        return _plain(value.value)
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, int):
        if abs(value) > _LARGEST_WHOLE_NUMBER:
            raise NotCanonical(f"{value} is too large for a whole number; write it as text")
        return value
    if isinstance(value, Decimal):
        return _decimal(value)
    if isinstance(value, datetime):
        return _instant(value)
    if isinstance(value, date | UUID):
        return str(value)
    return _collection(value)


def _collection(value: object) -> object:
    if isinstance(value, Mapping):
        return _sorted(cast("Mapping[object, object]", value))
    if isinstance(value, list | tuple):
        return [_plain(each) for each in cast("Sequence[object]", value)]
    raise NotCanonical(f"a {type(value).__name__} has no canonical form")


def _sorted(value: Mapping[object, object]) -> dict[str, object]:
    keys = list(value)
    if not all(isinstance(key, str) for key in keys):
        raise NotCanonical("the keys of a record are text")
    texts = sorted(map(str, keys), key=lambda key: _text(key).encode("utf-16-be"))
    return {key: _plain(value[key]) for key in texts}


def _text(value: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise NotCanonical("half a character has no canonical form") from error
    return str(value)


def _decimal(value: Decimal) -> str:
    if not value.is_finite():
        raise NotCanonical(f"{value} is no number")
    return str(value)


def _instant(value: datetime) -> str:
    if value.tzinfo is None:
        raise NotCanonical("an instant has an offset")
    return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
