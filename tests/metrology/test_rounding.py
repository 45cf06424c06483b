"""Rounding for paper: digits, ties, the 5 per cent rule, never below the CMC."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibra_app.metrology.quantity import MetrologyError
from calibra_app.metrology.rounding import (
    Mode,
    decimal_of,
    exact,
    plain,
    round_result,
    round_uncertainty,
    signed,
)


@pytest.mark.parametrize(
    ("unrounded", "paper"),
    [
        ("0.00802905", "0.0080"),
        ("0.0256164", "0.026"),
        ("0.415390", "0.42"),
        ("0.1249", "0.12"),
        ("0.996", "1.0"),
        ("99.6", "100"),
        ("0.0745", "0.075"),
        ("1234", "1200"),
    ],
)
def test_u_has_two_significant_digits(unrounded, paper):
    assert plain(round_uncertainty(Decimal(unrounded))) == paper


def test_with_one_digit_rounding_down_may_not_lose_more_than_five_percent():
    assert round_uncertainty(Decimal("0.0149"), 1) == Decimal("0.02")
    assert round_uncertainty(Decimal("0.104"), 1) == Decimal("0.1")


@pytest.mark.parametrize(
    ("value", "uncertainty", "paper"),
    [
        ("10.004", "0.00802905", "10.0040"),
        ("0.0233333", "0.01834", "0.023"),
        ("1.4", "0.8407", "1.40"),
        ("7.14", "0.996", "7.1"),
        ("-0.0004", "0.012", "0.000"),
    ],
)
def test_the_value_ends_at_the_last_place_of_u(value, uncertainty, paper):
    assert plain(round_result(Decimal(value), Decimal(uncertainty)).value) == paper


def test_a_tie_is_decided_on_the_decimal_text():
    assert round_uncertainty(Decimal("0.0745"), mode=Mode.HALF_EVEN) == Decimal("0.074")
    assert round_uncertainty(Decimal("0.0745"), mode=Mode.HALF_UP) == Decimal("0.075")
    assert exact(0.0745) == Decimal("0.0745")


def test_an_error_shows_its_sign():
    assert [signed(Decimal(text)) for text in ("0.240", "-0.5", "0.00", "-0.00")] == [
        "+0.240",
        "−0.5",
        "0.00",
        "0.00",
    ]


@pytest.mark.parametrize("text", ["", "NaN", "inf", "1e500", "ten"])
def test_what_is_no_decimal_number_is_refused(text):
    with pytest.raises(MetrologyError):
        decimal_of(text)


amounts = st.decimals("1e-9", "1e6", places=12).filter(lambda value: value > 0)


@given(amounts)
def test_rounding_never_loses_more_than_five_percent(uncertainty):
    for digits in (1, 2):
        rounded = round_uncertainty(uncertainty, digits)
        assert rounded >= uncertainty * Decimal("0.95")
        assert len(rounded.normalize().as_tuple().digits) <= digits


@given(amounts)
def test_reported_u_never_rounds_below_the_cmc(floor):
    assert round_result(Decimal(1), floor, floor=floor).expanded_uncertainty >= floor


@given(amounts, st.integers(-6, 6))
def test_rounding_does_not_depend_on_the_unit(uncertainty, power):
    scaled = round_uncertainty(uncertainty.scaleb(power))
    assert scaled == round_uncertainty(uncertainty).scaleb(power)
