import type { Ownership } from '../scope/ownership.js';

/** A verbatim place in a message: `content.slice(start, end)` in UTF-16 code units. */
export interface SourceSpan {
  /** Id of the episode that the message became. */
  messageId: string;
  /** The caller's own id of the message, where it gave one. */
  externalId: string | null;
  start: number;
  end: number;
}

/** A time in the world, ISO 8601 in UTC, with how exactly it is known. */
export interface WorldTime {
  instant: string;
  precision: string;
}

/** Names behind the ids of an ownership, so that a replay can rebuild the directory. */
export interface OwnershipNames {
  project: string;
  team: string | null;
  agent: string | null;
}

/** One reason to hold a memory. Distinct evidence ids count once, however often they are delivered. */
export interface Evidence {
  id: string;
  sourceType: SourceType;
  sources: SourceSpan[];
  /** Rule id and version, or `statement` for a memory that the caller stated. */
  ruleId: string;
  extractorVersion: string | null;
  metadata: Record<string, unknown>;
}

/** Where a memory came from: a message of a conversation, or a statement of the caller. */
export type SourceType = 'message' | 'statement';

export interface MemoryLearned {
  type: 'MemoryLearned';
  data: {
    memoryId: string;
    ownership: Ownership;
    names: OwnershipNames;
    content: string;
    memoryType: string;
    confidence: number;
    metadata: Record<string, unknown>;
    modality: string;
    /** When it was said (ISO 8601). */
    observedAt: string;
    validFrom: WorldTime | null;
    validTo: WorldTime | null;
    evidence: Evidence;
  };
}

/** A person or a caller changed fields; absent fields stay as they were. */
export interface MemoryRevised {
  type: 'MemoryRevised';
  data: {
    memoryId: string;
    content?: string;
    memoryType?: string;
    confidence?: number;
    metadata?: Record<string, unknown>;
  };
}

/** The same was said again: more evidence, no new memory. */
export interface MemoryReinforced {
  type: 'MemoryReinforced';
  data: { memoryId: string; evidence: Evidence };
}

/** Soft deletion: it is no longer believed, but its history stays. */
export interface MemoryForgotten {
  type: 'MemoryForgotten';
  data: { memoryId: string };
}

/** Hard deletion: the key of the stream is destroyed in the same transaction. */
export interface MemoryErased {
  type: 'MemoryErased';
  data: { memoryId: string };
}

export type MemoryEvent = MemoryLearned | MemoryRevised | MemoryReinforced | MemoryForgotten | MemoryErased;
