import { afterAll, beforeAll } from '@jest/globals';
import { commandOutcomesContract } from '#libs/ports/contracts/command-outcomes.contract.js';
import { startTestRedis, type TestRedis } from '#test/harness/redis.js';
import { RedisCommandOutcomes } from './command-outcomes.js';
import { RedisClients } from './redis-client.js';
import { connected, sealerOf, unexpected } from './redis.fixture.js';

let redis: TestRedis;
let clients: RedisClients;
let gateway: RedisCommandOutcomes;
let ingestion: RedisCommandOutcomes;
beforeAll(async () => {
  redis = await startTestRedis();
  clients = new RedisClients({ url: redis.url, namespace: 'test', failed: unexpected });
  gateway = new RedisCommandOutcomes(clients, sealerOf('master'), unexpected);
  ingestion = new RedisCommandOutcomes(clients, sealerOf('master'), unexpected);
  await connected(clients);
});
afterAll(async () => {
  await Promise.all([gateway.close(), ingestion.close()]);
  await clients.close();
  await redis.stop();
});

commandOutcomesContract('RedisCommandOutcomes', async () => ({ gateway, ingestion }));
