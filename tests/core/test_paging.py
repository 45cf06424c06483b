"""A page's cursor: what was written is read back, anything else is refused."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from calibra_app.core.errors import Invalid
from calibra_app.core.paging import Page, read_cursor, write_cursor

VALUES = (
    "Ångström, Co",
    7,
    date(2026, 12, 2),
    datetime(2026, 12, 2, 9, 30, tzinfo=UTC),
    Decimal("1.20"),
    UUID(int=5),
)
KINDS = (str, int, date, datetime, Decimal, UUID)


def test_a_cursor_gives_back_its_keys_with_their_types():
    read = read_cursor(write_cursor(VALUES), KINDS)
    assert read == VALUES
    assert [type(value) for value in read] == list(KINDS)


def test_a_cursor_fits_into_an_address():
    assert write_cursor(VALUES).replace("-", "").replace("_", "").isalnum()


@pytest.mark.parametrize(
    "cursor",
    ["nonsense", "====", "W10", "bnVsbA", write_cursor(("a",)), "x" * 3000, write_cursor((1, "b"))],
)
def test_what_is_no_cursor_of_this_list_is_refused(cursor):
    with pytest.raises(Invalid):
        read_cursor(cursor, (str, UUID))


def test_a_page_keeps_its_cursor_when_something_is_made_of_its_rows():
    assert Page((1, 2), "next").of(str) == Page(("1", "2"), "next")
