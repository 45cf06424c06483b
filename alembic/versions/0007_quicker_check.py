"""The check of a binding does less: it runs once for each table of a question."""

from alembic import op
from calibra_app.persistence import row_security

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None
phase = "expand"


def upgrade() -> None:
    op.execute(row_security.context_check_v2())


def downgrade() -> None:
    op.execute(row_security.context_check_v1())
