"""The trail keeps that a job was given up, and nothing of the letter it may have been."""

from alembic import op
from calibra_app.persistence import audit

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None
phase = "expand"

DROP = "DROP TRIGGER audit_insert ON dead_letter; DROP TRIGGER audit_change ON dead_letter;"


def upgrade() -> None:
    op.execute(DROP + audit.audited_v1("dead_letter", ["id"], ["payload"]))


def downgrade() -> None:
    op.execute(DROP + audit.audited_v1("dead_letter", ["id"]))
