"""The HTTP interface without a browser: real requests into the real application, no site."""

from types import SimpleNamespace

import httpx
import pytest

from calibra_app.adapters import attempts
from calibra_app.api.app import create_interface
from calibra_app.api.shield import Shield
from calibra_app.core.access import Role
from calibra_app.core.ids import new_id
from calibra_app.models.person import Person, PersonRole, PersonStatus
from calibra_app.services.sign_in import hash_password, sign_in

TYPED = "kettle-orbit-lantern-7"


@pytest.fixture(scope="session")
def password_hash():
    return hash_password(TYPED)


@pytest.fixture
def a_person(work_in, password_hash):
    """Make a person who can sign in: `a_person(roles={Role.TE}, laboratory=2)`."""

    def make(*, roles=frozenset({Role.LM}), laboratory=1, status=PersonStatus.ACTIVE):
        email = f"{new_id().hex}@laboratory.example"
        with work_in(laboratory) as work:
            person = Person(
                email=email,
                name="Ada Lovelace",
                initials="AL",
                status=status,
                password_hash=password_hash,
            )
            work.add(person)
            for role in roles:
                work.add(PersonRole(person_id=person.id, role=role))
        return SimpleNamespace(id=person.id, email=email, laboratory=laboratory)

    return make


@pytest.fixture
def a_session(work_in, a_person):
    """Sign a new person in; return the value of the session cookie."""

    def open_session(person=None, **who):
        person = person or a_person(**who)
        with work_in(person.laboratory) as work:
            return sign_in(work, person.email, TYPED).token

    return open_session


@pytest.fixture
def slug_of(owner, laboratories):
    """The short name of a laboratory of this test."""

    def find(number):
        with owner.connect() as connection:
            return connection.exec_driver_sql(
                "SELECT slug FROM tenant WHERE id = %s", (laboratories[number],)
            ).scalar_one()

    return find


@pytest.fixture
def interface(database):
    """The interface as the web process has it."""
    attempts.shared_counts.cache_clear()
    attempts.own_counts.cache_clear()
    return Shield(
        create_interface(stylesheet=lambda colour, logo: f":root{{--brand:{colour};--logo:{logo}}}")
    )


@pytest.fixture
async def browser(interface, slug_of):
    """Open a browser: `browser(1)` at a laboratory's address, `browser()` at the site's own."""
    opened = []

    def make(laboratory=None, *, cookie="", host="", **headers):
        host = host or (f"{slug_of(laboratory)}.localhost" if laboratory else "localhost")
        client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=interface, raise_app_exceptions=False),
            base_url=f"http://{host}",
            headers={"origin": f"http://{host}", **headers},
            cookies={"calibra_session": cookie} if cookie else None,
        )
        opened.append(client)
        return client

    yield make
    for client in opened:
        await client.aclose()
