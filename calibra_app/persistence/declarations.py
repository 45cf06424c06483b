"""Every table that is declared."""

import importlib
import pkgutil

from sqlalchemy import MetaData, Table
from sqlmodel import SQLModel

from calibra_app import models

for _found in pkgutil.iter_modules(models.__path__, f"{models.__name__}."):
    importlib.import_module(_found.name)

metadata: MetaData = SQLModel.metadata


def row_key(table: Table) -> list[str]:
    """Return the columns that name a row within a laboratory."""
    return [column.name for column in table.primary_key if column.name != "tenant_id"]
