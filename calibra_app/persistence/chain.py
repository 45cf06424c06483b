"""The hash chain over the audit trail, linked after the commit, checked by anyone who doubts.

Why after the commit: a chain whose head is locked in the transaction makes a laboratory work one
deed at a time. The sequencer links only entries of transactions that are older than every running
one, so none can slip in behind the chain; a long transaction delays it.
"""

import hashlib
import hmac
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from itertools import pairwise
from typing import Any

import orjson
import structlog
from sqlalchemy import Connection, Row, text
from sqlalchemy.exc import SQLAlchemyError

from calibra_app.config import settings
from calibra_app.persistence.engine import engine_as
from calibra_app.persistence.row_security import SEQUENCER

START = b"\0" * 32
BATCH = 5000
PAUSE_SECONDS = 2.0
MONTHS_AHEAD = 3
KEY_ID = "installation-1"
TRAIL_FORM = "calibra-audit-trail/1"
# The chain's key among advisory locks; the second key is the laboratory.
CHAIN_LOCK = 4713

log = structlog.get_logger(__name__)

_COLUMNS = (
    "e.id, e.at, e.position, e.person_id, e.request_id, e.reason, e.table_name, e.operation,"
    " e.row_key, e.before, e.after"
)
_UNLINKED = text(
    f"SELECT {_COLUMNS} FROM audit_event e WHERE e.tenant_id = :tenant"  # noqa: S608 (constants)
    " AND e.transaction < ((pg_snapshot_xmin(pg_current_snapshot()))::text)::bigint"
    " AND NOT EXISTS (SELECT FROM audit_link l"
    "  WHERE l.tenant_id = e.tenant_id AND l.event_id = e.id)"
    " ORDER BY e.transaction, e.position LIMIT :batch"
)
_LINKED = text(
    f"SELECT l.sequence, l.leaf, l.chain, {_COLUMNS} FROM audit_link l"  # noqa: S608 (constants)
    " LEFT JOIN audit_event e"
    "  ON e.tenant_id = l.tenant_id AND e.id = l.event_id AND e.at = l.at"
    " WHERE l.tenant_id = :tenant AND l.sequence > :after ORDER BY l.sequence LIMIT :batch"
)


@dataclass(frozen=True, slots=True)
class Break:
    """A place where the chain does not hold."""

    sequence: int
    what: str


def canonical(event: Row[Any] | Any) -> bytes:
    """Return one entry as the bytes that are hashed; this form is frozen, a new one is a new tag.

    The laboratory's number is not part of it: it changes when a laboratory is restored elsewhere.
    """
    body = [
        str(event.id),
        event.at.astimezone(UTC).isoformat(),
        event.person_id,
        event.request_id,
        event.reason,
        event.table_name,
        event.operation,
        event.row_key,
        event.before,
        event.after,
    ]
    return b"calibra-audit/1\0" + orjson.dumps(body, option=orjson.OPT_SORT_KEYS)


def leaf_of(event: Row[Any] | Any) -> bytes:
    """Return the hash of one entry."""
    return hashlib.sha256(canonical(event)).digest()


def root_of(leaves: list[bytes]) -> bytes:
    """Return the root of the Merkle tree over the leaves; an odd one is paired with itself."""
    level = leaves
    while len(level) > 1:
        padded = level if len(level) % 2 == 0 else [*level, level[-1]]
        level = [
            hashlib.sha256(b"\1" + left + right).digest()
            for left, right in list(pairwise(padded))[::2]
        ]
    return level[0]


def seal(tenant_id: int, batch: int = BATCH) -> int:
    """Link the laboratory's settled entries to its chain and sign the new head.

    Returns:
        How many entries were linked.
    """
    with engine_as(SEQUENCER).begin() as connection:
        connection.execute(
            text("SELECT pg_advisory_xact_lock(:space, :tenant)"),
            {"space": CHAIN_LOCK, "tenant": tenant_id},
        )
        head = connection.execute(
            text(
                "SELECT sequence, chain FROM audit_link WHERE tenant_id = :tenant"
                " ORDER BY sequence DESC LIMIT 1"
            ),
            {"tenant": tenant_id},
        ).first()
        sequence, chain = (head.sequence, bytes(head.chain)) if head else (0, START)
        events = connection.execute(_UNLINKED, {"tenant": tenant_id, "batch": batch}).all()
        if not events:
            return 0
        links: list[dict[str, Any]] = []
        for event in events:
            sequence += 1
            leaf = leaf_of(event)
            chain = hashlib.sha256(chain + leaf).digest()
            links.append(
                {
                    "tenant": tenant_id,
                    "sequence": sequence,
                    "at": event.at,
                    "event": event.id,
                    "leaf": leaf,
                    "chain": chain,
                }
            )
        connection.execute(
            text(
                "INSERT INTO audit_link (tenant_id, sequence, at, event_id, leaf, chain)"
                " VALUES (:tenant, :sequence, :at, :event, :leaf, :chain)"
            ),
            links,
        )
        root = root_of([link["leaf"] for link in links])
        connection.execute(
            text(
                "INSERT INTO audit_checkpoint"
                " (tenant_id, sequence, chain, root, signature, key_id)"
                " VALUES (:tenant, :sequence, :chain, :root, :signature, :key)"
            ),
            {
                "tenant": tenant_id,
                "sequence": sequence,
                "chain": chain,
                "root": root,
                "signature": checkpoint_signature(sequence, chain, root),
                "key": KEY_ID,
            },
        )
    return len(events)


def checkpoint_signature(sequence: int, chain: bytes, root: bytes) -> bytes:
    """Return the installation's signature of a chain's head."""
    key = settings().derived("audit checkpoint").encode()
    message = b"calibra-checkpoint/1|%d|" % sequence + chain + root
    return hmac.new(key, message, hashlib.sha256).digest()


def verify_chain(tenant_id: int) -> tuple[int, tuple[Break, ...]]:
    """Return how many entries are linked, and every place where the chain does not hold."""
    found: list[Break] = []
    with engine_as(SEQUENCER).begin() as connection:
        checkpoints = _checkpoints(connection, tenant_id)
        chain, sequence, leaves = START, 0, list[bytes]()
        while rows := connection.execute(
            _LINKED, {"tenant": tenant_id, "after": sequence, "batch": BATCH}
        ).all():
            for row in rows:
                if row.sequence != sequence + 1:
                    found.append(Break(sequence + 1, "links are missing"))
                sequence = row.sequence
                found.extend(_entry_breaks(row))
                chain = hashlib.sha256(chain + bytes(row.leaf)).digest()
                if chain != bytes(row.chain):
                    found.append(Break(sequence, "the link does not follow from the one before"))
                    chain = bytes(row.chain)
                leaves.append(bytes(row.leaf))
                point = checkpoints.pop(sequence, None)
                if point is not None:
                    found.extend(_checkpoint_breaks(point, chain, leaves))
                    leaves = []
        if leaves:
            found.append(Break(sequence, "no checkpoint covers the end of the chain"))
        found.extend(Break(last, "the chain was cut off before this") for last in checkpoints)
    return sequence, tuple(sorted(found, key=lambda each: each.sequence))


def links_of_chain(tenant_id: int) -> Iterator[dict[str, Any]]:
    """Yield the chain link by link, each with the bytes of its entry as text, then its checkpoints.

    Whoever holds this needs SHA-256 alone to follow it: the leaf is the hash of the entry, each
    chain value that of the one before and the leaf.
    """
    yield {"form": TRAIL_FORM}
    with engine_as(SEQUENCER).begin() as connection:
        sequence = 0
        while rows := connection.execute(
            _LINKED, {"tenant": tenant_id, "after": sequence, "batch": BATCH}
        ).all():
            for row in rows:
                sequence = row.sequence
                yield {
                    "sequence": sequence,
                    "entry": canonical(row).decode() if row.id else None,
                    "leaf": bytes(row.leaf).hex(),
                    "chain": bytes(row.chain).hex(),
                }
        for point in sorted(_checkpoints(connection, tenant_id).values(), key=lambda at: at[0]):
            yield {
                "checkpoint": point.sequence,
                "chain": bytes(point.chain).hex(),
                "root": bytes(point.root).hex(),
                "signature": bytes(point.signature).hex(),
            }


def _checkpoints(connection: Connection, tenant_id: int) -> dict[int, Row[Any]]:
    rows = connection.execute(
        text("SELECT sequence, chain, root, signature FROM audit_checkpoint WHERE tenant_id = :t"),
        {"t": tenant_id},
    )
    return {row.sequence: row for row in rows}


def _entry_breaks(row: Row[Any]) -> list[Break]:
    if row.id is None:
        return [Break(row.sequence, "the entry was removed")]
    if leaf_of(row) != bytes(row.leaf):
        return [Break(row.sequence, "the entry was altered")]
    return []


def _checkpoint_breaks(point: Row[Any], chain: bytes, leaves: list[bytes]) -> list[Break]:
    root = root_of(leaves)
    expected = checkpoint_signature(point.sequence, chain, root)
    if hmac.compare_digest(expected, bytes(point.signature)):
        return []
    return [Break(point.sequence, "the checkpoint's signature does not fit")]


def seal_all() -> int:
    """Seal every laboratory's chain once; return how many entries were linked."""
    with engine_as(SEQUENCER).begin() as connection:
        tenants = connection.execute(text("SELECT id FROM tenant ORDER BY id")).scalars().all()
    return sum(seal(tenant) for tenant in tenants)


def run_sequencer(stop: threading.Event) -> None:
    """Keep the chains sealed and the months ahead partitioned until told to stop."""
    while not stop.is_set():
        try:
            with engine_as(SEQUENCER).begin() as connection:
                connection.execute(
                    text("SELECT public.make_audit_months(:ahead)"), {"ahead": MONTHS_AHEAD}
                )
            while not stop.wait(PAUSE_SECONDS):
                seal_all()
        except SQLAlchemyError as error:
            log.warning("sequencer waits", error=str(error))
            stop.wait(PAUSE_SECONDS)
