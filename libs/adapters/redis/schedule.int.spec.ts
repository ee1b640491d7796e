import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { type OwnServer, serversLimitMs, startOwnServer } from '#test/harness/stack.js';
import { RedisClients } from './redis-client.js';
import { until } from './redis.fixture.js';
import { RedisSchedule } from './schedule.js';

const patienceMs = 60_000;

describe('a schedule in Redis', () => {
  let redis: OwnServer;
  let failures: string[];
  let stops: (() => Promise<void>)[];

  const newProcess = (): RedisSchedule => {
    const clients = new RedisClients({ url: redis.url, namespace: 'test', failed: () => undefined });
    const schedule = new RedisSchedule(clients, ({ message }) => failures.push(message));
    stops.push(async () => {
      await schedule.stop();
      await clients.close();
    });
    return schedule;
  };

  beforeEach(async () => {
    redis = await startOwnServer('redis');
    failures = [];
    stops = [];
  }, serversLimitMs);
  afterEach(async () => {
    for (const stop of stops) await stop();
    await redis.remove();
  }, patienceMs);

  it(
    'goes on after a flush, and after Redis was gone and came back empty',
    async () => {
      let runs = 0;
      newProcess().every('counting', 100, async () => void (runs += 1));
      await until(() => runs >= 2, 'the first runs');
      const operator = new Redis(redis.url);
      await operator.flushall();
      operator.disconnect();
      const atFlush = runs;
      // The first may have been on its way.
      await until(() => runs >= atFlush + 3, 'runs after the flush');
      await redis.kill();
      const atEnd = runs;
      await redis.restart();
      await until(() => runs >= atEnd + 3, 'runs after the restart');
    },
    patienceMs,
  );

  it(
    'stops while Redis is gone, after what was running has ended',
    async () => {
      let hasEnded = false;
      let release!: () => void;
      const gate = new Promise<void>((resolve) => (release = resolve));
      let isRunning = false;
      const schedule = newProcess();
      schedule.every('long', 100, async () => {
        isRunning = true;
        await gate;
        hasEnded = true;
      });
      await until(() => isRunning, 'the run has begun');
      await redis.kill();
      const stopped = schedule.stop();
      release();
      await stopped;
      expect(hasEnded).toBe(true);
    },
    patienceMs,
  );

  it(
    'begins when Redis does, however late that is, and keeps few keys, all of its namespace',
    async () => {
      await redis.kill();
      let runs = 0;
      newProcess().every('counting', 50, async () => void (runs += 1));
      await until(() => failures.length > 0, 'the outage is told');
      expect(failures[0]).toContain('scheduled work waits');
      await redis.restart();
      await until(() => runs >= 20, 'twenty runs');
      const operator = new Redis(redis.url);
      const keys = await operator.keys('*');
      operator.disconnect();
      expect(keys.filter((key) => !key.startsWith('test.memory:schedule:'))).toEqual([]);
      // Meta, events, counters, the scheduler and its next job; not one for each run.
      expect(keys.length).toBeLessThan(15);
      expect(failures).toHaveLength(1);
    },
    patienceMs,
  );
});
