import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { useDistributedServer } from '#test/harness/distributed.js';
import { replayFaults } from '#test/harness/distributed-log.js';
import { Load } from '#test/harness/load.js';
import { random } from '#test/harness/server-random.js';

const seed = Number(process.env['MEMORYSTACK_TEST_SEED'] ?? randomInt(1_000_000));

describe(`kill -9 of each service under load (seed ${seed})`, () => {
  const server = useDistributedServer({ MEMORYSTACK_COMMAND_TIMEOUT_MS: '5000' });
  const chance = random(seed);
  let loads: Load[];

  beforeAll(async () => {
    const { secret } = await server.createKey('--tenant', 'acme');
    loads = [new Load(server.client(), seed), new Load(server.client(secret), seed + 1)];
  }, 60_000);
  afterAll(() => console.info(loads.map((load) => load.summary()).join('\n')));

  // A group of Kafka waits 15 s for the member that was killed before it gives its partitions to the next one.
  it.each([
    ['gateway', 3],
    ['ingestion', 2],
    ['search', 2],
    ['maintenance', 1],
  ] as const)(
    'of the %s, %i times: nothing acknowledged is lost, a repeated write has one effect',
    async (name, kills) => {
      for (const load of loads) load.start();
      for (let kill = 0; kill < kills; kill += 1) {
        await Promise.all(loads.map((load) => load.progress(10)));
        await sleep(chance() * 300);
        expect(await server.service(name).end('SIGKILL')).toEqual({ code: null, signal: 'SIGKILL' });
        await sleep(chance() * 500);
        await server.service(name).start();
      }
      await Promise.all(loads.map((load) => load.progress(10)));
      await Promise.all(loads.map((load) => load.stop()));
      for (const load of loads) expect(await load.faults()).toEqual([]);
    },
    240_000,
  );

  it('afterwards the read models are what the log says', async () => {
    expect(await replayFaults(server)).toEqual([]);
  }, 180_000);
});
