"""Canonical JSON and the chain of records."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibra_app.services.srf.records import (
    GENESIS,
    NotCanonical,
    Record,
    canonical,
    next_record,
    record_hash,
    verify_chain,
)
from calibra_app.services.srf.states import LineState

PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(codec="utf-8")),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(codec="utf-8")), inner, max_size=4)
    ),
    max_leaves=12,
)


def chain(*contents):
    records = []
    for content in contents:
        records.append(next_record(records[-1] if records else None, content))
    return records


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b": 1, "a": [True, None]}, '{"a":[true,null],"b":1}'),
        (Decimal("1.20"), '"1.20"'),
        (Decimal("1E+3"), '"1E+3"'),
        (date(2026, 11, 30), '"2026-11-30"'),
        (
            datetime(2026, 11, 30, 9, 40, tzinfo=timezone(timedelta(hours=1))),
            '"2026-11-30T08:40:00.000000Z"',
        ),
        (UUID(int=7), '"00000000-0000-0000-0000-000000000007"'),
        (LineState.IN_PROGRESS, '"in_progress"'),
        (("µ", "line\nbreak", '"'), '["µ","line\\nbreak","\\""]'),
    ],
)
def test_each_kind_of_value_has_one_form(value, text):
    assert canonical(value) == text


def test_keys_sort_by_utf_16_code_units():
    """RFC 8785, 3.2.3: a character beyond the basic plane sorts by its surrogates."""
    printed = canonical({"\ufb33": 1, "\U0001f600": 2, "1": 3, "\r": 4, "ö": 5, "€": 6})
    assert [*json.loads(printed)] == ["\r", "1", "ö", "€", "\U0001f600", "\ufb33"]


@pytest.mark.parametrize(
    "value",
    [
        1.5,
        float("nan"),
        Decimal("NaN"),
        {"deep": [0.1]},
        {1: "a"},
        {"a", "b"},
        b"bytes",
        2**53,
        "\ud800",
        datetime(2026, 11, 30, 9, 40),  # noqa: DTZ001
        object(),
    ],
)
def test_what_has_no_canonical_form_is_refused(value):
    with pytest.raises(NotCanonical):
        canonical(value)


@given(PLAIN)
def test_what_is_read_back_prints_the_same(value):
    assert canonical(json.loads(canonical(value))) == canonical(value)


@given(st.dictionaries(st.text(st.characters(codec="utf-8")), st.integers(0, 9)))
def test_the_order_in_which_keys_came_does_not_matter(value):
    assert canonical(dict(reversed(value.items()))) == canonical(value)


def test_readings_that_differ_in_a_trailing_zero_differ_in_their_digest():
    assert canonical(Decimal("1.20")) != canonical(Decimal("1.2"))


def test_the_first_record_names_no_other_and_each_further_one_the_last():
    first, second = chain({"state": "draft"}, {"state": "submitted"})
    assert (first.number, first.previous) == (1, GENESIS)
    assert (second.number, second.previous) == (2, first.digest)
    assert second.digest == record_hash(first.digest, '{"state":"submitted"}')
    assert verify_chain([first, second]) is None


def test_a_digest_that_anybody_can_work_out():
    """The SHA-256 of 64 zeros, a line feed and {}, as `sha256sum` prints it."""
    assert (
        next_record(None, {}).digest
        == "5649d09ed68c17156095d175eef152856c5b1a81c117c409c1e00f096aa6838e"
    )


@given(st.lists(PLAIN, min_size=1, max_size=8), st.data())
def test_any_change_of_any_record_is_found(contents, data):
    records = chain(*contents)
    assert verify_chain(records) is None
    at = data.draw(st.integers(0, len(records) - 1))
    found = records[at]
    tampered = data.draw(
        st.sampled_from(
            [
                Record(found.number, found.previous, found.digest, found.body + " "),
                Record(found.number, found.previous, "f" * 64, found.body),
                Record(found.number, "e" * 64, found.digest, found.body),
                Record(found.number + 1, found.previous, found.digest, found.body),
            ]
        )
    )
    broken = verify_chain([*records[:at], tampered, *records[at + 1 :]])
    assert broken is not None
    assert broken.number == at + 1


def test_a_record_rewritten_with_its_own_digest_is_betrayed_by_the_next():
    first, second, third = chain({"n": 1}, {"n": 2}, {"n": 3})
    forged = next_record(first, {"n": 20})
    broken = verify_chain([first, forged, third])
    assert (broken.number, broken.reason) == (3, "it does not name the record before it")
    assert second.digest != forged.digest


@pytest.mark.parametrize("missing", [0, 1])
def test_a_record_left_out_is_named(missing):
    records = chain({"n": 1}, {"n": 2}, {"n": 3})
    del records[missing]
    assert verify_chain(records).number == missing + 1
    assert "missing" in verify_chain(records).reason


def test_two_records_after_the_same_one_are_no_chain():
    first, second, _ = chain({"n": 1}, {"n": 2}, {"n": 3})
    assert verify_chain([first, second, next_record(first, {"n": 4})]).number == 3


def test_an_empty_chain_is_whole():
    assert verify_chain([]) is None


def test_an_instant_is_kept_in_utc():
    assert canonical(datetime(2026, 1, 1, tzinfo=UTC)) == '"2026-01-01T00:00:00.000000Z"'
