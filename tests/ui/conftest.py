"""The site without a browser: events go through the real processor and the real gate."""

import asyncio
from contextlib import asynccontextmanager
from types import SimpleNamespace

import pytest
import reflex as rx
from reflex.istate.manager.memory import StateManagerMemory
from reflex_base.event import Event
from reflex_base.event.processor import BaseStateEventProcessor

from calibra_app.adapters.pace import Pace
from calibra_app.core.access import Role
from calibra_app.core.ids import new_id
from calibra_app.models.person import Person, PersonRole, PersonStatus
from calibra_app.services.sign_in import hash_password, sign_in
from calibra_app.ui import gate
from calibra_app.ui.base import the_gate
from calibra_app.ui.gate import EVENTS_AT_ONCE, EVENTS_PER_SECOND

TYPED = "kettle-orbit-lantern-7"


@pytest.fixture(scope="session")
def password_hash():
    """The kept form of the password of every person in these tests; computing one takes long."""
    return hash_password(TYPED)


@pytest.fixture
def a_person(work_in, password_hash):
    """Make a person who can sign in: `a_person(roles={Role.TE}, laboratory=2)`."""

    def make(*, roles=frozenset({Role.LM}), laboratory=1, email="", status=PersonStatus.ACTIVE):
        email = email or f"{new_id().hex}@laboratory.example"
        with work_in(laboratory) as work:
            person = Person(
                email=email,
                name="Ada Lovelace",
                initials="AL",
                status=status,
                password_hash=password_hash,
            )
            work.add(person)
            for role in roles:
                work.add(PersonRole(person_id=person.id, role=role))
        return SimpleNamespace(id=person.id, email=email, laboratory=laboratory)

    return make


@pytest.fixture
def a_session(work_in, a_person):
    """Sign a new person in; return the value of the session cookie."""

    def open_session(person=None, **who):
        person = person or a_person(**who)
        with work_in(person.laboratory) as work:
            return sign_in(work, person.email, TYPED).token

    return open_session


class Tab:
    """One tab: sends events as its socket would, and keeps what comes back."""

    def __init__(self, processor, sent, headers, token):
        self.processor, self.sent, self.headers, self.token = processor, sent, headers, token

    async def send(self, handler, /, **payload):
        """Send an event; return the deltas and orders that it brought."""
        return await self.send_payload(handler, payload)

    async def send_payload(self, handler, payload):
        """Send an event with arguments that need not be names."""
        name = handler if isinstance(handler, str) else event_name(handler)
        router = {
            "headers": self.headers,
            "pathname": "/board/",
            "asPath": "/board/",
            "query": {},
            "token": self.token,
            "sid": f"socket-{self.token}",
            "ip": "127.0.0.1",
        }
        self.sent.clear()
        if not gate.is_known({"name": name}):
            return []
        future = await self.processor.enqueue(
            self.token, Event(name=name, payload=payload, router_data=router)
        )
        await asyncio.wait_for(future.wait_all(), timeout=60)
        return list(self.sent)

    async def started_by_server(self, handler, /, **payload):
        """Start an event in this tab as the server itself would."""
        self.sent.clear()
        future = await self.processor.enqueue(
            self.token, Event(name=event_name(handler), payload=payload)
        )
        await asyncio.wait_for(future.wait_all(), timeout=60)
        return list(self.sent)


def event_name(handler):
    """Return the name under which a browser calls an event."""
    return f"{handler.state.get_full_name()}.{handler.fn.__name__}"


class _Socket:
    """Stands where the socket is: remembers deltas and orders."""

    def __init__(self, sent):
        self.sent = sent

    async def emit_update(self, update, token):
        if update.delta:
            self.sent.append(("delta", update.delta))
        self.sent.extend((event.name, event.payload) for event in update.events)


@pytest.fixture(scope="session")
def application_shell(database):
    """One application for the process: Reflex knows one."""
    shell = rx.App()
    shell.add_middleware(the_gate(), index=0)
    return shell


@pytest.fixture
def site(application_shell):
    """Open the site: `async with site() as open_tab`; `open_tab(cookie=…)` is a Tab."""

    @asynccontextmanager
    async def running():
        gate.forget_actors()
        application_shell._middlewares[0].pace = Pace(EVENTS_PER_SECOND, EVENTS_AT_ONCE)  # noqa: SLF001
        sent = []
        processor = BaseStateEventProcessor(middleware=application_shell)
        async with processor.configure(
            state_manager=StateManagerMemory(), event_namespace=_Socket(sent)
        ):

            def open_tab(cookie="", host="localhost:3000", token=None):
                headers = {"host": host, "origin": f"http://{host}"}
                if cookie:
                    headers["cookie"] = f"calibra_session={cookie}"
                return Tab(processor, sent, headers, token or new_id().hex)

            yield open_tab

    return running
