"""Content: what a document states, as frozen values that become JSON and return from it.

Why not pydantic: a content type is stored once and printed for decades. Plain dataclasses with one
small codec keep a `Decimal`'s trailing zeros, refuse unknown or missing fields, and need nothing
but the standard library to be read again. A field that is added later needs a default: what was
stored without it must stay readable (`tests/rendering/stored/` holds such content).
"""

import json
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Self, cast, get_args, get_origin, get_type_hints


class UnreadableContent(ValueError):
    """Stored content does not have the form that its kind of document asks for."""


class Content:
    """The base of every content type: a frozen dataclass that becomes JSON and returns from it."""

    __slots__ = ()

    def to_json(self) -> dict[str, Any]:
        """Return the content as plain JSON values; a decimal becomes text, so no digit is lost."""
        return cast("dict[str, Any]", _plain(self))

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Return the content that `to_json` gave.

        Raises:
            UnreadableContent: A field is missing, unknown or of another type.
        """
        return cast("Self", _typed(cls, data, cls.__name__))

    def canonical(self) -> bytes:
        """Return the bytes that stand for this content: equal content, equal bytes."""
        return canonical_json(self.to_json())


def canonical_json(data: Mapping[str, Any]) -> bytes:
    """Return JSON with sorted keys and without spaces, in UTF-8."""
    text = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode()


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_plain(item) for item in cast("tuple[Any, ...]", value)]
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, Decimal):
        return str(value)
    return value


@cache
def _fields_of(kind: type) -> dict[str, tuple[Any, bool]]:
    hints = get_type_hints(kind)
    return {
        field.name: (
            hints[field.name],
            field.default is MISSING and field.default_factory is MISSING,
        )
        for field in fields(kind)
    }


def _typed(kind: Any, value: Any, place: str) -> Any:
    origin = get_origin(kind)
    if origin is UnionType:
        return _optional(kind, value, place)
    if origin is tuple:
        return _sequence(kind, value, place)
    if is_dataclass(kind):
        return _record(cast("type", kind), value, place)
    return _scalar(cast("type", kind), value, place)


def _optional(kind: Any, value: Any, place: str) -> Any:
    if value is None:
        return None
    (inner,) = (part for part in get_args(kind) if part is not NoneType)
    return _typed(inner, value, place)


def _sequence(kind: Any, value: Any, place: str) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise UnreadableContent(f"{place} is not a list")
    inner = get_args(kind)[0]
    items = cast("list[Any]", value)
    return tuple(_typed(inner, item, f"{place}[{index}]") for index, item in enumerate(items))


def _record(kind: type, value: Any, place: str) -> Any:
    if not isinstance(value, Mapping):
        raise UnreadableContent(f"{place} is not an object")
    given = cast("Mapping[str, Any]", value)
    known = _fields_of(kind)
    for name in given:
        if name not in known:
            raise UnreadableContent(f"{place} has no field {name}")
    for name, (_, required) in known.items():
        if required and name not in given:
            raise UnreadableContent(f"{place} lacks {name}")
    return kind(
        **{name: _typed(known[name][0], part, f"{place}.{name}") for name, part in given.items()}
    )


def _scalar(kind: type, value: Any, place: str) -> Any:
    try:
        if kind in (bool, int) and type(value) is kind:
            return value
        if kind in (bool, int) or not isinstance(value, str):
            raise UnreadableContent(f"{place} is not a {kind.__name__}")
        if kind in (date, datetime):
            return kind.fromisoformat(value)
        if kind is str or issubclass(kind, (Decimal, StrEnum)):
            return kind(value)
    except (ValueError, ArithmeticError) as error:
        raise UnreadableContent(f"{place}: {error}") from error
    raise UnreadableContent(f"{place} is of a type that content does not hold: {kind}")
