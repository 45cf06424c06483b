"""Numbers on paper: no gap and no duplicate, whatever happens at the same time."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from calibra_app.core.errors import Conflict
from calibra_app.persistence.numbering import continue_after, next_number

PATTERN = "SRF-{year}-{number:04}"


def at(year, month, day, hour):
    return lambda: datetime(year, month, day, hour, tzinfo=UTC)


def test_numbers_count_up_within_a_year(work_in):
    for expected in ("SRF-2026-0001", "SRF-2026-0002"):
        with work_in(clock=at(2026, 11, 21, 9)) as work:
            assert next_number(work, "SRF", PATTERN) == expected


def test_each_laboratory_counts_for_itself(work_in):
    for laboratory in (1, 2):
        with work_in(laboratory, clock=at(2026, 11, 21, 9)) as work:
            assert next_number(work, "SRF", PATTERN) == "SRF-2026-0001"


def test_a_new_year_begins_at_the_laboratorys_own_midnight(work_in):
    with work_in(clock=at(2026, 12, 31, 22)) as work:
        assert next_number(work, "SRF", PATTERN) == "SRF-2026-0001"
    with work_in(clock=at(2026, 12, 31, 23)) as work:
        assert next_number(work, "SRF", PATTERN) == "SRF-2027-0001"


def test_a_pattern_without_a_year_counts_on(work_in):
    for year, expected in ((2026, "K-1"), (2027, "K-2")):
        with work_in(clock=at(year, 6, 1, 9)) as work:
            assert next_number(work, "customer", "K-{number}") == expected


def give_back(work):
    raise RolledBack


class RolledBack(Exception):
    """What a deed may fail with."""


def test_a_transaction_that_fails_gives_its_number_back(work_in):
    with pytest.raises(RolledBack), work_in(clock=at(2026, 6, 1, 9)) as work:
        give_back(next_number(work, "SRF", PATTERN))
    with work_in(clock=at(2026, 6, 1, 9)) as work:
        assert next_number(work, "SRF", PATTERN) == "SRF-2026-0001"


def test_sixteen_writers_with_failures_leave_no_gap(actor_in, work_in):
    actor = actor_in()
    given, lock = [], threading.Lock()
    fails = [attempt % 5 == 3 for attempt in range(96)]

    def write(fail):
        try:
            with work_in(actor=actor, clock=at(2026, 6, 1, 9)) as work:
                number = next_number(work, "SRF", "{year}/{number}")
                if fail:
                    give_back(work)
        except RolledBack:
            return
        with lock:
            given.append(int(number.partition("/")[2]))

    # More writers than connections: the rest wait their turn at the pool.
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(write, fails))
    assert sorted(given) == list(range(1, fails.count(False) + 1))


def test_a_sequence_goes_on_where_another_system_left_off(work_in):
    with work_in() as work:
        continue_after(work, "SRF", "SRF-{year}-{number:04}", 411)
        assert next_number(work, "SRF", "SRF-{year}-{number:04}").endswith("-0412")


def test_a_number_given_out_is_not_given_out_again(work_in):
    with work_in() as work:
        continue_after(work, "SRF", "{number}", 411)
    with pytest.raises(Conflict, match="411"), work_in() as work:
        continue_after(work, "SRF", "{number}", 5)
