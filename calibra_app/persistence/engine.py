"""The pool of connections; every transaction that begins on it is bound before its first word.

Why in the engine's `begin` event and not in the unit of work: it fires for every transaction of
the engine, also for one that somebody opens around the door. Without a binding the settings are
emptied, so such a transaction sees no row and can insert none.
"""

import hashlib
import hmac
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event

from calibra_app.config import settings

APP = "calibra_app"
SIGNATURE_SECONDS = 120
BINDING = "calibra_binding"
SIGNED_UNTIL = "calibra_signed_until"


@dataclass(frozen=True, slots=True)
class Binding:
    """What a transaction tells the database of its laboratory and its actor."""

    tenant_id: int
    person_id: str = ""
    request_id: str = ""
    reason: str = ""
    # An instant that the database's clock shall show; honoured in databases of tests alone.
    now: str = ""

    def __post_init__(self) -> None:
        """Refuse what is not the number of a laboratory."""
        if type(self.tenant_id) is not int or self.tenant_id <= 0:
            raise TypeError("A laboratory's number is a positive whole number.")


def context_key() -> bytes:
    """Return the key with which a binding is signed."""
    return settings().derived("database context").encode()


def signed_until(binding: Binding, expiry: int) -> str:
    """Return the signature of a laboratory and an actor, good until the expiry.

    The actor is part of it, so that SQL that slipped in can neither change the laboratory nor
    put its deeds down to somebody else.
    """
    message = f"{binding.tenant_id}|{binding.person_id}|{expiry}"
    digest = hmac.new(context_key(), message.encode(), hashlib.sha256).hexdigest()
    return f"{expiry}.{digest}"


def bound_settings(binding: Binding | None) -> dict[str, str]:
    """Return every setting of the transaction; all empty without a binding."""
    if binding is None:
        return dict.fromkeys(
            (
                "app.tenant_id",
                "app.sig",
                "app.person_id",
                "app.request_id",
                "app.reason",
                "app.now",
            ),
            "",
        )
    # The signature follows the machine's clock, also where a test has fixed the laboratory's.
    expiry = int(time.time()) + SIGNATURE_SECONDS
    return {
        "app.tenant_id": str(binding.tenant_id),
        "app.sig": signed_until(binding, expiry),
        "app.person_id": binding.person_id,
        "app.request_id": binding.request_id,
        "app.reason": binding.reason,
        "app.now": binding.now,
    }


def literal(value: str) -> str:
    """Return a text as a literal of SQL that no setting of the server can misread."""
    if "\0" in value:
        raise ValueError("A text for the database holds no NUL.")
    return "E'" + value.replace("\\", "\\\\").replace("'", "''") + "'"


def set_locally(values: dict[str, str]) -> str:
    """Return the statement that sets these for the rest of the transaction."""
    return "SELECT " + ", ".join(
        f"set_config('{name}', {literal(value)}, true)" for name, value in values.items()
    )


def bind_transaction(connection: Connection) -> None:
    """Bind the transaction that begins on this connection, or empty its binding."""
    binding: Binding | None = connection.get_execution_options().get(BINDING)
    # One round trip, hence literals. CLOSE ALL ends a cursor WITH HOLD that the connection's
    # last transaction, perhaps another laboratory's, has left open.
    _send(connection, "CLOSE ALL; " + set_locally(bound_settings(binding)))
    connection.info[SIGNED_UNTIL] = time.monotonic() + SIGNATURE_SECONDS


def refresh_signature(connection: Connection) -> None:
    """Sign the running transaction anew, for two more minutes."""
    binding: Binding | None = connection.get_execution_options().get(BINDING)
    if binding is not None:
        _send(connection, set_locally({"app.sig": bound_settings(binding)["app.sig"]}))
    connection.info[SIGNED_UNTIL] = time.monotonic() + SIGNATURE_SECONDS


def _refresh_when_half_gone(connection: Connection, *_: object) -> None:
    """Keep a long transaction alive: before a statement, once a minute, sign anew."""
    left = connection.info.get(SIGNED_UNTIL, 0.0) - time.monotonic()
    if left < SIGNATURE_SECONDS / 2:
        refresh_signature(connection)


def _send(connection: Connection, statement: str) -> None:
    raw: Any = connection.connection
    with raw.cursor() as cursor:
        cursor.execute(statement)


def guarded_engine(url: str, *, pool_size: int = 10) -> Engine:
    """Return an engine whose every transaction is bound or empty-handed."""
    made = create_engine(
        with_driver(url),
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=5,
        pool_pre_ping=True,
        connect_args={"connect_timeout": 5},
    )
    event.listen(made, "begin", bind_transaction)
    event.listen(made, "before_cursor_execute", _refresh_when_half_gone)
    return made


def plain_engine(url: str) -> Engine:
    """Return an engine without a binding, for the roles that have narrow policies of their own."""
    return create_engine(with_driver(url), pool_size=2, pool_pre_ping=True)


def with_driver(url: str) -> str:
    """Return the address as SQLAlchemy wants it, with the driver named."""
    return url.replace("postgresql://", "postgresql+psycopg://", 1).replace(
        "postgres://", "postgresql+psycopg://", 1
    )


_engines: dict[str, Engine] = {}
_making = threading.Lock()


def engine() -> Engine:
    """Return this process's one engine, as the role that owns nothing."""
    return _kept(APP, guarded_engine)


def engine_as(role: str) -> Engine:
    """Return an engine as one of the narrow roles: relay, sequencer, platform."""
    return _kept(role, plain_engine)


def _kept(role: str, make: Callable[[str], Engine]) -> Engine:
    if role not in _engines:
        with _making:
            _engines.setdefault(role, make(settings().database_url_as(role)))
    return _engines[role]


def forget_engines(*, close: bool = True) -> None:
    """Drop every pool: a test that moves to another database, a forked child, a clean end.

    Args:
        close: Whether to close the connections; a child must leave its parent's alone.
    """
    for made in _engines.values():
        made.dispose(close=close)
    _engines.clear()


def _start_anew_in_child() -> None:
    global _making  # noqa: PLW0603 (a lock that another thread held at the fork is never freed)
    _making = threading.Lock()
    forget_engines(close=False)


# Two processes must not speak over one connection: a child leaves its parent's pools alone.
os.register_at_fork(after_in_child=_start_anew_in_child)
