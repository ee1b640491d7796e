import type { Filter, Filterable } from '#libs/domain/scope/filter.js';

/** One searchable text: a memory, or an episode (a raw message). Ids are UUIDs, unique over both kinds. */
export interface IndexedDocument extends Filterable {
  id: string;
  text: string;
  /** Who said it, as the conversation names them; null for a memory that nobody said. */
  speaker: string | null;
  /** `user`, `assistant`, `system`, `tool`; null for memories. */
  role: string | null;
  /** The conversation that the episode belongs to (its stream); null for memories. */
  conversationId: string | null;
  /** Place of the episode in its conversation, from 0; 0 for memories. */
  ordinal: number;
  /** ISO 8601 in UTC: when it entered the log (transaction time). */
  createdAt: string;
  /** Episodes that a memory was extracted from; empty for episodes and for verbatim memories. */
  sourceEpisodeIds: readonly string[];
}

export interface IndexChange {
  upsert: readonly IndexedDocument[];
  remove: readonly string[];
}

/** One candidate with what the ranker needs to judge it, neighbours of the same conversation included. */
export interface SearchHit {
  document: IndexedDocument;
  /** Weighted sum of the features; higher is better. */
  score: number;
  /** Every feature's value by its name in the weights file; only when asked to explain. */
  features?: Readonly<Record<string, number>>;
}

export interface SearchRequest {
  tenantId: string;
  /** The question as the caller wrote it, not empty. */
  query: string;
  /** What the caller may see and asked for; evaluated before ranking, never after. */
  filter: Filter;
  /** 1 to 50 results. */
  limit: number;
  explain: boolean;
}
