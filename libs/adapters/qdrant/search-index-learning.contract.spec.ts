import { afterAll, beforeAll } from '@jest/globals';
import { PostgresIndexedDocuments } from '#libs/adapters/postgres/indexed-documents.js';
import { searchIndexLearningContract } from '#libs/ports/contracts/search-index-learning.contract.js';
import { startTestDatabase, type TestDatabase } from '#test/harness/database.js';
import { freshNamespace, serversLimitMs, sharedServers } from '#test/harness/stack.js';
import { QdrantSearchIndex } from './search-index.js';

let database: TestDatabase;
let server: { url: string; apiKey: string | null; namespace: string };
let generation = 0;

beforeAll(async () => {
  const { qdrantUrl: url, qdrantApiKey: apiKey } = await sharedServers('qdrant');
  server = { url, apiKey, namespace: freshNamespace() };
  database = await startTestDatabase();
}, serversLimitMs);
afterAll(() => database.stop());

searchIndexLearningContract('on Qdrant and PostgreSQL', async (vectors) => {
  generation += 1;
  const documents = new PostgresIndexedDocuments(database.db, generation);
  await documents.prepare();
  return new QdrantSearchIndex(server, generation, documents, vectors);
});
