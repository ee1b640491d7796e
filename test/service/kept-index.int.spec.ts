import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { IndexSnapshots } from '#libs/adapters/in-process/index-snapshots.js';
import { InstantVectors } from '#libs/adapters/in-process/instant-vectors.js';
import { KeptTenants } from '#libs/adapters/in-process/kept-tenants.js';
import { InProcessSearchIndex } from '#libs/adapters/in-process/search-index.js';
import { OnlyIndex } from '#libs/adapters/in-process/served.fixture.js';
import { Turns } from '#libs/adapters/in-process/search-index/turns.js';
import { StaticEmbedder } from '#libs/adapters/static-embedder/static-embedder.js';
import { ProjectionFollower } from '#libs/projections/projection-follower.js';
import { callerOf, startTestService, statement, type TestService } from '../harness/service.js';

const tenantId = 'acme';

let service: TestService;
let folder: string;
const notes: string[] = [];
beforeAll(async () => {
  [service, folder] = [await startTestService([tenantId]), await mkdtemp(join(tmpdir(), 'kept-index-'))];
});
afterAll(async () => {
  await service.stop();
  await rm(folder, { recursive: true, force: true });
});

async function learn(content: string): Promise<string> {
  const { body } = await service.send(callerOf(tenantId), statement(content));
  return (body['memoryIds'] as string[])[0]!;
}

/** The part of a process that follows the log, from its start to its end, once the rows are there: two cannot write them. */
async function run(contents = 'one'): Promise<{ texts: string[]; pagesRead: number }> {
  expect(await service.follower.waitFor(tenantId, await service.log.headPosition(tenantId), 10_000)).toBe(true);
  const snapshots = new IndexSnapshots(folder, 1, contents, (sentence) => notes.push(sentence));
  const failed = (error: Error): void => void notes.push(error.message);
  const embedder = new StaticEmbedder();
  const vectors = new InstantVectors(embedder);
  const index = new InProcessSearchIndex(
    vectors,
    new Turns(),
    new KeptTenants(snapshots, failed, { leastDocuments: 1 }),
  );
  const pages = jest.spyOn(service.store, 'allDocuments');
  const follower = new ProjectionFollower(
    service.log,
    service.store,
    new OnlyIndex({ generation: 1, index, embedder, vectors }),
    {
      indexing: () => undefined,
      parked: () => undefined,
      projected: () => undefined,
      failed: (_tenantId, error) => failed(error),
    },
  );
  await follower.start();
  const texts = (await index.newest(tenantId, { and: [] }, 100)).map(({ text }) => text).sort();
  expect(follower.indexedDocuments()).toBe(texts.length);
  await follower.stop();
  await index.close();
  const pagesRead = pages.mock.calls.length;
  pages.mockRestore();
  return { texts, pagesRead };
}

it('brings a kept index up to the log, and reads all rows only where nothing of use was kept', async () => {
  const [first, second] = [await learn('Ann lives in Lyon'), await learn('Bob plays the violin')];
  expect(await run()).toEqual({ texts: ['Ann lives in Lyon', 'Bob plays the violin'], pagesRead: 1 });
  await learn('Cleo has a boat');
  await service.send(callerOf(tenantId), {
    type: 'ReviseMemory',
    memoryId: first,
    expectedVersion: null,
    content: 'Ann lives in Oslo',
  });
  const now = ['Ann lives in Oslo', 'Bob plays the violin', 'Cleo has a boat'];
  expect(await run()).toEqual({ texts: now, pagesRead: 0 });
  await service.send(callerOf(tenantId), { type: 'ForgetMemories', memoryIds: [second], hard: true, single: true });
  const left = now.filter((text) => !text.startsWith('Bob'));
  expect(await run()).toEqual({ texts: left, pagesRead: 0 });
  expect(notes).toEqual([]);
  expect(await run('another')).toEqual({ texts: left, pagesRead: 1 });
  expect(notes).toEqual([expect.stringContaining('made from something else')]);
  expect(await readdir(folder)).toHaveLength(1);
});
