import { BestScores, PARTS, type ScoredSlot, type Wanted } from './best-scores.js';
import { BestSlots } from './best-slots.js';
import type { SlotPredicate } from './fields.js';
import type { TenantIndex } from './tenant-index.js';
import { inParts, type Pauses } from './turns.js';

/** Beside that of one step of a scan. */
const COST_OF_A_COSINE = 64;

/** The slots that pass whose vectors point most in a direction; see `SearchIndex.nearest`. */
export async function nearestSlots(
  index: TenantIndex,
  direction: Float64Array,
  wanted: Wanted,
  limit: number,
  pauses: Pauses,
): Promise<ScoredSlot[]> {
  if (!index.vectors.isOf(direction.length)) return [];
  const slots = wanted.few ?? (await likelyNearest(index, direction, wanted.passes, limit, pauses));
  const best = new BestScores(index, limit);
  for (const { first, end } of inParts(slots.length, COST_OF_A_COSINE)) {
    if (pauses.isDue()) await pauses.next();
    for (let at = first; at < end; at++) {
      const slot = slots[at]!;
      if (index.vectors.has(slot) && wanted.passes(slot)) best.offer(slot, index.vectors.cosine(slot, direction));
    }
  }
  return best.bestFirst();
}

/** Every slot that passes and could be among the nearest, and perhaps some more that pass. */
async function likelyNearest(
  index: TenantIndex,
  direction: Float64Array,
  passes: SlotPredicate,
  limit: number,
  pauses: Pauses,
): Promise<number[]> {
  const likely = new Map<number, number>();
  const best = new BestSlots(limit, (slot, other) => likely.get(slot)! < likely.get(other)!);
  let least = 0;
  for (const first of index.vectors.blocks()) {
    if (pauses.isDue()) await pauses.next();
    const { values, error } = index.vectors.nearCosines(direction, first);
    // What is a little below 0 may be above it, and so may what is a little below the worst that is kept.
    const slack = 2 * error + 1 / PARTS;
    for (let at = 0; at < values.length; at++) {
      const value = values[at]!;
      const slot = first + at;
      if (value < least - slack || !index.vectors.has(slot) || !passes(slot)) continue;
      likely.set(slot, value);
      best.offer(slot, always);
      const worst = best.worst();
      if (worst !== undefined) least = Math.max(0, likely.get(worst)!);
    }
  }
  return Array.from(likely.keys());
}

const always = (): boolean => true;
