"""Numbers and dates on the screen: digits as they were read, signs and spaces that do not break."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibra_app.core.clock import fix_clock
from calibra_app.core.money import Money
from calibra_app.ui import format as form

GERMAN = form.Region("de_DE", "Europe/Berlin")
NOON = datetime(2026, 12, 3, 10, 42, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("1.20", "1.20"),
        ("-10.0020", "\u221210.0020"),
        ("0.000", "0.000"),
        ("-0.00", "0.00"),
        ("9999", "9999"),
        ("12345.678", "12\u202f345.678"),
        ("1234567", "1\u202f234\u202f567"),
        ("1E+3", "1000"),
    ],
)
def test_a_number_keeps_its_digits_and_gets_a_true_minus(value, text):
    assert form.number(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [("0.0040", "+0.0040"), ("-2", "\u22122"), ("0.00", "0.00")]
)
def test_an_error_shows_its_sign_and_zero_shows_none(value, text):
    assert form.number(value, signed=True) == text


def test_the_mark_follows_the_region():
    assert form.number("12345.60", region=GERMAN) == "12\u202f345,60"


def test_a_result_has_the_decimals_of_its_uncertainty():
    text = form.result(Decimal("10.004012"), Decimal("0.0080"), "V")
    assert text == "10.0040 ± 0.0080\u202fV"


def test_an_amount_shows_its_cents_and_its_currency():
    assert form.money(Money.of("483.5", "EUR")) == "483.50\u00a0EUR"
    assert form.amount_only(Money.of("-12000", "EUR")) == "\u221212\u202f000.00"


@pytest.mark.parametrize(
    ("share", "text"),
    [(0, "0\u202f%"), (0.003, "< 1\u202f%"), (0.42, "42\u202f%"), (1, "100\u202f%")],
)
def test_a_small_share_is_never_called_zero(share, text):
    assert form.percent(share) == text


@pytest.mark.parametrize(
    ("found", "text"), [(22.9, "22"), (1000.0, "1000"), (float("inf"), "> 1000")]
)
def test_degrees_of_freedom_are_truncated(found, text):
    assert form.degrees_of_freedom(found) == text


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("10.01", "10.01"),
        ("10,01", "10.01"),
        (" \u22121\u202f000,5 ", "-1000.5"),
        ("1e-3", "0.001"),
        ("+2.50", "2.50"),
    ],
)
def test_comma_and_point_are_both_understood(typed, value):
    assert str(form.read_number(typed)) in {value, str(Decimal(typed)) if "e" in typed else value}
    assert form.read_number(typed) == Decimal(value)


@pytest.mark.parametrize("typed", ["", "ten", "1,000.5", "1.2.3", "NaN", "inf", "12 V", "--1"])
def test_what_is_not_one_number_is_refused(typed):
    with pytest.raises(ValueError, match="number"):
        form.read_number(typed)


@given(
    st.decimals(
        allow_nan=False, allow_infinity=False, places=4, min_value=-(10**8), max_value=10**8
    )
)
def test_what_is_written_can_be_read_again(value):
    for region in (form.HOUSE, GERMAN):
        read = form.read_number(form.number(value, region=region, signed=True))
        assert (read, read.as_tuple().exponent) == (value, value.as_tuple().exponent)


def test_times_are_shown_in_the_zone_of_the_laboratory():
    assert form.clock_time(NOON) == "11:42"
    assert form.signed_at(NOON) == "3 Dec 2026 11:42 +01:00"


def test_a_moment_is_as_short_as_it_may_be():
    assert form.moment(NOON, NOON + timedelta(hours=1)) == "11:42"
    assert form.moment(NOON, NOON + timedelta(days=1)) == "3 Dec 11:42"
    assert form.moment(None, NOON) == "–"


def test_a_day_names_its_year_unless_it_is_this_one():
    assert form.day(date(2026, 12, 2), today=date(2026, 1, 5)) == "2 Dec"
    assert form.day(date(2027, 2, 10), today=date(2026, 12, 5)) == "10 Feb 2027"
    assert form.day(None) == "–"


def test_today_is_the_day_at_the_laboratory_and_not_at_the_server():
    fix_clock("2026-11-30T23:30:00+00:00")
    try:
        assert form.today("Europe/Berlin") == date(2026, 12, 1)
        assert form.today("America/Lima") == date(2026, 11, 30)
    finally:
        fix_clock("")


def test_midnight_belongs_to_the_day_of_the_laboratory():
    late = datetime(2026, 12, 2, 23, 30, tzinfo=UTC)
    assert form.day(late) == "3 Dec 2026"


@pytest.mark.parametrize(
    ("passed", "text"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(minutes=5), "5 min ago"),
        (timedelta(hours=3), "3 h ago"),
        (timedelta(days=1), "1 day ago"),
        (timedelta(days=9), "9 days ago"),
        (timedelta(seconds=-5), "just now"),
    ],
)
def test_how_long_ago(passed, text):
    assert form.ago(NOON, NOON + passed) == text


@pytest.mark.parametrize(
    ("name", "letters"), [("Daniel Ortiz", "DO"), ("Mei", "M"), ("Ada de la Cruz", "AC"), ("", "")]
)
def test_initials(name, letters):
    assert form.initials(name) == letters


@given(st.text())
def test_a_person_has_one_of_six_colours(name):
    assert form.hue_of(name) in range(1, 7)


def test_a_span_reads_in_days_hours_and_minutes():
    assert form.duration(timedelta(hours=70, minutes=15)) == "2\u202fd 22\u202fh 15\u202fmin"
    assert form.duration(timedelta(minutes=195)) == "3\u202fh 15\u202fmin"
    assert form.duration(timedelta(seconds=20)) == "0\u202fmin"
