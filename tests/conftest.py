"""Real servers for the whole run, laboratories of its own for each test, and the door into them.

Each test works in laboratories that nobody else uses and really commits: what isolates one test
from another is row security itself. `work_in(laboratory=1)` and `work_in(laboratory=2)` are two
laboratories of the same database.
"""

import warnings
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import pytest
import redis
from hypothesis import settings as drawing
from sqlalchemy import create_engine

from calibra_app.adapters.embedded import Embedded
from calibra_app.config import settings
from calibra_app.core.access import Actor, Permission
from calibra_app.core.clock import system_clock
from calibra_app.core.ids import new_id
from calibra_app.persistence import bootstrap, engine, outbox
from calibra_app.persistence.unit_of_work import unit_of_work
from calibra_app.services.sign_in.passwords import OF_TESTS, choose_effort

# How long an example takes is the machine's doing.
drawing.register_profile("calibra", deadline=None)
drawing.load_profile("calibra")

SECRET = "not secret: the tests throw their data away after the run"  # noqa: S105
DATABASE = "calibra"


@pytest.fixture(scope="session")
def servers(tmp_path_factory):
    """PostgreSQL and Redis of this process of the run: nobody else empties its queue."""
    held = Embedded(tmp_path_factory.getbasetemp() / "servers", test=True)
    with warnings.catch_warnings():
        # The keeper outlives the object that started it: that is what a keeper is for.
        warnings.simplefilter("ignore", ResourceWarning)
        services = held.acquire()
    yield services
    held.release()


@pytest.fixture(scope="session")
def database(servers, tmp_path_factory):
    """A migrated database for this process; the settings lead to it."""
    url = urlunsplit(urlsplit(servers.superuser_url)._replace(path=f"/{DATABASE}"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CALIBRA_TEST", "1")
        patch.setenv("CALIBRA_SECRET", SECRET)
        patch.setenv("CALIBRA_DATA_DIR", str(tmp_path_factory.getbasetemp() / "data"))
        patch.setenv("REDIS_URL", servers.redis_url)
        patch.setenv("DATABASE_URL", url)
        settings.cache_clear()
        choose_effort(OF_TESTS)
        outbox.redis_client.cache_clear()
        engine.forget_engines()
        bootstrap.prepare_database()
        bootstrap.migrate()
        yield settings()
    engine.forget_engines()
    settings.cache_clear()


class Laboratories(dict):
    """Laboratories of one test by a small number of its own; founded when first asked for."""

    def __missing__(self, number):
        """Found a laboratory."""
        slug = f"lab-{new_id().hex}"
        self[number] = bootstrap.found_laboratory(slug, f"Laboratory {number}")
        return self[number]


@pytest.fixture
def laboratories(database):
    """The numbers of this test's laboratories: `laboratories[1]`, `laboratories[2]`."""
    return Laboratories()


@pytest.fixture
def laboratory(laboratories):
    """The number of this test's first laboratory."""
    return laboratories[1]


@pytest.fixture
def actor_in(laboratories):
    """Make an actor: `actor_in(1, roles={Role.TE})`; without roles one that may do everything."""
    people = {}

    def make(
        laboratory=1,
        *,
        roles=None,
        permissions=None,
        person=None,
        customer=None,
        name="Ada Lovelace",
    ):
        everything = frozenset(Permission) if roles is None else frozenset()
        deeds = everything if permissions is None else frozenset(permissions)
        return Actor(
            tenant_id=laboratories[laboratory],
            person_id=person or people.setdefault((laboratory, name), new_id()),
            name=name,
            roles=frozenset(roles or ()),
            customer_id=customer,
            session_id="test-session",
            request_id="test-request",
            deeds=deeds,
        )

    return make


@pytest.fixture
def work_in(actor_in):
    """Open a unit of work: `with work_in(laboratory=2, permissions={Permission.SRF_READ}) as work`.

    Without roles and permissions the actor may do everything. `actor=` takes one made before;
    `clock=` fixes `work.now`.
    """

    @contextmanager
    def enter(laboratory=1, *, actor=None, reason="", clock=system_clock, **who):
        with unit_of_work(actor or actor_in(laboratory, **who), reason, clock) as work:
            yield work

    return enter


@pytest.fixture(scope="session")
def owner(database):
    """A superuser's engine: sees the catalogue, and what a test of the wall must plant."""
    made = create_engine(engine.with_driver(database.database_url))
    yield made
    made.dispose()


@pytest.fixture
def application(database):
    """The application's own engine, without a unit of work around it."""
    return engine.engine()


@pytest.fixture(scope="session")
def redis_url(database):
    """The address of this run's Redis."""
    return database.redis_url


@pytest.fixture
def bus(database):
    """A client of the live bus and the queue, to listen with."""
    client = redis.Redis.from_url(database.redis_url_for(1))
    yield client
    client.close()
