"""The wall between laboratories, seen through the unit of work and from the catalogue."""

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

import calibra_app
from calibra_app.core.errors import NotFound
from calibra_app.core.ids import new_id
from calibra_app.models.journal import DeadLetter
from calibra_app.persistence.declarations import metadata


def a_letter(**changes):
    return DeadLetter(**{"job": "x", "subject_id": new_id(), "failures": 1, "why": "y"} | changes)


def test_each_laboratory_lists_its_own_records(work_in):
    with work_in(laboratory=1) as work:
        work.add(a_letter(why="ours"))
    with work_in(laboratory=2) as work:
        assert work.exec(select(DeadLetter)).all() == []
    with work_in(laboratory=1) as work:
        assert [row.why for row in work.exec(select(DeadLetter))] == ["ours"]


def test_another_laboratorys_record_is_not_found(work_in):
    with work_in(laboratory=1) as work:
        letter = a_letter()
        work.add(letter)
    with pytest.raises(NotFound), work_in(laboratory=2) as work:
        work.get(DeadLetter, letter.id)


def test_a_new_record_belongs_to_the_laboratory_of_its_transaction(work_in, laboratories):
    with work_in() as work:
        letter = a_letter()
        work.add(letter)
        assert letter.tenant_id == laboratories[1]


@pytest.mark.parametrize("table", sorted(metadata.tables))
def test_every_table_stands_behind_the_wall(owner, table):
    with owner.connect() as connection:
        row = connection.execute(
            text("SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE relname = :t"),
            {"t": table},
        ).one()
    assert tuple(row) == (True, True)


def test_outside_a_unit_of_work_nothing_is_seen(application, work_in):
    with work_in() as work:
        work.add(a_letter())
    with application.connect() as connection:
        assert connection.execute(text("SELECT * FROM dead_letter")).all() == []


def test_outside_a_unit_of_work_nothing_can_be_written(application, laboratory):
    with pytest.raises(DBAPIError, match="row-level security"), application.begin() as connection:
        connection.execute(
            text("INSERT INTO counter (tenant_id, kind, year, last) VALUES (:t, 'SRF', 2026, 1)"),
            {"t": laboratory},
        )


def test_the_planner_expects_what_a_laboratory_has_and_not_half_of_it(work_in, owner):
    with work_in() as work:
        work.add_all([a_letter() for _ in range(800)])
    with owner.begin() as connection:
        connection.execute(text("ANALYZE dead_letter"))
    with work_in() as work:
        asked = text("EXPLAIN (FORMAT JSON) SELECT * FROM dead_letter")
        expected = work.exec(asked).scalar_one()[0]["Plan"]["Plan Rows"]
    assert expected > 700


@pytest.mark.parametrize("opener", ["create_engine(", "psycopg.connect(", "create_async_engine("])
def test_connections_are_opened_in_few_places_only(opener):
    code = Path(calibra_app.__path__[0])
    found = {
        path.relative_to(code).as_posix()
        for path in code.rglob("*.py")
        if opener in path.read_text()
    }
    # The servers' keeper asks only whether its own server answers; a sample that was cut off is
    # dropped with its whole database.
    allowed = {
        "persistence/engine.py",
        "persistence/bootstrap.py",
        "adapters/servers.py",
        "commands/sample.py",
    }
    assert found <= allowed


def test_nothing_is_deleted_but_done_jobs_and_search_words(owner):
    with owner.connect() as connection:
        removable = connection.execute(
            text(
                "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
                " AND relkind IN ('r', 'p') AND has_table_privilege('calibra_app', oid, 'DELETE')"
            )
        ).scalars()
        assert set(removable) == {"outbox", "search_token"}
