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

/** Keeps the slots with the best scores by score rounded to 1e-6, then id. Each slot is offered once. */
export class BestScores {
  /** What scores less than this cannot be kept any more; nothing below 0 can. */
  cut = 0;
  /** A heap with the worst on top: slots, their scores, and these as whole numbers of parts. */
  private readonly slots: number[] = [];
  private readonly scores: number[] = [];
  private readonly parts: number[] = [];

  constructor(
    private readonly index: TenantIndex,
    private readonly limit: number,
  ) {}

  /** Keeps a slot whose score is above 0 if it is among the best so far. */
  offer(slot: number, score: number): void {
    if (score <= 0 || score < this.cut) return;
    const parts = Math.round(score * PARTS);
    const isFull = this.slots.length >= this.limit;
    if (!isFull) this.rise(slot, score, parts);
    else if (this.limit > 0 && this.isWorse(0, slot, parts)) this.sink(slot, score, parts);
    // A score that is less by so little is rounded to the same.
    if (this.slots.length === this.limit) this.cut = (this.scores[0] ?? Infinity) - 1 / PARTS;
  }

  bestFirst(): ScoredSlot[] {
    const order = Array.from(this.slots.keys());
    order.sort((left, right) => (this.isWorse(left, this.slots[right]!, this.parts[right]!) ? 1 : -1));
    return order.map((at) => ({ slot: this.slots[at]!, score: this.scores[at]! }));
  }

  /** Whether what stands at a place of the heap is worse than a slot with so many parts. */
  private isWorse(at: number, slot: number, parts: number): boolean {
    const difference = this.parts[at]! - parts;
    if (difference !== 0) return difference < 0;
    return this.index.documentAt(this.slots[at]!).id > this.index.documentAt(slot).id;
  }

  private rise(slot: number, score: number, parts: number): void {
    let at = this.slots.length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.isWorse(parent, slot, parts)) break;
      this.move(parent, at);
      at = parent;
    }
    this.put(at, slot, score, parts);
  }

  private sink(slot: number, score: number, parts: number): void {
    const size = this.slots.length;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child + 1 < size && this.isWorse(child + 1, this.slots[child]!, this.parts[child]!)) child += 1;
      if (child >= size || !this.isWorse(child, slot, parts)) break;
      this.move(child, at);
      at = child;
    }
    this.put(at, slot, score, parts);
  }

  private move(from: number, to: number): void {
    this.put(to, this.slots[from]!, this.scores[from]!, this.parts[from]!);
  }

  private put(at: number, slot: number, score: number, parts: number): void {
    this.slots[at] = slot;
    this.scores[at] = score;
    this.parts[at] = parts;
  }
}
