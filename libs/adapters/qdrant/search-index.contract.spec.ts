import { afterAll, beforeAll } from '@jest/globals';
import { searchIndexContract } from '#libs/ports/contracts/search-index.contract.js';
import { startTestDatabase, type TestDatabase } from '#test/harness/database.js';
import { freshNamespace, serversLimitMs, sharedServers } from '#test/harness/stack.js';
import { openedIndex, preparedDocuments } from './opened-index.fixture.js';
import { WithOwnTenants } from './own-tenants.fixture.js';
import type { QdrantSearchIndex } from './search-index.js';

let database: TestDatabase;
let index: QdrantSearchIndex;

beforeAll(async () => {
  const [{ qdrantUrl: url, qdrantApiKey: apiKey }, started] = await Promise.all([
    sharedServers('qdrant'),
    startTestDatabase(),
  ]);
  database = started;
  const server = { url, apiKey, namespace: freshNamespace() };
  index = await openedIndex(server, await preparedDocuments(database.db));
}, serversLimitMs);
afterAll(() => database.stop());

// Every call goes over two sockets: fewer histories than in memory, of the same kind.
searchIndexContract('on Qdrant and PostgreSQL', () => new WithOwnTenants(index), {
  histories: 120,
  timeoutMs: 120_000,
});
