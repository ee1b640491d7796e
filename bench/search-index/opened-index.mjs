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

/**
 * Writes what an index in the process holds of a tenant to a folder of its own, and has a second index read it.
 *
 * @param measured is given the name of each work and the work
 */
export async function keepAndRestore(index, embedder, tenantId, measured) {
  const { IndexSnapshots } = await import('../../dist/libs/adapters/in-process/index-snapshots.js');
  const { KeptTenants } = await import('../../dist/libs/adapters/in-process/kept-tenants.js');
  const { InProcessSearchIndex } = await import('../../dist/libs/adapters/in-process/search-index.js');
  const { turnsOfProcess } = await import('../../dist/libs/adapters/in-process/search-index/turns.js');
  const vectors = await vectorsOf(embedder);
  await withDataFolder(async (folder) => {
    const snapshots = new IndexSnapshots(folder, GENERATION, 'bench', (sentence) => console.error(sentence));
    const mark = { position: 1, recordedTime: null };
    await measured('keeping', () => snapshots.write(tenantId, mark, index.parts(tenantId)));
    const kept = new KeptTenants(snapshots, (error) => console.error(error));
    const second = new InProcessSearchIndex(vectors, turnsOfProcess, kept);
    await measured('restoring', () => second.restore(tenantId, () => Promise.resolve(true)));
    if ((await second.size(tenantId)) !== (await index.size(tenantId))) throw new Error('Not all was brought back.');
  });
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
