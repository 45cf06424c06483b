"""A database of twenty laboratories and a million observations, for the benchmark of lists.

Rows are made inside PostgreSQL, by its superuser and without triggers: what is measured is
reading, and a million rows through the services would take an hour.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from calibra_app.adapters.embedded import Embedded
from calibra_app.config import change_settings
from calibra_app.persistence import bootstrap, engine

LABORATORIES = 20
CUSTOMERS, INSTRUMENTS, REQUESTS, LINES = 60, 3000, 1500, 4
SHEETS, POINTS, REPEATS = 1250, 8, 5
OBSERVATIONS = LABORATORIES * SHEETS * POINTS * REPEATS
CHANGES = 25_000
EVENTS = LABORATORIES * CHANGES

# A number becomes an id that sorts by it and is the same in every laboratory's own count.
_FUNCTIONS = """
CREATE FUNCTION pg_temp.uid(kind int, tenant int, n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS
$$ SELECT (lpad(to_hex(kind), 2, '0') || lpad(to_hex(tenant), 6, '0') || '-0000-7000-8000-'
           || lpad(to_hex(n), 12, '0'))::uuid $$;
CREATE FUNCTION pg_temp.pick(names text[], n bigint) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT names[1 + (n * 2654435761 % array_length(names, 1))::int] $$;
"""
_HEADER = (
    "'{submitted,contract_review,quoted,awaiting_approval,accepted,received,in_progress,qc,"
    "approved,invoiced,closed,closed,closed,closed,closed,closed,closed,closed,closed,closed}'"
)
_LINE = (
    "'{pending,received,assigned,in_progress,qc,approved,returned,returned,returned,returned,"
    "returned,returned,returned,returned,returned,returned}'"
)
_TABLES = (
    f"""INSERT INTO customer (tenant_id, id, code, name, version)
    SELECT t, pg_temp.uid(1, t, n), 'C' || n, 'Customer ' || lpad(n::text, 4, '0'), 1
    FROM generate_series(1, {LABORATORIES}) t, generate_series(1, {CUSTOMERS}) n""",
    f"""INSERT INTO person (tenant_id, id, email, name, initials, status, version)
    SELECT t, pg_temp.uid(2, t, n), 'p' || n || '@lab.example', 'Person ' || n, 'P' || n,
      'active', 1
    FROM generate_series(1, {LABORATORIES}) t, generate_series(1, 14) n""",
    f"""INSERT INTO procedure (tenant_id, id, code, title, discipline, model_key, version)
    SELECT t, pg_temp.uid(3, t, n), 'MP-' || n, 'Procedure ' || n, 'mass', 'MP-MAS-01', 1
    FROM generate_series(1, {LABORATORIES}) t, generate_series(1, 12) n""",
    f"""INSERT INTO procedure_version
      (tenant_id, id, procedure_id, revision, status, model_version, version)
    SELECT t, pg_temp.uid(4, t, n), pg_temp.uid(3, t, n), 1, 'effective', '1', 1
    FROM generate_series(1, {LABORATORIES}) t, generate_series(1, 12) n""",
    f"""INSERT INTO instrument
      (tenant_id, id, customer_id, tag, description, serial, discipline, procedure_code, version)
    SELECT t, pg_temp.uid(5, t, n), pg_temp.uid(1, t, 1 + n % {CUSTOMERS}), 'TAG-' || n,
      'Instrument ' || n, 'S' || n,
      pg_temp.pick('{{mass,pressure,electrical,dimensional,temperature}}', n),
      'MP-' || 1 + n % 12, 1
    FROM generate_series(1, {LABORATORIES}) t, generate_series(1, {INSTRUMENTS}) n""",
    f"""INSERT INTO reference_standard
      (tenant_id, id, code, name, discipline, due_on, version)
    SELECT t, pg_temp.uid(6, t, n), 'STD-' || n, 'Standard ' || n, 'mass', current_date + n, 1
    FROM generate_series(1, {LABORATORIES}) t, generate_series(1, 120) n""",
    f"""INSERT INTO srf (tenant_id, id, created_at, number, customer_id, state, created_by,
      state_since, version)
    SELECT t, pg_temp.uid(7, t, n), now() - n * interval '1 hour',
      'SRF-2026-' || lpad(n::text, 5, '0'), pg_temp.uid(1, t, 1 + n % {CUSTOMERS}),
      pg_temp.pick({_HEADER}, n), pg_temp.uid(2, t, 1 + n % 14), now() - n * interval '1 hour', 1
    FROM generate_series(1, {LABORATORIES}) t, generate_series(1, {REQUESTS}) n""",
    f"""INSERT INTO srf_line (tenant_id, id, srf_id, position, instrument_id, state,
      procedure_code, decision_rule, assignee_id, promised_on, state_since, version)
    SELECT t, pg_temp.uid(8, t, n), pg_temp.uid(7, t, 1 + (n - 1) / {LINES}),
      1 + (n - 1) % {LINES}, pg_temp.uid(5, t, 1 + n % {INSTRUMENTS}), pg_temp.pick({_LINE}, n),
      'MP-' || 1 + n % 12, 'simple', pg_temp.uid(2, t, 1 + n % 14), current_date + (n % 20)::int,
      now() - n * interval '15 minutes', 1
    FROM generate_series(1, {LABORATORIES}) t, generate_series(1, {REQUESTS * LINES}) n""",
    f"""INSERT INTO sheet (tenant_id, id, line_id, procedure_version_id, performer_id, started_at,
      state, version)
    SELECT t, pg_temp.uid(9, t, n), pg_temp.uid(8, t, n), pg_temp.uid(4, t, 1 + n % 12),
      pg_temp.uid(2, t, 1 + n % 14), now(), 'open', 1
    FROM generate_series(1, {LABORATORIES}) t, generate_series(1, {SHEETS}) n""",
    f"""INSERT INTO sheet_point (tenant_id, id, sheet_id, position, key, "group", label, nominal,
      unit, repeats, decimals)
    SELECT t, pg_temp.uid(10, t, n), pg_temp.uid(9, t, 1 + (n - 1) / {POINTS}),
      1 + (n - 1) % {POINTS}, 'p' || n, 'g', n || ' g', n, 'g', {REPEATS}, 4
    FROM generate_series(1, {LABORATORIES}) t, generate_series(1, {SHEETS * POINTS}) n""",
    f"""INSERT INTO observation (tenant_id, sheet_id, point_id, phase, repeat, raw, indication,
      unit, at, by, version)
    SELECT t, pg_temp.uid(9, t, 1 + (n - 1) / {POINTS}), pg_temp.uid(10, t, n), 'as_found', r,
      '10.0' || r, 10 + r / 100.0, 'g', now(), pg_temp.uid(2, t, 1 + n % 14), 1
    FROM generate_series(1, {LABORATORIES}) t, generate_series(1, {SHEETS * POINTS}) n,
      generate_series(1, {REPEATS}) r""",
    f"""INSERT INTO point_result (tenant_id, sheet_id, point_id, phase, engine_version,
      computed_at, complete, version)
    SELECT t, pg_temp.uid(9, t, 1 + (n - 1) / {POINTS}), pg_temp.uid(10, t, n), 'as_found', '1',
      now(), true, 1
    FROM generate_series(1, {LABORATORIES}) t, generate_series(1, {SHEETS * POINTS}) n""",
    f"""INSERT INTO search_token (tenant_id, kind, token, subject_id)
    SELECT t, 'srf', token, pg_temp.uid(7, t, n)
    FROM generate_series(1, {LABORATORIES}) t, generate_series(1, {REQUESTS}) n,
      LATERAL unnest(ARRAY['srf-2026-' || lpad(n::text, 5, '0'),
        'customer', 'tag-' || n * {LINES}]) token""",
    f"""INSERT INTO quotation (tenant_id, id, number, srf_id, version)
    SELECT t, pg_temp.uid(11, t, n), 'Q-' || n, pg_temp.uid(7, t, n), 1
    FROM generate_series(1, {LABORATORIES}) t, generate_series(1, {REQUESTS}) n""",
    f"""INSERT INTO quotation_revision (tenant_id, id, created_at, quotation_id, revision, state,
      currency, proposed_by, version)
    SELECT t, pg_temp.uid(12, t, n), now() - n * interval '1 hour', pg_temp.uid(11, t, n), 0,
      pg_temp.pick('{{draft,sent,accepted,accepted,accepted}}', n), 'EUR', pg_temp.uid(2, t, 1), 1
    FROM generate_series(1, {LABORATORIES}) t, generate_series(1, {REQUESTS}) n""",
    f"""INSERT INTO certificate (tenant_id, id, created_at, line_id, number, code, state, version)
    SELECT t, pg_temp.uid(13, t, n), now() - n * interval '1 hour', pg_temp.uid(8, t, n),
      'MM-' || n, 'code-' || t || '-' || n, 'issued', 1
    FROM generate_series(1, {LABORATORIES}) t, generate_series(1, {REQUESTS * 2}) n""",
    f"""INSERT INTO invoice (tenant_id, id, created_at, number, srf_id, revision_id, customer_id,
      state, currency, net, tax, total, issued_on, due_on, version)
    SELECT t, pg_temp.uid(14, t, n), now() - n * interval '1 hour', 'I-' || n,
      pg_temp.uid(7, t, n), pg_temp.uid(12, t, n), pg_temp.uid(1, t, 1 + n % {CUSTOMERS}),
      pg_temp.pick('{{issued,paid,paid,paid,paid,paid}}', n), 'EUR', 100, 20, 120,
      current_date - (n / 24)::int, current_date + 14, 1
    FROM generate_series(1, {LABORATORIES}) t, generate_series(1, {REQUESTS}) n""",
    f"""INSERT INTO audit_event (tenant_id, at, person_id, request_id, reason, table_name,
      operation, row_key, after)
    SELECT t, now() - n * interval '1 minute', pg_temp.uid(2, t, 1 + n % 14)::text, '', '',
      pg_temp.pick('{{observation,observation,observation,srf_line,srf,sheet,room,customer}}', n),
      'update', jsonb_build_object('id', pg_temp.uid(8, t, n)), jsonb_build_object('version', n)
    FROM generate_series({CHANGES}, 1, -1) n, generate_series(1, {LABORATORIES}) t""",
    """INSERT INTO audit_link (tenant_id, sequence, at, event_id, leaf, chain)
    SELECT tenant_id, row_number() OVER (PARTITION BY tenant_id ORDER BY position), at, id, '', ''
    FROM audit_event""",
)


@contextmanager
def million() -> Iterator[psycopg.Connection]:
    """Start servers of its own, fill them, and give the superuser's connection."""
    with tempfile.TemporaryDirectory(prefix="calibra-bench-") as folder:
        held = Embedded(Path(folder) / "servers", test=True)
        services = held.acquire()
        try:
            os.chmod(folder, 0o755)  # noqa: PTH101, S103 (the servers run as another user)
            change_settings(
                DATABASE_URL=services.superuser_url.replace("/postgres?", "/calibra_bench?"),
                REDIS_URL=services.redis_url,
                CALIBRA_DATA_DIR=f"{folder}/data",
            )
            bootstrap.prepare_database()
            bootstrap.migrate()
            url = services.superuser_url.replace("/postgres?", "/calibra_bench?")
            with psycopg.connect(url, autocommit=True) as connection:
                _fill(connection)
                yield connection
        finally:
            engine.forget_engines()
            held.release()
            held.stop()


def _fill(connection: psycopg.Connection) -> None:
    connection.execute("SET session_replication_role = replica")
    connection.execute(_FUNCTIONS.encode())
    connection.execute(
        "INSERT INTO tenant (slug, name) SELECT 'lab-' || n, 'Laboratory ' || n"
        f" FROM generate_series(1, {LABORATORIES}) n".encode()
    )
    for statement in _TABLES:
        connection.execute(statement.encode())
    connection.execute("VACUUM ANALYZE")
    connection.execute("RESET session_replication_role")
