import type { Memory } from '../memory/memory.evolve.js';
import { slotRuleOf } from '../belief/slot-registry.js';
import { isProtected } from './expire.js';

/** A tie-breaker: more than a tenth would reorder what the words found. */
export const DECAY_MOST = 0.1;

/**
 * What the score of a memory is multiplied by for its age, from 1 + `DECAY_MOST` for a new one towards 1 − `DECAY_MOST`
 * for an old one, and exactly 1 at its half-life: 1 + .1·(2·2^(−age / half-life) − 1). What has no half-life, and what
 * is protected (identity, health, guidelines), is always 1. Read-time only, and off unless somebody turns it on.
 *
 * @param ageDays since it was last told; what lies in the future is new
 * @param halfLifeDays null: it does not wear off
 */
export function decayMultiplier(ageDays: number, halfLifeDays: number | null, isProtected: boolean): number {
  if (isProtected || halfLifeDays === null || halfLifeDays <= 0) return 1;
  return 1 + DECAY_MOST * (2 * 2 ** (-Math.max(0, ageDays) / halfLifeDays) - 1);
}

const dayMs = 86_400_000;

/**
 * What a memory's score is multiplied by at a time. It wears off as slowly as the slowest of what it says; one that says
 * something that does not wear off, or nothing that is known to, does not.
 * @param now ISO 8601 in UTC
 */
export function decayOf(memory: Pick<Memory, 'memoryType' | 'claims' | 'observedAt'>, now: string): number {
  const halfLives = memory.claims.map(({ slot }) => slotRuleOf(slot).halfLifeDays);
  const wears = halfLives.length > 0 && halfLives.every((days) => days !== null && days !== undefined);
  const halfLifeDays = wears ? Math.max(...(halfLives as number[])) : null;
  return decayMultiplier((Date.parse(now) - Date.parse(memory.observedAt)) / dayMs, halfLifeDays, isProtected(memory));
}
