"""A database on a server that somebody else manages, and one that goes away in between."""

import warnings
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from sqlalchemy import text
from sqlmodel import select

from calibra_app.adapters.embedded import Embedded
from calibra_app.config import settings
from calibra_app.core.errors import Unavailable
from calibra_app.core.ids import new_id
from calibra_app.models.journal import AuditEvent, DeadLetter
from calibra_app.persistence import bootstrap, engine
from calibra_app.persistence.catalogue import engine as catalogue_engine
from calibra_app.persistence.catalogue import faults


@pytest.fixture
def managed_server(database, tmp_path, monkeypatch):
    """Another server, on which we are no superuser: a role that may make roles and databases."""
    held = Embedded(tmp_path / "managed", test=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        url = held.acquire().superuser_url
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE ROLE operator LOGIN CREATEROLE CREATEDB PASSWORD 'operator'")
        connection.execute("CREATE DATABASE laboratory OWNER operator")
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    there = parts._replace(netloc=f"operator:operator@{host}", path="/laboratory")
    monkeypatch.setenv("DATABASE_URL", urlunsplit(there))
    settings.cache_clear()
    engine.forget_engines()
    yield
    engine.forget_engines()
    monkeypatch.undo()
    settings.cache_clear()
    held.stop()


def test_no_superuser_is_needed(managed_server, work_in):
    bootstrap.prepare_database()
    bootstrap.migrate()
    with catalogue_engine().connect() as connection:
        assert faults(connection) == []
    with work_in() as work:
        work.add(DeadLetter(job="x", subject_id=new_id(), failures=1, why="y"))
        assert len(work.exec(select(AuditEvent)).all()) == 1
    with work_in(2) as work:
        assert work.exec(select(AuditEvent)).all() == []


def test_a_server_that_is_not_there_is_told_in_a_sentence(database, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    settings.cache_clear()
    try:
        with pytest.raises(Unavailable, match="does not answer"):
            bootstrap.prepare_database()
    finally:
        monkeypatch.undo()
        settings.cache_clear()


def test_the_pool_heals_when_the_server_has_dropped_its_connections(work_in, owner):
    with work_in() as work:
        work.add(DeadLetter(job="x", subject_id=new_id(), failures=1, why="y"))
    with owner.connect() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE usename = 'calibra_app' AND datname = current_database()"
            )
        )
    with work_in() as work:
        assert len(work.exec(select(DeadLetter)).all()) == 1


def test_laboratories_are_listed(laboratories):
    number = laboratories[1]
    (found,) = [each for each in bootstrap.list_laboratories() if each[0] == number]
    assert found[2:] == ("Laboratory 1", "active")
