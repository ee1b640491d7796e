import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import type { CreatedAnswer, Problem } from '#libs/contracts/rest/answers.js';
import type { ExportTrailer, MemoryOnFile } from '#libs/contracts/rest/memory-file.js';
import type { TestedProfile } from '#test/harness/profiles.js';
import type { ServerClient } from '#test/harness/server-client.js';

type Exported = { success: boolean; format: string; data: MemoryOnFile[] } & ExportTrailer;
type Fields = Record<string, unknown>;

const formula = '=HYPERLINK("http://evil")';
const told: Fields[] = [
  { content: 'I live in Berlin.', user_id: 'mover' },
  { content: 'I moved to Madrid, I live there now.', user_id: 'mover' },
  { content: formula, metadata: { b: [1, null], a: '-1' }, memory_type: '@note', confidence: 0.25 },
  { content: 'Two\r\nlines, "quoted"', scope: 'project', team_name: 'red', agent_name: 'Ada', session_id: 's-1' },
  { content: 'Deploys on Tuesdays', scope: 'team', team_name: 'red', agent_name: 'Bob', agent_id: 'a label' },
  { content: 'Ada keeps this to herself', scope: 'personal', agent_name: 'Ada' },
  { content: 'Deploys on Tuesdays', scope: 'team', team_name: 'red', agent_name: 'Ada', agent_id: 'again' },
];

const memoryId = '0192aaaa-bbbb-7ccc-8ddd-eeeeffff0001';
const other = (number: number): string => `0192aaaa-bbbb-7ccc-8ddd-eeeeffff100${number}`;

export function exportImport({ useServer }: TestedProfile): void {
  const server = useServer();
  let api: ServerClient;
  let ids: string[];
  beforeAll(async () => {
    api = server.client();
    ids = [];
    for (const body of told) {
      const answer = await api.post('/memories', body);
      expect([answer.status, answer.text]).toEqual([201, expect.any(String)]);
      ids.push(answer.json<CreatedAnswer>().memory_ids[0]!);
    }
  });

  async function exported(body: Fields = {}, client = api): Promise<Exported> {
    const answer = await client.post('/memories/export', body);
    expect([answer.status, answer.text.slice(0, 300)]).toEqual([200, expect.any(String)]);
    return answer.json<Exported>();
  }

  const file = async (type: string, body: Fields = {}) => {
    const answer = await api.post('/memories/export', body, { headers: { accept: type } });
    expect([answer.status, answer.headers['content-type']]).toEqual([200, `${type}; charset=utf-8`]);
    return answer.text;
  };

  describe('POST /memories/export', () => {
    it('writes what the caller may see, the oldest first, with names and without ids of the tenant', async () => {
      const { data, count, success, format } = await exported();
      expect({ success, format, count }).toEqual({ success: true, format: 'json', count: data.length });
      expect(data.map(({ content }) => content)).toEqual([told[1], told[2], told[3]].map((one) => one!['content']));
      const red = await exported({ team_name: 'red', agent_name: 'Ada' });
      const team = red.data.find(({ scope }) => scope === 'team')!;
      expect(team).toMatchObject({ project_name: 'default', team_name: 'red', agent_name: 'Bob', agent_id: 'a label' });
      expect(team.evidence).toHaveLength(2);
      expect(red.data.map(({ content }) => content)).toContain('Ada keeps this to herself');
      expect(JSON.stringify([data, red])).not.toContain('owner_id');
      const listed = (await api.get('/memories')).json<{ results: { project_id: string }[] }>();
      expect(JSON.stringify([data, red])).not.toContain(listed.results[0]!.project_id);
    });

    it('takes the filters of the list, and a moment of the log', async () => {
      expect((await exported({ user_id: 'mover' })).data).toHaveLength(1);
      const both = await exported({ user_id: 'mover', include_superseded: true });
      expect(both.data.map(({ id, status, superseded_by }) => [id, status, superseded_by])).toEqual([
        [ids[0], 'superseded', ids[1]],
        [ids[1], 'active', null],
      ]);
      expect((await exported({ min_confidence: 0.5, memory_type: '@note' })).data).toEqual([]);
      const first = await exported({ as_of: 1 });
      expect(first).toMatchObject({ position: 1, data: [{ id: ids[0], status: 'active', superseded_by: null }] });
      const refused = await api.post('/memories/export', { limit: 3 });
      expect([refused.status, refused.json<Problem>().code]).toEqual([400, 'validation_failed']);
    });

    it('adds every version where it is asked to', async () => {
      const { data } = await exported({ user_id: 'mover', include_superseded: true, include_history: true });
      const events = data.map(({ history }) => history?.map(({ event, status }) => [event, status]));
      expect(events[0]).toEqual([
        ['MemoryLearned', 'active'],
        ['MemorySuperseded', 'superseded'],
      ]);
      expect(events[1]).toEqual([['MemoryLearned', 'active']]);
    });

    it('writes NDJSON that anybody can check: the digest is that of the lines before the trailer', async () => {
      const text = await file('application/x-ndjson');
      const cut = text.lastIndexOf('\n', text.length - 2) + 1;
      const { trailer } = JSON.parse(text.slice(cut)) as { trailer: ExportTrailer };
      const digest = createHash('sha256').update(text.slice(0, cut)).digest('hex');
      expect(trailer).toMatchObject({ count: 3, digest: `sha256:${digest}` });
      const envelope = await exported();
      expect(envelope).toMatchObject(trailer);
      expect(await exported({ format: 'ndjson' })).toMatchObject({ ...trailer, format: 'ndjson', data: text });
    });

    it('writes CSV that no spreadsheet takes for formulas', async () => {
      const text = await file('text/csv', { format: 'csv' });
      const records = parse(text, { columns: true, record_delimiter: '\r\n' }) as unknown as Record<string, string>[];
      expect(records.map(({ content }) => content)).toEqual([told[1]!['content'], `'${formula}`, told[3]!['content']]);
      expect(records.flatMap((one) => Object.values(one)).filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([]);
      const elsewhere = await api.post('/memories/batch/export', { format: 'csv' });
      expect(elsewhere.json()).toMatchObject({ format: 'csv', count: 3, data: text });
    });

    it('answers 400 for two formats at once, and 401 without a key', async () => {
      const headers = { accept: 'text/csv' };
      const answer = await api.post('/memories/export', { format: 'ndjson' }, { headers });
      expect([answer.status, answer.json<Problem>().code]).toEqual([400, 'validation_failed']);
      expect((await server.client(null).post('/memories/export', {})).status).toBe(401);
    });
  });

  describe('POST /memories/import', () => {
    type Report = Fields & { errors: { row: number; message: string }[]; memory_ids: string[] };
    const as = { team_name: 'red', agent_name: 'Ada' };
    const whole = { ...as, include_superseded: true, include_history: true };

    async function imported(
      client: ServerClient,
      body: unknown,
      query = '',
      type = 'application/json',
    ): Promise<Report> {
      const answer = await client.send('POST', `/memories/import${query}`, { body, headers: { 'content-type': type } });
      expect([answer.status, answer.text.slice(0, 300)]).toEqual([200, expect.any(String)]);
      return answer.json<Report>();
    }

    let tenants = 0;
    async function emptyTenant(): Promise<ServerClient> {
      tenants += 1;
      const { secret } = await server.createKey('--tenant', `${server.tenant}-empty-${tenants}`);
      return server.client(secret);
    }

    it.each(['ndjson', 'csv', 'json'] as const)(
      'takes an export of %s into an empty tenant, whose export is the same, and changes nothing the second time',
      async (format) => {
        const source = await exported(whole);
        const empty = await emptyTenant();
        const type = { ndjson: 'application/x-ndjson', csv: 'text/csv', json: 'application/json' }[format];
        const headers = { accept: type };
        const text = (await api.post('/memories/export', whole, { headers })).text;
        const body = format === 'json' ? { memories: (JSON.parse(text) as Exported).data } : text;
        const dry = await imported(empty, body, '?dry_run=true', type);
        expect(dry).toMatchObject({ dry_run: true, created: source.count, refused: 0 });
        expect((await exported(whole, empty)).count).toBe(0);
        const first = await imported(empty, body, '', type);
        expect(first).toMatchObject({
          success: true,
          created: source.count,
          skipped: 0,
          errors: [],
          ignored_fields: [],
        });
        const copy = await exported(whole, empty);
        expect(copy.data).toEqual(source.data);
        expect(copy.digest).toBe(source.digest);
        for (const mode of ['skip', 'merge', 'replace']) {
          const again = await imported(empty, body, `?mode=${mode}`, type);
          expect(again).toMatchObject({ mode, created: 0, skipped: source.count, merged: 0, replaced: 0 });
        }
        expect((await exported(whole, empty)).digest).toBe(source.digest);
      },
    );

    it('takes simple objects, tells what it ignored, and their lineage ends in the import', async () => {
      const empty = await emptyTenant();
      const report = await imported(empty, {
        memories: [{ content: 'Tea at four', note: 'x' }, { content: 'Tea at four' }],
      });
      expect(report).toMatchObject({ total: 2, created: 1, skipped: 1, ignored_fields: ['note'] });
      const lineage = (await empty.get(`/memories/${report.memory_ids[0]}/lineage`)).json<{
        nodes: { kind: string }[];
      }>();
      expect(lineage.nodes.map(({ kind }) => kind)).toContain('import');
      const found = await empty.get('/memories/search?query=tea');
      expect(found.json<{ count: number }>().count).toBe(1);
    });

    it('compares a belief with one that was there before, as if it were told', async () => {
      const own = await emptyTenant();
      const before = (await own.post('/memories', told[0])).json<CreatedAnswer>().memory_ids[0]!;
      const report = await imported(own, { memories: [told[1]] });
      expect(report).toMatchObject({ created: 1, refused: 0 });
      const { memory } = (await own.get(`/memories/${before}`)).json<{ memory: { status: string } }>();
      expect(['superseded', 'disputed']).toContain(memory.status);
    });

    it('merges evidence and replaces fields where it is asked to', async () => {
      const own = await emptyTenant();
      const { memory_ids: ids } = await imported(own, {
        memories: [{ content: 'Quiet hours from ten', id: memoryId }],
      });
      expect(ids).toEqual([memoryId]);
      const other = { content: 'Quiet hours from eleven', id: memoryId, metadata: { v: 2 } };
      expect(await imported(own, { memories: [other], mode: 'replace' })).toMatchObject({ replaced: 1 });
      const replaced = (await exported({}, own)).data;
      expect(replaced).toMatchObject([{ id: memoryId, content: 'Quiet hours from eleven', metadata: { v: 2 } }]);
      const told = { content: 'Quiet hours from eleven', id: 'row-7' };
      expect(await imported(own, { memories: [told], mode: 'merge', format: 'mem0' })).toMatchObject({ refused: 1 });
      expect(await imported(own, { memories: [told], mode: 'merge' })).toMatchObject({ merged: 1 });
      expect(await imported(own, { memories: [told], mode: 'merge' })).toMatchObject({ merged: 0, skipped: 1 });
      expect((await exported({}, own)).data[0]!.evidence).toHaveLength(2);
    });

    it('reads exports of mem0, Zep and Letta', async () => {
      const own = await emptyTenant();
      const mem0 = {
        results: [{ id: 'm-1', memory: 'Likes espresso', user_id: 'ann', run_id: null, categories: ['food'] }],
      };
      expect(await imported(own, { format: 'mem0', memories: mem0.results })).toMatchObject({ created: 1 });
      const edge = { uuid: memoryId, fact: 'Ann plays the cello', name: 'PLAYS', valid_at: '2024-01-01T00:00:00Z' };
      expect(await imported(own, { format: 'zep', edges: [edge] })).toMatchObject({ created: 1 });
      const agent = {
        blocks: [{ label: 'human', value: 'Name: Ann' }],
        passages: [{ id: 'p-1', text: 'Ann owns a boat' }],
      };
      expect(await imported(own, { format: 'letta', ...agent })).toMatchObject({ created: 2 });
      const { data } = await exported({}, own);
      expect(data.map(({ content }) => content).sort()).toEqual([
        ...['Ann owns a boat', 'Ann plays the cello', 'Likes espresso', 'Name: Ann'],
      ]);
      expect(data.find(({ id }) => id === memoryId)?.valid_from).toEqual({
        ...{ instant: '2024-01-01T00:00:00.000Z', precision: 'instant' },
      });
    });

    it('refuses what is no memory by its row, and takes the others', async () => {
      const own = await emptyTenant();
      const lines = [
        '{"content":"One that is fine"}',
        '{"content":"cut off',
        '[1]',
        '{"content":"\\u0000"}',
        '{"content":"x","confidence":1e999}',
        '{"content":"x","metadata":{"__proto__":{"a":1}}}',
        `{"content":"a","id":"${memoryId}"}`,
        `{"content":"b","id":"${memoryId}"}`,
        `{"content":"c","id":"${other(1)}","status":"superseded","superseded_by":"${other(2)}"}`,
        `{"content":"d","id":"${other(2)}","status":"superseded","superseded_by":"${other(1)}"}`,
        '{"content":"x","created_at":"yesterday"}',
        '{"metadata":{}}',
        `{"content":"${'x'.repeat(300_000)}"}`,
      ];
      const report = await imported(own, lines.join('\n'), '', 'application/x-ndjson');
      expect(report).toMatchObject({ success: false, total: lines.length, created: 2 });
      expect(report.errors.map(({ row }) => row)).toEqual([2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13]);
      const csv = 'content,metadata\r\n"=1+1",{}\r\nragged,{},3\r\nbroken,{\r\n\'=2,{}\r\n';
      const table = await imported(own, csv, '', 'text/csv');
      expect(table.errors.map(({ row }) => row)).toEqual([3, 4]);
      expect((await exported({}, own)).data.map(({ content }) => content)).toEqual(
        expect.arrayContaining(['=1+1', '=2']),
      );
    });

    it.each([
      ['UTF-16', Buffer.from('\ufeff{"content":"x"}', 'utf16le'), 400],
      ['no UTF-8', Buffer.from([0x7b, 0xff, 0xfe]), 400],
      ['UTF-16, and large', Buffer.alloc(2_000_000, '\ufeff', 'utf16le'), 400],
    ])('refuses a file that is %s as a whole', async (_, body, status) => {
      const headers = { 'content-type': 'application/x-ndjson', 'content-length': String(body.length) };
      const answer = await api.send('POST', '/memories/import', { body, headers });
      expect([answer.status, answer.json<Problem>().status]).toEqual([status, status]);
    });

    it("keeps to what the key is bound to, and never touches another tenant's memory of the same id", async () => {
      const key = await server.createKey('--project', 'alpha');
      const bound = server.client(key.secret);
      const rows = [
        { content: 'From beta', project_name: 'beta' },
        { content: 'From alpha', project_name: 'alpha' },
      ];
      expect(await imported(bound, { memories: rows })).toMatchObject({ created: 1, errors: [{ row: 1 }] });
      const stranger = await emptyTenant();
      const foreign = { id: ids[0], content: 'Mine now' };
      expect(await imported(stranger, { memories: [foreign] })).toMatchObject({ created: 1 });
      const kept = (await api.get(`/memories/${ids[0]}`)).json<{ memory: { content: string } }>();
      expect(kept.memory.content).toBe(told[0]!['content']);
      expect(await imported(bound, { memories: [{ ...foreign, mode: 'replace' }] })).toMatchObject({
        errors: [{ row: 1, message: expect.stringContaining('taken') }],
      });
    });
  });
}
