import type { QdrantClient, Schemas } from '@qdrant/js-client-rest';
import { saturate } from '#libs/domain/ranking/bm25.js';
import type { SearchView } from '#libs/domain/ranking/statistics.js';
import { MEAN_LENGTHS } from '#libs/domain/ranking/statistics.js';
import type { IndexedDocuments, PlacedTokens } from '#libs/ports/indexed-documents.js';
import type { Candidate, CandidateQuery, Nearest, WeightedTerm } from '#libs/ports/search-index.js';
import { isExact, type QdrantFilter, qdrantFilter } from './filter.js';
import { type PointPayload, queryVector, type SparseVector, tokensInView } from './points.js';
import { reaching } from './reaching.js';

/** Scores are compared rounded to this many parts of one, so that every machine puts them into the same order. */
const PARTS = 1e6;
/** Asked for beyond the limit, so that few searches have to ask twice for what ties with the last one. */
export const SLACK = 50;
const FIRST_SESSIONS = 32;
/** Sessions that are taken apart into episodes at once. */
const SESSIONS_AT_ONCE = 8;
const GROWTH = 4;
/** Of a sum of products in single precision, for each of its terms: the weight, the value, their product and the sum. */
const RELATIVE_ERROR_PER_TERM = 4 * 2 ** -24;

type Hit = Schemas['ScoredPoint'];

/** How far one view is. */
interface ViewSearch {
  view: SearchView;
  filter: QdrantFilter;
  /** Points to ask for. */
  limit: number;
  best: Candidate[];
  isDone: boolean;
}

/**
 * Finds the candidates of one query. Qdrant scores in single precision, and by numbers that two words may share, so it
 * may put what nearly ties into another order and a score may be too high. What it finds is therefore scored again from
 * the words, and more is asked for until nothing that was not found could be among the best.
 */
export class CandidateSearch {
  private readonly terms: readonly WeightedTerm[];
  private readonly vector: SparseVector;
  private readonly texts = new Map<string, PlacedTokens>();

  constructor(
    private readonly client: QdrantClient,
    private readonly collection: string,
    private readonly documents: IndexedDocuments,
    private readonly query: CandidateQuery,
  ) {
    this.terms = query.terms.filter(({ weight }) => weight > 0);
    this.vector = queryVector(this.terms);
  }

  async run(): Promise<Candidate[]> {
    if (this.terms.length === 0) return [];
    const searches = this.query.views.flatMap((view) => this.begin(view));
    for (;;) {
      const pending = searches.filter(({ isDone }) => !isDone);
      if (pending.length === 0) break;
      const hits = await this.fetch(pending);
      await this.readTexts(pending, hits);
      for (const [at, search] of pending.entries()) await this.settle(search, hits[at]!);
    }
    return searches.flatMap(({ best }) => best);
  }

  private begin(view: SearchView): ViewSearch[] {
    const { tenantId, limitPerView } = this.query;
    const isSession = view === 'session';
    const filter = qdrantFilter({ tenantId, filter: this.query.filter, of: isSession ? 'sessions' : 'documents' });
    if (filter === null) return [];
    return [{ view, filter, limit: isSession ? FIRST_SESSIONS : limitPerView + SLACK, best: [], isDone: false }];
  }

  private async fetch(searches: readonly ViewSearch[]): Promise<Hit[][]> {
    const answers = await reaching(() =>
      this.client.queryBatch(this.collection, {
        searches: searches.map(({ view, filter, limit }) => ({
          ...{ query: this.vector, using: view, filter, limit },
          with_payload: ['id'],
        })),
      }),
    );
    return answers.map(({ points }) => points);
  }

  /** Reads the words of what was found by its own words or those around it, each text once. */
  private async readTexts(searches: readonly ViewSearch[], hits: readonly Hit[][]): Promise<void> {
    const { tenantId, filter } = this.query;
    const found = searches.flatMap(({ view }, at) => (view === 'session' ? [] : hits[at]!.map(idOf)));
    const missing = [...new Set(found)].filter((id) => !this.texts.has(id));
    if (missing.length === 0) return;
    const wanted = isExact(filter) ? missing : [...(await this.documents.passing(tenantId, missing, filter))];
    for (const [id, text] of await this.documents.tokens(tenantId, wanted)) this.texts.set(id, text);
  }

  private async settle(search: ViewSearch, hits: readonly Hit[]): Promise<void> {
    const { limitPerView } = this.query;
    const isAll = hits.length < search.limit;
    const above = isAll ? 0 : this.mostWorth(hits.at(-1)!);
    const scored =
      search.view === 'session' ? await this.episodesOf(hits.map(idOf)) : this.scored(search.view, hits.map(idOf));
    search.best = scored.sort(byRank).slice(0, limitPerView);
    const last = search.best[limitPerView - 1];
    search.isDone = isAll || (last !== undefined && rounded(last.score) > rounded(above));
    search.limit *= GROWTH;
  }

  /** No point that was not found can score more than this. */
  private mostWorth({ score }: Hit): number {
    return score * (1 + RELATIVE_ERROR_PER_TERM * (this.terms.length + 1));
  }

  private scored(view: Exclude<SearchView, 'session'>, ids: readonly string[]): Candidate[] {
    return ids.flatMap((id) => {
      const text = this.texts.get(id);
      if (!text) return [];
      const tokens = tokensInView(view, text);
      const score = this.score(view, tokens.length, countsOf(tokens, this.terms));
      return score > 0 ? [{ id, view, score }] : [];
    });
  }

  /** The best episodes of the conversations that pass, each with the score of its conversation. */
  private async episodesOf(conversationIds: readonly string[]): Promise<Candidate[]> {
    const { tenantId, filter, limitPerView } = this.query;
    const words = this.terms.map(({ term }) => term);
    const conversations = await this.documents.conversations(tenantId, conversationIds, words);
    const scores = Array.from(conversations, ([id, { length, termCounts }]) => ({
      ...{ id, score: this.score('session', length, termCounts) },
    })).filter(({ score }) => score > 0);
    scores.sort((left, right) => right.score - left.score);
    const found: Candidate[] = [];
    for (let from = 0; from < scores.length; from += SESSIONS_AT_ONCE) {
      const worst = found[limitPerView - 1];
      if (worst && rounded(worst.score) > rounded(scores[from]!.score)) break;
      const some = new Map(scores.slice(from, from + SESSIONS_AT_ONCE).map(({ id, score }) => [id, score]));
      const episodes = await this.documents.episodes(tenantId, [...some.keys()], filter, limitPerView);
      for (const { id, conversationId } of episodes)
        found.push({ id, view: 'session', score: some.get(conversationId)! });
      found.sort(byRank);
    }
    return found;
  }

  private score(view: SearchView, length: number, counts: readonly number[]): number {
    let score = 0;
    for (const [at, { weight }] of this.terms.entries())
      if (counts[at]! > 0) score += weight * saturate(counts[at]!, length, MEAN_LENGTHS[view]);
    return score;
  }
}

function countsOf(tokens: readonly string[], terms: readonly WeightedTerm[]): number[] {
  const counts = terms.map(() => 0);
  const places = new Map<string, number[]>();
  for (const [at, { term }] of terms.entries()) places.set(term, [...(places.get(term) ?? []), at]);
  for (const token of tokens) for (const at of places.get(token) ?? []) counts[at]! += 1;
  return counts;
}

export function idOf({ payload }: Hit): string {
  return (payload as unknown as PointPayload).id;
}

export function rounded(score: number): number {
  return Math.round(score * PARTS);
}

export function byRank(left: Nearest, right: Nearest): number {
  return rounded(right.score) - rounded(left.score) || (left.id < right.id ? -1 : left.id > right.id ? 1 : 0);
}
