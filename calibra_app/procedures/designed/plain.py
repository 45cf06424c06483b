"""Records of a design from plain data and back, refusing with the place and what was expected.

A design is written by people, by templates and by the designer page; whoever wrote it is told
the path of the field ("tables[0].inputs[2].half_width") instead of a traceback. Defaults are
not written, so that two designs which mean the same are the same text and have one digest.
"""

import dataclasses
import types
from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import cache
from typing import Any, Final, TypeVar, cast, get_args, get_origin, get_type_hints

from calibra_app.metrology.quantity import MetrologyError

Record = TypeVar("Record")

LONGEST_TEXT: Final = 2000
MOST_ITEMS: Final = 500
DEEPEST: Final = 6


class DesignError(MetrologyError):
    """A design cannot be used; `path` is the place, `sentence` what was expected there.

    Within a formula `start` and `end` enclose what is refused, counted from 0.
    """

    def __init__(self, path: str, sentence: str, start: int = 0, end: int = 0) -> None:
        """Keep place and sentence beside the whole message."""
        self.path, self.sentence, self.start, self.end = path, sentence, start, end
        super().__init__(f"{path}: {sentence}" if path else sentence)


def read_record(kind: type[Record], data: object, path: str = "") -> Record:
    """Return a record from plain data.

    Raises:
        DesignError: A field is missing, unknown or of another form.

    Example:
        >>> @dataclasses.dataclass(frozen=True)
        ... class Step:
        ...     up_to: str
        >>> read_record(Step, {"up_to": 3}, "steps[0]").up_to
        '3'
    """
    if not isinstance(data, Mapping):
        raise DesignError(path, "expected a record of named fields")
    given = cast("Mapping[object, object]", data)
    columns = _columns(kind)
    values: dict[str, Any] = {}
    for name, value in given.items():
        if not isinstance(name, str) or name not in columns:
            wanted = ", ".join(columns)
            raise DesignError(_join(path, str(name)[:60]), f"no such field; expected {wanted}")
        values[name] = _read(columns[name][0], value, _join(path, name))
    for name, (_, required) in columns.items():
        if required and name not in values:
            raise DesignError(_join(path, name), "is missing")
    return kind(**values)


def write_record(record: object) -> dict[str, object]:
    """Return a record as plain data without the fields that stand at their default."""
    written: dict[str, object] = {}
    for column in dataclasses.fields(cast("Any", record)):
        value: object = getattr(record, column.name)
        if value != _default(column):
            written[column.name] = _write(value)
    return written


def _default(column: "dataclasses.Field[Any]") -> object:
    if column.default is not dataclasses.MISSING:
        return column.default
    if column.default_factory is not dataclasses.MISSING:
        return column.default_factory()
    return dataclasses.MISSING


@cache
def _columns(kind: type) -> dict[str, tuple[Any, bool]]:
    hints = get_type_hints(kind)
    return {
        column.name: (hints[column.name], _default(column) is dataclasses.MISSING)
        for column in dataclasses.fields(kind)
    }


def _read(kind: Any, value: object, path: str) -> object:  # noqa: PLR0911
    if kind is object:
        return _read_plain(value, path, 0)
    if isinstance(kind, types.UnionType):
        inner = next(each for each in get_args(kind) if each is not types.NoneType)
        return None if value is None else _read(inner, value, path)
    if get_origin(kind) is tuple:
        return _read_list(get_args(kind)[0], value, path)
    if get_origin(kind) is not None:
        return _read_mapping(get_args(kind)[1], value, path)
    if kind is bool:
        if not isinstance(value, bool):
            raise DesignError(path, "expected true or false")
        return value
    if kind is str:
        return read_text(value, path)
    if issubclass(kind, StrEnum):
        words = [each.value for each in kind]
        if value not in words:
            raise DesignError(path, f"expected one of {', '.join(word for word in words if word)}")
        return kind(value)
    return read_record(kind, value, path)


def read_text(value: object, path: str) -> str:
    """Return a text; a number is taken as it was written."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return repr(value)
    if not isinstance(value, str):
        raise DesignError(path, "expected a text")
    if len(value) > LONGEST_TEXT:
        raise DesignError(path, f"at most {LONGEST_TEXT} characters")
    return value.strip()


def _read_list(kind: Any, value: object, path: str) -> tuple[object, ...]:
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise DesignError(path, "expected a list")
    items = cast("Sequence[object]", value)
    if len(items) > MOST_ITEMS:
        raise DesignError(path, f"at most {MOST_ITEMS} entries")
    return tuple(_read(kind, item, f"{path}[{at}]") for at, item in enumerate(items))


def _read_mapping(kind: Any, value: object, path: str) -> dict[str, object]:
    if not isinstance(value, Mapping):
        raise DesignError(path, "expected a record of named fields")
    items = cast("Mapping[object, object]", value)
    return {str(name): _read(kind, item, _join(path, str(name))) for name, item in items.items()}


def _read_plain(value: object, path: str, depth: int) -> object:
    """Return a parameter's default: a text, a list of texts, or a list of records."""
    if depth > DEEPEST:
        raise DesignError(path, "too deeply nested")
    if isinstance(value, Mapping):
        items = cast("Mapping[object, object]", value)
        return {str(name): _read_plain(item, path, depth + 1) for name, item in items.items()}
    if isinstance(value, list | tuple):
        listed = cast("Sequence[object]", value)
        if len(listed) > MOST_ITEMS:
            raise DesignError(path, f"at most {MOST_ITEMS} entries")
        return [_read_plain(item, f"{path}[{at}]", depth + 1) for at, item in enumerate(listed)]
    return read_text(value, path)


def _write(value: object) -> object:
    if dataclasses.is_dataclass(value):
        return write_record(value)
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, Mapping):
        items = cast("Mapping[str, object]", value)
        return {name: _write(item) for name, item in items.items()}
    if isinstance(value, list | tuple):
        return [_write(item) for item in cast("Sequence[object]", value)]
    return value


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
