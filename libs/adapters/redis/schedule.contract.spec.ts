import { afterAll, beforeAll } from '@jest/globals';
import { scheduleContract } from '#libs/ports/contracts/schedule.contract.js';
import { freshNamespace, serversLimitMs, sharedServers } from '#test/harness/stack.js';
import { RedisClients } from './redis-client.js';
import { unexpected } from './redis.fixture.js';
import { RedisSchedule } from './schedule.js';

let url: string;
const opened: RedisClients[] = [];
beforeAll(async () => {
  ({ redisUrl: url } = await sharedServers('redis'));
}, serversLimitMs);
afterAll(async () => {
  for (const clients of opened) await clients.close();
});

scheduleContract('RedisSchedule', async () => {
  const namespace = freshNamespace();
  const failures: string[] = [];
  const newProcess = (): RedisSchedule => {
    const clients = new RedisClients({ url, namespace, failed: unexpected });
    opened.push(clients);
    return new RedisSchedule(clients, ({ message }) => failures.push(message));
  };
  return { processes: [newProcess(), newProcess()], failures };
});
