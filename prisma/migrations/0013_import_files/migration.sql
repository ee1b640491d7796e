-- Files that are too large to be imported while their request waits, until their job has read them. Every part but the
-- last is as long as the others, so that a place in the file says which part it is in.

CREATE TABLE import_parts (
  tenant_id  text        NOT NULL,
  job_id     uuid        NOT NULL,
  part       integer     NOT NULL,
  -- Sealed under a key that is not in this database.
  bytes      bytea       NOT NULL,
  written_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, job_id, part)
);
CREATE INDEX import_parts_oldest ON import_parts (written_at);

ALTER TABLE import_parts ENABLE ROW LEVEL SECURITY;
ALTER TABLE import_parts FORCE ROW LEVEL SECURITY;
CREATE POLICY one_tenant ON import_parts USING (tenant_id = nullif(current_setting('app.tenant_id', true), ''))
  WITH CHECK (tenant_id = nullif(current_setting('app.tenant_id', true), ''));
GRANT SELECT, INSERT, UPDATE, DELETE ON import_parts TO memorystack_app;

-- Who prunes must know, over all tenants, that there are old files, and nothing more about them.
CREATE POLICY finds_old_files ON import_parts FOR SELECT TO memorystack_relay USING (true);
GRANT SELECT (tenant_id, written_at) ON import_parts TO memorystack_relay;
