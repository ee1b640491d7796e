import type { Evidence, MemoryEvent, MemoryVersion, SourceSpan, WorldTime } from '../memory/memory.events.js';
import { isBelieved, isDerived, type Memory } from '../memory/memory.evolve.js';
import type { Ownership } from '../scope/ownership.js';

/** One thing that a run means to do, with the versions of the memories that it was decided on. */
export type PlannedChange = MergeChange | DeriveChange | ExpireChange;

/** The sources are retired, and their evidence becomes the memory's. */
export interface MergeChange extends MemoryVersion {
  change: 'merge';
  sources: MemoryVersion[];
  similarity: number;
  reasons: string[];
}

/** A memory is concluded from others; with version 0 it is new. */
export interface DeriveChange extends MemoryVersion {
  change: 'derive';
  key: string;
  rule: string;
  ownership: Ownership;
  content: string;
  memoryType: string;
  confidence: number;
  metadata: Record<string, unknown>;
  observedAt: string;
  validFrom: WorldTime | null;
  /** Of the evidence that it rests on. */
  evidenceId: string;
  sources: MemoryVersion[];
  /** What was said that it was made of, where that were messages. */
  spans: SourceSpan[];
}

/** A memory grows stale, or is put away. */
export interface ExpireChange extends MemoryVersion {
  change: 'expire';
  to: 'stale' | 'archived';
  because: Record<string, string | number | null>;
}

/** A derived memory is never surer than this: nobody said it. */
export const derivedConfidenceCap = 0.85;

/** Version of what concludes memories from memories. */
export const reflectionVersion = 'reflection-1';

/** The memories that a change was decided on; a new one is not among them. */
export function basisOf(change: PlannedChange): MemoryVersion[] {
  const own = change.version === 0 ? [] : [{ memoryId: change.memoryId, version: change.version }];
  return change.change === 'expire' ? own : [...own, ...change.sources];
}

/** How many memories are believed no more afterwards. */
export function retiredBy(change: PlannedChange): string[] {
  if (change.change === 'merge') return change.sources.map(({ memoryId }) => memoryId);
  return change.change === 'expire' && change.to === 'archived' ? [change.memoryId] : [];
}

/**
 * Whether the change still fits what is there: every memory that it was decided on has the version that it had; what is
 * merged or changed is believed, and nothing disputes what is merged; a memory that is to be new is not there.
 */
export function isCurrent(change: PlannedChange, known: ReadonlyMap<string, Memory>): boolean {
  if (change.version === 0 && known.has(change.memoryId)) return false;
  return basisOf(change).every(({ memoryId, version }) => {
    const memory = known.get(memoryId);
    if (!memory || memory.version !== version) return false;
    // What was concluded may rest on what was believed once: the past of a trend.
    if (change.change === 'derive' && memoryId !== change.memoryId) return memory.status !== 'forgotten';
    return isBelieved(memory) && (change.change !== 'merge' || memory.disputes.length === 0);
  });
}

/** The events of a change, in order, on the memories that it was decided on. Pure: a dry run shows what applying appends. */
export function eventsOf(runId: string, change: PlannedChange, known: ReadonlyMap<string, Memory>): MemoryEvent[] {
  switch (change.change) {
    case 'merge':
      return merged(runId, change, known);
    case 'derive':
      return [derived(runId, change)];
    case 'expire': {
      const { memoryId, to, because } = change;
      return [{ type: 'MemoryExpired', data: { memoryId, runId, to, because } }];
    }
  }
}

function merged(runId: string, change: MergeChange, known: ReadonlyMap<string, Memory>): MemoryEvent[] {
  const { memoryId, sources, similarity, reasons } = change;
  const canonical = known.get(memoryId)!;
  const others = sources.map((source) => known.get(source.memoryId)!);
  const had = new Set(canonical.evidence.map(({ id }) => id));
  const evidence = new Map<string, Evidence>();
  for (const piece of others.flatMap((other) => other.evidence)) {
    if (!had.has(piece.id)) evidence.set(piece.id, piece);
  }
  const confidence = Math.max(canonical.confidence, ...others.map((other) => other.confidence));
  const data = { memoryId, runId, sources, evidence: [...evidence.values()], confidence, similarity, reasons };
  return [
    { type: 'MemoriesConsolidated', data },
    ...others.map(({ id }): MemoryEvent => {
      const closed = { memoryId: id, supersededBy: memoryId, contradictionId: null, validTo: null, runId };
      return { type: 'MemorySuperseded', data: closed };
    }),
  ];
}

function derived(runId: string, change: DeriveChange): MemoryEvent {
  const { change: _change, version: _version, rule, sources, spans, evidenceId, ...derivation } = change;
  const evidence: Evidence = {
    ...{ id: evidenceId, sourceType: 'reflection', sources: spans, ruleId: rule, extractorVersion: reflectionVersion },
    ...{ metadata: {}, origin: { session: null, source: 'inferred' }, derivedFrom: sources },
  };
  const confidence = Math.min(derivation.confidence, derivedConfidenceCap);
  return { type: 'MemoryReflected', data: { ...derivation, runId, confidence, evidence } };
}

/** Ids of the memories that derived ones rest on. */
export function citedBy(memories: Iterable<Memory>): Set<string> {
  const cited = new Set<string>();
  for (const memory of memories) {
    if (!isDerived(memory)) continue;
    for (const { derivedFrom = [] } of memory.evidence) for (const { memoryId } of derivedFrom) cited.add(memoryId);
  }
  return cited;
}
