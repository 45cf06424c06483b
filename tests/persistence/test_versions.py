"""A change against the version that was seen: taken when nobody was quicker, else refused."""

import pytest

from calibra_app.models.customer import Customer
from calibra_app.persistence.versions import Stale, amend


@pytest.fixture
def customer_id(work_in):
    with work_in() as work:
        row = Customer(code="K1", name="Northwind")
        work.add(row)
        return row.id


def test_a_change_of_the_version_seen_is_kept_and_counted(work_in, customer_id):
    with work_in() as work:
        assert amend(work, work.get(Customer, customer_id), 1, {"name": "Northwind Biologics"})
    with work_in() as work:
        row = work.peek(Customer, customer_id)
    assert (row.name, row.version) == ("Northwind Biologics", 2)


def test_a_change_of_an_older_version_is_refused_with_the_differences(work_in, customer_id):
    with work_in() as work:
        amend(work, work.get(Customer, customer_id), 1, {"name": "Quicker"})
    with pytest.raises(Stale) as refused, work_in() as work:
        amend(work, work.get(Customer, customer_id), 1, {"name": "Slower", "code": "K1"})
    (difference,) = refused.value.differences
    assert (difference.field, difference.stored, difference.typed) == ("name", "Quicker", "Slower")
    assert "name is now “Quicker”, you have “Slower”" in refused.value.message
    with work_in() as work:
        assert work.peek(Customer, customer_id).name == "Quicker"


def test_saving_without_a_change_counts_no_version(work_in, customer_id):
    with work_in() as work:
        assert not amend(work, work.get(Customer, customer_id), 1, {"name": "Northwind"})
    with work_in() as work:
        assert work.peek(Customer, customer_id).version == 1
