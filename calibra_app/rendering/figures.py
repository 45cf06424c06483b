"""Figures on paper: numbers, units, dates and amounts as a reader of measurements expects them."""

import re
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from calibra_app.core.money import Money

_POWER = re.compile("·10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)")
_LOWERED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "−0123456789")
MINUS = "\u2212"
NARROW = "\u202f"
DASH = "–"
PROBABLY_INFINITE = 1000
GROUPED_FROM = 5
"""Digits before the decimal point from which groups of three are set apart: 9999, 10 000."""


def number(value: Decimal | None) -> str:
    r"""Return the digits as reported, with a true minus and thin groups from 10 000 on.

    Example:
        >>> number(Decimal("-0.0040")), number(Decimal("12345.6")), number(None)
        ('−0.0040', '12\u202f345.6', '–')
    """
    if value is None:
        return DASH
    text = f"{abs(value):f}"
    whole, point, fraction = text.partition(".")
    if len(whole) >= GROUPED_FROM:
        whole = f"{int(whole):,}".replace(",", NARROW)
    sign = MINUS if value < 0 else ""
    return f"{sign}{whole}{point}{fraction}"


def signed(value: Decimal | None) -> str:
    """Return an error of indication: always with its sign, zero without.

    Example:
        >>> signed(Decimal("1.40")), signed(Decimal("-0.2")), signed(Decimal("0.00"))
        ('+1.40', '−0.2', '0.00')
    """
    if value is None:
        return DASH
    return f"+{number(value)}" if value > 0 else number(abs(value) if value == 0 else value)


def limits(lower: Decimal | None, upper: Decimal | None) -> str:
    """Return the limits of error: `±` where they are symmetrical, else both.

    Example:
        >>> limits(Decimal("-2.0"), Decimal("2.0")), limits(Decimal("-1"), Decimal("2"))
        ('±2.0', '−1 / +2')
    """
    if lower is None and upper is None:
        return DASH
    if lower is not None and upper is not None and lower == -upper:
        return f"±{number(upper)}"
    return f"{signed(lower)} / {signed(upper)}"


def span(lowest: Decimal, highest: Decimal) -> str:
    """Return a range: an en dash between values, or `…` where a minus would touch the dash.

    Example:
        >>> span(Decimal("19.9"), Decimal("20.2")), span(Decimal(-20), Decimal(120))
        ('19.9–20.2', '−20…120')
    """
    between = "…" if lowest < 0 or highest < 0 else DASH
    return f"{number(lowest)}{between}{number(highest)}"


def with_unit(text: str, unit: str) -> str:
    r"""Return the figure and its unit, kept together by a narrow no-break space.

    Example:
        >>> with_unit("+1.40", "µm")
        '+1.40\u202fµm'
    """
    return f"{text}{NARROW}{unit}" if unit else text


def degrees_of_freedom(value: int | None) -> str:
    """Return effective degrees of freedom as a whole number, beyond 1000 as `> 1000`."""
    if value is None or value > PROBABLY_INFINITE:
        return f">{NARROW}1000"
    return str(value)


def money(value: Money) -> str:
    """Return an amount with two decimals, thin groups and its currency."""
    return f"{number(value.rounded().amount)}\u00a0{value.currency}"


def day(value: date | None) -> str:
    """Return a date in words that no reader can take for another: 3 Dec 2026."""
    if value is None:
        return DASH
    return f"{value.day}\u00a0{_MONTHS[value.month - 1]}\u00a0{value.year}"


def days(first: date | None, last: date | None) -> str:
    """Return one day, or the span between two."""
    if first is None or last is None or first == last:
        return day(first or last)
    return f"{day(first)} {DASH} {day(last)}"


def raised(text: str) -> Markup:
    """Return text whose powers of ten are raised by the page, all in one size.

    Example:
        >>> str(raised("2.3·10⁻⁷")), str(raised("a < 5"))
        ('2.3·10<sup>−7</sup>', 'a &lt; 5')
    """
    return Markup(  # noqa: S704  (what is not ours is escaped)
        _POWER.sub(lambda found: f"·10<sup>{found[1].translate(_LOWERED)}</sup>", str(escape(text)))
    )


def moment(value: datetime | None, zone: str = "") -> str:
    """Return a date and time of day with its offset from UTC.

    Args:
        value: The instant.
        zone: The laboratory's zone, such as Europe/Berlin; without one, the instant's own offset.
    """
    if value is None:
        return DASH
    local = value.astimezone(ZoneInfo(zone)) if zone else value
    offset = local.strftime("%z")
    words = f"UTC{offset[:3]}:{offset[3:5]}".replace("-", MINUS) if offset else ""
    return f"{day(local)}, {local:%H:%M} {words}".rstrip()


def decimals(value: Decimal) -> int:
    """Return how many digits stand behind the decimal point."""
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
