"""A request that was split off another one names it: its offer covers both."""

import sqlalchemy as sa

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None
phase = "expand"


def upgrade() -> None:
    op.add_column("srf", sa.Column("split_from", sa.Uuid(), nullable=True))


def downgrade() -> None:
    op.drop_column("srf", "split_from")
