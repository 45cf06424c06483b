"""The browser's part of the site: built once by Reflex, again only when its sources change."""

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from calibra_app.adapters.processes import die_with_parent
from calibra_app.commands.console import step
from calibra_app.config import PROJECT, child_environment
from calibra_app.core.errors import Unavailable

BUN = "1.4.5"
TOOLS = PROJECT / ".tools"
BUN_HOME = TOOLS / "bun"
WEB = PROJECT / ".web"
BUILT = WEB / "build" / "client"
GENERATED = PROJECT / "assets" / "external"
STAMP = WEB / "calibra.build"
# Node and bun bring certificates of their own; a house with its own authority has told the system.
TRUST = {"NODE_USE_SYSTEM_CA": "1"}


def build_site() -> None:
    """Build the site unless the last build was made from the same sources.

    Raises:
        Unavailable: The build failed; its last lines are in the message.
    """
    if is_built():
        # Without touching anything: an image is read-only.
        return
    TOOLS.mkdir(exist_ok=True)
    # One build at a time: two in one folder take each other's files away.
    with (TOOLS / "build.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if is_built():
            return
        find_bun()
        with step("Building the site"):
            _export()


def is_built() -> bool:
    """Say whether the built site matches its sources."""
    return BUILT.is_dir() and STAMP.exists() and STAMP.read_text() == digest_of_sources()


def digest_of_sources() -> str:
    """Return one digest of everything that the built site is made from.

    All of our Python counts, for any of it may stand on a page or in a state's first values.
    """
    digest = hashlib.sha256()
    folders = (PROJECT / "calibra_app", PROJECT / "assets")
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    single = ("rxconfig.py", "requirements.txt", "reflex.lock/bun.lock")
    kept = [PROJECT / name for name in single if (PROJECT / name).exists()]
    for path in sorted([*files, *kept]):
        # Python and Reflex write these two themselves, out of what is counted already.
        if path.suffix != ".pyc" and GENERATED not in path.parents:
            digest.update(str(path.relative_to(PROJECT)).encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def find_bun() -> None:
    """Fetch bun through npm, which knows the registry that this machine is told to use."""
    if bun_version() == BUN:
        return
    with step(f"Fetching bun {BUN}"):
        run_npm("install", f"bun@{BUN}", "--prefix", str(BUN_HOME), "--no-save")


def bun_version() -> str:
    """Return the version of the fetched bun, or nothing."""
    program = BUN_HOME / "node_modules" / ".bin" / "bun"
    if not program.exists():
        return ""
    answer = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    return answer.stdout.strip()


def run_npm(*words: str) -> str:
    """Run npm from its Python package and return what it printed.

    Raises:
        Unavailable: npm failed; its last lines are in the message.
    """
    npm = Path(sys.executable).parent / "npm"
    answer = subprocess.run(
        [npm, *words],
        capture_output=True,
        text=True,
        check=False,
        env=child_environment(
            PATH=f"{npm.parent}{os.pathsep}{os.defpath}",
            npm_config_fund="false",
            npm_config_audit="false",
            # A connection that stalls is given up and tried again; npm alone would wait minutes.
            npm_config_fetch_timeout="20000",
            npm_config_fetch_retries="5",
            npm_config_fetch_retry_mintimeout="1000",
            npm_config_update_notifier="false",
            **TRUST,
        ),
        preexec_fn=die_with_parent(),
    )
    if answer.returncode != 0:
        raise Unavailable(f"npm {words[0]} failed: {answer.stderr.strip()[-600:]}")
    return answer.stdout.strip()


def reflex_environment() -> dict[str, str]:
    """Return the environment in which Reflex neither downloads nor reports anything by itself."""
    path = f"{BUN_HOME / 'node_modules' / '.bin'}{os.pathsep}{Path(sys.executable).parent}"
    return child_environment(
        PATH=f"{path}{os.pathsep}{os.defpath}",
        PYTHONPATH=str(PROJECT),
        REFLEX_DIR=str(TOOLS / "reflex"),
        REFLEX_USE_SYSTEM_BUN="true",
        REFLEX_TELEMETRY_ENABLED="false",
        REFLEX_CHECK_LATEST_VERSION="false",
        **TRUST,
    )


def _export() -> None:
    STAMP.unlink(missing_ok=True)
    shutil.rmtree(WEB / "build", ignore_errors=True)
    # Named, because Reflex would otherwise try several registries in turn.
    registry = run_npm("config", "get", "registry").splitlines()[-1]
    answer = subprocess.run(
        [sys.executable, "-m", "reflex", "export", "--frontend-only", "--no-zip"],
        cwd=PROJECT,
        env=reflex_environment() | {"NPM_CONFIG_REGISTRY": registry, "REFLEX_ENV_MODE": "prod"},
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=die_with_parent(),
    )
    if answer.returncode != 0 or not BUILT.is_dir():
        said = (answer.stdout + answer.stderr).strip()
        (TOOLS / "build.log").write_text(said)
        raise Unavailable(f"The site could not be built; .tools/build.log ends: {said[-1500:]}")
    for sheet in BUILT.glob("*.css"):
        sheet.write_text(squeezed(sheet.read_text()))
    # Taken now: the build may have completed the lock file.
    STAMP.write_text(digest_of_sources())


def squeezed(css: str) -> str:
    """Return a stylesheet of ours without comments and idle spaces; it means the same.

    Sound for our own sheets, whose strings hold no comment, brace or run of spaces.
    """
    bare = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    bare = re.sub(r"\s+", " ", bare)
    bare = re.sub(r" ?([{};]) ?", r"\1", bare)
    # The last declaration of a rule needs no end.
    return re.sub(r"([:,]) ", r"\1", bare).replace(";}", "}").strip()
