-- What an account uses beside its log: calls by day, and when memories were last read. None of it can be made from the
-- log again, so a replay leaves it alone.

CREATE TABLE usage_days (
  tenant_id text   NOT NULL,
  -- Calendar day, UTC.
  day       date   NOT NULL,
  counter   text   NOT NULL,
  amount    bigint NOT NULL,
  PRIMARY KEY (tenant_id, day, counter)
);

CREATE TABLE memory_reads (
  tenant_id     text   NOT NULL,
  memory_id     uuid   NOT NULL,
  last_read_day date   NOT NULL,
  reads         bigint NOT NULL,
  PRIMARY KEY (tenant_id, memory_id)
);

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['usage_days', 'memory_reads'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY one_tenant ON %I USING (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')) '
      'WITH CHECK (tenant_id = nullif(current_setting(''app.tenant_id'', true), ''''))', name);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO memorystack_app', name);
  END LOOP;
END $$;

-- A changed plan is heard of as a changed key is: every process drops what it knows.
CREATE TRIGGER tenants_announce AFTER UPDATE ON tenants
  FOR EACH STATEMENT EXECUTE FUNCTION announce_key_change();
