"""Exact amounts in one currency each."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibra_app.core.money import CurrencyMismatch, Money

AMOUNTS = st.decimals("-1e9", "1e9", places=4)


def test_two_currencies_do_not_add_up():
    with pytest.raises(CurrencyMismatch, match="EUR and USD"):
        Money.of("1", "EUR") + Money.of("1", "USD")
    with pytest.raises(CurrencyMismatch):
        Money.of("1", "EUR") - Money.of("1", "USD")


@pytest.mark.parametrize(
    ("amount", "rounded"),
    [("0.005", "0.01"), ("-0.005", "-0.01"), ("2.674999", "2.67"), ("10", "10.00")],
)
def test_halves_are_rounded_away_from_zero(amount, rounded):
    assert str(Money.of(amount, "EUR").rounded().amount) == rounded


def test_a_percentage_keeps_its_digits_until_it_is_rounded():
    discount = Money.of("119.95", "EUR").percent(Decimal("7.5"))
    assert discount.amount == Decimal("8.99625")
    assert discount.rounded() == Money.of("9.00", "EUR")


@given(AMOUNTS, AMOUNTS)
def test_a_sum_less_one_part_is_the_other(one, other):
    total = Money(one, "EUR") + Money(other, "EUR")
    assert total - Money(other, "EUR") == Money(one, "EUR")


def test_an_amount_times_a_number():
    assert Money.of("12.50", "EUR") * 3 == Money.of("37.50", "EUR")
