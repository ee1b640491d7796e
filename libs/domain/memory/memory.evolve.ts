import type { Claim } from '../belief/claim.js';
import { weighed } from '../belief/confidence.js';
import type { Ownership } from '../scope/ownership.js';
import {
  type BeliefAdjusted,
  derivedModality,
  type Evidence,
  type MemoryEvent,
  type MemoryImported,
  type MemoryLearned,
  type MemoryReflected,
  type WorldTime,
} from './memory.events.js';

/**
 * `active`: believed. `disputed`: believed, and something says otherwise. `stale`: believed, but said so long ago that
 * it may have changed. `superseded`: no longer believed, because something else is. `archived`: put away, because
 * nobody needs it. `forgotten`: deleted, or taken back by an undo.
 */
export type MemoryStatus = 'active' | 'disputed' | 'stale' | 'superseded' | 'archived' | 'forgotten';

/** What is believed now; the others are left out of lists and searches unless they are asked for. */
export const believedStatuses = ['active', 'disputed', 'stale'] as const satisfies readonly MemoryStatus[];
/** What was believed once, and can be again. */
export const retiredStatuses = ['superseded', 'archived'] as const satisfies readonly MemoryStatus[];

/** A memory as its events leave it. */
export interface Memory {
  id: string;
  ownership: Ownership;
  content: string;
  memoryType: string;
  confidence: number;
  metadata: Record<string, unknown>;
  modality: string;
  status: MemoryStatus;
  observedAt: string;
  validFrom: WorldTime | null;
  validTo: WorldTime | null;
  /** The belief that took its place. */
  supersededBy: string | null;
  /** Every contradiction that it is or was part of. */
  contradictions: string[];
  /** Those of them that nobody settled. */
  disputes: string[];
  /** Distinct by id, in the order of the log. */
  evidence: Evidence[];
  /** Ids of the weights that count already and are no evidence for it. */
  adjustments: string[];
  claims: Claim[];
  /** The import that brought it; absent in rows, which nobody asks for it. */
  importId?: string;
  /** Number of events of its stream; 1 after it was learned. */
  version: number;
}

/** `absent`: never learned. `erased`: hard-deleted, or its key is gone and nothing of it can be read. */
export type MemoryState = { kind: 'absent' } | { kind: 'erased'; version: number } | { kind: 'known'; memory: Memory };

export const absentMemory: MemoryState = { kind: 'absent' };

/** An event whose payload can no longer be opened, because its key was destroyed. */
export interface UnreadableEvent {
  type: string;
  data: null;
}

/** Folds one event into the state of a memory. Pure; the same events give the same state for ever. */
export function evolveMemory(state: MemoryState, event: MemoryEvent | UnreadableEvent): MemoryState {
  const version = state.kind === 'absent' ? 0 : state.kind === 'erased' ? state.version : state.memory.version;
  if (event.data === null || state.kind === 'erased') return { kind: 'erased', version: version + 1 };
  const readable = event as MemoryEvent;
  if (readable.type === 'MemoryLearned' || readable.type === 'MemoryImported') {
    if (state.kind === 'known') throw new Error(`memory ${state.memory.id} was learned twice`);
    return { kind: 'known', memory: begun(readable) };
  }
  if (readable.type === 'MemoryReflected' && state.kind === 'absent') {
    return { kind: 'known', memory: reflected(readable.data) };
  }
  if (readable.type === 'MemoryErased') return { kind: 'erased', version: version + 1 };
  if (state.kind === 'absent') throw new Error(`${readable.type} on a memory that was never learned`);
  return { kind: 'known', memory: { ...change(state.memory, readable), version: version + 1 } };
}

function begun(event: MemoryLearned | MemoryImported): Memory {
  const memory = learned(event.data);
  if (event.type === 'MemoryLearned') return memory;
  const { status, moreEvidence, origin } = event.data;
  const evidence = [...memory.evidence, ...moreEvidence];
  return { ...memory, status, evidence, importId: origin.importId };
}

function learned(data: MemoryLearned['data']): Memory {
  return {
    id: data.memoryId,
    ownership: data.ownership,
    content: data.content,
    memoryType: data.memoryType,
    confidence: data.confidence,
    metadata: data.metadata,
    modality: data.modality,
    status: data.supersededBy === undefined ? 'active' : 'superseded',
    observedAt: data.observedAt,
    validFrom: data.validFrom,
    validTo: data.validTo,
    supersededBy: data.supersededBy ?? null,
    contradictions: data.contradictionIds ?? [],
    disputes: [],
    evidence: [data.evidence],
    adjustments: [],
    claims: data.read?.claims ?? [],
    version: 1,
  };
}

function reflected(data: MemoryReflected['data']): Memory {
  const { ownership, content, memoryType, confidence, metadata, observedAt, validFrom, evidence } = data;
  return {
    ...{ id: data.memoryId, ownership, content, memoryType, confidence, metadata, observedAt, validFrom },
    ...{ modality: derivedModality, status: 'active', validTo: null, supersededBy: null, evidence: [evidence] },
    ...{ contradictions: [], disputes: [], adjustments: [], claims: [], version: 1 },
  };
}

type LaterEvent = Exclude<MemoryEvent, { type: 'MemoryLearned' | 'MemoryImported' | 'MemoryErased' }>;

function change(memory: Memory, event: LaterEvent): Memory {
  switch (event.type) {
    case 'MemoryRevised': {
      const { memoryId: _memoryId, read, ...revised } = event.data;
      return { ...fresh(memory), ...revised, claims: read?.claims ?? memory.claims };
    }
    case 'MemoryReinforced':
      return supported(fresh(memory), event.data.evidence, event.data.weight ?? 0);
    case 'MemoryRefined': {
      const { content, metadata, evidence, weight, read } = event.data;
      return { ...supported(fresh(memory), evidence, weight), content, metadata, claims: read.claims };
    }
    case 'MemorySuperseded': {
      const { supersededBy, validTo, contradictionId } = event.data;
      const contradictions = including(memory.contradictions, contradictionId);
      const closed = { supersededBy, validTo, contradictions, disputes: [] };
      return { ...memory, ...closed, status: 'superseded' };
    }
    case 'BeliefAdjusted':
      return adjusted(memory, event.data);
    case 'MemoryRestored':
      return { ...memory, ...event.data.restored };
    case 'MemoriesConsolidated': {
      const known = new Set(memory.evidence.map(({ id }) => id));
      const evidence = [...memory.evidence, ...event.data.evidence.filter(({ id }) => !known.has(id))];
      return { ...fresh(memory), confidence: event.data.confidence, evidence };
    }
    case 'MemoryReflected': {
      const { content, confidence, metadata, validFrom, evidence } = event.data;
      return { ...fresh(memory), content, confidence, metadata, validFrom, evidence: [evidence] };
    }
    case 'MemoryExpired':
      return { ...memory, status: event.data.to };
    case 'MemoryForgotten':
      return { ...memory, status: 'forgotten' };
    default:
      return assertNever(event);
  }
}

/** What was said again is as good as new. */
function fresh(memory: Memory): Memory {
  return memory.status === 'stale' ? { ...memory, status: 'active' } : memory;
}

function supported(memory: Memory, evidence: Evidence, weight: number): Memory {
  if (memory.evidence.some(({ id }) => id === evidence.id)) return memory;
  const confidence = weighed(memory.confidence, weight);
  return { ...memory, confidence, evidence: [...memory.evidence, evidence] };
}

function adjusted(memory: Memory, { evidenceId, weight, contradictionId, dispute }: BeliefAdjusted['data']): Memory {
  if (memory.adjustments.includes(evidenceId)) return memory;
  const isOpen = dispute === 'open';
  const disputes = isOpen
    ? including(memory.disputes, contradictionId)
    : memory.disputes.filter((id) => dispute !== 'settled' || id !== contradictionId);
  const believed = disputes.length > 0 ? 'disputed' : 'active';
  return {
    ...memory,
    confidence: weighed(memory.confidence, weight),
    contradictions: including(memory.contradictions, contradictionId),
    disputes,
    status: isBelieved(memory) ? believed : memory.status,
    adjustments: including(memory.adjustments, evidenceId),
  };
}

function including(ids: readonly string[], id: string | null): string[] {
  return id === null || ids.includes(id) ? [...ids] : [...ids, id];
}

/** Whether it is among what is believed now. */
export function isBelieved({ status }: { status: string }): boolean {
  return (believedStatuses as readonly string[]).includes(status);
}

/** Whether it was concluded from other memories, and said by nobody. */
export function isDerived({ modality }: { modality: string }): boolean {
  return modality === derivedModality;
}

function assertNever(event: never): never {
  throw new Error(`unknown memory event ${JSON.stringify(event)}`);
}
