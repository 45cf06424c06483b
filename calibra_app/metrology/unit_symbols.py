"""Units as people write them: mm, µm/(m·K), kg/m³, 1/K; each becomes the D-SI text it means."""

import re
from collections.abc import Mapping
from typing import Final

_NAMED: Final[Mapping[str, str]] = {
    "": r"\one", "1": r"\one", "%": r"\percent", "%RH": r"\percent", "ppm": r"\ppm",
    "t": r"\tonne", "min": r"\minute", "h": r"\hour", "d": r"\day", "°": r"\degree",
    "°C": r"\degreecelsius", "°F": r"\degreefahrenheit", "psi": r"\psi", "mmHg": r"\mmHg",
    "ha": r"\hectare", "sr": r"\steradian",
    "dB": r"\decibel", "in": r"\inch", "ft": r"\foot", "lb": r"\pound", "kg": r"\kilogram",
    "\u00c5": r"\angstrom", "Torr": r"\torr", "atm": r"\atmosphere",
    "\u2032": r"\arcminute", "\u2033": r"\arcsecond",
}  # fmt: skip

_PREFIXED: Final[Mapping[str, str]] = {
    "m": r"\metre", "g": r"\gram", "s": r"\second", "A": r"\ampere", "K": r"\kelvin",
    "mol": r"\mole", "cd": r"\candela", "rad": r"\radian", "Hz": r"\hertz", "N": r"\newton",
    "Pa": r"\pascal", "J": r"\joule", "W": r"\watt", "C": r"\coulomb", "V": r"\volt",
    "F": r"\farad", "\u03a9": r"\ohm", "S": r"\siemens", "Wb": r"\weber", "T": r"\tesla",
    "H": r"\henry", "lm": r"\lumen", "lx": r"\lux", "Bq": r"\becquerel", "Gy": r"\gray",
    "Sv": r"\sievert", "kat": r"\katal", "L": r"\litre", "l": r"\litre", "bar": r"\bar",
    "eV": r"\electronvolt",
}  # fmt: skip

_PREFIXES: Final[Mapping[str, str]] = {
    "f": r"\femto", "p": r"\pico", "n": r"\nano", "\u00b5": r"\micro", "u": r"\micro",
    "m": r"\milli",
    "c": r"\centi", "d": r"\deci", "h": r"\hecto", "k": r"\kilo", "M": r"\mega", "G": r"\giga",
    "T": r"\tera",
}  # fmt: skip

# Greek mu, ohm sign, kelvin sign and dots: the same character to a reader.
_ALIKE: Final = str.maketrans({
    "\u03bc": "\u00b5", "\u2126": "\u03a9", "\u212a": "K", "\u212b": "\u00c5", "\u22c5": "·",
    "*": "·", "×": "·", "\u2212": "-",
})  # fmt: skip
_RAISED: Final = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_FACTOR: Final = re.compile(r"(?P<symbol>1|[^\d\s^\-/()·]*)(?:\^?(?P<power>-?\d{1,2}))?")
MOST_FACTORS: Final = 12


def dsi_of(written: str) -> str | None:
    r"""Return the D-SI text of a unit in symbols, or None where it is not understood.

    What stands behind a stroke, and only what stands there, is divided by; a product below it
    takes parentheses.

    Example:
        >>> dsi_of("µm/(m·K)")
        '\\micro\\metre\\metre\\tothe{-1}\\kelvin\\tothe{-1}'
    """
    text = written.translate(_ALIKE).strip()
    if (whole := _symbol(text)) is not None:
        return whole
    above, *below = text.split("/")
    if len(below) > 1:
        return None
    factors = [(factor, 1) for factor in _factors(above)]
    if below:
        inner = below[0].strip()
        in_parentheses = inner.startswith("(") and inner.endswith(")")
        under = _factors(inner[1:-1] if in_parentheses else inner)
        if len(under) > 1 and not in_parentheses:
            return None
        factors += [(factor, -1) for factor in under]
    if len(factors) > MOST_FACTORS:
        return None
    parts = [_part(factor, sign) for factor, sign in factors]
    if None in parts:
        return None
    return "".join(part for part in parts if part) or r"\one"


def _factors(text: str) -> list[str]:
    return text.replace("·", " ").split() or [""]


def _part(factor: str, sign: int) -> str | None:
    """Return the D-SI text of one factor; a plain 1 is none."""
    if factor == "1":
        return ""
    found = _FACTOR.fullmatch(factor.translate(_RAISED))
    symbol = _symbol(found["symbol"]) if found and found["symbol"] else None
    if found is None or symbol is None:
        return None
    power = sign * int(found["power"] or 1)
    return symbol if power == 1 else f"{symbol}\\tothe{{{power}}}"


def _symbol(symbol: str) -> str | None:
    if symbol in _NAMED:
        return _NAMED[symbol]
    if symbol in _PREFIXED:
        return _PREFIXED[symbol]
    prefix, base = symbol[:1], symbol[1:]
    if prefix in _PREFIXES and base in _PREFIXED:
        return _PREFIXES[prefix] + _PREFIXED[base]
    return None
