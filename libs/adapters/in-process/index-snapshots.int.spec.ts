import { mkdtemp, readdir, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { unitVector } from '#libs/domain/ranking/text-vector.js';
import { episode, memory } from '#libs/ports/contracts/search-documents.fixture.js';
import { TinyEmbedder, tinyVector } from '#libs/ports/contracts/tiny-embedder.fixture.js';
import type { IndexedDocument, LogMark } from '#libs/ports/search-index.js';
import { IndexSnapshots } from './index-snapshots.js';
import { InstantVectors } from './instant-vectors.js';
import { type KeepingOptions, KeptTenants } from './kept-tenants.js';
import { InProcessSearchIndex } from './search-index.js';
import { Turns } from './search-index/turns.js';

const tenantId = '../../tenant';
const recordedTime = '2024-05-01T10:00:00.000Z';
const isOf = (mark: LogMark): Promise<boolean> => Promise.resolve(mark.recordedTime === recordedTime);
const filter = { and: [] };

let folder: string;
const notes: string[] = [];
const failures: Error[] = [];

beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'kept-index-')), 'index');
});
afterEach(async () => {
  await rm(join(folder, '..'), { recursive: true, force: true });
  notes.length = 0;
  expect(failures).toEqual([]);
});

function opened(contents = 'one', options: Partial<KeepingOptions> = {}): InProcessSearchIndex {
  const snapshots = new IndexSnapshots(folder, 1, contents, (sentence) => notes.push(sentence));
  const kept = new KeptTenants(snapshots, (error) => failures.push(error), { leastDocuments: 1, ...options });
  return new InProcessSearchIndex(new InstantVectors(new TinyEmbedder()), new Turns(0), kept);
}

function documentOf(number: number): IndexedDocument {
  const text = `${['tea', 'boat', 'rain'][number % 3]} in ${['Lyon', 'Oslo'][number % 2]} on day ${number % 17}?`;
  const parts = {
    text,
    userId: `u${number % 5}`,
    speaker: number % 2 ? 'Ann' : null,
    metadata: { even: !(number % 2) },
  };
  if (number % 7 === 6) return memory(`d${number}`, { ...parts, sourceEpisodeIds: [`d${number - 1}`] });
  return episode(`d${number}`, { ...parts, conversationId: `c${number >> 3}`, ordinal: number % 8 });
}

const documents = (first: number, end: number): IndexedDocument[] =>
  Array.from({ length: end - first }, (_, at) => documentOf(first + at));

/** An index with some documents, written to the disk. */
async function keptIndex(count = 700): Promise<void> {
  const index = opened();
  await index.apply(tenantId, { upsert: documents(0, count), remove: [] });
  await index.reached(tenantId, 41, () => Promise.resolve(recordedTime));
  await index.close();
}

async function answersOf(index: InProcessSearchIndex): Promise<unknown> {
  const terms = ['tea', 'lyon', 'dai'].map((term, at) => ({ term, weight: 1 + at / 3 }));
  const views = ['turn', 'window', 'windowBack', 'session'] as const;
  const candidates = await index.candidates({ tenantId, terms, views, filter, limitPerView: 30 });
  const { documentCount, documentFrequencies } = await index.statistics(tenantId, ['tea', 'lyon', 'tea_lyon']);
  return {
    candidates,
    frequencies: [documentCount, ...documentFrequencies],
    size: await index.size(tenantId),
    speakers: await index.speakers(tenantId, { field: 'metadata.even', equals: false }),
    nearest: await index.nearest({ tenantId, direction: unitVector(tinyVector('tea boat'))!, filter, limit: 9 }),
    contexts: (await index.contexts({ tenantId, ids: ['d6', 'd9'], filter, terms: ['tea'] })).documents,
    newest: await index.newest(tenantId, { field: 'userId', equals: 'u3' }, 5),
  };
}

const fileOf = async (): Promise<string> => join(folder, (await readdir(folder))[0]!);

describe('a search index that outlives its process', () => {
  it('answers as before, and tells up to which position', async () => {
    await keptIndex();
    const [before, after] = [opened(), opened()];
    await before.apply(tenantId, { upsert: documents(0, 700), remove: [] });
    expect(await after.restore(tenantId, isOf)).toBe(41);
    expect(await answersOf(after)).toEqual(await answersOf(before));
    expect(await after.unreadCount(tenantId)).toBe(0);
    const change = { upsert: documents(690, 720), remove: ['d0', 'd13'] };
    for (const index of [before, after]) await index.apply(tenantId, change);
    expect(await answersOf(after)).toEqual(await answersOf(before));
    expect(notes).toEqual([]);
  });

  it('keeps its files to itself, in the folder, under names that no tenant chooses', async () => {
    await keptIndex();
    expect(await readdir(join(folder, '..'))).toEqual(['index']);
    expect(await readdir(folder)).toEqual([expect.stringMatching(/^1-[0-9a-f]{64}\.snapshot$/)]);
    expect((await stat(await fileOf())).mode & 0o777).toBe(0o600);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
  });

  it.each([0.999, 0.9, 0.5, 0.01])('is made again where its file ends after %d of it', async (share) => {
    await keptIndex();
    const file = await fileOf();
    await truncate(file, Math.floor((await stat(file)).size * share));
    const index = opened();
    expect(await index.restore(tenantId, isOf)).toBeNull();
    expect([await index.size(tenantId), notes.length, await readdir(folder)]).toEqual([0, 1, []]);
  });

  it('is made again where a line is missing or damaged, or the file is of other contents or of another log', async () => {
    const cases: ((file: string, bytes: Buffer) => Promise<unknown>)[] = [
      (file, bytes) => writeFile(file, Buffer.concat([bytes.subarray(0, 5_000), bytes.subarray(5_001)])),
      (file, bytes) => writeFile(file, bytes.toString().split('\n').toSpliced(2, 1).join('\n')),
    ];
    for (const spoil of cases) {
      await keptIndex();
      await spoil(await fileOf(), await readFile(await fileOf()));
      expect(await opened().restore(tenantId, isOf)).toBeNull();
      expect(await readdir(folder)).toEqual([]);
    }
    await keptIndex();
    expect(await opened('another').restore(tenantId, isOf)).toBeNull();
    await keptIndex();
    expect(await opened().restore(tenantId, () => Promise.resolve(false))).toBeNull();
    expect(await readdir(folder)).toEqual([]);
    expect(notes).toHaveLength(4);
  });

  it('does not take the file of another tenant, and is new where there is none', async () => {
    await keptIndex();
    const index = opened();
    expect(await index.restore('other', isOf)).toBeNull();
    expect(notes).toEqual([]);
    await index.apply('other', { upsert: documents(0, 5), remove: [] });
    await index.reached('other', 3, () => Promise.resolve(recordedTime));
    await index.close();
    const [own, foreign] = (await readdir(folder)).map((name) => join(folder, name));
    await rename(own!, foreign!);
    expect([await opened().restore(tenantId, isOf), await opened().restore('other', isOf)].filter(Boolean)).toEqual([]);
  });

  it('removes what a process left that was ended while it wrote', async () => {
    await keptIndex();
    const file = await fileOf();
    await writeFile(`${file}.unfinished`, 'half a line');
    expect(await opened().restore(tenantId, isOf)).toBe(41);
    expect(await readdir(folder)).toHaveLength(1);
  });
});

describe('what is removed from a search index', () => {
  it('is on the disk no more when the removal is answered, and not when the process ends', async () => {
    await keptIndex();
    const index = opened();
    await index.restore(tenantId, isOf);
    await index.apply(tenantId, { upsert: [], remove: ['d5'] });
    expect(await readdir(folder)).toEqual([]);
    await index.reached(tenantId, 42, () => Promise.resolve(recordedTime));
    await index.close();
    expect((await readFile(await fileOf(), 'utf8')).includes('"id":"d5"')).toBe(false);
    expect(await opened().restore(tenantId, isOf)).toBe(42);
    await index.clear(tenantId);
    expect(await readdir(folder)).toEqual([]);
  });

  it('does not come to the disk by a file that is being written', async () => {
    const index = opened('one', { delayMs: 0 });
    await index.apply(tenantId, { upsert: documents(0, 3_000), remove: [] });
    await index.reached(tenantId, 1, () => Promise.resolve(recordedTime));
    while (!(await readdir(folder).catch(() => [])).some((name) => name.endsWith('.unfinished')))
      await new Promise((resolve) => setImmediate(resolve));
    await index.apply(tenantId, { upsert: [], remove: ['d5'] });
    expect(await readdir(folder)).toEqual([]);
    await index.reached(tenantId, 2, () => Promise.resolve(recordedTime));
    await index.close();
    expect(await opened().restore(tenantId, isOf)).toBe(2);
    expect((await readFile(await fileOf(), 'utf8')).includes('"id":"d5"')).toBe(false);
  });

  it('what is written meanwhile is there after the changes since the mark were brought again', async () => {
    const index = opened('one', { delayMs: 0 });
    await index.apply(tenantId, { upsert: documents(0, 2_000), remove: [] });
    await index.reached(tenantId, 1, () => Promise.resolve(recordedTime));
    // Each change moves documents to other places of the index.
    const changes = Array.from({ length: 40 }, (_, at) => documents(at * 50, at * 50 + 30));
    for (const upsert of changes) await index.apply(tenantId, { upsert, remove: [] });
    await index.close();
    const again = opened();
    expect(await again.restore(tenantId, isOf)).toBe(1);
    for (const upsert of changes) await again.apply(tenantId, { upsert, remove: [] });
    expect(await answersOf(again)).toEqual(await answersOf(index));
  });
});
