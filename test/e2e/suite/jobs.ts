import { beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { ServerClient } from '#test/harness/server-client.js';
import type { TestedProfile } from '#test/harness/profiles.js';

interface Job {
  job_id: string;
  type: string;
  status: string;
  total: number;
  succeeded: number;
  failed: number;
  progress: number;
  errors: { index: number; code: string; detail: string }[];
  memory_ids: string[];
  event_offset?: number;
  deduplicated?: boolean;
  cost_units: null;
}

const patienceMs = 120_000;

/** Work that outlives its request: batches, and the jobs that they become. */
export function jobs({ useServer }: TestedProfile): void {
  describe('batches', () => {
    const server = useServer();
    let api: ServerClient;
    beforeAll(() => {
      api = server.client();
    });

    const get = async (id: string): Promise<Job> => (await api.get(`/batch-jobs/${id}`)).json<Job>();
    const over = async (id: string): Promise<Job> => {
      for (;;) {
        const job = await get(id);
        if (!['queued', 'running'].includes(job.status)) return job;
        await pause(50);
      }
    };
    const submit = async (path: string, body: unknown, headers = {}): Promise<Job> => {
      const answer = await api.post(`/memories/batch/${path}`, body, { headers });
      expect([answer.status, answer.text]).toEqual([202, expect.any(String)]);
      const job = answer.json<Job>();
      expect(answer.headers['location']).toBe(`/api/v1/batch-jobs/${job.job_id}`);
      expect(answer.headers['retry-after']).toBe('1');
      return job;
    };
    const contents = (prefix: string, count: number) =>
      Array.from({ length: count }, (_, index) => ({ content: `${prefix} ${index} is kept in drawer ${index * 7}.` }));

    it(
      '202 creates memories and conversations; what is wrong with one is its own result',
      async () => {
        const memories: unknown[] = [
          { content: 'The lamp in the hall is green.', user_id: 'u-1' },
          { content: ' ' },
          { messages: [{ role: 'user', content: 'I prefer tea without sugar.' }], user_id: 'u-1' },
          { content: 'x', messages: [] },
          'no object',
          null,
          { content: 'The kettle is red.', colour: 'red' },
        ];
        const submitted = await submit('create', { memories, generate_embeddings: true });
        expect(submitted).toMatchObject({ type: 'batch_create', total: 7, cost_units: null, memory_ids: [] });
        const job = await over(submitted.job_id);
        expect(job).toMatchObject({ status: 'completed', total: 7, succeeded: 2, failed: 5, progress: 1 });
        expect(job.errors.map(({ index, code }) => [index, code])).toEqual(
          [1, 3, 4, 5, 6].map((index) => [index, 'validation_failed']),
        );
        expect(job.memory_ids.length).toBeGreaterThanOrEqual(2);
        const results = (await api.get(`/batch-jobs/${job.job_id}/results?limit=3`)).json<{
          results: { index: number; status: string; memory_ids: string[] }[];
          next_after: number;
        }>();
        expect(results.results.map(({ index, status }) => [index, status])).toEqual([
          [0, 'succeeded'],
          [1, 'failed'],
          [2, 'succeeded'],
        ]);
        expect(results.next_after).toBe(2);
        // Whoever asked for the job sees what it wrote.
        const memory = await api.get(`/memories/${results.results[0]!.memory_ids[0]}`);
        expect(memory.json()).toMatchObject({ memory: { content: 'The lamp in the hall is green.', user_id: 'u-1' } });
      },
      patienceMs,
    );

    it(
      '202 changes and deletes; each item succeeds or fails by itself',
      async () => {
        const created = await over((await submit('create', { memories: contents('Key', 3) })).job_id);
        const [a, b, c] = created.memory_ids as [string, string, string];
        const updates = [
          { id: a, confidence: 0.3 },
          { id: b, confidence: 0.4, expected_version: 7 },
          { id: c },
          { id: randomUUID(), confidence: 0.5 },
        ];
        const updated = await over((await submit('update', { updates })).job_id);
        expect(updated).toMatchObject({ succeeded: 1, failed: 3, memory_ids: [a] });
        const codes = updated.errors.map(({ code }) => code);
        expect(codes).toEqual(['version_conflict', 'validation_failed', 'not_found']);
        expect((await api.get(`/memories/${a}`)).json()).toMatchObject({ memory: { confidence: 0.3 } });
        const ids = [a, 'no id', randomUUID(), b];
        const deleted = await over((await submit('delete', { memory_ids: ids, hard: true })).job_id);
        expect(deleted).toMatchObject({ succeeded: 2, failed: 2, memory_ids: [a, b] });
        expect((await api.get(`/memories/${a}`)).status).toBe(404);
        expect((await api.get(`/memories/${c}`)).status).toBe(200);
      },
      patienceMs,
    );

    it(
      '202 the same request is the same job: by its key, and without one for a minute',
      async () => {
        const body = { memories: contents('Coin', 2) };
        const first = await submit('create', body);
        const again = await submit('create', body);
        expect(again).toMatchObject({ job_id: first.job_id, deduplicated: true });
        const key = { 'idempotency-key': 'coins' };
        const keyed = await submit('create', body, key);
        expect(keyed.job_id).not.toBe(first.job_id);
        expect((await submit('create', body, key)).job_id).toBe(keyed.job_id);
        const other = await api.post('/memories/batch/create', { memories: contents('Stamp', 1) }, { headers: key });
        expect([other.status, other.json<{ code: string }>().code]).toEqual([422, 'idempotency_mismatch']);
        expect(await over(keyed.job_id)).toMatchObject({ succeeded: 2 });
      },
      patienceMs,
    );

    it(
      '200 lists jobs with the latest first, page by page',
      async () => {
        const jobs = [];
        for (const name of ['Pen', 'Ink', 'Nib']) jobs.push(await submit('create', { memories: contents(name, 1) }));
        type Page = { jobs: Job[]; next_cursor: string };
        const first = (await api.get('/batch-jobs?limit=2&type=batch_create')).json<Page>();
        expect(first.jobs.map(({ job_id: id }) => id)).toEqual([jobs[2]!.job_id, jobs[1]!.job_id]);
        const rest = `/batch-jobs?limit=2&type=batch_create&cursor=${first.next_cursor}`;
        expect((await api.get(rest)).json<Page>().jobs[0]!.job_id).toBe(jobs[0]!.job_id);
        expect((await api.get('/batch-jobs?type=magic')).status).toBe(400);
        expect((await api.get('/batch-jobs?cursor=magic')).status).toBe(400);
      },
      patienceMs,
    );

    it(
      '409 when there is nothing to cancel or to retry; 200 and 202 when there is',
      async () => {
        const done = await over((await submit('create', { memories: contents('Cup', 1) })).job_id);
        const cancelled = await api.post(`/batch-jobs/${done.job_id}/cancel`, {});
        expect([cancelled.status, cancelled.json<{ code: string }>().code]).toEqual([409, 'job_over']);
        const retried = await api.post(`/batch-jobs/${done.job_id}/retry`, {});
        expect([retried.status, retried.json<{ code: string }>().code]).toEqual([409, 'nothing_to_retry']);
        const missing = randomUUID();
        const failed = await over((await submit('delete', { memory_ids: [missing, done.memory_ids[0]] })).job_id);
        expect(failed).toMatchObject({ succeeded: 1, failed: 1 });
        expect((await api.post(`/batch-jobs/${failed.job_id}/retry`, {})).status).toBe(202);
        expect(await over(failed.job_id)).toMatchObject({ succeeded: 1, failed: 1, errors: [{ index: 0 }] });
        // It may have ended before it is cancelled.
        const long = await submit('create', { memories: contents('Shelf', 1000) });
        const answer = await api.post(`/batch-jobs/${long.job_id}/cancel`, {});
        expect([200, 409]).toContain(answer.status);
        const ended = await over(long.job_id);
        expect(ended.status).toBe(answer.status === 200 ? 'cancelled' : 'completed');
        if (ended.status === 'completed') return;
        expect((await api.post(`/batch-jobs/${long.job_id}/retry`, {})).status).toBe(202);
        expect(await over(long.job_id)).toMatchObject({ status: 'completed', succeeded: 1000, failed: 0 });
      },
      patienceMs,
    );

    it(
      '202 follows the embedding of what is not embedded yet',
      async () => {
        const job = await over((await submit('embeddings', {})).job_id);
        expect(job).toMatchObject({ type: 'batch_embeddings', status: 'completed', progress: 1 });
        const backlog = (await api.get('/memories/batch/embeddings')).json<Record<string, unknown>>();
        expect(backlog).toMatchObject({ pending_embeddings: 0, embedder: expect.any(String) });
      },
      patienceMs,
    );

    it.each([
      ['nothing', 'create', {}],
      ['no items', 'create', { memories: [] }],
      ['a text', 'create', { memories: 'all' }],
      ['1,001 items', 'create', { memories: Array.from({ length: 1001 }, () => ({ content: 'x' })) }],
      ['a field too many', 'create', { memories: [{ content: 'x' }], colour: 'red' }],
      ['an object', 'update', { updates: {} }],
      ['no ids', 'delete', { memory_ids: [], hard: true }],
      ['a text for a boolean', 'delete', { memory_ids: ['a'], hard: 'yes' }],
    ])('400 a body that is no list of items: %s', async (_what, path, body) => {
      const answer = await api.post(`/memories/batch/${path}`, body);
      expect([answer.status, answer.json<{ code: string }>().code]).toEqual([400, 'validation_failed']);
    });

    it(
      '404 jobs of others, and of nobody; 401 without a key',
      async () => {
        const job = await submit('create', { memories: contents('Bowl', 1) });
        const stranger = server.client(
          (await server.createKey('--tenant', `other-${randomUUID().slice(0, 8)}`)).secret,
        );
        const bound = server.client((await server.createKey('--user', 'u-9')).secret);
        for (const [client, id] of [
          [stranger, job.job_id],
          [bound, job.job_id],
          [api, randomUUID()],
          [api, '..%2f..'],
        ] as const) {
          const paths = [`/batch-jobs/${id}`, `/batch-jobs/${id}/results`];
          const answers = await Promise.all([
            ...paths.map((path) => client.get(path)),
            ...['cancel', 'retry'].map((what) => client.post(`/batch-jobs/${id}/${what}`, {})),
          ]);
          expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
        }
        expect((await stranger.get('/batch-jobs')).json()).toMatchObject({ count: 0 });
        expect((await server.client(null).get('/batch-jobs')).status).toBe(401);
        await over(job.job_id);
      },
      patienceMs,
    );
  });
}
