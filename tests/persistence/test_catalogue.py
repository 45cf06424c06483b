"""The catalogue's lint: silent on what the migrations make, and loud on every planted fault."""

import pytest
from sqlalchemy import text

from calibra_app.persistence.catalogue import faults, refuse_faults

PLANTED = {
    "a table without a wall": "CREATE TABLE gadget (id int PRIMARY KEY)",
    "a wall that does not bind the owner": "ALTER TABLE srf_like NO FORCE ROW LEVEL SECURITY",
    "a wall that is switched off": "ALTER TABLE srf_like DISABLE ROW LEVEL SECURITY",
    "an open policy": "CREATE POLICY oops ON srf_like FOR SELECT TO calibra_app USING (true)",
    "a policy for everybody": "CREATE POLICY oops ON srf_like FOR SELECT USING (true)",
    "a policy that forgets the signature": (
        "CREATE POLICY oops ON srf_like FOR SELECT TO calibra_app USING"
        " (tenant_id = nullif(current_setting('app.tenant_id', true), '')::integer)"
    ),
    "a unique index across laboratories": "CREATE UNIQUE INDEX ON srf_like (id)",
    "an index that forgets the laboratory": "CREATE INDEX ON srf_like (job)",
    "a reference that forgets the laboratory": (
        "CREATE UNIQUE INDEX one ON srf_like (id);"
        "ALTER TABLE srf_like ADD UNIQUE USING INDEX one;"
        "ALTER TABLE search_token ADD FOREIGN KEY (subject_id) REFERENCES srf_like (id) NOT VALID"
    ),
    "a right to truncate": "GRANT TRUNCATE ON srf_like TO calibra_app",
    "a right to change the past": "GRANT UPDATE ON job_done TO calibra_app",
    "a right to forge the trail": "GRANT INSERT ON audit_event TO calibra_app",
    "a right to read a partition": "GRANT SELECT ON audit_event_rest TO calibra_app",
    "a view of its owner": "CREATE VIEW leaky AS SELECT * FROM srf_like",
    "a materialized view": "CREATE MATERIALIZED VIEW stale AS SELECT * FROM srf_like",
    "a definer function without a search path": (
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'"
    ),
    "a function for everybody": "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "a role that may look over the wall": "ALTER ROLE calibra_app BYPASSRLS",
    "a role that is somebody else": "GRANT calibra_owner TO calibra_app",
    "a table of the application's own": "ALTER TABLE srf_like OWNER TO calibra_app",
    "a right to create": "GRANT CREATE ON SCHEMA public TO calibra_app",
    "a right to temporary tables": "DO $$ BEGIN EXECUTE format('GRANT TEMP ON DATABASE %I"
    " TO calibra_app', current_database()); END $$",
    "an enumeration": "CREATE TYPE mood AS ENUM ('a'); ALTER TABLE srf_like ADD m mood",
    "an instant without its zone": "ALTER TABLE srf_like ADD seen timestamp",
}


def test_the_migrated_database_has_no_fault(owner):
    with owner.connect() as connection:
        assert [str(fault) for fault in faults(connection)] == []


def test_the_application_may_ask_before_it_starts(database):
    refuse_faults()


@pytest.mark.parametrize("planted", PLANTED)
def test_a_planted_fault_is_found(owner, planted):
    with owner.connect() as connection:
        statement = PLANTED[planted].replace("srf_like", "dead_letter")
        connection.execute(text(statement))
        found = faults(connection)
        connection.rollback()
    assert found
