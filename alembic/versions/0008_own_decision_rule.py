"""A line may be decided by a rule with figures of its own, beside those of the catalogue."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None
phase = "expand"

TABLES = ("customer", "srf_line")
BEFORE = ("no_statement", "simple", "guard_band_u", "simple_or_four_outcomes", "four_outcomes")


def allow(words: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{word}'" for word in words)
    for table in TABLES:
        name = f"ck_{table}_decision_rule"
        # Widened and not lost: its successor holds from the same transaction on.
        op.execute(
            f"-- squawk-ignore ban-drop-constraint\nALTER TABLE {table} DROP CONSTRAINT {name}"
        )
        # Checked apart from the lock, so that nobody waits while the rows are read.
        op.execute(
            f"ALTER TABLE {table} ADD CONSTRAINT {name}"
            f" CHECK (decision_rule IN ({listed})) NOT VALID"
        )
        with op.get_context().autocommit_block():
            op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}")


def upgrade() -> None:
    allow((*BEFORE, "own"))


def downgrade() -> None:
    allow(BEFORE)
