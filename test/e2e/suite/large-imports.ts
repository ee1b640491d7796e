import { beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import type { Problem } from '#libs/contracts/rest/answers.js';
import type { TestedProfile } from '#test/harness/profiles.js';
import type { ServerClient } from '#test/harness/server-client.js';

interface ImportJob {
  job_id: string;
  type: string;
  status: string;
  error: string | null;
  total: number | null;
  succeeded: number;
  failed: number;
  errors: { index: number; code: string; detail: string }[];
  summary: Record<string, unknown> | null;
}

const patienceMs = 120_000;
const lines = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) =>
    JSON.stringify({ content: `${prefix} ${index} stands in row ${index}.` }),
  );

/** Files that are too large to be taken in while their request waits. */
export function largeImports({ useServer }: TestedProfile): void {
  describe('POST /memories/import of a large file', () => {
    const server = useServer();
    let api: ServerClient;
    let tenants = 0;
    beforeAll(() => {
      api = server.client();
    });

    const emptyTenant = async (): Promise<ServerClient> => {
      const { secret } = await server.createKey('--tenant', `${server.tenant}-large-${(tenants += 1)}`);
      return server.client(secret);
    };
    const send = (client: ServerClient, body: string | Buffer, query = '', type = 'application/x-ndjson', more = {}) =>
      client.send('POST', `/memories/import${query}`, { body, headers: { 'content-type': type, ...more } });
    const over = async (client: ServerClient, id: string): Promise<ImportJob> => {
      for (;;) {
        const job = (await client.get(`/batch-jobs/${id}`)).json<ImportJob>();
        if (!['queued', 'running'].includes(job.status)) return job;
        await pause(50);
      }
    };
    const imported = async (
      client: ServerClient,
      ...file: [body: string | Buffer, query?: string, type?: string]
    ): Promise<ImportJob> => {
      const answer = await send(client, ...file);
      expect([answer.status, answer.text]).toEqual([202, expect.any(String)]);
      const { job_id: id, type } = answer.json<ImportJob>();
      expect([type, answer.headers['location']]).toEqual(['import', `/api/v1/batch-jobs/${id}`]);
      return over(client, id);
    };
    const memoriesOf = async (client: ServerClient): Promise<number> =>
      (await client.get('/stats')).json<{ totals: { memories: number } }>().totals.memories;

    it(
      '202 a job takes in what a request does not; the same file again changes nothing',
      async () => {
        const client = await emptyTenant();
        const file = [...lines('Chair', 1_100), '', '{"trailer":{}}', ...lines('Chair', 1)].join('\n');
        const dry = await imported(client, file, '?dry_run=true');
        expect(dry).toMatchObject({ status: 'completed', total: 1_101, succeeded: 1_101, failed: 0 });
        expect(dry.summary).toMatchObject({ dry_run: true, refused: 0 });
        expect(await memoriesOf(client)).toBe(0);
        const first = await imported(client, file);
        expect(first).toMatchObject({ status: 'completed', total: 1_101, succeeded: 1_101, failed: 0, errors: [] });
        expect(first.summary).toMatchObject({ mode: 'skip', dry_run: false, created: 1_100, skipped: 1, refused: 0 });
        expect(await memoriesOf(client)).toBe(1_100);
        const again = await imported(client, file, '?mode=merge');
        expect(again.summary).toMatchObject({ mode: 'merge', created: 0, skipped: 1_101 });
        expect(await memoriesOf(client)).toBe(1_100);
        type Results = { results: { index: number; details: { line: number; outcome: string } }[] };
        const results = (await client.get(`/batch-jobs/${first.job_id}/results?after=1098`)).json<Results>();
        expect(results.results.map(({ index, details }) => [index, details])).toEqual([
          [1_099, { line: 1_100, outcome: 'created' }],
          [1_100, { line: 1_103, outcome: 'skipped' }],
        ]);
      },
      patienceMs,
    );

    it(
      '202 tells of each row that cannot be read, by its line, and takes in the others',
      async () => {
        const client = await emptyTenant();
        const bad = [`{"content":"${'x'.repeat(2_000_000)}"}`, '{"content":"cut off', '[1]', '{"metadata":{}}'];
        const file = ['\uFEFF{"content":"The first","colour":"red"}', ...bad, '{"content":"The last"}'].join('\n');
        const notUtf8 = Buffer.concat([Buffer.from(file), Buffer.from([0x0a, 0xff, 0xfe])]);
        const job = await imported(client, notUtf8);
        expect(job).toMatchObject({ status: 'completed', total: 7, succeeded: 2, failed: 5 });
        expect(job.errors.map(({ index, detail }) => [index, detail.replace(/\d{7}/, 'N')])).toEqual([
          [1, 'Line 2: It is longer than N bytes.'],
          [2, 'Line 3: The line is not valid JSON.'],
          [3, 'Line 4: The line is no JSON object.'],
          [4, 'Line 5: content is missing'],
          [6, 'Line 7: It is not valid UTF-8.'],
        ]);
        expect(job.summary).toMatchObject({ created: 2, refused: 5, ignored_fields: ['colour'] });
        // The file is still there, and what is wrong with it too.
        expect((await client.post(`/batch-jobs/${job.job_id}/retry`, {})).status).toBe(202);
        expect(await over(client, job.job_id)).toMatchObject({ status: 'completed', succeeded: 2, failed: 5 });
        expect(await memoriesOf(client)).toBe(2);
      },
      patienceMs,
    );

    it(
      '202 reads CSV with line breaks in its cells, and exports of other systems',
      async () => {
        const client = await emptyTenant();
        const cells = Array.from({ length: 1_200 }, (_, index) => `"Table ${index}\r\nhas ""${index}"" legs",{}\r\n`);
        const csv = ['content,metadata\r\n', ...cells, 'ragged,{},3\r\n', 'broken,{\r\n', "'=1+1,{}\r\n"].join('');
        const table = await imported(client, csv, '', 'text/csv');
        expect(table).toMatchObject({ total: 1_203, succeeded: 1_201, failed: 2 });
        expect(table.errors.map(({ detail }) => detail.replace(/:.*/, ''))).toEqual(['Line 2402', 'Line 2403']);
        const mem0 = Array.from({ length: 1_001 }, (_, index) =>
          JSON.stringify({ id: `m${index}`, memory: `Jar ${index}` }),
        );
        const foreign = await imported(client, mem0.join('\n'), '?format=mem0');
        expect(foreign.summary).toMatchObject({ created: 1_001 });
        const contents = (await client.get('/memories?limit=100')).json<{ results: { content: string }[] }>().results;
        expect(contents.map(({ content }) => content)).toContain('Jar 1000');
      },
      patienceMs,
    );

    it(
      '202 keeps to what the key is bound to; the same key of a request is the same job',
      async () => {
        const bound = server.client((await server.createKey('--project', 'alpha')).secret);
        const rows = [{ content: 'From beta', project_name: 'beta' }, { content: 'From alpha' }];
        const file = [...rows.map((row) => JSON.stringify(row)), ...lines('Bench', 1_000)].join('\n');
        const job = await imported(bound, file);
        expect(job).toMatchObject({ succeeded: 1_001, failed: 1, errors: [{ index: 0 }] });
        expect(job.errors[0]!.detail).toContain('project_name');
        const key = { 'idempotency-key': 'a large file' };
        const [first, second, other] = [
          await send(api, file, '', undefined, key),
          await send(api, file, '', undefined, key),
          await send(api, `${file}\n${lines('Sofa', 1)[0]!}`, '', undefined, key),
        ];
        expect(second.json<ImportJob>().job_id).toBe(first.json<ImportJob>().job_id);
        expect([other.status, other.json<Problem>().code]).toEqual([422, 'idempotency_mismatch']);
        expect(await over(api, first.json<ImportJob>().job_id)).toMatchObject({ status: 'completed' });
      },
      patienceMs,
    );

    it('401 without a key; 413 for JSON that is too large, and it says how to send it; a CSV without columns fails', async () => {
      const large = Buffer.from(lines('Shelf', 30_000).join('\n'));
      expect((await send(server.client(null), large)).status).toBe(401);
      const json = await api.post('/memories/import', { memories: [{ content: 'x'.repeat(1_500_000) }] });
      expect([json.status, json.json<Problem>().detail]).toEqual([413, expect.stringContaining('NDJSON')]);
      const broken = await imported(api, `"open${'x'.repeat(2_000_000)}`, '', 'text/csv');
      expect(broken).toMatchObject({ status: 'failed', error: expect.stringContaining('names of the columns') });
    });
  });
}
