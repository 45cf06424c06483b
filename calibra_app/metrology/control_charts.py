"""Control charts of check standards: individual values, Shewhart, mean and s, EWMA."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from calibra_app.metrology.quantity import MetrologyError
from calibra_app.metrology.rounding import exact

MOVING_RANGE_DIVISOR: Final = 1.128
ACTION: Final = 3.0
WARNING: Final = 2.0


@dataclass(frozen=True, slots=True)
class Chart:
    """A centre line, limits and the positions (from 0) of the values beyond them."""

    center: float
    sigma: float
    limits: tuple[float, float]
    out_of_control: tuple[int, ...]


def beyond(values: Sequence[float], limits: tuple[float, float]) -> tuple[int, ...]:
    """Return the positions of values outside the limits; exactly on a limit is inside.

    Example:
        >>> beyond([1.0, 2.0, 0.3], (0.1 + 0.2, 2.0))
        ()
    """
    low, high = exact(limits[0]), exact(limits[1])
    return tuple(index for index, value in enumerate(values) if not low <= exact(value) <= high)


def individuals(values: Sequence[float], baseline: int | None = None) -> Chart:
    """Return a chart of individual values, by the mean moving range of a baseline.

    Source:
        ISO 7870-2:2023, individuals chart.
    """
    number = len(values) if baseline is None else baseline
    if not 2 <= number <= len(values):  # noqa: PLR2004
        raise MetrologyError("baseline: expected at least two of the values")
    first = values[:number]
    center = math.fsum(first) / number
    ranges = [abs(b - a) for a, b in pairwise(first)]
    sigma = math.fsum(ranges) / len(ranges) / MOVING_RANGE_DIVISOR
    return shewhart(values, center, sigma)


def shewhart(values: Sequence[float], center: float, sigma: float, width: float = ACTION) -> Chart:
    """Return a chart with a known centre and scatter.

    Example:
        >>> shewhart([100.1, 99.7, 100.35], 100.0, 0.1).out_of_control
        (2,)
    """
    if sigma < 0:
        raise MetrologyError("sigma: expected a number, not negative")
    limits = center - width * sigma, center + width * sigma
    return Chart(center, sigma, limits, beyond(values, limits))


def c4(number: int) -> float:
    """Return the bias of a standard deviation from so many normal values.

    Example:
        >>> round(c4(5), 4)
        0.94
    """
    half = number / 2
    return math.sqrt(2 / (number - 1)) * math.exp(math.lgamma(half) - math.lgamma(half - 0.5))


def mean_and_s(groups: Sequence[Sequence[float]]) -> tuple[Chart, Chart]:
    """Return the chart of the means of groups and that of their standard deviations.

    Source:
        ISO 7870-2:2023, constants A3, B3 and B4.
    """
    if not groups or len({len(group) for group in groups}) != 1 or len(groups[0]) < 2:  # noqa: PLR2004
        raise MetrologyError("groups: expected groups of one size, two values at least")
    size = len(groups[0])
    means = [math.fsum(group) / size for group in groups]
    deviations = [
        math.sqrt(math.fsum((value - mean) ** 2 for value in group) / (size - 1))
        for group, mean in zip(groups, means, strict=True)
    ]
    center, scatter = math.fsum(means) / len(means), math.fsum(deviations) / len(deviations)
    sigma = scatter / c4(size)
    reach = ACTION * sigma * math.sqrt(1 - c4(size) ** 2)
    s_limits = max(0.0, scatter - reach), scatter + reach
    return (
        shewhart(means, center, sigma / math.sqrt(size)),
        Chart(scatter, sigma, s_limits, beyond(deviations, s_limits)),
    )


@dataclass(frozen=True, slots=True)
class EwmaChart:
    """Exponentially weighted moving averages with the limits at each."""

    averages: tuple[float, ...]
    limits: tuple[tuple[float, float], ...]
    out_of_control: tuple[int, ...]


def ewma(
    values: Sequence[float],
    weight: float,
    target: float,
    sigma: float,
    width: float = ACTION,
    *,
    asymptotic: bool = True,
) -> EwmaChart:
    """Return the chart z_i = λ·x_i + (1 − λ)·z_(i−1), starting at the target.

    Source:
        ISO 7870-6:2016.
    """
    if not 0 < weight <= 1 or sigma < 0:
        raise MetrologyError("lambda: expected a number above 0 and up to 1")
    average = target
    averages: list[float] = []
    limits: list[tuple[float, float]] = []
    outside: list[int] = []
    for index, value in enumerate(values):
        average = weight * value + (1 - weight) * average
        share = weight / (2 - weight)
        if not asymptotic:
            share *= 1 - (1 - weight) ** (2 * (index + 1))
        reach = width * sigma * math.sqrt(share)
        averages.append(average)
        limits.append((target - reach, target + reach))
        if beyond([average], limits[-1]):
            outside.append(index)
    return EwmaChart(tuple(averages), tuple(limits), tuple(outside))
