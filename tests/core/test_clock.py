"""The one source of now."""

from datetime import UTC, datetime, timedelta

import pytest

from calibra_app.core.clock import fix_clock, is_fixed, system_clock


@pytest.fixture(autouse=True)
def _freed():
    yield
    fix_clock("")


def test_now_is_aware_and_in_utc():
    assert system_clock().utcoffset() == timedelta(0)
    assert not is_fixed()


def test_a_fixed_clock_stands_still_in_utc():
    fix_clock("2026-11-30T09:40:00+01:00")
    assert system_clock() == system_clock() == datetime(2026, 11, 30, 8, 40, tzinfo=UTC)
    assert is_fixed()


def test_a_clock_in_a_file_moves_with_the_file(tmp_path):
    file = tmp_path / "now"
    file.write_text("2026-11-30T08:00:00+00:00\n")
    fix_clock(f"file:{file}")
    assert system_clock() == datetime(2026, 11, 30, 8, tzinfo=UTC)
    file.write_text("2026-12-01T08:00:00+00:00")
    assert system_clock() == datetime(2026, 12, 1, 8, tzinfo=UTC)


@pytest.mark.parametrize("text", ["yesterday", "2026-11-30T09:40:00"])
def test_what_is_no_instant_is_refused_and_changes_nothing(text):
    with pytest.raises(ValueError, match=r"Invalid isoformat|no offset"):
        fix_clock(text)
    assert not is_fixed()


def test_an_empty_text_frees_the_clock():
    fix_clock("2026-11-30T09:40:00+01:00")
    fix_clock("")
    assert not is_fixed()
    assert system_clock() != datetime(2026, 11, 30, 8, 40, tzinfo=UTC)
