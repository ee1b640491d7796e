import type { Filter } from '#libs/domain/scope/filter.js';
import type { EarlierVersion, Evidence } from '#libs/domain/memory/memory.events.js';
import type { MemoryReader, MemoryRow, MemoryTotals, MemoryVersionRow, PageStart } from './memory-reader.js';
import type { IndexedDocument } from './search-index.js';

/** The rows that lists and searches show. */
export type MemoryRows = Pick<MemoryReader, 'memory' | 'memories' | 'listMemories' | 'listEpisodes' | 'episodes'>;

/** From after one position of the log up to another. */
export interface Span {
  from: number;
  to: number;
}

export interface ChangedQuery extends Span {
  /** Only what never changes may be asked for: whose a memory is. */
  filter: Filter;
  after: PageStart | null;
  limit: number;
}

/** Where a page of an export starts: after this memory. */
export interface ExportStart {
  /** ISO 8601 in UTC. */
  createdAt: string;
  id: string;
}

export interface ExportQuery {
  /** Memories as they were there. */
  position: number;
  filter: Filter;
  after: ExportStart | null;
  limit: number;
  withVersions: boolean;
}

/** A memory in whole. */
export interface WholeMemory {
  memory: MemoryRow;
  /** Distinct by id, in the order of the log. */
  evidence: Evidence[];
  /** The earliest first, those from before an import in its place; none where they were not asked for. */
  versions: (MemoryVersionRow | EarlierVersion)[];
}

/** What happened to a memory, and why. */
export type MemoryChange = { memoryId: string } & Pick<
  MemoryVersionRow,
  'version' | 'position' | 'recordedAt' | 'eventType' | 'eventId' | 'actor' | 'reason' | 'decision'
>;

/**
 * Port: reads what the read model of one tenant held when its log ended at an earlier position. It is asked only for
 * positions that the read model has reached.
 *
 * Promises:
 * - Every answer is the one that was given then, to the letter: rows, documents and totals alike.
 * - What was erased since is in no answer, as if it had never been there.
 * - It never answers another tenant's row, whatever the arguments.
 */
export abstract class PastMemories {
  /** Reads as `MemoryReader` did. A memory that was not yet learned, or was forgotten by then, is absent. */
  abstract asOf(position: number): MemoryRows;
  /** Of the memories that were not forgotten, and of the episodes, as far as they pass. */
  abstract totals(tenantId: string, position: number, filter: Filter): Promise<MemoryTotals>;
  /** Every document that a search could find, in pages of up to `pageSize`. */
  abstract allDocuments(tenantId: string, position: number, pageSize: number): AsyncIterable<IndexedDocument[]>;
  /** Those of `ids` that a search could find. */
  abstract documents(tenantId: string, position: number, ids: readonly string[]): Promise<IndexedDocument[]>;
  /** Ids of every document that changed, came or went, in no particular order. */
  abstract changedDocuments(tenantId: string, span: Span): Promise<string[]>;
  /**
   * One page of all memories in whole, by the time they were created at, then by id. A page may hold fewer than `limit`,
   * also none: there is more while `next` is not null.
   */
  abstract wholeMemories(
    tenantId: string,
    query: ExportQuery,
  ): Promise<{ rows: WholeMemory[]; next: ExportStart | null }>;
  /** How many memories and episodes had come by then and were not erased since: when it shrinks, something was erased. */
  abstract remaining(tenantId: string, position: number): Promise<number>;
  /** Memories to which something happened, by the position of the commit that learned them, then by id. */
  abstract changedMemories(tenantId: string, query: ChangedQuery): Promise<PageStart[]>;
  /** What happened to each of `ids`, the last `limitEach` of it, in the order of the log. */
  abstract changes(tenantId: string, ids: readonly string[], span: Span, limitEach: number): Promise<MemoryChange[]>;
}
