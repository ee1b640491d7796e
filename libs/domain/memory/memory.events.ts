import type { Claim } from '../belief/claim.js';
import type { Memory } from './memory.evolve.js';
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
  /** Absent in logs from before evidence was weighed. */
  origin?: EvidenceOrigin;
  /** The memories that a derived one was concluded from, as they were then. */
  derivedFrom?: MemoryVersion[];
}

/** A memory as it was after so many events of its stream. */
export interface MemoryVersion {
  memoryId: string;
  version: number;
}

/** What decides how much a piece of evidence weighs beside others. */
export interface EvidenceOrigin {
  /** Keyed hash of the session in which it was said. */
  session: string | null;
  /** Whose word it is, from strong to weak: `system_of_record`, `user`, `tool`, `assistant`, `inferred`. */
  source: string;
}

/** What the reader of statements made of a content, and which reader it was. */
export interface ReadClaims {
  claims: Claim[];
  claimsVersion: string;
}

/** Where a memory came from: a message of a conversation, a statement of the caller, or other memories. */
export type SourceType = 'message' | 'statement' | 'reflection';

/** How a memory is meant that nobody said: it was concluded from others. */
export const derivedModality = 'derived';

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
    /** Absent in logs from before claims were read. */
    read?: ReadClaims;
    /** The belief that had already taken its place when it was told: an older fact that came late. */
    supersededBy?: string;
    /** The contradictions that it was found in when it was told. */
    contradictionIds?: string[];
  };
}

/** A version that an imported memory had where it came from. */
export interface EarlierVersion {
  eventType: string;
  recordedAt: string;
  reason: string | null;
  decision: Record<string, unknown> | null;
  content: string;
  memoryType: string;
  confidence: number;
  metadata: Record<string, unknown>;
  status: string;
  validFrom: WorldTime | null;
  validTo: WorldTime | null;
  supersededBy: string | null;
}

/** A memory came from a file, with all that the file told of it. */
export interface MemoryImported {
  type: 'MemoryImported';
  data: MemoryLearned['data'] & {
    status: 'active' | 'disputed' | 'stale' | 'superseded' | 'archived';
    /** What supports it beside `evidence`. */
    moreEvidence: Evidence[];
    /** When it was made and changed last where it came from; ISO 8601 in UTC. */
    createdAt: string;
    updatedAt: string;
    /** Which import brought it, and from what: `memorystack`, or the name of another system with its own id of the row. */
    origin: { importId: string; system: string; rowId: string | null };
    /** Its versions there, the earliest first; null where the file had none. */
    earlier: EarlierVersion[] | null;
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
    read?: ReadClaims;
  };
}

/** The same was said again: more evidence, no new memory. */
export interface MemoryReinforced {
  type: 'MemoryReinforced';
  /** `weight`: what it adds to the log-odds; absent in logs from before evidence was weighed. */
  data: { memoryId: string; evidence: Evidence; weight?: number };
}

/** The same memory, said more exactly: it takes the new words, and keeps its id and its evidence. */
export interface MemoryRefined {
  type: 'MemoryRefined';
  data: {
    memoryId: string;
    content: string;
    metadata: Record<string, unknown>;
    evidence: Evidence;
    weight: number;
    read: ReadClaims;
  };
}

/** Another belief took its place. It stays, closed, for whoever asks what was believed. */
export interface MemorySuperseded {
  type: 'MemorySuperseded';
  data: {
    memoryId: string;
    supersededBy: string;
    contradictionId: string | null;
    /** When it stopped being true; null where that is not known, as after a correction. */
    validTo: WorldTime | null;
    /** The maintenance run that merged it into the other. */
    runId?: string;
  };
}

/** Others that say the same were merged into this one: it keeps its words, and has their evidence too. */
export interface MemoriesConsolidated {
  type: 'MemoriesConsolidated';
  data: {
    memoryId: string;
    runId: string;
    sources: MemoryVersion[];
    /** Of the sources, without what this one had already. */
    evidence: Evidence[];
    /** The highest of all of them: to be said twice in the same words does not make a thing surer. */
    confidence: number;
    /** How alike the least alike of the sources is, 0 to 1. */
    similarity: number;
    /** Why they were taken to be the same. */
    reasons: string[];
  };
}

/** Concluded from other memories: for the first time, or anew. Nobody said it, so it is evidence for nothing. */
export interface MemoryReflected {
  type: 'MemoryReflected';
  data: {
    memoryId: string;
    runId: string;
    /** What it is about, such as `habit:run:morning`; the same in every run. */
    key: string;
    ownership: Ownership;
    content: string;
    memoryType: string;
    confidence: number;
    metadata: Record<string, unknown>;
    observedAt: string;
    validFrom: WorldTime | null;
    /** One piece, which names the memories that it was concluded from. */
    evidence: Evidence;
  };
}

/** Time passed: what was said may be true no more (`stale`), or nobody needs it any more (`archived`). */
export interface MemoryExpired {
  type: 'MemoryExpired';
  data: {
    memoryId: string;
    runId: string;
    to: 'stale' | 'archived';
    /** What was known when that was decided, such as the half-life and the day of the last read. */
    because: Record<string, string | number | null>;
  };
}

/** Evidence about a belief that is no support for it: a contradiction, its settlement, a caller's word. */
export interface BeliefAdjusted {
  type: 'BeliefAdjusted';
  data: {
    memoryId: string;
    /** Counts once, however often it is delivered. */
    evidenceId: string;
    /** What it adds to the log-odds. */
    weight: number;
    /** The contradiction that it is about. */
    contradictionId: string | null;
    /** Whether the belief is part of that contradiction from now on (`open`), or no more (`settled`). */
    dispute: 'open' | 'settled' | null;
  };
}

/** What undo and redo bring back: a memory as it was. */
export type RestorableMemory = Omit<Memory, 'id' | 'ownership' | 'modality' | 'observedAt' | 'importId' | 'version'>;

/** An undo, or a redo: the memory is as it was before the named events. */
export interface MemoryRestored {
  type: 'MemoryRestored';
  data: {
    memoryId: string;
    kind: 'undo' | 'redo';
    /** Ids of the events of this memory that it takes back. */
    undoes: string[];
    restored: RestorableMemory;
  };
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

export type MemoryEvent =
  | MemoryLearned
  | MemoryImported
  | MemoryRevised
  | MemoryReinforced
  | MemoryRefined
  | MemorySuperseded
  | BeliefAdjusted
  | MemoryRestored
  | MemoriesConsolidated
  | MemoryReflected
  | MemoryExpired
  | MemoryForgotten
  | MemoryErased;
