"""Groups of observations: analysis of variance and the weighted mean."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from calibra_app.metrology.probability import chi_square_quantile, f_quantile
from calibra_app.metrology.quantity import MetrologyError


@dataclass(frozen=True, slots=True)
class AnalysisOfVariance:
    """A balanced design with one factor, such as days."""

    mean: float
    s_means: float
    s_within: float
    s_between: float
    ratio: float
    critical_ratio: float
    groups: int
    group_size: int

    @property
    def significant(self) -> bool:
        """Tell whether the groups differ by more than their own scatter explains."""
        return self.ratio > self.critical_ratio

    @property
    def dof_between(self) -> int:
        """Return the degrees of freedom between the groups."""
        return self.groups - 1

    @property
    def dof_within(self) -> int:
        """Return the degrees of freedom within the groups."""
        return self.groups * (self.group_size - 1)

    @property
    def u_mean(self) -> float:
        """Return the standard uncertainty of the mean where the groups differ."""
        return self.s_means / math.sqrt(self.groups)

    @property
    def u_mean_pooled(self) -> float:
        """Return the standard uncertainty of the mean where all observations are alike."""
        squares = (
            self.dof_between * self.group_size * self.s_means**2
            + self.dof_within * self.s_within**2
        )
        return math.sqrt(squares / self.dof_pooled / (self.groups * self.group_size))

    @property
    def dof_pooled(self) -> int:
        """Return the degrees of freedom of all observations together."""
        return self.dof_between + self.dof_within


def analyse_variance(
    means: Sequence[float], deviations: Sequence[float], group_size: int, probability: float = 0.95
) -> AnalysisOfVariance:
    """Analyse groups from their means and standard deviations.

    Raises:
        MetrologyError: There are fewer than two groups or two observations in each.

    Source:
        JCGM 100:2008 (GUM), H.5.

    Example:
        >>> analyse_variance([1.0, 1.2], [0.1, 0.1], 5).significant
        True
    """
    groups = len(means)
    if groups != len(deviations) or groups < 2 or group_size < 2:  # noqa: PLR2004
        raise MetrologyError("group_means, group_stds: expected two groups of two at least")
    if min(deviations) < 0:
        raise MetrologyError("group_stds: a standard deviation is not negative")
    mean = math.fsum(means) / groups
    s_means = math.sqrt(math.fsum((value - mean) ** 2 for value in means) / (groups - 1))
    s_within = math.sqrt(math.fsum(value**2 for value in deviations) / groups)
    excess = s_means**2 - s_within**2 / group_size
    return AnalysisOfVariance(
        mean,
        s_means,
        s_within,
        math.sqrt(max(0.0, excess)),
        group_size * s_means**2 / s_within**2 if s_within else math.inf,
        f_quantile(probability, groups - 1, groups * (group_size - 1)),
        groups,
        group_size,
    )


@dataclass(frozen=True, slots=True)
class WeightedMean:
    """The mean of values weighted by their uncertainties, with the test of their agreement."""

    mean: float
    standard_uncertainty: float
    chi_square: float
    degrees_of_freedom: int
    consistent: bool

    @property
    def birge_ratio(self) -> float:
        """Return √(χ²/ν), about 1 for values that agree."""
        return math.sqrt(self.chi_square / self.degrees_of_freedom)


def weighted_mean(
    values: Sequence[float], uncertainties: Sequence[float], probability: float = 0.95
) -> WeightedMean:
    """Return the weighted mean and whether the values agree.

    Raises:
        MetrologyError: There are fewer than two values, or an uncertainty is not positive.

    Source:
        M. G. Cox, Metrologia 39 (2002) 589, procedure A.

    Example:
        >>> round(weighted_mean([1.0, 2.0], [1.0, 1.0]).mean, 1)
        1.5
    """
    number = len(values)
    if number != len(uncertainties) or number < 2:  # noqa: PLR2004
        raise MetrologyError("x and u: expected equally many, at least two")
    if not all(u > 0 for u in uncertainties):
        raise MetrologyError("u: expected positive numbers")
    weights = [u**-2 for u in uncertainties]
    total = math.fsum(weights)
    mean = math.fsum(w * x for w, x in zip(weights, values, strict=True)) / total
    chi = math.fsum(w * (x - mean) ** 2 for w, x in zip(weights, values, strict=True))
    limit = chi_square_quantile(probability, number - 1)
    return WeightedMean(mean, total**-0.5, chi, number - 1, chi <= limit)
