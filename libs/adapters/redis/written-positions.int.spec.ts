import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { type OwnServer, serversLimitMs, startOwnServer } from '#test/harness/stack.js';
import { RedisClients } from './redis-client.js';
import { connected, until } from './redis.fixture.js';
import { RedisWrittenPositions } from './written-positions.js';

describe('positions in Redis', () => {
  let redis: OwnServer;
  let operator: Redis;
  let failures: string[];
  let stops: (() => Promise<void>)[];

  /** A process of its own, as far as Redis can tell. */
  const newProcess = async (unknownMs: number): Promise<RedisWrittenPositions> => {
    const clients = new RedisClients({ url: redis.url, namespace: 'test', failed: () => undefined });
    const failed = ({ message }: Error) => void failures.push(message);
    const positions = new RedisWrittenPositions(clients, { failed, unknownMs });
    stops.push(async () => {
      positions.close();
      await clients.close();
    });
    await connected(clients);
    return positions;
  };

  beforeEach(async () => {
    redis = await startOwnServer('redis');
    operator = new Redis(redis.url);
    operator.on('error', () => undefined);
    failures = [];
    stops = [];
  }, serversLimitMs);
  afterEach(async () => {
    for (const stop of stops) await stop();
    operator.disconnect();
    await redis.remove();
  });

  it('are unknown for a while after the start of everything, then known', async () => {
    const positions = await newProcess(1_500);
    await positions.remember('key', 5);
    expect(await positions.last('key')).toBeNull();
    expect(await positions.last('another key')).toBeNull();
    await until(() => positions.isKnown(), 'known again');
    expect(await positions.last('key')).toBe(5);
    expect(await positions.last('another key')).toBe(0);
  });

  it('are unknown, not nothing, after a flush, and for as long as a minute lasts', async () => {
    const [one, other] = [await newProcess(1_500), await newProcess(1_500)];
    await until(() => one.isKnown(), 'known at first');
    await one.remember('key', 5);
    expect(await other.last('key')).toBe(5);
    await operator.flushall();
    expect(await other.last('key')).toBeNull();
    expect(await one.last('key')).toBeNull();
    await one.remember('key', 6);
    await until(() => other.isKnown(), 'known again');
    expect(await other.last('key')).toBe(6);
  });

  it('are unknown after Redis came back with a memory of its own, which may be seconds old', async () => {
    const positions = await newProcess(2_000);
    await until(() => positions.isKnown(), 'known at first');
    await operator.save();
    await positions.remember('key', 5);
    await redis.kill();
    await redis.restart();
    await until(async () => (await operator.dbsize()) > 0, 'Redis has loaded what it had written down');
    expect(await positions.last('key')).toBeNull();
    await until(() => positions.isKnown(), 'known again');
  });

  it('are unknown while Redis is away, said once; what was written meanwhile is there afterwards, for everybody', async () => {
    const [one, other] = [await newProcess(0), await newProcess(0)];
    await until(async () => (await one.isKnown()) && (await other.isKnown()), 'known at first');
    await redis.kill();
    await one.remember('key', 7);
    await one.remember('key', 6);
    expect(await one.last('key')).toBeNull();
    expect(failures).toHaveLength(1);
    expect(failures[0]).toContain('reads wait for the end of the log');
    await redis.restart();
    await until(async () => (await other.last('key')) === 7, 'what was owed arrived');
    expect(await one.last('key')).toBe(7);
  });

  it('are gone from Redis after a minute', async () => {
    const positions = await newProcess(0);
    await positions.remember('key', 7);
    const leftMs = await operator.pttl('test.memory:written:key');
    expect(leftMs).toBeGreaterThan(30_000);
    expect(leftMs).toBeLessThanOrEqual(60_000);
  });
});
