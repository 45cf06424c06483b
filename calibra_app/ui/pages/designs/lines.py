"""Small lists inside a record as lines that a person writes: terms, steps, options, conditions."""

from collections.abc import Mapping, Sequence
from typing import cast

from calibra_app.core.errors import Invalid
from calibra_app.ui.words import say

RECORD = "|"


def write_list(value: object) -> str:
    """Return a list of texts with semicolons; records one a line, a text as it is.

    Example:
        >>> write_list(["20", "50"])
        '20; 50'
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    items = cast("Sequence[object]", value)
    if items and all(isinstance(item, Mapping) for item in items):
        return "\n".join(_record_text(cast("Mapping[str, object]", item)) for item in items)
    return "; ".join(str(item) for item in items)


def read_list(text: str, *, one: bool = False) -> object:
    """Return what a text with semicolons holds; lines with `name=value | …` are records.

    Args:
        text: As typed.
        one: A text without a semicolon stays a text, not a list of one.

    Raises:
        Invalid: A record's line is not one.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if lines and all("=" in line for line in lines):
        return [_record(line, number) for number, line in enumerate(lines, 1)]
    if one and ";" not in text:
        return text.strip()
    return [item.strip() for item in text.replace("\n", ";").split(";") if item.strip()]


def write_lines(name: str, value: object) -> str:
    """Return the records of a field as lines "word: value"."""
    if not value:
        return ""
    if name == "when":
        when = cast("Mapping[str, object]", value)
        return f"{when.get('parameter', '')}: {write_list(when.get('equals'))}"
    if name == "values":
        pairs = cast("Mapping[str, object]", value)
        return "\n".join(f"{key}: {write_list(items)}" for key, items in pairs.items())
    left, right = _SIDES[name]
    records = cast("Sequence[Mapping[str, object]]", value)
    return "\n".join(_line(record, left, right) for record in records)


def read_lines(name: str, text: str) -> object:
    """Return the records that lines hold.

    Raises:
        Invalid: A line has no colon.
    """
    pairs: list[tuple[str, str]] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        left, colon, right = line.partition(":")
        if not colon:
            raise Invalid(say("Line {number}: write “name: value”.", number=number), field=name)
        pairs.append((left.strip(), right.strip()))
    if name == "when":
        return {"parameter": pairs[0][0], "equals": read_list(pairs[0][1])} if pairs else None
    if name == "values":
        return {left: read_list(right) for left, right in pairs}
    first, second = _SIDES[name]
    return [_named(left, right, first, second) for left, right in pairs]


_SIDES = {
    "terms": ("kind", "amount"),
    "steps": ("up_to", "amount"),
    "options": ("text", "value"),
}


def _line(record: Mapping[str, object], left: str, right: str) -> str:
    more = "".join(
        f" {RECORD} {name}={value}" for name, value in record.items() if name not in {left, right}
    )
    return f"{record.get(left, '')}: {record.get(right, '')}{more}"


def _named(left: str, right: str, first: str, second: str) -> dict[str, object]:
    value, *more = (part.strip() for part in right.split(RECORD))
    found: dict[str, object] = {first: left, second: value}
    for part in more:
        name, _, given = part.partition("=")
        found[name.strip()] = given.strip()
    return found


def _record_text(record: Mapping[str, object]) -> str:
    return f" {RECORD} ".join(f"{name}={write_list(item)}" for name, item in record.items())


def _record(line: str, number: int) -> dict[str, object]:
    record: dict[str, object] = {}
    for part in line.split(RECORD):
        name, equals, value = part.partition("=")
        if not equals or not name.strip().isidentifier():
            raise Invalid(say("Line {number}: write “name=value | …”.", number=number))
        text = value.strip()
        record[name.strip()] = read_list(text) if ";" in text else text
    return record
