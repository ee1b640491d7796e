-- What the search index of the distributed profile keeps beside the vectors: the texts as they were read, their places
-- in their conversations, and how many texts hold each word. A projection: all of it can be written again.

CREATE TABLE search_documents (
  tenant_id       text             NOT NULL,
  document_id     text COLLATE "C" NOT NULL,
  kind            text             NOT NULL,
  conversation_id text COLLATE "C",
  ordinal         bigint           NOT NULL,
  scope           text             NOT NULL,
  project_id      text             NOT NULL,
  team_id         text,
  agent_id        text,
  owner_team_id   text,
  owner_agent_id  text,
  user_id         text,
  session_id      text,
  memory_type     text             NOT NULL,
  status          text             NOT NULL,
  confidence      float8           NOT NULL,
  metadata        jsonb            NOT NULL,
  -- ISO 8601 in UTC, compared by code unit as the filters of the domain do.
  said_at         text COLLATE "C" NOT NULL,
  created_at      text             NOT NULL,
  content         text             NOT NULL,
  caption         text,
  speaker         text,
  role            text,
  source_ids      jsonb            NOT NULL,
  -- Separated by spaces, in order.
  tokens          text             NOT NULL,
  reading         text             NOT NULL,
  PRIMARY KEY (tenant_id, document_id)
);
CREATE INDEX search_documents_in_place ON search_documents (tenant_id, conversation_id, ordinal, document_id)
  WHERE kind = 'episode';
CREATE INDEX search_documents_newest ON search_documents (tenant_id, said_at DESC, document_id);

-- Which memories were extracted from a document.
CREATE TABLE search_sources (
  tenant_id   text             NOT NULL,
  document_id text COLLATE "C" NOT NULL,
  source_id   text COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant_id, document_id, source_id)
);
CREATE INDEX search_sources_by_source ON search_sources (tenant_id, source_id, document_id);

-- Conversations as one text each. Their rows are rewritten whenever an episode comes: room on the page keeps that cheap.
CREATE TABLE search_conversations (
  tenant_id       text             NOT NULL,
  conversation_id text COLLATE "C" NOT NULL,
  episodes        integer          NOT NULL,
  length          bigint           NOT NULL,
  counts          jsonb            NOT NULL,
  belongings      jsonb            NOT NULL,
  PRIMARY KEY (tenant_id, conversation_id)
) WITH (fillfactor = 70);

CREATE TABLE word_frequencies (
  tenant_id text             NOT NULL,
  word      text COLLATE "C" NOT NULL,
  documents integer          NOT NULL,
  PRIMARY KEY (tenant_id, word)
) WITH (fillfactor = 70);

CREATE TABLE search_totals (
  tenant_id text   PRIMARY KEY,
  documents bigint NOT NULL,
  originals bigint NOT NULL
) WITH (fillfactor = 70);

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY[
    'search_documents', 'search_sources', 'search_conversations', 'word_frequencies', 'search_totals'
  ] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY one_tenant ON %I USING (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')) '
      'WITH CHECK (tenant_id = nullif(current_setting(''app.tenant_id'', true), ''''))', name);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO memorystack_app', name);
  END LOOP;
END $$;
