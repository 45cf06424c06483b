"""How a migration runs: as the owner, each revision in a transaction, never holding users up."""

import re

from sqlalchemy import create_engine, pool, text

from alembic import context
from calibra_app.persistence.audit import PARTITION_PATTERN
from calibra_app.persistence.declarations import metadata

config = context.config


def ours(name: str | None, kind: str, _parents: object) -> bool:
    return kind != "table" or not re.match(PARTITION_PATTERN, name or "")


def run_online() -> None:
    engine = create_engine(config.attributes["url"], poolclass=pool.NullPool)
    with engine.connect() as connection:
        connection.execute(text("SET lock_timeout = '2s'"))
        connection.execute(text("SELECT pg_advisory_lock(4712)"))
        connection.commit()
        context.configure(
            connection=connection,
            target_metadata=metadata,
            transaction_per_migration=True,
            compare_server_default=True,
            include_name=ours,
        )
        with context.begin_transaction():
            context.run_migrations()


def run_offline() -> None:
    context.configure(
        dialect_name="postgresql",
        target_metadata=metadata,
        transaction_per_migration=True,
        literal_binds=True,
    )
    with context.begin_transaction():
        context.run_migrations()


run_offline() if context.is_offline_mode() else run_online()
