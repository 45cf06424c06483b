"""The log: one JSON object a line, each with laboratory, person and request where known.

A person is written as a keyed digest, never by name or address. What somebody typed is not
written at all; keys that may carry such things are struck out.
"""

import hashlib
import hmac
import logging
import re
import sys
from collections.abc import MutableMapping
from functools import cache
from typing import Any

import orjson
import structlog

from calibra_app.config import settings
from calibra_app.core.access import Actor

STRUCK_OUT = frozenset(
    {"password", "token", "secret", "cookie", "authorization", "email", "phone", "payload"}
)
_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_LONG_SECRET = re.compile(r"\b[A-Za-z0-9_-]{40,}\b")


def set_up(service: str) -> None:
    """Send this process's log, its libraries' included, to standard output as JSON lines.

    Args:
        service: Which process speaks: web, worker or cli.
    """
    chain: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _without_secrets,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *chain,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=chain,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(serializer=_json),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(settings().log_level)
    structlog.contextvars.bind_contextvars(service=service)


def bind(actor: Actor | None, **fields: Any) -> None:
    """Put laboratory, person and request into every line of this task from now on."""
    structlog.contextvars.bind_contextvars(
        tenant_id=actor.tenant_id if actor else None,
        person=person_reference(str(actor.person_id)) if actor else None,
        request_id=actor.request_id if actor else None,
        **fields,
    )


@cache
def _key() -> bytes:
    return settings().derived("log references").encode()


def person_reference(person_id: str) -> str:
    """Return what stands for a person in the log: the same each time, telling nothing."""
    return hmac.new(_key(), person_id.encode(), hashlib.sha256).hexdigest()[:16]


def _json(entry: Any, **_: Any) -> str:
    return orjson.dumps(entry, default=str).decode()


def _without_secrets(
    _logger: Any, _method: str, entry: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    for key, value in entry.items():
        if key in STRUCK_OUT:
            entry[key] = "…"
        elif isinstance(value, str):
            entry[key] = _LONG_SECRET.sub("…", _MAIL.sub("…@…", value))
    return entry
