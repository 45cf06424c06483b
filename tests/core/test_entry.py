"""What is entered into a field: blanks are cut, the rest is taken or refused beside the field."""

from datetime import date
from decimal import Decimal

import pytest

from calibra_app.core.entry import email_address, filled, in_order, limited, within
from calibra_app.core.errors import Invalid


def test_blanks_around_a_text_are_not_kept():
    assert filled("  K4 ", "code", "a code") == "K4"


@pytest.mark.parametrize("text", ["", "   ", "\t"])
def test_an_empty_text_is_refused_beside_its_field(text):
    with pytest.raises(Invalid, match=r"Give a code\.") as refused:
        filled(text, "code", "a code")
    assert refused.value.field == "code"


@pytest.mark.parametrize("text", ["x" * 201, "a\0b"])
def test_a_text_that_is_too_long_or_unstorable_is_refused(text):
    with pytest.raises(Invalid):
        limited(text, "name")


@pytest.mark.parametrize("text", ["", "a", "a@b", "a b@c.de", "a@b@c.de", "@c.de", "a@"])
def test_what_is_no_address_is_refused(text):
    with pytest.raises(Invalid) as refused:
        email_address(text)
    assert refused.value.field == "email"


def test_an_address_is_kept_in_lower_case():
    assert email_address(" Asha.Rao@Meridian.Example ") == "asha.rao@meridian.example"


@pytest.mark.parametrize("value", ["-0.01", "100.01", "NaN", "Infinity"])
def test_a_number_beyond_its_bounds_is_refused(value):
    with pytest.raises(Invalid):
        within(Decimal(value), 0, 100, "tax_rate")


def test_an_end_before_its_beginning_is_refused_and_an_open_end_is_not():
    in_order(date(2026, 12, 2), None, "valid_to")
    with pytest.raises(Invalid):
        in_order(date(2026, 12, 2), date(2026, 12, 1), "valid_to")
