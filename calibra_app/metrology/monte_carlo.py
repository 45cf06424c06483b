"""Propagation of distributions by Monte Carlo."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

import numpy as np

from calibra_app.metrology.compilation import compile_functions
from calibra_app.metrology.draws import Draws
from calibra_app.metrology.expression import Array, Expression
from calibra_app.metrology.propagation import Correlations, InputQuantity, values_of
from calibra_app.metrology.quantity import MetrologyError
from calibra_app.metrology.trials import Moments, Tails, covered_of

SEED: Final = 17025
BLOCK: Final = 10_000
TRIALS: Final = 1_000_000
FEWEST_TRIALS: Final = 100
MOST_TRIALS: Final = 10_000_000
_PER_TAIL: Final = 100.0
_HAIR: Final = 1e-9


class Interval(StrEnum):
    """Which coverage interval is meant."""

    SYMMETRIC = "symmetric"
    SHORTEST = "shortest"


@dataclass(frozen=True, slots=True)
class Simulation:
    """What the trials say about the output quantity; the seed makes it repeatable."""

    mean: float
    standard_deviation: float
    symmetric: tuple[float, float]
    shortest: tuple[float, float]
    trials: int
    seed: int


@dataclass(frozen=True, slots=True)
class StableSimulation:
    """A simulation with as many trials as its figures asked for.

    `stable` is false where the most trials were not enough; `tolerance` is half of the last
    digit of u that counts, or the fraction of it that was asked for. The same seed and number of
    trials give the same figures again.
    """

    simulation: Simulation
    tolerance: float
    stable: bool


@dataclass(frozen=True, slots=True)
class JointSimulation:
    """What the trials say about several output quantities; the covariance by pairs of names."""

    means: Mapping[str, float]
    covariances: Mapping[tuple[str, str], float]
    trials: int
    seed: int


def simulate(
    model: Expression,
    quantities: Sequence[InputQuantity],
    correlations: Correlations | None = None,
    *,
    trials: int = TRIALS,
    probability: float = 0.95,
    seed: int = SEED,
) -> Simulation:
    """Return mean, standard deviation and coverage intervals of the output quantity.

    The trials run in blocks. Of their values only the ends are kept: the order statistics that a
    coverage interval can end at, which are the same as those of all values sorted.

    Raises:
        MetrologyError: The number of trials or the probability is out of range, the model is
            not defined somewhere, or correlated quantities are not normal.

    Source:
        JCGM 101:2008, clauses 5 to 7; intervals by 7.7.
    """
    _check(trials, probability)
    block = _blocks(model, quantities, correlations, seed)
    found = _Gathered(trials, probability)
    for start in range(0, trials, BLOCK):
        found.add(block(min(BLOCK, trials - start)))
    return found.simulation(seed)


def simulate_until_stable(
    model: Expression,
    quantities: Sequence[InputQuantity],
    correlations: Correlations | None = None,
    *,
    digits: int = 2,
    probability: float = 0.95,
    interval: Interval = Interval.SYMMETRIC,
    fraction: float = 1.0,
    most: int = MOST_TRIALS,
    seed: int = SEED,
) -> StableSimulation:
    """Return a simulation with so many trials that its figures stand to the digits that count.

    Blocks are added until twice the standard deviation of the averages over the blocks is below
    the numerical tolerance for y, u(y) and both ends of the coverage interval.

    Args:
        model: The measurement function.
        quantities: Its input quantities.
        correlations: What is not independent.
        digits: How many significant digits of u(y) count: 1 or 2, seldom more.
        probability: The coverage probability.
        interval: The coverage interval whose ends have to stand.
        fraction: How much of the numerical tolerance is allowed; a fifth to judge others by (8.2).
        most: The most trials.
        seed: Of the generator; `simulate` with it and the trials returned gives the same figures.

    Raises:
        MetrologyError: As `simulate`; the digits are out of range.

    Source:
        JCGM 101:2008, 7.9.4.
    """
    _check(most, probability)
    if not 1 <= digits <= 6:  # noqa: PLR2004 - more than any certificate states
        raise MetrologyError("digits: expected 1 to 6")
    # 7.9.4 b: at least 100/(1 − p) trials in a block; whole blocks, so that the draws are the same.
    fewest = math.ceil(_PER_TAIL / (1.0 - probability) * (1.0 - _HAIR))
    blocks_each = math.ceil(fewest / BLOCK)
    size = blocks_each * BLOCK
    block = _blocks(model, quantities, correlations, seed)
    if 2 * size > most:
        raise MetrologyError(f"most: expected at least {2 * size} trials at this probability")
    found = _Gathered(most, probability)
    figures: list[tuple[float, float, float, float]] = []
    tolerance, stable = 0.0, False
    while not stable and (len(figures) + 1) * size <= most:
        parts = [block(BLOCK) for _ in range(blocks_each)]
        for part in parts:
            found.add(part)
        outputs = np.concatenate(parts)
        low, high = _interval(np.sort(outputs), probability, interval)
        figures.append((float(outputs.mean()), float(outputs.std(ddof=1)), low, high))
        number = len(figures)
        if number > 1:
            tolerance = fraction * tolerance_of(found.moments.standard_deviation, digits)
            scatter = np.array(figures).std(axis=0, ddof=1) / math.sqrt(number)
            stable = bool((2.0 * scatter <= tolerance).all())
    return StableSimulation(found.simulation(seed), tolerance, stable)


def simulate_together(
    models: Mapping[str, Expression],
    quantities: Sequence[InputQuantity],
    correlations: Correlations | None = None,
    *,
    trials: int = TRIALS,
    seed: int = SEED,
) -> JointSimulation:
    """Return means and covariances of several output quantities from the same trials.

    Raises:
        MetrologyError: As `simulate`; there is no output quantity.

    Source:
        JCGM 102:2011, 7.4 (estimate and covariance matrix from the trials).
    """
    _check(trials, 0.95)
    if not models:
        raise MetrologyError("model: expected at least one formula")
    for model in models.values():
        values_of(model, quantities)
    steps = compile_functions(list(models.values()))
    draws = Draws(quantities, correlations or Correlations(), seed)
    means, products, number = np.zeros(len(models)), np.zeros((len(models), len(models))), 0
    for start in range(0, trials, BLOCK):
        size = min(BLOCK, trials - start)
        outputs = np.empty((len(models), size))
        _fill(steps.fill, draws.block(size), outputs)
        own = outputs.mean(axis=1)
        outputs -= own[:, None]
        shift = own - means
        together = number + size
        products += outputs @ outputs.T + np.outer(shift, shift) * (number * size / together)
        means += shift * (size / together)
        number = together
    covariance = products / (trials - 1)
    names = list(models)
    return JointSimulation(
        {name: float(mean) for name, mean in zip(names, means, strict=True)},
        {
            (one, other): float(covariance[row, column])
            for row, one in enumerate(names)
            for column, other in enumerate(names)
        },
        trials,
        seed,
    )


def _check(trials: int, probability: float) -> None:
    if not FEWEST_TRIALS <= trials <= MOST_TRIALS:
        raise MetrologyError(f"trials: expected {FEWEST_TRIALS} to {MOST_TRIALS}")
    if not 0 < probability < 1:
        raise MetrologyError("coverage.p: a probability lies between 0 and 1")


def _blocks(
    model: Expression,
    quantities: Sequence[InputQuantity],
    correlations: Correlations | None,
    seed: int,
) -> Callable[[int], Array]:
    """Return what gives the next values of the output quantity."""
    values_of(model, quantities)
    steps = compile_functions([model])
    draws = Draws(quantities, correlations or Correlations(), seed)

    def block(size: int) -> Array:
        outputs = np.empty((1, size))
        _fill(steps.fill, draws.block(size), outputs)
        return outputs[0]

    return block


def _fill(
    fill: Callable[[Mapping[str, Array], Array], None], drawn: Mapping[str, Array], into: Array
) -> None:
    try:
        with np.errstate(divide="raise", over="raise", invalid="raise", under="ignore"):
            fill(drawn, into)
    except FloatingPointError:
        raise MetrologyError("model: not defined at some of the drawn values") from None


class _Gathered:
    """What is kept of the trials: sums, and both ends in order."""

    def __init__(self, most: int, probability: float) -> None:
        self.probability = probability
        self.moments = Moments()
        self.tails = Tails(most - covered_of(most, probability))

    def add(self, outputs: Array) -> None:
        self.moments.add(outputs)
        self.tails.add(outputs)

    def simulation(self, seed: int) -> Simulation:
        trials = self.moments.number
        covered = covered_of(trials, self.probability)
        lows, highs = self.tails.ends(trials - covered)
        return Simulation(
            self.moments.mean,
            self.moments.standard_deviation,
            _symmetric(lows, highs),
            _shortest(lows, highs),
            trials,
            seed,
        )


def symmetric_interval(ordered: Array, probability: float) -> tuple[float, float]:
    """Return the interval that leaves equal parts of the trials below and above.

    Source:
        JCGM 101:2008, 7.7.2.
    """
    return _interval(ordered, probability, Interval.SYMMETRIC)


def shortest_interval(ordered: Array, probability: float) -> tuple[float, float]:
    """Return the shortest interval that holds the part of the trials.

    Source:
        JCGM 101:2008, 7.7.4.
    """
    return _interval(ordered, probability, Interval.SHORTEST)


def _interval(ordered: Array, probability: float, interval: Interval) -> tuple[float, float]:
    covered = covered_of(len(ordered), probability)
    lows, highs = ordered[: len(ordered) - covered], ordered[covered:]
    return (_symmetric if interval is Interval.SYMMETRIC else _shortest)(lows, highs)


def _symmetric(lows: Array, highs: Array) -> tuple[float, float]:
    middle = (len(lows) + 1) // 2 - 1
    return float(lows[middle]), float(highs[middle])


def _shortest(lows: Array, highs: Array) -> tuple[float, float]:
    place = int(np.argmin(highs - lows))
    return float(lows[place]), float(highs[place])


def tolerance_of(uncertainty: float, digits: int) -> float:
    """Return the numerical tolerance: half of the last digit of u that counts.

    Source:
        JCGM 101:2008, 7.9.2.

    Example:
        >>> tolerance_of(0.0351, 2), tolerance_of(0.0351, 1)
        (0.0005, 0.005)
    """
    if not 0 < uncertainty < math.inf:
        return 0.0
    return float(half_digit_of(Decimal(uncertainty), digits))


def half_digit_of(uncertainty: Decimal, digits: int) -> Decimal:
    """Return the same, exactly.

    Example:
        >>> half_digit_of(Decimal("0.0996"), 2)
        Decimal('0.005')
    """
    # 0.0996 with two digits is written 0.10: the place moves with the rounding.
    place = uncertainty.adjusted() - digits + 1
    if uncertainty.quantize(Decimal(1).scaleb(place)).adjusted() > uncertainty.adjusted():
        place += 1
    return Decimal("0.5").scaleb(place)
