"""Attacks through the socket of a running site: what a browser would never send."""

import gc
import importlib
import json
import time
import urllib.error
import urllib.request
import warnings
from contextlib import suppress
from typing import ClassVar

import pytest
from reflex_base.registry import RegistrationContext
from simple_websocket import Client, ConnectionClosed
from simple_websocket import ConnectionError as Refused

from calibra_app.core.ids import new_id
from calibra_app.ui.base import AppState
from calibra_app.ui.gate import Admission, policy_of

SHELL = f"{AppState.get_full_name()}.load_shell"
STATE = "reflex___state____state"
QUIET_SECONDS = 0.4
LONGEST_WAIT_SECONDS = 10


@pytest.fixture(autouse=True)
def closed_afterwards():
    yield
    while Socket.opened:
        Socket.opened.pop().leave()
    # The client keeps what a refused handshake leaves; it goes here, and not in another's test.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


class Handshake(Client):
    """A client that says another host name than the one it connects to."""

    def handshake(self):
        self.host = dict(self.extra_headeers).get("Host")
        self.extra_headeers = [each for each in self.extra_headeers if each[0] != "Host"]
        try:
            super().handshake()
        except Exception:
            self.sock.close()
            raise


class Socket:
    """One socket, spoken to by hand."""

    opened: ClassVar[list["Socket"]] = []

    def __init__(self, port, *, cookie="", host="localhost", origin=None, token=None):
        self.token = token or str(new_id())
        address = f"{host}:{port}"
        headers = {"Host": address, "Origin": origin or f"http://{address}"}
        if cookie:
            headers["Cookie"] = f"calibra_session={cookie}"
        self.client = Handshake(
            f"ws://127.0.0.1:{port}/_event/?token={self.token}&EIO=4&transport=websocket",
            headers=headers,
        )
        Socket.opened.append(self)
        self.client.send("40/_event,")
        self.heard = ""
        self.listen()

    def listen(self, seconds=QUIET_SECONDS, until=""):
        """Return what is heard in a while; with `until`, wait longer for that."""
        limit = time.monotonic() + (LONGEST_WAIT_SECONDS if until else seconds)
        heard = []
        while (left := limit - time.monotonic()) > 0:
            if until and any(until in each for each in heard):
                break
            try:
                frame = self.client.receive(timeout=left)
            except ConnectionClosed:
                heard.append("closed")
                break
            if frame is not None:
                heard.append(str(frame))
        self.heard = "\n".join(heard)
        return self.heard

    def send(self, name, payload=None, *, until="", **more):
        """Send an event as the site's own script would; return everything that came back."""
        event = {"name": name, "payload": payload or {}, "router_data": {"pathname": "/"}, **more}
        return self.shout("42/_event," + json.dumps(["event", event]), until=until)

    def shout(self, frame, *, until=""):
        try:
            self.client.send(frame)
        except ConnectionClosed:
            return "closed"
        return self.listen(until=until)

    def leave(self):
        with suppress(ConnectionClosed):
            self.client.close()
        self.client.sock.close()


def test_the_owner_of_a_session_sees_the_own_shell(web, a_cookie):
    heard = Socket(web, cookie=a_cookie(name="Grace Hopper")).send(SHELL, until="Laboratory 1")
    assert "Grace Hopper" in heard
    assert "Laboratory 1" in heard


@pytest.mark.parametrize("cookie", ["", "1.guessed", "0.x", "x", "999999.guessed", "1.", "."])
def test_a_stranger_gets_the_sign_in_page_and_nothing_else(web, cookie):
    heard = Socket(web, cookie=cookie).send(SHELL, until="/sign-in")
    assert "/sign-in" in heard
    assert "person_name_rx_state_" not in heard or '"person_name_rx_state_":""' in heard


def test_the_secret_of_the_cookie_never_comes_back(web, a_cookie):
    cookie = a_cookie()
    socket = Socket(web, cookie=cookie)
    heard = socket.heard + socket.send(f"{STATE}.hydrate") + socket.send(SHELL)
    assert cookie.partition(".")[2] not in heard


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "null",
        "http://localhost:1",
        "http://localhost.evil.example",
        "https://evil.example:443",
        "file://",
    ],
)
def test_a_page_of_another_site_gets_no_socket(web, a_cookie, origin):
    with pytest.raises((Refused, ConnectionClosed)):
        Socket(web, cookie=a_cookie(), origin=origin)


def test_a_page_of_another_laboratory_gets_no_socket(web, a_cookie, short_name):
    with pytest.raises((Refused, ConnectionClosed)):
        Socket(
            web,
            cookie=a_cookie(),
            host=f"{short_name(1)}.localhost",
            origin=f"http://{short_name(2)}.localhost:{web}",
        )


def test_an_unknown_address_gets_no_socket(web, a_cookie):
    with pytest.raises((Refused, ConnectionClosed)):
        Socket(web, cookie=a_cookie(), host="evil.example")


def test_a_session_opens_nothing_at_another_laboratorys_address(web, a_cookie, short_name):
    socket = Socket(web, cookie=a_cookie(1, name="Grace Hopper"), host=f"{short_name(2)}.localhost")
    heard = socket.send(SHELL)
    assert "Grace Hopper" not in heard
    assert "/sign-in" in heard


def test_the_laboratory_in_a_cookie_cannot_be_changed(web, a_cookie, laboratories):
    secret = a_cookie(1, name="Grace Hopper").partition(".")[2]
    heard = Socket(web, cookie=f"{laboratories[2]}.{secret}").send(SHELL)
    assert "Grace Hopper" not in heard
    assert "/sign-in" in heard


def test_a_forged_handshake_in_the_payload_is_not_believed(web, a_cookie):
    cookie = f"calibra_session={a_cookie(name='Grace Hopper')}"
    forged = {
        "pathname": "/",
        "headers": {"cookie": cookie, "host": "localhost"},
        "cookie": cookie,
        "sid": "somebody",
        "token": "somebody",
    }
    heard = Socket(web).send(SHELL, router_data=forged, token="somebody")
    assert "Grace Hopper" not in heard


@pytest.mark.parametrize(
    ("name", "payload"),
    [
        (f"{AppState.get_full_name()}.setvar", {"var_name": "permissions", "value": ["x"]}),
        (f"{STATE}.setvar", {"var_name": "is_hydrated", "value": False}),
        (f"{AppState.get_full_name()}.reset", {}),
        (f"{AppState.get_full_name()}._owner", {}),
        (f"{AppState.get_full_name()}.get_state", {"state_cls": "x"}),
        (f"{AppState.get_full_name()}.__init__", {}),
        (
            f"{STATE}.reflex___state____update_vars_internal_state.update_vars_internal",
            {"vars": {f"{AppState.get_full_name()}.person_name": "forged"}},
        ),
        (SHELL, {"self": {"person_name": "forged"}}),
        (SHELL, {"extra": "forged"}),
        ("no.such.event", {}),
        ("", {}),
        ("x" * 10_000, {}),
    ],
)
def test_what_nobody_declared_changes_nothing(web, a_cookie, name, payload):
    socket = Socket(web, cookie=a_cookie(name="Grace Hopper"))
    heard = socket.send(name, payload)
    assert "forged" not in heard
    assert "Grace Hopper" in socket.send(SHELL, until="Grace Hopper")


@pytest.mark.parametrize(
    "frame",
    [
        "42/_event,[]",
        '42/_event,["event"]',
        '42/_event,["event",null]',
        '42/_event,["event",[1,2]]',
        '42/_event,["event","text"]',
        '42/_event,["event",{"name":{"a":1},"payload":{}}]',
        '42/_event,["event",{"name":"x","payload":"y"}]',
        "42/_event,not json",
        '42/other,["event",{}]',
        '42["event",{}]',
        "99",
    ],
)
def test_a_malformed_frame_leaves_the_site_running(web, a_cookie, frame):
    Socket(web).shout(frame)
    assert "Grace Hopper" in Socket(web, cookie=a_cookie(name="Grace Hopper")).send(
        SHELL, until="Grace Hopper"
    )


def test_a_message_beyond_measure_closes_its_socket_alone(web, a_cookie):
    loud = Socket(web)
    quiet = Socket(web, cookie=a_cookie(name="Grace Hopper"))
    loud.shout('42/_event,["event",{"name":"' + "x" * 3_000_000 + '"}]')
    assert "Grace Hopper" in quiet.send(SHELL, until="Grace Hopper")


def test_the_tab_of_somebody_who_has_left_is_empty_for_whoever_takes_its_token(web, a_cookie):
    victim = Socket(web, cookie=a_cookie(name="Grace Hopper"), token="stolen-token-1")
    assert "Grace Hopper" in victim.send(SHELL, until="Grace Hopper")
    victim.leave()
    time.sleep(0.5)
    thief = Socket(web, token="stolen-token-1")
    heard = thief.heard + thief.send(f"{STATE}.hydrate") + thief.send(SHELL)
    assert "Grace Hopper" not in heard


def test_the_tab_of_somebody_still_here_is_not_shared_either(web, a_cookie):
    victim = Socket(web, cookie=a_cookie(name="Grace Hopper"), token="stolen-token-2")
    assert "Grace Hopper" in victim.send(SHELL, until="Grace Hopper")
    thief = Socket(web, cookie=a_cookie(2, name="Mallory"), token="stolen-token-2")
    heard = thief.heard + thief.send(f"{STATE}.hydrate") + thief.send(SHELL)
    assert "Grace Hopper" not in heard
    assert "Mallory" not in victim.listen()


def test_a_flood_is_slowed_down_and_does_not_drown_others(web, a_cookie):
    flood = Socket(web, cookie=a_cookie())
    event = json.dumps(["event", {"name": SHELL, "payload": {}, "router_data": {}}])
    for _ in range(300):
        flood.client.send("42/_event," + event)
    assert "Grace Hopper" in Socket(web, cookie=a_cookie(name="Grace Hopper")).send(
        SHELL, until="Grace Hopper"
    )
    assert "too quick" in flood.listen(until="too quick")


def test_every_event_of_the_site_refuses_a_stranger():
    importlib.import_module("calibra_app.ui.site")
    for name, registered in RegistrationContext.get().event_handlers.items():
        if not registered.states or not registered.states[0].__module__.startswith("calibra_app."):
            continue
        policy = policy_of(name)
        assert policy is not None, name
        assert policy.admission is not Admission.PUBLIC, name
        assert not policy.admits(None, from_browser=True), name


def test_the_reflex_ways_around_the_gate_are_not_there(web):
    for path in ("/_upload", "/_all_routes", "/auth-codespace"):
        with pytest.raises(urllib.error.HTTPError) as refusal:
            urllib.request.urlopen(f"http://127.0.0.1:{web}{path}", data=b"x", timeout=60)
        assert refusal.value.code in {404, 405}
