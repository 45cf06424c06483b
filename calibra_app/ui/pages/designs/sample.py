"""The sample of the try-out as a person types it: standards, room, parameters."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from calibra_app.core.errors import Invalid
from calibra_app.ui.words import say

NAMED: Final = {
    "U": "expanded_uncertainty",
    "k": "coverage_factor",
    "correction": "correction",
    "drift": "drift",
    "unit": "uncertainty_unit",
    "distribution": "distribution",
}
_SHORT: Final = {long: short for short, long in NAMED.items()}
# Asset, function and nominal value with its unit.
HEAD: Final = 3


def write_standards(standards: object) -> str:
    """Return the certificates of sample standards, one point a line.

    Example:
        >>> write_standards([{"asset": "W-1", "points": [{"function": "mass", "nominal": "100",
        ...     "unit": "g", "expanded_uncertainty": "0.1", "uncertainty_unit": "mg"}]}])
        'W-1; mass; 100 g; U=0.1; unit=mg'
    """
    lines: list[str] = []
    for standard in cast("Sequence[Mapping[str, Any]]", standards or ()):
        for point in cast("Sequence[Mapping[str, Any]]", standard.get("points") or ()):
            head = (
                str(standard.get("asset", "")),
                str(point.get("function", "")),
                f"{point.get('nominal', '')} {point.get('unit', '')}".strip(),
            )
            rest = (f"{_SHORT[name]}={point[name]}" for name in _ORDER if name in point)
            lines.append("; ".join((*head, *rest)))
    return "\n".join(lines)


_ORDER: Final = (
    "expanded_uncertainty", "coverage_factor", "correction", "drift", "uncertainty_unit",
    "distribution",
)  # fmt: skip


def read_standards(text: str) -> list[dict[str, object]]:
    """Return sample standards from lines.

    Raises:
        Invalid: A line has not asset, function, nominal value and U.
    """
    found: dict[str, dict[str, Any]] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        parts = [part.strip() for part in line.split(";")]
        if len(parts) <= HEAD:
            raise _refused(number)
        asset, function, nominal = parts[:HEAD]
        value, _, unit = nominal.partition(" ")
        point: dict[str, object] = {"function": function, "nominal": value, "unit": unit.strip()}
        for part in parts[HEAD:]:
            name, equals, given = part.partition("=")
            if not equals or name.strip() not in NAMED:
                raise _refused(number)
            point[NAMED[name.strip()]] = given.strip().replace(",", ".")
        if "expanded_uncertainty" not in point or not value:
            raise _refused(number)
        standard = found.setdefault(
            asset, {"asset": asset, "certificate_number": "sample", "points": []}
        )
        standard["points"].append(point)
    return list(found.values())


def _refused(number: int) -> Invalid:
    return Invalid(
        say("Line {number}: write “standard; function; 100 g; U=0.1; k=2”.", number=number),
        field="standards",
    )


def write_room(environment: object) -> str:
    """Return the climate of the sample, one quantity a line: `temperature: 22.8; 23.3`."""
    given = cast("Mapping[str, Sequence[object]]", environment or {})
    return "\n".join(
        f"{name}: {'; '.join(str(end) for end in ends)}" for name, ends in given.items()
    )


def read_room(text: str) -> dict[str, list[str]]:
    """Return the climate of the sample from lines.

    Raises:
        Invalid: A line has no numbers behind a colon.
    """
    found: dict[str, list[str]] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        name, _, values = line.partition(":")
        ends = [value.strip().replace(",", ".") for value in values.split(";") if value.strip()]
        if not ends or not all(_is_number(end) for end in ends):
            raise Invalid(
                say("Line {number}: write “temperature: 22.8; 23.3”.", number=number), field="room"
            )
        found[name.strip()] = ends
    return found


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
