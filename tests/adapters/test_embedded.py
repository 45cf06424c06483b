"""The embedded servers: they come up on any machine, survive every kill and go when nobody asks."""

import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
from redis import Redis

from calibra_app.adapters.embedded import Embedded
from calibra_app.config import PROJECT
from calibra_app.core.errors import Unavailable

PATIENCE_SECONDS = 30.0


@pytest.fixture(scope="module")
def embedded(tmp_path_factory):
    servers = Embedded(tmp_path_factory.mktemp("servers") / "data")
    servers.acquire()
    yield servers
    servers.stop()


def eventually(question):
    """Return the answer once it is given without an error."""
    limit = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return question()
        except Exception:
            if time.monotonic() > limit:
                raise
            time.sleep(0.02)


def asked(url, sql):
    with psycopg.connect(url) as connection:
        return connection.execute(sql).fetchone()[0]


def is_gone(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except FileNotFoundError:
        return True


def kill(*pids):
    """Kill processes and wait until the kernel has done it."""
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    limit = time.monotonic() + PATIENCE_SECONDS
    while not all(map(is_gone, pids)) and time.monotonic() < limit:
        time.sleep(0.01)


def test_the_first_start_brings_postgresql_18_with_our_database(embedded):
    url = embedded.acquire().superuser_url
    assert asked(url, "SHOW server_version_num").startswith("18")
    assert asked(url, "SELECT current_database()") == "calibra"
    assert asked(url, "SHOW fsync") == "on"


def test_redis_answers_as_version_7_and_never_evicts(embedded):
    with Redis.from_url(embedded.acquire().redis_url) as redis:
        assert int(redis.info("server")["redis_version"].split(".")[0]) >= 7
        assert redis.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        assert redis.config_get("appendonly") == {"appendonly": "yes"}


def test_nobody_enters_without_the_password(embedded):
    url = embedded.acquire().superuser_url
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(url, password="guessed").close()


def test_secrets_are_read_by_their_owner_alone(embedded):
    for name in ("servers.json", "services.json"):
        assert stat.S_IMODE((embedded.folder.root / name).stat().st_mode) == 0o600
    assert stat.S_IMODE(embedded.folder.sockets.stat().st_mode) == 0o700


def test_a_second_holder_gets_the_same_servers_at_once(embedded):
    first = embedded.acquire()
    second = Embedded(embedded.folder.root)
    assert second.acquire() == first
    second.release()
    assert asked(first.superuser_url, "SELECT 1") == 1


def test_a_killed_postgresql_comes_back_with_every_commit(embedded):
    services = embedded.acquire()
    with psycopg.connect(services.superuser_url, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (n int)")
        connection.execute("INSERT INTO kept SELECT generate_series(1, 5000)")
    kill(services.postgres_pid)
    count = eventually(lambda: asked(services.superuser_url, "SELECT count(*) FROM kept"))
    assert count == 5000
    assert embedded.services().postgres_pid != services.postgres_pid


def test_a_killed_redis_comes_back_with_what_it_had_written(embedded):
    services = embedded.acquire()
    with Redis.from_url(services.redis_url) as redis:
        redis.set("kept", "yes")
    time.sleep(1.2)  # its log is written out every second
    kill(services.redis_pid)

    def value():
        with Redis.from_url(services.redis_url) as redis:
            return redis.get("kept")

    assert eventually(value) == b"yes"


def test_after_a_killed_keeper_the_next_command_adopts_the_running_database(embedded):
    before = embedded.acquire()
    kill(before.keeper_pid)
    after = embedded.acquire()
    assert after.keeper_pid != before.keeper_pid
    assert after.postgres_pid == before.postgres_pid
    assert asked(after.superuser_url, "SELECT 1") == 1


def test_after_a_kill_of_everything_the_next_command_starts_anew_on_the_same_data(embedded):
    services = embedded.acquire()
    with psycopg.connect(services.superuser_url, autocommit=True) as connection:
        connection.execute("CREATE TABLE outlived AS SELECT 7 AS n")
    kill(services.keeper_pid, services.postgres_pid, services.redis_pid)
    assert asked(embedded.acquire().superuser_url, "SELECT n FROM outlived") == 7


def test_two_commands_that_start_at_once_share_one_server(tmp_path):
    program = (
        "import sys, time; from pathlib import Path\n"
        "from calibra_app.adapters.embedded import Embedded\n"
        "print(Embedded(Path(sys.argv[1]), test=True).acquire().postgres_pid, flush=True)\n"
        "time.sleep(2)\n"
    )
    commands = [
        subprocess.Popen(
            [sys.executable, "-c", program, tmp_path / "data"],
            stdout=subprocess.PIPE,
            text=True,
            cwd=PROJECT,
        )
        for _ in range(3)
    ]
    answers = {command.communicate(timeout=60)[0].strip() for command in commands}
    assert len(answers) == 1
    assert answers.pop().isdigit()
    # All of them are gone now, without having said so.
    Embedded(tmp_path / "data").stop()


def test_the_servers_go_when_their_last_holder_was_killed(tmp_path):
    program = (
        "import sys, time; from pathlib import Path\n"
        "from calibra_app.adapters.embedded import Embedded\n"
        "Embedded(Path(sys.argv[1]), test=True).acquire(); print('up', flush=True)\n"
        "time.sleep(60)\n"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", program, tmp_path / "data"], stdout=subprocess.PIPE, cwd=PROJECT
    )
    with holder:
        holder.stdout.readline()
        services = Embedded(tmp_path / "data").services()
        holder.kill()
    limit = time.monotonic() + PATIENCE_SECONDS
    while not (is_gone(services.postgres_pid) and is_gone(services.redis_pid)):
        assert time.monotonic() < limit, "the servers outlived their last holder"
        time.sleep(0.1)


def test_data_of_another_major_version_is_refused_with_a_sentence(tmp_path):
    data = tmp_path / "data" / "postgres"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("16\n")
    with pytest.raises(Unavailable, match="made by PostgreSQL 16"):
        Embedded(tmp_path / "data").acquire()


def test_a_start_killed_while_it_made_the_data_leaves_nothing_in_the_way(tmp_path):
    half = tmp_path / "data" / "postgres.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    with Embedded(tmp_path / "data", test=True) as servers:
        assert asked(servers.acquire().superuser_url, "SELECT 1") == 1
        servers.stop()


def test_a_deep_data_folder_does_not_break_the_sockets(tmp_path):
    deep = tmp_path.joinpath(*(["a-rather-long-name-of-a-folder"] * 6))
    with Embedded(deep, test=True) as servers:
        assert asked(servers.acquire().superuser_url, "SELECT 1") == 1
        servers.stop()
