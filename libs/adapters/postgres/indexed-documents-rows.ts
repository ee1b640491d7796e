import { vectorBytes, vectorOfBytes } from '#libs/domain/ranking/text-vector.js';
import type { TurnReading } from '#libs/domain/ranking/turn-reading.js';
import type { Belonging, ReadDocument } from '#libs/ports/indexed-documents.js';
import type { IndexedDocument, LearnedVector } from '#libs/ports/search-index.js';
import { bigint, bytea, float, integer, jsonb, text } from './binary-array.js';
import { type Column, column, RowsStatement } from './row-statements.js';
import { SearchTables } from './search-tables.js';

/** The tables of the search documents: what their rows hold, and the statements that write them. */

const of =
  <T>(value: (document: IndexedDocument) => T) =>
  ({ document }: ReadDocument): T =>
    value(document);

const documentId: Column<ReadDocument> = column(
  'document_id',
  text,
  of(({ id }) => id),
);

const documentColumns: Column<ReadDocument>[] = [
  column(
    'kind',
    text,
    of(({ kind }) => kind),
  ),
  column(
    'conversation_id',
    text,
    of(({ conversationId }) => conversationId),
  ),
  column(
    'ordinal',
    bigint,
    of(({ ordinal }) => ordinal),
  ),
  column(
    'scope',
    text,
    of(({ scope }) => scope),
  ),
  column(
    'project_id',
    text,
    of(({ projectId }) => projectId),
  ),
  column(
    'team_id',
    text,
    of(({ teamId }) => teamId),
  ),
  column(
    'agent_id',
    text,
    of(({ agentId }) => agentId),
  ),
  column(
    'owner_team_id',
    text,
    of(({ ownerTeamId }) => ownerTeamId),
  ),
  column(
    'owner_agent_id',
    text,
    of(({ ownerAgentId }) => ownerAgentId),
  ),
  column(
    'user_id',
    text,
    of(({ userId }) => userId),
  ),
  column(
    'session_id',
    text,
    of(({ sessionId }) => sessionId),
  ),
  column(
    'memory_type',
    text,
    of(({ memoryType }) => memoryType),
  ),
  column(
    'status',
    text,
    of(({ status }) => status),
  ),
  column(
    'confidence',
    float,
    of(({ confidence }) => confidence),
  ),
  column(
    'metadata',
    jsonb,
    of(({ metadata }) => JSON.stringify(metadata)),
  ),
  column(
    'said_at',
    text,
    of(({ saidAt }) => saidAt),
  ),
  column(
    'valid_from',
    text,
    of(({ validFrom }) => validFrom),
  ),
  column(
    'valid_to',
    text,
    of(({ validTo }) => validTo),
  ),
  column(
    'created_at',
    text,
    of(({ createdAt }) => createdAt),
  ),
  column(
    'content',
    text,
    of((document) => document.text),
  ),
  column(
    'caption',
    text,
    of(({ caption }) => caption ?? null),
  ),
  column(
    'speaker',
    text,
    of(({ speaker }) => speaker),
  ),
  column(
    'role',
    text,
    of(({ role }) => role),
  ),
  column(
    'source_ids',
    jsonb,
    of(({ sourceEpisodeIds }) => JSON.stringify(sourceEpisodeIds)),
  ),
  column('vector', bytea, ({ vector }) => (vector ? vectorBytes(vector) : null)),
  column('tokens', text, ({ reading }) => storedWords(reading.tokens.join(' '))),
  column('reading', text, ({ reading: { tokens: _tokens, ...rest } }) => JSON.stringify(rest)),
];

/** A word and by how many more original texts hold it. */
export type WordChange = readonly [word: string, by: number];

/** A conversation as its row holds it. */
export interface ConversationRow {
  id: string;
  episodes: number;
  length: number;
  counts: Map<string, number>;
  /** How many episodes belong in each way: by the JSON of a `Belonging`. */
  belongings: Map<string, number>;
}

const conversationColumns: Column<ConversationRow>[] = [
  column('episodes', integer, (row) => row.episodes),
  column('length', bigint, (row) => row.length),
  column('counts', jsonb, ({ counts }) =>
    JSON.stringify(Object.fromEntries(Array.from(counts, ([word, count]) => [storedWords(word), count]))),
  ),
  column('belongings', jsonb, ({ belongings }) => JSON.stringify(Object.fromEntries(belongings))),
];

const idOf: Column<string> = column('document_id', text, (id) => id);

/** The statements that write the search documents of a generation. */
export class SearchWrites extends SearchTables {
  readonly upsertDocuments = RowsStatement.insert<ReadDocument>(
    this.documents,
    [documentId, ...documentColumns],
    `ON CONFLICT (tenant_id, document_id) DO UPDATE SET ${documentColumns
      .map(({ name }) => `${name} = excluded.${name}`)
      .join(', ')}`,
  );

  readonly deleteDocuments = RowsStatement.delete(this.documents, idOf);
  readonly deleteSources = RowsStatement.delete(this.sources, idOf);

  readonly updateVectors = RowsStatement.update<LearnedVector>(
    this.documents,
    column('document_id', text, ({ id }) => id),
    [column('vector', bytea, ({ vector }) => vectorBytes(vector))],
  );

  readonly insertSources = RowsStatement.insert<{ id: string; sourceId: string }>(this.sources, [
    column('document_id', text, ({ id }) => id),
    column('source_id', text, ({ sourceId }) => sourceId),
  ]);

  /** In the order of the words, so that two transactions can never wait for each other in a ring. */
  readonly addFrequencies = RowsStatement.insert<WordChange>(
    `${this.frequencies} AS known`,
    [column('word', text, ([word]) => storedWords(word)), column('documents', integer, ([, by]) => by)],
    'ON CONFLICT (tenant_id, word) DO UPDATE SET documents = known.documents + excluded.documents',
  );

  /** Words that no text holds any more; the numbers keep a word that others still use. */
  readonly dropUnusedWords = `
    DELETE FROM ${this.frequencies} WHERE tenant_id = $1 AND word = ANY($2::text[]) AND documents <= 0`;

  readonly upsertConversations = RowsStatement.insert<ConversationRow>(
    this.conversations,
    [column('conversation_id', text, ({ id }) => id), ...conversationColumns],
    `ON CONFLICT (tenant_id, conversation_id) DO UPDATE SET ${conversationColumns
      .map(({ name }) => `${name} = excluded.${name}`)
      .join(', ')}`,
  );

  readonly deleteConversations = RowsStatement.delete<string>(
    this.conversations,
    column('conversation_id', text, (id) => id),
  );

  readonly addTotals = `
    INSERT INTO ${this.totals} AS known (tenant_id, documents, originals) VALUES ($1, $2, $3)
    ON CONFLICT (tenant_id) DO UPDATE SET documents = known.documents + excluded.documents,
      originals = known.originals + excluded.originals`;
}

/** The columns of a document, under the names of its fields. */
export const documentFields = `
  document_id AS id, kind, conversation_id AS "conversationId", ordinal, scope, project_id AS "projectId",
  team_id AS "teamId", agent_id AS "agentId", owner_team_id AS "ownerTeamId", owner_agent_id AS "ownerAgentId",
  user_id AS "userId", session_id AS "sessionId", memory_type AS "memoryType", status, confidence, metadata,
  said_at AS "saidAt", valid_from AS "validFrom", valid_to AS "validTo", created_at AS "createdAt", content AS text, caption, speaker, role,
  source_ids AS "sourceEpisodeIds", vector, tokens, reading`;

export type DocumentRow = IndexedDocument & {
  tokens: string;
  reading: string;
  vector: Uint8Array | null;
};

export function readDocument({ tokens, reading, vector, ...document }: DocumentRow): ReadDocument {
  const read = JSON.parse(reading) as Omit<TurnReading, 'tokens'>;
  return { document, vector: vector && vectorOfBytes(vector), reading: { ...read, tokens: tokensOf(tokens) } };
}

/** The tokens of the column `tokens`. */
export function tokensOf(stored: string): string[] {
  return stored === '' ? [] : wordsOf(stored).split(' ');
}

export function belongingOf(document: IndexedDocument): Belonging {
  const { scope, projectId, teamId, agentId, ownerTeamId, ownerAgentId, userId, sessionId } = document;
  return { scope, projectId, teamId, agentId, ownerTeamId, ownerAgentId, userId, sessionId };
}

/**
 * A long word is cut to so many code units, which may leave half of a surrogate pair at its end; PostgreSQL stores none.
 * Words have no tildes of their own.
 */
export function storedWords(words: string): string {
  return words.isWellFormed()
    ? words
    : words.replace(/\p{Surrogate}/gu, (half) => `~${half.charCodeAt(0).toString(16)}`);
}

/** Undoes `storedWords`. */
export function wordsOf(stored: string): string {
  return stored.includes('~')
    ? stored.replace(/~([0-9a-f]{4})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 16)))
    : stored;
}

/** Whether PostgreSQL could hold the text at all; no row has another one. */
export function isStorable(value: string): boolean {
  return !/[\0\p{Surrogate}]/u.test(value);
}
