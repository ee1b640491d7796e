import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbedderUnreachable } from '#libs/ports/embedder.js';
import type { IndexEmbedder } from '#libs/ports/index-generations.js';
import { episode } from '#libs/ports/contracts/search-documents.fixture.js';
import { startTestDatabase, type TestDatabase } from '#test/harness/database.js';
import { inProcessIndexes } from './search-indexes.js';

describe('the indexes of a single process', () => {
  let database: TestDatabase;
  let folder: string;
  let notes: string[];
  beforeAll(async () => {
    database = await startTestDatabase();
    folder = await mkdtemp(join(tmpdir(), 'memorystack-indexes-'));
    await database.tenants.ensure('acme', 'self-hosted');
  });
  afterAll(async () => {
    await database.stop();
    await rm(folder, { recursive: true });
  });

  const open = (embedder: IndexEmbedder, state: 'complete' | 'filling') => {
    notes = [];
    const maker = inProcessIndexes({ ...database, embedderServer: null }, join(folder, 'index'), {
      failed: (error) => notes.push(error.message),
      note: (sentence) => notes.push(sentence),
    });
    const made = { comparison: null, progress: null, createdAt: '2026-03-01T00:00:00.000Z' };
    return maker.open({ id: 1, embedder, reading: 1, state, ...made });
  };
  const gone: IndexEmbedder = {
    settings: { name: 'onnx', folder: '/no/such/folder' },
    ...{ model: 'gone-1f', kind: 'contextual', dimensions: 8 },
  };

  it('open with the embedder that they were made with', async () => {
    const words: IndexEmbedder = { settings: { name: 'none' }, model: 'none', kind: 'none', dimensions: 0 };
    const { embedder, close } = await open(words, 'complete');
    expect([embedder.model, notes]).toEqual(['none', []]);
    await close();
  });

  it('answer by words where that one is gone, or another one stands in its place, and say so', async () => {
    const replaced: IndexEmbedder = { ...gone, settings: { name: 'static' } };
    for (const [made, reason] of [
      [gone, '/no/such/folder'],
      [replaced, 'there is glove'],
    ] as const) {
      const { index, embedder, close } = await open(made, 'complete');
      expect(embedder).toMatchObject({ model: 'gone-1f', dimensions: 8, isInstant: false });
      await expect(embedder.embed(['tea'], 'question')).rejects.toBeInstanceOf(EmbedderUnreachable);
      expect(notes.join()).toContain('made with the model gone-1f');
      expect(notes.join()).toContain(reason);
      await index.apply('acme', { upsert: [episode('e1', { text: 'green tea' })], remove: [] });
      expect(await index.size('acme')).toBe(1);
      await close();
    }
  });

  it('are not begun to be filled without it', async () => {
    await expect(open(gone, 'filling')).rejects.toThrow('/no/such/folder');
  });
});
