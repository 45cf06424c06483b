"""A database from nothing: roles, lockdown, migrations, the keys of the signed context.

`DATABASE_URL` names a server and a role that may create roles; no superuser and no BYPASSRLS is
asked for, though a superuser can also take some functions away from PUBLIC.
"""

from pathlib import Path
from typing import cast

import psycopg
import structlog
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from sqlalchemy import create_engine, text

from alembic import command
from calibra_app.config import settings
from calibra_app.core.errors import Unavailable
from calibra_app.persistence import row_security
from calibra_app.persistence.engine import context_key, engine_as, with_driver

ROOT = Path(__file__).parents[2]
# One number for the whole cluster: two processes that start at once prepare one after the other.
PREPARING = 4711

log = structlog.get_logger(__name__)


def prepare_database() -> None:
    """Make the database, its roles and their passwords; safe to repeat at each start."""
    url = settings().database_url
    database = str(conninfo_to_dict(url)["dbname"])
    create_database(url, database)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", (PREPARING,))
        _run(connection, row_security.roles_v1())
        for role in row_security.LOGIN_ROLES:
            connection.execute(
                sql.SQL("ALTER ROLE {} PASSWORD {}").format(
                    sql.Identifier(role), sql.Literal(settings().derived(f"role:{role}"))
                )
            )
        quoted = sql.Identifier(database).as_string(connection)
        _run(connection, row_security.lockdown_v1(quoted))
        if connection.info.parameter_status("is_superuser") == "on":
            _run(connection, row_security.REVOKED_FUNCTIONS_V1)
        else:
            log.warning("not a superuser: some functions stay with PUBLIC; see the catalogue lint")


def create_database(url: str, database: str) -> None:
    """Create the database that the address names, unless it is there."""
    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError as error:
        if "does not exist" not in str(error):
            raise Unavailable(f"The database does not answer: {error}") from error
    else:
        return
    with psycopg.connect(make_conninfo(url, dbname="postgres"), autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0").format(
                sql.Identifier(database)
            )
        )


def migrate(revision: str = "head") -> None:
    """Bring the database to a revision and hand it the keys of the signed context."""
    command.upgrade(alembic_config(), revision)
    install_context_key()


def install_context_key() -> None:
    """Put the pads of the context key where only the checking functions read them."""
    inner, outer = row_security.key_pads(context_key())
    with psycopg.connect(settings().database_url_as(row_security.MIGRATOR)) as connection:
        connection.execute(
            "INSERT INTO calibra_private.context_key (id, inner_pad, outer_pad) "
            "VALUES ('current', %s, %s) ON CONFLICT (id) DO UPDATE "
            "SET inner_pad = excluded.inner_pad, outer_pad = excluded.outer_pad",
            (inner, outer),
        )
        if settings().test:
            connection.execute(
                "INSERT INTO calibra_private.test_database VALUES (true) ON CONFLICT DO NOTHING"
            )


def alembic_config() -> Config:
    """Return Alembic's settings; there is no file for them."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "alembic"))
    config.attributes["url"] = with_driver(settings().database_url_as(row_security.MIGRATOR))
    return config


def is_migrated() -> bool:
    """Say whether the database stands at the newest revision."""
    newest = ScriptDirectory.from_config(alembic_config()).get_heads()
    migrator = create_engine(alembic_config().attributes["url"])
    try:
        with migrator.connect() as connection:
            return set(MigrationContext.configure(connection).get_current_heads()) == set(newest)
    finally:
        migrator.dispose()


def found_laboratory(slug: str, name: str) -> int:
    """Enter a new laboratory and return its number; the platform role alone may do this."""
    with engine_as(row_security.PLATFORM).begin() as connection:
        return connection.execute(
            text("INSERT INTO tenant (slug, name) VALUES (:slug, :name) RETURNING id"),
            {"slug": slug, "name": name},
        ).scalar_one()


def list_laboratories() -> tuple[tuple[int, str, str, str], ...]:
    """Return number, short name, name and status of every laboratory."""
    with engine_as(row_security.PLATFORM).begin() as connection:
        rows = connection.execute(text("SELECT id, slug, name, status FROM tenant ORDER BY id"))
        return tuple((row.id, row.slug, row.name, row.status) for row in rows)


def _run(connection: psycopg.Connection, statements: str) -> None:
    connection.execute(cast("sql.SQL", sql.SQL(statements)))  # pyright: ignore[reportArgumentType]
