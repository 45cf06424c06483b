"""What somebody who can slip SQL into the application gets of another laboratory: nothing.

Each attempt runs as the application, inside a transaction of the first laboratory, against the
second one's records. An attempt has failed when PostgreSQL refuses it or when its answer holds
nothing of the second laboratory; afterwards the second laboratory's records are as they were.
"""

import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from sqlalchemy import exc, text
from sqlmodel import select

from calibra_app.adapters.binaries import postgres_home, run_account
from calibra_app.config import settings
from calibra_app.core.ids import new_id
from calibra_app.models.journal import DeadLetter
from calibra_app.models.tenant import Counter, PublicCode, Tenant
from calibra_app.persistence.engine import BINDING, Binding, guarded_engine

SECRET = "the-second-laboratorys-secret"  # noqa: S105

# {other} is the second laboratory's number, {id} the id of its record, {secret} what it says.
STATEMENTS = {
    "select without a condition": "SELECT why FROM dead_letter",
    "select by the other's number": "SELECT why FROM dead_letter WHERE tenant_id = {other}",
    "select by the other's id": "SELECT why FROM dead_letter WHERE id = '{id}'",
    "a condition that is always true": "SELECT why FROM dead_letter WHERE why = '' OR 1 = 1",
    "a union over other tables": (
        "SELECT why FROM dead_letter UNION ALL SELECT code FROM public_code"
        " UNION ALL SELECT name FROM tenant UNION ALL SELECT after::text FROM audit_event"
    ),
    "a whole row as JSON": "SELECT row_to_json(d) FROM dead_letter d",
    "a subquery in the list": "SELECT (SELECT max(why) FROM dead_letter)",
    "a lateral join": "SELECT d.why FROM tenant t, LATERAL (SELECT why FROM dead_letter) d",
    "a recursive query": (
        "WITH RECURSIVE r AS (SELECT why FROM dead_letter UNION SELECT d.why FROM dead_letter d, r)"
        " SELECT * FROM r"
    ),
    "update without a condition": "UPDATE dead_letter SET why = 'x' WHERE tenant_id <> 0"
    " AND why = '{secret}' RETURNING why",
    "update by the other's id": "UPDATE dead_letter SET why = 'x' WHERE id = '{id}' RETURNING why",
    "delete by the other's id": "DELETE FROM dead_letter WHERE id = '{id}' RETURNING why",
    "a change inside a common table expression": (
        "WITH d AS (DELETE FROM dead_letter WHERE why LIKE 'the-second%' RETURNING why)"
        " SELECT * FROM d"
    ),
    "a merge onto the other's row": (
        "MERGE INTO dead_letter d USING (VALUES ({other}, '{id}'::uuid)) v(t, i)"
        " ON d.tenant_id = v.t AND d.id = v.i WHEN MATCHED THEN UPDATE SET why = 'x'"
        " RETURNING d.why"
    ),
    "an insert into the other laboratory": (
        "INSERT INTO counter (tenant_id, kind, year, last) VALUES ({other}, 'x', 1, 1) RETURNING 1"
    ),
    "a row pushed over to the other": "UPDATE counter SET tenant_id = {other} RETURNING 1",
    "an upsert onto the other's key": (
        "INSERT INTO counter (tenant_id, kind, year, last) VALUES ({other}, 'SRF', 2026, 9)"
        " ON CONFLICT (tenant_id, kind, year) DO UPDATE SET last = 9 RETURNING last"
    ),
    "the other laboratory's row of its own": "SELECT name FROM tenant WHERE id = {other}",
    "a change of the other laboratory's name": (
        "UPDATE tenant SET name = 'x' WHERE id = {other} RETURNING name"
    ),
    "a new laboratory": "INSERT INTO tenant (slug, name) VALUES ('evil', 'evil') RETURNING id",
    "the binding set to the other": (
        "SELECT set_config('app.tenant_id', '{other}', true); SELECT why FROM dead_letter"
    ),
    "the binding set for the whole session": (
        "SET app.tenant_id = '{other}'; SELECT why FROM dead_letter"
    ),
    "a signature made up": (
        "SELECT set_config('app.tenant_id', '{other}', true),"
        " set_config('app.sig', '99999999999.' || repeat('0', 64), true);"
        " SELECT why FROM dead_letter"
    ),
    "a binding that is no number": (
        "SELECT set_config('app.tenant_id', '{other} OR 1=1', true); SELECT why FROM dead_letter"
    ),
    "another person's name on one's deeds": (
        "SELECT set_config('app.person_id', 'somebody else', true);"
        " INSERT INTO counter (kind, year, last) VALUES ('x', 1, 1) RETURNING 1"
    ),
    "the keys of the signature": "SELECT * FROM calibra_private.context_key",
    "a mark that this is a test": "INSERT INTO calibra_private.test_database VALUES (true)",
    "row security switched off": "SET LOCAL row_security = off; SELECT why FROM dead_letter",
    "the role of the owner": "SET LOCAL ROLE calibra_owner; SELECT why FROM dead_letter",
    "the role of the definer": "SET LOCAL ROLE calibra_definer; SELECT name FROM tenant",
    "the role of the relay": "SET LOCAL ROLE calibra_relay; SELECT * FROM outbox",
    "the role of the sequencer": "SET LOCAL ROLE calibra_sequencer; SELECT * FROM audit_event",
    "the role of the platform": "SET LOCAL ROLE calibra_platform; SELECT name FROM tenant",
    "another session's identity": "SET SESSION AUTHORIZATION postgres; SELECT 1",
    "the wall taken down": "ALTER TABLE dead_letter DISABLE ROW LEVEL SECURITY",
    "the wall opened by a policy": "CREATE POLICY o ON dead_letter USING (true)",
    "a trigger of one's own": (
        "CREATE TRIGGER t BEFORE INSERT ON dead_letter FOR EACH ROW"
        " EXECUTE FUNCTION refuse_change()"
    ),
    "a rule of one's own": "CREATE RULE r AS ON INSERT TO dead_letter DO ALSO SELECT 1",
    "a cheap function that talks": (
        "CREATE FUNCTION leak(t text) RETURNS bool COST 0.0001 LANGUAGE plpgsql AS"
        " 'BEGIN RAISE NOTICE ''%'', t; RETURN true; END'"
    ),
    "a function in the temporary schema": (
        "CREATE FUNCTION pg_temp.leak(t text) RETURNS bool LANGUAGE sql AS 'SELECT true'"
    ),
    "a temporary table": "CREATE TEMP TABLE copy AS SELECT why FROM dead_letter",
    "a block of procedural code": (
        "DO $$ BEGIN PERFORM set_config('app.tenant_id', '{other}', true); END $$;"
        " SELECT why FROM dead_letter"
    ),
    "an oracle by division": (
        "SELECT 1 FROM dead_letter WHERE 1 / (CASE WHEN why = '{secret}' THEN 0 ELSE 1 END) = 0"
    ),
    "an oracle by a cast": "SELECT why::int FROM dead_letter WHERE why LIKE 'the-second%'",
    "the planner's statistics": "SELECT most_common_vals::text FROM pg_stats"
    " WHERE tablename = 'dead_letter'",
    "the statistics beneath": "SELECT * FROM pg_statistic",
    "a query turned into XML": "SELECT query_to_xml('SELECT * FROM dead_letter', true, false, '')",
    "the whole database as XML": "SELECT database_to_xml(true, false, '')",
    "a partition beneath the trail": "SELECT after::text FROM audit_event_rest",
    "the trail of the other": "SELECT after::text FROM audit_event WHERE tenant_id = {other}",
    "a trail rewritten": "UPDATE audit_event SET reason = 'x' RETURNING reason",
    "a trail forged": (
        "INSERT INTO audit_event (person_id, request_id, reason, table_name, operation, row_key)"
        " VALUES ('x', '', '', 'srf', 'insert', '{{}}') RETURNING 1"
    ),
    "everything emptied": "TRUNCATE dead_letter",
    "a large object": "SELECT lo_create(0)",
    "a file of the server": "SELECT pg_read_file('/etc/passwd')",
    "a program on the server": "COPY dead_letter TO PROGRAM 'id'",
    "a message to all sessions": "SELECT pg_notify('board', '{secret}')",
    "an extension": "CREATE EXTENSION vector",
    "a schema": "CREATE SCHEMA evil",
    "a poisoned search path": (
        "SET LOCAL search_path = pg_temp, public; SELECT tenant_by_slug('x'), why FROM dead_letter"
    ),
    "the number of another by way of the lobby's function": (
        "SELECT (SELECT why FROM dead_letter WHERE tenant_id = tenant_by_slug('{slug}'))"
    ),
    "the passwords of roles": "SELECT rolpassword FROM pg_authid",
    "a password of one's own choice": "ALTER ROLE calibra_owner LOGIN PASSWORD 'x'",
    "the right to look over the wall": "ALTER ROLE calibra_app BYPASSRLS",
    "a setting of the whole server": "ALTER SYSTEM SET row_security = off",
    "another session ended": (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename <> 'calibra_app'"
        " AND pid IS NOT NULL AND usename IS NOT NULL"
    ),
}


@pytest.fixture
def other(work_in, laboratories):
    """The second laboratory with one record of each kind, and the first with none of them."""
    with work_in(2) as work:
        letter = DeadLetter(job="x", subject_id=new_id(), failures=1, why=SECRET)
        work.add(letter)
        work.add(PublicCode(code=SECRET, kind="certificate", subject_id=new_id()))
        work.add(Counter(kind="SRF", year=2026, last=41))
        work.exec(text("UPDATE tenant SET name = :name"), {"name": SECRET})
        slug = work.exec(select(Tenant.slug)).one()
    with work_in(1) as work:
        work.add(Counter(kind="SRF", year=2026, last=1))
    return {"other": laboratories[2], "id": letter.id, "secret": SECRET, "slug": slug}


def everything_of(work):
    """Return all that a laboratory has, as text that shows any change."""
    return str(
        [
            [(row.id, row.why) for row in work.exec(select(DeadLetter))],
            [row.code for row in work.exec(select(PublicCode))],
            [row.last for row in work.exec(select(Counter))],
            [(row.name, row.status) for row in work.exec(select(Tenant))],
        ]
    )


def attempt(work, statements):
    """Run the statements as one who may say anything to the connection; return every row."""
    rows = []
    raw = work.session.connection().connection
    with raw.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
            rows += cursor.fetchall() if cursor.description else []
            while cursor.nextset():
                rows += cursor.fetchall() if cursor.description else []
    return rows


@pytest.mark.parametrize("attack", STATEMENTS)
def test_slipped_in_sql_learns_and_changes_nothing(work_in, other, attack):
    with work_in(2) as work:
        before = everything_of(work)
    statement = STATEMENTS[attack].format(**other)
    answer = ""
    try:
        with work_in(1) as work:
            answer = str(attempt(work, [statement]))
    except (psycopg.Error, exc.DBAPIError) as refusal:
        answer = str(refusal).replace(statement, "")
        assert "division by zero" not in answer
        assert 'invalid input syntax for type integer: "the' not in answer
    assert SECRET not in answer
    with work_in(2) as work:
        assert everything_of(work) == before


@pytest.mark.parametrize(
    "attack",
    [
        "the keys of the signature",
        "a trail forged",
        "the role of the owner",
        "a new laboratory",
        "another person's name on one's deeds",
        "an insert into the other laboratory",
        "a row pushed over to the other",
        "a large object",
        "a query turned into XML",
        "a message to all sessions",
        "a temporary table",
        "everything emptied",
    ],
)
def test_the_gravest_are_refused_outright(work_in, other, attack):
    with (
        pytest.raises(psycopg.Error, match=r"denied|row-level security|must be owner"),
        work_in(1) as work,
    ):
        attempt(work, [STATEMENTS[attack].format(**other)])


def test_the_set_up_is_not_broken_its_own_laboratory_sees_its_record(work_in, other):
    with work_in(2) as work:
        assert attempt(work, ["SELECT why FROM dead_letter"]) == [(SECRET,)]


def test_a_stolen_signature_of_ones_own_opens_no_other_laboratory(work_in, other):
    with work_in(1) as work:
        swapped = f"SELECT set_config('app.tenant_id', '{other['other']}', true)"
        answer = attempt(work, [swapped, "SELECT why FROM dead_letter"])
    assert answer == [(str(other["other"]),)]


@pytest.fixture
def one_connection(database):
    """The application's engine with a single connection, which all have to share."""
    made = guarded_engine(database.database_url_as("calibra_app"), pool_size=1)
    yield made
    made.dispose()


def test_a_cursor_held_over_the_commit_does_not_reach_the_next_laboratory(one_connection, other):
    theirs = one_connection.execution_options(**{BINDING: Binding(other["other"])})
    with theirs.connect() as connection:
        connection.exec_driver_sql("DECLARE h CURSOR WITH HOLD FOR SELECT why FROM dead_letter")
        connection.commit()
    with (
        one_connection.connect() as connection,
        pytest.raises(exc.DBAPIError, match="does not exist"),
    ):
        connection.exec_driver_sql("FETCH ALL FROM h")


def test_a_setting_left_on_a_pooled_connection_opens_nothing(one_connection, other):
    with one_connection.connect() as connection:
        connection.exec_driver_sql(f"SET app.tenant_id = '{other['other']}'")
        connection.commit()
    with one_connection.connect() as connection:
        assert connection.exec_driver_sql("SELECT why FROM dead_letter").all() == []


def test_a_connection_that_commits_each_statement_sees_nothing(application, other):
    theirs = application.execution_options(
        isolation_level="AUTOCOMMIT", **{BINDING: Binding(other["other"])}
    )
    with theirs.connect() as connection:
        assert connection.exec_driver_sql("SELECT why FROM dead_letter").all() == []


def test_copying_a_table_out_copies_ones_own_rows_alone(work_in, other):
    with work_in(1) as work:
        raw = work.session.connection().connection.driver_connection
        with raw.cursor().copy("COPY dead_letter TO STDOUT") as copy:
            assert b"".join(bytes(block) for block in copy) == b""


def test_copying_rows_in_is_refused(work_in, other):
    statement = "COPY counter (tenant_id, kind, year, last) FROM STDIN"
    with pytest.raises(psycopg.Error, match="row-level security"), work_in(1) as work:
        attempt(work, [statement])


def test_the_text_of_other_sessions_statements_is_hidden(work_in, other):
    url = settings().database_url_as("calibra_app")

    def talk():
        with psycopg.connect(url) as connection:
            connection.execute(f"SELECT pg_sleep(0.5), '{SECRET}'")

    talking = threading.Thread(target=talk)
    talking.start()
    time.sleep(0.2)
    with pytest.raises(psycopg.Error, match="denied"), work_in(1) as work:
        attempt(work, ["SELECT query FROM pg_stat_activity"])
    talking.join()


def test_the_databases_own_dump_holds_nothing(database, other, tmp_path):
    program = postgres_home(run_account()) / "bin" / "pg_dump"
    dumped = subprocess.run(
        [program, "--data-only", "-t", "dead_letter", database.database_url_as("calibra_app")],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert SECRET not in dumped.stdout


@pytest.mark.parametrize("role", ["calibra_owner", "calibra_definer", "postgres"])
def test_nobody_signs_in_as_another_role_with_the_applications_password(database, role):
    url = database.database_url_as("calibra_app").replace("calibra_app:", f"{role}:", 1)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)


def test_prepared_statements_are_shared_and_their_rows_are_not(work_in, actor_in, other):
    ours = actor_in(1)
    theirs = actor_in(2)
    for round_ in range(24):
        actor = theirs if round_ % 3 else ours
        with work_in(actor=actor) as work:
            rows = work.exec(select(DeadLetter)).all()
        assert [row.tenant_id for row in rows] == [actor.tenant_id] * (1 if round_ % 3 else 0)


def test_four_hundred_transactions_on_few_connections_never_mix(work_in, actor_in, other):
    actors = [actor_in(1), actor_in(2)]

    def look(number):
        actor = actors[number % 2]
        try:
            with work_in(actor=actor) as work:
                seen = [row.tenant_id for row in work.exec(select(Counter))]
                if number % 7 == 0:
                    work.exec(text("SELECT 1/0"))
        except exc.DBAPIError:
            return True
        return seen == [actor.tenant_id]

    with ThreadPoolExecutor(16) as pool:
        assert all(pool.map(look, range(400)))
