import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildServer, TestServer } from '#test/harness/server.js';
import type { ServerClient } from '#test/harness/server-client.js';
import { random } from '#test/harness/server-random.js';
import { Acknowledged, allMemories, RandomWrites, send, type Write } from '#test/harness/writes.js';

const kills = Number(process.env['FAULT_KILLS'] ?? 10);
const writers = 8;
const seed = Number(process.env['MEMORYSTACK_TEST_SEED'] ?? randomInt(1_000_000));

describe(`${kills} times kill -9 under load (FAULT_KILLS; seed ${seed})`, () => {
  const server = new TestServer();
  const chance = random(seed);
  const acknowledged = new Acknowledged();
  const writes = new RandomWrites(seed, acknowledged);

  beforeAll(async () => {
    buildServer();
    await server.start();
  }, 60_000);
  afterAll(() => server.remove(), 60_000);

  /** Writes until the connection breaks; resolves to the write whose fate is unknown. */
  async function writeOn(client: ServerClient, writer: number): Promise<Write> {
    for (;;) {
      const write = writes.next(writer);
      const answer = await send(client, write).catch(() => null);
      if (answer === null) return write;
      acknowledged.note(write, answer);
    }
  }

  it(
    'shows everything that was acknowledged, once, after each; a repeated unanswered write has one effect',
    async () => {
      let slowestStartMs = 0;
      for (let kill = 0; kill < kills; kill += 1) {
        const client = server.client();
        const writing = Array.from({ length: writers }, (_, writer) => writeOn(client, writer));
        await sleep(20 + chance() * 500);
        await server.end('SIGKILL');
        const unanswered = await Promise.all(writing);
        client.close();
        const startMs = performance.now();
        await server.start();
        slowestStartMs = Math.max(slowestStartMs, performance.now() - startMs);
        const again = server.client();
        expect(acknowledged.faults(await allMemories(again), unanswered)).toEqual([]);
        for (const write of unanswered) acknowledged.note(write, await send(again, write));
        expect(acknowledged.faults(await allMemories(again))).toEqual([]);
      }
      console.info(
        `${kills} kills, ${acknowledged.count} acknowledged writes, 0 lost; slowest restart ${Math.round(slowestStartMs)} ms`,
      );
      expect(acknowledged.count).toBeGreaterThan(kills * writers);
    },
    kills * 20_000,
  );

  it('afterwards the log replays to the same digests, and to the same memories', async () => {
    expect((await server.end('SIGTERM')).code).toBe(0);
    const { code, output } = await server.command('replay');
    expect([code, output]).toEqual([0, expect.stringMatching(/digest after .* equal/)]);
    expect(output).not.toMatch(/DIFFERENT|parked/);
    await server.start();
    expect(acknowledged.faults(await allMemories(server.client()))).toEqual([]);
  }, 120_000);
});
