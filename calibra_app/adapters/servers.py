"""PostgreSQL and Redis as child processes: how each is prepared, started, asked and stopped."""

import contextlib
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol
from urllib.parse import quote

from calibra_app.adapters.binaries import postgres_home, postgres_major, redis_program
from calibra_app.adapters.data_folder import DataFolder, is_running
from calibra_app.core.errors import Unavailable

DATABASE = "calibra"
POSTGRES_PORT = 5432
SMALLEST_HANDLE = 100
ORPHAN_PATIENCE_SECONDS = 5.0


class Server(Protocol):
    """What the keeper asks of each server."""

    name: str
    pid: int

    def start(self) -> None:
        """Start it, or adopt the one that runs."""
        ...

    def alive(self) -> bool:
        """Say whether its process lives."""
        ...

    def ready(self) -> bool:
        """Say whether it takes commands."""
        ...

    def stop(self) -> None:
        """Ask it to end cleanly; insist in the end."""
        ...


class _Process:
    """A server's process: launched in the servers' account, known by its number."""

    name = ""

    def __init__(self, folder: DataFolder, *, test: bool) -> None:
        self.folder = folder
        self.test = test
        self.pid = 0
        self.child: subprocess.Popen[bytes] | None = None

    def alive(self) -> bool:
        """Say whether the process lives, reaping it if it was ours."""
        if self.child is not None and self.child.poll() is not None:
            return False
        return self.pid > 0 and is_running(self.pid, str(self.folder.sockets))

    def launch(self, argv: list[str], data: Path) -> None:
        with self.folder.log.open("ab") as log, within_reach(self.folder, data) as (path, handles):
            self.child = subprocess.Popen(
                [word.replace("{data}", path) for word in argv],
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                umask=0o077,
                pass_fds=handles,
                user=self.folder.uid,
                group=self.folder.gid,
                extra_groups=self.folder.groups,
            )
        self.pid = self.child.pid

    def end(self, first: signal.Signals, last: signal.Signals, patience_seconds: float) -> None:
        for sign, patience in ((first, patience_seconds), (last, ORPHAN_PATIENCE_SECONDS)):
            if self.alive():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(self.pid, sign)
            limit = time.monotonic() + patience
            while self.alive() and time.monotonic() < limit:
                time.sleep(0.01)


class Postgres(_Process):
    """PostgreSQL 18 on a unix socket, with a password for everybody."""

    name = "PostgreSQL"

    @property
    def url(self) -> str:
        """The superuser's address of our database."""
        password = quote(self.folder.passwords()["postgres"])
        place = f"host={self.folder.sockets}&port={POSTGRES_PORT}"
        return f"postgresql://postgres:{password}@/{DATABASE}?{place}"

    def start(self) -> None:
        """Start the server on its data, made first if there is none; or adopt the running one."""
        home = postgres_home(self.folder.account)
        self._prepare(home)
        self.child = None
        self.pid = self._running()
        if self.pid:
            return
        options = {
            "listen_addresses": "",
            "port": POSTGRES_PORT,
            "unix_socket_directories": self.folder.sockets,
            "unix_socket_permissions": "0700",
            "max_connections": 200,
            "shared_buffers": "128MB",
            "log_timezone": "UTC",
            "timezone": "UTC",
            "idle_in_transaction_session_timeout": "60s",
            "cluster_name": "calibra",
        }
        if self.test:
            # A commit still reaches the kernel before it is confirmed: a killed server, unlike a
            # power cut, loses nothing, and the journeys kill it.
            options |= {
                "fsync": "off",
                "full_page_writes": "off",
                "wal_level": "minimal",
                "max_wal_senders": 0,
                "autovacuum": "off",
                "max_wal_size": "2GB",
            }
        program = str(home / "bin" / "postgres")
        settings = [f"--{name}={value}" for name, value in options.items()]
        self.launch([program, "-D", "{data}", *settings], self.folder.postgres)

    def ready(self) -> bool:
        """Say whether the postmaster reports itself ready; crash recovery takes its time."""
        with contextlib.suppress(OSError, IndexError, ValueError):
            lines = (self.folder.postgres / "postmaster.pid").read_text().splitlines()
            return int(lines[0]) == self.pid and lines[7].strip() == "ready"
        return False

    def stop(self) -> None:
        """End by the fast shutdown: clients are cut off, everything is written."""
        self.end(signal.SIGINT, signal.SIGQUIT, 60.0)

    def _prepare(self, home: Path) -> None:
        version = self.folder.postgres / "PG_VERSION"
        if version.exists():
            have, want = version.read_text().strip(), postgres_major(home)
            if have != want:
                raise Unavailable(
                    f"{self.folder.postgres} was made by PostgreSQL {have} and the programs are "
                    f"{want}; use the release that made it, or another --data."
                )
            return
        # Made aside, then renamed: a start killed half-way never leaves half a cluster.
        aside = self.folder.root / "postgres.new"
        shutil.rmtree(aside, ignore_errors=True)
        self.folder.make(aside)
        with self._password_file() as file, within_reach(self.folder, aside) as (path, handles):
            self._initdb(home, path, handles, file)
        if not self.test:
            os.sync()
        aside.rename(self.folder.postgres)

    def _initdb(self, home: Path, path: str, handles: tuple[int, ...], file: Path) -> None:
        answer = subprocess.run(
            [
                *(home / "bin" / "initdb", "-D", path, "-U", "postgres", f"--pwfile={file}"),
                *("--auth=scram-sha-256", "--encoding=UTF8", "--data-checksums", "--no-sync"),
                *("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
            ],
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            umask=0o077,
            pass_fds=handles,
            user=self.folder.uid,
            group=self.folder.gid,
            extra_groups=self.folder.groups,
        )
        if answer.returncode != 0:
            raise Unavailable(f"PostgreSQL could not make its data: {answer.stderr[-600:]}")
        self._make_database(home, path, handles)

    def _make_database(self, home: Path, path: str, handles: tuple[int, ...]) -> None:
        # In single-user mode, so that the first start already finds the database.
        answer = subprocess.run(
            [home / "bin" / "postgres", "--single", "-D", path, "postgres"],
            input=f"CREATE DATABASE {DATABASE};\n",
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            umask=0o077,
            pass_fds=handles,
            user=self.folder.uid,
            group=self.folder.gid,
            extra_groups=self.folder.groups,
        )
        if answer.returncode != 0:
            raise Unavailable(f"PostgreSQL could not make its database: {answer.stderr[-600:]}")

    @contextlib.contextmanager
    def _password_file(self) -> Iterator[Path]:
        file = self.folder.sockets / "password"
        file.unlink(missing_ok=True)
        file.touch(mode=0o600)
        try:
            file.write_text(self.folder.passwords()["postgres"])
            self.folder.give_to_servers(file)
            yield file
        finally:
            file.unlink(missing_ok=True)

    def _running(self) -> int:
        """Return the postmaster that outlived its keeper, or 0 once none is in the way."""
        file = self.folder.postgres / "postmaster.pid"
        try:
            pid = int(file.read_text().splitlines()[0])
        except (OSError, IndexError, ValueError):
            return 0
        if is_running(pid, str(self.folder.sockets)):
            return pid
        # A container's first process may reap late, and PostgreSQL takes a zombie for a server.
        limit = time.monotonic() + ORPHAN_PATIENCE_SECONDS
        while _is_zombie(pid) and time.monotonic() < limit:
            time.sleep(0.02)
        file.unlink(missing_ok=True)
        return 0


class Redis(_Process):
    """Valkey on a unix socket with a password; what it accepted survives a killed process."""

    name = "Redis"

    @property
    def socket(self) -> Path:
        """The path of its socket."""
        return self.folder.sockets / "redis.sock"

    @property
    def url(self) -> str:
        """Its address for redis-py."""
        return f"unix://:{quote(self.folder.passwords()['redis'])}@{self.socket}"

    def start(self) -> None:
        """Start the server; an orphan of a killed keeper goes first, two would spoil the log."""
        pid_file = self.folder.sockets / "redis.pid"
        with contextlib.suppress(OSError, ValueError):
            self.child, self.pid = None, int(pid_file.read_text())
            self.stop()
        self.folder.make(self.folder.redis)
        self.socket.unlink(missing_ok=True)
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "pidfile": str(pid_file),
            "requirepass": self.folder.passwords()["redis"],
            "dir": "{data}",
            "daemonize": "no",
            "save": '""',
            "appendonly": "yes",
            "appendfsync": "everysec",
            "maxmemory-policy": "noeviction",
            "notify-keyspace-events": "K$sgxe",
        }
        file = self.folder.sockets / "redis.conf"
        file.unlink(missing_ok=True)
        file.touch(mode=0o600)
        with within_reach(self.folder, self.folder.redis) as (path, _):
            lines = [f"{name} {value}".replace("{data}", path) for name, value in options.items()]
        file.write_text("\n".join(lines) + "\n")
        self.folder.give_to_servers(file)
        program = str(redis_program(self.folder.account))
        self.launch([program, str(file)], self.folder.redis)

    def ready(self) -> bool:
        """Say whether it answers a ping: its socket is there while the log still loads."""
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as line:
            line.settimeout(2.0)
            line.connect(str(self.socket))
            password = self.folder.passwords()["redis"]
            line.sendall(f"AUTH {password}\r\nPING\r\n".encode())
            answer = b""
            while answer.count(b"\r\n") < len(("auth", "ping")):
                part = line.recv(200)
                if not part:
                    return False
                answer += part
            return b"+PONG" in answer
        return False

    def stop(self) -> None:
        """End by SIGTERM, which writes the log to the end."""
        self.end(signal.SIGTERM, signal.SIGKILL, 30.0)


@contextlib.contextmanager
def within_reach(folder: DataFolder, data: Path) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Give the path by which a server reaches its data, and the handles that it must inherit.

    Where root started us, the data may lie under a folder that the servers' account may not enter
    (/root, a private temporary folder). An open handle leads there without opening that to others.
    """
    if folder.account is None:
        yield str(data), ()
        return
    first = os.open(data, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    handle = fcntl.fcntl(first, fcntl.F_DUPFD, SMALLEST_HANDLE)
    os.close(first)
    try:
        yield f"/proc/self/fd/{handle}", (handle,)
    finally:
        os.close(handle)


def _is_zombie(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except OSError:
        return False
