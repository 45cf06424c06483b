"""`up` as a person meets it: one command, then Ctrl-C, kills and a second start; nothing breaks."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil
import pytest

from calibra_app.config import PROJECT, child_environment

# Not how quick a start is, only when to stop waiting for it.
PATIENCE_SECONDS = 900.0


class Running:
    """An `up` in the background, with its address and what it printed."""

    def __init__(self, data, *words):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.data = data
        self.printed = data.parent / f"printed-{self.port}"
        with self.printed.open("wb") as printed:
            self.process = psutil.Popen(
                [*command("up", "--port", self.port, "--data", data), *words],
                cwd=PROJECT,
                env=environment(),
                stdout=printed,
                stderr=printed,
            )
        self.started = time.monotonic()

    def is_ready(self):
        try:
            address = f"http://127.0.0.1:{self.port}/health/ready"
            with urllib.request.urlopen(address, timeout=5) as answer:
                return json.load(answer)["status"] == "ready"
        except (urllib.error.URLError, OSError):
            return False

    def until_ready(self, within=PATIENCE_SECONDS):
        """Wait until it is ready; return how long that took since the start."""
        limit = time.monotonic() + within
        while not self.is_ready():
            assert self.process.poll() is None, self.printed.read_text()
            assert time.monotonic() < limit, self.printed.read_text()
            time.sleep(0.1)
        return time.monotonic() - self.started

    def services(self):
        """Return what the keeper published; nothing while another keeper takes over."""
        try:
            return json.loads((self.data / "services.json").read_text())
        except (FileNotFoundError, json.JSONDecodeError):
            return {}

    def children(self, word):
        """Return the direct children with a word on their command line."""
        return [child for child in self.process.children() if runs(child, word)]

    def family(self):
        """Return everything that it started, servers included."""
        return [
            process
            for process in psutil.process_iter(["cmdline"])
            if any(str(self.data) in part for part in process.info["cmdline"] or [])
            or (self.process.is_running() and process in self.process.children(recursive=True))
        ]


def runs(process, word):
    """Tell whether a process is there, with a word on its command line; it may end meanwhile."""
    try:
        return process.status() != psutil.STATUS_ZOMBIE and word in process.cmdline()
    except psutil.NoSuchProcess:
        return False


def environment():
    """Return what a user's shell would give: nothing of the tests' own settings."""
    ours = ("CALIBRA_", "DATABASE_URL", "REDIS_URL")
    shell = {name: text for name, text in child_environment().items() if not name.startswith(ours)}
    return shell | {"PYTHONPATH": str(PROJECT)}


def command(*words):
    return [sys.executable, "-m", "calibra_app.cli", *map(str, words)]


def until(question, within=120.0):
    limit = time.monotonic() + within
    while not (answer := question()):
        assert time.monotonic() < limit, "it did not come to that"
        time.sleep(0.1)
    return answer


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return tmp_path_factory.mktemp("up") / "data"


@pytest.fixture(scope="module")
def running(data):
    """One installation for this file; the tests use it in their order."""
    up = Running(data, "--web-processes", "2")
    try:
        up.until_ready()
        yield up
    finally:
        for process in (up.process, *up.family()):
            if process.is_running():
                process.kill()
        up.process.wait()


pytestmark = pytest.mark.timeout(2 * PATIENCE_SECONDS)


def test_it_prints_its_address_and_the_sample_sign_ins(running):
    until(lambda: "Ctrl-C" in running.printed.read_text())
    printed = until(running.printed.read_text)
    assert f"http://localhost:{running.port}" in printed
    assert "asha.rao@meridian.example" in printed


def test_the_site_answers_with_a_page_that_tells_nothing_to_strangers(running):
    with urllib.request.urlopen(f"http://127.0.0.1:{running.port}/sign-in/") as answer:
        page = answer.read().decode()
    assert answer.status == 200
    assert "<html" in page
    assert "meridian" not in page


def test_two_web_processes_answer_on_one_port(running):
    assert len(running.children("granian")) == 2


@pytest.mark.parametrize("word", ["granian", "calibra_app.worker"])
def test_a_killed_process_is_back_while_the_site_goes_on(running, word):
    victim = running.children(word)[0]
    wanted = len(running.children(word))
    victim.kill()
    until(lambda: len(running.children(word)) == wanted and victim not in running.children(word))
    running.until_ready()


def test_killed_servers_are_back_and_the_site_finds_them(running):
    services = running.services()
    for name in ("postgres_pid", "redis_pid", "keeper_pid"):
        os.kill(services[name], signal.SIGKILL)
        until(lambda name=name: running.services().get(name, services[name]) != services[name])
        running.until_ready()
    assert running.services()["postgres_pid"] != services["postgres_pid"]


def test_a_second_up_on_the_same_data_names_the_first(running):
    answer = subprocess.run(
        command("up", "--data", running.data, "--port", running.port + 1),
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert answer.returncode == 1
    assert f"http://localhost:{running.port}" in answer.stderr


def test_a_kill_of_up_leaves_nothing_behind(running):
    family = running.family()
    assert len(family) >= 5
    running.process.kill()
    running.process.wait()
    until(lambda: not [one for one in family if one.is_running()])


def test_after_the_kill_it_starts_on_another_port_without_doing_anything_twice(running, data):
    again = Running(data)
    assert again.port != running.port
    again.until_ready()
    until(lambda: "Ctrl-C" in again.printed.read_text())
    for once in ("Building the site", "Loading the sample", "Fetching", "Installing"):
        assert once not in again.printed.read_text()
    family = again.family()
    sockets = Path(again.services()["redis_url"].split("@")[1])
    assert sockets.exists()
    again.process.send_signal(signal.SIGINT)
    assert again.process.wait(60) == 0
    until(lambda: not [one for one in family if one.is_running()])
    assert again.printed.read_text().rstrip().endswith("Stopped.")
    until(lambda: not sockets.parent.exists())
