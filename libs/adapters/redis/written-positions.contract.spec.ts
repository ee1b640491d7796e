import { afterAll, beforeAll } from '@jest/globals';
import { writtenPositionsContract } from '#libs/ports/contracts/written-positions.contract.js';
import { freshNamespace, serversLimitMs, sharedServers } from '#test/harness/stack.js';
import { RedisClients } from './redis-client.js';
import { unexpected, until } from './redis.fixture.js';
import { RedisWrittenPositions } from './written-positions.js';

let url: string;
let clients: RedisClients;
const made: RedisWrittenPositions[] = [];
beforeAll(async () => {
  ({ redisUrl: url } = await sharedServers('redis'));
  clients = new RedisClients({ url, namespace: freshNamespace(), failed: unexpected });
}, serversLimitMs);
afterAll(async () => {
  for (const positions of made) positions.close();
  await clients.close();
});

writtenPositionsContract('RedisWrittenPositions', async (keptMs) => {
  const make = async (): Promise<RedisWrittenPositions> => {
    const positions = new RedisWrittenPositions(clients, { failed: unexpected, keptMs, unknownMs: 0 });
    made.push(positions);
    await until(() => positions.isKnown(), 'Redis is connected and has its marker');
    return positions;
  };
  return { writer: await make(), reader: await make() };
});
