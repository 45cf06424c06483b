"""How numbers may be written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibra_app.core.errors import Invalid
from calibra_app.services.settings.number_patterns import checked_pattern, next_numbers


def test_the_sample_laboratorys_certificates_are_allowed():
    pattern = checked_pattern("certificate", " MM-{yy}-{srf}-{line:02} ")
    coming = next_numbers("certificate", pattern, year=2026, last=0, srf="0413")
    assert coming[:2] == ("MM-26-0413-01", "MM-26-0413-02")
    assert coming[-1] == "MM-26-0413-10"


def test_the_next_ten_follow_the_last_one_given_out():
    coming = next_numbers("srf", "SRF-{year}-{number:04}", year=2026, last=412)
    assert (coming[0], coming[9], len(coming)) == ("SRF-2026-0413", "SRF-2026-0422", 10)


@pytest.mark.parametrize(
    ("kind", "pattern"),
    [
        ("srf", ""),
        ("srf", "SRF-{year}"),
        ("srf", "SRF-{number:04"),
        ("srf", "SRF-number}"),
        ("srf", "SRF-{0}"),
        ("srf", "SRF-{}"),
        ("srf", "SRF-{number.__class__}"),
        ("srf", "SRF-{number[0]}"),
        ("srf", "SRF-{number!r}"),
        ("srf", "SRF-{number:999999999}"),
        ("srf", "SRF-{number:{year}}"),
        ("srf", "SRF-{year:04}-{number}"),
        ("srf", "SRF/{number}"),
        ("srf", "SRF {number}"),
        ("srf", "<b>{number}</b>"),
        ("srf", "SRF-{line}-{number}"),
        ("srf", "S" * 40 + "{number}"),
        ("certificate", "MM-{yy}-{srf}"),
        ("certificate", "MM-{yy}-{line}"),
        ("certificate", "MM-{srf}-{line}"),
        ("certificate", "MM-{yy}-{srf:02}-{line}"),
    ],
)
def test_a_pattern_that_could_repeat_a_number_or_look_elsewhere_is_refused(kind, pattern):
    with pytest.raises(Invalid) as refusal:
        checked_pattern(kind, pattern)
    assert refusal.value.field == kind


@given(st.text(max_size=30))
def test_whatever_is_allowed_makes_ten_different_numbers(words):
    try:
        pattern = checked_pattern("invoice", words + "{number}")
    except Invalid:
        return
    assert len({*next_numbers("invoice", pattern, year=2026, last=0)}) == 10
