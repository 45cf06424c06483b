"""A design as plain data, changed at a place: each change gives a new one, so all can be undone."""

import copy
import json
import re
import zlib
from collections.abc import Mapping
from typing import Any, Final, cast

from calibra_app.core.errors import Invalid
from calibra_app.ui.pages.designs.lines import read_lines, read_list, write_lines, write_list
from calibra_app.ui.pages.designs.shape import (
    COVERAGE,
    GENERAL,
    PARTS,
    RESULT,
    TABLE,
    Control,
    Field,
    Part,
)
from calibra_app.ui.words import say

Plain = dict[str, Any]
_STEP: Final = re.compile(r"([A-Za-z_]+)(?:\[([0-9]{1,3})\])?")
RECORDS: Final[Mapping[str, tuple[Field, ...]]] = {
    "": GENERAL,
    "coverage_choice": COVERAGE,
    "result": RESULT,
}


def packed(design: Plain, sample: Plain) -> bytes:
    """Return a design with its sample as one small piece."""
    return zlib.compress(json.dumps([design, sample]).encode())


def unpacked(piece: bytes) -> tuple[Plain, Plain]:
    """Return a design and its sample as they were packed."""
    design, sample = json.loads(zlib.decompress(piece))
    return design, sample


def steps_of(path: str) -> list[str | int]:
    """Return the steps of a path such as `tables[0].inputs[2].unit`.

    Raises:
        Invalid: It is no path.
    """
    steps: list[str | int] = []
    for part in path.split(".") if path else []:
        match = _STEP.fullmatch(part)
        if match is None:
            raise Invalid(say("There is no such place in the design."))
        steps.append(match.group(1))
        if match.group(2) is not None:
            steps.append(int(match.group(2)))
    return steps


def at(design: Plain, path: str) -> Any:
    """Return what stands at a place; None where nothing does."""
    found: Any = design
    for step in steps_of(path):
        if isinstance(step, int):
            if not isinstance(found, list) or not 0 <= step < len(cast("list[Any]", found)):
                return None
            found = cast("list[Any]", found)[step]
        else:
            found = cast("Plain", found).get(step) if isinstance(found, Mapping) else None
    return found


def put(design: Plain, path: str, value: object) -> Plain:
    """Return the design with a value at a place; None takes it away."""
    made = copy.deepcopy(design)
    *way, last = steps_of(path)
    here: Any = made
    for number, step in enumerate(way):
        if isinstance(step, int):
            if not isinstance(here, list) or step >= len(cast("list[Any]", here)):
                raise Invalid(say("There is no such place in the design."))
            here = here[step]
        else:
            empty: object = [] if number + 1 < len(way) and isinstance(way[number + 1], int) else {}
            here = here.setdefault(step, empty)
    if not isinstance(here, dict) or not isinstance(last, str):
        raise Invalid(say("There is no such place in the design."))
    if value is None:
        here.pop(last, None)
    else:
        here[last] = value
    return made


def listed(design: Plain, path: str) -> list[Any]:
    """Return the list at a place; empty where there is none."""
    found = at(design, path)
    return cast("list[Any]", found) if isinstance(found, list) else []


def add(design: Plain, path: str, record: Mapping[str, object]) -> Plain:
    """Return the design with a record more at the end of a list."""
    return put(design, path, [*listed(design, path), copy.deepcopy(dict(record))])


def drop(design: Plain, path: str, position: int) -> Plain:
    """Return the design without one record of a list."""
    return put(design, path, [one for place, one in enumerate(listed(design, path))
                              if place != position])  # fmt: skip


def double(design: Plain, path: str, position: int) -> Plain:
    """Return the design with a copy of a record behind it."""
    records = listed(design, path)
    if not 0 <= position < len(records):
        return design
    twin = copy.deepcopy(records[position])
    if "name" in twin:
        twin["name"] = f"{twin['name']}_2"
    return put(design, path, [*records[: position + 1], twin, *records[position + 1 :]])


def move(design: Plain, path: str, position: int, by: int) -> Plain:
    """Return the design with a record moved up or down in its list."""
    records = list(listed(design, path))
    target = position + by
    if not (0 <= position < len(records) and 0 <= target < len(records)):
        return design
    records[position], records[target] = records[target], records[position]
    return put(design, path, records)


def part_of(path: str) -> Part | None:
    """Return the list of records that a path leads into."""
    names = [step for step in steps_of(path) if isinstance(step, str)]
    return next((PARTS[name] for name in names if name in PARTS), None)


def fields_of(path: str, record: Mapping[str, Any]) -> tuple[Field, ...]:
    """Return the fields by which the record at a place is edited."""
    part = part_of(path)
    if part is None:
        last = path.rsplit(".", 1)[-1]
        return TABLE if last.startswith("tables[") else RECORDS.get(last, ())
    kind = str(record.get(part.kind, "")) if part.kind else ""
    chosen = kind or next((each.first for each in part.fields if each.name == part.kind), "")
    return tuple(each for each in part.fields if not each.only or chosen in each.only)


def shown(field: Field, record: Mapping[str, Any]) -> str:
    """Return a field's value as text."""
    value: Any = record.get(field.name)
    if field.control is Control.FLAG:
        first = field.name in {"truncate", "checked"}
        return "true" if (first if value is None else value) else ""
    if field.control is Control.LIST:
        return write_list(value)
    if field.control is Control.LINES:
        return write_lines(field.name, value)
    return field.first if value is None else str(value)


def typed(field: Field, text: str) -> object:
    """Return what was typed into a field as plain data; None for nothing.

    Raises:
        Invalid: A line of it cannot be read.
    """
    if field.control is Control.FLAG:
        return text == "true"
    if not text.strip():
        return None
    if field.control is Control.LIST:
        return read_list(text, one=field.name == "default")
    if field.control is Control.LINES:
        return read_lines(field.name, text)
    return text.strip()


def field_at(design: Plain, path: str) -> Field:
    """Return the field at a path.

    Raises:
        Invalid: There is none.
    """
    record_path, _, name = path.rpartition(".")
    record: Any = at(design, record_path)
    known = fields_of(record_path, record if isinstance(record, Mapping) else {})
    for each in known:
        if each.name == name:
            return each
    raise Invalid(say("There is no such place in the design."))
