"""A reference standard as its certificate describes it, frozen when it is used."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self, cast

from calibra_app.metrology.distributions import Shape
from calibra_app.metrology.quantity import MetrologyError, convert


@dataclass(frozen=True, slots=True)
class CertificatePoint:
    """One calibrated point: the true value realized is nominal + correction, ± U.

    `drift` is the half-width that the value may have moved by since the calibration. With a
    rectangular distribution `expanded_uncertainty` is a half-width: the piece is only known to
    lie within the limits of its class.
    """

    function: str
    nominal: float
    unit: str
    correction: float
    expanded_uncertainty: float
    coverage_factor: float = 2.0
    drift: float = 0.0
    uncertainty_unit: str = ""
    distribution: str = Shape.NORMAL

    @property
    def small_unit(self) -> str:
        """Return the unit of correction, U and drift."""
        return self.uncertainty_unit or self.unit


@dataclass(frozen=True, slots=True)
class ReferenceValue:
    """What a standard realizes at one nominal value, all in one unit."""

    correction: float
    expanded_uncertainty: float
    coverage_factor: float
    drift: float
    interpolated: bool
    distribution: str = Shape.NORMAL


@dataclass(frozen=True, slots=True)
class ReferenceStandard:
    """A reference standard with the points of its certificate."""

    asset: str
    description: str
    certificate_number: str
    points: tuple[CertificatePoint, ...]

    @classmethod
    def from_json(cls, data: Mapping[str, object]) -> Self:
        """Read a standard from stored plain data; unknown fields are kept by others.

        Raises:
            MetrologyError: A field is missing or not a number.
        """
        try:
            points = cast("Sequence[Mapping[str, object]]", data["points"])
            return cls(
                str(data["asset"]),
                str(data.get("description", "")),
                str(data.get("certificate_number", "")),
                tuple(_point(point) for point in points),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise MetrologyError(f"reference standard: {error}") from None

    def as_json(self) -> dict[str, object]:
        """Return the standard as plain data."""
        return {
            "asset": self.asset,
            "description": self.description,
            "certificate_number": self.certificate_number,
            "points": [
                {
                    "function": point.function,
                    "nominal": point.nominal,
                    "unit": point.unit,
                    "correction": point.correction,
                    "expanded_uncertainty": point.expanded_uncertainty,
                    "coverage_factor": point.coverage_factor,
                    "drift": point.drift,
                    "uncertainty_unit": point.small_unit,
                    "distribution": str(point.distribution),
                }
                for point in self.points
            ],
        }

    def has(self, function: str) -> bool:
        """Tell whether the certificate covers a function at all."""
        return any(point.function == function for point in self.points)

    def at(self, function: str, nominal: float, unit: str, result_unit: str) -> ReferenceValue:
        """Return correction, U, k and drift at a nominal value, in the unit of the result.

        Between two points of the certificate the correction is interpolated on a straight line;
        U and drift are the larger of the two neighbours.

        Raises:
            MetrologyError: The certificate does not cover the value: nothing is extrapolated.
        """
        rows = sorted(
            (convert(point.nominal, point.unit, unit), index)
            for index, point in enumerate(self.points)
            if point.function == function
        )
        if not rows:
            raise MetrologyError(f"{self.asset} is not calibrated for {function}")
        for value, index in rows:
            if math.isclose(value, nominal, rel_tol=1e-9, abs_tol=1e-12):
                return self._exactly(self.points[index], result_unit)
        below = [row for row in rows if row[0] < nominal]
        above = [row for row in rows if row[0] > nominal]
        if not below or not above:
            raise MetrologyError(
                f"{self.asset} is not calibrated for {function} at {nominal:g} {unit}"
            )
        return self._between(below[-1], above[0], nominal, result_unit)

    def _exactly(self, point: CertificatePoint, result_unit: str) -> ReferenceValue:
        def small(value: float) -> float:
            return convert(value, point.small_unit, result_unit, difference=True)

        return ReferenceValue(
            small(point.correction),
            small(point.expanded_uncertainty),
            point.coverage_factor,
            small(point.drift),
            interpolated=False,
            distribution=point.distribution,
        )

    def _between(
        self, low: tuple[float, int], high: tuple[float, int], nominal: float, result_unit: str
    ) -> ReferenceValue:
        first = self._exactly(self.points[low[1]], result_unit)
        second = self._exactly(self.points[high[1]], result_unit)
        part = (nominal - low[0]) / (high[0] - low[0])
        larger = max(
            first,
            second,
            key=lambda value: value.expanded_uncertainty / value.coverage_factor,
        )
        return ReferenceValue(
            first.correction + part * (second.correction - first.correction),
            larger.expanded_uncertainty,
            larger.coverage_factor,
            max(first.drift, second.drift),
            interpolated=True,
            distribution=larger.distribution,
        )


def _point(data: Mapping[str, object]) -> CertificatePoint:
    def number(name: str, otherwise: str = "") -> float:
        return float(str(data[name] if name in data else otherwise or data[name]))

    return CertificatePoint(
        str(data["function"]),
        number("nominal"),
        str(data["unit"]),
        number("correction", "0"),
        number("expanded_uncertainty"),
        number("coverage_factor", "2"),
        number("drift", "0"),
        str(data.get("uncertainty_unit", data["unit"])),
        str(data.get("distribution", Shape.NORMAL)),
    )


def find_standard(
    standards: Sequence[ReferenceStandard], function: str
) -> ReferenceStandard | None:
    """Return the first of the chosen standards that covers a function."""
    return next((standard for standard in standards if standard.has(function)), None)
