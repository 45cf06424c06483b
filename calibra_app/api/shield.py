"""What surrounds every request: its address is checked, its answer gets safe headers and a line.

It stands in front of the interface, the site's files and the socket alike.
"""

import re
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import structlog
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders

from calibra_app.adapters import metrics
from calibra_app.adapters.hosts import site_hosts
from calibra_app.api.plain_page import sentence
from calibra_app.config import settings
from calibra_app.core.errors import CalibraError
from calibra_app.core.ids import new_id
from calibra_app.services.tenants import laboratory_at

log = structlog.get_logger(__name__)

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

MOST_BODY = 12 * 1024 * 1024
YEAR_SECONDS = 31_536_000
TOO_MANY = 429
# A machine that asks for health names itself as it likes.
ANY_HOST = ("/health/", "/metrics")
# A preview stands in a frame without an origin of its own; its letters are no secret.
FOR_FRAMES = "/fonts/"

# The site's own scripts are files; React Router starts them with a few lines in the page, and
# components set styles on their elements. Nothing is evaluated: notices and the cursor's place
# reach the page as data (`ui/notices.py`). Pages without Reflex have a stricter policy.
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; "
    "style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; worker-src 'self' blob:"
)
_ID = re.compile(r"/[0-9a-fA-F-]{16,}|/[\w-]+\.[\w-]{20,}")


class Shield:
    """Wraps the whole application; takes and answers ASGI."""

    def __init__(self, app: App) -> None:
        """Remember what is surrounded."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check the address, hand on, and complete the answer."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)  # pyright: ignore[reportArgumentType]
        path = str(scope.get("path", ""))
        request_id = str(new_id())
        state = scope.setdefault("state", {})
        state["request_id"] = request_id
        state["address"] = _address(scope, headers)
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(service="web", request_id=request_id)
        if not path.startswith(ANY_HOST) and not await _is_ours(headers.get("host", "")):
            await self._refuse(scope, receive, send, "There is nothing at this address.", 404)
            return
        if _too_long(headers):
            await self._refuse(scope, receive, send, "This is more than is taken here.", 413)
            return
        if scope["type"] == "websocket":
            await self._socket(scope, receive, send)
            return
        await self._request(scope, receive, send, path, request_id)

    async def _request(
        self, scope: Scope, receive: Receive, send: Send, path: str, request_id: str
    ) -> None:
        started = time.perf_counter()
        status = 500

        async def completed(message: MutableMapping[str, Any]) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = int(message["status"])
                headers = MutableHeaders(raw=message["headers"])
                if path.startswith(FOR_FRAMES):
                    headers["access-control-allow-origin"] = "*"
                _complete(headers, request_id)
            await send(message)

        try:
            await self.app(scope, receive, completed)
        finally:
            seconds = time.perf_counter() - started
            endpoint = _endpoint(scope, path)
            method = str(scope["method"])
            metrics.REQUESTS.labels(method, endpoint, str(status)).inc()
            metrics.REQUEST_SECONDS.labels(method, endpoint).observe(seconds)
            if status == TOO_MANY:
                metrics.RATE_LIMITED.labels(endpoint).inc()
            if not path.startswith(ANY_HOST):
                log.info(
                    "request",
                    method=method,
                    route=endpoint,
                    status=status,
                    duration_ms=round(seconds * 1000, 1),
                )

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        metrics.SOCKETS.inc()
        try:
            await self.app(scope, receive, send)
        finally:
            metrics.SOCKETS.dec()

    async def _refuse(
        self, scope: Scope, receive: Receive, send: Send, text: str, status: int
    ) -> None:
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
            return
        answer = sentence("Nothing here", text, status=status)
        _complete(answer.headers, "")
        await answer(scope, receive, send)  # pyright: ignore[reportArgumentType]


async def _is_ours(host: str) -> bool:
    try:
        return (await run_in_threadpool(laboratory_at, host, site_hosts())).known
    except CalibraError:
        # While the database is away nobody can say; the site then tells so itself.
        return True


def _too_long(headers: Headers) -> bool:
    length = headers.get("content-length", "0")
    return not length.isdecimal() or int(length) > MOST_BODY


def _address(scope: Scope, headers: Headers) -> str:
    hops = settings().trusted_proxy_hops
    told = [part.strip() for part in headers.get("x-forwarded-for", "").split(",") if part.strip()]
    if hops and len(told) >= hops:
        return told[-hops]
    client = scope.get("client")
    return str(client[0]) if client else ""


def _endpoint(scope: Scope, path: str) -> str:
    route = getattr(scope.get("route"), "path", "")
    if route:
        return str(route)
    if path.startswith("/assets/") or "." in path.rpartition("/")[2]:
        return "/assets"
    return _ID.sub("/{id}", path)[:80] if path.endswith("/") else "/page"


def _complete(headers: MutableHeaders, request_id: str) -> None:
    headers.setdefault("content-security-policy", POLICY)
    headers.setdefault("x-content-type-options", "nosniff")
    headers.setdefault("x-frame-options", "DENY")
    headers.setdefault("referrer-policy", "same-origin")
    headers.setdefault("permissions-policy", "camera=(self), microphone=(), geolocation=()")
    headers.setdefault("cross-origin-opener-policy", "same-origin")
    headers.setdefault("cross-origin-resource-policy", "same-origin")
    if request_id:
        headers.setdefault("x-request-id", request_id)
    if settings().over_tls:
        headers.setdefault("strict-transport-security", f"max-age={YEAR_SECONDS}")
