import type { BeliefPolicies, BeliefPolicy } from '#libs/domain/belief/policy.js';
import type { Relation } from '#libs/domain/belief/relation.js';
import type { MaintenanceKind, MaintenanceRun } from '#libs/domain/maintenance/run.js';
import type { MaintenanceSettings } from '#libs/domain/maintenance/settings.js';
import type { LineageGraph } from '#libs/domain/lineage/lineage.js';
import type { OwnershipNames } from '#libs/domain/memory/memory.events.js';
import type { QuestionReading, ScoreExplanation } from '#libs/domain/ranking/explanation.js';
import type { Filter } from '#libs/domain/scope/filter.js';
import type { Caller, Placement } from '#libs/domain/scope/ownership.js';
import type {
  AgentRow,
  ContradictionQuery,
  ContradictionRow,
  EpisodeRow,
  Handoff,
  ListQuery,
  MemoryRow,
  MemorySubject,
  MemoryTotals,
  MemoryVersionRow,
  PageStart,
} from './memory-reader.js';
import type { ExportQuery, ExportStart, MemoryChange, Span, WholeMemory } from './past-memories.js';
import type { UnreadText } from './search-index.js';

/** A moment of the log: a position, or the last one that was recorded at an instant (ISO 8601 in UTC) or before. */
export type Moment = { position: number } | { instant: string };

/** Where a moment is in the log; `future` and `before` are no places in it. */
export type MomentAnswer =
  { kind: 'found'; position: number } | { kind: 'future'; head: number } | { kind: 'before'; begins: string | null };

/** Which beliefs are looked at: those of an earlier position or, with none, of now; and which of them. */
export interface View {
  asOf?: number | null;
  filter?: Filter;
}

export interface SearchAnswerHit {
  /** A memory, or an episode that no memory stands for. */
  memory: MemoryRow | null;
  episode: EpisodeRow | null;
  score: number;
  /** Only when asked to explain, and only of a question. */
  explanation?: ScoreExplanation;
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
  /** Search the beliefs of this position instead of those of now. */
  asOf?: number | null;
  /** Superseded memories count in full, because what was true earlier is asked for. */
  keepSuperseded?: boolean;
}

export interface SearchAnswer {
  hits: SearchAnswerHit[];
  mode: string;
  /** How the question was understood; only when asked to explain. */
  question?: QuestionReading;
}

export interface MemoryListQuery extends ListQuery {
  /** List the beliefs of this position instead of those of now. */
  asOf?: number | null;
}

export interface DifferencesQuery extends Span {
  /** Only whose the memories are may be asked for, which never changes. */
  filter: Filter;
  after: PageStart | null;
  limit: number;
}

/**
 * What became of a memory between two positions. `added`: learned. `retired`: no longer believed, or gone. `restored`:
 * believed again, or back. `revised`: anything else. A memory that was forgotten is absent on that side.
 */
export interface MemoryDifference {
  kind: 'added' | 'revised' | 'retired' | 'restored';
  before: MemoryRow | null;
  after: MemoryRow | null;
  /** What happened to it, in the order of the log: the last of it, where it is very much. */
  changes: MemoryChange[];
  hasEarlierChanges: boolean;
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

/** A memory in whole, with the names behind the ids of its owner. */
export interface ExportedMemory extends WholeMemory {
  names: OwnershipNames;
}

export interface ExportPage {
  memories: ExportedMemory[];
  /** Null at the end; a page before it may be empty. */
  next: ExportStart | null;
}

export type Page<T> = { rows: T[]; next: PageStart | null };

/** A contradiction with what its two sides say; null where the caller may not see one, or it is gone. */
export interface ShownContradiction {
  contradiction: ContradictionRow;
  content: string | null;
  otherContent: string | null;
}

/** Behind an event of the log: its commit, and which one of the commit it is, from 0. */
export interface LogPlace {
  position: number;
  /** `limits.eventsPerCommit` stands behind the whole commit. */
  index: number;
}

export interface ChangesQuery {
  after: LogPlace;
  limit: number;
  /** Null: events of every type. */
  types: readonly string[] | null;
  /** Null: everything. With a filter, only what belongs to somebody: memories, messages, contradictions. */
  filter: Filter | null;
}

/** One event of the log, as the caller may see it. */
export interface LogChange {
  place: LogPlace;
  eventId: string;
  type: string;
  /** ISO 8601 in UTC: when the log took it. */
  recordedAt: string;
  reason: string | null;
  memoryId: string | null;
  /** The memory as this event left it; null where the event is of something else, or erased it. */
  memory: MemoryRow | null;
  /** What an event says that is of no memory. */
  data: Record<string, unknown> | null;
}

export interface ChangePage {
  changes: LogChange[];
  next: LogPlace;
  /** Where the log ended when it was read. */
  head: number;
}

/** Memories, the newest first, and what connects them among themselves and with the world. */
export interface MemoryGraph {
  memories: MemoryRow[];
  subjects: MemorySubject[];
  /** Between two of the memories. */
  contradictions: ContradictionRow[];
  /** Of which conversation the messages are that a memory was extracted from; what the caller may not see is left out. */
  conversations: { memoryId: string; conversationId: string; saidAt: string }[];
  /** Names of the agents that the caller's project knows, by id. */
  agentNames: [id: string, name: string][];
}

/**
 * Port: the gateway's questions to search. Visibility is decided behind it, from the caller, on every question.
 *
 * Promises:
 * - What the caller may not see is absent, exactly as if it did not exist; in a lineage it is told to be there, without
 *   anything of it.
 * - With `asOf` the answer is the one that the same question had when the log ended at that position, without what was
 *   erased since.
 * - With `minPosition` the answer holds everything up to that position, or the call fails with `behind`.
 */
export abstract class MemoryQueries {
  /** Where a moment is in the log of the tenant, now. */
  abstract moment(tenantId: string, moment: Moment): Promise<MomentAnswer>;
  abstract get(caller: Caller, id: string, minPosition: number, view?: View | null): Promise<MemoryRow | null>;
  abstract list(caller: Caller, query: MemoryListQuery, minPosition: number): Promise<Page<MemoryRow>>;
  abstract search(caller: Caller, query: SearchQuery, minPosition: number): Promise<SearchAnswer>;
  /** Put on the state at `from`, they give the state at `to`. In the order of a list. */
  abstract differences(caller: Caller, query: DifferencesQuery, minPosition: number): Promise<Page<MemoryDifference>>;
  /** Asked page by page at one position, it gives every memory that the caller could see there once. */
  abstract exported(caller: Caller, query: ExportQuery): Promise<ExportPage>;
  /** How a statement stands to what the caller believes; nothing changes. */
  abstract relations(caller: Caller, query: RelationsQuery, minPosition: number): Promise<RelationsAnswer>;
  /** What happens by itself when beliefs of the tenant contradict each other. */
  abstract beliefPolicies(tenantId: string): Promise<BeliefPolicies>;
  abstract history(
    caller: Caller,
    id: string,
    minPosition: number,
  ): Promise<{ memory: MemoryRow; versions: MemoryVersionRow[] } | null>;
  /**
   * Why a memory is believed; null where it is not there, or was not at `asOf`.
   * @param asOf the position up to which the log is read; null: to its end
   */
  abstract lineage(
    caller: Caller,
    id: string,
    query: { asOf: number | null },
    minPosition: number,
  ): Promise<LineageGraph | null>;
  abstract contradictions(
    caller: Caller,
    query: ContradictionQuery,
    minPosition: number,
  ): Promise<Page<ShownContradiction>>;
  abstract contradiction(caller: Caller, id: string, minPosition: number): Promise<ShownContradiction | null>;
  abstract agents(
    caller: Caller,
    query: { after: PageStart | null; limit: number },
    minPosition: number,
  ): Promise<Page<AgentRow>>;
  abstract handoffs(caller: Caller, sessionId: string, limit: number, minPosition: number): Promise<Handoff[]>;
  /** The newest memories that the filter lets through, with what connects them. */
  abstract memoryGraph(
    caller: Caller,
    query: { filter: Filter; limit: number },
    minPosition: number,
  ): Promise<MemoryGraph>;
  /** Of the tenant, whoever may see it; with a view, of what it lets through. */
  abstract totals(tenantId: string, minPosition: number, view?: View | null): Promise<MemoryTotals>;
  /** Of the index that answers the tenant's searches now. */
  abstract searchState(tenantId: string): Promise<SearchState>;
  /**
   * Texts that the index has no vectors of yet, at most `limit`, in no order. For the services alone: nobody's view is
   * laid over it.
   */
  abstract unreadTexts(tenantId: string, limit: number): Promise<UnreadText[]>;
  /** Resolves when rows and search index hold everything up to `position`. */
  abstract reached(tenantId: string, position: number): Promise<{ position: number }>;
  /** Runs of maintenance, the latest first; of the tenant, whoever may see what they changed. */
  abstract maintenanceRuns(tenantId: string, query: RunsQuery, minPosition: number): Promise<Page<ShownRun>>;
  abstract maintenanceRun(tenantId: string, id: string, minPosition: number): Promise<ShownRun | null>;
  /** What maintenance does by itself, and whether the tenant chose it. */
  abstract maintenanceSettings(tenantId: string): Promise<{ settings: MaintenanceSettings; isSet: boolean }>;
  /**
   * What happened after a place of the log, as far as the caller may see it: at most `limit` changes, and maybe none
   * though more follow. `next` leads on until it is at the end of the log.
   */
  abstract changes(caller: Caller, query: ChangesQuery): Promise<ChangePage>;
  /** Waits until the log ends beyond `position`, for at most `waitMs` (no more than 5,000). @returns where it ends */
  abstract grown(tenantId: string, position: number, waitMs: number): Promise<number>;
  /** The end of the tenant's log. */
  abstract headPosition(tenantId: string): Promise<number>;
  /** Readiness for `/readyz` and `/health`: per projection how far it is, and what is parked. */
  abstract status(): Promise<ProjectionStatus>;
}

export interface RunsQuery {
  kind: MaintenanceKind | null;
  after: PageStart | null;
  limit: number;
}

/** A run with when it was planned. */
export interface ShownRun extends MaintenanceRun {
  createdAt: string;
}

export interface SearchState {
  /** Number of the generation of the index. */
  index: number;
  /** Name of the model of its vectors; `none` without one. */
  embedder: string;
  /** Of the tenant. */
  documents: number;
  /** Those of them that the embedder has not read yet. */
  pendingEmbeddings: number;
}

export interface ProjectionStatus {
  ready: boolean;
  /** Documents loaded while the search index is rebuilt at start. */
  indexedDocuments: number;
  parkedStreams: number;
}
