import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { buildServer, TestServer } from '#test/harness/server.js';

const rows = 3_000;
const patienceMs = 120_000;

interface Job {
  status: string;
  total: number;
  succeeded: number;
  failed: number;
  summary: { created: number; skipped: number };
}

describe('kill -9 in the middle of an import', () => {
  const server = new TestServer();
  beforeAll(async () => {
    buildServer();
    await server.start();
  }, 60_000);
  afterAll(() => server.remove(), 60_000);

  it(
    `of ${rows} rows: after the next start each of them is there, once`,
    async () => {
      const lines = Array.from({ length: rows }, (_, row) =>
        JSON.stringify({ content: `Box ${row} holds ${row * 7} nails.` }),
      );
      const client = server.client();
      const headers = { 'content-type': 'application/x-ndjson' };
      const submitted = await client.send('POST', '/memories/import', { body: lines.join('\n'), headers });
      expect(submitted.status).toBe(202);
      const path = `/batch-jobs/${submitted.json<{ job_id: string }>().job_id}`;
      const count = async (): Promise<number> => (await client.get('/stats')).json<Stats>().totals.memories;
      while ((await count()) < 700) await pause(10);
      await server.end('SIGKILL');
      client.close();
      await server.start();
      const again = server.client();
      const before = (await again.get('/stats')).json<Stats>().totals.memories;
      const get = async (): Promise<Job> => (await again.get(path)).json<Job>();
      while ((await get()).status !== 'completed') await pause(50);
      const job = await get();
      console.info(`killed at ${before} of ${rows}; then told ${JSON.stringify(job.summary)}`);
      expect(before).toBeLessThan(rows);
      expect(job).toMatchObject({ total: rows, succeeded: rows, failed: 0 });
      expect(job.summary.created + job.summary.skipped).toBe(rows);
      expect((await again.get('/stats')).json<Stats>().totals.memories).toBe(rows);
    },
    patienceMs,
  );
});

interface Stats {
  totals: { memories: number };
}
