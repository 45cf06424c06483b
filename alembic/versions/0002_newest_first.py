"""An index for each list that begins with the newest: quotations, certificates, invoices."""

import sqlalchemy as sa

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None
phase = "expand"

INDEXES = {
    "ix_quotation_recent": ("quotation", "created_at DESC", "id DESC"),
    "ix_certificate_recent": ("certificate", "created_at DESC", "id DESC"),
    "ix_invoice_recent": ("invoice", "issued_on DESC", "id DESC"),
}


def upgrade() -> None:
    # Concurrently, so that nobody's work waits for it; that is not possible in a transaction.
    with op.get_context().autocommit_block():
        for name, (table, *columns) in INDEXES.items():
            # What a run that was broken off left behind is invalid.
            op.drop_index(name, table, if_exists=True, postgresql_concurrently=True)
            op.create_index(
                name,
                table,
                ["tenant_id", *map(sa.text, columns)],
                postgresql_concurrently=True,
            )


def downgrade() -> None:
    with op.get_context().autocommit_block():
        for name, (table, *_) in INDEXES.items():
            op.drop_index(name, table, if_exists=True, postgresql_concurrently=True)
