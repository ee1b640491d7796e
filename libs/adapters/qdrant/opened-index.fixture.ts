import { InstantVectors } from '#libs/adapters/in-process/instant-vectors.js';
import { PostgresIndexedDocuments } from '#libs/adapters/postgres/indexed-documents.js';
import type { Database } from '#libs/adapters/postgres/database.js';
import { TinyEmbedder } from '#libs/ports/contracts/tiny-embedder.fixture.js';
import type { Embedder } from '#libs/ports/embedder.js';
import type { IndexedDocuments } from '#libs/ports/indexed-documents.js';
import { QdrantSearchIndex, type QdrantServer } from './search-index.js';

const generation = 1;

/** The documents of generation 1, with their tables. */
export async function preparedDocuments(db: Database): Promise<PostgresIndexedDocuments> {
  const documents = new PostgresIndexedDocuments(db, generation);
  await documents.prepare();
  return documents;
}

/** The index of generation 1, with its collection. */
export async function openedIndex(
  server: QdrantServer,
  documents: IndexedDocuments,
  embedder: Embedder = new TinyEmbedder(),
): Promise<QdrantSearchIndex> {
  const index = new QdrantSearchIndex(server, generation, documents, new InstantVectors(embedder));
  await index.prepare();
  return index;
}
