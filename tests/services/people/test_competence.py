"""Competence: by procedure or discipline, with dates, never one's own decision (guard G11)."""

from datetime import date

import pytest

from calibra_app.core.access import Role
from calibra_app.core.errors import Conflict, Forbidden
from calibra_app.models.person import Person
from calibra_app.services.people import (
    AbsentPerson,
    CompetenceDraft,
    Deed,
    NotCompetent,
    PersonDraft,
    add_person,
    admit_person,
    competent_people,
    end_competence,
    is_competent,
    list_absences,
    list_competences,
    record_absence,
    record_competence,
    require_competence,
    require_presence,
)

SINCE, TODAY = date(2026, 2, 1), date(2026, 12, 2)


@pytest.fixture
def people(work_in):
    with work_in() as work:
        made = {
            name: add_person(work, PersonDraft(name, f"{name.split()[0].lower()}@m.example"), roles)
            for name, roles in (
                ("Mei Lin", (Role.TE,)),
                ("Tomasz Nowak", (Role.TE,)),
                ("Ruth Okoye", (Role.ST,)),
            )
        }
        for person_id, discipline, code in (
            (made["Mei Lin"], "dimensional", ""),
            (made["Ruth Okoye"], "dimensional", ""),
            (made["Tomasz Nowak"], "mass", "MP-MAS-01"),
        ):
            record_competence(
                work,
                CompetenceDraft(person_id, Deed.PERFORM, discipline, SINCE, procedure_code=code),
            )
        return made


def may(
    work, person_id, code="MP-DIM-02", discipline="dimensional", *, on=TODAY, deed=Deed.PERFORM
):
    return is_competent(work, person_id, deed, code, discipline, on=on)


def test_a_discipline_holds_for_each_of_its_procedures(work_in, people):
    with work_in() as work:
        assert may(work, people["Mei Lin"])
        assert may(work, people["Mei Lin"], "MP-DIM-01")
        assert not may(work, people["Mei Lin"], deed=Deed.AUTHORIZE)
        assert not may(work, people["Mei Lin"], "MP-MAS-01", "mass")


def test_a_procedure_holds_for_itself_alone(work_in, people):
    with work_in() as work:
        assert may(work, people["Tomasz Nowak"], "MP-MAS-01", "mass")
        assert not may(work, people["Tomasz Nowak"], "MP-MAS-02", "mass")


def test_competence_counts_from_its_first_to_its_last_day(work_in, people):
    with work_in() as work:
        (row,) = list_competences(work, TODAY, person_id=people["Mei Lin"])
        end_competence(work, row.id, row.version, TODAY)
        assert not may(work, people["Mei Lin"], on=date(2026, 1, 31))
        assert may(work, people["Mei Lin"], on=SINCE)
        assert may(work, people["Mei Lin"], on=TODAY)
        assert not may(work, people["Mei Lin"], on=date(2026, 12, 3))


def test_the_refusal_names_the_procedure_and_who_may(work_in, people):
    with work_in() as work:
        # Only somebody who can sign in is offered instead.
        admit_person(work, people["Mei Lin"], "hash")
        with pytest.raises(NotCompetent) as refused:
            require_competence(
                work, people["Tomasz Nowak"], Deed.PERFORM, "MP-DIM-02", "dimensional", on=TODAY
            )
    assert refused.value.message == (
        "No valid authorization MP-DIM-02: Tomasz Nowak may not perform it on 2 Dec 2026."
        " Authorized: Mei Lin."
    )


def test_competent_people_are_listed_with_who_is_away(work_in, people):
    with work_in() as work:
        record_absence(work, people["Ruth Okoye"], TODAY, date(2026, 12, 4), "training")
        found = competent_people(work, Deed.PERFORM, "MP-DIM-02", "dimensional", TODAY)
        assert [(each.name, each.absent) for each in found] == [
            ("Mei Lin", False),
            ("Ruth Okoye", True),
        ]
        others = competent_people(
            work, Deed.PERFORM, "MP-DIM-02", "dimensional", TODAY, exclude=[people["Mei Lin"]]
        )
        assert [each.name for each in others] == ["Ruth Okoye"]


def test_somebody_absent_is_refused_until_the_last_day(work_in, people):
    with work_in() as work:
        record_absence(work, people["Mei Lin"], TODAY, date(2026, 12, 4))
        with pytest.raises(AbsentPerson, match="until 4 Dec 2026"):
            require_presence(work, people["Mei Lin"], date(2026, 12, 4))
        require_presence(work, people["Mei Lin"], date(2026, 12, 5))
        with pytest.raises(Conflict, match="overlaps"):
            record_absence(work, people["Mei Lin"], date(2026, 12, 4), date(2026, 12, 8))
        assert len(list_absences(work, TODAY, TODAY)) == 1


def test_nobody_decides_on_their_own_competence(work_in, people):
    with work_in(roles={Role.QM}) as work:
        own = add_person_as_self(work)
    with pytest.raises(Forbidden, match="own competence"), work_in(roles={Role.QM}) as work:
        record_competence(work, CompetenceDraft(own, Deed.PERFORM, "mass", SINCE))


def add_person_as_self(work):
    work.add(Person(id=work.actor.person_id, email="q@m.example", name="Q", initials="Q"))
    return work.actor.person_id


def test_another_laboratory_knows_nobody_competent(work_in, people):
    with work_in(laboratory=2) as work:
        assert competent_people(work, Deed.PERFORM, "MP-DIM-02", "dimensional", TODAY) == ()
        assert not may(work, people["Mei Lin"])
        assert list_competences(work, TODAY) == ()
