"""The lock files: everything pinned, every file hashed, no word of where it was fetched from."""

import json
import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from calibra_app.config import PROJECT

LOCKS = ("requirements.txt", "requirements-dev.txt")
A_HOST = re.compile(r"(?:https?|file|git|ssh)[:+]|//|\b[\w-]+\.(?:org|com|net|io|dev|internal)\b")


def pins(name):
    """Return the requirement lines of a lock file with the number of their hashes."""
    found = {}
    text = (PROJECT / name).read_text().replace("\\\n", " ")
    for line in filter(None, map(str.strip, text.splitlines())):
        pin, *hashes = line.split("--hash=")
        requirement = Requirement(pin)
        found[canonicalize_name(requirement.name)] = (requirement, hashes)
    return found


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_is_pinned_to_one_version_with_hashes(name):
    for requirement, hashes in pins(name).values():
        assert [clause.operator for clause in requirement.specifier] == ["=="], requirement
        assert hashes, requirement
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}\s*", digest) for digest in hashes)


@pytest.mark.parametrize("name", LOCKS)
def test_no_lock_of_python_packages_names_a_host_or_an_index(name):
    text = (PROJECT / name).read_text()
    assert not A_HOST.search(text)
    assert "index" not in re.sub(r"\S*index\S*==", "", text)
    assert "find-links" not in text


def test_the_tests_run_on_the_versions_that_a_laboratory_gets():
    served, tested = pins("requirements.txt"), pins("requirements-dev.txt")
    differing = [
        name
        for name, (requirement, _) in served.items()
        if name not in tested or tested[name][0].specifier != requirement.specifier
    ]
    assert differing == []


def test_the_lock_holds_every_dependency_that_the_project_declares():
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    locked = pins("requirements.txt")
    for line in project["dependencies"]:
        wanted = Requirement(line)
        requirement, _ = locked[canonicalize_name(wanted.name)]
        version = next(iter(requirement.specifier)).version
        assert version in wanted.specifier, line


def test_the_front_end_has_one_lock_and_it_names_no_host():
    folder = PROJECT / "reflex.lock"
    assert (folder / "bun.lock").exists()
    assert not (folder / "package-lock.json").exists()
    for path in folder.iterdir():
        # The names of packages may look like hosts (`socket.io-client`); addresses do not.
        assert not re.search(r"https?://|git\+|ssh://", path.read_text()), path.name


def test_the_front_end_is_fixed_to_the_letter():
    text = (PROJECT / "reflex.lock" / "bun.lock").read_text()
    packages = json.loads(re.sub(r",(\s*[}\]])", r"\1", text))["packages"]
    unhashed = [
        name for name, entry in packages.items() if not str(entry[-1]).startswith("sha512-")
    ]
    assert len(packages) > 50
    assert unhashed == []
