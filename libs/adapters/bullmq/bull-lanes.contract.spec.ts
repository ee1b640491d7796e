import { afterAll, beforeAll } from '@jest/globals';
import { laneTables, prepareLaneTables } from '#libs/adapters/postgres/jobs/lane-tables.js';
import { RedisClients } from '#libs/adapters/redis/redis-client.js';
import { unexpected } from '#libs/adapters/redis/redis.fixture.js';
import { lanesContract } from '#libs/ports/contracts/lanes.contract.js';
import { startTestDatabase, type TestDatabase } from '#test/harness/database.js';
import { freshNamespace, serversLimitMs, sharedServers } from '#test/harness/stack.js';
import { BullLanes } from './bull-lanes.js';

let url: string;
const opened: RedisClients[] = [];
const databases: TestDatabase[] = [];
/** Two contract tests end turns by throwing, which is told. */
const heard = (error: Error): void => {
  if (error.message !== 'Expected.') unexpected(error);
};
beforeAll(async () => {
  ({ redisUrl: url } = await sharedServers('redis'));
}, serversLimitMs);
afterAll(async () => {
  for (const clients of opened) await clients.close();
  for (const database of databases) await database.stop();
});

lanesContract('BullLanes on Redis', async () => {
  const namespace = freshNamespace();
  const newProcess = (): BullLanes => {
    const clients = new RedisClients({ url, namespace, failed: unexpected });
    opened.push(clients);
    return new BullLanes({ options: { connection: clients.openPatient('jobs'), prefix: clients.key('jobs') } }, heard);
  };
  return { processes: [newProcess(), newProcess()] };
});

lanesContract('BullLanes on PostgreSQL', async () => {
  const database = await startTestDatabase();
  databases.push(database);
  await prepareLaneTables(database.url);
  const newProcess = (): BullLanes => new BullLanes(laneTables(database.url), heard);
  return { processes: [newProcess(), newProcess()] };
});
