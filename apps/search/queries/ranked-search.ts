import { inverseDocumentFrequency } from '#libs/domain/ranking/bm25.js';
import { isoTextOf } from '#libs/domain/ranking/calendar.js';
import { daysOfTelling } from '#libs/domain/ranking/date-windows.js';
import { readingOf } from '#libs/domain/ranking/explanation.js';
import type { QuestionPlan } from '#libs/domain/ranking/question-plan.js';
import { beginningOf, planQuestion } from '#libs/domain/ranking/question-plan.js';
import { possibleMisspelledNames } from '#libs/domain/ranking/question-reading.js';
import { rankDocuments } from '#libs/domain/ranking/rank.js';
import type { SearchView, WordStatistics } from '#libs/domain/ranking/statistics.js';
import { pooledStatistics } from '#libs/domain/ranking/statistics.js';
import { tokenize } from '#libs/domain/ranking/tokenizer.js';
import { unitVector } from '#libs/domain/ranking/text-vector.js';
import { WEIGHTS, type WeightsName } from '#libs/domain/ranking/weights.js';
import { type Embedder, EmbedderUnreachable } from '#libs/ports/embedder.js';
import type { Candidate, SearchAnswer, SearchIndex, SearchRequest, WeightedTerm } from '#libs/ports/search-index.js';
import { questionVector } from './question-vectors.js';

const VIEWS: readonly SearchView[] = ['turn', 'window', 'windowBack', 'session'];
/** Measured on the development set, one conversation at a time and all together: the best 60 of each view rank as well as the best 400. */
const CANDIDATES_PER_VIEW = 60;
/** Texts to look through for a word that might be a name or might be a word. */
const TEXTS_PER_WORD = 50;
/** Looking through texts takes as long as a search, so a list of misspelled names is not read to its end. */
const MAX_MISSPELLED_NAMES = 8;
const WORD = /\p{L}[\p{L}\p{M}\p{N}]*/gu;

/**
 * Searches one tenant: reads the question, takes candidates from the index, ranks them. A document that shares neither
 * a word with the question, itself or through its conversation, nor a day, nor comes near its meaning, is not found; a
 * question without any word gets the newest.
 */
export async function searchDocuments(
  index: SearchIndex,
  embedder: Embedder,
  request: SearchRequest,
): Promise<SearchAnswer> {
  const plan = await planFor(index, embedder, request);
  const about = {
    ...(request.explain && { question: readingOf(plan) }),
    ...(plan.isDegraded && { isDegraded: true as const }),
  };
  if (plan.terms.length === 0 && plan.direction === null)
    return { ...(await newestDocuments(index, request)), ...about };
  const { tenantId, filter, limit, includeEpisodes, keepSuperseded } = request;
  const asked = await index.statistics(tenantId, [...plan.terms, ...plan.pairs]);
  const ids = [...(await candidateIds(index, request, plan, asked))];
  const { documents, words } = await index.contexts({ tenantId, ids, filter, terms: plan.terms });
  const weights = WEIGHTS[weightsFor(embedder, request, plan)];
  const options = { limit, includeEpisodes, keepSuperseded, weights };
  const results = rankDocuments(plan, documents, pooledStatistics(asked, words), options);
  const hits = results.map(({ document, score, episodeIds, explanation }) =>
    request.explain ? { document, score, episodeIds, explanation } : { document, score, episodeIds },
  );
  return { hits, isRanked: true, ...about };
}

async function newestDocuments(index: SearchIndex, request: SearchRequest): Promise<SearchAnswer> {
  const { tenantId, limit, includeEpisodes } = request;
  const memoriesOnly = { and: [request.filter, { field: 'kind' as const, equals: 'memory' }] };
  const documents = await index.newest(tenantId, includeEpisodes ? request.filter : memoriesOnly, limit);
  const hits = documents.map((document) => ({
    document,
    score: 0,
    episodeIds: document.kind === 'episode' ? [document.id] : document.sourceEpisodeIds,
  }));
  return { hits, isRanked: false };
}

async function planFor(
  index: SearchIndex,
  embedder: Embedder,
  { tenantId, query, filter, mode }: SearchRequest,
): Promise<QuestionPlan & { isDegraded?: true }> {
  const speakers = await index.speakers(tenantId, filter);
  const question = beginningOf(query);
  const names = new Set<string>();
  for (const word of possibleMisspelledNames(question, speakers).slice(0, MAX_MISSPELLED_NAMES)) {
    const terms = tokenize(word).map((term) => ({ term, weight: 1 }));
    const found = await index.candidates({ tenantId, terms, views: ['turn'], filter, limitPerView: TEXTS_PER_WORD });
    const { documents } = await index.contexts({ tenantId, ids: found.map(({ id }) => id), filter, terms: [] });
    if (!documents.some(({ document }) => writesInLowerCase(document.text, word))) names.add(word);
  }
  const plan = planQuestion(question, { speakers, isOrdinaryWord: (word) => !names.has(word) });
  if (mode === 'text' || embedder.dimensions === 0) return plan;
  const vector = await questionVector(embedder, plan.textWithoutNames).catch((error: unknown) => {
    if (mode === 'hybrid' && error instanceof EmbedderUnreachable) return null;
    throw error;
  });
  return vector === null ? { ...plan, isDegraded: true } : { ...plan, direction: unitVector(vector) };
}

/** Where the question means nothing to the embedder, vectors have no say. */
function weightsFor({ kind }: Embedder, { mode }: SearchRequest, { direction }: QuestionPlan): WeightsName {
  if (direction === null) return 'none';
  return mode === 'vector' ? 'vector' : kind;
}

/**
 * What shares a word with the question, what means most nearly the same, and what was said on the days that it names or
 * told soon after them.
 */
async function candidateIds(
  index: SearchIndex,
  request: SearchRequest,
  plan: QuestionPlan,
  words: WordStatistics,
): Promise<Set<string>> {
  const { tenantId, filter } = request;
  const limit = CANDIDATES_PER_VIEW;
  const { direction } = plan;
  const [sharing, nearest] = await Promise.all([
    request.mode === 'vector' && direction !== null ? [] : sharingWords(index, request, plan, words),
    direction === null ? [] : index.nearest({ tenantId, direction, filter, limit }),
  ]);
  const ids = new Set([...sharing, ...nearest].map(({ id }) => id));
  if (request.mode === 'vector') return ids;
  const window = plan.explicitWindow;
  for (const span of window ? [window, daysOfTelling(window)] : []) {
    const saidIn = { field: 'saidAt' as const, atLeast: isoTextOf(span.first), atMost: isoTextOf(span.last + 1) };
    const documents = await index.newest(tenantId, { and: [filter, saidIn] }, CANDIDATES_PER_VIEW);
    for (const { id } of documents) ids.add(id);
  }
  return ids;
}

function sharingWords(
  index: SearchIndex,
  { tenantId, filter }: SearchRequest,
  plan: QuestionPlan,
  words: WordStatistics,
): Promise<Candidate[]> {
  const terms = plan.terms.map((term, at): WeightedTerm => {
    const idf = inverseDocumentFrequency(words.documentCount, words.documentFrequencies.get(term) ?? 0);
    return { term, weight: idf * plan.termCounts[at]! };
  });
  return index.candidates({ tenantId, terms, views: VIEWS, filter, limitPerView: CANDIDATES_PER_VIEW });
}

function writesInLowerCase(text: string, word: string): boolean {
  for (const [written] of text.matchAll(WORD)) if (written === word) return true;
  return false;
}
