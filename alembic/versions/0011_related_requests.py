"""Indexes by which a request finds those that were split off it or written anew from it."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None
phase = "expand"

COLUMNS = ("split_from", "revived_from")


def upgrade() -> None:
    # Concurrently, so that nobody's work waits for it; that is not possible in a transaction.
    with op.get_context().autocommit_block():
        for column in COLUMNS:
            name = f"ix_srf_tenant_id_{column}"
            # What a run that was broken off left behind is invalid.
            op.drop_index(name, "srf", if_exists=True, postgresql_concurrently=True)
            op.create_index(
                name,
                "srf",
                ["tenant_id", column],
                postgresql_where=f"{column} IS NOT NULL",
                postgresql_concurrently=True,
            )


def downgrade() -> None:
    with op.get_context().autocommit_block():
        for column in COLUMNS:
            op.drop_index(
                f"ix_srf_tenant_id_{column}", "srf", if_exists=True, postgresql_concurrently=True
            )
