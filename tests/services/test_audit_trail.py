"""The audit trail as people read it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from calibra_app.core.errors import Forbidden
from calibra_app.core.ids import new_id
from calibra_app.models.customer import Customer
from calibra_app.persistence.chain import seal
from calibra_app.services.audit_trail import (
    AuditFilter,
    audited_tables,
    chain_head,
    list_audit,
    people_of_trail,
    verify_audit,
)

ALL = AuditFilter()


def renamed(house, name="New name", who="Asha Rao", reason="They married"):
    with house.work(who, reason=reason) as work:
        work.get(Customer, house.customer_id).name = name


def read(house, wanted=ALL, who="Victor Hale"):
    with house.work(who) as work:
        return list_audit(work, wanted).rows


def test_the_newest_change_stands_first_with_old_and_new_and_why(house):
    renamed(house)
    entry = read(house)[0]
    assert (entry.person, entry.table, entry.operation, entry.reason) == (
        "Asha Rao",
        "customer",
        "update",
        "They married",
    )
    (change,) = [each for each in entry.changes if each.column == "name"]
    assert change.after == "New name"
    assert change.before not in (None, "New name")


def test_pages_follow_each_other_without_a_gap(house):
    with house.work("Victor Hale") as work:
        rows, cursor = [], ""
        while True:
            page = list_audit(work, ALL, cursor)
            rows += page.rows
            cursor = page.next_cursor
            if not cursor:
                break
        count = work.exec(text("SELECT count(*) FROM audit_event")).scalar_one()
    assert len({row.id for row in rows}) == len(rows) == count > 50


def test_it_can_be_narrowed_to_person_table_record_and_time(house):
    renamed(house)
    person = str(house.people["Asha Rao"])
    assert {row.person for row in read(house, AuditFilter(person_id=person))} == {"Asha Rao"}
    assert {row.table for row in read(house, AuditFilter(table="room"))} == {"room"}
    record = read(house, AuditFilter(record=str(house.customer_id)))
    assert {row.record for row in record} == {str(house.customer_id)}
    assert len(record) == 2
    at = record[0].at
    assert read(house, AuditFilter(since=at + timedelta(seconds=5))) == ()
    assert at not in {row.at for row in read(house, AuditFilter(until=at))}


def test_a_record_is_found_by_the_number_people_know_it_by(house):
    rows = read(house, AuditFilter(record="ka-mic-0011"))
    assert {row.table for row in rows} <= {"instrument"}
    assert read(house, AuditFilter(record=str(new_id()))) == ()
    assert read(house, AuditFilter(record="no such number")) == ()


def test_a_password_never_stands_in_the_trail(house):
    told = [
        change.after
        for row in read(house, AuditFilter(table="person"))
        for change in row.changes
        if change.column == "password_hash"
    ]
    assert set(told) <= {"…"}


def test_a_technician_reads_own_deeds_alone(house):
    renamed(house)
    renamed(house, "Mei's name", who="Mei Lin", reason="")
    rows = read(house, who="Mei Lin")
    assert {row.person for row in rows} == {"Mei Lin"}
    with house.work("Mei Lin") as work:
        assert [name for _, name in people_of_trail(work)] == ["Mei Lin"]


@pytest.mark.parametrize("name", ["Asha Rao", "Jonas Weber", "Grace Liu", "Yara Haddad"])
def test_others_do_not_read_it(house, name):
    with pytest.raises(Forbidden):
        read(house, who=name)
    with pytest.raises(Forbidden), house.work(name) as work:
        verify_audit(work)


def test_the_chain_is_verified_and_says_how_far_it_reaches(house):
    linked = seal(house.tenant_id)
    with house.work("Ingrid Solberg") as work:
        head, found = chain_head(work), verify_audit(work)
    assert (head.entries, found.entries, found.first) == (linked, linked, None)
    assert read(house)[0].sequence == linked


def test_an_altered_entry_is_named(house, owner):
    seal(house.tenant_id)
    with owner.begin() as connection:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        connection.exec_driver_sql(
            "UPDATE audit_event SET reason = 'forged' WHERE tenant_id = %s AND id ="
            " (SELECT event_id FROM audit_link WHERE tenant_id = %s AND sequence = 3)",
            (house.tenant_id, house.tenant_id),
        )
    with house.work("Ingrid Solberg") as work:
        first = verify_audit(work).first
    assert (first.sequence, first.what) == (3, "the entry was altered")


def test_each_laboratory_reads_its_own_trail(house, work_in):
    renamed(house)
    with work_in(laboratory=2) as work:
        assert list_audit(work, replace(ALL, table="customer")).rows == ()


def test_the_tables_that_can_be_chosen_are_those_that_are_kept():
    tables = audited_tables()
    assert {"srf", "certificate", "observation", "branding"} <= {*tables}
    assert not {"audit_event", "outbox", "counter"} & {*tables}
