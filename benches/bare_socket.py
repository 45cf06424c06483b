"""The least that could carry a change to a screen: Redis to a bare WebSocket, nothing between."""

import asyncio
import contextlib
import os
from typing import Any

from redis.asyncio import Redis

CHANNEL = "bench:bare"
_listeners: set[Any] = set()
_pump: list[asyncio.Task[None]] = []


async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Hand every message of one channel to every open socket."""
    if scope["type"] != "websocket":
        return
    await receive()
    await send({"type": "websocket.accept"})
    if not _pump:
        _pump.append(asyncio.create_task(_carry()))
    _listeners.add(send)
    try:
        while (await receive())["type"] != "websocket.disconnect":
            pass
    finally:
        _listeners.discard(send)


async def _carry() -> None:
    url = os.getenv("REDIS_URL", "")
    async with Redis.from_url(url).pubsub() as subscriber:
        await subscriber.subscribe(CHANNEL)
        async for message in subscriber.listen():
            if message["type"] == "message":
                text = message["data"].decode()
                for send in tuple(_listeners):
                    with contextlib.suppress(RuntimeError):
                        await send({"type": "websocket.send", "text": text})
