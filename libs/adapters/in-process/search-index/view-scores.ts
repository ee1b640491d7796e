import { saturate } from '#libs/domain/ranking/bm25.js';
import type { SearchView } from '#libs/domain/ranking/statistics.js';
import { MEAN_LENGTHS } from '#libs/domain/ranking/statistics.js';
import type { WeightedTerm } from '#libs/ports/search-index.js';
import { AskedTerms } from './asked-terms.js';
import { BestScores, type ScoredSlot, type Wanted } from './best-scores.js';
import { SessionScores } from './session-scores.js';
import type { TenantIndex } from './tenant-index.js';
import { inParts, type Pauses } from './turns.js';

/** To count words in the texts themselves costs about as much as to pass so many occurrences or slots. */
const COST_OF_A_TEXT = 48;
/** Longer texts are taken for as long as this where only a bound is needed. */
const LONGEST_BOUND = 255;
/** More than all roundings of a sum in single precision. */
const SLACK = 1 + 1e-4;

/** Room for `masses`, which nobody uses now, zeroed. */
let spare = new Float32Array(0);

/**
 * Finds the best texts of one tenant for one question, in all views.
 *
 * Every occurrence of an asked word adds the weight of the word to the mass of its turn. Saturation is concave, so a text
 * scores at most the mass of its turns times what a single occurrence is worth in a text of its length. Only what could
 * be among the best by that bound has its words counted; that is a small part, and for it scores are exact.
 */
export class ViewScores {
  private readonly asked: AskedTerms;
  /** Whether words are counted in every text that is wanted, without bounds. */
  private readonly countsAll: boolean;
  /** By slot plus 1, so that what has no neighbour reads 0. */
  private masses: Float32Array<ArrayBuffer> | null = null;

  constructor(
    private readonly index: TenantIndex,
    terms: readonly WeightedTerm[],
    private readonly wanted: Wanted,
    private readonly limit: number,
    private readonly pauses: Pauses,
  ) {
    this.asked = new AskedTerms(index, terms);
    const { few } = wanted;
    this.countsAll = few !== null && few.length * COST_OF_A_TEXT <= this.asked.occurrences + few.length;
  }

  /** The best slots of each view that pass, by score rounded to 1e-6, then id. */
  async best(views: readonly SearchView[]): Promise<ScoredSlot[][]> {
    if (this.asked.terms.length === 0) return views.map(() => []);
    const { index, asked, wanted, limit, pauses } = this;
    try {
      const found: ScoredSlot[][] = [];
      for (const view of views) {
        if (view === 'session') found.push(await new SessionScores(index, asked, pauses).best(wanted, limit));
        else found.push(await this.bestOf(view));
      }
      return found;
    } finally {
      this.giveBack();
    }
  }

  private async bestOf(view: TurnView): Promise<ScoredSlot[]> {
    const masses = this.countsAll ? null : (this.masses ??= await this.weigh());
    const best = new BestScores(this.index, this.limit);
    const count = this.wanted.few?.length ?? this.index.slotLimit;
    for (const { first, end } of inParts(count, masses ? 1 : COST_OF_A_TEXT)) {
      if (this.pauses.isDue()) await this.pauses.next();
      if (!masses) this.countTexts(view, first, end, best);
      else if (view === 'turn') this.passTurns(masses, first, end, best);
      else this.passWindows(masses, view, first, end, best);
    }
    return best.bestFirst();
  }

  private async weigh(): Promise<Float32Array<ArrayBuffer>> {
    const size = this.index.slotLimit + 1;
    const masses = spare.length < size ? new Float32Array(Math.ceil(size * 1.25)) : spare;
    spare = new Float32Array(0);
    this.masses = masses;
    for (const { code, weight } of this.asked.terms) {
      const occurrences = this.index.postings.valuesOf(code);
      for (const { first, end } of inParts(occurrences.length)) {
        if (this.pauses.isDue()) await this.pauses.next();
        for (let at = first; at < end; at++) masses[occurrences[at]! + 1]! += weight;
      }
    }
    return masses;
  }

  private countTexts(view: TurnView, first: number, end: number, best: BestScores): void {
    const { passes, few } = this.wanted;
    for (let at = first; at < end; at++) {
      const slot = few ? few[at]! : at;
      if (passes(slot)) best.offer(slot, this.scoreOf(view, slot));
    }
  }

  private passTurns(masses: Float32Array, first: number, end: number, best: BestScores): void {
    const { tokens } = this.index;
    const { passes, few } = this.wanted;
    const factors = factorsOf('turn');
    let least = leastMass(best, factors);
    for (let at = first; at < end; at++) {
      const slot = few ? few[at]! : at;
      const mass = masses[slot + 1]!;
      if (mass < least) continue;
      if (mass * factors[Math.min(tokens.lengthOf(slot), LONGEST_BOUND)]! < best.cut || !passes(slot)) continue;
      best.offer(slot, this.scoreOf('turn', slot));
      least = leastMass(best, factors);
    }
  }

  private passWindows(masses: Float32Array, view: TurnView, first: number, end: number, best: BestScores): void {
    const { index } = this;
    const { previous, next, codes } = index.conversations.links;
    const { passes, few } = this.wanted;
    const factors = factorsOf(view);
    const isWindow = view === 'window';
    let least = leastMass(best, factors);
    for (let at = first; at < end; at++) {
      const slot = few ? few[at]! : at;
      const before = previous[slot]!;
      const other = isWindow ? next[slot]! : before === 0 ? 0 : previous[before - 1]!;
      const mass = masses[slot + 1]! + masses[before]! + masses[other]!;
      if (mass < least || codes[slot] === 0) continue;
      const length = index.lengthAt(slot) + index.lengthAt(before - 1) + index.lengthAt(other - 1);
      if (mass * factors[Math.min(length, LONGEST_BOUND)]! < best.cut || !passes(slot)) continue;
      best.offer(slot, this.asked.scoreOf(MEAN_LENGTHS[view], slot, before - 1, other - 1));
      least = leastMass(best, factors);
    }
  }

  private scoreOf(view: TurnView, slot: number): number {
    const { conversations } = this.index;
    if (view === 'turn') return this.asked.scoreOf(MEAN_LENGTHS.turn, slot);
    // What stands in no conversation has no window.
    if (conversations.codeOf(slot) < 0) return 0;
    const before = conversations.previousOf(slot);
    const other = view === 'window' ? conversations.nextOf(slot) : conversations.previousOf(before);
    return this.asked.scoreOf(MEAN_LENGTHS[view], slot, before, other);
  }

  private giveBack(): void {
    if (!this.masses) return;
    this.masses.fill(0);
    if (this.masses.length > spare.length) spare = this.masses;
    this.masses = null;
  }
}

/** With less mass no text can be kept, however short; with none it shares no word. */
function leastMass(best: BestScores, factors: Float64Array): number {
  return Math.max(best.cut / factors[0]!, Number.MIN_VALUE);
}

type TurnView = Exclude<SearchView, 'session'>;

const factors = new Map<SearchView, Float64Array>();

/** By length of a text: what one occurrence is worth in it, at least. */
function factorsOf(view: TurnView): Float64Array {
  let known = factors.get(view);
  if (!known) {
    const factor = (_: unknown, length: number): number => saturate(1, length, MEAN_LENGTHS[view]) * SLACK;
    factors.set(view, (known = Float64Array.from({ length: LONGEST_BOUND + 1 }, factor)));
  }
  return known;
}
