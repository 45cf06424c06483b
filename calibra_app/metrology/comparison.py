"""Scores of interlaboratory comparisons and their verdicts."""

import math
from enum import StrEnum
from typing import Final

from calibra_app.metrology.quantity import MetrologyError
from calibra_app.metrology.rounding import exact

WARNING: Final = 2
ACTION: Final = 3


class Verdict(StrEnum):
    """What a score says of a laboratory."""

    SATISFACTORY = "satisfactory"
    QUESTIONABLE = "questionable"
    UNSATISFACTORY = "unsatisfactory"


def score(value: float, reference: float, *scales: float) -> float:
    """Return (x − X) over the root sum of squares of the scales.

    With U_lab and U_ref it is En, with u_lab and u_ref zeta, with σ_pt z, with σ_pt and u_ref
    z-prime.

    Raises:
        MetrologyError: All scales are zero, or one is negative.

    Source:
        ISO 13528:2022, clauses 9.4 to 9.7.

    Example:
        >>> round(score(10.0042, 10.0010, 0.0030, 0.0020), 3)
        0.888
    """
    size = math.hypot(*scales)
    if size == 0 or min(scales) < 0:
        raise MetrologyError("uncertainties and σ_pt: expected positive numbers")
    return (value - reference) / size


def verdict_of_en(number: float) -> Verdict:
    """Return the verdict of an En number; 1 is still satisfactory.

    Example:
        >>> verdict_of_en((50.3 - 50.0) / 0.3)
        <Verdict.SATISFACTORY: 'satisfactory'>
    """
    return Verdict.SATISFACTORY if abs(exact(number)) <= 1 else Verdict.UNSATISFACTORY


def verdict_of_z(number: float) -> Verdict:
    """Return the verdict of a z, z-prime or zeta score.

    Example:
        >>> verdict_of_z(2.5)
        <Verdict.QUESTIONABLE: 'questionable'>
    """
    # A score of 2 that binary arithmetic left at 2.0000000000000284 is 2.
    size = abs(exact(number))
    if size <= WARNING:
        return Verdict.SATISFACTORY
    return Verdict.QUESTIONABLE if size < ACTION else Verdict.UNSATISFACTORY
