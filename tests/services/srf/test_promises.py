"""Whether a promised day can be kept: what the front desk is told while it promises."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from calibra_app.core.errors import NotFound
from calibra_app.models.person import Absence
from calibra_app.services.srf.agreement import Agreement
from calibra_app.services.srf.drafts import Heading, change_agreement, create_srf
from calibra_app.services.srf.moves import lines_of
from calibra_app.services.srf.promises import outlooks, working_days

MONDAY = datetime(2026, 11, 30, 9, tzinfo=UTC)
TUESDAY, THURSDAY, SATURDAY = date(2026, 12, 1), date(2026, 12, 3), date(2026, 12, 5)


def on_monday():
    return MONDAY


@pytest.fixture
def promised(house):
    """What is known of the micrometer's day: `promised(THURSDAY)`."""
    with house.work(clock=on_monday) as work:
        srf_id = create_srf(
            work, Heading(house.customer_id, house.contact_id), house.instrument_ids[:1]
        )

    def look(day):
        with house.work(clock=on_monday) as work:
            (line,) = lines_of(work, srf_id)
            wanted = replace(Agreement.of_line(line), promised_on=day)
            change_agreement(work, line.id, line.version, wanted)
        with house.work(clock=on_monday) as work:
            return outlooks(work, srf_id).get(lines_of(work, srf_id)[0].id)

    return look


def away(house, name, until=THURSDAY):
    with house.work("Priya Menon") as work:
        work.add(
            Absence(
                person_id=house.people[name], starts_on=MONDAY.date(), ends_on=until, reason="Leave"
            )
        )


def test_a_line_without_a_promise_has_no_outlook(promised):
    assert promised(None) is None


def test_tomorrow_is_too_early_and_says_why(promised):
    assert promised(TUESDAY).against[0].startswith("Too early: bench, review and signature take 2")
    assert not any("Too early" in each for each in promised(THURSDAY).against)


def test_a_saturday_is_no_working_day(promised):
    assert "Saturday is no working day." in promised(SATURDAY).against


def test_who_may_do_the_work_is_named_unless_away_all_the_time(house, promised):
    assert promised(THURSDAY).people == ("Mei Lin", "Ruth Okoye")
    away(house, "Mei Lin", until=TUESDAY)
    away(house, "Ruth Okoye")
    assert promised(THURSDAY).people == ("Mei Lin",)


def test_nobody_at_work_speaks_against_the_day(house, promised):
    away(house, "Mei Lin")
    away(house, "Ruth Okoye")
    told = promised(THURSDAY).against
    assert "Nobody authorized for MP-DIM-02 is at work until then." in told


def test_a_day_that_no_standard_reaches_is_doubted(promised):
    # This laboratory has no standards at all.
    assert "No standard for MP-DIM-02 is valid on 3 Dec." in promised(THURSDAY).against


def test_a_technician_is_told_nothing_of_work_that_is_not_theirs(house):
    with house.work() as work:
        srf_id = create_srf(
            work, Heading(house.customer_id, house.contact_id), house.instrument_ids[:1]
        )
    with pytest.raises(NotFound), house.work("Mei Lin") as work:
        outlooks(work, srf_id)


def test_working_days_leave_out_the_weekend():
    days = working_days(date(2026, 12, 3), date(2026, 12, 8))
    assert [day.day for day in days] == [4, 7, 8]


def test_a_slip_of_the_year_costs_no_walk_through_centuries():
    assert len(working_days(date(2026, 12, 3), date(9999, 12, 31))) < 2 * 366
