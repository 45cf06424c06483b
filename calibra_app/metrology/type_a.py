"""Type A evaluation: what repeated indications say by themselves."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext

from calibra_app.metrology.quantity import MetrologyError


@dataclass(frozen=True, slots=True)
class Repeatability:
    """Mean and scatter of repeated indications, in the unit of the indication."""

    mean: Decimal
    number: int
    standard_deviation: float
    degrees_of_freedom: float
    smallest: Decimal
    largest: Decimal

    @property
    def standard_uncertainty(self) -> float:
        """Return s/√n, the standard uncertainty of the mean."""
        return self.standard_deviation / math.sqrt(self.number)


def mean_of(indications: Sequence[Decimal]) -> Decimal:
    """Return the mean, exactly as far as 28 digits carry.

    Raises:
        MetrologyError: There is no indication, or one is not a finite number.

    Example:
        >>> mean_of([Decimal("10.00"), Decimal("10.01")])
        Decimal('10.005')
    """
    if not indications:
        raise MetrologyError("a mean needs at least one indication")
    if not all(value.is_finite() for value in indications):
        raise MetrologyError("an indication is a finite number")
    with localcontext() as context:
        context.prec = 34
        return sum(indications, Decimal(0)) / len(indications)


def standard_deviation_of(indications: Sequence[Decimal]) -> float:
    """Return the experimental standard deviation s.

        s² = Σ (q_k - q̄)² / (n - 1)

    Raises:
        MetrologyError: There are fewer than two indications.

    Source:
        JCGM 100:2008 (GUM), 4.2.2, equation (4).

    Example:
        >>> round(standard_deviation_of([Decimal("1"), Decimal("2"), Decimal("3")]), 3)
        1.0
    """
    if len(indications) < 2:  # noqa: PLR2004
        raise MetrologyError("a standard deviation needs at least two indications")
    mean = mean_of(indications)
    with localcontext() as context:
        # Deviations are taken in decimals: a gauge block at 50 mm is compared in nanometres.
        context.prec = 34
        squares = sum(((value - mean) ** 2 for value in indications), Decimal(0))
        return math.sqrt(squares / (len(indications) - 1))


def evaluate_indications(
    indications: Sequence[Decimal],
    pooled_standard_deviation: float | None = None,
    pooled_degrees_of_freedom: float = math.inf,
) -> Repeatability:
    """Return mean, s and degrees of freedom of repeated indications.

    Args:
        indications: As read; at least two, or one if a pooled value is given.
        pooled_standard_deviation: s of earlier series of the same kind; replaces the own s.
        pooled_degrees_of_freedom: The degrees of freedom behind the pooled s.

    Raises:
        MetrologyError: There are too few indications.

    Source:
        JCGM 100:2008 (GUM), 4.2.1 to 4.2.4; EA-4/02 M:2022, 3.2.3.

    Example:
        >>> five = [Decimal(text) for text in ("10.00", "10.01", "10.00", "10.01", "10.00")]
        >>> round(evaluate_indications(five).standard_uncertainty, 6)
        0.002449
    """
    if pooled_standard_deviation is None:
        scatter = standard_deviation_of(indications)
        degrees = float(len(indications) - 1)
    else:
        scatter, degrees = pooled_standard_deviation, pooled_degrees_of_freedom
    return Repeatability(
        mean_of(indications),
        len(indications),
        scatter,
        degrees,
        min(indications),
        max(indications),
    )


def outlier_hint(indications: Sequence[Decimal]) -> int | None:
    """Return the position of the indication that stands out, if one does; nothing is removed.

    One stands out if it lies further from the mean of the others than four times their own
    scatter, and by more than their whole span. It needs at least four indications.

    Example:
        >>> outlier_hint([Decimal(text) for text in ("10.00", "10.01", "10.00", "10.40")])
        3
    """
    if len(indications) < 4:  # noqa: PLR2004
        return None
    centre = mean_of(indications)
    position = max(range(len(indications)), key=lambda index: abs(indications[index] - centre))
    others = [value for index, value in enumerate(indications) if index != position]
    distance = abs(float(indications[position] - mean_of(others)))
    span = float(max(others) - min(others))
    stands_out = distance > max(4 * standard_deviation_of(others), span)
    return position if stands_out and span > 0 else None
