import { BestSlots } from './best-slots.js';
import type { SlotPredicate } from './fields.js';
import type { TenantIndex } from './tenant-index.js';

/** Scores are compared rounded to this many parts of one, so that every machine puts them into the same order. */
export const PARTS = 1e6;

export interface ScoredSlot {
  slot: number;
  score: number;
}

/** Which documents are wanted: those that pass; `few`, where it is known, holds them all. */
export interface Wanted {
  passes: SlotPredicate;
  few: Uint32Array | null;
}

/** Keeps the slots with the best scores. Each is offered once. */
export class BestScores {
  /** What scores less than this cannot be kept any more; nothing below 0 can. */
  cut = 0;
  private readonly scores = new Map<number, number>();
  private readonly best: BestSlots;

  constructor(index: TenantIndex, limit: number) {
    this.best = new BestSlots(
      limit,
      isWorseBy(index, (slot) => this.scores.get(slot)!),
    );
  }

  /** Keeps a slot whose score is above 0 if it is among the best so far. */
  offer(slot: number, score: number): void {
    if (score <= 0 || score < this.cut) return;
    this.scores.set(slot, score);
    this.best.offer(slot, always);
    const worst = this.best.worst();
    // A score that is less by so little is rounded to the same.
    if (worst !== undefined) this.cut = this.scores.get(worst)! - 1 / PARTS;
  }

  bestFirst(): ScoredSlot[] {
    return this.best.bestFirst().map((slot) => ({ slot, score: this.scores.get(slot)! }));
  }
}

/** Orders slots by score rounded to 1e-6, then id. */
function isWorseBy(index: TenantIndex, scoreOf: (slot: number) => number): (slot: number, other: number) => boolean {
  return (slot, other) => {
    const difference = rounded(scoreOf(slot)) - rounded(scoreOf(other));
    return difference !== 0 ? difference < 0 : index.documentAt(slot).id > index.documentAt(other).id;
  };
}

function rounded(score: number): number {
  return Math.round(score * PARTS);
}

const always = (): boolean => true;
