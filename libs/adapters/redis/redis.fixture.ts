import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { KeyRing } from '#libs/adapters/postgres/key-ring.js';
import { KeyedSealer } from '#libs/adapters/postgres/keyed-sealer.js';
import type { Sealer } from '#libs/ports/sealer.js';
import type { RedisClients } from './redis-client.js';

const untilLimitMs = 20_000;

/** For tests in which Redis is always there. */
export function unexpected(error: Error): never {
  throw error;
}

/** Resolves when every connection made so far is there: commands before that fail, as they should. */
export async function connected(clients: RedisClients): Promise<void> {
  const made = (clients as unknown as { clients: Redis[] }).clients;
  await until(() => made.every(({ status }) => status === 'ready'), 'connected to Redis');
}

/** The cipher of the product under a master key that only `secret` decides. */
export function sealerOf(secret: string): Sealer {
  const masterKey = createHash('sha256').update(secret).digest();
  return new KeyedSealer(new KeyRing(null as never, masterKey));
}

/** Waits for a condition, which a slow machine only delays. */
export async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (const endMs = Date.now() + untilLimitMs; Date.now() < endMs; await sleep(20)) {
    if (await condition()) return;
  }
  throw new Error(`not within ${untilLimitMs} ms: ${what}`);
}
