import { afterAll, beforeAll } from '@jest/globals';
import { PostgresIndexedDocuments } from '#libs/adapters/postgres/indexed-documents.js';
import { searchIndexContract } from '#libs/ports/contracts/search-index.contract.js';
import { startTestDatabase, type TestDatabase } from '#test/harness/database.js';
import { freshNamespace, serversLimitMs, sharedServers } from '#test/harness/stack.js';
import { TinyEmbedder } from '#libs/ports/contracts/tiny-embedder.fixture.js';
import { QdrantSearchIndex } from './search-index.js';
import { WithOwnTenants } from './own-tenants.fixture.js';

let database: TestDatabase;
let index: QdrantSearchIndex;

beforeAll(async () => {
  const [{ qdrantUrl: url, qdrantApiKey: apiKey }, started] = await Promise.all([
    sharedServers('qdrant'),
    startTestDatabase(),
  ]);
  database = started;
  const documents = new PostgresIndexedDocuments(database.db);
  index = await QdrantSearchIndex.open({ url, apiKey, namespace: freshNamespace() }, documents, new TinyEmbedder());
}, serversLimitMs);
afterAll(() => database.stop());

// Every call goes over two sockets: fewer histories than in memory, of the same kind.
searchIndexContract('on Qdrant and PostgreSQL', () => new WithOwnTenants(index), {
  histories: 120,
  timeoutMs: 120_000,
});
