"""The command line: sentences instead of tracebacks, and settings that refuse what is unsafe."""

import json
import os
import socket
import subprocess
import sys

import pytest

from benches import validation
from calibra_app.adapters.data_folder import open_lock
from calibra_app.commands.bench import run_bench
from calibra_app.config import PROJECT, change_settings, settings
from calibra_app.core.errors import Invalid


def calibra(*words, typed="", **environment):
    """Run a command as a person would and return it, with what it printed."""
    return subprocess.run(
        [sys.executable, "-m", "calibra_app.cli", *map(str, words)],
        cwd=PROJECT,
        env={**clean_environment(), **environment},
        input=typed,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def clean_environment():
    keep = ("PATH", "HOME", "LANG", "TMPDIR")
    return {name: os.getenv(name) for name in keep if os.getenv(name)} | {
        "PYTHONPATH": str(PROJECT)
    }


def test_every_command_of_the_contract_is_there():
    printed = calibra("--help").stdout
    names = "up test migrate demo tenant web worker evaluate verify-audit verify-certificate bench"
    for name in names.split():
        assert f" {name} " in printed


def test_a_port_in_use_is_refused_with_a_sentence(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        answer = calibra("up", "--port", port, "--data", tmp_path / "data")
    assert answer.returncode == 1
    assert answer.stderr.strip() == (
        f"Port {port} is in use by another program; choose another one with --port."
    )


def test_a_port_that_is_shared_is_in_use_too(tmp_path):
    """The web server shares its port with its like, so its own bind would not notice."""
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", 0))
        other.listen()
        answer = calibra("up", "--port", other.getsockname()[1], "--data", tmp_path / "data")
    assert answer.returncode == 1
    assert "in use" in answer.stderr


def test_a_second_up_on_the_same_data_says_so_and_stops(tmp_path):
    import fcntl  # noqa: PLC0415 (only this test plays the first `up`)

    (tmp_path / "address.json").write_text(json.dumps({"origin": "http://localhost:3456"}))
    lock = open_lock(tmp_path / "up.lock")
    fcntl.flock(lock, fcntl.LOCK_EX)
    answer = calibra("up", "--data", tmp_path)
    os.close(lock)
    assert answer.returncode == 1
    assert f"already runs on {tmp_path}, at http://localhost:3456" in answer.stderr


@pytest.mark.parametrize("port", ["0", "65536", "http"])
def test_what_is_no_port_is_refused(port, tmp_path):
    assert calibra("up", "--port", port, "--data", tmp_path).returncode == 2


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("CALIBRA_NOW", "2026-03-02T08:00:00Z", "refused elsewhere"),
        ("CALIBRA_SECRET", "short", "at least 32 characters"),
        ("CALIBRA_LOG_LEVEL", "loud", "DEBUG, INFO"),
        ("CALIBRA_PUBLIC_ORIGIN", "lab.example", "looks like https://"),
        ("CALIBRA_TRUSTED_PROXY_HOPS", "-1", "greater than or equal to 0"),
    ],
)
def test_a_setting_that_cannot_be_meant_is_refused_by_name(name, value, said, tmp_path):
    answer = calibra("up", "--data", tmp_path, **{name: value})
    assert answer.returncode == 78
    assert said in answer.stderr
    assert "Traceback" not in answer.stderr


@pytest.mark.parametrize("command", ["web", "worker"])
def test_a_container_without_its_servers_names_the_missing_setting(command, tmp_path):
    answer = calibra(command, CALIBRA_DATA_DIR=str(tmp_path))
    assert answer.returncode == 78
    assert answer.stderr.startswith("DATABASE_URL is not set")


@pytest.mark.parametrize("command", ["web", "worker"])
def test_a_container_without_the_shared_secret_does_not_make_one_up(command, tmp_path):
    answer = calibra(
        command,
        CALIBRA_DATA_DIR=str(tmp_path),
        DATABASE_URL="postgresql://calibra@127.0.0.1:1/calibra",
        REDIS_URL="redis://127.0.0.1:1",
    )
    assert answer.returncode == 78
    assert answer.stderr.startswith("CALIBRA_SECRET is not set")
    assert not (tmp_path / "secret").exists()


def test_settings_lists_every_variable():
    printed = calibra("settings").stdout
    for name in ("DATABASE_URL", "REDIS_URL", "CALIBRA_SECRET", "CALIBRA_SMTP_URL"):
        assert name in printed


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("{", "cannot be read as JSON"),
        ('{"form": "another/1", "cases": []}', "form: expected"),
        ('{"form": "calibra-metrology-cases/1", "cases": {}}', "expected a list"),
    ],
)
def test_what_is_no_file_of_cases_is_refused_with_a_sentence(typed, said):
    answer = calibra("evaluate", "-", typed=typed)
    assert answer.returncode == 1
    assert said in answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_case_that_cannot_be_computed_does_not_stop_the_others():
    good = {
        "id": "good",
        "kind": "budget",
        "inputs": [{"name": "x", "value": 2.0, "dist": "normal", "u": 0.1}],
        "model": "x",
        "coverage": {"method": "fixed", "k": 2},
    }
    bad = {**good, "id": "bad", "model": "__import__('os')"}
    document = {"form": "calibra-metrology-cases/1", "cases": [bad, good]}
    answer = calibra("evaluate", "-", typed=json.dumps(document))
    refused, computed = json.loads(answer.stdout)["results"]
    assert refused["id"] == "bad"
    assert refused["error"]
    assert computed["result"]["U"] == pytest.approx(0.2)


def test_the_validation_names_every_figure_and_ends_well_only_if_all_agree():
    answer = calibra("bench", "validation", "--json")
    assert answer.returncode == 0, answer.stderr
    printed = json.loads(answer.stdout)
    assert "Engine" in printed["note"]
    assert {row["verdict"] for row in printed["rows"]} == {"agrees"}
    figures = {(row["example"], row["figure"]) for row in printed["rows"]}
    assert {("X-ohm", "contributions.V"), ("X-NIST-Norris", "slope")} <= figures


def test_a_validation_with_a_figure_that_differs_says_which_example_and_fails(monkeypatch):
    rows = [
        {"example": "one", "figure": "y", "verdict": "agrees"},
        {"example": "one", "figure": "U", "verdict": "DIFFERS"},
        {"example": "two", "figure": "y", "verdict": "agrees"},
    ]
    monkeypatch.setattr(validation, "run", lambda: rows)
    with pytest.raises(Invalid, match=r"^1 of 2 worked examples do not agree: one\.$"):
        run_bench("validation", as_json=False)
    monkeypatch.setattr(validation, "run", lambda: rows[2:])
    run_bench("validation", as_json=True)


@pytest.fixture
def own_settings(monkeypatch, tmp_path):
    """Give a test settings of its own, and everybody else theirs back."""
    for name in ("DATABASE_URL", "REDIS_URL", "CALIBRA_SECRET", "CALIBRA_DATA_DIR"):
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("CALIBRA_DATA_DIR", str(tmp_path))
    settings.cache_clear()
    yield change_settings
    settings.cache_clear()


def test_each_purpose_and_each_data_folder_has_secrets_of_its_own(own_settings, tmp_path):
    here = {settings().derived(purpose) for purpose in ("role:a", "role:b", "token")}
    assert len(here) == 3
    assert settings().derived("token") in here
    own_settings(CALIBRA_DATA_DIR=str(tmp_path / "another"))
    assert settings().derived("token") not in here


def test_the_root_secret_is_kept_for_its_owner_alone(own_settings, tmp_path):
    settings().derived("token")
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600


def test_a_role_logs_in_with_its_own_password_at_the_same_server(own_settings):
    own_settings(DATABASE_URL="postgresql://boss:word@db.example:5433/lab?sslmode=require")
    url = settings().database_url_as("calibra_app")
    assert url.startswith("postgresql://calibra_app:")
    assert url.endswith("@db.example:5433/lab?sslmode=require")
    assert "boss" not in url
    assert "word" not in url.split("@")[0].replace(settings().derived("role:calibra_app"), "")


@pytest.mark.parametrize(
    ("given", "seen"),
    [
        ("redis://:pw@cache:6379", "redis://:pw@cache:6379/1"),
        ("rediss://:pw@cache:6379/0", "rediss://:pw@cache:6379/1"),
        ("unix://:pw@/run/redis.sock", "unix://:pw@/run/redis.sock?db=1"),
    ],
)
def test_the_queue_has_a_database_of_its_own_in_redis(own_settings, given, seen):
    own_settings(REDIS_URL=given)
    assert settings().redis_url_for(1) == seen
