import type { Statement } from '../belief/claim.js';
import { slotRuleOf } from '../belief/slot-registry.js';
import type { Memory } from '../memory/memory.evolve.js';

/** A believed memory as maintenance looks at it; all that are given together belong to one believer (`believerKey`). */
export type MaintainedMemory = Pick<
  Memory,
  | 'id'
  | 'ownership'
  | 'content'
  | 'memoryType'
  | 'confidence'
  | 'metadata'
  | 'modality'
  | 'status'
  | 'observedAt'
  | 'validFrom'
  | 'validTo'
  | 'evidence'
  | 'claims'
  | 'disputes'
  | 'version'
> & {
  /** ISO 8601 in UTC. */
  createdAt: string;
  /** ISO 8601 in UTC: no earlier than its latest evidence; absent where it was told once. */
  lastToldAt?: string;
  /** `2026-03-01`: the last day on which somebody was shown it; null for never. */
  lastReadDay: string | null;
  /** Made by maintenance out of other memories: a pattern, a card, a summary. */
  derived: boolean;
};

/** The text of a memory as the reader of statements reads it: as it is compared when it is told. */
export type StatementOf = (memory: MaintainedMemory) => Statement;

/** Told with a past tense, these happened at some time, and may happen again: two tellings may tell of two. */
const HAPPENINGS: ReadonlySet<string> = new Set(['do', 'event', 'visited', 'status']);

/** Does the claim tell of something that happened at some moment, rather than of what is so? */
export function isHappening({ slot, aspect }: { slot: string; aspect: string }): boolean {
  return aspect === 'past' && HAPPENINGS.has(slotRuleOf(slot).name);
}

/** From the smallest to the largest by code units, the same on every machine. */
export function byText(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
