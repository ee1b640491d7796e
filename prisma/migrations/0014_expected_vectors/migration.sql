-- Texts that are at the batch endpoint of a provider: nobody else has them read meanwhile. One batch at a time for each
-- tenant and model. A row whose time is over says nothing, so that a batch that nobody follows holds up nothing.
CREATE TABLE expected_vectors (
  tenant_id    text        NOT NULL,
  model        text        NOT NULL,
  document_ids text[]      NOT NULL,
  until        timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, model)
);
ALTER TABLE expected_vectors ENABLE ROW LEVEL SECURITY;
ALTER TABLE expected_vectors FORCE ROW LEVEL SECURITY;
CREATE POLICY one_tenant ON expected_vectors USING (tenant_id = nullif(current_setting('app.tenant_id', true), ''))
  WITH CHECK (tenant_id = nullif(current_setting('app.tenant_id', true), ''));
GRANT SELECT, INSERT, UPDATE, DELETE ON expected_vectors TO memorystack_app;
