"""The wall between laboratories, in SQL: roles, policies, grants, the signed context.

Nobody writes a policy by hand: what a table needs follows from its declaration. A migration calls
a versioned function of this file; such a function is never edited, a new policy is a `_v2` and a
new migration.
"""

import hashlib
from collections.abc import Iterable, Iterator

from sqlalchemy import Table
from sqlmodel import SQLModel

OWNER = "calibra_owner"
MIGRATOR = "calibra_migrator"
APP = "calibra_app"
PLATFORM = "calibra_platform"
RELAY = "calibra_relay"
SEQUENCER = "calibra_sequencer"
DEFINER = "calibra_definer"
LOGIN_ROLES = (MIGRATOR, APP, PLATFORM, RELAY, SEQUENCER)

# Tables without `tenant_id`, each with a policy of its own in this file.
SHARED = frozenset({"tenant"})

_BOUND_V1 = (
    "tenant_id = (nullif(current_setting('app.tenant_id', true), ''))::integer"
    " AND (SELECT public.ctx_ok())"
)
# The planner takes a condition that it cannot look into for true in half of all rows, and with two
# tables for a quarter; that something is there, it takes for true in nearly all of them.
_BOUND_V2 = (
    "tenant_id = (nullif(current_setting('app.tenant_id', true), ''))::integer"
    " AND (SELECT nullif(public.ctx_ok(), false)) IS NOT NULL"
)

BLOCK = 64


def declared_tables() -> Iterator[tuple[Table, type[SQLModel]]]:
    """Yield every table with the class that declares it, referred-to tables first."""
    classes = {
        str(mapper.local_table): mapper.class_
        for mapper in SQLModel._sa_registry.mappers  # noqa: SLF001
    }
    for table in SQLModel.metadata.sorted_tables:
        yield table, classes[table.name]


def roles_v1() -> str:
    """Return the statements that make the roles, without passwords.

    None may bypass row security; "sees all" is always a policy that names the role.
    """
    made = "\n".join(
        f"IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN"
        f" CREATE ROLE {role} {'LOGIN' if role in LOGIN_ROLES else 'NOLOGIN'}"
        f" {'INHERIT' if role in (MIGRATOR, OWNER) else 'NOINHERIT'}; END IF;"
        for role in (OWNER, DEFINER, *LOGIN_ROLES)
    )
    return f"""
DO $$ BEGIN
{made}
END $$;
GRANT {OWNER} TO CURRENT_USER WITH INHERIT TRUE, SET TRUE;
GRANT {OWNER} TO {MIGRATOR};
GRANT {DEFINER} TO {OWNER} WITH INHERIT FALSE, SET TRUE;
ALTER ROLE {MIGRATOR} SET role = '{OWNER}';
ALTER ROLE {APP} SET search_path = public;
ALTER ROLE {APP} SET statement_timeout = '30s';
ALTER ROLE {APP} SET lock_timeout = '5s';
ALTER ROLE {APP} SET idle_in_transaction_session_timeout = '60s';
ALTER ROLE {APP} SET row_security = on;
-- Short questions from many people at once: compiling or sharing one out costs more than it saves.
ALTER ROLE {APP} SET jit = off;
ALTER ROLE {APP} SET max_parallel_workers_per_gather = 0;
ALTER ROLE {RELAY} SET lock_timeout = '5s';
"""


def lockdown_v1(database: str) -> str:
    """Return the statements that leave PUBLIC nothing: no temporary tables, no schema."""
    logins = ", ".join(LOGIN_ROLES)
    return f"""
REVOKE ALL ON DATABASE {database} FROM PUBLIC;
GRANT CONNECT ON DATABASE {database} TO {logins};
GRANT CREATE ON DATABASE {database} TO {OWNER};
REVOKE ALL ON SCHEMA public FROM PUBLIC;
ALTER SCHEMA public OWNER TO {OWNER};
GRANT USAGE ON SCHEMA public TO {logins}, {DEFINER};
"""


# Large objects, queries as XML, other sessions' statements and notifications know no wall.
# Only a superuser can take them away; a managed server's operator may have to do it.
REVOKED_FUNCTIONS_V1 = """
REVOKE EXECUTE ON FUNCTION
 lo_create(oid), lo_creat(integer), lo_from_bytea(oid, bytea), lo_get(oid),
 lo_get(oid, bigint, integer), lo_put(oid, bigint, bytea), lo_open(oid, integer), lo_unlink(oid),
 loread(integer, integer), lowrite(integer, bytea), lo_truncate(integer, integer),
 lo_truncate64(integer, bigint),
 query_to_xml(text, boolean, boolean, text), table_to_xml(regclass, boolean, boolean, text),
 cursor_to_xml(refcursor, integer, boolean, boolean, text),
 schema_to_xml(name, boolean, boolean, text), database_to_xml(boolean, boolean, text),
 pg_stat_get_activity(integer), pg_notify(text, text)
FROM PUBLIC;
"""


# Both sides are hashed once more before they are compared: how long that takes tells nothing.
_CHECK_V1 = """DECLARE
  part text[] := string_to_array(current_setting('app.sig', true), '.');
  message bytea := convert_to(current_setting('app.tenant_id', true) || '|'
    || coalesce(current_setting('app.person_id', true), '') || '|' || part[1], 'UTF8');
BEGIN
  IF part[1] !~ '^[0-9]{1,12}$' OR part[1]::bigint <= extract(epoch FROM clock_timestamp()) THEN
    RETURN false;
  END IF;
  RETURN coalesce((SELECT bool_or(
      sha256(convert_to(encode(sha256(k.outer_pad || sha256(k.inner_pad || message)), 'hex'),
        'UTF8')) = sha256(convert_to(part[2], 'UTF8')))
    FROM calibra_private.context_key k), false);
END"""
# What the signature says is looked at only after it has proved right, so that its shape needs no
# check of its own.
_CHECK_V2 = """DECLARE
  given text := current_setting('app.sig', true);
  until text := split_part(given, '.', 1);
  message bytea := convert_to(current_setting('app.tenant_id', true) || '|'
    || coalesce(current_setting('app.person_id', true), '') || '|' || until, 'UTF8');
BEGIN
  PERFORM FROM calibra_private.context_key k
  WHERE sha256(convert_to(
      encode(sha256(k.outer_pad || sha256(k.inner_pad || message)), 'hex'), 'UTF8'))
    = sha256(convert_to(split_part(given, '.', 2), 'UTF8'));
  IF FOUND THEN
    RETURN until::bigint > extract(epoch FROM clock_timestamp());
  END IF;
  RETURN false;
END"""


def context_v1() -> str:
    """Return the private schema and the functions that check a binding and tell the time.

    `ctx_ok` is a real HMAC out of `sha256` alone: the wheel's PostgreSQL has no pgcrypto.
    Two rows of keys may stand side by side while the key is being changed. EXECUTE is taken
    from PUBLIC in the new owner's name: from anybody else PostgreSQL only warns.
    """
    return f"""
CREATE SCHEMA IF NOT EXISTS calibra_private AUTHORIZATION {OWNER};
CREATE TABLE calibra_private.context_key (
  id text PRIMARY KEY, inner_pad bytea NOT NULL, outer_pad bytea NOT NULL);
CREATE TABLE calibra_private.test_database (is_one boolean PRIMARY KEY CHECK (is_one));
GRANT USAGE ON SCHEMA calibra_private TO {DEFINER};
GRANT SELECT ON calibra_private.context_key, calibra_private.test_database TO {DEFINER};
GRANT CREATE ON SCHEMA public TO {DEFINER};

CREATE FUNCTION public.ctx_ok() RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog AS $$
{_CHECK_V1} $$;

CREATE FUNCTION public.calibra_now() RETURNS timestamptz
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE fixed text := nullif(current_setting('app.now', true), '');
BEGIN
  IF fixed IS NOT NULL AND EXISTS (SELECT FROM calibra_private.test_database) THEN
    RETURN fixed::timestamptz;
  END IF;
  RETURN now();
END $$;

ALTER FUNCTION public.ctx_ok() OWNER TO {DEFINER};
ALTER FUNCTION public.calibra_now() OWNER TO {DEFINER};
REVOKE CREATE ON SCHEMA public FROM {DEFINER};
SET LOCAL ROLE {DEFINER};
REVOKE ALL ON FUNCTION public.ctx_ok(), public.calibra_now() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.ctx_ok() TO {APP}, {OWNER};
GRANT EXECUTE ON FUNCTION public.calibra_now()
  TO {APP}, {OWNER}, {PLATFORM}, {RELAY}, {SEQUENCER};
SET LOCAL ROLE {OWNER};
"""  # noqa: S608 (constants of this file)


def context_check_v2() -> str:
    """Return `ctx_ok` as quick as it can be: each table of a question asks it once."""
    return _check_anew(_CHECK_V2)


def context_check_v1() -> str:
    """Return `ctx_ok` as the baseline made it."""
    return _check_anew(_CHECK_V1)


def _check_anew(body: str) -> str:
    return f"""
GRANT CREATE ON SCHEMA public TO {DEFINER};
SET LOCAL ROLE {DEFINER};
CREATE OR REPLACE FUNCTION public.ctx_ok() RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog AS $$
{body} $$;
SET LOCAL ROLE {OWNER};
REVOKE CREATE ON SCHEMA public FROM {DEFINER};
"""


def tenant_policy_v1(table: str, *, append_only: bool = False, removable: bool = False) -> str:
    """Return the wall of one table: forced row security, its policies, its grants."""
    return _tenant_policy(table, _BOUND_V1, append_only=append_only, removable=removable)


def tenant_policy_v2(table: str, *, append_only: bool = False, removable: bool = False) -> str:
    """Return the wall of one table, with a condition that leaves the planner its estimates."""
    return _tenant_policy(table, _BOUND_V2, append_only=append_only, removable=removable)


def bind_anew_v2() -> str:
    """Return the statement that gives every policy of the first version the second's condition."""
    return _bind_anew(_BOUND_V2)


def bind_anew_v1() -> str:
    """Return the statement that takes every policy back to the first version's condition."""
    return _bind_anew(_BOUND_V1)


def _bind_anew(bound: str) -> str:
    return f"""
DO $do$
DECLARE
  wall record;
  bound text;
BEGIN
  FOR wall IN SELECT * FROM pg_policies
    WHERE schemaname = 'public' AND coalesce(qual, with_check) LIKE '%ctx_ok()%'
  LOOP
    bound := $bound${bound}$bound$;
    IF wall.tablename = 'tenant' THEN
      bound := replace(bound, 'tenant_id =', 'id =');
    END IF;
    EXECUTE format('ALTER POLICY %I ON public.%I', wall.policyname, wall.tablename)
      || CASE WHEN wall.qual IS NULL THEN '' ELSE ' USING (' || bound || ')' END
      || CASE WHEN wall.with_check IS NULL THEN '' ELSE ' WITH CHECK (' || bound || ')' END;
  END LOOP;
END $do$
"""  # noqa: S608 (constants of this file)


def _tenant_policy(table: str, bound: str, *, append_only: bool, removable: bool) -> str:
    deeds = "SELECT, INSERT, UPDATE, DELETE" if removable else "SELECT, INSERT, UPDATE"
    both = f"{APP}, {OWNER}"
    wall = f"""
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
"""
    if append_only:
        return (
            wall
            + f"""
CREATE POLICY tenant_read ON {table} FOR SELECT TO {both} USING ({bound});
CREATE POLICY tenant_append ON {table} FOR INSERT TO {both} WITH CHECK ({bound});
GRANT SELECT, INSERT ON {table} TO {APP};
CREATE TRIGGER no_change BEFORE UPDATE OR DELETE ON {table}
  FOR EACH ROW EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON {table}
  FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
"""
        )
    return (
        wall
        + f"""
CREATE POLICY tenant_isolation ON {table} FOR ALL TO {both} USING ({bound}) WITH CHECK ({bound});
GRANT {deeds} ON {table} TO {APP};
"""
    )


def append_only_guard_v1() -> str:
    """Return the trigger function that stops even a superuser's plain statement."""
    return """
CREATE FUNCTION public.refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = '42501';
END $$;
REVOKE ALL ON FUNCTION public.refuse_change() FROM PUBLIC;
"""


# What a laboratory may not change of itself: its number, its address, whether it may work.
PLATFORMS_OWN = frozenset({"id", "slug", "host", "status", "created_at"})


def laboratory_policy_v1(changeable: Iterable[str]) -> str:
    """Return the wall of the table of laboratories, and the questions of the lobby.

    The application sees and changes its own laboratory; the platform role makes new ones; who
    stands in the lobby learns a number and nothing else.

    Args:
        changeable: The columns that a laboratory changes itself.
    """
    return _laboratory_policy(changeable, _BOUND_V1)


def laboratory_policy_v2(changeable: Iterable[str]) -> str:
    """Return the same with the second version's condition."""
    return _laboratory_policy(changeable, _BOUND_V2)


def _laboratory_policy(changeable: Iterable[str], bound: str) -> str:
    own = bound.replace("tenant_id =", "id =", 1)
    lookups = {
        "tenant_by_slug(wanted text)": "SELECT id FROM public.tenant WHERE slug = wanted",
        "tenant_by_host(wanted text)": "SELECT id FROM public.tenant WHERE host = lower(wanted)",
        "tenant_of_code(wanted text)": (
            "SELECT min(tenant_id) FROM public.public_code WHERE code = wanted HAVING count(*) = 1"
        ),
    }
    made = "".join(
        f"""
CREATE FUNCTION public.{signature} RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$ {query} $$;
ALTER FUNCTION public.{name}(text) OWNER TO {DEFINER};
SET LOCAL ROLE {DEFINER};
REVOKE ALL ON FUNCTION public.{name}(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.{name}(text) TO {APP};
SET LOCAL ROLE {OWNER};
"""
        for signature, query in lookups.items()
        for name in (signature.partition("(")[0],)
    )
    return f"""
ALTER TABLE tenant ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenant FORCE ROW LEVEL SECURITY;
CREATE POLICY own_read ON tenant FOR SELECT TO {APP}, {OWNER} USING ({own});
CREATE POLICY own_change ON tenant FOR UPDATE TO {APP}, {OWNER}
  USING ({own}) WITH CHECK ({own});
CREATE POLICY platform_all ON tenant FOR ALL TO {PLATFORM} USING (true) WITH CHECK (true);
CREATE POLICY lobby_read ON tenant FOR SELECT TO {DEFINER} USING (true);
CREATE POLICY lobby_read ON public_code FOR SELECT TO {DEFINER} USING (true);
CREATE POLICY worker_read ON tenant FOR SELECT TO {RELAY}, {SEQUENCER} USING (true);
GRANT SELECT, UPDATE ({", ".join(changeable)}) ON tenant TO {APP};
GRANT SELECT, INSERT, UPDATE ON tenant TO {PLATFORM};
GRANT SELECT (id, slug, host) ON tenant TO {DEFINER};
GRANT SELECT ON public_code TO {DEFINER};
GRANT SELECT (id, slug, name, status) ON tenant TO {RELAY}, {SEQUENCER};
GRANT CREATE ON SCHEMA public TO {DEFINER};
{made}
REVOKE CREATE ON SCHEMA public FROM {DEFINER};
"""  # noqa: S608 (constants of this file)


def key_pads(key: bytes) -> tuple[bytes, bytes]:
    """Return the inner and outer pad of HMAC-SHA-256, as RFC 2104 makes them of a key."""
    block = (hashlib.sha256(key).digest() if len(key) > BLOCK else key).ljust(BLOCK, b"\0")
    return bytes(byte ^ 0x36 for byte in block), bytes(byte ^ 0x5C for byte in block)
