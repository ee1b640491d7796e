-- Claims, contradictions, and what a version must tell so that an earlier day can be read. All of it is made from the
-- log, so the projections begin again: their rows would otherwise lack what the log knows of them.

ALTER TABLE memories
  ADD COLUMN superseded_by uuid,
  -- Contradictions, disputes, weights and claims as the memory's events leave them.
  ADD COLUMN belief jsonb NOT NULL DEFAULT '{}';

ALTER TABLE memory_versions
  ADD COLUMN valid_from    jsonb,
  ADD COLUMN valid_to      jsonb,
  ADD COLUMN superseded_by uuid,
  -- What the event did to the evidence: {"added": [...]} or {"all": [...]}; null where it left it alone.
  ADD COLUMN evidence      jsonb;
CREATE INDEX memory_versions_by_position ON memory_versions (tenant_id, position);

-- Which memories say something about a slot of a subject; `believer` is whose belief it is.
CREATE TABLE claim_slots (
  tenant_id text             NOT NULL,
  memory_id uuid             NOT NULL,
  believer  text COLLATE "C" NOT NULL,
  subject   text COLLATE "C" NOT NULL,
  slot      text COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant_id, memory_id, subject, slot)
);
CREATE INDEX claim_slots_of_subject ON claim_slots (tenant_id, believer, subject, slot, memory_id);

CREATE TABLE contradictions (
  tenant_id        text        NOT NULL,
  contradiction_id uuid        NOT NULL,
  scope            text        NOT NULL,
  project_id       text        NOT NULL,
  owner_team_id    text,
  owner_agent_id   text,
  team_id          text,
  agent_id         text,
  user_id          text,
  session_id       text,
  memory_id        uuid        NOT NULL,
  other_id         uuid        NOT NULL,
  kind             text        NOT NULL,
  probability      float8      NOT NULL,
  rule_id          text        NOT NULL,
  rules_version    text        NOT NULL,
  evidence         jsonb       NOT NULL,
  slot             text,
  settlement       text,
  reason           text,
  detected_at      timestamptz NOT NULL,
  settled_at       timestamptz,
  created_position bigint      NOT NULL,
  PRIMARY KEY (tenant_id, contradiction_id)
);
CREATE INDEX contradictions_newest ON contradictions (tenant_id, created_position, contradiction_id);

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['claim_slots', 'contradictions'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY one_tenant ON %I USING (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')) '
      'WITH CHECK (tenant_id = nullif(current_setting(''app.tenant_id'', true), ''''))', name);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO memorystack_app', name);
  END LOOP;
END $$;

TRUNCATE projection_checkpoints, parked_commits, memories, memory_versions, episodes, projects, teams, agents, handoffs,
  memory_totals, search_documents, search_sources, search_conversations, word_frequencies, search_totals;
