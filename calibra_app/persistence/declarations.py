"""Every table that is declared, with all that follows from a declaration, as SQL in order."""

import importlib
import pkgutil
from collections.abc import Iterator

from sqlalchemy import MetaData, Table
from sqlmodel import SQLModel

from calibra_app import models
from calibra_app.models.base import TenantRow
from calibra_app.persistence import audit, outbox, row_security

for _found in pkgutil.iter_modules(models.__path__, f"{models.__name__}."):
    importlib.import_module(_found.name)

metadata: MetaData = SQLModel.metadata


def before_tables() -> str:
    """Return what the tables' defaults and triggers call."""
    return row_security.context_v1() + row_security.append_only_guard_v1()


def after_tables() -> Iterator[str]:
    """Yield the walls, grants and triggers of all declared tables."""
    yield audit.audit_functions_v1()
    for table, declared in row_security.declared_tables():
        if issubclass(declared, TenantRow):
            yield row_security.tenant_policy_v1(
                table.name,
                append_only=declared.__append_only__,
                removable=declared.__removable__,
            )
            if declared.__audited__:
                yield audit.audited_v1(table.name, row_key(table), declared.__redacted__)
    laboratory = metadata.tables["tenant"]
    yield row_security.laboratory_policy_v1(
        column.name for column in laboratory.c if column.name not in row_security.PLATFORMS_OWN
    )
    yield audit.audited_v1("tenant", ["id"], inserts=False)
    yield outbox.outbox_policy_v1()
    yield audit.audit_store_v1()


def row_key(table: Table) -> list[str]:
    """Return the columns that name a row within a laboratory."""
    return [column.name for column in table.primary_key if column.name != "tenant_id"]
