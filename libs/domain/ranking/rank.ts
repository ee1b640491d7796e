import type { ScoreAdjustment, ScoreExplanation } from './explanation.js';
import type { ScoredTurn } from './features.js';
import { contributionsOf, scoreTurns } from './features.js';
import type { TurnInContext } from './judged-turn.js';
import type { QuestionPlan } from './question-plan.js';
import type { RankingStatistics } from './statistics.js';
import type { Weights } from './weights.js';

/** The parts of a document that decide how results are put together. */
export interface RankedDocument {
  id: string;
  kind: 'memory' | 'episode';
  status: string;
  sourceEpisodeIds: readonly string[];
}

/** A candidate, or a document related to one, in the place where it was said. */
export interface RankableDocument<Document extends RankedDocument> {
  document: Document;
  context: TurnInContext;
}

export interface RankedResult<Document extends RankedDocument> {
  document: Document;
  /** Higher is better; only differences within one answer mean something, and it may be negative. */
  score: number;
  explanation: ScoreExplanation;
  /** The episodes that this result stands for: the episode itself, or the turns that a memory was extracted from. */
  episodeIds: readonly string[];
}

export interface RankingOptions {
  /** Most results to return. */
  limit: number;
  /** False when episodes only lend their scores to the memories extracted from them. */
  includeEpisodes: boolean;
  /** Supersession does not count against a claim, as when the answer is to be that of an earlier day. */
  keepSuperseded: boolean;
  weights: Weights;
}

/** A turn vouches for its memories, and a memory for its turns, with this share of its score. */
const RELATED_SHARE = 0.7;
const SUPERSEDED_SHARE = 0.5;
const SUPERSEDED = 'superseded';

/** A score, whose features made it, and what was taken from it on the way. */
interface Claim<Document extends RankedDocument> {
  score: number;
  of: Pick<Entry<Document>, 'document' | 'scored'>;
  adjustments: readonly ScoreAdjustment[];
}

/** A result whose features are not worked out before it is known to be returned. */
type Unexplained<Document extends RankedDocument> = Omit<RankedResult<Document>, 'explanation'> & {
  claim: Claim<Document>;
};

/** A document while its results are put together. */
interface Entry<Document extends RankedDocument> {
  document: Document;
  scored: ScoredTurn;
  /** 1, or what a superseded claim keeps of its score, and of the score of a turn that it stands for. */
  share: number;
  /** Its score by its own features. */
  own: Claim<Document>;
  related: Entry<Document>[];
}

/**
 * Ranks candidates and their related documents together and collapses a memory with its own turns into one result.
 * Order: score rounded to 1e-6 from high to low, then id.
 *
 * - An episode scores by its features. So does a memory, in the place of its source, or alone.
 * - Superseded claims keep half of their score unless the question asks about the past.
 * - Of the memories of a turn, the one that matches best stands for it and takes its score, or its own share where that
 *   is higher, so a turn never ranks lower for having been understood. A memory that shares no word with the question stands for a turn only
 *   if the turn shares none either. Current memories go before superseded ones.
 * - Another memory of the turn is a result of its own only if it matches a term that the first one does not.
 */
export function rankDocuments<Document extends RankedDocument>(
  plan: QuestionPlan,
  documents: readonly RankableDocument<Document>[],
  statistics: RankingStatistics,
  options: RankingOptions,
): RankedResult<Document>[] {
  const scored = scoreTurns(
    plan,
    documents.map(({ context }) => context),
    statistics,
    options.weights,
  );
  const keepSuperseded = options.keepSuperseded || plan.isHistorical;
  const entries = documents.map(({ document }, index): Entry<Document> => {
    const of = { document, scored: scored[index]! };
    const share = document.status === SUPERSEDED && !keepSuperseded ? SUPERSEDED_SHARE : 1;
    const own = shareOf({ score: of.scored.score, of, adjustments: [] }, 'superseded', share);
    return { document, scored: of.scored, share, own, related: [] };
  });
  relate(entries);
  const results = options.includeEpisodes ? collapse(entries) : memoriesAlone(entries);
  results.sort(byRank);
  return results
    .slice(0, options.limit)
    .map(({ claim, ...result }) => ({ ...result, explanation: explanationOf(claim, plan, options.weights) }));
}

/**
 * A share of a score that may be negative: it loses the rest of its magnitude, so it always ranks lower than the whole,
 * keeps the order of the scores that it is applied to, and passes smoothly through zero.
 */
export function discounted(score: number, share: number): number {
  return score - (1 - share) * Math.abs(score);
}

/** Orders by score rounded to 1e-6 from high to low, then by id: the same on every machine. */
export function byRank(
  left: { score: number; document: { id: string } },
  right: { score: number; document: { id: string } },
): number {
  const difference = Math.round(right.score * 1e6) - Math.round(left.score * 1e6);
  return difference !== 0 ? difference : left.document.id < right.document.id ? -1 : 1;
}

function relate<Document extends RankedDocument>(entries: readonly Entry<Document>[]): void {
  const byId = new Map(entries.map((entry) => [entry.document.id, entry]));
  for (const memory of entries) {
    for (const sourceId of memory.document.sourceEpisodeIds) {
      const turn = byId.get(sourceId);
      if (!turn || turn === memory) continue;
      turn.related.push(memory);
      memory.related.push(turn);
    }
  }
}

/** What is left of a score when only a share of it counts. */
function shareOf<Document extends RankedDocument>(
  { score, of, adjustments }: Claim<Document>,
  name: ScoreAdjustment['name'],
  share: number,
): Claim<Document> {
  if (share === 1) return { score, of, adjustments };
  const left = discounted(score, share);
  return { score: left, of, adjustments: [...adjustments, { name, share, amount: left - score }] };
}

function higher<Document extends RankedDocument>(
  one: Claim<Document> | undefined,
  other: Claim<Document>,
): Claim<Document> {
  return one !== undefined && one.score >= other.score ? one : other;
}

/** The score of a document, or what its related documents lend to it. */
function claimWithRelated<Document extends RankedDocument>(entry: Entry<Document>): Claim<Document> {
  return entry.related.reduce((best, other) => higher(best, shareOf(other.own, 'related', RELATED_SHARE)), entry.own);
}

function memoriesAlone<Document extends RankedDocument>(entries: readonly Entry<Document>[]): Unexplained<Document>[] {
  const memories = entries.filter((entry) => entry.document.kind === 'memory');
  return memories.map((entry) => resultOf(entry, claimWithRelated(entry), entry.document.sourceEpisodeIds));
}

function collapse<Document extends RankedDocument>(entries: readonly Entry<Document>[]): Unexplained<Document>[] {
  const standing = new Map<Entry<Document>, Claim<Document>>();
  const dropped = new Set<Entry<Document>>();
  for (const turn of entries) {
    if (turn.document.kind !== 'episode') continue;
    const fitting = turn.related.filter((memory) => mayStandFor(memory, turn)).sort(byMatch);
    const [first] = fitting;
    // What the one that stands says already is not said twice.
    for (const memory of turn.related) if (saysNoMoreThan(memory, first ?? turn)) dropped.add(memory);
    if (!first) continue;
    dropped.add(turn);
    standing.set(first, higher(standing.get(first), shareOf(turn.own, 'superseded', first.share)));
  }
  const results: Unexplained<Document>[] = [];
  for (const entry of entries) {
    const lent = standing.get(entry);
    if (lent === undefined && dropped.has(entry)) continue;
    const claim =
      lent === undefined ? claimWithRelated(entry) : higher(lent, shareOf(entry.own, 'related', RELATED_SHARE));
    const isEpisode = entry.document.kind === 'episode';
    results.push(resultOf(entry, claim, isEpisode ? [entry.document.id] : entry.document.sourceEpisodeIds));
  }
  return results;
}

function mayStandFor<Document extends RankedDocument>(memory: Entry<Document>, turn: Entry<Document>): boolean {
  return sharesTerm(memory) || !sharesTerm(turn);
}

function sharesTerm<Document extends RankedDocument>(entry: Entry<Document>): boolean {
  return entry.scored.judged.termCounts.some((count) => count > 0);
}

function saysNoMoreThan<Document extends RankedDocument>(memory: Entry<Document>, other: Entry<Document>): boolean {
  return memory.scored.judged.termCounts.every(
    (count, term) => count === 0 || other.scored.judged.termCounts[term]! > 0,
  );
}

/** Current memories first, then by how well they match, then by id. */
function byMatch<Document extends RankedDocument>(left: Entry<Document>, right: Entry<Document>): number {
  const superseded = Number(left.document.status === SUPERSEDED) - Number(right.document.status === SUPERSEDED);
  if (superseded !== 0) return superseded;
  const cover = Math.round((right.scored.judged.cover - left.scored.judged.cover) * 1e6);
  return cover !== 0 ? cover : byRank({ ...left, score: left.own.score }, { ...right, score: right.own.score });
}

function resultOf<Document extends RankedDocument>(
  { document }: Entry<Document>,
  claim: Claim<Document>,
  episodeIds: readonly string[],
): Unexplained<Document> {
  return { document, score: claim.score, episodeIds, claim };
}

function explanationOf<Document extends RankedDocument>(
  { of, adjustments }: Claim<Document>,
  plan: QuestionPlan,
  weights: Weights,
): ScoreExplanation {
  const features = contributionsOf(of.scored.judged, plan, weights);
  return { scoredId: of.document.id, features, adjustments };
}
