import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { QdrantClient } from '@qdrant/js-client-rest';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { PostgresIndexedDocuments } from '#libs/adapters/postgres/indexed-documents.js';
import { episode } from '#libs/ports/contracts/search-documents.fixture.js';
import type { Filter } from '#libs/domain/scope/filter.js';
import { SearchIndexUnreachable } from '#libs/ports/search-index.js';
import { startTestDatabase, type TestDatabase } from '#test/harness/database.js';
import { freshNamespace, type OwnServer, startOwnServer, serversLimitMs } from '#test/harness/stack.js';
import { collectionName } from './collection.js';
import { openedIndex, preparedDocuments } from './opened-index.fixture.js';
import type { QdrantSearchIndex } from './search-index.js';

const everything: Filter = { and: [] };
const views = ['turn', 'window', 'windowBack', 'session'] as const;
/** Far above the time-out of a request, far below "for ever". */
const secondsMs = 15_000;

describe('the search index on a Qdrant that is not always there', () => {
  let database: TestDatabase;
  let documents: PostgresIndexedDocuments;
  let qdrant: OwnServer;
  let index: QdrantSearchIndex;
  const namespace = freshNamespace();

  beforeAll(async () => {
    [database, qdrant] = await Promise.all([startTestDatabase(), startOwnServer('qdrant')]);
    documents = await preparedDocuments(database.db);
    index = await openedIndex({ url: qdrant.url, apiKey: null, namespace }, documents);
  }, serversLimitMs);
  afterAll(async () => {
    await Promise.all([database.stop(), qdrant.remove()]);
  });

  const found = async (tenantId: string, term: string): Promise<string[]> => {
    const terms = [{ term, weight: 1 }];
    const asked = { tenantId, terms, views, filter: everything, limitPerView: 20 };
    return (await index.candidates(asked)).map(({ view, id }) => `${view} ${id}`);
  };
  const turns = ['tea', 'cake', 'rain'].map((text, ordinal) => episode(`e${ordinal}`, { text, ordinal }));

  it(
    'says so, changes nothing, and takes the same change when it is back',
    async () => {
      await index.apply('acme', { upsert: turns, remove: [] });
      const before = await found('acme', 'tea');
      await qdrant.kill();
      const change = { upsert: [episode('e3', { text: 'boat', ordinal: 3 })], remove: ['e0'] };
      await expect(index.apply('acme', change)).rejects.toBeInstanceOf(SearchIndexUnreachable);
      await expect(found('acme', 'tea')).rejects.toBeInstanceOf(SearchIndexUnreachable);
      await expect(index.clear('acme')).rejects.toBeInstanceOf(SearchIndexUnreachable);
      expect(await index.size('acme')).toBe(3);
      await qdrant.restart();
      expect(await found('acme', 'tea')).toEqual(before);
      await index.apply('acme', change);
      expect(await found('acme', 'tea')).toEqual([]);
      expect(await found('acme', 'boat')).toEqual([
        'turn e3',
        'window e3',
        'window e2',
        'windowBack e3',
        ...sessions(),
      ]);
    },
    serversLimitMs,
  );

  it('repairs with the same change what a crash left between points and rows', async () => {
    await index.apply('crash', { upsert: turns, remove: [] });
    const change = { upsert: [], remove: ['e0', 'e1'] };
    // The points are written and the rows are not: what happens when the process dies before it commits.
    const dying = new WithoutCommit(documents);
    const other = await openedIndex({ url: qdrant.url, apiKey: null, namespace }, dying);
    await expect(other.apply('crash', change)).rejects.toThrow(/died/);
    expect(await index.size('crash')).toBe(3);
    await index.apply('crash', change);
    expect(await found('crash', 'tea')).toEqual([]);
    expect(await found('crash', 'rain')).toEqual(views.map((view) => `${view} e2`));
    const client = new QdrantClient({ url: qdrant.url });
    const filter = { must: [{ key: 'tenant', match: { value: 'crash' } }] };
    expect((await client.count(collectionName(namespace, 1), { filter, exact: true })).count).toBe(2);
  });

  it(
    'does not wait for ever for a server that accepts and says nothing',
    async () => {
      const sockets: Socket[] = [];
      const silent = createServer((socket) => void sockets.push(socket)).listen(0, '127.0.0.1');
      await once(silent, 'listening');
      const opening = openedIndex({ url: urlOf(silent), apiKey: null, namespace }, documents);
      const error = await opening.catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(SearchIndexUnreachable);
      expect((error as SearchIndexUnreachable).retryAfterSeconds).toBeGreaterThan(0);
      silent.close();
      for (const socket of sockets) socket.destroy();
    },
    secondsMs,
  );

  it('opens the collection that is there, and refuses one that was made for something else', async () => {
    const again = await openedIndex({ url: qdrant.url, apiKey: null, namespace }, documents);
    expect(await again.size('acme')).toBe(await index.size('acme'));
    const client = new QdrantClient({ url: qdrant.url });
    const elsewhere = freshNamespace();
    await client.createCollection(collectionName(elsewhere, 1), {
      sparse_vectors: { turn: { modifier: 'idf' } },
    });
    const opening = openedIndex({ url: qdrant.url, apiKey: null, namespace: elsewhere }, documents);
    await expect(opening).rejects.toThrow(/"t[0-9a-f]+-search-1" was not made by this version.*weighed by Qdrant/);
  });

  it('is opened by several processes at once', async () => {
    const elsewhere = freshNamespace();
    const opened = await Promise.all(
      Array.from({ length: 4 }, () => openedIndex({ url: qdrant.url, apiKey: null, namespace: elsewhere }, documents)),
    );
    await opened[0]!.apply('several', { upsert: turns, remove: [] });
    expect(await opened[3]!.speakers('several', everything)).toEqual([]);
  });
});

/** Rows that are never committed. */
class WithoutCommit extends PostgresIndexedDocuments {
  constructor(documents: PostgresIndexedDocuments) {
    super(documents['db'], 1);
  }

  override replace(...[tenantId, change, write]: Parameters<PostgresIndexedDocuments['replace']>): Promise<void> {
    return super.replace(tenantId, change, async (rewriting) => {
      await write(rewriting);
      throw new Error('died');
    });
  }
}

function sessions(): string[] {
  return ['e1', 'e2', 'e3'].map((id) => `session ${id}`);
}

function urlOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as { port: number }).port}`;
}
