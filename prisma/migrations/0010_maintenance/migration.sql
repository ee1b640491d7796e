-- Maintenance: which runs there were (what became of one is told by its stream), what each tenant wants done by itself,
-- and when that was done last. The first two are made from the log; no log speaks of them yet, so projections go on.

CREATE TABLE maintenance_runs (
  tenant_id        text        NOT NULL,
  run_id           uuid        NOT NULL,
  kind             text        NOT NULL,
  created_at       timestamptz NOT NULL,
  created_position bigint      NOT NULL,
  PRIMARY KEY (tenant_id, run_id)
);
CREATE INDEX maintenance_runs_newest ON maintenance_runs (tenant_id, created_position, run_id);

CREATE TABLE maintenance_settings (
  tenant_id text        PRIMARY KEY,
  -- Null after the tenant went back to the standard ones.
  settings  jsonb,
  set_at    timestamptz NOT NULL
);

-- Outside the log: that work was begun is no truth about memories.
CREATE TABLE maintenance_schedule (
  tenant_id text        NOT NULL,
  kind      text        NOT NULL,
  -- The last time on the schedule for which work was begun.
  begun_for timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, kind)
);

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['maintenance_runs', 'maintenance_settings', 'maintenance_schedule'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY one_tenant ON %I USING (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')) '
      'WITH CHECK (tenant_id = nullif(current_setting(''app.tenant_id'', true), ''''))', name);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO memorystack_app', name);
  END LOOP;
END $$;

-- What is due is asked for all tenants at once.
CREATE POLICY follows_the_clock ON maintenance_settings FOR SELECT TO memorystack_relay USING (true);
CREATE POLICY follows_the_clock ON maintenance_schedule FOR SELECT TO memorystack_relay USING (true);
GRANT SELECT ON maintenance_settings, maintenance_schedule TO memorystack_relay;

-- The rows of each believer together, as a run reads them.
CREATE INDEX memories_by_believer ON memories (
  tenant_id, scope, project_id,
  coalesce(CASE scope WHEN 'personal' THEN owner_agent_id WHEN 'team' THEN owner_team_id
    WHEN 'session' THEN session_id END, ''),
  coalesce(user_id, ''), memory_id);
-- What was concluded, to be erased with what it was concluded from.
CREATE INDEX memories_derived ON memories (tenant_id, memory_id) WHERE modality = 'derived';
