-- The ledger (the commit point of the log), the keys beside it, the control plane, and the read models.
-- Applied as the role memorystack_owner, which the migration runner creates together with:
--   memorystack_app    reads and writes one tenant's rows at a time (row-level security on app.tenant_id)
--   memorystack_relay  follows every tenant's commits, read only
--   memorystack_auth   may call find_api_key and nothing else

-- ---------------------------------------------------------------- control plane
CREATE TABLE tenants (
  tenant_id   text PRIMARY KEY CHECK (tenant_id ~ '^[a-z0-9][a-z0-9_-]{0,62}$'),
  plan_tier   text NOT NULL,
  created_at  timestamptz NOT NULL
);

CREATE TABLE api_keys (
  key_id       text PRIMARY KEY,
  tenant_id    text NOT NULL REFERENCES tenants,
  name         text NOT NULL,
  secret_hmac  bytea NOT NULL UNIQUE,
  hint         text NOT NULL,
  project_name text,
  team_name    text,
  agent_name   text,
  user_id      text,
  created_at   timestamptz NOT NULL,
  revoked_at   timestamptz
);

CREATE TABLE usage_counters (
  tenant_id text   NOT NULL,
  month     text   NOT NULL,
  counter   text   NOT NULL,
  amount    bigint NOT NULL,
  PRIMARY KEY (tenant_id, month, counter)
);

-- ---------------------------------------------------------------- keys (never wiped by a replay)
CREATE TABLE tenant_keys (
  tenant_id   text PRIMARY KEY REFERENCES tenants,
  wrapped_key bytea NOT NULL
);

CREATE TABLE subject_keys (
  tenant_id    text  NOT NULL,
  subject_hmac text  NOT NULL,
  wrapped_key  bytea NOT NULL,
  PRIMARY KEY (tenant_id, subject_hmac)
);

CREATE TABLE stream_keys (
  tenant_id    text  NOT NULL,
  stream_id    text  NOT NULL,
  subject_hmac text  NOT NULL,
  wrapped_key  bytea NOT NULL,
  PRIMARY KEY (tenant_id, stream_id)
);

-- ---------------------------------------------------------------- ledger
CREATE TABLE log_heads (
  tenant_id     text PRIMARY KEY REFERENCES tenants,
  position      bigint      NOT NULL DEFAULT 0,
  tenant_seq    bigint      NOT NULL DEFAULT 0,
  recorded_time timestamptz NOT NULL DEFAULT '-infinity',
  frontier      bytea       NOT NULL DEFAULT ''
);

CREATE TABLE commits (
  tenant_id     text        NOT NULL,
  position      bigint      NOT NULL,
  commit_id     uuid        NOT NULL,
  recorded_time timestamptz NOT NULL,
  leaf          bytea       NOT NULL,
  bytes         bytea       NOT NULL,
  PRIMARY KEY (tenant_id, position)
);

-- Commits are encrypted, so compressing them costs time and saves nothing; up to a page they stay in their row.
ALTER TABLE commits ALTER COLUMN bytes SET STORAGE EXTERNAL;
ALTER TABLE commits SET (toast_tuple_target = 8160);

-- Where each event of a stream stands; the events themselves are in the bytes of their commit.
CREATE TABLE events (
  tenant_id       text     NOT NULL,
  stream_id       text     NOT NULL,
  stream_version  integer  NOT NULL,
  position        bigint   NOT NULL,
  index_in_commit smallint NOT NULL,
  PRIMARY KEY (tenant_id, stream_id, stream_version)
);

CREATE TABLE command_outcomes (
  tenant_id       text        NOT NULL,
  idempotency_key text        NOT NULL,
  request_hash    text        NOT NULL,
  position        bigint      NOT NULL,
  stream_id       text        NOT NULL,
  sealed_outcome  bytea       NOT NULL,
  valid_until     timestamptz NOT NULL,
  recorded_time   timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, idempotency_key)
);
CREATE INDEX command_outcomes_by_validity ON command_outcomes (tenant_id, valid_until);

CREATE TABLE reservations (
  tenant_id text NOT NULL,
  key       text NOT NULL,
  owner     text NOT NULL,
  PRIMARY KEY (tenant_id, key)
);

CREATE TABLE legal_holds (
  tenant_id    text NOT NULL,
  hold_id      text NOT NULL,
  subject_hmac text NOT NULL,
  PRIMARY KEY (tenant_id, hold_id)
);

CREATE FUNCTION refuse_rewriting_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the log is append-only: % on % is refused', TG_OP, TG_TABLE_NAME;
END $$;
CREATE TRIGGER commits_are_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON commits
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting_history();
CREATE TRIGGER events_are_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON events
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting_history();

-- ---------------------------------------------------------------- projections
CREATE TABLE projection_checkpoints (
  projection text    NOT NULL,
  version    integer NOT NULL,
  tenant_id  text    NOT NULL,
  position   bigint  NOT NULL,
  PRIMARY KEY (tenant_id, projection, version)
);

CREATE TABLE parked_commits (
  projection text    NOT NULL,
  version    integer NOT NULL,
  tenant_id  text    NOT NULL,
  position   bigint  NOT NULL,
  stream_id  text    NOT NULL,
  error      text    NOT NULL,
  PRIMARY KEY (tenant_id, projection, version, position, stream_id)
);

CREATE TABLE memories (
  tenant_id        text        NOT NULL,
  memory_id        uuid        NOT NULL,
  scope            text        NOT NULL,
  project_id       text        NOT NULL,
  owner_team_id    text,
  owner_agent_id   text,
  team_id          text,
  agent_id         text,
  user_id          text,
  session_id       text,
  content          text        NOT NULL,
  memory_type      text        NOT NULL,
  confidence       float8      NOT NULL,
  metadata         jsonb       NOT NULL,
  modality         text        NOT NULL,
  status           text        NOT NULL,
  observed_at      timestamptz NOT NULL,
  valid_from       jsonb,
  valid_to         jsonb,
  evidence         jsonb       NOT NULL,
  version          integer     NOT NULL,
  created_at       timestamptz NOT NULL,
  updated_at       timestamptz NOT NULL,
  created_position bigint      NOT NULL,
  updated_position bigint      NOT NULL,
  PRIMARY KEY (tenant_id, memory_id)
);
CREATE INDEX memories_newest ON memories (tenant_id, created_position, memory_id);

CREATE TABLE memory_versions (
  tenant_id   text        NOT NULL,
  memory_id   uuid        NOT NULL,
  version     integer     NOT NULL,
  position    bigint      NOT NULL,
  recorded_at timestamptz NOT NULL,
  event_type  text        NOT NULL,
  event_id    uuid        NOT NULL,
  actor       jsonb       NOT NULL,
  reason      text,
  decision    jsonb,
  content     text        NOT NULL,
  memory_type text        NOT NULL,
  confidence  float8      NOT NULL,
  metadata    jsonb       NOT NULL,
  status      text        NOT NULL,
  PRIMARY KEY (tenant_id, memory_id, version)
);

CREATE TABLE episodes (
  tenant_id        text        NOT NULL,
  episode_id       uuid        NOT NULL,
  conversation_id  uuid        NOT NULL,
  ordinal          bigint      NOT NULL,
  scope            text        NOT NULL,
  project_id       text        NOT NULL,
  owner_team_id    text,
  owner_agent_id   text,
  team_id          text,
  agent_id         text,
  user_id          text,
  session_id       text,
  role             text        NOT NULL,
  speaker          text,
  content          text        NOT NULL,
  external_id      text,
  metadata         jsonb       NOT NULL,
  said_at          timestamptz NOT NULL,
  created_at       timestamptz NOT NULL,
  created_position bigint      NOT NULL,
  PRIMARY KEY (tenant_id, episode_id)
);
CREATE INDEX episodes_newest ON episodes (tenant_id, created_position, episode_id);

CREATE TABLE projects (
  tenant_id        text   NOT NULL,
  project_id       text   NOT NULL,
  name             text   NOT NULL,
  created_position bigint NOT NULL,
  PRIMARY KEY (tenant_id, project_id)
);

CREATE TABLE teams (
  tenant_id        text   NOT NULL,
  team_id          text   NOT NULL,
  project_id       text   NOT NULL,
  name             text   NOT NULL,
  created_position bigint NOT NULL,
  PRIMARY KEY (tenant_id, team_id)
);

CREATE TABLE agents (
  tenant_id        text        NOT NULL,
  agent_id         uuid        NOT NULL,
  name             text        NOT NULL,
  agent_type       text,
  role             text,
  personality      text,
  project_id       text        NOT NULL,
  team_id          text,
  created_at       timestamptz NOT NULL,
  created_position bigint      NOT NULL,
  PRIMARY KEY (tenant_id, agent_id)
);

CREATE TABLE handoffs (
  tenant_id        text        NOT NULL,
  handoff_id       uuid        NOT NULL,
  project_id       text        NOT NULL,
  from_agent       text        NOT NULL,
  to_agent         text        NOT NULL,
  session_id       text,
  reason           text,
  context          jsonb       NOT NULL,
  recorded_at      timestamptz NOT NULL,
  created_position bigint      NOT NULL,
  PRIMARY KEY (tenant_id, handoff_id)
);
CREATE INDEX handoffs_by_session ON handoffs (tenant_id, session_id, created_position);

CREATE TABLE memory_totals (
  tenant_id     text PRIMARY KEY,
  memories      bigint NOT NULL,
  episodes      bigint NOT NULL,
  content_bytes bigint NOT NULL
);

-- ---------------------------------------------------------------- isolation
-- One policy for every table: a transaction that named no tenant sees nothing and writes nothing.
DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY[
    'tenants', 'api_keys', 'usage_counters', 'tenant_keys', 'subject_keys', 'stream_keys',
    'log_heads', 'commits', 'events', 'command_outcomes', 'reservations', 'legal_holds',
    'projection_checkpoints', 'parked_commits', 'memories', 'memory_versions', 'episodes',
    'projects', 'teams', 'agents', 'handoffs', 'memory_totals'
  ] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY one_tenant ON %I USING (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')) '
      'WITH CHECK (tenant_id = nullif(current_setting(''app.tenant_id'', true), ''''))', name);
  END LOOP;

  -- The control plane is administered across tenants, by the owner alone.
  FOREACH name IN ARRAY ARRAY['tenants', 'api_keys', 'tenant_keys', 'log_heads'] LOOP
    EXECUTE format('CREATE POLICY administration ON %I TO memorystack_owner USING (true) WITH CHECK (true)', name);
  END LOOP;

  -- The relay follows the log of every tenant; it reads, and only what stands in the log.
  FOREACH name IN ARRAY ARRAY['commits', 'log_heads'] LOOP
    EXECUTE format('CREATE POLICY follows_the_log ON %I FOR SELECT TO memorystack_relay USING (true)', name);
  END LOOP;

  -- What the application may do: the log only grows, read models change freely.
  FOREACH name IN ARRAY ARRAY['commits', 'events'] LOOP
    EXECUTE format('GRANT SELECT, INSERT ON %I TO memorystack_app', name);
  END LOOP;
  FOREACH name IN ARRAY ARRAY['subject_keys', 'stream_keys', 'command_outcomes', 'reservations', 'legal_holds',
    'usage_counters', 'projection_checkpoints', 'parked_commits', 'memories', 'memory_versions', 'episodes',
    'projects', 'teams', 'agents', 'handoffs', 'memory_totals'
  ] LOOP
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO memorystack_app', name);
  END LOOP;
END $$;

GRANT SELECT ON tenants, tenant_keys TO memorystack_app;
GRANT SELECT, UPDATE ON log_heads TO memorystack_app;
GRANT SELECT ON commits, log_heads TO memorystack_relay;

-- The only door of memorystack_auth: a key's HMAC in, its tenant and binding out.
CREATE FUNCTION find_api_key(wanted bytea)
RETURNS TABLE (key_id text, tenant_id text, plan_tier text, secret_hmac bytea,
               project_name text, team_name text, agent_name text, user_id text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT k.key_id, k.tenant_id, t.plan_tier, k.secret_hmac, k.project_name, k.team_name, k.agent_name, k.user_id
  FROM public.api_keys k JOIN public.tenants t ON t.tenant_id = k.tenant_id
  WHERE k.secret_hmac = wanted AND k.revoked_at IS NULL
$$;
REVOKE ALL ON FUNCTION find_api_key(bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_api_key(bytea) TO memorystack_auth;

-- Every process drops its cached keys when one changes.
CREATE FUNCTION announce_key_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('memorystack_api_keys', '');
  RETURN NULL;
END $$;
CREATE TRIGGER api_keys_announce AFTER INSERT OR UPDATE OR DELETE ON api_keys
  FOR EACH STATEMENT EXECUTE FUNCTION announce_key_change();
