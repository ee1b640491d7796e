import { believerIdentity, type Ownership } from '../scope/ownership.js';
import type { Filterable } from '../scope/filter.js';
import { streamSafe } from '../stream-safe.js';
import type { MemoryErased, MemoryForgotten, MemoryRevised } from './memory.events.js';
import type { Memory, MemoryState } from './memory.evolve.js';

export interface RevisionRequest {
  /** The version that the caller saw; null accepts any. */
  expectedVersion: number | null;
  content?: string;
  memoryType?: string;
  confidence?: number;
  metadata?: Record<string, unknown>;
}

export type MemoryDecision<E> =
  | { kind: 'events'; events: E[]; memory: Memory }
  | { kind: 'not_found' }
  /** Only what is believed is revised. */
  | { kind: 'superseded'; by: string | null }
  | { kind: 'version_conflict'; expected: number; actual: number };

/** Changes fields of a memory. No event when nothing would change. */
export function decideRevision(state: MemoryState, request: RevisionRequest): MemoryDecision<MemoryRevised> {
  if (state.kind !== 'known' || state.memory.status === 'forgotten') return { kind: 'not_found' };
  const { memory } = state;
  if (memory.status === 'superseded') return { kind: 'superseded', by: memory.supersededBy };
  const { expectedVersion, ...wanted } = request;
  if (expectedVersion !== null && expectedVersion !== memory.version) {
    return { kind: 'version_conflict', expected: expectedVersion, actual: memory.version };
  }
  const data: MemoryRevised['data'] = { memoryId: memory.id };
  for (const field of ['content', 'memoryType', 'confidence', 'metadata'] as const) {
    const value = wanted[field];
    if (value !== undefined && !isSameJson(value, memory[field])) {
      Object.assign(data, { [field]: value });
    }
  }
  const changes = Object.keys(data).length > 1;
  return { kind: 'events', events: changes ? [{ type: 'MemoryRevised', data }] : [], memory };
}

/** Ends a memory. A hard deletion also takes one that was softly deleted before. */
export function decideForgetting(state: MemoryState, hard: boolean): MemoryDecision<MemoryForgotten | MemoryErased> {
  if (state.kind !== 'known') return { kind: 'not_found' };
  const { memory } = state;
  if (memory.status === 'forgotten' && !hard) return { kind: 'not_found' };
  const data = { memoryId: memory.id };
  return { kind: 'events', events: [{ type: hard ? 'MemoryErased' : 'MemoryForgotten', data }], memory };
}

/** Whether two JSON values are the same; the order of the keys of an object means nothing. */
function isSameJson(left: unknown, right: unknown): boolean {
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return left === right;
  if (Array.isArray(left) !== Array.isArray(right)) return false;
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && isSameJson(left[key as never], right[key as never]))
  );
}

/**
 * The form in which two texts say the same: Unicode NFKC, lower case, white space folded, closing punctuation off.
 * A text of nothing but punctuation stays as it is.
 */
export function normalForm(content: string): string {
  // Composed twice: a few small letters (such as j with caron) are composed where their capitals are not.
  const lower = streamSafe(content).normalize('NFKC').toLowerCase();
  const letters = streamSafe(lower).normalize('NFKC');
  const folded = letters.split(/\s+/u).filter(Boolean).join(' ');
  let end = folded.length;
  while (end > 0 && '.!?…;, '.includes(folded[end - 1]!)) end -= 1;
  return end === 0 ? folded : folded.slice(0, end);
}

/** What makes a memory an exact duplicate of another: the parts that its `content:` reservation is hashed from. */
export function contentIdentity(ownership: Ownership, memoryType: string, content: string): string[] {
  return [...believerIdentity(ownership), memoryType, normalForm(content)];
}

/** A memory as filters see it. */
export function memoryFilterable(memory: Memory): Filterable {
  const { ownership, memoryType, status, confidence, metadata, observedAt } = memory;
  const validFrom = memory.validFrom?.instant ?? observedAt;
  const times = { saidAt: observedAt, validFrom, validTo: memory.validTo?.instant ?? null };
  return { ...ownership, ...times, kind: 'memory', memoryType, status, confidence, metadata };
}
