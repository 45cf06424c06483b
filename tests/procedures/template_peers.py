"""Budgets written down a second time, for GTC and for trials: peers of the starter templates.

Nothing here reads a design. A peer is the measurement function as an ordinary function and its
input quantities; GTC propagates them, and so do random trials of their distributions.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import inf, sqrt

import GTC
import numpy as np

TRIALS = 400_000


@dataclass(frozen=True)
class Known:
    """An input quantity: estimate, standard uncertainty, degrees of freedom, shape."""

    value: float
    uncertainty: float = 0.0
    freedom: float = inf
    shape: str = "normal"

    def drawn(self, random):
        if self.shape == "rectangular":
            half = self.uncertainty * sqrt(3)
            return self.value + random.uniform(-half, half, TRIALS)
        if self.freedom < inf:
            return self.value + self.uncertainty * random.standard_t(self.freedom, TRIALS)
        return self.value + self.uncertainty * random.standard_normal(TRIALS)


def rectangle(half_width, value=0.0):
    return Known(value, half_width / sqrt(3), shape="rectangular")


def certificate(expanded, k=2.0, value=0.0):
    return Known(value, expanded / k)


def mean_of(readings, scatter=None, freedom=None):
    """Return a mean of readings with its own scatter, or with one that is known from elsewhere."""
    spread = np.std(readings, ddof=1) if scatter is None else scatter
    number = len(readings)
    nu = number - 1 if freedom is None else freedom
    return Known(float(np.mean(readings)), float(spread) / sqrt(number), nu)


@dataclass(frozen=True)
class Peer:
    """A measurement function with its input quantities."""

    function: Callable
    inputs: Mapping[str, Known]

    def by_gtc(self):
        """Return value, standard uncertainty and degrees of freedom."""
        result = self.function(
            **{
                name: GTC.ureal(one.value, one.uncertainty, one.freedom, label=name)
                for name, one in self.inputs.items()
            }
        )
        return result.x, result.u, result.df

    def by_trials(self, probability=0.9545):
        """Return mean and half the length of the symmetric coverage interval."""
        random = np.random.default_rng(20_240_517)
        drawn = self.function(**{name: one.drawn(random) for name, one in self.inputs.items()})
        ends = np.quantile(drawn, [(1 - probability) / 2, (1 + probability) / 2])
        return float(np.mean(drawn)), float(ends[1] - ends[0]) / 2

    def scatter_of_trials(self):
        """Return mean and standard deviation of trials, readings drawn as normal.

        A mean of few readings has no finite variance as a scaled t; u is compared, not U.
        """
        random = np.random.default_rng(20_260_301)
        drawn = self.function(
            **{
                name: Known(one.value, one.uncertainty, shape=one.shape).drawn(random)
                for name, one in self.inputs.items()
            }
        )
        return float(np.mean(drawn)), float(np.std(drawn))
