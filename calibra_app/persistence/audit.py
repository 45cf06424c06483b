"""Who changed what: triggers that write the audit trail in the transaction of the change.

Why triggers: they cannot be forgotten, and they see what a worker or a person with psql does.
They run as the owner, so the application can read the trail and write nothing into it; actor,
request and reason come from the transaction's signed binding. An update keeps the changed
columns alone.
"""

from collections.abc import Iterable

from calibra_app.persistence.row_security import APP, SEQUENCER

HIDDEN = "…"

PARTITION_PATTERN = r"^audit_event_(y\d{4}m\d{2}|rest)$"


def audit_functions_v1() -> str:
    """Return the trigger functions; their arguments are the key's and the hidden columns.

    The first argument lists the columns of the row's key, the second those whose values stay
    out of the trail, both divided by commas.
    """
    return f"""
CREATE FUNCTION public.audit_view(line jsonb, hidden text[]) RETURNS jsonb
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog AS $$
  SELECT line - 'tenant_id' - hidden || coalesce(
    (SELECT jsonb_object_agg(h, CASE WHEN line -> h = 'null' THEN NULL ELSE '{HIDDEN}' END)
     FROM unnest(hidden) h WHERE line ? h), '{{}}') $$;
CREATE FUNCTION public.audit_key(line jsonb, columns text[]) RETURNS jsonb
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog AS $$
  SELECT coalesce(jsonb_object_agg(c, line -> c), '{{}}') FROM unnest(columns) c $$;

CREATE FUNCTION public.audit_insert() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE keys text[] := string_to_array(TG_ARGV[0], ',');
  hidden text[] := string_to_array(TG_ARGV[1], ',');
BEGIN
  INSERT INTO public.audit_event
    (person_id, request_id, reason, table_name, operation, row_key, after)
  SELECT coalesce(current_setting('app.person_id', true), ''),
    coalesce(current_setting('app.request_id', true), ''),
    coalesce(current_setting('app.reason', true), ''), TG_TABLE_NAME, 'insert',
    public.audit_key(to_jsonb(n), keys), public.audit_view(to_jsonb(n), hidden)
  FROM added n;
  RETURN NULL;
END $$;

CREATE FUNCTION public.audit_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE keys text[] := string_to_array(TG_ARGV[0], ',');
  hidden text[] := string_to_array(TG_ARGV[1], ',');
  old_line jsonb := to_jsonb(OLD); new_line jsonb; was jsonb; became jsonb;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    new_line := to_jsonb(NEW);
    SELECT jsonb_object_agg(o.key, o.value), jsonb_object_agg(o.key, new_line -> o.key)
      INTO was, became
      FROM jsonb_each(old_line) o WHERE o.value IS DISTINCT FROM new_line -> o.key;
    IF was IS NULL THEN RETURN NULL; END IF;
    was := public.audit_view(was, hidden);
    became := public.audit_view(became, hidden);
  ELSE
    was := public.audit_view(old_line, hidden);
  END IF;
  INSERT INTO public.audit_event
    (person_id, request_id, reason, table_name, operation, row_key, before, after)
  VALUES (coalesce(current_setting('app.person_id', true), ''),
    coalesce(current_setting('app.request_id', true), ''),
    coalesce(current_setting('app.reason', true), ''), TG_TABLE_NAME, lower(TG_OP),
    public.audit_key(old_line, keys), was, became);
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION public.audit_view(jsonb, text[]), public.audit_key(jsonb, text[]),
  public.audit_insert(), public.audit_change() FROM PUBLIC;
"""  # noqa: S608 (constants of this file)


def audited_v1(
    table: str, key: Iterable[str], hidden: Iterable[str] = (), *, inserts: bool = True
) -> str:
    """Return the triggers that put one table under audit.

    Args:
        table: The table.
        key: The columns that name a row within a laboratory.
        hidden: Columns whose values the trail does not show.
        inserts: Whether new rows are told, too.
    """
    arguments = f"'{','.join(key)}', '{','.join(sorted(hidden))}'"
    told = f"""
CREATE TRIGGER audit_insert AFTER INSERT ON {table} REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION public.audit_insert({arguments});
"""
    return (
        (told if inserts else "")
        + f"""
CREATE TRIGGER audit_change AFTER UPDATE OR DELETE ON {table}
  FOR EACH ROW EXECUTE FUNCTION public.audit_change({arguments});
"""
    )


def audit_store_v1() -> str:
    """Return the trail's own wall, its partitions, and what the sequencer may do.

    The application's policy on the trail is reading; the owner's triggers append.
    """
    return f"""
REVOKE INSERT ON audit_event, audit_link, audit_checkpoint FROM {APP};
CREATE POLICY sequencer_read ON audit_event FOR SELECT TO {SEQUENCER} USING (true);
CREATE POLICY sequencer_read ON audit_link FOR SELECT TO {SEQUENCER} USING (true);
CREATE POLICY sequencer_append ON audit_link FOR INSERT TO {SEQUENCER} WITH CHECK (true);
CREATE POLICY sequencer_read ON audit_checkpoint FOR SELECT TO {SEQUENCER} USING (true);
CREATE POLICY sequencer_append ON audit_checkpoint FOR INSERT TO {SEQUENCER} WITH CHECK (true);
GRANT SELECT ON audit_event TO {SEQUENCER};
GRANT SELECT, INSERT ON audit_link, audit_checkpoint TO {SEQUENCER};

CREATE TABLE audit_event_rest PARTITION OF audit_event DEFAULT;
ALTER TABLE audit_event_rest ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_event_rest FORCE ROW LEVEL SECURITY;

CREATE FUNCTION public.make_audit_months(ahead integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  month date; name text; made integer := 0;
BEGIN
  FOR month IN SELECT generate_series(date_trunc('month', now() AT TIME ZONE 'UTC'),
      date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => ahead),
      interval '1 month')::date
  LOOP
    name := 'audit_event_' || to_char(month, '"y"YYYY"m"MM');
    CONTINUE WHEN to_regclass('public.' || name) IS NOT NULL;
    EXECUTE format('CREATE TABLE public.%I PARTITION OF public.audit_event
      FOR VALUES FROM (%L) TO (%L)', name, month || ' 00:00:00+00',
      (month + interval '1 month')::date || ' 00:00:00+00');
    EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', name);
    made := made + 1;
  END LOOP;
  RETURN made;
END $$;
REVOKE ALL ON FUNCTION public.make_audit_months(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.make_audit_months(integer) TO {SEQUENCER};
SELECT public.make_audit_months(3);
"""  # noqa: S608 (constants of this file)
