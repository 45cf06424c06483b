"""From a commit to the other screen's socket, with 2 and with 200 listeners.

Two web processes serve the listeners; the indications are entered by a third process, as another
technician's would be. Beside it, in the same run, the same message through bare Redis and a bare
WebSocket. The clock starts when the commit has returned.
"""

import contextlib
import json
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import redis
from simple_websocket import ConnectionClosed
from sqlalchemy import event
from sqlmodel import select

from benches.bare_socket import CHANNEL
from calibra_app.adapters.embedded import Embedded
from calibra_app.config import PROJECT, change_settings, child_environment, secret_of, settings
from calibra_app.core.access import Actor, Role
from calibra_app.core.ids import SheetId, new_id
from calibra_app.models.person import Person
from calibra_app.models.srf import SrfLine
from calibra_app.persistence.engine import engine
from calibra_app.persistence.unit_of_work import lobby, unit_of_work
from calibra_app.services.calibrations import Phase, Typed, enter_indication, get_sheet
from calibra_app.services.calibrations.sheets import sheet_of_line
from calibra_app.ui.pages.sheets.state import SheetState
from tests.attacks.test_socket_attacks import Handshake
from tests.journeys.conftest import PASSWORD, free_port, running_site

LISTENERS = (2, 200)
LIMIT_MS = {2: 50.0, 200: 200.0}
CHANGES = 60
PAUSE_SECONDS = 0.08
TAG, TECHNICIAN = "KA-DMM-031", "daniel.ortiz@meridian.example"


class Listener:
    """One open sheet: a socket that notes when each marked text arrives."""

    def __init__(self, address: str, headers: dict[str, str]) -> None:
        """Connect and begin to listen."""
        self.client = Handshake(address, headers=headers)
        self.heard: dict[str, float] = {}
        self.ready = threading.Event()
        threading.Thread(target=self._listen, daemon=True).start()

    def send(self, frame: str) -> None:
        """Send a frame."""
        self.client.send(frame)

    def _listen(self) -> None:
        with contextlib.suppress(ConnectionClosed):
            while True:
                frame = str(self.client.receive() or "")
                now = time.perf_counter()
                if frame == "2":
                    self.client.send("3")
                if '"found' in frame or frame == "ready":
                    self.ready.set()
                for mark in re.findall(r"10\.\d{6}", frame):
                    self.heard.setdefault(mark, now)

    def close(self) -> None:
        """Hang up."""
        with contextlib.suppress(ConnectionClosed):
            self.client.close()


def run() -> list[dict[str, str | float]]:
    """Measure both ways for each number of listeners."""
    rows: list[dict[str, str | float]] = []
    with tempfile.TemporaryDirectory(prefix="calibra-bench-") as folder:
        data = Path(folder) / "data"
        with running_site(data, week=True) as site:
            site.at(2, 10, 30)
            embedded = Embedded(data, test=True)
            found = embedded.acquire()
            change_settings(
                DATABASE_URL=found.superuser_url,
                REDIS_URL=found.redis_url,
                CALIBRA_SECRET=secret_of(data),
                CALIBRA_DATA_DIR=str(data),
            )
            for number in LISTENERS:
                ours = _measure_site(site.port, number)
                bare = _measure_bare(number)
                rows.append(
                    {
                        "listeners": number,
                        "p50 ms": round(statistics.median(ours), 1),
                        "p95 ms": round(_p95(ours), 1),
                        "bare p50 ms": round(statistics.median(bare), 1),
                        "bare p95 ms": round(_p95(bare), 1),
                        "p95 / bare": round(_p95(ours) / _p95(bare), 1),
                        "p95 / limit": round(_p95(ours) / LIMIT_MS[number], 2),
                        "heard of sent": f"{len(ours)}/{number * CHANGES}",
                    }
                )
            embedded.release()
    return rows


def _measure_site(port: int, number: int) -> list[float]:
    sheet_id, actor, cells = _open_sheet()
    cookie = _sign_in(port)
    listeners = []
    for _ in range(number):
        address = f"ws://localhost:{port}/_event/?token={new_id()}&EIO=4&transport=websocket"
        headers = {
            "Host": f"localhost:{port}",
            "Origin": f"http://localhost:{port}",
            "Cookie": cookie,
        }
        listener = Listener(address, headers)
        listener.send("40/_event,")
        load = {
            "name": f"{SheetState.get_full_name()}.load",
            "payload": {},
            "router_data": {
                "pathname": "/sheets/[sheet_id]",
                "query": {"sheet_id": str(sheet_id)},
                "asPath": f"/sheets/{sheet_id}/",
            },
        }
        time.sleep(0.02)
        listener.send("42/_event," + json.dumps(["event", load]))
        listeners.append(listener)
    for listener in listeners:
        listener.ready.wait(20)
    committed: dict[str, float] = {}
    at = [0.0]

    def note(_session: Any) -> None:
        at[0] = time.perf_counter()

    event.listen(engine(), "commit", note)
    for turn in range(CHANGES):
        key, repeat = cells[turn % len(cells)]
        mark = f"10.{number:03}{turn:03}"
        with unit_of_work(actor) as work:
            base = next(
                (
                    cell.version
                    for cell in get_sheet(work, sheet_id).cells
                    if cell.row.endswith(key) and cell.repeat == repeat
                ),
                0,
            )
        with unit_of_work(actor) as work:
            typed = Typed(key, Phase.AS_FOUND, repeat, mark, base)
            enter_indication(work, sheet_id, typed, confirmed=True, reason="Measured again")
        committed[mark] = at[0]
        time.sleep(PAUSE_SECONDS)
    time.sleep(1.0)
    event.remove(engine(), "commit", note)
    return _delays(listeners, committed)


def _measure_bare(number: int) -> list[float]:
    port = free_port()
    words = ["granian", "--interface", "asgi", "--port", str(port), "benches.bare_socket:app"]
    server = subprocess.Popen(
        [sys.executable, "-m", *words],
        cwd=PROJECT,
        env=child_environment(REDIS_URL=settings().redis_url),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        address, headers = f"ws://127.0.0.1:{port}/", {"Host": "localhost"}
        listeners = [_patiently(lambda: Listener(address, headers)) for _ in range(number)]
        time.sleep(1.0)
        client = redis.Redis.from_url(settings().redis_url)
        sent: dict[str, float] = {}
        for turn in range(CHANGES):
            mark = f"10.{number:03}{turn:03}"
            sent[mark] = time.perf_counter()
            client.publish(CHANNEL, json.dumps({"raw": mark, "pad": "x" * 600}))
            time.sleep(PAUSE_SECONDS / 2)
        time.sleep(0.5)
        return _delays(listeners, sent)
    finally:
        server.terminate()
        server.wait()


def _delays(listeners: list[Listener], sent: dict[str, float]) -> list[float]:
    delays = [
        (listener.heard[mark] - instant) * 1000
        for listener in listeners
        for mark, instant in sent.items()
        if mark in listener.heard
    ]
    for listener in listeners:
        listener.close()
    if not delays:
        raise RuntimeError("nothing was heard: the listeners did not join the sheet")
    return delays


def _open_sheet() -> tuple[SheetId, Actor, list[tuple[str, int]]]:
    with lobby() as desk:
        tenant_id = desk.tenant_by_slug("meridian") or 0
    looker = Actor(tenant_id, new_id(), "Bench", frozenset({Role.LM}))
    with unit_of_work(looker) as work:
        person = work.exec(select(Person).where(Person.email == TECHNICIAN)).one()
        lines = work.exec(select(SrfLine).where(SrfLine.assignee_id == person.id)).all()
        sheets = [sheet for line in lines if (sheet := sheet_of_line(work, line.id))]
        details = [get_sheet(work, SheetId(sheet.id)) for sheet in sheets]
    detail = next(each for each in details if each.tag == TAG)
    actor = Actor(tenant_id, person.id, person.name, frozenset({Role.TE}))
    cells = [(point.key, repeat) for point in detail.points[:4] for repeat in range(1, 4)]
    return SheetId(detail.id), actor, cells


def _sign_in(port: int) -> str:
    words = {"laboratory": "meridian", "email": TECHNICIAN, "password": PASSWORD}
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/v1/session",
        data=json.dumps(words).encode(),
        headers={
            "Content-Type": "application/json",
            "Host": f"localhost:{port}",
            "Origin": f"http://localhost:{port}",
        },
    )
    with urllib.request.urlopen(request) as answer:  # noqa: S310 (our own site)
        return str(answer.headers["Set-Cookie"]).split(";")[0]


def _patiently(make: Callable[[], Listener]) -> Listener:
    for _ in range(100):
        with contextlib.suppress(OSError):
            return make()
        time.sleep(0.1)
    return make()


def _p95(samples: list[float]) -> float:
    return statistics.quantiles(samples, n=20)[-1]
