"""The distributions that describe an input quantity, and their divisors."""

import math
from enum import StrEnum
from typing import Final

from calibra_app.metrology.quantity import MetrologyError


class Shape(StrEnum):
    """What is known about an input quantity."""

    CONSTANT = "constant"
    NORMAL = "normal"
    RECTANGULAR = "rectangular"
    TRIANGULAR = "triangular"
    ARCSINE = "arcsine"
    TRAPEZOIDAL = "trapezoidal"
    CTRAP = "ctrap"
    T = "t"
    EXPONENTIAL = "exponential"
    READINGS = "readings"


DIVISORS: Final = {
    Shape.RECTANGULAR: math.sqrt(3.0),
    Shape.TRIANGULAR: math.sqrt(6.0),
    Shape.ARCSINE: math.sqrt(2.0),
}


def divisor(shape: Shape, beta: float = 0.0) -> float:
    """Return what the half-width is divided by to give the standard uncertainty.

        rectangular a/√3, triangular a/√6, U-shaped a/√2, trapezoidal a·√((1 + β²)/6)

    Args:
        shape: One of the four bounded distributions.
        beta: Ratio of top to base of a trapezium, 0 <= beta <= 1.

    Raises:
        MetrologyError: The distribution has no half-width, or beta is out of range.

    Source:
        JCGM 100:2008 (GUM), 4.3.7 and 4.3.9; JCGM 101:2008, table 1.

    Example:
        >>> round(divisor(Shape.RECTANGULAR), 4), round(divisor(Shape.TRAPEZOIDAL, 1.0), 4)
        (1.7321, 1.7321)
    """
    if shape is Shape.TRAPEZOIDAL:
        if not 0 <= beta <= 1:
            raise MetrologyError("beta of a trapezium lies between 0 and 1")
        return math.sqrt(6.0 / (1.0 + beta * beta))
    if shape not in DIVISORS:
        raise MetrologyError(f"a {shape} quantity has no half-width")
    return DIVISORS[shape]


def bounded_standard_uncertainty(shape: Shape, half_width: float, beta: float = 0.0) -> float:
    """Return the standard uncertainty of a quantity that lies within ± a half-width.

    Raises:
        MetrologyError: The half-width is negative or not finite.

    Example:
        >>> round(bounded_standard_uncertainty(Shape.RECTANGULAR, 0.005), 6)
        0.002887
    """
    if not 0 <= half_width < math.inf:
        raise MetrologyError("a half-width is a number, not negative")
    return half_width / divisor(shape, beta)


def curvilinear_standard_uncertainty(half_width: float, inexactness: float) -> float:
    """Return u = √(a²/3 + d²/9) of a rectangle whose half-width a is known to ± d only.

    Source:
        JCGM 101:2008, 6.4.3.

    Example:
        >>> round(curvilinear_standard_uncertainty(1.0, 0.5), 6)
        0.600925
    """
    if half_width < 0 or not 0 <= inexactness <= half_width:
        raise MetrologyError("the inexactness d lies between 0 and the half-width a")
    return math.sqrt(half_width**2 / 3 + inexactness**2 / 9)


def degrees_of_freedom_of(relative_uncertainty: float) -> float:
    """Return ν = ½·(Δu/u)⁻², for an uncertainty that is itself known to Δu/u.

    Source:
        JCGM 100:2008 (GUM), G.4.2, equation (G.3).

    Example:
        >>> degrees_of_freedom_of(0.25)
        8.0
    """
    if relative_uncertainty < 0:
        raise MetrologyError("a relative uncertainty is not negative")
    return math.inf if relative_uncertainty == 0 else 0.5 / relative_uncertainty**2
