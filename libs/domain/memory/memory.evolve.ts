import type { Ownership } from '../scope/ownership.js';
import type { Evidence, MemoryEvent, WorldTime } from './memory.events.js';

/** A memory as its events leave it. */
export interface Memory {
  id: string;
  ownership: Ownership;
  content: string;
  memoryType: string;
  confidence: number;
  metadata: Record<string, unknown>;
  modality: string;
  status: 'active' | 'forgotten';
  observedAt: string;
  validFrom: WorldTime | null;
  validTo: WorldTime | null;
  /** Distinct by id, in the order of the log. */
  evidence: Evidence[];
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
  if (readable.type === 'MemoryLearned') {
    if (state.kind === 'known') throw new Error(`memory ${state.memory.id} was learned twice`);
    return { kind: 'known', memory: learned(readable.data) };
  }
  if (readable.type === 'MemoryErased') return { kind: 'erased', version: version + 1 };
  if (state.kind === 'absent') throw new Error(`${readable.type} on a memory that was never learned`);
  return { kind: 'known', memory: { ...change(state.memory, readable), version: version + 1 } };
}

function learned(data: Extract<MemoryEvent, { type: 'MemoryLearned' }>['data']): Memory {
  return {
    id: data.memoryId,
    ownership: data.ownership,
    content: data.content,
    memoryType: data.memoryType,
    confidence: data.confidence,
    metadata: data.metadata,
    modality: data.modality,
    status: 'active',
    observedAt: data.observedAt,
    validFrom: data.validFrom,
    validTo: data.validTo,
    evidence: [data.evidence],
    version: 1,
  };
}

type LaterEvent = Exclude<MemoryEvent, { type: 'MemoryLearned' } | { type: 'MemoryErased' }>;

function change(memory: Memory, event: LaterEvent): Memory {
  switch (event.type) {
    case 'MemoryRevised': {
      const { memoryId: _memoryId, ...revised } = event.data;
      return { ...memory, ...revised };
    }
    case 'MemoryReinforced': {
      const known = memory.evidence.some((evidence) => evidence.id === event.data.evidence.id);
      return known ? memory : { ...memory, evidence: [...memory.evidence, event.data.evidence] };
    }
    case 'MemoryForgotten':
      return { ...memory, status: 'forgotten' };
    default:
      return assertNever(event);
  }
}

function assertNever(event: never): never {
  throw new Error(`unknown memory event ${JSON.stringify(event)}`);
}
