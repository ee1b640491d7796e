import type { ConversationWords } from '#libs/domain/ranking/judged-turn.js';
import type { WordStatistics } from '#libs/domain/ranking/statistics.js';
import type { TextVector } from '#libs/domain/ranking/text-vector.js';
import type { TurnReading } from '#libs/domain/ranking/turn-reading.js';
import type { Filter } from '#libs/domain/scope/filter.js';
import type { IndexChange, IndexedDocument, LearnedVector, UnreadText } from './search-index.js';

/** A document and what was read of its text when it came in. */
export interface ReadDocument {
  document: IndexedDocument;
  reading: TurnReading;
  /** What it means; null while no embedder has read it. */
  vector: TextVector | null;
}

/** A document between its neighbours: the nearest first, at most two on each side; none outside a conversation. */
export interface PlacedDocument extends ReadDocument {
  before: readonly ReadDocument[];
  after: readonly ReadDocument[];
}

/** The tokens of a text and of its neighbours, in the order of `PlacedDocument`. */
export interface PlacedTokens {
  conversationId: string | null;
  tokens: readonly string[];
  before: readonly (readonly string[])[];
  after: readonly (readonly string[])[];
}

/** The fields that decide who sees an episode, and what it is labelled with. */
export type Belonging = Pick<
  IndexedDocument,
  'scope' | 'projectId' | 'teamId' | 'agentId' | 'ownerTeamId' | 'ownerAgentId' | 'userId' | 'sessionId'
>;

/** A whole conversation as one text. */
export interface IndexedConversation {
  id: string;
  /** Tokens of all its episodes. */
  length: number;
  /** How often each token occurs. */
  counts: ReadonlyMap<string, number>;
  /** Every different way in which its episodes belong to somebody. */
  belongings: readonly Belonging[];
}

/** What a change leaves behind of everything that it concerns; a search engine that holds this agrees with the rows. */
export interface Rewriting {
  /** The documents written, and the neighbours of every place where an episode came or went. */
  documents: readonly PlacedDocument[];
  removed: readonly string[];
  conversations: readonly IndexedConversation[];
  /** Conversations of which nothing is left. */
  ended: readonly string[];
}

/**
 * Port: the documents of the search index as they are indexed: each with what was read of its text, its place in its
 * conversation, and how many original texts hold each word. It is what a search engine that knows vectors alone needs
 * beside it. Memories extracted from a text say it again, so their words are not counted.
 *
 * Neighbours are the nearest episodes of the conversation by ordinal, then id, that are there.
 *
 * Promises:
 * - No call reads, counts or writes a document of another tenant.
 * - `replace` commits once `write` has resolved; when `write` rejects, nothing is changed and the same change can come
 *   again. The changes of one tenant, from any number of processes, run one after the other, `write` included.
 * - `replace` is idempotent, and tells `write` all of a change also when the rows had it already. The last upsert of an
 *   id wins; what a change both writes and removes is there afterwards.
 * - A filter decides exactly as `matches` of the domain does.
 */
export abstract class IndexedDocuments {
  /** Makes what the documents stand in, where it is missing. Nothing else may be called before. */
  abstract prepare(): Promise<void>;

  /** Removes what the documents stood in, with the documents of all tenants. */
  abstract drop(): Promise<void>;

  abstract replace(
    tenantId: string,
    change: IndexChange,
    write: (rewriting: Rewriting) => Promise<void>,
  ): Promise<void>;

  /** Forgets everything of a tenant, once `write` has resolved. */
  abstract clear(tenantId: string, write: () => Promise<void>): Promise<void>;

  /** Number of documents. */
  abstract size(tenantId: string): Promise<number>;

  /** How many original texts there are and hold each word: a token, or a pair of neighbours (`first_second`). */
  abstract statistics(tenantId: string, words: readonly string[]): Promise<WordStatistics>;

  /**
   * The documents of `ids`, the memories extracted from them, and the sources of all these; in no order. Unknown ids are
   * left out.
   */
  abstract related(tenantId: string, ids: readonly string[]): Promise<PlacedDocument[]>;

  /** The words of the documents of `ids` that are there. */
  abstract tokens(tenantId: string, ids: readonly string[]): Promise<Map<string, PlacedTokens>>;

  /** As `SearchIndex.unread`. */
  abstract unread(tenantId: string, limit: number, except?: readonly string[]): Promise<UnreadText[]>;

  /** How many `unread` would tell without a limit. */
  abstract unreadCount(tenantId: string): Promise<number>;

  /** As `SearchIndex.learn`; `write` is told those that were taken, as by `replace`. */
  abstract learn(
    tenantId: string,
    vectors: readonly LearnedVector[],
    write: (learned: readonly LearnedVector[]) => Promise<void>,
  ): Promise<void>;

  /** The vectors of the documents of `ids` that are there and have one. */
  abstract vectors(tenantId: string, ids: readonly string[]): Promise<Map<string, TextVector>>;

  /** The length of each of the conversations that is there, and how often it holds each of the terms, in their order. */
  abstract conversations(
    tenantId: string,
    ids: readonly string[],
    terms: readonly string[],
  ): Promise<Map<string, ConversationWords>>;

  /** Of each conversation the episodes that pass, by id from low to high, at most `limit`. */
  abstract episodes(
    tenantId: string,
    conversationIds: readonly string[],
    filter: Filter,
    limit: number,
  ): Promise<{ id: string; conversationId: string }[]>;

  /** Those of `ids` whose documents pass. */
  abstract passing(tenantId: string, ids: readonly string[], filter: Filter): Promise<Set<string>>;

  /** Documents that pass by `saidAt` from new to old, then by id; at most `limit`. */
  abstract newest(tenantId: string, filter: Filter, limit: number): Promise<IndexedDocument[]>;

  /** Distinct names of the speakers of the documents that pass, ascending by code unit. Looks at every document. */
  abstract speakers(tenantId: string, filter: Filter): Promise<string[]>;
}
