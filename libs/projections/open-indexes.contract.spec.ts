import { expect, it } from '@jest/globals';
import { servedBy } from '#libs/adapters/in-process/served.fixture.js';
import { PostgresIndexGenerations } from '#libs/adapters/postgres/index-generations.js';
import { servedIndexContract } from '#libs/ports/contracts/served-index.contract.js';
import { TinyEmbedder } from '#libs/ports/contracts/tiny-embedder.fixture.js';
import { startTestDatabase } from '#test/harness/database.js';
import { OpenIndexes } from './open-indexes.js';

const none = { settings: { name: 'none' }, model: 'none', kind: 'none', dimensions: 0 } as const;
const words = { settings: { name: 'static' }, model: 'words', kind: 'static', dimensions: 100 } as const;

/** Indexes in this process of an installation of its own. Those read by `static` cannot be opened while it is barred. */
async function installation() {
  const database = await startTestDatabase();
  const generations = new PostgresIndexGenerations(database.db);
  await generations.start();
  const events: string[] = [];
  const state = { isBarred: false };
  const indexes = new OpenIndexes(
    generations,
    {
      open: async ({ id, embedder }) => {
        if (state.isBarred && embedder.model === 'words') throw new Error('The folder is missing.');
        const { now } = servedBy(new TinyEmbedder());
        return { ...now, generation: id, close: async () => void events.push(`closed ${id}`) };
      },
      remove: async (id, models) => void events.push(`removed ${id}, kept ${models.join()}`),
    },
    ({ message }) => events.push(message),
  );
  const stop = async (): Promise<void> => {
    await indexes.stop();
    await generations.stop();
    await database.stop();
  };
  return { generations, indexes, events, state, stop };
}

servedIndexContract('the open indexes of a process', async () => {
  const { generations, indexes, stop } = await installation();
  await generations.want(none, 1);
  await indexes.start();
  return {
    served: indexes,
    replace: async () => {
      await generations.want(words, 1);
      await generations.activate(2);
      return 2;
    },
    stop,
  };
});

it('the open indexes of a process do not start before there is one, nor without the one that answers', async () => {
  const { generations, indexes, state, stop } = await installation();
  await expect(indexes.start()).rejects.toThrow('run `prepare` first');
  await generations.want(words, 1);
  state.isBarred = true;
  await expect(indexes.start()).rejects.toThrow('The folder is missing.');
  await stop();
});

it('the open indexes of a process go on without one that cannot be opened, and open it later', async () => {
  const { generations, indexes, events, state, stop } = await installation();
  await generations.want(none, 1);
  await indexes.start();
  state.isBarred = true;
  await generations.want(words, 1);
  await indexes.refresh();
  const written = () => indexes.written.map(({ generation }) => generation);
  expect([written(), events.at(-1)]).toEqual([[1], 'The folder is missing.']);
  state.isBarred = false;
  await indexes.refresh();
  expect([written(), indexes.now.generation]).toEqual([[1, 2], 1]);
  await stop();
  expect(events.slice(-2).sort()).toEqual(['closed 1', 'closed 2']);
});

it('the open indexes of a process give up those that are retired, and remove them when nobody can be asking', async () => {
  const { generations, indexes, events, stop } = await installation();
  await generations.want(none, 1);
  await generations.want(words, 1);
  await indexes.start();
  await generations.activate(2);
  await generations.retirePrevious();
  await indexes.refresh();
  expect(indexes.written.map(({ generation }) => generation)).toEqual([2]);
  expect([await indexes.removeRetired(), events]).toEqual([0, []]);
  expect(await indexes.removeRetired(0)).toBe(1);
  expect(events).toEqual(['removed 1, kept tiny']);
  expect(await indexes.removeRetired(0)).toBe(0);
  await stop();
});
