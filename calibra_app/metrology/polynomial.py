"""A polynomial of least squares through calibration points, with the scatter of its residuals."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from calibra_app.metrology.quantity import MetrologyError

HIGHEST_DEGREE = 6


@dataclass(frozen=True, slots=True)
class Polynomial:
    """A fitted y = Σ coefficients[i]·x^i; `scatter` is s of the residuals, None without freedom."""

    coefficients: tuple[float, ...]
    scatter: float | None
    degrees_of_freedom: int

    def at(self, x: float) -> float:
        """Return the value of the polynomial."""
        total = 0.0
        for coefficient in reversed(self.coefficients):
            total = total * x + coefficient
        return total


def fit_polynomial(x: Sequence[float], y: Sequence[float], degree: int) -> Polynomial:
    """Return the polynomial of least squares; exactly through the points where they just suffice.

    Raises:
        MetrologyError: The degree is out of range, x and y differ in number, or too few
            different x are there.

    Source:
        JCGM 100:2008 (GUM), H.3, for the straight line; least squares for higher degrees.

    Example:
        >>> line = fit_polynomial([0, 1, 2], [1, 3, 5], 1)
        >>> round(line.at(10), 9), line.degrees_of_freedom
        (21.0, 1)
    """
    if not 1 <= degree <= HIGHEST_DEGREE:
        raise MetrologyError(f"degree: expected 1 to {HIGHEST_DEGREE}")
    if len(x) != len(y):
        raise MetrologyError("x and y: expected equally many values")
    if len(set(x)) <= degree:
        raise MetrologyError(f"a curve of degree {degree} needs {degree + 1} different points")
    # Centred and scaled, the powers of x stay far from one another's direction.
    centre = math.fsum(x) / len(x)
    scale = max(abs(value - centre) for value in x)
    shifted = (np.asarray(x, dtype=np.float64) - centre) / scale
    powers = np.vander(shifted, degree + 1, increasing=True)
    found = np.linalg.lstsq(powers, np.asarray(y, dtype=np.float64), rcond=None)[0]
    residuals = np.asarray(y, dtype=np.float64) - powers @ found
    freedom = len(x) - degree - 1
    scatter = math.sqrt(float(residuals @ residuals) / freedom) if freedom > 0 else None
    return Polynomial(_unshifted(found.tolist(), centre, scale), scatter, freedom)


def _unshifted(coefficients: Sequence[float], centre: float, scale: float) -> tuple[float, ...]:
    """Return the coefficients in x of a polynomial in (x − centre)/scale."""
    total = [0.0] * len(coefficients)
    for power, coefficient in enumerate(coefficients):
        for lower in range(power + 1):
            share = math.comb(power, lower) * (-centre) ** (power - lower) / scale**power
            total[lower] += coefficient * share
    return tuple(total)
