"""`test`: every check and test, the cheapest first, on services and ports of its own."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from calibra_app.commands.chromium import find_chromium
from calibra_app.commands.console import complain, say
from calibra_app.commands.site_build import build_site
from calibra_app.config import PROJECT, child_environment
from calibra_app.core.errors import CalibraError

PROGRAMS = Path(sys.executable).parent
CHECKS = (
    ("format", (PROGRAMS / "ruff", "format", "--check", ".")),
    ("lint", (PROGRAMS / "ruff", "check", ".")),
    ("imports", (PROGRAMS / "lint-imports",)),
    ("types", (PROGRAMS / "pyright",)),
)
# Two processes, and a file stays in one of them: its site, its browser and its laboratories are
# made once. More than two would only wait for each other's servers on a small machine.
EVERYTHING = ("-n", "2", "--dist", "loadfile", "--no-loadscope-reorder")


def run_checks(arguments: list[str]) -> int:
    """Run everything, or pytest alone on what is named; return the exit code.

    Every check runs even when one before it failed: one run tells all.
    """
    failed: list[str] = []
    with tempfile.TemporaryDirectory(prefix="calibra-test-") as folder:
        environment = _environment(Path(folder))
        if not arguments:
            failed = [
                name for name, command in CHECKS if _run(name, [*map(str, command)], environment)
            ]
            failed += _build()
        pytest = [sys.executable, "-m", "pytest", *(arguments or EVERYTHING)]
        code = _run("tests", pytest, environment)
    if failed:
        complain(f"Not passed: {', '.join(failed)}")
    return code or bool(failed)


def _environment(folder: Path) -> dict[str, str]:
    """Return an environment that cannot reach the database of a running installation."""
    environment = child_environment(
        CALIBRA_TEST="1",
        CALIBRA_DATA_DIR=str(folder / "data"),
        CALIBRA_CHROMIUM=str(find_chromium()),
        PATH=f"{PROGRAMS}{os.pathsep}{os.getenv('PATH', os.defpath)}",
    )
    for name in ("DATABASE_URL", "REDIS_URL", "CALIBRA_SECRET", "CALIBRA_NOW"):
        environment.pop(name, None)
    return environment


def _build() -> list[str]:
    """Build the site once, before two processes of the tests wait for it."""
    try:
        build_site()
    except CalibraError as error:
        complain(error.message)
        return ["site"]
    return []


def _run(name: str, command: list[str], environment: dict[str, str]) -> int:
    began = time.monotonic()
    say(f"── {name}")
    code = subprocess.run(command, cwd=PROJECT, env=environment, check=False).returncode
    if name != "tests":
        say(f"   {'passed' if code == 0 else 'FAILED'} in {time.monotonic() - began:.1f} s")
    sys.stdout.flush()
    return code
