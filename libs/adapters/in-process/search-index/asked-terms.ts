import { saturate } from '#libs/domain/ranking/bm25.js';
import type { WeightedTerm } from '#libs/ports/search-index.js';
import { NONE } from './conversations.js';
import type { TenantIndex } from './tenant-index.js';

/** The words of a question, ready to be counted in the texts of one tenant. */
export class AskedTerms {
  /** The terms that count and that some text holds, in the order asked. */
  readonly terms: readonly { code: number; weight: number; place: number }[];
  /** By term of the tenant: its place among those asked plus 1; 0 where it is not asked. */
  private readonly placesPlusOne: Uint16Array;
  private readonly counts: Uint32Array;

  constructor(
    private readonly index: TenantIndex,
    asked: readonly WeightedTerm[],
  ) {
    this.placesPlusOne = new Uint16Array(index.termLimit);
    let places = 0;
    this.terms = asked.flatMap(({ term, weight }) => {
      const code = weight > 0 ? index.codeOfTerm(term) : undefined;
      if (code === undefined) return [];
      const place = (this.placesPlusOne[code] ||= ++places) - 1;
      return [{ code, weight, place }];
    });
    this.counts = new Uint32Array(places);
  }

  /** How often texts hold the terms, all together. */
  get occurrences(): number {
    return this.terms.reduce((sum, { code }) => sum + this.index.postings.lengthOf(code), 0);
  }

  /** BM25 of the text that up to three turns make; NONE stands for no turn. */
  scoreOf(meanLength: number, one: number, two = NONE, three = NONE): number {
    this.begin();
    const length = this.count(one) + this.count(two) + this.count(three);
    return this.score(length, meanLength);
  }

  /** BM25 of many turns as one text. */
  scoreOfAll(meanLength: number, slots: readonly number[]): number {
    this.begin();
    let length = 0;
    for (const slot of slots) length += this.count(slot);
    return this.score(length, meanLength);
  }

  private begin(): void {
    for (let place = 0; place < this.counts.length; place++) this.counts[place] = 0;
  }

  /** @returns the tokens of the turn */
  private count(slot: number): number {
    if (slot === NONE) return 0;
    const { tokens } = this.index;
    const length = tokens.lengthOf(slot);
    if (length === 0) return 0;
    const page = tokens.pageOf(slot);
    const first = tokens.placeOf(slot);
    for (let at = first; at < first + length; at++) {
      const place = this.placesPlusOne[page[at]!]!;
      if (place !== 0) this.counts[place - 1]! += 1;
    }
    return length;
  }

  private score(length: number, meanLength: number): number {
    let score = 0;
    for (const { weight, place } of this.terms) {
      const count = this.counts[place]!;
      if (count > 0) score += weight * saturate(count, length, meanLength);
    }
    return score;
  }
}
