-- The search index is made again beside the one that answers: after a change of the embedder, or of how texts become
-- words. Each making is a generation with tables of its own, so that giving one up is dropping them.

CREATE TABLE index_generations (
  id         integer     PRIMARY KEY,
  -- Which embedder reads its texts, with the name of its model and without secrets.
  embedder   jsonb       NOT NULL,
  -- The version of the code that turns texts into words.
  reading    integer     NOT NULL,
  -- rejected: compared worse than the one before, or was rolled back; retired: nobody writes it any more;
  state      text        NOT NULL CHECK (state IN ('filling', 'complete', 'rejected', 'retired')),
  -- What a sample of questions found in it and in the one that answered.
  comparison jsonb,
  -- How far its filling was last.
  progress   jsonb,
  created_at timestamptz NOT NULL DEFAULT now(),
  changed_at timestamptz NOT NULL DEFAULT now(),
  -- Nothing is left of it but this row.
  removed_at timestamptz
);

-- Which generation answers. It changes by one update of one row.
CREATE TABLE projection_active (
  projection text        PRIMARY KEY CHECK (projection = 'search-index'),
  generation integer     NOT NULL REFERENCES index_generations,
  -- The one that answered before, which is still written.
  previous   integer     REFERENCES index_generations,
  changed_at timestamptz NOT NULL DEFAULT now()
);

-- The tables of 0002 are the pattern from here on and stay empty.
CREATE INDEX search_documents_unread ON search_documents (tenant_id, document_id) WHERE vector IS NULL;
TRUNCATE search_documents, search_sources, search_conversations, word_frequencies, search_totals;

CREATE FUNCTION create_search_tables(generation integer) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE pattern text; name text;
BEGIN
  -- Two processes may do so at the same time.
  PERFORM pg_advisory_xact_lock(hashtextextended('search tables', 0));
  FOREACH pattern IN ARRAY ARRAY[
    'search_documents', 'search_sources', 'search_conversations', 'word_frequencies', 'search_totals'
  ] LOOP
    name := format('%s_%s', pattern, generation);
    IF to_regclass(format('public.%I', name)) IS NOT NULL THEN CONTINUE; END IF;
    EXECUTE format('CREATE TABLE public.%I (LIKE public.%I INCLUDING ALL)', name, pattern);
    IF pattern IN ('search_conversations', 'word_frequencies', 'search_totals') THEN
      EXECUTE format('ALTER TABLE public.%I SET (fillfactor = 70)', name);
    END IF;
    EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY one_tenant ON public.%I USING (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')) '
      'WITH CHECK (tenant_id = nullif(current_setting(''app.tenant_id'', true), ''''))', name);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON public.%I TO memorystack_app', name);
  END LOOP;
END $$;

CREATE FUNCTION drop_search_tables(generation integer) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE pattern text;
BEGIN
  FOREACH pattern IN ARRAY ARRAY[
    'search_documents', 'search_sources', 'search_conversations', 'word_frequencies', 'search_totals'
  ] LOOP
    EXECUTE format('DROP TABLE IF EXISTS public.%I', format('%s_%s', pattern, generation));
  END LOOP;
END $$;
REVOKE EXECUTE ON FUNCTION create_search_tables(integer), drop_search_tables(integer) FROM PUBLIC;

-- What texts mean to a model, so that none is read twice: not after a restart, not by the next generation.
CREATE TABLE text_vectors (
  tenant_id    text             NOT NULL,
  model        text             NOT NULL,
  -- Of the text, under a key that is not in this database.
  content_hmac bytea            NOT NULL,
  -- With the row of its document the vector is erased too.
  document_id  text COLLATE "C" NOT NULL,
  vector       bytea            NOT NULL,
  PRIMARY KEY (tenant_id, model, content_hmac, document_id)
);
CREATE INDEX text_vectors_of_document ON text_vectors (tenant_id, document_id);
ALTER TABLE text_vectors ENABLE ROW LEVEL SECURITY;
ALTER TABLE text_vectors FORCE ROW LEVEL SECURITY;
CREATE POLICY one_tenant ON text_vectors USING (tenant_id = nullif(current_setting('app.tenant_id', true), ''))
  WITH CHECK (tenant_id = nullif(current_setting('app.tenant_id', true), ''));
CREATE POLICY administration ON text_vectors TO memorystack_owner USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, DELETE ON text_vectors TO memorystack_app;
