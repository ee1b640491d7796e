import { IndexSnapshots } from '#libs/adapters/in-process/index-snapshots.js';
import { KeptTenants } from '#libs/adapters/in-process/kept-tenants.js';
import { InProcessSearchIndex } from '#libs/adapters/in-process/search-index.js';
import { turnsOfProcess } from '#libs/adapters/in-process/search-index/turns.js';
import { InstantVectors } from '#libs/adapters/in-process/instant-vectors.js';
import { AbsentEmbedder } from '#libs/adapters/in-process/absent-embedder.js';
import { NoEmbedder } from '#libs/adapters/in-process/no-embedder.js';
import type { Database } from '#libs/adapters/postgres/database.js';
import { PostgresIndexGenerations } from '#libs/adapters/postgres/index-generations.js';
import { PostgresIndexedDocuments } from '#libs/adapters/postgres/indexed-documents.js';
import type { KeyRing } from '#libs/adapters/postgres/key-ring.js';
import { PostgresTextVectors } from '#libs/adapters/postgres/text-vectors.js';
import { QdrantSearchIndex, type QdrantServer } from '#libs/adapters/qdrant/search-index.js';
import { READING_VERSION } from '#libs/domain/ranking/reading-version.js';
import type { Embedder } from '#libs/ports/embedder.js';
import type { IndexGeneration, IndexGenerations } from '#libs/ports/index-generations.js';
import { SearchIndexUnreachable } from '#libs/ports/search-index.js';
import type { TextVectors } from '#libs/ports/text-vectors.js';
import { type IndexMaker, OpenIndexes } from '#libs/projections/open-indexes.js';
import type { Configuration } from '#libs/service-kit/configuration.js';
import type { EmbedderServer } from '#libs/service-kit/embedder-configuration.js';
import { embedderOf } from './embedder.js';

interface Keeping {
  db: Database;
  keyRing: KeyRing;
  embedderServer: EmbedderServer | null;
}

/**
 * The indexes of one process, in its memory.
 *
 * @param folder where they are kept while no process runs
 * @param note hears why what was kept is of no use
 */
export function inProcessIndexes(
  keeping: Keeping,
  folder: string,
  { failed, note }: { failed: (error: Error) => void; note: (sentence: string) => void },
): IndexMaker {
  return {
    open: async (generation) => {
      const { embedder, vectors } = await reading(generation, keeping, note);
      const snapshots = new IndexSnapshots(folder, generation.id, keptAs(generation), note);
      const index = new InProcessSearchIndex(vectors, turnsOfProcess, new KeptTenants(snapshots, failed));
      const close = async (): Promise<void> => {
        await index.close();
        await embedder.close();
      };
      return { generation: generation.id, index, embedder, vectors, close };
    },
    remove: async (generation, models) => {
      await IndexSnapshots.remove(folder, generation);
      await PostgresTextVectors.eraseAllBut(keeping.db, models);
    },
  };
}

/** Indexes that processes share: the points in Qdrant, the texts and word statistics in PostgreSQL. */
export function sharedIndexes(
  server: QdrantServer,
  keeping: Keeping,
  { note, forget }: { note: (sentence: string) => void; forget: (generation: number) => Promise<void> },
): IndexMaker {
  const indexOf = (generation: number, vectors: TextVectors) => {
    const documents = new PostgresIndexedDocuments(keeping.db, generation);
    return { documents, index: new QdrantSearchIndex(server, generation, documents, vectors) };
  };
  return {
    open: async (generation) => {
      const { embedder, vectors } = await reading(generation, keeping, note);
      const { documents, index } = indexOf(generation.id, vectors);
      await documents.prepare();
      // Lists and everything but searches can do without, so a service starts while Qdrant is away.
      await index.prepare().catch((error: unknown) => {
        if (!(error instanceof SearchIndexUnreachable)) throw error;
        note('Qdrant cannot be reached: searches are refused until it can');
      });
      return { generation: generation.id, index, embedder, vectors, close: () => embedder.close() };
    },
    remove: async (generation, models) => {
      await indexOf(generation, noVectors).index.drop();
      await forget(generation);
      await PostgresTextVectors.eraseAllBut(keeping.db, models);
    },
  };
}

/** Follows which generations there are. */
export async function openIndexes(
  db: Database,
  maker: IndexMaker,
  failed: (error: Error) => void,
): Promise<{ generations: PostgresIndexGenerations; indexes: OpenIndexes; close(): Promise<void> }> {
  const generations = new PostgresIndexGenerations(db);
  await generations.start();
  const indexes = await openedIndexes(generations, maker, failed);
  const close = async (): Promise<void> => {
    await indexes.stop();
    await generations.stop();
  };
  return { generations, indexes, close };
}

/** The indexes as they are, for a command that ends before they change. */
export function presentIndexes(db: Database, maker: IndexMaker, failed: (error: Error) => void): Promise<OpenIndexes> {
  return openedIndexes(new PostgresIndexGenerations(db), maker, failed);
}

async function openedIndexes(
  generations: PostgresIndexGenerations,
  maker: IndexMaker,
  failed: (error: Error) => void,
): Promise<OpenIndexes> {
  const indexes = new OpenIndexes(generations, maker, failed);
  await indexes.start();
  return indexes;
}

/** What is done with the generations from outside the services. */
export function withGenerations(db: Database, work: (generations: IndexGenerations) => Promise<void>): Promise<void> {
  return work(new PostgresIndexGenerations(db));
}

/** Sees to it that there is, or will be, an index as the configuration wants it. */
export async function wantIndex(
  db: Database,
  { embedder: settings, embedderServer }: Pick<Configuration, 'embedder' | 'embedderServer'>,
  note: (sentence: string) => void,
): Promise<void> {
  const embedder = await embedderOf(settings, embedderServer);
  const { model, kind, dimensions } = embedder;
  await embedder.close();
  const wanted = { settings, model, kind, dimensions };
  const outcome = await new PostgresIndexGenerations(db).want(wanted, READING_VERSION);
  if (outcome === 'filling') {
    note('The search index is made again beside the one that answers (`npm run search-index` shows how far it is)');
  }
  if (outcome === 'rejected') {
    note('An index as this configuration wants it was made and given up; the one before it answers');
    note('  npm run search-index -- rebuild   makes it again');
  }
}

/** Names what an index of a generation holds. */
function keptAs(generation: IndexGeneration): string {
  const { id, embedder, reading, createdAt } = generation;
  return JSON.stringify({ id, embedder, reading, createdAt });
}

async function reading(
  generation: IndexGeneration,
  { db, keyRing, embedderServer }: Keeping,
  note: (sentence: string) => void,
) {
  const embedder = await openedAsMade(generation, embedderServer, note);
  return { embedder, vectors: vectorsOf(embedder, db, keyRing) };
}

/** The embedder that an index was made with. One that answered with another is of use for its words until it is replaced. */
async function openedAsMade(
  { id, embedder: made, state }: IndexGeneration,
  server: EmbedderServer | null,
  note: (sentence: string) => void,
): Promise<Embedder> {
  let reason: string;
  try {
    const embedder = await embedderOf(made.settings, server);
    if (embedder.model === made.model && embedder.dimensions === made.dimensions) return embedder;
    reason = `there is ${embedder.model} in its place`;
    await embedder.close();
  } catch (error) {
    if (state === 'filling') throw error;
    reason = (error as Error).message;
  }
  note(`Search index ${id} was made with the model ${made.model}, and now ${reason}`);
  note('  until another index answers, questions are answered by words');
  return new AbsentEmbedder(made);
}

/** What is read in no time need not be kept. */
function vectorsOf(embedder: Embedder, db: Database, keyRing: KeyRing): TextVectors {
  return embedder.isInstant ? new InstantVectors(embedder) : new PostgresTextVectors(db, keyRing, embedder);
}

const noVectors = new InstantVectors(new NoEmbedder());
