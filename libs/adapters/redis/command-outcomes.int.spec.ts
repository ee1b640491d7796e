import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import type { DeliveredOutcome } from '#libs/ports/command-outcomes.js';
import { type OwnServer, serversLimitMs, startOwnServer } from '#test/harness/stack.js';
import { RedisCommandOutcomes } from './command-outcomes.js';
import { RedisClients } from './redis-client.js';
import { connected, sealerOf, until } from './redis.fixture.js';

const outcome = (text: string): DeliveredOutcome => ({
  kind: 'accepted',
  position: 3,
  replayed: false,
  body: { text },
});
const patience = () => AbortSignal.timeout(25_000);
const keyOf = (commandId: string) => `test.memory:outcome:${commandId}`;

describe('outcomes in Redis', () => {
  let redis: OwnServer;
  let operator: Redis;
  let failures: string[];
  let stops: (() => Promise<void>)[];
  let gateway: RedisCommandOutcomes;
  let ingestion: RedisCommandOutcomes;

  /** A process of its own, as far as Redis can tell. */
  const newProcess = async (masterKey = 'master'): Promise<RedisCommandOutcomes> => {
    const clients = new RedisClients({ url: redis.url, namespace: 'test', failed: () => undefined });
    const outcomes = new RedisCommandOutcomes(clients, sealerOf(masterKey), ({ message }) => failures.push(message));
    stops.push(async () => {
      await outcomes.close();
      await clients.close();
    });
    await connected(clients);
    return outcomes;
  };

  beforeEach(async () => {
    redis = await startOwnServer('redis');
    operator = new Redis(redis.url);
    operator.on('error', () => undefined);
    failures = [];
    stops = [];
    gateway = await newProcess();
    ingestion = await newProcess();
  }, serversLimitMs);
  afterEach(async () => {
    for (const stop of stops) await stop();
    operator.disconnect();
    await redis.remove();
  });

  it('show no word of their content to Redis, in values or in messages', async () => {
    const seen: string[] = [];
    const monitor = await operator.monitor();
    monitor.on('monitor', (_time: string, parts: string[]) => seen.push(parts.join(' ')));
    const told = gateway.waitFor('c-1', patience());
    await ingestion.publish('c-1', outcome('the patient is allergic to penicillin'));
    expect(await told).toEqual(outcome('the patient is allergic to penicillin'));
    await until(() => seen.some((line) => line.startsWith('publish')), 'the monitor has seen the message');
    monitor.disconnect();
    const value = await operator.getBuffer(keyOf('c-1'));
    expect(value!.length).toBeGreaterThan(40);
    expect(`${seen.join(' ')} ${value!.toString('latin1')}`).not.toMatch(/patient|penicillin|accepted|position/);
  });

  it('are not believed under another key, or under the id of another command', async () => {
    const stranger = await newProcess('another master key');
    await stranger.publish('c-1', outcome('forged'));
    await ingestion.publish('c-2', outcome('moved'));
    await operator.copy(keyOf('c-2'), keyOf('c-3'));
    for (const [index, commandId] of ['c-1', 'c-3'].entries()) {
      const leaving = new AbortController();
      const told = gateway.waitFor(commandId, leaving.signal);
      told.catch(() => undefined);
      await until(() => failures.length > index, 'the value was looked at');
      leaving.abort(new Error('nothing that can be believed'));
      await expect(told).rejects.toThrow('nothing that can be believed');
    }
    expect(failures).toEqual(['c-1', 'c-3'].map((id) => `The outcome of command ${id} cannot be opened`));
  });

  it('are kept for ten minutes, and for one after they were told', async () => {
    await ingestion.publish('c-1', outcome('kept'));
    const unread = await operator.pttl(keyOf('c-1'));
    expect(unread).toBeGreaterThan(540_000);
    expect(unread).toBeLessThanOrEqual(600_000);
    await gateway.waitFor('c-1', patience());
    const read = await operator.pttl(keyOf('c-1'));
    expect(read).toBeGreaterThan(0);
    expect(read).toBeLessThanOrEqual(60_000);
  });

  it('are told though the message was lost', async () => {
    await ingestion.publish('c-1', outcome('without a message'));
    const value = (await operator.getBuffer(keyOf('c-1')))!;
    await operator.del(keyOf('c-1'));
    // The looks of the beginning are over before the value is there: only the one of every second is left.
    await ingestion.publish('c-0', outcome('before'));
    await gateway.waitFor('c-0', patience());
    const channel = 'test.memory:outcomes';
    await until(async () => (await operator.pubsub('NUMSUB', channel))[1] === 1, 'messages are heard');
    await operator.config('RESETSTAT');
    const told = gateway.waitFor('c-1', patience());
    await until(async () => (await operator.info('commandstats')).includes('cmdstat_getex'), 'it has looked');
    await operator.set(keyOf('c-1'), value);
    expect(await told).toEqual(outcome('without a message'));
  });

  it('are told though the connection that hears messages broke', async () => {
    const told = ['c-1', 'c-2'].map((id) => gateway.waitFor(id, patience()));
    await until(async () => ((await operator.call('CLIENT', 'KILL', 'TYPE', 'pubsub')) as number) > 0, 'it broke');
    await ingestion.publish('c-1', outcome('first'));
    await ingestion.publish('c-2', outcome('second'));
    expect(await Promise.all(told)).toEqual([outcome('first'), outcome('second')]);
  });

  it('published while Redis is gone do not fail their commands, and are told when it is back, empty', async () => {
    const told = gateway.waitFor('c-1', patience());
    await redis.kill();
    await ingestion.publish('c-1', outcome('owed'));
    await ingestion.publish('c-2', outcome('owed too'));
    expect(failures.filter((message) => message.includes('published when it answers'))).toHaveLength(1);
    await redis.restart();
    expect(await told).toEqual(outcome('owed'));
    expect(await gateway.waitFor('c-2', patience())).toEqual(outcome('owed too'));
  });

  it('published to a server that hangs are handed over within seconds, and told when it goes on', async () => {
    process.kill(redis.pid, 'SIGSTOP');
    await ingestion.publish('c-1', outcome('hanging'));
    process.kill(redis.pid, 'SIGCONT');
    expect(await gateway.waitFor('c-1', patience())).toEqual(outcome('hanging'));
  });

  it('of commands that end after a flush are told', async () => {
    const told = gateway.waitFor('c-1', patience());
    await operator.flushall();
    await ingestion.publish('c-1', outcome('after the flush'));
    expect(await told).toEqual(outcome('after the flush'));
    expect(failures).toEqual([]);
  });

  it('that are owed take bounded memory: the oldest give way', async () => {
    await redis.kill();
    const most = 20_000;
    await Promise.all(Array.from({ length: most + 10 }, (_, index) => ingestion.publish(`c-${index}`, outcome('x'))));
    await redis.restart();
    await until(async () => (await operator.dbsize()) === most, 'all that was owed is published');
    expect(await operator.exists(keyOf('c-9'))).toBe(0);
    expect(await operator.exists(keyOf('c-10'))).toBe(1);
  });
});
