import { afterAll, beforeAll } from '@jest/globals';
import {
  contractBurst,
  contractRatePerSecond,
  rateLimiterContract,
} from '#libs/ports/contracts/rate-limiter.contract.js';
import { RateLimiter } from '#libs/ports/rate-limiter.js';
import { startTestRedis, type TestRedis } from '#test/harness/redis.js';
import { RedisRateLimiter } from './rate-limiter.js';
import { RedisClients } from './redis-client.js';
import { connected, unexpected } from './redis.fixture.js';

class NoFallback extends RateLimiter {
  override async take(): Promise<never> {
    throw new Error('Redis answers, so nobody should ask here');
  }
}

let redis: TestRedis;
let clients: RedisClients;
let made = 0;
beforeAll(async () => {
  redis = await startTestRedis();
});
afterAll(async () => {
  await clients.close();
  await redis.stop();
});

rateLimiterContract('RedisRateLimiter', async () => {
  await clients?.close();
  made += 1;
  clients = new RedisClients({ url: redis.url, namespace: `test-${made}`, failed: unexpected });
  let nowMs = 1_700_000_000_000;
  const limiter = new RedisRateLimiter(clients, {
    ratePerSecond: contractRatePerSecond,
    burst: contractBurst,
    fallback: new NoFallback(),
    failed: unexpected,
    nowMs: () => nowMs,
  });
  await connected(clients);
  return {
    limiter,
    nowMs: () => nowMs,
    advance: (ms: number) => {
      nowMs += ms;
    },
  };
});
