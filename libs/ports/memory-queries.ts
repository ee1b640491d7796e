import type { BeliefPolicies, BeliefPolicy } from '#libs/domain/belief/policy.js';
import type { Relation } from '#libs/domain/belief/relation.js';
import type { Filter } from '#libs/domain/scope/filter.js';
import type { Caller, Placement } from '#libs/domain/scope/ownership.js';
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

/** A statement that nobody has made yet. */
export interface RelationsQuery {
  content: string;
  confidence: number;
  placement: Placement;
  /** ISO 8601 in UTC: what "yesterday" counts from. */
  askedAt: string;
}

export interface RelationsAnswer {
  /** Every memory that it was compared with: those of the same slots first, then the nearest by words. */
  relations: {
    memory: MemoryRow;
    relation: Relation;
    policy: BeliefPolicy;
    /** Making the statement would end the memory by itself. */
    wouldSupersede: boolean;
  }[];
  /** The search index could not be asked, so only memories of the same slots were compared. */
  isDegraded: boolean;
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
  /** How a statement stands to what the caller believes; nothing changes. */
  abstract relations(caller: Caller, query: RelationsQuery, minPosition: number): Promise<RelationsAnswer>;
  /** What happens by itself when beliefs of the tenant contradict each other. */
  abstract beliefPolicies(tenantId: string): Promise<BeliefPolicies>;
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
