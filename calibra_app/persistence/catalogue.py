"""What the database itself must say of the wall; asked at start and in the tests.

Nothing here trusts the code: each question goes to PostgreSQL's catalogue, and any answer is a
fault for which the application does not start.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, text

from calibra_app.core.errors import Unavailable
from calibra_app.persistence.engine import engine
from calibra_app.persistence.row_security import LOGIN_ROLES, OWNER, SHARED

# Tables in which no laboratory's record lies.
WITHOUT_RECORDS = frozenset({"alembic_version"})
BOUND_TABLES = sorted(SHARED | WITHOUT_RECORDS)
# Indexes that look across laboratories on purpose: the lobby's and the relay's.
ACROSS = ["ix_public_code_code", "ix_outbox_due"]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is not as the wall wants it."""

    problem: str
    where: str

    def __str__(self) -> str:
        """Return both in one line."""
        return f"{self.problem}: {self.where}"


_TABLES = """
 FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
"""
_OURS = _TABLES + " AND NOT c.relispartition AND c.relname <> ALL(:shared)"
_COLUMNS = """
 FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_type t ON t.oid = a.atttypid
 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND a.attnum > 0
   AND NOT a.attisdropped AND NOT c.relispartition
"""

_NOT_FORCED = """
 AND c.relname <> ALL(:without) AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
"""

_NO_TENANT = """
 AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id'
   AND a.attnotnull)
"""

# Each: the problem, and a query for the places where it is found.
QUESTIONS: dict[str, str] = {
    "no forced row security": "SELECT c.relname" + _TABLES + _NOT_FORCED,
    "no tenant_id that is always there": "SELECT c.relname" + _OURS + _NO_TENANT,
    "an index that does not start with tenant_id": """
        SELECT i.indexrelid::regclass::text FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
        WHERE c.relnamespace = 'public'::regnamespace AND NOT c.relispartition
          AND c.relname <> ALL(:shared) AND i.indexrelid::regclass::text <> ALL(:across)
          AND coalesce((SELECT attname FROM pg_attribute a WHERE a.attrelid = c.oid
            AND a.attnum = i.indkey[0]), '') <> 'tenant_id'""",
    "a unique index across laboratories": """
        SELECT i.indexrelid::regclass::text FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
        WHERE c.relnamespace = 'public'::regnamespace AND i.indisunique
          AND c.relname <> ALL(:shared)
          AND coalesce((SELECT attname FROM pg_attribute a WHERE a.attrelid = c.oid
            AND a.attnum = i.indkey[0]), '') <> 'tenant_id'""",
    "a reference without tenant_id on both sides": """
        SELECT k.conname FROM pg_constraint k WHERE k.contype = 'f'
          AND k.connamespace = 'public'::regnamespace
          AND k.confrelid <> 'public.tenant'::regclass
          AND NOT EXISTS (SELECT FROM unnest(k.conkey, k.confkey) x(a, b)
            JOIN pg_attribute pa ON pa.attrelid = k.conrelid AND pa.attnum = a
            JOIN pg_attribute pb ON pb.attrelid = k.confrelid AND pb.attnum = b
            WHERE pa.attname = 'tenant_id' AND pb.attname = 'tenant_id')""",
    "a policy for the application that is not the house's": """
        SELECT p.tablename || '.' || p.policyname FROM pg_policies p
        WHERE p.schemaname = 'public' AND 'calibra_app' = ANY(p.roles)
          AND (coalesce(p.qual, p.with_check) <> canonical(p.tablename)
            OR coalesce(p.with_check, p.qual) <> canonical(p.tablename))""",
    "a policy that lets another than the named roles see all": """
        SELECT p.tablename || '.' || p.policyname FROM pg_policies p WHERE p.schemaname = 'public'
          AND (coalesce(p.qual, 'true') = 'true' AND coalesce(p.with_check, 'true') = 'true')
          AND NOT p.roles <@ '{calibra_relay,calibra_sequencer,calibra_platform,calibra_definer}'
        """,
    "a role with a dangerous attribute": """
        SELECT rolname FROM pg_roles WHERE rolname = ANY(:roles) AND (rolsuper OR rolbypassrls
          OR rolcreaterole OR rolcreatedb OR rolreplication)""",
    "a table that the application owns": """
        SELECT c.relname FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner
        WHERE r.rolname = 'calibra_app'""",
    "a role that the application is a member of": """
        SELECT g.rolname FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member
        JOIN pg_roles g ON g.oid = m.roleid WHERE r.rolname = 'calibra_app'""",
    "a partition or materialized view that the application may read": """
        SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
          AND (c.relispartition OR c.relkind = 'm') AND c.relkind <> 'i'
          AND has_table_privilege('calibra_app', c.oid, 'SELECT')""",
    "a materialized view": """
        SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
          AND c.relkind = 'm'""",
    "a right to truncate, refer to or hang triggers on": "SELECT c.relname"
    + _TABLES
    + " AND has_table_privilege('calibra_app', c.oid, 'TRUNCATE,REFERENCES,TRIGGER')",
    "a right to change what is append-only": """
        SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
          AND EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname = 'no_change')
          AND (has_any_column_privilege('calibra_app', c.oid, 'UPDATE')
            OR has_table_privilege('calibra_app', c.oid, 'DELETE'))""",
    "an audit trail that the application may write": """
        SELECT name FROM unnest('{audit_event,audit_link,audit_checkpoint}'::text[]) name
        WHERE has_table_privilege('calibra_app', ('public.' || name)::regclass,
          'INSERT,UPDATE,DELETE')""",
    "a view without security_invoker": """
        SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
          AND c.relkind = 'v'
          AND NOT coalesce(c.reloptions::text LIKE '%security_invoker=true%', false)""",
    "a definer function without search_path or owned by a superuser": """
        SELECT p.proname FROM pg_proc p JOIN pg_roles r ON r.oid = p.proowner
        WHERE p.pronamespace = 'public'::regnamespace AND p.prosecdef
          AND (p.proconfig IS NULL OR NOT p.proconfig::text LIKE '%search_path%' OR r.rolsuper)""",
    "a function that PUBLIC may execute": """
        SELECT p.proname FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace
          AND has_function_privilege('public', p.oid, 'EXECUTE')""",
    "a right to create objects": """
        SELECT 'schema public' WHERE has_schema_privilege('calibra_app', 'public', 'CREATE')
        UNION ALL SELECT 'temporary objects'
        WHERE has_database_privilege('calibra_app', current_database(), 'TEMP,CREATE')""",
    "an enumeration type, whose comparison is not leakproof": "SELECT c.relname || '.' || a.attname"
    + _COLUMNS
    + " AND t.typtype = 'e'",
    "an instant without its zone": "SELECT c.relname || '.' || a.attname"
    + _COLUMNS
    + " AND t.typname = 'timestamp'",
    "an index over numbers, which row security would not use": """
        SELECT i.indexrelid::regclass::text FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY(i.indkey)
        WHERE c.relnamespace = 'public'::regnamespace AND a.atttypid = 'numeric'::regtype""",
}

# What PostgreSQL makes of the house's predicate, taken from a table whose policy the first
# migration wrote; a policy that somebody loosened differs from all the others.
_CANONICAL = """
 (CASE WHEN p.tablename = 'tenant' THEN replace(c.said, '(tenant_id =', '(id =') ELSE c.said END)
"""
_SAID = """
 CROSS JOIN (SELECT '((tenant_id = (NULLIF(current_setting(''app.tenant_id''::text, true), '
   || '''''::text))::integer) AND (( SELECT NULLIF(ctx_ok(), false) AS "nullif")'
   || ' IS NOT NULL))' AS said) c
"""


def faults(connection: Connection) -> list[Fault]:
    """Return every fault that the catalogue shows; empty is as it should be."""
    found: list[Fault] = []
    connection.execute(text("SET LOCAL search_path = public, pg_catalog"))
    for problem, question in QUESTIONS.items():
        asked = question
        if "canonical(" in asked:
            asked = asked.replace("FROM pg_policies p", "FROM pg_policies p" + _SAID).replace(
                "canonical(p.tablename)", _CANONICAL
            )
        wanted = {
            "shared": BOUND_TABLES,
            "without": sorted(WITHOUT_RECORDS),
            "across": ACROSS,
            "roles": [OWNER, *LOGIN_ROLES],
        }
        known = {name: value for name, value in wanted.items() if f":{name}" in asked}
        rows = connection.execute(text(asked), known)
        found.extend(Fault(problem, str(row[0])) for row in rows)
    return found


def refuse_faults() -> None:
    """Raise Unavailable, naming them, if the database's wall has any fault."""
    with engine().connect() as connection:
        found = faults(connection)
    if found:
        listed = "; ".join(str(fault) for fault in found)
        raise Unavailable(f"The database is not as the wall wants it: {listed}.")
