import { saturate } from '#libs/domain/ranking/bm25.js';
import { MEAN_LENGTHS } from '#libs/domain/ranking/statistics.js';
import type { AskedTerms } from './asked-terms.js';
import { BestScores, type ScoredSlot, type Wanted } from './best-scores.js';
import type { TenantIndex } from './tenant-index.js';
import { inParts, type Pauses } from './turns.js';

/** Conversations have tens of turns. */
const COST_OF_A_CONVERSATION = 32;

/** Finds the episodes of the conversations that have most of the words of a question. */
export class SessionScores {
  constructor(
    private readonly index: TenantIndex,
    private readonly asked: AskedTerms,
    private readonly pauses: Pauses,
  ) {}

  /** The best slots that pass, each with the score of its conversation. */
  async best({ passes, few }: Wanted, limit: number): Promise<ScoredSlot[]> {
    const { conversations } = this.index;
    const codes = few ? this.codesOf(few) : allBelow(conversations.codeLimit);
    const scores = this.areCheap(codes) ? await this.scoresOfFew(codes) : await this.scoresOfAll();
    const best = new BestScores(this.index, limit);
    for (const { first, end } of inParts(codes.length, COST_OF_A_CONVERSATION)) {
      if (this.pauses.isDue()) await this.pauses.next();
      for (let at = first; at < end; at++) {
        const score = scores[codes[at]!]!;
        if (score === 0 || score < best.cut) continue;
        for (const slot of conversations.membersOf(codes[at]!)) if (passes(slot)) best.offer(slot, score);
      }
    }
    return best.bestFirst();
  }

  private codesOf(few: Uint32Array): Int32Array {
    const { codes } = this.index.conversations.links;
    const found = new Set<number>();
    for (const slot of few) if (codes[slot]! > 0) found.add(codes[slot]! - 1);
    return Int32Array.from(found);
  }

  /** Whether to read all that was said in them takes less than to pass every occurrence of the words. */
  private areCheap(codes: Int32Array): boolean {
    const { conversations } = this.index;
    let left = this.asked.occurrences;
    for (let at = 0; at < codes.length && left >= 0; at++) left -= conversations.lengthOf(codes[at]!);
    return left >= 0;
  }

  /** By code of a conversation: its score; 0 for the others. */
  private async scoresOfFew(codes: Int32Array): Promise<Float64Array> {
    const { conversations } = this.index;
    const scores = new Float64Array(conversations.codeLimit);
    for (const code of codes) {
      if (this.pauses.isDue()) await this.pauses.next();
      scores[code] = this.asked.scoreOfAll(MEAN_LENGTHS.session, conversations.membersOf(code));
    }
    return scores;
  }

  private async scoresOfAll(): Promise<Float64Array> {
    const { conversations, postings } = this.index;
    const { codes } = conversations.links;
    const scores = new Float64Array(conversations.codeLimit);
    // By code plus 1; what stands in no conversation is counted at 0.
    const counts = new Uint32Array(conversations.codeLimit + 1);
    for (const { code: term, weight } of this.asked.terms) {
      const occurrences = postings.valuesOf(term);
      for (const { first, end } of inParts(occurrences.length)) {
        if (this.pauses.isDue()) await this.pauses.next();
        for (let at = first; at < end; at++) counts[codes[occurrences[at]!]!]! += 1;
      }
      if (this.pauses.isDue()) await this.pauses.next();
      for (let code = 0; code < scores.length; code++) {
        const count = counts[code + 1]!;
        if (count > 0) scores[code]! += weight * saturate(count, conversations.lengthOf(code), MEAN_LENGTHS.session);
      }
      counts.fill(0);
    }
    return scores;
  }
}

function allBelow(limit: number): Int32Array {
  const codes = new Int32Array(limit);
  for (let code = 0; code < limit; code++) codes[code] = code;
  return codes;
}
