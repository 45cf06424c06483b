"""Migrations: they make what is declared, and hold nobody up while they do."""

import re
from io import StringIO
from urllib.parse import urlsplit, urlunsplit

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text

from alembic import command
from calibra_app.config import settings
from calibra_app.persistence import bootstrap, engine, freeze
from calibra_app.persistence.audit import PARTITION_PATTERN
from calibra_app.persistence.catalogue import faults
from calibra_app.persistence.declarations import metadata
from tests.persistence.migration_lint import own_complaints, squawk_complaints

SCRIPTS = bootstrap.ROOT / "alembic"


def configured(url=""):
    config = Config(output_buffer=StringIO())
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["url"] = url
    return config


REVISIONS = {
    script.revision: script for script in ScriptDirectory.from_config(configured()).walk_revisions()
}


def drift(connection):
    """Return what Alembic would change to make the database as declared."""
    options = {
        "compare_server_default": True,
        "include_name": lambda name, kind, _: (
            kind != "table" or not re.match(PARTITION_PATTERN, name or "")
        ),
    }
    return compare_metadata(MigrationContext.configure(connection, opts=options), metadata)


@pytest.fixture
def empty_database(database, monkeypatch):
    """A second database, prepared and not migrated; the settings lead to it."""
    url = urlunsplit(urlsplit(database.database_url)._replace(path="/calibra_second"))
    server = create_engine(engine.with_driver(database.database_url), isolation_level="AUTOCOMMIT")
    monkeypatch.setenv("DATABASE_URL", url)
    settings.cache_clear()
    engine.forget_engines()
    bootstrap.prepare_database()
    yield url
    monkeypatch.undo()
    settings.cache_clear()
    engine.forget_engines()
    with server.connect() as connection:
        connection.execute(text("DROP DATABASE calibra_second WITH (FORCE)"))
    server.dispose()


def test_the_migrated_database_is_as_declared(owner):
    with owner.connect() as connection:
        assert drift(connection) == []


def test_a_drift_would_be_noticed(owner):
    with owner.connect() as connection:
        connection.execute(text("ALTER TABLE dead_letter ADD extra text"))
        connection.execute(text("ALTER TABLE outbox ALTER attempts SET DEFAULT 7"))
        found = drift(connection)
        connection.rollback()
    assert len(found) == 2


def test_a_migrated_database_says_so(database):
    assert bootstrap.is_migrated()


def test_an_empty_database_says_that_it_is_not_migrated(empty_database):
    assert not bootstrap.is_migrated()


def test_preparing_and_migrating_again_changes_nothing(database, owner):
    with owner.connect() as connection:
        before = connection.execute(text("SELECT * FROM pg_policies ORDER BY 1, 2, 3")).all()
    bootstrap.prepare_database()
    bootstrap.migrate()
    with owner.connect() as connection:
        after = connection.execute(text("SELECT * FROM pg_policies ORDER BY 1, 2, 3")).all()
        assert faults(connection) == []
    assert before == after


def test_the_baseline_written_out_makes_the_same_database(empty_database, tmp_path):
    versions = tmp_path / "versions"
    versions.mkdir()
    (tmp_path / "env.py").write_text((SCRIPTS / "env.py").read_text())
    freeze.main(versions / "0001_baseline.py")
    config = bootstrap.alembic_config()
    config.set_main_option("script_location", str(tmp_path))
    command.upgrade(config, "head")
    made = create_engine(engine.with_driver(empty_database))
    with made.connect() as connection:
        assert drift(connection) == []
        assert [str(fault) for fault in faults(connection)] == []
    made.dispose()


@pytest.mark.parametrize("revision", REVISIONS)
def test_each_migration_keeps_the_rules(revision):
    script = REVISIONS[revision]
    if script.down_revision is None:
        # The first one finds nobody to hold up; its walls are the catalogue's to judge.
        assert script.module.phase == "expand"
        return
    config = configured()
    command.upgrade(config, f"{script.down_revision}:{revision}", sql=True)
    sql = config.output_buffer.getvalue()
    assert own_complaints(sql, getattr(script.module, "phase", "")) == []
    assert squawk_complaints(sql) == []


WALL = "ALTER TABLE gadget ENABLE ROW LEVEL SECURITY; ALTER TABLE gadget FORCE ROW LEVEL SECURITY;"


@pytest.mark.parametrize(
    ("phase", "sql"),
    [
        ("", "SELECT 1;"),
        ("expand", "UPDATE srf SET number = 'x';"),
        ("expand", "ALTER TABLE srf DROP COLUMN number;"),
        ("backfill", "ALTER TABLE srf RENAME COLUMN number TO nr;"),
        ("expand", "ALTER TABLE srf ADD COLUMN k uuid DEFAULT gen_random_uuid();"),
        ("expand", "CREATE TABLE gadget (tenant_id int, id uuid);"),
        ("expand", f"CREATE TABLE gadget (id uuid); {WALL}"),
        ("expand", "CREATE VIEW v AS SELECT 1;"),
        ("expand", "CREATE FUNCTION f() RETURNS int SECURITY DEFINER AS $$ SELECT 1 $$;"),
    ],
)
def test_the_houses_rules_find_what_they_are_for(phase, sql):
    assert len(own_complaints(sql, phase)) == 1


@pytest.mark.parametrize(
    ("phase", "sql"),
    [
        ("backfill", "UPDATE srf SET number = 'x';"),
        ("contract", "ALTER TABLE srf DROP COLUMN number;"),
        ("expand", f"CREATE TABLE gadget (tenant_id int, id uuid); {WALL}"),
        ("expand", "ALTER TABLE srf ADD COLUMN note text;"),
    ],
)
def test_the_houses_rules_let_pass_what_is_right(phase, sql):
    assert own_complaints(sql, phase) == []


def test_squawk_is_asked():
    (complaint,) = squawk_complaints("CREATE INDEX ix ON srf (tenant_id);")
    assert complaint.startswith("require-concurrent-index-creation")
