import type { ConversationWords } from '#libs/domain/ranking/judged-turn.js';
import type { WordStatistics } from '#libs/domain/ranking/statistics.js';
import { type TextVector, vectorOfBytes } from '#libs/domain/ranking/text-vector.js';
import { readTurn } from '#libs/domain/ranking/turn-reading.js';
import type { Filter } from '#libs/domain/scope/filter.js';
import { inSlices } from '#libs/ports/in-slices.js';
import {
  IndexedDocuments,
  type PlacedDocument,
  type PlacedTokens,
  type ReadDocument,
  type Rewriting,
} from '#libs/ports/indexed-documents.js';
import { embeddedText } from '#libs/ports/embedder.js';
import type {
  EmbeddedDocument,
  IndexChange,
  IndexedDocument,
  LearnedVector,
  UnreadText,
} from '#libs/ports/search-index.js';
import type { Database, TenantConnection } from './database.js';
import { isPlaced, type Placed, placedDocuments, Places } from './document-places.js';
import { conversationsOf, countEpisodes, frequencyChanges, totalChanges } from './indexed-documents-changes.js';
import { documentCondition, saidWithin } from './indexed-documents-filter.js';
import {
  type ConversationRow,
  type DocumentRow,
  documentFields,
  isStorable,
  readDocument,
  SearchWrites,
  storedWords,
  tokensOf,
  wordsOf,
} from './indexed-documents-rows.js';
import { lockTenant, SearchStatements } from './indexed-documents-statements.js';
import { Prisma } from '#prisma/generated/client.js';

/** The search documents in PostgreSQL: a change is one transaction of a few statements, one for each table it touches. */
export class PostgresIndexedDocuments extends IndexedDocuments {
  private readonly reads: SearchStatements;
  private readonly writes: SearchWrites;

  /** @param generation whose tables these are; they are there once `prepare` has resolved */
  constructor(
    private readonly db: Database,
    private readonly generation: number,
  ) {
    super();
    this.reads = new SearchStatements(generation);
    this.writes = new SearchWrites(generation);
  }

  override async prepare(): Promise<void> {
    await this.db.asOwner((connection) => connection.query('SELECT create_search_tables($1)', [this.generation]));
  }

  override async drop(): Promise<void> {
    await this.db.asOwner((connection) => connection.query('SELECT drop_search_tables($1)', [this.generation]));
  }

  override async replace(
    tenantId: string,
    change: IndexChange,
    write: (rewriting: Rewriting) => Promise<void>,
  ): Promise<void> {
    const upserts = new Map(change.upsert.map((document) => [document.id, document]));
    const removed = [...new Set(change.remove)].filter((id) => !upserts.has(id));
    if (upserts.size + removed.length === 0) return;
    const after = await readAll([...upserts.values()]);
    const work = async (connection: TenantConnection): Promise<void> => {
      await connection.query(lockTenant, [tenantId]);
      const before = await this.documentsById(connection, tenantId, [...upserts.keys(), ...removed]);
      await this.writeDocuments(connection, tenantId, before, after, removed);
      const conversations = await this.writeConversations(connection, tenantId, before, after);
      await this.writeCounts(connection, tenantId, before, after);
      const documents = await this.rewrittenDocuments(connection, tenantId, before, after);
      const [kept, ended] = split(conversations, ({ episodes }) => episodes > 0);
      await write({
        documents,
        removed,
        conversations: kept.map(indexedConversation),
        ended: ended.map(({ id }) => id),
      });
    };
    await this.db.asTenant(tenantId, work, 'derived');
  }

  override async clear(tenantId: string, write: () => Promise<void>): Promise<void> {
    const work = async (connection: TenantConnection): Promise<void> => {
      await connection.query(lockTenant, [tenantId]);
      for (const table of this.reads.all)
        await connection.query(`DELETE FROM ${table} WHERE tenant_id = $1`, [tenantId]);
      await write();
    };
    await this.db.asTenant(tenantId, work, 'derived');
  }

  override async size(tenantId: string): Promise<number> {
    const query = this.named('search totals', this.reads.totalsOfTenant, [tenantId]);
    return (await this.rows<{ documents: number }>(tenantId, query))[0]?.documents ?? 0;
  }

  override async statistics(tenantId: string, words: readonly string[]): Promise<WordStatistics> {
    return this.db.asTenant(tenantId, async (connection) => {
      const totals = this.named('search totals', this.reads.totalsOfTenant, [tenantId]);
      const { originals = 0 } = (await connection.query<{ originals: number }>(totals)).rows[0] ?? {};
      const values = [tenantId, words.map(storedWords).filter(isStorable)];
      const found = await connection.query<{ word: string; documents: number }>(
        this.named('frequencies of words', this.reads.frequenciesOfWords, values),
      );
      const known = new Map(found.rows.map(({ word, documents }) => [wordsOf(word), documents]));
      const frequencies = words.flatMap((word) => (known.has(word) ? [[word, known.get(word)!] as const] : []));
      return { documentCount: originals, documentFrequencies: new Map(frequencies) };
    });
  }

  override async related(tenantId: string, ids: readonly string[]): Promise<PlacedDocument[]> {
    const values = [tenantId, ids.filter(isStorable)];
    const query = this.named('related documents', this.reads.relatedDocuments, values);
    const found = (await this.rows<DocumentRow>(tenantId, query)).map(readDocument);
    const asked = new Set(ids);
    const near = found.filter(
      ({ document: { id, sourceEpisodeIds } }) => asked.has(id) || sourceEpisodeIds.some((source) => asked.has(source)),
    );
    const wanted = near.flatMap(({ document: { id, sourceEpisodeIds } }) => [id, ...sourceEpisodeIds]);
    return placedDocuments(found, new Set(wanted));
  }

  override async tokens(tenantId: string, ids: readonly string[]): Promise<Map<string, PlacedTokens>> {
    const values = [tenantId, ids.filter(isStorable)];
    const query = this.named('tokens around', this.reads.tokensById, values);
    const found = await this.rows<Placed & { tokens: string }>(tenantId, query);
    const read = new Map(found.map((row) => [row.id, { ...row, tokens: tokensOf(row.tokens) }]));
    const places = new Places(read.values());
    const placed = ids.flatMap((id) => {
      const row = read.get(id);
      if (!row) return [];
      const [before, after] = [places.before(row), places.after(row)].map((each) => each.map(({ tokens }) => tokens));
      const conversationId = isPlaced(row) ? row.conversationId : null;
      return [[id, { conversationId, tokens: row.tokens, before: before!, after: after! }] as const];
    });
    return new Map(placed);
  }

  override async unread(tenantId: string, limit: number, except: readonly string[] = []): Promise<UnreadText[]> {
    const query = this.named('unread documents', this.reads.unreadDocuments, [tenantId, limit, except]);
    return (await this.rows<UnreadRow>(tenantId, query)).map(({ id, ...row }) => ({ id, text: embeddedText(row) }));
  }

  override async unreadCount(tenantId: string): Promise<number> {
    const query = this.named('count of unread documents', this.reads.unreadCount, [tenantId]);
    return (await this.rows<{ count: number }>(tenantId, query))[0]!.count;
  }

  override async learn(
    tenantId: string,
    vectors: readonly LearnedVector[],
    write: (learned: readonly LearnedVector[]) => Promise<void>,
  ): Promise<void> {
    const work = async (connection: TenantConnection): Promise<void> => {
      await connection.query(lockTenant, [tenantId]);
      const ids = vectors.map(({ id }) => id);
      const known = await this.documentsById(connection, tenantId, ids);
      const textOf = new Map(known.map(({ document }) => [document.id, embeddedText(document)]));
      const learned = vectors.filter(({ id, text }) => textOf.get(id) === text);
      await this.writes.updateVectors.run(connection, tenantId, learned);
      await write(learned);
    };
    if (vectors.length > 0) await this.db.asTenant(tenantId, work, 'derived');
  }

  override async vectors(tenantId: string, ids: readonly string[]): Promise<Map<string, TextVector>> {
    const values = [tenantId, ids.filter(isStorable)];
    const query = this.named('vectors by id', this.reads.vectorsById, values);
    const found = await this.rows<{ id: string; vector: Uint8Array }>(tenantId, query);
    return new Map(found.map(({ id, vector }) => [id, vectorOfBytes(vector)]));
  }

  override async conversations(
    tenantId: string,
    ids: readonly string[],
    terms: readonly string[],
  ): Promise<Map<string, ConversationWords>> {
    if (ids.length === 0) return new Map();
    const values = [tenantId, ids.filter(isStorable), terms.map(storedWords)];
    const query = this.named('conversation term counts', this.reads.conversationTermCounts, values);
    const found = await this.rows<{ id: string } & ConversationWords>(tenantId, query);
    return new Map(found.map(({ id, length, termCounts }) => [id, { id, length, termCounts }]));
  }

  override async episodes(
    tenantId: string,
    conversationIds: readonly string[],
    filter: Filter,
    limit: number,
  ): Promise<{ id: string; conversationId: string }[]> {
    const asked = conversationIds.filter(isStorable);
    return this.rows(
      tenantId,
      Prisma.sql`
        SELECT member.* FROM unnest(${asked}::text[]) AS asked (id) CROSS JOIN LATERAL (
          SELECT document_id AS id, conversation_id AS "conversationId" FROM ${Prisma.raw(this.reads.documents)}
          WHERE tenant_id = ${tenantId} AND kind = 'episode' AND conversation_id = asked.id
            AND ${documentCondition(filter)}
          ORDER BY document_id LIMIT ${limit}
        ) AS member`,
    );
  }

  override async passing(tenantId: string, ids: readonly string[], filter: Filter): Promise<Set<string>> {
    const asked = ids.filter(isStorable);
    const found = await this.rows<{ id: string }>(
      tenantId,
      Prisma.sql`SELECT document_id AS id FROM ${Prisma.raw(this.reads.documents)}
        WHERE tenant_id = ${tenantId} AND document_id = ANY(${asked}::text[]) AND ${documentCondition(filter)}`,
    );
    return new Set(found.map(({ id }) => id));
  }

  override async newest(tenantId: string, filter: Filter, limit: number): Promise<IndexedDocument[]> {
    const { text, values } = Prisma.sql`SELECT ${Prisma.raw(documentFields)} FROM ${Prisma.raw(this.reads.documents)}
      WHERE tenant_id = ${tenantId} AND ${saidWithin(filter)} AND ${documentCondition(filter)}
      ORDER BY said_at DESC, document_id LIMIT ${limit}`;
    return this.db.asTenant(tenantId, async (connection) => {
      // In the order of its index: the planner cannot tell how many rows pass a filter, and would rather sort.
      await connection.query('SET LOCAL enable_sort = off');
      const found = await connection.query<DocumentRow>({ text, values });
      return found.rows.map((row) => readDocument(row).document);
    });
  }

  override async speakers(tenantId: string, filter: Filter): Promise<string[]> {
    const found = await this.rows<{ speaker: string }>(
      tenantId,
      Prisma.sql`SELECT DISTINCT speaker FROM ${Prisma.raw(this.reads.documents)}
        WHERE tenant_id = ${tenantId} AND speaker <> '' AND ${documentCondition(filter)}`,
    );
    return found.map(({ speaker }) => speaker).sort();
  }

  private rows<Row extends object>(
    tenantId: string,
    { name, text, values }: { name?: string; text: string; values: unknown[] },
  ): Promise<Row[]> {
    return this.db.readAsTenant<Row>(tenantId, name === undefined ? { text, values } : { name, text, values });
  }

  /** Prepared once on each connection; other generations have statements of their own. */
  private named(name: string, text: string, values: unknown[]) {
    return { name: `${name} ${this.generation}`, text, values };
  }

  private async documentsById(
    connection: TenantConnection,
    tenantId: string,
    ids: readonly string[],
  ): Promise<ReadDocument[]> {
    const values = [tenantId, ids.filter(isStorable)];
    const found = await connection.query<DocumentRow>(this.named('documents by id', this.reads.documentsById, values));
    return found.rows.map(readDocument);
  }

  private async writeDocuments(
    connection: TenantConnection,
    tenantId: string,
    before: readonly ReadDocument[],
    after: readonly ReadDocument[],
    removed: readonly string[],
  ): Promise<void> {
    const extracted = before.filter(({ document }) => document.sourceEpisodeIds.length > 0);
    await this.writes.deleteSources.run(
      connection,
      tenantId,
      extracted.map(({ document }) => document.id),
    );
    await this.writes.deleteDocuments.run(connection, tenantId, removed.filter(isStorable));
    await this.writes.upsertDocuments.run(connection, tenantId, after);
    const sources = after.flatMap(({ document: { id, sourceEpisodeIds } }) =>
      [...new Set(sourceEpisodeIds)].map((sourceId) => ({ id, sourceId })),
    );
    await this.writes.insertSources.run(connection, tenantId, sources);
  }

  /** @returns the conversations that the change concerns, also those that it leaves empty */
  private async writeConversations(
    connection: TenantConnection,
    tenantId: string,
    before: readonly ReadDocument[],
    after: readonly ReadDocument[],
  ): Promise<ConversationRow[]> {
    const ids = [...conversationsOf([...before, ...after])];
    if (ids.length === 0) return [];
    const known = await connection.query<StoredConversation>(this.reads.conversationsById, [tenantId, ids]);
    const knownById = new Map(known.rows.map((row) => [row.id, conversationRow(row)]));
    const conversations = new Map(ids.map((id) => [id, knownById.get(id) ?? emptyConversation(id)]));
    countEpisodes(conversations, before, -1);
    countEpisodes(conversations, after, 1);
    const [kept, ended] = split([...conversations.values()], ({ episodes }) => episodes > 0);
    await this.writes.upsertConversations.run(connection, tenantId, kept);
    await this.writes.deleteConversations.run(
      connection,
      tenantId,
      ended.map(({ id }) => id),
    );
    return [...conversations.values()];
  }

  private async writeCounts(
    connection: TenantConnection,
    tenantId: string,
    before: readonly ReadDocument[],
    after: readonly ReadDocument[],
  ): Promise<void> {
    const frequencies = frequencyChanges(before, after);
    await this.writes.addFrequencies.run(connection, tenantId, frequencies);
    const fallen = frequencies.filter(([, by]) => by < 0).map(([word]) => storedWords(word));
    if (fallen.length > 0) await connection.query(this.writes.dropUnusedWords, [tenantId, fallen]);
    const { documents, originals } = totalChanges(before, after);
    const values = [tenantId, documents, originals];
    await connection.query(this.named('add search totals', this.writes.addTotals, values));
  }

  /** What was written, and what stands around the places where an episode came or went. */
  private async rewrittenDocuments(
    connection: TenantConnection,
    tenantId: string,
    before: readonly ReadDocument[],
    after: readonly ReadDocument[],
  ): Promise<PlacedDocument[]> {
    const changed = [...before, ...after].map(({ document }) => document).filter(isPlaced);
    const ids = after.map(({ document }) => document.id);
    const values = [
      tenantId,
      changed.map(({ conversationId }) => conversationId),
      changed.map(({ ordinal }) => ordinal),
      changed.map(({ id }) => id),
      ids,
    ];
    const query = this.named('documents around', this.reads.documentsAround, values);
    const found = (await connection.query<DocumentRow>(query)).rows.map(readDocument);
    const places = new Places(found.map(({ document }) => document));
    const beside = changed.flatMap((place) => [...places.before(place), ...places.after(place)]);
    return placedDocuments(found, new Set([...ids, ...beside.map(({ id }) => id)]));
  }
}

function readAll(documents: readonly EmbeddedDocument[]): Promise<ReadDocument[]> {
  return inSlices(documents, ({ vector = null, ...document }) => {
    return { document, vector, reading: readTurn(document.text, document.caption ?? null, document.saidAt) };
  });
}

type UnreadRow = Pick<IndexedDocument, 'id' | 'text' | 'caption'>;

interface StoredConversation {
  id: string;
  episodes: number;
  length: number;
  counts: Record<string, number>;
  belongings: Record<string, number>;
}

function conversationRow({ counts, belongings, ...row }: StoredConversation): ConversationRow {
  const words = Object.entries(counts).map(([word, count]) => [wordsOf(word), count] as const);
  return { ...row, counts: new Map(words), belongings: new Map(Object.entries(belongings)) };
}

function emptyConversation(id: string): ConversationRow {
  return { id, episodes: 0, length: 0, counts: new Map(), belongings: new Map() };
}

function indexedConversation({ id, length, counts, belongings }: ConversationRow): Rewriting['conversations'][number] {
  return { id, length, counts, belongings: Array.from(belongings.keys(), (json) => JSON.parse(json) as never) };
}

function split<T>(items: readonly T[], isFirst: (item: T) => boolean): [T[], T[]] {
  return [items.filter(isFirst), items.filter((item) => !isFirst(item))];
}
