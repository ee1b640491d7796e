import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import type { MemoryOnTheWire } from '#libs/contracts/rest/answers.js';
import type { RunOnTheWire } from '#libs/contracts/rest/maintenance-answers.js';
import { buildServer, TestServer } from '#test/harness/server.js';
import type { ServerClient } from '#test/harness/server-client.js';

const pairs = 200;
const patienceMs = 240_000;

interface Job {
  status: string;
  finished_at: string | null;
  summary: { status?: string; applied?: number; planned?: { runId: string } } | null;
}

const server = new TestServer();
beforeAll(async () => {
  buildServer();
  await server.start();
}, 60_000);
afterAll(() => server.remove(), 60_000);

async function over(client: ServerClient, id: string): Promise<Job> {
  for (;;) {
    const job = (await client.get(`/batch-jobs/${id}`)).json<Job>();
    if (job.finished_at !== null) return job;
    await pause(50);
  }
}

async function batch(client: ServerClient, contents: string[]): Promise<void> {
  const memories = contents.map((content) => ({ content }));
  await over(client, (await client.post('/memories/batch/create', { memories })).json<{ job_id: string }>().job_id);
}

/** What is believed, without how often it changed. */
async function beliefs(client: ServerClient): Promise<unknown[]> {
  const all: unknown[] = [];
  for (let cursor = ''; ;) {
    const page = (await client.get(`/memories?limit=100&order=asc&include_superseded=true${cursor}`)).json<{
      results: MemoryOnTheWire[];
      next_cursor?: string;
    }>();
    all.push(...page.results.map(({ version: _version, updated_at: _updated, ...belief }) => belief));
    if (page.next_cursor === undefined) return all;
    cursor = `&cursor=${page.next_cursor}`;
  }
}

it(
  `kill -9 in the middle of a run that merges ${pairs} pairs: the next start finishes it once, and it can be taken back`,
  async () => {
    const client = server.client();
    const tool = (index: number): string => `pipeline ${index} uses runner ${index * 3}`;
    await batch(
      client,
      Array.from({ length: pairs }, (_, index) => `The ${tool(index)}.`),
    );
    await batch(
      client,
      Array.from({ length: pairs }, (_, index) => `Our ${tool(index)}`.replace('Our ', '')),
    );
    const before = await beliefs(client);
    expect(before).toHaveLength(2 * pairs);
    const asked = client.post('/memories/consolidate', { max_retired_share: 1 }).catch(() => null);
    const jobs = async () =>
      (await client.get('/batch-jobs?type=consolidate')).json<{ jobs: (Job & { job_id: string })[] }>();
    let id = '';
    for (let applied = 0; applied === 0; await pause(5)) {
      const [job] = (await jobs()).jobs;
      applied = job?.summary?.applied ?? 0;
      id = job?.job_id ?? '';
      if (job !== undefined && job.finished_at !== null) break;
    }
    await server.end('SIGKILL');
    await asked;
    client.close();
    await server.start();
    const again = server.client();
    const job = await over(again, id);
    const runId = job.summary!.planned!.runId;
    expect(job.summary).toMatchObject({ status: 'applied', applied: pairs });
    const run = (await again.get(`/maintenance/runs/${runId}`)).json<{ run: RunOnTheWire }>().run;
    expect(run).toMatchObject({ status: 'applied', applied: pairs, stale: [] });
    expect(run.steps.map(({ step }) => step)).toEqual(run.steps.map((_, index) => index + 1));
    const after = (await beliefs(again)) as MemoryOnTheWire[];
    expect(after.filter(({ status }) => status === 'superseded')).toHaveLength(pairs);
    const reverting = (await again.post(`/maintenance/runs/${runId}/revert`, {})).json<{ job_id: string }>();
    expect((await over(again, reverting.job_id)).summary).toMatchObject({ status: 'reverted' });
    expect(await beliefs(again)).toEqual(before);
  },
  patienceMs,
);
