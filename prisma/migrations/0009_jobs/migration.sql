-- Long work that outlives its request. These tables hold the truth about it; what tells workers of it may forget.

CREATE TABLE jobs (
  tenant_id        text    NOT NULL,
  job_id           uuid    NOT NULL,
  kind             text    NOT NULL,
  status           text    NOT NULL CHECK (status IN ('queued', 'running', 'completed', 'failed', 'cancelled')),
  -- The order in which they were submitted.
  place            bigint  GENERATED ALWAYS AS IDENTITY,
  -- Public id of the API key that asked.
  key_id           text    NOT NULL,
  -- How a repetition of the request is recognised, and until when.
  request_key      text,
  request_hash     text,
  repeat_until     timestamptz,
  -- Sealed: who asked, what for, where to go on, what came of it.
  asker            bytea   NOT NULL,
  input            bytea,
  checkpoint       bytea,
  summary          bytea,
  error            bytea,
  total            integer,
  succeeded        integer NOT NULL DEFAULT 0,
  failed           integer NOT NULL DEFAULT 0,
  -- Slices that were begun since the last one that ended well.
  attempts         integer NOT NULL DEFAULT 0,
  due_at           timestamptz NOT NULL DEFAULT now(),
  -- The slice that runs. Whoever holds another one has lost the job.
  lease            uuid,
  cancel_requested boolean NOT NULL DEFAULT false,
  created_at       timestamptz NOT NULL DEFAULT now(),
  started_at       timestamptz,
  finished_at      timestamptz,
  PRIMARY KEY (tenant_id, job_id)
) WITH (fillfactor = 70);
CREATE INDEX jobs_open ON jobs (tenant_id, kind, place) WHERE finished_at IS NULL;
CREATE INDEX jobs_newest ON jobs (tenant_id, place);
CREATE INDEX jobs_by_request ON jobs (tenant_id, request_key) WHERE request_key IS NOT NULL;
CREATE INDEX jobs_finished ON jobs (finished_at) WHERE finished_at IS NOT NULL;

CREATE TABLE job_results (
  tenant_id text    NOT NULL,
  job_id    uuid    NOT NULL,
  item      integer NOT NULL,
  ok        boolean NOT NULL,
  body      bytea   NOT NULL,
  PRIMARY KEY (tenant_id, job_id, item),
  FOREIGN KEY (tenant_id, job_id) REFERENCES jobs ON DELETE CASCADE
);
CREATE INDEX job_results_failed ON job_results (tenant_id, job_id, item) WHERE NOT ok;

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['jobs', 'job_results'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY one_tenant ON %I USING (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')) '
      'WITH CHECK (tenant_id = nullif(current_setting(''app.tenant_id'', true), ''''))', name);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO memorystack_app', name);
  END LOOP;
END $$;

-- Who wakes the workers must know, over all tenants, that there is work, and nothing more about it.
CREATE POLICY finds_work ON jobs FOR SELECT TO memorystack_relay USING (true);
GRANT SELECT (tenant_id, kind, due_at, finished_at) ON jobs TO memorystack_relay;
