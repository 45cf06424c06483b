"""The database and Redis that a command works on: given by the environment, or embedded."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from calibra_app.adapters.embedded import Embedded
from calibra_app.config import change_settings, secret_of, settings
from calibra_app.core.clock import fix_clock
from calibra_app.persistence import bootstrap, catalogue
from calibra_app.services.sign_in.passwords import OF_TESTS, choose_effort

CONFIGURATION_ERROR = 78


def use_data_folder(data: Path | None) -> None:
    """Let this process and its children work on a data folder."""
    if data is not None:
        change_settings(CALIBRA_DATA_DIR=str(data.absolute()))
    settings().data.mkdir(mode=0o711, parents=True, exist_ok=True)
    if settings().test:
        fix_clock(settings().now)
        choose_effort(OF_TESTS)


@contextlib.contextmanager
def servers() -> Iterator[Embedded | None]:
    """Hold the embedded servers for a block, where the environment names no others.

    Servers of one's own keep the secret in the environment, because several machines share it.
    """
    given = settings()
    if given.database_url and given.redis_url:
        yield None
        return
    embedded = Embedded(given.data, test=given.test)
    found = embedded.acquire()
    change_settings(
        DATABASE_URL=given.database_url or found.superuser_url,
        REDIS_URL=given.redis_url or found.redis_url,
        CALIBRA_SECRET=given.secret.get_secret_value() or secret_of(given.data),
    )
    try:
        yield embedded
    finally:
        embedded.release()


def prepare() -> None:
    """Make roles and tables, bring them to the newest revision and check the wall between tenants.

    Raises:
        Unavailable: The wall has a gap; the sentence names it.
    """
    bootstrap.prepare_database()
    bootstrap.migrate()
    catalogue.refuse_faults()


def require_servers() -> None:
    """Refuse to serve without the addresses and the secret that all processes share."""
    given = settings()
    for name, value in (("DATABASE_URL", given.database_url), ("REDIS_URL", given.redis_url)):
        if not value:
            raise SystemExit(_configuration(f"{name} is not set; `./calibra up` sets it itself."))
    if not given.has_secret:
        raise SystemExit(
            _configuration("CALIBRA_SECRET is not set; every process needs the same one.")
        )


def _configuration(text: str) -> int:
    from calibra_app.commands.console import complain  # noqa: PLC0415

    complain(text)
    return CONFIGURATION_ERROR
