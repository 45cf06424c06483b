"""The arrows between the parts: each contract of pyproject.toml, and no package unasked for."""

import ast
import importlib.metadata
import subprocess
import sys
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from calibra_app.config import PROJECT

STANDARD = sys.stdlib_module_names | {"calibra_app"}


def test_every_import_contract_is_kept():
    answer = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stdout[-4000:] + answer.stderr[-1000:]


def imported_packages():
    """Return each top-level package that our code imports, with one file that does."""
    found = {}
    for path in (PROJECT / "calibra_app").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            else:
                continue
            for name in names:
                found.setdefault(name.split(".")[0], path)
    return {name: path for name, path in found.items() if name not in STANDARD}


def test_every_imported_package_is_a_declared_dependency():
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    declared = {canonicalize_name(Requirement(line).name) for line in project["dependencies"]}
    # These come with Reflex, Jinja2 or WeasyPrint, in the version that those choose.
    declared |= {"reflex-base", "starlette", "python-socketio", "python-engineio"}
    declared |= {"markupsafe", "pydyf"}
    makers = importlib.metadata.packages_distributions()
    stray = {
        name: path.name
        for name, path in imported_packages().items()
        if not {canonicalize_name(maker) for maker in makers.get(name, ["?"])} & declared
        and name not in {"benches", "rxconfig"}
    }
    assert stray == {}


def test_no_more_than_45_packages_are_asked_for_directly():
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    assert len(project["dependencies"]) <= 45
