import { saturate } from '#libs/domain/ranking/bm25.js';
import type { SearchView } from '#libs/domain/ranking/statistics.js';
import { MEAN_LENGTHS } from '#libs/domain/ranking/statistics.js';
import type { WeightedTerm } from '#libs/ports/search-index.js';
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

/**
 * Scores every text of a view of one tenant, term by term along the postings, and keeps the best documents. A text is
 * known by its key: the slot of its turn, or in the session view the number of its conversation. The arrays are scratch
 * space for all searches: a search leaves them zeroed, and it never pauses while it uses them.
 */
export class ViewScores {
  private scores = new Float64Array(0);
  private counts = new Uint32Array(0);
  private scored = new Int32Array(0);
  private scoredCount = 0;
  private counted = new Int32Array(0);
  private countedCount = 0;
  /** By key: whether its text is scored at all, while `few` documents are wanted. */
  private marked = new Uint8Array(0);
  private marksCount = false;

  /** The best `limit` slots that pass, by score rounded to 1e-6, then id. */
  best(
    index: TenantIndex,
    view: SearchView,
    terms: readonly WeightedTerm[],
    { passes, few }: Wanted,
    limit: number,
  ): ScoredSlot[] {
    this.reserve(Math.max(index.slotLimit, index.conversations.codeLimit));
    const keys = few && keysOf(index, view, few);
    this.mark(keys, 1);
    const lengthOf = lengthsOf(index, view);
    for (const { term, weight } of terms) {
      if (weight <= 0) continue;
      this.count(index, view, index.occurrencesOf(term));
      this.addScores(weight, lengthOf, MEAN_LENGTHS[view]);
    }
    const best =
      view === 'session' ? this.selectOfSessions(index, passes, limit) : this.selectTurns(index, passes, limit);
    for (let at = 0; at < this.scoredCount; at++) this.scores[this.scored[at]!] = 0;
    this.scoredCount = 0;
    this.mark(keys, 0);
    return best;
  }

  /** How often each text of the view holds a term, given the occurrences in turns. */
  private count(index: TenantIndex, view: SearchView, occurrences: Uint32Array): void {
    const { previous, next, codes } = index.conversations.links;
    for (const slot of occurrences) {
      if (view === 'turn') {
        this.countAt(slot);
        continue;
      }
      const code = codes[slot]! - 1;
      if (code < 0) continue;
      if (view === 'session') {
        this.countAt(code);
        continue;
      }
      this.countAt(slot);
      const after = next[slot]! - 1;
      if (after >= 0) this.countAt(after);
      const other = view === 'window' ? previous[slot]! - 1 : after >= 0 ? next[after]! - 1 : -1;
      if (other >= 0) this.countAt(other);
    }
  }

  private mark(keys: Iterable<number> | null, value: 0 | 1): void {
    this.marksCount = keys !== null && value === 1;
    for (const key of keys ?? []) this.marked[key] = value;
  }

  private countAt(key: number): void {
    if (this.marksCount && this.marked[key] === 0) return;
    if (this.counts[key]! === 0) this.counted[this.countedCount++] = key;
    this.counts[key]! += 1;
  }

  private addScores(weight: number, lengthOf: (key: number) => number, meanLength: number): void {
    const { scores, counts, counted } = this;
    for (let at = 0; at < this.countedCount; at++) {
      const key = counted[at]!;
      if (scores[key]! === 0) this.scored[this.scoredCount++] = key;
      scores[key]! += weight * saturate(counts[key]!, lengthOf(key), meanLength);
      counts[key] = 0;
    }
    this.countedCount = 0;
  }

  private selectTurns(index: TenantIndex, passes: SlotPredicate, limit: number): ScoredSlot[] {
    const { scores, scored } = this;
    const scoreOf = (slot: number): number => scores[slot]!;
    const best = new BestSlots(limit, isWorseBy(index, scoreOf));
    let cut = -Infinity;
    for (let at = 0; at < this.scoredCount; at++) {
      const slot = scored[at]!;
      // Most texts are far from the best: one comparison is enough for them.
      if (scores[slot]! < cut) continue;
      best.offer(slot, passes);
      const worst = best.worst();
      if (worst !== undefined) cut = scores[worst]! - 1 / PARTS;
    }
    return best.bestFirst().map((slot) => ({ slot, score: scores[slot]! }));
  }

  /** Episodes of the best conversations, each with the score of its conversation. */
  private selectOfSessions(index: TenantIndex, passes: SlotPredicate, limit: number): ScoredSlot[] {
    const { conversations } = index;
    const scoreOf = (slot: number): number => this.scores[conversations.codeOf(slot)]!;
    const best = new BestSlots(limit, isWorseBy(index, scoreOf));
    const codes = this.scored
      .slice(0, this.scoredCount)
      .sort((left, right) => this.scores[right]! - this.scores[left]!);
    for (const code of codes) {
      const worst = best.worst();
      // Nothing that follows scores higher than the worst one kept.
      if (worst !== undefined && rounded(scoreOf(worst)) > rounded(this.scores[code]!)) break;
      for (const slot of conversations.membersOf(code)) best.offer(slot, passes);
    }
    return best.bestFirst().map((slot) => ({ slot, score: scoreOf(slot) }));
  }

  private reserve(keys: number): void {
    if (keys <= this.scores.length) return;
    const size = Math.ceil(keys * 1.5);
    this.scores = new Float64Array(size);
    this.counts = new Uint32Array(size);
    this.scored = new Int32Array(size);
    this.counted = new Int32Array(size);
    this.marked = new Uint8Array(size);
  }
}

function keysOf(index: TenantIndex, view: SearchView, slots: Uint32Array): Iterable<number> {
  if (view !== 'session') return slots;
  const { codes } = index.conversations.links;
  return Array.from(slots, (slot) => codes[slot]! - 1).filter((code) => code >= 0);
}

function rounded(score: number): number {
  return Math.round(score * PARTS);
}

/** Orders slots by score rounded to 1e-6, then id. */
export function isWorseBy(
  index: TenantIndex,
  scoreOf: (slot: number) => number,
): (slot: number, other: number) => boolean {
  return (slot, other) => {
    const difference = rounded(scoreOf(slot)) - rounded(scoreOf(other));
    return difference !== 0 ? difference < 0 : index.documentAt(slot).id > index.documentAt(other).id;
  };
}

/** Tokens of a text of the view by its key. */
function lengthsOf(index: TenantIndex, view: SearchView): (key: number) => number {
  const { conversations } = index;
  const { previous, next } = conversations.links;
  if (view === 'session') return (code) => conversations.lengthOf(code);
  if (view === 'turn') return (slot) => index.lengthAt(slot);
  return (slot) => {
    const before = previous[slot]! - 1;
    const other = view === 'window' ? next[slot]! - 1 : before >= 0 ? previous[before]! - 1 : -1;
    return index.lengthAt(slot) + (before >= 0 ? index.lengthAt(before) : 0) + (other >= 0 ? index.lengthAt(other) : 0);
  };
}
