import type { Redis } from 'ioredis';
import { until } from '#test/harness/redis.js';
import type { RedisClients } from './redis-client.js';

/** For tests in which Redis is always there. */
export function unexpected(error: Error): never {
  throw error;
}

/** Resolves when every connection made so far is there: commands before that fail, as they should. */
export async function connected(clients: RedisClients): Promise<void> {
  const made = (clients as unknown as { clients: Redis[] }).clients;
  await until(() => made.every(({ status }) => status === 'ready'), 'connected to Redis');
}
