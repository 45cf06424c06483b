"""How a web process and a worker process are called, by `up` and in a container alike."""

import os
import socket
import sys
from typing import cast

from redis import Redis
from redis.exceptions import RedisError

from calibra_app.commands.installation import require_servers
from calibra_app.commands.site_build import build_site, reflex_environment
from calibra_app.config import PROJECT, REFLEX_REDIS, child_environment, settings
from calibra_app.core.errors import Conflict

OPLOCK_MAJOR = 7


def require_free_port(host: str, port: int) -> None:
    """Refuse a port that somebody listens on.

    The web server shares its port with others of its kind, so it would start without an error and
    the visitors would be divided between two installations.

    Raises:
        Conflict: The port is in use.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            raise Conflict(f"Port {port} needs an administrator; choose one above 1023.") from None
        except OSError:
            raise Conflict(
                f"Port {port} is in use by another program; choose another one with --port."
            ) from None


def web_command(host: str, port: int) -> list[str]:
    """Return the command line of one web process."""
    return [
        *(sys.executable, "-m", "granian", "--interface", "asgi", "--factory"),
        *("--host", host, "--port", str(port), "--workers", "1", "--no-access-log"),
        *("--log-level", "warning", "--workers-kill-timeout", "5s"),
        "calibra_app.calibra_app:app",
    ]


def web_environment() -> dict[str, str]:
    """Return the environment of a web process on a site that is built already."""
    return reflex_environment() | {
        "REFLEX_ENV_MODE": "prod",
        # Two leading underscores: without them Reflex compiles again, in each process.
        "__REFLEX_SKIP_COMPILE": "true",
        "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true",
        "REFLEX_OPLOCK_ENABLED": "true" if _answers_as_new_redis() else "false",
        "REFLEX_OPLOCK_HOLD_TIME": "2s",
        "REFLEX_REDIS_MAX_CONNECTIONS": "100",
        "REFLEX_IGNORE_REDIS_CONFIG_ERROR": "true",
        "REFLEX_SOCKET_INTERVAL": "10s",
        "REFLEX_SOCKET_TIMEOUT": "10s",
    }


def worker_command() -> list[str]:
    """Return the command line of one worker process."""
    return [sys.executable, "-m", "calibra_app.worker"]


def become_web() -> None:
    """Turn this process into a web process, for a container whose servers are elsewhere."""
    require_servers()
    require_free_port(settings().host, settings().port)
    build_site()
    os.chdir(PROJECT)
    command = web_command(settings().host, settings().port)
    os.execve(command[0], command, web_environment())  # noqa: S606 (our own program)


def become_worker() -> None:
    """Turn this process into a worker process, for a container whose servers are elsewhere."""
    require_servers()
    os.chdir(PROJECT)
    command = worker_command()
    os.execve(command[0], command, child_environment())  # noqa: S606 (our own program)


def _answers_as_new_redis() -> bool:
    """Ask for the version: on Redis 6 the optimistic lock stalls and loses writes."""
    try:
        with Redis.from_url(settings().redis_url_for(REFLEX_REDIS)) as redis:
            about = cast("dict[str, str]", redis.info("server"))
    except RedisError:
        return False
    return int(str(about["redis_version"]).split(".", maxsplit=1)[0]) >= OPLOCK_MAJOR
