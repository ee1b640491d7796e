import { afterEach, expect, it } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { AbsentEmbedder } from '#libs/adapters/in-process/absent-embedder.js';
import { Alone } from '#libs/adapters/in-process/alone.js';
import { InProcessSearchIndex } from '#libs/adapters/in-process/search-index.js';
import type { Embedder } from '#libs/ports/embedder.js';
import { RememberedVectors } from '#libs/ports/contracts/remembered-vectors.fixture.js';
import { episode } from '#libs/ports/contracts/search-documents.fixture.js';
import { TinyEmbedder } from '#libs/ports/contracts/tiny-embedder.fixture.js';
import type { LogReader } from '#libs/ports/log-reader.js';
import type { EmbeddedIndex } from '#libs/ports/served-index.js';
import type { OpenIndexes } from '#libs/projections/open-indexes.js';
import { VectorFiller } from './vector-filler.js';

class SlowEmbedder extends TinyEmbedder {
  override readonly isInstant = false;
}

const patienceMs = 20_000;
let filler: VectorFiller | null = null;
afterEach(() => filler?.onApplicationShutdown());

async function indexWith(generation: number, embedder: Embedder): Promise<EmbeddedIndex> {
  const vectors = new RememberedVectors();
  const index = new InProcessSearchIndex(vectors);
  await index.apply('acme', { upsert: [episode('e1', { text: 'green tea' })], remove: [] });
  return { generation, index, embedder, vectors };
}

it('fills the vectors of one index while the embedder of another is away', async () => {
  const gone = await indexWith(1, new AbsentEmbedder({ model: 'gone', kind: 'contextual', dimensions: 4 }));
  const filling = await indexWith(2, new SlowEmbedder());
  const indexes = { written: [gone, filling] } as unknown as OpenIndexes;
  const log = { heads: async () => [{ tenantId: 'acme', position: 1 }] } as unknown as LogReader;
  filler = new VectorFiller(indexes, log, new Alone());
  filler.onApplicationBootstrap();
  for (const endMs = Date.now() + patienceMs; (await filling.index.unreadCount('acme')) > 0; await pause(20)) {
    if (Date.now() > endMs) throw new Error('It was never filled.');
  }
  expect(await gone.index.unreadCount('acme')).toBe(1);
  // What comes later is read too, without waiting for the one that is away.
  await filling.index.apply('acme', { upsert: [episode('e2', { text: 'a boat', ordinal: 1 })], remove: [] });
  for (const endMs = Date.now() + patienceMs; (await filling.index.unreadCount('acme')) > 0; await pause(20)) {
    if (Date.now() > endMs) throw new Error('The second text was never read.');
  }
});
