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

-- Who is told of what happens, and how far it was told. Not made from the log either.
CREATE TABLE webhooks (
  tenant_id         text        NOT NULL,
  webhook_id        uuid        NOT NULL,
  -- The API key that made it: a webhook ends with its key.
  key_id            text        NOT NULL,
  -- Address, secret and whose eyes it sees with, under a key that is not in this database.
  sealed            bytea       NOT NULL,
  -- Of events; null: every type.
  types             text[],
  include_content   boolean     NOT NULL,
  -- active or disabled
  state             text        NOT NULL,
  -- Behind what was delivered.
  position          bigint      NOT NULL,
  index_in_commit   integer     NOT NULL,
  -- Deliveries that failed since the last that did not.
  failures          integer     NOT NULL DEFAULT 0,
  next_attempt_at   timestamptz NOT NULL DEFAULT '-infinity',
  -- In a sentence of our own: what receivers say is kept nowhere.
  last_error        text,
  last_delivered_at timestamptz,
  -- Which process delivers, and until when nobody else may.
  lease             text,
  leased_until      timestamptz NOT NULL DEFAULT '-infinity',
  created_at        timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, webhook_id)
);
ALTER TABLE webhooks ENABLE ROW LEVEL SECURITY;
ALTER TABLE webhooks FORCE ROW LEVEL SECURITY;
CREATE POLICY one_tenant ON webhooks USING (tenant_id = nullif(current_setting('app.tenant_id', true), ''))
  WITH CHECK (tenant_id = nullif(current_setting('app.tenant_id', true), ''));
CREATE POLICY administration ON webhooks TO memorystack_owner USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON webhooks TO memorystack_app;
