import { afterAll, beforeAll } from '@jest/globals';
import { rateLimiterContract } from '#libs/ports/contracts/rate-limiter.contract.js';
import { RateLimiter } from '#libs/ports/rate-limiter.js';
import { freshNamespace, serversLimitMs, sharedServers } from '#test/harness/stack.js';
import { RedisRateLimiter } from './rate-limiter.js';
import { RedisClients } from './redis-client.js';
import { connected, unexpected } from './redis.fixture.js';

class NoFallback extends RateLimiter {
  override async take(): Promise<never> {
    throw new Error('Redis answers, so nobody should ask here');
  }
}

let url: string;
let clients: RedisClients;
beforeAll(async () => {
  ({ redisUrl: url } = await sharedServers('redis'));
}, serversLimitMs);
afterAll(async () => {
  await clients.close();
});

rateLimiterContract('RedisRateLimiter', async () => {
  await clients?.close();
  clients = new RedisClients({ url, namespace: freshNamespace(), failed: unexpected });
  let nowMs = 1_700_000_000_000;
  const limiter = new RedisRateLimiter(clients, {
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
