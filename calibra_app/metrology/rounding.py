"""The one place where a result is rounded: U first, then the value to the same place."""

from dataclasses import dataclass
from decimal import (
    ROUND_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
    InvalidOperation,
    localcontext,
)
from enum import StrEnum
from typing import Final

from calibra_app.metrology.quantity import MetrologyError

GREATEST_LOSS: Final = Decimal("0.05")
# Binary arithmetic is good for about fifteen digits; twelve leave a tie a tie.
FLOAT_DIGITS: Final = 12
MOST_DIGITS: Final = 2
MOST_CASE_DIGITS: Final = 15


class Mode(StrEnum):
    """What happens to the digit behind the last one."""

    HALF_UP = "half_up"
    HALF_EVEN = "half_even"
    UP = "up"


_DECIMAL_MODES: Final = {
    Mode.HALF_UP: ROUND_HALF_UP,
    Mode.HALF_EVEN: ROUND_HALF_EVEN,
    Mode.UP: ROUND_UP,
}


@dataclass(frozen=True, slots=True)
class RoundedResult:
    """A result as it stands on paper."""

    value: Decimal
    expanded_uncertainty: Decimal


def exact(value: float) -> Decimal:
    """Return a computed number as a decimal, without the noise of its last binary digits.

    Example:
        >>> exact(0.1 + 0.2)
        Decimal('0.3')
    """
    return Decimal(f"{value:.{FLOAT_DIGITS}g}")


def plain(value: Decimal) -> str:
    """Return a decimal as text without an exponent, trailing zeros kept.

    Example:
        >>> plain(Decimal("8.0E-3"))
        '0.0080'
    """
    return f"{value:f}"


def decimal_of(text: str, name: str = "value") -> Decimal:
    """Return the decimal that a text writes.

    Raises:
        MetrologyError: The text is not a finite decimal number.

    Example:
        >>> decimal_of("1.20")
        Decimal('1.20')
    """
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise MetrologyError(f"{name}: expected a decimal number") from None
    # An exponent of a million would be written out with a million zeros.
    if not value.is_finite() or abs(value.adjusted()) > 99:  # noqa: PLR2004
        raise MetrologyError(f"{name}: expected a decimal number of ordinary size")
    return value


def round_uncertainty(
    uncertainty: Decimal,
    digits: int = MOST_DIGITS,
    mode: Mode = Mode.HALF_UP,
    *,
    limit_loss: bool = True,
) -> Decimal:
    """Round an expanded uncertainty to its significant digits.

    Args:
        uncertainty: U, not negative.
        digits: The number of significant digits.
        mode: What decides a tie.
        limit_loss: Round up where rounding down would lose more than 5 %.

    Raises:
        MetrologyError: U is negative or not finite, or the digits are out of range.

    Source:
        EA-4/02 M:2022, 6.3; JCGM 100:2008 (GUM), 7.2.6; ILAC-P14:09/2020, 5.3.

    Example:
        >>> round_uncertainty(Decimal("0.996")), round_uncertainty(Decimal("0.0149"), 1)
        (Decimal('1.0'), Decimal('0.02'))
    """
    if not uncertainty.is_finite() or uncertainty < 0:
        raise MetrologyError("U: expected a number, not negative")
    if not 1 <= digits <= MOST_CASE_DIGITS:
        raise MetrologyError(f"digits: expected 1 to {MOST_CASE_DIGITS}")
    if uncertainty == 0:
        return Decimal(0)
    with localcontext() as context:
        context.prec = 120
        place = Decimal(1).scaleb(uncertainty.adjusted() - digits + 1)
        rounded = uncertainty.quantize(place, rounding=_DECIMAL_MODES[mode])
        if limit_loss and (uncertainty - rounded) > GREATEST_LOSS * uncertainty:
            rounded = uncertainty.quantize(place, rounding=ROUND_UP)
        if rounded.adjusted() > uncertainty.adjusted():
            # 0.996 became 1.00: one place fewer keeps the number of significant digits.
            rounded = rounded.quantize(place.scaleb(1), rounding=ROUND_DOWN)
        return rounded


def round_to_place(value: Decimal, uncertainty: Decimal, mode: Mode = Mode.HALF_UP) -> Decimal:
    """Round a value to the last decimal place of a rounded uncertainty.

    Example:
        >>> round_to_place(Decimal("10.004"), Decimal("0.0080"))
        Decimal('10.0040')
    """
    nearest = Mode.HALF_UP if mode is Mode.UP else mode
    with localcontext() as context:
        context.prec = 120
        place = Decimal(1).scaleb(uncertainty.as_tuple().exponent)  # type: ignore[arg-type]
        rounded = value.quantize(place, rounding=_DECIMAL_MODES[nearest])
        return abs(rounded) if rounded == 0 else rounded


def round_result(
    value: Decimal,
    uncertainty: Decimal,
    digits: int = MOST_DIGITS,
    mode: Mode = Mode.HALF_UP,
    floor: Decimal | None = None,
) -> RoundedResult:
    """Round a result and its expanded uncertainty for paper.

    Args:
        value: The value, not rounded.
        uncertainty: U, not rounded.
        digits: Significant digits of U.
        mode: What decides a tie.
        floor: The CMC; where rounding would fall below it, U is rounded up instead.

    Source:
        JCGM 100:2008 (GUM), 7.2.6; ILAC-P14:09/2020, 5.3 and 5.4.

    Example:
        >>> round_result(Decimal("10.004"), Decimal("0.00802905")).expanded_uncertainty
        Decimal('0.0080')
    """
    rounded = round_uncertainty(uncertainty, digits, mode)
    if floor is not None and uncertainty >= floor > rounded:
        rounded = round_uncertainty(uncertainty, digits, Mode.UP)
    if rounded == 0:
        return RoundedResult(value, rounded)
    return RoundedResult(round_to_place(value, rounded, mode), rounded)


def signed(value: Decimal) -> str:
    """Return an error of indication as text with its sign.

    Example:
        >>> signed(Decimal("0.240")), signed(Decimal("-1.40")), signed(Decimal("0.00"))
        ('+0.240', '−1.40', '0.00')
    """
    if value == 0:
        return plain(abs(value))
    return f"+{plain(value)}" if value > 0 else f"−{plain(-value)}"
