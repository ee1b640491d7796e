import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { buildServer, TestServer } from '#test/harness/server.js';

const items = 1_000;
const patienceMs = 120_000;

interface Job {
  status: string;
  succeeded: number;
  memory_ids: string[];
}

describe('kill -9 in the middle of a batch', () => {
  const server = new TestServer();
  beforeAll(async () => {
    buildServer();
    await server.start();
  }, 60_000);
  afterAll(() => server.remove(), 60_000);

  it(
    `of ${items}: after the next start each of them is there, once, and every result is told`,
    async () => {
      const memories = Array.from({ length: items }, (_, index) => ({
        content: `Box ${index} holds ${index * 7} nails.`,
      }));
      const client = server.client();
      const submitted = await client.post('/memories/batch/create', { memories });
      expect(submitted.status).toBe(202);
      const path = `/batch-jobs/${submitted.json<{ job_id: string }>().job_id}`;
      const count = async (): Promise<number> => (await client.get('/stats')).json<Stats>().totals.memories;
      while ((await count()) < 100) await pause(10);
      await server.end('SIGKILL');
      client.close();
      await server.start();
      const again = server.client();
      const before = (await again.get('/stats')).json<Stats>().totals.memories;
      const killedMs = performance.now();
      const get = async (): Promise<Job> => (await again.get(path)).json<Job>();
      while ((await get()).status !== 'completed') await pause(50);
      console.info(
        `killed at ${before} of ${items}, done ${Math.round(performance.now() - killedMs)} ms after the start`,
      );
      expect(before).toBeLessThan(items);
      const job = await get();
      expect(job.succeeded).toBe(items);
      expect(new Set(job.memory_ids).size).toBe(items);
      expect((await again.get('/stats')).json<Stats>().totals.memories).toBe(items);
      const results = await again.get(`${path}/results?limit=1000`);
      const indexes = results.json<{ results: { index: number }[] }>().results.map(({ index }) => index);
      expect(indexes).toEqual(Array.from({ length: items }, (_, index) => index));
    },
    patienceMs,
  );
});

interface Stats {
  totals: { memories: number };
}
