import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { SERVICES } from '../../tools/stack/services.mjs';
import { DistributedServer, distributedLimitMs } from '#test/harness/distributed.js';
import { replayFaults } from '#test/harness/distributed-log.js';
import { Load } from '#test/harness/load.js';
import { random } from '#test/harness/server-random.js';
import { type OwnServer, startOwnServer } from '#test/harness/stack.js';

const seed = Number(process.env['MEMORYSTACK_TEST_SEED'] ?? randomInt(1_000_000));
const variables = { kafka: 'KAFKA_BROKERS', redis: 'REDIS_URL', qdrant: 'QDRANT_URL', postgres: 'DATABASE_URL' };
type Own = keyof typeof variables;
const names = Object.keys(variables) as Own[];
const limitMs = 240_000;
const stopLimitMs = 30_000;

describe(`servers that die and come back under load (seed ${seed})`, () => {
  const own = new Map<Own, OwnServer>();
  const chance = random(seed);
  let server: DistributedServer;
  let load: Load;

  beforeAll(async () => {
    const start = async (name: Own): Promise<void> => void own.set(name, await startOwnServer(name));
    await Promise.all(names.map(start));
    const settings = { MEMORYSTACK_COMMAND_TIMEOUT_MS: '5000' };
    const urls = names.map((name) => [variables[name], own.get(name)!.url] as const);
    server = new DistributedServer(settings, Object.fromEntries(urls));
    await server.start();
    load = new Load(server.client(), seed);
  }, distributedLimitMs);
  afterAll(async () => {
    console.info(load.summary());
    await server.remove();
    await Promise.all([...own.values()].map((one) => one.remove()));
  }, 120_000);

  const pids = () => SERVICES.map((name) => [name, server.service(name).isRunning, server.service(name).pid]);

  /** Under load from before to after. The services must live through it: nobody starts them again. */
  async function underLoad(fault: () => Promise<void>): Promise<void> {
    const before = pids();
    load.start();
    try {
      await load.progress(20);
      await sleep(chance() * 300);
      await fault();
      await load.progress(20);
    } finally {
      await load.stop();
    }
    expect(await load.faults()).toEqual([]);
    expect(pids()).toEqual(before);
  }

  async function crash(name: Own): Promise<void> {
    await own.get(name)!.kill();
    await sleep(chance() * 1000);
    await own.get(name)!.restart();
  }

  it(
    'Kafka, twice: nothing is lost, nothing happens twice',
    async () => {
      await underLoad(async () => {
        await crash('kafka');
        await load.progress(20);
        await crash('kafka');
      });
    },
    limitMs,
  );

  it(
    'Redis flushed, then killed: it holds nothing that must be kept',
    async () => {
      await underLoad(async () => {
        const redis = new Redis(own.get('redis')!.url);
        for (let flush = 0; flush < 5; flush += 1) {
          await redis.flushall();
          await load.progress(5);
        }
        redis.disconnect();
        await crash('redis');
      });
    },
    limitMs,
  );

  it(
    'PostgreSQL, twice: the services come back by themselves',
    async () => {
      await underLoad(async () => {
        await crash('postgres');
        await load.progress(20);
        await crash('postgres');
      });
    },
    limitMs,
  );

  describe('Qdrant, away for ten seconds', () => {
    const search = () => server.client().get('/memories/search?query=statement');

    it(
      'search says when to come again; writes and lists go on, and a search service starts',
      async () => {
        await underLoad(async () => {
          const qdrant = own.get('qdrant')!;
          await qdrant.kill();
          const awayMs = Date.now();
          const refused = await search();
          expect([refused.status, refused.headers['retry-after']]).toEqual([503, expect.stringMatching(/^\d+$/)]);
          await load.progress(20);
          expect((await server.client().get('/memories?limit=5')).status).toBe(200);
          const second = await server.replica('search');
          try {
            await second.start();
          } finally {
            await second.end('SIGTERM');
          }
          await sleep(Math.max(0, awayMs + 10_000 - Date.now()));
          expect((await search()).status).toBe(503);
          await qdrant.restart();
        });
      },
      limitMs,
    );

    it(
      'it catches up',
      async () => {
        const written = await server.client().post('/memories', { content: 'statement that came afterwards' });
        expect(written.status).toBe(201);
        const [id] = written.json<{ memory_ids: string[] }>().memory_ids;
        for (const endMs = Date.now() + 60_000; ; await sleep(200)) {
          const found = await server.client().get('/memories/search?query=statement%20that%20came%20afterwards');
          if (found.status === 503 && Date.now() < endMs) continue;
          expect(found.json()).toMatchObject({ results: expect.arrayContaining([expect.objectContaining({ id })]) });
          return;
        }
      },
      limitMs,
    );
  });

  it(
    'afterwards the read models are what the log says',
    async () => {
      expect(await replayFaults(server)).toEqual([]);
    },
    limitMs,
  );

  it(
    'services that are told to stop while every server is away end all the same',
    async () => {
      for (const name of SERVICES) if (!server.service(name).isRunning) await server.service(name).start();
      load.start();
      await load.progress(5);
      const stopped = load.abandon();
      await Promise.all([...own.values()].map((one) => one.kill()));
      const startMs = Date.now();
      const exits = await Promise.all(SERVICES.map((name) => server.service(name).end('SIGTERM')));
      expect(Date.now() - startMs).toBeLessThan(stopLimitMs);
      expect(exits.map(({ signal }) => signal)).toEqual(SERVICES.map(() => null));
      await stopped;
    },
    limitMs,
  );
});
