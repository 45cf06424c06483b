"""Pages of a list: every row once, in order, whatever is added meanwhile."""

import pytest
from sqlmodel import select

from calibra_app.core.errors import Invalid
from calibra_app.models.customer import Customer
from calibra_app.persistence.listing import Key, page_of


def enter(work, *names):
    work.add_all([Customer(code=f"C{at:03}", name=name) for at, name in enumerate(names)])


def names_of(work, *keys, size=3):
    told, cursor = [], ""
    while True:
        page = page_of(
            work, select(Customer), lambda row: row.name, *keys, cursor=cursor, size=size
        )
        told.append(page.rows)
        cursor = page.next_cursor
        if not cursor:
            return told


def test_the_pages_together_hold_every_row_once_in_order(work_in):
    with work_in() as work:
        enter(work, *"hgfedcba")
    with work_in() as work:
        pages = names_of(work, Key(Customer.name), Key(Customer.id))
    assert pages == [("a", "b", "c"), ("d", "e", "f"), ("g", "h")]


def test_rows_with_the_same_name_are_told_apart_by_the_last_key(work_in):
    with work_in() as work:
        enter(work, "same", "same", "same", "same", "same")
        pages = names_of(work, Key(Customer.name), Key(Customer.id), size=2)
    assert [len(page) for page in pages] == [2, 2, 1]


def test_a_list_may_run_down(work_in):
    with work_in() as work:
        enter(work, *"abcde")
        pages = names_of(
            work, Key(Customer.name, descending=True), Key(Customer.id, descending=True)
        )
    assert pages == [("e", "d", "c"), ("b", "a")]


def test_keys_of_different_directions_page_as_well(work_in):
    with work_in() as work:
        enter(work, "b", "a", "b", "a", "b")
        pages = names_of(work, Key(Customer.name, descending=True), Key(Customer.code), size=2)
    assert pages == [("b", "b"), ("b", "a"), ("a",)]


def test_a_full_last_page_promises_no_further_one(work_in):
    with work_in() as work:
        enter(work, *"abc")
        page = page_of(work, select(Customer), lambda row: row.name, Key(Customer.name), size=3)
    assert (page.rows, page.next_cursor) == (("a", "b", "c"), "")


def test_a_row_added_before_the_cursor_shifts_nothing(work_in):
    with work_in() as work:
        enter(work, "b", "d", "f")
        first = page_of(work, select(Customer), lambda row: row.name, Key(Customer.name), size=2)
        work.add(Customer(code="X", name="a"))
        second = page_of(
            work, select(Customer), lambda row: row.name, Key(Customer.name),
            cursor=first.next_cursor, size=2,
        )  # fmt: skip
    assert second.rows == ("f",)


def test_a_cursor_of_another_list_is_refused(work_in):
    with pytest.raises(Invalid), work_in() as work:
        page_of(work, select(Customer), lambda row: row, Key(Customer.name), cursor="bogus")


def test_a_cursor_leads_straight_into_the_index(work_in):
    with work_in() as work:
        work.add_all([Customer(code=f"C{at:04}", name=f"Name {at:04}") for at in range(400)])
        work.session.connection().exec_driver_sql("SET LOCAL enable_seqscan = off")
        plan = work.session.connection().exec_driver_sql(
            "EXPLAIN SELECT id FROM customer WHERE (name, id) >"
            " ('Name 0300', '00000000-0000-0000-0000-000000000000') ORDER BY name, id LIMIT 51"
        )
        told = "\n".join(row[0] for row in plan)
    assert "ROW(name, id) >" in told
    assert "Index Cond" in told
    assert "Sort" not in told
