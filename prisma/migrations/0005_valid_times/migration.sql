-- Since when and until when the text of a search document is true, ISO 8601 in UTC, compared by code unit. The rows are
-- made from the log, so the projections begin again.

TRUNCATE projection_checkpoints, parked_commits, memories, memory_versions, claim_slots, contradictions, episodes,
  projects, teams, agents, handoffs, memory_totals, search_documents, search_sources, search_conversations,
  word_frequencies, search_totals;

ALTER TABLE search_documents
  ADD COLUMN valid_from text COLLATE "C" NOT NULL,
  ADD COLUMN valid_to   text COLLATE "C";
