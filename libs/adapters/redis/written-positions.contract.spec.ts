import { afterAll, beforeAll } from '@jest/globals';
import { writtenPositionsContract } from '#libs/ports/contracts/written-positions.contract.js';
import { startTestRedis, type TestRedis, until } from '#test/harness/redis.js';
import { RedisClients } from './redis-client.js';
import { unexpected } from './redis.fixture.js';
import { RedisWrittenPositions } from './written-positions.js';

let redis: TestRedis;
let clients: RedisClients;
const made: RedisWrittenPositions[] = [];
beforeAll(async () => {
  redis = await startTestRedis();
  clients = new RedisClients({ url: redis.url, namespace: 'test', failed: unexpected });
});
afterAll(async () => {
  for (const positions of made) positions.close();
  await clients.close();
  await redis.stop();
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
