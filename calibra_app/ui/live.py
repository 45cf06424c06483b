"""The live bus: what one person changes appears on every open page that watches it.

A transaction publishes small patches on a topic after its commit (`work.publish`). Each web
process has one Redis subscriber and hands a patch to the socket room of its topic, without
touching any state: 0.1 ms of work for each open page. A page does this:

    @action(Permission.SRF_SEE, reading=True)
    async def load(self):
        await LIVE.join(self, f"t:{actor.tenant_id}:board", BoardState, "patch", refresh="load")
        self.cards = ...                      # join first, then read: nothing falls in between

Rules that keep two screens equal, each found by a failing measurement:

- Join the room before the query. A patch may overtake the answer, so the client merges by row
  version and never goes back.
- The var named (`patch: list[dict[str, Any]] = []`) belongs to the bus: no handler assigns it, and
  only a client component reads it. It holds the latest 64 patches, oldest first, each with a
  growing `seq`: browsers join several updates into one rendering, and single patches would get
  lost.
- Where re-reading is easier than merging (dashboards, lists), join with an empty var: the browser
  then calls `refresh`, at most four times a second.
- After a lost connection to Redis every open page calls its `refresh`, so name one.
"""

import asyncio
import time
from collections import OrderedDict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
import reflex as rx
import structlog
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from reflex.state import StateUpdate
from reflex_base.constants.state import FIELD_MARKER
from reflex_base.event import Event

from calibra_app.adapters import metrics
from calibra_app.config import JOBS_REDIS, settings
from calibra_app.core.access import Actor

log = structlog.get_logger(__name__)

# What `persistence/outbox.py` publishes: the channel is the topic, the message the patch.
CHANNELS = "t:*"
PRESENCE_KEY = "cal:present:"
PRESENCE = "/presence"
WINDOW = 64
MOST_TOPICS = 2_000
REFRESH_SECONDS = 0.25
PRESENCE_SECONDS = 20
TOUCH_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Watch:
    """What one kind of page does with the patches of a topic."""

    state: str
    var: str
    refresh: str
    whole: bool = False

    def room(self, topic: str) -> str:
        """Return the name of the socket room for a topic."""
        return f"{topic}|{self.state}|{self.var or self.refresh}"

    def place(self) -> str:
        """Return what marks rooms of this kind, whatever their topic."""
        return f"|{self.state}|{self.var or self.refresh}"


@dataclass
class LiveBus:
    """Rooms and patches of one web process."""

    app: rx.App | None = None
    _watches: dict[str, set[Watch]] = field(default_factory=dict)
    _windows: OrderedDict[str, deque[Mapping[str, Any]]] = field(default_factory=OrderedDict)
    _latest: int = 0
    _subscribed: bool = False
    _refreshing: set[str] = field(default_factory=set)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _present: dict[tuple[str, str], bytes] = field(default_factory=dict)
    _redis: Redis | None = None

    async def join(
        self,
        state: rx.State,
        topic: str,
        cls: type[rx.State],
        var: str = "",
        *,
        refresh: str = "",
        whole: bool = False,
    ) -> None:
        """Let this tab receive the patches of a topic, and no longer those of the one before.

        Args:
            state: The state in whose event this is called.
            topic: Built on the server from the actor's laboratory, never from the browser.
            cls: The state class that owns the var.
            var: The var that receives the window of patches; empty: only `refresh` is called.
            refresh: The event of `cls`, without arguments, that reads everything anew.
            whole: Each patch replaces the one before: the var receives it alone, not a window.
        """
        if not var and not refresh:
            raise ValueError("name the var that receives the patches, or the event to call")
        watch = Watch(cls.get_full_name(), var, refresh, whole)
        sid = self._sid(state)
        await self._leave_rooms(sid, watch.place())
        self._watches.setdefault(topic, set()).add(watch)
        await self._namespace().enter_room(sid, watch.room(topic))

    async def leave(self, state: rx.State, topic: str) -> None:
        """Stop the patches of a topic for this tab, and take its presence away."""
        sid = self._sid(state)
        for room in self._rooms_of(sid):
            if room.startswith((f"{topic}|", f"{topic}{PRESENCE}|")):
                await self._namespace().leave_room(sid, room)
        if (sid, topic) in self._present:
            await self.depart(sid, topic)

    async def publish(self, topic: str, patch: Mapping[str, Any]) -> None:
        """Publish what no transaction publishes, for example progress; services use `work`."""
        await self.client().publish(topic, orjson.dumps(patch, default=str))

    async def be_present(
        self, state: rx.State, topic: str, actor: Actor, *, initials: str = "", where: str = ""
    ) -> None:
        """Show the person on every page of the topic; call it again to say where they are."""
        sid = self._sid(state)
        entry = orjson.dumps(
            {
                "person": str(actor.person_id),
                "name": actor.name,
                "initials": initials,
                "where": where,
            }
        )
        self._present[sid, topic] = entry
        try:
            await self._touch(sid, topic, entry)
            await self._announce(topic)
        except (RedisError, OSError):
            # Who is there is told again with the next touch; the deed beside it goes on.
            log.warning("presence not told", topic=topic)

    async def who_is_present(self, topic: str) -> list[dict[str, str]]:
        """Return who has the topic open, in any process: person, name, initials, where."""
        redis: Any = self.client()
        entries: dict[bytes, bytes] = await redis.hgetall(PRESENCE_KEY + topic)
        now = time.time()
        found: dict[str, dict[str, str]] = {}
        for tab, entry in entries.items():
            known = orjson.loads(entry)
            if known.pop("until") < now:
                await redis.hdel(PRESENCE_KEY + topic, tab)
            else:
                found[f"{known['person']}{known['where']}"] = known
        return sorted(found.values(), key=lambda one: (one["name"], one["where"]))

    async def join_presence(
        self, state: rx.State, topic: str, cls: type[rx.State], var: str = "presence"
    ) -> None:
        """Keep a var of this tab equal to `who_is_present`; the var belongs to the bus."""
        await self.join(state, topic + PRESENCE, cls, var, whole=True)

    async def run(self) -> None:
        """Hand on what is published until the process ends; one task in each process."""
        touching = asyncio.create_task(self._keep_touching())
        told = False
        try:
            while True:
                try:
                    async with self.client().pubsub() as subscriber:
                        await subscriber.psubscribe(CHANNELS)
                        async for message in subscriber.listen():
                            await self._receive(message)
                            told = False
                except (RedisError, OSError):
                    if not told:
                        log.warning("live bus lost its connection", exc_info=True)
                    told = True
                    await asyncio.sleep(0.5)
        finally:
            touching.cancel()

    async def _receive(self, message: Mapping[str, Any]) -> None:
        if message["type"] == "psubscribe":
            # The client renews a broken subscription by itself. What was published in between
            # nobody has heard.
            if self._subscribed:
                metrics.BUS_LOST.inc()
                await self._refresh_everything()
            self._subscribed = True
        if message["type"] != "pmessage":
            return
        try:
            await self.dispatch(message["channel"].decode(), orjson.loads(message["data"]))
        except (KeyError, TypeError, ValueError):
            log.exception("patch not understood", channel=str(message.get("channel"))[:200])

    async def dispatch(self, topic: str, patch: Mapping[str, Any] | list[Any]) -> None:
        """Hand one patch to the pages of this process that watch the topic."""
        window = self._windows.setdefault(topic, deque(maxlen=WINDOW))
        self._windows.move_to_end(topic)
        while len(self._windows) > MOST_TOPICS:
            self._windows.popitem(last=False)
        if isinstance(patch, Mapping):
            self._latest += 1
            window.append({**patch, "seq": self._latest})
        for watch in tuple(self._watches.get(topic, ())):
            room = watch.room(topic)
            if not self._anybody_in(room):
                self._watches[topic].discard(watch)
                continue
            if watch.var:
                value = patch if watch.whole else list(window)
                delta = {watch.state: {watch.var + FIELD_MARKER: value}}
                await self._namespace().emit("event", StateUpdate(delta=delta), room=room)
            else:
                self._refresh_soon(watch, room)
            metrics.PATCHES.inc()
        if not self._watches.get(topic, True):
            del self._watches[topic]

    def _refresh_soon(self, watch: Watch, room: str) -> None:
        if room in self._refreshing:
            return
        self._refreshing.add(room)

        async def later() -> None:
            await asyncio.sleep(REFRESH_SECONDS)
            self._refreshing.discard(room)
            await self._call(watch, room)

        task = asyncio.create_task(later())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _call(self, watch: Watch, room: str) -> None:
        event = Event(name=f"{watch.state}.{watch.refresh}", payload={})
        await self._namespace().emit("event", StateUpdate(events=[event]), room=room)

    async def _refresh_everything(self) -> None:
        self._windows.clear()
        for topic, watches in tuple(self._watches.items()):
            for watch in watches:
                if watch.refresh:
                    await self._call(watch, watch.room(topic))

    async def _keep_touching(self) -> None:
        while True:
            await asyncio.sleep(TOUCH_SECONDS)
            for (sid, topic), entry in tuple(self._present.items()):
                try:
                    if self._connected(sid):
                        await self._touch(sid, topic, entry)
                    else:
                        await self.depart(sid, topic)
                except (RedisError, OSError):
                    log.warning("presence not kept", topic=topic)

    async def _touch(self, sid: str, topic: str, entry: bytes) -> None:
        until = {**orjson.loads(entry), "until": time.time() + PRESENCE_SECONDS}
        async with self.client().pipeline() as pipe:
            pipe.hset(PRESENCE_KEY + topic, sid, orjson.dumps(until).decode())
            pipe.expire(PRESENCE_KEY + topic, PRESENCE_SECONDS * 10)
            await pipe.execute()

    async def depart(self, sid: str, topic: str) -> None:
        """Take a socket's person off the pages of a topic."""
        self._present.pop((sid, topic), None)
        redis: Any = self.client()
        await redis.hdel(PRESENCE_KEY + topic, sid)
        await self._announce(topic)

    async def _announce(self, topic: str) -> None:
        present = await self.who_is_present(topic)
        await self.client().publish(topic + PRESENCE, orjson.dumps(present))

    def client(self) -> Redis:
        """Return this process's connections to Redis."""
        if self._redis is None:
            url = settings().redis_url_for(JOBS_REDIS)
            self._redis = Redis.from_url(
                url, max_connections=50, health_check_interval=10, retry=Retry(NoBackoff(), 1)
            )
        return self._redis

    def _namespace(self) -> Any:
        if self.app is None or self.app.event_namespace is None:
            raise RuntimeError("the live bus has not been given its application")
        return self.app.event_namespace

    def _rooms(self) -> Mapping[str | None, Any]:
        namespace = self._namespace()
        sio = self.app.sio if self.app else None
        return sio.manager.rooms.get(namespace.namespace, {}) if sio else {}

    def _anybody_in(self, room: str) -> bool:
        return bool(self._rooms().get(room))

    def _connected(self, sid: str) -> bool:
        return sid in (self._rooms().get(None) or {})

    def _rooms_of(self, sid: str) -> list[str]:
        return [room for room, members in self._rooms().items() if room and sid in members]

    async def _leave_rooms(self, sid: str, place: str) -> None:
        for room in self._rooms_of(sid):
            if room.endswith(place):
                await self._namespace().leave_room(sid, room)

    def _sid(self, state: rx.State) -> str:
        session = state.router.session
        return self._namespace().token_to_sid.get(session.client_token) or session.session_id


LIVE = LiveBus()
