import type { Filter } from '#libs/domain/scope/filter.js';
import type { Caller } from '#libs/domain/scope/ownership.js';
import type {
  AgentRow,
  EpisodeRow,
  Handoff,
  ListQuery,
  MemoryRow,
  MemoryTotals,
  MemoryVersionRow,
  PageStart,
} from './memory-reader.js';

export interface SearchAnswerHit {
  /** A memory, or an episode that no memory stands for. */
  memory: MemoryRow | null;
  episode: EpisodeRow | null;
  score: number;
  features?: Readonly<Record<string, number>>;
  /** The messages behind the hit. */
  sources: { messageId: string; externalId: string | null; start: number; end: number }[];
}

export interface SearchQuery {
  /** Empty lists the newest. */
  text: string;
  filter: Filter;
  limit: number;
  mode: 'hybrid' | 'text' | 'vector';
  explain: boolean;
  /** Null: episodes that no memory stands for are found by a question, and left out of an empty query's list. */
  includeEpisodes: boolean | null;
}

export interface SearchAnswer {
  hits: SearchAnswerHit[];
  mode: string;
}

export type Page<T> = { rows: T[]; next: PageStart | null };

/**
 * Port: the gateway's questions to search. Visibility is decided behind it, from the caller, on every question.
 *
 * Promises:
 * - What the caller may not see is absent, exactly as if it did not exist.
 * - With `minPosition` the answer holds everything up to that position, or the call fails with `behind`.
 */
export abstract class MemoryQueries {
  abstract get(caller: Caller, id: string, minPosition: number): Promise<MemoryRow | null>;
  abstract list(caller: Caller, query: ListQuery, minPosition: number): Promise<Page<MemoryRow>>;
  abstract search(caller: Caller, query: SearchQuery, minPosition: number): Promise<SearchAnswer>;
  abstract history(
    caller: Caller,
    id: string,
    minPosition: number,
  ): Promise<{ memory: MemoryRow; versions: MemoryVersionRow[] } | null>;
  abstract agents(
    caller: Caller,
    query: { after: PageStart | null; limit: number },
    minPosition: number,
  ): Promise<Page<AgentRow>>;
  abstract handoffs(caller: Caller, sessionId: string, limit: number, minPosition: number): Promise<Handoff[]>;
  abstract totals(tenantId: string, minPosition: number): Promise<MemoryTotals>;
  /** The end of the tenant's log. */
  abstract headPosition(tenantId: string): Promise<number>;
  /** Readiness for `/readyz` and `/health`: per projection how far it is, and what is parked. */
  abstract status(): Promise<ProjectionStatus>;
}

export interface ProjectionStatus {
  ready: boolean;
  /** Documents loaded while the search index is rebuilt at start. */
  indexedDocuments: number;
  parkedStreams: number;
}
