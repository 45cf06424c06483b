"""What a migration may do, by its phase; the house's own rules beside those of squawk.

squawk knows locks and rewrites; what a laboratory's wall needs of a migration it cannot know.
"""

import json
import re
import subprocess
import sysconfig
from pathlib import Path

ANY_CASE = re.IGNORECASE | re.DOTALL
PHASES = ("expand", "backfill", "contract")
# Set for every migration in `alembic/env.py`, which squawk does not see; and the house's widths.
NOT_ASKED = (
    "require-timeout-settings",
    "transaction-nesting",
    "prefer-robust-stmts",
    "prefer-bigint-over-int",
    "prefer-identity",
    "prefer-text-field",
)
RULES = (
    ("data changes belong into a backfill", {"expand", "contract"}, r"^\s*(UPDATE|DELETE FROM)\b"),
    ("dropping belongs into a contract", {"expand", "backfill"}, r"\bDROP (TABLE|COLUMN)\b"),
    ("renaming belongs into a contract", {"expand", "backfill"}, r"\bRENAME\b"),
    (
        "a volatile default rewrites the table",
        set(PHASES),
        r"ADD COLUMN[^;]*DEFAULT[^;]*(gen_random_uuid|clock_timestamp|random|uuidv7)\(",
    ),
)


def own_complaints(sql, phase):
    """Return what the house's rules say to the SQL of one migration."""
    if phase not in PHASES:
        return [f"a migration declares its phase, one of {', '.join(PHASES)}"]
    bare = re.sub(r"\$\$.*?\$\$", "''", sql, flags=re.DOTALL)
    # That a revision is reached is Alembic's own note, not a change of anybody's data.
    statements = [
        part.strip()
        for part in bare.split(";")
        if not re.match(r"\s*UPDATE alembic_version\b", part, ANY_CASE)
    ]
    return [
        *(
            rule
            for rule, phases, pattern in RULES
            if phase in phases and any(re.search(pattern, each, ANY_CASE) for each in statements)
        ),
        *table_complaints(statements),
        *(
            "a definer function pins its search path"
            for each in statements
            if re.match("CREATE .*FUNCTION", each, ANY_CASE)
            and "SECURITY DEFINER" in each.upper()
            and "search_path" not in each
        ),
        *(
            "a view is a security_invoker"
            for each in statements
            if re.match("CREATE (OR REPLACE )?VIEW", each, ANY_CASE)
            and "security_invoker" not in each
        ),
    ]


def table_complaints(statements):
    """Yield what is missing of the wall of each new table."""
    for each in statements:
        made = re.match(r"CREATE TABLE (?:public\.)?(\w+) \(", each, ANY_CASE)
        if made is None or made[1] == "alembic_version":
            continue
        if not any(f"{made[1]} FORCE ROW LEVEL SECURITY" in other for other in statements):
            yield f"{made[1]} stands without a wall"
        elif not re.search(r"\btenant_id\b", each):
            yield f"{made[1]} has no tenant_id"


def squawk_complaints(sql):
    """Return what squawk says to the SQL of one migration."""
    program = Path(sysconfig.get_path("scripts")) / "squawk"
    words = [program, "--reporter", "json", "--pg-version", "18"]
    words += [f"--exclude={rule}" for rule in NOT_ASKED]
    done = subprocess.run(words, input=sql, capture_output=True, text=True, check=False)
    return [f"{each['rule_name']}: {each['message']}" for each in json.loads(done.stdout or "[]")]
