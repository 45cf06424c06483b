"""An instrument's parameters as lines that a person reads and writes.

    range_low: 0
    points: 10; 20; 50
    maximum_permissible_error:
      - up_to=50 | absolute=0.5 | source=class I, e = 1 mg
      - absolute=1.0 | source=class I, e = 1 mg

One parameter stands on a line; what ends with "points" is a list. Records stand on lines of their
own, each begun with a dash.
"""

from collections.abc import Mapping, Sequence
from typing import cast

from calibra_app.core.errors import Invalid
from calibra_app.ui.words import say

LIST_ENDING = "points"


def write_parameters(parameters: Mapping[str, object]) -> str:
    """Return parameters as lines."""
    lines: list[str] = []
    for name, value in parameters.items():
        if _is_list(value) and not name.endswith(LIST_ENDING):
            lines.append(f"{name}:")
            records = cast("Sequence[Mapping[str, object]]", value)
            lines.extend(
                "  - " + " | ".join(f"{key}={_plain(item)}" for key, item in record.items())
                for record in records
            )
        else:
            lines.append(f"{name}: {_plain(value)}")
    return "\n".join(lines)


def read_parameters(text: str, field: str = "parameters") -> dict[str, object]:
    """Return the parameters that lines hold; numbers stay text, as typed.

    Raises:
        Invalid: A line is neither a parameter nor a record of one.
    """
    found: dict[str, object] = {}
    records: list[dict[str, object]] | None = None
    for number, line in enumerate(text.splitlines(), 1):
        bare = line.strip()
        if not bare:
            continue
        if bare.startswith("-"):
            if records is None:
                raise _refused(number, field)
            records.append(_record(bare.removeprefix("-"), number, field))
            continue
        name, colon, value = bare.partition(":")
        if not colon or not name.strip().isidentifier():
            raise _refused(number, field)
        name, value = name.strip(), value.strip()
        records = [] if not value else None
        found[name] = records if records is not None else _value(name, value)
    return found


def _is_list(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _plain(value: object) -> str:
    if _is_list(value):
        return "; ".join(str(item) for item in cast("Sequence[object]", value))
    return str(value)


def _value(name: str, value: str) -> object:
    if name.endswith(LIST_ENDING):
        return [item.strip() for item in value.split(";") if item.strip()]
    return value


def _record(text: str, number: int, field: str) -> dict[str, object]:
    record: dict[str, object] = {}
    for part in text.split("|"):
        name, equals, value = part.partition("=")
        if not equals or not name.strip().isidentifier():
            raise _refused(number, field)
        record[name.strip()] = _value(name.strip(), value.strip())
    return record


def _refused(number: int, field: str) -> Invalid:
    return Invalid(
        say(
            "Line {number}: write “name: value”, or “- name=value | …” for a record.", number=number
        ),
        field=field,
    )
