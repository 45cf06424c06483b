"""${message}."""

import sqlalchemy as sa

from alembic import op
from calibra_app.persistence import audit, row_security

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None
phase = "expand"  # expand, backfill or contract


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    ${downgrades if downgrades else "pass"}
