"""The sample laboratories, entered through the services into a real database."""

from datetime import UTC, date, datetime

import pytest

from calibra_app.core.access import Role, visitor
from calibra_app.core.ids import new_id
from calibra_app.demo import loader
from calibra_app.demo.instruments import INSTRUMENTS
from calibra_app.demo.laboratories import MERIDIAN, POLARIS, sample_people
from calibra_app.demo.week import week_of
from calibra_app.services import customers, equipment, people, scope
from calibra_app.services.settings import face, options
from calibra_app.services.sign_in import hash_password, sign_in


@pytest.fixture(scope="module")
def week():
    return week_of(datetime(2026, 12, 2, 9, tzinfo=UTC))


@pytest.fixture(scope="module")
def password_hash():
    return hash_password("a sample password")


@pytest.fixture
def load(database, week, password_hash, monkeypatch):
    def enter(sample):
        slug = f"{sample.slug}-{new_id().hex}"
        return loader.load_laboratory(loader.replace(sample, slug=slug), week, password_hash)

    return enter


def test_the_sample_week_begins_on_the_monday_of_the_day():
    assert week_of(datetime(2026, 12, 2, 9, tzinfo=UTC)).monday == date(2026, 11, 30)
    assert week_of(datetime(2026, 12, 6, 12, tzinfo=UTC)).monday == date(2026, 11, 30)


def test_just_after_midnight_in_the_laboratory_its_own_day_counts():
    assert week_of(datetime(2026, 11, 29, 23, 30, tzinfo=UTC)).monday == date(2026, 11, 30)


def test_an_instant_of_the_week_is_by_the_clock_on_the_wall(week):
    assert week.at(2, 11, 41) == datetime(2026, 12, 2, 10, 41, tzinfo=UTC)


def test_everybody_of_the_sample_has_an_address_of_their_laboratory():
    emails = [person.email for person in sample_people()]
    assert "asha.rao@meridian.example" in emails
    assert "nora.lind@polaris.example" in emails
    assert len(emails) == len(set(emails))


def test_meridian_has_its_week_and_can_do_all_of_it(load, work_in, week):
    loaded = load(MERIDIAN)
    wednesday = week.day(2)
    with loaded.desk(loaded.who(Role.LM)).work() as work:
        assert len(people.list_people(work).rows) == 14
        assert len(customers.list_customers(work).rows) == 3
        assert len(equipment.list_instruments(work).rows) == 12
        assert len(scope.list_procedures(work).rows) == 12
        for sample in INSTRUMENTS:
            detail = equipment.get_instrument(work, loaded.instruments[sample.number])
            assert detail.missing == "", detail.draft.tag
            points = scope.scope_points(
                equipment.planned_points(work, sample.procedure, detail.draft.parameters)
            )
            check = scope.scope_check(work, sample.procedure, points, wednesday)
            if sample.subcontracted:
                assert check.sentence == "partly: 200 A, 400 A, 600 A outside"
                continue
            assert check.sentence == "in scope", detail.draft.tag
            usable = equipment.usable_standards(work, wednesday, sample.procedure, points)
            assert set(sample.standards) <= {each.code for each in usable}, detail.draft.tag
            assert scope.price_of(work, sample.procedure).amount > 0


def test_the_standard_that_expired_on_monday_is_refused_on_wednesday(load, week):
    loaded = load(MERIDIAN)
    with loaded.desk(loaded.who(Role.LM)).work() as work:
        refusal = equipment.standard_refusal(
            work, loaded.standards["STD-P-001"], week.day(2), "MP-PRE-01"
        )
    assert refusal.sentence == (
        "STD-P-001: calibration expired 30 Nov 2026. Use instead: STD-P-002."
    )


def test_sample_people_sign_in_and_a_contact_belongs_to_the_customer(load):
    loaded = load(POLARIS)
    with loaded.desk(loaded.who(Role.FD)).work() as work:
        opened = customers.list_contacts(work, loaded.customers["K2"])
    assert [contact.portal for contact in opened] == [True]
    with loaded.desk(visitor(loaded.tenant_id)).work() as work:
        session = sign_in(work, f"pia.moen@{loaded.slug}.example", "a sample password")
    assert session.refusal is None
    assert session.person_id == loaded.people["Pia Moen"].person_id


def test_papers_of_the_sample_say_whose_they_are(load):
    loaded = load(MERIDIAN)
    with loaded.desk(loaded.who(Role.TA)).work() as work:
        known = options.get_settings(work)
        shown = face.latest_face(work).draft
    assert known.particulars.legal_name == "Meridian Metrology GmbH"
    assert known.patterns["certificate"] == "MM-{yy}-{srf}-{line:02}"
    assert (known.limits.tax_rate, shown.colour) == (20, "#0b6e8f")
