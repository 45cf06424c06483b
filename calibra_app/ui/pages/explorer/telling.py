"""Probabilities, widths and limits as the explorer tells them."""

import math
from decimal import Decimal

from calibra_app.metrology.conformity import Limits
from calibra_app.metrology.rounding import exact
from calibra_app.ui.format import NOTHING, Region, number
from calibra_app.ui.words import say

# More digits than these are no digits of a picture any more.
MOST_DECIMALS = 12


def probability(share: float | None) -> str:
    """Return a probability as percent, as many digits as tell something; a dash for none."""
    if share is None:
        return NOTHING
    hundredths = 100 * share
    if hundredths < 0.001:  # noqa: PLR2004 - less than anybody can vouch for
        return "< 0.001 %"
    if hundredths > 99.99:  # noqa: PLR2004 - a certainty that it is not
        return "> 99.99 %"
    return f"{_rounded(hundredths)} %"


def _rounded(value: float) -> str:
    text = f"{exact(float(f'{value:.3g}')):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def ratio(value: float | None) -> str:
    """Return a ratio with three digits; a dash for none."""
    return NOTHING if value is None else _rounded(value)


def length(value: Decimal, uncertainty: float, region: Region) -> str:
    """Return a value with a digit more than an uncertainty of two digits has."""
    places = 2 - math.floor(math.log10(uncertainty))
    if not 0 <= places <= MOST_DECIMALS:
        return f"{value:.4g}"
    return number(value.quantize(Decimal(1).scaleb(-places)), region=region)


def between(limits: Limits, uncertainty: float, region: Region) -> str:
    """Return limits in words: "−0.750 to 0.750", "up to 5", "nothing" where they cross."""
    lower, upper = limits.lower, limits.upper
    if lower is not None and upper is not None and lower > upper:
        return say("nothing")
    if lower is None and upper is None:
        return NOTHING
    if lower is None or upper is None:
        end = upper if lower is None else lower
        word = say("up to {end}") if lower is None else say("from {end}")
        return word.format(end=length(end or Decimal(0), uncertainty, region))
    return say(
        "{lower} to {upper}",
        lower=length(lower, uncertainty, region),
        upper=length(upper, uncertainty, region),
    )
