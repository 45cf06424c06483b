"""Where the embedded servers of one data folder keep their files, locks and sockets."""

import contextlib
import fcntl
import hashlib
import json
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from calibra_app.adapters.binaries import run_account
from calibra_app.core.errors import Unavailable


class DataFolder:
    """The layout of a data folder, made on first use."""

    def __init__(self, root: Path) -> None:
        """Make the folder and its private folder for sockets, if they are not there."""
        self.account = run_account()
        self.uid = self.account.uid if self.account else None
        self.gid = self.account.gid if self.account else None
        self.groups: list[int] | None = [] if self.account else None
        self.root = root.absolute()
        self.root.mkdir(parents=True, exist_ok=True)
        self.postgres = self.root / "postgres"
        self.redis = self.root / "redis"
        self.published = self.root / "services.json"
        self.leases = self.root / "leases.lock"
        self.log = self.root / "servers.log"
        self.sockets = self._make_sockets()

    @contextlib.contextmanager
    def only_one(self, name: str) -> Iterator[None]:
        """Hold a lock of this folder; it ends with the process, however that ends."""
        handle = open_lock(self.root / name)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def passwords(self) -> dict[str, str]:
        """Return the servers' passwords, made at random at the first call."""
        path = self.root / "servers.json"
        if not path.exists():
            made = {"postgres": secrets.token_urlsafe(24), "redis": secrets.token_urlsafe(24)}
            write_private(path, json.dumps(made))
        return json.loads(path.read_text())

    def give_to_servers(self, path: Path) -> None:
        """Hand a file or folder to the account that the servers run under."""
        if self.account:
            os.chown(path, self.account.uid, self.account.gid)

    def make(self, path: Path) -> None:
        """Make a folder for a server's data."""
        path.mkdir(mode=0o700, exist_ok=True)
        self.give_to_servers(path)

    def _make_sockets(self) -> Path:
        place = self.root.stat()
        tag = hashlib.sha256(f"{place.st_dev}:{place.st_ino}".encode()).hexdigest()[:12]
        # A socket's path has at most 107 bytes, and the data folder may lie deeper than that.
        path = Path("/tmp") / f"calibra-{os.geteuid()}-{tag}"  # noqa: S108 (its owner is checked)
        path.mkdir(mode=0o700, exist_ok=True)
        ours = {os.geteuid()} | ({self.account.uid} if self.account else set())
        if path.is_symlink() or path.lstat().st_uid not in ours:
            raise Unavailable(f"{path} belongs to somebody else; remove it and try again.")
        self.give_to_servers(path)
        return path


def open_lock(path: Path) -> int:
    """Open a file that serves as a lock only; processes started later do not inherit it."""
    return os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner reads; a reader sees the old text or the new one, whole."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    fresh.touch(mode=0o600)
    fresh.write_text(text)
    fresh.rename(path)


def is_running(pid: int, word: str) -> bool:
    """Say whether a process lives and has a word on its command line; a zombie does not live."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        return state != "Z" and word.encode() in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
