"""The tables of the first day, with their walls, grants and triggers."""

from alembic import op
from calibra_app.persistence import declarations

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None
phase = "expand"


def upgrade() -> None:
    op.execute(declarations.before_tables())
    declarations.metadata.create_all(op.get_bind())
    for statements in declarations.after_tables():
        op.execute(statements)


def downgrade() -> None:
    raise NotImplementedError("The baseline has nothing before it.")
