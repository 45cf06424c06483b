"""Input quantities of a designed procedure: each with its value and the row it brings."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from calibra_app.metrology.distributions import Shape, degrees_of_freedom_of, divisor
from calibra_app.metrology.quantity import convert
from calibra_app.metrology.reference_standard import ReferenceStandard, find_standard
from calibra_app.metrology.rounding import exact, plain
from calibra_app.metrology.type_a import mean_of, standard_deviation_of
from calibra_app.procedures.designed.columns import Notebook, NotYet
from calibra_app.procedures.designed.form import RoomLimit
from calibra_app.procedures.designed.formula import filled_in
from calibra_app.procedures.designed.limits import told_terms
from calibra_app.procedures.designed.plain import DesignError
from calibra_app.procedures.designed.plan import Spot
from calibra_app.procedures.designed.terms import Certificate, Input, Scatter, SourceKind

SYMBOLS: Final[Mapping[SourceKind, str]] = {
    SourceKind.READINGS: "δ_rep",
    SourceKind.STANDARD: "δ_S",
    SourceKind.RESOLUTION: "δ_res",
}
SMALLEST_SET: Final = 2


@dataclass(frozen=True, slots=True)
class Estimate:
    """What is known of an input quantity at a point; `spread / divisor` is its u."""

    quantity: Input
    value: Decimal
    unit: str
    spread: float = 0.0
    divisor: float = 1.0
    distribution: str = Shape.NORMAL
    evaluation: str = "B"
    words: str = ""
    degrees_of_freedom: float = math.inf
    asset: str = ""

    @property
    def standard_uncertainty(self) -> float:
        """Return the standard uncertainty in the input quantity's unit."""
        return self.spread / self.divisor

    @property
    def symbol(self) -> str:
        """Return what stands for it in the budget."""
        source, take = self.quantity.source, self.quantity.take
        if self.quantity.symbol:
            return self.quantity.symbol
        if source is SourceKind.STANDARD and take is Certificate.DRIFT:
            return "δ_D"
        return SYMBOLS.get(source, self.quantity.name)


@dataclass(frozen=True, slots=True)
class Desk:
    """A point at which input quantities are estimated."""

    book: Notebook
    spot: Spot
    room: tuple[RoomLimit, ...] = ()

    def evaluate(
        self, text: str, path: str, stated: Mapping[str, Decimal] | None = None
    ) -> Decimal:
        """Return the value of a formula at the point; `stated` are names known beside all else."""
        return self.book.evaluate(text, self.spot, path, stated)

    def text(self, template: str, path: str) -> str:
        """Return a text with its places filled in."""
        return filled_in(template, self.spot.words, path)

    def column_unit(self, name: str) -> str:
        """Return the unit of a column of the point's table."""
        column = next(each for each in self.spot.table.columns if each.name == name)
        return self.text(column.unit, f"columns.{name}.unit")

    def standard(self, function: str) -> ReferenceStandard:
        """Return the chosen standard for a function.

        Raises:
            NotYet: None of the chosen ones is calibrated for it.
        """
        found = find_standard(self.book.standards, function)
        if found is None:
            raise NotYet(f"Choose a reference standard for {function}.")
        return found


def estimate(desk: Desk, quantity: Input, path: str) -> Estimate:
    """Return value and uncertainty of an input quantity at a point.

    Raises:
        NotYet: Indications or a standard are missing.
        DesignError: The design asks for what cannot be.
    """
    return _SOURCES[quantity.source](desk, quantity, path)


def _unit(desk: Desk, quantity: Input, path: str) -> str:
    return desk.text(quantity.unit, f"{path}.unit")


def _readings(desk: Desk, quantity: Input, path: str) -> Estimate:
    values = desk.book.series(desk.spot, quantity.column)
    if not values:
        raise NotYet(f"{quantity.title}: not read yet")
    read_in, unit = desk.column_unit(quantity.column), _unit(desk, quantity, path)
    own = quantity.scatter is not Scatter.GIVEN and len(values) >= SMALLEST_SET
    if own:
        scatter, freedom = standard_deviation_of(values), float(len(values) - 1)
    elif quantity.scatter is Scatter.OWN:
        raise NotYet(f"{quantity.title} needs at least two indications")
    else:
        given = f"{path}.standard_deviation"
        scatter = float(desk.evaluate(quantity.standard_deviation, given))
        freedom = _freedom(desk, quantity, path)
    words = "one indication in use" if quantity.single else f"mean of {len(values)} indications"
    if not own:
        words += ", s of earlier series or of another test"
    mean = mean_of(values)
    return Estimate(
        quantity,
        mean if read_in == unit else exact(convert(float(mean), read_in, unit)),
        unit,
        convert(scatter, read_in, unit, difference=True),
        1.0 if quantity.single else math.sqrt(len(values)),
        Shape.NORMAL,
        "A",
        quantity.words or words,
        freedom,
    )


def _standard(desk: Desk, quantity: Input, path: str) -> Estimate:
    spot = desk.spot
    function = desk.text(quantity.function, f"{path}.function") or spot.function
    standard = desk.standard(function)
    unit = _unit(desk, quantity, path)
    at = desk.evaluate(quantity.at or "nominal", f"{path}.at")
    at_unit = desk.text(quantity.at_unit, f"{path}.at_unit") or (
        desk.column_unit(quantity.at)
        if quantity.at in {column.name for column in spot.table.columns}
        else spot.unit
    )
    value = standard.at(function, float(at), at_unit, unit)
    words = f"{standard.asset}, certificate {standard.certificate_number}"
    words += ", interpolated" if value.interpolated else ""
    if quantity.take is Certificate.DRIFT:
        return Estimate(
            quantity, Decimal(0), unit, value.drift, divisor(Shape.RECTANGULAR),
            Shape.RECTANGULAR, "B", "since its calibration", asset=standard.asset,
        )  # fmt: skip
    there = at if at_unit == unit else exact(convert(float(at), at_unit, unit))
    correction = exact(value.correction)
    estimates = {
        Certificate.VALUE: there + correction,
        Certificate.CORRECTION: correction,
        Certificate.UNCERTAINTY: Decimal(0),
    }
    bounded = value.distribution == Shape.RECTANGULAR
    return Estimate(
        quantity,
        estimates[quantity.take],
        unit,
        value.expanded_uncertainty,
        divisor(Shape.RECTANGULAR) if bounded else value.coverage_factor,
        value.distribution,
        "B",
        f"{words}, within the limits of its class" if bounded else words,
        asset=standard.asset,
    )


def _specification(desk: Desk, quantity: Input, path: str) -> Estimate:
    unit = _unit(desk, quantity, path)
    told = told_terms(quantity.terms, desk.spot, unit, desk.evaluate, f"{path}.terms")
    total = sum((each.value for each in told), Decimal(0))
    words = f"{' + '.join(each.words for each in told)} = ±{_short(total)} {unit}".rstrip()
    value = _value(desk, quantity, path)
    if quantity.coverage_factor:
        k = float(desk.evaluate(quantity.coverage_factor, f"{path}.coverage_factor"))
        return _bounded(desk, quantity, path, value, (float(total), k), words)
    return _of_half_width(desk, quantity, path, value, float(total), words)


def _short(value: Decimal) -> str:
    """Return a number without the zeros that a product left behind."""
    return plain(value.normalize() + Decimal(0))


def _resolution(desk: Desk, quantity: Input, path: str) -> Estimate:
    if quantity.step:
        step = desk.evaluate(quantity.step, f"{path}.step")
        unit = _unit(desk, quantity, path)
    else:
        result = desk.spot.table.result
        column = quantity.column or (result.indication if result else "")
        row = desk.spot.rows.get(column)
        step = desk.spot.values["resolution"] if row is None else row.resolution
        given = desk.text(quantity.unit, f"{path}.unit")
        read_in = given if row is None else row.unit
        unit = given or read_in
        if read_in != unit:
            step = exact(convert(float(step), read_in, unit, difference=True))
    words = f"half of {_short(step)} {unit}".rstrip()
    value = _value(desk, quantity, path)
    return _of_half_width(desk, quantity, path, value, float(step) / 2, words, unit)


def _room(desk: Desk, quantity: Input, path: str) -> Estimate:
    name = quantity.quantity
    ends = desk.book.room(name)
    words = f"{name} of the room, as read"
    if ends is None:
        limit = next((each for each in desk.room if each.quantity == name), None)
        if limit is None:
            raise NotYet(f"the room's {name} is not read yet")
        ends = desk.evaluate(limit.low, path), desk.evaluate(limit.high, path)
        words = f"limits of the room's {name}"
    low, high = ends
    if quantity.about:
        about = desk.evaluate(quantity.about, f"{path}.about")
        half, value = max(abs(low - about), abs(high - about)), Decimal(0)
        words += f", about {about:f}"
    else:
        half, value = (high - low) / 2, (low + high) / 2
    if quantity.value:
        value = desk.evaluate(quantity.value, f"{path}.value")
    if quantity.at_least:
        half = max(half, desk.evaluate(quantity.at_least, f"{path}.at_least"))
    return _of_half_width(desk, quantity, path, value, float(half), words)


def _constant(desk: Desk, quantity: Input, path: str) -> Estimate:
    value = _value(desk, quantity, path)
    stated = [
        name
        for name in ("half_width", "width", "standard_uncertainty", "expanded_uncertainty")
        if getattr(quantity, name)
    ]
    if not stated:
        return Estimate(quantity, value, _unit(desk, quantity, path))
    name = stated[0]
    spread = desk.evaluate(getattr(quantity, name), f"{path}.{name}")
    words = quantity.words
    if quantity.at_least:
        least = desk.evaluate(quantity.at_least, f"{path}.at_least")
        spread = max(spread, least)
    spread = abs(spread)
    if name == "half_width":
        return _of_half_width(desk, quantity, path, value, float(spread), words)
    if name == "width":
        return _of_half_width(desk, quantity, path, value, float(spread) / 2, words)
    k = 1.0
    if name == "expanded_uncertainty":
        k = float(desk.evaluate(quantity.coverage_factor or "2", f"{path}.coverage_factor"))
    return _bounded(desk, quantity, path, value, (float(spread), k), words)


def _value(desk: Desk, quantity: Input, path: str) -> Decimal:
    return desk.evaluate(quantity.value, f"{path}.value") if quantity.value else Decimal(0)


def _bounded(  # noqa: PLR0917 - the parts of an estimate, in their order
    desk: Desk,
    quantity: Input,
    path: str,
    value: Decimal,
    stated: tuple[float, float],
    words: str,
) -> Estimate:
    """Return an estimate from a standard or expanded uncertainty as it is stated."""
    spread, k = stated
    if k <= 0:
        raise DesignError(f"{path}.coverage_factor", "a coverage factor is positive")
    return Estimate(
        quantity,
        value,
        _unit(desk, quantity, path),
        spread,
        k,
        Shape.NORMAL,
        "B",
        quantity.words or words,
        _freedom(desk, quantity, path),
    )


def _of_half_width(  # noqa: PLR0917 - the parts of an estimate, in their order
    desk: Desk,
    quantity: Input,
    path: str,
    value: Decimal,
    half_width: float,
    words: str,
    unit: str = "",
) -> Estimate:
    shape = quantity.distribution
    if shape not in {Shape.RECTANGULAR, Shape.TRIANGULAR, Shape.ARCSINE, Shape.TRAPEZOIDAL}:
        raise DesignError(
            f"{path}.distribution",
            "limits are rectangular, triangular, arcsine or trapezoidal",
        )
    beta = float(desk.evaluate(quantity.beta or "0", f"{path}.beta"))
    return Estimate(
        quantity,
        value,
        unit or _unit(desk, quantity, path),
        half_width,
        divisor(shape, beta),
        shape,
        "B",
        quantity.words or words,
        _freedom(desk, quantity, path),
    )


def _freedom(desk: Desk, quantity: Input, path: str) -> float:
    if quantity.degrees_of_freedom:
        freedom = float(desk.evaluate(quantity.degrees_of_freedom, f"{path}.degrees_of_freedom"))
        if freedom <= 0:
            raise DesignError(f"{path}.degrees_of_freedom", "expected a number above zero")
        return freedom
    if quantity.reliability:
        share = desk.evaluate(quantity.reliability, f"{path}.reliability")
        return degrees_of_freedom_of(float(share))
    return math.inf


_SOURCES: Final[Mapping[SourceKind, Callable[[Desk, Input, str], Estimate]]] = {
    SourceKind.READINGS: _readings,
    SourceKind.STANDARD: _standard,
    SourceKind.SPECIFICATION: _specification,
    SourceKind.RESOLUTION: _resolution,
    SourceKind.ROOM: _room,
    SourceKind.CONSTANT: _constant,
    SourceKind.FORMULA: _constant,
}
