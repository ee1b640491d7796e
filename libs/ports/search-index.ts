import type { QuestionReading, ScoreExplanation } from '#libs/domain/ranking/explanation.js';
import type { RankableDocument } from '#libs/domain/ranking/rank.js';
import type { TextVector } from '#libs/domain/ranking/text-vector.js';
import type { SearchView, WordStatistics } from '#libs/domain/ranking/statistics.js';
import type { Filter, Filterable } from '#libs/domain/scope/filter.js';

/** One searchable text: a memory, or an episode (a raw message). Ids are UUIDs, unique over both kinds. */
export interface IndexedDocument extends Filterable {
  id: string;
  text: string;
  /** What a picture shared with the text shows: its words are searched, but they are not speech. */
  caption?: string | null;
  /** Who said it, as the conversation names them; null for a memory that nobody said. */
  speaker: string | null;
  /** `user`, `assistant`, `system`, `tool`; null for memories. */
  role: string | null;
  /** The conversation that the episode belongs to (its stream); null for memories. */
  conversationId: string | null;
  /** Place of the episode in its conversation, from 0; 0 for memories. */
  ordinal: number;
  /** ISO 8601 in UTC: when it entered the log (transaction time). */
  createdAt: string;
  /** Episodes that a memory was extracted from; empty for episodes and for verbatim memories. */
  sourceEpisodeIds: readonly string[];
}

/** A document on its way into an index. */
export interface EmbeddedDocument extends IndexedDocument {
  /** What the text, with its caption, means; absent or null while no embedder has read it. */
  vector?: TextVector | null;
}

/** A document that no embedder has read yet. */
export interface UnreadText {
  id: string;
  /** As the embedder reads it: with what it shares. */
  text: string;
}

export interface LearnedVector extends UnreadText {
  vector: TextVector;
}

export interface IndexChange {
  upsert: readonly EmbeddedDocument[];
  remove: readonly string[];
}

export interface Contexts {
  documents: RankableDocument<IndexedDocument>[];
  /** Of every word of the documents, not of their neighbours. */
  words: WordStatistics;
}

export interface SearchRequest {
  tenantId: string;
  /** The question as the caller wrote it, not empty. */
  query: string;
  /** What the caller may see and asked for; evaluated before ranking, never after. */
  filter: Filter;
  /** By words and meaning, or by one of them; without an embedder all is `text`. */
  mode: 'hybrid' | 'text' | 'vector';
  /** 1 to 50 results. */
  limit: number;
  explain: boolean;
  /** False when only memories are wanted; episodes then lend their scores to the memories extracted from them. */
  includeEpisodes: boolean;
  /** Superseded claims count in full: the answer is to be that of an earlier day. */
  keepSuperseded: boolean;
}

export interface SearchHit {
  document: IndexedDocument;
  /** Weighted sum of the features; higher is better. It may be negative, and means nothing across questions. */
  score: number;
  /** The episodes that the result stands for: itself, or the turns that a memory was extracted from. */
  episodeIds: readonly string[];
  /** Only when asked to explain. */
  explanation?: ScoreExplanation;
}

export interface SearchAnswer {
  hits: SearchHit[];
  /** False when the question had no word to look for: the hits are then the newest documents, all with score 0. */
  isRanked: boolean;
  /** Vectors were wanted, and the embedder could not be reached: this is the answer of mode `text`. */
  isDegraded?: true;
  /** How the question was understood; only when asked to explain. */
  question?: QuestionReading;
}

/** A word to look for and what a text is worth for having it: its idf in the tenant times how often it is asked. */
export interface WeightedTerm {
  term: string;
  weight: number;
}

export interface CandidateQuery {
  tenantId: string;
  terms: readonly WeightedTerm[];
  views: readonly SearchView[];
  filter: Filter;
  /** Best documents of each view to return, at least 1. */
  limitPerView: number;
}

export interface Candidate {
  id: string;
  view: SearchView;
  /** Sum over the terms of weight times saturated count; above 0. */
  score: number;
}

export interface NearestQuery {
  tenantId: string;
  /** Of unit length. */
  direction: Float64Array;
  filter: Filter;
  /** At least 1. */
  limit: number;
}

/** A document by what its text means. */
export interface Nearest {
  id: string;
  /** Cosine between its vector and the direction, above 0. */
  score: number;
}

export interface ContextQuery {
  tenantId: string;
  ids: readonly string[];
  /** Decides which related documents come along; the documents of `ids` must pass it too. */
  filter: Filter;
  /** Terms to count in whole conversations. */
  terms: readonly string[];
}

/** A place in the log of a tenant. The time tells it from the same place of another log. */
export interface LogMark {
  position: number;
  /** When the commit was recorded, ISO 8601 in UTC; null where there is none. */
  recordedTime: string | null;
}

/** A server that the index needs does not answer. Nothing is lost: the same call may come again. */
export class SearchIndexUnreachable extends Error {
  constructor(
    readonly retryAfterSeconds: number,
    options?: ErrorOptions,
  ) {
    super(`The search index is out of reach; try again in ${retryAfterSeconds} seconds.`, options);
    this.name = 'SearchIndexUnreachable';
  }
}

/**
 * Port: finds the texts of one tenant that share words with a question, and hands them to the ranker
 * (`libs/domain/ranking`) with what it must know of their surroundings. It is a projection: everything in it can be
 * written again from the read model. The same documents give the same answers from every adapter.
 *
 * A document is found by three views. `turn` is its own words. `window` is the words of the previous, this and the next
 * episode of its conversation as one text, `windowBack` those of the two before it and its own. Neighbours are the
 * nearest ordinals that are there, so a forgotten episode leaves no hole. `session` is all words of its conversation:
 * every episode of it has that score. Memories belong to no conversation and are found by `turn` alone. Texts become words by `tokenize`, mean lengths are the constants `MEAN_LENGTHS`.
 *
 * Promises:
 * - No call returns, counts or scores with a document of another tenant.
 * - The filter is evaluated before the cut: a document that passes is never pushed out by one that does not. Neighbours
 *   lend their words to a score whatever the filter says, and are never returned for it.
 * - `apply` is idempotent: the last upsert of an id wins, removing an unknown id does nothing, and an id that is removed
 *   and upserted by one change is there afterwards. When it resolves, every later call sees the whole change.
 * - Changes of one tenant are applied in the order of the calls.
 * - Order is deterministic: score rounded to 1e-6 from high to low, then id from low to high.
 * - A server out of reach is told within seconds as `SearchIndexUnreachable`, by every call that needs it.
 * - No text, filter or id makes it fail or makes a call slow out of proportion to the documents it has to look at.
 */
export abstract class SearchIndex {
  /** Writes documents, then removes those of `change.remove` that it does not also write. */
  abstract apply(tenantId: string, change: IndexChange): Promise<void>;

  /** Forgets everything of a tenant. */
  abstract clear(tenantId: string): Promise<void>;

  /**
   * Brings back what the index held of a tenant when a process ended, in place of what it holds.
   *
   * @param isOf whether the log of the tenant has such a place
   * @returns up to which position all is in it; null where nothing was kept, and then it holds what it held
   */
  restore(_tenantId: string, _isOf: (mark: LogMark) => Promise<boolean>): Promise<number | null> {
    return Promise.resolve(null);
  }

  /** All that the log says up to `position` is in the index: what it holds of the tenant may be kept. */
  reached(_tenantId: string, _position: number, _recordedTime: () => Promise<string | null>): Promise<void> {
    return Promise.resolve();
  }

  /** Ends the index: nothing of any tenant is left, and it is not used any more. */
  abstract drop(): Promise<void>;

  /** Documents that have no vector yet though there is an embedder, at most `limit`, in no order. @param except ids */
  abstract unread(tenantId: string, limit: number, except?: readonly string[]): Promise<UnreadText[]>;

  /** How many `unread` would tell without a limit. */
  abstract unreadCount(tenantId: string): Promise<number>;

  /** Gives documents their vectors. One that is gone, or says something else by now, is passed over. */
  abstract learn(tenantId: string, vectors: readonly LearnedVector[]): Promise<void>;

  /** Number of documents of a tenant. */
  abstract size(tenantId: string): Promise<number>;

  /** Distinct names of the speakers of the documents that pass, ascending by code unit. */
  abstract speakers(tenantId: string, filter: Filter): Promise<string[]>;

  /**
   * How many original texts of the tenant (not memories extracted from one) hold each of the given words. A word is a token, or a pair of two different tokens that stand
   * next to each other, written `first_second`. Words that none holds are absent.
   */
  abstract statistics(tenantId: string, words: readonly string[]): Promise<WordStatistics>;

  /** The best documents of each view that pass the filter, view by view in the order asked. */
  abstract candidates(query: CandidateQuery): Promise<Candidate[]>;

  /** The documents that pass whose vectors point most in a direction; vectors of another length are passed over. */
  abstract nearest(query: NearestQuery): Promise<Nearest[]>;

  /**
   * The documents of the given ids with their conversation around them, and those related to them that pass the filter:
   * the memories extracted from an episode, the source episodes of a memory. Ascending by id; unknown ids are left out.
   * A memory stands in the place of its first source that is still there, or alone. With them comes what `statistics`
   * would tell of each of their words, which are many and which the index has at hand.
   */
  abstract contexts(query: ContextQuery): Promise<Contexts>;

  /** Documents that pass the filter by `saidAt` from new to old, then by id; at most `limit`. */
  abstract newest(tenantId: string, filter: Filter, limit: number): Promise<IndexedDocument[]>;
}
