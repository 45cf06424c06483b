"""Values with their units: the table of units and the conversion between them."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from calibra_app.metrology.unit_symbols import dsi_of

DIMENSIONS: Final = ("m", "kg", "s", "A", "K", "mol", "cd")
NO_DIMENSION: Final = (0.0,) * 7


class MetrologyError(ValueError):
    """The question has no answer: a value is missing, out of range or contradictory."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as a factor (and an offset) to the coherent SI unit of its dimension."""

    factor: float
    dimension: tuple[float, ...] = NO_DIMENSION
    offset: float = 0.0

    def __mul__(self, other: "Unit") -> "Unit":
        """Return the product; an offset has no meaning in a product and is dropped."""
        return Unit(
            self.factor * other.factor,
            tuple(a + b for a, b in zip(self.dimension, other.dimension, strict=True)),
        )

    def to_the(self, exponent: float) -> "Unit":
        """Return the power of this unit."""
        return Unit(self.factor**exponent, tuple(exponent * power for power in self.dimension), 0.0)


def _of(factor: float, *, offset: float = 0.0, **powers: float) -> Unit:
    return Unit(factor, tuple(powers.get(name, 0.0) for name in DIMENSIONS), offset)


PREFIXES: Final[Mapping[str, float]] = {
    "quecto": 1e-30, "ronto": 1e-27, "yocto": 1e-24, "zepto": 1e-21, "atto": 1e-18,
    "femto": 1e-15, "pico": 1e-12, "nano": 1e-9, "micro": 1e-6, "milli": 1e-3,
    "centi": 1e-2, "deci": 1e-1, "deca": 1e1, "hecto": 1e2, "kilo": 1e3, "mega": 1e6,
    "giga": 1e9, "tera": 1e12, "peta": 1e15, "exa": 1e18, "zetta": 1e21, "yotta": 1e24,
    "ronna": 1e27, "quetta": 1e30,
    "kibi": 2.0**10, "mebi": 2.0**20, "gibi": 2.0**30, "tebi": 2.0**40,
}  # fmt: skip

MINUTE: Final = 60.0
HOUR: Final = 3600.0
DAY: Final = 86400.0
STANDARD_GRAVITY: Final = 9.80665
ELEMENTARY_CHARGE: Final = 1.602176634e-19
ZERO_CELSIUS: Final = 273.15
FAHRENHEIT_ZERO: Final = 459.67 * 5.0 / 9.0

UNITS: Final[Mapping[str, Unit]] = {
    "one": _of(1.0),
    "percent": _of(1e-2),
    "ppm": _of(1e-6),
    "metre": _of(1.0, m=1),
    "kilogram": _of(1.0, kg=1),
    "gram": _of(1e-3, kg=1),
    "second": _of(1.0, s=1),
    "ampere": _of(1.0, A=1),
    "kelvin": _of(1.0, K=1),
    "mole": _of(1.0, mol=1),
    "candela": _of(1.0, cd=1),
    "radian": _of(1.0),
    "steradian": _of(1.0),
    "hertz": _of(1.0, s=-1),
    "newton": _of(1.0, kg=1, m=1, s=-2),
    "pascal": _of(1.0, kg=1, m=-1, s=-2),
    "joule": _of(1.0, kg=1, m=2, s=-2),
    "watt": _of(1.0, kg=1, m=2, s=-3),
    "coulomb": _of(1.0, A=1, s=1),
    "volt": _of(1.0, kg=1, m=2, s=-3, A=-1),
    "farad": _of(1.0, kg=-1, m=-2, s=4, A=2),
    "ohm": _of(1.0, kg=1, m=2, s=-3, A=-2),
    "siemens": _of(1.0, kg=-1, m=-2, s=3, A=2),
    "weber": _of(1.0, kg=1, m=2, s=-2, A=-1),
    "tesla": _of(1.0, kg=1, s=-2, A=-1),
    "henry": _of(1.0, kg=1, m=2, s=-2, A=-2),
    "degreecelsius": _of(1.0, K=1, offset=ZERO_CELSIUS),
    "lumen": _of(1.0, cd=1),
    "lux": _of(1.0, cd=1, m=-2),
    "becquerel": _of(1.0, s=-1),
    "gray": _of(1.0, m=2, s=-2),
    "sievert": _of(1.0, m=2, s=-2),
    "katal": _of(1.0, mol=1, s=-1),
    "minute": _of(MINUTE, s=1),
    "hour": _of(HOUR, s=1),
    "day": _of(DAY, s=1),
    "degree": _of(math.pi / 180),
    "arcminute": _of(math.pi / 10800),
    "arcsecond": _of(math.pi / 648000),
    "gon": _of(math.pi / 200),
    "hectare": _of(1e4, m=2),
    "litre": _of(1e-3, m=3),
    "tonne": _of(1e3, kg=1),
    "dalton": _of(1.66053906660e-27, kg=1),
    "electronvolt": _of(ELEMENTARY_CHARGE, kg=1, m=2, s=-2),
    "astronomicalunit": _of(149597870700.0, m=1),
    "bar": _of(1e5, kg=1, m=-1, s=-2),
    "mmHg": _of(133.322387415, kg=1, m=-1, s=-2),
    "angstrom": _of(1e-10, m=1),
    "nauticalmile": _of(1852.0, m=1),
    "barn": _of(1e-28, m=2),
    "knot": _of(1852.0 / HOUR, m=1, s=-1),
    "neper": _of(1.0),
    "bel": _of(math.log(10) / 2),
    "decibel": _of(math.log(10) / 20),
    "erg": _of(1e-7, kg=1, m=2, s=-2),
    "dyne": _of(1e-5, kg=1, m=1, s=-2),
    "poise": _of(1e-1, kg=1, m=-1, s=-1),
    "stokes": _of(1e-4, m=2, s=-1),
    "gauss": _of(1e-4, kg=1, s=-2, A=-1),
    "gal": _of(1e-2, m=1, s=-2),
    "atmosphere": _of(101325.0, kg=1, m=-1, s=-2),
    "torr": _of(101325.0 / 760, kg=1, m=-1, s=-2),
    "psi": _of(0.45359237 * STANDARD_GRAVITY / 0.0254**2, kg=1, m=-1, s=-2),
    "inch": _of(0.0254, m=1),
    "foot": _of(0.3048, m=1),
    "pound": _of(0.45359237, kg=1),
    "calorie": _of(4.184, kg=1, m=2, s=-2),
    "degreefahrenheit": _of(5.0 / 9.0, K=1, offset=FAHRENHEIT_ZERO),
    "clight": _of(299792458.0, m=1, s=-1),
    "planckbar": _of(6.62607015e-34 / (2 * math.pi), kg=1, m=2, s=-1),
    "electronmass": _of(9.1093837015e-31, kg=1),
    "elementarycharge": _of(ELEMENTARY_CHARGE, A=1, s=1),
    "bohr": _of(5.29177210903e-11, m=1),
    "hartree": _of(4.3597447222071e-18, kg=1, m=2, s=-2),
    "bit": _of(1.0),
    "byte": _of(8.0),
}

# What technicians write, in the words of the table above.
SYMBOLS: Final[Mapping[str, str]] = {
    "": r"\one", "1": r"\one", "%": r"\percent", "%RH": r"\percent", "ppm": r"\ppm",
    "m": r"\metre", "dm": r"\deci\metre", "cm": r"\centi\metre", "mm": r"\milli\metre",
    "µm": r"\micro\metre", "μm": r"\micro\metre", "um": r"\micro\metre", "nm": r"\nano\metre",
    "kg": r"\kilogram", "g": r"\gram", "mg": r"\milli\gram", "µg": r"\micro\gram",
    "t": r"\tonne",
    "s": r"\second", "ms": r"\milli\second", "min": r"\minute", "h": r"\hour", "d": r"\day",
    "A": r"\ampere", "mA": r"\milli\ampere", "µA": r"\micro\ampere", "kA": r"\kilo\ampere",
    "V": r"\volt", "mV": r"\milli\volt", "µV": r"\micro\volt", "kV": r"\kilo\volt",
    "Ω": r"\ohm", "mΩ": r"\milli\ohm", "kΩ": r"\kilo\ohm", "MΩ": r"\mega\ohm",
    "K": r"\kelvin", "mK": r"\milli\kelvin", "°C": r"\degreecelsius",
    "Hz": r"\hertz", "kHz": r"\kilo\hertz", "MHz": r"\mega\hertz",
    "Pa": r"\pascal", "hPa": r"\hecto\pascal", "kPa": r"\kilo\pascal", "MPa": r"\mega\pascal",
    "bar": r"\bar", "mbar": r"\milli\bar", "psi": r"\psi", "mmHg": r"\mmHg",
    "N": r"\newton", "kN": r"\kilo\newton", "N·m": r"\newton\metre", "N m": r"\newton\metre",
    "W": r"\watt", "J": r"\joule", "F": r"\farad", "µF": r"\micro\farad", "nF": r"\nano\farad",
    "H": r"\henry", "T": r"\tesla", "L": r"\litre", "mL": r"\milli\litre", "µL": r"\micro\litre",
    "°": r"\degree", "lx": r"\lux", "S": r"\siemens", "K⁻¹": r"\per\kelvin",
    "kg/m³": r"\kilogram\per\metre\tothe{3}", "g/mL": r"\gram\per\milli\litre",
    "min⁻¹": r"\per\minute", "s/d": r"\second\per\day", "%/K": r"\percent\per\kelvin",
    "pH": r"\one", "HRA": r"\one", "HRB": r"\one", "HRC": r"\one", "HBW": r"\one", "HV": r"\one",
}  # fmt: skip

MAXIMUM_UNIT_LENGTH: Final = 200
_TOKEN: Final = re.compile(r"\\([A-Za-z]+)(?:\{([+-]?[0-9]+(?:\.[0-9]+)?)\})?")


@lru_cache(maxsize=512)
def unit(text: str) -> Unit:
    r"""Return the unit that a D-SI text or a usual symbol names.

    Args:
        text: ``\kilo\pascal``, ``\metre\per\second\tothe{2}``, or symbols such as ``mbar`` or
            ``µm/(m·K)``.

    Raises:
        MetrologyError: The text names no unit.

    Source:
        Digital SI (D-SI) metadata model; SI Brochure, 8th and 9th edition.

    Example:
        >>> unit(r"\metre\per\second\tothe{2}").dimension[:3]
        (1.0, 0.0, -2.0)
    """
    text = SYMBOLS.get(text.strip(), text.strip())
    if len(text) <= MAXIMUM_UNIT_LENGTH and not text.startswith("\\"):
        text = dsi_of(text) or text
    if not text or len(text) > MAXIMUM_UNIT_LENGTH:
        raise MetrologyError("a unit is a short D-SI text such as \\kilo\\pascal")
    parts = _parts(text)
    result = parts[0]
    for part in parts[1:]:
        result = result * part
    return result


def _parts(text: str) -> list[Unit]:
    """Return the units whose product a D-SI text writes."""
    parts: list[Unit] = []
    prefix, sign, prefixed, end = 1.0, 1, False, 0
    for token in _TOKEN.finditer(text):
        name, number = token.group(1), token.group(2)
        if token.start() != end or (number is not None) != (name == "tothe"):
            break
        if number is not None:
            if not parts or prefixed or sign < 0:
                break
            parts[-1] = _power(parts[-1], float(number))
        elif prefixed and name not in UNITS:
            break
        elif name == "per":
            sign = -1
        elif name in PREFIXES:
            prefix, prefixed = PREFIXES[name], True
        else:
            parts.append(_prefixed(name, prefix, sign))
            prefix, sign, prefixed = 1.0, 1, False
        end = token.end()
    if end != len(text) or not parts or prefixed or sign < 0:
        raise MetrologyError(f"not a unit: {text}")
    return parts


def _prefixed(name: str, prefix: float, sign: int) -> Unit:
    if name not in UNITS:
        raise MetrologyError(f"unknown unit \\{name}")
    base = UNITS[name]
    # A prefix scales the size of the unit; the point of zero stays where it is.
    scaled = Unit(base.factor * prefix, base.dimension, base.offset)
    return scaled.to_the(sign) if sign < 0 else scaled


MAXIMUM_EXPONENT: Final = 20


def _power(base: Unit, exponent: float) -> Unit:
    if abs(exponent) > MAXIMUM_EXPONENT:
        raise MetrologyError("an exponent of a unit lies between -20 and 20")
    return base if exponent == 1 else base.to_the(exponent)


@lru_cache(maxsize=4096)
def compatible(one: str, other: str) -> bool:
    """Tell whether two units measure the same kind of quantity.

    Example:
        >>> compatible("bar", "kPa"), compatible("bar", "m")
        (True, False)
    """
    pairs = zip(unit(one).dimension, unit(other).dimension, strict=True)
    return all(math.isclose(a, b, abs_tol=1e-9) for a, b in pairs)


def convert(value: float, source: str, target: str, *, difference: bool = False) -> float:
    """Return a value in another unit of the same dimension.

    Args:
        value: The number, in the source unit.
        source: The unit it is given in.
        target: The unit it is wanted in.
        difference: A difference or an uncertainty has no point of zero: 1 °C is then 1 K.

    Raises:
        MetrologyError: A unit is unknown, or the two have different dimensions.

    Example:
        >>> convert(1.5, "mm", "µm"), convert(20.0, "°C", "K")
        (1500.0, 293.15)
    """
    if source == target:
        return value
    if not compatible(source, target):
        raise MetrologyError(f"{source} and {target} have different dimensions")
    first, second, ratio = _between(source, target)
    if difference or (first.offset == 0 and second.offset == 0):
        return value * ratio
    return (value * first.factor + first.offset - second.offset) / second.factor


@lru_cache(maxsize=4096)
def _between(source: str, target: str) -> tuple[Unit, Unit, float]:
    first, second = unit(source), unit(target)
    return first, second, _clean(first.factor / second.factor)


def _clean(ratio: float) -> float:
    """Return an exact power of ten where binary division missed it by a few last bits."""
    power = 10.0 ** round(math.log10(ratio)) if ratio > 0 else 0.0
    return power if power and math.isclose(ratio, power, rel_tol=1e-14) else ratio
