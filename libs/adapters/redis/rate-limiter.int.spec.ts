import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { InProcessRateLimiter } from '#libs/adapters/in-process/rate-limiter.js';
import { type RateDecision, RateLimiter } from '#libs/ports/rate-limiter.js';
import { type OwnServer, serversLimitMs, startOwnServer } from '#test/harness/stack.js';
import { RedisRateLimiter } from './rate-limiter.js';
import { RedisClients } from './redis-client.js';
import { connected, until } from './redis.fixture.js';

const burst = 50;
/** So slow that nothing is given back while the test runs. */
const rate = { ratePerSecond: 0.001, burst };

class CountingFallback extends RateLimiter {
  asked = 0;

  override async take(): Promise<RateDecision> {
    this.asked += 1;
    return { allowed: true, limit: 7, remaining: 6, resetAtSeconds: 1, retryAfterSeconds: 0 };
  }
}

describe('rate limits in Redis', () => {
  let redis: OwnServer;
  let failures: string[];
  let opened: RedisClients[];
  let fallback: CountingFallback;

  beforeEach(async () => {
    redis = await startOwnServer('redis');
    failures = [];
    opened = [];
    fallback = new CountingFallback();
  }, serversLimitMs);
  afterEach(async () => {
    for (const clients of opened) await clients.close();
    await redis.remove();
  });

  /** A process of its own, as far as Redis can tell. */
  const limiter = async (namespace = 'one'): Promise<RedisRateLimiter> => {
    const clients = new RedisClients({ url: redis.url, namespace, failed: () => undefined });
    opened.push(clients);
    const made = new RedisRateLimiter(clients, {
      fallback,
      failed: (error) => failures.push(error.message),
    });
    await connected(clients);
    return made;
  };
  const allowedOf = (decisions: RateDecision[]): number => decisions.filter(({ allowed }) => allowed).length;

  it('give two processes one budget, to the last request', async () => {
    const [first, second] = [await limiter(), await limiter()];
    const requests = Array.from({ length: 2 * burst }, (_, index) => (index % 2 ? first : second).take('acme', rate));
    expect(allowedOf(await Promise.all(requests))).toBe(burst);
    expect(fallback.asked).toBe(0);
  });

  it('are the same numbers as in process, over a thousand requests at odd times', async () => {
    const clients = new RedisClients({ url: redis.url, namespace: '', failed: () => undefined });
    opened.push(clients);
    let nowMs = 1_700_000_000_000.125;
    const odd = { ratePerSecond: 7.3, burst: 11 };
    const inProcess = new InProcessRateLimiter(() => nowMs);
    const failed = (error: Error) => failures.push(error.message);
    const shared = new RedisRateLimiter(clients, { fallback, failed, nowMs: () => nowMs });
    await connected(clients);
    for (let count = 0; count < 1000; count += 1) {
      expect(await shared.take('acme', odd)).toEqual(await inProcess.take('acme', odd));
      nowMs += ((count * 7919) % 263) + 1 / 3;
    }
    expect(fallback.asked).toBe(0);
  });

  it('keep installations that share a server apart', async () => {
    const [one, other] = [await limiter('one'), await limiter('other')];
    await Promise.all(Array.from({ length: burst }, () => one.take('acme', rate)));
    expect(await one.take('acme', rate)).toMatchObject({ allowed: false, remaining: 0 });
    expect(await other.take('acme', rate)).toMatchObject({ allowed: true, remaining: burst - 1 });
  });

  it('are asked for by the clock of Redis, and say when the budget is whole', async () => {
    const { resetAtSeconds } = await (await limiter()).take('acme', rate);
    const inMs = resetAtSeconds * 1000 - Date.now();
    expect(inMs).toBeGreaterThan(900_000);
    expect(inMs).toBeLessThan(1_100_000);
  });

  it('go on after a flush, with a whole budget', async () => {
    const one = await limiter();
    await Promise.all(Array.from({ length: burst + 1 }, () => one.take('acme', rate)));
    const operator = new Redis(redis.url);
    await operator.flushall();
    await operator.script('FLUSH');
    operator.disconnect();
    expect(await one.take('acme', rate)).toMatchObject({ allowed: true, remaining: burst - 1 });
    expect(failures).toEqual([]);
  });

  it('are decided locally while Redis is gone, told once an outage, and shared again afterwards', async () => {
    const one = await limiter();
    for (let outage = 1; outage <= 2; outage += 1) {
      await redis.kill();
      const decisions = await Promise.all(Array.from({ length: 100 }, () => one.take('acme', rate)));
      expect(decisions.every(({ allowed, limit }) => allowed && limit === 7)).toBe(true);
      expect(failures).toHaveLength(outage);
      await redis.restart();
      await until(async () => (await one.take('acme', rate)).limit === burst, 'Redis decides again');
    }
    expect(failures[0]).toContain('each process counts requests for itself');
  });

  it('are decided locally when Redis hangs, which delays few requests', async () => {
    const one = await limiter();
    await one.take('acme', rate);
    process.kill(redis.pid, 'SIGSTOP');
    const startedMs = performance.now();
    const first = await Promise.all(Array.from({ length: 100 }, () => one.take('acme', rate)));
    for (let count = 0; count < 100; count += 1) await one.take('acme', rate);
    // Each of them waiting for itself would take a hundred seconds.
    expect(performance.now() - startedMs).toBeLessThan(15_000);
    expect(first.every(({ limit }) => limit === 7)).toBe(true);
    process.kill(redis.pid, 'SIGCONT');
    await until(async () => (await one.take('acme', rate)).limit === burst, 'Redis decides again');
    expect(failures).toHaveLength(1);
  });
});
