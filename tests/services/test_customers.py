"""Customers and contacts: entered, found, changed, put away; to each their own."""

from dataclasses import replace
from decimal import Decimal

import pytest

from calibra_app.core.access import Role
from calibra_app.core.errors import Conflict, Forbidden, Invalid, NotFound
from calibra_app.core.paging import PAGE_SIZE
from calibra_app.persistence.versions import Stale
from calibra_app.services.customers import (
    ContactDraft,
    CustomerCodeTaken,
    CustomerDraft,
    PortalProfile,
    add_contact,
    add_customer,
    archive_customer,
    change_customer,
    get_customer,
    give_portal_access,
    list_customers,
)
from calibra_app.services.people import get_person

DRAFT = CustomerDraft("K1", "Northwind Biologics", "Hafenstraße 12, Bremen", tax_rate=Decimal(20))


@pytest.fixture
def customer_id(work_in):
    with work_in() as work:
        return add_customer(work, DRAFT)


def test_an_entered_customer_comes_back_as_entered(work_in, customer_id):
    with work_in() as work:
        found = get_customer(work, customer_id)
    assert (found.draft, found.version, found.contacts) == (DRAFT, 1, ())


@pytest.mark.parametrize("search", ["north", "NORTHWIND bio", "hafenstrasse", "k1", "laura"])
def test_a_customer_is_found_by_the_beginnings_of_words(work_in, customer_id, search):
    with work_in() as work:
        add_contact(work, customer_id, ContactDraft("Laura Petit", "laura@northwind.example"))
        add_customer(work, CustomerDraft("K2", "Kestrel Aero Components"))
    with work_in() as work:
        assert [row.code for row in list_customers(work, search).rows] == ["K1"]


def test_a_changed_name_is_found_and_the_old_one_is_not(work_in, customer_id):
    with work_in() as work:
        change_customer(work, customer_id, 1, replace(DRAFT, name="Southwind"))
    with work_in() as work:
        assert len(list_customers(work, "southwind").rows) == 1
        assert list_customers(work, "northwind").rows == ()


def test_fifty_customers_stand_on_a_page(work_in):
    with work_in() as work:
        for at in range(PAGE_SIZE + 1):
            add_customer(work, CustomerDraft(f"C{at}", f"Customer {at:03}"))
    with work_in() as work:
        first = list_customers(work)
        second = list_customers(work, cursor=first.next_cursor)
    assert (len(first.rows), len(second.rows), second.next_cursor) == (50, 1, "")
    assert second.rows[0].name == "Customer 050"


def test_two_customers_do_not_share_a_code(work_in, customer_id):
    with pytest.raises(CustomerCodeTaken) as refused, work_in() as work:
        add_customer(work, replace(DRAFT, name="Another"))
    assert refused.value.field == "code"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": " "}, "name"),
        ({"code": ""}, "code"),
        ({"tax_rate": Decimal(101)}, "tax_rate"),
        ({"discount_percent": Decimal(-1)}, "discount_percent"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(work_in, change, field):
    with pytest.raises(Invalid) as refused, work_in() as work:
        add_customer(work, replace(DRAFT, **change))
    assert refused.value.field == field


def test_who_was_slower_is_told_the_differences(work_in, customer_id):
    with work_in() as work:
        change_customer(work, customer_id, 1, replace(DRAFT, country="DE"))
    with pytest.raises(Stale, match="country is now “DE”"), work_in() as work:
        change_customer(work, customer_id, 1, replace(DRAFT, name="Northwind SE"))


def test_a_customer_put_away_leaves_the_list_and_can_come_back(work_in, customer_id):
    with work_in() as work:
        archive_customer(work, customer_id, 1)
    with work_in() as work:
        assert list_customers(work).rows == ()
        (row,) = list_customers(work, archived=True).rows
        assert row.code == "K1"
        archive_customer(work, customer_id, 2, archived=False)
        assert len(list_customers(work).rows) == 1


def test_a_contact_with_access_is_a_person_of_that_customer_alone(work_in, customer_id):
    with work_in() as work:
        contact_id = add_contact(work, customer_id, ContactDraft("Laura Petit", "laura@n.example"))
        person_id = give_portal_access(work, contact_id, PortalProfile.APPROVER)
        person = get_person(work, person_id)
    assert person.roles == (Role.CU,)
    assert (person.customer_id, person.portal_profile) == (customer_id, PortalProfile.APPROVER)
    with pytest.raises(Conflict, match="already"), work_in() as work:
        give_portal_access(work, contact_id, PortalProfile.VIEWER)


def test_a_person_of_the_portal_sees_the_own_company_alone(work_in, customer_id):
    with work_in() as work:
        other = add_customer(work, CustomerDraft("K2", "Kestrel"))
    with work_in(roles={Role.CU}, customer=customer_id) as work:
        assert [row.code for row in list_customers(work).rows] == ["K1"]
        assert get_customer(work, customer_id).draft.name == "Northwind Biologics"
        with pytest.raises(NotFound):
            get_customer(work, other)


def test_a_technician_reads_customers_and_changes_none(work_in, customer_id):
    with work_in(roles={Role.TE}) as work:
        assert len(list_customers(work).rows) == 1
        with pytest.raises(Forbidden):
            change_customer(work, customer_id, 1, DRAFT)


def test_another_laboratory_sees_and_changes_nothing(work_in, customer_id):
    with work_in(laboratory=2) as work:
        assert list_customers(work).rows == ()
        assert list_customers(work, "north").rows == ()
        with pytest.raises(NotFound):
            get_customer(work, customer_id)
        with pytest.raises(NotFound):
            change_customer(work, customer_id, 1, DRAFT)
