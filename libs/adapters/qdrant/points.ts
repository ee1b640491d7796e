import type { Schemas } from '@qdrant/js-client-rest';
import { v5 } from 'uuid';
import { saturate } from '#libs/domain/ranking/bm25.js';
import { unitVector } from '#libs/domain/ranking/text-vector.js';
import type { SearchView } from '#libs/domain/ranking/statistics.js';
import { MEAN_LENGTHS } from '#libs/domain/ranking/statistics.js';
import type { IndexedConversation, PlacedDocument, PlacedTokens } from '#libs/ports/indexed-documents.js';
import type { WeightedTerm } from '#libs/ports/search-index.js';
import { MEANING } from './collection.js';
import { belongingFacts, filterPayload } from './filter.js';

export type Point = Schemas['PointStruct'];
export type SparseVector = Schemas['SparseVector'];

/** What a point is found again by. */
export interface PointPayload {
  /** Of the document, or of the conversation. */
  id: string;
}

/** Of the ids of points; made once, by chance. */
const NAMESPACE = '6f0c9f7e-38f5-4a59-9b2f-0f2d5a1e7c44';

export function documentPointId(tenantId: string, id: string): string {
  return v5(JSON.stringify(['document', tenantId, id]), NAMESPACE);
}

export function conversationPointId(tenantId: string, id: string): string {
  return v5(JSON.stringify(['conversation', tenantId, id]), NAMESPACE);
}

/** The point of a document: its words, those around it, what it means, and what filters look at. No text. */
export function documentPoint(tenantId: string, placed: PlacedDocument, dimensions: number): Point {
  const { document, reading, vector: meaning } = placed;
  const isPlaced = document.kind === 'episode' && document.conversationId !== null;
  const texts = {
    tokens: reading.tokens,
    before: placed.before.map((each) => each.reading.tokens),
    after: placed.after.map((each) => each.reading.tokens),
    conversationId: isPlaced ? document.conversationId : null,
  };
  const views = ['turn', 'window', 'windowBack'] as const;
  const vectors = views.map((view) => [view, sparseVector(view, tokensInView(view, texts))] as const);
  const direction = meaning && unitVector(meaning, dimensions);
  return {
    id: documentPointId(tenantId, document.id),
    vector: {
      ...Object.fromEntries(vectors.filter(([, vector]) => vector.indices.length > 0)),
      ...(direction && { [MEANING]: [...direction] }),
    },
    payload: {
      tenant: tenantId,
      id: document.id,
      ...(document.speaker ? { speaker: document.speaker } : {}),
      ...filterPayload(document),
    },
  };
}

/** The point of a whole conversation. */
export function conversationPoint(tenantId: string, conversation: IndexedConversation): Point {
  const { id, length, counts, belongings } = conversation;
  const vector = weighed(counts, length, MEAN_LENGTHS.session);
  return {
    id: conversationPointId(tenantId, id),
    vector: vector.indices.length > 0 ? { session: vector } : {},
    payload: { tenant: tenantId, id, facts: belongingFacts(belongings) },
  };
}

/** The words that a text is found by in a view; none in views of conversations for what stands in none. */
export function tokensInView(view: Exclude<SearchView, 'session'>, texts: PlacedTokens): readonly string[] {
  if (view === 'turn') return texts.tokens;
  if (texts.conversationId === null) return [];
  const around = view === 'window' ? [texts.before[0], texts.after[0]] : [texts.before[0], texts.before[1]];
  return [texts.tokens, ...around.map((tokens) => tokens ?? [])].flat();
}

/** What a question asks for, on the query side: the weights as they are given. */
export function queryVector(terms: readonly WeightedTerm[]): SparseVector {
  const weights = new Map<number, number>();
  for (const { term, weight } of terms) {
    if (weight <= 0) continue;
    const index = wordNumber(term);
    weights.set(index, (weights.get(index) ?? 0) + weight);
  }
  return { indices: [...weights.keys()], values: [...weights.values()] };
}

function sparseVector(view: SearchView, tokens: readonly string[]): SparseVector {
  const counts = new Map<string, number>();
  for (const token of tokens) counts.set(token, (counts.get(token) ?? 0) + 1);
  return weighed(counts, tokens.length, MEAN_LENGTHS[view]);
}

/** The document side of BM25. Words with the same number share their sum: a score may be too high, never too low. */
function weighed(counts: ReadonlyMap<string, number>, length: number, meanLength: number): SparseVector {
  const values = new Map<number, number>();
  for (const [token, count] of counts) {
    const index = wordNumber(token);
    values.set(index, (values.get(index) ?? 0) + saturate(count, length, meanLength));
  }
  return { indices: [...values.keys()], values: [...values.values()] };
}

/** FNV-1a over the UTF-16 code units: words as dimensions, without a dictionary that two processes would have to share. */
function wordNumber(word: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < word.length; at++) {
    const unit = word.charCodeAt(at);
    hash = Math.imul(hash ^ (unit & 0xff), 0x01000193);
    hash = Math.imul(hash ^ (unit >> 8), 0x01000193);
  }
  return hash >>> 0;
}
