import { saturate } from '#libs/domain/ranking/bm25.js';
import type { SearchView } from '#libs/domain/ranking/statistics.js';
import { MEAN_LENGTHS } from '#libs/domain/ranking/statistics.js';
import type { WeightedTerm } from '#libs/ports/search-index.js';
import { BestSlots } from './best-slots.js';
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
    view: SearchView,
    terms: readonly WeightedTerm[],
    passes: SlotPredicate,
    limit: number,
  ): { slot: number; score: number }[] {
    if (view === 'session') return this.bestOfSessions(index, terms, passes, limit);
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

  /** Episodes of the best conversations, by the score of their conversation, then id. */
  private bestOfSessions(
    index: TenantIndex,
    terms: readonly WeightedTerm[],
    passes: SlotPredicate,
    limit: number,
  ): { slot: number; score: number }[] {
    const { conversations } = index;
    const scores = new Map<number, number>();
    for (const { term, weight } of terms) {
      if (weight <= 0) continue;
      for (const [code, count] of index.countByConversation(term)) {
        const score = weight * saturate(count, conversations.lengthOf(code), MEAN_LENGTHS.session);
        scores.set(code, (scores.get(code) ?? 0) + score);
      }
    }
    const scoreOf = (slot: number): number => scores.get(conversations.codeOf(slot))!;
    const best = new BestSlots(limit, isWorseBy(index, scoreOf));
    const bestFirst = [...scores].sort(([, left], [, right]) => right - left);
    for (const [code, score] of bestFirst) {
      // Nothing that follows scores higher than the worst one kept.
      const worst = best.worst();
      if (worst !== undefined && rounded(scoreOf(worst)) > rounded(score)) break;
      for (const slot of conversations.membersOf(code)) best.offer(slot, passes);
    }
    return best.bestFirst().map((slot) => ({ slot, score: scoreOf(slot) }));
  }

  /** How often each document of the view holds a term, given the occurrences in turns. */
  private count(index: TenantIndex, view: SearchView, occurrences: Uint32Array): void {
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

  private addScores(index: TenantIndex, view: SearchView, weight: number): void {
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
    const scoreOf = (slot: number): number => this.scores[slot]!;
    const best = new BestSlots(limit, isWorseBy(index, scoreOf));
    for (let at = 0; at < this.scoredCount; at++) best.offer(this.scored[at]!, passes);
    return best.bestFirst().map((slot) => ({ slot, score: scoreOf(slot) }));
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

function rounded(score: number): number {
  return Math.round(score * 1e6);
}

function isWorseBy(index: TenantIndex, scoreOf: (slot: number) => number): (slot: number, other: number) => boolean {
  return (slot, other) => {
    const difference = rounded(scoreOf(slot)) - rounded(scoreOf(other));
    return difference !== 0 ? difference < 0 : index.documentAt(slot).id > index.documentAt(other).id;
  };
}

function lengthIn(index: TenantIndex, view: SearchView, slot: number): number {
  if (view === 'turn') return index.lengthAt(slot);
  const { conversations } = index;
  const previous = conversations.previousOf(slot);
  const other = view === 'window' ? conversations.nextOf(slot) : conversations.previousOf(previous);
  return index.lengthAt(previous) + index.lengthAt(slot) + index.lengthAt(other);
}
