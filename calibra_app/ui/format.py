"""Numbers, money and dates as text for the screen, in the laboratory's region and zone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, format_time
from babel.numbers import get_decimal_symbol, get_group_symbol

from calibra_app.core.clock import system_clock
from calibra_app.core.money import Money
from calibra_app.ui.words import say, say_number

MINUS = "\N{MINUS SIGN}"
NARROW_SPACE = "\N{NARROW NO-BREAK SPACE}"
NOTHING = "\N{EN DASH}"
GROUPED_FROM = 5  # digits before the mark: 9999 stays whole, 10 000 is grouped (ISO 80000-1, 7.3.1)


@dataclass(frozen=True, slots=True)
class Region:
    """How the reader writes: language and zone of the laboratory."""

    locale: str = "en_GB"
    zone: str = "Europe/Berlin"


HOUSE = Region()


@cache
def _marks(locale: str) -> tuple[str, str]:
    return get_decimal_symbol(locale), get_group_symbol(locale)


def number(value: Decimal | str | int, *, region: Region = HOUSE, signed: bool = False) -> str:
    """Return a number with every digit it has, its true minus, and thin groups of three.

    Args:
        value: The number; its trailing zeros are kept, for they are part of what was read.
        region: Says which decimal mark is used.
        signed: Also show a plus, as errors of indication do; zero never has a sign.
    """
    value = Decimal(value)
    whole, _, fraction = f"{abs(value):f}".partition(".")
    if len(whole) >= GROUPED_FROM:
        whole = _grouped(whole)
    sign = "" if value == 0 else MINUS if value < 0 else "+" if signed else ""
    return sign + whole + (f"{_marks(region.locale)[0]}{fraction}" if fraction else "")


def _grouped(whole: str) -> str:
    first = len(whole) % 3 or 3
    groups = [whole[:first], *(whole[at : at + 3] for at in range(first, len(whole), 3))]
    return NARROW_SPACE.join(groups)


def decimals_of(value: Decimal) -> int:
    """Return how many digits stand behind the mark of a rounded value."""
    exponent = value.as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


def to_digits_of(value: Decimal, expanded_uncertainty: Decimal) -> Decimal:
    """Return the value with as many decimals as the rounded expanded uncertainty has.

    It only lengthens or shortens what is shown; results for paper come rounded from
    `metrology.rounding`.
    """
    return value.quantize(Decimal(1).scaleb(-decimals_of(expanded_uncertainty)))


def quantity(
    value: Decimal | str, unit: str = "", *, region: Region = HOUSE, signed: bool = False
) -> str:
    """Return a value with its unit, held together by a narrow space that does not break."""
    text = number(value, region=region, signed=signed)
    return f"{text}{NARROW_SPACE}{unit}" if unit else text


def result(
    value: Decimal,
    expanded_uncertainty: Decimal,
    unit: str = "",
    *,
    region: Region = HOUSE,
    signed: bool = False,
) -> str:
    """Return "value ± U unit", both with the decimals of U."""
    shown = number(to_digits_of(value, expanded_uncertainty), region=region, signed=signed)
    spread = quantity(expanded_uncertainty, unit, region=region)
    return f"{shown} ± {spread}"


def percent(share: float, *, region: Region = HOUSE) -> str:
    """Return a share of one as whole percent; a trace is "< 1 %", never "0 %"."""
    hundredths = share * 100
    if 0 < hundredths < 0.5:  # noqa: PLR2004 - what would round to zero
        return f"< 1{NARROW_SPACE}%"
    return quantity(str(round(hundredths)), "%", region=region)


def degrees_of_freedom(effective: float) -> str:
    """Return effective degrees of freedom, truncated as GUM G.4.2 says; "> 1000" beyond."""
    most = 1000
    return f"> {most}" if effective > most else str(int(effective))


def money(amount: Money, *, region: Region = HOUSE) -> str:
    """Return an amount with its cents and the code of its currency."""
    return f"{amount_only(amount, region=region)}\N{NO-BREAK SPACE}{amount.currency}"


def amount_only(amount: Money, *, region: Region = HOUSE) -> str:
    """Return an amount with its cents, where the currency stands in the column's head."""
    return number(amount.rounded().amount, region=region)


def read_number(text: str) -> Decimal:
    """Return the number a person typed, with comma or point, spaces and either minus.

    Raises:
        ValueError: The text is not one number; the sentence tells what was wrong.
    """
    kept = "".join(
        sign
        for sign in text
        if not sign.isspace() and sign not in "'\N{RIGHT SINGLE QUOTATION MARK}"
    )
    kept = kept.replace(MINUS, "-").replace(",", ".")
    if kept.count(".") > 1:
        raise ValueError(say("Write the number with one decimal mark."))
    try:
        value = Decimal(kept)
    except InvalidOperation:
        raise ValueError(say("Write a number, like 10.01 or 10,01.")) from None
    if not value.is_finite():
        raise ValueError(say("Write a number, like 10.01 or 10,01."))
    return value


def day(when: datetime | date | None, *, region: Region = HOUSE, today: date | None = None) -> str:
    """Return a day: "2 Dec" in the current year, "2 Dec 2026" in another; a dash for none."""
    if when is None:
        return NOTHING
    local = _local(when, region) if isinstance(when, datetime) else when
    this_year = today is not None and local.year == today.year
    pattern = "d MMM" if this_year else "d MMM y"
    return format_date(local, pattern, locale=_readable(region))


def today(zone: str) -> date:
    """Return the day at the laboratory, which the server's may be ahead of or behind."""
    return system_clock().astimezone(ZoneInfo(zone or HOUSE.zone)).date()


def clock_time(when: datetime, *, region: Region = HOUSE) -> str:
    """Return the time of day in the laboratory's zone: "11:41"."""
    return format_time(_local(when, region), "HH:mm", locale=_readable(region))


def moment(when: datetime | None, now: datetime, *, region: Region = HOUSE) -> str:
    """Return the shortest telling form: "11:41" today, else "2 Dec 11:41"."""
    if when is None:
        return NOTHING
    local, here = _local(when, region), _local(now, region)
    if local.date() == here.date():
        return clock_time(when, region=region)
    return f"{day(when, region=region, today=here.date())} {clock_time(when, region=region)}"


def signed_at(when: datetime, *, region: Region = HOUSE) -> str:
    """Return an instant with its offset, as signatures show it: "3 Dec 2026 11:42 +01:00"."""
    return format_datetime(_local(when, region), "d MMM y HH:mm xxx", locale=_readable(region))


def ago(when: datetime, now: datetime, *, language: str = "en") -> str:
    """Return how long ago something was, in the largest fitting unit."""
    passed = max(now - when, timedelta())
    for unit, (one, many) in _SPANS.items():
        if passed >= unit:
            return say_number(one, many, passed // unit, language=language)
    return say("just now", language=language)


_SPANS: Mapping[timedelta, tuple[str, str]] = {
    timedelta(days=1): ("{count} day ago", "{count} days ago"),
    timedelta(hours=1): ("{count} h ago", "{count} h ago"),
    timedelta(minutes=1): ("{count} min ago", "{count} min ago"),
}


def duration(span: timedelta) -> str:
    """Return how long something took, in days of 24 hours, hours and minutes: "2 d 22 h 15 min"."""
    minutes = max(span, timedelta()) // timedelta(minutes=1)
    days, left = divmod(minutes, 24 * 60)
    parts = ((days, say("d")), (left // 60, say("h")), (left % 60, say("min")))
    told = [f"{count}{NARROW_SPACE}{unit}" for count, unit in parts if count]
    return " ".join(told) or f"0{NARROW_SPACE}{say('min')}"


def initials(name: str) -> str:
    """Return up to two letters for a person's mark: the first and the last name's."""
    parts = name.split()
    return "".join(part[0] for part in (parts[:1] + parts[1:][-1:])).upper()


def hue_of(name: str) -> int:
    """Return the number (1 to 6) of the colour that always marks this person."""
    return sum(name.encode()) % 6 + 1


def _local(when: datetime, region: Region) -> datetime:
    return when.astimezone(ZoneInfo(region.zone))


@cache
def _readable(region: Region) -> Locale:
    return Locale.parse(region.locale)
