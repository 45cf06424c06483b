"""The live bus: a published patch reaches every page that watches, in this process and beyond."""

import asyncio
import contextlib
from types import SimpleNamespace

import pytest

from calibra_app.ui.live import PRESENCE, WINDOW, LiveBus


class Rooms:
    """Stands where the socket namespace is: rooms, and what was emitted into them."""

    namespace = "/_event"

    def __init__(self):
        self.rooms = {None: {}}
        self.token_to_sid = {}
        self.emitted = []

    async def enter_room(self, sid, room):
        self.rooms.setdefault(room, {})[sid] = sid

    async def leave_room(self, sid, room):
        self.rooms[room].pop(sid, None)
        if not self.rooms[room]:
            del self.rooms[room]

    async def emit(self, event, update, room):
        self.emitted.append((room, update))


class BoardState:
    """Stands for a state class; the bus only asks its name."""

    @staticmethod
    def get_full_name():
        return "board_state"


class ListState:
    """Another page."""

    @staticmethod
    def get_full_name():
        return "list_state"


def a_tab(rooms, sid):
    rooms.rooms[None][sid] = sid
    session = SimpleNamespace(client_token=f"token-{sid}", session_id=sid)
    return SimpleNamespace(router=SimpleNamespace(session=session))


def a_bus(rooms):
    manager = SimpleNamespace(rooms={rooms.namespace: rooms.rooms})
    app = SimpleNamespace(event_namespace=rooms, sio=SimpleNamespace(manager=manager))
    return LiveBus(app=app)


@pytest.fixture
def rooms():
    return Rooms()


@contextlib.asynccontextmanager
async def running(*buses):
    tasks = [asyncio.create_task(bus.run()) for bus in buses]
    await asyncio.sleep(0.2)
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for bus in buses:
            await bus.client().aclose()


async def until(condition):
    for _ in range(100):
        if condition():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it did not happen within two seconds")


def patches(rooms):
    return [update.delta["board_state"]["patch_rx_state_"] for _, update in rooms.emitted]


async def test_what_a_transaction_publishes_reaches_the_pages_of_both_processes(
    database, work_in, laboratories
):
    topic = f"t:{laboratories[1]}:board"
    one, two = Rooms(), Rooms()
    first, second = a_bus(one), a_bus(two)
    async with running(first, second):
        await first.join(a_tab(one, "a"), topic, BoardState, "patch")
        await second.join(a_tab(two, "b"), topic, BoardState, "patch")
        with work_in() as work:
            work.publish(topic, {"id": "7", "version": 2})
        await until(lambda: one.emitted and two.emitted)
    for rooms in (one, two):
        ((patch,),) = patches(rooms)
        assert (patch["id"], patch["version"]) == ("7", 2)


async def test_a_transaction_that_fails_publishes_nothing(database, work_in, laboratories):
    topic = f"t:{laboratories[1]}:board"
    rooms = Rooms()
    bus = a_bus(rooms)
    async with running(bus):
        await bus.join(a_tab(rooms, "a"), topic, BoardState, "patch")
        with contextlib.suppress(RuntimeError), work_in() as work:
            work.publish(topic, {"id": "7"})
            raise RuntimeError
        await asyncio.sleep(0.2)
    assert rooms.emitted == []


async def test_each_delivery_carries_the_latest_patches_in_order(rooms):
    bus = a_bus(rooms)
    await bus.join(a_tab(rooms, "a"), "t:1:sheet:1", BoardState, "patch")
    for number in range(WINDOW + 10):
        await bus.dispatch("t:1:sheet:1", {"cell": number})
    last = patches(rooms)[-1]
    assert [patch["cell"] for patch in last] == list(range(10, WINDOW + 10))
    assert [patch["seq"] for patch in last] == sorted(patch["seq"] for patch in last)


async def test_pages_of_another_topic_hear_nothing(rooms):
    bus = a_bus(rooms)
    await bus.join(a_tab(rooms, "a"), "t:1:board", BoardState, "patch")
    await bus.dispatch("t:2:board", {"id": "7"})
    assert rooms.emitted == []


async def test_a_tab_that_turns_to_another_record_leaves_the_one_before(rooms):
    bus = a_bus(rooms)
    tab = a_tab(rooms, "a")
    await bus.join(tab, "t:1:srf:1", BoardState, "patch")
    await bus.join(tab, "t:1:srf:2", BoardState, "patch")
    await bus.dispatch("t:1:srf:1", {"id": "1"})
    assert rooms.emitted == []
    await bus.dispatch("t:1:srf:2", {"id": "2"})
    assert len(rooms.emitted) == 1


async def test_a_page_may_ask_to_be_refreshed_a_few_times_a_second(rooms):
    bus = a_bus(rooms)
    await bus.join(a_tab(rooms, "a"), "t:1:board", ListState, refresh="load")
    for number in range(20):
        await bus.dispatch("t:1:board", {"id": number})
    await until(lambda: rooms.emitted)
    await asyncio.sleep(0.3)
    ((_, update),) = rooms.emitted
    assert [event.name for event in update.events] == ["list_state.load"]


async def test_after_a_lost_connection_every_page_reads_anew(database):
    rooms = Rooms()
    bus = a_bus(rooms)
    await bus.join(a_tab(rooms, "a"), "t:1:board", BoardState, "patch", refresh="load")
    async with running(bus):
        client = bus.client()
        for connection in await client.client_list():
            if connection["sub"] != "0" or connection["psub"] != "0":
                await client.client_kill(connection["addr"])
        await until(lambda: rooms.emitted)
    _, update = rooms.emitted[-1]
    assert [event.name for event in update.events] == ["board_state.load"]


async def test_people_on_the_same_sheet_see_each_other_until_they_leave(database, actor_in):
    rooms = Rooms()
    bus = a_bus(rooms)
    topic = "t:1:sheet:presence"
    ada, emil = a_tab(rooms, "a"), a_tab(rooms, "b")
    async with running(bus):
        await bus.join_presence(ada, topic, BoardState)
        await bus.be_present(ada, topic, actor_in(name="Ada"), initials="A", where="R1")
        await bus.be_present(emil, topic, actor_in(name="Emil"), initials="E")
        await until(lambda: len(rooms.emitted) >= 2)
        _, update = rooms.emitted[-1]
        shown = update.delta["board_state"]["presence_rx_state_"]
        assert [(one["name"], one["where"]) for one in shown] == [("Ada", "R1"), ("Emil", "")]
        await bus.leave(emil, topic)
        assert [one["name"] for one in await bus.who_is_present(topic)] == ["Ada"]
        rooms.rooms[None].pop("a")
        await bus.depart("a", topic)
        assert await bus.who_is_present(topic) == []
    assert PRESENCE in rooms.emitted[-1][0]


async def test_joining_names_what_is_to_happen(rooms):
    with pytest.raises(ValueError, match="name the var"):
        await a_bus(rooms).join(a_tab(rooms, "a"), "t:1:board", BoardState)
