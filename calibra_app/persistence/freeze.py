"""Write the baseline migration out: `python -m calibra_app.persistence.freeze`.

While the first tables are still being declared, the baseline builds itself from the declarations.
Before the first release it becomes history: every table as an explicit operation, every wall as a
call of a versioned function.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, cast

from alembic.autogenerate import render_python_code
from alembic.migration import MigrationContext
from alembic.operations import ops
from sqlalchemy import ForeignKeyConstraint, Table, Text
from sqlmodel.sql.sqltypes import AutoString

from calibra_app.models.base import OneOf, TenantRow
from calibra_app.persistence.bootstrap import ROOT
from calibra_app.persistence.declarations import metadata, row_key
from calibra_app.persistence.row_security import PLATFORMS_OWN, declared_tables

BASELINE = ROOT / "alembic" / "versions" / "0001_baseline.py"

HEAD = '''"""The tables of the first release, with their walls, grants and triggers.

Made by `python -m calibra_app.persistence.freeze`; from then on history, never edited.
"""

import sqlalchemy as sa
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

from alembic import op
from calibra_app.persistence import audit, outbox, row_security

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None
phase = "expand"


def upgrade() -> None:
    op.execute(row_security.context_v1())
    op.execute(row_security.append_only_guard_v1())
    make_tables()
    raise_walls()


def downgrade() -> None:
    raise NotImplementedError("The baseline has nothing before it.")

'''


def render_type(kind: str, value: Any, _context: Any) -> str | Literal[False]:
    """Return how a type of ours is written in a migration: as the plain type it is stored as."""
    if kind == "type" and isinstance(value, OneOf):
        return "sa.Text()"
    if kind == "type" and isinstance(value, AutoString):
        return "sa.String()"
    if kind == "type" and isinstance(value, Text) and value.collation:
        return f"sa.Text(collation={value.collation!r})"
    return False


def operations() -> Iterator[ops.MigrateOperation]:
    """Yield what makes every declared table; what refers in a circle comes last."""
    late: list[ops.MigrateOperation] = []
    for table, _ in declared_tables():
        made = ops.CreateTableOp.from_table(table)
        circular = [each for each in made.columns if _is_late(each)]
        made.columns = [each for each in made.columns if not _is_late(each)]
        yield made
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            yield ops.CreateIndexOp.from_index(index)
        late.extend(
            ops.CreateForeignKeyOp.from_constraint(each)
            for each in cast("list[ForeignKeyConstraint]", circular)
        )
    yield from late


def _is_late(element: Any) -> bool:
    return isinstance(element, ForeignKeyConstraint) and bool(element.use_alter)


def wall_calls() -> Iterator[str]:
    """Yield the calls of versioned functions that the declarations ask for."""
    yield "audit.audit_functions_v1()"
    for table, declared in declared_tables():
        if issubclass(declared, TenantRow):
            flag = ", append_only=True" if declared.__append_only__ else ""
            flag += ", removable=True" if declared.__removable__ else ""
            yield f"row_security.tenant_policy_v2({table.name!r}{flag})"
            if declared.__audited__:
                yield f"audit.audited_v1({_audit_words(table, declared)})"
    laboratory = [
        column.name for column in metadata.tables["tenant"].c if column.name not in PLATFORMS_OWN
    ]
    yield f"row_security.laboratory_policy_v2({laboratory!r})"
    yield "audit.audited_v1('tenant', ['id'], inserts=False)"
    yield "outbox.outbox_policy_v1()"
    yield "audit.audit_store_v1()"


def _audit_words(table: Table, declared: type[TenantRow]) -> str:
    hidden = f", {sorted(declared.__redacted__)!r}" if declared.__redacted__ else ""
    return f"{table.name!r}, {row_key(table)!r}{hidden}"


def baseline() -> str:
    """Return the whole baseline migration as Python."""
    context = MigrationContext.configure(dialect_name="postgresql")
    made = render_python_code(
        ops.UpgradeOps(ops=list(operations())),
        render_item=render_type,
        migration_context=context,
    )
    sequences = [
        f"op.execute(sa.schema.CreateSequence(sa.Sequence({name!r})))"
        for name in sorted(metadata._sequences)  # noqa: SLF001 (there is no other way to list them)
    ]
    tables = "\n".join(["def make_tables() -> None:", *(f"    {line}" for line in sequences), made])
    walls = "\n".join(
        ["def raise_walls() -> None:", *(f"    op.execute({call})" for call in wall_calls())]
    )
    return f"{HEAD}\n{tables}\n\n\n{walls}\n"


def main(path: Path = BASELINE) -> None:
    """Write the baseline."""
    path.write_text(baseline())
    sys.stdout.write(f"{path} holds {len(metadata.tables)} tables; format it with ruff.\n")


if __name__ == "__main__":
    main()
