"""A running web process to attack: the same program as in a laboratory, without the built site."""

import os
import socket
import subprocess
import time
import urllib.request

import pytest

from calibra_app.commands.serving import web_command, web_environment
from calibra_app.config import PROJECT
from calibra_app.core.access import Role
from calibra_app.core.ids import new_id
from calibra_app.models.person import Person, PersonRole, PersonStatus
from calibra_app.services.sign_in import hash_password, sign_in
from tests.api.conftest import (  # noqa: F401 (fixtures of the interface, used here as well)
    a_person,
    a_session,
    browser,
    interface,
    password_hash,
    slug_of,
)

TYPED = "kettle-orbit-lantern-7"
LONGEST_START_SECONDS = 240


@pytest.fixture(scope="session")
def web(database, tmp_path_factory):
    """The port of a running web process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = tmp_path_factory.mktemp("web") / "log"
    environment = web_environment() | {
        "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "false",
        "CALIBRA_PORT": str(port),
        "PYTHONPATH": os.fspath(PROJECT),
    }
    with log.open("w") as out:
        process = subprocess.Popen(
            web_command("127.0.0.1", port), env=environment, cwd=PROJECT, stdout=out, stderr=out
        )
    try:
        _wait(port, process, log)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=120)


def _wait(port, process, log):
    limit = time.monotonic() + LONGEST_START_SECONDS
    while time.monotonic() < limit:
        assert process.poll() is None, log.read_text()[-3000:]
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/health/live", timeout=5).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError(log.read_text()[-3000:])


@pytest.fixture(scope="session")
def kept_password():
    return hash_password(TYPED)


@pytest.fixture
def a_cookie(work_in, kept_password):
    """Sign a new person in; return the value of the session cookie."""

    def sign(laboratory=1, *, name="Ada Lovelace", roles=frozenset({Role.LM})):
        with work_in(laboratory) as work:
            person = Person(
                email=f"{new_id().hex}@laboratory.example",
                name=name,
                initials="AL",
                status=PersonStatus.ACTIVE,
                password_hash=kept_password,
            )
            work.add(person)
            for role in roles:
                work.add(PersonRole(person_id=person.id, role=role))
        with work_in(laboratory) as work:
            return sign_in(work, person.email, TYPED).token

    return sign


@pytest.fixture
def short_name(owner, laboratories):
    """The short name of a laboratory of this test."""

    def find(number):
        with owner.connect() as connection:
            return connection.exec_driver_sql(
                "SELECT slug FROM tenant WHERE id = %s", (laboratories[number],)
            ).scalar_one()

    return find
