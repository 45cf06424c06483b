"""Personnel: entering, roles that do not go together, the last admin, invitations."""

import pytest

from calibra_app.core.access import Role
from calibra_app.core.errors import Conflict, Invalid
from calibra_app.services.people import (
    AddressTaken,
    LastAdmin,
    PersonDraft,
    PersonStatus,
    RolesConflict,
    add_person,
    admit_person,
    change_person,
    get_person,
    invite_person,
    list_invitations,
    list_people,
    set_roles,
    set_status,
)

ASHA = PersonDraft("Asha Rao", "Asha.Rao@Meridian.Example", job_title="Customer service")


def test_a_person_gets_initials_and_an_address_in_lower_case(work_in):
    with work_in() as work:
        person = get_person(work, add_person(work, ASHA, (Role.FD,)))
    assert (person.initials, person.email) == ("AR", "asha.rao@meridian.example")
    assert (person.roles, person.status) == ((Role.FD,), PersonStatus.INVITED)


def test_people_are_listed_by_name_and_found_by_role_and_word(work_in):
    with work_in() as work:
        add_person(work, PersonDraft("Mei Lin", "mei@m.example", team="dimensional"), (Role.TE,))
        add_person(work, ASHA, (Role.FD,))
    with work_in() as work:
        assert [row.name for row in list_people(work).rows] == ["Asha Rao", "Mei Lin"]
        assert [row.name for row in list_people(work, role=Role.TE).rows] == ["Mei Lin"]
        assert [row.name for row in list_people(work, "dimen").rows] == ["Mei Lin"]


def test_two_people_do_not_share_an_address(work_in):
    with work_in() as work:
        add_person(work, ASHA)
    with pytest.raises(AddressTaken) as refused, work_in() as work:
        add_person(work, PersonDraft("Another", "asha.rao@meridian.example"))
    assert refused.value.field == "email"


@pytest.mark.parametrize(
    "roles", [(Role.TA, Role.AS), (Role.FI, Role.TE), (Role.VA, Role.TE), (Role.CU, Role.TE)]
)
def test_roles_that_do_not_go_together_are_refused(work_in, roles):
    with pytest.raises(RolesConflict) as refused, work_in() as work:
        add_person(work, ASHA, roles)
    assert refused.value.field == "roles"


def test_a_role_taken_away_can_be_given_again(work_in):
    with work_in() as work:
        person_id = add_person(work, ASHA, (Role.FD, Role.DI))
        set_roles(work, person_id, (Role.FD,))
        assert get_person(work, person_id).roles == (Role.FD,)
        set_roles(work, person_id, (Role.FD, Role.DI))
        assert get_person(work, person_id).roles == (Role.DI, Role.FD)


def test_the_last_admin_stays(work_in):
    with work_in() as work:
        person_id = add_person(work, ASHA, (Role.TA,))
        admit_person(work, person_id, "hash")
        with pytest.raises(LastAdmin):
            set_roles(work, person_id, (Role.FD,))
        with pytest.raises(LastAdmin):
            set_status(work, person_id, 2, PersonStatus.SUSPENDED)


def test_who_has_left_does_not_come_back_under_the_same_entry(work_in):
    with work_in() as work:
        person_id = add_person(work, ASHA, (Role.FD,))
        set_status(work, person_id, 1, PersonStatus.LEFT)
        assert list_people(work).rows == ()
        with pytest.raises(Conflict, match="has left"):
            set_status(work, person_id, 2, PersonStatus.ACTIVE)


def test_an_invited_person_is_listed_until_they_choose_a_password(work_in):
    with work_in() as work:
        promise = invite_person(work, ASHA, (Role.FD,))
        (invitation,) = list_invitations(work)
        assert (invitation.email, invitation.expired) == ("asha.rao@meridian.example", False)
        assert invitation.expires_at == promise.expires_at
        admit_person(work, invitation.person_id, "hash")
        assert list_invitations(work) == ()


@pytest.mark.parametrize(("name", "email", "field"), [("", "a@b.de", "name"), ("A", "a", "email")])
def test_what_cannot_be_is_refused_beside_its_field(work_in, name, email, field):
    with pytest.raises(Invalid) as refused, work_in() as work:
        add_person(work, PersonDraft(name, email))
    assert refused.value.field == field


def test_a_changed_person_is_found_by_the_new_name(work_in):
    with work_in() as work:
        person_id = add_person(work, ASHA)
        change_person(work, person_id, 1, PersonDraft("Asha Nair", ASHA.email))
        assert [row.name for row in list_people(work, "nair").rows] == ["Asha Nair"]


def test_another_laboratory_has_its_own_people(work_in):
    with work_in() as work:
        add_person(work, ASHA)
    with work_in(laboratory=2) as work:
        assert list_people(work).rows == ()
        add_person(work, ASHA)
