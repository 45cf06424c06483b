"""The designer's rows as text: records, their fields, faults, and what the try-out gives."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from calibra_app.procedures.designed.checks import Fault
from calibra_app.ui.pages.designs.editing import Plain, at, fields_of, listed, shown
from calibra_app.ui.pages.designs.shape import PARTS, TABS


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One field of the record that is open."""

    path: str
    label: str
    control: str
    value: str
    hint: str
    fault: str
    options: list[list[str]] = field(default_factory=list[list[str]])


@dataclass(frozen=True, slots=True)
class RecordRow:
    """One record of a list."""

    path: str
    position: int
    title: str
    detail: str
    faults: int
    is_open: bool


@dataclass(frozen=True, slots=True)
class PartRow:
    """One list of records with its records."""

    name: str
    path: str
    title: str
    one: str
    records: list[RecordRow] = field(default_factory=list[RecordRow])


@dataclass(frozen=True, slots=True)
class FaultRow:
    """A fault with the place to go to, and the formula with what is refused in it."""

    path: str
    place: str
    sentence: str
    before: str = ""
    bad: str = ""
    after: str = ""


def parts_of(
    design: Plain, tab: str, table: int, opened: str, faults: Sequence[Fault]
) -> list[PartRow]:
    """Return the lists of records that stand on a tab."""
    names = next((lists for value, _, lists in TABS if value == tab), ())
    found: list[PartRow] = []
    for name in names:
        part = PARTS[name]
        path = f"tables[{table}].{name}" if part.of_table else name
        records = [
            _record(f"{path}[{place}]", place, cast("Plain", record), opened, faults)
            for place, record in enumerate(listed(design, path))
            if isinstance(record, Mapping)
        ]
        found.append(PartRow(name, path, part.title, part.one, records))
    return found


def _record(
    path: str, place: int, record: Plain, opened: str, faults: Sequence[Fault]
) -> RecordRow:
    title = str(record.get("title") or record.get("name") or record.get("quantity") or "")
    return RecordRow(
        path,
        place,
        title or _first(record) or f"{place + 1}",
        _detail(record),
        sum(one.path == path or one.path.startswith(f"{path}.") for one in faults),
        path == opened,
    )


def _first(record: Plain) -> str:
    for name in ("nominals", "percents", "terms", "steps", "uncertainty", "one"):
        if record.get(name):
            value = record[name]
            fields = {each.name: each for part in PARTS.values() for each in part.fields}
            return shown(fields[name], record) if not isinstance(value, str) else value
    return ""


def _detail(record: Plain) -> str:
    """Return what else a record says, in a line."""
    told = [
        str(record[name])
        for name in (
            "name", "kind", "source", "unit", "column", "model", "formula", "half_width", "width",
            "standard_uncertainty", "take", "low", "high", "default",
        )
        if record.get(name) not in (None, "", record.get("title"))
        and isinstance(record[name], str)
    ]  # fmt: skip
    return " · ".join(told)[:120]


def form_of(design: Plain, path: str, faults: Sequence[Fault], drafts: Mapping[str, str],
            refused: Mapping[str, str]) -> list[FieldRow]:  # fmt: skip
    """Return the fields of the record at a place; what could not be read stands as it was typed."""
    record: Any = at(design, path) if path else design
    held: Plain = cast("Plain", record) if isinstance(record, Mapping) else {}
    told = {one.path: one.sentence for one in reversed(faults)}
    rows: list[FieldRow] = []
    for each in fields_of(path, held):
        place = f"{path}.{each.name}" if path else each.name
        rows.append(
            FieldRow(
                place,
                each.label,
                each.control.value,
                drafts.get(place, shown(each, held)),
                each.hint,
                refused.get(place, told.get(place, "")),
                [list(option) for option in each.options],
            )
        )
    return rows


def fault_rows(design: Plain, faults: Sequence[Fault]) -> list[FaultRow]:
    """Return faults as rows, with the refused part of a formula between its ends."""
    rows: list[FaultRow] = []
    for one in faults:
        text: Any = at(design, one.path) if _is_path(one.path) else ""
        written = text if isinstance(text, str) and one.end > one.start else ""
        rows.append(
            FaultRow(
                one.path,
                place_of(design, one.path),
                one.sentence,
                written[: one.start],
                written[one.start : one.end],
                written[one.end :],
            )
        )
    return rows


_PATH = re.compile(r"[A-Za-z_]+(\[[0-9]{1,3}\])?(\.[A-Za-z_]+(\[[0-9]{1,3}\])?)*")


def _is_path(path: str) -> bool:
    return _PATH.fullmatch(path) is not None


def place_of(design: Plain, path: str) -> str:
    """Return a place in words: the title of its record, and the field."""
    if not _is_path(path):
        return path
    record_path, _, name = path.rpartition(".")
    record: Any = at(design, record_path)
    title = ""
    if isinstance(record, Mapping):
        known = cast("Plain", record)
        title = str(known.get("title") or known.get("name") or "")
    words = name.replace("_", " ").partition("[")[0]
    title = title or next((part.title for part in PARTS.values() if part.name in path), "")
    return f"{title}: {words}" if title else words
