"""Bring the database to the newest revision, or say whether it is there."""

from calibra_app.commands.console import complain, say
from calibra_app.commands.installation import prepare
from calibra_app.persistence import bootstrap


def migrate_database(*, check_only: bool) -> int:
    """Migrate, or only look; return the exit code."""
    if check_only:
        try:
            current = bootstrap.is_migrated()
        except Exception as error:  # noqa: BLE001 (the drivers raise kinds of their own)
            complain(f"The database has no revision that can be read: {error}")
            return 1
        say("The database is up to date." if current else "The database is behind; run migrate.")
        return 0 if current else 1
    prepare()
    say("The database is up to date.")
    return 0
