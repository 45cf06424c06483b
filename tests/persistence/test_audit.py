"""The audit trail: what the triggers write, and that nobody can write it otherwise."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from calibra_app.core.ids import new_id
from calibra_app.models.base import TenantRow
from calibra_app.models.journal import AuditEvent, DeadLetter
from calibra_app.models.tenant import PublicCode, Tenant
from calibra_app.persistence.row_security import declared_tables


def a_letter(why="because"):
    return DeadLetter(job="x", subject_id=new_id(), failures=1, why=why)


def hidden_columns():
    """Return each audited table with the columns that stay out of the trail, as triggers do."""
    return [
        (table.name, ",".join(sorted(declared.__redacted__)))
        for table, declared in declared_tables()
        if issubclass(declared, TenantRow) and declared.__audited__
    ]


def trail(work, table="dead_letter"):
    return work.exec(
        select(AuditEvent).where(AuditEvent.table_name == table).order_by(AuditEvent.position)
    ).all()


def test_a_new_row_is_told_with_actor_request_and_reason(work_in, actor_in):
    actor = actor_in()
    with work_in(actor=actor, reason="received by post") as work:
        letter = a_letter()
        work.add(letter)
        (event,) = trail(work)
    assert (event.operation, event.row_key) == ("insert", {"id": str(letter.id)})
    assert event.after["why"] == "because"
    assert (event.person_id, event.request_id, event.reason) == (
        str(actor.person_id),
        "test-request",
        "received by post",
    )


def test_a_change_keeps_the_changed_columns_alone(work_in):
    with work_in() as work:
        letter = a_letter()
        work.add(letter)
    with work_in() as work:
        work.get(DeadLetter, letter.id).why = "otherwise"
        work.session.flush()
        event = trail(work)[-1]
    assert (event.operation, event.before, event.after) == (
        "update",
        {"why": "because"},
        {"why": "otherwise"},
    )


def test_a_reason_given_late_goes_with_what_follows(work_in):
    with work_in() as work:
        work.add(a_letter())
        work.give_reason("typing error")
        work.add(a_letter())
        assert [event.reason for event in trail(work)] == ["", "typing error"]


def test_a_statement_that_changes_nothing_is_not_told(work_in):
    with work_in() as work:
        work.add(a_letter())
        work.exec(text("UPDATE dead_letter SET why = why"))
        assert len(trail(work)) == 1


def test_a_statement_over_many_rows_is_told_row_by_row(work_in):
    with work_in() as work:
        work.add_all([a_letter(str(number)) for number in range(5)])
        work.exec(text("UPDATE dead_letter SET why = 'seen' WHERE why > '2'"))
        assert [event.operation for event in trail(work)] == ["insert"] * 5 + ["update"] * 2


def test_hidden_columns_show_that_they_were_there_and_nothing_else(work_in):
    with work_in() as work:
        code = PublicCode(code="top-secret", kind="quotation", subject_id=new_id())
        work.add(code)
        (event,) = trail(work, "public_code")
    assert event.after["code"] == "…"
    assert "top-secret" not in str(event.after)


def test_the_trail_keeps_nothing_of_a_letter_that_could_not_be_sent(work_in):
    letter = a_letter()
    letter.payload = {"kind": "password", "path": "/welcome/1.top-secret"}
    with work_in() as work:
        work.add(letter)
        letter.payload = {"path": "/welcome/1.top-secret-too"}
        work.session.flush()
        entered, changed = trail(work)
    assert (entered.after["payload"], changed.after["payload"]) == ("…", "…")
    assert "top-secret" not in f"{entered.after}{changed.before}{changed.after}"


@pytest.mark.parametrize("table", [name for name, kept in hidden_columns() if kept])
def test_the_triggers_hide_what_the_declarations_hide(owner, table):
    (kept,) = [kept for name, kept in hidden_columns() if name == table]
    with owner.connect() as connection:
        query = text(
            "SELECT encode(tgargs, 'escape') FROM pg_trigger"
            " WHERE tgrelid = CAST(:t AS regclass) AND tgname LIKE 'audit\\_%'"
        )
        arguments = connection.execute(query, {"t": table}).scalars().all()
    assert arguments
    assert all(each.split("\\000")[1] == kept for each in arguments)


def test_the_laboratorys_own_settings_are_under_audit(work_in):
    with work_in() as work:
        work.exec(text("UPDATE tenant SET name = 'New name'"))
        (event,) = trail(work, "tenant")
    assert event.after == {"name": "New name"}


def add_then(work, statement):
    work.add(a_letter())
    work.exec(text(statement))


def test_a_rolled_back_deed_leaves_no_trace(work_in):
    with pytest.raises(DBAPIError), work_in() as work:
        add_then(work, "SELECT 1/0")
    with work_in() as work:
        assert trail(work) == []


def test_a_trail_that_cannot_be_written_stops_the_deed(owner, work_in):
    with owner.begin() as connection:
        connection.execute(
            text("ALTER TABLE audit_event ADD CONSTRAINT shut CHECK (false) NOT VALID")
        )
    try:
        with pytest.raises(DBAPIError, match="shut"), work_in() as work:
            work.add(a_letter())
    finally:
        with owner.begin() as connection:
            connection.execute(text("ALTER TABLE audit_event DROP CONSTRAINT shut"))
    with work_in() as work:
        assert work.exec(select(DeadLetter)).all() == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET reason = 'x'",
        "DELETE FROM audit_event",
        "TRUNCATE audit_event",
        (
            "INSERT INTO audit_event (person_id, request_id, reason, table_name, operation,"
            " row_key) VALUES ('x', '', '', 'srf', 'insert', '{}')"
        ),
        "INSERT INTO audit_link VALUES (1, 1, now(), gen_random_uuid(), '', '')",
        "DELETE FROM audit_event_rest",
        "SELECT * FROM audit_event_rest",
        "ALTER TABLE dead_letter DISABLE TRIGGER ALL",
        "SET session_replication_role = replica",
    ],
)
def test_the_application_cannot_write_the_trail(work_in, statement):
    with pytest.raises(DBAPIError, match=r"denied|append-only|must be owner"), work_in() as work:
        add_then(work, statement)


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_event SET reason = 'x'", "TRUNCATE audit_event"]
)
def test_even_a_superusers_plain_statement_is_refused(owner, work_in, statement):
    with work_in() as work:
        work.add(a_letter())
    with pytest.raises(DBAPIError, match="append-only"), owner.begin() as connection:
        connection.execute(text(statement))


def test_a_laboratory_sees_its_own_trail_only(work_in):
    with work_in(1) as work:
        work.add(a_letter())
    with work_in(2) as work:
        assert trail(work) == []


def test_the_laboratory_cannot_change_whether_it_may_work(work_in):
    with pytest.raises(DBAPIError, match="denied"), work_in() as work:
        work.exec(text("UPDATE tenant SET status = 'active'"))


def test_the_laboratory_is_one_row(work_in, laboratories):
    with work_in(1) as work:
        assert [row.id for row in work.exec(select(Tenant))] == [laboratories[1]]
