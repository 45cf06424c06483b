"""Whether this process lives, whether it can serve, and its figures for Prometheus."""

import hmac
import shutil
import time
from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from redis import Redis
from redis.exceptions import RedisError

from calibra_app.adapters import metrics, storage
from calibra_app.adapters.hosts import LOOPBACK
from calibra_app.api.dependencies import database_answers
from calibra_app.config import JOBS_REDIS, settings
from calibra_app.core.errors import CalibraError, NotFound

router = APIRouter()

LEAST_DISK = 0.05
WAIT_SECONDS = 1.0


@router.get("/health/live")
async def get_live() -> dict[str, str]:
    """Answer as long as the process and its event loop do; no dependency is asked."""
    return {"status": "ok", "process": "web"}


@router.get("/health/ready")
def get_ready() -> JSONResponse:
    """Ask each dependency; 503 where one that is needed does not answer."""
    checks: tuple[tuple[str, bool, Callable[[], bool]], ...] = (
        ("database", True, database_answers),
        ("redis", True, _redis_answers),
        ("storage", False, storage.answers),
        ("disk", False, _disk_has_room),
    )
    parts: dict[str, dict[str, Any]] = {}
    ready = True
    for name, needed, check in checks:
        started = time.perf_counter()
        try:
            fine = check()
        except (CalibraError, RedisError, OSError):
            fine = False
        took = round((time.perf_counter() - started) * 1000, 1)
        state = "ok" if fine else "down" if needed else "degraded"
        parts[name] = {"state": state, "milliseconds": took}
        ready = ready and (fine or not needed)
    return JSONResponse(
        {"status": "ready" if ready else "not ready", "dependencies": parts},
        status_code=200 if ready else 503,
        headers={"cache-control": "no-store"},
    )


@router.get("/metrics")
def get_metrics(request: Request) -> Response:
    """Return every figure, to this machine or to whoever has the operator's token."""
    token = settings().metrics_token.get_secret_value()
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    # A proxy on this machine also comes by loopback; it passes the caller's address on.
    near = (
        request.client is not None
        and request.client.host in LOOPBACK
        and "x-forwarded-for" not in request.headers
        and "forwarded" not in request.headers
    )
    if not near and not (token and hmac.compare_digest(given.encode(), token.encode())):
        raise NotFound("There is nothing at this address.")
    text, media_type = metrics.exposition()
    return Response(text, headers={"content-type": media_type, "cache-control": "no-store"})


def _redis_answers() -> bool:
    client = Redis.from_url(
        settings().redis_url_for(JOBS_REDIS),
        socket_timeout=WAIT_SECONDS,
        socket_connect_timeout=WAIT_SECONDS,
    )
    try:
        return bool(client.ping())
    finally:
        client.close()


def _disk_has_room() -> bool:
    settings().data.mkdir(parents=True, exist_ok=True)
    usage = shutil.disk_usage(settings().data)
    return usage.free / usage.total > LEAST_DISK
