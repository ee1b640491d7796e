import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readStatus } from '#libs/adapters/postgres/bundled-server/postmaster.js';
import { processesIn, processStart } from '#libs/adapters/postgres/bundled-server/process-identity.js';
import type { CreatedAnswer } from '#libs/contracts/rest/answers.js';
import { buildServer, TestServer } from '#test/harness/server.js';
import type { Answer } from '#test/harness/server-client.js';
import { problemFault } from '#test/harness/server-problem.js';

const goneLimitMs = 15_000;

describe('stopping', () => {
  const server = new TestServer();
  let others: TestServer[];

  beforeAll(buildServer);
  // On one folder throughout: each test also shows that what the one before did left a folder that works.
  beforeEach(async () => {
    others = [];
    if (!server.isRunning) await server.start();
  }, 60_000);
  afterEach(async () => {
    for (const other of others) await other.remove();
  }, 60_000);
  afterAll(() => server.remove(), 60_000);

  const cluster = (): string => join(server.dataDir, 'postgres/cluster');
  const postmaster = async (): Promise<number> => (await readStatus(cluster()))!.pid;

  /** Waits until no PostgreSQL stands in the data folder any more; false when one stays. */
  async function isDatabaseGone(pid: number): Promise<boolean> {
    for (const endMs = Date.now() + goneLimitMs; Date.now() < endMs; await sleep(50)) {
      const left = (await processesIn(cluster())) ?? [];
      if (left.length === 0 && (await processStart(pid)) === null) return true;
    }
    return false;
  }

  it.each(['SIGINT', 'SIGTERM'] as const)(
    '%s ends server and PostgreSQL in order, also when it comes twice',
    async (signal) => {
      const pid = await postmaster();
      process.kill(server.pid, signal);
      const exit = await server.end(signal);
      expect([exit, server.output]).toEqual([{ code: 0, signal: null }, expect.stringContaining('Stopping')]);
      expect([await processStart(pid), await processesIn(cluster())]).toEqual([null, []]);
      expect(await readStatus(cluster())).toBeNull();
    },
  );

  it('kill -9 leaves no PostgreSQL behind', async () => {
    const pid = await postmaster();
    expect(await server.end('SIGKILL')).toEqual({ code: null, signal: 'SIGKILL' });
    expect(await isDatabaseGone(pid)).toBe(true);
  });

  it('SIGTERM under load answers what is in flight, and loses nothing that was acknowledged', async () => {
    const client = server.client();
    const sentence = 'The train to the mountains leaves before the sun is up. ';
    const conversation = (index: number) => ({
      conversation_id: `c-${index}`,
      messages: [
        { role: 'user', content: `My favourite color is shade${index}.` },
        ...Array(60).fill({ role: 'assistant', content: sentence.repeat(100) }),
      ],
    });
    const inFlight = Array.from({ length: 24 }, (_, index) => client.post('/memories', conversation(index)));
    // The first answer says that the server is in the middle of them.
    await Promise.race(inFlight);
    const ended = server.end('SIGTERM');
    const answers = await Promise.allSettled(inFlight);
    expect(answers.filter(({ status }) => status === 'rejected')).toEqual([]);
    const created = answers.map((answer) => (answer as PromiseFulfilledResult<Answer>).value);
    expect(created.map(({ status }) => status)).toEqual(Array(24).fill(201));
    expect(await ended).toEqual({ code: 0, signal: null });
    await server.start();
    const again = server.client();
    for (const { memory_ids: ids } of created.map((answer) => answer.json<CreatedAnswer>())) {
      expect(ids.length).toBeGreaterThan(0);
      for (const id of ids) expect((await again.get(`/memories/${id}`)).status).toBe(200);
    }
  }, 60_000);

  it('a second server on the same folder refuses, naming process and folder, and disturbs nobody', async () => {
    const second = new TestServer({ MEMORYSTACK_DATA_DIR: server.dataDir });
    others.push(second);
    await second.spawn();
    expect(await second.exit()).toEqual({ code: 1, signal: null });
    expect(second.output).toContain(`${server.dataDir} is in use by another server (process ${server.pid})`);
    expect(second.output).not.toMatch(/ at .*:\d+:\d+/);
    expect((await server.client().get('/stats')).status).toBe(200);
  });

  it('replay refuses while the server runs', async () => {
    const { code, output } = await server.command('replay');
    expect([code, output]).toEqual([1, expect.stringContaining('is in use by another server')]);
  });

  it('kill -9 of PostgreSQL: requests fail as problems, the server says so and ends with 1; nothing acknowledged is lost', async () => {
    const client = server.client();
    const acknowledged: string[] = [];
    const faults: string[] = [];
    let isOver = false;
    const writing = Array.from({ length: 4 }, async (_, writer) => {
      for (let round = 0; !isOver; round += 1) {
        const answer = await client.post('/memories', { content: `writer ${writer} round ${round}` }).catch(() => null);
        if (answer === null) return;
        if (answer.status === 201) acknowledged.push(...answer.json<CreatedAnswer>().memory_ids);
        else if (answer.status < 500 || problemFault(answer) !== null) faults.push(`${answer.status} ${answer.text}`);
      }
    });
    while (acknowledged.length < 20) await sleep(10);
    process.kill(await postmaster(), 'SIGKILL');
    const exit = await server.exit();
    isOver = true;
    await Promise.all(writing);
    expect([exit, faults]).toEqual([{ code: 1, signal: null }, []]);
    expect(server.output).toContain('PostgreSQL ended by itself');
    expect(server.output).not.toMatch(/Unhandled|node:events/);
    await server.start();
    const again = server.client();
    for (const id of acknowledged) expect((await again.get(`/memories/${id}`)).status).toBe(200);
  }, 90_000);
});
