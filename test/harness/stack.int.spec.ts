import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { QdrantClient } from '@qdrant/js-client-rest';
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { processStart } from '#libs/adapters/postgres/bundled-server/process-identity.js';
import { freshNamespace, type OwnServer, serversLimitMs, sharedServers, startOwnServer } from './stack.js';

const endLimitMs = 30_000;

async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  for (const endMs = Date.now() + endLimitMs; !(await isTrue()); await sleep(50)) {
    if (Date.now() > endMs) throw new Error(`Not within ${endLimitMs / 1000} s: ${isTrue}`);
  }
}

async function withRedis<Result>(url: string, use: (redis: Redis) => Promise<Result>): Promise<Result> {
  const redis = new Redis(url);
  try {
    return await use(redis);
  } finally {
    redis.disconnect();
  }
}

describe('shared servers', () => {
  it(
    'are started once, whoever asks first',
    async () => {
      const [first, second] = await Promise.all([sharedServers('redis'), sharedServers('redis')]);
      expect(second).toEqual(first);
      const key = `${freshNamespace()}key`;
      await withRedis(first.redisUrl, (redis) => redis.set(key, 'here'));
      const { redisUrl } = await sharedServers('redis');
      expect(await withRedis(redisUrl, (redis) => redis.get(key))).toBe('here');
    },
    serversLimitMs,
  );

  it(
    'end, and leave no file, when the process that owns them was killed',
    async () => {
      const folder = await mkdtemp(join(tmpdir(), 'memorystack-servers-'));
      const owner = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
      const script = fileURLToPath(new URL('../../tools/stack/hold-shared.mjs', import.meta.url));
      const holder = spawn(process.execPath, [script, 'redis', folder, String(owner.pid)], { stdio: 'ignore' });
      try {
        await until(() => existsSync(join(folder, 'redis.ready')) || holder.exitCode !== null);
        const ready = JSON.parse(await readFile(join(folder, 'redis.ready'), 'utf8')) as { serverPid: number };
        expect(await processStart(ready.serverPid)).not.toBeNull();
        owner.kill('SIGKILL');
        await until(async () => holder.exitCode !== null && (await processStart(ready.serverPid)) === null);
        expect([holder.exitCode, existsSync(folder)]).toEqual([0, false]);
      } finally {
        for (const child of [owner, holder] as ChildProcess[]) child.kill('SIGKILL');
      }
    },
    serversLimitMs,
  );
});

describe('a server of its own', () => {
  let qdrant: OwnServer;

  beforeAll(async () => void (qdrant = await startOwnServer('qdrant')), serversLimitMs);
  afterAll(() => qdrant.remove(), serversLimitMs);

  const client = () => new QdrantClient({ url: qdrant.url });

  it(
    'keeps what it acknowledged over kill -9, on the same port',
    async () => {
      const { url, pid } = qdrant;
      await client().createCollection('kept', { sparse_vectors: { words: {} } });
      const point = (id: number) => ({ id, vector: { words: { indices: [id], values: [1] } }, payload: { id } });
      await client().upsert('kept', { points: [point(1), point(2)], wait: true });
      await qdrant.kill();
      await expect(client().getCollections()).rejects.toThrow();
      await qdrant.restart();
      expect([qdrant.url, qdrant.pid === pid]).toEqual([url, false]);
      expect(await client().count('kept')).toEqual({ count: 2 });
    },
    serversLimitMs,
  );

  it('refuses what it does not know', async () => {
    const answer = async (path: string, body: object) => {
      const response = await fetch(`${qdrant.url}${path}`, { method: 'POST', body: JSON.stringify(body) });
      return [response.status, JSON.stringify(await response.json())];
    };
    const refusal = (unknown: string) => [501, expect.stringContaining(`stand-in does not support: ${unknown}`)];
    expect(await answer('/collections/kept/snapshots', {})).toEqual(refusal('POST /collections/kept/snapshots'));
    expect(await answer('/collections/kept/points/query', { nearly: true })).toEqual(refusal('nearly'));
    expect(await answer('/collections/kept/points/count?exactly=1', {})).toEqual(refusal('exactly'));
    expect(await answer('/collections/kept/points/count', { filter: { must: [{ near: 1 }] } })).toEqual([
      501,
      expect.stringContaining('stand-in does not support condition near'),
    ]);
  });

  it(
    'ends with the process that holds it, also by kill -9',
    async () => {
      const redis = await startOwnServer('redis');
      try {
        process.kill(await parentOf(redis.pid), 'SIGKILL');
        await until(async () => (await processStart(redis.pid)) === null);
        await expect(redis.restart()).rejects.toThrow('has ended');
      } finally {
        await redis.remove();
      }
    },
    serversLimitMs,
  );
});

/** proc(5): the parent is field 4 of stat. */
async function parentOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/stat`, 'utf8');
  return Number(status.slice(status.lastIndexOf(')') + 2).split(' ')[1]);
}
