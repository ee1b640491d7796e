-- What the services of the distributed profile need beside the tables of a single process.

-- A command that Kafka delivers again is known by its own id, also after its caller's key is free to be used again.
ALTER TABLE command_outcomes ADD COLUMN command_id text NOT NULL DEFAULT '';

-- How far the relay has copied the log of each tenant.
CREATE TABLE relay_offsets (
  tenant_id text   PRIMARY KEY REFERENCES tenants,
  position  bigint NOT NULL
);

ALTER TABLE relay_offsets ENABLE ROW LEVEL SECURITY;
ALTER TABLE relay_offsets FORCE ROW LEVEL SECURITY;
CREATE POLICY one_tenant ON relay_offsets USING (tenant_id = nullif(current_setting('app.tenant_id', true), ''))
  WITH CHECK (tenant_id = nullif(current_setting('app.tenant_id', true), ''));
CREATE POLICY relays_the_log ON relay_offsets TO memorystack_relay USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON relay_offsets TO memorystack_relay;
