"""What was typed: numbers with comma or point, days, boxes; the rest is refused."""

from datetime import date
from decimal import Decimal

import pytest

from calibra_app.core.access import Role
from calibra_app.core.errors import Invalid, NotFound
from calibra_app.ui import typed


@pytest.mark.parametrize(
    ("written", "value"),
    [("19,5", "19.5"), ("19.50", "19.50"), (" −0.3 ", "-0.3"), ("1 000", "1000")],
)
def test_a_number_is_read_with_comma_or_point_and_keeps_its_zeros(written, value):
    assert str(typed.number({"rate": written}, "rate")) == value


@pytest.mark.parametrize("written", ["", "abc", "1.2.3", "12 V", "NaN", "1e999999", None, True])
def test_what_is_no_number_is_refused_beside_its_field(written):
    with pytest.raises(Invalid) as refused:
        typed.number({"rate": written}, "rate")
    assert refused.value.field == "rate"


def test_an_empty_field_may_be_no_number():
    assert typed.maybe_number({}, "rate") is None
    assert typed.maybe_whole({"months": " "}, "months") is None


@pytest.mark.parametrize("written", ["1.5", "x", "10000000000000000000000"])
def test_what_is_no_whole_number_is_refused(written):
    with pytest.raises(Invalid):
        typed.maybe_whole({"months": written}, "months")


def test_a_day_is_read_as_the_browser_sends_it():
    assert typed.day({"due": "2026-12-02"}, "due") == date(2026, 12, 2)
    assert typed.maybe_day({}, "due") is None
    with pytest.raises(Invalid):
        typed.day({"due": ""}, "due")
    with pytest.raises(Invalid):
        typed.maybe_day({"due": "2.12.2026"}, "due")


@pytest.mark.parametrize(
    ("value", "ticked"),
    [(True, True), ("on", True), (False, False), (None, False), ("", False)],
)
def test_a_box_is_ticked_or_not(value, ticked):
    assert typed.ticked({"box": value}, "box") is ticked
    assert typed.ticked({}, "box") is False


def test_a_choice_is_one_of_the_list():
    assert typed.choice({"role": "TE"}, "role", Role) is Role.TE
    with pytest.raises(Invalid) as refused:
        typed.choice({"role": "XX"}, "role", Role)
    assert refused.value.field == "role"


def test_what_is_no_identifier_is_not_found_or_not_chosen():
    with pytest.raises(NotFound):
        typed.identity("../../etc")
    with pytest.raises(Invalid) as refused:
        typed.identity("", "customer_id")
    assert refused.value.field == "customer_id"


def test_a_number_of_many_digits_stays_exact():
    assert typed.number({"n": "0.000000000000000001"}, "n") == Decimal(10) ** -18
