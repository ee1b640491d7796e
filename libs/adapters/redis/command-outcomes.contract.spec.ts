import { afterAll, beforeAll } from '@jest/globals';
import { commandOutcomesContract } from '#libs/ports/contracts/command-outcomes.contract.js';
import { freshNamespace, serversLimitMs, sharedServers } from '#test/harness/stack.js';
import { RedisCommandOutcomes } from './command-outcomes.js';
import { RedisClients } from './redis-client.js';
import { connected, sealerOf, unexpected } from './redis.fixture.js';

let url: string;
let clients: RedisClients;
let gateway: RedisCommandOutcomes;
let ingestion: RedisCommandOutcomes;
beforeAll(async () => {
  ({ redisUrl: url } = await sharedServers('redis'));
  clients = new RedisClients({ url, namespace: freshNamespace(), failed: unexpected });
  gateway = new RedisCommandOutcomes(clients, sealerOf('master'), unexpected);
  ingestion = new RedisCommandOutcomes(clients, sealerOf('master'), unexpected);
  await connected(clients);
}, serversLimitMs);
afterAll(async () => {
  await Promise.all([gateway.close(), ingestion.close()]);
  await clients.close();
});

commandOutcomesContract('RedisCommandOutcomes', async () => ({ gateway, ingestion }));
