"""How numbers are written: which patterns are allowed, and what the next ten would look like."""

import re
from collections.abc import Mapping
from string import Formatter

from calibra_app.core.errors import Invalid

NEXT = 10
LONGEST = 40
LONGEST_NUMBER = 60
# By kind of number: the fields that it may name, and those that keep two numbers apart.
FIELDS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "srf": (("year", "number"), ("number",)),
    "quotation": (("year", "number"), ("number",)),
    "invoice": (("year", "number"), ("number",)),
    "certificate": (("yy", "year", "srf", "line"), ("srf", "line")),
}
_WIDTH = re.compile(r"|0[1-9]")
_NUMERIC = frozenset({"number", "line"})
# What may stand in a file's name and in an address.
_PLAIN = re.compile(r"[A-Za-z0-9._-]*")


def checked_pattern(kind: str, pattern: str) -> str:
    """Return a pattern that makes every number of its kind different.

    Args:
        kind: `srf`, `quotation`, `invoice` or `certificate`.
        pattern: The text with its fields in braces: `SRF-{year}-{number:04}`.

    Raises:
        Invalid: It names a field that there is not, or lacks one that it needs.
    """
    kept = pattern.strip()
    needed = FIELDS[kind][1]
    if len(kept) > LONGEST:
        raise Invalid(f"Use at most {LONGEST} characters.", field=kind)
    try:
        parts = list(Formatter().parse(kept))
    except ValueError as error:
        raise Invalid("Close every brace that you open.", field=kind) from error
    named = {name for part in parts if (name := _named(kind, part))}
    for name in needed:
        if name not in named:
            raise Invalid(f"Without {{{name}}} two numbers would be the same.", field=kind)
    if kind == "certificate" and not {"yy", "year"} & named:
        raise Invalid("Without {yy} next year's requests would meet this year's.", field=kind)
    return kept


def _named(kind: str, part: tuple[str, str | None, str | None, str | None]) -> str:
    words, name, width, conversion = part
    if not _PLAIN.fullmatch(words):
        raise Invalid("Use letters, digits, point, hyphen and underscore.", field=kind)
    if name is None:
        return ""
    allowed = FIELDS[kind][0]
    # Anything but a bare name could look into the program itself.
    if name not in allowed or conversion:
        told = ", ".join(f"{{{each}}}" for each in allowed)
        raise Invalid(f"“{{{name}}}” is no field here; there are {told}.", field=kind)
    if not _WIDTH.fullmatch(width or "") or (width and name not in _NUMERIC):
        raise Invalid("Write a width as in {number:04}, for numbers alone.", field=kind)
    return name


def next_numbers(
    kind: str, pattern: str, *, year: int, last: int, srf: str = ""
) -> tuple[str, ...]:
    """Return the next ten numbers that a pattern gives.

    Args:
        kind: See `checked_pattern`.
        pattern: A checked pattern.
        year: The year of the laboratory's day.
        last: The last number that was given out.
        srf: The running part of a request's number, for its certificates.
    """
    if kind == "certificate":
        yy = f"{year % 100:02}"
        return tuple(
            pattern.format(yy=yy, year=year, srf=srf, line=at) for at in range(1, NEXT + 1)
        )
    return tuple(pattern.format(year=year, number=last + at) for at in range(1, NEXT + 1))


def counting_year(pattern: str, year: int) -> int:
    """Return under which year a sequence is counted: none where the pattern names none."""
    return year if "{year" in pattern else 0
