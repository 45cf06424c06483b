"""Reading one metrology case: every gap and every wrong type gets a sentence."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias, cast

from calibra_app.metrology.distributions import (
    Shape,
    bounded_standard_uncertainty,
    curvilinear_standard_uncertainty,
    degrees_of_freedom_of,
)
from calibra_app.metrology.grammar import RESERVED
from calibra_app.metrology.propagation import InputQuantity
from calibra_app.metrology.quantity import MetrologyError

Answer: TypeAlias = dict[str, object]
MOST_ITEMS = 100_000


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of a case by name; `place` says where they stand."""

    values: Mapping[str, object]
    place: str = ""

    def _named(self, name: str) -> str:
        return f"{self.place}.{name}" if self.place else name

    def has(self, name: str) -> bool:
        """Tell whether a field is given and not null."""
        return self.values.get(name) is not None

    def number(self, name: str, otherwise: float | None = None) -> float:
        """Return a number; the text "inf" is infinite.

        Raises:
            MetrologyError: It is missing without a default, or is not a number.
        """
        value = self.values.get(name)
        if value is None and otherwise is not None:
            return otherwise
        return number_of(value, self._named(name))

    def finite(self, name: str, otherwise: float | None = None) -> float:
        """Return a finite number."""
        value = self.number(name, otherwise)
        if not math.isfinite(value):
            raise MetrologyError(f"{self._named(name)}: expected a finite number")
        return value

    def optional(self, name: str) -> float | None:
        """Return a finite number or None."""
        return self.finite(name) if self.has(name) else None

    def positive(
        self, name: str, otherwise: float | None = None, *, endless: bool = False
    ) -> float:
        """Return a positive number; an infinite one only where that has a meaning."""
        value = self.number(name, otherwise)
        if not value > 0 or (math.isinf(value) and not endless):
            raise MetrologyError(f"{self._named(name)}: expected a positive number")
        return value

    def size(self, name: str, otherwise: float | None = None) -> float:
        """Return a finite number that is not negative."""
        value = self.finite(name, otherwise)
        if value < 0:
            raise MetrologyError(f"{self._named(name)}: expected a number, not negative")
        return value

    def probability(self, name: str, otherwise: float | None = None) -> float:
        """Return a number between 0 and 1, neither of them."""
        value = self.finite(name, otherwise)
        if not 0 < value < 1:
            raise MetrologyError(f"{self._named(name)}: expected a number between 0 and 1")
        return value

    def whole(self, name: str, otherwise: int | None = None) -> int:
        """Return a whole number; 1e6 is one."""
        value = self.finite(name, otherwise)
        if value != int(value):
            raise MetrologyError(f"{self._named(name)}: expected a whole number")
        return int(value)

    def text(self, name: str, otherwise: str | None = None) -> str:
        """Return a text; a number is taken by its digits."""
        value = self.values.get(name)
        if value is None and otherwise is not None:
            return otherwise
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise MetrologyError(f"{self._named(name)}: expected a text")
        try:
            return str(value)
        except ValueError:
            raise MetrologyError(f"{self._named(name)}: the number is too large") from None

    def flag(self, name: str) -> bool:
        """Return a yes or no; no where nothing is said."""
        value = self.values.get(name)
        if value is not None and not isinstance(value, bool):
            raise MetrologyError(f"{self._named(name)}: expected true or false")
        return bool(value)

    def items(self, name: str) -> Sequence[object]:
        """Return a list."""
        value = self.values.get(name)
        if not isinstance(value, list):
            raise MetrologyError(f"{self._named(name)}: expected a list")
        found = cast("list[object]", value)
        if len(found) > MOST_ITEMS:
            raise MetrologyError(f"{self._named(name)}: at most {MOST_ITEMS} items")
        return found

    def numbers(self, name: str) -> list[float]:
        """Return a list of finite numbers."""
        items, shown = self.items(name), self._named(name)
        found = [number_of(item, f"{shown}[{index}]") for index, item in enumerate(items)]
        for index, number in enumerate(found):
            if not math.isfinite(number):
                raise MetrologyError(f"{shown}[{index}]: expected a finite number")
        return found

    def record(self, name: str) -> "Fields":
        """Return a record inside this one; an empty one where nothing is said."""
        value = self.values.get(name)
        return fields_of({} if value is None else value, self._named(name))

    def records(self, name: str) -> list["Fields"]:
        """Return a list of records."""
        return [
            fields_of(item, f"{self._named(name)}[{index}]")
            for index, item in enumerate(self.items(name))
        ]


def fields_of(value: object, place: str) -> Fields:
    """Return the fields of a JSON object.

    Raises:
        MetrologyError: It is something else.
    """
    if not isinstance(value, dict):
        raise MetrologyError(f"{place or 'case'}: expected an object")
    return Fields(cast("dict[str, object]", value), place)


def number_of(value: object, name: str) -> float:
    """Return a JSON number, or the infinite one written as text."""
    if isinstance(value, str) and value in ("inf", "-inf"):
        return float(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise MetrologyError(f"{name}: expected a number")
    try:
        number = float(value)
    except OverflowError:
        raise MetrologyError(f"{name}: the number is too large") from None
    if math.isnan(number):
        raise MetrologyError(f"{name}: expected a number")
    return number


def quantity_of(fields: Fields) -> InputQuantity:
    """Read one input quantity with its distribution.

    Raises:
        MetrologyError: A parameter of its distribution is missing or out of range.
    """
    name = _name(fields)
    shown = fields.text("dist", "normal")
    if shown not in set(Shape):
        raise MetrologyError(f"{name}.dist: there is no distribution {shown}")
    own = Fields(fields.values, name)
    shape = Shape(shown)
    if shape is Shape.READINGS:
        return _readings(own, name)
    value = own.finite("value")
    degrees = _degrees(own)
    half, beta, inexactness = 0.0, 0.0, 0.0
    if shape is Shape.CONSTANT:
        u = 0.0
    elif shape is Shape.NORMAL:
        u = own.size("u") if own.has("u") else own.size("U") / own.positive("k")
    elif shape is Shape.T:
        u, degrees = own.size("scale"), own.positive("dof", endless=True)
    elif shape is Shape.EXPONENTIAL:
        u = own.positive("value")
    elif shape is Shape.CTRAP:
        half, inexactness = own.size("a"), own.size("d")
        if inexactness > half:
            raise MetrologyError(f"{name}.d: expected a number up to the half-width a")
        u = curvilinear_standard_uncertainty(half, inexactness)
    else:
        half = own.size("a")
        beta = own.size("beta") if shape is Shape.TRAPEZOIDAL else 0.0
        if beta > 1:
            raise MetrologyError(f"{name}.beta: expected a number from 0 to 1")
        u = bounded_standard_uncertainty(shape, half, beta)
    return InputQuantity(name, value, u, degrees, shape, half, beta, inexactness)


def _name(fields: Fields) -> str:
    name = fields.text("name")
    if not name.isidentifier():
        raise MetrologyError(f"{fields.place}.name: expected a name like l_S")
    if name in RESERVED:
        raise MetrologyError(f"{fields.place}.name: {name} has a meaning of its own in formulas")
    return name


def _degrees(fields: Fields) -> float:
    if fields.has("rel_u_of_u"):
        return degrees_of_freedom_of(fields.size("rel_u_of_u"))
    return fields.positive("dof", math.inf, endless=True)


def _readings(fields: Fields, name: str) -> InputQuantity:
    readings = fields.numbers("readings")
    number = len(readings)
    pooled = fields.has("pooled_s")
    if number < (1 if pooled else 2):
        raise MetrologyError(f"{name}.readings: expected at least two numbers")
    mean = math.fsum(readings) / number
    if pooled:
        scatter, degrees = (
            fields.size("pooled_s"),
            fields.positive("pooled_dof", math.inf, endless=True),
        )
    else:
        squares = math.fsum((reading - mean) ** 2 for reading in readings)
        scatter, degrees = math.sqrt(squares / (number - 1)), float(number - 1)
    return InputQuantity(
        name,
        mean,
        scatter / math.sqrt(number),
        degrees,
        Shape.READINGS,
        readings=tuple(readings),
    )
