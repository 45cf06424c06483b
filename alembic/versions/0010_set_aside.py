"""A job that was given up may be set aside for good, and leaves the list of failed work."""

import sqlalchemy as sa

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None
phase = "expand"


def upgrade() -> None:
    op.add_column("dead_letter", sa.Column("set_aside_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    op.drop_column("dead_letter", "set_aside_at")
