// The search indexes that can be measured, opened with the adapters that the server uses.
import { withDataFolder } from '../server-process.mjs';

const GENERATION = 1;

/** Runs `work({ index, embedder })` with an empty index, `in-process` or `qdrant` at QDRANT_URL. */
export async function withIndex(kind, embedderName, tenantIds, work) {
  const { embedderOf } = await import('../../dist/libs/profiles/embedder.js');
  const embedder = await embedderOf({ name: embedderName });
  if (kind === 'qdrant') return withQdrant(embedder, tenantIds, (index) => work({ index, embedder }));
  const { InProcessSearchIndex } = await import('../../dist/libs/adapters/in-process/search-index.js');
  return work({ index: new InProcessSearchIndex(await vectorsOf(embedder)), embedder });
}

/** Qdrant finds, and the bundled PostgreSQL of a folder of its own holds the rows beside it. */
async function withQdrant(embedder, tenantIds, work) {
  const { QdrantSearchIndex } = await import('../../dist/libs/adapters/qdrant/search-index.js');
  const { PostgresIndexedDocuments } = await import('../../dist/libs/adapters/postgres/indexed-documents.js');
  const { openStandaloneDatabase } = await import('../../dist/libs/profiles/standalone-database.js');
  const url = process.env.QDRANT_URL;
  const server = { url, apiKey: process.env.QDRANT_API_KEY ?? null, namespace: `bench-${process.pid}-` };
  await withDataFolder(async (dataDir) => {
    const database = await openStandaloneDatabase(
      { databaseUrl: null, dataDir, masterKey: null },
      { holdFolder: 'take', onProgress: () => undefined, onUnexpectedExit: (sentence) => console.error(sentence) },
    );
    try {
      for (const tenantId of tenantIds) await database.tenants.ensure(tenantId, 'self-hosted');
      const documents = new PostgresIndexedDocuments(database.db, GENERATION);
      await documents.prepare();
      const index = new QdrantSearchIndex(server, GENERATION, documents, await vectorsOf(embedder));
      try {
        await work(index);
      } finally {
        await index.drop();
      }
    } finally {
      await database.close();
    }
  });
}

async function vectorsOf(embedder) {
  const { InstantVectors } = await import('../../dist/libs/adapters/in-process/instant-vectors.js');
  return new InstantVectors(embedder);
}
