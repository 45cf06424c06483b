"""The launcher on machines that lack something: one sentence, before anything else has run."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from calibra_app.config import PROJECT

TOOLS = ("sh", "cat", "cut", "dirname", "readlink", "sha256sum", "sed", "uname", "grep", "flock")
OUR_PYTHON = Path(sys.executable).resolve()


class Machine:
    """A folder as the whole PATH, with a copy of the launcher and its lock files."""

    def __init__(self, folder):
        self.project = folder / "project"
        self.programs = folder / "bin"
        self.project.mkdir()
        self.programs.mkdir()
        for name in ("calibra", "requirements.txt", "requirements-dev.txt"):
            shutil.copy2(PROJECT / name, self.project / name)
        for tool in TOOLS:
            found = shutil.which(tool, path="/usr/bin:/bin")
            if found:
                (self.programs / tool).symlink_to(found)
        self.has("id", "echo 1000")

    def has(self, name, script):
        """Give the machine a program."""
        path = self.programs / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    def has_python(self, *, failing):
        """Give it a Python in which the checks for some words fail."""
        cases = "".join(f"*{word}*) exit 1 ;; " for word in failing)
        stdin = "exit 1" if "ctypes" in failing else "exit 0"
        self.has(
            "python3",
            f'[ "$1" = - ] && {{ {stdin}; }}\ncase "$2" in {cases}esac\nexec {OUR_PYTHON} "$@"',
        )

    def calibra(self, *words):
        return subprocess.run(
            [self.project / "calibra", *words],
            env={"PATH": str(self.programs)},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


def test_without_a_python_it_names_the_versions_that_do(machine):
    answer = machine.calibra("up")
    assert answer.returncode == 1
    assert answer.stderr.strip() == (
        "Calibra needs Python 3.11, 3.12 or 3.13, and none is on the PATH."
    )


def test_a_python_that_is_too_new_is_none(machine):
    machine.has("python3", "exit 1")
    assert "none is on the PATH" in machine.calibra("up").stderr


def test_without_pango_an_ordinary_user_is_told_what_to_ask_for(machine):
    machine.has_python(failing=["ctypes"])
    answer = machine.calibra("up")
    assert answer.returncode == 1
    assert answer.stderr.strip() == (
        "Calibra needs libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 from the system; an "
        "administrator installs it with: apt-get install "
        "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
    )
    assert not (machine.project / ".venv").exists()


def test_without_venv_the_package_of_this_very_python_is_named(machine):
    machine.has_python(failing=["ensurepip"])
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert f"python{version}-venv" in machine.calibra("up").stderr


def test_an_administrator_gets_it_installed_and_hears_why_if_that_fails(machine):
    machine.has_python(failing=["ctypes"])
    machine.has("id", "echo 0")
    machine.has("mktemp", f"echo {machine.project}/log")
    machine.has("tail", 'cat "$3"')
    machine.has("apt-get", 'echo "apt-get $*"; echo "E: no such package"; exit 100')
    answer = machine.calibra("up")
    assert answer.returncode == 1
    assert "Installing libpango-1.0-0" in answer.stderr
    assert "E: no such package" in answer.stderr
    assert "could not install" in answer.stderr


def is_set_up(machine):
    """Let the machine look as after `./calibra up`, with a Python that says what it is asked."""
    venv = machine.project / ".venv" / "bin"
    venv.mkdir(parents=True)
    program = venv / "python"
    program.write_text('#!/bin/sh\necho "handed over: $*"\n')
    program.chmod(0o755)
    lock = (machine.project / "requirements.txt").read_bytes()
    stamp = hashlib.sha256(f"{machine.project}\n".encode() + lock).hexdigest()
    (machine.project / ".venv" / "installed.requirements.txt").write_text(f"{stamp}\n")


@pytest.mark.parametrize("words", ["tenant list", "bench validation", "bench --list"])
def test_a_warm_start_compares_one_checksum_and_installs_nothing(machine, words):
    is_set_up(machine)
    answer = machine.calibra(*words.split())
    assert (answer.stdout.strip(), answer.stderr) == (
        f"handed over: -m calibra_app.cli {words}",
        "",
    )


@pytest.mark.parametrize("words", ["test", "test tests/metrology", "bench engine"])
def test_what_runs_beside_other_libraries_has_them_installed_first(machine, words):
    is_set_up(machine)
    answer = machine.calibra(*words.split())
    assert answer.returncode == 1
    assert "Calibra needs Python" in answer.stderr
    assert "handed over" not in answer.stdout


def test_a_changed_lock_is_noticed(machine):
    venv = machine.project / ".venv"
    (venv / "bin").mkdir(parents=True)
    (venv / "bin" / "python").symlink_to("/bin/true")
    (venv / "installed.requirements.txt").write_text("another checksum\n")
    assert "Calibra needs Python" in machine.calibra("up").stderr
