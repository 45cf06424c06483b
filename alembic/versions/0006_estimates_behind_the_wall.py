"""Every policy keeps its condition and no longer halves what the planner expects of a table."""

from alembic import op
from calibra_app.persistence import row_security

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None
phase = "expand"


def upgrade() -> None:
    op.execute(row_security.bind_anew_v2())


def downgrade() -> None:
    op.execute(row_security.bind_anew_v1())
