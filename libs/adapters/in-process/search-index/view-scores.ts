import { saturate } from '#libs/domain/ranking/bm25.js';
import { MEAN_LENGTHS } from '#libs/domain/ranking/statistics.js';
import type { CandidateView, WeightedTerm } from '#libs/ports/search-index.js';
import { NONE } from './conversations.js';
import type { SlotPredicate } from './fields.js';
import type { TenantIndex } from './tenant-index.js';

/**
 * Scores every document of a tenant in one view, term by term along the postings, and keeps the best. The arrays are
 * scratch space for all searches: a search leaves them zeroed, and it never pauses while it uses them.
 */
export class ViewScores {
  private scores = new Float64Array(0);
  private counts = new Uint32Array(0);
  private scored = new Int32Array(0);
  private scoredCount = 0;
  private counted = new Int32Array(0);
  private countedCount = 0;

  /** The best `limit` slots that pass, by score rounded to 1e-6, then id. */
  best(
    index: TenantIndex,
    view: CandidateView,
    terms: readonly WeightedTerm[],
    passes: SlotPredicate,
    limit: number,
  ): { slot: number; score: number }[] {
    this.reserve(index.slotLimit);
    for (const { term, weight } of terms) {
      if (weight <= 0) continue;
      this.count(index, view, index.occurrencesOf(term));
      this.addScores(index, view, weight);
    }
    const best = this.select(index, passes, limit);
    for (let at = 0; at < this.scoredCount; at++) this.scores[this.scored[at]!] = 0;
    this.scoredCount = 0;
    return best;
  }

  /** How often each document of the view holds a term, given the occurrences in turns. */
  private count(index: TenantIndex, view: CandidateView, occurrences: Uint32Array): void {
    const { conversations } = index;
    for (const slot of occurrences) {
      if (view === 'turn') {
        this.countAt(slot);
        continue;
      }
      if (conversations.codeOf(slot) === NONE) continue;
      const next = conversations.nextOf(slot);
      this.countAt(slot);
      this.countAt(next);
      this.countAt(view === 'window' ? conversations.previousOf(slot) : conversations.nextOf(next));
    }
  }

  private countAt(slot: number): void {
    if (slot === NONE) return;
    if (this.counts[slot]! === 0) this.counted[this.countedCount++] = slot;
    this.counts[slot]! += 1;
  }

  private addScores(index: TenantIndex, view: CandidateView, weight: number): void {
    const meanLength = MEAN_LENGTHS[view];
    for (let at = 0; at < this.countedCount; at++) {
      const slot = this.counted[at]!;
      if (this.scores[slot]! === 0) this.scored[this.scoredCount++] = slot;
      this.scores[slot]! += weight * saturate(this.counts[slot]!, lengthIn(index, view, slot), meanLength);
      this.counts[slot] = 0;
    }
    this.countedCount = 0;
  }

  private select(index: TenantIndex, passes: SlotPredicate, limit: number): { slot: number; score: number }[] {
    const heap = new WorstFirst(limit, index);
    for (let at = 0; at < this.scoredCount; at++) {
      const slot = this.scored[at]!;
      const score = Math.round(this.scores[slot]! * 1e6);
      // The filter is asked only about what could be kept, and before anything is pushed out.
      if (heap.wants(slot, score) && passes(slot)) heap.add(slot, score);
    }
    return heap.bestFirst().map((slot) => ({ slot, score: this.scores[slot]! }));
  }

  private reserve(slots: number): void {
    if (slots <= this.scores.length) return;
    const size = Math.ceil(slots * 1.5);
    this.scores = new Float64Array(size);
    this.counts = new Uint32Array(size);
    this.scored = new Int32Array(size);
    this.counted = new Int32Array(size);
  }
}

function lengthIn(index: TenantIndex, view: CandidateView, slot: number): number {
  if (view === 'turn') return index.lengthAt(slot);
  const { conversations } = index;
  const previous = conversations.previousOf(slot);
  const other = view === 'window' ? conversations.nextOf(slot) : conversations.previousOf(previous);
  return index.lengthAt(previous) + index.lengthAt(slot) + index.lengthAt(other);
}

/** A heap of the best slots, the worst of them on top. */
class WorstFirst {
  private readonly slots: number[] = [];
  private readonly scores: number[] = [];

  constructor(
    private readonly limit: number,
    private readonly index: TenantIndex,
  ) {}

  wants(slot: number, score: number): boolean {
    return this.slots.length < this.limit || this.isWorse(this.slots[0]!, this.scores[0]!, slot, score);
  }

  add(slot: number, score: number): void {
    if (this.slots.length < this.limit) this.rise(slot, score);
    else this.sink(slot, score);
  }

  bestFirst(): number[] {
    const order = this.slots.map((_, at) => at);
    order.sort((left, right) =>
      this.isWorse(this.slots[left]!, this.scores[left]!, this.slots[right]!, this.scores[right]!) ? 1 : -1,
    );
    return order.map((at) => this.slots[at]!);
  }

  private isWorse(slot: number, score: number, otherSlot: number, otherScore: number): boolean {
    if (score !== otherScore) return score < otherScore;
    return this.index.documentAt(slot).id > this.index.documentAt(otherSlot).id;
  }

  private rise(slot: number, score: number): void {
    let at = this.slots.length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.isWorse(slot, score, this.slots[parent]!, this.scores[parent]!)) break;
      this.slots[at] = this.slots[parent]!;
      this.scores[at] = this.scores[parent]!;
      at = parent;
    }
    this.slots[at] = slot;
    this.scores[at] = score;
  }

  private sink(slot: number, score: number): void {
    const size = this.slots.length;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      if (
        child + 1 < size &&
        this.isWorse(this.slots[child + 1]!, this.scores[child + 1]!, this.slots[child]!, this.scores[child]!)
      )
        child += 1;
      if (!this.isWorse(this.slots[child]!, this.scores[child]!, slot, score)) break;
      this.slots[at] = this.slots[child]!;
      this.scores[at] = this.scores[child]!;
      at = child;
    }
    this.slots[at] = slot;
    this.scores[at] = score;
  }
}
