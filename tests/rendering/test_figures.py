"""Figures as a reader of measurements expects them: sign, groups, units, dates."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from calibra_app.rendering import figures
from calibra_app.rendering.colours import print_colours
from tests.rendering.parts import eur


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("-0.0040", "−0.0040"),
        ("1.20", "1.20"),
        ("9999", "9999"),
        ("12345.60", "12\u202f345.60"),
        ("-1000000", "−1\u202f000\u202f000"),
        ("1E+2", "100"),
        ("1E-7", "0.0000001"),
    ],
)
def test_a_number_keeps_its_digits_and_has_a_true_minus(value, words):
    assert figures.number(Decimal(value)) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [("1.40", "+1.40"), ("-0.2", "−0.2"), ("0.00", "0.00"), ("-0.00", "0.00")],
)
def test_an_error_always_has_its_sign_and_zero_has_none(value, words):
    assert figures.signed(Decimal(value)) == words


def test_limits_are_plus_minus_only_where_they_are_symmetrical():
    assert figures.limits(Decimal("-0.160"), Decimal("0.160")) == "±0.160"
    assert figures.limits(Decimal(-1), Decimal(2)) == "−1 / +2"
    assert figures.limits(None, Decimal(2)) == "– / +2"
    assert figures.limits(None, None) == "–"


def test_a_range_never_sets_a_minus_beside_a_dash():
    assert figures.span(Decimal("19.9"), Decimal("20.2")) == "19.9–20.2"
    assert figures.span(Decimal(-20), Decimal(120)) == "−20…120"


def test_a_unit_is_kept_beside_its_value():
    assert figures.with_unit("+1.40", "µm") == "+1.40\u202fµm"
    assert figures.with_unit("3", "") == "3"


def test_degrees_of_freedom_beyond_a_thousand_are_not_told_apart():
    assert figures.degrees_of_freedom(28) == "28"
    assert figures.degrees_of_freedom(1071) == ">\u202f1000"
    assert figures.degrees_of_freedom(None) == ">\u202f1000"


def test_amounts_have_two_decimals_and_their_currency():
    assert figures.money(eur("12580.2")) == "12\u202f580.20\u00a0EUR"
    assert figures.money(eur("-0.005")) == "−0.01\u00a0EUR"


def test_a_date_cannot_be_taken_for_another():
    assert figures.day(date(2026, 12, 3)) == "3\u00a0Dec\u00a02026"
    assert figures.days(date(2026, 12, 2), date(2026, 12, 2)) == "2\u00a0Dec\u00a02026"
    assert figures.days(date(2026, 12, 2), date(2026, 12, 4)).count("2026") == 2
    assert figures.day(None) == "–"


def test_a_moment_tells_its_offset_from_utc():
    west = timezone(-timedelta(hours=3, minutes=30))
    assert figures.moment(datetime(2026, 12, 3, 10, 5, tzinfo=UTC)).endswith("10:05 UTC+00:00")
    assert figures.moment(datetime(2026, 12, 3, 10, 5, tzinfo=west)).endswith("10:05 UTC−03:30")


def contrast_with_white(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 1.05 / (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05)


@pytest.mark.parametrize(
    "brand",
    ["#ffff00", "#f5c400", "#ffffff", "#000000", "#ff0000", "#00ff00", "#0f4c81", "#abcdef"],
)
def test_any_brand_colour_becomes_one_that_can_be_read_on_paper(brand):
    colours = print_colours(brand)
    assert contrast_with_white(colours.ink) >= 4.5
    assert contrast_with_white(colours.tint) < 1.2
    assert colours.rule == brand


@pytest.mark.parametrize("brand", ["", "blue", "#12", "#12345g", "#123456;x"])
def test_what_is_no_colour_becomes_a_neutral_one(brand):
    assert print_colours(brand).rule == "#1f2937"


def test_a_moment_is_told_in_the_zone_of_the_laboratory():
    winter, summer = (datetime(2026, month, 3, 23, 30, tzinfo=UTC) for month in (12, 7))
    assert figures.moment(winter, "Europe/Berlin") == "4\u00a0Dec\u00a02026, 00:30 UTC+01:00"
    assert figures.moment(summer, "Europe/Berlin") == "4\u00a0Jul\u00a02026, 01:30 UTC+02:00"
