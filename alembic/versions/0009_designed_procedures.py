"""A revision of a procedure may be a design of the laboratory's own, with its sample readings."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None
phase = "expand"

COLUMNS = ("design", "sample", "writers")


def upgrade() -> None:
    for name in COLUMNS:
        op.add_column(
            "procedure_version",
            sa.Column(
                name,
                postgresql.JSONB(),
                server_default=sa.text("'{}'::jsonb"),
                nullable=False,
            ),
        )


def downgrade() -> None:
    for name in COLUMNS:
        op.drop_column("procedure_version", name)
