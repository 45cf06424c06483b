"""Every list and board at twenty laboratories and a million observations.

The peer is the same statement without row security: run by the superuser over views that name
the laboratory in a WHERE, so both sides differ in nothing but who keeps the laboratories apart.
"""

import random
import statistics
import time
from collections.abc import Callable
from typing import Any

import psycopg
from sqlalchemy import event

from benches.million import OBSERVATIONS, million
from calibra_app.core.access import Actor, Permission
from calibra_app.core.ids import new_id
from calibra_app.persistence.engine import engine
from calibra_app.persistence.unit_of_work import UnitOfWork, unit_of_work
from calibra_app.services import customers, equipment
from calibra_app.services.srf.register import SrfFilter, list_srfs
from calibra_app.services.srf.states import HeaderState

ROUNDS = 200
LIMIT_MS = 50.0
LIMIT_RATIO = 1.15
LABORATORY = 7

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
        "customers": customers.list_customers,
        "instruments": equipment.list_instruments,
        "standards": equipment.list_standards,
    }


def run() -> list[dict[str, str | float]]:
    """Time each list's statements with and without row security; return one row for each."""
    with million() as superuser:
        _views(superuser)
        rows = [_compare(name, ask, superuser) for name, ask in questions().items()]
    rows.append({**dict.fromkeys(rows[0], ""), "list": f"{OBSERVATIONS:,} observations"})
    return rows


def _ninth_page(work: UnitOfWork) -> object:
    cursor = ""
    for _ in range(8):
        cursor = list_srfs(work, SrfFilter(), cursor).next_cursor
    return list_srfs(work, SrfFilter(), cursor)


def _compare(
    name: str, ask: Callable[[UnitOfWork], object], superuser: psycopg.Connection
) -> dict[str, str | float]:
    statements = _statements(ask)
    if name.endswith("ninth page"):
        statements = statements[-(len(statements) // 9) :]
    walled: list[float] = []
    plain: list[float] = []
    with unit_of_work(_actor()) as work:
        raw: Any = work.session.connection().connection.cursor()
        for _ in range(ROUNDS):
            # In turns, in random order: what slows the machine down slows both.
            for side in random.sample(("walled", "plain"), 2):
                if side == "walled":
                    work.refresh_signature()
                    walled.append(_time(raw, statements))
                else:
                    plain.append(_time(superuser.cursor(), statements))
    p95, peer = _p95(walled), _p95(plain)
    return {
        "list": name,
        "statements": len(statements),
        "p50 ms": round(statistics.median(walled), 2),
        "p95 ms": round(p95, 2),
        "p95 ms, plain WHERE": round(peer, 2),
        "p95 / plain": round(p95 / peer, 2),
        "p50 / plain": round(statistics.median(walled) / statistics.median(plain), 2),
        "p95 / limit": round(p95 / LIMIT_MS, 2),
    }


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
    return Actor(LABORATORY, new_id(), "Bench", deeds=frozenset(Permission))


def _views(superuser: psycopg.Connection) -> None:
    """Give the superuser one laboratory's rows by a plain WHERE, under the tables' own names."""
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
    superuser.execute("SET search_path = plain, public")
