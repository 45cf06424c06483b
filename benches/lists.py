"""Every list and board at twenty laboratories and a million observations.

The peer is the same statement without row security: run by the same role over a superuser's views
that name the laboratory in a WHERE, so both sides differ in nothing but what keeps the laboratories
apart.

Why a median of blocks: the p95 of a few hundred rounds is the mark of its ten slowest, and on a
busy machine those belong to the machine. Each block has both sides in turns and gives one p95
and one ratio; the median over the blocks is reported, the extremes stand beside it. And each block
connects anew on both sides: on which core a server process happens to run is worth more than the
wall in a statement of a tenth of a millisecond.
"""

import random
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import event

from benches.million import EVENTS, LABORATORIES, OBSERVATIONS, million
from calibra_app.config import settings
from calibra_app.core.access import Actor, Permission
from calibra_app.core.ids import new_id
from calibra_app.persistence.engine import APP, engine, forget_engines
from calibra_app.persistence.unit_of_work import UnitOfWork, unit_of_work
from calibra_app.services import customers, equipment
from calibra_app.services.audit_trail import AuditFilter, list_audit
from calibra_app.services.certificates import list_certificates, list_waiting
from calibra_app.services.invoices.register import list_invoices, list_ready
from calibra_app.services.quotations.register import (
    QuotationFilter,
    list_quotations,
    list_unanswered,
)
from calibra_app.services.srf.board_filter import BoardFilter
from calibra_app.services.srf.cards import line_cards, srf_cards
from calibra_app.services.srf.register import SrfFilter, list_srfs
from calibra_app.services.srf.states import HeaderState

# A connection settles on its stored plans at the eleventh time: driver and server wait five each.
BLOCKS, WARM_UP, ROUNDS = 15, 12, 60
LIMIT_MS = 50.0
LIMIT_RATIO = 1.15
LABORATORY = 7
NOTE = (
    f"{LABORATORIES} laboratories, {OBSERVATIONS:,} observations, {EVENTS:,} audit entries."
    f" Each figure is the median of {BLOCKS} blocks of {ROUNDS} rounds, each with connections of"
    f" its own that have run {WARM_UP} before; a round runs all"
    " statements of the list once with row security and once over a superuser's views with an"
    " explicit WHERE on the laboratory and without row security, in random order, both as the"
    " application's role and in a transaction. Time is"
    " that of the statements with the fetching of their rows, without Python's work on them."
    f" The ratio of a block is p95 by p95; the limit is {LIMIT_RATIO}."
)

Statement = tuple[str, Any]


def questions() -> dict[str, Callable[[UnitOfWork], object]]:
    """Return the lists and boards, as their pages ask for them."""
    return {
        "requests, first page": lambda work: list_srfs(work, SrfFilter()),
        "requests, ninth page": _ninth_page,
        "requests in progress": lambda work: list_srfs(
            work, SrfFilter(states=(HeaderState.IN_PROGRESS,))
        ),
        "requests by a word": lambda work: list_srfs(work, SrfFilter(words="SRF-2026-0007")),
        "board of requests": lambda work: srf_cards(work, BoardFilter()),
        "board of instruments": lambda work: line_cards(work, BoardFilter()),
        "board, one discipline": lambda work: line_cards(work, BoardFilter(discipline="mass")),
        "quotations": lambda work: list_quotations(work, QuotationFilter()),
        "quotations unanswered": list_unanswered,
        "certificates": list_certificates,
        "certificates to authorize": list_waiting,
        "invoices": list_invoices,
        "requests to invoice": list_ready,
        "audit trail": lambda work: list_audit(work, AuditFilter()),
        "audit trail of a table": lambda work: list_audit(work, AuditFilter(table="room")),
        "customers": customers.list_customers,
        "instruments": equipment.list_instruments,
        "standards": equipment.list_standards,
    }


def run() -> list[dict[str, str | float]]:
    """Time each list's statements with and without row security; return one row for each."""
    with million() as superuser:
        _views(superuser)
        return [_compare(name, ask) for name, ask in questions().items()]


def _ninth_page(work: UnitOfWork) -> object:
    cursor = ""
    for _ in range(8):
        cursor = list_srfs(work, SrfFilter(), cursor).next_cursor
    return list_srfs(work, SrfFilter(), cursor)


def _compare(name: str, ask: Callable[[UnitOfWork], object]) -> dict[str, str | float]:
    statements = _statements(ask)
    if name.endswith("ninth page"):
        statements = statements[-(len(statements) // 9) :]
    blocks = [_block(statements) for _ in range(BLOCKS)]
    ratios = [walled / plain for walled, plain, _ in blocks]
    p95 = statistics.median(walled for walled, _, _ in blocks)
    return {
        "list": name,
        "statements": len(statements),
        "p95 ms": round(p95, 2),
        "p95 ms, plain WHERE": round(statistics.median(plain for _, plain, _ in blocks), 2),
        "p95 / plain": round(statistics.median(ratios), 2),
        "from … to": f"{min(ratios):.2f} … {max(ratios):.2f}",
        "p50 / plain": round(statistics.median(each for _, _, each in blocks), 2),
        "p95 / limit": round(p95 / LIMIT_MS, 2),
    }


def _block(statements: list[Statement]) -> tuple[float, float, float]:
    """Return the p95 with and without row security, and the ratio of the medians."""
    walled: list[float] = []
    plain: list[float] = []
    forget_engines()
    with unit_of_work(_actor()) as work, _peer() as peer:
        raw: Any = work.session.connection().connection.cursor()
        for _ in range(WARM_UP + ROUNDS):
            # In turns, in random order: what slows the machine down slows both.
            for side in random.sample(("walled", "plain"), 2):
                if side == "walled":
                    work.refresh_signature()
                    walled.append(_time(raw, statements))
                else:
                    peer.execute("SELECT 1")
                    plain.append(_time(peer, statements))
    # What a connection learns first, it learns once for all its pages.
    walled, plain = walled[WARM_UP:], plain[WARM_UP:]
    return _p95(walled), _p95(plain), statistics.median(walled) / statistics.median(plain)


def _statements(ask: Callable[[UnitOfWork], object]) -> list[Statement]:
    found: list[Statement] = []

    def note(_c: Any, _cur: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.lstrip().upper().startswith("SELECT") and "set_config" not in statement:
            found.append((statement, parameters))

    event.listen(engine(), "before_cursor_execute", note)
    try:
        with unit_of_work(_actor()) as work:
            ask(work)
    finally:
        event.remove(engine(), "before_cursor_execute", note)
    return found


def _time(cursor: Any, statements: list[Statement]) -> float:
    started = time.perf_counter()
    for statement, parameters in statements:
        cursor.execute(statement, parameters)
        cursor.fetchall()
    return (time.perf_counter() - started) * 1000


def _p95(samples: list[float]) -> float:
    return statistics.quantiles(samples, n=20)[-1]


def _actor() -> Actor:
    # As the gate makes an actor: it has read the laboratory's entry with the session.
    return Actor(LABORATORY, new_id(), "Bench", deeds=frozenset(Permission), zone="Europe/Berlin")


def _views(superuser: psycopg.Connection) -> None:
    """Show one laboratory's rows by a plain WHERE, under the tables' own names.

    A view reads with the rights of its owner, here the superuser, whom no policy binds.
    """
    tables = superuser.execute(
        "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
        " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'"
        " AND a.attname = 'tenant_id'"
    ).fetchall()
    superuser.execute("CREATE SCHEMA plain")
    for (table,) in tables:
        superuser.execute(
            f'CREATE VIEW plain."{table}" AS SELECT * FROM public."{table}"'
            f" WHERE tenant_id = {LABORATORY}".encode()
        )
    superuser.execute(
        f"CREATE VIEW plain.tenant AS SELECT * FROM public.tenant WHERE id = {LABORATORY}".encode()
    )
    superuser.execute(f"GRANT USAGE ON SCHEMA plain TO {APP}".encode())
    superuser.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA plain TO {APP}".encode())


@contextmanager
def _peer() -> Iterator[psycopg.Cursor]:
    """Open a transaction of the same role over the views."""
    with (
        psycopg.connect(
            settings().database_url_as(APP), options="-c search_path=plain,public"
        ) as connection,
        connection.cursor() as cursor,
    ):
        yield cursor
