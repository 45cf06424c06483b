"""Straight lines through calibration points, and what they predict."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from calibra_app.metrology.quantity import MetrologyError


@dataclass(frozen=True, slots=True)
class StraightLine:
    """An unweighted fit y = intercept + slope·(x − x0), with the scatter s of the residuals."""

    x0: float
    intercept: float
    slope: float
    u_intercept: float
    u_slope: float
    correlation: float
    scatter: float
    number: int
    mean_x: float
    spread_x: float

    @property
    def degrees_of_freedom(self) -> int:
        """Return n − 2."""
        return self.number - 2

    def at(self, x: float) -> float:
        """Return the predicted y."""
        return self.intercept + self.slope * (x - self.x0)

    def u_at(self, x: float) -> float:
        """Return the standard uncertainty of the line at x."""
        return self.scatter * math.sqrt(1 / self.number + (x - self.mean_x) ** 2 / self.spread_x)

    def u_new_observation(self, x: float) -> float:
        """Return the standard uncertainty of one more observation at x."""
        return math.hypot(self.scatter, self.u_at(x))


def fit_line(x: Sequence[float], y: Sequence[float], x0: float = 0.0) -> StraightLine:
    """Return the line of least squares through the points.

    Raises:
        MetrologyError: There are fewer than three points, x and y differ in number, or all x
            are the same.

    Source:
        JCGM 100:2008 (GUM), H.3, equations (H.13a) to (H.13f).

    Example:
        >>> round(fit_line([0, 1, 2, 3], [1.0, 3.1, 4.9, 7.0]).slope, 2)
        1.98
    """
    number = len(x)
    if number != len(y):
        raise MetrologyError("x and y: expected equally many values")
    if number < 3:  # noqa: PLR2004
        raise MetrologyError("x: a line with its scatter needs at least three points")
    mean_x, mean_y = math.fsum(x) / number, math.fsum(y) / number
    spread = math.fsum((value - mean_x) ** 2 for value in x)
    if spread == 0:
        raise MetrologyError("x: all values are the same")
    slope = math.fsum((a - mean_x) * (b - mean_y) for a, b in zip(x, y, strict=True)) / spread
    residuals = ((b - mean_y) - slope * (a - mean_x) for a, b in zip(x, y, strict=True))
    scatter = math.sqrt(math.fsum(value**2 for value in residuals) / (number - 2))
    shift = mean_x - x0
    size = math.sqrt(1 / number + shift**2 / spread)
    return StraightLine(
        x0,
        mean_y - slope * shift,
        slope,
        scatter * size,
        scatter / math.sqrt(spread),
        -shift / math.sqrt(spread) / size,
        scatter,
        number,
        mean_x,
        spread,
    )
